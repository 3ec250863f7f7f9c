"""What the resolvers of one run gave or raised, by their place in the response; and how graphql-core gets it again, so
that nothing is asked twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import GraphQLResolveInfo
from graphql.pyutils import Path


@dataclass(slots=True)
class _Outcome:
    """What a resolver, or an item of the list it gave, came to."""

    value: Any = None
    error: Exception | None = None
    awaited: bool = False
    items: "tuple[_Outcome, ...] | None" = None
    """For a list whose items were awaited each by itself."""

    def now(self) -> Any:  # noqa: ANN401  # whatever the resolver gave
        if self.error is not None:
            raise self.error
        return self.value

    def again(self) -> Any:  # noqa: ANN401  # as above
        """The same once more, awaitable where it was: errors come to graphql-core in the order they would have."""
        if self.items is not None:
            return [item.again() for item in self.items]
        return self._later() if self.awaited else self.now()

    async def _later(self) -> Any:  # noqa: ANN401  # as above
        return self.now()


class Outcomes:
    """The outcomes of one run."""

    def __init__(self) -> None:
        self._noted: list[tuple[Path, _Outcome]] = []
        self._known: dict[Path, _Outcome] | None = None
        """The same by their places, once anybody asks: a place takes long to hash, and mostly nobody does."""

    def of(self, path: Path, ask: Callable[[], object]) -> object:
        """What `ask` gives, or a coroutine that gives it. Raises what it raises."""
        try:
            value = ask()
        except Exception as error:
            self._noted.append((path, _Outcome(error=error)))
            raise
        if isawaitable(value):
            return self._awaited(path, value)
        if isinstance(value, list) and any(map(isawaitable, value)):
            return self._awaited_each(path, value)
        self._noted.append((path, _Outcome(value)))
        return value

    def resolve(
        self, ask: Callable[..., object], source: object, info: GraphQLResolveInfo[Any], **arguments: object
    ) -> object:
        """As a middleware of graphql-core's: ask only what is not known yet."""
        if self._known is None:
            self._known = dict(self._noted)
        known = self._known.get(info.path)
        return ask(source, info, **arguments) if known is None else known.again()

    async def _awaited(self, path: Path, value: Awaitable[object]) -> object:
        try:
            given = await value
        except Exception as error:
            self._noted.append((path, _Outcome(error=error, awaited=True)))
            raise
        self._noted.append((path, _Outcome(given, awaited=True)))
        return given

    async def _awaited_each(self, path: Path, values: list[object]) -> list[object]:
        items = await asyncio.gather(*map(_outcome, values))
        self._noted.append((path, _Outcome(items=tuple(items))))
        return [item.now() for item in items]


async def _outcome(value: object) -> _Outcome:
    if not isawaitable(value):
        return _Outcome(value)
    try:
        return _Outcome(await value, awaited=True)
    except Exception as error:  # noqa: BLE001  # whatever it is, graphql-core will tell
        return _Outcome(error=error, awaited=True)
