"""Which training jobs have changed between two looks at their list, newest first. Pure.

A training job that has ended never changes, and those that run are among the newest but for stragglers. So a watch
knows the newest hundred rows and the older ones that still run, and a look ends where nothing more can be new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.model.training_job import TrainingJob

NEWEST = 100  # rows: AWS's largest page


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a tuning job's training jobs: the newest, and all older ones that still run."""

    rows: Mapping[str, TrainingJob]
    floor: datetime | None = None
    """Whatever was created after this is in `rows`; None: everything is."""

    @classmethod
    def in_rows(cls, found: Sequence[TrainingJob], *, whole: bool) -> "Seen":
        """What a look has found, in the order of creation, newest first; `whole`: there is no more."""
        older = [row for row in found[NEWEST:] if not row.finished]
        complete = whole and len(found) <= NEWEST
        floor = found[:NEWEST][-1].creation_time if found and not complete else None
        return cls({row.name: row for row in (*found[:NEWEST], *older)}, floor)

    @property
    def running(self) -> frozenset[str]:
        """The names of those that may still change."""
        return frozenset(row.name for row in self.rows.values() if not row.finished)

    def reached(self, found: Sequence[TrainingJob]) -> bool:
        """Whether rows behind those found can neither be new nor have changed."""
        if not found or not self.rows:
            return False
        newest = max(row.creation_time for row in self.rows.values())
        return found[-1].creation_time <= newest and self.running <= {row.name for row in found}

    def changed(self, found: Sequence[TrainingJob]) -> dict[str, TrainingJob]:
        """Those of the rows found that are new, or different from what is known."""
        return {row.name: row for row in found if self._is_news(row)}

    def _is_news(self, row: TrainingJob) -> bool:
        known = self.rows.get(row.name)
        if known is not None:
            return known != row
        return self.floor is None or row.creation_time > self.floor or not row.finished
