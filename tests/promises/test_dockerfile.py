"""What can be told of the image without building it."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAGES = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]
GRAPHIQL, LAST = STAGES[0], STAGES[-1]


def _run(stage: str, word: str) -> str:
    """The one command of a stage that has this word in it."""
    commands = re.findall(r"^RUN ((?:.*\\\n)*.*)$", stage, re.MULTILINE)
    (found,) = (command for command in commands if word in command)
    return str(found)


@pytest.mark.parametrize(
    ("status", "wanted", "built"),
    [
        (0, "required", True),
        (0, "optional", True),
        (3, "required", False),
        (3, "optional", True),
        (1, "required", False),
        (1, "optional", False),
    ],
)
def test_graphiql_is_in_it_unless_it_need_not_be(tmp_path: Path, status: int, wanted: str, built: bool) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nexit {status}\n")
    python.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GRAPHIQL": wanted}
    done = subprocess.run(["sh", "-c", _run(GRAPHIQL, "build.py")], cwd=tmp_path, env=environment, check=False)
    assert (done.returncode == 0) is built
    assert (tmp_path / "gateway" / "web" / "graphiql" / "assets").is_dir() is built
    assert "\nARG GRAPHIQL=required\n" in GRAPHIQL


def test_nothing_in_it_installs_anything() -> None:
    (base,) = {stage.split()[0] for stage in STAGES}
    version = re.fullmatch(r"python:(3\.\d+)-slim", base)
    assert version
    removed = _run(LAST, "pip")
    assert "pip uninstall --yes pip " in removed
    assert f"rm -r /usr/local/lib/python{version[1]}/ensurepip " in removed


def test_its_labels_are_its_builders_to_say_but_for_the_version() -> None:
    arguments = dict(re.findall(r"^ARG (\w+)=(.*)$", LAST, re.MULTILINE))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert arguments == {"VERSION": version, "REVISION": "", "SOURCE": "", "LICENSES": ""}
    for name in arguments:
        assert f'org.opencontainers.image.{name.lower()}="${name}"' in LAST
