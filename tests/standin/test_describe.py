from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from gateway.standin import (
    CategoricalRange,
    ContinuousRange,
    DefinitionPlan,
    IntegerRange,
    Objective,
    WarmStart,
    World,
    tuning_job_plan,
)
from gateway.standin.plan import Direction, Fate

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]

RANGES = (
    IntegerRange("layers", 1, 8, "Linear"),
    ContinuousRange("rate", 0.001, 0.5, "Logarithmic"),
    CategoricalRange("optimizer", ('"adam"', '"sgd"')),
)
RICH = DefinitionPlan(
    objective=Objective("Minimize", "validation:loss"),
    ranges=RANGES,
    auto_parameters={"gamma": "0.5"},
    static={"epochs": "9"},
    image="image:1",
    instance_type="ml.g5.2xlarge",
    instance_count=2,
    further_metrics=("train:loss",),
    settings={
        "EnableManagedSpotTraining": True,
        "CheckpointConfig": {"S3Uri": "s3://bucket/checkpoints"},
        "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
        "Environment": {"SECRET": "hush"},
    },
)


@pytest.fixture
def described(ask: Ask) -> Callable[[str], Awaitable[Answer]]:
    async def describe(name: str) -> Answer:
        return await ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName=name)

    return describe


Described = Callable[[str], Awaitable[Answer]]


async def test_one_algorithm_has_its_objective_and_ranges_in_the_config(world: World, described: Described) -> None:
    criteria = {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 5}}
    world.add(
        tuning_job_plan(
            "churn-hpo",
            trials=4,
            max_trials=9,
            definitions=[RICH],
            early_stopping=True,
            completion_criteria=criteria,
            random_seed=3,
            max_runtime=3_600,
            autotune=True,
        )
    )
    answer = await described("churn-hpo")
    config = answer["HyperParameterTuningJobConfig"]
    assert config["HyperParameterTuningJobObjective"] == {"Type": "Minimize", "MetricName": "validation:loss"}
    assert config["ParameterRanges"] == {
        "IntegerParameterRanges": [{"Name": "layers", "MinValue": "1", "MaxValue": "8", "ScalingType": "Linear"}],
        "ContinuousParameterRanges": [
            {"Name": "rate", "MinValue": "0.001", "MaxValue": "0.5", "ScalingType": "Logarithmic"}
        ],
        "CategoricalParameterRanges": [{"Name": "optimizer", "Values": ['"adam"', '"sgd"']}],
        "AutoParameters": [{"Name": "gamma", "ValueHint": "0.5"}],
    }
    assert config["ResourceLimits"] == {
        "MaxNumberOfTrainingJobs": 9,
        "MaxParallelTrainingJobs": 5,
        "MaxRuntimeInSeconds": 3_600,
    }
    assert (config["TrainingJobEarlyStoppingType"], config["RandomSeed"]) == ("Auto", 3)
    assert config["TuningJobCompletionCriteria"] == criteria
    assert answer["Autotune"] == {"Mode": "Enabled"}
    assert answer["TrainingJobDefinition"]["StaticHyperParameters"]["epochs"] == "9"
    assert answer["TrainingJobDefinition"]["Environment"] == {"SECRET": "hush"}
    assert "TrainingJobDefinitions" not in answer


async def test_several_algorithms_have_their_objectives_and_ranges_in_the_definitions(
    world: World, ask: Ask, described: Described
) -> None:
    first, second = replace(RICH, name="net"), replace(RICH, name="trees", objective=Objective("Maximize", "auc"))
    world.add(tuning_job_plan("churn-hpo", trials=4, definitions=[first, second]))
    answer = await described("churn-hpo")
    assert "TrainingJobDefinition" not in answer
    assert {"HyperParameterTuningJobObjective", "ParameterRanges"}.isdisjoint(answer["HyperParameterTuningJobConfig"])
    assert [d["DefinitionName"] for d in answer["TrainingJobDefinitions"]] == ["net", "trees"]
    assert [d["TuningObjective"]["MetricName"] for d in answer["TrainingJobDefinitions"]] == ["validation:loss", "auc"]
    assert answer["TrainingJobDefinitions"][0]["HyperParameterRanges"]["IntegerParameterRanges"]
    page = await ask("list_training_jobs_for_hyper_parameter_tuning_job", HyperParameterTuningJobName="churn-hpo")
    rows = page["TrainingJobSummaries"]
    assert [row["TrainingJobDefinitionName"] for row in rows] == ["net", "trees", "net", "trees"]
    assert rows[1]["FinalHyperParameterTuningJobObjectiveMetric"]["MetricName"] == "auc"


