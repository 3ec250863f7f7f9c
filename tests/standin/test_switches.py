import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any
from unittest.mock import create_autospec

import pytest
from aiohttp import ClientError
from aiohttp.test_utils import TestClient, make_mocked_request

from gateway.standin import Call, FailNext, Rate, Standin, World, tuning_job_plan
from gateway.standin.switches import NonFinite

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Connect = Callable[..., Awaitable[Ask]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]
Send = Callable[..., Awaitable[tuple[int, Answer, Mapping[str, str]]]]
Advance = Callable[[float], None]

LIST = "ListHyperParameterTuningJobs"
ROWS = "list_training_jobs_for_hyper_parameter_tuning_job"


@pytest.fixture(autouse=True)
def job(world: World) -> str:
    return world.add(tuning_job_plan("churn-hpo", trials=3, metrics={1: 0.5})).trials[0].name


async def test_nothing_is_throttled_unless_asked(ask: Ask) -> None:
    await asyncio.gather(*(ask("list_hyper_parameter_tuning_jobs") for _ in range(50)))


async def test_a_rate_throttles_what_exceeds_its_burst(standin: Standin, ask: Ask, refusal: Refusal) -> None:
    standin.switches.rates[LIST] = Rate(per_second=2, burst=2)
    await ask("list_hyper_parameter_tuning_jobs")
    await ask("list_hyper_parameter_tuning_jobs")
    assert await refusal(ask("list_hyper_parameter_tuning_jobs")) == ("ThrottlingException", "Rate exceeded")
    assert (standin.calls.counts[LIST], standin.calls.refused[LIST]) == (3, 1)


async def test_a_throttle_is_58_bytes_long_as_awss_is(standin: Standin, send: Send) -> None:
    standin.switches.rates["*"] = Rate(per_second=0, burst=0)
    status, body, headers = await send(LIST)
    assert (status, headers["Content-Length"]) == (400, "58")
    assert body == {"__type": "ThrottlingException", "message": "Rate exceeded"}


async def test_a_bucket_fills_again_with_time(standin: Standin, ask: Ask, refusal: Refusal, advance: Advance) -> None:
    standin.switches.rates[LIST] = Rate(per_second=2, burst=1)
    await ask("list_hyper_parameter_tuning_jobs")
    await refusal(ask("list_hyper_parameter_tuning_jobs"))
    advance(0.5)
    await ask("list_hyper_parameter_tuning_jobs")


async def test_each_account_and_region_has_its_own_budget(standin: Standin, connect: Connect) -> None:
    standin.switches.rates["*"] = Rate(per_second=0, burst=1)
    for scope in ({}, {"region": "eu-west-1"}, {"key": "AKIA444455556666"}):
        ask = await connect(**scope)
        await ask("list_hyper_parameter_tuning_jobs")


async def test_other_operations_keep_their_own_bucket(standin: Standin, ask: Ask) -> None:
    standin.switches.rates["*"] = Rate(per_second=0, burst=1)
    await ask("list_hyper_parameter_tuning_jobs")
    await ask(ROWS, HyperParameterTuningJobName="churn-hpo")


async def test_the_next_calls_of_an_operation_can_be_failed(standin: Standin, ask: Ask, refusal: Refusal) -> None:
    standin.switches.fail_next = [FailNext(LIST, "AccessDeniedException", 2), FailNext(LIST, "ResourceNotFound")]
    codes = [(await refusal(ask("list_hyper_parameter_tuning_jobs")))[0] for _ in range(3)]
    assert codes == ["AccessDeniedException", "AccessDeniedException", "ResourceNotFound"]
    await ask("list_hyper_parameter_tuning_jobs")
    assert standin.switches.fail_next == []


async def test_a_failure_of_the_service_is_a_500(standin: Standin, send: Send) -> None:
    standin.switches.fail_next = [FailNext(LIST, "InternalFailure")]
    assert (await send(LIST))[0] == 500


async def test_connections_can_be_cut(standin: Standin, send: Send) -> None:
    standin.switches.reset_next = {LIST: 2}
    for _ in range(2):
        with pytest.raises((ClientError, OSError)):
            await send(LIST)
    assert (await send(LIST))[0] == 200
    assert (standin.calls.counts[LIST], standin.calls.refused[LIST]) == (3, 2)


async def test_latency_holds_every_answer_back(standin: Standin, ask: Ask) -> None:
    standin.switches.latency = 0.05
    began = monotonic()
    await ask("list_hyper_parameter_tuning_jobs")
    assert monotonic() - began >= 0.05


async def test_a_status_nobody_knows_passes_through_the_client(standin: Standin, ask: Ask, job: str) -> None:
    standin.switches.unknown_status = {job: "Hibernating", "churn-hpo": "Dreaming"}
    page = await ask(ROWS, HyperParameterTuningJobName="churn-hpo")
    assert [row["TrainingJobStatus"] for row in page["TrainingJobSummaries"]] == [
        "Hibernating",
        "Completed",
        "Completed",
    ]
    described = await ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName="churn-hpo")
    assert described["HyperParameterTuningJobStatus"] == "Dreaming"
    assert (await ask("describe_training_job", TrainingJobName=job))["TrainingJobStatus"] == "Hibernating"


