"""One WebSocket as the graphql-transport-ws protocol uses it: JSON messages, the protocol's close codes, and an end for
peers that do not read what they are told.

What is said, and to whom it may be said, is `conversation`'s affair.
"""

import asyncio
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

PROTOCOL = "graphql-transport-ws"
_SEND_PATIENCE = 10.0  # seconds a peer may leave what it is told unread
_CLOSE_PATIENCE = 1.0  # seconds for a farewell

# The protocol's own close codes.
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NO_PROTOCOL = 4400, 4401, 4403, 4406
INIT_TIMEOUT, ID_TAKEN, TOO_MANY_INITS = 4408, 4409, 4429


class Closed(Exception):  # noqa: N818  # an ending, not a fault
    """The conversation is over, for this reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Line:
    """A socket, and what is heard and said on it."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self._socket = socket
        self._transport = transport

    @property
    def protocol(self) -> str | None:
        """The subprotocol that was agreed on."""
        return self._socket.ws_protocol

    async def heard(self) -> dict[str, Any]:
        """The next message. Raises Closed when there is none, or it is none of the protocol's."""
        received = await self._socket.receive()
        if received.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
            raise Closed(WSCloseCode.OK, "")
        try:
            message = orjson.loads(received.data)
        except (orjson.JSONDecodeError, TypeError):
            message = None
        if received.type is not WSMsgType.TEXT or not isinstance(message, dict) or "type" not in message:
            raise Closed(BAD_REQUEST, "Invalid message")
        return message

    async def say(self, kind: str, operation_id: str | None = None, payload: object = None) -> None:
        """Send a message. Raises ConnectionError when nobody reads it."""
        message = {"type": kind, "id": operation_id, "payload": payload}
        text = orjson.dumps({name: value for name, value in message.items() if value is not None}).decode()
        try:
            async with asyncio.timeout(_SEND_PATIENCE):
                await self._socket.send_str(text)
        except TimeoutError:
            self._cut_off()
            raise ConnectionResetError("the peer does not read") from None

    async def close(self, code: int, reason: str) -> None:
        """Say farewell. A peer that does not even read that is cut off."""
        try:
            async with asyncio.timeout(_CLOSE_PATIENCE):
                await self._socket.close(code=code, message=reason.encode())
        except (TimeoutError, ConnectionError):
            self._cut_off()

    def _cut_off(self) -> None:
        if self._transport is not None:
            self._transport.abort()
