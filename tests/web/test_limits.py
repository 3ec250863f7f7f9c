"""Limits, as callers meet them: each is told by name, with what was found and the setting, over HTTP and WebSocket."""

import gzip
import io
import json
from collections.abc import AsyncIterator

import pytest
from graphql import get_introspection_query

from gateway.schema import Limits
from tests.listening import on_socket
from tests.running import Running, Start

DOCUMENTS = {
    "TOKENS": "{ " + "viewer { subject } " * 1_000 + "}",
    "DEPTH": "{ tuningJobs " + "{ nodes { trainingJobs " * 8 + "{ totalCount }" + " } }" * 8 + " }",
    "ALIASES": "{ viewer { " + " ".join(f"a{n}: subject" for n in range(51)) + " } }",
    "DIRECTIVES": "{ viewer { " + "subject @skip(if: false) " * 51 + "} }",
    "ROOT_FIELDS": "{ " + "viewer { subject } " * 21 + "}",
}


@pytest.mark.parametrize("limit", DOCUMENTS)
async def test_a_document_beyond_a_limit_is_refused_by_its_name(gateway: Running, limit: str) -> None:
    answer = await gateway.ask(DOCUMENTS[limit])
    assert answer.codes == ["DOCUMENT_LIMIT_EXCEEDED"]
    assert f"at most {getattr(Limits(), limit.lower())} (GATEWAY_LIMIT_{limit})" in answer.messages
    assert "data" not in answer.body


async def test_the_same_limits_hold_on_a_socket(gateway: Running) -> None:
    protocols = ("graphql-transport-ws",)
    async with gateway.http.ws_connect(f"{gateway.address}/graphql", protocols=protocols) as socket:
        await socket.send_json({"type": "connection_init", "payload": {"X-API-Key": "key-of-vision"}})
        await socket.receive_json()
        for limit, query in DOCUMENTS.items():
            await socket.send_json({"type": "subscribe", "id": limit, "payload": {"query": query}})
            (error,) = (await socket.receive_json())["payload"]
            assert error["extensions"]["code"] == "DOCUMENT_LIMIT_EXCEEDED"
            assert f"GATEWAY_LIMIT_{limit}" in error["message"]
        variables = {"x": "y" * Limits().variables}
        payload = {"query": "{ viewer { subject } }", "variables": variables}
        await socket.send_json({"type": "subscribe", "id": "1", "payload": payload})
        (error,) = (await socket.receive_json())["payload"]
        assert "GATEWAY_LIMIT_VARIABLES" in error["message"]


async def test_a_limit_is_what_it_is_set_to(start: Start) -> None:
    gateway = await start(limits=Limits(root_fields=1, depth=2))
    assert (await gateway.ask("{ viewer { subject } }")).codes == []
    assert "GATEWAY_LIMIT_ROOT_FIELDS" in (await gateway.ask("{ viewer { subject } a: viewer { subject } }")).messages


