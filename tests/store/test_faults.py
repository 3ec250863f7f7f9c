"""Whatever happens to the store, or on the way to it, no caller notices more than the reads it no longer saves."""

import asyncio
import socket
import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.store import Kept, State, Store
from tests.running import Clock
from tests.store.conftest import Replica, free_port, serving
from tests.store.proxy import Fault, Proxy
from tests.store.reading import LIFE, Upstream, at_once, left_alone, until

TIMEOUT = 0.2  # seconds; a healthy command of the tests takes a thousandth of it
ANSWERS = {
    "LOADING": b"-LOADING Valkey is loading the dataset in memory\r\n",
    "MOVED": b"-MOVED 3999 127.0.0.1:6381\r\n",
    "CLUSTERDOWN": b"-CLUSTERDOWN The cluster is down\r\n",
    "OOM": b"-OOM command not allowed when used memory > 'maxmemory'.\r\n",
    "READONLY": b"-READONLY You can't write against a read only replica.\r\n",
    "NOAUTH": b"-NOAUTH Authentication required.\r\n",
    "WRONGTYPE": b"-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
    "another protocol": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    "an answer to something else": b"+OK\r\n",
    "a number nobody asked for": b":42\r\n",
    "an endless text": b"$999999999999\r\n",
    "lists in lists": b"*1\r\n" * 5000,
    "half an answer": b"*2\r\n:1\r\n",
    "nothing": b"$-1\r\n",
}
FAULTS = [*[(fault, None) for fault in Fault], *[(None, said) for said in ANSWERS.values()]]
NAMES = [*[fault.name.lower() for fault in Fault], *ANSWERS]


@pytest.fixture
def upstream(clock: Clock) -> Upstream:
    return Upstream(clock)


@pytest.fixture
def store(replica: Replica, proxy: Proxy) -> Store:
    return replica(f"redis://127.0.0.1:{proxy.port}", timeout=TIMEOUT)


async def _back(store: Store, clock: Clock) -> None:
    """Wait until the store is asked again."""
    while store.state.value != "closed":
        clock.advance(31.0)
        await store.get("job", int)
        await asyncio.sleep(0.005)  # what finds out is not what is asked


@pytest.mark.parametrize(("fault", "said"), FAULTS, ids=NAMES)
async def test_a_fault_fails_nobody_and_once_it_is_known_nobody_waits(
    store: Store, proxy: Proxy, upstream: Upstream, clock: Clock, fault: Fault | None, said: bytes | None
) -> None:
    with capture_logs() as logs:
        await upstream.shared(store, "before")
        await proxy.suffer(fault, said)
        crowd = [upstream.shared(store, f"job {number}") for number in range(50)]
        assert [kept.value for kept in await asyncio.gather(*crowd)] == [1] * 50
        while store.state.value == "closed":
            await upstream.shared(store, "another")
        heard = proxy.heard
        for number in range(1000):
            assert at_once(upstream.shared(store, f"later {number}")).value == 1
        assert at_once(store.get("before", int)) is None
        assert at_once(store.take("bucket", interval=1, burst=1)) is None
        at_once(store.put("before", Kept(1, 0, 1), 1))
        at_once(store.forget("before"))
        at_once(store.slow("bucket", interval=1, burst=1, pause=1))
        assert proxy.heard == heard
        await proxy.suffer(None)
        await _back(store, clock)
        assert (await upstream.shared(store, "after")).value == 1
        assert (await upstream.shared(store, "after")).value == 1
    assert [log["event"] for log in logs] == ["store_lost", "store_back"]


@pytest.mark.parametrize("fault", Fault)
async def test_a_fault_that_comes_while_replicas_read_and_wait_fails_nobody(
    replica: Replica, proxy: Proxy, upstream: Upstream, fault: Fault
) -> None:
    upstream.go_on.clear()
    stores = [replica(f"redis://127.0.0.1:{proxy.port}", timeout=TIMEOUT, takeover=0.5) for _ in range(2)]
    crowd = [asyncio.create_task(upstream.shared(stores[number % 2])) for number in range(40)]
    await upstream.under_way.wait()
    await proxy.suffer(fault)
    await until(lambda: upstream.begun["job"] == 40)  # who waited has gone on alone; nobody has been left to wait
    upstream.go_on.set()
    assert len(await asyncio.gather(*crowd)) == 40
    await proxy.suffer(None)


async def test_a_server_that_answers_late_but_in_time_is_used_all_the_same(
    store: Store, replica: Replica, proxy: Proxy, upstream: Upstream
) -> None:
    proxy.away = 0.02
    crowd = [upstream.shared(store, f"job {number % 25}") for number in range(50)]
    assert {kept.value for kept in await asyncio.gather(*crowd)} == {1}
    assert {(await upstream.shared(replica(), f"job {number}")).value for number in range(25)} == {1}
    assert store.state is State.CLOSED


async def test_a_crowd_waits_for_its_turn_no_longer_than_for_an_answer_and_blames_nobody(
    replica: Replica, proxy: Proxy, clock: Clock
) -> None:
    patient = 5 * TIMEOUT  # a crowd takes a busy machine some tenths of a second by itself
    store = replica(f"redis://127.0.0.1:{proxy.port}", timeout=patient)
    await store.put("job", Kept(1, clock(), LIFE), LIFE)
    await asyncio.gather(*[store.get("job", int) for _ in range(16)])  # connected
    proxy.away = 0.3 * patient
    began = time.monotonic()
    found = await asyncio.gather(*[store.get("job", int) for _ in range(1000)])  # 16 at a time: 19 seconds for all
    assert time.monotonic() - began < 8.0
    assert found.count(Kept(1, clock(), LIFE)) >= 16
    assert None in found
    assert store.state is State.CLOSED


