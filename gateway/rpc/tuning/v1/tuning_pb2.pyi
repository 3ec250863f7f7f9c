import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TuningJobView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TUNING_JOB_VIEW_UNSPECIFIED: _ClassVar[TuningJobView]
    TUNING_JOB_VIEW_BASIC: _ClassVar[TuningJobView]
    TUNING_JOB_VIEW_DESCRIBED: _ClassVar[TuningJobView]
    TUNING_JOB_VIEW_FULL: _ClassVar[TuningJobView]

class TrainingJobView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRAINING_JOB_VIEW_UNSPECIFIED: _ClassVar[TrainingJobView]
    TRAINING_JOB_VIEW_BASIC: _ClassVar[TrainingJobView]
    TRAINING_JOB_VIEW_FULL: _ClassVar[TrainingJobView]

class TuningJobStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TUNING_JOB_STATUS_UNSPECIFIED: _ClassVar[TuningJobStatus]
    TUNING_JOB_STATUS_UNKNOWN: _ClassVar[TuningJobStatus]
    TUNING_JOB_STATUS_IN_PROGRESS: _ClassVar[TuningJobStatus]
    TUNING_JOB_STATUS_COMPLETED: _ClassVar[TuningJobStatus]
    TUNING_JOB_STATUS_FAILED: _ClassVar[TuningJobStatus]
    TUNING_JOB_STATUS_STOPPING: _ClassVar[TuningJobStatus]
    TUNING_JOB_STATUS_STOPPED: _ClassVar[TuningJobStatus]
    TUNING_JOB_STATUS_DELETING: _ClassVar[TuningJobStatus]
    TUNING_JOB_STATUS_DELETE_FAILED: _ClassVar[TuningJobStatus]

class TuningStrategy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TUNING_STRATEGY_UNSPECIFIED: _ClassVar[TuningStrategy]
    TUNING_STRATEGY_UNKNOWN: _ClassVar[TuningStrategy]
    TUNING_STRATEGY_BAYESIAN: _ClassVar[TuningStrategy]
    TUNING_STRATEGY_RANDOM: _ClassVar[TuningStrategy]
    TUNING_STRATEGY_HYPERBAND: _ClassVar[TuningStrategy]
    TUNING_STRATEGY_GRID: _ClassVar[TuningStrategy]

class ObjectiveType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OBJECTIVE_TYPE_UNSPECIFIED: _ClassVar[ObjectiveType]
    OBJECTIVE_TYPE_UNKNOWN: _ClassVar[ObjectiveType]
    OBJECTIVE_TYPE_MAXIMIZE: _ClassVar[ObjectiveType]
    OBJECTIVE_TYPE_MINIMIZE: _ClassVar[ObjectiveType]

class ScalingType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCALING_TYPE_UNSPECIFIED: _ClassVar[ScalingType]
    SCALING_TYPE_UNKNOWN: _ClassVar[ScalingType]
    SCALING_TYPE_AUTO: _ClassVar[ScalingType]
    SCALING_TYPE_LINEAR: _ClassVar[ScalingType]
    SCALING_TYPE_LOGARITHMIC: _ClassVar[ScalingType]
    SCALING_TYPE_REVERSE_LOGARITHMIC: _ClassVar[ScalingType]

class TrainingInputMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRAINING_INPUT_MODE_UNSPECIFIED: _ClassVar[TrainingInputMode]
    TRAINING_INPUT_MODE_UNKNOWN: _ClassVar[TrainingInputMode]
    TRAINING_INPUT_MODE_PIPE: _ClassVar[TrainingInputMode]
    TRAINING_INPUT_MODE_FILE: _ClassVar[TrainingInputMode]
    TRAINING_INPUT_MODE_FAST_FILE: _ClassVar[TrainingInputMode]

class S3DataType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    S3_DATA_TYPE_UNSPECIFIED: _ClassVar[S3DataType]
    S3_DATA_TYPE_UNKNOWN: _ClassVar[S3DataType]
    S3_DATA_TYPE_MANIFEST_FILE: _ClassVar[S3DataType]
    S3_DATA_TYPE_S3_PREFIX: _ClassVar[S3DataType]
    S3_DATA_TYPE_AUGMENTED_MANIFEST_FILE: _ClassVar[S3DataType]
    S3_DATA_TYPE_CONVERSE: _ClassVar[S3DataType]

