"""Peers that hold a connection without using it: none is waited for longer than is due, and there is a most."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from gateway.app import running
from gateway.standin import World, tuning_job_plan
from gateway.web import Burden, Patience
from gateway.web.patience import PatientConnection, Server
from tests.running import Start

_BODY = b'{"query": "{ viewer { subject } }"}'
_REQUEST = (
    b"POST /graphql HTTP/1.1\r\nHost: gateway\r\nX-API-Key: key-of-vision\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
)
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def _patient(start: Start, patience: Patience, connections: int = 100) -> AsyncIterator[int]:
    """The port of a gateway of this patience."""
    template = await start()
    async with running(replace(template.configuration, connections=connections), patience=patience) as gateway:
        yield gateway.port


async def _connected(port: int) -> Ends:
    return await asyncio.open_connection("127.0.0.1", port)


async def _answered(ends: Ends) -> bytes:
    """The head of the next answer, once all of it is there; nothing where there is none."""
    reader, _ = ends
    async with asyncio.timeout(30):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""
    return head


async def _closed(ends: Ends) -> None:
    """Wait for the gateway to close a connection, and close our end."""
    reader, writer = ends
    async with asyncio.timeout(30):
        with suppress(ConnectionError):
            assert await reader.read() == b""
    writer.close()


async def test_headers_that_trickle_are_not_waited_for(start: Start) -> None:
    async with _patient(start, Patience(headers=0.1)) as port:
        ends = await _connected(port)

        async def trickle() -> None:
            for byte in _REQUEST:
                ends[1].write(bytes((byte,)))
                await asyncio.sleep(0.02)

        trickling = asyncio.create_task(trickle())
        await _closed(ends)
        trickling.cancel()


async def test_a_request_in_two_pieces_is_answered_and_the_next_has_its_own_time(start: Start) -> None:
    async with _patient(start, Patience(headers=5)) as port:
        ends = await _connected(port)
        for _ in range(2):
            ends[1].write(_REQUEST[:50])
            await asyncio.sleep(0.05)
            ends[1].write(_REQUEST[50:])
            assert (await _answered(ends)).startswith(b"HTTP/1.1 200 ")
        ends[1].close()


async def test_a_connection_that_asks_nothing_more_is_closed(start: Start) -> None:
    async with _patient(start, Patience(idle=0.2)) as port:
        silent, asked = await _connected(port), await _connected(port)
        asked[1].write(_REQUEST)
        assert (await _answered(asked)).startswith(b"HTTP/1.1 200 ")
        await _closed(silent)
        await _closed(asked)


async def test_connections_beyond_the_most_are_closed_at_once_and_there_is_room_again_afterwards(start: Start) -> None:
    async with _patient(start, Patience(), connections=2) as port:
        held = [await _connected(port) for _ in range(2)]
        for ends in held:
            ends[1].write(_REQUEST)
            assert await _answered(ends)
        await _closed(await _connected(port))
        held[0][1].close()
        async with asyncio.timeout(30):
            while True:
                ends = await _connected(port)
                ends[1].write(_REQUEST)
                answer = await _answered(ends)
                ends[1].close()
                if answer.startswith(b"HTTP/1.1 200 "):
                    break
        held[1][1].close()


async def test_a_socket_whose_peer_answers_no_ping_is_closed_and_one_whose_peer_does_is_not(start: Start) -> None:
    async with _patient(start, Patience(pings=1)) as port, aiohttp.ClientSession() as http:
        url, protocols = f"http://127.0.0.1:{port}/graphql", ("graphql-transport-ws",)
        async with (
            http.ws_connect(url, protocols=protocols) as there,
            http.ws_connect(url, protocols=protocols, autoping=False) as gone,
        ):
            for socket_ in (there, gone):
                await socket_.send_json({"type": "connection_init", "payload": {"X-API-Key": "key-of-vision"}})
                assert await socket_.receive_json() == {"type": "connection_ack"}
            listening = asyncio.create_task(there.receive_json())  # by which the client answers pings, too
            async with asyncio.timeout(30):
                while (await gone.receive()).type is aiohttp.WSMsgType.PING:
                    pass
                assert gone.closed
                await there.send_json({"type": "ping"})
                assert await listening == {"type": "pong"}


@pytest.mark.parametrize("count", [1_024, 1_025, 2_000])  # aiohttp holds its parser up at 1,025
async def test_a_request_behind_one_of_very_many_chunks_is_answered(start: Start, count: int) -> None:
    chunks = b"".join([b"1\r\n%c\r\n" % byte for byte in _BODY.ljust(count)])
    length = b"Content-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
    in_chunks = _REQUEST.replace(length, b"Transfer-Encoding: chunked\r\n\r\n%b0\r\n\r\n" % chunks)
    async with _patient(start, Patience()) as port:
        ends = await _connected(port)
        for request in (in_chunks, _REQUEST, in_chunks + _REQUEST):
            ends[1].write(request)
            for _ in range(request.count(b"POST")):
                assert (await _answered(ends)).startswith(b"HTTP/1.1 200 ")
        ends[1].close()


@pytest.mark.parametrize("taken", [0, 1], ids=["nothing", "a byte at a time"])
async def test_a_peer_that_does_not_take_its_answers_is_cut_off(start: Start, world: World, taken: int) -> None:
    world.add(tuning_job_plan("vision-a", trials=100))
    body = b'{"query": "{ tuningJob(name: \\"vision-a\\") { trainingJobs(first: 100) { nodes { id name arn } } } }"}'
    request = _REQUEST.replace(_BODY, body).replace(b"%d" % len(_BODY), b"%d" % len(body), 1)
    async with _patient(start, Patience(unread=0.5)) as port:
        taking = socket.socket()
        taking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        taking.setblocking(False)  # noqa: FBT003  # the socket's own form
        loop = asyncio.get_running_loop()
        await loop.sock_connect(taking, ("127.0.0.1", port))

        async def ask() -> None:
            while True:  # until nobody is there
                await loop.sock_sendall(taking, request)

        async def take() -> None:
            while taken:
                await loop.sock_recv(taking, taken)
                await asyncio.sleep(0.01)

        async with asyncio.timeout(60):
            with pytest.raises(ConnectionError):
                await asyncio.gather(ask(), take())
        taking.close()


async def test_a_connection_that_comes_as_the_gateway_goes_does_not_hold_it() -> None:
    async def nobody(_request: web.BaseRequest) -> web.Response:
        raise AssertionError

    server = Server(nobody, patience=Patience(), connections=10, burden=Burden())

    class ClosedAtOnce(PatientConnection):
        __slots__ = ()

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            server.pre_shutdown()

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: ClosedAtOnce(server, loop=loop), "127.0.0.1", 0)
    ends = await _connected(listening.sockets[0].getsockname()[1])
    async with asyncio.timeout(30):
        while not server.connections:  # noqa: ASYNC110  # nobody tells of it
            await asyncio.sleep(0)
        await server.shutdown(60)
    await _closed(ends)
    listening.close()
