"""What AWS calls the members that our fields read, where it is more than a matter of spelling.

A name with dots leads through AWS structures that our objects flatten.
"""

from collections.abc import Mapping

from gateway.model.channels import Channel, S3DataSource
from gateway.model.customization import ModelPackage, ServerlessJob
from gateway.model.definition import ParameterRanges, TrainingJobDefinition
from gateway.model.details import FinalMetric, TrainingJobDetails, WarmPool
from gateway.model.monitoring import (
    DebugHook,
    Mlflow,
    MlflowRun,
    MonitoringRule,
    Profiler,
    RuleEvaluation,
    TensorCollection,
)
from gateway.model.resources import InstanceGroup, TrainingResources, TuningInstances, TuningResources
from gateway.model.training import TrainingAlgorithmSpecification
from gateway.model.training_job import ObjectiveMetric, TrainingJob, TrainingJobState
from gateway.model.tuning_job import (
    CompletionCriteria,
    DescribedTuningJob,
    TuningJob,
    WarmStart,
    WarmStartParent,
)

_TUNING_JOB = {
    "name": "HyperParameterTuningJobName",
    "arn": "HyperParameterTuningJobArn",
    "status": "HyperParameterTuningJobStatus",
    "end_time": "HyperParameterTuningEndTime",
    "training_job_counts": "TrainingJobStatusCounters",
    "objective_counts": "ObjectiveStatusCounters",
}
_CONFIG = "HyperParameterTuningJobConfig"

# What a definition of training jobs and a described training job hold alike.
_TRAINING = {
    "environment_names": "Environment",
    "channels": "InputDataConfig",
    "output_data": "OutputDataConfig",
    "resources": "ResourceConfig",
    "maximum_retry_attempts": "RetryStrategy.MaximumRetryAttempts",
    "managed_spot_training_enabled": "EnableManagedSpotTraining",
    "checkpoints": "CheckpointConfig",
    "vpc": "VpcConfig",
    "network_isolation_enabled": "EnableNetworkIsolation",
    "inter_container_traffic_encryption_enabled": "EnableInterContainerTrafficEncryption",
}
_IMAGE_CONFIG = "TrainingImageConfig"
_VOLUME = {"volume_size_in_gb": "VolumeSizeInGB"}

