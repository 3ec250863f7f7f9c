"""As few AWS calls as physics allows: what reaches AWS when many callers ask many replicas. Each figure is a count or a
ratio of counts.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Sequence

import aiohttp

from tests.bench.report import Row
from tests.bench.servers import Gateway, ask, gateway, gateways, standin, valkey

LIST = "ListTrainingJobsForHyperParameterTuningJob"
WALK = """query($after: String) { tuningJob(name: "vision-resnet") {
  trainingJobs(first: 100, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } } }"""
POLL = """query($name: String!) { tuningJob(name: $name) {
  status trainingJobs(first: 10, sortBy: CREATION_TIME, sortOrder: DESCENDING) { nodes { name status } stale } } }"""
RUNNING = ("vision-detector", "vision-segmenter")
_ROWS, _PAGES = 750, 8
_CALLERS, _REPLICAS = 1_000, 4


async def one_listing_many_callers(http: aiohttp.ClientSession) -> list[Row]:
    """A cold listing of 750 jobs, walked by 1,000 callers over 4 processes with one store: and the store killed."""
    rows = []
    for killed in (False, True):
        async with standin(http) as upstream, valkey() as store:
            async with gateways(_REPLICAS, upstream, store=store.url) as replicas:
                walks = [asyncio.create_task(_walked(http, replicas, number)) for number in range(_CALLERS)]
                if killed:
                    while (await upstream.calls()).get(LIST, 0) < _PAGES // 2:
                        await asyncio.sleep(0.02)
                    store.kill()
                complete = sum(walked == _ROWS for walked in await asyncio.gather(*walks))
                calls = [await replica.upstream_calls(http, LIST) for replica in replicas]
                assert sum(calls) == (await upstream.calls())[LIST], calls
        what = f"{_CALLERS} callers, {_REPLICAS} processes, {'store killed half-way' if killed else 'one store'}"
        rows += [
            Row(f"{what}: list calls", sum(calls), "" if killed else f"at most {_PAGES}"),
            Row(f"{what}: list calls of the process with most", max(calls), f"at most {_PAGES}"),
            Row(f"{what}: walks complete", complete, f"{_CALLERS}"),
        ]
    return rows


async def _walked(http: aiohttp.ClientSession, replicas: Sequence[Gateway], number: int) -> int:
    """The distinct jobs that one caller finds, going from replica to replica page by page."""
    seen: set[str] = set()
    after, more = None, True
    while more:
        endpoint = replicas[number % len(replicas)].endpoint
        number += 1
        body = await ask(http, endpoint, WALK, team="vision", after=after)
        if "errors" in body:
            return -1
        connection = body["data"]["tuningJob"]["trainingJobs"]
        seen.update(node["name"] for node in connection["nodes"])
        after, more = connection["pageInfo"]["endCursor"], connection["pageInfo"]["hasNextPage"]
    return len(seen)


async def polling_replicas(http: aiohttp.ClientSession) -> list[Row]:
    """Upstream calls a second while a fixed crowd polls running jobs over more and more replicas."""
    rates: dict[int, float] = {}
    for replicas in (1, 2, 4, 8):
        async with standin(http) as upstream, valkey() as store:
            async with gateways(replicas, upstream, store=store.url, life_running="2s") as running:
                await _polled(http, running, seconds=3)  # until everybody knows everything
                await upstream.forget_calls()
                seconds = 12.0
                await _polled(http, running, seconds=seconds)
                rates[replicas] = sum((await upstream.calls()).values()) / seconds
    rows = [Row(f"polling crowd over {count} replicas: calls a second", rate) for count, rate in rates.items()]
    spread = max(rates.values()) / min(rates.values())
    return [*rows, Row("polling crowd: the most of these, to the fewest", spread, "at most 1.15")]


async def _polled(http: aiohttp.ClientSession, replicas: Sequence[Gateway], *, seconds: float) -> None:
    """Forty callers ask for two running jobs, once a second each."""
    until = time.monotonic() + seconds

    async def caller(number: int) -> None:
        await asyncio.sleep(number / 40)
        while time.monotonic() < until:
            endpoint = replicas[number % len(replicas)].endpoint
            body = await ask(http, endpoint, POLL, team="vision", name=RUNNING[number % 2])
            assert "errors" not in body, body
            assert body["data"]["tuningJob"], body
            await asyncio.sleep(1)

    await asyncio.gather(*[caller(number) for number in range(40)])


async def more_asked_than_allowed(http: aiohttp.ClientSession) -> list[Row]:
    """AWS allows 2 calls a second, three teams ask for 20 distinct pages a second, all of which were seen before."""
    query = "query($part: String!) { tuningJobs(nameContains: $part) { nodes { name } asOf stale } }"
    parts = {team: [f"{team}-{number}" for number in range(20)] for team in ("vision", "nlp", "speech")}
    seconds = 40.0
    async with standin(http) as upstream, gateway(upstream, life_listing="1s", life_revalidated="0") as running:
        await upstream.switch(rates={"*": {"per_second": 2, "burst": 2}})
        fresh: dict[str, set[tuple[str, str]]] = {team: set() for team in parts}
        outcomes: Counter[str] = Counter()

        async def asked(team: str, part: str) -> None:
            body = await ask(http, running.endpoint, query, team=team, part=part)
            if "errors" in body:
                outcomes[body["errors"][0]["extensions"]["code"]] += 1
                return
            connection = body["data"]["tuningJobs"]
            outcomes["stale" if connection["stale"] else "fresh"] += 1
            fresh[team].add((part, connection["asOf"]))

        # One page after another, so that all have been seen once.
        for team, mine in parts.items():
            for part in mine:
                await asked(team, part)
        outcomes.clear()
        before = {team: set(seen) for team, seen in fresh.items()}
        await upstream.forget_calls()
        tasks, began, number = [], time.monotonic(), 0
        while (now := time.monotonic() - began) < seconds:
            team = tuple(parts)[number % 3]
            tasks.append(asyncio.create_task(asked(team, parts[team][number // 3 % 20])))
            number += 1
            await asyncio.sleep(max(number / 20 - now, 0))
        await asyncio.gather(*tasks)
        elapsed = time.monotonic() - began
        calls, refused = sum((await upstream.calls()).values()), sum((await upstream.refused()).values())
    shares = [len(fresh[team] - before[team]) for team in parts]
    return [
        Row(
            "20 pages a second asked of 2 allowed: answers that were errors",
            sum(outcomes.values()) - outcomes["stale"] - outcomes["fresh"],
            "0",
        ),
        Row("the budget used", (calls - refused) / (2 * elapsed), "at least 0.9"),
        Row("calls that AWS refused, of all", refused / calls, "0"),
        Row("the least team's share of the greatest's", min(shares) / max(shares), "at least 0.9"),
    ]


async def flight_holder_killed(http: aiohttp.ClientSession) -> list[Row]:
    """The replica that is reading for all of them dies in the middle of it."""
    latency, takeover = 2.0, 2.0
    async with standin(http) as upstream, valkey() as store:
        async with gateways(3, upstream, store=store.url, store_takeover=f"{takeover}s") as (holder, *others):
            await upstream.switch(latency=latency)
            lost = asyncio.create_task(_quietly(ask(http, holder.endpoint, POLL, team="vision", name=RUNNING[0])))
            await asyncio.sleep(latency / 2)
            waiting = [
                asyncio.create_task(ask(http, each.endpoint, POLL, team="vision", name=RUNNING[0])) for each in others
            ]
            await asyncio.sleep(0.1)
            holder.kill()
            killed = time.monotonic()
            bodies = await asyncio.gather(*waiting)
            took = time.monotonic() - killed
            await lost
            assert all("errors" not in body and body["data"]["tuningJob"] for body in bodies), bodies
    # What the others would have waited for anyway: the describe and the list, one after the other.
    return [
        Row(
            "flight holder killed: delay of the others, of the take-over setting",
            (took - 2 * latency) / takeover,
            "at most 1",
        )
    ]


async def _quietly(asking: Awaitable[object]) -> None:
    with contextlib.suppress(aiohttp.ClientError, OSError):
        await asking


SCENARIOS = (
    one_listing_many_callers,
    polling_replicas,
    more_asked_than_allowed,
    flight_holder_killed,
)
