"""One line for a request, one for a failure of AWS's: with all that somebody needs who is woken at night."""

import asyncio
from typing import Any

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import errors
from gateway.admission import shown
from gateway.rpc import RpcOptions
from gateway.schema.errors import CODES, INTERNAL
from gateway.standin import FailNext, Standin
from gateway.telemetry.cause import Cause
from gateway.telemetry.requests import LEVELS
from tests.rpc.client import Client
from tests.running import Running, Start

QUERY = 'query Board { tuningJob(name: "vision-a") { name trainingJobs { nodes { name } } } }'
DESCRIBE, LIST = "DescribeHyperParameterTuningJob", "ListTrainingJobsForHyperParameterTuningJob"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
CLIENT = {"apollographql-client-name": "leaderboard", "apollographql-client-version": "1.2.3"}


def answered(logs: list[Any]) -> list[Any]:
    return [line for line in logs if line["event"] == "request_answered"]


async def ask(gateway: Running, body: object, **headers: str) -> None:
    known = {"X-API-Key": "key-of-vision", **headers}
    async with gateway.http.post(f"{gateway.address}/graphql", json=body, headers=known) as response:
        await response.read()


async def test_a_line_tells_who_asked_for_what_and_what_it_cost(
    gateway: Running, logs: list[Any], standin: Standin
) -> None:
    standin.switches.latency = 0.05
    await ask(gateway, {"query": QUERY}, traceparent=TRACEPARENT, **{"X-Request-Id": "mine-7"}, **CLIENT)
    (line,) = answered(logs)
    own, aws, whole = (line.pop(name) for name in ("own_ms", "aws_ms", "ms"))
    assert line == {
        "event": "request_answered",
        "log_level": "info",
        "request_id": "mine-7",
        "trace_id": TRACE,
        "subject": "api-key:vision",
        "teams": ["vision"],
        "client": "leaderboard",
        "client_version": "1.2.3",
        "operation": "query",
        "name": "Board",
        "upstream": {DESCRIBE: 1, LIST: 1},
        "reads": {"fetched": 2},
        "outcome": ["OK"],
        "status": 200,
    }
    assert aws >= 100
    assert own + aws == pytest.approx(whole, abs=0.02)


async def test_what_is_answered_from_memory_waits_for_nobody_and_says_where_it_came_from(
    gateway: Running, logs: list[Any]
) -> None:
    for query in (QUERY, QUERY, QUERY.replace("nodes", "totalCount nodes")):
        await ask(gateway, {"query": query})
    _, hot, warm = answered(logs)
    assert (hot["reads"], hot["upstream"], hot["aws_ms"]) == ({"response": 1}, {}, 0)
    assert (warm["reads"], warm["upstream"], warm["aws_ms"]) == ({"remembered": 2}, {}, 0)
    assert warm["own_ms"] == warm["ms"]


async def test_who_waits_for_anothers_read_has_joined_it(gateway: Running, logs: list[Any], standin: Standin) -> None:
    standin.switches.latency = 0.2
    await asyncio.gather(*[ask(gateway, {"query": QUERY}) for _ in range(3)])
    reads = [line["reads"] for line in answered(logs)]
    assert sorted(map(sorted, reads)) == [["fetched"], ["joined"], ["joined"]]
    assert all(line["aws_ms"] >= 200 for line in answered(logs))


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        "nonsense",
        f"00-{TRACE}-00f067aa0ba902b7",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        f"{TRACEPARENT}x",
    ],
)
def test_what_is_no_traceparent_names_no_trace(traceparent: str) -> None:
    assert Cause.of_caller("", {"traceparent": traceparent}.get).trace_id is None


def test_a_traceparent_of_a_later_version_is_understood() -> None:
    later = Cause.of_caller("", {"traceparent": f"cc{TRACEPARENT[2:]}-what-comes-later"}.get)
    assert (later.trace_id, later.headers) == (TRACE, {"traceparent": TRACEPARENT})


@given(st.text(st.characters(exclude_categories=[]), max_size=200))
def test_a_name_that_a_caller_chose_is_in_bounds_and_printable(name: str) -> None:
    told = shown(name)
    assert told is not None
    assert told.isprintable()
    assert len(told) == min(len(name), 100)
    told.encode()  # nothing of half a character, which no JSON could hold


@pytest.mark.parametrize(
    ("aws", "level"), [("ThrottlingException", "warning"), ("InternalFailure", "warning"), ("ExpiredToken", "error")]
)
async def test_a_failure_is_as_loud_as_it_is_grave(
    gateway: Running, logs: list[Any], standin: Standin, aws: str, level: str
) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, aws)]
    await ask(gateway, {"query": QUERY})
    assert [line["log_level"] for line in answered(logs)] == [level]


