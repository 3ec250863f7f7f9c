"""What resolvers get to know of a request: the caller, and the use cases already bound to its scope."""

from dataclasses import dataclass, field

import strawberry
from graphql import GraphQLError

from gateway.errors import GatewayError
from gateway.identity import Caller
from gateway.tuning import Jobs


@dataclass(frozen=True, slots=True)
class Context:
    """One request, as the schema sees it."""

    caller: Caller
    jobs: Jobs
    request_id: str
    interruptions: list[GraphQLError] = field(default_factory=list)
    """What kept a field from giving all that was asked for, though it gives something."""

    def interrupted(self, path: list[str | int], error: GatewayError) -> None:
        """Note what interrupted the field at a path: an error beside its data."""
        self.interruptions.append(GraphQLError(str(error), path=path, original_error=error))


Info = strawberry.Info[Context, None]
