"""The image, where there is what builds one: it starts as `serve` and as `demo`, and holds the lock, extras and all."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
_TAG = "tuning-gateway:promises"
_PATIENCE = 1_200  # seconds; three times all packages, on a slow line
# Asked inside the image: what is installed, which of it the bill of materials names, and what is there of the page.
_INSIDE = """
import gateway, importlib.metadata as metadata, json
from pathlib import Path
bill = json.load(open("/usr/share/sbom/tuning-gateway.cdx.json"))["components"]
page = Path(gateway.__file__).parent / "web" / "graphiql"
print(json.dumps({
    "page": [name for name in ("package-lock.json", "assets/graphiql.min.js") if (page / name).is_file()],
    "installed": {each.name: each.version for each in metadata.distributions()},
    "billed": {each["name"]: each["version"] for each in bill},
}))
"""

Image = Callable[..., subprocess.CompletedProcess[str]]


def _said(*command: str, patience: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patience, check=False)


def _works_here(program: str) -> bool:
    return shutil.which(program) is not None and _said(program, "info").returncode == 0


_BUILDER = next(filter(_works_here, ("docker", "podman", "buildah")), "")
if not _BUILDER:
    pytest.skip("the image is not built: no docker, podman or buildah works here", allow_module_level=True)


@pytest.fixture(scope="module")
def built() -> str:
    """What built the image."""
    for base in set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)):
        if _said(_BUILDER, "pull", base, patience=_PATIENCE).returncode != 0:
            pytest.skip(f"the image is not built: {base} cannot be pulled")
    done = _said(_BUILDER, "build", "--tag", _TAG, ".", patience=_PATIENCE)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4_000:]
    return _BUILDER


@pytest.fixture
def image(built: str) -> Image:
    """Runs the image as a cluster would: nothing can be written to."""
    if built == "buildah":
        pytest.skip("the image is built, and not run: buildah alone is here")

    def run(*words: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return _said(built, "run", "--rm", "--read-only", *options, _TAG, *words)

    return run


@pytest.mark.usefixtures("built")
def test_the_image_is_built() -> None:
    """Fails where it is not."""


def test_its_gateway_tells_the_contract_and_wants_a_configuration(image: Image) -> None:
    assert image("schema").stdout == (ROOT / "schema.graphql").read_text()
    unconfigured = image()
    assert unconfigured.returncode == 2
    assert "GATEWAY_CONFIG" in unconfigured.stderr


def test_it_holds_the_lock_and_says_so(image: Image) -> None:
    lines = [line.rstrip(" \\") for line in (ROOT / "requirements.lock").read_text().splitlines()]
    pins = [Requirement(line) for line in lines if "==" in line and not line.startswith((" ", "#"))]
    python = dict.fromkeys(("python_version", "python_full_version"), "3.13")
    wanted = {pin.name: str(pin.specifier)[2:] for pin in pins if pin.marker is None or pin.marker.evaluate(python)}
    done = image("-c", _INSIDE, options=("--entrypoint", "python"))
    assert done.returncode == 0, done.stderr
    inside: dict[str, dict[str, Any]] = json.loads(done.stdout)
    found: dict[str, str] = {canonicalize_name(name): version for name, version in inside["installed"].items()}
    del wanted["flit-core"]
    assert found.keys() - wanted.keys() == {"tuning-gateway"}
    assert wanted.items() <= found.items()
    billed: dict[str, str] = {canonicalize_name(name): version for name, version in inside["billed"].items()}
    assert found.items() <= billed.items()
    assert len(inside["page"]) == 2


@pytest.mark.parametrize("python", ["/usr/local/bin/python", "/opt/gateway/bin/python"])
def test_it_has_nothing_that_installs(image: Image, python: str) -> None:
    code = "from importlib.util import find_spec; print(find_spec('pip'), find_spec('ensurepip'))"
    assert image("-c", code, options=("--entrypoint", python)).stdout == "None None\n"


def test_its_demo_becomes_healthy(built: str, image: Image) -> None:
    command = re.search(r"HEALTHCHECK .*?CMD (\[.*?\])$", DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert command
    started = image("demo", options=("--detach", "--tmpfs", "/var/lib/gateway:uid=10001,gid=10001"))
    container = started.stdout.strip()
    try:
        for _ in range(60):
            if _said(built, "exec", container, *json.loads(command[1])).returncode == 0:
                return
            time.sleep(0.5)  # another machine's time, which no test can tell to pass
        pytest.fail(_said(built, "logs", container).stdout)
    finally:
        _said(built, "rm", "--force", container)