@pytest.mark.parametrize("chunked", [True, False])
async def test_a_body_beyond_the_limit_is_413_with_both_sizes(gateway: Running, chunked: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b" " * (Limits().body + 1)

    headers = {"X-API-Key": "key-of-vision", "Content-Type": "application/json"}
    body = chunks() if chunked else io.BytesIO(b" " * (Limits().body + 1))
    async with gateway.http.post(f"{gateway.address}/graphql", data=body, headers=headers) as response:
        assert response.status == 413
        (error,) = (await response.json())["errors"]
    assert error["extensions"]["code"] == "DOCUMENT_LIMIT_EXCEEDED"
    assert "at most 1048576 (GATEWAY_LIMIT_BODY)" in error["message"]
    assert ("more" if chunked else "1048577 bytes") in error["message"]


async def test_the_size_of_a_compressed_body_is_not_taken_for_the_bodys(gateway: Running) -> None:
    headers = {"X-API-Key": "key-of-vision", "Content-Type": "application/json", "Content-Encoding": "gzip"}
    body = gzip.compress(b" " * (Limits().body + 1))
    async with gateway.http.post(f"{gateway.address}/graphql", data=body, headers=headers) as response:
        assert response.status == 413
        (error,) = (await response.json())["errors"]
    assert error["message"] == "The body may be at most 1048576 (GATEWAY_LIMIT_BODY); here: more."


async def test_variables_beyond_the_limit_are_refused_with_their_size(gateway: Running) -> None:
    answer = await gateway.ask("query ($n: String!) { tuningJob(name: $n) { name } }", n="x" * 300_000)
    assert (answer.status, answer.codes) == (400, ["DOCUMENT_LIMIT_EXCEEDED"])
    assert "at most 262144 (GATEWAY_LIMIT_VARIABLES); here: 300008 bytes" in answer.messages


async def test_variables_that_are_nested_too_deeply_are_refused_however_they_come(start: Start) -> None:
    gateway = await start(batch=1)
    deepest, deeper = (json.loads("[" * levels + "]" * levels) for levels in (253, 254))
    assert (await gateway.ask("{ viewer { subject } }", x=deepest)).codes == []
    answer = await gateway.ask("{ viewer { subject } }", x=deeper)
    assert (answer.status, answer.codes) == (400, ["DOCUMENT_LIMIT_EXCEEDED"])
    assert "at most 254 levels deep" in answer.messages
    asked, address = {"query": "{ viewer { subject } }", "variables": {"x": deeper}}, f"{gateway.address}/graphql"
    headers = {"X-API-Key": "key-of-vision"}
    async with gateway.http.post(address, json=[asked], headers=headers) as response:
        ((in_batch,),) = [each["errors"] for each in await response.json()]
    in_address = {"query": "{ viewer { subject } }", "variables": json.dumps({"x": deeper})}
    async with gateway.http.get(address, params=in_address, headers=headers) as response:
        (by_get,) = (await response.json())["errors"]
    async with on_socket(gateway) as socket:
        await socket.subscribe("{ viewer { subject } }", x=deeper)
        (on_it,) = (await socket.told())["payload"]
    assert {each["extensions"]["code"] for each in (in_batch, by_get, on_it)} == {"DOCUMENT_LIMIT_EXCEEDED"}


LONG = "9" * 641
NUMBERS = {
    "an argument": f"{{ tuningJobs(first: {LONG}) {{ totalCount }} }}",
    "less than nothing": f"{{ tuningJobs(first: -{LONG}) {{ totalCount }} }}",
    "in a list": f"{{ nodes(ids: [{LONG}]) {{ id }} }}",
    "a variable's default": f"query ($n: Int = {LONG}) {{ tuningJobs(first: $n) {{ totalCount }} }}",
    "a fraction": f"{{ tuningJobs(first: 0.{LONG}) {{ totalCount }} }}",
    "more than Python reads": f"{{ tuningJobs(first: {LONG * 7}) {{ totalCount }} }}",
}


@pytest.mark.parametrize("query", NUMBERS.values(), ids=NUMBERS)
async def test_a_number_of_too_many_digits_is_refused_wherever_it_stands(gateway: Running, query: str) -> None:
    answer = await gateway.ask(query)
    assert answer.codes == ["DOCUMENT_LIMIT_EXCEEDED"]
    assert "at most 640 digits" in answer.messages


@pytest.mark.parametrize(("digits", "says"), [(100, "Variable"), (5_000, "no number beyond")])
async def test_such_a_number_among_the_variables_is_refused_too(gateway: Running, digits: int, says: str) -> None:
    query = "query ($n: Int) { tuningJobs(first: $n) { totalCount } }"
    body = f'{{"query": "{query}", "variables": {{"n": {"9" * digits}}}}}'
    headers = {"X-API-Key": "key-of-vision", "Content-Type": "application/json"}
    async with gateway.http.post(f"{gateway.address}/graphql", data=body, headers=headers) as response:
        (error,) = (await response.json())["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert says in error["message"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{a" * 1_300, "GATEWAY_LIMIT_DEPTH"),
        ('{ a(b: ")") ' + "{a(b: 1) " * 300, "GATEWAY_LIMIT_DEPTH"),
        ("{ a(b: " + "[" * 1_900, "Lists, objects and types may be nested at most 200 deep"),
        ("{ a(b: " + "{c: " * 900, "Lists, objects and types may be nested at most 200 deep"),
        ("query ($a: " + "[" * 1_900, "Lists, objects and types may be nested at most 200 deep"),
    ],
    ids=["fields", "fields with arguments", "lists", "objects", "a type"],
)
async def test_what_is_nested_too_deeply_to_be_read_is_refused_by_what_it_is(
    gateway: Running, text: str, says: str
) -> None:
    answer = await gateway.ask(text)
    assert says in answer.messages
    assert ("GATEWAY_LIMIT_DEPTH" in answer.messages) is (says == "GATEWAY_LIMIT_DEPTH")


async def test_graphiqls_own_introspection_passes(gateway: Running) -> None:
    query = get_introspection_query(input_value_deprecation=True, specified_by_url=True)
    assert "__schema" in (await gateway.ask(query)).data


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Query") { name } }',
        "{ a: __schema { __typename } }",
        "{ ...Hidden } fragment Hidden on Query { ... on Query { __schema { queryType { name } } } }",
        "query ($on: Boolean = true) { __schema @include(if: $on) { queryType { name } } }",
    ],
)
async def test_where_introspection_is_off_the_schema_cannot_be_asked_for(start: Start, query: str) -> None:
    gateway = await start(introspection=False)
    assert set((await gateway.ask(query)).codes) == {"GRAPHQL_VALIDATION_FAILED"}
    assert (await gateway.ask("{ __typename viewer { __typename } }")).data["__typename"] == "Query"


MISSPELT = {
    "a field": "{ tuningJob(name: 1) { nam } viewr { subject } }",
    "an argument": '{ tuningJob(nam: "x") { name } }',
    "a type": "query ($s: TuningJobStatu) { viewer { subject } }",
    "an enum value": "{ tuningJobs(statusEquals: COMPLETE) { totalCount } }",
    "a fragment's type": "{ viewer { ... on Viewe { subject } } }",
}


@pytest.mark.parametrize("query", MISSPELT.values(), ids=MISSPELT)
async def test_misspelt_words_are_told_the_right_ones_only_where_introspection_is_on(start: Start, query: str) -> None:
    assert "Did you mean" in (await (await start()).ask(query)).messages
    quiet = await (await start(introspection=False)).ask(query)
    assert quiet.codes
    assert "Did you mean" not in json.dumps(quiet.body)


async def test_a_misspelt_variable_is_not_told_either(start: Start) -> None:
    query = "query ($s: TuningJobStatus) { tuningJobs(statusEquals: $s) { totalCount } }"
    assert "Did you mean" in (await (await start()).ask(query, s="COMPLETE")).messages
    quiet = await (await start(introspection=False)).ask(query, s="COMPLETE")
    assert quiet.codes == ["BAD_USER_INPUT"]
    assert "Did you mean" not in quiet.messages
