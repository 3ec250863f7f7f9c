"""Many callers on few connections, each asking again as soon as it is answered: what it costs the server, and how long
each waits.

By wrk where it is installed, else by a client of our own; both take the other core than the server's.
"""

import asyncio
import json
import math
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from tests.bench.processes import cores, cpu_seconds, on_core

_HEAD = b"\r\n\r\n"
_LENGTH = b"Content-Length: "
_SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class Load:
    """What was measured."""

    answers: int
    seconds: float
    cpu: float
    """Seconds of the server's."""
    p50: float
    """Milliseconds."""
    p99: float

    @property
    def rate(self) -> float:
        return self.answers / self.seconds

    @property
    def microseconds(self) -> float:
        """CPU time of the server for one request."""
        return self.cpu / self.answers * 1e6


def tool() -> str:
    """Who keeps servers busy here."""
    return "wrk" if shutil.which("wrk") else "a Python client (wrk is not installed)"


def post(endpoint: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A request as it is sent."""
    url = urlsplit(endpoint)
    lines = [f"POST {url.path} HTTP/1.1", f"Host: {url.netloc}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()] + [f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + _HEAD + body


async def loaded(
    endpoint: str, *requests: bytes, process: int, seconds: float, connections: int = 16, as_waited: bool = False
) -> Load:
    """Keep a server busy for a while, with these requests in turn, again and again.

    wrk's percentiles are those of callers who would have gone on asking while they waited: for each answer that took
    long it adds those that others would have waited for. `as_waited`: by our own client, which adds nothing.
    """
    by = _wrk if shutil.which("wrk") and not as_waited else _python
    spent = cpu_seconds(process)
    answers, elapsed, p50, p99 = await by(endpoint, requests, seconds, connections)
    return Load(answers, elapsed, cpu_seconds(process) - spent, p50, p99)


_Measured = tuple[int, float, float, float]  # answers, seconds, and two percentiles in milliseconds


async def _wrk(endpoint: str, requests: Sequence[bytes], seconds: float, connections: int) -> _Measured:
    url = urlsplit(endpoint)
    with tempfile.NamedTemporaryFile() as file:
        for each in requests:
            file.write(b"%d\n%s" % (len(each), each))
        file.flush()
        wrk = await asyncio.create_subprocess_exec(
            *("wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{math.ceil(seconds)}s"),
            *("--timeout", "30s", "--script", str(_SCRIPT), f"http://{url.netloc}/", file.name),
            stdout=asyncio.subprocess.PIPE,
            preexec_fn=on_core(1),
        )
        told, _ = await wrk.communicate()
    found = json.loads(told.splitlines()[-1])
    assert found["failed"] == 0, told.decode()
    return found["answers"], found["seconds"], found["p50"], found["p99"]


async def _python(endpoint: str, requests: Sequence[bytes], seconds: float, connections: int) -> _Measured:
    url, loop = urlsplit(endpoint), asyncio.get_running_loop()
    with _on_the_other_core():
        began, turns = time.perf_counter(), cycle(requests)
        callers = [_Caller(turns, began + seconds) for _ in range(connections)]
        for caller in callers:
            await loop.create_connection(lambda caller=caller: caller, str(url.hostname), int(url.port or 80))  # type: ignore[misc]
        await asyncio.gather(*[each.done for each in callers])
        elapsed = time.perf_counter() - began
    waited = statistics.quantiles([each * 1e3 for caller in callers for each in caller.waited], n=100)
    return sum(len(caller.waited) for caller in callers), elapsed, waited[49], waited[98]


@contextmanager
def _on_the_other_core() -> Iterator[None]:
    both, before = cores(), os.sched_getaffinity(0)
    os.sched_setaffinity(0, before if both is None else {both[1]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class _Caller(asyncio.Protocol):
    """A connection; some microseconds a request, so that one core of them keeps one core of a server busy."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self._requests = requests
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
        self._transport.write(next(self._requests))
