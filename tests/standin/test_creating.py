from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.standin import ServiceShapes, World, tuning_job_plan
from gateway.standin.validate import validate

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Connect = Callable[..., Awaitable[Ask]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]
Send = Callable[..., Awaitable[tuple[int, Answer, Any]]]
Advance = Callable[[float], None]

NAME = "churn-new"
JOB = {"HyperParameterTuningJobName": NAME}
ROLE = "arn:aws:iam::111122223333:role/service-role/Tuning"
RANGES: Answer = {
    "IntegerParameterRanges": [{"Name": "layers", "MinValue": "2", "MaxValue": "12"}],
    "ContinuousParameterRanges": [
        {"Name": "rate", "MinValue": "0.00001", "MaxValue": "0.1", "ScalingType": "Logarithmic"}
    ],
    "CategoricalParameterRanges": [{"Name": "optimizer", "Values": ['"adam"', '"sgd"']}],
}
CATEGORIES: Answer = {
    "CategoricalParameterRanges": [{"Name": "a", "Values": ["1", "2"]}, {"Name": "b", "Values": ["x", "y", "z"]}]
}
LOSS = {"Type": "Minimize", "MetricName": "loss"}


def definition(**changes: object) -> Answer:
    return {
        "AlgorithmSpecification": {
            "TrainingImage": "image:1",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": name, "Regex": name} for name in ("loss", "accuracy")],
        },
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://churn/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3_600},
        "StaticHyperParameters": {"epochs": "5"},
    } | changes


def config(strategy: str = "Random", trials: int | None = 6, parallel: int = 2, **changes: object) -> Answer:
    limits = {"MaxParallelTrainingJobs": parallel} | ({} if trials is None else {"MaxNumberOfTrainingJobs": trials})
    return {
        "Strategy": strategy,
        "ResourceLimits": limits,
        "HyperParameterTuningJobObjective": LOSS,
        "ParameterRanges": RANGES,
    } | changes


@pytest.fixture
def create(ask: Ask) -> Callable[..., Awaitable[Answer]]:
    async def created(name: str = NAME, settings: Answer | None = None, **rest: object) -> Answer:
        one = {} if "TrainingJobDefinitions" in rest else {"TrainingJobDefinition": definition()}
        arguments = {"HyperParameterTuningJobConfig": settings or config()} | one | rest
        return await ask("create_hyper_parameter_tuning_job", HyperParameterTuningJobName=name, **arguments)

    return created


Create = Callable[..., Awaitable[Answer]]


async def trials_of(ask: Ask, name: str = NAME) -> list[Answer]:
    page = await ask(
        "list_training_jobs_for_hyper_parameter_tuning_job", HyperParameterTuningJobName=name, MaxResults=100
    )
    return list(page["TrainingJobSummaries"])


