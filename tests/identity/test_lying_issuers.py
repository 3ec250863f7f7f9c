"""An issuer that publishes what it should not, or somebody who answers in its place."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from structlog.testing import capture_logs

from gateway.errors import UpstreamUnavailable
from tests.identity.conftest import Trust
from tests.identity.provider import DISCOVERY, KEYS, Provider, caller

KEY = ec.generate_private_key(ec.SECP256R1())


async def cause(trust: Trust, provider: Provider) -> str:
    """Why an honest token cannot be verified."""
    provider.publishes(("first", KEY))
    with capture_logs() as logs:
        identity = await trust(provider.issuer())
        with pytest.raises(UpstreamUnavailable):
            await caller(identity, provider.token(KEY, "first"))
    (line,) = logs
    return str(line["cause"])


@pytest.mark.parametrize("own", ["https://id.elsewhere.example.com", "", None, 7, "http://127.0.0.1"])
async def test_discovery_that_speaks_for_another_issuer_is_not_believed(
    trust: Trust, provider: Provider, own: object
) -> None:
    provider.own_words = {"issuer": own}
    assert await cause(trust, provider) == "discovery is of another issuer"
    assert provider.asked == {DISCOVERY: 1}


async def test_discovery_that_nearly_names_the_issuer_is_not_believed(trust: Trust, provider: Provider) -> None:
    provider.own_words = {"issuer": provider.address + "/"}
    assert await cause(trust, provider) == "discovery is of another issuer"


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        "",
        "/keys",
        "http://keys.example.net/jwks.json",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "https://",
        "https://user@keys.example.net/",
        "https://keys.example.net:port/",
        "http://[::1",
    ],
)
async def test_keys_are_fetched_from_no_address_that_others_could_answer_for(
    trust: Trust, provider: Provider, address: object
) -> None:
    provider.own_words = {"jwks_uri": address}
    assert await cause(trust, provider) == "discovery names no https address of keys"


async def test_a_host_that_cannot_be_one_is_not_our_bug(trust: Trust, provider: Provider) -> None:
    provider.own_words = {"jwks_uri": "https://keys..example.net/"}
    assert (await cause(trust, provider)).startswith("Unicode")  # Pythons differ in which of its kinds


async def test_nobody_is_followed_elsewhere(trust: Trust, provider: Provider) -> None:
    provider.elsewhere = "/keys"
    assert await cause(trust, provider) == "HTTP status 302"
    assert provider.asked == {DISCOVERY: 1}


def _long() -> str:
    return '{"keys": [' + " " * 300_000 + "]}"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (_long, "too long an answer"),
        (lambda: "<html>", "no strict JSON"),
        (lambda: '{"keys": [], "keys": []}', "no strict JSON"),
        (lambda: '{"a":' * 5000, "no strict JSON"),
        (lambda: "[]", "no strict JSON"),
        (lambda: "{}", "no JWK set"),
        (lambda: '{"keys": {}}', "no JWK set"),
    ],
)
async def test_what_is_no_jwk_set_is_not_taken_for_one(
    trust: Trust, provider: Provider, body: Callable[[], str], why: str
) -> None:
    provider.body = body()
    assert await cause(trust, provider) == why
    assert provider.asked == {DISCOVERY: 1, KEYS: 1}
