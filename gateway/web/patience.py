"""How long a connection is waited for, how much is heard of it, and how many there are: nobody holds one for long who
does not use it.

aiohttp waits an hour for the next request, and for ever for the rest of one's headers, or for a peer to take its
answer; it takes a megabyte of headers, and half a megabyte of a body that nobody asks for. A trickling body is the
request's deadline's affair, and a silent WebSocket is pinged.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, cast

from aiohttp import StreamReader, web
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web_protocol import _ErrInfo

from gateway import telemetry
from gateway.web.burden import Burden, Share

_SLOWEST = 1024  # bytes a second: what takes its answer more slowly holds it in our memory, by accident or to do so
MOST_HEAD = 32 * 1024  # bytes that a head has before its end is in sight: nginx has four buffers of 8 kB for one
_PIECE = 16 * 1024  # bytes that are looked at together; what nobody has asked for of a body is no more than twice that
_LINGERING = 2.0  # seconds in which a peer that sends on may notice that it has its answer; aiohttp has ten


class HeadTooLongError(Exception):
    """A request whose first line and headers are too long in all."""


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

    def __init__(
        self,
        handler: Callable[..., Any],
        *,
        patience: Patience,
        connections: int,
        burden: Burden,
        **kwargs: Any,  # noqa: ANN401  # aiohttp's own
    ) -> None:
        super().__init__(
            handler,
            keepalive_timeout=patience.idle,
            lingering_time=_LINGERING,
            read_bufsize=_PIECE,
            auto_decompress=False,  # before anybody has asked for it, a kilobyte would become half a megabyte
            access_log=None,
            **kwargs,
        )
        self.patience = patience
        self.most = connections
        self.burden = burden

    def __call__(self) -> web.RequestHandler:
        """A connection that has just been opened."""
        return PatientConnection(self, loop=self._loop, **self._kwargs)


class PatientConnection(web.RequestHandler):
    """A connection that is not waited for any longer than that."""

    __slots__ = ("_deaf", "_newest", "_patience", "_rest_of_headers", "_unread", "share")

    def __init__(self, manager: Server, **kwargs: Any) -> None:  # noqa: ANN401  # as above
        super().__init__(manager, **kwargs)
        self._patience = manager.patience
        self._rest_of_headers: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._newest: StreamReader = EMPTY_PAYLOAD
        """The body of the request that came last."""
        self._deaf = False
        """Whether nothing is heard of it any more: whatever it is answered is the last."""
        self.share = Share(manager.burden)

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

    async def start(self) -> None:
        """Answer requests. Python 3.11 begins with it a turn after the connection is made, which may be closed by then:
        aiohttp would wait for a request all the same, and hold up whoever is told to go.
        """
        if self._close:
            self.force_close()
            return
        await super().start()

    def data_received(self, data: bytes) -> None:
        """Something more of a request. Once it has begun, its head must come soon, and be short."""
        if len(data) <= _PIECE:
            self._hear(data)
        else:
            for start in range(0, len(data), _PIECE):
                self._hear(data[start : start + _PIECE])
        if self._waiter is not None and not self._waiter.done():
            if self._rest_of_headers is None:
                self._rest_of_headers = self._loop.call_later(self._patience.headers, self._give_up)
        elif self._rest_of_headers is not None:
            self._rest_of_headers.cancel()
            self._rest_of_headers = None

    def resume_reading(self, resume_parser: bool = True) -> None:  # noqa: FBT001, FBT002  # aiohttp's own
        """Some of a body has been read. Only while reading is paused, or a body is not whole (its parser may have been
        held up in an earlier one, and be still), is there anything to go on with: aiohttp would look for it at every
        request, which takes as long as parsing one.
        """
        if self._reading_paused or not self._newest.is_eof():
            super().resume_reading(resume_parser)

    def _hear(self, piece: bytes) -> None:
        if self._deaf or self._close or self._force_close:
            return
        if self._payload_parser is not None:  # what a WebSocket holds is its own affair
            super().data_received(piece)
            return
        share, size, known = self.share, len(piece), self._request_count
        if size and not share.burden.bears(size):
            self._turn_away(share.burden.too_much())
            return
        of_body = not self._newest.is_eof()
        super().data_received(piece)
        requests = self._request_count - known
        if not (size or requests):  # aiohttp only looked whether something was left, as it does at each request
            return
        if requests:
            self._newest = self._messages[-1][1]
        share.came(size, requests, of_body)
        if share.coming > MOST_HEAD:
            self._turn_away(HeadTooLongError())

    def _turn_away(self, why: Exception) -> None:
        """Let that be the answer to the request that is coming, after those that came before it."""
        self._hear_no_more()
        if not self._newest.is_eof():
            self._newest.set_exception(why)
            return
        # With a body that never ends, so that aiohttp lingers until the peer, which may send on, has its answer.
        self._messages.append((_ErrInfo(400, why, ""), StreamReader(self, _PIECE, loop=self._loop)))
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _hear_no_more(self) -> None:
        self._deaf = True
        self._parser = None  # with all that it has of what nobody will ask for

    def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> Coroutine[Any, Any, tuple[web.StreamResponse, bool]]:
        """A request has its answer. Where not all of it has come by now, nobody will listen to the rest."""
        self.share.answered()
        if not request.content.is_eof():
            self._hear_no_more()
            resp.force_close()
            if request.content.exception() is not None:
                self._lingering_time = 0.0  # aiohttp would read on, and be told so a second time
        return super().finish_response(request, resp, start_time)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,  # noqa: ARG002  # aiohttp's own arguments
        message: str | None = None,  # noqa: ARG002  # aiohttp's words, and the request's own bytes in them
    ) -> web.StreamResponse:
        """The answer to what is not even HTTP. Raises ConnectionError where part of one is already sent."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was begun and cannot be ended")
        response = web.Response(status=status)
        response.force_close()
        return response

    def log_exception(self, *_args: Any, exc_info: BaseException | None = None, **_kwargs: Any) -> None:  # noqa: ANN401  # as above
        """One line. aiohttp's would be many, and have the request's own bytes in them."""
        telemetry.connection_failed(exc_info)

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
        self._newest = EMPTY_PAYLOAD  # which refers to us, so that only the collector would free the two
        self.share.let_go()
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
