"""The steps of a walk: upstream pages, the places on them, and where a place lies on pages that have changed since.
Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.cursors import PageRef, Place, found, mark
from gateway.model.page import Page
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.reads import Remembered

RowT = TypeVar("RowT", TuningJob, TrainingJob)


@dataclass(slots=True)
class Step(Generic[RowT]):
    """A page, and where it stands."""

    ref: PageRef
    entry: Remembered[Page[RowT]]
    key: Callable[[RowT], object]
    """What the listing sorts by, beside the name."""
    _marks: dict[int, bytes] = field(default_factory=dict)

    @property
    def page(self) -> Page[RowT]:
        """The page itself."""
        return self.entry.value

    @property
    def rows(self) -> tuple[RowT, ...]:
        """The page's rows."""
        return self.entry.value.rows

    @property
    def next(self) -> PageRef | None:
        """The page behind it."""
        token = self.page.next_token
        if token is None or token == self.ref.token:  # a token that leads to itself would lead on for ever
            return None
        return PageRef(token, self.ref.ordinal + 1, self.ref.turned)

    @property
    def marks(self) -> tuple[bytes, ...]:
        """The marks of all rows."""
        return self._marked(range(len(self.rows)))

    @property
    def end(self) -> Place:
        """The place behind the whole page."""
        if self.rows:
            return self.at(len(self.rows) - 1)
        return self.between(0) if self.next is None else Place(self.next, 0)

    def at(self, index: int) -> Place:
        """A row's place. Behind a page's last row lies the next page's start: to go on, this one need not be read."""
        before = self._marked(range(index, index - 2, -1))
        if index == len(self.rows) - 1 and self.next is not None:
            return Place(self.next, 0, before, on_a_row=True)
        return Place(self.ref, index + 1, before, self._marked(range(index + 1, index + 3)), on_a_row=True)

    def between(self, index: int) -> Place:
        """The place in front of a row, or behind the last one."""
        before, behind = range(index - 1, index - 3, -1), range(index, index + 2)
        return Place(self.ref, index, self._marked(before), self._marked(behind))

    def mark(self, index: int) -> bytes:
        """What a row is known again by."""
        known = self._marks.get(index)
        if known is None:
            row = self.rows[index]
            known = self._marks[index] = mark(row.name, self.key(row))
        return known

    def _marked(self, indices: range) -> tuple[bytes, ...]:
        return tuple([self.mark(index) for index in indices if 0 <= index < len(self.rows)])


@dataclass(frozen=True, slots=True)
class Standing(Generic[RowT]):
    """Where a walk stands: on the last of some consecutive steps, with so many of its rows before it."""

    steps: tuple[Step[RowT], ...]
    index: int

    @property
    def step(self) -> Step[RowT]:
        """The step it stands on."""
        return self.steps[-1]


def end_of(steps: Sequence[Step[RowT]]) -> Standing[RowT]:
    """The standing behind all rows of some consecutive pages."""
    return Standing(tuple(steps), len(steps[-1].rows))


def standing(place: Place, steps: Sequence[Step[RowT]], *, before: bool) -> Standing[RowT]:
    """Where a place now lies on some consecutive pages: in front of the first row behind it or, `before` it, behind the
    last row before it. Of a place on a row, this row is neither.

    It is sought on the last two of the pages. Where no row around it is left, the number of rows leads the way; all of
    them lie before it when the listing has become too short for it.
    """
    last, at = steps[-1], place.skip - 1
    if place.before and 0 <= at < len(last.rows) and last.mark(at) == place.before[0]:  # mostly nothing has changed
        return Standing(tuple(steps), at if before and place.on_a_row else at + 1)
    marks = [each for step in steps[-2:] for each in step.marks]
    index = found(place.before, place.behind, marks)
    if index is None:
        return _counted(place, steps)
    if before and place.on_a_row and index > 0 and (marks[index - 1],) == place.before[:1]:
        index -= 1
    for number, step in enumerate(steps[-2:-1], len(steps) - 1):
        if index < len(step.rows):
            return Standing(tuple(steps[:number]), index)
        index -= len(step.rows)
    return Standing(tuple(steps), index)


def _counted(place: Place, steps: Sequence[Step[RowT]]) -> Standing[RowT]:
    for number, step in enumerate(steps, 1):
        if step.ref.ordinal == place.page.ordinal:
            return Standing(tuple(steps[:number]), min(place.skip, len(step.rows)))
    return end_of(steps)


def is_lost(place: Place, step: Step[RowT]) -> bool:
    """Whether none of the rows around a place is on its page, though all of them were."""
    return place.skip > 0 and found(place.before, place.behind, step.marks) is None
