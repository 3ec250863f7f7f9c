"""A gateway that is told to go, as a real process: what is under way is answered, and nothing holds it."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import aiohttp
import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from gateway.standin import Standin, World, tuning_job_plan
from tests.listening import on_events, on_socket
from tests.rpc.client import Client, failure, health
from tests.rpc.wire import HEADERS, wired
from tests.running import Calls, Running

pytestmark = pytest.mark.usefixtures("standin")
DESCRIBE = "DescribeHyperParameterTuningJob"
GRACE = 30.0  # seconds, by default
VIEWER = "{ viewer { subject } }"
LIVE = 'subscription { tuningJob(name: "vision-a") { name } }'
CONFIG = f"""
teams:
  vision: {{region: us-east-1, account: "111122223333", owns: all}}
identity:
  api_keys:
    - {{id: tests, sha256: {sha256(b"key-of-vision").hexdigest()}, teams: [vision]}}
"""


@dataclass(frozen=True)
class Process:
    """A gateway process, and how to ask it."""

    process: asyncio.subprocess.Process
    gateway: Running

    def tell_to_go(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def ended(self, within: float = GRACE) -> str:
        """What it had to say, once it has ended well, in the time that it has for that."""
        _, err = await asyncio.wait_for(self.process.communicate(), timeout=within)
        assert self.process.returncode == 0, err.decode()
        assert b"Traceback" not in err, err.decode()
        return err.decode()


@pytest.fixture
def clock() -> None:
    """The process lives by its own."""


@pytest.fixture
def world() -> World:
    world = World(lambda: 1_790_000_000.0)
    world.add(tuning_job_plan("vision-a", created=-1, trials=1))
    return world


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def _serving(
    standin_address: str, folder: Path, collector: str | None = None, **settings: str
) -> AsyncIterator[Process]:
    (folder / "gateway.yaml").write_text(CONFIG)
    port, admin = _free_port(), _free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GATEWAY_", "AWS_"))}
    environment = {
        "GATEWAY_PORT": str(port),
        "GATEWAY_ADMIN_PORT": str(admin),
        "GATEWAY_CONFIG": str(folder / "gateway.yaml"),
        "GATEWAY_CURSOR_KEYS": "a secret of the tests",
        "GATEWAY_RATE_DESCRIBE": "1000",
        "GATEWAY_AWS_CONNECTIONS": "300",
        "AWS_ENDPOINT_URL_SAGEMAKER": standin_address,
        "AWS_ACCESS_KEY_ID": "AKIA111122223333",
        "AWS_SECRET_ACCESS_KEY": "no-secret",
    } | {f"GATEWAY_{name.upper()}": value for name, value in settings.items()}
    if collector is not None:
        environment |= {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "OTEL_EXPORTER_OTLP_TIMEOUT": "60"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway", "serve"), env=clean | environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        async with asyncio.timeout(60):
            while b'"started"' not in await process.stderr.readline():
                assert process.returncode is None
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            address, behind = (f"http://127.0.0.1:{each}" for each in (port, admin))
            rpc = f"127.0.0.1:{settings['grpc_port']}" if "grpc_port" in settings else None
            yield Process(process, Running(http, address, behind, None, rpc))  # type: ignore[arg-type]  # it configured itself
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def _asked(gateway: Running, name: str) -> asyncio.Task[object]:
    async def ask() -> object:
        return (
            await gateway.ask(
                "query ($name: String!) { tuningJob(name: $name) { name } }", key="key-of-vision", name=name
            )
        ).data

    return asyncio.create_task(ask())


async def _arrived(calls: Calls, count: int) -> None:
    """Wait until so many calls have come to AWS."""
    async with asyncio.timeout(60):
        while calls().get(DESCRIBE, 0) < count:  # noqa: ASYNC110  # the stand-in has no event for it
            await asyncio.sleep(0.01)


async def test_200_requests_under_way_are_all_answered(
    standin_address: str, standin: Standin, calls: Calls, tmp_path: Path
) -> None:
    async with _serving(standin_address, tmp_path) as served:
        standin.switches.latency = 2
        asked = [_asked(served.gateway, f"vision-{number}") for number in range(200)]
        await _arrived(calls, 200)
        served.tell_to_go()
        answers = await asyncio.gather(*asked)
        assert answers == [{"tuningJob": None}] * 200
        log = await served.ended()
    assert json.loads(log.splitlines()[-1])["event"] == "stopped"


async def test_nobody_who_only_holds_a_connection_holds_it(standin_address: str, tmp_path: Path) -> None:
    async with _serving(standin_address, tmp_path, grace="60s") as served:
        gateway = served.gateway
        port = int(gateway.address.rpartition(":")[2])
        assert (await gateway.ask(VIEWER, key="key-of-vision")).codes == []  # and keeps its connection
        silent, trickling = (
            await asyncio.open_connection("127.0.0.1", port),
            await asyncio.open_connection("127.0.0.1", port),
        )
        trickling[1].write(b"POST /graphql HTTP/1.1\r\nHo")
        async with on_socket(gateway) as on_line, on_events(gateway, LIVE) as events:
            await events.data()
            await on_line.subscribe(LIVE)
            await on_line.data()
            served.tell_to_go()
            assert await on_line.closed() == aiohttp.WSCloseCode.GOING_AWAY
            assert await events.event() == ("", None)
        async with asyncio.timeout(30):
            for reader, writer in (silent, trickling):
                assert await reader.read() == b""
                writer.close()
        await served.ended()


async def test_a_collector_of_spans_that_never_answers_does_not_hold_it(standin_address: str, tmp_path: Path) -> None:
    held = list[asyncio.StreamWriter]()
    silent = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    async with _serving(standin_address, tmp_path, collector=address) as served:
        assert (await served.gateway.ask(VIEWER, key="key-of-vision")).codes == []
        served.tell_to_go()
        assert "traces_not_exported" in await served.ended(within=GRACE / 2)
    assert held
    for writer in held:
        writer.close()
    silent.close()


async def test_what_takes_longer_than_the_grace_is_cut_off(
    standin_address: str, standin: Standin, calls: Calls, tmp_path: Path
) -> None:
    async with _serving(standin_address, tmp_path, grace="200ms") as served:
        standin.switches.latency = 60
        asked = _asked(served.gateway, "vision-a")
        await _arrived(calls, 1)
        served.tell_to_go()
        await served.ended()
        with pytest.raises(aiohttp.ClientError):
            await asked


async def test_a_gateway_that_lingers_answers_on_and_sends_everybody_elsewhere(
    standin_address: str, tmp_path: Path
) -> None:
    async with _serving(standin_address, tmp_path, linger="3s") as served:
        gateway = served.gateway
        served.tell_to_go()
        async with asyncio.timeout(60):
            while True:
                async with (
                    gateway.http.get(f"{gateway.admin}/readyz") as ready,
                    gateway.http.get(f"{gateway.admin}/livez") as live,
                ):
                    assert live.status == 200
                    if ready.status == 503:
                        break
        answer = await gateway.ask(VIEWER, key="key-of-vision")
        assert (answer.codes, answer.headers["Connection"]) == ([], "close")
        await served.ended()


async def test_whoever_keeps_a_connection_loses_no_request_when_the_gateway_lingers(
    standin_address: str, tmp_path: Path
) -> None:
    async with _serving(standin_address, tmp_path, linger="2s") as served:
        asked = [asyncio.create_task(_asked_until_told_to_go(served.gateway)) for _ in range(50)]
        await asyncio.wait(asked, timeout=0.5)
        served.tell_to_go()
        counts = await asyncio.gather(*asked)
        await served.ended()
    assert min(counts) >= 1


async def _asked_until_told_to_go(gateway: Running) -> int:
    """Asks again and again on one connection, until an answer says that it is the last: how many there were."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as http:
        caller, answered = replace(gateway, http=http), 0
        while True:
            answer = await caller.ask(VIEWER, key="key-of-vision")
            assert answer.codes == []
            answered += 1
            if answer.headers.get("Connection") == "close":
                return answered
            await asyncio.sleep(0.05)


