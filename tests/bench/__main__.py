"""`make bench`: every benchmark, or those named, each in servers of its own. Prints a table, writes JSON, and fails if
an aim was missed.
"""

import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

import aiohttp
import uvloop

from tests.bench.report import Row, written

Scenario = Callable[[aiohttp.ClientSession], Awaitable[list[Row]]]

_RESULTS = Path(".bench/results.json")
# A file's SCENARIOS are run in this order; each is an `async def scenario(http) -> list[Row]`.
_FILES = (
    "startup",
    "hot",
    "grpc",
    "mixed",
    "hanging_up",
    "connections",
    "memory",
    "fanout",
    "sharing",
    "outages",
)
_ONLY_IF_NAMED = ("soak",)  # takes longer than all others together


async def main(names: list[str]) -> list[Row]:
    """Run the scenarios of these names, or of files of these names; what missed its aim."""
    wanted = list(named(names or _FILES))
    results: dict[str, list[Row]] = {}
    seconds: dict[str, float] = {}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=300)) as http:
        for scenario in wanted:
            name, began = scenario.__name__, time.monotonic()
            results[name] = await scenario(http)
            seconds[name] = time.monotonic() - began
            print(f"{name}: {seconds[name]:.0f} s", file=sys.stderr, flush=True)
    print(written(results, seconds, _RESULTS))
    return [row for rows in results.values() for row in rows if row.missed]


def named(names: Iterable[str]) -> Iterator[Scenario]:
    """The scenarios, in the order of the files. Ends the process where there is none of a name."""
    known: set[str] = set()
    for file in (*_FILES, *_ONLY_IF_NAMED):
        for scenario in import_module(f"tests.bench.{file}").SCENARIOS:
            called = {file, scenario.__name__}
            known |= called
            if called & set(names):
                yield scenario
    if unknown := set(names) - known:
        sys.exit(f"There is no benchmark called {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}.")


if __name__ == "__main__":
    if missed := uvloop.run(main(sys.argv[1:])):
        sys.exit("\n".join(f"Missed: {row.what}" for row in missed))
