from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from gateway.standin import AWS_RATES, Standin, TrialPlan, TuningJobPlan, World, tuning_job_plan
from gateway.standin.operations import OPERATIONS

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Connect = Callable[..., Awaitable[Ask]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]
Send = Callable[..., Awaitable[tuple[int, Answer, Mapping[str, str]]]]
Advance = Callable[[float], None]
States = Callable[[], Awaitable[list[str]]]

JOB = {"HyperParameterTuningJobName": "churn-hpo"}
TRIALS = [
    TrialPlan("t-1", created=10, started=20, ended=120, metric=0.8),
    TrialPlan("t-2", created=12, started=22, ended=300, metric=0.9),
    TrialPlan("t-3", created=400, started=410, ended=500, metric=0.7),
]


@pytest.fixture(autouse=True)
def job(world: World) -> TuningJobPlan:
    return world.add(tuning_job_plan("churn-hpo", trials=TRIALS, created=0, wind_down=30))


@pytest.fixture
def states(ask: Ask) -> States:
    """The status of the tuning job, then those of its training jobs."""

    async def seen() -> list[str]:
        described = await ask("describe_hyper_parameter_tuning_job", **JOB)
        page = await ask("list_training_jobs_for_hyper_parameter_tuning_job", **JOB)
        rows = [row["TrainingJobStatus"] for row in page["TrainingJobSummaries"]]
        return [described["HyperParameterTuningJobStatus"], *rows]

    return seen


async def test_a_stopped_tuning_job_stops_what_runs_and_launches_no_more(
    ask: Ask, states: States, advance: Advance
) -> None:
    advance(150)
    await ask("stop_hyper_parameter_tuning_job", **JOB)
    assert await states() == ["Stopping", "Completed", "Stopping"]
    advance(29)
    assert await states() == ["Stopping", "Completed", "Stopping"]
    advance(3)
    assert await states() == ["Stopped", "Completed", "Stopped"]
    advance(1_000)
    answer = await ask("describe_hyper_parameter_tuning_job", **JOB)
    counters = {name: count for name, count in answer["TrainingJobStatusCounters"].items() if count}
    assert counters == {"Completed": 1, "Stopped": 1}
    assert answer["HyperParameterTuningEndTime"] == answer["LastModifiedTime"]
    assert answer["BestTrainingJob"]["TrainingJobName"] == "t-1"


async def test_a_stop_says_nothing_but_that_it_went_well(send: Send, advance: Advance) -> None:
    advance(50)
    for operation, arguments in (("StopTrainingJob", {"TrainingJobName": "t-1"}), ("StopHyperParameterTuningJob", JOB)):
        status, body, _ = await send(operation, arguments)
        assert (status, body) == (200, {})


async def test_a_tuning_job_goes_on_when_a_training_job_of_it_is_stopped(
    ask: Ask, states: States, advance: Advance
) -> None:
    advance(50)
    await ask("stop_training_job", TrainingJobName="t-2")
    assert await states() == ["InProgress", "InProgress", "Stopping"]
    described = await ask("describe_training_job", TrainingJobName="t-2")
    assert (described["TrainingJobStatus"], described["SecondaryStatus"]) == ("Stopping", "Stopping")
    advance(30)
    assert await states() == ["InProgress", "InProgress", "Stopped"]
    described = await ask("describe_training_job", TrainingJobName="t-2")
    assert (described["TrainingEndTime"] - described["CreationTime"]).total_seconds() == 50 + 30 - 12
    advance(700)
    assert await states() == ["Completed", "Completed", "Stopped", "Completed"]


async def test_a_tuning_job_ends_sooner_when_its_last_training_job_is_stopped(
    world: World, ask: Ask, states: States, advance: Advance
) -> None:
    advance(410)
    await ask("stop_training_job", TrainingJobName="t-3")
    advance(40)
    assert await states() == ["Completed", "Completed", "Completed", "Stopped"]
    answer = await ask("describe_hyper_parameter_tuning_job", **JOB)
    assert answer["HyperParameterTuningEndTime"].timestamp() == world.origin + 410 + 30 + 2


