from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.standin import Standin, TrialPlan, World, tuning_job_plan

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Walk = Callable[..., Awaitable[list[Answer]]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]
Advance = Callable[[float], None]

LIST = "list_training_jobs_for_hyper_parameter_tuning_job"


def names(pages: list[Answer]) -> list[str]:
    return [row["TrainingJobName"] for page in pages for row in page["TrainingJobSummaries"]]


def tuning_names(pages: list[Answer]) -> list[str]:
    return [row["HyperParameterTuningJobName"] for page in pages for row in page["HyperParameterTuningJobSummaries"]]


async def test_a_page_has_ten_rows_unless_asked_for_more(world: World, ask: Ask) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=40))
    page = await ask("list_training_jobs_for_hyper_parameter_tuning_job", HyperParameterTuningJobName="churn-hpo")
    assert len(page["TrainingJobSummaries"]) == 10
    assert page["NextToken"]


async def test_the_paginator_walks_every_training_job_once_in_order_of_name(world: World, walk: Walk) -> None:
    plan = world.add(tuning_job_plan("churn-hpo", trials=40))
    walked = await walk(LIST, HyperParameterTuningJobName="churn-hpo", page_size=15)
    assert [len(page["TrainingJobSummaries"]) for page in walked] == [15, 15, 10]
    assert names(walked) == sorted(trial.name for trial in plan.trials)


async def test_an_exactly_full_last_page_has_no_token(world: World, walk: Walk) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=30))
    walked = await walk(LIST, HyperParameterTuningJobName="churn-hpo", page_size=15)
    assert len(walked) == 2


async def test_a_summary_says_everything_aws_says(world: World, ask: Ask) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=3, fates={2: "Failed"}, metrics={1: 0.75, 2: None}))
    answer = await ask("list_training_jobs_for_hyper_parameter_tuning_job", HyperParameterTuningJobName="churn-hpo")
    good, bad, _ = answer["TrainingJobSummaries"]
    metric = {"Type": "Maximize", "MetricName": "validation:accuracy", "Value": 0.75}
    assert good["FinalHyperParameterTuningJobObjectiveMetric"] == metric
    assert good["ObjectiveStatus"] == "Succeeded"
    assert good["CreationTime"] < good["TrainingStartTime"] < good["TrainingEndTime"]
    assert set(good["TunedHyperParameters"]) == {"learning_rate", "num_layers"}
    assert all(isinstance(value, str) for value in good["TunedHyperParameters"].values())
    assert (bad["TrainingJobStatus"], bad["ObjectiveStatus"]) == ("Failed", "Failed")
    assert bad["FailureReason"]
    assert "FinalHyperParameterTuningJobObjectiveMetric" not in bad


@pytest.mark.parametrize("sort_by", ["Name", "CreationTime", "Status", "FinalObjectiveMetricValue"])
async def test_descending_is_exactly_ascending_backwards(world: World, walk: Walk, sort_by: str) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=40, failed=0.3, metrics=dict.fromkeys(range(5, 20), 0.5)))
    up = names(await walk(LIST, HyperParameterTuningJobName="churn-hpo", SortBy=sort_by, SortOrder="Ascending"))
    down = names(await walk(LIST, HyperParameterTuningJobName="churn-hpo", SortBy=sort_by, SortOrder="Descending"))
    assert up == down[::-1]


async def test_sorting_by_metric_leaves_out_jobs_without_one_before_pages_are_cut(world: World, walk: Walk) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=30, metrics=dict.fromkeys(range(1, 21))))
    walked = await walk(LIST, HyperParameterTuningJobName="churn-hpo", SortBy="FinalObjectiveMetricValue", page_size=10)
    assert [len(page["TrainingJobSummaries"]) for page in walked] == [10]
    values = [row["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for row in walked[0]["TrainingJobSummaries"]]
    assert values == sorted(values)


async def test_the_page_is_cut_before_the_status_filter(world: World, walk: Walk) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=30, fates={25: "Failed"}))
    walked = await walk(LIST, HyperParameterTuningJobName="churn-hpo", StatusEquals="Failed", page_size=10)
    assert [len(page["TrainingJobSummaries"]) for page in walked] == [0, 0, 1]
    assert ["NextToken" in page for page in walked] == [True, True, False]


async def test_filter_then_page_fills_its_pages(world: World, standin: Standin, walk: Walk) -> None:
    standin.switches.filter_mode = "filter-then-page"
    world.add(tuning_job_plan("churn-hpo", trials=30, fates={25: "Failed"}))
    walked = await walk(LIST, HyperParameterTuningJobName="churn-hpo", StatusEquals="Failed", page_size=10)
    assert [len(page["TrainingJobSummaries"]) for page in walked] == [1]


