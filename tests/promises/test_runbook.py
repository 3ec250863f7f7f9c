"""What the runbook says is so: of alerts, of lines and metrics, of commands."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from gateway.config.settings import PREFIX, Settings
from gateway.telemetry.requests import LEVELS as LOUD
from tests.bench.__main__ import named
from tests.promises.told import EVERY_LINE, LEVELS, labels_of, lines, shown

Tool = Callable[[str], str]

ROOT = Path(__file__).parents[2]
K8S = ROOT / "k8s"
RUNBOOK = (K8S / "RUNBOOK.md").read_text()
DOCS = {path: (ROOT / path).read_text() for path in ("README.md", "k8s/README.md", "k8s/RUNBOOK.md")}
ALERTS: list[dict[str, Any]] = yaml.safe_load((K8S / "observability" / "alerts.yaml").read_text())["spec"]["groups"][0][
    "rules"
]


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", RUNBOOK, re.DOTALL)


def _sections() -> dict[str, str]:
    """What stands under each alert's heading."""
    alerts = RUNBOOK.split("\n## The alerts\n")[1].split("\n## ")[0]
    _, *pieces = re.split(r"^### (\w+)$", alerts, flags=re.MULTILINE)
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def test_every_alert_has_a_section_of_its_name_and_leads_to_it() -> None:
    assert list(_sections()) == [rule["alert"] for rule in ALERTS]
    places = {rule["annotations"]["runbook_url"].partition("/k8s/RUNBOOK.md#")[::2] for rule in ALERTS}
    assert len({copy for copy, _ in places}) == 1
    assert {anchor for _, anchor in places} == {alert.lower() for alert in _sections()}


@pytest.mark.parametrize("alert", _sections())
def test_a_section_tells_what_it_means_where_to_look_and_what_to_do(alert: str) -> None:
    assert re.findall(r"^\*\*(\w+)\.\*\*", _sections()[alert], re.MULTILINE) == ["Means", "Look", "Do"]
    for other in re.findall(r"\bTuningGateway\w+", _sections()[alert]):
        assert other in _sections()
        assert other != alert


def test_every_metric_in_the_docs_is_there(families: list[Metric]) -> None:
    known = labels_of(families).keys() | {shown(family) for family in families}
    for path, text in DOCS.items():
        assert set(re.findall(r"\b(?:gateway|process)_[a-z_]+[a-z]\b", text)) <= known, path


def test_every_line_is_in_the_runbook_with_its_level_and_fields() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| (\w+) \|([^|]*)\| .* \|$", RUNBOOK, re.MULTILINE)
    told = {event: (level, frozenset(re.findall(r"`(\w+)`", fields))) for event, level, fields in rows}
    assert len(told) == len(rows)
    others = {event: line for event, line in lines().items() if event != "request_answered"}
    assert told == {event: (line.level, line.fields - EVERY_LINE) for event, line in others.items()}


def test_every_question_to_the_log_names_lines_and_fields_that_there_are() -> None:
    fields = {event: line.fields for event, line in lines().items()}
    asked = re.findall(r"lines '([^']+)'(?: \| jq -[cr]+ (?:'([^']+)'|(\S+)))?", RUNBOOK)
    assert len(asked) > 15
    for condition, *more in asked:
        events = set(re.findall(r'\.event == "(\w+)"', condition))
        assert events <= fields.keys()
        there = set().union(*(fields[event] for event in events or fields))
        named_there = re.findall(r"(?<![\w\"])\.([a-z_]+)", " ".join([condition, *more]))
        assert set(named_there) <= there, condition
        for level in re.findall(r'\.level == "(\w+)"', condition):
            assert level in LEVELS


def test_every_question_to_the_log_can_be_asked(tool: Tool, tmp_path: Path) -> None:
    for program in ("sh", "jq"):
        tool(program)
    (session,) = _blocks("json")
    (tmp_path / "log").write_text(f"what is no JSON\n{session}")
    (function,) = re.findall(r"^lines\(\) \{.*?^\}", RUNBOOK, re.DOTALL | re.MULTILINE)
    for question in re.findall(r"(?:`|^)(lines '[^`\n#]+)", RUNBOOK, re.MULTILINE):
        script = f"kubectl() {{ cat log; }}\n{function}\n{question}"
        asked = subprocess.run(["sh", "-euc", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (asked.returncode, asked.stderr) == (0, ""), question


def test_the_session_is_of_lines_and_metrics_that_there_are(families: list[Metric]) -> None:
    (log,), (numbers,) = _blocks("json"), _blocks("text")
    for line in map(json.loads, log.splitlines()):
        assert line.keys() <= lines()[line["event"]].fields
    known = labels_of(families)
    for line in numbers.splitlines():
        (family,) = text_string_to_metric_families(line + "\n")
        for sample in family.samples:
            assert sample.labels.keys() <= known[sample.name].keys(), line


def test_settings_and_codes_in_the_runbook_are_the_codes() -> None:
    settings = {PREFIX + name.upper() for name in Settings.model_fields} | {"OTEL_EXPORTER_OTLP_ENDPOINT"}
    codes = {*re.findall(r"^\| `([A-Z_]+)` \|", DOCS["README.md"], re.MULTILINE), *LOUD}
    assert set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", RUNBOOK)) <= settings | codes


def test_the_commands_find_what_they_ask_for() -> None:
    pod = yaml.safe_load((K8S / "base" / "deployment.yaml").read_text())["spec"]["template"]["metadata"]["labels"]
    (ours,) = re.findall(r"--selector (\S+,\S+)", RUNBOOK)
    assert dict(label.split("=") for label in ours.split(",")).items() <= pod.items()
    assert "app.kubernetes.io/component: store" in (K8S / "valkey" / "valkey.yaml").read_text()
    for name in re.findall(r"make bench BENCH=(\w+)", RUNBOOK):
        assert list(named([name]))
