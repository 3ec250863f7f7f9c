"""Watches over the stand-in, looked through by the use cases as they are, and ears that note what they are told."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Protocol

import aiohttp
import pytest

from gateway.cursors import Cursors
from gateway.governor import Governor
from gateway.reads import ReadOptions, SharedReads
from gateway.sagemaker import SageMaker, SageMakerOptions
from gateway.teams import Scope
from gateway.tuning import Lives, TuningJobs
from gateway.watch import Listener, OneTuningJob, Topic, Watches, WatchOptions
from tests.running import ACCOUNT, TEAMS, UNLIMITED, Clock, Naps
from tests.watch.ears import Ear

BY_NAME = {team.name: team for team in TEAMS}


class Watching(Protocol):
    def __call__(self, **options: Any) -> Watches: ...


class Listen(Protocol):
    def __call__(
        self,
        watches: Watches,
        name: str,
        *,
        about: type[Topic] = OneTuningJob,
        team: str = "vision",
        subject: str = "ada",
        admitted: Callable[[], Awaitable[Scope]] | None = None,
    ) -> Ear: ...


@pytest.fixture
async def tuning_jobs(standin_address: str, clock: Clock) -> AsyncIterator[TuningJobs]:
    options = SageMakerOptions(endpoint_url=standin_address, access_key=f"AKIA{ACCOUNT}", secret_key="no-secret")
    sagemaker = SageMaker(options, Governor(UNLIMITED))
    reads = SharedReads(ReadOptions(jitter=0), clock=clock, wall=clock)
    await sagemaker.open([BY_NAME["platform"].access])
    yield TuningJobs(sagemaker, reads, Cursors(("a secret of the tests",)), Lives(), walk_pages=10, most_calls=100)
    await reads.close()
    await sagemaker.close()


@pytest.fixture
async def watching(tuning_jobs: TuningJobs, clock: Clock, naps: Naps) -> AsyncIterator[Watching]:
    """Makes watches with these options."""
    async with AsyncExitStack() as stack:

        def made(**options: Any) -> Watches:
            watches = Watches(tuning_jobs, WatchOptions(jitter=0, **options), clock=clock, wall=clock, sleep=naps.sleep)
            stack.push_async_callback(watches.close)
            return watches

        yield made


@pytest.fixture
def watches(watching: Watching) -> Watches:
    return watching()


@pytest.fixture
async def listen(watches: Watches) -> AsyncIterator[Listen]:  # noqa: ARG001  # ears end before what they listen to
    """Begins to listen, as a caller whose credentials hold unless the test says otherwise."""
    async with AsyncExitStack() as stack:

        def begun(
            watches: Watches,
            name: str,
            *,
            about: type[Topic] = OneTuningJob,
            team: str = "vision",
            subject: str = "ada",
            admitted: Callable[[], Awaitable[Scope]] | None = None,
        ) -> Ear:
            async def still() -> Scope:
                return Scope((BY_NAME[team],))

            ear = Ear(watches.listen(about, BY_NAME[team], name, Listener(subject, admitted or still)))
            stack.push_async_callback(ear.leave)
            return ear

        yield begun


@pytest.fixture
async def untag(standin_address: str) -> AsyncIterator[Callable[[str, str], Awaitable[None]]]:
    """Takes a tag away from a resource."""
    async with aiohttp.ClientSession() as http:

        async def gone(arn: str, key: str) -> None:
            headers = {
                "X-Amz-Target": "SageMaker.DeleteTags",
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": f"AWS4-HMAC-SHA256 Credential=AKIA{ACCOUNT}/20261123/us-east-1/sagemaker/aws4_request",
            }
            body = json.dumps({"ResourceArn": arn, "TagKeys": [key]})
            async with http.post(f"{standin_address}/", data=body, headers=headers) as response:
                assert response.status == 200, await response.text()

        yield gone
