"""The same journeys over GraphQL and over gRPC: what is asked in either is answered alike, at the same cost to AWS."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import cycle

import pytest

from gateway.capacity import CapacityOptions
from gateway.reads import ReadOptions
from gateway.rpc import RpcOptions
from gateway.standin import FailNext, Standin, World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from gateway.tuning import Lives
from tests.journeys.faces import OPERATOR, READER, Face, Refused, Rows, Said, both_faces
from tests.journeys.walking import LIST
from tests.running import Calls, Clock, Naps, Start

DESCRIBE, STOP = "DescribeHyperParameterTuningJob", "StopHyperParameterTuningJob"
Open = Callable[..., Awaitable[list[Face]]]
OpenOne = Callable[..., Awaitable[Face]]


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    world.add(tuning_job_plan("vision-long", trials=750))
    world.add(tuning_job_plan("vision-230", trials=230))
    trials = [TrialPlan(f"vision-runs-{number}", 0, 0.5, 7 + 10.0 * number) for number in range(2)]
    world.add(tuning_job_plan("vision-runs", created=-1, trials=trials))
    world.add(tuning_job_plan("nlp-churn", trials=3))


@pytest.fixture
async def both(start: Start) -> AsyncIterator[Open]:
    """Opens the two faces of one gateway; what is given changes its configuration."""
    async with AsyncExitStack() as stack:

        async def opened(**changes: object) -> list[Face]:
            gateway = await start(rpc=RpcOptions(0), **changes)
            return list((await stack.enter_async_context(both_faces(gateway))).values())

        yield opened


@pytest.fixture(params=["GraphQL", "gRPC"])
def only(request: pytest.FixtureRequest, both: Open) -> OpenOne:
    """Opens one of the two."""

    async def opened(**changes: object) -> Face:
        graphql, rpc = await both(**changes)
        return rpc if request.param == "gRPC" else graphql

    return opened


@pytest.fixture
async def face(only: OpenOne) -> Face:
    """One of the two, of a gateway as it comes."""
    return await only()


async def page(face: Face, name: str, size: int, after: str | None = None) -> Rows:
    """A page that is there."""
    found = await face.rows(name, size, after)
    assert found is not None
    return found


async def walked(faces: list[Face], name: str, size: int) -> list[Rows]:
    """All pages of a job's training jobs; the faces take turns."""
    pages, after = [], None
    for face in cycle(faces):
        pages.append(await page(face, name, size, after))
        after = pages[-1].following
        if after is None:
            break
    return pages


async def test_a_finished_job_of_750_training_jobs_is_paged_through_seven_at_a_time_with_eight_list_calls(
    face: Face, calls: Calls
) -> None:
    pages = await walked([face], "vision-long", 7)
    names = [name for each in pages for name in each.names]
    assert len(set(names)) == 750
    assert names == sorted(names)
    assert [len(each.names) for each in pages] == [7] * 107 + [1]
    assert {each.total for each in pages} == {750}
    assert calls() == {DESCRIBE: 1, LIST: 8}


async def test_a_cursor_of_either_face_goes_on_in_the_other(both: Open, calls: Calls) -> None:
    faces = await both()
    turns = await walked(faces, "vision-230", 9)
    assert calls() == {DESCRIBE: 1, LIST: 3}
    assert turns == await walked(faces[1:], "vision-230", 9) == await walked(faces[:1], "vision-230", 9)
    assert calls() == {DESCRIBE: 1, LIST: 3}  # what one has read, both remember


async def test_a_cursor_of_a_list_of_tuning_jobs_goes_on_in_the_other_face_too(both: Open, world: World) -> None:
    for number in range(8):
        world.add(tuning_job_plan(f"vision-more-{number}", trials=1, created=-10_000 - number))
    faces = await both()
    whole, _ = await faces[0].jobs(100)
    for turns in (faces, faces[::-1]):
        names: list[str] = []
        after = None
        for face, size in zip(cycle(turns), cycle((3, 2, 1)), strict=False):
            found, after = await face.jobs(size, after)
            names += found
            if after is None:
                break
        assert names == whole
    assert len(whole) == 11


@pytest.mark.parametrize("warmed", [False, True])
async def test_a_foreign_job_is_answered_as_one_that_does_not_exist(face: Face, calls: Calls, warmed: bool) -> None:
    if warmed:
        assert await face.status("nlp-churn", "key-of-nlp") == "COMPLETED"
    before = calls()
    assert await face.letter("nlp-churn") == await face.letter("nlp-nothing")
    for name in ("nlp-churn", "nlp-nothing"):
        assert (await face.status(name), await face.rows(name, 5), await face.stop(name)) == (None, None, None)
        async with face.told(name) as statuses:
            assert [status async for status in statuses] == []
    assert calls() == before


