"""How a compiled operation runs: what it asks, when, and what becomes of it when somebody fails or hangs up."""

import asyncio
import gc
import json
from dataclasses import fields
from typing import Any, TypeVar

import orjson
import pytest
from graphql import parse

from gateway.errors import Throttled
from gateway.model.details import TrainingJobDetails
from gateway.model.hyper_parameter import HyperParameter
from gateway.model.target import Target
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob, TuningJob
from gateway.schema import Document, Documents, Limits, executable
from gateway.schema.compiled import Compiler, Plans, Prepared
from tests.schema.compiled.given import Given
from tests.schema.test_node import training_job, tuning_job

Use = TypeVar("Use", bound=Given)

SCHEMA = executable()
LIMITS = Limits()
HERE = Target("111122223333", "us-east-1")
DETAILS = '{ tuningJob(name: "hpo") { trainingJobs { nodes { name details { secondaryStatus } } } } }'


def _described(job: TuningJob) -> DescribedTuningJob:
    known = {field.name: getattr(job, field.name) for field in fields(job)}
    rest = {field.name: None for field in fields(DescribedTuningJob) if field.name not in known}
    return DescribedTuningJob(**known, **rest | {"definitions": ()})  # type: ignore[arg-type]


def _given(kind: type[Use]) -> Use:
    rows = [training_job(HERE, "hpo", f"hpo-{number}") for number in range(10)]
    return kind([_described(tuning_job(HERE, "hpo"))], rows, details=None, tags=None, warm_start=None)


def _prepared(text: str, **variables: Any) -> Prepared | None:
    return Compiler(SCHEMA).prepare(parse(text), Plans(), variables, None)


@pytest.fixture(params=[True, False], ids=["compiled", "stock"])
def documents(request: pytest.FixtureRequest) -> Documents:
    return Documents(SCHEMA, introspection=True, limits=LIMITS, compiled=request.param)


async def _run(
    documents: Documents, text: str, use: Given, variables: dict[str, Any] | None = None, name: str | None = None
) -> Any:
    return json.loads(orjson.dumps(await documents.execute(Document(parse(text)), use.context(), variables, name)))


def test_what_was_made_ready_goes_without_the_garbage_collector() -> None:
    compiler, plans = Compiler(SCHEMA), Plans()
    document = parse("query ($name: String!) { tuningJob(name: $name) { name trainingJobs { totalCount } } }")
    compiler.prepare(document, plans, {"name": "hpo"}, None)
    gc.collect()
    gc.disable()
    try:
        for number in range(20):
            assert compiler.prepare(document, plans, {"name": f"hpo-{number}"}, None) is not None
        assert gc.collect() == 0
    finally:
        gc.enable()


class _Meeting(Given):
    """Use cases whose details come only once ten have been asked for."""

    def __init__(self, *args: Any, **others: Any) -> None:
        super().__init__(*args, **others)
        self.barrier = asyncio.Barrier(10)

    async def details(self, job: TrainingJob) -> TrainingJobDetails | None:
        await self.barrier.wait()
        return await super().details(job)


async def test_what_is_asked_for_each_of_a_list_is_asked_side_by_side(documents: Documents) -> None:
    async with asyncio.timeout(10):
        response = await _run(documents, DETAILS, _given(_Meeting))
    assert [node["details"] for node in response["data"]["tuningJob"]["trainingJobs"]["nodes"]] == [None] * 10


async def test_one_failure_among_ten_is_told_at_its_place_and_nothing_is_asked_twice(documents: Documents) -> None:
    use = _given(Given)
    use.failing["details hpo-3"] = Throttled("Slow down.", retry_after_ms=5)
    response = await _run(documents, DETAILS, use)
    assert response["errors"] == [
        {
            "message": "Slow down.",
            "locations": [{"line": 1, "column": 56}],
            "path": ["tuningJob", "trainingJobs", "nodes", 3, "details"],
            "extensions": {"code": "THROTTLED", "retryAfterMs": 5},
        }
    ]
    assert response["data"]["tuningJob"]["trainingJobs"]["nodes"][3] == {"name": "hpo-3", "details": None}
    assert set(use.asked.values()) == {1}
    assert len(use.asked) == 12


async def test_one_failing_id_of_several_is_told_at_its_place(documents: Documents) -> None:
    use = _given(Given)
    use.failing["training_job"] = Throttled("Slow down.", retry_after_ms=5)
    ids = (await _run(documents, '{ tuningJob(name: "hpo") { id trainingJobs(first: 1) { nodes { id } } } }', use))[
        "data"
    ]
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on TuningJob { name } } }"
    given = [ids["tuningJob"]["id"], ids["tuningJob"]["trainingJobs"]["nodes"][0]["id"], "no id"]
    response = await _run(documents, text, use, {"ids": given})
    assert response["data"] == {"nodes": [{"__typename": "TuningJob", "name": "hpo"}, None, None]}
    assert [error["path"] for error in response["errors"]] == [["nodes", 1]]
    assert use.asked["training_job "] == 1


class _Silent(Given):
    """Use cases whose details never come."""

    ended = 0

    async def details(self, _job: TrainingJob) -> TrainingJobDetails | None:
        try:
            await asyncio.Event().wait()
        finally:
            self.ended += 1
        return None


async def test_nothing_goes_on_for_a_caller_who_hangs_up(documents: Documents) -> None:
    use = _given(_Silent)
    task = asyncio.create_task(_run(documents, DETAILS, use))
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert use.ended == 10


