"""Processes that a benchmark starts and looks at: ready before they are used, ended afterwards, on a core of their own
where they are timed; and what /proc tells of them.
"""

import asyncio
import contextlib
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

_PATIENCE = 60.0  # seconds for a server to come up, on a busy machine
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cores() -> tuple[int, int] | None:
    """The core of what is measured, and that of whoever keeps it busy; nothing where there is but one."""
    mine = sorted(os.sched_getaffinity(0))
    return (mine[0], mine[-1]) if len(mine) > 1 else None


def on_core(place: int) -> Callable[[], None] | None:
    """What a new process does to stay on one of those cores: 0 is measured, 1 keeps it busy."""
    both = cores()
    return None if both is None else lambda: os.sched_setaffinity(0, {both[place]})


def cpu_seconds(process: int) -> float:
    """The seconds of CPU that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def resident(process: int) -> int:
    """The bytes of memory that a process holds."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def process_of(
    module: str,
    *arguments: str,
    ready: str,
    environment: Mapping[str, object] | None = None,
    core: int | None = None,
    pause: float = 0.05,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m module`, from when `ready` answers; it is looked at after each `pause`, in seconds."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GATEWAY_", "AWS_"))}
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            env=inherited | {name: str(value) for name, value in (environment or {}).items()},
            stdout=log,
            stderr=log,
            preexec_fn=None if core is None else on_core(core),
        )
        try:
            await _until_ready(ready, process, pause)
            yield process
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read().decode()[-4_000:])
            raise
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


async def _until_ready(address: str, process: asyncio.subprocess.Process, pause: float) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(_PATIENCE):
        while process.returncode is None:
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(address) as response:
                    if response.status < 500:
                        return
            await asyncio.sleep(pause)
    raise RuntimeError(f"a server ended with {process.returncode} before it was ready")
