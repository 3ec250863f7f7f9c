"""A compiled operation answers what graphql-core answers, to the byte: its data, its errors, and what it asks for."""

import asyncio
from collections import Counter
from dataclasses import fields, is_dataclass
from typing import Any

import orjson
from graphql import parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.model.target import Target
from gateway.schema import Document, Documents, Limits, executable
from gateway.schema.compiled import Compiler, Plans, Running
from gateway.schema.node import global_id
from tests.schema.compiled.given import Given, failing_uses, uses
from tests.schema.compiled.operations import operations
from tests.schema.test_node import tuning_job

SCHEMA = executable()
LIMITS = Limits()
COMPILED = Documents(SCHEMA, introspection=True, limits=LIMITS)
STOCK = Documents(SCHEMA, introspection=True, limits=LIMITS, compiled=False)
ID = global_id(tuning_job(Target("111122223333", "us-east-1"), "hpo"))
_ASYNC = frozenset({"details", "tags", "warmStart", "overallBestTrainingJob"})

variables = st.fixed_dictionaries(
    {"name": st.sampled_from(["vision", "lr"])}
    | {name: st.just(value) for name, value in (("yes", True), ("no", False), ("id", ID))},
    optional={"first": st.sampled_from([None, 1, 2, 100])},
)
some = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def answer(documents: Documents, text: str, given: Given, values: dict[str, Any]) -> bytes:
    """The response as it is sent."""
    document = Document(parse(text))
    return orjson.dumps(asyncio.run(documents.execute(document, given.context(), values, None)))


@some
@given(operations(SCHEMA), uses(), variables)
def test_data_are_equal_to_the_byte_and_nothing_is_asked_twice(text: str, use: Given, values: dict[str, Any]) -> None:
    expected = answer(STOCK, text, use, values)
    asked, use.asked = use.asked, Counter()
    assert answer(COMPILED, text, use, values) == expected
    assert use.asked == asked
    assert answer(COMPILED, text, use, values) == expected  # now from what was written


@some
@given(operations(SCHEMA), uses(), variables)
def test_no_operation_over_good_data_is_left_to_graphql_core(text: str, use: Given, values: dict[str, Any]) -> None:
    prepared = Compiler(SCHEMA).prepare(parse(text), Plans(), values, None)
    assert prepared is not None
    data = asyncio.run(_data(Running(prepared, use.context())))
    assert orjson.loads(answer(STOCK, text, use, values))["data"] == orjson.loads(orjson.dumps(data))


async def _data(running: Running) -> dict[str, Any]:
    data, later = running.begun()
    if later is not None:
        await later
    return data


@some
@given(operations(SCHEMA), failing_uses(), variables)
def test_errors_of_resolvers_are_equal(text: str, use: Given, values: dict[str, Any]) -> None:
    assert answer(COMPILED, text, use, values) == answer(STOCK, text, use, values)


_WRONG = st.sampled_from([None, "word", 2**40, 1.5, float("inf"), float("nan"), (), (None,), True, ValueError("wrong")])


def _parts(value: object) -> list[object]:
    """An object of the model with all that hangs on it."""
    if isinstance(value, tuple):
        return [part for item in value for part in _parts(item)]
    if not is_dataclass(value):
        return []
    return [value, *[part for field in fields(value) for part in _parts(getattr(value, field.name))]]


@some
@given(operations(SCHEMA, but=_ASYNC), uses(), variables, st.data())
def test_errors_of_values_are_equal(text: str, use: Given, values: dict[str, Any], data: st.DataObject) -> None:
    parts = [part for jobs in use.objects for part in _parts(jobs)]
    for _ in range(data.draw(st.integers(1, 4)) if parts else 0):
        part: Any = data.draw(st.sampled_from(parts))
        object.__setattr__(part, data.draw(st.sampled_from([field.name for field in fields(part)])), data.draw(_WRONG))
    assert _or_error(COMPILED, text, use, values) == _or_error(STOCK, text, use, values)


def _or_error(documents: Documents, text: str, use: Given, values: dict[str, Any]) -> bytes | str:
    try:
        return answer(documents, text, use, values)
    except (TypeError, orjson.JSONEncodeError) as error:  # what graphql-core lets through and JSON does not
        return str(error)
