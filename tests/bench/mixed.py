"""What the gateway costs when not everything is remembered: AWS, 20 ms away, is asked each time (cold), or once in a
hundred (mixed), where nine are read from remembered pages and the rest are remembered responses.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, count, cycle, islice
from statistics import median
from typing import Any

import aiohttp

from tests.bench import crowded
from tests.bench.load import Load, loaded, post
from tests.bench.questions import CALLER, edges, page, settled, sorted_page
from tests.bench.report import Row
from tests.bench.servers import Gateway, gateway, many_jobs

AWAY = 0.02  # seconds that the upstream takes for an answer
UNLIMITED: dict[str, Any] = dict.fromkeys(
    ("rate_list", "rate_describe"), 100_000
)  # the budget is not what is measured here
_ROUNDS = 5
_SECONDS = 2.0
_AT_ONCE = 25_000  # requests, more than are answered in that time: none comes twice
_AT_HAND = 30  # jobs whose pages are remembered
_SINCE = 10  # jobs asked for since one that is asked for again: it has been read by then


async def cold_answers(http: aiohttp.ClientSession) -> list[Row]:
    """Ten rows of a finished job that nobody has asked for: two calls, one after the other."""
    # What is read is past its life before its job's turn comes again.
    forgetful: dict[str, Any] = {
        "life_finished": "1ms",
        "life_running": "1ms",
        "life_revalidated": "0",
        "life_stale": "0",
    }
    async with many_jobs(http, away=AWAY) as upstream, gateway(upstream, core=0, **UNLIMITED, **forgetful) as running:
        requests = [post(running.endpoint, page(crowded.name(number)), CALLER) for number in range(crowded.JOBS)]
        await settled(http, running.endpoint, page(crowded.name(0)))  # so that the document is known
        alone, many = [], []
        for round_ in range(_ROUNDS):
            turned = requests[round_ * 200 :] + requests[: round_ * 200]
            alone.append(await _load(running, turned, connections=1))
            many.append(await _load(running, turned, connections=16))
    waited = median(load.p50 for load in alone)
    cost = median(load.microseconds for load in many)
    return [
        Row(
            "cold, 10 rows, one caller: p50, to AWS's own two answers",
            waited / (2 * AWAY * 1e3),
            note=f"{waited:.0f} ms; CPU {cost:,.0f} µs a request of 16 callers",
        ),
        Row("cold, 10 rows: CPU µs a request", cost, detail=True),
        Row("cold, 10 rows, one caller: p50, ms", waited, detail=True),
        Row("cold, 10 rows, 16 callers: p99, ms", median(load.p99 for load in many), detail=True),
    ]


async def mixed_answers(http: aiohttp.ClientSession) -> list[Row]:
    """Of a hundred requests one asks AWS, nine are for slices of remembered pages, the rest for one."""
    async with many_jobs(http, away=AWAY) as upstream, gateway(upstream, core=0, **UNLIMITED) as running:
        requests = await mixture(http, running.endpoint)
        loads = [await _load(running, list(islice(requests, _AT_ONCE))) for _ in range(_ROUNDS + 1)][1:]
    cost, rate = median(load.microseconds for load in loads), median(load.rate for load in loads)
    p50, p99 = median(load.p50 for load in loads), median(load.p99 for load in loads)
    note = f"{rate:,.0f} requests a second; p50 {p50:.1f} ms, p99 {p99:.1f} ms"
    return [
        Row("mixed (90 % hot, 9 % warm, 1 % cold), 10 rows: CPU µs a request", cost, note=note),
        Row("mixed: requests a second", rate, detail=True),
        Row("mixed: p50, ms", p50, detail=True),
        Row("mixed: p99, ms", p99, detail=True),
    ]


async def mixture(http: aiohttp.ClientSession, endpoint: str) -> Iterator[bytes]:
    """Requests without end, once their hot and warm parts are remembered."""
    places = []
    for name in map(crowded.name, range(_AT_HAND)):
        rows = edges((await settled(http, endpoint, page(name, first=crowded.ROWS)))[0])
        places.append([(name, str(row["cursor"])) for row in rows[: crowded.ROWS // 2]])
    await settled(http, endpoint, page(crowded.name(0)))
    # One job after the other: all their pages stay remembered, however many cold ones are read meanwhile.
    return _mixed(endpoint, list(chain.from_iterable(zip(*places, strict=True))))


def _mixed(endpoint: str, places: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    hot = post(endpoint, page(crowded.name(0)), CALLER)
    cold = _cold()
    # Slices of 5 to 14 rows, each of which comes again only after thousands of others.
    warm = (page(name, first=first, after=after) for first in cycle(range(5, 15)) for name, after in places)
    for number in count():
        turn = number % 100
        if turn == 0:
            yield post(endpoint, next(cold), CALLER)
        elif turn % 11 == 0:  # nine times
            yield post(endpoint, next(warm), CALLER)
        else:
            yield hot


def _cold() -> Iterator[bytes]:
    """By turns a job that nobody has asked for (two calls), and one that somebody has, in another order (one call)."""
    for number in count(_AT_HAND):
        yield page(crowded.name(number))
        yield sorted_page(crowded.name(number - _SINCE), "CREATION_TIME", "DESCENDING")


async def _load(running: Gateway, requests: Sequence[bytes], *, connections: int = 16) -> Load:
    return await loaded(
        running.endpoint, *requests, process=running.process.pid, seconds=_SECONDS, connections=connections
    )


SCENARIOS = (cold_answers, mixed_answers)
