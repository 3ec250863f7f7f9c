"""The generated functions: they answer what graphql-core would, or nothing."""

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from graphql import (
    Executor,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    Undefined,
    is_introspection_type,
    is_leaf_type,
)

from gateway.errors import GatewayError
from gateway.model.words import TrainingJobStatus, TuningJobStatus
from gateway.schema import executable
from gateway.schema.compiled.reading import Source

LEAVES: dict[str, Any] = {
    name: named
    for name, named in executable().type_map.items()
    if is_leaf_type(named) and not is_introspection_type(named)
}
MOMENT = datetime(2026, 11, 23, 8, 0, 0, 5000, UTC)


class Text(str):
    """A text that is not quite one."""

    __slots__ = ()


class Number(int):
    """A number that is not quite one."""

    __slots__ = ()


VALUES: list[Any] = [
    *("", "word", "7", "COMPLETED", "Completed", Text("word"), "\ud800"),
    *(0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63 - 1, 2**63, -(2**63) - 1, Number(7)),
    *(0.0, -0.0, 1.5, 2.0, 1e300, math.inf, -math.inf, math.nan, Decimal("1.5")),
    *(True, False, None, Undefined, b"word", (), [], {}, object, ValueError("wrong"), GatewayError("Odd.")),
    *(MOMENT, MOMENT.replace(microsecond=0), MOMENT.replace(tzinfo=None), datetime(1, 1, 1, tzinfo=UTC)),
    MOMENT.astimezone(timezone(timedelta(hours=-7))),
    *(TrainingJobStatus.COMPLETED, TuningJobStatus.COMPLETED, *TrainingJobStatus),
]


def _completed(type_: GraphQLOutputType, value: object) -> Any:
    """What a generated function makes of a value of a type, or the exception."""
    source = Source(None)
    read = source.function(f"return {source.value(type_, None, 'o')}")
    try:
        return read(value)
    except Exception as error:  # noqa: BLE001  # whichever it is
        return error


def _expected(type_: GraphQLLeafType, value: object) -> Any:
    """What graphql-core makes of it, or the exception."""
    if isinstance(value, Exception):
        return value
    try:
        return Executor.complete_leaf_value(type_, value)
    except Exception as error:  # noqa: BLE001  # whichever it is
        return error


@pytest.mark.parametrize("type_", LEAVES.values(), ids=LEAVES)
def test_a_leaf_is_what_graphql_core_makes_of_it_or_nothing(type_: GraphQLLeafType) -> None:
    answered = 0
    for value in VALUES:
        found, expected = _completed(GraphQLNonNull(type_), value), _expected(type_, value)
        if isinstance(expected, Exception):
            assert isinstance(found, Exception), value
        elif not isinstance(found, Exception):
            answered += 1
            assert (found, type(found)) == (expected, type(expected))
            assert math.copysign(1, found) == math.copysign(1, expected) if isinstance(found, float) else True
    assert answered > 0 or type_.name not in {"String", "ID", "Int", "Float", "Boolean", "DateTime", "Long"}


@pytest.mark.parametrize("type_", [each for each in LEAVES.values() if hasattr(each, "wrapped_cls")], ids=str)
def test_every_word_of_a_vocabulary_is_answered(type_: Any) -> None:
    members: list[Enum] = list(type_.wrapped_cls)
    assert [_completed(type_, member) for member in members] == [_expected(type_, member) for member in members]
    assert not any(isinstance(_completed(type_, member), Exception) for member in members)


@pytest.mark.parametrize("type_", LEAVES.values(), ids=LEAVES)
def test_null_is_answered_where_it_may_stand_and_nowhere_else(type_: GraphQLLeafType) -> None:
    assert _completed(type_, None) is None
    assert _completed(GraphQLList(type_), None) is None
    assert _completed(GraphQLList(type_), (None,)) == [None]
    for refusing in (GraphQLNonNull(type_), GraphQLNonNull(GraphQLList(type_))):
        assert isinstance(_completed(refusing, None), Exception)
    assert isinstance(_completed(GraphQLList(GraphQLNonNull(type_)), (None,)), Exception)


@pytest.mark.parametrize("value", ["text", {"a": 1}, 7, iter(()), b"bytes", {1}])
def test_only_what_surely_is_a_list_is_read_as_one(value: object) -> None:
    assert isinstance(_completed(GraphQLList(LEAVES["String"]), value), TypeError)
