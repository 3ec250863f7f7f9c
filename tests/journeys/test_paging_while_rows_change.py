"""Paging while rows appear, vanish and move: whatever stands still is given once, in every order and both directions.

A row stands still that is there throughout and whose sort key does not change. What cannot be held is shown at the end:
AWS's tokens may count rows, as the stand-in's do, and nothing a cursor could carry brings back a row that slides onto
a page already read because rows before it went away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.reads import ReadOptions
from gateway.standin import TrialPlan, World, tuning_job_plan
from gateway.standin.plan import Fate
from tests.journeys.walking import connection, names_of
from tests.running import Clock, Running, Start

NEVER = 10_000_000.0  # seconds into a tuning job's life, far behind any test's end
FATES: tuple[Fate, ...] = ("Completed", "Failed", "Stopped")
NAMES = count()


class ChangingWorld(World):
    """A world whose tuning jobs can become others between two calls."""

    def become(self, name: str, rows: list["Row"]) -> None:
        """Let the tuning job have these training jobs and no others."""
        self._shelves.clear()
        self.add(tuning_job_plan(name, trials=[row.plan() for row in rows], max_trials=1_000))


@dataclass(frozen=True)
class Row:
    """A training job: what the four orders sort by."""

    name: str
    created: float
    fate: Fate | None
    """None: it is in progress, and stays so."""
    metric: float | None

    def plan(self) -> TrialPlan:
        ended = self.created + 10 if self.fate else NEVER
        return TrialPlan(self.name, self.created, self.created + 1, ended, self.fate or "Completed", self.metric)

    def key(self, sort_by: str) -> tuple[Any, ...]:
        return {
            "NAME": (self.name,),
            "CREATION_TIME": (self.created, self.name),
            "STATUS": (self.fate or "InProgress", self.name),
            "FINAL_OBJECTIVE_METRIC_VALUE": (self.metric, self.name),
        }[sort_by]


@dataclass
class Listing:
    """The rows of a listing, those that stand still and those that do not."""

    sort_by: str
    order: str
    status: Fate | None
    """Which rows AWS leaves of each page, once it has cut it; None: all."""
    rng: Random
    slides: bool
    """Whether rows may slide towards the listing's start; else as many come as go, on either side of what stands."""
    still: list[Row] = field(default_factory=list)
    movers: list[Row | None] = field(default_factory=list)
    """None: it has vanished, or not yet appeared."""
    fillers: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.movers = [self._moved(None) for _ in range(self.rng.randint(0, 15))]

    @property
    def rows(self) -> list[Row]:
        there = [*self.still, *(row for row in self.movers if row), *self.fillers]
        if self.sort_by == "FINAL_OBJECTIVE_METRIC_VALUE":  # AWS leaves the others out
            there = [row for row in there if row.metric is not None]
        return sorted(there, key=lambda row: row.key(self.sort_by), reverse=self.order == "DESCENDING")

    @property
    def standing(self) -> list[str]:
        names = {row.name for row in self.still if self.status in (None, row.fate)}
        return [row.name for row in self.rows if row.name in names]

    def drawn(self) -> Row:
        fate = self.rng.choice((*FATES, None))
        metric = self.rng.choice((0.1, 0.2, round(self.rng.random(), 3))) if fate else None
        created = self.rng.choice((1_000.0, 2_000.0, round(self.rng.uniform(1_000, 3_000), 3)))
        return Row(f"m{self.rng.randrange(10**6):06d}-{next(NAMES)}", created, fate, metric)

    def change(self) -> None:
        before = self.rows
        self.movers = [self._moved(row) if self.rng.random() < 0.5 else row for row in self.movers]
        if not self.slides:
            fewer = self._fewer(before, self.rows), self._fewer(before[::-1], self.rows[::-1])
            least, greatest = fewer if self.order == "ASCENDING" else fewer[::-1]
            self.fillers += [Row(f"a-{next(NAMES)}", 1.0, "Completed", -1e6) for _ in range(least)]
            self.fillers += [Row(f"z-{next(NAMES)}", 80_000.0, "Stopped", 1e6) for _ in range(greatest)]

    def _moved(self, row: Row | None) -> Row | None:
        if row is None:
            return self.drawn() if self.rng.random() < 0.5 else None
        drawn = self.drawn()
        return self.rng.choice((None, replace(row, fate=drawn.fate, metric=drawn.metric)))

    def _fewer(self, before: list[Row], after: list[Row]) -> int:
        """By how many rows what stands still has slid towards the start."""
        places, later = ({row.name: place for place, row in enumerate(rows)} for rows in (before, after))
        return max((0, *(places[row.name] - later[row.name] for row in self.still)))


