"""What was written of an object is kept as long as the object, and no longer."""

from dataclasses import dataclass

import orjson
from hypothesis import given
from hypothesis import strategies as st

from gateway.schema.compiled.written import Written


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Row:
    """Something that can be referred to weakly, equal to others of its name."""

    name: str


class Reads:
    """Reads rows, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, row: Row | None) -> dict[str, str] | None:
        self.count += 1
        return None if row is None else {"name": row.name}


def _text(fragment: orjson.Fragment) -> object:
    return orjson.loads(orjson.dumps(fragment))


def test_an_object_is_read_once_for_each_selection() -> None:
    written, one, two, row = Written(), Reads(), Reads(), Row("a")
    first, second = written.each(one), written.each(two)
    for _ in range(3):
        assert _text(first([row, row])) == _text(second([row, row])) == [{"name": "a"}, {"name": "a"}]
    assert (one.count, two.count) == (1, 1)


def test_equal_objects_are_not_the_same_object() -> None:
    reads = Reads()
    rows = [Row("a"), Row("a")]
    assert _text(Written().each(reads)(rows)) == [{"name": "a"}, {"name": "a"}]
    assert reads.count == 2


@given(st.lists(st.text(max_size=3), max_size=40))
def test_what_was_written_goes_with_its_object(names: list[str]) -> None:
    write = Written().each(Reads())
    for name in names:  # each takes the memory, and so the identity, of the one before
        assert _text(write([Row(name)])) == [{"name": name}]
    assert write.__self__._known == {}  # type: ignore[attr-defined]  # noqa: SLF001  # what a function is bound to
    assert write.__self__._objects == {}  # type: ignore[attr-defined]  # noqa: SLF001  # as above


def test_an_object_by_itself_is_read_once_too() -> None:
    reads, row = Reads(), Row("a")
    write = Written().one(reads)
    assert _text(write(row)) == _text(write(row)) == {"name": "a"}
    assert reads.count == 1


def test_what_has_gone_with_its_object_takes_no_room() -> None:
    reads, row = Reads(), Row("in use")
    write = Written(most_bytes=2_000).one(reads)
    for number in range(100):
        write(row)
        write(Row(str(number)))
    assert reads.count == 1 + 100


def test_what_cannot_be_watched_is_read_each_time() -> None:
    reads = Reads()
    write = Written().each(reads)
    for _ in range(2):
        assert _text(write([None])) == [None]
    assert reads.count == 2


def test_when_full_all_is_forgotten_and_what_is_in_use_is_soon_back() -> None:
    reads, rows = Reads(), [Row(str(number)) for number in range(10)]
    write = Written(most_bytes=2_000).each(reads)
    for _ in range(3):
        assert _text(write(rows)) == [{"name": row.name} for row in rows]
    assert 10 < reads.count <= 30
