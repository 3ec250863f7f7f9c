"""The contract to the tools of GraphQL's own world: ESLint's rules hold, and what was released is not broken.

`contract/released.graphql` is the contract its clients rely on. `make schema` leaves it alone, or nothing would ever be
held to it. A release renews it, and so does whoever breaks the contract on purpose: by a copy of `schema.graphql`.
"""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

_PROJECT = Path(__file__).parent / "contract"
_SCHEMA = Path(__file__).parents[2] / "schema.graphql"
_RELEASED = _PROJECT / "released.graphql"
_PATIENCE = 60  # seconds

Tool = Callable[[Path], Sequence[str]]


@pytest.fixture
def broken_rules(node: list[str], packages: Callable[[Path], Path]) -> Tool:
    """ESLint's complaints about the `schema.graphql` of a folder."""
    eslint = packages(_PROJECT) / "eslint" / "bin" / "eslint.js"

    def complaints(folder: Path) -> list[str]:
        command = [*node, str(eslint), "--config", str(_PROJECT / "eslint.config.mjs"), "--format", "json"]
        [about] = _said([*command, "schema.graphql"], folder)
        return [f"{each['line']}: {each['ruleId']}: {each['message']}" for each in about["messages"]]

    return complaints


@pytest.fixture
def breaking_changes(node: list[str], packages: Callable[[Path], Path]) -> Tool:
    """What GraphQL Inspector says of the breaking changes from the released contract to a schema."""
    packages(_PROJECT)

    def changes(schema: Path) -> list[str]:
        command = [*node, str(_PROJECT / "changes.mjs"), str(_RELEASED), str(schema)]
        return list(_said(command, _PROJECT))

    return changes


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Path]:
    """A copy of the released contract with one change in it."""

    def copied(old: str, new: str) -> Path:
        released = _RELEASED.read_text()
        assert released.count(old) == 1
        copy = tmp_path / "schema.graphql"
        copy.write_text(released.replace(old, new))
        return copy

    return copied


def _said(command: list[str], folder: Path) -> Any:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert done.stdout, done.stderr  # the exit status tells what a tool found, too
    return json.loads(done.stdout)


def test_the_schema_keeps_eslints_rules_for_schemas_and_for_relay(broken_rules: Tool) -> None:
    assert broken_rules(_SCHEMA.parent) == []


def test_a_connection_whose_edges_are_none_breaks_a_rule(
    broken_rules: Tool, changed: Callable[[str, str], Path]
) -> None:
    schema = changed("  edges: [TuningJobEdge!]!", "  edges: TuningJobEdge!")
    assert [each.split(": ")[1] for each in broken_rules(schema.parent)] == ["@graphql-eslint/relay-connection-types"]


def test_the_schema_breaks_nothing_that_was_released(breaking_changes: Tool) -> None:
    assert breaking_changes(_SCHEMA) == [], f"on purpose? Then copy schema.graphql over {_RELEASED}"


def test_a_field_that_is_removed_is_a_breaking_change(
    breaking_changes: Tool, changed: Callable[[str, str], Path]
) -> None:
    schema = changed('  """The caller\'s teams, as far as this gateway serves them."""\n  teams: [Team!]!\n', "")
    assert breaking_changes(schema) == ["Field 'teams' was removed from object type 'Viewer'"]


def test_an_argument_that_becomes_required_is_a_breaking_change(
    breaking_changes: Tool, changed: Callable[[str, str], Path]
) -> None:
    schema = changed("    team: String\n  ): TuningJob\n", "    team: String!\n  ): TuningJob\n")
    assert breaking_changes(schema) == [
        "Type for argument 'team' on field 'Query.tuningJob' changed from 'String' to 'String!'"
    ]


def test_a_field_that_is_added_breaks_nothing(breaking_changes: Tool, changed: Callable[[str, str], Path]) -> None:
    subject = '  """Who the caller is, as its issuer or its API key names it."""\n'
    assert breaking_changes(changed(subject, f"  more: String\n\n{subject}")) == []