async def test_what_has_outlived_its_time_is_told_stale_when_aws_cannot_be_asked(
    only: OpenOne, standin: Standin, clock: Clock
) -> None:
    face = await only(lives=Lives(revalidated=0), reads=ReadOptions(jitter=0, patience=0.05))
    asked, fresh = datetime.fromtimestamp(clock(), UTC), await page(face, "vision-runs", 5)
    clock.advance(30)
    standin.switches.fail_next = [FailNext(operation, "ServiceUnavailable", 100) for operation in (DESCRIBE, LIST)]
    stale = await page(face, "vision-runs", 5)
    assert (fresh.stale, stale.stale) == (False, True)
    assert stale.names == fresh.names
    assert stale.as_of == fresh.as_of == asked


async def test_a_throttled_caller_is_told_when_to_come_back(face: Face, standin: Standin) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "ThrottlingException")]
    with pytest.raises(Refused) as refused:
        await face.status("vision-230")
    assert refused.value.said == Said("THROTTLED", 1000)
    assert "Throttling" not in refused.value.message
    assert await face.status("vision-230") == "COMPLETED"


@pytest.mark.parametrize(
    ("aws", "said"),
    [
        ("ThrottlingException", Said("THROTTLED", 1000)),
        ("ServiceUnavailable", Said("UPSTREAM_UNAVAILABLE")),
    ],
)
async def test_rows_read_before_aws_failed_are_given_with_why_there_are_no_more(
    face: Face, standin: Standin, aws: str, said: Said
) -> None:
    first = await page(face, "vision-230", 60)
    standin.switches.fail_next = [FailNext(LIST, aws)]
    partial = await page(face, "vision-230", 100, first.following)
    assert len(partial.names) == 40
    assert partial.cut_short == said
    rest = await page(face, "vision-230", 60, partial.following)
    whole = await page(face, "vision-230", 100, first.following)
    assert whole.cut_short is None
    assert partial.names + rest.names == whole.names


async def test_a_job_is_told_until_it_has_ended(face: Face, naps: Naps) -> None:
    async with face.told("vision-runs") as statuses:
        told = [await anext(statuses)]
        for _ in range(4):
            await naps.pass_by()
        told += [status async for status in statuses]
    assert (told[0], told[-1]) == ("IN_PROGRESS", "COMPLETED")


async def test_a_job_is_stopped_by_whoever_may_and_asking_twice_is_safe(face: Face, calls: Calls) -> None:
    with pytest.raises(Refused) as refused:
        await face.stop("vision-runs", READER)
    assert refused.value.said == Said("FORBIDDEN")
    assert calls() == {}
    outcomes = [await face.stop(name, OPERATOR) for name in ("vision-runs", "vision-runs", "vision-230")]
    assert outcomes == ["STOPPING", "ALREADY_STOPPING", "ALREADY_FINISHED"]
    assert calls()[STOP] == 1


async def test_what_costs_too_much_is_refused_with_both_numbers(only: OpenOne, calls: Calls) -> None:
    face = await only(most_calls=5)
    with pytest.raises(Refused) as refused:
        await face.rows("vision-230", 10, details=True)
    assert refused.value.said == Said("COST_LIMIT_EXCEEDED", numbers={"estimatedCalls": 12, "limit": 5})
    assert calls() == {}


@pytest.mark.parametrize("holder", [0, 1])
async def test_who_finds_every_place_taken_is_told_when_to_come_back_whichever_face_has_them(
    both: Open, standin: Standin, calls: Calls, holder: int
) -> None:
    faces = await both(capacity=CapacityOptions(concurrency=1, queue=0))
    standin.switches.latency = 60
    asked = asyncio.ensure_future(faces[holder].status("vision-230"))
    async with asyncio.timeout(30):
        while not calls():  # noqa: ASYNC110  # the stand-in has no event for it
            await asyncio.sleep(0.01)
    for face in faces:
        with pytest.raises(Refused) as refused:
            await face.status("vision-long")
        assert refused.value.said == Said("OVERLOADED", 1000)
    asked.cancel()
    await asyncio.wait((asked,))


async def test_what_takes_too_long_in_all_is_ended(only: OpenOne, standin: Standin) -> None:
    face = await only(capacity=CapacityOptions(timeout=0.1))
    standin.switches.latency = 60
    with pytest.raises(Refused) as refused:
        await face.status("vision-230")
    assert refused.value.said == Said("DEADLINE_EXCEEDED")