async def test_a_new_tuning_job_runs_by_the_worlds_clock(create: Create, ask: Ask, advance: Advance) -> None:
    arn = (await create())["HyperParameterTuningJobArn"]
    assert arn == f"arn:aws:sagemaker:us-east-1:111122223333:hyper-parameter-tuning-job/{NAME}"
    described = await ask("describe_hyper_parameter_tuning_job", **JOB)
    assert described["HyperParameterTuningJobStatus"] == "InProgress"
    assert await trials_of(ask) == []
    advance(30)
    running = await trials_of(ask)
    assert [row["TrainingJobStatus"] for row in running] == ["InProgress"] * 2
    advance(3_600)
    ended = await trials_of(ask)
    assert [row["TrainingJobStatus"] for row in ended] == ["Completed"] * 6
    for row in ended:
        tuned = row["TunedHyperParameters"]
        assert 2 <= int(tuned["layers"]) <= 12
        assert 0.00001 <= float(tuned["rate"]) <= 0.1
        assert tuned["optimizer"] in ('"adam"', '"sgd"')
        assert row["FinalHyperParameterTuningJobObjectiveMetric"]["MetricName"] == "loss"
    described = await ask("describe_hyper_parameter_tuning_job", **JOB)
    assert described["HyperParameterTuningJobStatus"] == "Completed"
    best = min(row["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for row in ended)
    assert described["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == best


async def test_it_is_described_in_the_words_of_its_creator(create: Create, ask: Ask, advance: Advance) -> None:
    await create(settings=config(RandomSeed=7, TrainingJobEarlyStoppingType="Auto"), Autotune={"Mode": "Enabled"})
    described = await ask("describe_hyper_parameter_tuning_job", **JOB)
    told = described["HyperParameterTuningJobConfig"]
    assert told["ParameterRanges"]["ContinuousParameterRanges"] == RANGES["ContinuousParameterRanges"]
    assert told["ParameterRanges"]["IntegerParameterRanges"][0]["ScalingType"] == "Auto"
    assert (told["RandomSeed"], told["TrainingJobEarlyStoppingType"]) == (7, "Auto")
    assert told["HyperParameterTuningJobObjective"] == LOSS
    assert described["Autotune"] == {"Mode": "Enabled"}
    only = described["TrainingJobDefinition"]
    assert only["ResourceConfig"] == definition()["ResourceConfig"]
    assert only["AlgorithmSpecification"] == definition()["AlgorithmSpecification"]
    assert "InputDataConfig" not in only
    advance(10)
    (row, *_) = await trials_of(ask)
    training_job = await ask("describe_training_job", TrainingJobName=row["TrainingJobName"])
    assert training_job["ResourceConfig"]["InstanceCount"] == 2
    assert training_job["HyperParameters"]["epochs"] == "5"
    assert training_job["RoleArn"] == ROLE


async def test_it_is_listed_searched_and_tagged_at_once(create: Create, ask: Ask, advance: Advance) -> None:
    arn = (await create(Tags=[{"Key": "team", "Value": "vision"}]))["HyperParameterTuningJobArn"]
    listed = await ask("list_hyper_parameter_tuning_jobs")
    assert [row["HyperParameterTuningJobName"] for row in listed["HyperParameterTuningJobSummaries"]] == [NAME]
    tagged = {"Filters": [{"Name": "Tags.team", "Operator": "Equals", "Value": "vision"}]}
    found = await ask("search", Resource="HyperParameterTuningJob", SearchExpression=tagged)
    assert found["TotalHits"]["Value"] == 1
    assert (await ask("list_tags", ResourceArn=arn))["Tags"] == [{"Key": "team", "Value": "vision"}]
    advance(10)
    found = await ask("search", Resource="TrainingJob", SearchExpression=tagged)
    assert found["TotalHits"]["Value"] == 2


async def test_several_algorithms_take_turns(create: Create, ask: Ask, advance: Advance) -> None:
    settings = {"Strategy": "Bayesian", "ResourceLimits": config()["ResourceLimits"]}
    accuracy = {"Type": "Maximize", "MetricName": "accuracy"}
    many = [
        definition(DefinitionName="first", TuningObjective=LOSS, HyperParameterRanges=RANGES),
        definition(DefinitionName="second", TuningObjective=accuracy, HyperParameterRanges=RANGES),
    ]
    await create(settings=settings, TrainingJobDefinitions=many)
    described = await ask("describe_hyper_parameter_tuning_job", **JOB)
    assert [each["TuningObjective"] for each in described["TrainingJobDefinitions"]] == [LOSS, accuracy]
    assert "HyperParameterTuningJobObjective" not in described["HyperParameterTuningJobConfig"]
    advance(3_600)
    metrics = [row["FinalHyperParameterTuningJobObjectiveMetric"]["MetricName"] for row in await trials_of(ask)]
    assert metrics == ["loss", "accuracy"] * 3


async def test_one_definition_in_a_list_stays_in_a_list(create: Create, ask: Ask) -> None:
    settings = {"Strategy": "Bayesian", "ResourceLimits": config()["ResourceLimits"]}
    only = definition(DefinitionName="only", TuningObjective=LOSS, HyperParameterRanges=RANGES)
    await create(settings=settings, TrainingJobDefinitions=[only])
    described = await ask("describe_hyper_parameter_tuning_job", **JOB)
    assert [each["DefinitionName"] for each in described["TrainingJobDefinitions"]] == ["only"]
    assert "TrainingJobDefinition" not in described


async def test_a_definition_may_hold_the_objective_and_the_choice_of_instances(
    create: Create, ask: Ask, advance: Advance
) -> None:
    instances = [
        {"InstanceType": name, "InstanceCount": 1, "VolumeSizeInGB": 5} for name in ("ml.m5.large", "ml.m5.xlarge")
    ]
    choice = {"AllocationStrategy": "Prioritized", "InstanceConfigs": instances}
    only = definition(TuningObjective=LOSS, HyperParameterRanges=RANGES, HyperParameterTuningResourceConfig=choice)
    del only["ResourceConfig"]
    settings = {"Strategy": "Random", "ResourceLimits": config()["ResourceLimits"]}
    await create(settings=settings, TrainingJobDefinition=only)
    told = (await ask("describe_hyper_parameter_tuning_job", **JOB))["TrainingJobDefinition"]
    assert told["HyperParameterTuningResourceConfig"] == choice
    assert "ResourceConfig" not in told
    advance(10)
    (row, *_) = await trials_of(ask)
    training_job = await ask("describe_training_job", TrainingJobName=row["TrainingJobName"])
    assert training_job["ResourceConfig"] == instances[0]


async def test_a_grid_tries_every_combination(create: Create, ask: Ask, advance: Advance) -> None:
    await create(settings=config("Grid", None, 10, ParameterRanges=CATEGORIES))
    advance(3_600)
    points = {tuple(sorted(row["TunedHyperParameters"].items())) for row in await trials_of(ask)}
    assert len(points) == 6


async def test_a_search_ends_when_it_has_had_enough(create: Create, ask: Ask, advance: Advance) -> None:
    for name, criteria in (
        ("target", {"TargetObjectiveMetricValue": 100.0}),  # any loss is below
        ("patience", {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}}),
        ("convergence", {"ConvergenceDetected": {"CompleteOnConvergence": "Enabled"}}),
    ):
        await create(name, config(trials=400, TuningJobCompletionCriteria=criteria))
    advance(100_000)
    counts = {}
    for name in ("target", "patience", "convergence"):
        described = await ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName=name)
        assert described["HyperParameterTuningJobStatus"] == "Completed"
        counts[name] = described["TrainingJobStatusCounters"]["Completed"]
    assert counts["target"] <= 4
    assert counts["target"] < counts["patience"] < counts["convergence"] < 400


async def test_no_tuning_job_outlives_its_longest_run(create: Create, ask: Ask, advance: Advance) -> None:
    settings = config(trials=100)
    settings["ResourceLimits"]["MaxRuntimeInSeconds"] = 300
    await create(settings=settings)
    advance(299)
    assert (await ask("describe_hyper_parameter_tuning_job", **JOB))["HyperParameterTuningJobStatus"] == "InProgress"
    advance(60)
    assert (await ask("describe_hyper_parameter_tuning_job", **JOB))["HyperParameterTuningJobStatus"] == "Stopped"


async def test_a_new_tuning_job_can_be_stopped(create: Create, ask: Ask, advance: Advance) -> None:
    await create()
    advance(30)
    await ask("stop_hyper_parameter_tuning_job", **JOB)
    advance(60)
    assert [row["TrainingJobStatus"] for row in await trials_of(ask)] == ["Stopped"] * 2


async def test_a_name_can_be_used_once_whatever_its_case_in_each_account_and_region(
    create: Create, refusal: Refusal, connect: Connect
) -> None:
    await create()
    assert await refusal(create("Churn-New")) == (
        "ResourceInUse",
        "A hyperparameter tuning job with the name, Churn-New, already exists. Choose a different name.",
    )
    arguments = {"HyperParameterTuningJobConfig": config(), "TrainingJobDefinition": definition()} | JOB
    for scope in ({"region": "eu-west-1"}, {"key": "AKIA444455556666"}):
        theirs = await connect(**scope)
        assert (await theirs("create_hyper_parameter_tuning_job", **arguments))["HyperParameterTuningJobArn"]


async def test_a_warm_start_needs_parents_that_have_ended(
    world: World, create: Create, ask: Ask, refusal: Refusal
) -> None:
    world.add(tuning_job_plan("ended", trials=3))
    world.add(tuning_job_plan("running", trials=3, created=-10))

    def warm(*names: str) -> Answer:
        parents = [{"HyperParameterTuningJobName": name} for name in names]
        return {"ParentHyperParameterTuningJobs": parents, "WarmStartType": "IdenticalDataAndAlgorithm"}

    for parents in (("nobody",), ("ended", "running")):
        assert (await refusal(create(WarmStartConfig=warm(*parents))))[0] == "ValidationException"
    await create(WarmStartConfig=warm("ended"))
    described = await ask("describe_hyper_parameter_tuning_job", **JOB)
    assert described["WarmStartConfig"] == warm("ended")
    assert described["OverallBestTrainingJob"]["TuningJobName"] == "ended"


@pytest.mark.parametrize(
    ("settings", "limit"),
    [(config(trials=751), 750), (config(parallel=11), 10)],
)
async def test_an_account_has_its_limits(create: Create, refusal: Refusal, settings: Answer, limit: int) -> None:
    code, text = await refusal(create(settings=settings))
    assert code == "ResourceLimitExceeded"
    assert f" is {limit} Training Jobs, with current utilization of 0 " in text


BAD_RANGE = {"Name": "rate", "MinValue": "1", "MaxValue": "0"}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"TrainingJobDefinition": None}, "either TrainingJobDefinition or"),
        ({"settings": config(HyperParameterTuningJobObjective=None)}, "A metric is required"),
        (
            {"settings": config(HyperParameterTuningJobObjective=LOSS | {"MetricName": "f1"})},
            "A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric",
        ),
        ({"settings": config(ParameterRanges={"ContinuousParameterRanges": [BAD_RANGE]})}, "not greater"),
        (
            {"settings": config(ParameterRanges={"IntegerParameterRanges": [BAD_RANGE | {"MinValue": "many"}]})},
            "must be numbers",
        ),
        (
            {"settings": config(ParameterRanges={"IntegerParameterRanges": [BAD_RANGE | {"MinValue": "0"}]})},
            "for the provided ranges [1.0] must be equal or greater than the value of MaxNumberOfJobs, [6]",
        ),
        (
            {
                "settings": config(
                    ParameterRanges={
                        "ContinuousParameterRanges": [
                            {"Name": "r", "MinValue": "0", "MaxValue": "1", "ScalingType": "Logarithmic"}
                        ]
                    }
                )
            },
            "cannot be scaled",
        ),
        ({"settings": config("Grid")}, "categorical ranges only"),
        ({"settings": config("Grid", ParameterRanges=CATEGORIES, trials=5)}, "launches 6 training jobs here, not 5"),
        ({"settings": config("Hyperband", TrainingJobEarlyStoppingType="Auto")}, "must be Off"),
        ({"TrainingJobDefinition": definition(ResourceConfig=None)}, "either ResourceConfig or"),
        ({"TrainingJobDefinition": definition(StaticHyperParameters={"rate": "1"})}, "static or tuned"),
        ({"TrainingJobDefinitions": [definition(DefinitionName="a")]}, "own objective and ranges"),
        ({"Tags": [{"Key": "aws:team", "Value": "x"}]}, "not allowed for external use"),
        ({"Tags": [{"Key": "team", "Value": "x"}, {"Key": "team", "Value": "y"}]}, "given once"),
    ],
)
async def test_what_the_model_allows_and_sagemaker_does_not_is_refused(
    send: Send, ask: Ask, change: Answer, text: str
) -> None:
    arguments = {"HyperParameterTuningJobConfig": change.pop("settings", config())} | JOB
    if "TrainingJobDefinitions" not in change:
        arguments["TrainingJobDefinition"] = definition()
    status, body, _ = await send("CreateHyperParameterTuningJob", arguments | change)
    assert (status, body["__type"]) == (400, "ValidationException")
    assert text in body["message"]
    assert (await ask("list_hyper_parameter_tuning_jobs"))["HyperParameterTuningJobSummaries"] == []


