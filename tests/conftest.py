"""A whole gateway on real ports, the stand-in behind it, and a clock that stands still until told."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import cache
from typing import Any

import aiohttp
import boto3
import botocore.session
import pytest
from aiohttp import web_app
from aiohttp.test_utils import TestServer
from botocore.config import Config

from gateway.app import running
from gateway.config import Configuration
from gateway.identity import ApiKey, Permission
from gateway.reads import ReadOptions
from gateway.sagemaker import SageMakerOptions
from gateway.schema import Limits, Trust, Trusted
from gateway.standin import ServiceShapes, Standin, World
from gateway.tuning import Lives
from gateway.watch import WatchOptions
from tests.running import ACCOUNT, TEAMS, UNLIMITED, Clock, Naps, Running, Start


def _api_keys() -> tuple[ApiKey, ...]:
    owners = {team.name: (team.name,) for team in TEAMS} | {"both": ("vision", "nlp"), "nobody": ("ghosts",)}
    kinds = {"": frozenset({Permission.READ}), "-operator": frozenset(Permission)}
    return tuple(
        ApiKey(owner + kind, hashlib.sha256(f"key-of-{owner}{kind}".encode()).hexdigest(), teams, permissions)
        for owner, teams in owners.items()
        for kind, permissions in kinds.items()
    )


@pytest.fixture(scope="session", autouse=True)
def _aws_models_are_read_once() -> Iterator[None]:
    """All SDK sessions share one loader: each would read megabytes of JSON, for a tenth of a second, in every test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@pytest.fixture(autouse=True)
def _no_gateway_outlives_its_test() -> Iterator[None]:
    """aiohttp remembers the last thousand handlers, and so their gateways: 18 MB for each test that starts one."""
    yield
    web_app._cached_build_middleware.cache_clear()  # noqa: SLF001  # it has no other door


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def naps(clock: Clock) -> Naps:
    """What the gateway's watches sleep through."""
    return Naps(clock)


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
async def start(standin_address: str, clock: Clock, naps: Naps) -> AsyncIterator[Start]:
    """Starts gateways on the stand-in; what is given changes the configuration."""
    configuration = Configuration(
        host="127.0.0.1",
        port=0,
        admin_port=0,
        graphiql=True,
        introspection=True,
        apq=True,
        trust=Trust.OFF,
        trusted=Trusted(),
        batch=0,
        cors_origins=(),
        limits=Limits(),
        compiled_operations=True,
        log=None,
        cursor_keys=("a secret of the tests",),
        lives=Lives(revalidated=0, stale=0),
        reads=ReadOptions(jitter=0),
        response_cache_bytes=64 * 1024 * 1024,
        deadline=25.0,
        walk_pages=10,
        walk_back_pages=20,
        most_calls=100,
        watch=WatchOptions(jitter=0),
        sagemaker=SageMakerOptions(endpoint_url=standin_address, access_key=f"AKIA{ACCOUNT}", secret_key="no-secret"),
        rates=UNLIMITED,
        teams=TEAMS,
        api_keys=_api_keys(),
        issuers=(),
        grace=1.0,
    )
    async with AsyncExitStack() as stack:

        async def started(**changes: Any) -> Running:  # as dataclasses.replace
            changed = replace(configuration, **changes)
            gateway = await stack.enter_async_context(running(changed, clock=clock, wall=clock, sleep=naps.sleep))
            http = await stack.enter_async_context(aiohttp.ClientSession())
            address, admin = (f"http://127.0.0.1:{port}" for port in (gateway.port, gateway.admin_port))
            grpc = None if gateway.grpc_port is None else f"127.0.0.1:{gateway.grpc_port}"
            return Running(http, address, admin, changed, grpc)

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


@pytest.fixture
def flat(standin_address: str) -> Iterator[Callable[..., Awaitable[list[str]]]]:
    """The names of all training jobs of a listing, as boto3's paginator gives them."""
    client = boto3.Session().client(
        "sagemaker",
        region_name="us-east-1",
        endpoint_url=standin_address,
        aws_access_key_id="AKIA111122223333",
        aws_secret_access_key="no-secret",
        config=Config(retries={"total_max_attempts": 1}),
    )
    paginator = client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")

    def walked(name: str, arguments: dict[str, str]) -> list[str]:
        pages = paginator.paginate(HyperParameterTuningJobName=name, PaginationConfig={"PageSize": 100}, **arguments)
        return [row["TrainingJobName"] for found in pages for row in found["TrainingJobSummaries"]]

    async def walk(name: str, **arguments: str) -> list[str]:
        return await asyncio.to_thread(walked, name, arguments)

    yield walk
    client.close()
