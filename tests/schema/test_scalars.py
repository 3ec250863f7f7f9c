"""DateTime and Long, as they come in and go out."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from graphql import GraphQLError
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.model.numbers import Long
from gateway.schema.scalars import SCALARS, written

DATE_TIME, LONG = SCALARS[datetime], SCALARS[Long]
EASTERN = timezone(timedelta(hours=-5))

offsets = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda delta: timezone(timedelta(minutes=delta // timedelta(minutes=1)))
)
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=offsets).map(  # noqa: DTZ001  # hypothesis adds them
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


def parsed(value: object) -> object:
    assert DATE_TIME.parse_value is not None
    return DATE_TIME.parse_value(value)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 23, 8, tzinfo=UTC), "2026-11-23T08:00:00Z"),
        (datetime(2026, 11, 23, 8, 0, 0, 120_000, UTC), "2026-11-23T08:00:00.120Z"),
        (datetime(2026, 11, 23, 8, 0, 0, 999_999, UTC), "2026-11-23T08:00:00.999Z"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=EASTERN), "2026-11-24T04:30:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    ],
)
def test_a_time_goes_out_in_utc_with_milliseconds_where_there_are_any(moment: datetime, text: str) -> None:
    assert DATE_TIME.serialize is not None
    assert DATE_TIME.serialize(moment) == written(moment) == text


@given(moments)
def test_a_time_that_went_out_comes_in_as_it_was(moment: datetime) -> None:
    back = parsed(written(moment))
    assert back == moment
    assert isinstance(back, datetime)
    assert back.tzinfo is UTC


@given(moments)
def test_any_offset_will_do(moment: datetime) -> None:
    back = parsed(moment.isoformat())
    assert isinstance(back, datetime)
    assert (back, back.tzinfo) == (moment, UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-23T08:00:00",
        "2026-11-23",
        "2026-13-23T08:00:00Z",
        "2026-11-23T25:00:00Z",
        "2026-11-23T08:00:00+25:00",
        "08:00:00Z",
        "now",
        "",
        "1790000000",
        1_790_000_000,
        1.5,
        True,
        None,
        [],
        datetime(2026, 11, 23, tzinfo=UTC),
    ],
)
def test_a_time_without_an_offset_or_in_any_other_form_is_refused_with_an_example(value: object) -> None:
    with pytest.raises(GraphQLError, match=r'RFC 3339 with an offset, for example "2026-11-23T08:00:00Z"\.$'):
        parsed(value)


@given(st.integers(-(2**63) + 1, 2**63 - 1))
@example(2**63 - 1)
@example(-(2**63) + 1)
@example(0)
@example(2**31)
def test_a_long_goes_in_and_out_as_it_is(number: int) -> None:
    assert LONG.serialize is not None
    assert LONG.parse_value is not None
    assert LONG.serialize(number) == LONG.parse_value(number) == number


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**30, 1.0, 1.5, "1", True, False, None, [1], float("nan")])
def test_what_is_no_whole_number_of_64_bits_is_refused_both_ways(value: object) -> None:
    assert LONG.serialize is not None
    assert LONG.parse_value is not None
    for way in (LONG.serialize, LONG.parse_value):
        with pytest.raises(GraphQLError, match=r"Long takes a whole number of 64 bits\.$"):
            way(value)


def test_both_scalars_go_by_the_names_of_the_contract() -> None:
    assert (DATE_TIME.name, LONG.name) == ("DateTime", "Long")
    assert DATE_TIME.specified_by_url == "https://www.rfc-editor.org/rfc/rfc3339"


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_moment_beyond_the_calendar_is_refused_like_any_other_text(text: str) -> None:
    with pytest.raises(GraphQLError, match="RFC 3339"):
        SCALARS[datetime].parse_value(text)  # type: ignore[misc]  # ours has one
