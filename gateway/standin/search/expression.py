"""A SearchExpression, in all its depth, made into one test of records.

The limits are AWS's. NestedFilters are not known here: who sends one is told so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.standin.failures import bad_search
from gateway.standin.search.comparison import Keep, keep_by
from gateway.standin.search.properties import Properties

MOST_IN_ONE = 20  # "a SearchExpression can contain up to twenty elements"
MOST_IN_ALL = 50  # "the maximum number of recursive SubExpressions, NestedFilters, and Filters"

Expression = Mapping[str, Any]


def keep_of(expression: Expression, properties: Properties) -> Keep:
    """The test. Raises RefusedError if the expression is too large, empty or asks for what there is not."""
    _check(list(_with_all_inside(expression)))
    return _keep(expression, properties)


def _with_all_inside(expression: Expression) -> Iterator[Expression]:
    yield expression
    for inner in _parts(expression, "SubExpressions"):
        yield from _with_all_inside(inner)


def _check(expressions: list[Expression]) -> None:
    sizes = [_size(expression) for expression in expressions]
    if 0 in sizes:
        raise bad_search("You must provide at least one subexpression, filter, or nested filter.")
    if max(sizes) > MOST_IN_ONE:
        raise bad_search(f"A SearchExpression can contain up to {MOST_IN_ONE} elements.")
    if sum(sizes) > MOST_IN_ALL:
        raise bad_search(f"A SearchExpression can contain up to {MOST_IN_ALL} elements in all its depth.")
    if any(_parts(expression, "NestedFilters") for expression in expressions):
        raise bad_search("The stand-in does not know NestedFilters.")
    filters = [each for expression in expressions for each in _parts(expression, "Filters")]
    # AWS does not say whether a subexpression may have a CONTAINS of its own; here it may not.
    if sum(each.get("Operator") == "Contains" for each in filters) > 1:
        raise bad_search("'CONTAINS' operator usage limit of 1 exceeded.")


def _parts(expression: Expression, kind: str) -> list[Expression]:
    return [part for part in expression.get(kind) or () if part is not None]


def _size(expression: Expression) -> int:
    return sum(len(_parts(expression, kind)) for kind in ("Filters", "NestedFilters", "SubExpressions"))


def _keep(expression: Expression, properties: Properties) -> Keep:
    keeps = [
        keep_by(properties.named(each["Name"]), each.get("Operator") or "Equals", each.get("Value"))
        for each in _parts(expression, "Filters")
    ]
    keeps += [_keep(inner, properties) for inner in _parts(expression, "SubExpressions")]
    if expression.get("Operator") == "Or":
        return lambda record: any(keep(record) for keep in keeps)
    return lambda record: all(keep(record) for keep in keeps)