async def test_the_first_stop_is_the_one_that_counts(ask: Ask, states: States, advance: Advance) -> None:
    advance(50)
    await ask("stop_training_job", TrainingJobName="t-2")
    advance(20)
    await ask("stop_training_job", TrainingJobName="t-2")
    await ask("stop_hyper_parameter_tuning_job", **JOB)
    advance(10)
    assert await states() == ["Stopping", "Stopping", "Stopped"]
    await ask("stop_hyper_parameter_tuning_job", **JOB)
    advance(22)
    assert await states() == ["Stopped", "Stopped", "Stopped"]


async def test_a_stop_between_two_training_jobs_ends_the_tuning_job_after_it(
    ask: Ask, states: States, advance: Advance
) -> None:
    advance(350)
    await ask("stop_hyper_parameter_tuning_job", **JOB)
    assert await states() == ["Stopping", "Completed", "Completed"]
    advance(2)
    assert await states() == ["Stopped", "Completed", "Completed"]


async def test_what_has_ended_cannot_be_stopped(ask: Ask, refusal: Refusal, advance: Advance) -> None:
    advance(200)
    code, text = await refusal(ask("stop_training_job", TrainingJobName="t-1"))
    assert code == "ValidationException"
    assert text == "The request was rejected because the training job is in status Completed."
    await ask("stop_hyper_parameter_tuning_job", **JOB)
    advance(100)
    code, text = await refusal(ask("stop_hyper_parameter_tuning_job", **JOB))
    assert code == "ValidationException"
    assert text == "The request was rejected because the hyperparameter tuning job is in status Stopped."
    code, text = await refusal(ask("stop_training_job", TrainingJobName="t-2"))
    assert text == "The request was rejected because the training job is in status Stopped."


async def test_what_is_absent_cannot_be_stopped(ask: Ask, refusal: Refusal, connect: Connect, advance: Advance) -> None:
    advance(50)
    code, text = await refusal(ask("stop_hyper_parameter_tuning_job", HyperParameterTuningJobName="nobody"))
    assert (code, text) == (
        "ResourceNotFound",
        "Amazon SageMaker can't find a tuning job called nobody. Type another name.",
    )
    absent = ("ValidationException", "Requested resource not found.")
    assert await refusal(ask("stop_training_job", TrainingJobName="nobody")) == absent
    assert await refusal(ask("stop_training_job", TrainingJobName="t-3")) == absent  # it lies ahead
    theirs = await connect(key="AKIA444455556666")
    assert (await refusal(theirs("stop_hyper_parameter_tuning_job", **JOB)))[0] == "ResourceNotFound"


async def test_search_sees_a_stop_only_when_it_has_caught_up(standin: Standin, ask: Ask, advance: Advance) -> None:
    standin.switches.search_lag = 15
    advance(50)
    await ask("stop_hyper_parameter_tuning_job", **JOB)
    seen = []
    for _ in range(2):
        (hit,) = (await ask("search", Resource="HyperParameterTuningJob"))["Results"]
        seen.append(hit["HyperParameterTuningJob"]["HyperParameterTuningJobStatus"])
        advance(16)
    assert seen == ["InProgress", "Stopping"]


async def test_rates_like_awss_are_there_for_every_operation(
    standin: Standin, ask: Ask, refusal: Refusal, advance: Advance
) -> None:
    assert set(AWS_RATES) == set(OPERATIONS)
    advance(50)
    standin.switches.set_from_json({"rates": "aws"})
    for _ in range(5):
        await ask("stop_hyper_parameter_tuning_job", **JOB)
    assert (await refusal(ask("stop_hyper_parameter_tuning_job", **JOB)))[0] == "ThrottlingException"
