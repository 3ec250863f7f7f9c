"""How a tuning job and its algorithms were configured, in AWS's words.

Plain dictionaries; the same for the whole life of a job, so nothing here takes a time.
"""

from gateway.standin.plan import (
    CategoricalRange,
    ContinuousRange,
    DefinitionPlan,
    IntegerRange,
    TuningJobPlan,
)
from gateway.standin.summaries import resource_limits
from gateway.standin.words import Words, objective

VOLUME_GB = 50


def tuning_config(plan: TuningJobPlan) -> Words:
    """A HyperParameterTuningJobConfig. With several algorithms, objective and ranges move into the definitions."""
    only = None if plan.several_algorithms else plan.definitions[0]
    return {
        "Strategy": plan.strategy,
        "StrategyConfig": plan.strategy_config,
        "HyperParameterTuningJobObjective": objective(only.objective) if only else None,
        "ResourceLimits": resource_limits(plan),
        "ParameterRanges": parameter_ranges(only) if only else None,
        "TrainingJobEarlyStoppingType": "Auto" if plan.early_stopping else "Off",
        "TuningJobCompletionCriteria": plan.completion_criteria,
        "RandomSeed": plan.random_seed,
    } | dict(plan.configured)


def parameter_ranges(definition: DefinitionPlan) -> Words:
    """A ParameterRanges. The bounds are strings; SageMaker sends the empty lists too."""
    automatic = [{"Name": name, "ValueHint": hint} for name, hint in definition.auto_parameters.items()]
    return {
        "IntegerParameterRanges": [_bounded(r) for r in definition.ranges if isinstance(r, IntegerRange)],
        "ContinuousParameterRanges": [_bounded(r) for r in definition.ranges if isinstance(r, ContinuousRange)],
        "CategoricalParameterRanges": [
            {"Name": r.name, "Values": list(r.values)} for r in definition.ranges if isinstance(r, CategoricalRange)
        ],
        "AutoParameters": automatic or None,
    }


def _bounded(of: IntegerRange | ContinuousRange) -> Words:
    return {"Name": of.name, "MinValue": str(of.low), "MaxValue": str(of.high), "ScalingType": of.scaling}


def training_job_definition(plan: TuningJobPlan, definition: DefinitionPlan) -> Words:
    """A HyperParameterTrainingJobDefinition."""
    several = plan.several_algorithms
    return (
        {
            "DefinitionName": definition.name,
            "TuningObjective": objective(definition.objective) if several else None,
            "HyperParameterRanges": parameter_ranges(definition) if several else None,
            "StaticHyperParameters": dict(definition.static)
            | {"_tuning_objective_metric": definition.objective.metric_name},
            "EnableNetworkIsolation": False,
            "EnableInterContainerTrafficEncryption": False,
            "EnableManagedSpotTraining": False,
        }
        | launch(plan, definition)
        | dict(definition.definition_only)
    )


def launch(plan: TuningJobPlan, definition: DefinitionPlan) -> Words:
    """What a training job definition and a training job have in common."""
    bucket = f"s3://{plan.name}-{plan.account}"
    metrics = (definition.objective.metric_name, *definition.further_metrics)
    return {
        "AlgorithmSpecification": {
            "TrainingImage": definition.image,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": name, "Regex": f"{name}=([0-9\\.]+)"} for name in metrics],
        },
        "RoleArn": f"arn:aws:iam::{plan.account}:role/service-role/SageMakerTuning",
        "InputDataConfig": [_channel(bucket, name) for name in ("train", "validation")],
        "OutputDataConfig": {"KmsKeyId": "", "S3OutputPath": f"{bucket}/output"},
        "ResourceConfig": {
            "InstanceType": definition.instance_type,
            "InstanceCount": definition.instance_count,
            "VolumeSizeInGB": VOLUME_GB,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": definition.max_runtime},
    } | dict(definition.settings)


def _channel(bucket: str, name: str) -> Words:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"{bucket}/{name}", "S3DataDistributionType": "FullyReplicated"}
    return {
        "ChannelName": name,
        "DataSource": {"S3DataSource": source},
        "ContentType": "application/x-recordio",
        "CompressionType": "None",
        "RecordWrapperType": "None",
    }
