"""W3C's trace context on the way to AWS: of our spans where there are any, else the caller's as it came."""

from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web
from opentelemetry.trace import SpanKind

from gateway.standin import Standin, World
from tests.running import Running
from tests.telemetry.test_lines import QUERY, TRACE, TRACEPARENT, ask
from tests.telemetry.test_spans import Spans, spans

__all__ = ["spans"]

Sent = list[Mapping[str, str]]


@pytest.fixture
def sent() -> Sent:
    """The headers of the calls to AWS."""
    return []


@pytest.fixture
def standin(world: World, shapes: Any, sent: Sent) -> Standin:
    standin = Standin(world, shapes=shapes)

    async def note(request: web.Request, _: web.StreamResponse) -> None:
        sent.append(request.headers)

    standin.app.on_response_prepare.append(note)
    return standin


def _context(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name in ("traceparent", "tracestate") if (value := headers.get(name)) is not None}


async def test_what_the_caller_says_goes_on_to_aws_where_no_spans_are_recorded(gateway: Running, sent: Sent) -> None:
    await ask(gateway, {"query": QUERY}, traceparent=TRACEPARENT, tracestate="shop=1")
    assert [_context(headers) for headers in sent] == [{"traceparent": TRACEPARENT, "tracestate": "shop=1"}] * 2
    assert all("trace" not in headers["Authorization"] for headers in sent)  # whatever is on the way may change it


async def test_nothing_goes_on_to_aws_where_the_caller_says_nothing(gateway: Running, sent: Sent) -> None:
    await ask(gateway, {"query": QUERY})
    assert [_context(headers) for headers in sent] == [{}, {}]


@pytest.mark.parametrize("tracestate", ["käse=1", "x" * 513, ""])
async def test_what_no_header_should_hold_does_not_go_on(gateway: Running, sent: Sent, tracestate: str) -> None:
    await ask(gateway, {"query": QUERY}, traceparent=TRACEPARENT, tracestate=tracestate)
    assert [_context(headers) for headers in sent] == [{"traceparent": TRACEPARENT}] * 2


async def test_where_spans_are_recorded_the_span_of_the_call_goes_on(
    gateway: Running, sent: Sent, spans: Spans
) -> None:
    await ask(gateway, {"query": QUERY}, traceparent=TRACEPARENT, tracestate="shop=1")
    calls = [span.context.span_id for span in spans() if span.kind is SpanKind.CLIENT and span.context]
    assert [_context(headers) for headers in sent] == [
        {"traceparent": f"00-{TRACE}-{call:016x}-01", "tracestate": "shop=1"} for call in calls
    ]


async def test_each_operation_on_a_socket_goes_on_in_the_sockets_trace(gateway: Running, sent: Sent) -> None:
    async with gateway.http.ws_connect(
        f"{gateway.address}/graphql", protocols=("graphql-transport-ws",), headers={"traceparent": TRACEPARENT}
    ) as socket:
        await socket.send_json({"type": "connection_init", "payload": {"X-API-Key": "key-of-vision"}})
        await socket.receive_json()
        await socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": QUERY}})
        await socket.receive_json()
    assert [_context(headers) for headers in sent] == [{"traceparent": TRACEPARENT}] * 2
