"""From a place in a listing to a slice of it, over AWS's pages.

AWS cuts pages before it filters them, so a page may be short or empty and still be followed by others: the walk goes
on, within a bound of pages. Tokens die: when AWS refuses one, the pages that led to it are forgotten and walked
anew, once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.cursors import FIRST_PAGE, NOWHERE, START, ListingCursors, PageRef, Place, digest, resume
from gateway.errors import CostLimitExceeded, CursorExpired, TokenRefused
from gateway.model.page import Page
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.reads import Remembered
from gateway.tuning.pages import Pages
from gateway.tuning.slices import Edge, Slice

RowT = TypeVar("RowT", TuningJob, TrainingJob)

_MOST_LISTINGS = 8  # of which the edges of one page are kept: several of ours may be one of AWS's


@dataclass(slots=True)
class _Step(Generic[RowT]):
    """The page the walk stands on."""

    ref: PageRef
    entry: Remembered[Page[RowT]]

    @property
    def page(self) -> Page[RowT]:
        return self.entry.value

    @property
    def next(self) -> PageRef | None:
        token = self.page.next_token
        if token is None or token == self.ref.token:  # a token that leads to itself would lead on for ever
            return None
        return PageRef(token, self.ref.ordinal + 1)

    @property
    def end(self) -> Place:
        """The place behind the page's last row."""
        return self.behind(len(self.page.rows) - 1) if self.page.rows else Place(self.next or self.ref, 0, NOWHERE)

    def resume(self, place: Place) -> int:
        """The index of the first row behind a place; past all rows when the listing has become too short for it."""
        rows = self.page.rows
        if self.ref.ordinal < place.page.ordinal:
            return len(rows)
        return resume(place, [row.name for row in rows])

    def behind(self, index: int) -> Place:
        """The place behind a row. Behind a page's last row it is the next page's start: this one need not be read."""
        row = digest(self.page.rows[index].name)
        if index == len(self.page.rows) - 1 and self.next is not None:
            return Place(self.next, 0, row)
        return Place(self.ref, index + 1, row)


