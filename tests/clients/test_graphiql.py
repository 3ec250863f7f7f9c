"""GraphiQL as people see it: in Chromium, opened by the address that the demo prints.

Chromium is no package of PyPI's or npm's, so it is the machine's (Debian's `chromium`), and where there is none the
test is skipped.
"""

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.identity.demo import DemoIssuer
from gateway.standin import World
from gateway.standin.worlds import world_named
from gateway.web.graphiql import build
from tests.running import Clock, Naps, Start

_PROJECT = Path(__file__).parent / "browser"
Hear = Callable[[str], Awaitable[list[Any]]]


@pytest.fixture
def clock() -> Clock:
    """Begins now: the demo's issuer dates its tokens by the machine's clock."""
    clock = Clock()
    clock.now = time.time()
    return clock


@pytest.fixture
def world(clock: Clock) -> World:
    return world_named("demo", clock)


@pytest.fixture
def browser() -> str:
    """The browser's command."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("GraphiQL was not looked at in a browser: no Chromium is installed (Debian: apt install chromium).")
    return found


@pytest.fixture
def looked_at(browser: str, node: list[str], packages: Callable[[Path], Path], tmp_path: Path) -> Callable[[str], Any]:
    """Opens the page at an address in the browser; what gives the next happening, which is to be of this kind."""
    packages(_PROJECT)
    assert build.main() == 0, "GraphiQL is not built"

    @asynccontextmanager
    async def looking(address: str) -> AsyncIterator[Hear]:
        command = [*node, str(_PROJECT / "page.mjs"), browser, address, str(tmp_path)]
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        said = process.stdout

        async def hear(kind: str) -> list[Any]:
            async with asyncio.timeout(90):
                happening: list[Any] = json.loads(await said.readline() or '["gone"]')
            assert happening[0] == kind
            return happening[1:]

        try:
            yield hear
            await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()  # Playwright's ends its browser with it
            await process.communicate()

    return looking


async def test_the_page_answers_and_listens_without_a_word_to_anybody_else(
    start: Start, looked_at: Callable[[str], Any], naps: Naps, tmp_path: Path
) -> None:
    issuer = DemoIssuer(tmp_path)
    gateway = await start(issuers=(issuer.issuer(),))
    async with looked_at(f"{gateway.address}/graphql#token={issuer.token(['vision'])}") as hear:
        who, shown_address = await hear("known")
        assert who == "You are demo, of team vision"
        assert shown_address == f"{gateway.address}/graphql"  # nobody reads the token over a shoulder, or shares it
        (answer,) = await hear("answered")
        assert len(answer["data"]["tuningJob"]["trainingJobs"]["edges"]) == 3
        (before,) = await hear("told")
        await naps.pass_by(60)
        (after,) = await hear("told")
        counts = [told["data"]["tuningJob"]["trainingJobCounts"]["completed"] for told in (before, after)]
        assert counts[0] < counts[1]
        asked_elsewhere, complaints = await hear("end")
        assert asked_elsewhere == []
        assert complaints == []  # of the content security policy, or of a script
    for shot in ("query", "subscription", "documentation"):
        assert (tmp_path / f"{shot}.png").stat().st_size > 0
