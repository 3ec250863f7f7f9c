"""What is given to Kubernetes: valid, locked down, without a secret, and in the gateway's own words."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.config import seconds, served
from gateway.config.settings import PREFIX, Settings
from gateway.telemetry import metrics
from gateway.web.burden import Burden
from gateway.web.health import Health, Readiness

ROOT = Path(__file__).parents[2]
K8S = ROOT / "k8s"
FILES = sorted(K8S.rglob("*.yaml"))
DOCKERFILE = (ROOT / "Dockerfile").read_text()
DEFAULTS = Settings.model_construct()
GRPC_PORT = 50051  # everybody's for gRPC; the setting has none by default
# What their operators bring; Kubernetes' own schemas do not know them.
FOREIGN = {"PrometheusRule", "ServiceMonitor"}

Manifest = dict[str, Any]


def _of_kind(manifests: list[Manifest], kind: str) -> list[Manifest]:
    return [manifest for manifest in manifests if manifest["kind"] == kind]


def _named(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    (found,) = (manifest for manifest in _of_kind(manifests, kind) if manifest["metadata"]["name"] == name)
    return found


def _pod(manifests: list[Manifest], name: str = "tuning-gateway") -> Manifest:
    pod: Manifest = _named(manifests, "Deployment", name)["spec"]["template"]["spec"]
    return pod


def _everything(node: object) -> Iterator[tuple[str, object]]:
    """Every key of a manifest, however deep, with its value."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from _everything(value)
    elif isinstance(node, list):
        for item in node:
            yield from _everything(item)


