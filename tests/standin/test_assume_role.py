"""AssumeRole by the real STS client, and what the credentials it gives are good for."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession
from aiohttp.test_utils import TestClient

from gateway.standin import FailNext, Rate, Standin, World, tuning_job_plan

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Open = Callable[..., Awaitable[Any]]
Send = Callable[..., Awaitable[tuple[int, Answer, Mapping[str, str]]]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]
Advance = Callable[[float], None]

ROLE = "arn:aws:iam::444455556666:role/tuning/gateway"
OTHER_ROLE = "arn:aws:iam::444455556666:role/other"
FORM = "application/x-www-form-urlencoded"
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIADEMO/20260921/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0"


@pytest.fixture
async def opened(endpoint: str, aio_session: AioSession) -> AsyncIterator[Open]:
    """Opens a real aiobotocore client of a service, with issued credentials or plain ones."""
    async with AsyncExitStack() as clients:

        async def client(service: str, credentials: Mapping[str, Any] | None = None) -> Any:
            keys = credentials or {"AccessKeyId": "AKIADEMO", "SecretAccessKey": "no-secret"}
            return await clients.enter_async_context(
                aio_session.create_client(
                    service,
                    region_name="us-east-1",
                    endpoint_url=endpoint,
                    aws_access_key_id=keys["AccessKeyId"],
                    aws_secret_access_key=keys["SecretAccessKey"],
                    aws_session_token=keys.get("SessionToken"),
                    config=AioConfig(retries={"total_max_attempts": 1}),
                )
            )

        yield client


@pytest.fixture
async def assume(opened: Open) -> Ask:
    sts = await opened("sts")

    async def assumed(**changes: object) -> Answer:
        answer: Answer = await sts.assume_role(**({"RoleArn": ROLE, "RoleSessionName": "gateway"} | changes))
        return answer

    return assumed


async def test_a_role_is_assumed(assume: Ask, clock: Callable[[], float]) -> None:
    answer = await assume()
    credentials = answer["Credentials"]
    assert credentials["AccessKeyId"].startswith("ASIA444455556666")
    assert credentials["Expiration"] == datetime.fromtimestamp(clock() + 3_600, UTC)
    assert len(credentials["SecretAccessKey"]) == 40
    assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::444455556666:assumed-role/gateway/gateway"
    assert answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":gateway")
    assert answer["ResponseMetadata"]["RequestId"]


async def test_every_call_issues_new_credentials(assume: Ask) -> None:
    issued = [(await assume())["Credentials"] for _ in range(5)]
    for part in ("AccessKeyId", "SecretAccessKey", "SessionToken"):
        assert len({credentials[part] for credentials in issued}) == 5


async def test_the_credentials_speak_for_the_roles_account(world: World, assume: Ask, opened: Open) -> None:
    world.add(tuning_job_plan("theirs", trials=1, account="444455556666"))
    world.add(tuning_job_plan("ours", trials=1))
    sagemaker = await opened("sagemaker", (await assume())["Credentials"])
    rows = (await sagemaker.list_hyper_parameter_tuning_jobs())["HyperParameterTuningJobSummaries"]
    assert [row["HyperParameterTuningJobName"] for row in rows] == ["theirs"]


async def test_credentials_end_when_they_said(
    standin: Standin, assume: Ask, opened: Open, refusal: Refusal, advance: Advance
) -> None:
    sagemaker = await opened("sagemaker", (await assume(DurationSeconds=900))["Credentials"])
    advance(899)
    await sagemaker.list_hyper_parameter_tuning_jobs()
    advance(1)
    refused = await refusal(sagemaker.list_hyper_parameter_tuning_jobs())
    assert refused == ("ExpiredTokenException", "The security token included in the request is expired")
    assert standin.calls.refused["ListHyperParameterTuningJobs"] == 1


async def test_sts_has_its_own_word_for_expired_credentials(
    assume: Ask, opened: Open, refusal: Refusal, advance: Advance
) -> None:
    sts = await opened("sts", (await assume())["Credentials"])
    await sts.assume_role(RoleArn=OTHER_ROLE, RoleSessionName="chained")
    advance(3_600)
    assert (await refusal(sts.assume_role(RoleArn=OTHER_ROLE, RoleSessionName="chained")))[0] == "ExpiredToken"


@pytest.mark.parametrize("token", [None, "another token", "ünsound"])
async def test_an_issued_key_is_nothing_without_its_session_token(assume: Ask, send: Send, token: str | None) -> None:
    key = (await assume())["Credentials"]["AccessKeyId"]
    headers = {} if token is None else {"X-Amz-Security-Token": token}
    status, body, _ = await send("ListHyperParameterTuningJobs", key=key, headers=headers)
    assert (status, body["__type"]) == (400, "UnrecognizedClientException")


async def test_any_role_can_be_assumed_until_some_are_named(standin: Standin, assume: Ask, refusal: Refusal) -> None:
    await assume(RoleArn=OTHER_ROLE)
    standin.switches.roles = {ROLE: None}
    await assume()
    await assume(ExternalId="not-needed")
    code, text = await refusal(assume(RoleArn=OTHER_ROLE))
    assert code == "AccessDenied"
    assert text == (
        "User: arn:aws:iam::111122223333:user/caller is not authorized to perform: sts:AssumeRole "
        f"on resource: {OTHER_ROLE}"
    )


@pytest.mark.parametrize("wrong", [{}, {"ExternalId": "nlp-1a2b"}])
async def test_the_external_id_has_to_be_right(
    standin: Standin, assume: Ask, refusal: Refusal, wrong: dict[str, str]
) -> None:
    standin.switches.roles = {ROLE: "vision-7f3a"}
    await assume(ExternalId="vision-7f3a")
    assert (await refusal(assume(**wrong)))[0] == "AccessDenied"


async def test_a_refused_role_is_forbidden(standin: Standin, http: TestClient[Any, Any]) -> None:
    standin.switches.roles = {ROLE: "vision-7f3a"}
    form = {"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": ROLE, "RoleSessionName": "gateway"}
    async with http.post("/", data=form, headers={"Authorization": SIGNED}) as response:
        assert (response.status, response.content_type) == (403, "text/xml")
        body = await response.text()
    assert body.startswith(
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
    )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"RoleSessionName": "two words"}, "at 'roleSessionName' failed to satisfy constraint: Member must satisfy"),
        ({"RoleSessionName": "a" * 65}, "Member must have length less than or equal to 64"),
        ({"ExternalId": "a;b"}, "at 'externalId' failed to satisfy constraint: Member must satisfy"),
        ({"DurationSeconds": 43_201}, "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must"),
        ({"RoleArn": "arn:aws:iam::444455556666:user/somebody"}, "Request ARN is invalid"),
        ({"RoleArn": "arn:aws:iam::4444:role/somebody"}, "Request ARN is invalid"),
    ],
)
async def test_what_sts_does_not_allow_is_a_validation_error(
    assume: Ask, refusal: Refusal, changes: dict[str, object], complaint: str
) -> None:
    code, text = await refusal(assume(**changes))
    assert code == "ValidationError"
    assert complaint in text


@pytest.mark.parametrize(
    ("form", "code", "told"),
    [
        ({}, "InvalidAction", "Could not find operation  for version "),
        ({"Action": "GetCallerIdentity", "Version": "2011-06-15"}, "InvalidAction", "GetCallerIdentity"),
        ({"Action": "AssumeRole", "Version": "2010-01-01"}, "InvalidAction", "2010-01-01"),
        ({"Action": "AssumeRole", "Version": "2011-06-15"}, "ValidationError", "2 validation errors detected"),
        (
            {"Action": "AssumeRole", "Version": "2011-06-15", "DurationSeconds": "<an hour>\x00"},
            "MalformedInput",
            "&lt;an hour&gt; is no integer",
        ),
    ],
)
async def test_a_form_that_asks_for_nothing_is_refused(
    http: TestClient[Any, Any], form: dict[str, str], code: str, told: str
) -> None:
    headers = {"Authorization": SIGNED, "Content-Type": FORM}
    async with http.post("/", data=form, headers=headers) as response:
        assert response.status == 400
        body = await response.text()
    assert f"<Code>{code}</Code><Message>" in body
    assert told in body


async def test_an_unsigned_form_is_refused(http: TestClient[Any, Any]) -> None:
    async with http.post("/", data={"Action": "AssumeRole"}) as response:
        assert response.status == 403
        assert "<Code>MissingAuthenticationToken</Code>" in await response.text()


async def test_calls_are_remembered_without_their_secrets(standin: Standin, assume: Ask) -> None:
    await assume(ExternalId="vision-7f3a", DurationSeconds=900, TokenCode="123456")
    (call,) = standin.calls.of("AssumeRole")
    assert call.arguments == {"RoleArn": ROLE, "RoleSessionName": "gateway", "DurationSeconds": 900}
    assert (call.account, standin.calls.counts["AssumeRole"]) == ("111122223333", 1)


async def test_the_switches_reach_sts_too(standin: Standin, assume: Ask, refusal: Refusal) -> None:
    standin.switches.fail_next = [FailNext("AssumeRole", "AccessDeniedException"), FailNext("AssumeRole", "Internal")]
    assert (await refusal(assume()))[0] == "AccessDenied"
    assert (await refusal(assume()))[0] == "Internal"
    standin.switches.rates["AssumeRole"] = Rate(per_second=0, burst=0)
    assert await refusal(assume()) == ("Throttling", "Rate exceeded")
