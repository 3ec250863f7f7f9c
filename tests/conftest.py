"""A whole gateway on real ports, the stand-in behind it, and a clock that stands still until told."""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any, Protocol

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from gateway.app import running
from gateway.config import Configuration
from gateway.identity import ApiKey, Permission
from gateway.model.target import Target
from gateway.sagemaker import SageMakerOptions
from gateway.standin import ServiceShapes, Standin, World
from gateway.teams import OwnsAll, OwnsPrefix, Team
from gateway.tuning import Lives

ACCOUNT = "111122223333"
HERE = Target(ACCOUNT, "us-east-1")
TEAMS = (
    Team("vision", HERE, OwnsPrefix("vision-")),
    Team("nlp", HERE, OwnsPrefix("nlp-")),
    Team("platform", HERE, OwnsAll()),
    Team("forecasting", Target(ACCOUNT, "eu-west-1"), OwnsAll()),
)


class Clock:
    """Epoch seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class Answer:
    """What the gateway answered."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """The data of an answer without errors."""
        assert "errors" not in self.body, self.body["errors"]
        assert self.body["data"] is not None
        return dict(self.body["data"])

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]

    @property
    def messages(self) -> str:
        return " ".join(error["message"] for error in self.body.get("errors", []))


@dataclass(frozen=True)
class Running:
    """A gateway to ask."""

    http: aiohttp.ClientSession
    address: str
    admin: str
    configuration: Configuration

    async def ask(self, query: str, *, key: str = "key-of-platform", **variables: object) -> Answer:
        """Ask by POST with the API key of a team; the answer."""
        body = {"query": query, "variables": variables}
        async with self.http.post(f"{self.address}/graphql", json=body, headers={"X-API-Key": key}) as response:
            return Answer(response.status, dict(response.headers), await response.json())


class Start(Protocol):
    async def __call__(self, **changes: object) -> Running: ...


def _api_keys() -> tuple[ApiKey, ...]:
    owners = {team.name: (team.name,) for team in TEAMS} | {"both": ("vision", "nlp"), "nobody": ("ghosts",)}
    return tuple(
        ApiKey(owner, hashlib.sha256(f"key-of-{owner}".encode()).hexdigest(), teams, frozenset({Permission.READ}))
        for owner, teams in owners.items()
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def shapes() -> ServiceShapes:
    return ServiceShapes()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


@pytest.fixture
def standin(world: World, shapes: ServiceShapes) -> Standin:
    return Standin(world, shapes=shapes)


@pytest.fixture
async def standin_address(standin: Standin) -> AsyncIterator[str]:
    async with TestServer(standin.app) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest.fixture
async def start(standin_address: str, clock: Clock) -> AsyncIterator[Start]:
    """Starts gateways on the stand-in; what is given changes the configuration."""
    configuration = Configuration(
        host="127.0.0.1",
        port=0,
        admin_port=0,
        graphiql=True,
        introspection=True,
        cursor_keys=("a secret of the tests",),
        lives=Lives(),
        memory_rows=100_000,
        walk_pages=10,
        sagemaker=SageMakerOptions(endpoint_url=standin_address, access_key=f"AKIA{ACCOUNT}", secret_key="no-secret"),
        teams=TEAMS,
        api_keys=_api_keys(),
        issuers=(),
    )
    async with AsyncExitStack() as stack:

        async def started(**changes: Any) -> Running:  # noqa: ANN401  # as dataclasses.replace
            changed = replace(configuration, **changes)
            gateway = await stack.enter_async_context(running(changed, clock=clock, wall=clock))
            http = await stack.enter_async_context(aiohttp.ClientSession())
            address, admin = (f"http://127.0.0.1:{port}" for port in (gateway.port, gateway.admin_port))
            return Running(http, address, admin, changed)

        yield started


@pytest.fixture
async def gateway(start: Start) -> Running:
    """A gateway as it comes."""
    return await start()


@pytest.fixture
def calls(standin: Standin) -> Callable[[], dict[str, int]]:
    """How many calls of each operation the stand-in got."""
    return lambda: dict(standin.calls.counts)


@pytest.fixture
def advance(clock: Clock) -> Callable[[float], None]:
    """Let seconds pass, for the gateway and the stand-in alike."""
    return clock.advance