async def test_tuning_jobs_are_listed_by_name_and_filtered_after_the_cut(world: World, walk: Walk) -> None:
    for number in range(25):
        world.add(tuning_job_plan(f"job-{number:02d}", trials=1))
    world.add(tuning_job_plan("zz-Special", trials=1))
    walked = await walk("list_hyper_parameter_tuning_jobs", NameContains="special")
    assert [len(page["HyperParameterTuningJobSummaries"]) for page in walked] == [0, 0, 1]
    assert tuning_names(walked) == ["zz-Special"]


async def test_name_contains_is_no_prefix(world: World, walk: Walk) -> None:
    for name in ("vision-a", "supervision-b", "nlp-c"):
        world.add(tuning_job_plan(name, trials=1))
    assert tuning_names(await walk("list_hyper_parameter_tuning_jobs", NameContains="vision")) == [
        "supervision-b",
        "vision-a",
    ]


async def test_tuning_jobs_are_filtered_by_time_and_status(world: World, walk: Walk) -> None:
    old, new = world.origin - 9_000, world.origin - 100
    world.add(tuning_job_plan("old", trials=1, created=-9_000))
    world.add(tuning_job_plan("new", trials=1, created=-100, trial_seconds=(500, 500)))

    async def found(**filters: object) -> list[str]:
        return tuning_names(await walk("list_hyper_parameter_tuning_jobs", **filters))

    assert await found(CreationTimeAfter=old) == ["new"]  # after is not at
    assert await found(CreationTimeBefore=new) == ["old"]
    assert await found(LastModifiedTimeAfter=new - 1) == ["new"]
    assert await found(LastModifiedTimeBefore=new - 1) == ["old"]
    assert await found(StatusEquals="InProgress") == ["new"]


@pytest.mark.parametrize(("sort_by", "expected"), [("CreationTime", ["b", "a"]), ("Status", ["b", "a"])])
async def test_tuning_jobs_are_sorted(world: World, walk: Walk, sort_by: str, expected: list[str]) -> None:
    world.add(tuning_job_plan("a", trials=1, created=-100, trial_seconds=(500, 500)))
    world.add(tuning_job_plan("b", trials=1, created=-90_000))
    assert tuning_names(await walk("list_hyper_parameter_tuning_jobs", SortBy=sort_by)) == expected


async def test_a_tuning_job_summary_counts_its_training_jobs(world: World, ask: Ask) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=10, fates={1: "Failed", 2: "Stopped"}, metrics={3: None}))
    (row,) = (await ask("list_hyper_parameter_tuning_jobs"))["HyperParameterTuningJobSummaries"]
    counters = row["TrainingJobStatusCounters"]
    assert (counters["Completed"], counters["Stopped"], counters["InProgress"]) == (8, 1, 0)
    assert counters["RetryableError"] + counters["NonRetryableError"] == 1
    assert row["ObjectiveStatusCounters"] == {"Succeeded": 8, "Pending": 0, "Failed": 2}
    assert row["ResourceLimits"] == {"MaxNumberOfTrainingJobs": 10, "MaxParallelTrainingJobs": 5}


async def test_training_jobs_that_are_not_created_yet_do_not_exist(world: World, advance: Advance, walk: Walk) -> None:
    trials = [TrialPlan(f"t-{start}", created=start, started=start + 1, ended=start + 9) for start in (0, 50, 100)]
    world.add(tuning_job_plan("churn-hpo", trials=trials, created=0))
    assert names(await walk(LIST, HyperParameterTuningJobName="churn-hpo")) == ["t-0"]
    advance(60)
    assert names(await walk(LIST, HyperParameterTuningJobName="churn-hpo")) == ["t-0", "t-50"]


async def test_tags_of_a_tuning_job_are_copied_to_its_training_jobs(world: World, walk: Walk) -> None:
    plan = world.add(tuning_job_plan("Churn-HPO", trials=2, tags={"team": "vision", "project": "churn"}))
    expected = [{"Key": "team", "Value": "vision"}, {"Key": "project", "Value": "churn"}]
    for arn in (plan.arn, plan.arn.replace("churn-hpo", "Churn-HPO"), plan.training_job_arn(plan.trials[1])):
        (page,) = await walk("list_tags", ResourceArn=arn)
        assert page["Tags"] == expected


async def test_a_training_job_that_does_not_exist_yet_has_no_tags(world: World, ask: Ask, refusal: Refusal) -> None:
    trials = [TrialPlan("t-1", created=100, started=101, ended=110)]
    plan = world.add(tuning_job_plan("churn-hpo", trials=trials, created=0, tags={"team": "vision"}))
    code, _ = await refusal(ask("list_tags", ResourceArn=plan.training_job_arn(trials[0])))
    assert code == "ValidationException"
