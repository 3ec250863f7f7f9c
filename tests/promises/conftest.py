"""What Kubernetes would be given, rendered by kubectl where there is one."""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from gateway import telemetry
from gateway.store import StoreOptions
from tests.running import Start

ROOT = Path(__file__).parents[2]
# What `make check` brings beside the project.
_TOOLS = os.pathsep.join(str(ROOT / environment / "bin") for environment in (".venv-k8s", ".venv-supply"))
OVERLAYS = ("demo", "production")

Manifest = dict[str, Any]
Tool = Callable[[str], str]


@pytest.fixture(scope="session")
def tool() -> Tool:
    """The path of a program that `make check` brings, or of the machine's own; skips where there is none."""

    def found(name: str) -> str:
        path = shutil.which(name, path=_TOOLS) or shutil.which(name)
        return path or pytest.skip(f"there is no {name} here; `make check` brings what PyPI has")

    return found


@pytest.fixture(scope="session")
def written(tool: Tool) -> Callable[[str], str]:
    """What an overlay comes to, as text."""

    @cache
    def render(overlay: str) -> str:
        command = [tool("kubectl"), "kustomize", str(ROOT / "k8s" / "overlays" / overlay)]
        rendered = subprocess.run(command, capture_output=True, text=True, check=False)
        assert rendered.returncode == 0, rendered.stderr
        assert not rendered.stderr, "kustomize warns"
        return rendered.stdout

    return render


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def manifests(overlay: str, written: Callable[[str], str]) -> list[Manifest]:
    """What an overlay comes to."""
    return list(yaml.safe_load_all(written(overlay)))


@pytest.fixture
def production(written: Callable[[str], str]) -> list[Manifest]:
    return list(yaml.safe_load_all(written("production")))


@pytest.fixture
async def families(start: Start) -> list[Metric]:
    """The metrics of a gateway that has been asked something, and of a store that does not answer."""
    gateway = await start(store=StoreOptions("redis://127.0.0.1:1"))
    await gateway.ask('{ tuningJobs { nodes { name } } tuningJob(name: "absent") { name } }')
    telemetry.deprecated_used("Type.field")
    async with gateway.http.get(f"{gateway.admin}/metrics") as response:
        return list(text_string_to_metric_families(await response.text()))