_NAMES: Mapping[type, Mapping[str, str]] = {
    TrainingJob: {
        "name": "TrainingJobName",
        "arn": "TrainingJobArn",
        "definition_name": "TrainingJobDefinitionName",
        "status": "TrainingJobStatus",
        "final_objective_metric": "FinalHyperParameterTuningJobObjectiveMetric",
    },
    TrainingJobState: {"status": "TrainingJobStatus"},
    ObjectiveMetric: {"name": "MetricName"},
    TuningJob: _TUNING_JOB,
    DescribedTuningJob: _TUNING_JOB
    | {
        "strategy": f"{_CONFIG}.Strategy",
        "resource_limits": f"{_CONFIG}.ResourceLimits",
        "objective": f"{_CONFIG}.HyperParameterTuningJobObjective",
        "definitions": "TrainingJobDefinitions",
        "parameter_ranges": f"{_CONFIG}.ParameterRanges",
        "warm_start": "WarmStartConfig",
        "hyperband": f"{_CONFIG}.StrategyConfig.HyperbandStrategyConfig",
        "early_stopping": f"{_CONFIG}.TrainingJobEarlyStoppingType",
        "completion_criteria": f"{_CONFIG}.TuningJobCompletionCriteria",
        "completion_details": "TuningJobCompletionDetails",
        "consumed_runtime_seconds": "ConsumedResources.RuntimeInSeconds",
        "random_seed": f"{_CONFIG}.RandomSeed",
    },
    WarmStart: {"type": "WarmStartType", "parents": "ParentHyperParameterTuningJobs"},
    WarmStartParent: {"name": "HyperParameterTuningJobName"},
    CompletionCriteria: {
        "max_number_of_training_jobs_not_improving": "BestObjectiveNotImproving.MaxNumberOfTrainingJobsNotImproving",
        "complete_on_convergence": "ConvergenceDetected.CompleteOnConvergence",
    },
    TrainingJobDefinition: _TRAINING
    | {
        "name": "DefinitionName",
        "objective": "TuningObjective",
        "parameter_ranges": "HyperParameterRanges",
        "tuning_resources": "HyperParameterTuningResourceConfig",
    },
    ParameterRanges: {
        "integer": "IntegerParameterRanges",
        "continuous": "ContinuousParameterRanges",
        "categorical": "CategoricalParameterRanges",
        "auto": "AutoParameters",
    },
    TrainingAlgorithmSpecification: {
        "metrics_time_series_enabled": "EnableSageMakerMetricsTimeSeries",
        "repository_access_mode": f"{_IMAGE_CONFIG}.TrainingRepositoryAccessMode",
        "repository_credentials_provider_arn": (
            f"{_IMAGE_CONFIG}.TrainingRepositoryAuthConfig.TrainingRepositoryCredentialsProviderArn"
        ),
    },
    Channel: {
        "name": "ChannelName",
        "s3_data_source": "DataSource.S3DataSource",
        "file_system_data_source": "DataSource.FileSystemDataSource",
        "dataset_arn": "DataSource.DatasetSource.DatasetArn",
        "shuffle_seed": "ShuffleConfig.Seed",
    },
    S3DataSource: {
        "eula_accepted": "ModelAccessConfig.AcceptEula",
        "hub_content_arn": "HubAccessConfig.HubContentArn",
    },
    InstanceGroup: {"name": "InstanceGroupName"},
    TrainingResources: _VOLUME
    | {
        "multiple_jobs_enabled": "InstancePlacementConfig.EnableMultipleJobs",
        "placements": "InstancePlacementConfig.PlacementSpecifications",
    },
    TuningResources: _VOLUME,
    TuningInstances: _VOLUME,
    TrainingJobDetails: _TRAINING
    | {
        "progress": "ProgressInfo",
        "final_metrics": "FinalMetricDataList",
        "model_artifacts_s3_uri": "ModelArtifacts.S3ModelArtifacts",
        "warm_pool": "WarmPoolStatus",
        "remote_debug_enabled": "RemoteDebugConfig.EnableRemoteDebug",
        "infra_check_enabled": "InfraCheckConfig.EnableInfraCheck",
        "experiment": "ExperimentConfig",
        "mlflow": "MlflowConfig",
        "mlflow_run": "MlflowDetails",
        "debug_hook": "DebugHookConfig",
        "debug_rules": "DebugRuleConfigurations",
        "debug_rule_evaluations": "DebugRuleEvaluationStatuses",
        "profiler": "ProfilerConfig",
        "profiler_rules": "ProfilerRuleConfigurations",
        "profiler_rule_evaluations": "ProfilerRuleEvaluationStatuses",
        "tensor_board": "TensorBoardOutputConfig",
        "serverless": "ServerlessJobConfig",
        "model_package": "ModelPackageConfig",
        "auto_ml_job_arn": "AutoMLJobArn",
    },
    FinalMetric: {"name": "MetricName"},
    WarmPool: {"retained_billable_time_in_seconds": "ResourceRetainedBillableTimeInSeconds"},
    ServerlessJob: {"type": "JobType", "eula_accepted": "AcceptEula"},
    ModelPackage: {"group_arn": "ModelPackageGroupArn", "source_arn": "SourceModelPackageArn"},
    Mlflow: {
        "resource_arn": "MlflowResourceArn",
        "experiment_name": "MlflowExperimentName",
        "run_name": "MlflowRunName",
    },
    MlflowRun: {"experiment_id": "MlflowExperimentId", "run_id": "MlflowRunId"},
    DebugHook: {"settings": "HookParameters", "collections": "CollectionConfigurations"},
    TensorCollection: {"name": "CollectionName", "settings": "CollectionParameters"},
    MonitoringRule: _VOLUME
    | {
        "name": "RuleConfigurationName",
        "evaluator_image": "RuleEvaluatorImage",
        "settings": "RuleParameters",
    },
    RuleEvaluation: {
        "rule_name": "RuleConfigurationName",
        "status": "RuleEvaluationStatus",
        "job_arn": "RuleEvaluationJobArn",
    },
    Profiler: {
        "disabled": "DisableProfiler",
        "interval_in_milliseconds": "ProfilingIntervalInMilliseconds",
        "settings": "ProfilingParameters",
    },
}


def member_of(cls: type, field_name: str) -> str:
    """The AWS member, or dotted path of members, that the field of a model class reads."""
    return _NAMES.get(cls, {}).get(field_name) or "".join(word[:1].upper() + word[1:] for word in field_name.split("_"))
