"""What was read before AWS failed is given, with a cursor to go on from and the failure beside it."""

from typing import Any

import pytest

from gateway.standin import FailNext, Rate, Standin, World, tuning_job_plan
from tests.journeys.walking import LIST, connection, names_of
from tests.running import Running, Start

NAME = "vision-230"
ERRORS: list[tuple[str, dict[str, Any]]] = [
    ("ThrottlingException", {"code": "THROTTLED", "retryAfterMs": 1000}),
    ("ServiceUnavailable", {"code": "UPSTREAM_UNAVAILABLE"}),
]


@pytest.fixture(autouse=True)
def _world_of_230(world: World) -> None:
    world.add(tuning_job_plan(NAME, trials=230, fates={150: "Failed"}))


async def _partial(gateway: Running, page: str, extensions: dict[str, Any], **variables: Any) -> dict[str, Any]:
    """A slice that stands beside an error."""
    answer = await gateway.ask(page, name=NAME, **variables)
    (error,) = answer.body["errors"]
    assert error["path"] == ["tuningJob", "trainingJobs"]
    assert error["extensions"] == extensions
    assert error["message"]
    return dict(answer.body["data"]["tuningJob"]["trainingJobs"])


@pytest.mark.parametrize(("aws", "extensions"), ERRORS)
async def test_rows_read_before_a_later_page_fails_are_given_and_can_be_gone_on_from(
    gateway: Running, page: str, standin: Standin, aws: str, extensions: dict[str, Any]
) -> None:
    first = await connection(gateway, page, name=NAME, first=60)
    standin.switches.fail_next = [FailNext(LIST, aws)]
    after = first["pageInfo"]["endCursor"]
    found = await _partial(gateway, page, extensions, first=100, after=after)
    assert len(found["edges"]) == 40
    assert found["pageInfo"]["hasNextPage"]
    assert found["pageInfo"]["endCursor"] == found["edges"][-1]["cursor"]
    rest = await connection(gateway, page, name=NAME, first=60, after=found["pageInfo"]["endCursor"])
    whole = await connection(gateway, page, name=NAME, first=100, after=after)
    assert names_of(found) + names_of(rest) == names_of(whole)


@pytest.mark.parametrize(("aws", "extensions"), ERRORS)
@pytest.mark.parametrize("sort_by", ["NAME", "STATUS"])
async def test_rows_read_before_an_earlier_page_fails_are_given_and_can_be_gone_back_from(
    start: Start, page: str, standin: Standin, aws: str, extensions: dict[str, Any], sort_by: str
) -> None:
    walked = await start()
    first = await connection(walked, page, name=NAME, first=100, sortBy=sort_by)
    second = await connection(walked, page, name=NAME, first=60, after=first["pageInfo"]["endCursor"], sortBy=sort_by)
    before = second["pageInfo"]["endCursor"]
    gateway = await start()  # it has the same secret and remembers nothing
    await connection(gateway, page, name=NAME, last=1, before=before, sortBy=sort_by)
    standin.switches.fail_next = [FailNext(LIST, aws)]
    found = await _partial(gateway, page, extensions, last=100, before=before, sortBy=sort_by)
    assert names_of(found) == names_of(second)[:-1]
    assert found["pageInfo"]["hasPreviousPage"]
    rest = await connection(gateway, page, name=NAME, last=41, before=found["pageInfo"]["startCursor"], sortBy=sort_by)
    assert names_of(rest) == names_of(first)[-41:]


async def test_the_end_of_a_listing_by_name_is_partial_too(gateway: Running, page: str, standin: Standin) -> None:
    end = await connection(gateway, page, name=NAME, last=60)
    standin.switches.fail_next = [FailNext(LIST, "ThrottlingException")]
    found = await _partial(gateway, page, ERRORS[0][1], last=100, before=end["pageInfo"]["startCursor"])
    assert len(found["edges"]) == 40
    assert found["pageInfo"]["hasPreviousPage"]
    assert found["pageInfo"]["startCursor"] == found["edges"][0]["cursor"]


async def test_a_filter_that_has_found_nothing_yet_gives_a_cursor_to_the_place_reached(
    gateway: Running, page: str, standin: Standin
) -> None:
    standin.switches.rates = {LIST: Rate(per_second=0, burst=1)}
    found = await _partial(gateway, page, ERRORS[0][1], first=5, statusEquals="FAILED")
    assert found["edges"] == []
    assert found["pageInfo"]["hasNextPage"]
    standin.switches.rates = {}
    standin.calls.reset()
    after = found["pageInfo"]["endCursor"]
    found = await connection(gateway, page, name=NAME, first=5, after=after, statusEquals="FAILED")
    assert len(found["edges"]) == 1
    assert standin.calls.counts[LIST] == 2  # the page read in vain is not read again


@pytest.mark.parametrize(("aws", "extensions"), ERRORS)
async def test_where_nothing_was_read_the_field_fails(
    gateway: Running, page: str, standin: Standin, aws: str, extensions: dict[str, Any]
) -> None:
    for asked in ({"first": 5}, {"last": 5}, {"last": 5, "sortBy": "STATUS"}):
        standin.switches.fail_next = [FailNext(LIST, aws)]
        answer = await gateway.ask(page, name=NAME, **asked)
        assert [error["extensions"] for error in answer.body["errors"]] == [extensions]
        assert answer.body["data"] == {"tuningJob": None}


async def test_each_interrupted_field_has_its_error_at_its_own_path(gateway: Running, standin: Standin) -> None:
    query = """{ tuningJob(name: "vision-230") {
        byName: trainingJobs(first: 100, after: %s) { nodes { name } }
        back: trainingJobs(last: 100, before: %s) { nodes { name } } } }"""
    ends = await gateway.ask("""{ tuningJob(name: "vision-230") {
        first: trainingJobs(first: 60) { pageInfo { endCursor } }
        last: trainingJobs(last: 60) { pageInfo { startCursor } } } }""")
    job = ends.data["tuningJob"]
    cursors = (job["first"]["pageInfo"]["endCursor"], job["last"]["pageInfo"]["startCursor"])
    standin.switches.fail_next = [FailNext(LIST, "ThrottlingException", 2)]
    answer = await gateway.ask(query % tuple(f'"{cursor}"' for cursor in cursors))
    assert answer.codes == ["THROTTLED"] * 2
    assert sorted(error["path"] for error in answer.body["errors"]) == [["tuningJob", "back"], ["tuningJob", "byName"]]
    assert {len(each["nodes"]) for each in answer.body["data"]["tuningJob"].values()} == {40}
