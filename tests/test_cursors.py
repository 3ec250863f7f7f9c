"""Cursors: sealed, bound to their listing, worth nothing altered; and where a place falls on a changed page."""

import base64
import string
from itertools import product

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gateway.cursors import Cursors, ListingCursors, PageRef, Place, found, mark
from gateway.errors import InvalidCursor

OLD, NEW = "an old secret of the tests", "a new secret of the tests"
LISTING = ("vision", ("churn-hpo", "NAME", "ASCENDING", None))
SIGNS = string.ascii_letters + string.digits + "-_"
LONGEST_TOKEN = 8192

tokens = st.text(st.characters(codec="utf-8"), min_size=1) | st.text(SIGNS + "+/=", min_size=1, max_size=LONGEST_TOKEN)
pages = st.builds(PageRef, st.none() | tokens, st.integers(0, 2**32 - 1), st.booleans())
marks = st.binary(min_size=5, max_size=5).filter(any)
sides = st.lists(marks, max_size=2).map(tuple)
places = st.builds(Place, pages, st.integers(0, 100), sides, sides, st.booleans())
names = st.lists(st.text(SIGNS, min_size=1, max_size=8), unique=True, max_size=12)
START = Place(PageRef(None, 0), 0)


def of(*listing: object, secrets: tuple[str, ...] = (NEW,)) -> ListingCursors:
    return Cursors(secrets).of(*listing or LISTING)


@given(places)
@example(START)
@example(Place(PageRef("t" * LONGEST_TOKEN, 7, turned=True), 100, (mark("churn-042", None),), on_a_row=True))
@example(
    Place(PageRef("\N{GRINNING FACE}" * LONGEST_TOKEN, 2**32 - 1), 2**14 - 1, (b"\xff" * 5,) * 2, (b"\xff" * 5,) * 2)
)
def test_a_cursor_opens_to_the_place_it_was_made_of(place: Place) -> None:
    assert of().open(of().seal(place)) == place


@given(places)
def test_one_place_gives_one_text_in_every_replica(place: Place) -> None:
    text = of().seal(place)
    assert text == of().seal(place)
    assert text == of(secrets=(NEW, OLD)).seal(place)


@given(places)
def test_a_cursor_travels_in_an_address_as_it_is(place: Place) -> None:
    assert set(of().seal(place)) <= set(SIGNS)


def test_places_of_one_page_have_different_cursors() -> None:
    page, sides = PageRef("token", 3), [(), (mark("a", None),), (mark("b", None),)]
    apart = [
        Place(page, skip, *around, on_a_row=on)
        for skip in range(10)
        for around in product(sides, sides)
        for on in (True, False)
    ]
    assert len({of().seal(place) for place in apart}) == len(apart)


def test_a_page_of_the_listing_turned_around_has_other_cursors() -> None:
    straight, turned = (Place(PageRef("token", 3, turned=turned), 4) for turned in (False, True))
    assert of().seal(straight) != of().seal(turned)


def test_a_cursor_of_a_first_page_is_short() -> None:
    row = Place(PageRef(None, 0), 7, (mark("a", None),) * 2, (mark("b", None),) * 2, on_a_row=True)
    assert len(of().seal(row)) < 90


@given(places, st.data())
def test_a_cursor_with_one_character_changed_is_invalid(place: Place, data: st.DataObject) -> None:
    text = of().seal(place)
    index = data.draw(st.integers(0, len(text) - 1) | st.sampled_from([0, len(text) - 1]))
    sign = data.draw(st.sampled_from(SIGNS) | st.characters())
    assume(sign != text[index])
    with pytest.raises(InvalidCursor):
        of().open(text[:index] + sign + text[index + 1 :])


@given(places, st.data())
def test_a_cursor_with_one_character_removed_or_added_is_invalid(place: Place, data: st.DataObject) -> None:
    text = of().seal(place)
    index = data.draw(st.integers(0, len(text) - 1) | st.sampled_from([0, len(text) - 1]))
    sign = data.draw(st.sampled_from(SIGNS + "= \n"))
    for altered in (text[:index] + text[index + 1 :], text[:index] + sign + text[index:], text + sign):
        with pytest.raises(InvalidCursor):
            of().open(altered)


