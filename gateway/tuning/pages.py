"""The upstream pages of one listing, as one request reads them. What AWS's rows mean is not asked here."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from math import inf
from typing import Any, Generic, TypeVar, cast

from gateway.errors import OperatorError, TokenRefused
from gateway.governor import Errand
from gateway.model.page import Page
from gateway.model.target import Target
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.reads import Life, Read, ReadKey, Remembered, key_of
from gateway.teams import Team
from gateway.tuning.reading import Reading

RowT = TypeVar("RowT", TuningJob, TrainingJob)


@dataclass(slots=True)
class Pages(Generic[RowT]):
    """The upstream pages of one listing, as one request reads them."""

    reading: Reading
    team: Team
    operation: str
    arguments: tuple[Hashable, ...]
    fetch: Callable[[str | None, Errand], Awaitable[Page[RowT]]]
    life: float
    shape: Any
    """The type of a page."""

    def at_hand(self, token: str | None) -> Remembered[Page[RowT]] | None:
        """The page a token leads to (None: the first), read as far as that waits for nobody."""
        entry = self.reading.at_hand(self._key(token))
        return None if entry is None or entry.value is None else entry  # type: ignore[return-value]  # as just seen

    async def read(self, token: str | None) -> Remembered[Page[RowT]]:
        """The page a token leads to. Raises TokenRefused."""
        if (at_hand := self.at_hand(token)) is not None:
            return at_hand
        read = Read(self._key(token), lambda errand: self._fetched(token, errand), self._life, self.shape)
        entry = await self.reading.read(self.team, read)
        return _page_in(entry)

    def remembered(self, token: str | None) -> Remembered[Page[RowT]] | None:
        """The page, if it need not be read."""
        entry = self.reading.peek(self._key(token))
        return None if entry is None or entry.value is None else _page_in(entry)

    def forget(self, token: str | None, page: Remembered[Page[RowT]]) -> None:
        """Read the page anew next time, whoever asks and in whichever replica; not if it has been read anew since."""
        self.reading.reads.forget(self._key(token), page)

    def forget_in_this_request(self, token: str | None) -> None:
        """Take the page as others have it by now; a request keeps what it has seen, unless it is told to let go."""
        self.reading.log.forget(self._key(token))

    def _key(self, token: str | None) -> ReadKey[Page[RowT] | None]:
        return key_of(self.team.access, self.operation, *self.arguments, token)

    def _life(self, page: Page[RowT] | None) -> Life:
        lives = self.reading.lives
        if page is None:
            return Life(min(self.life, lives.token))
        if page.gone:
            return Life(lives.absent)
        return lives.of(self.life, inf if page.next_token is None else lives.token)

    async def _fetched(self, token: str | None, errand: Errand) -> Page[RowT] | None:
        """The page, or None for a token that is refused: it will be again, and need not cost the next reader a call."""
        try:
            page = await self.fetch(token, errand)
        except TokenRefused:
            return None
        for row in page.rows:
            at_home(row.arn, self.team.target)
        return page


def _page_in(entry: Remembered[Page[RowT] | None]) -> Remembered[Page[RowT]]:
    if entry.value is None:
        raise TokenRefused
    return cast("Remembered[Page[RowT]]", entry)


def at_home(arn: str, target: Target) -> None:
    """Refuse what belongs to another account or region than the team's: the credentials are the wrong ones."""
    if not target.has(arn):
        raise OperatorError(f"AWS answered for another account or region than {target.account} in {target.region}")
