"""Subscriptions from a caller's first word to the last answer, over a WebSocket and as Server-Sent Events alike."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any, Protocol

import pytest

from gateway.app import Gateway, running
from gateway.identity import ApiKey
from gateway.standin import FailNext, Standin, World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from gateway.watch import WatchOptions
from tests.listening import on_events, on_socket
from tests.running import Calls, Clock, Naps, Running, Start

JOB = "subscription Job($name: String!, $team: String) { tuningJob(name: $name, team: $team) { name status } }"
ROWS = "subscription Rows($name: String!) { trainingJobsChanged(tuningJob: $name) { name status } }"
DESCRIBE = "DescribeHyperParameterTuningJob"


class Ear(Protocol):
    """What both ways to listen have in common."""

    async def data(self) -> dict[str, Any]: ...

    async def end(self) -> tuple[str, Any]:
        """How it ended: `complete`, or the errors."""


class _OverSocket:
    def __init__(self, socket: Any) -> None:
        self.data = socket.data
        self.socket = socket

    async def end(self) -> tuple[str, Any]:
        message = await self.socket.told()
        return message["type"], message.get("payload")


class _AsEvents:
    def __init__(self, events: Any) -> None:
        self.data = events.data
        self._events = events

    async def end(self) -> tuple[str, Any]:
        name, response = await self._events.event()
        if name == "next":
            assert await self._events.event() == ("complete", None)
            return "error", response["errors"]
        return name, response


Hear = Callable[..., AbstractAsyncContextManager[Ear]]


@pytest.fixture(params=["socket", "events"])
def hear(request: pytest.FixtureRequest) -> Hear:
    @asynccontextmanager
    async def over_socket(
        gateway: Running, query: str, credentials: Any = "key-of-vision", **variables: object
    ) -> AsyncIterator[Ear]:
        async with on_socket(gateway, credentials) as socket:
            await socket.subscribe(query, "1", **variables)
            yield _OverSocket(socket)

    @asynccontextmanager
    async def as_events(
        gateway: Running, query: str, credentials: Any = "key-of-vision", **variables: object
    ) -> AsyncIterator[Ear]:
        async with on_events(gateway, query, credentials, **variables) as events:
            yield _AsEvents(events)

    return over_socket if request.param == "socket" else as_events


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    trials = [TrialPlan(f"vision-a-{number}", 0, 0.5, 7 + 10.0 * number) for number in range(2)]
    world.add(tuning_job_plan("vision-a", created=-1, trials=trials))


async def test_a_job_is_told_until_it_has_ended(gateway: Running, hear: Hear, naps: Naps) -> None:
    async with hear(gateway, JOB, name="vision-a") as ear:
        assert await ear.data() == {"tuningJob": {"name": "vision-a", "status": "IN_PROGRESS"}}
        for _ in range(4):  # until 20 seconds later: nothing that was selected changes before
            await naps.pass_by()
        assert await ear.data() == {"tuningJob": {"name": "vision-a", "status": "COMPLETED"}}
        assert await ear.end() == ("complete", None)
    assert naps.sleepers == 0


async def test_training_jobs_are_told_as_they_change(gateway: Running, hear: Hear, naps: Naps) -> None:
    async with hear(gateway, ROWS, name="vision-a") as ear:
        first = (await ear.data())["trainingJobsChanged"]
        assert {row["name"]: row["status"] for row in first} == {
            "vision-a-0": "IN_PROGRESS",
            "vision-a-1": "IN_PROGRESS",
        }
        for number in range(2):
            await naps.pass_by()
            await naps.pass_by()
            (row,) = (await ear.data())["trainingJobsChanged"]
            assert row == {"name": f"vision-a-{number}", "status": "COMPLETED"}
        await naps.pass_by()
        assert await ear.end() == ("complete", None)


async def test_what_a_told_job_leads_to_is_read_anew_for_each_telling(gateway: Running, hear: Hear, naps: Naps) -> None:
    query = """
    subscription { tuningJob(name: "vision-a") {
      id team { name } tags { key } warmStart { parents { name } } trainingJobCounts { completed }
      trainingJobs(statusEquals: COMPLETED) { nodes { name details { arn: roleArn } } }
    } }"""
    async with hear(gateway, query) as ear:
        assert (await ear.data())["tuningJob"]["trainingJobs"]["nodes"] == []
        await naps.pass_by()
        await naps.pass_by()
        while (later := (await ear.data())["tuningJob"])["trainingJobCounts"]["completed"] == 0:
            pass
        assert [row["name"] for row in later["trainingJobs"]["nodes"]] == ["vision-a-0"]


async def test_each_telling_says_what_it_cost(gateway: Running, naps: Naps) -> None:
    async with on_socket(gateway) as socket:
        await socket.subscribe('subscription { tuningJob(name: "vision-a") { trainingJobCounts { completed } } }')
        costs = [(await socket.told())["payload"]["extensions"]["cost"]]
        await naps.pass_by()
        await naps.pass_by()
        costs.append((await socket.told())["payload"]["extensions"]["cost"])
        assert [cost["actualCalls"] for cost in costs] == [1, 0]  # the looks are everybody's


async def test_absent_and_foreign_jobs_are_complete_at_once_in_the_same_words_for_the_same_calls(
    gateway: Running, hear: Hear, world: World, calls: Calls
) -> None:
    world.add(tuning_job_plan("nlp-secret", created=0, trials=1, tags={"team": "robotics"}))
    for query in (JOB, ROWS):
        for key, names in (
            ("key-of-vision", ("nlp-secret", "nlp-nothing")),
            ("key-of-speech", ("nlp-secret", "nlp-other")),
        ):
            answers = []
            for name in names:
                before = calls()
                async with hear(gateway, query, key, name=name) as ear:
                    end = await ear.end()
                after = calls()
                answers.append((end, {operation: after[operation] - before.get(operation, 0) for operation in after}))
            assert answers[0] == answers[1]
            assert answers[0][0] == ("complete", None)


async def test_a_team_that_is_not_ones_own_has_nothing_to_tell(gateway: Running, hear: Hear) -> None:
    async with hear(gateway, JOB, name="nlp-a", team="nlp") as ear:
        assert await ear.end() == ("complete", None)


@pytest.mark.parametrize(
    ("query", "key", "code"),
    [
        ('subscription { tuningJob(name: "-") { name } }', "key-of-vision", "BAD_USER_INPUT"),
        ('subscription { trainingJobsChanged(tuningJob: "-") { name } }', "key-of-vision", "BAD_USER_INPUT"),
        (
            'subscription { tuningJob(name: "vision-a") { trainingJobs(first: 0) { totalCount } } }',
            "key-of-vision",
            "BAD_USER_INPUT",
        ),
        ('subscription { tuningJob(name: "vision-a") { name } }', "key-of-both", "BAD_USER_INPUT"),
        ("subscription ($n: String!) { tuningJob(name: $n) { name } }", "key-of-vision", "BAD_USER_INPUT"),
        ("subscription { nope }", "key-of-vision", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { __typename }", "key-of-vision", "GRAPHQL_VALIDATION_FAILED"),
        (
            'subscription { a: tuningJob(name: "a") { name } b: tuningJob(name: "b") { name } }',
            "key-of-vision",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("subscription {", "key-of-vision", "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_what_cannot_be_listened_to_is_refused_with_its_code(
    gateway: Running, hear: Hear, calls: Calls, query: str, key: str, code: str
) -> None:
    async with hear(gateway, query, key) as ear:
        kind, errors = await ear.end()
    assert (kind, errors[0]["extensions"]["code"]) == ("error", code)
    assert calls() == {}


async def test_a_listener_too_many_is_refused(start: Start, hear: Hear) -> None:
    gateway = await start(watch=WatchOptions(jitter=0, most_per_caller=1))
    async with hear(gateway, JOB, name="vision-a") as ear:
        await ear.data()
        async with hear(gateway, JOB, name="vision-a") as other:
            kind, errors = await other.end()
        assert (kind, errors[0]["extensions"]["code"]) == ("error", "TOO_MANY_LISTENERS")


async def test_aws_out_of_order_at_the_start_is_an_error_and_later_is_none(
    gateway: Running, hear: Hear, standin: Standin, naps: Naps
) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "AccessDeniedException")]
    async with hear(gateway, JOB, name="vision-a") as ear:
        kind, errors = await ear.end()
        assert (kind, errors[0]["extensions"]["code"]) == ("error", "INTERNAL")
    async with hear(gateway, JOB, name="vision-a") as ear:
        await ear.data()
        await naps.until()
        standin.switches.fail_next = [FailNext(DESCRIBE, "ThrottlingException", 2)]
        for _ in range(3):
            await naps.pass_by()
        assert (await ear.data())["tuningJob"]["status"] == "COMPLETED"


async def test_a_listener_who_leaves_is_not_looked_for_any_more(gateway: Running, hear: Hear, naps: Naps) -> None:
    async with hear(gateway, JOB, name="vision-a") as ear:
        await ear.data()
        await naps.until()
    await naps.until(0, at_most=True)


async def test_an_operation_that_is_completed_by_its_client_is_told_nothing_more(gateway: Running, naps: Naps) -> None:
    async with on_socket(gateway) as socket:
        await socket.subscribe(JOB, name="vision-a")
        await socket.data()
        await naps.until()
        await socket.complete()
        await naps.until(0, at_most=True)
        await socket.subscribe("{ viewer { subject } }")
        assert (await socket.data())["viewer"]["subject"] == "api-key:vision"


@asynccontextmanager
async def _own(start: Start, clock: Clock, naps: Naps, **changes: Any) -> AsyncIterator[tuple[Gateway, Running]]:
    """A gateway whose configuration the test can change while it runs."""
    template = await start(**changes)
    async with running(template.configuration, clock=clock, wall=clock, sleep=naps.sleep) as own:
        yield own, Running(template.http, f"http://127.0.0.1:{own.port}", "", template.configuration)


async def test_a_key_that_is_taken_away_ends_what_it_opened_at_the_next_look(
    start: Start, hear: Hear, clock: Clock, naps: Naps
) -> None:
    async with _own(start, clock, naps) as (own, gateway), hear(gateway, JOB, name="vision-a") as ear:
        await ear.data()
        await naps.until()
        await own.adopt(replace(gateway.configuration, api_keys=_without_vision(gateway)))
        await naps.pass_by()
        if isinstance(ear, _AsEvents):
            kind, errors = await ear.end()
            assert (kind, errors[0]["extensions"]["code"]) == ("error", "UNAUTHENTICATED")
        else:
            assert isinstance(ear, _OverSocket)
            assert await ear.socket.closed() == 4403
        await naps.until(0, at_most=True)


def _without_vision(gateway: Running) -> tuple[ApiKey, ...]:
    return tuple(key for key in gateway.configuration.api_keys if key.id != "vision")


async def test_listeners_can_tell_a_gateway_that_goes_from_a_job_that_ends(
    start: Start, clock: Clock, naps: Naps
) -> None:
    template = await start()
    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(
            running(template.configuration, clock=clock, wall=clock, sleep=naps.sleep)
        )
        gateway = Running(template.http, f"http://127.0.0.1:{own.port}", "", template.configuration)
        async with on_socket(gateway) as socket, on_events(gateway, ROWS, name="vision-a") as events:
            await socket.subscribe(JOB, name="vision-a")
            await socket.data()
            await events.data()
            await naps.until(2)
            ending = asyncio.create_task(stack.aclose())
            assert await socket.closed() == 1001
            assert await events.event() == ("", None)
            await ending
    assert naps.sleepers == 0


async def test_the_log_has_one_line_for_what_was_listened_to(
    gateway: Running, hear: Hear, naps: Naps, capsys: pytest.CaptureFixture[str]
) -> None:
    async with hear(gateway, JOB, name="vision-a") as ear:
        await ear.data()
        await naps.until()
    await naps.until(0, at_most=True)
    await gateway.ask("{ viewer { subject } }")  # answered later, and so told later
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "operation=subscription" in line]
    assert "name=Job" in line
    assert f"'{DESCRIBE}': 1" in line
