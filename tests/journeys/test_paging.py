"""Paging through training jobs: every row once, in AWS's order, for as few calls as there are pages."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.model.listing import SortOrder, TrainingJobSortBy
from gateway.model.words import TrainingJobStatus
from gateway.reads import ReadOptions
from gateway.standin import DefinitionPlan, Objective, Standin, World, tuning_job_plan
from tests.running import Running, Start

LIST = "ListTrainingJobsForHyperParameterTuningJob"
Flat = Callable[..., Awaitable[list[str]]]

SORTS = [each for each in TrainingJobSortBy if each is not TrainingJobSortBy.BEST_OBJECTIVE]
STATUSES = [None, *(each for each in TrainingJobStatus if each is not TrainingJobStatus.UNKNOWN)]
LISTINGS = list(product(SORTS, SortOrder, STATUSES))


def _names(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["name"] for edge in connection["edges"]]


async def _connection(gateway: Running, page: str, **variables: Any) -> dict[str, Any]:
    answer = await gateway.ask(page, **variables)
    return dict(answer.data["tuningJob"]["trainingJobs"])


async def _walk(gateway: Running, page: str, *, name: str, first: int, **variables: object) -> list[str]:
    names: list[str] = []
    after = None
    while True:
        found = await _connection(gateway, page, name=name, first=first, after=after, **variables)
        assert len(found["edges"]) <= first
        names += _names(found)
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            return names


async def test_750_jobs_by_seven_are_750_jobs_in_boto3s_order_for_eight_list_calls(
    gateway: Running, page: str, flat: Flat, world: World, standin: Standin
) -> None:
    world.add(tuning_job_plan("vision-resnet", trials=750, failed=0.1, stopped=0.05, metricless=0.05))
    names = await _walk(gateway, page, name="vision-resnet", first=7)
    assert standin.calls.counts[LIST] == 8
    assert standin.calls.counts["DescribeHyperParameterTuningJob"] == 1
    assert len(set(names)) == 750
    assert names == await flat("vision-resnet")


@pytest.mark.parametrize("first", [1, 10, 25, 99, 100])
async def test_every_page_size_shares_the_same_upstream_pages(
    gateway: Running, page: str, world: World, standin: Standin, first: int
) -> None:
    world.add(tuning_job_plan("vision-resnet", trials=230))
    names = await _walk(gateway, page, name="vision-resnet", first=50)
    assert await _walk(gateway, page, name="vision-resnet", first=first) == names
    assert standin.calls.counts[LIST] == 3


@pytest.mark.parametrize("kind", ["Maximize", "Minimize"])
async def test_best_objective_is_best_first_whichever_way_the_objective_points(
    gateway: Running, page: str, world: World, kind: Literal["Maximize", "Minimize"]
) -> None:
    metrics = {1: 0.5, 2: 0.9, 3: 0.1, 4: None}
    definition = DefinitionPlan(objective=Objective(kind, "validation:score"))
    plan = world.add(tuning_job_plan("vision-small", trials=4, metrics=metrics, definitions=[definition]))
    numbers = {trial.name: number for number, trial in enumerate(plan.trials, 1)}
    best_first = await _walk(gateway, page, name="vision-small", first=10, sortBy="BEST_OBJECTIVE")
    worst_first = await _walk(
        gateway, page, name="vision-small", first=10, sortBy="BEST_OBJECTIVE", sortOrder="DESCENDING"
    )
    expected = [2, 1, 3] if kind == "Maximize" else [3, 1, 2]
    assert [numbers[name] for name in best_first] == expected
    assert worst_first == best_first[::-1]


async def test_objectives_that_point_both_ways_have_no_best(gateway: Running, page: str, world: World) -> None:
    both = [
        DefinitionPlan(objective=Objective("Maximize", "accuracy"), name="one"),
        DefinitionPlan(objective=Objective("Minimize", "loss"), name="two"),
    ]
    world.add(tuning_job_plan("vision-both", trials=4, definitions=both))
    answer = await gateway.ask(page, name="vision-both", sortBy="BEST_OBJECTIVE")
    assert answer.codes == ["BAD_USER_INPUT"]
    assert "FINAL_OBJECTIVE_METRIC_VALUE" in answer.messages


@pytest.fixture
async def in_all_states(world: World) -> str:
    """A running tuning job of more than two pages, with training jobs in every state they can be in."""
    world.add(
        tuning_job_plan(
            "vision-mixed", trials=260, created=-24_000.0, failed=0.1, stopped=0.1, metricless=0.2, max_trials=300
        )
    )
    return "vision-mixed"


@pytest.mark.parametrize("room", [10_000_000, 1], ids=["remembering", "forgetful"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_listing_read_in_any_steps_from_any_row_is_the_flat_list(
    start: Start,
    page: str,
    flat: Flat,
    in_all_states: str,
    shared: dict[Any, Any],
    room: int,
    data: st.DataObject,
) -> None:
    gateway = shared.get("gateway") or shared.setdefault("gateway", await start(reads=ReadOptions(room=room)))
    sort_by, sort_order, status = data.draw(st.sampled_from(LISTINGS))
    arguments = {"SortBy": sort_by.value, "SortOrder": sort_order.value} | (
        {"StatusEquals": status.value} if status else {}
    )
    listing = (sort_by, sort_order, status)
    expected = shared.get(listing) or shared.setdefault(listing, await flat(in_all_states, **arguments))
    variables = {"name": in_all_states, "sortBy": sort_by.name, "sortOrder": sort_order.name}
    variables |= {"statusEquals": status.name} if status else {}

    position, after = 0, None
    for _ in range(4):
        first = data.draw(st.integers(1, 100), label="first")
        found = await _connection(gateway, page, first=first, after=after, **variables)
        assert _names(found) == expected[position : position + first]
        follows = position + len(found["edges"]) < len(expected)
        # A token may be left over where nothing follows: only false has to be sure.
        assert found["pageInfo"]["hasNextPage"] or not follows
        if not found["edges"]:
            break
        chosen = data.draw(st.integers(0, len(found["edges"]) - 1), label="resume behind")
        position, after = position + chosen + 1, found["edges"][chosen]["cursor"]


@pytest.fixture
def shared() -> dict[Any, Any]:
    """What the examples of one property share."""
    return {}


async def test_every_sort_order_and_status_is_walked_whole(
    gateway: Running, page: str, flat: Flat, in_all_states: str
) -> None:
    for sort_by, sort_order, status in LISTINGS:
        aws = {"StatusEquals": status.value} if status else {}
        expected = await flat(in_all_states, SortBy=sort_by.value, SortOrder=sort_order.value, **aws)
        ours = {"sortBy": sort_by.name, "sortOrder": sort_order.name} | (
            {"statusEquals": status.name} if status else {}
        )
        assert await _walk(gateway, page, name=in_all_states, first=37, **ours) == expected, (
            sort_by,
            sort_order,
            status,
        )


async def test_an_empty_page_is_followed_and_a_bounded_walk_goes_on_where_it_ended(
    start: Start, page: str, world: World, standin: Standin
) -> None:
    fates: dict[int, Literal["Completed", "Failed"]] = dict.fromkeys(range(1, 350), "Completed")
    fates[350] = "Failed"
    world.add(tuning_job_plan("vision-rare", trials=350, fates=fates))
    patient = await start()
    found = await _connection(patient, page, name="vision-rare", first=5, statusEquals="FAILED")
    assert len(found["edges"]) == 1
    assert standin.calls.counts[LIST] == 4
    hasty = await start(walk_pages=2)
    found = await _connection(hasty, page, name="vision-rare", first=5, statusEquals="FAILED")
    assert found["edges"] == []
    assert found["pageInfo"]["hasNextPage"]
    after = found["pageInfo"]["endCursor"]
    found = await _connection(hasty, page, name="vision-rare", first=5, statusEquals="FAILED", after=after)
    assert len(found["edges"]) == 1


async def test_the_end_of_an_upstream_page_says_more_without_a_call_and_the_last_page_says_no_more(
    gateway: Running, page: str, world: World, standin: Standin
) -> None:
    world.add(tuning_job_plan("vision-exact", trials=150))
    first = await _connection(gateway, page, name="vision-exact", first=100)
    assert first["pageInfo"]["hasNextPage"]
    assert standin.calls.counts[LIST] == 1
    second = await _connection(gateway, page, name="vision-exact", first=50, after=first["pageInfo"]["endCursor"])
    assert not second["pageInfo"]["hasNextPage"]
    assert standin.calls.counts[LIST] == 2


async def test_that_nothing_follows_is_said_of_a_slice_given_before_once_it_is_known(
    gateway: Running, page: str, world: World, standin: Standin
) -> None:
    fates: dict[int, Literal["Completed", "Failed"]] = dict.fromkeys(range(1, 101), "Completed")
    fates[101] = "Failed"
    world.add(tuning_job_plan("vision-late", trials=101, fates=fates))
    whole = {"name": "vision-late", "first": 100, "statusEquals": "COMPLETED"}
    before = await _connection(gateway, page, **whole)
    assert (len(before["edges"]), before["pageInfo"]["hasNextPage"]) == (100, True)
    rest = await _connection(gateway, page, **whole, after=before["pageInfo"]["endCursor"])
    assert (rest["edges"], rest["pageInfo"]["hasNextPage"]) == ([], False)
    now = await _connection(gateway, page, **whole)
    assert (now["edges"], now["pageInfo"]["hasNextPage"]) == (before["edges"], False)
    assert standin.calls.counts[LIST] == 2


async def test_the_total_is_the_counters_and_null_where_aws_does_not_tell_it(
    gateway: Running, page: str, world: World
) -> None:
    world.add(tuning_job_plan("vision-counted", trials=230, metricless=0.3, failed=0.1))
    assert (await _connection(gateway, page, name="vision-counted"))["totalCount"] == 230
    assert (await _connection(gateway, page, name="vision-counted", sortBy="BEST_OBJECTIVE"))["totalCount"] is None
    assert (await _connection(gateway, page, name="vision-counted", statusEquals="FAILED"))["totalCount"] is None


async def test_a_filtered_listing_of_one_page_is_counted_exactly(gateway: Running, page: str, world: World) -> None:
    world.add(tuning_job_plan("vision-short", trials=30, fates={1: "Failed", 2: "Failed"}))
    found = await _connection(gateway, page, name="vision-short", statusEquals="FAILED", first=1)
    assert found["totalCount"] == 2


async def test_200_callers_at_once_on_a_cold_gateway_cost_one_call_for_each_page(
    gateway: Running, page: str, world: World, standin: Standin
) -> None:
    world.add(tuning_job_plan("vision-resnet", trials=150))
    standin.switches.latency = 0.05
    asked = [_connection(gateway, page, name="vision-resnet", first=7) for _ in range(200)]
    first = await asyncio.gather(*asked)
    assert all(found == first[0] for found in first)
    end = (await _connection(gateway, page, name="vision-resnet", first=100))["pageInfo"]["endCursor"]
    asked = [_connection(gateway, page, name="vision-resnet", first=7, after=end) for _ in range(200)]
    second = await asyncio.gather(*asked)
    assert all(found == second[0] for found in second)
    assert standin.calls.counts[LIST] == 2
    assert standin.calls.counts["DescribeHyperParameterTuningJob"] == 1
