"""A gateway under test: the teams it serves, the clock it lives by, and how to ask it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

import aiohttp

from gateway.config import Configuration
from gateway.governor import Rates
from gateway.model.target import Role, Target
from gateway.teams import OwnsAll, OwnsPrefix, OwnsTag, Team

ACCOUNT = "111122223333"
IAM = "arn:aws:iam"
UNLIMITED = Rates(lists=inf, describes=inf, searches=inf, tags=inf, stops=inf, attempts=1)
"""Nothing waits, and every failure shows: how AWS's budget is kept is told where it is the subject."""
HERE = Target(ACCOUNT, "us-east-1")
TEAMS = (
    Team("vision", HERE, OwnsPrefix("vision-")),
    Team("nlp", HERE, OwnsPrefix("nlp-")),
    Team("platform", HERE, OwnsAll()),
    Team("forecasting", Target(ACCOUNT, "eu-west-1"), OwnsAll()),
    Team("speech", HERE, OwnsTag("team", "speech")),
    Team("robotics", HERE, OwnsTag("team", "robotics")),
    Team(
        "lab-a",
        Target("444455556666", "us-east-1"),
        OwnsAll(),
        Role("arn:aws:iam::444455556666:role/gateway", "a-7f3a"),
    ),
    Team("lab-b", Target("777788889999", "us-east-1"), OwnsAll(), Role("arn:aws:iam::777788889999:role/gateway")),
)


Calls = Callable[[], dict[str, int]]


class Clock:
    """Epoch seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Naps:
    """Sleep that ends only when a test says so: the clock's time passes then, and the world's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asleep: list[tuple[float, asyncio.Future[None]]] = []
        self._changed = asyncio.Condition()
        self.taken: list[float] = []
        """How long each nap was to be, in seconds."""

    async def sleep(self, seconds: float) -> None:
        awake = asyncio.get_running_loop().create_future()
        nap = (self._clock() + seconds, awake)
        self.taken.append(seconds)
        self._asleep.append(nap)
        async with self._changed:
            self._changed.notify_all()
        try:
            await awake
        finally:
            self._asleep.remove(nap)
            async with self._changed:
                self._changed.notify_all()

    async def until(self, count: int = 1, *, at_most: bool = False) -> None:
        """Wait until so many are asleep: whatever was to be done before has been done."""
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(lambda: self.sleepers <= count if at_most else self.sleepers >= count)

    async def pass_by(self, seconds: float | None = None) -> None:
        """Once somebody is asleep: let time pass, by default until the first is to wake, and wake all who are to."""
        await self.until()
        first = min(due for due, _ in self._asleep)
        self._clock.advance(max(first - self._clock(), 0) if seconds is None else seconds)
        for due, awake in self._asleep:
            if due <= self._clock() and not awake.done():
                awake.set_result(None)
        await asyncio.sleep(0)

    @property
    def sleepers(self) -> int:
        return len(self._asleep)


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
    grpc: str | None = None
    """Where it answers calls, if it does."""

    async def ask(self, query: str, *, key: str = "key-of-platform", **variables: Any) -> Answer:
        """Ask by POST with the API key of a team; the answer."""
        body = {"query": query, "variables": variables}
        async with self.http.post(f"{self.address}/graphql", json=body, headers={"X-API-Key": key}) as response:
            return Answer(response.status, response.headers, await response.json())


class Start(Protocol):
    async def __call__(self, **changes: object) -> Running: ...
