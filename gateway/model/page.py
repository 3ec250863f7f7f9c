"""One page of an AWS listing, as AWS cut it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """The rows AWS returned, which may be fewer than asked or none, and the token for what follows."""

    rows: tuple[RowT, ...]
    next_token: str | None
    gone: bool = False
    """Whether what the listing belongs to is no longer there."""
    total: int | None = None
    """All rows of the listing, where AWS tells it exactly."""
