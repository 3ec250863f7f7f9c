"""AWS's closed vocabularies, in GraphQL's spelling: the member is our name, its value is AWS's word.

AWS adds words without notice (`Deleting` came in 2024), so every vocabulary has `UNKNOWN`, and whatever holds a
vocabulary's word keeps the raw word beside it.
"""

from enum import Enum
from typing import Self


class Vocabulary(Enum):
    """Words of which there is one of each, so that they are told apart by identity: Python's own enums hash names."""

    __hash__ = object.__hash__


class Word(Vocabulary):
    """A vocabulary that may grow under us."""

    @classmethod
    def of(cls, raw: str) -> Self:
        """The member for AWS's word, or `UNKNOWN` for one that came later."""
        return cls._value2member_map_.get(raw, cls["UNKNOWN"])  # type: ignore[return-value]  # the map is of cls


class TuningJobStatus(Word):
    """Where a tuning job stands in its life."""

    IN_PROGRESS = "InProgress"
    """Training jobs are running or still to be launched."""
    COMPLETED = "Completed"
    """All training jobs that were to run have run, or a completion criterion was met."""
    FAILED = "Failed"
    """The tuning job gave up; `failureReason` says why."""
    STOPPING = "Stopping"
    """A stop was asked for; the running training jobs are being stopped."""
    STOPPED = "Stopped"
    """Stopped before its end. Not a success: the best training job is the best of those that ran."""
    DELETING = "Deleting"
    """Its entry is being removed from SageMaker."""
    DELETE_FAILED = "DeleteFailed"
    """Its entry could not be removed."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class TrainingJobStatus(Word):
    """Where a training job stands in its life."""

    IN_PROGRESS = "InProgress"
    """The training job is starting, training or uploading."""
    COMPLETED = "Completed"
    """The training ended and its model was uploaded."""
    FAILED = "Failed"
    """The training failed; `failureReason` says why."""
    STOPPING = "Stopping"
    """A stop was asked for; the training has up to 120 seconds to end by itself."""
    STOPPED = "Stopped"
    """Stopped before its end, by a caller or by early stopping. Not a success."""
    DELETING = "Deleting"
    """Its entry is being removed from SageMaker."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class ObjectiveStatus(Word):
    """Whether the tuning job could use a training job's objective metric."""

    SUCCEEDED = "Succeeded"
    """The final metric was evaluated and used to choose further training jobs."""
    PENDING = "Pending"
    """The training job is running; its metric has still to be evaluated."""
    FAILED = "Failed"
    """No final metric was evaluated: the training job failed or never emitted it."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class ObjectiveType(Word):
    """Which way the objective metric points."""

    MAXIMIZE = "Maximize"
    """Larger is better."""
    MINIMIZE = "Minimize"
    """Smaller is better."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class TuningStrategy(Word):
    """How a tuning job chooses the next hyperparameters."""

    BAYESIAN = "Bayesian"
    """Each choice learns from the results so far."""
    RANDOM = "Random"
    """Independent draws; the only strategy whose limit can be raised to 10,000 training jobs."""
    HYPERBAND = "Hyperband"
    """Many short trainings, of which the promising ones get more resource."""
    GRID = "Grid"
    """Every combination of categorical values."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class ScalingType(Word):
    """The scale on which a numeric range is searched."""

    AUTO = "Auto"
    """SageMaker chooses."""
    LINEAR = "Linear"
    """Evenly over the values."""
    LOGARITHMIC = "Logarithmic"
    """Evenly over the logarithms; for ranges of positive values."""
    REVERSE_LOGARITHMIC = "ReverseLogarithmic"
    """Evenly over log(1 - x); for values close to one."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class EarlyStoppingType(Word):
    """Whether SageMaker stops training jobs that are unlikely to become the best."""

    OFF = "Off"
    """Every training job runs to its end. Always so with Hyperband, which stops jobs by itself."""
    AUTO = "Auto"
    """SageMaker may stop a training job early; it then ends as STOPPED."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class WarmStartType(Word):
    """How a warm start uses its parents."""

    IDENTICAL_DATA_AND_ALGORITHM = "IdenticalDataAndAlgorithm"
    """The parents used the same data and algorithm; their training jobs count among the candidates for the best."""
    TRANSFER_LEARNING = "TransferLearning"
    """The parents are similar; what they learned guides the search."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class AutotuneMode(Word):
    """Whether SageMaker chooses ranges and settings by itself."""

    ENABLED = "Enabled"
    """SageMaker chooses what the definition leaves out."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class CompleteOnConvergence(Word):
    """Whether the tuning job ends once SageMaker believes that it cannot improve."""

    ENABLED = "Enabled"
    """The tuning job completes when convergence is detected."""
    DISABLED = "Disabled"
    """Convergence is reported and the tuning job goes on."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""
