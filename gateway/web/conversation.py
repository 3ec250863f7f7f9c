"""What is said on one WebSocket, by the graphql-transport-ws protocol (PROTOCOL.md of the graphql-ws project).

The credentials come in the first message, and are judged anew for each operation and for all that a subscription tells.
A peer is never listened to faster than it is answered.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any

from aiohttp import WSCloseCode

from gateway import errors
from gateway.admission import Door, Record
from gateway.identity import Caller
from gateway.schema.errors import CODES
from gateway.teams import Scope
from gateway.web.answers import refusal_for
from gateway.web.line import (
    BAD_REQUEST,
    FORBIDDEN,
    ID_TAKEN,
    INIT_TIMEOUT,
    NO_PROTOCOL,
    PROTOCOL,
    TOO_MANY_INITS,
    UNAUTHORIZED,
    Closed,
    Line,
)
from gateway.web.operation import Asked, Operations

_LONGEST_ID = 256  # characters
_MOST_OPERATIONS = 50  # at once, on one socket


class Conversation:
    """What is said on one socket."""

    def __init__(
        self,
        *,
        line: Line,
        operations: Operations,
        door: Door,
        wall: Callable[[], float],
        record: Record,
        patience: float,
    ) -> None:
        """`patience` is how many seconds the first message may take."""
        self._line = line
        self._operations = operations
        self._door = door
        self._wall = wall
        self._record = record
        self._patience = patience
        self._credentials: dict[str, str | None] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # those given up too, until they have ended

    async def hold(self) -> None:
        """Listen until either side has had enough, or the caller's credentials have expired."""
        with contextlib.suppress(ConnectionError):  # the peer has hung up
            try:
                await self._go_on(await self._begin())
            except Closed as closed:
                await self.close(closed.code, str(closed))

    async def close(self, code: int, reason: str) -> None:
        """End the conversation."""
        self.give_up()
        await self._line.close(code, reason)

    def give_up(self) -> None:
        """Ask nothing more for anybody here."""
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    async def _begin(self) -> Caller:
        if self._line.protocol != PROTOCOL:
            raise Closed(NO_PROTOCOL, "Subprotocol not acceptable")
        try:
            async with asyncio.timeout(self._patience):
                message = await self._line.heard()
        except TimeoutError:
            raise Closed(INIT_TIMEOUT, "Connection initialisation timeout") from None
        if message["type"] != "connection_init":
            raise Closed(UNAUTHORIZED, "Unauthorized")
        payload = message.get("payload")
        given = {str(name).lower(): value for name, value in payload.items()} if isinstance(payload, dict) else {}
        self._credentials = {
            "authorization": _text(given.get("authorization")),
            "api_key": _text(given.get("x-api-key")),
        }
        try:
            caller, _ = await self._door.admit(self._record, **self._credentials)
        except errors.CallerError:
            raise Closed(FORBIDDEN, "Forbidden") from None
        except errors.UpstreamError:  # whoever issued the token cannot be asked; that is not the caller's fault
            raise Closed(WSCloseCode.TRY_AGAIN_LATER, "Try again later") from None
        await self._line.say("connection_ack")
        return caller

    async def _go_on(self, caller: Caller) -> None:
        left = None if caller.expires is None else max(caller.expires - self._wall(), 0)
        try:
            async with asyncio.timeout(left):
                while True:
                    await self._answer(await self._line.heard())
        except TimeoutError:
            raise Closed(FORBIDDEN, "Token expired") from None

    async def _answer(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": "ping"}:
                await self._line.say("pong")
            case {"type": "pong"}:
                pass
            case {"type": "connection_init"}:
                raise Closed(TOO_MANY_INITS, "Too many initialisation requests")
            case {"type": "complete", "id": str(operation_id)}:
                if task := self._running.pop(operation_id, None):
                    task.cancel()
            case {"type": "subscribe", "id": str(operation_id), "payload": dict(payload)} if (
                0 < len(operation_id) <= _LONGEST_ID
            ):
                await self._start(operation_id, payload)
            case _:
                raise Closed(BAD_REQUEST, "Invalid message")

    async def _start(self, operation_id: str, payload: dict[str, Any]) -> None:
        if operation_id in self._running:
            raise Closed(ID_TAKEN, f"Subscriber for {operation_id} already exists")
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
        began, record = time.perf_counter(), self._record.another()
        record.outcome = ("CANCELLED",)  # until it is known better
        try:
            with contextlib.suppress(ConnectionError):  # the peer has hung up
                await self._run(operation_id, payload, record)
        finally:
            record.tell(status=101, seconds=time.perf_counter() - began)

    async def _run(self, operation_id: str, payload: dict[str, Any], record: Record) -> None:
        try:
            # Anew for each operation: a key or a team may have been taken away since the socket was opened.
            caller, scope = await self._door.admit(record, **self._credentials)
            asked = Asked.in_parameters(payload)
            document, _ = self._operations.read(self._operations.text(asked), asked.operation_name, record)
            admitted = partial(self._admitted, record)
            responses = self._operations.responses(asked, document, caller, scope, record, admitted=admitted)
            async with aclosing(responses):
                await self._tell(operation_id, responses)
        except (errors.Unauthenticated, errors.Forbidden) as error:
            record.outcome = (CODES[type(error)],)
            await self.close(FORBIDDEN, "Forbidden")
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the operation gets an answer
            refusal = refusal_for(error, record.request_id)
            record.outcome = (refusal.code,)
            await self._refuse(operation_id, refusal.code, str(refusal))

    async def _tell(self, operation_id: str, responses: AsyncIterator[dict[str, Any]]) -> None:
        """All responses of an operation, and that there are no more."""
        async for response in responses:
            if "data" not in response:
                await self._line.say("error", operation_id, response["errors"])
                return
            await self._line.say("next", operation_id, response)
        await self._line.say("complete", operation_id)

    async def _admitted(self, record: Record) -> Scope:
        """What the credentials open by now. Raises Unauthenticated, Forbidden, UpstreamUnavailable."""
        return (await self._door.admit(record, **self._credentials))[1]

    async def _refuse(self, operation_id: str, code: str, message: str) -> None:
        await self._line.say("error", operation_id, [{"message": message, "extensions": {"code": code}}])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
