"""The dashboard and the alerts speak of metrics that the gateway has, in labels that they have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import Metric

from gateway.config.settings import Settings
from gateway.schema.errors import CODES, INTERNAL
from gateway.telemetry.requests import LEVELS
from tests.promises.told import labels_of, lines

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "k8s" / "observability" / "dashboard.json").read_text())
ALERTS: list[dict[str, Any]] = yaml.safe_load((ROOT / "k8s" / "observability" / "alerts.yaml").read_text())["spec"][
    "groups"
][0]["rules"]
_DEPLOYMENT: dict[str, Any] = yaml.safe_load((ROOT / "k8s" / "base" / "deployment.yaml").read_text())
RUNBOOK = (ROOT / "k8s" / "RUNBOOK.md").read_text()
ASKED = {
    **{
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in DASHBOARD["panels"]
        for target in panel.get("targets", ())
    },
    **{rule["alert"]: rule["expr"] for rule in ALERTS},
    **{f"RUNBOOK.md: {query}": query for query in re.findall(r"```promql\n(.*?)\n```", RUNBOOK, re.DOTALL)},
}
# Prometheus's own, of each target; what it and its operator add to every metric; and Kubernetes', of our Deployment.
OF_PROMETHEUS = "up"
OF_TARGETS = {"job", "namespace", "pod"}
OF_KUBERNETES = {"kube_deployment_status_replicas_unavailable": {"deployment": {_DEPLOYMENT["metadata"]["name"]}}}
_WORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "offset", "bool", "group_left", "group_right"}
_OURS = re.compile(r'job="tuning-gateway"|deployment="tuning-gateway"')


def _metrics(query: str) -> set[str]:
    """The names of metrics in a query: whatever is neither a function, a word of the language, a label nor a text."""
    bare = re.sub(r'"[^"]*"', "", query)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring)\s*\([^)]*\)", "", bare)
    return set(re.findall(r"\b[a-z_:][a-z0-9_:]*\b(?!\s*\()", bare)) - _WORDS


def _wrong(query: str, families: list[Metric]) -> Iterator[str]:
    """What a query names that there is not."""
    known = {**labels_of(families), OF_PROMETHEUS: {}, **OF_KUBERNETES}
    metrics = _metrics(query)
    yield from metrics - known.keys()
    labels = {label: values for metric in metrics & known.keys() for label, values in known[metric].items()}
    for label, operator, text in re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"', query):
        values = text.split("|") if operator.endswith("~") else [text]
        if label not in OF_TARGETS and not set(values) <= labels.get(label, set()):
            yield f"{label}{operator}{text}"
    for grouped in re.findall(r"\b(?:by|without|on)\s*\(([^)]*)\)", query):
        yield from {label.strip() for label in grouped.split(",")} - OF_TARGETS - labels.keys()


def test_every_query_names_metrics_labels_and_values_that_there_are(families: list[Metric]) -> None:
    assert all(_metrics(query) for query in ASKED.values())
    assert {where: wrong for where, query in ASKED.items() if (wrong := list(_wrong(query, families)))} == {}


def test_every_query_counts_the_gateway_only() -> None:
    for query in ASKED.values():
        assert len(_OURS.findall(query)) == len(re.findall(r"\{", query))


def test_what_counts_as_failing_is_what_the_log_is_loud_about() -> None:
    found = [re.findall(r'outcome=~"([A-Z_|]+)"', query) for query in ASKED.values()]
    failing = [each for each in found if each]
    assert len(failing) == 3
    assert all(set(each[0].split("|")) == set(LEVELS) for each in failing)


def test_every_metric_is_on_the_dashboard(families: list[Metric]) -> None:
    shown = {
        name for panel in DASHBOARD["panels"] for each in panel.get("targets", ()) for name in _metrics(each["expr"])
    }
    for family in families:
        if family.name.startswith("gateway_"):
            assert shown & {family.name, f"{family.name}_total", f"{family.name}_bucket"}, family.name


def test_every_alert_says_what_it_means_what_to_do_and_where_that_stands() -> None:
    for rule in ALERTS:
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
        given = OF_TARGETS | set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", rule["expr"]))))
        for value in re.findall(r"\$labels\.(\w+)", rule["annotations"]["description"]):
            assert value in given, rule["alert"]
            assert "by (" in rule["expr"] or not re.search(r"\b(?:sum|min|max|count)\b", rule["expr"]), rule["alert"]


def test_alerts_come_before_there_is_too_much_of_what_is_bounded() -> None:
    bounds = {rule["alert"]: rule["expr"].split("> ")[1] for rule in ALERTS if "NearlyAll" in rule["alert"]}
    assert float(bounds["TuningGatewayWatchesNearlyAll"]) == 0.8 * Settings.model_fields["watches"].default
    (container,) = _DEPLOYMENT["spec"]["template"]["spec"]["containers"]
    limit = container["resources"]["limits"]["memory"].removesuffix("Mi")
    assert bounds["TuningGatewayMemoryNearlyAll"] == f"0.9 * {limit} * 1024 * 1024"


def test_what_an_alert_says_of_the_log_is_in_the_log() -> None:
    known = lines()
    words = known.keys() | set().union(*(line.fields for line in known.values()))
    for rule in ALERTS:
        told = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", rule["annotations"]["description"]))
        assert told <= words, rule["alert"]
        codes = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", rule["annotations"]["description"]))
        assert codes <= {*CODES.values(), INTERNAL, *(f"GATEWAY_{name.upper()}" for name in Settings.model_fields)}


def test_the_dashboard_asks_one_data_source_that_whoever_imports_it_chooses() -> None:
    (datasource,) = (each for each in DASHBOARD["templating"]["list"] if each["type"] == "datasource")
    chosen = {"type": "prometheus", "uid": f"${{{datasource['name']}}}"}
    for panel in DASHBOARD["panels"]:
        if panel["type"] != "row":
            assert panel["datasource"] == chosen
            assert panel["description"]
            assert [target["refId"] for target in panel["targets"]] == list("ABCDEFG")[: len(panel["targets"])]
            assert all(target["datasource"] == chosen for target in panel["targets"])


def test_panels_do_not_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + right, place["y"] + down) for right in range(place["w"]) for down in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert all(column < 24 for column, _ in cells)
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
