"""Every constraint of the model is held, and broken ones are told in AWS's words."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest
import regex
from botocore.model import ListShape, MapShape, Shape, StructureShape

from gateway.standin import ServiceShapes, Standin, World, tuning_job_plan
from gateway.standin.operations import OPERATIONS

Send = Callable[..., Awaitable[tuple[int, dict[str, Any], Mapping[str, str]]]]

LIST = "ListTrainingJobsForHyperParameterTuningJob"
JOB = {"HyperParameterTuningJobName": "churn-hpo"}


class Violation(NamedTuple):
    """Arguments that break one constraint, and what AWS says of it."""

    operation: str
    arguments: dict[str, Any]
    path: str
    constraint: str


def violations(operation: str, shapes: ServiceShapes) -> Iterator[Violation]:
    """One for each constraint in the whole depth of an operation's input."""
    shape = shapes.input_shape(operation)
    assert shape is not None
    for arguments, path, constraint in _inside(shape, ""):
        yield Violation(operation, arguments, path, constraint)


Broken = tuple[Any, str, str]  # a value, the path of what is wrong in it, and what


def _inside(shape: Shape, path: str, around: tuple[str, ...] = ()) -> Iterator[Broken]:
    if shape.name in around:
        return  # a SearchExpression holds SearchExpressions: one turn is enough
    around = (*around, shape.name)
    if isinstance(shape, StructureShape):
        yield from _in_members(shape, path, around)
    elif isinstance(shape, ListShape):
        yield from _in_items(shape, path, around)
    elif isinstance(shape, MapShape):
        for value, _, constraint in _own(shape.key, path):
            yield {value: "a"}, path, f"Map keys must satisfy constraint: [{constraint}"
        for value, _, constraint in _own(shape.value, path):
            yield {"a": value}, path, f"Map value must satisfy constraint: [{constraint}"


def _in_members(shape: StructureShape, path: str, around: tuple[str, ...]) -> Iterator[Broken]:
    for name, member in shape.members.items():
        inner = f"{path}.{name[0].lower()}{name[1:]}".lstrip(".")
        if name in shape.required_members:
            yield {}, inner, "Member must not be null"
        for value, where, constraint in (*_own(member, inner), *_inside(member, inner, around)):
            yield {name: value}, where, constraint


def _in_items(shape: ListShape, path: str, around: tuple[str, ...]) -> Iterator[Broken]:
    if isinstance(shape.member, StructureShape):
        for value, where, constraint in _inside(shape.member, f"{path}.1.member", around):
            yield [value], where, constraint
    else:
        for value, _, constraint in _own(shape.member, path):
            yield [value], path, f"Member must satisfy constraint: [{constraint}"


def _own(shape: Shape, path: str) -> Iterator[Broken]:
    limits = shape.metadata
    number = shape.type_name in ("integer", "long", "float")
    noun = "value" if number else "length"
    if "max" in limits:
        value = limits["max"] + 1 if number else _sized(shape, limits["max"] + 1)
        yield value, path, f"Member must have {noun} less than or equal to {limits['max']}"
    if limits.get("min", 0) > 0:
        value = limits["min"] - 1 if number else _sized(shape, limits["min"] - 1)
        yield value, path, f"Member must have {noun} greater than or equal to {limits['min']}"
    if "enum" in limits:
        yield "Nope", path, f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
    unfit = _unfit(limits.get("pattern"), limits.get("min", 1))
    if unfit is not None:
        yield unfit, path, f"Member must satisfy regular expression pattern: {limits['pattern']}"


def _sized(shape: Shape, size: int) -> Any:
    if shape.type_name == "list":
        return [None] * size
    return {f"k{n}": None for n in range(size)} if shape.type_name == "map" else "a" * size


def _unfit(pattern: str | None, size: int) -> str | None:
    """A string of that size the pattern does not match; None for a pattern that matches everything."""
    texts = (character * max(1, size) for character in ("\n", "-"))
    return next((text for text in texts if pattern and not regex.fullmatch(pattern, text)), None)


