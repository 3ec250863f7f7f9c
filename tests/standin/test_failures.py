from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from gateway.standin import Standin, World, tuning_job_plan

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]
Send = Callable[..., Awaitable[tuple[int, Answer, Mapping[str, str]]]]


@pytest.mark.parametrize(
    "operation", ["describe_hyper_parameter_tuning_job", "list_training_jobs_for_hyper_parameter_tuning_job"]
)
async def test_an_absent_tuning_job_is_a_modelled_error(ask: Ask, refusal: Refusal, operation: str) -> None:
    code, text = await refusal(ask(operation, HyperParameterTuningJobName="nobody"))
    assert code == "ResourceNotFound"
    assert text == "Amazon SageMaker can't find a tuning job called nobody. Type another name."


async def test_an_absent_training_job_is_a_validation_error(ask: Ask, refusal: Refusal) -> None:
    code, text = await refusal(ask("describe_training_job", TrainingJobName="nobody"))
    assert (code, text) == ("ValidationException", "Requested resource not found.")


async def test_an_absent_arn_has_no_tags(ask: Ask, refusal: Refusal) -> None:
    arn = "arn:aws:sagemaker:us-east-1:111122223333:hyper-parameter-tuning-job/nobody"
    code, _ = await refusal(ask("list_tags", ResourceArn=arn))
    assert code == "ValidationException"


async def test_a_tuning_job_that_lies_ahead_is_absent(
    world: World, ask: Ask, refusal: Refusal, advance: Callable[[float], None]
) -> None:
    plan = world.add(tuning_job_plan("tomorrow", trials=1, created=100.0))
    arguments = {"HyperParameterTuningJobName": "tomorrow"}
    assert (await refusal(ask("describe_hyper_parameter_tuning_job", **arguments)))[0] == "ResourceNotFound"
    assert (await refusal(ask("list_tags", ResourceArn=plan.arn)))[0] == "ValidationException"
    assert (await refusal(ask("describe_training_job", TrainingJobName=plan.trials[0].name)))[
        0
    ] == "ValidationException"
    advance(100)
    assert (await ask("describe_hyper_parameter_tuning_job", **arguments))[
        "HyperParameterTuningJobStatus"
    ] == "InProgress"


async def test_modelled_errors_say_message_with_a_capital_and_common_ones_without(send: Send) -> None:
    _, modelled, _ = await send("DescribeHyperParameterTuningJob", {"HyperParameterTuningJobName": "nobody"})
    _, common, _ = await send("DescribeTrainingJob", {"TrainingJobName": "nobody"})
    assert set(modelled) == {"__type", "Message"}
    assert set(common) == {"__type", "message"}


@pytest.mark.parametrize("operation", ["CreateEverything", "CreateTrainingJob", ""])
async def test_an_operation_that_is_not_served_is_unknown_and_never_a_500(send: Send, operation: str) -> None:
    status, body, headers = await send(operation)
    assert (status, body["__type"]) == (400, "UnknownOperationException")
    assert headers["x-amzn-ErrorType"] == "UnknownOperationException"


async def test_an_operation_of_another_service_is_unknown(send: Send) -> None:
    status, body, _ = await send("", headers={"X-Amz-Target": "DynamoDB_20120810.ListTables"})
    assert (status, body["__type"]) == (400, "UnknownOperationException")


async def test_every_answer_has_a_request_id_and_the_type_of_aws_json(send: Send) -> None:
    _, _, good = await send("ListHyperParameterTuningJobs")
    _, _, bad = await send("ListHyperParameterTuningJobs", {"MaxResults": 0})
    assert good["x-amzn-RequestId"] != bad["x-amzn-RequestId"]
    assert good["Content-Type"] == bad["Content-Type"] == "application/x-amz-json-1.1"


async def test_a_fault_of_the_standin_itself_looks_like_one_of_aws(
    standin: Standin, send: Send, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(standin.world, "sight", lambda _: None)
    status, body, _ = await send("ListHyperParameterTuningJobs")
    assert (status, body["__type"]) == (500, "InternalFailure")
    assert "failed to answer ListHyperParameterTuningJobs" in caplog.text
