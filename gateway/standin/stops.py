"""When a tuning job and its training jobs were told to stop: all that is kept of a stop, the rest is derived. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Stops:
    """The stops of one tuning job, in epoch seconds: its own, and those of training jobs by name."""

    tuning_job: float | None = None
    training_jobs: Mapping[str, float] = field(default_factory=dict)

    def of(self, training_job: str, tuning_job: float | None = None) -> float | None:
        """When a training job is stopped whose tuning job is stopped at `tuning_job`, if either ever is."""
        own = self.training_jobs.get(training_job)
        if own is None or tuning_job is None:
            return tuning_job if own is None else own
        return min(own, tuning_job)

    def and_of(self, training_job: str | None, moment: float) -> "Stops":
        """These, and one more: of a training job, or of the tuning job itself. An earlier stop stays the one."""
        if training_job is None:
            return self if self.tuning_job is not None else replace(self, tuning_job=moment)
        return replace(self, training_jobs={training_job: moment} | dict(self.training_jobs))


NEVER = Stops()
"""Nobody stops anything."""