SHAPES = ServiceShapes()
SERVED = [case for operation in OPERATIONS for case in violations(operation, SHAPES)]


@pytest.mark.parametrize("case", SERVED, ids=lambda case: f"{case.operation}-{case.path}-{case.constraint[:28]}")
async def test_a_served_operation_refuses_each_violation(send: Send, case: Violation) -> None:
    status, body, headers = await send(case.operation, case.arguments)
    assert (status, body["__type"], headers["x-amzn-ErrorType"]) == (400, *["ValidationException"] * 2)
    assert f"at '{case.path}' failed to satisfy constraint: {case.constraint}" in body["message"]


NAME = "hyperParameterTuningJobName"


@pytest.mark.parametrize(
    ("arguments", "problems"),
    [
        (JOB | {"MaxResults": 101}, ["'101' at 'maxResults'|Member must have value less than or equal to 100"]),
        (JOB | {"MaxResults": 0}, ["'0' at 'maxResults'|Member must have value greater than or equal to 1"]),
        (
            JOB | {"SortOrder": "Sideways"},
            ["'Sideways' at 'sortOrder'|Member must satisfy enum value set: [Ascending, Descending]"],
        ),
        (
            {"HyperParameterTuningJobName": "-"},
            [f"'-' at '{NAME}'|Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){{0,31}}"],
        ),
        (
            {"MaxResults": 1_000},
            [
                f"null at '{NAME}'|Member must not be null",
                "'1000' at 'maxResults'|Member must have value less than or equal to 100",
            ],
        ),
    ],
)
async def test_the_text_is_that_of_aws(send: Send, arguments: dict[str, Any], problems: list[str]) -> None:
    _, body, _ = await send(LIST, arguments)
    count = "1 validation error detected" if len(problems) == 1 else f"{len(problems)} validation errors detected"
    sentences = [f"Value {problem.replace('|', ' failed to satisfy constraint: ')}" for problem in problems]
    assert body == {"__type": "ValidationException", "message": f"{count}: {'; '.join(sentences)}"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (JOB | {"MaxResults": "10"}, "STRING_VALUE cannot be converted to Integer"),
        (JOB | {"MaxResults": True}, "TRUE_VALUE cannot be converted to Integer"),
        (JOB | {"MaxResults": 1.5}, "NUMBER_VALUE cannot be converted to Integer"),
        (JOB | {"NextToken": 5}, "NUMBER_VALUE cannot be converted to String"),
        (JOB | {"NextToken": ["x"]}, "Start of list found where not expected."),
        (JOB | {"NextToken": {}}, "Start of structure or map found where not expected."),
        ([1], "Expected map or null"),
    ],
)
async def test_a_value_of_the_wrong_type_cannot_even_be_read(send: Send, arguments: object, message: str) -> None:
    status, body, _ = await send(LIST, arguments)
    assert status == 400
    assert body == {"__type": "SerializationException", "message": message}


async def test_a_time_that_is_text_cannot_be_read(send: Send) -> None:
    _, body, _ = await send("ListHyperParameterTuningJobs", {"CreationTimeAfter": "yesterday"})
    assert body["__type"] == "SerializationException"


async def test_a_body_that_is_no_json_cannot_be_read(send: Send) -> None:
    status, body, _ = await send(LIST, body=b"{'single': quotes}")
    assert (status, body["__type"]) == (400, "SerializationException")


async def test_members_the_model_does_not_know_are_ignored(world: World, send: Send) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=1))
    status, _, _ = await send(LIST, JOB | {"FromTheFuture": 1})
    assert status == 200


async def test_null_is_as_good_as_absent(world: World, send: Send) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=1))
    status, body, _ = await send(LIST, JOB | {"MaxResults": None, "SortBy": None, "NextToken": None})
    assert (status, len(body["TrainingJobSummaries"])) == (200, 1)


async def test_invalid_calls_count_as_calls_and_as_refused(standin: Standin, send: Send) -> None:
    await send(LIST, {"MaxResults": 0})
    assert (standin.calls.counts[LIST], standin.calls.refused[LIST]) == (1, 1)