class S3DataDistribution(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    S3_DATA_DISTRIBUTION_UNSPECIFIED: _ClassVar[S3DataDistribution]
    S3_DATA_DISTRIBUTION_UNKNOWN: _ClassVar[S3DataDistribution]
    S3_DATA_DISTRIBUTION_FULLY_REPLICATED: _ClassVar[S3DataDistribution]
    S3_DATA_DISTRIBUTION_SHARDED_BY_S3_KEY: _ClassVar[S3DataDistribution]

class FileSystemType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FILE_SYSTEM_TYPE_UNSPECIFIED: _ClassVar[FileSystemType]
    FILE_SYSTEM_TYPE_UNKNOWN: _ClassVar[FileSystemType]
    FILE_SYSTEM_TYPE_EFS: _ClassVar[FileSystemType]
    FILE_SYSTEM_TYPE_FSX_LUSTRE: _ClassVar[FileSystemType]

class FileSystemAccessMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FILE_SYSTEM_ACCESS_MODE_UNSPECIFIED: _ClassVar[FileSystemAccessMode]
    FILE_SYSTEM_ACCESS_MODE_UNKNOWN: _ClassVar[FileSystemAccessMode]
    FILE_SYSTEM_ACCESS_MODE_RW: _ClassVar[FileSystemAccessMode]
    FILE_SYSTEM_ACCESS_MODE_RO: _ClassVar[FileSystemAccessMode]

class CompressionType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMPRESSION_TYPE_UNSPECIFIED: _ClassVar[CompressionType]
    COMPRESSION_TYPE_UNKNOWN: _ClassVar[CompressionType]
    COMPRESSION_TYPE_NONE: _ClassVar[CompressionType]
    COMPRESSION_TYPE_GZIP: _ClassVar[CompressionType]

class RecordWrapper(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECORD_WRAPPER_UNSPECIFIED: _ClassVar[RecordWrapper]
    RECORD_WRAPPER_UNKNOWN: _ClassVar[RecordWrapper]
    RECORD_WRAPPER_NONE: _ClassVar[RecordWrapper]
    RECORD_WRAPPER_RECORD_IO: _ClassVar[RecordWrapper]

class OutputCompressionType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTPUT_COMPRESSION_TYPE_UNSPECIFIED: _ClassVar[OutputCompressionType]
    OUTPUT_COMPRESSION_TYPE_UNKNOWN: _ClassVar[OutputCompressionType]
    OUTPUT_COMPRESSION_TYPE_GZIP: _ClassVar[OutputCompressionType]
    OUTPUT_COMPRESSION_TYPE_NONE: _ClassVar[OutputCompressionType]

class AllocationStrategy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ALLOCATION_STRATEGY_UNSPECIFIED: _ClassVar[AllocationStrategy]
    ALLOCATION_STRATEGY_UNKNOWN: _ClassVar[AllocationStrategy]
    ALLOCATION_STRATEGY_PRIORITIZED: _ClassVar[AllocationStrategy]

class TrainingJobStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRAINING_JOB_STATUS_UNSPECIFIED: _ClassVar[TrainingJobStatus]
    TRAINING_JOB_STATUS_UNKNOWN: _ClassVar[TrainingJobStatus]
    TRAINING_JOB_STATUS_IN_PROGRESS: _ClassVar[TrainingJobStatus]
    TRAINING_JOB_STATUS_COMPLETED: _ClassVar[TrainingJobStatus]
    TRAINING_JOB_STATUS_FAILED: _ClassVar[TrainingJobStatus]
    TRAINING_JOB_STATUS_STOPPING: _ClassVar[TrainingJobStatus]
    TRAINING_JOB_STATUS_STOPPED: _ClassVar[TrainingJobStatus]
    TRAINING_JOB_STATUS_DELETING: _ClassVar[TrainingJobStatus]

class ObjectiveStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OBJECTIVE_STATUS_UNSPECIFIED: _ClassVar[ObjectiveStatus]
    OBJECTIVE_STATUS_UNKNOWN: _ClassVar[ObjectiveStatus]
    OBJECTIVE_STATUS_SUCCEEDED: _ClassVar[ObjectiveStatus]
    OBJECTIVE_STATUS_PENDING: _ClassVar[ObjectiveStatus]
    OBJECTIVE_STATUS_FAILED: _ClassVar[ObjectiveStatus]

class SecondaryStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SECONDARY_STATUS_UNSPECIFIED: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_UNKNOWN: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_STARTING: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_PENDING: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_LAUNCHING_ML_INSTANCES: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_PREPARING_TRAINING_STACK: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_DOWNLOADING: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_DOWNLOADING_TRAINING_IMAGE: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_TRAINING: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_UPLOADING: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_UPDATING: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_INTERRUPTED: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_RESTARTING: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_STOPPING: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_STOPPED: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_MAX_RUNTIME_EXCEEDED: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_MAX_WAIT_TIME_EXCEEDED: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_COMPLETED: _ClassVar[SecondaryStatus]
    SECONDARY_STATUS_FAILED: _ClassVar[SecondaryStatus]

class TrainingRepositoryAccessMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRAINING_REPOSITORY_ACCESS_MODE_UNSPECIFIED: _ClassVar[TrainingRepositoryAccessMode]
    TRAINING_REPOSITORY_ACCESS_MODE_UNKNOWN: _ClassVar[TrainingRepositoryAccessMode]
    TRAINING_REPOSITORY_ACCESS_MODE_PLATFORM: _ClassVar[TrainingRepositoryAccessMode]
    TRAINING_REPOSITORY_ACCESS_MODE_VPC: _ClassVar[TrainingRepositoryAccessMode]

class WarmPoolResourceStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WARM_POOL_RESOURCE_STATUS_UNSPECIFIED: _ClassVar[WarmPoolResourceStatus]
    WARM_POOL_RESOURCE_STATUS_UNKNOWN: _ClassVar[WarmPoolResourceStatus]
    WARM_POOL_RESOURCE_STATUS_AVAILABLE: _ClassVar[WarmPoolResourceStatus]
    WARM_POOL_RESOURCE_STATUS_IN_USE: _ClassVar[WarmPoolResourceStatus]
    WARM_POOL_RESOURCE_STATUS_REUSED: _ClassVar[WarmPoolResourceStatus]
    WARM_POOL_RESOURCE_STATUS_TERMINATED: _ClassVar[WarmPoolResourceStatus]

class RuleEvaluationStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RULE_EVALUATION_STATUS_UNSPECIFIED: _ClassVar[RuleEvaluationStatus]
    RULE_EVALUATION_STATUS_UNKNOWN: _ClassVar[RuleEvaluationStatus]
    RULE_EVALUATION_STATUS_IN_PROGRESS: _ClassVar[RuleEvaluationStatus]
    RULE_EVALUATION_STATUS_NO_ISSUES_FOUND: _ClassVar[RuleEvaluationStatus]
    RULE_EVALUATION_STATUS_ISSUES_FOUND: _ClassVar[RuleEvaluationStatus]
    RULE_EVALUATION_STATUS_ERROR: _ClassVar[RuleEvaluationStatus]
    RULE_EVALUATION_STATUS_STOPPING: _ClassVar[RuleEvaluationStatus]
    RULE_EVALUATION_STATUS_STOPPED: _ClassVar[RuleEvaluationStatus]

class ProfilingStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROFILING_STATUS_UNSPECIFIED: _ClassVar[ProfilingStatus]
    PROFILING_STATUS_UNKNOWN: _ClassVar[ProfilingStatus]
    PROFILING_STATUS_ENABLED: _ClassVar[ProfilingStatus]
    PROFILING_STATUS_DISABLED: _ClassVar[ProfilingStatus]

class ServerlessJobType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SERVERLESS_JOB_TYPE_UNSPECIFIED: _ClassVar[ServerlessJobType]
    SERVERLESS_JOB_TYPE_UNKNOWN: _ClassVar[ServerlessJobType]
    SERVERLESS_JOB_TYPE_FINE_TUNING: _ClassVar[ServerlessJobType]
    SERVERLESS_JOB_TYPE_EVALUATION: _ClassVar[ServerlessJobType]

class CustomizationTechnique(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CUSTOMIZATION_TECHNIQUE_UNSPECIFIED: _ClassVar[CustomizationTechnique]
    CUSTOMIZATION_TECHNIQUE_UNKNOWN: _ClassVar[CustomizationTechnique]
    CUSTOMIZATION_TECHNIQUE_SFT: _ClassVar[CustomizationTechnique]
    CUSTOMIZATION_TECHNIQUE_DPO: _ClassVar[CustomizationTechnique]
    CUSTOMIZATION_TECHNIQUE_RLVR: _ClassVar[CustomizationTechnique]
    CUSTOMIZATION_TECHNIQUE_RLAIF: _ClassVar[CustomizationTechnique]

class Peft(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PEFT_UNSPECIFIED: _ClassVar[Peft]
    PEFT_UNKNOWN: _ClassVar[Peft]
    PEFT_LORA: _ClassVar[Peft]

class EvaluationType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVALUATION_TYPE_UNSPECIFIED: _ClassVar[EvaluationType]
    EVALUATION_TYPE_UNKNOWN: _ClassVar[EvaluationType]
    EVALUATION_TYPE_LLMAJ_EVALUATION: _ClassVar[EvaluationType]
    EVALUATION_TYPE_CUSTOM_SCORER_EVALUATION: _ClassVar[EvaluationType]
    EVALUATION_TYPE_BENCHMARK_EVALUATION: _ClassVar[EvaluationType]

class WarmStartType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WARM_START_TYPE_UNSPECIFIED: _ClassVar[WarmStartType]
    WARM_START_TYPE_UNKNOWN: _ClassVar[WarmStartType]
    WARM_START_TYPE_IDENTICAL_DATA_AND_ALGORITHM: _ClassVar[WarmStartType]
    WARM_START_TYPE_TRANSFER_LEARNING: _ClassVar[WarmStartType]

class AutotuneMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AUTOTUNE_MODE_UNSPECIFIED: _ClassVar[AutotuneMode]
    AUTOTUNE_MODE_UNKNOWN: _ClassVar[AutotuneMode]
    AUTOTUNE_MODE_ENABLED: _ClassVar[AutotuneMode]

class EarlyStoppingType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EARLY_STOPPING_TYPE_UNSPECIFIED: _ClassVar[EarlyStoppingType]
    EARLY_STOPPING_TYPE_UNKNOWN: _ClassVar[EarlyStoppingType]
    EARLY_STOPPING_TYPE_OFF: _ClassVar[EarlyStoppingType]
    EARLY_STOPPING_TYPE_AUTO: _ClassVar[EarlyStoppingType]

class CompleteOnConvergence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMPLETE_ON_CONVERGENCE_UNSPECIFIED: _ClassVar[CompleteOnConvergence]
    COMPLETE_ON_CONVERGENCE_UNKNOWN: _ClassVar[CompleteOnConvergence]
    COMPLETE_ON_CONVERGENCE_ENABLED: _ClassVar[CompleteOnConvergence]
    COMPLETE_ON_CONVERGENCE_DISABLED: _ClassVar[CompleteOnConvergence]

class SortOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SORT_ORDER_UNSPECIFIED: _ClassVar[SortOrder]
    SORT_ORDER_ASCENDING: _ClassVar[SortOrder]
    SORT_ORDER_DESCENDING: _ClassVar[SortOrder]

class TrainingJobSortBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRAINING_JOB_SORT_BY_UNSPECIFIED: _ClassVar[TrainingJobSortBy]
    TRAINING_JOB_SORT_BY_NAME: _ClassVar[TrainingJobSortBy]
    TRAINING_JOB_SORT_BY_CREATION_TIME: _ClassVar[TrainingJobSortBy]
    TRAINING_JOB_SORT_BY_STATUS: _ClassVar[TrainingJobSortBy]
    TRAINING_JOB_SORT_BY_FINAL_OBJECTIVE_METRIC_VALUE: _ClassVar[TrainingJobSortBy]
    TRAINING_JOB_SORT_BY_BEST_OBJECTIVE: _ClassVar[TrainingJobSortBy]

class TuningJobSortBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TUNING_JOB_SORT_BY_UNSPECIFIED: _ClassVar[TuningJobSortBy]
    TUNING_JOB_SORT_BY_NAME: _ClassVar[TuningJobSortBy]
    TUNING_JOB_SORT_BY_STATUS: _ClassVar[TuningJobSortBy]
    TUNING_JOB_SORT_BY_CREATION_TIME: _ClassVar[TuningJobSortBy]

class StopOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STOP_OUTCOME_UNSPECIFIED: _ClassVar[StopOutcome]
    STOP_OUTCOME_STOPPING: _ClassVar[StopOutcome]
    STOP_OUTCOME_ALREADY_STOPPING: _ClassVar[StopOutcome]
    STOP_OUTCOME_ALREADY_FINISHED: _ClassVar[StopOutcome]
TUNING_JOB_VIEW_UNSPECIFIED: TuningJobView
TUNING_JOB_VIEW_BASIC: TuningJobView
TUNING_JOB_VIEW_DESCRIBED: TuningJobView
TUNING_JOB_VIEW_FULL: TuningJobView
TRAINING_JOB_VIEW_UNSPECIFIED: TrainingJobView
TRAINING_JOB_VIEW_BASIC: TrainingJobView
TRAINING_JOB_VIEW_FULL: TrainingJobView
TUNING_JOB_STATUS_UNSPECIFIED: TuningJobStatus
TUNING_JOB_STATUS_UNKNOWN: TuningJobStatus
TUNING_JOB_STATUS_IN_PROGRESS: TuningJobStatus
TUNING_JOB_STATUS_COMPLETED: TuningJobStatus
TUNING_JOB_STATUS_FAILED: TuningJobStatus
TUNING_JOB_STATUS_STOPPING: TuningJobStatus
TUNING_JOB_STATUS_STOPPED: TuningJobStatus
TUNING_JOB_STATUS_DELETING: TuningJobStatus
TUNING_JOB_STATUS_DELETE_FAILED: TuningJobStatus
TUNING_STRATEGY_UNSPECIFIED: TuningStrategy
TUNING_STRATEGY_UNKNOWN: TuningStrategy
TUNING_STRATEGY_BAYESIAN: TuningStrategy
TUNING_STRATEGY_RANDOM: TuningStrategy
TUNING_STRATEGY_HYPERBAND: TuningStrategy
TUNING_STRATEGY_GRID: TuningStrategy
OBJECTIVE_TYPE_UNSPECIFIED: ObjectiveType
OBJECTIVE_TYPE_UNKNOWN: ObjectiveType
OBJECTIVE_TYPE_MAXIMIZE: ObjectiveType
OBJECTIVE_TYPE_MINIMIZE: ObjectiveType
SCALING_TYPE_UNSPECIFIED: ScalingType
SCALING_TYPE_UNKNOWN: ScalingType
SCALING_TYPE_AUTO: ScalingType
SCALING_TYPE_LINEAR: ScalingType
SCALING_TYPE_LOGARITHMIC: ScalingType
SCALING_TYPE_REVERSE_LOGARITHMIC: ScalingType
TRAINING_INPUT_MODE_UNSPECIFIED: TrainingInputMode
TRAINING_INPUT_MODE_UNKNOWN: TrainingInputMode
TRAINING_INPUT_MODE_PIPE: TrainingInputMode
TRAINING_INPUT_MODE_FILE: TrainingInputMode
TRAINING_INPUT_MODE_FAST_FILE: TrainingInputMode
S3_DATA_TYPE_UNSPECIFIED: S3DataType
S3_DATA_TYPE_UNKNOWN: S3DataType
S3_DATA_TYPE_MANIFEST_FILE: S3DataType
S3_DATA_TYPE_S3_PREFIX: S3DataType
S3_DATA_TYPE_AUGMENTED_MANIFEST_FILE: S3DataType
S3_DATA_TYPE_CONVERSE: S3DataType
S3_DATA_DISTRIBUTION_UNSPECIFIED: S3DataDistribution
S3_DATA_DISTRIBUTION_UNKNOWN: S3DataDistribution
S3_DATA_DISTRIBUTION_FULLY_REPLICATED: S3DataDistribution
S3_DATA_DISTRIBUTION_SHARDED_BY_S3_KEY: S3DataDistribution
FILE_SYSTEM_TYPE_UNSPECIFIED: FileSystemType
FILE_SYSTEM_TYPE_UNKNOWN: FileSystemType
FILE_SYSTEM_TYPE_EFS: FileSystemType
FILE_SYSTEM_TYPE_FSX_LUSTRE: FileSystemType
FILE_SYSTEM_ACCESS_MODE_UNSPECIFIED: FileSystemAccessMode
FILE_SYSTEM_ACCESS_MODE_UNKNOWN: FileSystemAccessMode
FILE_SYSTEM_ACCESS_MODE_RW: FileSystemAccessMode
FILE_SYSTEM_ACCESS_MODE_RO: FileSystemAccessMode
COMPRESSION_TYPE_UNSPECIFIED: CompressionType
COMPRESSION_TYPE_UNKNOWN: CompressionType
COMPRESSION_TYPE_NONE: CompressionType
COMPRESSION_TYPE_GZIP: CompressionType
RECORD_WRAPPER_UNSPECIFIED: RecordWrapper
RECORD_WRAPPER_UNKNOWN: RecordWrapper
RECORD_WRAPPER_NONE: RecordWrapper
RECORD_WRAPPER_RECORD_IO: RecordWrapper
OUTPUT_COMPRESSION_TYPE_UNSPECIFIED: OutputCompressionType
OUTPUT_COMPRESSION_TYPE_UNKNOWN: OutputCompressionType
OUTPUT_COMPRESSION_TYPE_GZIP: OutputCompressionType
OUTPUT_COMPRESSION_TYPE_NONE: OutputCompressionType
ALLOCATION_STRATEGY_UNSPECIFIED: AllocationStrategy
ALLOCATION_STRATEGY_UNKNOWN: AllocationStrategy
ALLOCATION_STRATEGY_PRIORITIZED: AllocationStrategy
TRAINING_JOB_STATUS_UNSPECIFIED: TrainingJobStatus
TRAINING_JOB_STATUS_UNKNOWN: TrainingJobStatus
TRAINING_JOB_STATUS_IN_PROGRESS: TrainingJobStatus
TRAINING_JOB_STATUS_COMPLETED: TrainingJobStatus
TRAINING_JOB_STATUS_FAILED: TrainingJobStatus
TRAINING_JOB_STATUS_STOPPING: TrainingJobStatus
TRAINING_JOB_STATUS_STOPPED: TrainingJobStatus
TRAINING_JOB_STATUS_DELETING: TrainingJobStatus
OBJECTIVE_STATUS_UNSPECIFIED: ObjectiveStatus
OBJECTIVE_STATUS_UNKNOWN: ObjectiveStatus
OBJECTIVE_STATUS_SUCCEEDED: ObjectiveStatus
OBJECTIVE_STATUS_PENDING: ObjectiveStatus
OBJECTIVE_STATUS_FAILED: ObjectiveStatus
SECONDARY_STATUS_UNSPECIFIED: SecondaryStatus
SECONDARY_STATUS_UNKNOWN: SecondaryStatus
SECONDARY_STATUS_STARTING: SecondaryStatus
SECONDARY_STATUS_PENDING: SecondaryStatus
SECONDARY_STATUS_LAUNCHING_ML_INSTANCES: SecondaryStatus
SECONDARY_STATUS_PREPARING_TRAINING_STACK: SecondaryStatus
SECONDARY_STATUS_DOWNLOADING: SecondaryStatus
SECONDARY_STATUS_DOWNLOADING_TRAINING_IMAGE: SecondaryStatus
SECONDARY_STATUS_TRAINING: SecondaryStatus
SECONDARY_STATUS_UPLOADING: SecondaryStatus
SECONDARY_STATUS_UPDATING: SecondaryStatus
SECONDARY_STATUS_INTERRUPTED: SecondaryStatus
SECONDARY_STATUS_RESTARTING: SecondaryStatus
SECONDARY_STATUS_STOPPING: SecondaryStatus
SECONDARY_STATUS_STOPPED: SecondaryStatus
SECONDARY_STATUS_MAX_RUNTIME_EXCEEDED: SecondaryStatus
SECONDARY_STATUS_MAX_WAIT_TIME_EXCEEDED: SecondaryStatus
SECONDARY_STATUS_COMPLETED: SecondaryStatus
SECONDARY_STATUS_FAILED: SecondaryStatus
TRAINING_REPOSITORY_ACCESS_MODE_UNSPECIFIED: TrainingRepositoryAccessMode
TRAINING_REPOSITORY_ACCESS_MODE_UNKNOWN: TrainingRepositoryAccessMode
TRAINING_REPOSITORY_ACCESS_MODE_PLATFORM: TrainingRepositoryAccessMode
TRAINING_REPOSITORY_ACCESS_MODE_VPC: TrainingRepositoryAccessMode
WARM_POOL_RESOURCE_STATUS_UNSPECIFIED: WarmPoolResourceStatus
WARM_POOL_RESOURCE_STATUS_UNKNOWN: WarmPoolResourceStatus
WARM_POOL_RESOURCE_STATUS_AVAILABLE: WarmPoolResourceStatus
WARM_POOL_RESOURCE_STATUS_IN_USE: WarmPoolResourceStatus
WARM_POOL_RESOURCE_STATUS_REUSED: WarmPoolResourceStatus
WARM_POOL_RESOURCE_STATUS_TERMINATED: WarmPoolResourceStatus
RULE_EVALUATION_STATUS_UNSPECIFIED: RuleEvaluationStatus
RULE_EVALUATION_STATUS_UNKNOWN: RuleEvaluationStatus
RULE_EVALUATION_STATUS_IN_PROGRESS: RuleEvaluationStatus
RULE_EVALUATION_STATUS_NO_ISSUES_FOUND: RuleEvaluationStatus
RULE_EVALUATION_STATUS_ISSUES_FOUND: RuleEvaluationStatus
RULE_EVALUATION_STATUS_ERROR: RuleEvaluationStatus
RULE_EVALUATION_STATUS_STOPPING: RuleEvaluationStatus
RULE_EVALUATION_STATUS_STOPPED: RuleEvaluationStatus
PROFILING_STATUS_UNSPECIFIED: ProfilingStatus
PROFILING_STATUS_UNKNOWN: ProfilingStatus
PROFILING_STATUS_ENABLED: ProfilingStatus
PROFILING_STATUS_DISABLED: ProfilingStatus
SERVERLESS_JOB_TYPE_UNSPECIFIED: ServerlessJobType
SERVERLESS_JOB_TYPE_UNKNOWN: ServerlessJobType
SERVERLESS_JOB_TYPE_FINE_TUNING: ServerlessJobType
SERVERLESS_JOB_TYPE_EVALUATION: ServerlessJobType
CUSTOMIZATION_TECHNIQUE_UNSPECIFIED: CustomizationTechnique
CUSTOMIZATION_TECHNIQUE_UNKNOWN: CustomizationTechnique
CUSTOMIZATION_TECHNIQUE_SFT: CustomizationTechnique
CUSTOMIZATION_TECHNIQUE_DPO: CustomizationTechnique
CUSTOMIZATION_TECHNIQUE_RLVR: CustomizationTechnique
CUSTOMIZATION_TECHNIQUE_RLAIF: CustomizationTechnique
PEFT_UNSPECIFIED: Peft
PEFT_UNKNOWN: Peft
PEFT_LORA: Peft
EVALUATION_TYPE_UNSPECIFIED: EvaluationType
EVALUATION_TYPE_UNKNOWN: EvaluationType
EVALUATION_TYPE_LLMAJ_EVALUATION: EvaluationType
EVALUATION_TYPE_CUSTOM_SCORER_EVALUATION: EvaluationType
EVALUATION_TYPE_BENCHMARK_EVALUATION: EvaluationType
WARM_START_TYPE_UNSPECIFIED: WarmStartType
WARM_START_TYPE_UNKNOWN: WarmStartType
WARM_START_TYPE_IDENTICAL_DATA_AND_ALGORITHM: WarmStartType
WARM_START_TYPE_TRANSFER_LEARNING: WarmStartType
AUTOTUNE_MODE_UNSPECIFIED: AutotuneMode
AUTOTUNE_MODE_UNKNOWN: AutotuneMode
AUTOTUNE_MODE_ENABLED: AutotuneMode
EARLY_STOPPING_TYPE_UNSPECIFIED: EarlyStoppingType
EARLY_STOPPING_TYPE_UNKNOWN: EarlyStoppingType
EARLY_STOPPING_TYPE_OFF: EarlyStoppingType
EARLY_STOPPING_TYPE_AUTO: EarlyStoppingType
COMPLETE_ON_CONVERGENCE_UNSPECIFIED: CompleteOnConvergence
COMPLETE_ON_CONVERGENCE_UNKNOWN: CompleteOnConvergence
COMPLETE_ON_CONVERGENCE_ENABLED: CompleteOnConvergence
COMPLETE_ON_CONVERGENCE_DISABLED: CompleteOnConvergence
SORT_ORDER_UNSPECIFIED: SortOrder
SORT_ORDER_ASCENDING: SortOrder
SORT_ORDER_DESCENDING: SortOrder
TRAINING_JOB_SORT_BY_UNSPECIFIED: TrainingJobSortBy
TRAINING_JOB_SORT_BY_NAME: TrainingJobSortBy
TRAINING_JOB_SORT_BY_CREATION_TIME: TrainingJobSortBy
TRAINING_JOB_SORT_BY_STATUS: TrainingJobSortBy
TRAINING_JOB_SORT_BY_FINAL_OBJECTIVE_METRIC_VALUE: TrainingJobSortBy
TRAINING_JOB_SORT_BY_BEST_OBJECTIVE: TrainingJobSortBy
TUNING_JOB_SORT_BY_UNSPECIFIED: TuningJobSortBy
TUNING_JOB_SORT_BY_NAME: TuningJobSortBy
TUNING_JOB_SORT_BY_STATUS: TuningJobSortBy
TUNING_JOB_SORT_BY_CREATION_TIME: TuningJobSortBy
STOP_OUTCOME_UNSPECIFIED: StopOutcome
STOP_OUTCOME_STOPPING: StopOutcome
STOP_OUTCOME_ALREADY_STOPPING: StopOutcome
STOP_OUTCOME_ALREADY_FINISHED: StopOutcome

class GetTuningJobRequest(_message.Message):
    __slots__ = ("team", "name", "view")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    team: str
    name: str
    view: TuningJobView
    def __init__(self, team: _Optional[str] = ..., name: _Optional[str] = ..., view: _Optional[_Union[TuningJobView, str]] = ...) -> None: ...

class GetTuningJobResponse(_message.Message):
    __slots__ = ("tuning_job",)
    TUNING_JOB_FIELD_NUMBER: _ClassVar[int]
    tuning_job: TuningJob
    def __init__(self, tuning_job: _Optional[_Union[TuningJob, _Mapping]] = ...) -> None: ...

class ListTuningJobsRequest(_message.Message):
    __slots__ = ("team", "page_size", "page_token", "name_contains", "status", "creation_time_after", "creation_time_before", "last_modified_time_after", "last_modified_time_before", "sort_by", "sort_order", "view")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NAME_CONTAINS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CREATION_TIME_AFTER_FIELD_NUMBER: _ClassVar[int]
    CREATION_TIME_BEFORE_FIELD_NUMBER: _ClassVar[int]
    LAST_MODIFIED_TIME_AFTER_FIELD_NUMBER: _ClassVar[int]
    LAST_MODIFIED_TIME_BEFORE_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    team: str
    page_size: int
    page_token: str
    name_contains: str
    status: TuningJobStatus
    creation_time_after: _timestamp_pb2.Timestamp
    creation_time_before: _timestamp_pb2.Timestamp
    last_modified_time_after: _timestamp_pb2.Timestamp
    last_modified_time_before: _timestamp_pb2.Timestamp
    sort_by: TuningJobSortBy
    sort_order: SortOrder
    view: TuningJobView
    def __init__(self, team: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., name_contains: _Optional[str] = ..., status: _Optional[_Union[TuningJobStatus, str]] = ..., creation_time_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., creation_time_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_modified_time_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_modified_time_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sort_by: _Optional[_Union[TuningJobSortBy, str]] = ..., sort_order: _Optional[_Union[SortOrder, str]] = ..., view: _Optional[_Union[TuningJobView, str]] = ...) -> None: ...

class ListTuningJobsResponse(_message.Message):
    __slots__ = ("tuning_jobs", "next_page_token", "total_size", "as_of", "stale", "interruption")
    TUNING_JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    INTERRUPTION_FIELD_NUMBER: _ClassVar[int]
    tuning_jobs: _containers.RepeatedCompositeFieldContainer[TuningJob]
    next_page_token: str
    total_size: int
    as_of: _timestamp_pb2.Timestamp
    stale: bool
    interruption: Interruption
    def __init__(self, tuning_jobs: _Optional[_Iterable[_Union[TuningJob, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., stale: _Optional[bool] = ..., interruption: _Optional[_Union[Interruption, _Mapping]] = ...) -> None: ...

class GetTrainingJobRequest(_message.Message):
    __slots__ = ("team", "tuning_job", "name", "view")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    TUNING_JOB_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    team: str
    tuning_job: str
    name: str
    view: TrainingJobView
    def __init__(self, team: _Optional[str] = ..., tuning_job: _Optional[str] = ..., name: _Optional[str] = ..., view: _Optional[_Union[TrainingJobView, str]] = ...) -> None: ...

class GetTrainingJobResponse(_message.Message):
    __slots__ = ("training_job",)
    TRAINING_JOB_FIELD_NUMBER: _ClassVar[int]
    training_job: TrainingJob
    def __init__(self, training_job: _Optional[_Union[TrainingJob, _Mapping]] = ...) -> None: ...

class ListTrainingJobsRequest(_message.Message):
    __slots__ = ("team", "tuning_job", "page_size", "page_token", "status", "sort_by", "sort_order", "view")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    TUNING_JOB_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    team: str
    tuning_job: str
    page_size: int
    page_token: str
    status: TrainingJobStatus
    sort_by: TrainingJobSortBy
    sort_order: SortOrder
    view: TrainingJobView
    def __init__(self, team: _Optional[str] = ..., tuning_job: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., status: _Optional[_Union[TrainingJobStatus, str]] = ..., sort_by: _Optional[_Union[TrainingJobSortBy, str]] = ..., sort_order: _Optional[_Union[SortOrder, str]] = ..., view: _Optional[_Union[TrainingJobView, str]] = ...) -> None: ...

class ListTrainingJobsResponse(_message.Message):
    __slots__ = ("training_jobs", "next_page_token", "total_size", "as_of", "stale", "interruption")
    TRAINING_JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    INTERRUPTION_FIELD_NUMBER: _ClassVar[int]
    training_jobs: _containers.RepeatedCompositeFieldContainer[TrainingJob]
    next_page_token: str
    total_size: int
    as_of: _timestamp_pb2.Timestamp
    stale: bool
    interruption: Interruption
    def __init__(self, training_jobs: _Optional[_Iterable[_Union[TrainingJob, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., stale: _Optional[bool] = ..., interruption: _Optional[_Union[Interruption, _Mapping]] = ...) -> None: ...

class Interruption(_message.Message):
    __slots__ = ("reason", "status", "message", "retry_delay")
    REASON_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RETRY_DELAY_FIELD_NUMBER: _ClassVar[int]
    reason: str
    status: int
    message: str
    retry_delay: _duration_pb2.Duration
    def __init__(self, reason: _Optional[str] = ..., status: _Optional[int] = ..., message: _Optional[str] = ..., retry_delay: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class WatchTuningJobRequest(_message.Message):
    __slots__ = ("team", "name")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    team: str
    name: str
    def __init__(self, team: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class WatchTuningJobResponse(_message.Message):
    __slots__ = ("tuning_job",)
    TUNING_JOB_FIELD_NUMBER: _ClassVar[int]
    tuning_job: TuningJob
    def __init__(self, tuning_job: _Optional[_Union[TuningJob, _Mapping]] = ...) -> None: ...

class StopTuningJobRequest(_message.Message):
    __slots__ = ("team", "name")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    team: str
    name: str
    def __init__(self, team: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class StopTuningJobResponse(_message.Message):
    __slots__ = ("outcome", "tuning_job")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    TUNING_JOB_FIELD_NUMBER: _ClassVar[int]
    outcome: StopOutcome
    tuning_job: TuningJob
    def __init__(self, outcome: _Optional[_Union[StopOutcome, str]] = ..., tuning_job: _Optional[_Union[TuningJob, _Mapping]] = ...) -> None: ...

class StopTrainingJobRequest(_message.Message):
    __slots__ = ("team", "tuning_job", "name")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    TUNING_JOB_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    team: str
    tuning_job: str
    name: str
    def __init__(self, team: _Optional[str] = ..., tuning_job: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class StopTrainingJobResponse(_message.Message):
    __slots__ = ("outcome", "training_job")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    TRAINING_JOB_FIELD_NUMBER: _ClassVar[int]
    outcome: StopOutcome
    training_job: TrainingJob
    def __init__(self, outcome: _Optional[_Union[StopOutcome, str]] = ..., training_job: _Optional[_Union[TrainingJob, _Mapping]] = ...) -> None: ...

class TuningJob(_message.Message):
    __slots__ = ("name", "arn", "status", "raw_status", "strategy", "raw_strategy", "creation_time", "end_time", "last_modified_time", "training_job_counts", "objective_counts", "resource_limits", "objective", "definitions", "parameter_ranges", "best_training_job", "overall_best_training_job", "warm_start", "autotune", "hyperband", "early_stopping", "raw_early_stopping", "completion_criteria", "completion_details", "consumed_runtime_seconds", "random_seed", "failure_reason", "finished", "team", "tags")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ARN_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RAW_STATUS_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    RAW_STRATEGY_FIELD_NUMBER: _ClassVar[int]
    CREATION_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_MODIFIED_TIME_FIELD_NUMBER: _ClassVar[int]
    TRAINING_JOB_COUNTS_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_COUNTS_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_LIMITS_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    DEFINITIONS_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_RANGES_FIELD_NUMBER: _ClassVar[int]
    BEST_TRAINING_JOB_FIELD_NUMBER: _ClassVar[int]
    OVERALL_BEST_TRAINING_JOB_FIELD_NUMBER: _ClassVar[int]
    WARM_START_FIELD_NUMBER: _ClassVar[int]
    AUTOTUNE_FIELD_NUMBER: _ClassVar[int]
    HYPERBAND_FIELD_NUMBER: _ClassVar[int]
    EARLY_STOPPING_FIELD_NUMBER: _ClassVar[int]
    RAW_EARLY_STOPPING_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_CRITERIA_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_DETAILS_FIELD_NUMBER: _ClassVar[int]
    CONSUMED_RUNTIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    RANDOM_SEED_FIELD_NUMBER: _ClassVar[int]
    FAILURE_REASON_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    TEAM_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    name: str
    arn: str
    status: TuningJobStatus
    raw_status: str
    strategy: TuningStrategy
    raw_strategy: str
    creation_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    last_modified_time: _timestamp_pb2.Timestamp
    training_job_counts: TrainingJobCounts
    objective_counts: ObjectiveCounts
    resource_limits: ResourceLimits
    objective: Objective
    definitions: _containers.RepeatedCompositeFieldContainer[TrainingJobDefinition]
    parameter_ranges: ParameterRanges
    best_training_job: TrainingJob
    overall_best_training_job: TrainingJob
    warm_start: WarmStart
    autotune: Autotune
    hyperband: HyperbandResources
    early_stopping: EarlyStoppingType
    raw_early_stopping: str
    completion_criteria: CompletionCriteria
    completion_details: CompletionDetails
    consumed_runtime_seconds: int
    random_seed: int
    failure_reason: str
    finished: bool
    team: str
    tags: _containers.RepeatedCompositeFieldContainer[Tag]
    def __init__(self, name: _Optional[str] = ..., arn: _Optional[str] = ..., status: _Optional[_Union[TuningJobStatus, str]] = ..., raw_status: _Optional[str] = ..., strategy: _Optional[_Union[TuningStrategy, str]] = ..., raw_strategy: _Optional[str] = ..., creation_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_modified_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., training_job_counts: _Optional[_Union[TrainingJobCounts, _Mapping]] = ..., objective_counts: _Optional[_Union[ObjectiveCounts, _Mapping]] = ..., resource_limits: _Optional[_Union[ResourceLimits, _Mapping]] = ..., objective: _Optional[_Union[Objective, _Mapping]] = ..., definitions: _Optional[_Iterable[_Union[TrainingJobDefinition, _Mapping]]] = ..., parameter_ranges: _Optional[_Union[ParameterRanges, _Mapping]] = ..., best_training_job: _Optional[_Union[TrainingJob, _Mapping]] = ..., overall_best_training_job: _Optional[_Union[TrainingJob, _Mapping]] = ..., warm_start: _Optional[_Union[WarmStart, _Mapping]] = ..., autotune: _Optional[_Union[Autotune, _Mapping]] = ..., hyperband: _Optional[_Union[HyperbandResources, _Mapping]] = ..., early_stopping: _Optional[_Union[EarlyStoppingType, str]] = ..., raw_early_stopping: _Optional[str] = ..., completion_criteria: _Optional[_Union[CompletionCriteria, _Mapping]] = ..., completion_details: _Optional[_Union[CompletionDetails, _Mapping]] = ..., consumed_runtime_seconds: _Optional[int] = ..., random_seed: _Optional[int] = ..., failure_reason: _Optional[str] = ..., finished: _Optional[bool] = ..., team: _Optional[str] = ..., tags: _Optional[_Iterable[_Union[Tag, _Mapping]]] = ...) -> None: ...

class TrainingJobCounts(_message.Message):
    __slots__ = ("completed", "in_progress", "retryable_error", "non_retryable_error", "stopped", "total")
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    IN_PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RETRYABLE_ERROR_FIELD_NUMBER: _ClassVar[int]
    NON_RETRYABLE_ERROR_FIELD_NUMBER: _ClassVar[int]
    STOPPED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    completed: int
    in_progress: int
    retryable_error: int
    non_retryable_error: int
    stopped: int
    total: int
    def __init__(self, completed: _Optional[int] = ..., in_progress: _Optional[int] = ..., retryable_error: _Optional[int] = ..., non_retryable_error: _Optional[int] = ..., stopped: _Optional[int] = ..., total: _Optional[int] = ...) -> None: ...

class ObjectiveCounts(_message.Message):
    __slots__ = ("succeeded", "pending", "failed")
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    succeeded: int
    pending: int
    failed: int
    def __init__(self, succeeded: _Optional[int] = ..., pending: _Optional[int] = ..., failed: _Optional[int] = ...) -> None: ...

class ResourceLimits(_message.Message):
    __slots__ = ("max_number_of_training_jobs", "max_parallel_training_jobs", "max_runtime_in_seconds")
    MAX_NUMBER_OF_TRAINING_JOBS_FIELD_NUMBER: _ClassVar[int]
    MAX_PARALLEL_TRAINING_JOBS_FIELD_NUMBER: _ClassVar[int]
    MAX_RUNTIME_IN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    max_number_of_training_jobs: int
    max_parallel_training_jobs: int
    max_runtime_in_seconds: int
    def __init__(self, max_number_of_training_jobs: _Optional[int] = ..., max_parallel_training_jobs: _Optional[int] = ..., max_runtime_in_seconds: _Optional[int] = ...) -> None: ...

class Objective(_message.Message):
    __slots__ = ("metric_name", "type", "raw_type")
    METRIC_NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_TYPE_FIELD_NUMBER: _ClassVar[int]
    metric_name: str
    type: ObjectiveType
    raw_type: str
    def __init__(self, metric_name: _Optional[str] = ..., type: _Optional[_Union[ObjectiveType, str]] = ..., raw_type: _Optional[str] = ...) -> None: ...

class TrainingJobDefinition(_message.Message):
    __slots__ = ("name", "objective", "parameter_ranges", "static_hyper_parameters", "environment_names", "algorithm_specification", "channels", "output_data", "resources", "tuning_resources", "stopping_condition", "maximum_retry_attempts", "managed_spot_training_enabled", "checkpoints", "role_arn", "vpc", "network_isolation_enabled", "inter_container_traffic_encryption_enabled")
    NAME_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_RANGES_FIELD_NUMBER: _ClassVar[int]
    STATIC_HYPER_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_NAMES_FIELD_NUMBER: _ClassVar[int]
    ALGORITHM_SPECIFICATION_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DATA_FIELD_NUMBER: _ClassVar[int]
    RESOURCES_FIELD_NUMBER: _ClassVar[int]
    TUNING_RESOURCES_FIELD_NUMBER: _ClassVar[int]
    STOPPING_CONDITION_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_RETRY_ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    MANAGED_SPOT_TRAINING_ENABLED_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINTS_FIELD_NUMBER: _ClassVar[int]
    ROLE_ARN_FIELD_NUMBER: _ClassVar[int]
    VPC_FIELD_NUMBER: _ClassVar[int]
    NETWORK_ISOLATION_ENABLED_FIELD_NUMBER: _ClassVar[int]
    INTER_CONTAINER_TRAFFIC_ENCRYPTION_ENABLED_FIELD_NUMBER: _ClassVar[int]
    name: str
    objective: Objective
    parameter_ranges: ParameterRanges
    static_hyper_parameters: _containers.RepeatedCompositeFieldContainer[HyperParameter]
    environment_names: _containers.RepeatedScalarFieldContainer[str]
    algorithm_specification: AlgorithmSpecification
    channels: _containers.RepeatedCompositeFieldContainer[Channel]
    output_data: OutputData
    resources: TrainingResources
    tuning_resources: TuningResources
    stopping_condition: StoppingCondition
    maximum_retry_attempts: int
    managed_spot_training_enabled: bool
    checkpoints: Checkpoints
    role_arn: str
    vpc: Vpc
    network_isolation_enabled: bool
    inter_container_traffic_encryption_enabled: bool
    def __init__(self, name: _Optional[str] = ..., objective: _Optional[_Union[Objective, _Mapping]] = ..., parameter_ranges: _Optional[_Union[ParameterRanges, _Mapping]] = ..., static_hyper_parameters: _Optional[_Iterable[_Union[HyperParameter, _Mapping]]] = ..., environment_names: _Optional[_Iterable[str]] = ..., algorithm_specification: _Optional[_Union[AlgorithmSpecification, _Mapping]] = ..., channels: _Optional[_Iterable[_Union[Channel, _Mapping]]] = ..., output_data: _Optional[_Union[OutputData, _Mapping]] = ..., resources: _Optional[_Union[TrainingResources, _Mapping]] = ..., tuning_resources: _Optional[_Union[TuningResources, _Mapping]] = ..., stopping_condition: _Optional[_Union[StoppingCondition, _Mapping]] = ..., maximum_retry_attempts: _Optional[int] = ..., managed_spot_training_enabled: _Optional[bool] = ..., checkpoints: _Optional[_Union[Checkpoints, _Mapping]] = ..., role_arn: _Optional[str] = ..., vpc: _Optional[_Union[Vpc, _Mapping]] = ..., network_isolation_enabled: _Optional[bool] = ..., inter_container_traffic_encryption_enabled: _Optional[bool] = ...) -> None: ...

class ParameterRanges(_message.Message):
    __slots__ = ("integer", "continuous", "categorical", "auto")
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    CONTINUOUS_FIELD_NUMBER: _ClassVar[int]
    CATEGORICAL_FIELD_NUMBER: _ClassVar[int]
    AUTO_FIELD_NUMBER: _ClassVar[int]
    integer: _containers.RepeatedCompositeFieldContainer[NumericRange]
    continuous: _containers.RepeatedCompositeFieldContainer[NumericRange]
    categorical: _containers.RepeatedCompositeFieldContainer[CategoricalRange]
    auto: _containers.RepeatedCompositeFieldContainer[AutoParameter]
    def __init__(self, integer: _Optional[_Iterable[_Union[NumericRange, _Mapping]]] = ..., continuous: _Optional[_Iterable[_Union[NumericRange, _Mapping]]] = ..., categorical: _Optional[_Iterable[_Union[CategoricalRange, _Mapping]]] = ..., auto: _Optional[_Iterable[_Union[AutoParameter, _Mapping]]] = ...) -> None: ...

class NumericRange(_message.Message):
    __slots__ = ("name", "min_value", "max_value", "scaling_type", "raw_scaling_type")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MIN_VALUE_FIELD_NUMBER: _ClassVar[int]
    MAX_VALUE_FIELD_NUMBER: _ClassVar[int]
    SCALING_TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_SCALING_TYPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    min_value: str
    max_value: str
    scaling_type: ScalingType
    raw_scaling_type: str
    def __init__(self, name: _Optional[str] = ..., min_value: _Optional[str] = ..., max_value: _Optional[str] = ..., scaling_type: _Optional[_Union[ScalingType, str]] = ..., raw_scaling_type: _Optional[str] = ...) -> None: ...

class CategoricalRange(_message.Message):
    __slots__ = ("name", "values")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    name: str
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ...) -> None: ...

class AutoParameter(_message.Message):
    __slots__ = ("name", "value_hint")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_HINT_FIELD_NUMBER: _ClassVar[int]
    name: str
    value_hint: str
    def __init__(self, name: _Optional[str] = ..., value_hint: _Optional[str] = ...) -> None: ...

class HyperParameter(_message.Message):
    __slots__ = ("name", "value", "number")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: str
    number: float
    def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ..., number: _Optional[float] = ...) -> None: ...

class AlgorithmSpecification(_message.Message):
    __slots__ = ("training_image", "algorithm_name", "training_input_mode", "raw_training_input_mode", "metric_definitions")
    TRAINING_IMAGE_FIELD_NUMBER: _ClassVar[int]
    ALGORITHM_NAME_FIELD_NUMBER: _ClassVar[int]
    TRAINING_INPUT_MODE_FIELD_NUMBER: _ClassVar[int]
    RAW_TRAINING_INPUT_MODE_FIELD_NUMBER: _ClassVar[int]
    METRIC_DEFINITIONS_FIELD_NUMBER: _ClassVar[int]
    training_image: str
    algorithm_name: str
    training_input_mode: TrainingInputMode
    raw_training_input_mode: str
    metric_definitions: _containers.RepeatedCompositeFieldContainer[MetricDefinition]
    def __init__(self, training_image: _Optional[str] = ..., algorithm_name: _Optional[str] = ..., training_input_mode: _Optional[_Union[TrainingInputMode, str]] = ..., raw_training_input_mode: _Optional[str] = ..., metric_definitions: _Optional[_Iterable[_Union[MetricDefinition, _Mapping]]] = ...) -> None: ...

class MetricDefinition(_message.Message):
    __slots__ = ("name", "regex")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REGEX_FIELD_NUMBER: _ClassVar[int]
    name: str
    regex: str
    def __init__(self, name: _Optional[str] = ..., regex: _Optional[str] = ...) -> None: ...

class Channel(_message.Message):
    __slots__ = ("name", "s3_data_source", "file_system_data_source", "dataset_arn", "content_type", "compression_type", "raw_compression_type", "record_wrapper_type", "raw_record_wrapper_type", "input_mode", "raw_input_mode", "shuffle_seed")
    NAME_FIELD_NUMBER: _ClassVar[int]
    S3_DATA_SOURCE_FIELD_NUMBER: _ClassVar[int]
    FILE_SYSTEM_DATA_SOURCE_FIELD_NUMBER: _ClassVar[int]
    DATASET_ARN_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    COMPRESSION_TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_COMPRESSION_TYPE_FIELD_NUMBER: _ClassVar[int]
    RECORD_WRAPPER_TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_RECORD_WRAPPER_TYPE_FIELD_NUMBER: _ClassVar[int]
    INPUT_MODE_FIELD_NUMBER: _ClassVar[int]
    RAW_INPUT_MODE_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_SEED_FIELD_NUMBER: _ClassVar[int]
    name: str
    s3_data_source: S3DataSource
    file_system_data_source: FileSystemDataSource
    dataset_arn: str
    content_type: str
    compression_type: CompressionType
    raw_compression_type: str
    record_wrapper_type: RecordWrapper
    raw_record_wrapper_type: str
    input_mode: TrainingInputMode
    raw_input_mode: str
    shuffle_seed: int
    def __init__(self, name: _Optional[str] = ..., s3_data_source: _Optional[_Union[S3DataSource, _Mapping]] = ..., file_system_data_source: _Optional[_Union[FileSystemDataSource, _Mapping]] = ..., dataset_arn: _Optional[str] = ..., content_type: _Optional[str] = ..., compression_type: _Optional[_Union[CompressionType, str]] = ..., raw_compression_type: _Optional[str] = ..., record_wrapper_type: _Optional[_Union[RecordWrapper, str]] = ..., raw_record_wrapper_type: _Optional[str] = ..., input_mode: _Optional[_Union[TrainingInputMode, str]] = ..., raw_input_mode: _Optional[str] = ..., shuffle_seed: _Optional[int] = ...) -> None: ...

class S3DataSource(_message.Message):
    __slots__ = ("s3_uri", "s3_data_type", "raw_s3_data_type", "s3_data_distribution_type", "raw_s3_data_distribution_type", "attribute_names", "instance_group_names", "eula_accepted", "hub_content_arn")
    S3_URI_FIELD_NUMBER: _ClassVar[int]
    S3_DATA_TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_S3_DATA_TYPE_FIELD_NUMBER: _ClassVar[int]
    S3_DATA_DISTRIBUTION_TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_S3_DATA_DISTRIBUTION_TYPE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTE_NAMES_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_GROUP_NAMES_FIELD_NUMBER: _ClassVar[int]
    EULA_ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    HUB_CONTENT_ARN_FIELD_NUMBER: _ClassVar[int]
    s3_uri: str
    s3_data_type: S3DataType
    raw_s3_data_type: str
    s3_data_distribution_type: S3DataDistribution
    raw_s3_data_distribution_type: str
    attribute_names: _containers.RepeatedScalarFieldContainer[str]
    instance_group_names: _containers.RepeatedScalarFieldContainer[str]
    eula_accepted: bool
    hub_content_arn: str
    def __init__(self, s3_uri: _Optional[str] = ..., s3_data_type: _Optional[_Union[S3DataType, str]] = ..., raw_s3_data_type: _Optional[str] = ..., s3_data_distribution_type: _Optional[_Union[S3DataDistribution, str]] = ..., raw_s3_data_distribution_type: _Optional[str] = ..., attribute_names: _Optional[_Iterable[str]] = ..., instance_group_names: _Optional[_Iterable[str]] = ..., eula_accepted: _Optional[bool] = ..., hub_content_arn: _Optional[str] = ...) -> None: ...

class FileSystemDataSource(_message.Message):
    __slots__ = ("file_system_id", "file_system_type", "raw_file_system_type", "file_system_access_mode", "raw_file_system_access_mode", "directory_path")
    FILE_SYSTEM_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_SYSTEM_TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_FILE_SYSTEM_TYPE_FIELD_NUMBER: _ClassVar[int]
    FILE_SYSTEM_ACCESS_MODE_FIELD_NUMBER: _ClassVar[int]
    RAW_FILE_SYSTEM_ACCESS_MODE_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_PATH_FIELD_NUMBER: _ClassVar[int]
    file_system_id: str
    file_system_type: FileSystemType
    raw_file_system_type: str
    file_system_access_mode: FileSystemAccessMode
    raw_file_system_access_mode: str
    directory_path: str
    def __init__(self, file_system_id: _Optional[str] = ..., file_system_type: _Optional[_Union[FileSystemType, str]] = ..., raw_file_system_type: _Optional[str] = ..., file_system_access_mode: _Optional[_Union[FileSystemAccessMode, str]] = ..., raw_file_system_access_mode: _Optional[str] = ..., directory_path: _Optional[str] = ...) -> None: ...

class OutputData(_message.Message):
    __slots__ = ("s3_output_path", "kms_key_id", "compression_type", "raw_compression_type")
    S3_OUTPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    KMS_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    COMPRESSION_TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_COMPRESSION_TYPE_FIELD_NUMBER: _ClassVar[int]
    s3_output_path: str
    kms_key_id: str
    compression_type: OutputCompressionType
    raw_compression_type: str
    def __init__(self, s3_output_path: _Optional[str] = ..., kms_key_id: _Optional[str] = ..., compression_type: _Optional[_Union[OutputCompressionType, str]] = ..., raw_compression_type: _Optional[str] = ...) -> None: ...

class TrainingResources(_message.Message):
    __slots__ = ("instance_type", "instance_count", "instance_groups", "instance_preferences", "selected_instance_type", "selected_instance_count", "volume_size_in_gb", "volume_kms_key_id", "keep_alive_period_in_seconds", "training_plan_arn", "multiple_jobs_enabled", "placements")
    INSTANCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_GROUPS_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_PREFERENCES_FIELD_NUMBER: _ClassVar[int]
    SELECTED_INSTANCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    SELECTED_INSTANCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SIZE_IN_GB_FIELD_NUMBER: _ClassVar[int]
    VOLUME_KMS_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    KEEP_ALIVE_PERIOD_IN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    TRAINING_PLAN_ARN_FIELD_NUMBER: _ClassVar[int]
    MULTIPLE_JOBS_ENABLED_FIELD_NUMBER: _ClassVar[int]
    PLACEMENTS_FIELD_NUMBER: _ClassVar[int]
    instance_type: str
    instance_count: int
    instance_groups: _containers.RepeatedCompositeFieldContainer[InstanceGroup]
    instance_preferences: _containers.RepeatedCompositeFieldContainer[InstancePreference]
    selected_instance_type: str
    selected_instance_count: int
    volume_size_in_gb: int
    volume_kms_key_id: str
    keep_alive_period_in_seconds: int
    training_plan_arn: str
    multiple_jobs_enabled: bool
    placements: _containers.RepeatedCompositeFieldContainer[Placement]
    def __init__(self, instance_type: _Optional[str] = ..., instance_count: _Optional[int] = ..., instance_groups: _Optional[_Iterable[_Union[InstanceGroup, _Mapping]]] = ..., instance_preferences: _Optional[_Iterable[_Union[InstancePreference, _Mapping]]] = ..., selected_instance_type: _Optional[str] = ..., selected_instance_count: _Optional[int] = ..., volume_size_in_gb: _Optional[int] = ..., volume_kms_key_id: _Optional[str] = ..., keep_alive_period_in_seconds: _Optional[int] = ..., training_plan_arn: _Optional[str] = ..., multiple_jobs_enabled: _Optional[bool] = ..., placements: _Optional[_Iterable[_Union[Placement, _Mapping]]] = ...) -> None: ...

class InstanceGroup(_message.Message):
    __slots__ = ("name", "instance_type", "instance_count")
    NAME_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    instance_type: str
    instance_count: int
    def __init__(self, name: _Optional[str] = ..., instance_type: _Optional[str] = ..., instance_count: _Optional[int] = ...) -> None: ...

class InstancePreference(_message.Message):
    __slots__ = ("instance_type", "instance_count", "training_plan_arns")
    INSTANCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    TRAINING_PLAN_ARNS_FIELD_NUMBER: _ClassVar[int]
    instance_type: str
    instance_count: int
    training_plan_arns: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, instance_type: _Optional[str] = ..., instance_count: _Optional[int] = ..., training_plan_arns: _Optional[_Iterable[str]] = ...) -> None: ...

class Placement(_message.Message):
    __slots__ = ("ultra_server_id", "instance_count")
    ULTRA_SERVER_ID_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    ultra_server_id: str
    instance_count: int
    def __init__(self, ultra_server_id: _Optional[str] = ..., instance_count: _Optional[int] = ...) -> None: ...

class TuningResources(_message.Message):
    __slots__ = ("instance_type", "instance_count", "volume_size_in_gb", "volume_kms_key_id", "allocation_strategy", "raw_allocation_strategy", "instance_configs")
    INSTANCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SIZE_IN_GB_FIELD_NUMBER: _ClassVar[int]
    VOLUME_KMS_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    ALLOCATION_STRATEGY_FIELD_NUMBER: _ClassVar[int]
    RAW_ALLOCATION_STRATEGY_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_CONFIGS_FIELD_NUMBER: _ClassVar[int]
    instance_type: str
    instance_count: int
    volume_size_in_gb: int
    volume_kms_key_id: str
    allocation_strategy: AllocationStrategy
    raw_allocation_strategy: str
    instance_configs: _containers.RepeatedCompositeFieldContainer[TuningInstances]
    def __init__(self, instance_type: _Optional[str] = ..., instance_count: _Optional[int] = ..., volume_size_in_gb: _Optional[int] = ..., volume_kms_key_id: _Optional[str] = ..., allocation_strategy: _Optional[_Union[AllocationStrategy, str]] = ..., raw_allocation_strategy: _Optional[str] = ..., instance_configs: _Optional[_Iterable[_Union[TuningInstances, _Mapping]]] = ...) -> None: ...

class TuningInstances(_message.Message):
    __slots__ = ("instance_type", "instance_count", "volume_size_in_gb")
    INSTANCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SIZE_IN_GB_FIELD_NUMBER: _ClassVar[int]
    instance_type: str
    instance_count: int
    volume_size_in_gb: int
    def __init__(self, instance_type: _Optional[str] = ..., instance_count: _Optional[int] = ..., volume_size_in_gb: _Optional[int] = ...) -> None: ...

class StoppingCondition(_message.Message):
    __slots__ = ("max_runtime_in_seconds", "max_wait_time_in_seconds", "max_pending_time_in_seconds")
    MAX_RUNTIME_IN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_WAIT_TIME_IN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_PENDING_TIME_IN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    max_runtime_in_seconds: int
    max_wait_time_in_seconds: int
    max_pending_time_in_seconds: int
    def __init__(self, max_runtime_in_seconds: _Optional[int] = ..., max_wait_time_in_seconds: _Optional[int] = ..., max_pending_time_in_seconds: _Optional[int] = ...) -> None: ...

class Checkpoints(_message.Message):
    __slots__ = ("s3_uri", "local_path")
    S3_URI_FIELD_NUMBER: _ClassVar[int]
    LOCAL_PATH_FIELD_NUMBER: _ClassVar[int]
    s3_uri: str
    local_path: str
    def __init__(self, s3_uri: _Optional[str] = ..., local_path: _Optional[str] = ...) -> None: ...

class Vpc(_message.Message):
    __slots__ = ("security_group_ids", "subnets")
    SECURITY_GROUP_IDS_FIELD_NUMBER: _ClassVar[int]
    SUBNETS_FIELD_NUMBER: _ClassVar[int]
    security_group_ids: _containers.RepeatedScalarFieldContainer[str]
    subnets: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, security_group_ids: _Optional[_Iterable[str]] = ..., subnets: _Optional[_Iterable[str]] = ...) -> None: ...

class TrainingJob(_message.Message):
    __slots__ = ("name", "arn", "definition_name", "tuning_job_name", "creation_time", "training_start_time", "training_end_time", "status", "raw_status", "objective_status", "raw_objective_status", "failure_reason", "final_objective_metric", "tuned_hyper_parameters", "duration_seconds", "finished", "details")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ARN_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_NAME_FIELD_NUMBER: _ClassVar[int]
    TUNING_JOB_NAME_FIELD_NUMBER: _ClassVar[int]
    CREATION_TIME_FIELD_NUMBER: _ClassVar[int]
    TRAINING_START_TIME_FIELD_NUMBER: _ClassVar[int]
    TRAINING_END_TIME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RAW_STATUS_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_STATUS_FIELD_NUMBER: _ClassVar[int]
    RAW_OBJECTIVE_STATUS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_REASON_FIELD_NUMBER: _ClassVar[int]
    FINAL_OBJECTIVE_METRIC_FIELD_NUMBER: _ClassVar[int]
    TUNED_HYPER_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    DURATION_SECONDS_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    name: str
    arn: str
    definition_name: str
    tuning_job_name: str
    creation_time: _timestamp_pb2.Timestamp
    training_start_time: _timestamp_pb2.Timestamp
    training_end_time: _timestamp_pb2.Timestamp
    status: TrainingJobStatus
    raw_status: str
    objective_status: ObjectiveStatus
    raw_objective_status: str
    failure_reason: str
    final_objective_metric: ObjectiveMetric
    tuned_hyper_parameters: _containers.RepeatedCompositeFieldContainer[HyperParameter]
    duration_seconds: float
    finished: bool
    details: TrainingJobDetails
    def __init__(self, name: _Optional[str] = ..., arn: _Optional[str] = ..., definition_name: _Optional[str] = ..., tuning_job_name: _Optional[str] = ..., creation_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., training_start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., training_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., status: _Optional[_Union[TrainingJobStatus, str]] = ..., raw_status: _Optional[str] = ..., objective_status: _Optional[_Union[ObjectiveStatus, str]] = ..., raw_objective_status: _Optional[str] = ..., failure_reason: _Optional[str] = ..., final_objective_metric: _Optional[_Union[ObjectiveMetric, _Mapping]] = ..., tuned_hyper_parameters: _Optional[_Iterable[_Union[HyperParameter, _Mapping]]] = ..., duration_seconds: _Optional[float] = ..., finished: _Optional[bool] = ..., details: _Optional[_Union[TrainingJobDetails, _Mapping]] = ...) -> None: ...

class ObjectiveMetric(_message.Message):
    __slots__ = ("name", "type", "raw_type", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_TYPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: ObjectiveType
    raw_type: str
    value: float
    def __init__(self, name: _Optional[str] = ..., type: _Optional[_Union[ObjectiveType, str]] = ..., raw_type: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class TrainingJobDetails(_message.Message):
    __slots__ = ("secondary_status", "raw_secondary_status", "secondary_status_transitions", "last_modified_time", "progress", "hyper_parameters", "environment_names", "final_metrics", "training_time_in_seconds", "billable_time_in_seconds", "billable_token_count", "model_artifacts_s3_uri", "output_model_package_arn", "algorithm_specification", "channels", "output_data", "resources", "warm_pool", "stopping_condition", "maximum_retry_attempts", "managed_spot_training_enabled", "checkpoints", "role_arn", "vpc", "network_isolation_enabled", "inter_container_traffic_encryption_enabled", "remote_debug_enabled", "infra_check_enabled", "experiment", "mlflow", "mlflow_run", "debug_hook", "debug_rules", "debug_rule_evaluations", "profiling_status", "raw_profiling_status", "profiler", "profiler_rules", "profiler_rule_evaluations", "tensor_board", "serverless", "model_package", "labeling_job_arn", "auto_ml_job_arn")
    SECONDARY_STATUS_FIELD_NUMBER: _ClassVar[int]
    RAW_SECONDARY_STATUS_FIELD_NUMBER: _ClassVar[int]
    SECONDARY_STATUS_TRANSITIONS_FIELD_NUMBER: _ClassVar[int]
    LAST_MODIFIED_TIME_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    HYPER_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_NAMES_FIELD_NUMBER: _ClassVar[int]
    FINAL_METRICS_FIELD_NUMBER: _ClassVar[int]
    TRAINING_TIME_IN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    BILLABLE_TIME_IN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    BILLABLE_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    MODEL_ARTIFACTS_S3_URI_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_MODEL_PACKAGE_ARN_FIELD_NUMBER: _ClassVar[int]
    ALGORITHM_SPECIFICATION_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DATA_FIELD_NUMBER: _ClassVar[int]
    RESOURCES_FIELD_NUMBER: _ClassVar[int]
    WARM_POOL_FIELD_NUMBER: _ClassVar[int]
    STOPPING_CONDITION_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_RETRY_ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    MANAGED_SPOT_TRAINING_ENABLED_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINTS_FIELD_NUMBER: _ClassVar[int]
    ROLE_ARN_FIELD_NUMBER: _ClassVar[int]
    VPC_FIELD_NUMBER: _ClassVar[int]
    NETWORK_ISOLATION_ENABLED_FIELD_NUMBER: _ClassVar[int]
    INTER_CONTAINER_TRAFFIC_ENCRYPTION_ENABLED_FIELD_NUMBER: _ClassVar[int]
    REMOTE_DEBUG_ENABLED_FIELD_NUMBER: _ClassVar[int]
    INFRA_CHECK_ENABLED_FIELD_NUMBER: _ClassVar[int]
    EXPERIMENT_FIELD_NUMBER: _ClassVar[int]
    MLFLOW_FIELD_NUMBER: _ClassVar[int]
    MLFLOW_RUN_FIELD_NUMBER: _ClassVar[int]
    DEBUG_HOOK_FIELD_NUMBER: _ClassVar[int]
    DEBUG_RULES_FIELD_NUMBER: _ClassVar[int]
    DEBUG_RULE_EVALUATIONS_FIELD_NUMBER: _ClassVar[int]
    PROFILING_STATUS_FIELD_NUMBER: _ClassVar[int]
    RAW_PROFILING_STATUS_FIELD_NUMBER: _ClassVar[int]
    PROFILER_FIELD_NUMBER: _ClassVar[int]
    PROFILER_RULES_FIELD_NUMBER: _ClassVar[int]
    PROFILER_RULE_EVALUATIONS_FIELD_NUMBER: _ClassVar[int]
    TENSOR_BOARD_FIELD_NUMBER: _ClassVar[int]
    SERVERLESS_FIELD_NUMBER: _ClassVar[int]
    MODEL_PACKAGE_FIELD_NUMBER: _ClassVar[int]
    LABELING_JOB_ARN_FIELD_NUMBER: _ClassVar[int]
    AUTO_ML_JOB_ARN_FIELD_NUMBER: _ClassVar[int]
    secondary_status: SecondaryStatus
    raw_secondary_status: str
    secondary_status_transitions: _containers.RepeatedCompositeFieldContainer[SecondaryStatusTransition]
    last_modified_time: _timestamp_pb2.Timestamp
    progress: TrainingProgress
    hyper_parameters: _containers.RepeatedCompositeFieldContainer[HyperParameter]
    environment_names: _containers.RepeatedScalarFieldContainer[str]
    final_metrics: _containers.RepeatedCompositeFieldContainer[FinalMetric]
    training_time_in_seconds: int
    billable_time_in_seconds: int
    billable_token_count: int
    model_artifacts_s3_uri: str
    output_model_package_arn: str
    algorithm_specification: TrainingAlgorithmSpecification
    channels: _containers.RepeatedCompositeFieldContainer[Channel]
    output_data: OutputData
    resources: TrainingResources
    warm_pool: WarmPool
    stopping_condition: StoppingCondition
    maximum_retry_attempts: int
    managed_spot_training_enabled: bool
    checkpoints: Checkpoints
    role_arn: str
    vpc: Vpc
    network_isolation_enabled: bool
    inter_container_traffic_encryption_enabled: bool
    remote_debug_enabled: bool
    infra_check_enabled: bool
    experiment: Experiment
    mlflow: Mlflow
    mlflow_run: MlflowRun
    debug_hook: DebugHook
    debug_rules: _containers.RepeatedCompositeFieldContainer[MonitoringRule]
    debug_rule_evaluations: _containers.RepeatedCompositeFieldContainer[RuleEvaluation]
    profiling_status: ProfilingStatus
    raw_profiling_status: str
    profiler: Profiler
    profiler_rules: _containers.RepeatedCompositeFieldContainer[MonitoringRule]
    profiler_rule_evaluations: _containers.RepeatedCompositeFieldContainer[RuleEvaluation]
    tensor_board: TensorBoardOutput
    serverless: ServerlessJob
    model_package: ModelPackage
    labeling_job_arn: str
    auto_ml_job_arn: str
    def __init__(self, secondary_status: _Optional[_Union[SecondaryStatus, str]] = ..., raw_secondary_status: _Optional[str] = ..., secondary_status_transitions: _Optional[_Iterable[_Union[SecondaryStatusTransition, _Mapping]]] = ..., last_modified_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., progress: _Optional[_Union[TrainingProgress, _Mapping]] = ..., hyper_parameters: _Optional[_Iterable[_Union[HyperParameter, _Mapping]]] = ..., environment_names: _Optional[_Iterable[str]] = ..., final_metrics: _Optional[_Iterable[_Union[FinalMetric, _Mapping]]] = ..., training_time_in_seconds: _Optional[int] = ..., billable_time_in_seconds: _Optional[int] = ..., billable_token_count: _Optional[int] = ..., model_artifacts_s3_uri: _Optional[str] = ..., output_model_package_arn: _Optional[str] = ..., algorithm_specification: _Optional[_Union[TrainingAlgorithmSpecification, _Mapping]] = ..., channels: _Optional[_Iterable[_Union[Channel, _Mapping]]] = ..., output_data: _Optional[_Union[OutputData, _Mapping]] = ..., resources: _Optional[_Union[TrainingResources, _Mapping]] = ..., warm_pool: _Optional[_Union[WarmPool, _Mapping]] = ..., stopping_condition: _Optional[_Union[StoppingCondition, _Mapping]] = ..., maximum_retry_attempts: _Optional[int] = ..., managed_spot_training_enabled: _Optional[bool] = ..., checkpoints: _Optional[_Union[Checkpoints, _Mapping]] = ..., role_arn: _Optional[str] = ..., vpc: _Optional[_Union[Vpc, _Mapping]] = ..., network_isolation_enabled: _Optional[bool] = ..., inter_container_traffic_encryption_enabled: _Optional[bool] = ..., remote_debug_enabled: _Optional[bool] = ..., infra_check_enabled: _Optional[bool] = ..., experiment: _Optional[_Union[Experiment, _Mapping]] = ..., mlflow: _Optional[_Union[Mlflow, _Mapping]] = ..., mlflow_run: _Optional[_Union[MlflowRun, _Mapping]] = ..., debug_hook: _Optional[_Union[DebugHook, _Mapping]] = ..., debug_rules: _Optional[_Iterable[_Union[MonitoringRule, _Mapping]]] = ..., debug_rule_evaluations: _Optional[_Iterable[_Union[RuleEvaluation, _Mapping]]] = ..., profiling_status: _Optional[_Union[ProfilingStatus, str]] = ..., raw_profiling_status: _Optional[str] = ..., profiler: _Optional[_Union[Profiler, _Mapping]] = ..., profiler_rules: _Optional[_Iterable[_Union[MonitoringRule, _Mapping]]] = ..., profiler_rule_evaluations: _Optional[_Iterable[_Union[RuleEvaluation, _Mapping]]] = ..., tensor_board: _Optional[_Union[TensorBoardOutput, _Mapping]] = ..., serverless: _Optional[_Union[ServerlessJob, _Mapping]] = ..., model_package: _Optional[_Union[ModelPackage, _Mapping]] = ..., labeling_job_arn: _Optional[str] = ..., auto_ml_job_arn: _Optional[str] = ...) -> None: ...

class SecondaryStatusTransition(_message.Message):
    __slots__ = ("status", "raw_status", "start_time", "end_time", "status_message")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RAW_STATUS_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    STATUS_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    status: SecondaryStatus
    raw_status: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    status_message: str
    def __init__(self, status: _Optional[_Union[SecondaryStatus, str]] = ..., raw_status: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., status_message: _Optional[str] = ...) -> None: ...

class TrainingProgress(_message.Message):
    __slots__ = ("current_epoch", "max_epoch", "current_step", "total_step_count_per_epoch")
    CURRENT_EPOCH_FIELD_NUMBER: _ClassVar[int]
    MAX_EPOCH_FIELD_NUMBER: _ClassVar[int]
    CURRENT_STEP_FIELD_NUMBER: _ClassVar[int]
    TOTAL_STEP_COUNT_PER_EPOCH_FIELD_NUMBER: _ClassVar[int]
    current_epoch: int
    max_epoch: int
    current_step: int
    total_step_count_per_epoch: int
    def __init__(self, current_epoch: _Optional[int] = ..., max_epoch: _Optional[int] = ..., current_step: _Optional[int] = ..., total_step_count_per_epoch: _Optional[int] = ...) -> None: ...

class FinalMetric(_message.Message):
    __slots__ = ("name", "value", "timestamp")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    timestamp: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class TrainingAlgorithmSpecification(_message.Message):
    __slots__ = ("training_image", "algorithm_name", "training_input_mode", "raw_training_input_mode", "metric_definitions", "metrics_time_series_enabled", "container_entrypoint", "container_arguments", "repository_access_mode", "raw_repository_access_mode", "repository_credentials_provider_arn")
    TRAINING_IMAGE_FIELD_NUMBER: _ClassVar[int]
    ALGORITHM_NAME_FIELD_NUMBER: _ClassVar[int]
    TRAINING_INPUT_MODE_FIELD_NUMBER: _ClassVar[int]
    RAW_TRAINING_INPUT_MODE_FIELD_NUMBER: _ClassVar[int]
    METRIC_DEFINITIONS_FIELD_NUMBER: _ClassVar[int]
    METRICS_TIME_SERIES_ENABLED_FIELD_NUMBER: _ClassVar[int]
    CONTAINER_ENTRYPOINT_FIELD_NUMBER: _ClassVar[int]
    CONTAINER_ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    REPOSITORY_ACCESS_MODE_FIELD_NUMBER: _ClassVar[int]
    RAW_REPOSITORY_ACCESS_MODE_FIELD_NUMBER: _ClassVar[int]
    REPOSITORY_CREDENTIALS_PROVIDER_ARN_FIELD_NUMBER: _ClassVar[int]
    training_image: str
    algorithm_name: str
    training_input_mode: TrainingInputMode
    raw_training_input_mode: str
    metric_definitions: _containers.RepeatedCompositeFieldContainer[MetricDefinition]
    metrics_time_series_enabled: bool
    container_entrypoint: _containers.RepeatedScalarFieldContainer[str]
    container_arguments: _containers.RepeatedScalarFieldContainer[str]
    repository_access_mode: TrainingRepositoryAccessMode
    raw_repository_access_mode: str
    repository_credentials_provider_arn: str
    def __init__(self, training_image: _Optional[str] = ..., algorithm_name: _Optional[str] = ..., training_input_mode: _Optional[_Union[TrainingInputMode, str]] = ..., raw_training_input_mode: _Optional[str] = ..., metric_definitions: _Optional[_Iterable[_Union[MetricDefinition, _Mapping]]] = ..., metrics_time_series_enabled: _Optional[bool] = ..., container_entrypoint: _Optional[_Iterable[str]] = ..., container_arguments: _Optional[_Iterable[str]] = ..., repository_access_mode: _Optional[_Union[TrainingRepositoryAccessMode, str]] = ..., raw_repository_access_mode: _Optional[str] = ..., repository_credentials_provider_arn: _Optional[str] = ...) -> None: ...

class WarmPool(_message.Message):
    __slots__ = ("status", "raw_status", "retained_billable_time_in_seconds", "reused_by_job")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RAW_STATUS_FIELD_NUMBER: _ClassVar[int]
    RETAINED_BILLABLE_TIME_IN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    REUSED_BY_JOB_FIELD_NUMBER: _ClassVar[int]
    status: WarmPoolResourceStatus
    raw_status: str
    retained_billable_time_in_seconds: int
    reused_by_job: str
    def __init__(self, status: _Optional[_Union[WarmPoolResourceStatus, str]] = ..., raw_status: _Optional[str] = ..., retained_billable_time_in_seconds: _Optional[int] = ..., reused_by_job: _Optional[str] = ...) -> None: ...

class Experiment(_message.Message):
    __slots__ = ("experiment_name", "trial_name", "trial_component_display_name", "run_name")
    EXPERIMENT_NAME_FIELD_NUMBER: _ClassVar[int]
    TRIAL_NAME_FIELD_NUMBER: _ClassVar[int]
    TRIAL_COMPONENT_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    RUN_NAME_FIELD_NUMBER: _ClassVar[int]
    experiment_name: str
    trial_name: str
    trial_component_display_name: str
    run_name: str
    def __init__(self, experiment_name: _Optional[str] = ..., trial_name: _Optional[str] = ..., trial_component_display_name: _Optional[str] = ..., run_name: _Optional[str] = ...) -> None: ...

class Mlflow(_message.Message):
    __slots__ = ("resource_arn", "experiment_name", "run_name")
    RESOURCE_ARN_FIELD_NUMBER: _ClassVar[int]
    EXPERIMENT_NAME_FIELD_NUMBER: _ClassVar[int]
    RUN_NAME_FIELD_NUMBER: _ClassVar[int]
    resource_arn: str
    experiment_name: str
    run_name: str
    def __init__(self, resource_arn: _Optional[str] = ..., experiment_name: _Optional[str] = ..., run_name: _Optional[str] = ...) -> None: ...

class MlflowRun(_message.Message):
    __slots__ = ("experiment_id", "run_id")
    EXPERIMENT_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    experiment_id: str
    run_id: str
    def __init__(self, experiment_id: _Optional[str] = ..., run_id: _Optional[str] = ...) -> None: ...

class DebugHook(_message.Message):
    __slots__ = ("s3_output_path", "local_path", "settings", "collections")
    S3_OUTPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    LOCAL_PATH_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    COLLECTIONS_FIELD_NUMBER: _ClassVar[int]
    s3_output_path: str
    local_path: str
    settings: _containers.RepeatedCompositeFieldContainer[Setting]
    collections: _containers.RepeatedCompositeFieldContainer[TensorCollection]
    def __init__(self, s3_output_path: _Optional[str] = ..., local_path: _Optional[str] = ..., settings: _Optional[_Iterable[_Union[Setting, _Mapping]]] = ..., collections: _Optional[_Iterable[_Union[TensorCollection, _Mapping]]] = ...) -> None: ...

class Setting(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class TensorCollection(_message.Message):
    __slots__ = ("name", "settings")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    name: str
    settings: _containers.RepeatedCompositeFieldContainer[Setting]
    def __init__(self, name: _Optional[str] = ..., settings: _Optional[_Iterable[_Union[Setting, _Mapping]]] = ...) -> None: ...

class MonitoringRule(_message.Message):
    __slots__ = ("name", "evaluator_image", "settings", "instance_type", "volume_size_in_gb", "local_path", "s3_output_path")
    NAME_FIELD_NUMBER: _ClassVar[int]
    EVALUATOR_IMAGE_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    VOLUME_SIZE_IN_GB_FIELD_NUMBER: _ClassVar[int]
    LOCAL_PATH_FIELD_NUMBER: _ClassVar[int]
    S3_OUTPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    name: str
    evaluator_image: str
    settings: _containers.RepeatedCompositeFieldContainer[Setting]
    instance_type: str
    volume_size_in_gb: int
    local_path: str
    s3_output_path: str
    def __init__(self, name: _Optional[str] = ..., evaluator_image: _Optional[str] = ..., settings: _Optional[_Iterable[_Union[Setting, _Mapping]]] = ..., instance_type: _Optional[str] = ..., volume_size_in_gb: _Optional[int] = ..., local_path: _Optional[str] = ..., s3_output_path: _Optional[str] = ...) -> None: ...

class RuleEvaluation(_message.Message):
    __slots__ = ("rule_name", "status", "raw_status", "status_details", "job_arn", "last_modified_time")
    RULE_NAME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RAW_STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_DETAILS_FIELD_NUMBER: _ClassVar[int]
    JOB_ARN_FIELD_NUMBER: _ClassVar[int]
    LAST_MODIFIED_TIME_FIELD_NUMBER: _ClassVar[int]
    rule_name: str
    status: RuleEvaluationStatus
    raw_status: str
    status_details: str
    job_arn: str
    last_modified_time: _timestamp_pb2.Timestamp
    def __init__(self, rule_name: _Optional[str] = ..., status: _Optional[_Union[RuleEvaluationStatus, str]] = ..., raw_status: _Optional[str] = ..., status_details: _Optional[str] = ..., job_arn: _Optional[str] = ..., last_modified_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Profiler(_message.Message):
    __slots__ = ("disabled", "s3_output_path", "interval_in_milliseconds", "settings")
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    S3_OUTPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_IN_MILLISECONDS_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    disabled: bool
    s3_output_path: str
    interval_in_milliseconds: int
    settings: _containers.RepeatedCompositeFieldContainer[Setting]
    def __init__(self, disabled: _Optional[bool] = ..., s3_output_path: _Optional[str] = ..., interval_in_milliseconds: _Optional[int] = ..., settings: _Optional[_Iterable[_Union[Setting, _Mapping]]] = ...) -> None: ...

class TensorBoardOutput(_message.Message):
    __slots__ = ("s3_output_path", "local_path")
    S3_OUTPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    LOCAL_PATH_FIELD_NUMBER: _ClassVar[int]
    s3_output_path: str
    local_path: str
    def __init__(self, s3_output_path: _Optional[str] = ..., local_path: _Optional[str] = ...) -> None: ...

class ServerlessJob(_message.Message):
    __slots__ = ("type", "raw_type", "base_model_arn", "eula_accepted", "customization_technique", "raw_customization_technique", "peft", "raw_peft", "sequence_length", "evaluation_type", "raw_evaluation_type", "evaluator_arn")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_TYPE_FIELD_NUMBER: _ClassVar[int]
    BASE_MODEL_ARN_FIELD_NUMBER: _ClassVar[int]
    EULA_ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMIZATION_TECHNIQUE_FIELD_NUMBER: _ClassVar[int]
    RAW_CUSTOMIZATION_TECHNIQUE_FIELD_NUMBER: _ClassVar[int]
    PEFT_FIELD_NUMBER: _ClassVar[int]
    RAW_PEFT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_LENGTH_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_EVALUATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    EVALUATOR_ARN_FIELD_NUMBER: _ClassVar[int]
    type: ServerlessJobType
    raw_type: str
    base_model_arn: str
    eula_accepted: bool
    customization_technique: CustomizationTechnique
    raw_customization_technique: str
    peft: Peft
    raw_peft: str
    sequence_length: str
    evaluation_type: EvaluationType
    raw_evaluation_type: str
    evaluator_arn: str
    def __init__(self, type: _Optional[_Union[ServerlessJobType, str]] = ..., raw_type: _Optional[str] = ..., base_model_arn: _Optional[str] = ..., eula_accepted: _Optional[bool] = ..., customization_technique: _Optional[_Union[CustomizationTechnique, str]] = ..., raw_customization_technique: _Optional[str] = ..., peft: _Optional[_Union[Peft, str]] = ..., raw_peft: _Optional[str] = ..., sequence_length: _Optional[str] = ..., evaluation_type: _Optional[_Union[EvaluationType, str]] = ..., raw_evaluation_type: _Optional[str] = ..., evaluator_arn: _Optional[str] = ...) -> None: ...

class ModelPackage(_message.Message):
    __slots__ = ("group_arn", "source_arn")
    GROUP_ARN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ARN_FIELD_NUMBER: _ClassVar[int]
    group_arn: str
    source_arn: str
    def __init__(self, group_arn: _Optional[str] = ..., source_arn: _Optional[str] = ...) -> None: ...

class WarmStart(_message.Message):
    __slots__ = ("type", "raw_type", "parents")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    RAW_TYPE_FIELD_NUMBER: _ClassVar[int]
    PARENTS_FIELD_NUMBER: _ClassVar[int]
    type: WarmStartType
    raw_type: str
    parents: _containers.RepeatedCompositeFieldContainer[WarmStartParent]
    def __init__(self, type: _Optional[_Union[WarmStartType, str]] = ..., raw_type: _Optional[str] = ..., parents: _Optional[_Iterable[_Union[WarmStartParent, _Mapping]]] = ...) -> None: ...

class WarmStartParent(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class Autotune(_message.Message):
    __slots__ = ("mode", "raw_mode")
    MODE_FIELD_NUMBER: _ClassVar[int]
    RAW_MODE_FIELD_NUMBER: _ClassVar[int]
    mode: AutotuneMode
    raw_mode: str
    def __init__(self, mode: _Optional[_Union[AutotuneMode, str]] = ..., raw_mode: _Optional[str] = ...) -> None: ...

class HyperbandResources(_message.Message):
    __slots__ = ("min_resource", "max_resource")
    MIN_RESOURCE_FIELD_NUMBER: _ClassVar[int]
    MAX_RESOURCE_FIELD_NUMBER: _ClassVar[int]
    min_resource: int
    max_resource: int
    def __init__(self, min_resource: _Optional[int] = ..., max_resource: _Optional[int] = ...) -> None: ...

class CompletionCriteria(_message.Message):
    __slots__ = ("target_objective_metric_value", "max_number_of_training_jobs_not_improving", "complete_on_convergence", "raw_complete_on_convergence")
    TARGET_OBJECTIVE_METRIC_VALUE_FIELD_NUMBER: _ClassVar[int]
    MAX_NUMBER_OF_TRAINING_JOBS_NOT_IMPROVING_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_ON_CONVERGENCE_FIELD_NUMBER: _ClassVar[int]
    RAW_COMPLETE_ON_CONVERGENCE_FIELD_NUMBER: _ClassVar[int]
    target_objective_metric_value: float
    max_number_of_training_jobs_not_improving: int
    complete_on_convergence: CompleteOnConvergence
    raw_complete_on_convergence: str
    def __init__(self, target_objective_metric_value: _Optional[float] = ..., max_number_of_training_jobs_not_improving: _Optional[int] = ..., complete_on_convergence: _Optional[_Union[CompleteOnConvergence, str]] = ..., raw_complete_on_convergence: _Optional[str] = ...) -> None: ...

class CompletionDetails(_message.Message):
    __slots__ = ("number_of_training_jobs_objective_not_improving", "convergence_detected_time")
    NUMBER_OF_TRAINING_JOBS_OBJECTIVE_NOT_IMPROVING_FIELD_NUMBER: _ClassVar[int]
    CONVERGENCE_DETECTED_TIME_FIELD_NUMBER: _ClassVar[int]
    number_of_training_jobs_objective_not_improving: int
    convergence_detected_time: _timestamp_pb2.Timestamp
    def __init__(self, number_of_training_jobs_objective_not_improving: _Optional[int] = ..., convergence_detected_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Tag(_message.Message):
    __slots__ = ("key", "value")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: str
    def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
