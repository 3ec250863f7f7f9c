"""How long a connection is waited for, and how many there are: nobody holds one for long who does not use it.

aiohttp waits an hour for the next request, and for ever for the rest of one's headers, or for a peer to take its
answer. A trickling body is the request's deadline's affair, and a silent WebSocket is pinged.
"""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from aiohttp import web

from gateway import telemetry

_SLOWEST = 1024  # bytes a second: what takes its answer more slowly holds it in our memory, by accident or to do so


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the door waits, in seconds."""

    first_message: float = 3.0
    """For a WebSocket's first message."""
    silence: float = 12.0
    """Before an event stream is sent something that is no event: proxies cut off what is silent for longer."""
    pings: float = 30.0
    """Between two pings on a WebSocket. A peer that answers none within half of it is gone."""
    headers: float = 15.0
    """For the rest of a request's headers; over the slowest of lines they take two or three."""
    idle: float = 75.0
    """For a connection's next request. Longer than the 60 of load balancers: they have to be the ones to close, since
    what they had just sent would be lost.
    """
    unread: float = 30.0
    """For a peer to say that it is there still, or to take a fair part of what waits to be sent."""


class Server(web.Server):
    """Connections, so many at most; those beyond are closed at once, and a load balancer tries another replica."""

    def __init__(self, handler: Callable[..., Any], *, patience: Patience, connections: int, **kwargs: Any) -> None:  # noqa: ANN401  # aiohttp's own
        super().__init__(handler, keepalive_timeout=patience.idle, **kwargs)
        self.patience = patience
        self.most = connections


class PatientConnection(web.RequestHandler):
    """A connection that is not waited for any longer than that."""

    __slots__ = ("_patience", "_rest_of_headers", "_unread")

    def __init__(self, manager: Server, **kwargs: Any) -> None:  # noqa: ANN401  # as above
        super().__init__(manager, **kwargs)
        self._patience = manager.patience
        self._rest_of_headers: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """One more, or one too many."""
        super().connection_made(transport)
        manager = cast("Server", self._manager)
        if len(manager.connections) > manager.most:
            telemetry.connection_refused()
            cast("asyncio.Transport", transport).abort()
        elif hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux's own way to notice peers that have gone, or do not read
            line = transport.get_extra_info("socket")
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(self._patience.unread * 1000))

    def data_received(self, data: bytes) -> None:
        """Something more of a request. Once it has begun, its headers must all come soon."""
        super().data_received(data)
        if self._waiter is not None and not self._waiter.done():
            if self._rest_of_headers is None:
                self._rest_of_headers = self._loop.call_later(self._patience.headers, self._give_up)
        elif self._rest_of_headers is not None:
            self._rest_of_headers.cancel()
            self._rest_of_headers = None

    def pause_writing(self) -> None:
        """More waits to be sent than should. Whatever is written waits from now on, for as long as the peer reads."""
        super().pause_writing()
        self._watch_reading()

    def resume_writing(self) -> None:
        """The peer has taken most of it."""
        super().resume_writing()
        self._stop_watching()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Nothing is waited for any more."""
        if self._rest_of_headers is not None:
            self._rest_of_headers.cancel()
            self._rest_of_headers = None
        self._stop_watching()
        super().connection_lost(exc)

    def _watch_reading(self) -> None:
        transport = cast("asyncio.Transport", self.transport)
        left = transport.get_write_buffer_size() - self._patience.unread * _SLOWEST
        self._unread = self._loop.call_later(self._patience.unread, self._judge_reading, transport, left)

    def _judge_reading(self, transport: asyncio.Transport, most_left: float) -> None:
        if transport.get_write_buffer_size() > most_left:
            transport.abort()
        else:
            self._watch_reading()

    def _stop_watching(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _give_up(self) -> None:
        self._rest_of_headers = None
        if self._waiter is not None and not self._waiter.done():
            self.force_close()
