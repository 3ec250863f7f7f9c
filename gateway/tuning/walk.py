"""From a place in a listing to a slice of it, over as many of AWS's pages as it takes.

Where a listing can be read from its other end too, what lies before a place of the one reading lies behind it in the
other: a slice is a walk along or against the trail on which its cursor was given out. AWS cuts pages before it filters
them, so a page may be short or empty and still be followed by others: the walk goes on, within bounds.
"""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.cursors import FIRST, ListingCursors, PageRef, Place
from gateway.errors import CostLimitExceeded, CursorExpired, UpstreamError
from gateway.model.page import Page
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.reads import Remembered
from gateway.tuning.arguments import Cut
from gateway.tuning.bounds import Bounds
from gateway.tuning.directions import Against, Along
from gateway.tuning.pages import Pages
from gateway.tuning.slices import Edge, Interruption, Lying, Made, Slice
from gateway.tuning.steps import Step
from gateway.tuning.trail import Trail

RowT = TypeVar("RowT", TuningJob, TrainingJob)
Keep = Callable[[RowT], bool]

_MOST_LISTINGS = 8  # of which is kept what was made of one page: several of ours may be one of AWS's
_MOST_SLICES = 16  # of one listing, kept with one page


@dataclass(slots=True)
class _Gathered(Generic[RowT]):
    """What a walk has gathered so far, in the order of its going."""

    edges: list[Edge[RowT]] = field(default_factory=list)
    steps: list[tuple[Step[RowT], int]] = field(default_factory=list)
    """The steps, and where the walk stepped on each."""
    index: int = 0
    """Where on the last step it stands."""
    interrupted: Interruption | None = None

    def is_of(self, step: Step[RowT]) -> bool:
        """Whether it was gathered, all of it and undisturbed, on one page."""
        return self.interrupted is None and len(self.steps) == 1 and self.steps[0][0].entry is step.entry


@dataclass(slots=True)
class Walk(Generic[RowT]):
    """A walk over the pages of one listing, of which `keep` says which rows belong to it."""

    ends: tuple[Pages[RowT], Callable[[], Pages[RowT]] | None]
    """The listing's pages; and what gives its pages from the other end, where it can be read from there."""
    key: Callable[[RowT], object]
    """What the listing sorts by, beside the name."""
    cursors: ListingCursors
    bounds: Bounds
    keep: Keep[RowT] = lambda _row: True
    """Equal to any other that says the same."""

    async def slice(self, asked: Cut, total: int | None = None) -> Slice[RowT]:
        """The rows behind or before a cursor. Raises InvalidCursor, CursorExpired, CostLimitExceeded."""
        start = None if asked.cursor is None else self.cursors.open(asked.cursor)
        (pages, other), turned = self.ends, asked.backwards if start is None else start.page.turned
        if turned and other is not None:
            pages = other()
        else:  # there is no other end to read it from
            turned = False
        if asked.backwards != turned:
            against = Against(self._trail(pages, turned=turned))
            return self._slice(asked, total, start, against, await self._gather(against, start, asked.size))
        page = FIRST[turned] if start is None else start.page
        entry, what = pages.at_hand(page.token), (asked, total, self.keep)
        if entry is not None and not entry.stale:
            known = self._made(entry, page).slices.get(what)
            if known is not None and (known.following is None or self._goes_on(known, pages)):
                return known.slice
        return await self._along(Along(self._trail(pages, turned=turned), self.bounds.walk_pages), page, start, what)

    async def _along(
        self, along: Along[RowT], page: PageRef, start: Place | None, what: tuple[Cut, int | None, Keep[RowT]]
    ) -> Slice[RowT]:
        """A slice along the trail, kept with its page where it lies on it as a whole."""
        asked, total, keep = what
        step = await along.trail.step(page)
        kept = self._made(step.entry, step.ref).slices
        known = None if step.entry.stale else kept.get(what)
        if known is not None and known.slice.more_far == along.more(step, known.index, keep):
            return known.slice
        got = await self._gather(along, start, asked.size)
        found = self._slice(asked, total, start, along, got)
        if step.ref == page and got.is_of(step) and not step.entry.stale:
            if len(kept) >= _MOST_SLICES:
                kept.clear()
            kept[what] = Lying(found, got.index, along.following(step, got.index, keep))
        return found

    def _goes_on(self, known: Lying[RowT], pages: Pages[RowT]) -> bool:
        """Whether the page behind a slice, as far as it need not be read, bears out that more lies ahead."""
        following = pages.remembered(known.following)
        return known.slice.more_far and (following is None or any(map(self.keep, following.value.rows)))

    def _slice(
        self,
        asked: Cut,
        total: int | None,
        start: Place | None,
        direction: Along[RowT] | Against[RowT],
        got: _Gathered[RowT],
    ) -> Slice[RowT]:
        """What was asked for, made of what was gathered."""
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
        pages, _ = self.ends
        walk = Along(self._trail(pages, turned=False), self.bounds.walk_pages)
        async with aclosing(walk.stretches(None)) as stretches:
            async for step, _ in stretches:
                for row in step.rows:
                    if row.name == name and self.keep(row):
                        return row
        if step.next is None:
            return None
        raise CostLimitExceeded(
            f"This training job lies deeper than the {self.bounds.walk_pages} SageMaker pages that one lookup may "
            "read. Page to it through the list of its tuning job's training jobs."
        )

    def _trail(self, pages: Pages[RowT], *, turned: bool) -> Trail[RowT]:
        return Trail(pages, self.key, turned, self.bounds.walk_pages, self.bounds.walk_back_pages)

    async def _gather(self, direction: Along[RowT] | Against[RowT], start: Place | None, size: int) -> _Gathered[RowT]:
        """Up to `size` rows ahead of a place. What was found before something went wrong is found."""
        got: _Gathered[RowT] = _Gathered()
        try:
            async with aclosing(direction.stretches(start)) as stretches:
                async for step, index in stretches:
                    got.steps.append((step, index))
                    got.index = index
                    made = self._made(step.entry, step.ref).edges
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

    def _made(self, entry: Remembered[Page[RowT]], ref: PageRef) -> Made[RowT]:
        """What this listing has made of a page so far."""
        made, listing = entry.made, (self.cursors.binding, ref)
        found: Made[RowT] | None = made.get(listing)
        if found is None:
            if len(made) >= _MOST_LISTINGS:
                made.clear()
            found = made[listing] = Made()
        return found

    def _total(self, first: Step[RowT]) -> int | None:
        """The size of a listing that AWS gave in one page."""
        if first.page.total is not None:
            return first.page.total
        return sum(map(self.keep, first.rows)) if first.ref.ordinal == 0 and first.next is None else None
