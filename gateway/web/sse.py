"""GraphQL over Server-Sent Events, a connection for each operation (graphql-sse's "distinct connections mode").

What GraphQL refuses is told in the stream, as the protocol wants it: a browser's EventSource shows nothing of an answer
that is none. A stream that ends without `complete` was cut off: clients come again.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

import orjson
from aiohttp import web
from aiohttp.hdrs import METH_HEAD

from gateway.capacity import Capacity
from gateway.errors import Unauthenticated
from gateway.web.answers import in_graphql, refusal_for
from gateway.web.headers import complete
from gateway.web.lasting import Lasting
from gateway.web.negotiation import EVENT_STREAM
from gateway.web.request import Request

_SEND_PATIENCE = 10.0  # seconds a peer may leave what it is told unread
_HEADERS = {
    "Content-Type": f"{EVENT_STREAM}; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events until it has enough of them
}
_COMMENT = b":\n\n"  # says that somebody is there, and is no event
_COMPLETE = b"event: complete\ndata:\n\n"

_Responses = AsyncGenerator[dict[str, Any], None]


class Streams:
    """The event streams of /graphql. `heartbeat` is how many seconds one may be silent."""

    def __init__(self, capacity: Capacity, lasting: Lasting, *, heartbeat: float, wall: Callable[[], float]) -> None:
        self._capacity = capacity
        self._lasting = lasting
        self._heartbeat = heartbeat
        self._wall = wall
        self._closing = asyncio.Event()

    async def serve(self, request: Request, responses: _Responses) -> web.StreamResponse:
        """One operation's responses, as long as there are any and the caller listens."""
        with self._lasting.one():
            self._capacity.let_go()
            stream = web.StreamResponse(headers=_HEADERS)
            complete(request, stream)
            await stream.prepare(request)
            if request.method == METH_HEAD:  # whoever wants the head alone has it
                return stream
            with contextlib.suppress(ConnectionError):  # the peer has hung up
                await _send(request, stream, _COMMENT)
                async with aclosing(self._events(request, responses)) as events:
                    async for event in events:
                        await _send(request, stream, event)
        return stream

    def close(self) -> None:
        """End all streams, not their operations: this process ends."""
        self._closing.set()

    async def _events(self, request: Request, responses: _Responses) -> AsyncGenerator[bytes, None]:
        """What is sent: each response when it comes, and something whenever it has been quiet for too long."""
        closing = asyncio.create_task(self._closing.wait())
        following = asyncio.ensure_future(anext(responses, None))
        try:
            while not closing.done():
                await asyncio.wait((following, closing), timeout=self._quiet(request), return_when="FIRST_COMPLETED")
                if following.done():
                    if (response := following.result()) is None:
                        yield _COMPLETE
                        return
                    yield _next(response)
                    following = asyncio.ensure_future(anext(responses, None))
                elif self._expired(request):
                    yield _failed(request, Unauthenticated("This token has expired."))
                    return
                elif not closing.done():
                    yield _COMMENT
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told in the stream that has begun
            yield _failed(request, error)
        finally:
            for task in (following, closing):
                task.cancel()
            await asyncio.wait((following, closing))
            await responses.aclose()

    def _quiet(self, request: Request) -> float:
        """Seconds until something must be sent or done."""
        expires = request.caller.expires
        return self._heartbeat if expires is None else min(self._heartbeat, max(expires - self._wall(), 0))

    def _expired(self, request: Request) -> bool:
        expires = request.caller.expires
        return expires is not None and expires <= self._wall()


def _next(response: Mapping[str, Any]) -> bytes:
    return b"event: next\ndata: %b\n\n" % orjson.dumps(response)


def _failed(request: Request, error: Exception) -> bytes:
    """The last that is told: why there is no more."""
    refusal = refusal_for(error, request.record.request_id)
    request.record.outcome = (refusal.code,)
    return _next(in_graphql(refusal)) + _COMPLETE


async def _send(request: Request, stream: web.StreamResponse, event: bytes) -> None:
    """Write, to a peer that reads. One that does not is cut off."""
    try:
        async with asyncio.timeout(_SEND_PATIENCE):
            await stream.write(event)
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError("the peer does not read") from None