async def test_a_callers_mistake_is_no_more_than_information(gateway: Running, logs: list[Any]) -> None:
    for query in ("{ nope }", "{ tuningJobs(first: 0) { totalCount } }", "{"):
        await ask(gateway, {"query": query})
    await ask(gateway, {"query": QUERY}, **{"X-API-Key": "wrong"})
    assert [line["log_level"] for line in answered(logs)] == ["info"] * 4


def test_the_codes_that_are_loud_are_those_of_which_no_caller_is_the_cause() -> None:
    upstream = {code for error, code in CODES.items() if issubclass(error, errors.UpstreamError)}
    assert set(LEVELS) == upstream | {INTERNAL, "OVERLOADED", "DEADLINE_EXCEEDED"}


async def test_a_failure_of_awss_names_the_request_that_met_it(
    gateway: Running, logs: list[Any], standin: Standin
) -> None:
    standin.switches.fail_next = [FailNext(LIST, "ThrottlingException")]
    await ask(gateway, {"query": QUERY}, traceparent=TRACEPARENT, **{"X-Request-Id": "mine-7"})
    (line,) = [line for line in logs if line["event"] == "upstream_failed"]
    assert line.pop("ms") >= 0
    assert line == {
        "event": "upstream_failed",
        "log_level": "warning",
        "request_id": "mine-7",
        "trace_id": TRACE,
        "account": "111122223333",
        "region": "us-east-1",
        "operation": LIST,
        "failure": "Throttled",
        "cause": "ClientError",
    }


async def test_a_request_that_follows_on_the_same_connection_is_not_taken_for_the_one_before(
    gateway: Running, logs: list[Any], standin: Standin
) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "InternalFailure", 2)]
    for request_id in ("first", "second"):
        await ask(gateway, {"query": QUERY}, **{"X-Request-Id": request_id})
    assert [line["request_id"] for line in logs if line["event"] == "upstream_failed"] == ["first", "second"]


async def test_a_bug_and_a_missing_permission_name_the_trace_too(
    gateway: Running, logs: list[Any], standin: Standin
) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "AccessDeniedException")]
    await ask(gateway, {"query": QUERY}, traceparent=TRACEPARENT)
    (line,) = [line for line in logs if line["event"] == "operator_needed"]
    assert (line["log_level"], line["trace_id"]) == ("error", TRACE)


async def test_each_operation_on_a_socket_has_an_id_of_its_own_and_the_sockets_client_and_trace(
    gateway: Running, logs: list[Any]
) -> None:
    headers = {"traceparent": TRACEPARENT, **CLIENT}
    async with gateway.http.ws_connect(
        f"{gateway.address}/graphql", protocols=("graphql-transport-ws",), headers=headers
    ) as socket:
        await socket.send_json({"type": "connection_init", "payload": {"X-API-Key": "key-of-vision"}})
        await socket.receive_json()
        for number in ("1", "2"):
            await socket.send_json({"type": "subscribe", "id": number, "payload": {"query": QUERY}})
            assert [(await socket.receive_json())["type"] for _ in range(2)] == ["next", "complete"]
    lines = answered(logs)
    assert [line["operation"] for line in lines[:2]] == ["query", "query"]
    assert {(line["client"], line["trace_id"]) for line in lines} == {("leaderboard", TRACE)}
    assert len({line["request_id"] for line in lines}) == len(lines)


async def test_operations_of_a_batch_share_its_id_client_and_trace(start: Start, logs: list[Any]) -> None:
    gateway = await start(batch=2)
    await ask(gateway, [{"query": QUERY}, {"query": "{ viewer { subject } }"}], traceparent=TRACEPARENT, **CLIENT)
    lines = answered(logs)
    assert {line["operation"] for line in lines} == {"batch", "query"}
    assert len({(line["request_id"], line["client"], line["trace_id"]) for line in lines}) == 1


async def test_a_call_names_its_client_by_its_user_agent(start: Start, logs: list[Any]) -> None:
    gateway = await start(rpc=RpcOptions(0))
    assert gateway.grpc is not None
    async with grpc.aio.insecure_channel(gateway.grpc) as channel:
        await Client(channel)("GetTuningJob", name="vision-a", metadata=(("traceparent", TRACEPARENT),))
    (line,) = answered(logs)
    assert line["client"] == "grpc-python-asyncio"
    assert line["client_version"] == grpc.__version__
    assert (line["operation"], line["name"], line["trace_id"]) == ("rpc", "GetTuningJob", TRACE)
    assert line["reads"] == {"fetched": 1}


async def test_who_hangs_up_is_told_of_with_what_was_done_for_it(
    gateway: Running, logs: list[Any], standin: Standin
) -> None:
    standin.switches.latency = 0.3
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.15):
            await ask(gateway, {"query": QUERY})
    async with asyncio.timeout(5):
        while not answered(logs):  # noqa: ASYNC110  # the log is all that shows it
            await asyncio.sleep(0.01)
    (line,) = answered(logs)
    assert (line["outcome"], line["upstream"], line["log_level"]) == (["CANCELLED"], {DESCRIBE: 1}, "info")
    assert line["aws_ms"] > 0
