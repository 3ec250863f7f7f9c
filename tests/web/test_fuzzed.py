"""Schemathesis asks what nobody would: 200 documents for each root field, made from the contract, many of them broken.
Hypothesis asks in bodies and addresses that nobody would write.

The gateway runs in a process of its own, before a local SageMaker full of jobs. Whatever is asked, it answers in JSON,
is never at fault itself, and tells nothing of its inside.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import requests
import schemathesis
from graphql import DocumentNode, FieldNode, Visitor, build_schema, visit
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from tests.bench import servers

_SDL = Path(__file__).parents[2] / "schema.graphql"
_DOCUMENTS = 200
_PATIENCE = 30  # seconds for one answer, on a busy machine

# Words of our code, its libraries, the machine and AWS's protocol: no error's message has one.
_INSIDE = re.compile(
    r"Traceback|File \"|line \d+, in|\.py\b|site-packages|/(home|usr|opt|tmp|var)/|127\.0\.0\.1|localhost"
    r"|<class|object at 0x|\b\w+(Error|Exception)\b|\bgateway\.\w+|strawberry|graphql[-_.]core|aiohttp|botocore"
    r"|amazonaws|arn:aws|AKIA|HyperParameterTuningJobName|ListTrainingJobs|DescribeTrainingJob|__type",
    re.IGNORECASE,
)


def _root_fields() -> list[str]:
    schema = build_schema(_SDL.read_text())
    roots = [root for root in (schema.query_type, schema.mutation_type) if root]
    return [f"{root.name}.{field}" for root in roots for field in root.fields]


_many = settings(
    max_examples=_DOCUMENTS,
    deadline=None,
    derandomize=True,  # what fails here fails everywhere
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def _nested(opening: str, closing: str) -> st.SearchStrategy[str]:
    """So many of them in each other: more than orjson writes, and more than it reads."""
    return st.sampled_from([1, 2, 100, 200, 253, 254, 255, 1_000, 1_024, 1_025]).map(
        lambda levels: opening * levels + "1" + closing * levels
    )


# JSON as text: what is nested so deeply Python could not write either.
_VALUES = st.one_of(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=8,
    ).map(json.dumps),
    _nested("[", "]"),
    _nested('{"name":', "}"),
    st.sampled_from([1, 18, 20, 308, 310, 4_300, 4_301]).map(lambda digits: "9" * digits),
)
_QUERIES = [
    "{ viewer { subject } }",
    "query A($v: Int) { tuningJobs(first: $v) { totalCount } }",
    "query A($v: [ID!]!) { nodes(ids: $v) { id } }",
    "query A($v: DateTime) { tuningJobs(creationTimeAfter: $v) { totalCount } }",
    "mutation A($v: StopTuningJobInput!) { stopTuningJob(input: $v) { outcome } }",
    "subscription A($v: String!) { tuningJob(name: $v) { name } }",
]


def _mostly(*forms: str) -> st.SearchStrategy[str]:
    """Mostly one of these forms, for a value to stand in: of what is wrong everywhere, only the first is noticed."""
    return st.integers(0, 4).flatmap(
        lambda any_: _VALUES.map(lambda value: value if any_ == 0 else forms[any_ % len(forms)].replace("…", value))
    )


_VARIABLES = _mostly('{"v": …}', '{"v": …, "v2": …}')
_OTHERS = {
    "operationName": _mostly('"A"', "null"),
    "extensions": _mostly("{}", '{"persistedQuery": {"version": 1, "sha256Hash": …}}', '{"other": …}'),
    "documentId": _mostly("null", '"a"'),
}
_ENVELOPES = st.fixed_dictionaries(
    {"query": st.sampled_from(_QUERIES).map(json.dumps) | _mostly('"{ __typename }"'), "variables": _VARIABLES},
    optional=_OTHERS,
).map(lambda members: "{" + ",".join(f'"{name}": {value}' for name, value in members.items()) + "}")
_BODIES = st.one_of(
    _ENVELOPES,
    st.lists(_ENVELOPES | _VALUES, max_size=4).map(lambda each: f"[{','.join(each)}]"),
    _VALUES | st.text(max_size=8),
)
_PARAMETERS = st.fixed_dictionaries({"query": st.sampled_from(_QUERIES), "variables": _VARIABLES}, optional=_OTHERS)


@asynccontextmanager
async def _endpoint() -> AsyncIterator[str]:
    # AWS's own rates would make minutes of it. The local SageMaker allows any.
    rates: dict[str, Any] = {f"rate_{kind}": 1_000 for kind in ("list", "describe", "search", "tags", "stop")}
    async with (
        aiohttp.ClientSession() as http,
        servers.standin(http) as upstream,
        servers.gateway(upstream, batch=3, **rates) as gateway,
    ):
        yield gateway.endpoint


class _OneWay(Visitor):
    """Leaves each listing one of the two ways to page: with both, all that is ever told is that there are two."""

    def enter_field(self, field: FieldNode, *_: object) -> FieldNode:
        arguments = field.arguments or ()
        other = ("last", "before") if len(arguments) % 2 else ("first", "after")
        return FieldNode(
            alias=field.alias,
            name=field.name,
            arguments=tuple(each for each in arguments if each.name.value not in other),
            directives=field.directives,
            selection_set=field.selection_set,
        )


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with asyncio.Runner() as runner:
        started = _endpoint()
        yield runner.run(started.__aenter__())
        runner.run(started.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers["X-API-Key"] = "key-of-vision-operator"
        yield session


@pytest.fixture(scope="module")
def contract(endpoint: str, session: requests.Session) -> schemathesis.BaseSchema:
    """The contract to make documents from. Most name something that is there, or little would be reached."""
    query = "{ tuningJobs(first: 5) { nodes { id name trainingJobs(first: 2) { nodes { id name } } } } }"
    answer = session.post(endpoint, json={"query": query}, timeout=_PATIENCE).json()
    jobs = answer["data"]["tuningJobs"]["nodes"]
    rows = [row for job in jobs for row in job["trainingJobs"]["nodes"]]
    words = {
        "names": [each["name"] for each in (*jobs, *rows)],
        "ids": [each["id"] for each in (*jobs, *rows)],
        "teams": ["vision"],
        "counts": [1, 10, 100],
    }
    bound = {
        "names": ("*.*.name", "*.*.input.name", "*.*.input.tuningJob", "*.*.nameContains"),
        "ids": ("*.*.id", "*.*.ids[*]", "*.*.input.id"),
        "teams": ("*.*.team", "*.*.input.team", "Query.team.name"),
        "counts": ("*.*.first", "*.*.last"),
    }
    dictionaries = {name: {"values": values} for name, values in words.items()}
    parameters = {path: {"dictionary": name, "probability": 0.8} for name, paths in bound.items() for path in paths}
    config = SchemathesisConfig.from_dict({"dictionaries": dictionaries, "parameters": parameters})
    with _SDL.open() as sdl:
        contract = schemathesis.graphql.from_file(sdl, config=config)

    @contract.hook
    def map_body(_: schemathesis.HookContext, body: DocumentNode) -> DocumentNode:
        changed: DocumentNode = visit(body, _OneWay())
        return changed

    return contract


@pytest.mark.parametrize("field", _root_fields())
def test_nothing_asked_of_a_root_field_is_our_fault_or_tells_of_our_inside(
    contract: schemathesis.BaseSchema, endpoint: str, session: requests.Session, field: str
) -> None:
    root, name = field.split(".")
    operation = contract[root][name]
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)

    @_many
    @given(case=st.one_of(*map(operation.as_strategy, modes)))
    def answered(case: schemathesis.Case[Any]) -> None:
        _hold_harmless(case.call(base_url=endpoint, session=session, timeout=_PATIENCE))

    answered()


def test_nothing_that_a_request_is_wrapped_in_is_our_fault_or_tells_of_our_inside(
    endpoint: str, session: requests.Session
) -> None:
    @_many
    @given(body=_BODIES)
    def answered(body: str) -> None:
        sent = {"Content-Type": "application/json"}
        _hold_harmless(session.post(endpoint, data=body.encode(), headers=sent, timeout=_PATIENCE))

    @_many
    @given(parameters=_PARAMETERS)
    def answered_by_get(parameters: dict[str, str]) -> None:
        _hold_harmless(session.get(endpoint, params=parameters, timeout=_PATIENCE))

    answered()
    answered_by_get()


def _hold_harmless(response: requests.Response | schemathesis.Response) -> None:
    asked = response.request.body or response.request.url
    assert response.status_code < 500, asked
    body = response.json()
    for error in [error for each in (body if isinstance(body, list) else [body]) for error in each.get("errors", [])]:
        assert error["extensions"]["code"] != "INTERNAL", asked
        assert not _INSIDE.search(error["message"]), error["message"]
