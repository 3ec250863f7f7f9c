"""The file's issuers: what they are by default, and what of them is refused at start, in a line each."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.config import ConfigError
from gateway.config.file import read_file
from gateway.identity import ALGORITHMS, Issuer

MARKER = "s3cret-of-the-tests"
SMALLEST = {"issuer": "https://id.example.com", "audience": "tuning-gateway"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway.yaml"


def write(path: Path, *issuers: object) -> None:
    teams = {"vision": {"region": "us-east-1", "account": "111122223333", "owns": "all"}}
    path.write_text(yaml.safe_dump({"teams": teams, "identity": {"issuers": list(issuers)}}))


def issuers_of(path: Path) -> tuple[Issuer, ...]:
    return read_file(path)[2]


def lines_of(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        read_file(path)
    return refused.value.lines


def test_an_issuer_needs_a_name_and_an_audience(path: Path) -> None:
    write(path, SMALLEST)
    (issuer,) = issuers_of(path)
    assert issuer == Issuer("https://id.example.com", "tuning-gateway")
    assert issuer.algorithms == ("RS256", "ES256")
    assert (issuer.teams_claim, issuer.permissions_claim, issuer.jwks_url) == ("teams", "permissions", None)
    write(path, {})
    assert lines_of(path) == [f"identity.issuers.0.{name}: field required" for name in ("issuer", "audience")]


def test_everything_about_an_issuer_arrives(path: Path) -> None:
    settings: dict[str, Any] = {
        "issuer": "http://localhost:8400/realms/company",
        "audience": "api://tuning",
        "algorithms": ["EdDSA", "PS512"],
        "teams_claim": "realm.groups.tuning",
        "permissions_claim": "scope",
        "jwks_url": "https://keys.example.com/jwks.json?policy=a",
    }
    write(path, SMALLEST, settings)
    assert issuers_of(path)[1] == Issuer(**settings | {"algorithms": ("EdDSA", "PS512")})


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_with_a_public_key_may_be_named(path: Path, algorithm: str) -> None:
    write(path, SMALLEST | {"algorithms": [algorithm]})
    assert issuers_of(path)[0].algorithms == (algorithm,)


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS384", "HS512", "ES256K", "RS1", "rs256", ""])
def test_any_other_algorithm_is_refused_with_those_that_are_taken(path: Path, algorithm: str) -> None:
    write(path, SMALLEST | {"algorithms": ["RS256", algorithm]})
    (line,) = lines_of(path)
    place, takes, never = line.replace("; ", ": ").split(": ")
    assert place == "identity.issuers.0.algorithms.1"
    assert takes == "takes RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA"
    assert never == "never none, nor one with a shared secret (HS256 and its like)"


@pytest.mark.parametrize("field", ["issuer", "jwks_url"])
@pytest.mark.parametrize(
    "address",
    [
        f"http://{MARKER}.example.com",
        f"https://{MARKER}@id.example.com",
        f"ftp://localhost/{MARKER}",
        f"https://id.example.com:{MARKER}",
        MARKER,
    ],
)
def test_an_address_others_could_answer_for_is_refused(path: Path, field: str, address: str) -> None:
    write(path, SMALLEST | {field: address})
    assert lines_of(path) == [
        f"identity.issuers.0.{field}: takes an https address; http only for 127.0.0.1, localhost and ::1"
    ]


@pytest.mark.parametrize("rest", ["?tenant=a", "#a", "/?"])
def test_an_issuers_name_has_no_query_and_no_fragment(path: Path, rest: str) -> None:
    write(path, SMALLEST | {"issuer": SMALLEST["issuer"] + rest})
    assert lines_of(path) == ["identity.issuers.0.issuer: takes an address without a query or a fragment"]


def test_an_issuer_that_comes_twice_is_refused(path: Path) -> None:
    write(path, SMALLEST, SMALLEST | {"issuer": "https://id.elsewhere.example.com"}, SMALLEST | {"audience": "other"})
    assert lines_of(path) == ["identity.issuers.2.issuer: the same as that of identity.issuers.0"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", None),
        ("issuer", 7),
        ("audience", ""),
        ("audience", ["tuning-gateway"]),
        ("teams_claim", ""),
        ("teams_claim", "realm..groups"),
        ("teams_claim", ".groups"),
        ("teams_claim", "my groups"),
        ("permissions_claim", "scope."),
        ("algorithms", []),
        ("algorithms", "RS256"),
        ("colour", "blue"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(path: Path, field: str, value: object) -> None:
    write(path, SMALLEST | {field: value})
    assert [line.partition(":")[0] for line in lines_of(path)] == [f"identity.issuers.0.{field}"]
