"""Two ways to listen to a gateway under test: a WebSocket, and Server-Sent Events."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.running import Running

EVENTS = {"Accept": "text/event-stream"}


class Socket:
    """A WebSocket that speaks graphql-transport-ws, and is let in."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.raw = socket

    async def subscribe(self, query: str, operation_id: str = "1", **variables: object) -> None:
        payload = {"query": query, "variables": variables}
        await self.raw.send_json({"type": "subscribe", "id": operation_id, "payload": payload})

    async def complete(self, operation_id: str = "1") -> None:
        await self.raw.send_json({"type": "complete", "id": operation_id})

    async def told(self) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = await self.raw.receive_json(timeout=20)
        return message

    async def data(self) -> dict[str, Any]:
        """The data of the next message, which must be a response without errors."""
        message = await self.told()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return dict(message["payload"]["data"])

    async def closed(self) -> int | None:
        """The code with which it is closed."""
        message = await self.raw.receive(timeout=20)
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), message
        return self.raw.close_code


@asynccontextmanager
async def on_socket(gateway: Running, credentials: Mapping[str, str] | str = "key-of-vision") -> AsyncIterator[Socket]:
    """A socket on which who is there has been said: an API key, or a whole payload."""
    payload = {"X-API-Key": credentials} if isinstance(credentials, str) else dict(credentials)
    async with gateway.http.ws_connect(f"{gateway.address}/graphql", protocols=["graphql-transport-ws"]) as socket:
        await socket.send_json({"type": "connection_init", "payload": payload})
        assert (await socket.receive_json(timeout=20))["type"] == "connection_ack"
        yield Socket(socket)


class Events:
    """A stream of events that has begun."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def block(self) -> str:
        """What comes next, up to the blank line; empty at the end of the stream."""
        lines: list[str] = []
        while (line := (await self.response.content.readline()).decode()) not in {"", "\n"}:
            lines.append(line)
        return "".join(lines)

    async def event(self) -> tuple[str, Any]:
        """The next event, comments left out: its name, and what it says. An empty name at the end of the stream."""
        while (block := await self.block()).startswith(":"):
            pass
        fields = dict(line.split(":", 1) for line in block.splitlines())
        said = fields.get("data", "").strip()
        return fields.get("event", "").strip(), json.loads(said) if said else None

    async def data(self) -> dict[str, Any]:
        """The data of the next event, which must be a response without errors."""
        name, response = await self.event()
        assert name == "next", (name, response)
        assert "errors" not in response, response
        return dict(response["data"])


@asynccontextmanager
async def on_events(
    gateway: Running, query: str, credentials: Mapping[str, str] | str = "key-of-vision", **variables: object
) -> AsyncIterator[Events]:
    """An operation asked for as a stream of events."""
    headers = EVENTS | ({"X-API-Key": credentials} if isinstance(credentials, str) else dict(credentials))
    body = {"query": query, "variables": variables}
    async with gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers) as response:
        assert response.status == 200, await response.text()
        yield Events(response)
