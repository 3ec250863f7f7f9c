"""Spans, as OpenTelemetry's own exporter gets them: one for each operation, one for each call to AWS, no more."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from gateway import telemetry
from gateway.config.settings import traces_wanted
from gateway.rpc import RpcOptions
from gateway.standin import FailNext, Standin
from tests.rpc.client import Client, failure
from tests.running import Running, Start
from tests.telemetry.test_lines import DESCRIBE, LIST, QUERY, TRACE, TRACEPARENT, answered, ask

Spans = Callable[[], list[ReadableSpan]]
CALLERS_SPAN = 0x00F067AA0BA902B7


@pytest.fixture
def spans() -> Iterator[Spans]:
    """The spans that have ended."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with telemetry.traced(provider):
        yield lambda: list(exporter.get_finished_spans())
    provider.shutdown()


def named(spans: list[ReadableSpan]) -> list[str]:
    return sorted(span.name for span in spans)


def one(spans: list[ReadableSpan], name: str) -> ReadableSpan:
    (span,) = (each for each in spans if each.name == name)
    return span


async def test_an_operation_has_a_span_in_its_callers_trace_and_each_call_to_aws_one_within(
    gateway: Running, spans: Spans, logs: list[Any]
) -> None:
    await ask(gateway, {"query": QUERY}, traceparent=TRACEPARENT, tracestate="shop=1", **{"X-Request-Id": "mine-7"})
    found = spans()
    assert named(found) == [f"SageMaker.{DESCRIBE}", f"SageMaker.{LIST}", "query"]
    query = one(found, "query")
    assert query.kind is SpanKind.SERVER
    assert query.context is not None
    assert format(query.context.trace_id, "032x") == TRACE == answered(logs)[0]["trace_id"]
    assert query.parent is not None
    assert query.parent.span_id == CALLERS_SPAN
    assert dict(query.attributes or {}) == {
        "gateway.request_id": "mine-7",
        "graphql.operation.type": "query",
        "graphql.operation.name": "Board",
        "http.response.status_code": 200,
    }
    for call in found[:2]:
        assert call.kind is SpanKind.CLIENT
        assert call.parent is not None
        assert call.parent.span_id == query.context.span_id
    assert dict(one(found, f"SageMaker.{LIST}").attributes or {}) == {
        "rpc.system": "aws-api",
        "rpc.service": "SageMaker",
        "rpc.method": LIST,
        "cloud.region": "us-east-1",
    }


async def test_a_request_without_a_trace_begins_one_and_the_log_names_it(
    gateway: Running, spans: Spans, logs: list[Any]
) -> None:
    await ask(gateway, {"query": QUERY})
    query = one(spans(), "query")
    assert query.parent is None
    assert query.context is not None
    assert answered(logs)[0]["trace_id"] == format(query.context.trace_id, "032x")


async def test_failures_are_told_by_their_codes_and_a_callers_mistake_is_no_error(
    gateway: Running, spans: Spans, standin: Standin
) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "ThrottlingException")]
    await ask(gateway, {"query": QUERY})
    for name in (f"SageMaker.{DESCRIBE}", "query"):
        assert one(spans(), name).status.status_code is StatusCode.ERROR
    assert (one(spans(), "query").attributes or {})["error.type"] == "THROTTLED"
    assert (one(spans(), f"SageMaker.{DESCRIBE}").attributes or {})["error.type"] == "Throttled"
    await ask(gateway, {"query": "{ nope }"})
    mistaken = one(spans(), "GraphQL Operation")
    assert mistaken.status.status_code is StatusCode.UNSET
    assert (mistaken.attributes or {})["error.type"] == "GRAPHQL_VALIDATION_FAILED"


async def test_an_absent_job_is_an_answer_of_awss(gateway: Running, spans: Spans) -> None:
    await ask(gateway, {"query": '{ tuningJob(name: "vision-none") { name } }'})
    assert one(spans(), f"SageMaker.{DESCRIBE}").status.status_code is StatusCode.UNSET


async def test_no_span_holds_a_document_a_variable_or_a_name(gateway: Running, spans: Spans) -> None:
    query = "query ($secret: String!) { hidden: tuningJob(name: $secret) { name trainingJobs { nodes { name } } } }"
    await ask(gateway, {"query": query, "variables": {"secret": "vision-a"}})
    told = "".join(span.to_json() for span in spans())
    for word in ("vision-a", "secret", "hidden", "api-key", "key-of-vision"):
        assert word not in told


