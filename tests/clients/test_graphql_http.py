"""The audits that GraphQL over HTTP's own project asks of a server: every one passes, without a warning."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.app import running
from gateway.config import Configuration, Settings, configured
from gateway.identity import ApiKey, Permission
from tests.running import TEAMS

_PROJECT = Path(__file__).parent / "graphql_http"
_KEY = "key-of-the-audits"
AUDITS: dict[str, str] = json.loads((_PROJECT / "audits.json").read_text())


def _configuration() -> Configuration:
    """As it comes, on any free port."""
    key = ApiKey("audits", hashlib.sha256(_KEY.encode()).hexdigest(), ("vision",), frozenset({Permission.READ}))
    settings = Settings(port=0, admin_port=0, cursor_keys="a secret of the tests")
    return configured(settings, teams=TEAMS, api_keys=(key,))


@pytest.fixture(scope="module")
def verdicts(node: list[str], packages: Callable[[Path], Path]) -> dict[str, dict[str, str]]:
    """What came of each audit, by its id."""
    packages(_PROJECT)

    async def audited() -> bytes:
        async with running(_configuration()) as gateway:
            address = f"http://127.0.0.1:{gateway.port}/graphql"
            command = [*node, str(_PROJECT / "audits.mjs"), address, _KEY]
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
            printed, _ = await process.communicate()
            assert process.returncode == 0
            return printed

    return {verdict["id"]: verdict for verdict in map(json.loads, asyncio.run(audited()).splitlines())}


def test_the_audits_are_the_projects(verdicts: dict[str, dict[str, str]]) -> None:
    assert {audit: verdict["name"] for audit, verdict in verdicts.items()} == AUDITS


@pytest.mark.parametrize("audit", [pytest.param(audit, id=f"{audit} {name}") for audit, name in AUDITS.items()])
def test_the_gateway_passes(verdicts: dict[str, dict[str, str]], audit: str) -> None:
    assert verdicts[audit]["status"] == "ok", verdicts[audit]["reason"]
