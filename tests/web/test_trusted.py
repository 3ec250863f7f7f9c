"""Trusted documents: those of the manifest may be asked for by their ids; where it is required nothing else runs."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from gateway.config import ConfigError
from gateway.config.manifest import read_manifest
from gateway.schema import Limits, Trust, Trusted
from tests.running import Running, Start

VIEWER = "query Viewer { viewer { subject } }"
TEAM = "query Team($name: String!) { team(name: $name) { name } }"
OTHER = "{ viewer { subject } }"
HASH = sha256(VIEWER.encode()).hexdigest()


def _operation(body: str, identity: str, name: str, kind: str = "query") -> dict[str, str]:
    return {"id": identity, "name": name, "type": kind, "body": body}


OPERATIONS = [_operation(VIEWER, HASH, "Viewer"), _operation(TEAM, "team-v1", "Team")]


def _manifest(path: Path, operations: list[Any], **changes: Any) -> Path:
    manifest = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations} | changes
    path.write_text(json.dumps(manifest))
    return path


def _read(path: Path, *, introspection: bool = True) -> Trusted:
    return read_manifest(path, introspection=introspection, limits=Limits())


@pytest.fixture
def trusted(tmp_path: Path) -> Trusted:
    return _read(_manifest(tmp_path / "manifest.json", OPERATIONS))


async def _post(gateway: Running, body: Mapping[str, Any]) -> tuple[int, Any]:
    headers = {"X-API-Key": "key-of-vision"}
    async with gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers) as response:
        return response.status, await response.json()


def _hashed(sha: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha}}}


def _code(answer: Any) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize("trust", [Trust.PREFER, Trust.REQUIRE])
@pytest.mark.parametrize(
    "body",
    [
        {"documentId": HASH},
        {"documentId": "team-v1", "variables": {"name": "vision"}},
        _hashed(HASH),
        {**_hashed("team-v1"), "variables": {"name": "vision"}},
        {"query": VIEWER},
        {"query": VIEWER, **_hashed(HASH)},
        {"query": VIEWER, "documentId": HASH, "operationName": "Viewer"},
    ],
)
async def test_a_listed_document_runs_by_its_id_and_by_its_text(
    start: Start, trusted: Trusted, trust: Trust, body: dict[str, Any]
) -> None:
    gateway = await start(trust=trust, trusted=trusted, apq=False)
    assert "data" in (await _post(gateway, body))[1]


@pytest.mark.parametrize(
    "body",
    [
        {"query": OTHER},
        {"query": VIEWER + " "},
        {"query": "{ __schema { queryType { name } } }"},
        {"query": "{ __typename }"},
        {"query": OTHER, **_hashed(sha256(OTHER.encode()).hexdigest())},
        {"documentId": "nobody-knows"},
        _hashed("nobody-knows"),
        {"query": OTHER, "documentId": "nobody-knows"},
    ],
)
async def test_where_trust_is_required_nothing_else_runs(start: Start, trusted: Trusted, body: dict[str, Any]) -> None:
    gateway = await start(trust=Trust.REQUIRE, trusted=trusted)
    status, answer = await _post(gateway, body)
    assert (status, _code(answer)) == (400, "DOCUMENT_NOT_TRUSTED")


async def test_where_it_is_preferred_others_run_too_and_are_remembered_by_hash(start: Start, trusted: Trusted) -> None:
    gateway = await start(trust=Trust.PREFER, trusted=trusted)
    assert "data" in (await _post(gateway, {"query": OTHER, **_hashed(sha256(OTHER.encode()).hexdigest())}))[1]
    assert "data" in (await _post(gateway, _hashed(sha256(OTHER.encode()).hexdigest())))[1]
    assert _code((await _post(gateway, {"documentId": "nobody-knows"}))[1]) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("trust", [Trust.PREFER, Trust.REQUIRE])
async def test_another_text_under_a_listed_id_is_refused(start: Start, trusted: Trusted, trust: Trust) -> None:
    gateway = await start(trust=trust, trusted=trusted)
    status, answer = await _post(gateway, {"query": OTHER, "documentId": "team-v1"})
    assert (status, _code(answer)) == (400, "PERSISTED_QUERY_HASH_MISMATCH")


async def test_a_listed_document_runs_by_get(start: Start, trusted: Trusted) -> None:
    gateway = await start(trust=Trust.REQUIRE, trusted=trusted)
    parameters, headers = {"documentId": HASH}, {"X-API-Key": "key-of-vision"}
    async with gateway.http.get(f"{gateway.address}/graphql", params=parameters, headers=headers) as response:
        assert (await response.json())["data"] == {"viewer": {"subject": "api-key:vision"}}


def _lines(path: Path, *, introspection: bool = True) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        _read(path, introspection=introspection)
    return refused.value.lines


def test_everything_wrong_with_a_manifest_is_told_at_once(tmp_path: Path) -> None:
    path = _manifest(
        tmp_path / "manifest.json",
        [
            *OPERATIONS,
            _operation("query A { nope }", "a", "A"),
            _operation("query B {", "b", "B"),
            _operation(VIEWER, "c", "Other"),
            _operation(VIEWER, "d", "Viewer", "mutation"),
            _operation("query E { __typename } query F { __typename }", "e", "E"),
            _operation("query G { __typename }", "team-v1", "G"),
            _operation("query H { " + "viewer { subject } " * 30 + "}", "h", "H"),
        ],
    )
    lines = _lines(path)
    assert all(line.startswith("GATEWAY_TRUSTED_MANIFEST: operation ") for line in lines)
    told = [line.split("operation ", 1)[1].split(" ", 1) for line in lines]
    assert [place for place, _ in told] == ["3", "4", "5", "6", "7", "8", "9"]
    for (_, text), word in zip(
        told, ["nope", "Syntax", "another name", "is a query", "one operation", "its id", "ROOT_FIELDS"], strict=True
    ):
        assert word in text


def test_a_manifest_that_asks_for_the_schema_is_refused_where_introspection_is_off(tmp_path: Path) -> None:
    path = _manifest(tmp_path / "m.json", [_operation("query S { __schema { queryType { name } } }", "s", "S")])
    assert len(_read(path).documents) == 1
    assert "introspection" in _lines(path, introspection=False)[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("nonsense", "invalid JSON"),
        ("[]", "object"),
        ('{"format": "other", "version": 1, "operations": []}', "format"),
        ('{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}', "version"),
        ('{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": 7}]}', "operations.0.id"),
    ],
)
def test_what_is_not_a_manifest_is_told_so(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(content)
    lines = _lines(path)
    assert all(line.startswith("GATEWAY_TRUSTED_MANIFEST: ") for line in lines)
    assert says in "\n".join(lines)


def test_a_manifest_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    assert "cannot read" in _lines(tmp_path / "nowhere.json")[0]
