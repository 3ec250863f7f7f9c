"""The vocabularies of what a training is launched with: its data, its algorithm, its instances."""

from gateway.model.words import Word


class TrainingInputMode(Word):
    """How input data reaches the training container."""

    PIPE = "Pipe"
    """Streamed through named pipes: read once per epoch, in order, without a file on disk."""
    FILE = "File"
    """Downloaded before the training starts, so the volume must hold all of it."""
    FAST_FILE = "FastFile"
    """Files that appear at once and are streamed from S3 when they are read; S3 sources only."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class TrainingRepositoryAccessMode(Word):
    """Where the training image is pulled from."""

    PLATFORM = "Platform"
    """From Amazon ECR."""
    VPC = "Vpc"
    """From a private registry that the job reaches through its VPC."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class S3DataType(Word):
    """What an S3 address stands for."""

    MANIFEST_FILE = "ManifestFile"
    """A manifest: a JSON file that lists the objects to use."""
    S3_PREFIX = "S3Prefix"
    """Every object whose key begins with it."""
    AUGMENTED_MANIFEST_FILE = "AugmentedManifestFile"
    """JSON lines that carry labels or other attributes beside each object; Pipe input only."""
    CONVERSE = "Converse"
    """Conversations written in the format of Bedrock's Converse API."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class S3DataDistribution(Word):
    """How the objects of a source are dealt out to the instances."""

    FULLY_REPLICATED = "FullyReplicated"
    """Every instance gets all of them."""
    SHARDED_BY_S3_KEY = "ShardedByS3Key"
    """Every instance gets its own share of the objects; with fewer objects than instances, some get none."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class FileSystemAccessMode(Word):
    """Whether the training may write to a mounted file system."""

    RW = "rw"
    """It may read and write."""
    RO = "ro"
    """It may only read."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class FileSystemType(Word):
    """The kind of a mounted file system."""

    EFS = "EFS"
    """Amazon Elastic File System."""
    FSX_LUSTRE = "FSxLustre"
    """Amazon FSx for Lustre."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class CompressionType(Word):
    """How input data is compressed."""

    NONE = "None"
    """Not compressed."""
    GZIP = "Gzip"
    """With gzip, and unpacked on the way in; Pipe input only."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class RecordWrapper(Word):
    """What SageMaker wraps each input object in."""

    NONE = "None"
    """Nothing: the objects are passed on as they are."""
    RECORD_IO = "RecordIO"
    """One RecordIO record for each object; Pipe input only."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class OutputCompressionType(Word):
    """How the model artifacts are packed."""

    GZIP = "GZIP"
    """One `model.tar.gz`."""
    NONE = "NONE"
    """A prefix with the files as they are, not one archive."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""


class AllocationStrategy(Word):
    """How a tuning job chooses among its alternative instances."""

    PRIORITIZED = "Prioritized"
    """In the order of the list: the next is tried when the one before lacks capacity."""
    UNKNOWN = ""
    """A word SageMaker has added since this gateway was built; the raw field beside this one has it."""
