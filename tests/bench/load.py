"""Many callers on few connections, each asking again as soon as it is answered: what it costs the server, and how long
each waits.

A client of our own, some microseconds a request, so that one core of it keeps one core of a server busy.
"""

import asyncio
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

_HEAD = b"\r\n\r\n"
_LENGTH = b"Content-Length: "
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """What was measured."""

    answers: int
    seconds: float
    cpu: float
    """Seconds of the server's."""
    waited: list[float] = field(repr=False)

    @property
    def rate(self) -> float:
        return self.answers / self.seconds

    @property
    def microseconds(self) -> float:
        """CPU time of the server for one request."""
        return self.cpu / self.answers * 1e6

    def waited_at_most(self, percent: int) -> float:
        """Milliseconds within which so many in a hundred were answered."""
        return statistics.quantiles(self.waited, n=100)[percent - 1] * 1e3


class _Caller(asyncio.Protocol):
    def __init__(self, request: bytes, until: float) -> None:
        self._request = request
        self._until = until
        self._got = bytearray()
        self._asked = 0.0
        self.waited: list[float] = []
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._got += data
        head = self._got.find(_HEAD)
        if head < 0:
            return
        start = self._got.index(_LENGTH) + len(_LENGTH)
        length = int(self._got[start : self._got.index(b"\r", start)])
        if len(self._got) < head + len(_HEAD) + length:
            return
        assert self._got.startswith(b"HTTP/1.1 200 "), bytes(self._got[:200])
        self._got.clear()
        now = time.perf_counter()
        self.waited.append(now - self._asked)
        if now < self._until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(exc)

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._request)


def post(endpoint: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A request as it is sent."""
    url = urlsplit(endpoint)
    lines = [f"POST {url.path} HTTP/1.1", f"Host: {url.netloc}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()] + [f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + _HEAD + body


async def loaded(endpoint: str, request: bytes, *, process: int, seconds: float, connections: int = 16) -> Load:
    """Keep a server busy for a while."""
    url, loop = urlsplit(endpoint), asyncio.get_running_loop()
    before, began = _cpu(process), time.perf_counter()
    until = began + seconds
    callers = [_Caller(request, until) for _ in range(connections)]
    for caller in callers:
        await loop.create_connection(lambda caller=caller: caller, str(url.hostname), int(url.port or 80))  # type: ignore[misc]
    await asyncio.gather(*[each.done for each in callers])
    elapsed, spent = time.perf_counter() - began, _cpu(process) - before
    waited = [each for caller in callers for each in caller.waited]
    return Load(len(waited), elapsed, spent, waited)


def _cpu(process: int) -> float:
    """The seconds of CPU that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
