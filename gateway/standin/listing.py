"""One page of a list: where it starts, what is cut, what is filtered, what follows.

Knows rows and arguments, not what the rows are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from gateway.standin.paging import Tokens
from gateway.standin.switches import FilterMode

DEFAULT_PAGE = 10  # "The default value is 10"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Pager:
    """How one call is paged."""

    tokens: Tokens
    pin: bytes
    filter_mode: FilterMode

    def page(
        self,
        rows: Sequence[Row],
        arguments: Mapping[str, Any],
        keep: Callable[[Row], bool] = lambda _: True,
        default_size: int = DEFAULT_PAGE,
    ) -> tuple[list[Row], str | None]:
        """The rows of the page the arguments ask for, and the token of the next one unless nothing is left.

        SageMaker cuts the page first and filters what it cut: a page may be short or empty and yet have a successor.
        """
        if self.filter_mode == "filter-then-page":
            rows = [row for row in rows if keep(row)]
        token = arguments.get("NextToken")
        start = self.tokens.open(self.pin, token) if token else 0
        end = start + (arguments.get("MaxResults") or default_size)
        following = self.tokens.issue(self.pin, end) if end < len(rows) else None
        return [row for row in rows[start:end] if keep(row)], following


def in_order(rows: list[Row], key: Callable[[Row], tuple[Any, ...]], order: str | None) -> list[Row]:
    """The rows sorted; AWS's default is Ascending. Keys end with the name, so that no two rows tie."""
    return sorted(rows, key=key, reverse=order == "Descending")
