"""From a place in a listing to a slice of it, over as many of AWS's pages as it takes.

Where a listing can be read from its other end too, what lies before a place of the one reading lies behind it in the
other: a slice is a walk along or against the trail on which its cursor was given out. AWS cuts pages before it filters
them, so a page may be short or empty and still be followed by others: the walk goes on, within bounds.
"""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.cursors import ListingCursors, Place
from gateway.errors import CostLimitExceeded, CursorExpired, UpstreamError
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.tuning.arguments import Cut
from gateway.tuning.bounds import Bounds
from gateway.tuning.directions import Against, Along
from gateway.tuning.pages import Pages
from gateway.tuning.slices import Edge, Interruption, Slice
from gateway.tuning.steps import Step
from gateway.tuning.trail import Trail

RowT = TypeVar("RowT", TuningJob, TrainingJob)

_MOST_LISTINGS = 8  # of which the edges of one page are kept: several of ours may be one of AWS's


@dataclass(slots=True)
class _Gathered(Generic[RowT]):
    """What a walk has gathered so far, in the order of its going."""

    edges: list[Edge[RowT]] = field(default_factory=list)
    steps: list[tuple[Step[RowT], int]] = field(default_factory=list)
    """The steps, and where the walk stepped on each."""
    index: int = 0
    """Where on the last step it stands."""
    interrupted: Interruption | None = None


@dataclass(slots=True)
class Walk(Generic[RowT]):
    """A walk over the pages of one listing, of which `keep` says which rows belong to it."""

    ends: tuple[Pages[RowT], Pages[RowT] | None]
    """The listing's pages, and its pages from the other end, where it can be read from there."""
    key: Callable[[RowT], object]
    """What the listing sorts by, beside the name."""
    cursors: ListingCursors
    bounds: Bounds
    keep: Callable[[RowT], bool] = lambda _row: True

    async def slice(self, asked: Cut, total: int | None = None) -> Slice[RowT]:
        """The rows behind or before a cursor. Raises InvalidCursor, CursorExpired, CostLimitExceeded."""
        start = None if asked.cursor is None else self.cursors.open(asked.cursor)
        trail = self._trail(turned=asked.backwards if start is None else start.page.turned)
        direction = Along(trail, self.bounds.walk_pages) if asked.backwards == trail.turned else Against(trail)
        got = await self._gather(direction, start, asked.size)
        (first, began), (last, _) = got.steps[0], got.steps[-1]
        more = got.interrupted is not None or direction.more(last, got.index, self.keep)
        whole = bool(got.edges) and (len(got.edges) == asked.size or not more)
        return Slice(
            edges=tuple(reversed(got.edges) if asked.backwards else got.edges),
            backwards=asked.backwards,
            near=first.between(began),
            far=got.edges[-1].place if whole else direction.past(last),
            more_near=start is not None and not direction.starts_at(first, began),
            more_far=more,
            total_count=self._total(first) if total is None else total,
            as_of=min(step.entry.as_of for step, _ in got.steps),
            stale=any(step.entry.stale for step, _ in got.steps),
            cursors=got.edges[-1].cursors if got.edges else self.cursors,  # those have sealed their pages already
            interrupted=got.interrupted,
        )

    async def find(self, name: str) -> RowT | None:
        """The row of this name. Raises CostLimitExceeded when it may lie behind the bound."""
        walk = Along(self._trail(turned=False), self.bounds.walk_pages)
        async with aclosing(walk.stretches(None)) as stretches:
            async for step, _ in stretches:
                for row in step.rows:
                    if row.name == name and self.keep(row):
                        return row
        if step.next is None:
            return None
        raise CostLimitExceeded(
            f"This training job lies deeper than the {self.bounds.walk_pages} SageMaker pages that one lookup may "
            "read. Page to it through its tuning job's trainingJobs."
        )

    def _trail(self, *, turned: bool) -> Trail[RowT]:
        """The listing from its end, if it is to be turned around and can be; else from its start."""
        straight, other = self.ends
        pages = other if turned and other is not None else straight
        return Trail(pages, self.key, pages is not straight, self.bounds.walk_pages, self.bounds.walk_back_pages)

    async def _gather(self, direction: Along[RowT] | Against[RowT], start: Place | None, size: int) -> _Gathered[RowT]:
        """Up to `size` rows ahead of a place. What was found before something went wrong is found."""
        got: _Gathered[RowT] = _Gathered()
        try:
            async with aclosing(direction.stretches(start)) as stretches:
                async for step, index in stretches:
                    got.steps.append((step, index))
                    got.index = index
                    made = self._made(step)
                    for row in direction.ahead(step, index):
                        got.index = direction.passed(row)
                        if self.keep(step.rows[row]):
                            if row not in made:
                                made[row] = Edge(step.rows[row], step.at(row), self.cursors)
                            got.edges.append(made[row])
                        if len(got.edges) == size:
                            return got
        except (UpstreamError, CursorExpired, CostLimitExceeded) as error:
            # Pages read in vain are worth a cursor too, if going on from there may help.
            if not got.edges and not (got.steps and isinstance(error, UpstreamError)):
                raise
            got.interrupted = error
        return got

    def _made(self, step: Step[RowT]) -> dict[int, Edge[RowT]]:
        """The edges made of a page so far: the same for all who read this listing, as long as the page is remembered,
        so that what is made of them in turn need be made once.
        """
        made = step.entry.made
        if len(made) > _MOST_LISTINGS:
            made.clear()
        edges: dict[int, Edge[RowT]] = made.setdefault((self.cursors.binding, step.ref), {})
        return edges

    def _total(self, first: Step[RowT]) -> int | None:
        """The size of a listing that AWS gave in one page."""
        if first.page.total is not None:
            return first.page.total
        return sum(map(self.keep, first.rows)) if first.ref.ordinal == 0 and first.next is None else None
