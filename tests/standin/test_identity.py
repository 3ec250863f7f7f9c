from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway.standin import Standin, World, tuning_job_plan

Answer = dict[str, Any]
Connect = Callable[..., Awaitable[Callable[..., Awaitable[Answer]]]]
Send = Callable[..., Awaitable[tuple[int, Answer, Mapping[str, str]]]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]

LIST = "ListHyperParameterTuningJobs"


async def test_the_region_of_the_credential_scope_picks_the_jobs(world: World, connect: Connect) -> None:
    world.add(tuning_job_plan("here", trials=1))
    world.add(tuning_job_plan("there", trials=1, region="eu-west-1"))
    ask = await connect(region="eu-west-1")
    rows = (await ask("list_hyper_parameter_tuning_jobs"))["HyperParameterTuningJobSummaries"]
    assert [row["HyperParameterTuningJobName"] for row in rows] == ["there"]
    assert rows[0]["HyperParameterTuningJobArn"].startswith("arn:aws:sagemaker:eu-west-1:111122223333:")


async def test_twelve_digits_in_the_access_key_are_the_account(world: World, connect: Connect) -> None:
    world.add(tuning_job_plan("ours", trials=1, account="444455556666"))
    ask = await connect(key="AKIA444455556666TEAM")
    described = await ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName="ours")
    assert described["HyperParameterTuningJobArn"].split(":")[4] == "444455556666"


async def test_another_account_sees_nothing_of_the_first(world: World, connect: Connect, refusal: Refusal) -> None:
    world.add(tuning_job_plan("ours", trials=1))
    ask = await connect(key="AKIA999988887777TEAM")
    assert (await ask("list_hyper_parameter_tuning_jobs"))["HyperParameterTuningJobSummaries"] == []
    asked = ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName="ours")
    assert (await refusal(asked))[0] == "ResourceNotFound"


async def test_a_request_without_authorization_is_refused(send: Send) -> None:
    status, body, _ = await send(LIST, headers={"Authorization": ""})
    assert (status, body["__type"]) == (400, "MissingAuthenticationTokenException")


async def test_an_authorization_without_credential_scope_is_refused(send: Send) -> None:
    status, body, _ = await send(LIST, headers={"Authorization": "Bearer something"})
    assert (status, body["__type"]) == (400, "IncompleteSignatureException")


async def test_unsigned_requests_do_not_count_as_calls(standin: Standin, send: Send) -> None:
    await send(LIST, headers={"Authorization": ""})
    assert standin.calls.counts == {}