@given(places, st.data())
def test_a_cursor_with_one_bit_turned_is_invalid(place: Place, data: st.DataObject) -> None:
    text = of().seal(place)
    raw = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    # Also its last bytes and its first: MAC, place, version and length are where an alteration would pay.
    at = data.draw(st.integers(0, len(raw) - 1) | st.integers(len(raw) - 38, len(raw) - 1) | st.integers(0, 2))
    raw[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(InvalidCursor):
        of().open(base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


@given(places)
@example(START)
@example(Place(PageRef("token", 3), 4, (mark("churn-003", None),)))
def test_a_cursor_of_another_team_or_listing_is_invalid(place: Place) -> None:
    team, (job, *order) = LISTING
    others = [("nlp", (job, *order)), (team, ("fraud-hpo", *order)), (team, (job, "STATUS", "ASCENDING", None)), ("",)]
    for other in others:
        with pytest.raises(InvalidCursor):
            of().open(of(*other).seal(place))


def test_parts_of_two_cursors_do_not_make_a_third() -> None:
    one, two = (of().seal(Place(PageRef(token, 1), 1, (mark("a", None),))) for token in ("token-1", "token-2"))
    raw_one, raw_two = (base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) for text in (one, two))
    for cut in range(1, len(raw_one)):
        mixed = raw_one[:cut] + raw_two[cut:]
        if mixed in (raw_one, raw_two):
            continue
        with pytest.raises(InvalidCursor):
            of().open(base64.urlsafe_b64encode(mixed).rstrip(b"=").decode())


@given(places)
def test_the_first_secret_seals_and_every_secret_opens(place: Place) -> None:
    before, during, after = of(secrets=(OLD,)), of(secrets=(NEW, OLD)), of(secrets=(NEW,))
    assert during.open(before.seal(place)) == place
    assert after.open(during.seal(place)) == place
    for removed in (before.seal(place), of(secrets=(OLD, NEW)).seal(place)):
        with pytest.raises(InvalidCursor):
            after.open(removed)


@given(st.text(SIGNS, min_size=8, max_size=400))
def test_a_token_cannot_be_read_in_a_cursor(token: str) -> None:
    text = of().seal(Place(PageRef(token, 1), 10, (mark("churn-009", None),)))
    assert token not in text
    assert token.encode() not in base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for shift in range(3):
        encoded = base64.urlsafe_b64encode(b"\0" * shift + token.encode()).decode()
        assert encoded.rstrip("=")[4:-4] not in text


@given(st.text(st.characters()) | st.text(SIGNS, max_size=200))
@example("")
@example("AQ")
@example("\ud800")
@example("AQ==")
def test_whatever_is_not_a_cursor_is_invalid_and_nothing_else(text: str) -> None:
    with pytest.raises(InvalidCursor) as refused:
        of().open(text)
    assert "only first, after, last and before may change" in str(refused.value)


@given(st.binary(max_size=300), st.booleans())
def test_bytes_that_look_like_a_cursor_are_invalid_and_nothing_else(noise: bytes, well_headed: bool) -> None:
    head = b"\x02" + max(len(noise) - 38, 0).to_bytes(2, "big") if well_headed else b""
    with pytest.raises(InvalidCursor):
        of().open(base64.urlsafe_b64encode(head + noise).rstrip(b"=").decode())


def _around(rows: list[str], index: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The marks before and behind the place in front of a row, the nearest first."""
    known = [mark(row, None) for row in rows]
    return tuple(reversed(known[:index])), tuple(known[index:])


@given(names, names, st.data())
def test_rows_that_stand_still_lead_the_way_whatever_comes_and_goes_around_them(
    still: list[str], movers: list[str], data: st.DataObject
) -> None:
    """Rows of one order, of which some come and go: no still row falls on the wrong side of a place."""
    rows = sorted({*still, *movers})
    before, after = ([row for row in rows if row in still or data.draw(st.booleans())] for _ in range(2))
    index = data.draw(st.integers(0, len(before)))
    at = found(*_around(before, index), [mark(row, None) for row in after])
    if at is None:
        assert not set(before) & set(after)
    else:
        assert [row for row in after[:at] if row in still] == [row for row in before[:index] if row in still]


@given(names, st.data())
def test_a_row_that_has_moved_by_itself_is_not_followed(rows: list[str], data: st.DataObject) -> None:
    assume(len(rows) > 1)
    index = data.draw(st.integers(1, len(rows) - 1))
    moved = [mark(row, "Completed" if at == index - 1 else "InProgress") for at, row in enumerate(rows)]
    elsewhere = moved[index:] + moved[:index]
    was = [mark(row, "InProgress") for row in rows]
    assert found(reversed(was[:index]), was[index:], elsewhere) == 0


@given(names)
def test_where_no_row_around_a_place_is_left_nothing_is_found(rows: list[str]) -> None:
    gone = (mark("gone!", None),)
    assert found(gone, gone, [mark(row, None) for row in rows]) is None
    assert found((), (), [mark(row, None) for row in rows]) is None


def test_a_text_longer_than_any_cursor_is_invalid_before_it_is_decoded() -> None:
    with pytest.raises(InvalidCursor):
        Cursors(["a secret of the tests"]).of("listing").open("A" * 120_000)
