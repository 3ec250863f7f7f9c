"""Each alert fires when what it is for has happened, and none when all is well: asked of Prometheus's own tool."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ALERTS = Path(__file__).parents[2] / "k8s" / "observability" / "alerts.yaml"
RULES: dict[str, Any] = yaml.safe_load(ALERTS.read_text())["spec"]
# Metrics as Prometheus's tool writes them down: from a value, by so much each half minute, for an hour.
NEVER = "0x120"
WELL = {
    "up": "1x120",
    "kube_deployment_status_replicas_unavailable": NEVER,
    "process_start_time_seconds": "1000x120",
    "process_resident_memory_bytes": "2e8x120",
    "process_open_fds": "100x120",
    "process_max_fds": "1000x120",
    'gateway_build_info{version="1"}': "1x120",
    'gateway_requests_total{operation="query", outcome="OK"}': "0+1000x120",
    'gateway_requests_total{operation="query", outcome="THROTTLED"}': "0+10x120",
    'gateway_requests_total{operation="invalid", outcome="BAD_USER_INPUT"}': "0+900x120",
    'gateway_requests_total{operation="rpc", outcome="CANCELLED"}': "0+100x120",
    'gateway_requests_shed_total{reason="full"}': NEVER,
    'gateway_request_own_seconds_bucket{operation="query", le="0.25"}': "0+999x120",
    'gateway_request_own_seconds_bucket{operation="query", le="0.5"}': "0+1000x120",
    'gateway_request_own_seconds_bucket{operation="query", le="+Inf"}': "0+1000x120",
    'gateway_event_loop_lag_seconds_bucket{le="0.1"}': "0+300x120",
    'gateway_event_loop_lag_seconds_bucket{le="0.25"}': "0+300x120",
    'gateway_event_loop_lag_seconds_bucket{le="+Inf"}': "0+300x120",
    'gateway_upstream_calls_total{operation="Search", outcome="OK"}': "0+50x120",
    'gateway_upstream_calls_total{operation="Search", outcome="Throttled"}': "0+1x120",
    'gateway_upstream_calls_total{operation="Search", outcome="UpstreamTimeout"}': "0+1x120",
    'gateway_budget_left{operation="Search"}': "0x90 1 0x28",
    'gateway_budget_refused_total{operation="Search"}': NEVER,
    'gateway_configuration_total{outcome="refused"}': NEVER,
    "gateway_operator_needed_total": NEVER,
    "gateway_failed_unexpectedly_total": NEVER,
    "gateway_issuer_keys_not_published_total": "0x60 1x59",
    'gateway_store_state{state="closed"}': "1x90 0x5 1x24",
    'gateway_watch_looks_total{outcome="changed"}': "0+30x120",
    'gateway_watch_looks_total{outcome="failed"}': "0+1x120",
    "gateway_watches": "500x120",
}
# What is otherwise when it is time for each.
ILL = {
    "TuningGatewayGone": {"up": "1x20 0x99"},
    "TuningGatewayReplicaGone": {'up{pod="b"}': "0x120"},
    "TuningGatewayReplicaNotReady": {"kube_deployment_status_replicas_unavailable": "1x120"},
    "TuningGatewayRestarts": {"process_start_time_seconds": "1000x60 2000x20 3000x39"},
    "TuningGatewayOperatorNeeded": {"gateway_operator_needed_total": "0x105 1x14"},
    "TuningGatewayFailsUnexpectedly": {"gateway_failed_unexpectedly_total": "0x105 1x14"},
    "TuningGatewayErrors": {'gateway_requests_total{operation="query", outcome="THROTTLED"}': "0+120x120"},
    "TuningGatewayTurnsAway": {'gateway_requests_shed_total{reason="full"}': "0x60 0+10x59"},
    "TuningGatewaySlow": {'gateway_request_own_seconds_bucket{operation="query", le="0.25"}': "0+900x120"},
    "TuningGatewayLoopLags": {'gateway_event_loop_lag_seconds_bucket{le="0.1"}': "0+290x120"},
    "TuningGatewayMemoryNearlyAll": {"process_resident_memory_bytes": "1e9x120"},
    "TuningGatewayFilesNearlyAll": {"process_open_fds": "900x120"},
    "TuningGatewayAwsThrottles": {'gateway_upstream_calls_total{operation="Search", outcome="Throttled"}': "0+9x120"},
    "TuningGatewayAwsFails": {
        'gateway_upstream_calls_total{operation="Search", outcome="UpstreamTimeout"}': "0+20x120"
    },
    "TuningGatewayBudgetRefuses": {'gateway_budget_refused_total{operation="Search"}': "0x60 0+1x59"},
    "TuningGatewayBudgetExhausted": {'gateway_budget_left{operation="Search"}': "2x20 0.4x99"},
    "TuningGatewayConfigurationRefused": {'gateway_configuration_total{outcome="refused"}': "0x105 1x14"},
    "TuningGatewayIssuerKeysNotPublished": {"gateway_issuer_keys_not_published_total": "0x60 0+1x59"},
    "TuningGatewayStoreLost": {'gateway_store_state{state="closed"}': "1x100 0x19"},
    "TuningGatewayLooksFail": {'gateway_watch_looks_total{outcome="failed"}': "0+60x120"},
    "TuningGatewayWatchesNearlyAll": {"gateway_watches": "900x120"},
    "TuningGatewayVersionsMixed": {'gateway_build_info{version="2"}': "1x120"},
}


def _named(metric: str) -> str:
    """A metric as Prometheus has it of its targets, or of Kubernetes."""
    name, _, labels = metric.partition("{")
    given = labels.removesuffix("}").split(", ") if labels else []
    if name.startswith("kube_"):
        given.append('deployment="tuning-gateway"')
    else:
        given += ['job="tuning-gateway"', *([] if "pod=" in labels else ['pod="a"'])]
    return f"{name}{{{', '.join(given)}}}"


def _case(otherwise: dict[str, str], firing: list[str]) -> dict[str, Any]:
    return {
        "interval": "30s",
        "input_series": [
            {"series": _named(metric), "values": values} for metric, values in {**WELL, **otherwise}.items()
        ],
        "promql_expr_test": [
            {
                "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                "eval_time": "60m",
                "exp_samples": [{"labels": f'{{alertname="{alert}"}}', "value": 1} for alert in firing],
            }
        ],
    }


def test_every_alert_is_tried() -> None:
    assert list(ILL) == [rule["alert"] for rule in RULES["groups"][0]["rules"]]


@pytest.mark.parametrize("alert", [None, *ILL])
def test_an_alert_fires_when_it_is_time_and_no_other_does(
    tool: Callable[[str], str], tmp_path: Path, alert: str | None
) -> None:
    rules, tried = tmp_path / "rules.yaml", tmp_path / "tried.yaml"
    rules.write_text(yaml.safe_dump(RULES))
    # Nobody answering is also one that does not.
    firing = [] if alert is None else [alert, "TuningGatewayReplicaGone"] if alert == "TuningGatewayGone" else [alert]
    tests = {
        "rule_files": [str(rules)],
        "evaluation_interval": "30s",
        "tests": [_case({} if alert is None else ILL[alert], firing)],
    }
    tried.write_text(yaml.safe_dump(tests))
    told = subprocess.run([tool("promtool"), "test", "rules", str(tried)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
