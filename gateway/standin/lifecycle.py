"""What a plan looks like at a moment. Pure functions of (plan, stops, time); nothing is ever stored back.

Times that go in and come out are epoch seconds. Knows neither AWS's answers nor HTTP.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, inf, isfinite
from typing import Literal

from gateway.standin.plan import Objective, TrialPlan, TuningJobPlan
from gateway.standin.stops import NEVER, Stops

TrialStatus = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"]
TuningStatus = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"]
ObjectiveStatus = Literal["Pending", "Succeeded", "Failed"]

CLOSING = 2.0  # seconds between the end of the last training job and the end of its tuning job
DOWNLOADED, TRAINED = 0.08, 0.94  # the shares of a training job's run at which its input is there and its model done
CHECKPOINTS = 20  # how often a training job emits its objective
IMPROVEMENT = 0.01  # "not improving (1% or less)" in the text of NumberOfTrainingJobsObjectiveNotImproving
CONVERGED_AFTER = 25  # training jobs in a row without a better one; AWS does not say what its own criteria are


@dataclass(frozen=True, slots=True)
class Trial:
    """A training job as it is now."""

    plan: TrialPlan
    created: float
    started: float | None
    ended: float | None
    status: TrialStatus
    metric: float | None
    objective_status: ObjectiveStatus
    stop_asked: float | None = None


@dataclass(frozen=True, slots=True)
class TuningJob:
    """A tuning job as it is now, its training jobs in the order they were created."""

    plan: TuningJobPlan
    now: float
    created: float
    ended: float | None
    modified: float
    status: TuningStatus
    trials: tuple[Trial, ...]

    def objective_of(self, trial: Trial) -> Objective:
        """The objective of the trial's definition; with one algorithm, the tuning job's own."""
        return self.plan.definitions[trial.plan.definition].objective

    def status_counters(self) -> dict[str, int]:
        """TrainingJobStatusCounters. A job that is stopping counts as running: AWS has no counter for it."""
        counted = Counter(_counter_of(trial) for trial in self.trials)
        return {name: counted[name] for name in _STATUS_COUNTERS}

    def objective_counters(self) -> dict[str, int]:
        """ObjectiveStatusCounters."""
        counted = Counter(trial.objective_status for trial in self.trials)
        return {"Succeeded": counted["Succeeded"], "Pending": counted["Pending"], "Failed": counted["Failed"]}

    def runtime(self) -> int:
        """The wall clock seconds it has used."""
        return int((self.ended or self.now) - self.created)


_STATUS_COUNTERS = ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")


def _counter_of(trial: Trial) -> str:
    if trial.status == "Failed":
        return "RetryableError" if trial.plan.retryable else "NonRetryableError"
    return "InProgress" if trial.status == "Stopping" else trial.status


def best_of(jobs: Iterable[TuningJob]) -> tuple[TuningJob, Trial] | None:
    """The best completed trial of all the jobs, the earliest of equals; None until one has completed with a metric.

    Trials of several algorithms compare by number alone.
    """
    best, best_score = None, -inf
    for job in jobs:
        for trial in job.trials:
            score = _score(job, trial)
            if trial.status == "Completed" and score is not None and score > best_score:
                best, best_score = (job, trial), score
    return best


def _score(job: TuningJob, trial: Trial) -> float | None:
    """The metric, turned so that more is better; None if there is none to compare."""
    if trial.metric is None or not isfinite(trial.metric):
        return None
    return trial.metric if job.objective_of(trial).type == "Maximize" else -trial.metric


def tuning_job_at(
    plan: TuningJobPlan, born: float, now: float, seen: TuningJob | None = None, stops: Stops = NEVER
) -> TuningJob | None:
    """The tuning job at `now`, created at `born`; None before that.

    `seen` is the same job at an earlier time. It changes nothing but the work: what had ended is not derived again.
    """
    if now < born:
        return None
    stop = _stop_of(plan, born, now, stops)
    trials = tuple(
        _ended_by(now, seen, place, trial) or trial_at(plan, trial, born, now, stops.of(trial.name, stop))
        for place, trial in enumerate(plan.trials)
        if born + trial.created <= (now if stop is None else stop)
    )
    ended = _end_of(plan, born, now, stops, stop)
    finished = ended <= now
    return TuningJob(
        plan=plan,
        now=now,
        created=born,
        ended=ended if finished else None,
        modified=_modified(born, trials, ended if finished else None, stop),
        status=_tuning_status(plan, finished=finished, stop_asked=stop is not None),
        trials=trials,
    )


def _ended_by(now: float, seen: TuningJob | None, place: int, trial: TrialPlan) -> Trial | None:
    if seen is None or place >= len(seen.trials):
        return None
    known = seen.trials[place]
    return known if known.ended is not None and known.ended <= now and known.plan is trial else None


def _natural_end(plan: TuningJobPlan, born: float, now: float, stops: Stops) -> float:
    """When the tuning job ends if nobody stops it; one that launches nothing gives up after a minute."""
    if not stops.training_jobs:  # the common case, and asked often
        return born + max((trial.ended for trial in plan.trials), default=60.0) + CLOSING
    return max(_trial_end(plan, trial, born, now, stops.of(trial.name)) for trial in plan.trials) + CLOSING


def _stop_of(plan: TuningJobPlan, born: float, now: float, stops: Stops) -> float | None:
    """When the tuning job was stopped, if it has been by now; a finished one cannot be."""
    planned = None if plan.stopped_after is None else born + plan.stopped_after
    asked = [moment for moment in (planned, stops.tuning_job) if moment is not None and moment <= now]
    return min(asked) if asked and min(asked) < _natural_end(plan, born, now, stops) else None


def _end_of(plan: TuningJobPlan, born: float, now: float, stops: Stops, stop: float | None) -> float:
    """When the tuning job ends, as far as `now` can tell: a stop that lies ahead does not count yet."""
    if stop is None:
        return _natural_end(plan, born, now, stops)
    launched = (trial for trial in plan.trials if born + trial.created <= stop)
    ends = (_trial_end(plan, trial, born, now, stops.of(trial.name, stop)) for trial in launched)
    return max((stop, *ends)) + CLOSING


def _cut_of(trial: TrialPlan, born: float, now: float, stop: float | None) -> float | None:
    """When the training job was stopped, if that has come and found it running."""
    return stop if stop is not None and stop <= now and stop < born + trial.ended else None


def _trial_end(plan: TuningJobPlan, trial: TrialPlan, born: float, now: float, stop: float | None) -> float:
    cut = _cut_of(trial, born, now, stop)
    if cut is None:
        return born + trial.ended
    return min(born + trial.ended, max(cut, born + trial.created) + plan.wind_down)


def _tuning_status(plan: TuningJobPlan, *, finished: bool, stop_asked: bool) -> TuningStatus:
    if stop_asked:
        return "Stopped" if finished else "Stopping"
    return plan.fate if finished else "InProgress"


def _modified(born: float, trials: tuple[Trial, ...], ended: float | None, stop: float | None) -> float:
    """The last moment at which anything about the tuning job changed."""
    if ended is not None:
        return ended
    moments = [born, *(moment for t in trials for moment in (t.created, t.started, t.ended) if moment is not None)]
    return max(moments if stop is None else (*moments, stop))


def trial_at(job: TuningJobPlan, trial: TrialPlan, born: float, now: float, stop: float | None) -> Trial:
    """The training job at `now`, which is not before its creation. `stop` is when it, or its tuning job, is stopped."""
    cut = _cut_of(trial, born, now, stop)
    end = _trial_end(job, trial, born, now, stop)
    started = born + trial.started
    over = end <= now
    status: TrialStatus = "InProgress"
    if over:
        status = trial.fate if cut is None else "Stopped"
    elif cut is not None:
        status = "Stopping"
    metric = _metric_at(job, trial, born, min(now, end), whole=over and cut is None)
    return Trial(
        plan=trial,
        created=born + trial.created,
        started=started if started <= min(now, end) else None,
        ended=end if over else None,
        status=status,
        metric=metric,
        objective_status=_objective_status(status, metric),
        stop_asked=cut,
    )


def _objective_status(status: TrialStatus, metric: float | None) -> ObjectiveStatus:
    """A job stopped early has been evaluated if it emitted its objective; a failed one never has."""
    if status in ("InProgress", "Stopping"):
        return "Pending"
    return "Succeeded" if status != "Failed" and metric is not None else "Failed"


def _metric_at(job: TuningJobPlan, trial: TrialPlan, born: float, now: float, *, whole: bool) -> float | None:
    """The objective emitted last: it approaches the planned one in steps while the algorithm trains."""
    if trial.metric is None or whole or not isfinite(trial.metric):
        return trial.metric if whole else None
    run = trial.ended - trial.started
    progress = ((now - born - trial.started) / run - DOWNLOADED) / (TRAINED - DOWNLOADED) if run > 0 else 1.0
    checkpoint = min(int(progress * CHECKPOINTS), CHECKPOINTS)
    if checkpoint < 1:
        return None
    if checkpoint == CHECKPOINTS:
        return trial.metric
    distance = 0.6 * abs(trial.metric) * (exp(-4 * checkpoint / CHECKPOINTS) - exp(-4))
    rising = job.definitions[trial.definition].objective.type == "Maximize"
    return round(trial.metric - distance if rising else trial.metric + distance, 6)


def not_improving(job: TuningJob) -> list[float]:
    """When each evaluated training job ended that came after the last to improve the best by more than 1%."""
    evaluated = (trial for trial in job.trials if trial.objective_status == "Succeeded")
    ended = sorted((trial.ended or 0.0, trial.plan.name, _score(job, trial)) for trial in evaluated)
    best: float | None = None
    since: list[float] = []
    for moment, _, score in ended:
        if score is None:
            continue
        if best is None or score - best > IMPROVEMENT * abs(best):
            best, since = score, []
        else:
            since.append(moment)
    return since
