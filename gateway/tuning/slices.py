"""What a walk brings back: some consecutive rows of a listing, and how to go on from each."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from gateway.cursors import ListingCursors, Place
from gateway.errors import CostLimitExceeded, CursorExpired, UpstreamError
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob

RowT = TypeVar("RowT", TuningJob, TrainingJob)

Interruption = UpstreamError | CursorExpired | CostLimitExceeded


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Edge(Generic[RowT]):
    """A row of a listing, and how to go on from it."""

    node: RowT
    place: Place
    cursors: ListingCursors

    @property
    def cursor(self) -> str:
        """The opaque text of the row's place."""
        return self.cursors.seal(self.place)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Slice(Generic[RowT]):
    """Some consecutive rows of a listing, in its order, whichever way they were asked for."""

    edges: tuple[Edge[RowT], ...]
    backwards: bool
    """Whether the rows before a place were asked for, else those behind it."""
    near: Place
    """Where the slice was asked to begin."""
    far: Place
    """Where it ended: on its last row that way, or past the pages walked in vain."""
    more_near: bool
    """Whether rows lie on the other side of where it began: false only when surely none do."""
    more_far: bool
    """Whether rows lie further on: false only when surely none do."""
    total_count: int | None
    """All rows of the listing, where that is free and exact."""
    as_of: datetime
    """When AWS was asked for the oldest page in the slice."""
    stale: bool
    """Whether any of it has outlived its time because AWS could not be asked again."""
    cursors: ListingCursors
    interrupted: Interruption | None = None
    """What ended the slice before it had as many rows as were asked for and can be had."""

    @property
    def nodes(self) -> tuple[RowT, ...]:
        """The rows."""
        return tuple([edge.node for edge in self.edges])

    @property
    def has_previous_page(self) -> bool:
        """Whether something lies before: false only when surely nothing does."""
        return self.more_far if self.backwards else self.more_near

    @property
    def has_next_page(self) -> bool:
        """Whether something follows: false only when surely nothing does."""
        return self.more_near if self.backwards else self.more_far

    @property
    def start_cursor(self) -> str | None:
        """Where to go on backwards: never null while a page precedes, even when this one is empty."""
        return self._far() if self.backwards else self._near(0)

    @property
    def end_cursor(self) -> str | None:
        """Where to go on: never null while a page follows, even when this one is empty."""
        return self._near(-1) if self.backwards else self._far()

    def _near(self, index: int) -> str | None:
        if self.edges:
            return self.edges[index].cursor
        return self.cursors.seal(self.near) if self.more_near else None

    def _far(self) -> str | None:
        return self.cursors.seal(self.far) if self.edges or self.more_far else None


@dataclass(slots=True)
class Lying(Generic[RowT]):
    """A slice that lies on one page as a whole."""

    slice: Slice[RowT]
    index: int
    """Where on the page it has ended."""
    following: str | None
    """The token of the page that says whether more lies ahead; None: its own says it."""


@dataclass(slots=True)
class Made(Generic[RowT]):
    """What one listing has made of one of AWS's pages: the same for all who read it, for as long as the page is
    remembered, so that what is made of it in turn (JSON, say) need be made once too.
    """

    edges: dict[int, Edge[RowT]] = field(default_factory=dict)
    """By the number of the row."""
    slices: dict[Hashable, Lying[RowT]] = field(default_factory=dict)
    """By all that they depend on beside the page. Not for when it is stale, which slices say too."""
