"""What a training reads: its channels and where their data lies."""

from dataclasses import dataclass

from gateway.model.numbers import Long
from gateway.model.training_words import (
    CompressionType,
    FileSystemAccessMode,
    FileSystemType,
    RecordWrapper,
    S3DataDistribution,
    S3DataType,
    TrainingInputMode,
)


@dataclass(frozen=True, slots=True)
class S3DataSource:
    """Input data in S3."""

    s3_uri: str
    """A prefix or a manifest, as `s3DataType` says. A prefix is no folder: `s3://b/train` also takes in `s3://b/train2`."""
    s3_data_type: S3DataType
    """What the address stands for."""
    raw_s3_data_type: str
    """The data type in SageMaker's own word, also when `s3DataType` is UNKNOWN."""
    s3_data_distribution_type: S3DataDistribution | None
    """How the objects are dealt out to the instances. Null means FULLY_REPLICATED."""
    raw_s3_data_distribution_type: str | None
    """The distribution in SageMaker's own word, also when `s3DataDistributionType` is UNKNOWN."""
    attribute_names: tuple[str, ...]
    """The attributes read from each line of an augmented manifest; empty for any other source."""
    instance_group_names: tuple[str, ...]
    """The instance groups that get this data; empty when all do."""
    eula_accepted: bool | None
    """Whether the caller accepted the licence of a gated model kept here. Null where there is none to accept."""
    hub_content_arn: str | None
    """The private hub's content that grants access to this data; null when it lies in an ordinary bucket."""


@dataclass(frozen=True, slots=True)
class FileSystemDataSource:
    """Input data on a file system that every instance mounts."""

    file_system_id: str
    """The file system, by its own service's identifier."""
    file_system_type: FileSystemType
    """The service it belongs to."""
    raw_file_system_type: str
    """The file system type in SageMaker's own word, also when `fileSystemType` is UNKNOWN."""
    file_system_access_mode: FileSystemAccessMode
    """Whether the training may write to it."""
    raw_file_system_access_mode: str
    """The access mode in SageMaker's own word, also when `fileSystemAccessMode` is UNKNOWN."""
    directory_path: str
    """The directory to mount. On FSx for Lustre it begins with the file system's mount name."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A named stream of input data. One of its three sources is set."""

    name: str
    """The channel's name: the container finds its data in `/opt/ml/input/data/<name>`."""
    s3_data_source: S3DataSource | None
    """The data, where it lies in S3."""
    file_system_data_source: FileSystemDataSource | None
    """The data, where it lies on a file system; only for a training inside a VPC."""
    dataset_arn: str | None
    """The data, where it is a dataset of a SageMaker hub."""
    content_type: str | None
    """The data's MIME type. Built-in algorithms need it; others may not look at it."""
    compression_type: CompressionType | None
    """How the data is compressed. Null means NONE."""
    raw_compression_type: str | None
    """The compression in SageMaker's own word, also when `compressionType` is UNKNOWN."""
    record_wrapper_type: RecordWrapper | None
    """What each object is wrapped in on its way to the container. Null means NONE."""
    raw_record_wrapper_type: str | None
    """The wrapper in SageMaker's own word, also when `recordWrapperType` is UNKNOWN."""
    input_mode: TrainingInputMode | None
    """How this channel's data reaches the container. Null means the algorithm's own `trainingInputMode`."""
    raw_input_mode: str | None
    """The input mode in SageMaker's own word, also when `inputMode` is UNKNOWN."""
    shuffle_seed: Long | None
    """The seed that shuffles the order of objects or manifest lines, with PIPE anew every epoch. Null: no shuffle."""
