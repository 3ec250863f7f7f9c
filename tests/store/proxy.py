"""What lies between a gateway and its store, and does as it is told: the network, and strangers on it."""

import asyncio
import socket
import ssl
import struct
from contextlib import suppress
from enum import Enum, auto

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Fault(Enum):
    """What goes wrong."""

    REFUSED = auto()
    """Nobody listens."""
    SILENT = auto()
    """What is sent vanishes."""
    DELAYED = auto()
    """Answers are held back until the fault is over."""
    RESET = auto()
    """Whoever says something is cut off."""
    CORRUPTED = auto()
    """Answers arrive with other bits."""


class Proxy:
    """A TCP proxy that counts what it hears."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._upstream_port = port
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._over = asyncio.Event()
        self._fault: Fault | None = None
        self.away = 0.0
        """How many seconds the way there and back takes."""
        self.said: bytes | None = None
        """What is answered to everything, instead of by the server."""
        self.port = 0
        self.connections = 0
        self.heard = 0
        """Pieces that callers sent."""
        self.passed_on = asyncio.Event()
        """Set when the server got something."""

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def suffer(self, fault: Fault | None, said: bytes | None = None) -> None:
        """From now on let this go wrong, or nothing."""
        self._fault, self.said = fault, said
        if fault is Fault.REFUSED:
            await self.close()
        elif self._server is None:
            await self.open()
        if fault is None:
            self._over.set()
        else:
            self._over.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        upstream: Ends | None = None
        tasks: list[asyncio.Task[None]] = []
        with suppress(OSError):
            while piece := await reader.read(65_536):
                self.heard += 1
                if self.said is not None:
                    writer.write(self.said)
                elif self._fault is Fault.RESET:
                    _reset(writer)
                elif self._fault is not Fault.SILENT:
                    if upstream is None:
                        upstream = await asyncio.open_connection("127.0.0.1", self._upstream_port)
                        self._writers.add(upstream[1])
                        tasks.append(asyncio.create_task(self._back(upstream[0], writer)))
                    await asyncio.sleep(self.away / 2)
                    upstream[1].write(piece)
                    self.passed_on.set()
        for task in tasks:
            task.cancel()
        for end in (writer, *([upstream[1]] if upstream else [])):
            self._writers.discard(end)
            end.transport.abort()

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                if self._fault is Fault.DELAYED:
                    await self._over.wait()
                await asyncio.sleep(self.away / 2)
                writer.write(bytes(byte ^ 0x2A for byte in piece) if self._fault is Fault.CORRUPTED else piece)
        writer.transport.abort()


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a crash does: by RST."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
