"""The definitions of a new tuning job: from AWS's words to a plan, and what SageMaker refuses beyond its model.

Pure. What is told of the job later repeats its creator's own words, spelling of numbers included.
"""

from collections.abc import Callable, Iterator, Mapping
from math import inf, isfinite, prod
from typing import Any, TypeVar

from gateway.standin.failures import bad_configuration, no_metric
from gateway.standin.plan import (
    CategoricalRange,
    ContinuousRange,
    DefinitionPlan,
    IntegerRange,
    Objective,
    ParameterRange,
)
from gateway.standin.words import Words

NumberT = TypeVar("NumberT", int, float)

_LAUNCH = (
    "AlgorithmSpecification",
    "RoleArn",
    "VpcConfig",
    "OutputDataConfig",
    "StoppingCondition",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "RetryStrategy",
    "Environment",
)
"""The members that a definition and the training jobs it launches have in common, but for the resources."""


def without_nulls(value: Any) -> Any:  # noqa: ANN401 - JSON is what it is
    """The same without the members and items that are null, which are as good as absent."""
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value if item is not None]
    return value


def definitions_of(arguments: Mapping[str, Any]) -> list[DefinitionPlan]:
    """The definitions of a new tuning job, one or many. Raises RefusedError."""
    config = arguments["HyperParameterTuningJobConfig"]
    if ("TrainingJobDefinition" in arguments) == ("TrainingJobDefinitions" in arguments):
        raise bad_configuration("Provide either TrainingJobDefinition or TrainingJobDefinitions.")
    if "TrainingJobDefinition" in arguments:
        only = arguments["TrainingJobDefinition"]
        objective = config.get("HyperParameterTuningJobObjective") or only.get("TuningObjective")
        return [_definition(only, objective, config.get("ParameterRanges") or only.get("HyperParameterRanges"))]
    many = arguments["TrainingJobDefinitions"]
    if config.get("HyperParameterTuningJobObjective") or config.get("ParameterRanges"):
        raise bad_configuration("With TrainingJobDefinitions, each definition has its own objective and ranges.")
    names = [definition.get("DefinitionName") for definition in many]
    if None in names or len(set(names)) < len(names):
        raise bad_configuration("Each of the TrainingJobDefinitions needs a DefinitionName of its own.")
    return [_definition(each, each.get("TuningObjective"), each.get("HyperParameterRanges")) for each in many]


def config_of(arguments: Mapping[str, Any]) -> Words:
    """The configuration as it will be told, with the defaults that AWS fills in."""
    config: Words = arguments["HyperParameterTuningJobConfig"]
    ranges = config.get("ParameterRanges")
    return {"HyperParameterTuningJobObjective": None} | config | {"ParameterRanges": ranges and _spelled_out(ranges)}


def combinations(definition: DefinitionPlan) -> float:
    """How many points its ranges have."""
    if definition.auto_parameters or any(isinstance(axis, ContinuousRange) for axis in definition.ranges):
        return inf
    return prod(
        len(axis.values) if isinstance(axis, CategoricalRange) else int(axis.high - axis.low) + 1
        for axis in definition.ranges
    )


def _definition(
    words: Mapping[str, Any], objective: Mapping[str, Any] | None, ranges: Mapping[str, Any] | None
) -> DefinitionPlan:
    defined = [each["Name"] for each in words["AlgorithmSpecification"].get("MetricDefinitions", ())]
    if objective is None or (defined and objective["MetricName"] not in defined):
        raise no_metric()  # an algorithm of AWS's own has metrics that nobody needs to define
    static = words.get("StaticHyperParameters", {})
    axes = list(_ranges(ranges or {}))
    if len({axis.name for axis in axes} | set(static)) < len(axes) + len(static):
        raise bad_configuration("A hyperparameter can be static or tuned, and only once.")
    inner = words.get("HyperParameterRanges")
    return DefinitionPlan(
        objective=Objective(objective["Type"], objective["MetricName"]),
        ranges=tuple(axes),
        auto_parameters={each["Name"]: each["ValueHint"] for each in (ranges or {}).get("AutoParameters", ())},
        static=static,
        max_runtime=words["StoppingCondition"].get("MaxRuntimeInSeconds", 86_400),
        further_metrics=tuple(name for name in defined if name != objective["MetricName"]),
        settings={name: words[name] for name in _LAUNCH if name in words}
        | {"InputDataConfig": words.get("InputDataConfig"), "ResourceConfig": _resources(words)},
        definition_only={
            "TuningObjective": words.get("TuningObjective"),
            "HyperParameterRanges": inner and _spelled_out(inner),
            "ResourceConfig": words.get("ResourceConfig"),
            "HyperParameterTuningResourceConfig": words.get("HyperParameterTuningResourceConfig"),
        },
        name=words.get("DefinitionName"),
    )


def _resources(words: Mapping[str, Any]) -> Words:
    """What each training job runs on: where the tuning job may choose, here it always takes the first."""
    if ("ResourceConfig" in words) == ("HyperParameterTuningResourceConfig" in words):
        raise bad_configuration("Provide either ResourceConfig or HyperParameterTuningResourceConfig.")
    if "ResourceConfig" in words:
        return dict(words["ResourceConfig"])
    choice: Words = dict(words["HyperParameterTuningResourceConfig"])
    choice.pop("AllocationStrategy", None)
    configs: list[Words] = choice.pop("InstanceConfigs", [])
    return choice | (configs[0] if configs else {})


def _ranges(words: Mapping[str, Any]) -> Iterator[ParameterRange]:
    for each in words.get("IntegerParameterRanges", ()):
        yield IntegerRange(each["Name"], *_bounds(each, int), each.get("ScalingType", "Auto"))
    for each in words.get("ContinuousParameterRanges", ()):
        yield ContinuousRange(each["Name"], *_bounds(each, float), each.get("ScalingType", "Auto"))
    for each in words.get("CategoricalParameterRanges", ()):
        yield CategoricalRange(each["Name"], tuple(each["Values"]))


def _bounds(words: Mapping[str, Any], read: Callable[[str], NumberT]) -> tuple[NumberT, NumberT]:
    name, scaling = words["Name"], words.get("ScalingType")
    try:
        low, high = read(words["MinValue"]), read(words["MaxValue"])
    except ValueError:
        raise bad_configuration(f"The bounds of the range {name} must be numbers.") from None
    if not isfinite(low) or not isfinite(high) or low > high:
        raise bad_configuration(f"The range {name} must have a MinValue that is not greater than its MaxValue.")
    if (scaling == "Logarithmic" and low <= 0) or (scaling == "ReverseLogarithmic" and not 0 <= low <= high < 1):
        raise bad_configuration(f"The range {name} cannot be scaled {scaling}.")
    return low, high


def _spelled_out(ranges: Mapping[str, Any]) -> Words:
    """The ranges with AWS's defaults filled in; the empty lists are sent too."""
    bounded = {
        kind: [{"ScalingType": "Auto"} | each for each in ranges.get(kind, ())]
        for kind in ("IntegerParameterRanges", "ContinuousParameterRanges")
    }
    return {"CategoricalParameterRanges": []} | dict(ranges) | bounded