def test_every_manifest_is_valid_to_the_letter(
    overlay: str, written: Callable[[str], str], tool: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / f"{overlay}.yaml"
    path.write_text(written(overlay))
    command = [tool("kubernetes-validate"), "--strict", str(path)]
    validated = subprocess.run(command, capture_output=True, text=True, check=False)
    told = validated.stdout + validated.stderr
    assert validated.returncode == 0, told
    assert set(re.findall(r"Couldn't find schema for kind (\w+)", told)) <= FOREIGN


def test_the_image_is_built_by_the_rules(tool: Callable[[str], str]) -> None:
    linted = subprocess.run([tool("hadolint"), str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


def test_every_pod_keeps_to_pod_security_restricted(manifests: list[Manifest]) -> None:
    (namespace,) = _of_kind(manifests, "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for deployment in _of_kind(manifests, "Deployment"):
        pod = deployment["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["enableServiceLinks"] is False
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert container["resources"]["limits"]["memory"] == container["resources"]["requests"]["memory"]


def test_no_secret_lies_here(manifests: list[Manifest]) -> None:
    assert _of_kind(manifests, "Secret") == []
    secret = {f"{PREFIX}{name.upper()}" for name in ("cursor_keys", "store_url")}
    for deployment in _of_kind(manifests, "Deployment"):
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            assert all("value" not in entry for entry in container.get("env", []) if entry["name"] in secret)
    assert "secretGenerator" not in "".join(path.read_text() for path in FILES)


def test_every_variable_in_the_manifests_and_the_image_is_a_setting() -> None:
    settings = {PREFIX + name.upper() for name in Settings.model_fields}
    for path in [*FILES, ROOT / "Dockerfile"]:
        # GATEWAY_PORT=tcp://… is what Kubernetes would make of a Service, and is one of them all the same.
        named = set(re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]\b", path.read_text()))
        assert named <= settings, path


def test_production_starts_once_its_secrets_are_there(
    production: list[Manifest], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secrets = {"cursor-keys": "made-up-and-long-enough", "store-url": "redis://u:p@tuning-gateway-store:6379"}
    pod = _pod(production)
    (container,) = pod["containers"]
    for entry in container["env"]:
        asked = entry.get("valueFrom", {}).get("secretKeyRef", {})
        monkeypatch.setenv(entry["name"], entry.get("value") or secrets[asked["key"]])
    (volume,) = pod["volumes"]
    (mount,) = container["volumeMounts"]
    data = _named(production, "ConfigMap", volume["configMap"]["name"])["data"]
    path = Path(next(entry["value"] for entry in container["env"] if entry["name"] == "GATEWAY_CONFIG"))
    assert str(path.parent) == mount["mountPath"]
    (tmp_path / path.name).write_text(data[path.name])
    monkeypatch.setenv("GATEWAY_CONFIG", str(tmp_path / path.name))
    assert [team.name for team in served().teams] == ["vision"]


def test_a_changed_teams_file_is_rolled_out(production: list[Manifest]) -> None:
    (volume,) = _pod(production)["volumes"]
    assert re.fullmatch(r"tuning-gateway-[a-z0-9]{10}", volume["configMap"]["name"])


def test_the_demo_needs_nothing_but_the_image(written: Callable[[str], str]) -> None:
    demo = list(yaml.safe_load_all(written("demo")))
    assert {manifest["kind"] for manifest in demo} == {
        *("Deployment", "Namespace", "NetworkPolicy", "Service", "ServiceAccount")
    }
    (container,) = _pod(demo)["containers"]
    assert container["args"] == ["demo"]
    assert [entry["name"] for entry in container["env"]] == ["GATEWAY_LINGER"]
    # Its issuer's key is made in the working directory.
    (mount,) = container["volumeMounts"]
    assert f"\nWORKDIR {mount['mountPath']}\n" in DOCKERFILE


def test_the_image_and_the_pods_agree(manifests: list[Manifest]) -> None:
    pod = _pod(manifests)
    assert f"\nUSER {pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}\n" in DOCKERFILE
    (container,) = pod["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    grpc = ports.pop("grpc", GRPC_PORT)
    assert ports == {"http": DEFAULTS.port, "admin": DEFAULTS.admin_port}
    assert f"\nEXPOSE {ports['http']} {ports['admin']} {grpc}\n" in DOCKERFILE


def test_services_may_call_where_calls_are_answered(production: list[Manifest]) -> None:
    (container,) = _pod(production)["containers"]
    (asked,) = (entry["value"] for entry in container["env"] if entry["name"] == "GATEWAY_GRPC_PORT")
    assert {"name": "grpc", "containerPort": int(asked)} in [
        {"name": port["name"], "containerPort": port["containerPort"]} for port in container["ports"]
    ]
    service = _named(production, "Service", "tuning-gateway-grpc")["spec"]
    assert service["clusterIP"] == "None"  # a connection would bind a client to one replica
    assert service["ports"] == [
        {"name": "grpc", "port": GRPC_PORT, "targetPort": "grpc", "appProtocol": "kubernetes.io/h2c"}
    ]
    policy = _named(production, "NetworkPolicy", "tuning-gateway-grpc")["spec"]
    assert policy["policyTypes"] == ["Ingress"]
    (rule,) = policy["ingress"]
    assert rule["from"]
    assert rule["ports"] == [{"protocol": "TCP", "port": "grpc"}]
    started = container["startupProbe"]
    assert ("httpGet" in started, started["grpc"]) == (False, {"port": int(asked)})


def test_the_second_face_is_off_where_it_is_not_asked_for(written: Callable[[str], str]) -> None:
    assert "grpc" not in written("demo").lower()


def test_every_probe_asks_what_the_admin_port_answers(manifests: list[Manifest]) -> None:
    served_there = Health(Readiness()).answers.keys()
    (container,) = _pod(manifests)["containers"]
    asked = {name: container[f"{name}Probe"].get("httpGet") for name in ("startup", "liveness", "readiness")}
    assert asked["liveness"] == {"path": "/livez", "port": "admin"}
    assert asked["readiness"] == {"path": "/readyz", "port": "admin"}
    # With gRPC, its own health is asked once.
    assert asked["startup"] == (None if "grpc" in container["startupProbe"] else asked["liveness"])
    assert {"/livez", "/readyz"} <= served_there


def test_who_is_told_to_leave_has_the_time_for_it(manifests: list[Manifest]) -> None:
    pod = _pod(manifests)
    (container,) = pod["containers"]
    pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    unready = container["readinessProbe"]["periodSeconds"]
    assert pause >= unready
    (linger,) = (seconds(entry["value"]) for entry in container["env"] if entry["name"] == "GATEWAY_LINGER")
    assert linger >= pause  # in which those who keep a connection are told that they should not
    assert DEFAULTS.grace > DEFAULTS.request_timeout > DEFAULTS.deadline
    assert pod["terminationGracePeriodSeconds"] >= pause + linger + DEFAULTS.grace + 10  # to close what is left


def test_the_limit_of_memory_holds_all_that_may_be_held(manifests: list[Manifest]) -> None:
    (container,) = _pod(manifests)["containers"]
    limit = int(container["resources"]["limits"]["memory"].removesuffix("Mi")) * _MIB
    process, held = 140 * _MIB, 3 * Burden().most  # both measured; what is held is there in more than one form
    remembered = DEFAULTS.memory_bytes + DEFAULTS.response_cache_bytes + 64 * _MIB + 20 * _MIB
    others = DEFAULTS.concurrency * 40_000 + DEFAULTS.connections * 4 // 5 * 38_000
    assert limit > 1.1 * (process + held + remembered + others)


_MIB = 1024 * 1024


def test_replicas_may_be_counted_by_requests_in_hand(tool: Callable[[str], str], tmp_path: Path) -> None:
    parts = {kind: os.path.relpath(K8S / path, tmp_path) for kind, path in _WITH_IN_FLIGHT.items()}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump({kind: [path] for kind, path in parts.items()}))
    command = [tool("kubectl"), "kustomize", str(tmp_path)]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True)
    (scaler,) = _of_kind(list(yaml.safe_load_all(rendered.stdout)), "HorizontalPodAutoscaler")
    cpu, in_flight = scaler["spec"]["metrics"]
    assert cpu["resource"]["name"] == "cpu"
    assert f"# TYPE {in_flight['pods']['metric']['name']} gauge" in metrics().decode()
    assert int(in_flight["pods"]["target"]["averageValue"]) < DEFAULTS.concurrency * 4 // 5


_WITH_IN_FLIGHT = {"resources": "overlays/production", "components": "in-flight"}


def test_whatever_is_referred_to_is_there(production: list[Manifest]) -> None:
    names = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in production}
    accounts = {value for manifest in production for key, value in _everything(manifest) if key == "serviceAccountName"}
    assert {("ServiceAccount", str(name)) for name in accounts} <= names
    (scaler,) = _of_kind(production, "HorizontalPodAutoscaler")
    assert ("Deployment", scaler["spec"]["scaleTargetRef"]["name"]) in names
    assert scaler["spec"]["minReplicas"] >= 2
    (ingress,) = _of_kind(production, "Ingress")
    backend = ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    ports = {port["name"] for port in _named(production, "Service", backend["name"])["spec"]["ports"]}
    assert backend["port"]["name"] in ports
    (monitor,) = _of_kind(production, "ServiceMonitor")
    assert {endpoint["port"] for endpoint in monitor["spec"]["endpoints"]} <= ports


def test_every_selector_finds_pods(production: list[Manifest]) -> None:
    pods = [deployment["spec"]["template"]["metadata"]["labels"] for deployment in _of_kind(production, "Deployment")]
    wanted = [manifest["spec"]["selector"] for manifest in _of_kind(production, "Service")]
    wanted += [budget["spec"]["selector"]["matchLabels"] for budget in _of_kind(production, "PodDisruptionBudget")]
    wanted += [policy["spec"]["podSelector"].get("matchLabels", {}) for policy in _of_kind(production, "NetworkPolicy")]
    for labels in wanted:
        assert any(labels.items() <= pod.items() for pod in pods), labels


def test_nothing_comes_in_or_goes_out_that_is_not_named(production: list[Manifest]) -> None:
    assert _named(production, "NetworkPolicy", "default-deny")["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }
    gateway = _named(production, "NetworkPolicy", "tuning-gateway")["spec"]
    assert [[port["port"] for port in rule["ports"]] for rule in gateway["ingress"]] == [["http"], ["admin"]]
    assert [[port["port"] for port in rule["ports"]] for rule in gateway["egress"]] == [[53, 53], [6379], [443]]
    assert all(rule.get("from") for rule in gateway["ingress"])
    assert all(rule.get("to") for rule in gateway["egress"])
    assert _named(production, "NetworkPolicy", "tuning-gateway-store")["spec"]["egress"] == []
