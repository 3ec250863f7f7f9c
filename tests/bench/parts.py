"""Where the time of a remembered response goes, part by part, in per cent of the process's CPU.

    python -m tests.bench.parts [SECONDS]

The process looks at its own stack some hundred times a second of CPU, and counts the sample for the first part in the
list that the innermost frames belong to; time in C, the kernel's included, is its caller's or the next line's.
"""

import asyncio
import os
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import FrameType

import aiohttp
import orjson
import uvloop

from gateway.__main__ import main as gateway_command
from tests.bench.load import loaded, post
from tests.bench.questions import CALLER, page, settled
from tests.bench.servers import gateway, standin

_PARTS = (
    # what a part is called; ends of modules' paths, and functions as module:name, of which one is enough
    ("sending, most of it the kernel's", ("web/readymade.py:prepare", "aiohttp/http_writer.py")),
    ("the answer's headers", ("web/readymade.py", "web/headers.py", "web/caching.py")),
    (
        "aiohttp: reading and parsing the request",
        ("web_protocol.py:data_received", "aiohttp/streams.py", "base_protocol.py"),
    ),
    ("aiohttp: its request, response and timers", ("aiohttp/",)),
    ("URLs and headers, as aiohttp reads them", ("yarl/", "multidict/")),
    ("the line in the log", ("structlog/", "gateway/telemetry", "admission.py:tell")),
    ("who is calling, and with which scope", ("gateway/identity/", "gateway/admission.py", "identify.py", "teams.py")),
    ("what is asked, and the media type", ("web/bodies.py", "web/operation.py", "negotiation.py", "gateway/schema/")),
    ("finding the response, trying its reads", ("web/remembered.py", "gateway/reads/", "cachetools/")),
    ("origins, forged requests, browsers", ("web/cors.py", "web/csrf.py", "web/graphiql/", "web/gate.py")),
    ("the rest of ours, in between", ("gateway/web/",)),
    ("the event loop", ()),
)
_EVERY = 0.002  # seconds of CPU; the kernel may look less often


def part_of(frame: FrameType | None) -> str:
    """The part that a stack belongs to."""
    while frame is not None:
        where = f"{frame.f_code.co_filename}:{frame.f_code.co_name}"
        for part, signs in _PARTS:
            if any(sign in where for sign in signs):
                return part
        frame = frame.f_back
    return _PARTS[-1][0]


def _sampled(found: Path) -> None:
    """Be the gateway, looking at oneself from the first SIGUSR1 to the second."""
    counts: Counter[str] = Counter()

    def turn(*_: object) -> None:
        running = signal.getitimer(signal.ITIMER_PROF)[1] > 0
        signal.setitimer(signal.ITIMER_PROF, *(0, 0) if running else (_EVERY, _EVERY))
        if running:
            found.write_bytes(orjson.dumps(counts))

    signal.signal(signal.SIGPROF, lambda _, frame: counts.update((part_of(frame),)))
    signal.signal(signal.SIGUSR1, turn)
    gateway_command(["serve"])


async def _looked_at(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "parts.json"
        os.environ["PARTS"] = str(found)
        async with aiohttp.ClientSession() as http, standin(http) as upstream:
            async with gateway(upstream, core=0, module="tests.bench.parts") as running:
                await settled(http, running.endpoint, page())
                request, process = post(running.endpoint, page(), CALLER), running.process.pid
                await loaded(running.endpoint, request, process=process, seconds=2)
                os.kill(process, signal.SIGUSR1)
                load = await loaded(running.endpoint, request, process=process, seconds=seconds)
                os.kill(process, signal.SIGUSR1)
                while not found.exists():
                    await asyncio.sleep(0.05)
        counts = Counter(orjson.loads(found.read_bytes()))
    print(f"{load.microseconds:.0f} µs of CPU a request, {counts.total():,} looks\n\n| part | % |\n|---|---|")
    for part, _ in _PARTS:
        print(f"| {part} | {100 * counts[part] / counts.total():.0f} |")


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        _sampled(Path(os.environ["PARTS"]))
    else:
        uvloop.run(_looked_at(float(sys.argv[1]) if len(sys.argv) > 1 else 20))
