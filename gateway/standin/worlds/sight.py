"""What one account sees in one region at one moment, and what it changes there: tags, stops, new tuning jobs."""

from collections.abc import Iterator, Mapping

from gateway.standin.lifecycle import Trial, TuningJob
from gateway.standin.plan import TuningJobPlan
from gateway.standin.scope import CallerScope
from gateway.standin.worlds.shelf import Shelf
from gateway.standin.worlds.tags import TagChange


class Sight:
    """A moment of a shelf of plans."""

    def __init__(self, shelf: Shelf, scope: CallerScope, now: float) -> None:
        self._shelf = shelf
        self._now = now
        self.scope = scope

    @property
    def age(self) -> float:
        """The seconds since the world began, by which plans tell when a tuning job is created."""
        return self._shelf.since_origin(self._now)

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

    def training_jobs(self) -> Iterator[tuple[TuningJob, Trial]]:
        """All training jobs created by now, each with the tuning job that launched it."""
        return ((job, trial) for job in self.tuning_jobs() for trial in job.trials)

    def parents_of(self, job: TuningJob) -> list[TuningJob]:
        """The tuning jobs it was warm-started from, as far as they are here."""
        warm = job.plan.warm_start
        parents = (self.tuning_job(name) for name in (warm.parents if warm else ()))
        return [parent for parent in parents if parent is not None]

    def tags(self, job: TuningJob, trial: Trial | None = None) -> Mapping[str, str]:
        """The tags of a tuning job, or of a training job it launched."""
        return self._shelf.tags_of(job, trial, self._now)

    def tags_of(self, arn: str) -> Mapping[str, str] | None:
        """The tags of what has this ARN, found in any case of the name; None if there is nothing."""
        plan = self._shelf.plan_of_arn(arn)
        job = None if plan is None else self._shelf.job_at(plan, self._now)
        if job is None:
            return None
        if arn.casefold() == job.plan.arn:
            return self.tags(job)
        launched = (trial for trial in job.trials if job.plan.training_job_arn(trial.plan) == arn.casefold())
        trial = next(launched, None)
        return None if trial is None else self.tags(job, trial)

    def change_tags(
        self, arn: str, *, put: Mapping[str, str] | None = None, drop: frozenset[str] = frozenset()
    ) -> None:
        """Puts tags on a resource and drops others, as of now."""
        self._shelf.change_tags(arn, TagChange(self._now, put or {}, drop))

    def create(self, plan: TuningJobPlan) -> None:
        """Adds a tuning job. Raises ValueError if one of its names is taken."""
        self._shelf.put(plan)

    def stop(self, job: TuningJob, trial: Trial | None = None) -> None:
        """Stops a tuning job, or one of its training jobs, as of now."""
        self._shelf.stop(job.plan, self._now, None if trial is None else trial.plan.name)
