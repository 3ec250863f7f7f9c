"""What the resolvers of one run gave or raised, by their place in the response; and how graphql-core gets it again, so
that nothing is asked twice.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import GraphQLResolveInfo

from gateway.schema.compiled.prepared import Place


@dataclass(slots=True)
class Outcome:
    """What a resolver, or an item of the list it gave, came to."""

    value: Any = None
    error: Exception | None = None
    awaited: bool = False
    items: "Sequence[Outcome] | None" = None
    """For a list whose items were awaited each by itself."""

    def now(self) -> Any:  # noqa: ANN401  # whatever the resolver gave
        """The value, or the failure raised again."""
        if self.error is not None:
            raise self.error
        return self.value

    def again(self) -> Any:  # noqa: ANN401  # as above
        """The same once more, awaitable where it was: errors come to graphql-core in the order they would have."""
        if self.items is not None:
            return [item.again() for item in self.items]
        return self._later() if self.awaited else self.now()

    async def _later(self) -> Any:  # noqa: ANN401  # as above
        await asyncio.sleep(0)  # side by side: what stands beside it is not asked only after all that it leads to
        return self.now()


Noted = tuple[Place, object, Exception | None, bool, Sequence[Outcome] | None]
"""A place, and the outcome there: as a tuple, of which a run makes one for each resolver and mostly nobody asks."""


class Outcomes:
    """The outcomes of one run."""

    def __init__(self, noted: Iterable[Noted]) -> None:
        self._known = {place: Outcome(value, error, awaited, items) for place, value, error, awaited, items in noted}

    def resolve(
        self, ask: Callable[..., object], source: object, info: GraphQLResolveInfo[Any], **arguments: object
    ) -> object:
        """As a middleware of graphql-core's: ask only what is not known yet."""
        known = self._known.get(info.path)
        return ask(source, info, **arguments) if known is None else known.again()


async def outcome_of(value: object) -> Outcome:
    """What a value comes to that may have to be awaited."""
    if not isawaitable(value):
        return Outcome(value)
    try:
        return Outcome(await value, awaited=True)
    except Exception as error:  # noqa: BLE001  # whatever it is, graphql-core will tell
        return Outcome(error=error, awaited=True)
