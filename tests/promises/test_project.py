"""The project's shape: what lies at its top, what its locks may say, how large a file may grow."""

import json
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
TOP = {
    "pyproject.toml",
    "README.md",
    "gateway",
    "schema.graphql",
    "tests",
    "k8s",
    "Dockerfile",
    "Makefile",
    "requirements.lock",
    "requirements-dev.lock",
    ".ci",
}
LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The files of the project; skipped outside a checkout."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is not a git checkout")
    return listed.stdout.splitlines()


def _pins(lock: str) -> dict[str, Version]:
    lines = (line.split(" ;")[0].rstrip(" \\") for line in (ROOT / lock).read_text().splitlines())
    pinned = (line.split("==") for line in lines if "==" in line and not line.startswith((" ", "#")))
    return {name: Version(version) for name, version in pinned}


def test_the_top_level_holds_what_it_is_for_and_nothing_else(tracked: list[str]) -> None:
    top = {path.split("/")[0] for path in tracked}
    assert {name for name in top if not name.startswith(".")} <= TOP


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_with_hashes_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--hash=sha256:" in text
    assert len(_pins(lock)) == sum(line.endswith("\\") and "==" in line for line in text.splitlines())


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, development = (_pins(lock) for lock in LOCKS)
    assert runtime.items() <= development.items()
    groups = project["dependency-groups"]
    extras = [each for extra in project["project"]["optional-dependencies"].values() for each in extra]
    needed = project["project"]["dependencies"] + extras + groups["build"]
    for asked, pins in ((needed, runtime), (groups["dev"], development)):
        for requirement in map(Requirement, asked):
            assert pins[requirement.name] in requirement.specifier, requirement


def test_no_file_names_an_address_that_installs_something(tracked: list[str]) -> None:
    for path in tracked:
        if path.endswith((".lock", "package-lock.json", ".npmrc", "Makefile", ".ci/run")):
            assert "://" not in (ROOT / path).read_text(), path
        if path.endswith("package-lock.json"):
            packages = json.loads((ROOT / path).read_text())["packages"]
            assert all("resolved" not in package for package in packages.values()), path
            assert all("integrity" in package for name, package in packages.items() if name), path


def test_a_file_of_the_gateway_can_be_seen_whole(tracked: list[str]) -> None:
    long = {
        path: len((ROOT / path).read_text().splitlines())
        for path in tracked
        if path.startswith("gateway/") and path.endswith(".py")
    }
    assert {path: lines for path, lines in long.items() if lines > 260} == {}
