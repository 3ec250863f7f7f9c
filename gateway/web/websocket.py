"""GraphQL over WebSocket, by the graphql-transport-ws protocol (PROTOCOL.md of the graphql-ws project).

A browser's WebSocket can carry no headers, so the credentials come in the first message; a socket lives no longer than
they do. Browsers let any page open a socket anywhere: a page of another origin is turned away before it is open, unless
it is on the CORS allow-list.
"""

import asyncio
import weakref
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web

from gateway.admission import Door
from gateway.web.answers import Refusal
from gateway.web.conversation import Conversation
from gateway.web.headers import complete
from gateway.web.lasting import Lasting
from gateway.web.line import PROTOCOL, Line
from gateway.web.operation import Operations
from gateway.web.patience import Patience
from gateway.web.request import Request

_VERSION = {"Sec-WebSocket-Version": "13"}
_NO_HANDSHAKE = (
    "This is no WebSocket handshake (RFC 6455, 4.2.1): it takes Connection: Upgrade, Sec-WebSocket-Version: 13, and a "
    "Sec-WebSocket-Key of 16 bytes in base64."
)


class WebSockets:
    """The sockets of /graphql."""

    def __init__(
        self,
        operations: Operations,
        door: Door,
        wall: Callable[[], float],
        origins: frozenset[str],
        lasting: Lasting,
        *,
        patience: Patience,
    ) -> None:
        self._operations = operations
        self._door = door
        self._wall = wall
        self._origins = origins
        self._lasting = lasting
        self._patience = patience
        self._held: weakref.WeakSet[Conversation] = weakref.WeakSet()

    async def serve(self, request: Request) -> web.StreamResponse:
        """One socket, from its first message to its last."""
        origin = request.headers.get("Origin")
        if not _of_our_own(origin, request.host) and origin not in self._origins:
            text = "A page of another origin may not open a WebSocket here (GATEWAY_CORS_ORIGINS)."
            raise Refusal(403, "CSRF_REFUSED", text)
        with self._lasting.one():
            return await self._held_open(request)

    async def close(self) -> None:
        """Ask all peers to come again elsewhere: this process ends."""
        await asyncio.gather(*[each.close(WSCloseCode.GOING_AWAY, "Going away") for each in set(self._held)])

    async def _held_open(self, request: Request) -> web.StreamResponse:
        # Uncompressed, though every browser offers to: a socket's compressors would hold 100 KB for small messages.
        socket = web.WebSocketResponse(
            protocols=[PROTOCOL],
            heartbeat=self._patience.pings,
            max_msg_size=self._operations.limits.body,
            compress=False,
        )
        complete(request, socket)
        try:
            await socket.prepare(request)
        except (web.HTTPBadRequest, ValueError):  # the latter is of a key that is not even ASCII
            raise Refusal(400, "BAD_USER_INPUT", _NO_HANDSHAKE, _VERSION) from None
        record = request.record
        record.asked("websocket", None)
        conversation = Conversation(
            line=Line(socket, request.transport),
            operations=self._operations,
            door=self._door,
            wall=self._wall,
            record=record,
            patience=self._patience.first_message,
        )
        self._held.add(conversation)
        try:
            await conversation.hold()
        finally:
            conversation.give_up()
        return socket


def _of_our_own(origin: str | None, host: str) -> bool:
    """Whether a page of this origin may open a socket; what is no browser has no origin."""
    try:
        return origin is None or urlsplit(origin).netloc == host
    except ValueError:
        return False
