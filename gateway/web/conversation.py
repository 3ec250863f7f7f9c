"""What is said on one WebSocket, by the graphql-transport-ws protocol (PROTOCOL.md of the graphql-ws project).

The credentials come in the first message and are judged anew for each operation. A peer that does not read what it is
told is cut off, and never listened to faster than it is answered.
"""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from gateway import errors
from gateway.identity import Caller
from gateway.schema.errors import CODES
from gateway.web.answers import refusal_for
from gateway.web.identify import Door
from gateway.web.operation import Asked, Operations
from gateway.web.record import Record

PROTOCOL = "graphql-transport-ws"
_INIT_PATIENCE = 3.0  # seconds until the first message
_SEND_PATIENCE = 10.0  # seconds a peer may leave what it is told unread
_CLOSE_PATIENCE = 1.0  # seconds for a farewell
_LONGEST_ID = 256  # characters
HEARTBEAT = 30.0  # seconds between pings; a peer that answers none is gone
_MOST_OPERATIONS = 50  # at once, on one socket

# The protocol's own close codes.
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NO_PROTOCOL = 4400, 4401, 4403, 4406
_INIT_TIMEOUT, _ID_TAKEN, _TOO_MANY_INITS = 4408, 4409, 4429


class _Closed(Exception):  # noqa: N818  # an ending, not a fault
    """The conversation is over, for this reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Conversation:
    """What is said on one socket."""

    def __init__(
        self,
        *,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        operations: Operations,
        door: Door,
        wall: Callable[[], float],
        record: Record,
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._operations = operations
        self._door = door
        self._wall = wall
        self._record = record
        self._credentials: dict[str, str | None] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # those given up too, until they have ended

    async def hold(self) -> None:
        """Listen until either side has had enough, or the caller's credentials have expired."""
        with contextlib.suppress(ConnectionError):  # the peer has hung up
            try:
                await self._go_on(await self._begin())
            except _Closed as closed:
                await self.close(closed.code, str(closed))

    async def close(self, code: int, reason: str) -> None:
        """End the conversation. A peer that does not even read is cut off."""
        self.give_up()
        try:
            async with asyncio.timeout(_CLOSE_PATIENCE):
                await self._socket.close(code=code, message=reason.encode())
        except (TimeoutError, ConnectionError):
            self._cut_off()

    def give_up(self) -> None:
        """Ask nothing more for anybody here."""
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    async def _begin(self) -> Caller:
        if self._socket.ws_protocol != PROTOCOL:
            raise _Closed(_NO_PROTOCOL, "Subprotocol not acceptable")
        try:
            async with asyncio.timeout(_INIT_PATIENCE):
                message = await self._heard()
        except TimeoutError:
            raise _Closed(_INIT_TIMEOUT, "Connection initialisation timeout") from None
        if message["type"] != "connection_init":
            raise _Closed(_UNAUTHORIZED, "Unauthorized")
        payload = message.get("payload")
        given = {str(name).lower(): value for name, value in payload.items()} if isinstance(payload, dict) else {}
        self._credentials = {
            "authorization": _text(given.get("authorization")),
            "api_key": _text(given.get("x-api-key")),
        }
        try:
            caller = await self._door.admit(self._record, **self._credentials)
        except errors.CallerError:
            raise _Closed(_FORBIDDEN, "Forbidden") from None
        except errors.UpstreamError:  # whoever issued the token cannot be asked; that is not the caller's fault
            raise _Closed(WSCloseCode.TRY_AGAIN_LATER, "Try again later") from None
        await self._say("connection_ack")
        return caller

    async def _go_on(self, caller: Caller) -> None:
        left = None if caller.expires is None else max(caller.expires - self._wall(), 0)
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
                if task := self._running.pop(operation_id, None):
                    task.cancel()
            case {"type": "subscribe", "id": str(operation_id), "payload": dict(payload)} if (
                0 < len(operation_id) <= _LONGEST_ID
            ):
                await self._start(operation_id, payload)
            case _:
                raise _Closed(_BAD_REQUEST, "Invalid message")

    async def _start(self, operation_id: str, payload: dict[str, Any]) -> None:
        if operation_id in self._running:
            raise _Closed(_ID_TAKEN, f"Subscriber for {operation_id} already exists")
        if len(self._tasks) >= _MOST_OPERATIONS:
            # Here, not in a task: a peer that does not read what it is told is not listened to either.
            text = f"At most {_MOST_OPERATIONS} operations at once on a socket."
            await self._refuse(operation_id, "TOO_MANY_LISTENERS", text)
            return
        task = asyncio.create_task(self._operate(operation_id, payload))
        self._running[operation_id] = task
        self._tasks.add(task)
        task.add_done_callback(lambda _: self._ended(operation_id, task))

    def _ended(self, operation_id: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._running.get(operation_id) is task:
            del self._running[operation_id]

    async def _operate(self, operation_id: str, payload: dict[str, Any]) -> None:
        began, record = time.perf_counter(), Record(uuid.uuid4().hex, self._record.subject, self._record.teams)
        record.outcome = ("CANCELLED",)  # until it is known better
        try:
            with contextlib.suppress(ConnectionError):  # the peer has hung up
                await self._run(operation_id, payload, record)
        finally:
            record.tell(status=101, seconds=time.perf_counter() - began)

    async def _run(self, operation_id: str, payload: dict[str, Any], record: Record) -> None:
        try:
            # Anew for each operation: a key or a team may have been taken away since the socket was opened.
            caller = await self._door.admit(record, **self._credentials)
            asked = Asked.in_parameters(payload)
            document, _ = self._operations.read(asked, record)
            response = await self._operations.answer(asked, document, caller, self._door.scope(caller), record)
        except (errors.Unauthenticated, errors.Forbidden) as error:
            record.outcome = (CODES[type(error)],)
            await self.close(_FORBIDDEN, "Forbidden")
            return
        except Exception as error:  # noqa: BLE001  # whatever it is, the operation gets an answer
            refusal = refusal_for(error, record.request_id)
            record.outcome = (refusal.code,)
            await self._refuse(operation_id, refusal.code, str(refusal))
            return
        if "data" in response:
            await self._say("next", operation_id, response)
            await self._say("complete", operation_id)
        else:
            await self._say("error", operation_id, response["errors"])

    async def _refuse(self, operation_id: str, code: str, message: str) -> None:
        await self._say("error", operation_id, [{"message": message, "extensions": {"code": code}}])

    async def _say(self, kind: str, operation_id: str | None = None, payload: object = None) -> None:
        message = {"type": kind, "id": operation_id, "payload": payload}
        text = orjson.dumps({name: value for name, value in message.items() if value is not None}).decode()
        try:
            async with asyncio.timeout(_SEND_PATIENCE):
                await self._socket.send_str(text)
        except TimeoutError:
            self._cut_off()
            raise ConnectionResetError("the peer does not read") from None

    def _cut_off(self) -> None:
        if self._transport is not None:
            self._transport.abort()

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
