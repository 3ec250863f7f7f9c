"""CreateHyperParameterTuningJob: a plan is drawn from the configuration, and from now on comes true by the clock.

The training jobs are short, since somebody is watching; nothing else about them is made easier.
"""

from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Any

from gateway.standin.asked import Asked
from gateway.standin.configuration import combinations, config_of, definitions_of, without_nulls
from gateway.standin.enough import launched
from gateway.standin.failures import (
    bad_configuration,
    name_in_use,
    over_quota,
    reserved_tags,
    too_few_combinations,
)
from gateway.standin.plan import CategoricalRange, DefinitionPlan, TuningJobPlan, WarmStart
from gateway.standin.words import Words
from gateway.standin.worlds.builder import tuning_job_plan
from gateway.standin.worlds.sight import Sight

TRIAL_SECONDS = (40.0, 160.0)  # the least and the most a training job takes
EARLY_STOPPED = 0.15  # the share of training jobs that early stopping stops
# AWS's default quotas of automatic model tuning
MOST_TRIALS = 750
MOST_PARALLEL = 10
MOST_RUNNING = 100
MOST_RANGES = 30


def create_tuning_job(asked: Asked) -> Words:
    """CreateHyperParameterTuningJob."""
    arguments, sight = without_nulls(asked.arguments), asked.sight
    definitions = definitions_of(arguments)
    count = _trials(arguments, definitions)
    _within_quotas(sight, arguments, definitions, count)
    plan = _plan(sight, arguments, definitions, count)
    try:
        sight.create(plan)
    except ValueError:
        raise name_in_use(plan.name) from None
    return {"HyperParameterTuningJobArn": plan.arn}


def _trials(arguments: Mapping[str, Any], definitions: Sequence[DefinitionPlan]) -> int:
    """How many training jobs it may launch: all of a grid, or what is asked for, or the most there may be."""
    config = arguments["HyperParameterTuningJobConfig"]
    wanted: int | None = config["ResourceLimits"].get("MaxNumberOfTrainingJobs")
    # Autotune finds ranges of its own where none are given.
    points = inf if "Autotune" in arguments else sum(map(combinations, definitions))
    if config["Strategy"] == "Grid":
        if not isfinite(points) or not all(
            isinstance(axis, CategoricalRange) for each in definitions for axis in each.ranges
        ):
            raise bad_configuration("Grid search takes categorical ranges only.")
        if wanted not in (None, points):
            raise bad_configuration(f"Grid search launches {points} training jobs here, not {wanted}.")
        return int(points)
    if wanted is not None and points < wanted:
        raise too_few_combinations(int(points), wanted)
    return wanted or int(min(points, MOST_TRIALS))


def _within_quotas(
    sight: Sight, arguments: Mapping[str, Any], definitions: Sequence[DefinitionPlan], trials: int
) -> None:
    parallel = arguments["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxParallelTrainingJobs"]
    ranges = max(len(definition.ranges) for definition in definitions)
    running = sum(job.ended is None for job in sight.tuning_jobs())
    for quota, unit, most, used, more in (
        ("Total number of training jobs per hyperparameter tuning job", "Training Jobs", MOST_TRIALS, 0, trials),
        ("Parallel training jobs per hyperparameter tuning job", "Training Jobs", MOST_PARALLEL, 0, parallel),
        ("Hyperparameters to search per tuning job", "Hyperparameters", MOST_RANGES, 0, ranges),
        ("Parallel hyperparameter tuning jobs", "Tuning Jobs", MOST_RUNNING, running, 1),
    ):
        if used + more > most:
            raise over_quota(quota, unit, most=most, used=used, more=more)


def _plan(
    sight: Sight, arguments: Mapping[str, Any], definitions: Sequence[DefinitionPlan], count: int
) -> TuningJobPlan:
    config = arguments["HyperParameterTuningJobConfig"]
    limits, criteria = config["ResourceLimits"], config.get("TuningJobCompletionCriteria", {})
    early = config.get("TrainingJobEarlyStoppingType") == "Auto"
    if early and config["Strategy"] == "Hyperband":
        raise bad_configuration("TrainingJobEarlyStoppingType must be Off with the Hyperband strategy.")
    longest = min(definition.max_runtime for definition in definitions)
    words: dict[str, Any] = {
        "account": sight.scope.account,
        "region": sight.scope.region,
        "created": sight.age,
        "max_parallel": limits["MaxParallelTrainingJobs"],
        "max_trials": count,
        "strategy": config["Strategy"],
        "definitions": definitions,
    }
    draw = tuning_job_plan(
        arguments["HyperParameterTuningJobName"],
        trials=count,
        seed=config.get("RandomSeed", 0),
        trial_seconds=(min(TRIAL_SECONDS[0], longest), min(TRIAL_SECONDS[1], longest)),
        stopped=EARLY_STOPPED if early else 0.0,
        **words,
    )
    return tuning_job_plan(
        draw.name,
        trials=launched(draw.trials, definitions, criteria),
        stopped_after=limits.get("MaxRuntimeInSeconds"),
        max_runtime=limits.get("MaxRuntimeInSeconds"),
        early_stopping=early,
        completion_criteria=criteria or None,
        strategy_config=config.get("StrategyConfig"),
        random_seed=config.get("RandomSeed"),
        warm_start=_warm_start(sight, arguments.get("WarmStartConfig")),
        autotune="Autotune" in arguments,
        tags=_tags(arguments.get("Tags", ())),
        listed="TrainingJobDefinitions" in arguments,
        configured=config_of(arguments),
        **words,
    )


def _warm_start(sight: Sight, words: Mapping[str, Any] | None) -> WarmStart | None:
    if words is None:
        return None
    names = tuple(each["HyperParameterTuningJobName"] for each in words["ParentHyperParameterTuningJobs"])
    for name in names:
        parent = sight.tuning_job(name)
        if parent is None or parent.ended is None:
            raise bad_configuration(f"The parent tuning job {name} must exist and must have ended.")
    return WarmStart(names, words["WarmStartType"])


def _tags(words: Sequence[Mapping[str, str]]) -> dict[str, str]:
    tags = {each["Key"]: each["Value"] for each in words}
    if len(tags) < len(words):
        raise bad_configuration("A tag key can be given once.")
    if any(key.casefold().startswith("aws:") for key in tags):
        raise reserved_tags()
    return tags
