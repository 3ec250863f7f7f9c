"""How many bytes remembering a value takes: near enough to what tracemalloc sees of it."""

import tracemalloc
from datetime import UTC, datetime

import pytest

from gateway.model.page import Page
from gateway.reads.weight import weight


def page(rows: int) -> Page[tuple[object, ...]]:
    return Page(
        tuple(
            [
                (
                    f"job-{row}",
                    datetime.fromtimestamp(row, UTC),
                    float(row) / 3,
                    tuple([f"{row}-{n}" for n in range(5)]),
                )
                for row in range(rows)
            ]
        ),
        "token" * 100,
    )


@pytest.mark.parametrize("rows", [10, 100])
def test_a_page_weighs_about_what_it_takes_in_memory(rows: int) -> None:
    # They empty the interpreter's lists of free tuples, up to 2,000 of each length, which would go untraced.
    others = [page(500) for _ in range(5)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = page(rows)
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert others
    assert 0.6 * taken < weight(kept) - weight(None) < 1.4 * taken


def test_what_stands_in_a_value_twice_weighs_once() -> None:
    text = "x" * 1_000
    assert weight((text, text)) < weight((text, "y" * 1_000)) - 900


def test_that_there_is_nothing_weighs_something_too() -> None:
    assert weight(None) > 0
