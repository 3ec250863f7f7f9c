"""A plan comes true as the clock advances, and everything that is told of it is derived from the two."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.standin import TrialPlan, World, tuning_job_plan
from gateway.standin.plan import Fate

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Advance = Callable[[float], None]

TRIAL = TrialPlan("t-1", created=10, started=20, ended=120, metric=0.8)


@pytest.fixture
def training_job(ask: Ask) -> Callable[[], Awaitable[Answer]]:
    async def describe() -> Answer:
        return await ask("describe_training_job", TrainingJobName="t-1")

    return describe


@pytest.fixture
def tuning_job(ask: Ask) -> Callable[[], Awaitable[Answer]]:
    async def describe() -> Answer:
        return await ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName="churn-hpo")

    return describe


Described = Callable[[], Awaitable[Answer]]


async def test_a_training_job_passes_through_its_secondary_statuses(
    world: World, training_job: Described, advance: Advance
) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=[TRIAL], created=0))
    seen = []
    for seconds in (10, 10, 10, 86, 4):
        advance(seconds)
        answer = await training_job()
        seen.append((answer["TrainingJobStatus"], answer["SecondaryStatus"]))
    assert seen == [
        ("InProgress", "Starting"),
        ("InProgress", "Downloading"),
        ("InProgress", "Training"),
        ("InProgress", "Uploading"),
        ("Completed", "Completed"),
    ]
    assert [step["Status"] for step in answer["SecondaryStatusTransitions"]] == [secondary for _, secondary in seen]
    assert all(step["StartTime"] <= step["EndTime"] for step in answer["SecondaryStatusTransitions"])
    assert (answer["TrainingTimeInSeconds"], answer["BillableTimeInSeconds"]) == (100, 100)


async def test_times_appear_when_they_have_come(world: World, training_job: Described, advance: Advance) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=[TRIAL], created=0))
    advance(15)
    assert {"TrainingStartTime", "TrainingEndTime", "TrainingTimeInSeconds"}.isdisjoint(await training_job())
    advance(10)
    answer = await training_job()
    assert answer["TrainingStartTime"].timestamp() == world.origin + 20
    assert "TrainingEndTime" not in answer
    advance(100)
    assert (await training_job())["TrainingEndTime"].timestamp() == world.origin + 120


async def test_a_running_training_job_shows_the_latest_metric_it_emitted(
    world: World, ask: Ask, advance: Advance
) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=[TRIAL], created=0))
    advance(25)
    seen = []
    for _ in range(4):
        page = await ask("list_training_jobs_for_hyper_parameter_tuning_job", HyperParameterTuningJobName="churn-hpo")
        (row,) = page["TrainingJobSummaries"]
        metric = row.get("FinalHyperParameterTuningJobObjectiveMetric", {}).get("Value")
        seen.append((row["ObjectiveStatus"], metric))
        advance(32)
    assert [status for status, _ in seen] == ["Pending", "Pending", "Pending", "Succeeded"]
    values = [metric for _, metric in seen if metric is not None]
    assert seen[0][1] is None
    assert values == sorted(values)
    assert values[-1] == 0.8


@pytest.mark.parametrize(
    ("fate", "metric", "objective", "counter"),
    [
        ("Completed", 0.5, "Succeeded", "Completed"),
        ("Completed", None, "Failed", "Completed"),
        ("Stopped", 0.5, "Succeeded", "Stopped"),
        ("Stopped", None, "Failed", "Stopped"),
        ("Failed", None, "Failed", "Failed"),
        ("Failed", 0.5, "Failed", "Failed"),
    ],
)
async def test_every_fate_has_its_objective_status_and_its_counter(
    world: World, ask: Ask, tuning_job: Described, *, fate: Fate, metric: float | None, objective: str, counter: str
) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=1, fates={1: fate}, metrics={1: metric}))
    page = await ask("list_training_jobs_for_hyper_parameter_tuning_job", HyperParameterTuningJobName="churn-hpo")
    (row,) = page["TrainingJobSummaries"]
    assert (row["TrainingJobStatus"], row["ObjectiveStatus"]) == (fate, objective)
    answer = await tuning_job()
    status = answer["TrainingJobStatusCounters"]
    status["Failed"] = status.pop("RetryableError") + status.pop("NonRetryableError")
    assert {name for name, count in status.items() if count} == {counter}
    assert answer["ObjectiveStatusCounters"][objective] == 1


async def test_a_tuning_job_ends_after_its_last_training_job(
    world: World, tuning_job: Described, advance: Advance
) -> None:
    later = TrialPlan("t-2", created=130, started=140, ended=200, metric=0.9)
    world.add(tuning_job_plan("churn-hpo", trials=[TRIAL, later], created=0))
    advance(150)
    answer = await tuning_job()
    assert answer["HyperParameterTuningJobStatus"] == "InProgress"
    assert "HyperParameterTuningEndTime" not in answer
    assert answer["LastModifiedTime"].timestamp() == world.origin + 140
    assert answer["BestTrainingJob"]["TrainingJobName"] == "t-1"
    assert answer["ConsumedResources"]["RuntimeInSeconds"] == 150
    advance(1_000)
    answer = await tuning_job()
    assert answer["HyperParameterTuningJobStatus"] == "Completed"
    assert answer["HyperParameterTuningEndTime"] == answer["LastModifiedTime"]
    assert answer["HyperParameterTuningEndTime"].timestamp() == world.origin + 202
    assert answer["BestTrainingJob"]["TrainingJobName"] == "t-2"
    assert answer["ConsumedResources"]["RuntimeInSeconds"] == 202


async def test_a_stop_lets_nothing_new_begin_and_stops_what_runs(
    world: World, tuning_job: Described, training_job: Described, advance: Advance
) -> None:
    never = TrialPlan("t-2", created=130, started=140, ended=200, metric=0.9)
    world.add(tuning_job_plan("churn-hpo", trials=[TRIAL, never], created=0, stopped_after=50))
    advance(40)
    assert (await tuning_job())["HyperParameterTuningJobStatus"] == "InProgress"
    advance(20)
    assert (await tuning_job())["HyperParameterTuningJobStatus"] == "Stopping"
    running = await training_job()
    assert (running["TrainingJobStatus"], running["SecondaryStatus"]) == ("Stopping", "Stopping")
    advance(200)
    answer = await tuning_job()
    assert answer["HyperParameterTuningJobStatus"] == "Stopped"
    assert answer["TrainingJobStatusCounters"]["Stopped"] == 1
    assert sum(answer["TrainingJobStatusCounters"].values()) == 1
    assert (await training_job())["SecondaryStatus"] == "Stopped"


async def test_a_finished_job_stays_as_it_is(world: World, tuning_job: Described, advance: Advance) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=5))
    first = await tuning_job()
    advance(86_400)
    second = await tuning_job()
    assert first | {"ResponseMetadata": None} == second | {"ResponseMetadata": None}


async def test_a_world_can_run_faster_than_its_clock(clock: Callable[[], float], advance: Advance) -> None:
    world = World(clock, speed=60.0)
    advance(10)
    assert world.now() == world.origin + 600
