"""What the README says is so."""

import argparse
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from prometheus_client import Metric
from structlog.testing import capture_logs

from gateway.__main__ import _parser
from gateway.config import seconds
from gateway.config.file import read_file
from gateway.config.settings import PREFIX, Settings, traces_wanted
from gateway.schema.errors import CODES, INTERNAL
from gateway.standin import ServiceShapes, Standin, world_named
from gateway.standin.operations import OPERATIONS
from tests.promises.told import shown
from tests.running import Clock, Start

ROOT = Path(__file__).parents[2]
_KINDS_OF_NPM = ("dependencies", "devDependencies", "optionalDependencies")
README = (ROOT / "README.md").read_text()


def _section(heading: str) -> str:
    """What stands under a heading, down to the next."""
    found = re.split(rf"^##+ {re.escape(heading)}$", README, maxsplit=1, flags=re.MULTILINE)[1]
    return re.split(r"^##+ ", found, maxsplit=1, flags=re.MULTILINE)[0]


def _rows(heading: str) -> list[list[str]]:
    """The rows of a heading's table, cell by cell."""
    lines = [line for line in _section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _blocks(language: str, heading: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", _section(heading), re.DOTALL)


def test_the_settings_are_the_codes() -> None:
    documented = {name.strip("`"): (default.strip("`"), text) for name, default, text in _rows("Running it for real")}
    assert list(documented) == [PREFIX + name.upper() for name in Settings.model_fields]
    for name, field in Settings.model_fields.items():
        default, text = documented[PREFIX + name.upper()]
        assert text == field.description
        assert _same(default, field.default), name


def _same(written: str, default: object) -> bool:
    if default in (None, ()):
        return written == ""
    if isinstance(default, bool):
        return written == ("on" if default else "off")
    return seconds(written) == default if isinstance(default, float) else written == str(default)


def test_the_errors_are_the_codes() -> None:
    documented = [row[0].strip("`") for row in _rows("Errors")]
    assert len(documented) == len(set(documented))
    faces = [*(ROOT / "gateway" / "web").glob("*.py"), *(ROOT / "gateway" / "schema").glob("*.py")]
    source = "\n".join(path.read_text() for path in faces)
    # The forms in which a face names a code outside the table of our own errors.
    forms = (
        r'"code": "([A-Z_]+)"',
        r'Refusal\(\s*\d+, "([A-Z_]+)"',
        r'\d{3}: "([A-Z_]+)"',
        r'_refuse\(\w+, "([A-Z_]+)"',
    )
    given = {code for form in forms for code in re.findall(form, source)}
    assert set(documented) == given | set(CODES.values()) | {INTERNAL}


def test_the_statuses_of_grpc_are_the_codes() -> None:
    documented = {status.strip("`"): set(re.findall(r"`([A-Z_]+)`", codes)) for status, codes in _rows("gRPC")}
    source = (ROOT / "gateway" / "rpc" / "failures.py").read_text() + (
        ROOT / "gateway" / "rpc" / "calls.py"
    ).read_text()
    given: dict[str, set[str]] = {"NOT_FOUND": {"NOT_FOUND"}, "INTERNAL": {"INTERNAL"}}
    for status, code in re.findall(r'StatusCode\.([A-Z_]+), "([A-Z_]+)"', source):
        given.setdefault(status, set()).add(code)
    assert documented == given


def test_the_map_names_every_room() -> None:
    rooms = {
        path.stem for path in (ROOT / "gateway").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert {row[0].strip("`") for row in _rows("The map")} == rooms - {"__init__"}


def _named(requirements: Iterable[str]) -> list[str]:
    return [Requirement(requirement).name for requirement in requirements]


def test_every_dependency_is_justified() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = chain(project["dependencies"], *project["optional-dependencies"].values())
    assert [row[0].strip("`") for row in _rows("Dependencies")] == _named(asked)


def test_what_builds_and_checks_is_justified_too() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    tools = [line for path in (ROOT / ".ci").glob("*.in") for line in path.read_text().splitlines() if line[0] != "#"]
    projects = [*(ROOT / "tests" / "clients").glob("*/package.json"), *(ROOT / "gateway").rglob("package.json")]
    of_npm = [package for path in projects for package in _of_npm(json.loads(path.read_text()))]
    documented = [re.findall(r"`([^`]+)`", row[0]) for row in _rows("What builds and checks it")]
    assert all(row[-1] for row in _rows("What builds and checks it"))
    assert sorted(chain(*documented)) == sorted({*_named(chain(*groups.values(), tools)), *of_npm})


def _of_npm(project: dict[str, Any]) -> Iterator[str]:
    return chain.from_iterable(project.get(kind, ()) for kind in _KINDS_OF_NPM)


def test_the_commands_are_the_codes() -> None:
    (subparsers,) = (action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    documented = [row[0].strip("`").removeprefix("gateway ") for row in _rows("Two commands")]
    assert documented == list(subparsers.choices)
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    assert set(re.findall(r"\bmake ([a-z][a-z0-9-]+)", README)) == targets


def test_the_configuration_in_the_readme_is_valid(tmp_path: Path) -> None:
    (text,) = _blocks("yaml", "Running it for real")
    (tmp_path / "gateway.yaml").write_text(text)
    teams, keys, *_ = read_file(tmp_path / "gateway.yaml")
    assert [team.name for team in teams] == ["vision", "speech", "forecasting"]
    assert keys[0].id == "platform-api"


def test_the_operations_of_the_local_sagemaker_are_the_codes() -> None:
    section = README.split("\n## The local SageMaker\n")[1]
    served = section.split("It serves ")[1].split(", over a world")[0]
    assert set(re.findall(r"[A-Z]\w+[a-z]", served)) - {"STS"} == {*OPERATIONS, "AssumeRole"}


@pytest.fixture
def standin(clock: Clock, shapes: ServiceShapes) -> Standin:
    return Standin(world_named("demo", clock), shapes=shapes)


async def test_the_query_in_the_readme_has_the_answer_in_the_readme(start: Start) -> None:
    (query,), (answer,) = _blocks("graphql", "A query and its answer"), _blocks("json", "A query and its answer")
    gateway = await start()
    assert (await gateway.ask(query, key="key-of-vision")).body == json.loads(answer)


def test_every_metric_is_in_the_readme_with_its_labels_and_in_its_own_words(families: list[Metric]) -> None:
    rows = [row for row in _rows("What it tells of itself") if row[0].startswith("`gateway_")]
    documented = {name.strip("`"): (set(re.findall(r"`(\w+)`", labels)), text) for name, labels, text in rows}
    assert len(documented) == len(rows)
    assert documented == {
        shown(family): ({label for sample in family.samples for label in sample.labels} - {"le"}, family.documentation)
        for family in families
        if family.name.startswith("gateway_")
    }


async def test_every_field_of_a_requests_line_is_in_the_readme(start: Start) -> None:
    gateway = await start()
    with capture_logs() as logs:
        await gateway.ask("{ viewer { subject } }")
    (line,) = (line for line in logs if line["event"] == "request_answered")
    rows = [row[0] for row in _rows("What it tells of itself") if not row[0].startswith("`gateway_")]
    documented = [field for row in rows for field in re.findall(r"`(\w+)`", row) if field != "request_answered"]
    assert documented == [field for field in line if field not in {"event", "log_level"}]


def test_the_variables_of_traces_are_those_that_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    section = _section("What it tells of itself")
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        assert f"`{name}`" in section
        with monkeypatch.context() as patch:
            patch.setenv(name, "http://collector:4318")
            assert traces_wanted()
            for setting in re.findall(r"`(OTEL_\w+=\w+)`", section):
                with monkeypatch.context() as off:
                    off.setenv(*setting.split("=", 1))
                    assert not traces_wanted()