async def test_over_grpc_what_is_under_way_is_answered_and_who_listens_is_told_to_come_again(
    standin_address: str, standin: Standin, calls: Calls, tmp_path: Path
) -> None:
    async with _serving(standin_address, tmp_path, grpc_port=str(_free_port()), grace="60s") as served:
        async with grpc.aio.insecure_channel(served.gateway.grpc or "") as channel:
            ask = Client(channel)
            ear = ask.begun("WatchTuningJob", name="vision-a")
            await ear.read()
            standin.switches.latency = 2
            asked = [ask.begun("GetTuningJob", name=f"vision-{number}") for number in range(50)]
            await _arrived(calls, 51)
            served.tell_to_go()
            assert (await failure(ear.read())).reason == "GOING_AWAY"
            assert {(await failure(each)).reason for each in asked} == {"NOT_FOUND"}
        log = await served.ended()
    assert json.loads(log.splitlines()[-1])["event"] == "stopped"


async def test_a_gateway_that_lingers_says_so_by_grpcs_health_and_answers_calls_all_the_same(
    standin_address: str, tmp_path: Path
) -> None:
    async with _serving(standin_address, tmp_path, grpc_port=str(_free_port()), linger="3s") as served:
        async with grpc.aio.insecure_channel(served.gateway.grpc or "") as channel, asyncio.timeout(60):
            watched = health(channel).Watch(HealthCheckRequest())
            assert (await watched.read()).status == HealthCheckResponse.SERVING
            served.tell_to_go()
            assert (await watched.read()).status == HealthCheckResponse.NOT_SERVING
            assert (await Client(channel)("GetTuningJob", name="vision-a")).tuning_job.name == "vision-a"
        await served.ended()


@pytest.mark.parametrize("wanted", [False, True])
async def test_nothing_but_our_lines_is_in_the_log_unless_grpcs_own_are_wanted(
    standin_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    monkeypatch.delenv("GRPC_VERBOSITY", raising=False)
    if wanted:
        monkeypatch.setenv("GRPC_VERBOSITY", "ERROR")
    async with _serving(standin_address, tmp_path, grpc_port=str(_free_port())) as served:
        async with wired(served.gateway) as wire:
            wire.ask("/tuning.v1.TuningJobs/GetTuningJob", grpc_timeout="nonsense")
            await wire.next(HEADERS)
        served.tell_to_go()
        log = await served.ended()
    strange = [line for line in log.splitlines() if not line.startswith("{")]
    assert ["grpc-timeout" in line for line in strange] == [True] * wanted


async def test_whoever_asks_twice_does_not_wait(
    standin_address: str, standin: Standin, calls: Calls, tmp_path: Path
) -> None:
    async with _serving(standin_address, tmp_path, linger="1h") as served:
        served.tell_to_go()
        async with asyncio.timeout(60):
            while served.process.returncode is None:
                served.tell_to_go()
                await asyncio.sleep(0.1)
        assert served.process.returncode == -signal.SIGTERM
    assert calls() == {}
    assert standin.switches.latency == 0
