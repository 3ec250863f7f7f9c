"""A peer that speaks HTTP/2 as no client of gRPC's does: frame by frame, as little as the tests need (RFC 9113)."""

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import NamedTuple

from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from tests.running import Naps, Running

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0x0, 0x1, 0x3, 0x4, 0x6, 0x7
PONG = 0x106  # a ping that is acknowledged, which we take for a kind of its own
MOST_STREAMS, WINDOW = 0x3, 0x4
_ACK, _END_STREAM, _END_HEADERS = 0x1, 0x1, 0x4
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_CANCEL = 0x8
_CALL = 1  # the only stream


class Frame(NamedTuple):
    """What came."""

    kind: int
    payload: bytes


@dataclass(frozen=True)
class Wire:
    """A connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def ask(self, path: str, message: bytes = b"", **metadata: str) -> None:
        """Make a call, with one message; metadata's names have underlines for hyphens."""
        given = {
            ":method": "POST",
            ":scheme": "http",
            ":path": path,
            ":authority": "localhost",
            "te": "trailers",
            "content-type": "application/grpc",
            **{name.replace("_", "-"): value for name, value in metadata.items()},
        }
        self.send(HEADERS, _END_HEADERS, _CALL, b"".join(_literal(name, value) for name, value in given.items()))
        self.send(DATA, _END_STREAM, _CALL, b"\0" + struct.pack(">I", len(message)) + message)

    def cancel(self) -> None:
        """Hang up."""
        self.send(RST_STREAM, 0, _CALL, struct.pack(">I", _CANCEL))

    def send(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        """Send a frame."""
        self.writer.write(struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream))
        self.writer.write(payload)

    async def frame(self) -> Frame | None:
        """What comes next; None at the end."""
        try:
            head = await self.reader.readexactly(9)
            payload = await self.reader.readexactly(int.from_bytes(head[:3]))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        kind, flags = head[3:5]
        acknowledges = kind in {SETTINGS, PING} and flags & _ACK
        return Frame(kind | 0x100 if acknowledges else kind, payload)

    async def next(self, *kinds: int) -> Frame:
        """The next frame of these kinds; whatever comes before is passed over."""
        async with asyncio.timeout(30):
            while (frame := await self.frame()) is not None:
                if frame.kind in kinds:
                    return frame
        raise AssertionError(f"none of the frames {kinds} came")

    async def pinged(self) -> Frame:
        """What the peer says to a ping: PONG or GOAWAY."""
        self.send(PING, 0, 0, bytes(8))
        return await self.next(PONG, GOAWAY)

    async def answers_a_ping(self) -> bool:
        """Whether the peer is still there."""
        with suppress(AssertionError):
            return (await self.pinged()).kind == PONG
        return False


@asynccontextmanager
async def wired(gateway: Running | str, settings: Mapping[int, int] | None = None) -> AsyncIterator[Wire]:
    """A connection to a gateway's port, or to an address."""
    address = gateway if isinstance(gateway, str) else gateway.grpc or ""
    wire = Wire(*await asyncio.open_connection(*address.split(":")))
    wire.writer.write(_PREFACE)
    wire.send(SETTINGS, 0, 0, b"".join(struct.pack(">HI", *each) for each in (settings or {}).items()))
    try:
        yield wire
    finally:
        wire.writer.close()


def settings_in(frame: Frame) -> dict[int, int]:
    """What a peer asks to be respected."""
    return dict(struct.iter_unpack(">HI", frame.payload))


def _literal(name: str, value: str) -> bytes:
    """A header field, spelt out and not remembered (RFC 7541, 6.2.2)."""
    return b"\0" + b"".join(bytes((len(text),)) + text.encode() for text in (name, value))


async def watched_by_one_who_reads_nothing(wire: Wire, naps: Naps, **metadata: str) -> None:
    """A watch of vision-a begins, whose first message has no way to its caller."""
    request = pb.WatchTuningJobRequest(name="vision-a").SerializeToString()
    wire.ask("/tuning.v1.TuningJobs/WatchTuningJob", request, x_api_key="key-of-vision", **metadata)
    await wire.next(HEADERS)
    await naps.until()
