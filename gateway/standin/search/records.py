"""What Search looks at: a tuning or training job, read one member at a time.

The members most searches ask for are read straight from the job; any other costs the whole description, which is made
once per record and search.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from gateway.standin import describe
from gateway.standin.lifecycle import Trial, TuningJob
from gateway.standin.words import Words, failure_reason, tag_list, timestamp
from gateway.standin.worlds.sight import Sight


class Record(Protocol):
    """A tuning or training job."""

    @property
    def name(self) -> str:
        """Its name, by which ties are broken."""

    def tags(self) -> Mapping[str, str]:
        """Its tags."""

    def member(self, name: str) -> object:
        """One member of its description; None if it has none."""

    def words(self) -> Words:
        """All Describe says of it, and its tags."""


class TuningRecord:
    """A tuning job."""

    def __init__(self, sight: Sight, job: TuningJob) -> None:
        self._sight = sight
        self._job = job
        self._words: Words | None = None

    @property
    def name(self) -> str:
        """The tuning job's name."""
        return self._job.plan.name

    def tags(self) -> Mapping[str, str]:
        """The tuning job's tags."""
        return self._sight.tags(self._job)

    def member(self, name: str) -> object:
        """One member, straight from the job where that is possible."""
        read = TUNING.get(name)
        return read(self._job) if read else self.words().get(name)

    def words(self) -> Words:
        """The whole description."""
        if self._words is None:
            described = describe.tuning_job(self._job, self._sight.parents_of(self._job))
            self._words = described | {"Tags": tag_list(self.tags())}
        return self._words


class TrainingRecord:
    """A training job."""

    def __init__(self, sight: Sight, job: TuningJob, trial: Trial) -> None:
        self._sight = sight
        self._job = job
        self._trial = trial
        self._words: Words | None = None

    @property
    def name(self) -> str:
        """The training job's name."""
        return self._trial.plan.name

    def tags(self) -> Mapping[str, str]:
        """The training job's own tags."""
        return self._sight.tags(self._job, self._trial)

    def member(self, name: str) -> object:
        """One member, straight from the job where that is possible."""
        read = TRAINING.get(name)
        return read(self._job, self._trial) if read else self.words().get(name)

    def words(self) -> Words:
        """The whole description."""
        if self._words is None:
            self._words = describe.training_job(self._job, self._trial) | {"Tags": tag_list(self.tags())}
        return self._words


TUNING: Mapping[str, Callable[[TuningJob], object]] = {
    "HyperParameterTuningJobName": lambda job: job.plan.name,
    "HyperParameterTuningJobArn": lambda job: job.plan.arn,
    "HyperParameterTuningJobStatus": lambda job: job.status,
    "CreationTime": lambda job: timestamp(job.created),
    "HyperParameterTuningEndTime": lambda job: timestamp(job.ended),
    "LastModifiedTime": lambda job: timestamp(job.modified),
}
"""The quick members of a tuning job; each is what the description says, which a test holds them to."""

TRAINING: Mapping[str, Callable[[TuningJob, Trial], object]] = {
    "TrainingJobName": lambda _, trial: trial.plan.name,
    "TrainingJobArn": lambda job, trial: job.plan.training_job_arn(trial.plan),
    "TuningJobArn": lambda job, _: job.plan.arn,
    "TrainingJobStatus": lambda _, trial: trial.status,
    "FailureReason": lambda _, trial: failure_reason(trial),
    "HyperParameters": describe.hyper_parameters,
    "FinalMetricDataList": describe.final_metrics,
    "CreationTime": lambda _, trial: timestamp(trial.created),
    "TrainingStartTime": lambda _, trial: timestamp(trial.started),
    "LastModifiedTime": describe.last_modified,
}
"""The same of a training job."""
