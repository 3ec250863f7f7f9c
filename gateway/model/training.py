"""What a definition and the training jobs launched from it share: the algorithm, the network, where results go.

What is read is in `channels`, what it runs on in `resources`.
"""

from dataclasses import dataclass

from gateway.model.training_words import OutputCompressionType, TrainingInputMode, TrainingRepositoryAccessMode


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """How SageMaker finds a metric in the training's log."""

    name: str
    """The metric's name, to which an objective refers."""
    regex: str
    """The expression searched for in each log line; its first group is the value."""


@dataclass(frozen=True, slots=True)
class AlgorithmSpecification:
    """The algorithm that trains: an image, or an algorithm resource by its name."""

    training_image: str | None
    """The image's registry path; null when `algorithmName` is set."""
    algorithm_name: str | None
    """The algorithm resource, by name or ARN: one made in the account, or bought in the Marketplace."""
    training_input_mode: TrainingInputMode
    """How input data reaches the container, for channels that do not say otherwise."""
    raw_training_input_mode: str
    """The input mode in SageMaker's own word, also when `trainingInputMode` is UNKNOWN."""
    metric_definitions: tuple[MetricDefinition, ...]
    """The metrics to look for; may be empty for a built-in algorithm, which brings its own."""


@dataclass(frozen=True, slots=True)
class TrainingAlgorithmSpecification(AlgorithmSpecification):
    """The algorithm of a training job, with how its container is started."""

    metrics_time_series_enabled: bool | None
    """Whether metrics are also kept as a time series for SageMaker's search and Studio."""
    container_entrypoint: tuple[str, ...]
    """What the container runs instead of the image's own entry point; empty when it runs that."""
    container_arguments: tuple[str, ...]
    """The arguments of the entry point; empty when there are none."""
    repository_access_mode: TrainingRepositoryAccessMode | None
    """Where the image is pulled from. Null means PLATFORM."""
    raw_repository_access_mode: str | None
    """The access mode in SageMaker's own word, also when `repositoryAccessMode` is UNKNOWN."""
    repository_credentials_provider_arn: str | None
    """The Lambda function that knows a private registry's credentials; null when the registry asks for none."""


@dataclass(frozen=True, slots=True)
class OutputData:
    """Where a training leaves its model artifacts."""

    s3_output_path: str
    """The S3 prefix of them all: a training job's own are below its name."""
    kms_key_id: str | None
    """The KMS key that encrypts them. Null or empty: the default S3 key of the role's account."""
    compression_type: OutputCompressionType | None
    """How they are packed. Null means GZIP."""
    raw_compression_type: str | None
    """The packing in SageMaker's own word, also when `compressionType` is UNKNOWN."""


@dataclass(frozen=True, slots=True)
class Vpc:
    """The network that a training's containers are joined to."""

    security_group_ids: tuple[str, ...]
    """The security groups of its network interfaces."""
    subnets: tuple[str, ...]
    """The subnets it may run in. Each instance takes an address from them."""


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Where a training keeps checkpoints, from which it can go on after an interruption."""

    s3_uri: str
    """The S3 prefix they are copied to while the training runs. Training jobs that share it see each other's."""
    local_path: str | None
    """Where the container writes them. Null means `/opt/ml/checkpoints`."""
