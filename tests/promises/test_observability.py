"""The dashboard and the alerts speak of metrics that the gateway has, in labels that they have."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from gateway import telemetry
from gateway.config.settings import Settings

OBSERVABILITY = Path(__file__).parents[2] / "k8s" / "observability"
DASHBOARD: dict[str, Any] = json.loads((OBSERVABILITY / "dashboard.json").read_text())
ALERTS: list[dict[str, Any]] = yaml.safe_load((OBSERVABILITY / "alerts.yaml").read_text())["spec"]["groups"][0]["rules"]
ASKED = {
    **{
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
    },
    **{rule["alert"]: rule["expr"] for rule in ALERTS},
}
# Prometheus's own, of each target; and what it and its operator add to every metric.
OF_PROMETHEUS = "up"
OF_TARGETS = {"job", "namespace", "pod"}
_WORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "offset", "bool", "group_left", "group_right"}


_ENDINGS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def _labels() -> dict[str, dict[str, set[str]]]:
    """Each metric at /metrics, the labels that it has had so far, and their values."""
    known: dict[str, dict[str, set[str]]] = {OF_PROMETHEUS: {}}
    for family in text_string_to_metric_families(telemetry.metrics().decode()):
        known |= {family.name + ending: {} for ending in _ENDINGS.get(family.type, ())}
        for sample in family.samples:
            for label, value in sample.labels.items():
                known.setdefault(sample.name, {}).setdefault(label, set()).add(value)
    return known


def _metrics(query: str) -> set[str]:
    """The names of metrics in a query: whatever is neither a function, a word of the language, a label nor a text."""
    bare = re.sub(r'"[^"]*"', "", query)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring)\s*\([^)]*\)", "", bare)
    return set(re.findall(r"\b[a-z_:][a-z0-9_:]*\b(?!\s*\()", bare)) - _WORDS


@pytest.mark.parametrize("where", ASKED)
def test_a_query_names_metrics_and_labels_that_there_are(where: str) -> None:
    query, known = ASKED[where], _labels()
    metrics = _metrics(query)
    assert metrics
    assert metrics <= known.keys()
    labels = {label: values for metric in metrics for label, values in known[metric].items()}
    for label, operator, value in re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"', query):
        assert label in OF_TARGETS or (operator in {"=", "!="} and value in labels[label]), label
    for grouped in re.findall(r"\b(?:by|without|on)\s*\(([^)]*)\)", query):
        assert {label.strip() for label in grouped.split(",")} <= OF_TARGETS | labels.keys()


def test_every_query_counts_the_gateway_only() -> None:
    for query in ASKED.values():
        assert len(re.findall(r'job="tuning-gateway"', query)) == len(re.findall(r"\{", query))


def test_every_alert_says_what_it_means_and_what_to_do() -> None:
    for rule in ALERTS:
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert set(rule["annotations"]) == {"summary", "description"}
        for value in re.findall(r"\$labels\.(\w+)", rule["annotations"]["description"]):
            assert value in OF_TARGETS


def test_the_alert_on_watches_comes_before_there_are_too_many() -> None:
    (alert,) = (rule for rule in ALERTS if rule["alert"] == "TuningGatewayWatchesNearlyAll")
    assert float(alert["expr"].split("> ")[1]) == 0.8 * Settings.model_fields["watches"].default


def test_what_an_alert_says_of_the_log_is_in_the_log() -> None:
    source = Path(telemetry.__file__).read_text()
    told = {
        line for rule in ALERTS for line in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", rule["annotations"]["description"])
    }
    assert told
    for line in told:
        assert re.search(rf'_log\.\w+\("{line}"', source), line


def test_panels_do_not_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + right, place["y"] + down) for right in range(place["w"]) for down in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert all(column < 24 for column, _ in cells)
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
