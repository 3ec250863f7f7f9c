"""Python's gql, as services use it: it learns the schema, pages and listens, with a key or a token."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from gql import Client, GraphQLRequest, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.exceptions import TransportConnectionFailed, TransportQueryError

from gateway.identity.demo import DemoIssuer
from gateway.standin import World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from tests.running import Calls, Clock, Naps, Running, Start

PAGE = """
query Page($name: String!, $after: String) {
  tuningJob(name: $name) {
    trainingJobs(first: 100, after: $after) {
      nodes { name creationTime finalObjectiveMetric { type value } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
JOB = "subscription ($name: String!) { tuningJob(name: $name) { name status } }"


@pytest.fixture
def clock() -> Clock:
    """Starts now: a token's life is the issuer's to tell, in real seconds."""
    clock = Clock()
    clock.now = time.time()
    return clock


@pytest.fixture
def issuer(tmp_path: Path) -> DemoIssuer:
    return DemoIssuer(tmp_path)


@pytest.fixture
async def gateway(start: Start, issuer: DemoIssuer) -> Running:
    return await start(issuers=(issuer.issuer(),))


@pytest.fixture(params=["key", "token"])
def credentials(request: pytest.FixtureRequest, issuer: DemoIssuer) -> dict[str, str]:
    if request.param == "key":
        return {"X-API-Key": "key-of-vision"}
    return {"Authorization": f"Bearer {issuer.token(['vision'])}"}


def _socket(gateway: Running, credentials: dict[str, str]) -> AIOHTTPWebsocketsTransport:
    address = f"{gateway.address}/graphql".replace("http", "ws", 1)
    return AIOHTTPWebsocketsTransport(address, init_payload=credentials)


async def test_it_learns_the_schema_and_pages_through_all_training_jobs(
    gateway: Running,
    credentials: dict[str, str],
    finished_job: str,
    flat: Callable[..., Awaitable[list[str]]],
    calls: Calls,
) -> None:
    transport = AIOHTTPTransport(f"{gateway.address}/graphql", headers=credentials)
    names: list[str] = []
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        found: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
        while found["hasNextPage"]:
            page = GraphQLRequest(PAGE, variable_values={"name": finished_job, "after": found["endCursor"]})
            rows = (await session.execute(page))["tuningJob"]["trainingJobs"]
            names += [row["name"] for row in rows["nodes"]]
            found = rows["pageInfo"]
    assert calls()["ListTrainingJobsForHyperParameterTuningJob"] == 8
    assert len(set(names)) == 750
    assert names == await flat(finished_job)


async def test_it_is_told_until_a_running_job_has_ended(
    gateway: Running, credentials: dict[str, str], world: World, naps: Naps
) -> None:
    trials = [TrialPlan(f"vision-a-{number}", 0, 0.5, 7 + 10.0 * number) for number in range(2)]
    world.add(tuning_job_plan("vision-a", created=-1, trials=trials))
    told = []
    async with Client(transport=_socket(gateway, credentials)) as session:
        async for data in session.subscribe(GraphQLRequest(JOB, variable_values={"name": "vision-a"})):
            told.append(data["tuningJob"]["status"])
            for _ in range(4 if data["tuningJob"]["status"] == "IN_PROGRESS" else 0):
                await naps.pass_by()
    assert told == ["IN_PROGRESS", "COMPLETED"]


async def test_one_socket_of_its_answers_queries_beside_subscriptions(
    gateway: Running, credentials: dict[str, str]
) -> None:
    async with Client(transport=_socket(gateway, credentials), fetch_schema_from_transport=True) as session:
        assert (await session.execute(gql("{ viewer { teams { name } } }"))) == {
            "viewer": {"teams": [{"name": "vision"}]}
        }
        told = [data async for data in session.subscribe(GraphQLRequest(JOB, variable_values={"name": "nlp-secret"}))]
    assert told == []


async def test_it_raises_what_is_refused_with_its_code(gateway: Running, credentials: dict[str, str]) -> None:
    for transport in (
        AIOHTTPTransport(f"{gateway.address}/graphql", headers=credentials),
        _socket(gateway, credentials),
    ):
        async with Client(transport=transport) as session:
            with pytest.raises(TransportQueryError) as refused:
                await session.execute(gql('{ tuningJob(name: "-") { name } }'))
        assert [error["extensions"]["code"] for error in refused.value.errors or []] == ["BAD_USER_INPUT"]


async def test_it_is_told_that_the_door_is_shut(gateway: Running) -> None:
    viewer = gql("{ viewer { subject } }")
    with pytest.raises(TransportQueryError) as refused:
        async with Client(transport=AIOHTTPTransport(f"{gateway.address}/graphql")) as session:
            await session.execute(viewer)
    assert [error["extensions"]["code"] for error in refused.value.errors or []] == ["UNAUTHENTICATED"]
    with pytest.raises(TransportConnectionFailed):
        async with Client(transport=_socket(gateway, {"X-API-Key": "no"})) as session:
            await session.execute(viewer)
