"""Who is next."""

from collections import Counter
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.governor.errand import Seat
from gateway.governor.line import Line

SHARES = ["vision", "nlp", "speech", "lab"]


def seats(*shares: str, background: bool = False) -> tuple[Seat, ...]:
    return tuple(Seat(share, background) for share in shares)


def lined_up(**shares: int) -> Line[str]:
    """A line in which shares wait for so many calls, the first share's all before the second's."""
    line: Line[str] = Line()
    for share, calls in shares.items():
        for n in range(calls):
            line.enter(f"{share} {n}", seats(share))
    return line


def served(line: Line[str], most: int = 10_000) -> list[str]:
    items: list[str] = []
    while len(items) < most and (item := line.serve()) is not None:
        items.append(item)
    return items


def test_within_a_share_who_came_first_goes_first() -> None:
    assert served(lined_up(vision=4)) == ["vision 0", "vision 1", "vision 2", "vision 3"]


def test_a_hundred_reads_of_one_team_delay_anothers_first_by_one_call() -> None:
    line = lined_up(vision=100)
    served(line, 7)
    line.enter("nlp 0", seats("nlp"))
    assert "nlp 0" in served(line, 2)


def test_three_teams_that_ask_for_100_20_and_1_are_served_as_evenly_as_they_ask() -> None:
    order = [item.split()[0] for item in served(lined_up(vision=100, nlp=20, lab=1))]
    assert Counter(order) == {"vision": 100, "nlp": 20, "lab": 1}
    assert set(order[:3]) == {"vision", "nlp", "lab"}
    assert order[3:41] == ["vision", "nlp"] * 19
    assert set(order[41:]) == {"vision"}


@given(st.lists(st.integers(20, 40), min_size=2, max_size=5), st.integers(1, 80))
def test_shares_that_always_have_work_are_never_more_than_one_call_apart(queued: list[int], calls: int) -> None:
    line = lined_up(**{f"team{n}": amount for n, amount in enumerate(queued)})
    count: Counter[str] = Counter({f"team{n}": 0 for n in range(len(queued))})
    for item in served(line, min(calls, 20 * len(queued))):
        count[item.split()[0]] += 1
        assert max(count.values()) - min(count.values()) <= 1


def test_a_newcomer_is_level_with_the_others_and_makes_up_for_nothing() -> None:
    line = lined_up(vision=50, nlp=50)
    served(line, 60)
    for n in range(10):
        line.enter(f"lab {n}", seats("lab"))
    assert Counter(item.split()[0] for item in served(line, 12)) == {"vision": 4, "nlp": 4, "lab": 4}


def test_a_share_that_asks_again_at_once_gains_no_turn() -> None:
    line = lined_up(vision=10)
    order = []
    line.enter("nlp", seats("nlp"))
    for _ in range(8):
        item = line.serve()
        assert item is not None
        order.append(item.split()[0])
        if order[-1] == "nlp":
            line.enter("nlp", seats("nlp"))
    assert order == ["vision", "nlp"] * 4


def test_a_reader_of_another_team_who_joins_the_hundredth_promotes_it() -> None:
    line = lined_up(vision=100)
    line.reseat("vision 99", seats("vision", "nlp"))
    assert served(line, 2) == ["vision 0", "vision 99"]
    assert len(served(line)) == 98  # and it is not served again in its first seat


def test_who_leaves_one_of_two_seats_waits_in_the_other() -> None:
    line = lined_up(vision=3)
    line.reseat("vision 2", seats("vision", "nlp"))
    line.reseat("vision 2", seats("vision"))
    assert served(line) == ["vision 0", "vision 1", "vision 2"]


def test_who_comes_again_goes_before_all_of_its_share_and_of_no_other() -> None:
    line = lined_up(vision=2, nlp=2)
    line.serve()
    line.enter("again", seats("vision"), first=True)
    assert served(line) == ["nlp 0", "again", "nlp 1", "vision 1"]


def test_interactive_goes_before_background() -> None:
    line: Line[str] = Line()
    line.enter("poll", seats("vision", background=True))
    line.enter("read", seats("nlp"))
    assert served(line) == ["read", "poll"]


def test_a_background_read_that_somebody_waits_for_is_interactive() -> None:
    line: Line[str] = Line()
    line.enter("poll", seats("vision", background=True))
    line.enter("read", seats("nlp"))
    line.reseat("poll", (Seat("vision", background=True), Seat("nlp", background=False)))
    assert line.waiting() == (2, 0)
    assert served(line) == ["read", "poll"]
    line.enter("poll", seats("vision", background=True))
    line.reseat("poll", (Seat("vision", background=True), Seat("lab", background=False)))
    line.enter("read", seats("nlp"))
    assert served(line) == ["poll", "read"]


