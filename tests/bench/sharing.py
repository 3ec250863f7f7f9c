"""As few AWS calls as physics allows: what reaches AWS when many callers ask many replicas. Each figure is a count or a
ratio of counts.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta

import aiohttp

from tests.bench.report import Row
from tests.bench.servers import TEAMS, Gateway, Standin, ask, gateway, gateways, standin, valkey

LIST = "ListTrainingJobsForHyperParameterTuningJob"
WALK = """query($after: String) { tuningJob(name: "vision-resnet") {
  trainingJobs(first: 100, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } } }"""
POLL = """query($name: String!) { tuningJob(name: $name) {
  status trainingJobs(first: 10, sortBy: CREATION_TIME, sortOrder: DESCENDING) { nodes { name status } stale } } }"""
RUNNING = ("vision-detector", "vision-segmenter")
_ROWS, _PAGES = 750, 8
_CALLERS, _REPLICAS = 1_000, 4
_TEAMS = tuple(TEAMS)


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
    """AWS allows 2 calls a second, three teams ask for 20 distinct pages a second, all of which were seen before: of
    one gateway, and of four with one store.
    """
    async with standin(http) as upstream, gateway(upstream, life_listing="1s", life_revalidated="0") as running:
        rows = await _asked_too_much(http, upstream, (running,))
    async with standin(http) as upstream, valkey() as store:
        async with gateways(_REPLICAS, upstream, store=store.url, life_listing="1s", life_revalidated="0") as replicas:
            return rows + await _asked_too_much(http, upstream, replicas)


async def _asked_too_much(http: aiohttp.ClientSession, upstream: Standin, replicas: Sequence[Gateway]) -> list[Row]:
    query = "query($part: String!) { tuningJobs(nameContains: $part) { nodes { name } asOf stale } }"
    seconds = 40.0
    await upstream.switch(rates={"*": {"per_second": 2, "burst": 2}})
    outcomes: Counter[str] = Counter()

    async def asked(number: int) -> None:
        team, replica = _TEAMS[number % 3], replicas[number % len(replicas)]
        body = await ask(http, replica.endpoint, query, team=team, part=f"{team}-{number // 3 % 20}")
        if "errors" in body:
            outcomes[body["errors"][0]["extensions"]["code"]] += 1
        else:
            outcomes["stale" if body["data"]["tuningJobs"]["stale"] else "fresh"] += 1

    # One page after another, so that all have been seen once.
    for number in range(60):
        await asked(number)
    outcomes.clear()
    await upstream.forget_calls()
    tasks, began, number = [], time.monotonic(), 0
    while (now := time.monotonic() - began) < seconds:
        tasks.append(asyncio.create_task(asked(number)))
        number += 1
        await asyncio.sleep(max(number / 20 - now, 0))
    await asyncio.gather(*tasks)
    elapsed = time.monotonic() - began
    calls, refused = sum((await upstream.calls()).values()), sum((await upstream.refused()).values())
    what = f"20 pages a second asked of 2 allowed, {len(replicas)} process{'es' * (len(replicas) > 1)}"
    return [
        Row(f"{what}: answers that were errors", sum(outcomes.values()) - outcomes["stale"] - outcomes["fresh"], "0"),
        Row(f"{what}: the budget used", (calls - refused) / (2 * elapsed), "at least 0.9"),
        Row(f"{what}: calls that AWS refused, of all", refused / calls, "0"),
    ]


async def teams_take_turns(http: aiohttp.ClientSession) -> list[Row]:
    """Three teams always wait for what a budget of 4 calls a second lets through, one of them with thrice the callers:
    of one gateway, and of four with one store.
    """
    async with standin(http) as upstream, gateway(upstream, rate_list=4) as running:
        rows = await _taken_turns(http, (running,))
    async with standin(http) as upstream, valkey() as store:
        async with gateways(_REPLICAS, upstream, store=store.url, rate_list=4) as replicas:
            return rows + await _taken_turns(http, replicas)


async def _taken_turns(http: aiohttp.ClientSession, replicas: Sequence[Gateway]) -> list[Row]:
    # Listings that nobody has seen, and that are each one call.
    query = "query($since: DateTime!) { tuningJobs(creationTimeAfter: $since) { nodes { name } } }"
    callers = dict(zip(_TEAMS, (3 * _REPLICAS, _REPLICAS, _REPLICAS), strict=True))
    settling, seconds = 5.0, 40.0
    read: Counter[str] = Counter()
    errors = 0
    began = time.monotonic()

    async def caller(team: str, number: int) -> None:
        nonlocal errors
        since = datetime(2000 + _TEAMS.index(team), 1, 1, tzinfo=UTC) + timedelta(days=number)
        while time.monotonic() < began + settling + seconds:
            since += timedelta(seconds=1)
            body = await ask(http, replicas[number % len(replicas)].endpoint, query, team=team, since=since.isoformat())
            errors += "errors" in body
            read[team] += began + settling < time.monotonic() < began + settling + seconds

    await asyncio.gather(*[caller(team, number) for team, count in callers.items() for number in range(count)])
    what = f"three teams that always wait, {len(replicas)} process{'es' * (len(replicas) > 1)}"
    return [
        Row(f"{what}: answers that were errors", errors, "0"),
        Row(f"{what}: the budget used", read.total() / (4 * seconds), "at least 0.9"),
        Row(
            f"{what}: the least team's share of the greatest's", min(read.values()) / max(read.values()), "at least 0.9"
        ),
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
    teams_take_turns,
    flight_holder_killed,
)
