"""A JWK set, and which of its keys fits a token."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.errors import Unauthenticated
from gateway.identity import ALGORITHMS
from gateway.identity.key_set import KeySet, read_key_set
from tests.identity.conftest import Trust
from tests.identity.provider import Provider, caller
from tests.identity.signing import jwk, published

RSA, SMALL_RSA = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 1024)  # noqa: S505  # to be refused
P256, P384, P521, K256 = (
    ec.generate_private_key(curve()) for curve in (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, ec.SECP256K1)
)
ED25519, ED448 = ed25519.Ed25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate()
FITTING: dict[str, list[PrivateKeyTypes]] = {
    **{algorithm: [RSA] for algorithm in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")},
    "ES256": [P256],
    "ES384": [P384],
    "ES512": [P521],
    "EdDSA": [ED25519, ED448],
}
ALL: list[PrivateKeyTypes] = [RSA, P256, P384, P521, ED25519, ED448]


def key_set(*entries: object) -> KeySet:
    return read_key_set({"keys": list(entries)})


def left_out(entry: object) -> bool:
    got = key_set(entry)
    return (got.keys, got.left_out) == ((), 1)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_algorithm_is_verified_with_keys_of_its_own_kind_only(algorithm: str) -> None:
    for key in ALL:
        fits = key_set(published(key)).key_for(algorithm, None) is not None
        assert fits == (key in FITTING[algorithm])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_every_algorithm_that_can_be_configured_works(trust: Trust, provider: Provider, algorithm: str) -> None:
    for key in FITTING[algorithm]:
        provider.publishes(("kid", key))
        identity = await trust(provider.issuer(algorithms=(algorithm,)))
        assert (await caller(identity, provider.token(key, "kid", algorithm))).subject == "ada"


def test_a_key_is_for_the_algorithm_its_issuer_says() -> None:
    keys = key_set(published(RSA, kid="a", alg="PS256"))
    assert keys.key_for("PS256", "a") is not None
    assert keys.key_for("RS256", "a") is None


@pytest.mark.parametrize(
    "members",
    [
        {"use": "enc"},
        {"use": None},
        {"key_ops": ["encrypt"]},
        {"key_ops": []},
        {"key_ops": "verify"},
        {"kid": 7},
        {"alg": ["RS256"]},
        {"kty": "EC"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": None},
        {"kty": ["RSA"]},
        {"n": 7},
        {"n": ""},
        {"e": "!"},
        {"e": "Ää"},
    ],
)
def test_a_key_that_is_not_for_signatures_or_cannot_be_read_is_left_out(members: dict[str, object]) -> None:
    assert not left_out(published(RSA))
    assert left_out(published(RSA, **members))


@pytest.mark.parametrize(
    "members",
    [{"crv": "P-384"}, {"crv": "P-512"}, {"crv": None}, {"x": "AA"}, {"y": None}, {"x": published(P384)["x"]}],
)
def test_a_curve_that_is_not_the_keys_own_is_left_out(members: dict[str, object]) -> None:
    assert left_out(published(P256, **members))


@pytest.mark.parametrize("entry", [None, 7, "key", [], {}, {"kty": "RSA"}, {"kty": "EC"}, {"kty": "OKP"}])
def test_what_is_no_key_is_left_out(entry: object) -> None:
    assert left_out(entry)


def test_keys_too_small_or_of_a_kind_not_taken_are_left_out() -> None:
    assert left_out(published(SMALL_RSA))
    assert left_out(published(K256))
    raw = x25519.X25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert left_out({"kty": "OKP", "crv": "X25519", "x": raw.hex()})


@pytest.mark.parametrize("key", [RSA, P256])
def test_a_private_key_that_was_published_is_trusted_no_more(key: Any) -> None:
    assert left_out(jwk(key))


async def test_tokens_of_a_key_too_small_are_refused(trust: Trust, provider: Provider) -> None:
    provider.publishes(("small", SMALL_RSA), ("right", RSA))
    identity = await trust(provider.issuer())
    assert (await caller(identity, provider.token(RSA, "right", "RS256"))).subject == "ada"
    with pytest.warns(match="below"), pytest.raises(Unauthenticated):  # the library warns who signs with it, not us
        await caller(identity, provider.token(SMALL_RSA, "small", "RS256"))


def test_keys_of_one_id_are_told_apart_by_their_kind_and_not_otherwise() -> None:
    keys = key_set(published(RSA, kid="a"), published(P256, kid="a"), published(P256, kid="a"))
    assert len(keys.keys) == 2
    assert keys.key_for("ES256", "a") is not None
    other = ec.generate_private_key(ec.SECP256R1())
    keys = key_set(published(other, kid="a"), published(P256, kid="a"))
    assert keys.key_for("ES256", "a") is None
    assert keys.knows("a")


def test_a_set_without_keys_is_one() -> None:
    assert key_set() == KeySet(())