def test_one_place_in_ten_is_backgrounds_while_it_waits() -> None:
    line = lined_up(vision=100)
    for n in range(3):
        line.enter(f"poll {n}", seats("nlp", background=True))
    order = served(line)
    assert [place for place, item in enumerate(order) if item.startswith("poll")] == [9, 19, 29]


def test_background_saves_no_places_up_while_it_does_not_wait() -> None:
    line = lined_up(vision=100)
    served(line, 50)
    line.enter("poll", seats("nlp", background=True))
    assert served(line).index("poll") == 9


def test_background_shares_take_turns_too() -> None:
    line: Line[str] = Line()
    for share in ("vision", "nlp"):
        for n in range(2):
            line.enter(f"{share} {n}", seats(share, background=True))
    assert served(line) == ["vision 0", "nlp 0", "vision 1", "nlp 1"]
    assert line.waiting() == (0, 0)


def test_one_who_has_no_seat_is_not_served() -> None:
    line = lined_up(vision=1)
    line.reseat("vision 0", ())
    assert line.serve() is None
    assert list(line) == ["vision 0"]


@pytest.mark.parametrize("first", [False, True])
def test_what_is_foretold_of_an_empty_line_is_nothing(first: bool) -> None:
    assert Line[str]().ahead(seats("vision"), first=first) == 0


CLASSES = st.builds(Seat, st.sampled_from(SHARES), st.booleans())
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["enter", "enter", "enter", "first", "reseat", "leave", "serve"]),
        st.integers(0, 1_000),
        st.lists(CLASSES, min_size=1, max_size=3, unique=True),
    ),
    max_size=60,
)


def played(
    steps: list[tuple[str, int, list[Seat]]], foretelling: list[Seat] | None = None
) -> tuple[Line[int], list[int], set[int]]:
    """A line after these steps, whom it served, and who waits; asked before each step to foretell of these seats."""
    line: Line[int] = Line()
    gone: list[int] = []
    waiting: set[int] = set()
    for number, (step, pick, where) in enumerate(steps):
        if foretelling:
            line.ahead(tuple(foretelling))
        some = sorted(waiting)[pick % len(waiting)] if waiting else None
        if step in ("enter", "first"):
            line.enter(number, where, first=step == "first")
            waiting.add(number)
        elif step == "reseat" and some is not None:
            line.reseat(some, where)
        elif step == "leave" and some is not None:
            line.leave(some)
            waiting.remove(some)
        elif step == "serve" and (item := line.serve()) is not None:
            gone.append(item)
            waiting.remove(item)
    return line, gone, waiting


@given(STEPS)
def test_whatever_comes_and_goes_nobody_is_lost_and_nobody_served_twice(
    steps: list[tuple[str, int, list[Seat]]],
) -> None:
    line, gone, waiting = played(steps)
    assert set(line) == waiting
    assert sum(line.waiting()) == len(line) == len(waiting)
    while (item := line.serve()) is not None:
        gone.append(item)
        waiting.remove(item)
    assert not waiting
    assert len(gone) == len(set(gone))


@given(STEPS, st.lists(CLASSES, min_size=1, max_size=3, unique=True), st.booleans())
def test_what_is_foretold_is_what_happens(
    steps: list[tuple[str, int, list[Seat]]], where: list[Seat], first: bool
) -> None:
    line, _, _ = played(steps, foretelling=where)
    foretold = line.ahead(tuple(where), first=first)
    assert line.ahead(tuple(where), first=first) == foretold
    line.enter(-1, where, first=first)
    before = 0
    while line.serve() != -1:
        before += 1
    assert foretold == before


@given(STEPS)
def test_foretelling_changes_nothing(steps: list[tuple[str, int, list[Seat]]]) -> None:
    (line, *_), (twin, *_) = played(steps, foretelling=[*seats("vision")]), played(steps)
    assert [line.serve() for _ in range(len(twin))] == [twin.serve() for _ in range(len(twin))]


@given(st.lists(st.tuples(st.sampled_from(SHARES), st.booleans()), max_size=200))
def test_background_waits_for_nine_others_at_most(arrivals: list[tuple[str, bool]]) -> None:
    line: Line[int] = Line()
    for number, (share, background) in enumerate(arrivals):
        line.enter(number, seats(share, background=background))
    kinds = [arrivals[item][1] for item in iter(line.serve, None)]
    left = list(accumulate(reversed(kinds), lambda background, kind: background or kind, initial=False))[::-1]
    run = 0
    for kind, background_waits in zip(kinds, left, strict=False):
        run = 0 if kind or not background_waits else run + 1
        assert run <= 9
