"""Tokens that are truly signed, by the right key, and still not to be taken: their form or their words are wrong."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.errors import Unauthenticated
from gateway.identity import Identity, Issuer
from tests.identity.provider import caller
from tests.identity.signing import EXPIRED, NOT_VALID, claims, encoded_text, published, signed, signed_as_written

NOW = 1_790_000_000
ISSUER = "https://id.example.com"
KEY, STRANGERS_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
IDENTITY = Identity(
    (Issuer(ISSUER, "tuning-gateway", ("ES256",), key=KEY.public_key()),), (), clock=lambda: NOW, wall=lambda: NOW
)
HEADER, HONEST = '{"alg":"ES256"}', claims(ISSUER, NOW)
PAYLOAD = json.dumps(HONEST)


def with_members(*members: str) -> str:
    """The honest claims, and more members, whatever they are."""
    return f"{PAYLOAD[:-1]},{','.join(members)}}}"


async def refusal(token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await caller(IDENTITY, token)
    return str(refused.value)


async def test_a_token_written_by_hand_is_taken_if_nothing_is_wrong_with_it() -> None:
    assert (await caller(IDENTITY, signed_as_written(HEADER, PAYLOAD, KEY))).subject == "ada"


@pytest.mark.parametrize(
    "payload",
    [
        with_members('"sub":"eve"'),
        with_members('"teams":["nlp"]'),
        with_members('"exp":9999999999'),
        with_members(f'"iss":"{ISSUER}"'),
        with_members(r'"te\u0061ms":["nlp"]'),
        with_members('"realm":{"groups":["vision"],"groups":["nlp"]}'),
        with_members('"list":[{"a":1,"a":2}]'),
    ],
)
async def test_a_claim_that_comes_twice_is_refused_even_if_it_says_the_same(payload: str) -> None:
    assert await refusal(signed_as_written(HEADER, payload, KEY)) == NOT_VALID


@pytest.mark.parametrize(
    "header",
    ['{"alg":"ES256","alg":"ES256"}', '{"alg":"none","alg":"ES256"}', '{"alg":"ES256","kid":"a","kid":"b"}'],
)
async def test_a_header_that_comes_twice_is_refused(header: str) -> None:
    assert await refusal(signed_as_written(header, PAYLOAD, KEY)) == NOT_VALID


@pytest.mark.parametrize(
    "header",
    [
        '{"alg":"ES256","crit":["exp"],"exp":1}',
        '{"alg":"ES256","crit":["b64"],"b64":true}',
        '{"alg":"ES256","crit":[]}',
        '{"alg":"ES256","b64":true}',
        '{"alg":"ES256","zip":"DEF"}',
        '{"alg":"ES256","enc":"A256GCM"}',
        '{"alg":"ES256","cty":"JWT"}',
        '{"alg":"ES256","cty":"application/jwt"}',
        '{"alg":"ES256","typ":"logout+jwt"}',
        '{"alg":"ES256","typ":"dpop+jwt"}',
        '{"alg":"ES256","typ":["JWT"]}',
        '{"alg":"ES256","kid":7}',
        '{"alg":["ES256"]}',
        '{"alg":null}',
        "{}",
        "[]",
        "not JSON",
    ],
)
async def test_a_header_we_do_not_understand_is_refused(header: str) -> None:
    assert await refusal(signed_as_written(header, PAYLOAD, KEY)) == NOT_VALID


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+jwt", "AT+JWT"])
async def test_the_usual_kinds_of_token_are_taken(kind: str) -> None:
    assert (await caller(IDENTITY, signed(HONEST, KEY, headers={"typ": kind}))).subject == "ada"


async def test_a_token_within_a_token_is_refused() -> None:
    inner = signed(HONEST, KEY)
    assert await refusal(signed_as_written('{"alg":"ES256","cty":"JWT"}', inner, KEY)) == NOT_VALID
    assert await refusal(signed_as_written(HEADER, inner, KEY)) == NOT_VALID
    assert await refusal(signed_as_written(HEADER, json.dumps(inner), KEY)) == NOT_VALID


async def test_an_encrypted_token_is_refused() -> None:
    header = encoded_text('{"alg":"ECDH-ES","enc":"A256GCM","cty":"JWT"}')
    assert await refusal(f"{header}.AAAA.AAAA.AAAA.AAAA") == NOT_VALID
    assert await refusal(f"{header}..AAAA.AAAA.AAAA") == NOT_VALID


@pytest.mark.parametrize(
    "claim",
    [
        '"exp":"1790003600"',
        '"exp":true',
        '"exp":null',
        '"exp":1e999',
        '"exp":-1e999',
        '"exp":-1',
        '"exp":NaN',
        '"exp":Infinity',
        '"exp":[1790003600]',
        f'"exp":{10**400}',
        f'"exp":1{"0" * 5000}',
        '"nbf":"1790000000"',
        '"nbf":true',
        '"nbf":null',
        f'"nbf":{NOW + 31}',
        f'"iat":{NOW + 31}',
        '"iat":"now"',
        '"iat":1e999',
        '"sub":""',
        '"sub":["ada"]',
        '"sub":"api-key:platform-api"',
        r'"sub":"ada\nrequest_answered subject=root"',
        r'"sub":"ada\ud800"',
        f'"sub":"{"a" * 256}"',
        '"aud":["tuning-gateway",7]',
        '"aud":{"tuning-gateway":true}',
        '"aud":"tuning-gateway "',
        '"aud":[]',
    ],
)
async def test_a_claim_of_the_wrong_kind_is_refused(claim: str) -> None:
    name = claim.partition(":")[0].strip('"')
    members = [f'"{key}":{json.dumps(value)}' for key, value in HONEST.items() if key != name]
    assert await refusal(signed_as_written(HEADER, f"{{{','.join([claim, *members])}}}", KEY)) == NOT_VALID


async def test_times_may_have_fractions() -> None:
    payload = claims(ISSUER, NOW, exp=NOW + 0.5, nbf=NOW - 0.5, iat=NOW - 0.25)
    assert (await caller(IDENTITY, signed(payload, KEY))).expires == NOW + 0.5


async def test_a_token_is_only_called_expired_if_nothing_else_is_wrong_with_it() -> None:
    assert await refusal(signed(claims(ISSUER, NOW, exp=NOW - 31), KEY)) == EXPIRED
    assert await refusal(signed(claims(ISSUER, NOW, exp=NOW - 31, aud="billing"), KEY)) == NOT_VALID
    assert await refusal(signed(claims(ISSUER, NOW, exp=NOW - 31, sub=None), KEY)) == NOT_VALID
    assert await refusal(signed(claims(ISSUER, NOW, exp=NOW - 31), STRANGERS_KEY)) == NOT_VALID


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-le", "utf-8-sig"])
async def test_json_in_another_encoding_is_refused(encoding: str) -> None:
    assert await refusal(signed_as_written(HEADER, PAYLOAD.encode(encoding), KEY)) == NOT_VALID


async def test_a_token_has_one_spelling() -> None:
    token = signed(HONEST, KEY)
    header, payload, signature = token.split(".")
    # A signature of 64 bytes leaves four bits of its last letter unused: sixteen letters mean the same.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(signature[-1]) + 1]
    for spelling in (
        f"{header}.{payload}.{signature[:-1]}{other}",
        f"{header}.{payload}.{signature}==",
        f"{header}=.{payload}.{signature}",
        f"{header}.{payload}.{signature}\n.",
        f"{header}.{payload}.{signature}.",
        f".{token}",
    ):
        assert await refusal(spelling) == NOT_VALID


@pytest.mark.parametrize("header", ["jwk", "jku", "x5u", "x5c"])
async def test_keys_that_a_token_brings_along_are_not_looked_at(header: str) -> None:
    brought = published(STRANGERS_KEY) if header == "jwk" else "https://keys.example.net/jwks.json"
    assert (await caller(IDENTITY, signed(HONEST, KEY, headers={header: brought}))).subject == "ada"
    assert await refusal(signed(HONEST, STRANGERS_KEY, headers={header: brought})) == NOT_VALID
