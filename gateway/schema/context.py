"""What resolvers get to know of a request: the caller, and the use cases already bound to its scope."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

import strawberry

from gateway.identity import Caller
from gateway.teams import Team
from gateway.tuning import Jobs
from gateway.watch import Delivery, Topic

Listen = Callable[[type[Topic], Team, str], AsyncGenerator[Delivery, None]]


@dataclass(frozen=True, slots=True)
class Context:
    """One request, as the schema sees it."""

    caller: Caller
    jobs: Jobs
    request_id: str


@dataclass(frozen=True, slots=True)
class Listening(Context):
    """A subscription at its start, as the schema sees it."""

    listen: Listen
    """Listen to a topic of a team's tuning job, as this caller."""


Info = strawberry.Info[Context, None]
LiveInfo = strawberry.Info[Listening, None]