async def test_definitions_of_a_list_are_told_apart_by_name(send: Send) -> None:
    settings = {"Strategy": "Random", "ResourceLimits": config()["ResourceLimits"]}
    for names in (("a", "a"), ("a", None)):
        many = [definition(DefinitionName=name, TuningObjective=LOSS, HyperParameterRanges=RANGES) for name in names]
        arguments = {"HyperParameterTuningJobConfig": settings, "TrainingJobDefinitions": many} | JOB
        status, body, _ = await send("CreateHyperParameterTuningJob", arguments)
        assert (status, "a DefinitionName of its own" in body["message"]) == (400, True)


async def test_nulls_are_as_good_as_absent_at_any_depth(send: Send, advance: Advance, shapes: ServiceShapes) -> None:
    settings = config(StrategyConfig=None, TuningJobCompletionCriteria={"BestObjectiveNotImproving": None})
    settings["ParameterRanges"] = RANGES | {"AutoParameters": [None]}
    arguments = {"HyperParameterTuningJobConfig": settings, "TrainingJobDefinition": definition(VpcConfig=None)} | JOB
    status, _, _ = await send("CreateHyperParameterTuningJob", arguments | {"Tags": [None], "WarmStartConfig": None})
    assert status == 200
    advance(20)
    for operation in ("DescribeHyperParameterTuningJob", "ListTrainingJobsForHyperParameterTuningJob"):
        status, body, _ = await send(operation, JOB)
        shape = shapes.output_shape(operation)
        assert status == 200
        assert shape is not None
        validate(shape, body)
