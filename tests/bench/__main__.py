"""`make bench`: every benchmark, or those named, each in servers of its own. Prints a table and writes JSON."""

import sys
from pathlib import Path

import aiohttp
import uvloop

from tests.bench import fanout, hot, sharing
from tests.bench.report import Row, written

_RESULTS = Path(".bench/results.json")


async def main(names: list[str]) -> None:
    results: dict[str, list[Row]] = {}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=300)) as http:
        for scenario in (*sharing.SCENARIOS, *fanout.SCENARIOS, *hot.SCENARIOS):
            if not names or scenario.__name__ in names:
                print(f"{scenario.__name__} ...", file=sys.stderr, flush=True)
                results[scenario.__name__] = await scenario(http)
    print(written(results, _RESULTS))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
