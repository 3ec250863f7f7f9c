"""The public port's connections. Its one difference from aiohttp's own: what is not even HTTP gets our answer too.

aiohttp answers a malformed or overlong request by itself, before any middleware, in plain text that repeats what was
sent, and logs a stack trace. Both would be the first place where a token in a broken header shows.
"""

import uuid
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from gateway.admission import Record
from gateway.schema.errors import INTERNAL, masked
from gateway.web.answers import Refusal, answered
from gateway.web.headers import mark
from gateway.web.negotiation import JSON
from gateway.web.patience import Patience, PatientConnection, Server

_LONGEST_LINE = 8190  # bytes; aiohttp's own default, as nginx's


class Runner(web.AppRunner):
    """Runs an application behind such connections, so many at most."""

    __slots__ = ("_connections", "_patience")

    def __init__(self, app: web.Application, *, patience: Patience, connections: int, **kwargs: Any) -> None:  # noqa: ANN401  # aiohttp's own
        super().__init__(app, **kwargs)
        self._patience = patience
        self._connections = connections

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        return _Server(
            server.request_handler,
            patience=self._patience,
            connections=self._connections,
            request_factory=server.request_factory,
            **self._kwargs,
        )


class _Server(Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(PatientConnection):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # aiohttp's words, and the request's own bytes in them
    ) -> web.StreamResponse:
        """The answer where no middleware could give one. Raises ConnectionError where part of one is already sent."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was begun and cannot be ended")
        record = Record(uuid.uuid4().hex)
        refusal = _refusal(status, exc, record.request_id)
        record.outcome = (refusal.code,)
        record.tell(status=refusal.status, seconds=0.0)
        response = answered(refusal, JSON)
        mark(response.headers, record.request_id)
        response.force_close()
        return response


def _refusal(status: int, error: BaseException | None, request_id: str) -> Refusal:
    if isinstance(error, LineTooLong):
        text = f"The address or a header is longer than {_LONGEST_LINE} bytes. Send long queries by POST."
        return Refusal(431, "DOCUMENT_LIMIT_EXCEEDED", text)
    if 400 <= status < 500:  # noqa: PLR2004  # the statuses of what the caller did
        return Refusal(status, "BAD_USER_INPUT", "This is not a well-formed HTTP request.")
    text = "The answer took too long." if error is None else masked(error, request_id)
    return Refusal(status, INTERNAL, text)
