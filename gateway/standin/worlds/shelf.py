"""The plans of one account in one region, found by name and by ARN, what was stopped, and their state at a time.

Each job is remembered as it was last seen, to save work: what has ended no longer changes. No answer depends on it.
"""

from collections.abc import Iterable, Mapping

from gateway.standin.lifecycle import Trial, TuningJob, tuning_job_at
from gateway.standin.plan import TuningJobPlan
from gateway.standin.stops import NEVER, Stops
from gateway.standin.worlds.tags import TagChange, TagHistory


class Shelf:
    """Plans, placed in time by the moment their world began."""

    def __init__(self, origin: float) -> None:
        self._origin = origin
        self._plans: dict[str, TuningJobPlan] = {}
        self._launchers: dict[str, TuningJobPlan] = {}
        self._by_arn: dict[str, TuningJobPlan] = {}
        self._seen: dict[str, TuningJob] = {}
        self._tags = TagHistory()
        self._stops: dict[str, Stops] = {}

    def put(self, plan: TuningJobPlan) -> None:
        """Adds a plan. Raises ValueError if a tuning or training job of its names is there, in whatever case."""
        arns = [plan.arn, *(plan.training_job_arn(trial) for trial in plan.trials)]
        taken = [arn for arn in arns if arn in self._by_arn]
        if taken or len(set(arns)) < len(arns):
            raise ValueError(f"the names of {plan.name} are taken or repeat: {', '.join(taken) or plan.name}")
        self._plans[plan.name] = plan
        self._by_arn.update((arn, plan) for arn in arns)
        self._launchers.update((trial.name, plan) for trial in plan.trials)

    def plan(self, name: str) -> TuningJobPlan | None:
        """The plan of a tuning job."""
        return self._plans.get(name)

    def plans(self) -> Iterable[TuningJobPlan]:
        """All plans, in the order they were added."""
        return self._plans.values()

    def launcher_of(self, training_job: str) -> TuningJobPlan | None:
        """The plan of the tuning job that launches a training job."""
        return self._launchers.get(training_job)

    def plan_of_arn(self, arn: str) -> TuningJobPlan | None:
        """The plan an ARN, of a tuning job or of a training job, belongs to."""
        return self._by_arn.get(arn.casefold())

    def job_at(self, plan: TuningJobPlan, now: float) -> TuningJob | None:
        """The tuning job at a moment; None before it is created."""
        seen = self._seen.get(plan.name)
        if seen is not None and seen.ended is not None and seen.ended <= now:
            return seen
        job = tuning_job_at(plan, self._origin + plan.created, now, seen, self._stops.get(plan.name, NEVER))
        if job is not None and (seen is None or seen.now <= now):  # a look back must not cost the next look its help
            self._seen[plan.name] = job
        return job

    def stop(self, plan: TuningJobPlan, moment: float, trial: str | None = None) -> None:
        """Notes when a tuning job, or one of its training jobs, was stopped. The first stop is the one that counts."""
        self._stops[plan.name] = self._stops.get(plan.name, NEVER).and_of(trial, moment)

    def since_origin(self, moment: float) -> float:
        """The seconds from the beginning of the world to a moment."""
        return moment - self._origin

    def tags_of(self, job: TuningJob, trial: Trial | None, moment: float) -> Mapping[str, str]:
        """The tags of a tuning job, or of a training job it launched, at a moment."""
        plan = job.plan
        if trial is None:
            return self._tags.tags_at(plan.arn, plan.tags, moment)
        at_launch = self._tags.tags_at(plan.arn, plan.tags, trial.created)
        return self._tags.tags_at(plan.training_job_arn(trial.plan), at_launch, moment)

    def change_tags(self, arn: str, change: TagChange) -> None:
        """Changes the tags of this very resource and of nothing else that exists."""
        self._tags.note(arn.casefold(), change)