@pytest.mark.parametrize(
    ("spelled", "fits"), [("NaN", math.isnan), ("Infinity", math.isinf), ("-Infinity", math.isinf)]
)
async def test_a_metric_can_be_not_finite(
    standin: Standin, ask: Ask, job: str, spelled: NonFinite, fits: Callable[[float], bool]
) -> None:
    standin.switches.non_finite_metric = {job: spelled}
    page = await ask(ROWS, HyperParameterTuningJobName="churn-hpo")
    assert fits(page["TrainingJobSummaries"][0]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"])
    assert fits((await ask("describe_training_job", TrainingJobName=job))["FinalMetricDataList"][0]["Value"])


async def test_a_metric_can_be_the_word_nan(standin: Standin, send: Send, job: str) -> None:
    standin.switches.non_finite_metric = {job: '"NaN"'}
    _, body, _ = await send("ListTrainingJobsForHyperParameterTuningJob", {"HyperParameterTuningJobName": "churn-hpo"})
    assert body["TrainingJobSummaries"][0]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == "NaN"


async def test_members_the_model_does_not_know_are_in_the_bytes_and_not_in_the_client(
    standin: Standin, ask: Ask, send: Send
) -> None:
    standin.switches.unknown_member = "Zeitgeist"
    arguments = {"HyperParameterTuningJobName": "churn-hpo"}
    _, body, _ = await send("ListTrainingJobsForHyperParameterTuningJob", arguments)
    assert "Zeitgeist" in body
    assert all("Zeitgeist" in row for row in body["TrainingJobSummaries"])
    page = await ask(ROWS, **arguments)
    assert "Zeitgeist" not in page
    assert not any("Zeitgeist" in row for row in page["TrainingJobSummaries"])


async def test_calls_are_remembered_in_order_with_what_they_asked(standin: Standin, connect: Connect) -> None:
    ask = await connect(region="eu-west-1", key="AKIA444455556666")
    await ask("list_hyper_parameter_tuning_jobs", MaxResults=5)
    await ask("list_hyper_parameter_tuning_jobs", NameContains="x")
    assert list(standin.calls.log) == [
        Call(LIST, "444455556666", "eu-west-1", {"MaxResults": 5}),
        Call(LIST, "444455556666", "eu-west-1", {"NameContains": "x"}),
    ]
    assert standin.calls.of("DescribeTrainingJob") == []


async def test_the_switches_can_be_read_and_turned_over_http(standin: Standin, http: TestClient[Any, Any]) -> None:
    changes = {
        "latency": 0.0,
        "rates": {LIST: {"per_second": 2, "burst": 4}, "*": {"per_second": 9}},
        "fail_next": [{"operation": LIST, "code": "AccessDeniedException"}],
        "reset_next": {"DescribeTrainingJob": 1},
        "token_life": 60,
        "token_size": 512,
        "filter_mode": "filter-then-page",
        "search_lag": 15,
        "roles": {"arn:aws:iam::444455556666:role/reader": "vision-7f3a", "arn:aws:iam::444455556666:role/x": None},
        "unknown_status": {"churn-hpo": "Dreaming"},
        "non_finite_metric": {"x": "NaN"},
        "unknown_member": "Zeitgeist",
    }
    async with http.patch("/_standin/switches", json=changes) as response:
        assert response.status == 200
        turned = await response.json()
    async with http.get("/_standin/switches") as response:
        assert await response.json() == turned
    assert turned["filter_mode"] == "filter-then-page"
    assert standin.switches.rates == {LIST: Rate(2, 4), "*": Rate(9, 1)}
    assert standin.switches.fail_next == [FailNext(LIST, "AccessDeniedException", 1)]


@pytest.mark.parametrize(
    "changes",
    [
        {"nonsense": 1},
        {"latency": -1},
        {"latency": "slow"},
        {"token_size": 1.5},
        {"filter_mode": "sideways"},
        {"rates": {LIST: {"burst": 1}}},
        {"rates": [1]},
        {"fail_next": [{"operation": LIST}]},
        {"fail_next": {}},
        {"search_lag": "long"},
        {"roles": {"arn": 5}},
        {"unknown_status": {"job": 1}},
        {"non_finite_metric": {"job": "five"}},
        ["a list"],
        "not json",
    ],
)
async def test_a_wrong_switch_is_refused_and_changes_nothing(
    standin: Standin, http: TestClient[Any, Any], changes: object
) -> None:
    before = standin.switches.to_json()
    right_too = {"token_life": 1} | changes if isinstance(changes, dict) else changes
    body = b"{" if changes == "not json" else json.dumps(right_too).encode()
    async with http.patch("/_standin/switches", data=body) as response:
        assert response.status == 400
        assert (await response.json())["error"]
    assert standin.switches.to_json() == before


async def test_the_calls_can_be_counted_and_forgotten_over_http(
    standin: Standin, send: Send, http: TestClient[Any, Any]
) -> None:
    await send(LIST)
    await send(LIST, {"MaxResults": 0})
    async with http.get("/_standin/calls") as response:
        assert await response.json() == {LIST: 2}
    async with http.get("/_standin/refused") as response:
        assert await response.json() == {LIST: 1}
    async with http.delete("/_standin/calls") as response:
        assert response.status == 204
    async with http.get("/_standin/calls") as response:
        assert await response.json() == {}
    assert len(standin.calls.log) == 0


async def test_nobody_else_turns_the_switches(standin: Standin) -> None:
    """A request whose peer is not on the loopback interface; no port of this machine could send one for sure."""
    for peer in ("10.0.0.7", "2001:db8::1", None):
        transport = create_autospec(asyncio.Transport, instance=True)
        transport.get_extra_info.side_effect = {"peername": peer and (peer, 4711)}.get
        request = make_mocked_request("GET", "/_standin/switches", app=standin.app, transport=transport)
        match = await standin.app.router.resolve(request)
        assert (await match.handler(request)).status == 403