@dataclass(slots=True)
class Walk(Generic[RowT]):
    """A walk over the pages of one listing, of which `keep` says which rows belong to it."""

    pages: Pages[RowT]
    cursors: ListingCursors
    bound: int
    """The most upstream pages one walk may look at."""
    keep: Callable[[RowT], bool] = lambda _row: True
    _steps: list[_Step[RowT]] = field(default_factory=list)

    async def slice(self, after: str | None, first: int, total: int | None = None) -> Slice[RowT]:
        """The `first` rows behind a cursor. Raises InvalidCursor, CursorExpired."""
        start = START if after is None else self.cursors.open(after)
        step = await self._step(start.page)
        index = step.resume(start)
        edges: list[Edge[RowT]] = []
        while True:
            index = self._gather(step, index, first, edges)
            if len(edges) == first or step.next is None or len(self._steps) == self.bound:
                break
            place = step.end
            try:
                step = await self._step(step.next)
            except CursorExpired:
                if not edges:
                    raise
                break  # what was found is found; whoever goes on from here is told then
            index = step.resume(place)
        return Slice(
            edges=tuple(edges),
            start=start,
            end=self._end(edges, first, step),
            has_next_page=self._follows(step, index),
            total_count=self._total() if total is None else total,
            as_of=min(step.entry.as_of for step in self._steps),
            stale=any(step.entry.stale for step in self._steps),
            cursors=edges[-1].cursors if edges else self.cursors,  # those have sealed their pages already
        )

    async def find(self, name: str) -> RowT | None:
        """The row of this name. Raises CostLimitExceeded when it may lie behind the bound."""
        ref: PageRef | None = FIRST_PAGE
        while ref is not None:
            if len(self._steps) == self.bound:
                raise CostLimitExceeded(
                    f"This training job lies deeper than the {self.bound} SageMaker pages that one lookup may read. "
                    "Page to it through its tuning job's trainingJobs."
                )
            step = await self._step(ref)
            for row in step.page.rows:
                if row.name == name and self.keep(row):
                    return row
            ref = step.next
        return None

    def _gather(self, step: _Step[RowT], index: int, first: int, edges: list[Edge[RowT]]) -> int:
        """Take rows of the page from `index` on until there are enough; the index of the first row not looked at."""
        rows, made = step.page.rows, self._made(step)
        while index < len(rows) and len(edges) < first:
            if self.keep(rows[index]):
                edge = made.get(index)
                if edge is None:
                    edge = made[index] = Edge(rows[index], step.behind(index), self.cursors)
                edges.append(edge)
            index += 1
        return index

    def _made(self, step: _Step[RowT]) -> dict[int, Edge[RowT]]:
        """The edges made of a page so far: the same for all who read this listing, as long as the page is remembered,
        so that what is made of them in turn need be made once.
        """
        made = step.entry.made
        if len(made) > _MOST_LISTINGS:
            made.clear()
        edges: dict[int, Edge[RowT]] = made.setdefault((self.cursors.binding, step.ref), {})
        return edges

    def _end(self, edges: list[Edge[RowT]], first: int, step: _Step[RowT]) -> Place:
        """Where to go on: behind the last row, or, where the bound ended the walk, behind the last page looked at."""
        if edges and (len(edges) == first or step.next is None or len(self._steps) < self.bound):
            return edges[-1].place
        return step.end

    def _follows(self, step: _Step[RowT], index: int) -> bool:
        """Whether a row follows, as far as can be told without a call: yes, when it cannot be told."""
        if step.next is None:
            return any(map(self.keep, step.page.rows[index:]))
        rows, token = step.page.rows[index:], step.page.next_token
        for _ in range(self.bound):
            if any(map(self.keep, rows)):
                return True
            if token is None:
                return False
            following = self.pages.remembered(token)
            if following is None:
                return True
            rows, token = following.value.rows, following.value.next_token
        return True

    def _total(self) -> int | None:
        """The size of a listing that AWS gave in one page."""
        only = self._steps[0]
        if only.page.total is not None:
            return only.page.total
        if only.ref == FIRST_PAGE and only.next is None:
            return sum(map(self.keep, only.page.rows))
        return None

    async def _step(self, ref: PageRef) -> _Step[RowT]:
        try:
            step = _Step(ref, await self.pages.read(ref.token))
        except TokenRefused:
            step = await self._anew(ref)
        self._steps.append(step)
        return step

    async def _anew(self, lost: PageRef) -> _Step[RowT]:
        """The page of the lost one's ordinal, reached with tokens that AWS still takes."""
        self._forget_way_to(lost.token)
        if lost.ordinal >= self.bound:
            raise CursorExpired(_EXPIRED)
        # Twice: what is remembered in place of the lost page may be as old, and is found out only by using it.
        for _ in range(2):
            self.pages.forget_in_this_request(None)
            step = _Step(FIRST_PAGE, await self.pages.read(None))
            try:
                while step.ref.ordinal < lost.ordinal and step.next is not None:
                    lost_next = step.next
                    step = _Step(lost_next, await self.pages.read(lost_next.token))
            except TokenRefused:
                self._forget_way_to(lost_next.token)
            else:
                return step
        raise CursorExpired(_EXPIRED)

    def _forget_way_to(self, dead: str | None) -> None:
        """Forget the remembered pages that lead to a dead token; another way, read since, is left alone."""
        for step in self._steps:
            if step.page.next_token == dead:
                self.pages.forget(step.ref.token)
        way: dict[str | None, None] = {}
        token: str | None = None
        while token not in way and (entry := self.pages.remembered(token)) is not None:
            way[token] = None
            token = entry.value.next_token
            if token == dead:
                for each in way:
                    self.pages.forget(each)
                return
            if token is None:
                return


_EXPIRED = "SageMaker no longer takes the page token in this cursor. Leave the cursor out to start anew."
