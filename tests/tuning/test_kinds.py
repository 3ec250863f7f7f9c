"""How many reads some kinds are."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from gateway.tuning.kinds import Kinds, Size

SIZES = st.integers(0, 3).flatmap(lambda ways: st.lists(st.tuples(*[st.integers(0, 4)] * ways), max_size=5))


@given(SIZES)
def test_what_lies_in_several_boxes_of_one_kind_is_one_read(sizes: list[Size]) -> None:
    kinds = Kinds()
    for size in sizes:
        kinds.add(size, "details", "of some jobs")
    places = {place for size in sizes for place in product(*map(range, size))}
    assert kinds.total() == kinds.total("details") == len(places)


def test_kinds_are_added_up_and_told_by_their_first_word() -> None:
    kinds = Kinds()
    kinds.add((2, 3), "details", "of one")
    kinds.add((2, 3), "details", "of another")
    kinds.add((), "tuning job")
    assert (kinds.total(), kinds.total("details"), kinds.total("tags")) == (13, 12, 0)