async def test_that_the_others_cannot_be_given_what_was_read_counts_as_a_failure(
    store: Store, proxy: Proxy, upstream: Upstream
) -> None:
    upstream.go_on.clear()
    readers = [asyncio.create_task(upstream.shared(store, f"job {number}")) for number in range(3)]
    await until(lambda: upstream.begun.total() == 3)
    await proxy.suffer(Fault.SILENT)
    upstream.go_on.set()
    assert [kept.value for kept in await asyncio.gather(*readers)] == [1] * 3
    await until(lambda: store.state is State.OPEN)
    await proxy.suffer(None)


async def test_a_probe_that_fails_costs_nobody_a_wait(
    store: Store, proxy: Proxy, upstream: Upstream, clock: Clock
) -> None:
    await proxy.suffer(Fault.SILENT)
    while store.state.value == "closed":
        await store.get("job", int)
    heard = proxy.heard
    clock.advance(1.0)
    assert at_once(store.get("job", int)) is None
    assert store.state.value == "half-open"
    for number in range(100):
        at_once(upstream.shared(store, f"job {number}"))
    await until(lambda: store.state.value == "open")
    assert proxy.heard <= heard + 1
    await proxy.suffer(None)


async def test_a_server_that_cannot_be_reached_at_the_start_is_found_later(
    replica: Replica, upstream: Upstream, clock: Clock
) -> None:
    port = free_port()
    store = replica(f"redis://127.0.0.1:{port}")
    for _ in range(5):
        await upstream.shared(store)
    assert store.state.value == "open"
    with serving(port):
        await _back(store, clock)
        assert (await upstream.shared(store, "after")).value == 1
        await store.close()


async def test_a_server_that_is_killed_and_comes_again_is_used_again(
    replica: Replica, upstream: Upstream, clock: Clock
) -> None:
    port = free_port()
    store = replica(f"redis://127.0.0.1:{port}")
    with serving(port) as server:
        assert [(await upstream.shared(store)).value for _ in range(2)] == [1, 1]
        upstream.go_on.clear()
        crowd = [asyncio.create_task(upstream.shared(store, "another")) for _ in range(10)]
        await upstream.under_way.wait()
        server.terminate()
        upstream.go_on.set()
        assert len(await asyncio.gather(*crowd)) == 10
        while store.state.value == "closed":
            await upstream.shared(store)
    with serving(port):
        await _back(store, clock)
        assert len({(await upstream.shared(store)).value for _ in range(5)}) == 1
        await store.close()


async def test_a_name_that_no_longer_resolves_fails_nobody(
    replica: Replica, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    store = replica("redis://store.example.com")
    for number in range(10):
        assert (await upstream.shared(store, f"job {number}")).value == 1
    assert store.state.value == "open"


async def test_a_full_server_fails_nobody(store: Store, upstream: Upstream, clock: Clock, raw: Any) -> None:
    await raw.config_set("maxmemory", "1")
    try:
        for number in range(10):
            assert (await upstream.shared(store, f"job {number}")).value == 1
        assert store.state.value == "open"
    finally:
        await raw.config_set("maxmemory", "0")
    await _back(store, clock)


async def test_a_server_that_has_become_a_replica_fails_nobody(
    store: Store, upstream: Upstream, clock: Clock, raw: Any
) -> None:
    await raw.replicaof("127.0.0.1", "1")
    try:
        for number in range(10):
            assert (await upstream.shared(store, f"job {number}")).value == 1
        assert store.state.value == "open"
    finally:
        await raw.replicaof("NO", "ONE")
    await _back(store, clock)


async def test_a_wrong_password_fails_nobody_and_is_told_nowhere(
    replica: Replica, upstream: Upstream, url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    store = replica(url.replace("//", "//somebody:s3cret@"))
    with capture_logs() as logs:
        for number in range(10):
            assert (await upstream.shared(store, f"job {number}")).value == 1
    assert [(log["event"], log["cause"]) for log in logs] == [("store_lost", "AuthenticationError")]
    out, err = capfd.readouterr()
    assert "s3cret" not in f"{logs}{out}{err}{store!r}"


async def test_a_caller_who_hangs_up_breaks_no_connection(
    store: Store, proxy: Proxy, upstream: Upstream, clock: Clock, raw: Any
) -> None:
    await upstream.shared(store, "job")
    await left_alone(raw)
    connections = proxy.connections
    for _ in range(50):
        caller = asyncio.create_task(store.get("job", int))
        await asyncio.sleep(0)
        caller.cancel()
        await asyncio.wait([caller])
        assert await store.get("job", int) == Kept(1, clock(), LIFE)
    assert store.state.value == "closed"
    assert proxy.connections <= connections + 2


async def test_after_closing_nothing_is_asked(store: Store, proxy: Proxy, upstream: Upstream) -> None:
    await upstream.shared(store, "job")
    await store.close()
    heard = proxy.heard
    assert at_once(upstream.shared(store, "job")).value == 2
    assert proxy.heard == heard


async def test_a_gateway_that_stands_still_itself_does_not_take_its_store_for_slow(replica: Replica) -> None:
    store = replica(timeout=0.05)
    await store.put("warm", Kept("value", 1_000.0, 60.0), 60.0)
    for _ in range(5):
        asked = asyncio.ensure_future(store.get("warm", str))
        await asyncio.sleep(0)
        time.sleep(0.2)  # noqa: ASYNC251  # that is the point
        assert await asked is not None
    assert store.state is State.CLOSED
