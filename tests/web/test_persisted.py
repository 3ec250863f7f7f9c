"""Automatic persisted queries, by Apollo's protocol: a hash alone, then with its document, then alone for everybody."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson
import pytest

from gateway.schema import Persisted
from tests.running import Running, Start

QUERY = "{ viewer { subject } }"


def _named(query: str, version: int = 1) -> dict[str, Any]:
    return {"persistedQuery": {"version": version, "sha256Hash": sha256(query.encode()).hexdigest()}}


async def _post(gateway: Running, body: Mapping[str, Any], key: str = "key-of-vision") -> tuple[int, Any]:
    headers = {"X-API-Key": key}
    async with gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers) as response:
        return response.status, await response.json()


async def _get(gateway: Running, **parameters: str) -> tuple[int, Any]:
    headers = {"X-API-Key": "key-of-vision"}
    async with gateway.http.get(f"{gateway.address}/graphql", params=parameters, headers=headers) as response:
        return response.status, await response.json()


def _error(answer: Any) -> tuple[str, str]:
    (error,) = answer["errors"]
    return error["extensions"]["code"], error["message"]


async def test_a_hash_nobody_has_sent_the_document_of_is_not_found_in_the_protocols_words(gateway: Running) -> None:
    status, answer = await _post(gateway, {"extensions": _named(QUERY)})
    assert (status, *_error(answer)) == (200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")


async def test_a_document_sent_with_its_hash_is_known_by_it_to_everybody_and_answers_each_their_own(
    gateway: Running,
) -> None:
    _, first = await _post(gateway, {"query": QUERY, "extensions": _named(QUERY)})
    assert first["data"] == {"viewer": {"subject": "api-key:vision"}}
    for key in ("vision", "nlp"):
        _, again = await _post(gateway, {"extensions": _named(QUERY)}, f"key-of-{key}")
        assert again["data"] == {"viewer": {"subject": f"api-key:{key}"}}


async def test_hashes_work_by_get_and_on_a_socket(gateway: Running) -> None:
    extensions = orjson.dumps(_named(QUERY)).decode()
    assert _error((await _get(gateway, extensions=extensions))[1])[0] == "PERSISTED_QUERY_NOT_FOUND"
    assert "data" in (await _get(gateway, query=QUERY, extensions=extensions))[1]
    assert "data" in (await _get(gateway, extensions=extensions))[1]
    async with gateway.http.ws_connect(f"{gateway.address}/graphql", protocols=("graphql-transport-ws",)) as socket:
        await socket.send_json({"type": "connection_init", "payload": {"X-API-Key": "key-of-vision"}})
        await socket.receive_json()
        await socket.send_json({"type": "subscribe", "id": "1", "payload": {"extensions": _named(QUERY)}})
        assert (await socket.receive_json())["payload"]["data"] == {"viewer": {"subject": "api-key:vision"}}
        await socket.receive_json()
        other = {"extensions": _named("{ __typename }")}
        await socket.send_json({"type": "subscribe", "id": "2", "payload": other})
        (error,) = (await socket.receive_json())["payload"]
        assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_document_under_another_ones_hash_is_refused_and_not_kept(gateway: Running) -> None:
    status, answer = await _post(gateway, {"query": QUERY, "extensions": _named("{ __typename }")})
    assert (status, _error(answer)[0]) == (400, "PERSISTED_QUERY_HASH_MISMATCH")
    for query in (QUERY, "{ __typename }"):
        assert _error((await _post(gateway, {"extensions": _named(query)}))[1])[0] == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("query", ["{ nope }", "{ viewer", "{ " + "viewer { subject } " * 30 + "}"])
async def test_a_document_that_cannot_run_is_not_kept(gateway: Running, query: str) -> None:
    assert "errors" in (await _post(gateway, {"query": query, "extensions": _named(query)}))[1]
    assert _error((await _post(gateway, {"extensions": _named(query)}))[1])[0] == "PERSISTED_QUERY_NOT_FOUND"


async def test_whoever_is_not_known_adds_nothing(gateway: Running) -> None:
    status, _ = await _post(gateway, {"query": QUERY, "extensions": _named(QUERY)}, "no-such-key")
    assert status == 401
    assert _error((await _post(gateway, {"extensions": _named(QUERY)}))[1])[0] == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("query", [QUERY, None])
async def test_where_it_is_off_a_hash_is_told_so_in_the_protocols_words(start: Start, query: str | None) -> None:
    status, answer = await _post(await start(apq=False), {"query": query, "extensions": _named(QUERY)})
    assert (status, *_error(answer)) == (200, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")


@pytest.mark.parametrize(
    "named",
    [_named(QUERY, version=2)["persistedQuery"], {"version": 1}, {"version": 1, "sha256Hash": 7}, "x", {}],
)
async def test_what_is_not_the_protocol_is_refused(gateway: Running, named: object) -> None:
    status, answer = await _post(gateway, {"query": QUERY, "extensions": {"persistedQuery": named}})
    assert (status, _error(answer)[0]) == (400, "BAD_USER_INPUT")


async def test_a_document_id_is_for_trusted_documents(gateway: Running) -> None:
    _, answer = await _post(gateway, {"documentId": "anything"})
    assert _error(answer)[0] == "PERSISTED_QUERY_NOT_SUPPORTED"


def test_the_store_is_bounded_by_bytes_and_forgets_what_was_asked_for_least_recently() -> None:
    store = Persisted(room=3_000)
    texts = [f"{{ {letter * 400} }}" for letter in "abcd"]
    names = [sha256(text.encode()).hexdigest() for text in texts]
    for text in texts[:3]:
        store.keep(text)
    assert store.find(names[0]) == texts[0]
    store.keep(texts[3])
    assert [store.find(name) is not None for name in names] == [True, False, True, True]


def test_a_text_that_has_no_room_at_all_is_not_kept() -> None:
    store = Persisted(room=1_000)
    store.keep("x" * 1_000)
    assert store.find(sha256(b"x" * 1_000).hexdigest()) is None
