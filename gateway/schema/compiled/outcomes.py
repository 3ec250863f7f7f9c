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


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a resolver, or an awaitable in the list it gave, came to."""

    value: Any = None
    error: Exception | None = None
    awaited: bool = False

    def again(self) -> Any:  # noqa: ANN401  # whatever the resolver gave
        """The same once more, awaitable where it was: errors come to graphql-core in the order they would have."""
        return self._later() if self.awaited else self._now()

    def _now(self) -> Any:  # noqa: ANN401  # as above
        if self.error is not None:
            raise self.error
        return [item.again() for item in self.value] if _is_outcomes(self.value) else self.value

    async def _later(self) -> Any:  # noqa: ANN401  # as above
        return self._now()


class Outcomes:
    """The outcomes of one run."""

    def __init__(self) -> None:
        self._known: dict[Path, _Outcome] = {}

    def of(self, path: Path, ask: Callable[[], object]) -> object:
        """What `ask` gives, or something to await that gives it. Raises what it raises."""
        try:
            value = ask()
        except Exception as error:
            self._known[path] = _Outcome(error=error)
            raise
        if isawaitable(value):
            return self._awaited(path, value)
        if isinstance(value, list) and any(map(isawaitable, value)):
            return self._each_awaited(path, value)
        self._known[path] = _Outcome(value)
        return value

    def again(self, ask: Callable[..., object], source: object, info: GraphQLResolveInfo, **arguments: object) -> object:
        """A middleware of graphql-core's that asks only what is not known."""
        known = self._known.get(info.path)
        return ask(source, info, **arguments) if known is None else known.again()

    async def _awaited(self, path: Path, value: Awaitable[object]) -> object:
        outcome = self._known[path] = await _outcome(value)
        return outcome._now()  # noqa: SLF001  # of this module

    async def _each_awaited(self, path: Path, values: list[Any]) -> list[object]:
        outcomes = await asyncio.gather(*map(_outcome, values))
        self._known[path] = _Outcome(outcomes)
        return [outcome._now() for outcome in outcomes]  # noqa: SLF001  # as above


async def _outcome(value: object) -> _Outcome:
    if not isawaitable(value):
        return _Outcome(value)
    try:
        return _Outcome(await value, awaited=True)
    except Exception as error:  # noqa: BLE001  # whatever it is, graphql-core will tell
        return _Outcome(error=error, awaited=True)


def _is_outcomes(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], _Outcome)
