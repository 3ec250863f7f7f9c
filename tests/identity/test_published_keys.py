"""An issuer's keys: where they are found, how long they are used, how often an issuer is asked, and when it is down."""

import asyncio
import secrets

import pytest
from aiohttp.test_utils import unused_port
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from structlog.testing import capture_logs

from gateway.errors import Unauthenticated, UpstreamUnavailable
from gateway.identity import Identity, Issuer
from tests.identity.conftest import Trust
from tests.identity.provider import DISCOVERY, KEYS, Provider, caller
from tests.identity.signing import AUDIENCE, NOT_VALID, published, signed_with_a_public_key
from tests.identity.signing import claims as claims_of
from tests.running import Clock

FIRST, SECOND = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)


@pytest.fixture(autouse=True)
def _publishing(provider: Provider) -> None:
    provider.publishes(("first", FIRST))


async def refusal(identity: Identity, token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await caller(identity, token)
    return str(refused.value)


async def refusal_in_the_end(identity: Identity, token: str) -> str:
    """How a token is refused once something that is under way has happened."""
    try:
        async with asyncio.timeout(5):
            while True:
                await caller(identity, token)
                await asyncio.sleep(0)  # the network's turn
    except Unauthenticated as refused:
        return str(refused)


async def unavailable(identity: Identity, token: str) -> str:
    with pytest.raises(UpstreamUnavailable) as failed:
        await caller(identity, token)
    return str(failed.value)


async def test_keys_are_found_by_discovery(trust: Trust, provider: Provider) -> None:
    identity = await trust(provider.issuer())
    assert (await caller(identity, provider.token(FIRST, "first"))).teams == ("vision",)
    assert provider.asked == {DISCOVERY: 1, KEYS: 1}


async def test_keys_at_a_given_address_need_no_discovery(trust: Trust, provider: Provider) -> None:
    identity = await trust(provider.issuer(jwks_url=f"{provider.address}/jwks.json"))
    assert (await caller(identity, provider.token(FIRST, "first"))).subject == "ada"
    assert provider.asked == {"/jwks.json": 1}


async def test_an_issuer_whose_name_ends_in_a_slash_is_found_too(trust: Trust, provider: Provider) -> None:
    provider.address += "/"
    provider.own_words = {"jwks_uri": provider.address + "keys"}
    identity = await trust(provider.issuer())
    assert (await caller(identity, provider.token(FIRST, "first"))).subject == "ada"


async def test_a_crowd_at_start_causes_one_fetch(trust: Trust, provider: Provider) -> None:
    identity = await trust(provider.issuer())
    tokens = [provider.token(FIRST, "first", sub=f"user-{number}") for number in range(50)]
    callers = await asyncio.gather(*(caller(identity, token) for token in tokens))
    assert len({each.subject for each in callers}) == 50
    assert provider.asked == {DISCOVERY: 1, KEYS: 1}


async def test_a_caller_who_hangs_up_takes_the_keys_from_nobody(trust: Trust, provider: Provider) -> None:
    provider.silent = asyncio.Event()
    identity = await trust(provider.issuer())
    leaving, staying = (asyncio.ensure_future(caller(identity, provider.token(FIRST, "first"))) for _ in "ab")
    await asyncio.sleep(0)
    leaving.cancel()
    provider.silent.set()
    assert (await staying).subject == "ada"
    assert leaving.cancelled()


async def test_a_new_key_is_taken_without_a_restart(trust: Trust, provider: Provider, clock: Clock) -> None:
    identity = await trust(provider.issuer())
    await caller(identity, provider.token(FIRST, "first"))
    provider.publishes(("first", FIRST), ("second", SECOND))
    clock.advance(10)
    assert (await caller(identity, provider.token(SECOND, "second"))).subject == "ada"
    assert (await caller(identity, provider.token(FIRST, "first"))).subject == "ada"
    assert provider.asked[KEYS] == 2


async def test_a_thousand_made_up_key_ids_cause_one_fetch_each_ten_seconds(
    trust: Trust, provider: Provider, clock: Clock
) -> None:
    identity = await trust(provider.issuer())
    await caller(identity, provider.token(FIRST, "first"))
    for number in range(1000):
        assert await refusal(identity, provider.token(SECOND, secrets.token_hex(8))) == NOT_VALID
        clock.advance(0.1 if number % 2 else 0)
    assert 5 <= provider.asked[KEYS] <= 1 + 50 / 10
    assert (await caller(identity, provider.token(FIRST, "first", sub="eve"))).subject == "eve"


async def test_a_thousand_made_up_key_ids_at_once_cause_one_fetch(
    trust: Trust, provider: Provider, clock: Clock
) -> None:
    identity = await trust(provider.issuer())
    await caller(identity, provider.token(FIRST, "first"))
    clock.advance(10)
    tokens = [provider.token(SECOND, secrets.token_hex(8)) for _ in range(1000)]
    answers = await asyncio.gather(*(caller(identity, token) for token in tokens), return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unauthenticated}
    assert provider.asked[KEYS] == 2


async def test_forgeries_under_a_known_key_id_cause_no_fetch(trust: Trust, provider: Provider, clock: Clock) -> None:
    identity = await trust(provider.issuer(algorithms=("ES256", "RS256")))
    await caller(identity, provider.token(FIRST, "first"))
    clock.advance(60)
    for forged in (
        provider.token(SECOND, "first"),
        provider.token(RSA, "first", "RS256"),
        provider.token(RSA, "unknown", "PS256"),
        provider.token(SECOND, "unknown", iss="https://id.elsewhere.example.com"),
        signed_with_a_public_key(claims_of(provider.address, clock()), FIRST, kid="first"),
    ):
        assert await refusal(identity, forged) == NOT_VALID
    assert provider.asked[KEYS] == 1


async def test_a_withdrawn_key_opens_nothing_any_more(trust: Trust, provider: Provider, clock: Clock) -> None:
    identity = await trust(provider.issuer())
    token = provider.token(FIRST, "first")
    await caller(identity, token)
    provider.publishes(("second", SECOND))
    clock.advance(299)
    assert (await caller(identity, token)).subject == "ada"
    assert provider.asked[KEYS] == 1
    clock.advance(2)
    assert (await caller(identity, token)).subject == "ada"  # nobody waits: the issuer is asked meanwhile
    assert await refusal_in_the_end(identity, token) == NOT_VALID
    assert provider.asked[KEYS] == 2


async def test_keys_nobody_used_for_long_are_renewed_before_they_are_used(
    trust: Trust, provider: Provider, clock: Clock
) -> None:
    identity = await trust(provider.issuer())
    await caller(identity, provider.token(FIRST, "first"))
    provider.publishes(("second", SECOND))
    clock.advance(901)
    assert await refusal(identity, provider.token(FIRST, "first", sub="eve")) == NOT_VALID


async def test_a_token_without_a_key_id_is_tried_only_if_one_key_fits(
    trust: Trust, provider: Provider, clock: Clock
) -> None:
    provider.publishes(("first", FIRST), ("rsa", RSA))
    identity = await trust(provider.issuer())
    assert (await caller(identity, provider.token(FIRST, None))).subject == "ada"
    assert (await caller(identity, provider.token(RSA, None, "RS256"))).subject == "ada"
    provider.publishes(("first", FIRST), ("second", SECOND), ("rsa", RSA))
    clock.advance(901)
    assert await refusal(identity, provider.token(FIRST, None, sub="eve")) == NOT_VALID
    assert (await caller(identity, provider.token(FIRST, "first", sub="eve"))).subject == "eve"


async def test_an_issuer_that_names_no_keys_may_change_its_key_too(
    trust: Trust, provider: Provider, clock: Clock
) -> None:
    provider.keys = [published(FIRST)]
    identity = await trust(provider.issuer())
    await caller(identity, provider.token(FIRST, None))
    provider.keys = [published(SECOND)]
    clock.advance(10)
    assert (await caller(identity, provider.token(SECOND, None))).subject == "ada"


async def test_an_issuer_that_is_down_at_start_is_asked_again_later(
    trust: Trust, provider: Provider, clock: Clock
) -> None:
    provider.status = 500
    with capture_logs() as logs:
        identity = await trust(provider.issuer())
        text = await unavailable(identity, provider.token(FIRST, "first"))
        assert await unavailable(identity, provider.token(FIRST, "first", sub="eve")) == text
    assert provider.address not in text
    assert "identity provider" in text
    assert provider.asked == {DISCOVERY: 1}
    (line,) = logs
    assert (line["event"], line["issuer"], line["cause"]) == (
        "issuer_keys_not_published",
        provider.address,
        "HTTP status 500",
    )
    provider.status = 200
    clock.advance(10)
    assert (await caller(identity, provider.token(FIRST, "first"))).subject == "ada"


async def test_an_issuer_that_is_not_there_at_all_is_not_the_callers_fault(trust: Trust, provider: Provider) -> None:
    provider.address = f"http://127.0.0.1:{unused_port()}"
    identity = await trust(provider.issuer())
    with capture_logs() as logs:
        await unavailable(identity, provider.token(FIRST, "first"))
    assert [line["cause"] for line in logs] == ["ClientConnectorError"]


async def test_an_issuer_that_is_down_keeps_no_other_issuers_callers_out(trust: Trust, provider: Provider) -> None:
    down = Issuer(f"http://127.0.0.1:{unused_port()}", AUDIENCE)
    identity = await trust(down, provider.issuer())
    assert (await caller(identity, provider.token(FIRST, "first"))).subject == "ada"


async def test_the_last_good_keys_are_kept_while_the_issuer_is_down_but_not_for_ever(
    trust: Trust, provider: Provider, clock: Clock
) -> None:
    identity = await trust(provider.issuer())
    await caller(identity, provider.token(FIRST, "first"))
    provider.status = 503
    for _ in range(24):
        clock.advance(3600)
        assert (await caller(identity, provider.token(FIRST, "first", sub=f"at {clock()}"))).teams == ("vision",)
        assert await refusal(identity, provider.token(SECOND, "second")) == NOT_VALID
    clock.advance(60)
    await unavailable(identity, provider.token(FIRST, "first", sub="a day later"))


async def test_nobody_waits_for_an_issuer_that_is_down_while_the_last_good_keys_are_there(
    trust: Trust, provider: Provider, clock: Clock
) -> None:
    identity = await trust(provider.issuer())
    await caller(identity, provider.token(FIRST, "first"))
    provider.status = 503
    clock.advance(901)
    await caller(identity, provider.token(FIRST, "first", sub="who waits, to know"))
    provider.silent = asyncio.Event()
    clock.advance(11)
    async with asyncio.timeout(2):  # the issuer would have five
        assert (await caller(identity, provider.token(FIRST, "first", sub="eve"))).subject == "eve"


async def test_a_slow_issuer_keeps_callers_waiting_for_a_bounded_time(trust: Trust, provider: Provider) -> None:
    provider.silent = asyncio.Event()
    with capture_logs() as logs:
        identity = await trust(provider.issuer(), patience=0.05)
        async with asyncio.timeout(1):
            await unavailable(identity, provider.token(FIRST, "first"))
    assert [line["cause"] for line in logs] == ["no answer in time"]


async def test_closing_waits_for_no_issuer(provider: Provider, clock: Clock) -> None:
    provider.silent = asyncio.Event()
    identity = Identity((provider.issuer(),), (), clock=clock, wall=clock)
    await identity.open()
    await asyncio.wait_for(identity.close(), 1)
