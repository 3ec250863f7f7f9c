"""Placeholder until the room lands."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    value: T
    as_of: float
    life: float


class Store(Protocol):
    async def get(self, name: str, shape: Any) -> Kept[Any] | None: ...
    async def forget(self, *names: str) -> None: ...
    async def shared(
        self,
        name: str,
        shape: Any,
        fetch: Callable[[], Awaitable[Kept[T]]],
        *,
        keep: Callable[[Kept[T]], float],
        usable: Callable[[Kept[T]], bool],
    ) -> Kept[T]: ...