@pytest.mark.parametrize(("direction", "best"), [("Maximize", "002"), ("Minimize", "001")])
async def test_the_best_training_job_is_the_best_that_completed(
    world: World, described: Described, direction: Direction, best: str
) -> None:
    definition = DefinitionPlan(objective=Objective(direction, "m"))
    metrics = {1: 0.1, 2: 0.9, 3: 0.95, 4: 0.05}
    fates: dict[int, Fate] = {3: "Stopped", 4: "Stopped"}
    world.add(tuning_job_plan("churn-hpo", trials=4, definitions=[definition], metrics=metrics, fates=fates))
    answer = await described("churn-hpo")
    assert f"-{best}-" in answer["BestTrainingJob"]["TrainingJobName"]
    assert "OverallBestTrainingJob" not in answer


async def test_there_is_no_best_training_job_before_one_completes(world: World, described: Described) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=4, created=-1.0))
    assert "BestTrainingJob" not in await described("churn-hpo")


async def test_after_a_warm_start_the_best_of_all_may_be_a_parents(world: World, described: Described) -> None:
    world.add(tuning_job_plan("parent", trials=2, metrics={1: 0.9, 2: 0.2}))
    world.add(tuning_job_plan("child", trials=1, metrics={1: 0.5}, warm_start=WarmStart(("parent",))))
    answer = await described("child")
    assert answer["BestTrainingJob"]["TrainingJobName"].startswith("child-001-")
    assert answer["OverallBestTrainingJob"]["TrainingJobName"].startswith("parent-001-")
    assert answer["WarmStartConfig"] == {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "parent"}],
        "WarmStartType": "IdenticalDataAndAlgorithm",
    }


async def test_transfer_learning_knows_no_best_of_all(world: World, described: Described) -> None:
    world.add(tuning_job_plan("parent", trials=2))
    warm = WarmStart(("parent",), "TransferLearning")
    world.add(tuning_job_plan("child", trials=1, warm_start=warm))
    assert "OverallBestTrainingJob" not in await described("child")


async def test_convergence_and_lack_of_improvement_are_derived(world: World, described: Described) -> None:
    metrics = {1: 0.5, 2: 0.9} | dict.fromkeys(range(3, 41), 0.9)
    criteria = {"ConvergenceDetected": {"CompleteOnConvergence": "Enabled"}}
    world.add(tuning_job_plan("flat", trials=40, metrics=metrics, completion_criteria=criteria, max_parallel=1))
    answer = await described("flat")
    details = answer["TuningJobCompletionDetails"]
    assert details["NumberOfTrainingJobsObjectiveNotImproving"] == 38
    assert answer["CreationTime"] < details["ConvergenceDetectedTime"] < answer["HyperParameterTuningEndTime"]


async def test_a_failed_tuning_job_says_why(world: World, described: Described) -> None:
    fates: dict[int, Fate] = dict.fromkeys(range(1, 6), "Failed")
    world.add(tuning_job_plan("sad", trials=5, fates=fates, fate="Failed", failure_reason="No training job succeeded"))
    answer = await described("sad")
    assert (answer["HyperParameterTuningJobStatus"], answer["FailureReason"]) == ("Failed", "No training job succeeded")


async def test_a_training_job_is_described_with_all_it_was_launched_with(world: World, ask: Ask) -> None:
    plan = world.add(tuning_job_plan("churn-hpo", trials=1, definitions=[RICH], metrics={1: 0.25}))
    answer = await ask("describe_training_job", TrainingJobName=plan.trials[0].name)
    assert answer["TuningJobArn"] == plan.arn
    assert answer["HyperParameters"]["epochs"] == "9"
    assert set(plan.trials[0].parameters) < set(answer["HyperParameters"])
    assert answer["ResourceConfig"]["InstanceCount"] == 2
    assert answer["Environment"] == {"SECRET": "hush"}
    assert [m["MetricName"] for m in answer["FinalMetricDataList"]] == ["validation:loss", "train:loss"]
    assert answer["FinalMetricDataList"][0]["Value"] == 0.25
    assert answer["BillableTimeInSeconds"] < answer["TrainingTimeInSeconds"]
    assert answer["EnableManagedSpotTraining"] is True


async def test_a_training_job_without_spot_is_billed_in_full(world: World, ask: Ask) -> None:
    plan = world.add(tuning_job_plan("churn-hpo", trials=1))
    answer = await ask("describe_training_job", TrainingJobName=plan.trials[0].name)
    assert answer["BillableTimeInSeconds"] == answer["TrainingTimeInSeconds"]
