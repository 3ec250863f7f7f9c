"""What a walk brings back: some consecutive rows of a listing, and how to go on from each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from gateway.cursors import START, ListingCursors, Place
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob

RowT = TypeVar("RowT", TuningJob, TrainingJob)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Edge(Generic[RowT]):
    """A row of a listing, and how to go on behind it."""

    node: RowT
    place: Place
    cursors: ListingCursors

    @property
    def cursor(self) -> str:
        """The opaque text of the place behind the row."""
        return self.cursors.seal(self.place)


@dataclass(frozen=True, slots=True)
class Slice(Generic[RowT]):
    """Some consecutive rows of a listing."""

    edges: tuple[Edge[RowT], ...]
    start: Place
    """Where the slice was asked to begin."""
    end: Place
    """Where it ended: behind its last row, or behind the pages walked in vain."""
    has_next_page: bool
    """False only when surely nothing follows."""
    total_count: int | None
    """All rows of the listing, where that is free and exact."""
    as_of: datetime
    """When AWS was asked for the oldest page in the slice."""
    stale: bool
    """Whether any of it has outlived its time because AWS could not be asked again."""
    cursors: ListingCursors

    @property
    def nodes(self) -> tuple[RowT, ...]:
        """The rows."""
        return tuple([edge.node for edge in self.edges])

    @property
    def has_previous_page(self) -> bool:
        """Whether something came before: true behind any cursor."""
        return self.start != START

    @property
    def start_cursor(self) -> str | None:
        """The first row's cursor."""
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        """Where to go on: never null while a page follows, even when this one is empty."""
        return self.cursors.seal(self.end) if self.edges or self.has_next_page else None
