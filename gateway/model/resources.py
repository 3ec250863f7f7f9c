"""What a training runs on, and for how long it may."""

from dataclasses import dataclass

from gateway.model.training_words import AllocationStrategy


@dataclass(frozen=True, slots=True)
class InstanceGroup:
    """Instances of one type in a cluster of several types."""

    name: str
    """The group's name, to which channels refer."""
    instance_type: str
    """The instances' type, such as `ml.m5.xlarge`."""
    instance_count: int
    """How many instances the group has."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where some of the instances are placed."""

    ultra_server_id: str | None
    """The UltraServer that holds them; null leaves the choice to SageMaker."""
    instance_count: int
    """How many instances are placed there."""


@dataclass(frozen=True, slots=True)
class InstancePreference:
    """A kind of instance that will do, in a list with the most welcome first."""

    instance_type: str
    """The instances' type, such as `ml.m5.xlarge`."""
    instance_count: int | None
    """How many instances of it are needed. Null means the count given for the job as a whole."""
    training_plan_arns: tuple[str, ...]
    """The training plans whose reserved capacity may be used; empty for capacity on demand."""


@dataclass(frozen=True, slots=True)
class TrainingResources:
    """The instances of a training job. One of instance type, groups and preferences says which."""

    instance_type: str | None
    """The type of all instances, such as `ml.m5.xlarge`; null when groups or preferences say it."""
    instance_count: int | None
    """How many instances there are; null when the groups or each preference say it."""
    instance_groups: tuple[InstanceGroup, ...]
    """The cluster's groups; empty when all instances are of one type."""
    instance_preferences: tuple[InstancePreference, ...]
    """The alternatives offered to SageMaker; empty when there is no choice."""
    selected_instance_type: str | None
    """The alternative that SageMaker took. Null without preferences, and until it has chosen."""
    selected_instance_count: int | None
    """How many instances SageMaker took. Null without preferences, and until it has chosen."""
    volume_size_in_gb: int | None
    """The storage volume of each instance, in GB. Instance types with local NVMe disks use those instead."""
    volume_kms_key_id: str | None
    """The KMS key that encrypts the volumes. Null or empty: no key of the caller's."""
    keep_alive_period_in_seconds: int | None
    """How long the instances stay warm after the job, in seconds and billed. Null or 0: not at all."""
    training_plan_arn: str | None
    """The training plan whose reserved capacity is used; null for capacity on demand."""
    multiple_jobs_enabled: bool | None
    """Whether other jobs may share the UltraServers it is placed on. Null means that they may not."""
    placements: tuple[Placement, ...]
    """Where the instances are placed; empty leaves it to SageMaker."""


@dataclass(frozen=True, slots=True)
class TuningInstances:
    """One alternative among the instances a tuning job may use."""

    instance_type: str
    """The instances' type, such as `ml.m5.xlarge`."""
    instance_count: int
    """How many instances each training job gets."""
    volume_size_in_gb: int
    """The storage volume of each instance, in GB."""


@dataclass(frozen=True, slots=True)
class TuningResources:
    """The instances that a tuning job's training jobs may use: one kind, or a list of alternatives."""

    instance_type: str | None
    """The only type, such as `ml.m5.xlarge`; null when `instanceConfigs` lists alternatives."""
    instance_count: int | None
    """How many instances each training job gets; null when `instanceConfigs` lists alternatives."""
    volume_size_in_gb: int | None
    """The storage volume of each instance, in GB; null when `instanceConfigs` lists alternatives."""
    volume_kms_key_id: str | None
    """The KMS key that encrypts the volumes. Null or empty: no key of the caller's."""
    allocation_strategy: AllocationStrategy | None
    """How the alternatives are chosen among. Null means PRIORITIZED."""
    raw_allocation_strategy: str | None
    """The strategy in SageMaker's own word, also when `allocationStrategy` is UNKNOWN."""
    instance_configs: tuple[TuningInstances, ...]
    """The alternatives, the most welcome first; empty when there is one kind."""


@dataclass(frozen=True, slots=True)
class StoppingCondition:
    """How long a training job may take, all its attempts together. After that SageMaker stops it."""

    max_runtime_in_seconds: int | None
    """How long it may train, in seconds. Null means SageMaker's default, one day."""
    max_wait_time_in_seconds: int | None
    """How long it may take in all, waits for spot instances included, in seconds; null for a job on demand."""
    max_pending_time_in_seconds: int | None
    """How long it may wait for capacity before it starts, in seconds; null when nothing limits that."""
