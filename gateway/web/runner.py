"""The public port's connections. Beside their patience, one thing is not as aiohttp has it: what is not even HTTP gets
our answer too.

aiohttp answers a malformed or overlong request by itself, before anybody is asked, in plain text that repeats what was
sent, and logs a stack trace. Both would be the first place where a token in a broken header shows.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage
from aiohttp.http_exceptions import LineTooLong

from gateway.admission import Record, new_id
from gateway.errors import Overloaded
from gateway.schema.errors import INTERNAL, masked
from gateway.web.answers import Refusal, answered, refusal_for
from gateway.web.burden import Burden
from gateway.web.front import Front
from gateway.web.headers import mark
from gateway.web.negotiation import JSON
from gateway.web.patience import MOST_HEAD, HeadTooLongError, Patience, PatientConnection, Server
from gateway.web.request import Request

_Handler = Callable[[Request], Awaitable[web.StreamResponse]]
_LONGEST_LINE = 8190  # bytes; aiohttp's own default, as nginx's


class Runner(web.ServerRunner):
    """Runs the front behind such connections: bodies of so many bytes at most, and so many seconds to end in."""

    def __init__(
        self, front: Front, *, most_bytes: int, grace: float, patience: Patience, connections: int, burden: Burden
    ) -> None:
        super().__init__(_Server(front.answer, most_bytes, patience, connections, burden), shutdown_timeout=grace)
        self._front = front

    async def shutdown(self) -> None:
        """Ends what would never end by itself, before requests under way are waited for."""
        await self._front.close()


class _Server(Server):
    def __init__(
        self, handler: _Handler, most_bytes: int, patience: Patience, connections: int, burden: Burden
    ) -> None:
        super().__init__(
            handler,
            patience=patience,
            connections=connections,
            burden=burden,
            request_factory=self._request,
            handler_cancellation=True,
        )
        self._most_bytes = most_bytes

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)

    def _request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: web.RequestHandler,
        writer: AbstractStreamWriter,
        task: asyncio.Task[None],
    ) -> Request:
        return Request(message, payload, protocol, writer, task, self._loop, client_max_size=self._most_bytes)


class _Connection(PatientConnection):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # aiohttp's words, and the request's own bytes in them
    ) -> web.StreamResponse:
        """The answer where the front could give none. Raises ConnectionError where part of one is already sent."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was begun and cannot be ended")
        record = Record(new_id())
        refusal = _refusal(status, exc, record.request_id)
        record.outcome = (refusal.code,)
        record.tell(status=refusal.status, seconds=0.0)
        response = answered(refusal, JSON)
        mark(response.headers, record.request_id)
        response.force_close()
        return response


def _refusal(status: int, error: BaseException | None, request_id: str) -> Refusal:
    if isinstance(error, Overloaded):
        return refusal_for(error, request_id)
    if isinstance(error, HeadTooLongError):
        text = f"Address and headers are longer than {MOST_HEAD} bytes in all. Send long queries by POST."
        return Refusal(431, "DOCUMENT_LIMIT_EXCEEDED", text)
    if isinstance(error, LineTooLong):
        text = f"The address or a header is longer than {_LONGEST_LINE} bytes. Send long queries by POST."
        return Refusal(431, "DOCUMENT_LIMIT_EXCEEDED", text)
    if 400 <= status < 500:  # noqa: PLR2004  # the statuses of what the caller did
        return Refusal(status, "BAD_USER_INPUT", "This is not a well-formed HTTP request.")
    text = "The answer took too long." if error is None else masked(error, request_id)
    return Refusal(status, INTERNAL, text)
