"""`make bench`: every benchmark, or those named, each in servers of its own. Prints a table and writes JSON."""

import sys
import time
from importlib import import_module
from pathlib import Path

import aiohttp
import uvloop

from tests.bench.report import Row, written

_RESULTS = Path(".bench/results.json")
# A file's SCENARIOS are run in this order; each is an `async def scenario(http) -> list[Row]`.
_FILES = (
    "startup",
    "hot",
    "grpc",
    "mixed",
    "connections",
    "memory",
    "fanout",
    "sharing",
)
_ONLY_IF_NAMED = ("soak",)  # takes longer than all others together


async def main(names: list[str]) -> None:
    """Run the scenarios, or files of scenarios, of these names."""
    results: dict[str, list[Row]] = {}
    seconds: dict[str, float] = {}
    known = set()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=300)) as http:
        for file in (*_FILES, *_ONLY_IF_NAMED):
            for scenario in import_module(f"tests.bench.{file}").SCENARIOS:
                name = scenario.__name__
                known |= {file, name}
                if name in names or file in names or (not names and file in _FILES):
                    began = time.monotonic()
                    results[name] = await scenario(http)
                    seconds[name] = time.monotonic() - began
                    print(f"{name}: {seconds[name]:.0f} s", file=sys.stderr, flush=True)
    if unknown := sorted(set(names) - known):
        sys.exit(f"There is no benchmark called {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    print(written(results, seconds, _RESULTS))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
