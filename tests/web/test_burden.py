"""How much of what callers send is held: little before it is known whose it is, and so much of all together."""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.app import running
from gateway.standin import Standin
from gateway.web import Burden
from gateway.web.burden import Share
from tests.running import Start

KEY = "X-API-Key: key-of-vision\r\n"
VIEWER = b'{"query": "{ viewer { subject } }"}'
MANY = 1024 * 1024


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    codes: list[str]


class Peer:
    """A connection on which bytes are sent as they are."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, *pieces: bytes | str) -> None:
        self.writer.writelines([piece.encode() if isinstance(piece, str) else piece for piece in pieces])

    async def answer(self) -> Answer:
        async with asyncio.timeout(30):
            first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines)
            body = json.loads(await self.reader.readexactly(int(headers["Content-Length"])))
        codes = [error["extensions"]["code"] for error in body.get("errors", [])]
        return Answer(int(first.split()[1]), headers, codes)

    async def ended(self) -> None:
        async with asyncio.timeout(30):
            with suppress(ConnectionError):
                assert await self.reader.read() == b""


class Door(NamedTuple):
    """A gateway that holds so much at most, and those who come to it."""

    burden: Burden
    port: int

    @asynccontextmanager
    async def peer(self) -> AsyncIterator[Peer]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Peer(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def until(self, met: Callable[[int], bool]) -> None:
        async with asyncio.timeout(30):
            while not met(self.burden.size):  # noqa: ASYNC110  # nobody tells of it
                await asyncio.sleep(0.01)


@asynccontextmanager
async def _door(start: Start, most: int) -> AsyncIterator[Door]:
    burden = Burden(most)
    async with running((await start()).configuration, burden=burden) as gateway:
        yield Door(burden, gateway.port)
        await Door(burden, gateway.port).until(lambda size: size == 0)


def _head(length: int, more: str = "") -> str:
    return (
        f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n"
    )


async def test_what_is_held_for_a_request_is_let_go_with_its_answer_and_the_connection_lives_on(start: Start) -> None:
    async with _door(start, MANY) as door, door.peer() as peer:
        for body in (VIEWER, VIEWER + b" " * 300_000, VIEWER):
            peer.send(_head(len(body), KEY), body[:-1])
            await door.until(lambda size, body=body: size > len(body))  # type: ignore[misc]  # mypy knows no defaults
            peer.send(body[-1:])
            assert (await peer.answer()).status == 200
            assert door.burden.size == 0


async def test_requests_that_come_at_once_are_answered_in_turn_and_all_let_go(start: Start) -> None:
    async with _door(start, MANY) as door, door.peer() as peer:
        for requests in (1, 3, 40):
            peer.send(*[_head(len(VIEWER), KEY).encode() + VIEWER] * requests)
            assert [(await peer.answer()).status for _ in range(requests)] == [200] * requests


async def test_headers_that_go_on_and_on_are_refused_in_our_form(start: Start) -> None:
    lines = "".join([f"X-{number}: {'x' * 8_000}\r\n" for number in range(10)])
    for end in ("", "\r\n"):
        async with _door(start, MANY) as door, door.peer() as peer:
            peer.send(f"GET /graphql HTTP/1.1\r\nHost: x\r\n{lines}{end}")
            answer = await peer.answer()
            assert (answer.status, answer.codes) == (431, ["DOCUMENT_LIMIT_EXCEEDED"])
            assert door.burden.size <= 64 * 1024
            await peer.ended()


async def test_what_follows_on_an_upgrade_that_is_refused_is_bounded_too(start: Start) -> None:
    upgrade = "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    line = f"X: {'x' * 7_994}\r\n"
    async with _door(start, MANY) as door, door.peer() as peer:
        peer.send(f"{upgrade}GET /graphql HTTP/1.1\r\nHost: x\r\n{line * 5}")
        assert (await peer.answer()).status == 401
        peer.send(line * 2)  # too much, together with what came before the first was answered
        assert (await peer.answer()).status == 431


async def test_whoever_is_refused_is_not_listened_to_any_longer(start: Start) -> None:
    async with _door(start, MANY) as door, door.peer() as peer:
        peer.send(_head(10 * MANY), b"x" * 1_000)
        answer = await peer.answer()
        assert (answer.status, answer.headers["Connection"]) == (401, "close")
        peer.send(b"x" * MANY)
        await peer.writer.drain()
        assert door.burden.size == 0
        await peer.ended()


async def test_bodies_are_held_up_to_a_bound_and_who_sends_more_is_told_when_to_come_again(start: Start) -> None:
    async with _door(start, 1_000_000) as door, door.peer() as first, door.peer() as second:
        first.send(_head(900_000, KEY), b" " * 800_000)
        await door.until(lambda size: size > 800_000)
        second.send(_head(300_000, KEY), b" " * 50_000)
        await door.until(lambda size: size > 850_000)
        second.send(b" " * 200_000)
        refused = await second.answer()
        assert (refused.status, refused.codes, refused.headers["Retry-After"]) == (503, ["OVERLOADED"], "1")
        await second.ended()
        first.send(b" " * (100_000 - len(VIEWER)), VIEWER)
        assert (await first.answer()).status == 200


async def test_where_no_more_can_be_held_even_a_first_line_is_turned_away(start: Start) -> None:
    async with _door(start, 10_000) as door, door.peer() as first, door.peer() as second:
        first.send(_head(20_000, KEY), b" " * 9_850)
        await door.until(lambda size: size > 9_850)
        second.send(_head(len(VIEWER), KEY), VIEWER)
        refused = await second.answer()
        assert (refused.status, refused.codes) == (503, ["OVERLOADED"])


PACKED = {
    "by gzip": ("gzip", gzip.compress(VIEWER), 200),
    "by gzip, spelt otherwise": ("GZip", gzip.compress(VIEWER), 200),
    "by zlib": ("deflate", zlib.compress(VIEWER), 200),
    "cut off": ("gzip", gzip.compress(VIEWER)[:-9], 400),
    "with more behind it": ("gzip", gzip.compress(VIEWER) + b"more", 400),
    "not as it says": ("gzip", b"no gzip, but a-secret", 400),
    "in a way that we do not know": ("br", b"a-secret", 415),
    "from too much": ("gzip", gzip.compress(b" " * (MANY + 1)), 413),
}


@pytest.mark.parametrize("packed", PACKED)
async def test_a_body_that_is_packed_is_unpacked_within_its_limit(
    start: Start, caplog: pytest.LogCaptureFixture, packed: str
) -> None:
    encoding, body, status = PACKED[packed]
    async with _door(start, 3 * MANY) as door, door.peer() as peer:
        for _ in range(2):  # whatever it was, the connection is fit for another
            peer.send(_head(len(body), f"{KEY}Content-Encoding: {encoding}\r\n"), body)
            assert (await peer.answer()).status == status
    assert caplog.records == []


async def test_what_a_body_is_unpacked_to_is_held_too(start: Start, standin: Standin) -> None:
    standin.switches.latency = 60
    query = b'{"query": "{ tuningJob(name: \\"vision-a\\") { name } } #%b"}' % (b" " * 600_000)
    body = gzip.compress(query)
    assert len(body) < 10_000
    async with _door(start, MANY) as door, door.peer() as first, door.peer() as second:
        first.send(_head(len(body), KEY + "Content-Encoding: gzip\r\n"), body)
        await door.until(lambda size: size > 600_000)
        second.send(_head(len(body), KEY + "Content-Encoding: gzip\r\n"), body)
        refused = await second.answer()
        assert (refused.status, refused.codes, refused.headers["Retry-After"]) == (503, ["OVERLOADED"], "1")


_STEPS = st.lists(
    st.tuples(st.sampled_from(["head", "heads", "part", "body", "unpacked", "answered"]), st.integers(0, 900)),
    max_size=50,
)


@given(peers=st.lists(_STEPS, min_size=1, max_size=3))
def test_whatever_comes_nothing_of_it_is_lost_or_counted_twice(peers: Sequence[Sequence[tuple[str, int]]]) -> None:
    burden = Burden(10_000_000)
    shares = [Share(burden) for _ in peers]
    for share, steps in zip(shares, peers, strict=True):
        unanswered, before = 0, burden.size
        for step, size in steps:
            if step == "answered":
                share.answered()
                unanswered = max(unanswered - 1, 0)
            elif step == "unpacked":
                share.unpacked(size)
            else:
                requests = {"head": 1, "heads": 3}.get(step, 0)
                share.came(size, requests, step == "body" and unanswered > 0)
                unanswered += requests
            assert burden.size >= before + share.coming
            if not unanswered:
                assert burden.size == before + share.coming
    for share in shares:
        share.let_go()
    assert burden.size == 0