@pytest.fixture
def world(clock: Clock) -> ChangingWorld:
    return ChangingWorld(clock)


@pytest.fixture
def shared() -> dict[str, Running]:
    """The gateway that the examples of a property share."""
    return {}


def _can_be_gone_on_from(found: list[str], index: int, still: list[str], *, sparse: bool) -> bool:
    """Whether a row stands still, or else both of the rows around it, of which its page has one at least; but not where
    a filter leaves pages of a single row.
    """
    around = found[index - 1 : index + 2] if index and not sparse else []
    return found[index] in still or (len(around) == 3 and around[0] in still and around[2] in still)


@pytest.mark.parametrize("room", [10_000_000, 1], ids=["remembering", "forgetful"])
@pytest.mark.parametrize("pages", ["one page", "several pages"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_what_stands_still_is_given_once(
    start: Start,
    page: str,
    world: ChangingWorld,
    advance: Callable[[float], None],
    shared: dict[str, Running],
    room: int,
    pages: str,
    data: st.DataObject,
) -> None:
    gateway = shared.get("gateway") or shared.setdefault("gateway", await start(reads=ReadOptions(room=room, jitter=0)))
    rng = data.draw(st.randoms(use_true_random=False))
    sort_by = data.draw(st.sampled_from(["NAME", "CREATION_TIME", "STATUS", "FINAL_OBJECTIVE_METRIC_VALUE"]))
    order = data.draw(st.sampled_from(["ASCENDING", "DESCENDING"]))
    status: Fate | None = data.draw(st.sampled_from([None, "Completed"]))
    listing = Listing(sort_by, order, status, rng, slides=pages == "one page")
    asked_of_all = {"name": f"vision-{next(NAMES)}", "sortBy": sort_by, "sortOrder": order}
    asked_of_all |= {"statusEquals": status.upper()} if status else {}
    size = data.draw(st.integers(1, 60) if pages == "one page" else st.integers(60, 320))
    while len(listing.still) < size:
        row = listing.drawn()
        if row.metric is not None:
            listing.still.append(row)
    still = listing.standing
    world.become(asked_of_all["name"], listing.rows)

    cursor, low, high = (
        None,
        None,
        None,
    )  # the still rows around the cursor: this is the last before it, the first behind
    for _ in range(6):
        rows, backwards = data.draw(st.integers(1, 100), label="rows"), data.draw(st.booleans(), label="backwards")
        asked = {"last": rows, "before": cursor} if backwards else {"first": rows, "after": cursor}
        found = await connection(gateway, page, **asked, **asked_of_all)
        names = names_of(found)
        got = [each for each in names if each in still]
        if backwards:
            end = len(still) if low is None else low + 1
            assert got == still[max(0, end - len(got)) : end], "a row was missed, or given twice"
            assert found["pageInfo"]["hasPreviousPage"] or len(got) == end
        else:
            begin = 0 if high is None else high
            assert got == still[begin : begin + len(got)], "a row was missed, or given twice"
            assert found["pageInfo"]["hasNextPage"] or begin + len(got) == len(still)
        good = [index for index in range(len(names)) if _can_be_gone_on_from(names, index, still, sparse=bool(status))]
        if not good:
            break
        chosen = data.draw(st.sampled_from(good), label="go on from")
        cursor = found["edges"][chosen]["cursor"]
        before = [still.index(each) for each in names[:chosen] if each in still]
        behind = [still.index(each) for each in names[chosen + 1 :] if each in still]
        if names[chosen] in still:
            low, high = still.index(names[chosen]) - 1, still.index(names[chosen]) + 1
        else:
            low, high = before[-1], behind[0]
        for _ in range(data.draw(st.integers(0, 2), label="changes")):
            listing.change()
        world.become(asked_of_all["name"], listing.rows)
        advance(data.draw(st.sampled_from([0.0, 3.0, 6.0]), label="seconds"))


def _rows(numbers: range, *, failed: frozenset[int] = frozenset()) -> list[Row]:
    """Rows named by number; one in progress ends the listing and keeps the tuning job running."""
    known = [
        Row(f"row-{number:04d}", 1_000.0, "Failed" if number in failed else "Completed", None) for number in numbers
    ]
    return [*known, Row("zzz-running", 1_000.0, None, None)]


async def test_a_place_pushed_over_to_the_next_page_is_found_there(
    gateway: Running, page: str, world: ChangingWorld, advance: Callable[[float], None]
) -> None:
    world.become("vision-a", _rows(range(100, 250)))
    found = await connection(gateway, page, name="vision-a", first=96)
    world.become("vision-a", _rows(range(90, 250)))
    advance(6)
    cursor = found["edges"][-1]["cursor"]
    behind = await connection(gateway, page, name="vision-a", first=3, after=cursor)
    assert names_of(behind) == ["row-0196", "row-0197", "row-0198"]
    before = await connection(gateway, page, name="vision-a", last=3, before=cursor)
    assert names_of(before) == ["row-0192", "row-0193", "row-0194"]


@pytest.mark.parametrize(("pushed", "row"), [(2, 98), (1, 98), (2, 97), (-2, 101), (-1, 101), (-2, 102)])
async def test_a_row_pushed_over_the_end_of_its_page_is_not_given_again(
    gateway: Running, page: str, world: ChangingWorld, advance: Callable[[float], None], pushed: int, row: int
) -> None:
    world.become("vision-a", _rows(range(100, 350)))
    first = await connection(gateway, page, name="vision-a", first=80, sortBy="STATUS")
    found = await connection(
        gateway, page, name="vision-a", first=60, after=first["pageInfo"]["endCursor"], sortBy="STATUS"
    )
    world.become("vision-a", _rows(range(100 - pushed, 350)))
    advance(6)
    cursor = found["edges"][row - 80]["cursor"]
    if pushed > 0:
        behind = await connection(gateway, page, name="vision-a", first=2, after=cursor, sortBy="STATUS")
        assert names_of(behind) == [f"row-0{101 + row}", f"row-0{102 + row}"]
    before = await connection(gateway, page, name="vision-a", last=2, before=cursor, sortBy="STATUS")
    assert names_of(before) == [f"row-0{98 + row}", f"row-0{99 + row}"]


async def test_rows_on_two_remembered_pages_are_given_once_on_the_way_back(
    gateway: Running, page: str, world: ChangingWorld, advance: Callable[[float], None]
) -> None:
    failed = frozenset({110, 198, 199, 210, 290})
    asked = {"name": "vision-a", "statusEquals": "FAILED"}
    world.become("vision-a", _rows(range(100, 350), failed=failed))
    await connection(gateway, page, first=1, **asked)
    world.become("vision-a", _rows(range(95, 350), failed=failed))
    advance(3)  # the first page is remembered, and the second will have its last five rows too
    forwards = await connection(gateway, page, first=100, **asked)
    backwards = await connection(gateway, page, last=100, before=forwards["pageInfo"]["endCursor"], **asked)
    assert names_of(forwards) == [f"row-{number:04d}" for number in sorted(failed)]
    assert names_of(backwards) == names_of(forwards)[:-1]


async def test_rows_that_slide_onto_a_page_already_read_are_missed_forwards_and_found_on_the_way_back(
    gateway: Running, page: str, world: ChangingWorld, advance: Callable[[float], None]
) -> None:
    """What cannot be held where tokens count rows: the page that was read ended where it ended."""
    world.become("vision-a", _rows(range(100, 350)))
    first = await connection(gateway, page, name="vision-a", first=100)
    world.become("vision-a", _rows(range(103, 350)))
    advance(6)
    second = await connection(gateway, page, name="vision-a", first=100, after=first["pageInfo"]["endCursor"])
    assert names_of(second)[0] == "row-0203"
    back = await connection(gateway, page, name="vision-a", last=4, before=second["pageInfo"]["startCursor"])
    assert names_of(back) == ["row-0199", "row-0200", "row-0201", "row-0202"]
