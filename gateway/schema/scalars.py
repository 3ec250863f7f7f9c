"""The scalars the contract has beyond GraphQL's own five."""

from collections.abc import Mapping
from datetime import UTC, datetime

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from gateway.model.numbers import Long

_LEAST, _MOST = -(2**63), 2**63 - 1


def written(moment: datetime) -> str:
    """A time as the contract writes it: UTC, RFC 3339, milliseconds where there are any."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")


def _moment(text: object) -> datetime:
    if isinstance(text, str):
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):  # not a time, or one beyond the first or the last day
            pass
    raise GraphQLError('DateTime takes RFC 3339 with an offset, for example "2026-11-23T08:00:00Z".')


def _long(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and _LEAST <= value <= _MOST:
        return value
    raise GraphQLError("Long takes a whole number of 64 bits.")


SCALARS: Mapping[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, as RFC 3339 writes it: 2026-11-23T08:00:00Z. As an argument any offset will do.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=written,
        parse_value=_moment,
    ),
    Long: strawberry.scalar(
        name="Long",
        description="A whole number of 64 bits. GraphQL's own Int has 32.",
        serialize=_long,
        parse_value=_long,
    ),
}
