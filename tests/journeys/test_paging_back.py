"""Paging backwards: the rows before a cursor, or the last of a listing, in the listing's order."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.model.listing import SortOrder, TrainingJobSortBy
from gateway.model.words import TrainingJobStatus
from gateway.reads import ReadOptions
from gateway.standin import Standin, World, tuning_job_plan
from tests.journeys.walking import LIST, Flat, connection, names_of
from tests.running import Calls, Running, Start

NAME = "vision-mixed"
LISTINGS = [
    (sort_by, order, status)
    for sort_by in TrainingJobSortBy
    if sort_by is not TrainingJobSortBy.BEST_OBJECTIVE
    for order in SortOrder
    for status in (None, TrainingJobStatus.COMPLETED, TrainingJobStatus.FAILED, TrainingJobStatus.IN_PROGRESS)
]


@pytest.fixture(autouse=True)
def _in_all_states(world: World) -> None:
    """A running tuning job of three pages, with training jobs in every state they can be in."""
    world.add(
        tuning_job_plan(NAME, trials=260, created=-24_000.0, failed=0.1, stopped=0.1, metricless=0.2, max_trials=300)
    )


@pytest.fixture
def shared() -> dict[Any, Any]:
    """What the examples of one property share."""
    return {}


@pytest.mark.parametrize("room", [10_000_000, 1], ids=["remembering", "forgetful"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_listing_read_to_and_fro_from_any_row_is_the_flat_list(
    start: Start, page: str, flat: Flat, shared: dict[Any, Any], room: int, data: st.DataObject
) -> None:
    gateway = shared.get("gateway") or shared.setdefault("gateway", await start(reads=ReadOptions(room=room, jitter=0)))
    listing = data.draw(st.sampled_from(LISTINGS))
    sort_by, order, status = listing
    aws = {"SortBy": sort_by.value, "SortOrder": order.value} | ({"StatusEquals": status.value} if status else {})
    rows = shared.get(listing) or shared.setdefault(listing, await flat(NAME, **aws))
    ours = {"sortBy": sort_by.name, "sortOrder": order.name} | ({"statusEquals": status.name} if status else {})

    cursor, at = None, None
    for _ in range(5):
        size, backwards = data.draw(st.integers(1, 100)), data.draw(st.booleans(), label="backwards")
        asked = {"last": size, "before": cursor} if backwards else {"first": size, "after": cursor}
        answer = await gateway.ask(page, name=NAME, **asked, **ours)
        found = answer.data["tuningJob"]["trainingJobs"]
        price = answer.body["extensions"]["cost"]
        assert price["actualCalls"] <= price["estimatedCalls"]
        if backwards:
            end = len(rows) if at is None else at
            begin = max(0, end - size)
        else:
            begin = 0 if at is None else at + 1
            end = min(len(rows), begin + size)
        assert names_of(found) == rows[begin:end]
        info = found["pageInfo"]
        assert info["hasPreviousPage"] or begin == 0
        assert info["hasNextPage"] or end == len(rows)
        assert (info["startCursor"] is not None) or not (info["hasPreviousPage"] or found["edges"])
        assert (info["endCursor"] is not None) or not (info["hasNextPage"] or found["edges"])
        if not found["edges"]:
            break
        chosen = data.draw(st.integers(0, len(found["edges"]) - 1), label="go on from")
        cursor, at = found["edges"][chosen]["cursor"], begin + chosen


async def test_the_end_of_a_listing_by_name_costs_one_call_and_going_back_one_for_each_page(
    gateway: Running, page: str, flat: Flat, standin: Standin
) -> None:
    expected = await flat(NAME)
    standin.calls.reset()
    found = await connection(gateway, page, name=NAME, last=10)
    assert names_of(found) == expected[-10:]
    assert not found["pageInfo"]["hasNextPage"]
    assert standin.calls.counts[LIST] == 1
    names = names_of(found)
    while found["pageInfo"]["hasPreviousPage"]:
        found = await connection(gateway, page, name=NAME, last=7, before=found["pageInfo"]["startCursor"])
        names = names_of(found) + names
    assert names == expected
    assert standin.calls.counts[LIST] == 3


@pytest.mark.parametrize("sort_by", ["NAME", "CREATION_TIME", "STATUS", "BEST_OBJECTIVE"])
async def test_whoever_has_paged_forwards_goes_back_for_no_call(
    gateway: Running, page: str, standin: Standin, sort_by: str
) -> None:
    pages, after = [], None
    for _ in range(4):
        pages.append(await connection(gateway, page, name=NAME, first=50, after=after, sortBy=sort_by))
        after = pages[-1]["pageInfo"]["endCursor"]
    standin.calls.reset()
    for earlier, later in reversed(list(pairwise(pages))):
        before = later["pageInfo"]["startCursor"]
        found = await connection(gateway, page, name=NAME, last=50, before=before, sortBy=sort_by)
        assert names_of(found) == names_of(earlier)
        assert found["pageInfo"]["hasNextPage"]
    assert not found["pageInfo"]["hasPreviousPage"]
    assert standin.calls.counts[LIST] == 0


async def test_before_without_last_gives_the_ten_before(gateway: Running, page: str, flat: Flat) -> None:
    expected = await flat(NAME)
    found = await connection(gateway, page, name=NAME, first=30)
    back = await connection(gateway, page, name=NAME, before=found["pageInfo"]["endCursor"])
    assert names_of(back) == expected[19:29]


async def test_rows_of_the_cursors_own_page_cost_that_page_alone(start: Start, page: str, standin: Standin) -> None:
    forgetful = await start(reads=ReadOptions(room=1))
    first = await connection(forgetful, page, name=NAME, first=100, sortBy="STATUS")
    second = await connection(
        forgetful, page, name=NAME, first=60, after=first["pageInfo"]["endCursor"], sortBy="STATUS"
    )
    standin.calls.reset()
    asked = {"before": second["pageInfo"]["endCursor"], "sortBy": "STATUS"}
    back = await connection(forgetful, page, name=NAME, last=59, **asked)
    assert names_of(back) == names_of(second)[:-1]
    assert back["pageInfo"]["hasPreviousPage"]
    assert standin.calls.counts[LIST] == 1
    back = await connection(forgetful, page, name=NAME, last=60, **asked)
    assert names_of(back) == [names_of(first)[-1], *names_of(second)[:-1]]
    assert standin.calls.counts[LIST] == 1 + 3  # its own page, and from the start to where it stands now


async def test_an_empty_page_has_a_cursor_back_to_what_lies_on_its_other_side(gateway: Running, page: str) -> None:
    end = await connection(gateway, page, name=NAME, last=3)
    for _ in range(2):
        beyond = await connection(gateway, page, name=NAME, first=3, after=end["pageInfo"]["endCursor"])
        assert beyond["edges"] == []
        assert not beyond["pageInfo"]["hasNextPage"]
        back = await connection(gateway, page, name=NAME, last=3, before=beyond["pageInfo"]["startCursor"])
        assert names_of(back) == names_of(end)
        end = back
    begin = await connection(gateway, page, name=NAME, first=3)
    beyond = await connection(gateway, page, name=NAME, last=3, before=begin["pageInfo"]["startCursor"])
    assert beyond["edges"] == []
    assert not beyond["pageInfo"]["hasPreviousPage"]
    on = await connection(gateway, page, name=NAME, first=3, after=beyond["pageInfo"]["endCursor"])
    assert names_of(on) == names_of(begin)
    assert not on["pageInfo"]["hasPreviousPage"]


async def test_a_place_too_deep_to_be_walked_to_is_refused_before_the_walk_begins(
    start: Start, page: str, standin: Standin
) -> None:
    gateway = await start(reads=ReadOptions(room=1), walk_back_pages=2)
    after = None
    for _ in range(2):
        found = await connection(gateway, page, name=NAME, first=100, after=after, sortBy="STATUS")
        after = found["pageInfo"]["endCursor"]
    standin.calls.reset()
    refused = await gateway.ask(page, name=NAME, before=after, sortBy="STATUS")
    assert refused.codes == ["COST_LIMIT_EXCEEDED"]
    assert "takes 3 SageMaker pages, and one request may read 2" in refused.messages
    assert standin.calls.counts[LIST] == 0
    found = await connection(gateway, page, name=NAME, first=5, after=after, sortBy="STATUS")
    # What its own page has is given all the same.
    short = await gateway.ask(page, name=NAME, before=found["pageInfo"]["endCursor"], sortBy="STATUS")
    assert short.codes == ["COST_LIMIT_EXCEEDED"]
    rows = short.body["data"]["tuningJob"]["trainingJobs"]
    assert names_of(rows) == names_of(found)[:-1]
    assert rows["pageInfo"]["hasPreviousPage"]


async def test_an_end_too_far_away_is_refused_and_one_near_enough_is_found(
    start: Start, page: str, flat: Flat, standin: Standin
) -> None:
    expected = await flat(NAME, SortBy="Status")
    patient = await start(walk_back_pages=3)
    standin.calls.reset()
    assert names_of(await connection(patient, page, name=NAME, last=100, sortBy="STATUS")) == expected[-100:]
    assert standin.calls.counts[LIST] == 3
    hasty = await start(walk_back_pages=2)
    standin.calls.reset()
    refused = await hasty.ask(page, name=NAME, last=100, sortBy="STATUS")
    assert refused.codes == ["COST_LIMIT_EXCEEDED"]
    assert "behind 200 rows, and one request may read 2 SageMaker pages" in refused.messages
    assert standin.calls.counts[LIST] == 2


@pytest.mark.parametrize(
    ("paging", "said"),
    [
        ("first: 3, last: 3", "first and last do not go together"),
        ('after: "x", before: "x"', "after and before do not go together"),
        ('first: 3, before: "x"', "first and before do not go together"),
        ('after: "x", last: 3', "after and last do not go together"),
        ("last: 0", "last must be from 1 to 100, not 0. Page on with before: pageInfo.startCursor."),
        ("last: 101", "last must be from 1 to 100, not 101."),
    ],
)
@pytest.mark.parametrize(
    "field", ["tuningJobs(%s)", 'team(name: "platform") { tuningJobs(%s)', 'tuningJob(name: "x") { trainingJobs(%s)']
)
async def test_arguments_of_two_directions_are_refused_before_anything_is_read(
    gateway: Running, calls: Calls, field: str, paging: str, said: str
) -> None:
    query = "{" + field % paging + "{ totalCount }" + "}" * (1 + field.count("{"))
    answer = await gateway.ask(query)
    assert answer.codes == ["BAD_USER_INPUT"]
    assert said in answer.messages
    assert calls() == {}


async def test_null_is_no_direction(gateway: Running, page: str, flat: Flat) -> None:
    expected = await flat(NAME)
    found = await connection(gateway, page, name=NAME, first=None, after=None, last=2, before=None)
    assert names_of(found) == expected[-2:]


@pytest.mark.parametrize("team", ["vision", "platform", "speech"])
@pytest.mark.parametrize("sort_by", ["NAME", "STATUS", "CREATION_TIME"])
async def test_tuning_jobs_are_paged_back_by_every_rule_of_ownership(
    gateway: Running, world: World, team: str, sort_by: str
) -> None:
    for number in range(120):
        owner = ("vision", "speech", "nlp")[number % 3]
        world.add(tuning_job_plan(f"{owner}-{number}", trials=1, created=-9_000.0 + number, tags={"team": owner}))
    query = """query ($first: Int, $after: String, $last: Int, $before: String, $sortBy: TuningJobSortBy) {
        tuningJobs(first: $first, after: $after, last: $last, before: $before, sortBy: $sortBy) {
            edges { node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""

    async def read(**asked: Any) -> dict[str, Any]:
        return dict((await gateway.ask(query, key=f"key-of-{team}", sortBy=sort_by, **asked)).data["tuningJobs"])

    forwards, found = [], await read(first=9)
    forwards += names_of(found)
    while found["pageInfo"]["hasNextPage"]:
        found = await read(first=9, after=found["pageInfo"]["endCursor"])
        forwards += names_of(found)
    backwards, found = [], await read(last=9)
    backwards = names_of(found)
    while found["pageInfo"]["hasPreviousPage"]:
        found = await read(last=9, before=found["pageInfo"]["startCursor"])
        backwards = names_of(found) + backwards
    assert backwards == forwards
    assert len(backwards) == {"vision": 41, "platform": 121, "speech": 40}[team]
