"""What resolvers get to know of a request: the caller, and the use cases already bound to its scope."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import strawberry
from graphql import GraphQLError

from gateway.errors import GatewayError
from gateway.identity import Caller
from gateway.teams import Team
from gateway.tuning import Jobs
from gateway.watch import Delivery, Topic

Listen = Callable[[type[Topic], Team, str], AsyncGenerator[Delivery, None]]


@dataclass(slots=True)
class Context:
    """One request, as the schema sees it."""

    caller: Caller
    jobs: Jobs
    request_id: str
    interruptions: list[GraphQLError] = field(default_factory=list, kw_only=True)
    """What kept a field from giving all that was asked for, though it gives something."""
    written: bytes | None = field(default=None, kw_only=True)
    """The data of the response as JSON, where they are that already."""

    def interrupted(self, path: list[str | int], error: GatewayError) -> None:
        """Note what interrupted the field at a path: an error beside its data."""
        self.interruptions.append(GraphQLError(str(error), path=path, original_error=error))


@dataclass(slots=True)
class Listening(Context):
    """A subscription at its start, as the schema sees it."""

    listen: Listen
    """Listen to a topic of a team's tuning job, as this caller."""


Info = strawberry.Info[Context, None]
LiveInfo = strawberry.Info[Listening, None]
