"""What a SearchExpression finds, and which expressions are refused."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.standin import DefinitionPlan, Standin, TrialPlan, World, tuning_job_plan

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]
Find = Callable[..., Awaitable[str]]

DEFINITION = DefinitionPlan(
    static={"optimizer": "adam"},
    further_metrics=("train:loss",),
    settings={"Environment": {"STAGE.NAME": "live"}, "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["n-1"]}},
)


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    """Training jobs a, b and c: a is the earliest, b has failed, c is from another tuning job and untagged."""
    trials = (
        TrialPlan("a", 10.0, 20.0, 100.0, metric=0.5, parameters={"rate": "0.9", "depth": "3", "kind": "tree"}),
        TrialPlan("b", 30.0, 40.0, 100.5, fate="Failed", failure_reason="out of memory", parameters={"rate": "1.5"}),
    )
    tags = {"team": "vision", "cost.centre": "7"}
    world.add(tuning_job_plan("first", trials=trials, created=-86_400.0, definitions=[DEFINITION], tags=tags))
    last = TrialPlan("c", 10.0, 20.0, 90.0, metric=0.7, parameters={"rate": "2"})
    world.add(tuning_job_plan("second", trials=[last], created=-3_600.0, max_trials=50))


@pytest.fixture
def find(ask: Ask) -> Find:
    """The names of the training jobs an expression finds, in one word."""

    async def found(expression: Answer, resource: str = "TrainingJob") -> str:
        page = await ask("search", Resource=resource, SearchExpression=expression)
        return " ".join(sorted(record[resource][f"{resource}Name"] for record in page["Results"]))

    return found


def where(name: str, operator: str | None = None, value: str | None = None) -> Answer:
    parts = {"Name": name, "Operator": operator, "Value": value}
    return {"Filters": [{key: part for key, part in parts.items() if part is not None}]}


@pytest.mark.parametrize(
    ("name", "operator", "value", "found"),
    [
        ("TrainingJobName", None, "a", "a"),
        ("TrainingJobName", "Equals", "A", ""),
        ("TrainingJobName", "NotEquals", "a", "b c"),
        ("TrainingJobName", "In", "a,c,x", "a c"),
        ("TrainingJobName", "In", "a, c", "a"),
        ("TuningJobArn", "Contains", "/fir", "a b"),
        ("TrainingJobStatus", "Equals", "Failed", "b"),
        ("FailureReason", "Contains", "memory", "b"),
        ("FailureReason", "Exists", None, "b"),
        ("FailureReason", "NotExists", None, "a c"),
        ("FailureReason", "NotEquals", "out of memory", "a c"),
        ("Tags.team", "Equals", "vision", "a b"),
        ("Tags.team", "NotEquals", "vision", "c"),
        ("Tags.team", "NotEquals", "nlp", "a b c"),
        ("Tags.team", "Exists", None, "a b"),
        ("Tags.team", "NotExists", None, "c"),
        ("Tags.team", "In", "nlp,vision", "a b"),
        ("Tags.team", "Contains", "isi", "a b"),
        ("Tags.cost.centre", "Equals", "7", "a b"),
        ("Metrics.validation:accuracy", "GreaterThan", "0.5", "c"),
        ("Metrics.validation:accuracy", "GreaterThanOrEqualTo", "0.5", "a c"),
        ("Metrics.validation:accuracy", "LessThan", "0.7", "a"),
        ("Metrics.validation:accuracy", "LessThanOrEqualTo", "7e-1", "a c"),
        ("Metrics.validation:accuracy", "Equals", ".5", "a"),
        ("Metrics.validation:accuracy", "NotExists", None, "b"),
        ("Metrics.train:loss", "Exists", None, "a"),
        ("Metrics.nobody", "Exists", None, ""),
        ("HyperParameters.rate", "LessThan", "1.0", "a"),
        ("HyperParameters.rate", "Equals", "1", "b"),  # a whole number: 1.5 is treated as 1
        ("HyperParameters.rate", "Equals", "2.0", "c"),
        ("HyperParameters.rate", "GreaterThanOrEqualTo", "1", "b c"),
        ("HyperParameters.kind", "Equals", "tree", "a"),
        ("HyperParameters.kind", "Equals", "1", ""),
        ("HyperParameters.optimizer", "Contains", "da", "a b"),
        ("HyperParameters.depth", "Exists", None, "a"),
        ("HyperParameters", "Exists", None, "a b c"),
        ("EnableManagedSpotTraining", "Equals", "False", "a b c"),
        ("BillableTimeInSeconds", "GreaterThan", "75", "a"),
        ("ResourceConfig.InstanceCount", "Equals", "1", "a b c"),
        ("VpcConfig.Subnets", "Equals", "n-1", "a b"),
        ("VpcConfig.Subnets", "NotEquals", "n-1", "c"),
        ("InputDataConfig.ChannelName", "Equals", "train", "a b c"),
        ("InputDataConfig.DataSource.S3DataSource.S3Uri", "Contains", "//second-", "c"),
        ("SecondaryStatusTransitions.Status", "Equals", "Uploading", "a c"),
        ("Environment.STAGE.NAME", "Equals", "live", "a b"),
        ("VpcConfig", "NotExists", None, "c"),
    ],
)
async def test_a_filter_finds(find: Find, name: str, operator: str | None, value: str | None, found: str) -> None:
    assert await find(where(name, operator, value)) == found


@pytest.mark.parametrize(
    ("operator", "value", "found"),
    [
        ("GreaterThan", "2026-09-21T13:13:19", "second"),  # the second is an hour old, and it is 14:13:20
        ("GreaterThan", "2026-09-21T13:13:20", ""),
        ("LessThan", "2026-09-21T13:13:20", "first"),
        ("Equals", "2026-09-21T13:13:20", "second"),
        ("Equals", "2026-09-21T13:13:20Z", "second"),
        ("Equals", "2026-09-21T15:13:20+02:00", "second"),
        ("Equals", "1789996400", "second"),
        ("LessThanOrEqualTo", "1789996400.0", "first second"),
        ("NotEquals", "2026-09-21T13:13:20", "first"),
    ],
)
async def test_times_are_compared(find: Find, operator: str, value: str, found: str) -> None:
    assert await find(where("CreationTime", operator, value), "HyperParameterTuningJob") == found


@pytest.mark.parametrize(
    ("name", "operator", "value", "found"),
    [
        ("HyperParameterTuningJobConfig.Strategy", "Equals", "Bayesian", "first second"),
        ("HyperParameterTuningJobConfig.ResourceLimits.MaxNumberOfTrainingJobs", "GreaterThan", "2", "second"),
        ("TrainingJobStatusCounters.NonRetryableError", "Equals", "1", "first"),
        ("BestTrainingJob.TrainingJobName", "Equals", "c", "second"),
        ("TrainingJobDefinition.StaticHyperParameters.optimizer", "Equals", "adam", "first"),
        ("HyperParameterTuningEndTime", "Exists", None, "first second"),
    ],
)
async def test_tuning_jobs_are_found_by_any_property(
    find: Find, name: str, operator: str, value: str | None, found: str
) -> None:
    assert await find(where(name, operator, value), "HyperParameterTuningJob") == found


async def test_filters_and_subexpressions_are_joined_by_and_unless_or_is_said(find: Find) -> None:
    a, b, c = (where("TrainingJobName", "Equals", name) for name in "abc")
    vision = where("Tags.team", "Equals", "vision")
    assert await find({"Filters": [*a["Filters"], *b["Filters"]]}) == ""
    assert await find({"Filters": [*a["Filters"], *b["Filters"]], "Operator": "Or"}) == "a b"
    assert await find(vision | {"SubExpressions": [{"SubExpressions": [a, c], "Operator": "Or"}]}) == "a"
    assert await find(vision | {"SubExpressions": [a, c], "Operator": "Or"}) == "a b c"
    assert await find({"SubExpressions": [vision, {"SubExpressions": [vision, b]}]}) == "b"


@pytest.mark.parametrize(
    ("name", "operator", "value"),
    [
        ("Zeitgeist", "Exists", None),
        ("ResourceConfig.Zeitgeist", "Equals", "1"),
        ("TrainingJobName.First", "Equals", "1"),
        ("Metrics", "Exists", None),
        ("TrainingJobName", "GreaterThan", "a"),
        ("Tags.team", "LessThan", "a"),
        ("HyperParameters.rate", "LessThan", "slow"),
        ("Metrics.validation:accuracy", "Equals", "good"),
        ("Metrics.validation:accuracy", "Equals", "nan"),
        ("Metrics.validation:accuracy", "Contains", "1"),
        ("BillableTimeInSeconds", "In", "1,2"),
        ("CreationTime", "LessThan", "yesterday"),
        ("CreationTime", "Contains", "2026"),
        ("EnableManagedSpotTraining", "GreaterThan", "false"),
        ("ResourceConfig", "Equals", "1"),
        ("Tags", "Equals", "vision"),
        ("TrainingJobName", "Equals", None),
        ("TrainingJobName", None, None),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(
    ask: Ask, refusal: Refusal, name: str, operator: str | None, value: str | None
) -> None:
    searched = ask("search", Resource="TrainingJob", SearchExpression=where(name, operator, value))
    code, text = await refusal(searched)
    assert code == "ValidationException"
    assert name in text


async def test_a_tuning_job_has_no_metrics_and_no_hyperparameters(ask: Ask, refusal: Refusal) -> None:
    for name in ("Metrics.validation:accuracy", "HyperParameters.rate"):
        expression = where(name, "Exists")
        refused = await refusal(ask("search", Resource="HyperParameterTuningJob", SearchExpression=expression))
        assert refused == ("ValidationException", f"Unknown property name: {name}")


CONTAINS = where("TrainingJobName", "Contains", "a")
MANY = {"Filters": where("TrainingJobName", "Equals", "a")["Filters"] * 16}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ({}, "You must provide at least one subexpression, filter, or nested filter."),
        ({"SubExpressions": [{}]}, "You must provide at least one subexpression, filter, or nested filter."),
        ({"Filters": CONTAINS["Filters"] * 2}, "'CONTAINS' operator usage limit of 1 exceeded."),
        (CONTAINS | {"SubExpressions": [CONTAINS]}, "'CONTAINS' operator usage limit of 1 exceeded."),
        (
            {"NestedFilters": [{"NestedPropertyName": "InputDataConfig", **CONTAINS}]},
            "The stand-in does not know NestedFilters.",
        ),
        (MANY | {"SubExpressions": [MANY] * 5}, "A SearchExpression can contain up to 20 elements."),
        ({"SubExpressions": [MANY] * 3}, "A SearchExpression can contain up to 50 elements in all its depth."),
    ],
)
async def test_an_expression_beyond_the_limits_is_refused(
    ask: Ask, refusal: Refusal, expression: Answer, message: str
) -> None:
    searched = ask("search", Resource="TrainingJob", SearchExpression=expression)
    assert await refusal(searched) == ("ValidationException", message)


async def test_an_expression_of_the_size_allowed_is_answered(find: Find) -> None:
    twice = where("TrainingJobName", "Equals", "a")["Filters"] * 2
    assert await find({"Filters": MANY["Filters"] + twice, "SubExpressions": [MANY, {"Filters": twice * 7}]}) == "a"


async def test_a_hundred_of_750_training_jobs_are_found_at_once(standin: Standin, ask: Ask) -> None:
    plan = standin.world.add(tuning_job_plan("large", trials=750, tags={"team": "vision"}))
    large = {"Resource": "TrainingJob", "SearchExpression": where("TuningJobArn", "Equals", plan.arn)}
    page = await ask("search", **large, MaxResults=100)
    assert (len(page["Results"]), page["TotalHits"]["Value"]) == (100, 750)
