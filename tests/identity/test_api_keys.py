"""API keys, and the two headers credentials come in."""

import hashlib

import pytest

from gateway.errors import Unauthenticated
from gateway.identity import ApiKey, Caller, Identity, Permission

RIGHT, UMLAUT = "not-a-key-of-anything", "schlüssel-der-tests"


def _kept(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


READER = ApiKey("reader", _kept(RIGHT), ("vision", "nlp"), frozenset({Permission.READ}))
STOPPER = ApiKey("stopper", _kept(UMLAUT).upper(), ("nlp",), frozenset({Permission.READ, Permission.STOP}))
IDENTITY = Identity((), (READER, STOPPER))


async def refusal(*, authorization: str | None = None, api_key: str | None = None) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await IDENTITY.identify(authorization=authorization, api_key=api_key)
    return str(refused.value)


async def test_a_key_opens_what_it_was_given() -> None:
    caller = await IDENTITY.identify(authorization=None, api_key=RIGHT)
    assert caller == Caller("api-key:reader", ("vision", "nlp"), frozenset({Permission.READ}))


async def test_each_key_opens_its_own() -> None:
    caller = await IDENTITY.identify(authorization=None, api_key=UMLAUT)
    assert caller == Caller("api-key:stopper", ("nlp",), frozenset({Permission.READ, Permission.STOP}))


@pytest.mark.parametrize(
    "key", ["", "wrong", RIGHT + " ", RIGHT[:-1], RIGHT.upper(), READER.sha256, "clé-é", "\N{KEY}", "\udcff\udc80"]
)
async def test_any_other_key_is_refused_without_being_repeated(key: str) -> None:
    assert await refusal(api_key=key) == "This API key is not known here."


async def test_a_key_in_bytes_that_are_no_text_opens_too() -> None:
    # aiohttp hands on what is not UTF-8 in a header as surrogates.
    raw = b"not-a-key-\xff"
    identity = Identity((), (ApiKey("raw", hashlib.sha256(raw).hexdigest(), (), frozenset({Permission.READ})),))
    key = raw.decode(errors="surrogateescape")
    assert (await identity.identify(authorization=None, api_key=key)).subject == "api-key:raw"


async def test_a_caller_with_both_headers_has_to_choose() -> None:
    text = "Send either Authorization or X-API-Key, not both."
    assert await refusal(authorization="Bearer x", api_key=RIGHT) == text
    assert await refusal(authorization="", api_key=RIGHT) == text


async def test_a_caller_without_credentials_is_told_which_there_are() -> None:
    text = await refusal()
    assert "Authorization" in text
    assert "X-API-Key" in text


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic YWRhOnRlc3Q=", "Token x.y.z", f"ApiKey {RIGHT}", RIGHT, "Bearerx.y.z", " Bearer x"]
)
async def test_a_scheme_that_is_not_bearer_is_refused_with_the_one_that_is(header: str) -> None:
    assert await refusal(authorization=header) == "Authorization takes a bearer token: Authorization: Bearer <token>."


@pytest.mark.parametrize("header", ["Bearer x.y.z", "bearer x.y.z", "BEARER  x.y.z", "Bearer "])
async def test_the_scheme_is_read_whatever_its_case(header: str) -> None:
    assert await refusal(authorization=header) == "This token is not valid here."


async def test_an_api_key_is_no_bearer_token() -> None:
    assert await refusal(authorization=f"Bearer {RIGHT}") == "This token is not valid here."
