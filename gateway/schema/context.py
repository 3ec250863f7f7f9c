"""What resolvers get to know of a request: the caller, and the use cases already bound to its scope."""

from dataclasses import dataclass

import strawberry

from gateway.identity import Caller
from gateway.tuning import Jobs


@dataclass(frozen=True, slots=True)
class Context:
    """One request, as the schema sees it."""

    caller: Caller
    jobs: Jobs
    request_id: str


Info = strawberry.Info[Context, None]
