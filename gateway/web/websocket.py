"""GraphQL over WebSocket, by the graphql-transport-ws protocol (PROTOCOL.md of the graphql-ws project).

A browser's WebSocket can carry no headers, so the credentials come in the first message; a socket lives no longer than
they do. Browsers let any page open a socket anywhere: a page of another origin is turned away before it is open.
"""

import asyncio
import contextlib
import time
import uuid
import weakref
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from gateway import errors
from gateway.identity import Caller
from gateway.schema.errors import CODES
from gateway.web.answers import Refusal
from gateway.web.identify import Door
from gateway.web.operation import Asked, Operations
from gateway.web.record import RECORD, Record

_PROTOCOL = "graphql-transport-ws"
_INIT_PATIENCE = 3.0  # seconds until the first message
_HEARTBEAT = 30.0  # seconds between pings; a peer that answers none is gone
_MOST_MESSAGE = 1024 * 1024  # bytes, as a POST's body
_MOST_OPERATIONS = 50  # at once, on one socket

# The protocol's own close codes.
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NO_PROTOCOL = 4400, 4401, 4403, 4406
_INIT_TIMEOUT, _ID_TAKEN, _TOO_MANY_INITS = 4408, 4409, 4429


class WebSockets:
    """The sockets of /graphql."""

    def __init__(self, operations: Operations, door: Door, wall: Callable[[], float]) -> None:
        self._operations = operations
        self._door = door
        self._wall = wall
        self._open: weakref.WeakSet[web.WebSocketResponse] = weakref.WeakSet()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One socket, from its first message to its last."""
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise Refusal(403, "CSRF_REFUSED", "A page of another origin may not open a WebSocket here.")
        socket = web.WebSocketResponse(protocols=[_PROTOCOL], heartbeat=_HEARTBEAT, max_msg_size=_MOST_MESSAGE)
        await socket.prepare(request)
        self._open.add(socket)
        request[RECORD].asked("websocket", None)
        if socket.ws_protocol != _PROTOCOL:
            await socket.close(code=_NO_PROTOCOL, message=b"Subprotocol not acceptable")
            return socket
        conversation = _Conversation(socket, self._operations, self._door, self._wall, request[RECORD])
        try:
            await conversation.hold()
        finally:
            await conversation.end()
        return socket

    async def close(self, _app: web.Application) -> None:
        """Ask all peers to come again elsewhere: this process ends."""
        closing = [socket.close(code=WSCloseCode.GOING_AWAY, message=b"Going away") for socket in set(self._open)]
        await asyncio.gather(*closing)


class _Closed(Exception):  # noqa: N818  # an ending, not a fault
    """The conversation is over, for this reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class _Conversation:
    """What is said on one socket."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        operations: Operations,
        door: Door,
        wall: Callable[[], float],
        record: Record,
    ) -> None:
        self._socket = socket
        self._operations = operations
        self._door = door
        self._wall = wall
        self._record = record
        self._caller: Caller | None = None
        self._running: dict[str, asyncio.Task[None]] = {}

    async def hold(self) -> None:
        """Listen until either side has had enough, or the caller's credentials have expired."""
        try:
            await self._begin()
            await self._go_on()
        except _Closed as closed:
            await self._socket.close(code=closed.code, message=str(closed).encode())

    async def end(self) -> None:
        """Give up what is still running."""
        for task in list(self._running.values()):
            task.cancel()

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(_INIT_PATIENCE):
                message = await self._heard()
        except TimeoutError:
            raise _Closed(_INIT_TIMEOUT, "Connection initialisation timeout") from None
        if message["type"] != "connection_init":
            raise _Closed(_UNAUTHORIZED, "Unauthorized")
        payload = message.get("payload")
        given = {str(name).lower(): value for name, value in payload.items()} if isinstance(payload, dict) else {}
        try:
            self._caller = await self._door.admit(
                self._record, authorization=_text(given.get("authorization")), api_key=_text(given.get("x-api-key"))
            )
        except (errors.CallerError, errors.UpstreamError):
            raise _Closed(_FORBIDDEN, "Forbidden") from None
        await self._say("connection_ack")

    async def _go_on(self) -> None:
        caller = self._caller
        left = None if caller is None or caller.expires is None else max(caller.expires - self._wall(), 0)
        try:
            async with asyncio.timeout(left):
                while True:
                    await self._answer(await self._heard())
        except TimeoutError:
            raise _Closed(_FORBIDDEN, "Token expired") from None

    async def _answer(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": "ping"}:
                await self._say("pong")
            case {"type": "pong"}:
                pass
            case {"type": "connection_init"}:
                raise _Closed(_TOO_MANY_INITS, "Too many initialisation requests")
            case {"type": "complete", "id": str(operation_id)}:
                if task := self._running.get(operation_id):
                    task.cancel()
            case {"type": "subscribe", "id": str(operation_id), "payload": dict(payload)} if operation_id:
                self._start(operation_id, payload)
            case _:
                raise _Closed(_BAD_REQUEST, "Invalid message")

    def _start(self, operation_id: str, payload: dict[str, Any]) -> None:
        if operation_id in self._running:
            raise _Closed(_ID_TAKEN, f"Subscriber for {operation_id[:100]} already exists")
        crowded = len(self._running) >= _MOST_OPERATIONS
        task = self._running[operation_id] = asyncio.create_task(self._operate(operation_id, payload, crowded=crowded))
        task.add_done_callback(lambda _: self._running.pop(operation_id, None))

    async def _operate(self, operation_id: str, payload: dict[str, Any], *, crowded: bool) -> None:
        with contextlib.suppress(ConnectionError):  # the peer has hung up
            if crowded:
                text = f"At most {_MOST_OPERATIONS} operations at once on a socket."
                await self._refuse(operation_id, "TOO_MANY_LISTENERS", text)
            else:
                await self._run(operation_id, payload)

    async def _run(self, operation_id: str, payload: dict[str, Any]) -> None:
        began, record = time.perf_counter(), Record(uuid.uuid4().hex, self._record.subject, self._record.teams)
        try:
            asked = Asked.in_parameters(payload)
            document, _ = self._operations.read(asked, record)
            caller = self._caller
            if caller is None:  # nobody comes here before connection_ack
                return
            response = await self._operations.answer(asked, document, caller, self._door.scope(caller), record)
        except Refusal as refusal:
            await self._refuse(operation_id, refusal.code, str(refusal))
            return
        except errors.Forbidden as error:  # the caller's teams are no longer served
            await self._refuse(operation_id, CODES[type(error)], str(error))
            return
        if "data" in response:
            await self._say("next", operation_id, response)
            await self._say("complete", operation_id)
        else:
            await self._say("error", operation_id, response["errors"])
        record.tell(status=101, seconds=time.perf_counter() - began)

    async def _refuse(self, operation_id: str, code: str, message: str) -> None:
        await self._say("error", operation_id, [{"message": message, "extensions": {"code": code}}])

    async def _say(self, kind: str, operation_id: str | None = None, payload: object = None) -> None:
        message = {"type": kind, "id": operation_id, "payload": payload}
        await self._socket.send_str(orjson.dumps({k: v for k, v in message.items() if v is not None}).decode())

    async def _heard(self) -> dict[str, Any]:
        """The next message. Raises _Closed when there is none, or it is none of the protocol's."""
        received = await self._socket.receive()
        if received.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
            raise _Closed(WSCloseCode.OK, "")
        try:
            message = orjson.loads(received.data)
        except (orjson.JSONDecodeError, TypeError):
            message = None
        if received.type is not WSMsgType.TEXT or not isinstance(message, dict) or "type" not in message:
            raise _Closed(_BAD_REQUEST, "Invalid message")
        return message


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
