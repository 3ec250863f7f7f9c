"""The two directions of a walk on a trail: along AWS's tokens, and against them. Each says, in the same words, where
its stretches of rows lie, and whether more lies beyond.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.cursors import Place, found
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.tuning.steps import Step
from gateway.tuning.trail import Trail

RowT = TypeVar("RowT", TuningJob, TrainingJob)


@dataclass(slots=True)
class Along(Generic[RowT]):
    """From a place, or from the first page's start, on to the last page."""

    trail: Trail[RowT]
    bound: int
    """The most pages a walk may look at."""

    async def stretches(self, start: Place | None) -> AsyncGenerator[tuple[Step[RowT], int], None]:
        """The steps, and on each how many of its rows lie behind the walker."""
        step: Step[RowT]
        index: int
        if start is None:
            step, index = await self.trail.step(self.trail.first), 0
        else:
            standing = await self.trail.arrive(start, before=False)
            step, index = standing.step, standing.index
        yield step, index
        passed: tuple[bytes, ...] = () if start is None else _elsewhere(start, step)
        for _ in range(self.bound - 1):
            if step.next is None:
                return
            following: Step[RowT] = await self.trail.step(step.next)
            # Tokens may count rows: rows that have come since push some of this page's over to the next.
            index = found((*passed, *reversed(step.marks)), (), following.marks) or 0
            step = following
            passed = ()
            yield step, index

    @staticmethod
    def ahead(step: Step[RowT], index: int) -> range:
        """The page's rows that lie ahead of a walker."""
        return range(index, len(step.rows))

    @staticmethod
    def passed(row: int) -> int:
        """How many of the page's rows lie behind a walker who has passed one."""
        return row + 1

    @staticmethod
    def past(step: Step[RowT]) -> Place:
        """The place past a whole page."""
        return step.end

    @staticmethod
    def starts_at(step: Step[RowT], index: int) -> bool:
        """Whether surely nothing lies behind the walker."""
        return step.ref.ordinal == 0 and index == 0

    @staticmethod
    def following(step: Step[RowT], index: int, keep: Callable[[RowT], bool]) -> str | None:
        """The token of the page that says whether a row lies ahead, where the step's own does not."""
        return None if step.next is None or any(map(keep, step.rows[index:])) else step.next.token

    def more(self, step: Step[RowT], index: int, keep: Callable[[RowT], bool]) -> bool:
        """Whether a row lies ahead, as far as can be told without a call: yes, when it cannot be told."""
        if step.next is None:
            return any(map(keep, step.rows[index:]))
        rows, token = step.rows[index:], step.page.next_token
        for _ in range(self.bound):
            if any(map(keep, rows)):
                return True
            if token is None:
                return False
            following = self.trail.pages.remembered(token)
            if following is None:
                return True
            rows, token = following.value.rows, following.value.next_token
        return True


@dataclass(frozen=True, slots=True)
class Against(Generic[RowT]):
    """From a place, or from the last page's end, back to the first page."""

    trail: Trail[RowT]

    async def stretches(self, start: Place | None) -> AsyncGenerator[tuple[Step[RowT], int], None]:
        """The steps, and on each how many of its rows lie ahead of the walker."""
        if start is None:
            standing = await self.trail.end()
        elif start.skip == 0 and start.page.ordinal > 0:  # all that lies before it lies on other pages
            standing = await self.trail.back_from(start)
        else:
            standing = await self.trail.arrive(start, before=True)
        while True:
            index = standing.index
            behind: Step[RowT] | None = None
            for step in reversed(standing.steps):
                if behind is not None:
                    index = _seam(step, behind)
                yield step, index
                behind = step
            first = standing.steps[0]
            if first.ref.ordinal == 0:
                return
            place = Place(first.ref, 0, behind=first.marks)
            if start is not None and index == 0:  # its own row may have gone over to the page before
                place = place._replace(before=_elsewhere(start, first), on_a_row=start.on_a_row)
            start = None
            standing = await self.trail.back_from(place)

    @staticmethod
    def ahead(_step: Step[RowT], index: int) -> range:
        """The page's rows that lie ahead of a walker."""
        return range(index - 1, -1, -1)

    @staticmethod
    def passed(row: int) -> int:
        """How many of the page's rows lie ahead of a walker who has passed one."""
        return row

    @staticmethod
    def past(step: Step[RowT]) -> Place:
        """The place past a whole page."""
        return step.between(0)

    @staticmethod
    def starts_at(_step: Step[RowT], _index: int) -> bool:
        """Whether surely nothing lies behind the walker: what it was told to go before may have gone, not surely."""
        return False

    def more(self, step: Step[RowT], index: int, keep: Callable[[RowT], bool]) -> bool:
        """Whether a row lies ahead, as far as can be told without a call: yes, when it cannot be told."""
        if any(map(keep, step.rows[:index])):
            return True
        if step.ref.ordinal == 0:
            return False
        way = self.trail.known_way_to(step.ref)
        return way is None or any(keep(row) for page in way for row in page.rows)


def _elsewhere(place: Place, step: Step[RowT]) -> tuple[bytes, ...]:
    """The mark of the row just before a place, where only its neighbours are on a page."""
    return tuple([each for each in place.before[:1] if each not in step.marks])


def _seam(step: Step[RowT], behind: Step[RowT]) -> int:
    """How many rows of a page lie before the page behind it, of which some may have come over."""
    index = found((), behind.marks, step.marks)
    return len(step.rows) if index is None else index
