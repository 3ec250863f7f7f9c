"""What one account sees in one region at one moment. Reads a world; never changes it."""

from collections.abc import Mapping

from gateway.standin.lifecycle import Trial, TuningJob
from gateway.standin.worlds.shelf import Shelf


class Sight:
    """A moment of a shelf of plans."""

    def __init__(self, shelf: Shelf, now: float) -> None:
        self._shelf = shelf
        self._now = now

    def tuning_job(self, name: str) -> TuningJob | None:
        """The tuning job of this very name: AWS promises uniqueness regardless of case, not that any case finds it."""
        plan = self._shelf.plan(name)
        return None if plan is None else self._shelf.job_at(plan, self._now)

    def tuning_jobs(self) -> list[TuningJob]:
        """All tuning jobs created by now."""
        jobs = (self._shelf.job_at(plan, self._now) for plan in self._shelf.plans())
        return [job for job in jobs if job is not None]

    def training_job(self, name: str) -> tuple[TuningJob, Trial] | None:
        """The training job of this name and the tuning job that launched it."""
        plan = self._shelf.launcher_of(name)
        job = None if plan is None else self._shelf.job_at(plan, self._now)
        if job is None:
            return None
        return next(((job, trial) for trial in job.trials if trial.plan.name == name), None)

    def tags_of(self, arn: str) -> Mapping[str, str] | None:
        """The tags of a tuning or training job; None if there is none. ARNs are found in any case of the name."""
        plan = self._shelf.plan_of_arn(arn)
        job = None if plan is None else self._shelf.job_at(plan, self._now)
        if job is None:
            return None
        own = arn.casefold() == job.plan.arn
        launched = (job.plan.training_job_arn(trial.plan) == arn.casefold() for trial in job.trials)
        return job.plan.tags if own or any(launched) else None
