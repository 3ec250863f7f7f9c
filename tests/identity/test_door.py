"""Bearer tokens at a whole gateway's door."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.identity.provider import Provider
from tests.running import Clock, Running, Start

KEY = ec.generate_private_key(ec.SECP256R1())


async def asked(gateway: Running, token: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"query": "{ viewer { subject teams { name } } }"}
    async with gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers) as response:
        return response.status, await response.json()


@pytest.fixture
async def gateway(start: Start, provider: Provider) -> Running:
    provider.publishes(("first", KEY))
    return await start(issuers=(provider.issuer(),))


async def test_a_token_opens_the_door_to_the_teams_known_here(gateway: Running, provider: Provider) -> None:
    status, body = await asked(gateway, provider.token(KEY, "first", teams=["nlp", "ghosts"]))
    assert (status, body["data"]) == (200, {"viewer": {"subject": "ada", "teams": [{"name": "nlp"}]}})


async def test_a_token_of_teams_not_known_here_is_forbidden(gateway: Running, provider: Provider) -> None:
    for teams in (["ghosts"], [], 7, {"vision": True}):
        status, body = await asked(gateway, provider.token(KEY, "first", teams=teams))
        assert (status, body["errors"][0]["extensions"]) == (403, {"code": "FORBIDDEN"})


async def test_a_token_that_expires_meanwhile_is_refused(gateway: Running, provider: Provider, clock: Clock) -> None:
    token = provider.token(KEY, "first", exp=int(clock()) + 60)
    assert (await asked(gateway, token))[0] == 200
    clock.advance(91)
    status, body = await asked(gateway, token)
    assert (status, body["errors"][0]["extensions"]) == (401, {"code": "UNAUTHENTICATED"})
    assert body["errors"][0]["message"] == "This token has expired."


async def test_a_gateway_whose_issuer_is_down_says_so_and_serves_api_keys(start: Start, provider: Provider) -> None:
    provider.status = 500
    gateway = await start(issuers=(provider.issuer(),))
    status, body = await asked(gateway, provider.token(KEY, "first"))
    (error,) = body["errors"]
    assert (status, error["extensions"]) == (503, {"code": "UPSTREAM_UNAVAILABLE"})
    assert provider.address not in str(body)
    assert (await gateway.ask("{ viewer { subject } }")).data == {"viewer": {"subject": "api-key:platform"}}