async def test_operations_of_a_batch_are_within_the_batchs_span(start: Start, spans: Spans) -> None:
    gateway = await start(batch=2)
    await ask(gateway, [{"query": QUERY}, {"query": "{ viewer { subject } }"}])
    found = spans()
    whole = one(found, "GraphQL Operation")
    parts = [span for span in found if span.name == "query"]
    assert whole.context is not None
    assert [part.parent and part.parent.span_id for part in parts] == [whole.context.span_id] * 2


async def test_a_socket_has_no_span_but_each_operation_on_it_has(gateway: Running, spans: Spans) -> None:
    async with gateway.http.ws_connect(
        f"{gateway.address}/graphql", protocols=("graphql-transport-ws",), headers={"traceparent": TRACEPARENT}
    ) as socket:
        await socket.send_json({"type": "connection_init", "payload": {"X-API-Key": "key-of-vision"}})
        await socket.receive_json()
        for _ in range(2):
            await socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { subject } }"}})
            assert [(await socket.receive_json())["type"] for _ in range(2)] == ["next", "complete"]
    assert named(spans()) == ["query", "query"]
    assert [span.parent and span.parent.span_id for span in spans()] == [CALLERS_SPAN] * 2


async def test_a_read_that_two_wait_for_is_a_call_of_the_first(
    gateway: Running, spans: Spans, standin: Standin
) -> None:
    standin.switches.latency = 0.2
    await asyncio.gather(*[ask(gateway, {"query": QUERY}) for _ in range(2)])
    assert named(spans()) == [f"SageMaker.{DESCRIBE}", f"SageMaker.{LIST}", "query", "query"]


async def test_a_call_has_a_span_with_its_method_and_status(start: Start, spans: Spans) -> None:
    gateway = await start(rpc=RpcOptions(0))
    assert gateway.grpc is not None
    async with grpc.aio.insecure_channel(gateway.grpc) as channel:
        await Client(channel)("GetTuningJob", name="vision-a", metadata=(("traceparent", TRACEPARENT),))
        await failure(Client(channel)("GetTuningJob", name="vision-none"))
    found, absent = (span for span in spans() if span.name == "tuning.v1.TuningJobs/GetTuningJob")
    assert found.parent is not None
    assert found.parent.span_id == CALLERS_SPAN
    attributes = dict(found.attributes or {})
    assert (attributes["rpc.system"], attributes["rpc.response.status_code"]) == ("grpc", "OK")
    assert dict(absent.attributes or {})["error.type"] == "NOT_FOUND"
    assert absent.status.status_code is StatusCode.UNSET


async def test_a_method_that_there_is_not_gives_a_span_no_name_of_the_callers(start: Start, spans: Spans) -> None:
    gateway = await start(rpc=RpcOptions(0))
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        ask: Any = channel.unary_unary("/no.Body/Nothing")
        await failure(ask(b""))
    assert named(spans()) == ["tuning.v1.TuningJobs/_OTHER"]


@pytest.fixture
async def collector() -> AsyncIterator[tuple[str, list[bytes]]]:
    """Somebody who takes spans over HTTP."""
    taken: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        taken.append(await request.read())
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/v1/traces", take)])
    async with TestServer(app) as server:
        yield str(server.make_url("/")).rstrip("/"), taken


async def test_spans_are_sent_where_the_variables_say_and_those_left_at_the_end_too(
    start: Start, collector: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, taken = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
    assert traces_wanted()
    async with telemetry.exported(wanted=traces_wanted()):
        await ask(await start(), {"query": QUERY})
    sent = b"".join(taken)
    for word in (b"tuning-gateway", b"deployment.environment.name", b"SageMaker.", b"graphql.operation.type"):
        assert word in sent


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_SERVICE_NAME": "tuning"}, False),
    ],
)
def test_an_address_to_send_spans_to_is_what_turns_them_on(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], wanted: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert traces_wanted() is wanted


async def test_where_the_extra_is_missing_the_gateway_serves_and_says_so(
    monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setitem(sys.modules, "gateway.telemetry.tracing", None)
    async with telemetry.exported(wanted=True):
        pass
    (line,) = (line for line in logs if line["event"] == "traces_not_possible")
    assert "tuning-gateway[otel]" in line["remedy"]


def test_what_sends_spans_is_not_loaded_where_nobody_wants_them() -> None:
    # Not all of OpenTelemetry: redis's client looks for it by itself.
    loaded = "{'gateway.telemetry.tracing', 'opentelemetry.exporter'} & sys.modules.keys()"
    code = f"import sys, gateway.app; sys.exit(bool({loaded}))"
    root = Path(telemetry.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
