"""A real OIDC server vouches for callers: discovery, keys of two kinds, rotation, and what happens while it is down."""

import json
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

from gateway.errors import Unauthenticated, UpstreamUnavailable
from gateway.identity import Caller, Identity, Issuer, Permission
from tests.running import Clock

_PROJECT = Path(__file__).parent / "oidc"


class OidcServer:
    """The server's process: a word a line goes in, a line comes out when it is obeyed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.issuer = self._line()

    def obey(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        assert self._line() == "done"

    async def token(self, **claims: object) -> str:
        """A token as a client gets it, of this audience unless the claims say otherwise."""
        form = {
            "grant_type": "client_credentials",
            "claims": json.dumps({"sub": "ada", "aud": "tuning-gateway", "teams": ["vision"]} | claims),
        }
        async with aiohttp.ClientSession() as http, http.post(f"{self.issuer}/token", data=form) as response:
            assert response.status == 200
            return str((await response.json())["access_token"])

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture
def server(node: list[str], packages: Callable[[Path], Path]) -> Iterator[OidcServer]:
    packages(_PROJECT)
    command = [*node, str(_PROJECT / "server.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield OidcServer(process)
        finally:
            process.kill()


@pytest.fixture
async def identity(server: OidcServer, clock: Clock) -> AsyncIterator[Identity]:
    """Trusts the server, which lives by the world's time; keys grow old by the test's clock."""
    issuer = Issuer(server.issuer, "tuning-gateway", permissions_claim="scope")
    identity = Identity((issuer,), (), clock=clock, wall=time.time)
    await identity.open()
    yield identity
    await identity.close()


async def caller(identity: Identity, token: str) -> Caller:
    return await identity.identify(authorization=f"Bearer {token}", api_key=None)


async def test_its_tokens_are_taken_for_what_they_say(server: OidcServer, identity: Identity) -> None:
    got = await caller(identity, await server.token(teams="vision nlp", scope="read stop"))
    assert (got.subject, got.teams, got.permissions) == ("ada", ("vision", "nlp"), frozenset(Permission))
    assert got.expires == pytest.approx(time.time() + 3600, abs=60)


@pytest.mark.parametrize(
    ("claims", "text"),
    [
        ({"aud": "billing"}, "This token is not valid here."),
        ({"iss": "https://id.example.com"}, "This token is not valid here."),
        ({"sub": None}, "This token is not valid here."),
        ({"nbf": 4_000_000_000}, "This token is not valid here."),
        ({"exp": 1_600_000_000}, "This token has expired."),
    ],
)
async def test_its_tokens_for_others_or_other_times_are_refused(
    server: OidcServer, identity: Identity, claims: dict[str, object], text: str
) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await caller(identity, await server.token(**claims))
    assert str(refused.value) == text


async def test_a_key_it_adds_is_found_without_a_restart(server: OidcServer, identity: Identity, clock: Clock) -> None:
    await caller(identity, await server.token())
    server.obey("add-es256")
    clock.advance(10)
    for number in range(4):  # it signs with its keys by turns
        assert (await caller(identity, await server.token(sub=f"user-{number}"))).subject == f"user-{number}"


async def test_while_it_is_down_its_tokens_open_what_they_opened_and_its_new_keys_replace_the_old(
    server: OidcServer, identity: Identity, clock: Clock
) -> None:
    seen, unseen = await server.token(), await server.token(sub="eve")
    await caller(identity, seen)
    server.obey("stop")
    clock.advance(3600)
    assert (await caller(identity, seen)).subject == "ada"
    assert (await caller(identity, unseen)).subject == "eve"
    server.obey("start")
    clock.advance(10)
    assert (await caller(identity, await server.token(sub="bob"))).subject == "bob"
    for old in (seen, unseen):
        with pytest.raises(Unauthenticated):
            await caller(identity, old)


async def test_where_it_was_never_reached_callers_are_told_that_it_is_not_their_fault(
    server: OidcServer, clock: Clock
) -> None:
    token = await server.token()
    server.obey("stop")
    identity = Identity((Issuer(server.issuer, "tuning-gateway"),), (), clock=clock, wall=time.time)
    await identity.open()
    try:
        with pytest.raises(UpstreamUnavailable):
            await caller(identity, token)
        server.obey("start")
        clock.advance(10)
        assert (await caller(identity, await server.token())).subject == "ada"
    finally:
        await identity.close()
