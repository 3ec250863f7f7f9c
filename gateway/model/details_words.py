"""The vocabularies of what only DescribeTrainingJob knows of a training job."""

from gateway.model.words import Word


class SecondaryStatus(Word):
    """What a training job is doing, more finely than its status."""

    STARTING = "Starting"
    """Getting ready: instances are being found and started."""
    PENDING = "Pending"
    """Waiting for capacity, as in a training plan that has not begun."""
    LAUNCHING_ML_INSTANCES = "LaunchingMLInstances"
    """Starting instances. Older jobs only."""
    PREPARING_TRAINING_STACK = "PreparingTrainingStack"
    """Preparing instances. Older jobs only."""
    DOWNLOADING = "Downloading"
    """Downloading input data."""
    DOWNLOADING_TRAINING_IMAGE = "DownloadingTrainingImage"
    """Pulling the training image. Older jobs only."""
    TRAINING = "Training"
    """The container runs; pulling the image may be a part of it."""
    UPLOADING = "Uploading"
    """The training ended; its model artifacts are being uploaded."""
    UPDATING = "Updating"
    """A change of the running job, such as of its profiler, is being applied."""
    INTERRUPTED = "Interrupted"
    """Spot instances were taken away; it goes on when there are others."""
    RESTARTING = "Restarting"
    """Starting again after an interruption or a retried failure."""
    STOPPING = "Stopping"
    """A stop was asked for."""
    STOPPED = "Stopped"
    """Stopped before its end."""
    MAX_RUNTIME_EXCEEDED = "MaxRuntimeExceeded"
    """Stopped because it ran longer than it may."""
    MAX_WAIT_TIME_EXCEEDED = "MaxWaitTimeExceeded"
    """Stopped because it waited for spot instances longer than it may."""
    COMPLETED = "Completed"
    """Ended well."""
    FAILED = "Failed"
    """Failed; `failureReason` of the training job says why."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class WarmPoolResourceStatus(Word):
    """What became of the instances a training job left warm."""

    AVAILABLE = "Available"
    """Kept, billed, and waiting for a job that matches."""
    IN_USE = "InUse"
    """The job itself is still running on them."""
    REUSED = "Reused"
    """Another job took them over."""
    TERMINATED = "Terminated"
    """Released: none matched in time."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class RuleEvaluationStatus(Word):
    """How far a debugger or profiler rule has got."""

    IN_PROGRESS = "InProgress"
    """The rule is watching."""
    NO_ISSUES_FOUND = "NoIssuesFound"
    """The rule ended and found nothing."""
    ISSUES_FOUND = "IssuesFound"
    """The rule found what it looks for. The training goes on unless an action stops it."""
    ERROR = "Error"
    """The rule itself failed, which says nothing about the training."""
    STOPPING = "Stopping"
    """The rule is being stopped."""
    STOPPED = "Stopped"
    """The rule was stopped before its end."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class ProfilingStatus(Word):
    """Whether a training job is being profiled."""

    ENABLED = "Enabled"
    """It is."""
    DISABLED = "Disabled"
    """It is not."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class ServerlessJobType(Word):
    """What a serverless job does with its base model."""

    FINE_TUNING = "FineTuning"
    """Trains it further."""
    EVALUATION = "Evaluation"
    """Measures it."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class CustomizationTechnique(Word):
    """How a serverless job trains its base model further."""

    SFT = "SFT"
    """Supervised fine-tuning, on examples of good answers."""
    DPO = "DPO"
    """Direct preference optimisation, on pairs of a better and a worse answer."""
    RLVR = "RLVR"
    """Reinforcement learning with rewards that a program can verify."""
    RLAIF = "RLAIF"
    """Reinforcement learning with another model as the judge."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class Peft(Word):
    """How a serverless job trains fewer parameters than the model has."""

    LORA = "LORA"
    """Low-rank adapters beside frozen weights."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class EvaluationType(Word):
    """How a serverless job measures a model."""

    LLMAJ_EVALUATION = "LLMAJEvaluation"
    """Another language model judges its answers."""
    CUSTOM_SCORER_EVALUATION = "CustomScorerEvaluation"
    """The caller's own scorer rates its answers."""
    BENCHMARK_EVALUATION = "BenchmarkEvaluation"
    """It sits a standard benchmark."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""
