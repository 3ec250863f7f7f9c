"""The pages of a listing in the order in which AWS's tokens string them together, from one of its ends.

Tokens lead only forwards and die: a page before another is found from the start, over pages that are remembered where
they are; and when AWS refuses a token, the pages that led to it are forgotten and walked anew. Which rows are wanted,
and in which direction, is the walk's affair.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.cursors import FIRST, PageRef, Place
from gateway.errors import CostLimitExceeded, CursorExpired, TokenRefused
from gateway.model.page import Page
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.reads import Remembered
from gateway.tuning.pages import Pages
from gateway.tuning.steps import Standing, Step, end_of, is_lost, standing

RowT = TypeVar("RowT", TuningJob, TrainingJob)

_TRIES = 3  # what is remembered in place of a page that led nowhere may be as old: only using it tells
_EXPIRED = "SageMaker no longer takes the page token in this cursor. Leave the cursor out to start anew."
_ELSE = "Page on from the start with first and after, or from the other end with the other sortOrder."


@dataclass(slots=True)
class Trail(Generic[RowT]):
    """The pages of a listing from one of its ends."""

    pages: Pages[RowT]
    key: Callable[[RowT], object]
    """What the listing sorts by, beside the name."""
    turned: bool
    """Whether its first page is the listing's end."""
    bound: int
    """The most pages that are walked anew to find a lost one."""
    back: int
    """The most pages that are read from AWS to find one before another."""
    _seen: list[Step[RowT]] = field(default_factory=list)

    @property
    def first(self) -> PageRef:
        """The page it begins with."""
        return FIRST[self.turned]

    async def step(self, ref: PageRef) -> Step[RowT]:
        """A page. Raises CursorExpired when its token is dead and it lies too deep to be found again."""
        return (await self._reach(ref))[-1]

    async def arrive(self, place: Place, *, before: bool) -> Standing[RowT]:
        """Where a place lies now, as `standing` says. Raises CursorExpired."""
        steps = await self._reach(place.page)
        following = steps[-1].next
        if following is not None and is_lost(place, steps[-1]):  # pushed over to the next page by rows that came
            steps.append(await self.step(following))
        return standing(place, steps, before=before)

    async def back_from(self, place: Place) -> Standing[RowT]:
        """Where a place at a page's start lies on the way there. Raises CostLimitExceeded, CursorExpired."""
        page = place.page
        away = 0 if self.known_way_to(page) else page.ordinal + 1 - len(list(self._remembered(page)))
        if away > self.back:
            raise CostLimitExceeded(
                f"To find what lies before this cursor takes {away} SageMaker pages, and one request may read "
                f"{self.back} for it. {_ELSE}"
            )
        way = await self._walk(lambda step: step.ref.ordinal >= page.ordinal or step.page.next_token == page.token)
        return standing(place, way, before=True)

    async def end(self) -> Standing[RowT]:
        """Behind the last row of the last page. Raises CostLimitExceeded, CursorExpired."""
        return end_of(await self._walk(lambda _: False, most=self.back))

    def known_way_to(self, page: PageRef) -> list[Page[RowT]] | None:
        """The pages before one, if none of them need be read."""
        pages = list(self._remembered(page))
        return pages if pages and pages[-1].next_token == page.token else None

    def _remembered(self, page: PageRef) -> Iterator[Page[RowT]]:
        token = self.first.token
        for _ in range(page.ordinal):
            entry = self.pages.remembered(token)
            if entry is None:
                return
            yield entry.value
            token = entry.value.next_token
            if token in {None, page.token}:
                return

    async def _reach(self, ref: PageRef) -> list[Step[RowT]]:
        """The page, or the way to what has taken its place since its token died."""
        try:
            return [await self._take(ref)]
        except TokenRefused:
            self._forget_way_to(ref.token)
        if ref.ordinal >= self.bound:
            raise CursorExpired(_EXPIRED)
        return await self._walk(lambda step: step.ref.ordinal >= ref.ordinal)

    async def _walk(self, arrived: Callable[[Step[RowT]], bool], *, most: int | None = None) -> list[Step[RowT]]:
        """The pages from the first to the one where it has arrived, or the last."""
        for _ in range(_TRIES):
            steps: list[Step[RowT]] = []
            following: PageRef | None = self.first
            reads = 0
            try:
                while following is not None and not (steps and arrived(steps[-1])):
                    reads += self.pages.remembered(following.token) is None
                    if most is not None and reads > most:
                        raise CostLimitExceeded(
                            f"This listing goes on behind {sum(len(step.rows) for step in steps)} rows, and one "
                            f"request may read {most} SageMaker pages to find its end. {_ELSE}"
                        )
                    steps.append(await self._take(following))
                    following = steps[-1].next
            except TokenRefused:
                self._forget_way_to(steps[-1].page.next_token)
            else:
                return steps
        raise CursorExpired(_EXPIRED)

    async def _take(self, ref: PageRef) -> Step[RowT]:
        step = Step(ref, await self.pages.read(ref.token), self.key)
        self._seen.append(step)
        return step

    def _forget_way_to(self, dead: str | None) -> None:
        """Forget the remembered pages that lead to a dead token; another way, read since, is left alone."""
        self.pages.forget_in_this_request(None)
        for step in self._seen:
            if step.page.next_token == dead:
                self.pages.forget(step.ref.token, step.entry)
        way: dict[str | None, Remembered[Page[RowT]]] = {}
        token: str | None = None
        while token not in way and (entry := self.pages.remembered(token)) is not None:
            way[token] = entry
            token = entry.value.next_token
            if token == dead:
                for each, page in way.items():
                    self.pages.forget(each, page)
                return
            if token is None:
                return
