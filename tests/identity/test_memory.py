"""Verified tokens are remembered: for minutes, never past their expiry, and no longer than what they rest on."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.errors import Unauthenticated
from gateway.identity import ApiKey, Caller, Identity, Permission
from gateway.identity.tokens import REMEMBERED
from tests.identity.conftest import Trust
from tests.identity.provider import DISCOVERY, KEYS, Provider, caller
from tests.identity.signing import EXPIRED, NOT_VALID
from tests.running import Clock

KEY, OTHER_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
SERVICE = ApiKey("service", "0" * 64, ("nlp",), frozenset({Permission.READ}))


@pytest.fixture
async def identity(trust: Trust, provider: Provider) -> Identity:
    provider.publishes(("first", KEY))
    return await trust(provider.issuer())


async def refusal(identity: Identity, token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await caller(identity, token)
    return str(refused.value)


async def test_a_token_is_verified_once_in_a_while(identity: Identity, provider: Provider, clock: Clock) -> None:
    token = provider.token(KEY, "first")
    first = await caller(identity, token)
    assert await caller(identity, token) is first
    clock.advance(REMEMBERED - 1)
    assert await caller(identity, token) is first
    clock.advance(1)
    again = await caller(identity, token)
    assert again == first
    assert again is not first


async def test_a_token_is_not_remembered_past_its_expiry(identity: Identity, provider: Provider, clock: Clock) -> None:
    token = provider.token(KEY, "first", exp=int(clock()) + 60)
    first = await caller(identity, token)
    assert first.expires == clock() + 60
    clock.advance(60)
    assert await caller(identity, token) is not first  # within the leeway, and verified each time
    clock.advance(30)
    assert await refusal(identity, token) == EXPIRED


async def test_a_token_that_was_refused_is_not_remembered(identity: Identity, provider: Provider, clock: Clock) -> None:
    token = provider.token(KEY, "first", nbf=int(clock()) + 60)
    assert await refusal(identity, token) == NOT_VALID
    clock.advance(60)
    assert (await caller(identity, token)).subject == "ada"


async def test_a_token_with_one_letter_changed_is_another_token(identity: Identity, provider: Provider) -> None:
    token = provider.token(KEY, "first")
    await caller(identity, token)
    for place in range(0, len(token), 7):
        altered = f"{token[:place]}{'A' if token[place] != 'A' else 'B'}{token[place + 1 :]}"
        assert await refusal(identity, altered) == NOT_VALID


async def test_tokens_are_forgotten_when_their_issuers_keys_change(
    identity: Identity, provider: Provider, clock: Clock
) -> None:
    token = provider.token(KEY, "first")
    first = await caller(identity, token)
    provider.publishes(("first", KEY), ("second", OTHER_KEY))
    clock.advance(10)
    await caller(identity, provider.token(OTHER_KEY, "second"))
    again = await caller(identity, token)
    assert again == first
    assert again is not first


async def test_tokens_are_remembered_when_the_keys_were_fetched_and_had_not_changed(
    identity: Identity, provider: Provider, clock: Clock
) -> None:
    token = provider.token(KEY, "first")
    first = await caller(identity, token)
    clock.advance(10)
    assert await refusal(identity, provider.token(OTHER_KEY, "second")) == NOT_VALID
    assert provider.asked[KEYS] == 2
    assert await caller(identity, token) is first


async def test_new_settings_are_obeyed_at_once_and_known_keys_are_not_asked_for_again(
    identity: Identity, provider: Provider
) -> None:
    token = provider.token(KEY, "first", groups=["nlp"])
    await caller(identity, token)
    provider.status = 503
    identity.replace((provider.issuer(teams_claim="groups"),), (SERVICE,))
    assert (await caller(identity, token)).teams == ("nlp",)
    identity.replace((provider.issuer(algorithms=("RS256",)),), ())
    assert await refusal(identity, token) == NOT_VALID
    assert provider.asked == {DISCOVERY: 1, KEYS: 1}


async def test_an_issuer_that_was_taken_out_opens_nothing_and_may_come_back(
    identity: Identity, provider: Provider
) -> None:
    token = provider.token(KEY, "first")
    await caller(identity, token)
    identity.replace((), ())
    assert await refusal(identity, token) == NOT_VALID
    identity.replace((provider.issuer(),), ())
    assert (await caller(identity, token)).subject == "ada"
    assert provider.asked == {DISCOVERY: 2, KEYS: 2}


async def test_an_issuer_that_publishes_elsewhere_now_is_asked_there(identity: Identity, provider: Provider) -> None:
    token = provider.token(KEY, "first")
    await caller(identity, token)
    provider.publishes(("second", OTHER_KEY))
    identity.replace((provider.issuer(jwks_url=f"{provider.address}/jwks.json"),), ())
    assert await refusal(identity, token) == NOT_VALID
    assert provider.asked["/jwks.json"] == 1


async def test_api_keys_do_not_expire_and_tokens_say_when_they_do(
    identity: Identity, provider: Provider, clock: Clock
) -> None:
    assert (await caller(identity, provider.token(KEY, "first"))).expires == clock() + 3600
    assert Caller("api-key:service", ("nlp",), frozenset({Permission.READ})).expires is None