@pytest.mark.parametrize(("yes", "keys"), [(True, ["one", "both"]), (False, ["both", "two"])])
async def test_skip_and_include_turn_with_their_variables(documents: Documents, yes: bool, keys: list[str]) -> None:
    document = Document(
        parse("""query ($yes: Boolean!) { tuningJob(name: "hpo") {
        one: name @include(if: $yes) both: name two: name @skip(if: $yes) } }""")
    )
    for turned in (not yes, yes):
        response = await documents.execute(document, _given(Given).context(), {"yes": turned}, None)
    assert list(json.loads(orjson.dumps(response))["data"]["tuningJob"]) == keys


@pytest.mark.parametrize(
    ("text", "name", "variables"),
    [
        ("query ($name: String!) { tuningJob(name: $name) { name } }", None, {}),
        ("query ($name: String!) { tuningJob(name: $name) { name } }", None, {"name": 7}),
        ('query ($name: String = "hpo") { tuningJob(name: $name) { name } }', None, {"name": None}),
        ("query ($yes: Boolean = true) { viewer { subject @skip(if: $yes) } }", None, {"yes": None}),
        ("query A { viewer { subject } } query B { viewer { subject } }", None, {}),
        ("query A { viewer { subject } } query B { viewer { subject } }", "C", {}),
        ("fragment A on Viewer { subject }", None, {}),
    ],
)
async def test_variables_and_names_that_cannot_be_are_told_alike(
    text: str, name: str | None, variables: dict[str, Any]
) -> None:
    compiled, stock = (
        Documents(SCHEMA, introspection=True, limits=LIMITS, compiled=compiled) for compiled in (True, False)
    )
    response = await _run(compiled, text, _given(Given), variables, name)
    assert response == await _run(stock, text, _given(Given), variables, name)
    assert response["errors"]


_OTHERS = [HyperParameter("a", "b", None), training_job(HERE, "hpo", "a"), None, 7, (), ValueError("wrong")]


@pytest.mark.parametrize("other", _OTHERS, ids=lambda other: type(other).__name__)
@pytest.mark.parametrize("field", ["best_training_job", "training_job_counts", "definitions", "status", "name"])
async def test_a_value_of_another_class_is_told_alike(field: str, other: object) -> None:
    text = """{ tuningJob(name: "hpo") { __typename name status bestTrainingJob { __typename name }
        trainingJobCounts { __typename } definitions { __typename } } }"""
    use = _given(Given)
    object.__setattr__(use.objects[0], field, other)
    compiled, stock = (
        Documents(SCHEMA, introspection=True, limits=LIMITS, compiled=compiled) for compiled in (True, False)
    )
    assert await _run(compiled, text, use) == await _run(stock, text, use)


class _Absent(Given):
    """Use cases that give nothing where something was promised."""

    async def training_jobs(self, *_: object, **__: object) -> Any:
        return None


async def test_nothing_in_place_of_an_object_is_told_at_its_place(documents: Documents) -> None:
    text = '{ tuningJob(name: "hpo") { name trainingJobs { __typename } } }'
    response = await _run(documents, text, _given(_Absent))
    assert response["data"] == {"tuningJob": None}
    assert [error["path"] for error in response["errors"]] == [["tuningJob", "trainingJobs"]]


@pytest.mark.parametrize("text", ["{ __schema { queryType { name } } }", '{ __type(name: "Team") { name } }'])
def test_introspection_is_left_to_graphql_core(text: str) -> None:
    assert _prepared(text) is None


def test_fragments_that_select_without_end_are_left_to_graphql_core() -> None:
    fragments = "\n".join(
        f'fragment F{n} on Query {{ a: team(name: "a") {{ tuningJob(name: "b") {{ team {{ ...G{n} }} }} }} }}'
        f'fragment G{n} on Team {{ a: tuningJob(name: "a") {{ team {{ ...G{n + 1} }} }}'
        f' b: tuningJob(name: "b") {{ team {{ ...G{n + 1} }} }} }}'
        for n in range(40)
    )
    assert _prepared(f"{{ ...F0 }} {fragments} fragment G40 on Team {{ name }}") is None


HOSTILE = [
    "__import__",
    "exec",
    "eval",
    "None",
    "class",
    "lambda",
    "read",
    "o",
    "b0",
    "b1",
    "v1",
    "__builtins__",
    "self",
]


async def test_no_word_of_a_callers_becomes_code(documents: Documents) -> None:
    selected = " ".join(f"{alias}: name" for alias in HOSTILE)
    text = f'{{ tuningJob(name: "hpo") {{ {selected} trainingJobs(first: 1) {{ nodes {{ {selected} }} }} }} }}'
    job = (await _run(documents, text, _given(Given)))["data"]["tuningJob"]
    assert job.pop("trainingJobs")["nodes"] == [dict.fromkeys(HOSTILE, "hpo-0")]
    assert job == dict.fromkeys(HOSTILE, "hpo")


def test_a_callers_words_are_bound_to_the_code_as_objects() -> None:
    prepared = _prepared(
        '{ tuningJob(name: "MARK") { MARK: name MARK2: trainingJobs { MARK: asOf } ...MARK } } '
        "fragment MARK on TuningJob { MARK3: arn }"
    )
    assert prepared is not None
    functions: list[Any] = [*prepared.plan.readers.values(), *prepared.plan.completers.values()]
    seen: list[Any] = []
    while functions:
        function = functions.pop()
        seen.append(function.__code__)
        functions += [
            each
            for each in function.__globals__.values()
            if getattr(each, "__code__", None)
            and each.__code__.co_filename == "<a selection>"
            and each.__code__ not in seen
        ]
    assert len(seen) > 2
    for code in seen:
        assert "MARK" not in repr((code.co_consts, code.co_names, code.co_varnames, code.co_name))
