"""Durations as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config import seconds


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("500ms", 0.5),
        ("5s", 5.0),
        ("15m", 900.0),
        ("6h", 21_600.0),
        ("1d", 86_400.0),
        ("1.5h", 5_400.0),
        ("5", 5.0),
        ("0.25", 0.25),
        (" 5s ", 5.0),
        ("0s", 0.0),
        (5, 5.0),
        (2.5, 2.5),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: object, length: float) -> None:
    assert seconds(text) == pytest.approx(length)


@pytest.mark.parametrize(
    "text",
    ["", " ", "s", "5 s", "5S", "5sec", "5 minutes", "-5s", "+5s", "1h30m", "1e3", ".5s", "5.s", "1_000", "inf", "nan"],
)
def test_anything_else_is_refused_with_examples_and_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="takes a number and a unit") as refused:
        seconds(text)
    assert str(refused.value) == 'takes a number and a unit, such as "500ms", "5s", "15m", "6h" or "1d"'


@pytest.mark.parametrize("value", [None, True, [], {}, b"5s"])
def test_what_is_no_text_and_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="takes a number and a unit"):
        seconds(value)


@given(st.integers(0, 10**6), st.sampled_from([("ms", 0.001), ("", 1), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]))
def test_every_unit_counts_its_seconds(number: int, unit: tuple[str, float]) -> None:
    name, length = unit
    assert seconds(f"{number}{name}") == pytest.approx(number * length)
    assert seconds(f"{number}.0{name}") == seconds(f"{number}{name}")


@given(st.text())
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    try:
        assert seconds(text) >= 0
    except ValueError as error:
        assert "takes a number" in str(error)  # noqa: PT017  # either outcome is right, and this one has a wording
