"""The commands, as a newcomer runs them: real processes, real signals."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import pytest

Run = Callable[..., subprocess.Popen[str]]
CONFIG = f"""
teams:
  vision: {{region: us-east-1, account: "111122223333", owns: {{prefix: vision-}}}}
identity:
  api_keys:
    - {{id: tests, sha256: {sha256(b"a key").hexdigest()}, teams: [vision]}}
"""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Runs `gateway …` in an empty folder and kills what is left of it."""
    processes = []

    def started(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GATEWAY_", "AWS_"))}
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", *arguments],
            cwd=tmp_path,
            env=clean | {"GATEWAY_ADMIN_PORT": str(_free_port()), "PYTHONUNBUFFERED": "1"} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield started
    for process in processes:
        process.kill()
        process.communicate()


def _read_until(stream: IO[str] | None, text: str) -> str:
    assert stream is not None
    read = ""
    for line in stream:
        read += line
        if text in line:
            break
    assert text in read
    return read


def _ended(process: subprocess.Popen[str], *, by: signal.Signals) -> str:
    process.send_signal(by)
    out, err = process.communicate(timeout=60)  # that it ends; how soon is a busy machine's affair
    assert process.returncode == 0, err
    assert "Traceback" not in out + err
    return err


def _asked(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def test_the_demo_prints_a_curl_that_works_and_ends_on_ctrl_c(run: Run) -> None:
    port = _free_port()
    demo = run("demo", "--port", str(port), "--standin-port", str(_free_port()))
    printed = _read_until(demo.stdout, "A query worth pasting")
    (curl,) = (line.split(maxsplit=2)[2] for line in printed.splitlines() if line.startswith("A request"))
    assert f"http://127.0.0.1:{port}/graphql#token=" in printed
    answer = json.loads(subprocess.check_output(["sh", "-c", curl], text=True))
    job = answer["data"]["tuningJob"]
    values = [edge["node"]["finalObjectiveMetric"]["value"] for edge in job["trainingJobs"]["edges"]]
    assert len(values) == 3
    assert values == sorted(values, reverse=True)
    _ended(demo, by=signal.SIGINT)


def test_a_token_of_another_demo_team_opens_that_teams_jobs(run: Run) -> None:
    port = _free_port()
    demo = run("demo", "--port", str(port), "--standin-port", str(_free_port()))
    _read_until(demo.stdout, "A query worth pasting")
    token, _ = run("token", "--team", "nlp", "--permission", "stop", "--ttl", "5m").communicate(timeout=60)
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=b'{"query": "{ viewer { permissions teams { name } } tuningJobs { nodes { name } } }"}',
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token.strip()}"},
    )
    data = _asked(asked)["data"]
    assert data["viewer"] == {"permissions": ["READ", "STOP"], "teams": [{"name": "nlp"}]}
    assert all(node["name"].startswith("nlp-") for node in data["tuningJobs"]["nodes"])
    _ended(demo, by=signal.SIGTERM)


@pytest.mark.parametrize(("taken", "setting"), [("--port", "GATEWAY_PORT"), ("--standin-port", "STANDIN_PORT")])
def test_a_port_in_use_is_one_line_that_names_the_setting(run: Run, taken: str, setting: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ports = {"--port": str(_free_port()), "--standin-port": str(_free_port()), taken: str(other.getsockname()[1])}
        demo = run("demo", *(part for pair in ports.items() for part in pair))
        _, err = demo.communicate(timeout=60)
    assert demo.returncode == 2
    (line,) = err.strip().splitlines()
    assert setting in line


def test_serve_tells_everything_that_is_wrong_at_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text("colour: blue")
    process = run("serve", GATEWAY_PORT="many", GATEWAY_LIFE_RUNNING="soon", GATEWAY_CONFIG="gateway.yaml")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    named = [line.strip().partition(":")[0] for line in err.splitlines()[1:]]
    assert sorted(named) == ["GATEWAY_CURSOR_KEYS", "GATEWAY_LIFE_RUNNING", "GATEWAY_PORT", "colour", "teams"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["demo", "--port", "70000"], "0 to 65535"),
        (["demo", "--world", "nowhere", "--standin-port", "0"], "demo, empty"),
        (["token", "--team", "a", "--ttl", "soon"], "such as"),
    ],
)
def test_an_argument_that_cannot_work_is_refused(run: Run, arguments: list[str], says: str) -> None:
    process = run(*arguments)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert says in err
    assert "Traceback" not in err


@pytest.mark.parametrize("delay", [0.05, 0.3, 0.8])
def test_ctrl_c_while_starting_prints_no_traceback(run: Run, delay: float) -> None:
    demo = run("demo", "--port", str(_free_port()), "--standin-port", str(_free_port()))
    time.sleep(delay)  # wherever that falls: the interpreter's start, our imports, the first listening
    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate(timeout=60)
    assert "gateway" not in err, out + err


def test_serve_answers_by_api_key_and_never_trusts_the_demos_tokens(run: Run, tmp_path: Path) -> None:
    standin_port, port = _free_port(), _free_port()
    standin = run("standin", "--port", str(standin_port))
    _read_until(standin.stdout, "aws sagemaker")
    (tmp_path / "gateway.yaml").write_text(CONFIG)
    serve = run(
        "serve",
        GATEWAY_PORT=str(port),
        GATEWAY_CONFIG="gateway.yaml",
        GATEWAY_CURSOR_KEYS="a secret of the tests",
        AWS_ENDPOINT_URL_SAGEMAKER=f"http://127.0.0.1:{standin_port}",
        AWS_ACCESS_KEY_ID="AKIA111122223333",
        AWS_SECRET_ACCESS_KEY="no-secret",
    )
    started = json.loads(_read_until(serve.stderr, "started"))
    assert started["graphql"] == f"http://127.0.0.1:{port}/graphql"
    body = b'{"query": "{ tuningJob(name: \\"vision-resnet\\") { status } }"}'
    headers = {"Content-Type": "application/json", "X-API-Key": "a key"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", data=body, headers=headers)
    assert _asked(asked)["data"] == {"tuningJob": {"status": "COMPLETED"}}
    token, _ = run("token", "--team", "vision").communicate(timeout=60)
    del headers["X-API-Key"]
    headers["Authorization"] = f"Bearer {token.strip()}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        _asked(urllib.request.Request(f"http://127.0.0.1:{port}/graphql", data=body, headers=headers))
    assert refused.value.code == 401
    refused.value.close()
    log = _ended(serve, by=signal.SIGTERM)
    assert token.strip() not in log
    assert "a key" not in log
    _ended(standin, by=signal.SIGINT)


def test_schema_prints_the_committed_contract(run: Run) -> None:
    printed, _ = run("schema").communicate(timeout=60)
    assert printed == (Path(__file__).parents[2] / "schema.graphql").read_text()


def test_sighup_adopts_a_new_file_and_a_wrong_one_changes_nothing(run: Run, tmp_path: Path) -> None:
    standin_port, port = _free_port(), _free_port()
    standin = run("standin", "--port", str(standin_port))
    _read_until(standin.stdout, "aws sagemaker")
    file = tmp_path / "gateway.yaml"
    file.write_text(CONFIG)
    serve = run(
        "serve",
        GATEWAY_PORT=str(port),
        GATEWAY_CONFIG=str(file),
        GATEWAY_CURSOR_KEYS="a secret of the tests",
        AWS_ENDPOINT_URL_SAGEMAKER=f"http://127.0.0.1:{standin_port}",
        AWS_ACCESS_KEY_ID="AKIA111122223333",
        AWS_SECRET_ACCESS_KEY="no-secret",
    )
    _read_until(serve.stderr, "started")

    def teams(key: str) -> Any:
        return _asked(
            urllib.request.Request(
                f"http://127.0.0.1:{port}/graphql",
                data=b'{"query": "{ viewer { teams { name } } tuningJobs(first: 1) { nodes { team { name } } } }"}',
                headers={"Content-Type": "application/json", "X-API-Key": key},
            )
        )["data"]["viewer"]["teams"]

    assert teams("a key") == [{"name": "vision"}]
    file.write_text("teams: nobody's")
    serve.send_signal(signal.SIGHUP)
    _read_until(serve.stderr, "configuration_refused")
    assert teams("a key") == [{"name": "vision"}]
    other = CONFIG.replace("vision: {region", "nlp: {region").replace("vision-", "nlp-").replace("[vision]", "[nlp]")
    file.write_text(other.replace(sha256(b"a key").hexdigest(), sha256(b"another key").hexdigest()))
    serve.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            assert teams("another key") == [{"name": "nlp"}]
            break
        except urllib.error.HTTPError as error:
            error.close()
    with pytest.raises(urllib.error.HTTPError) as refused:
        teams("a key")
    assert refused.value.code == 401
    refused.value.close()
    _ended(serve, by=signal.SIGTERM)
    _ended(standin, by=signal.SIGINT)


def test_sighup_trusts_the_manifest_anew_and_a_wrong_one_changes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text(CONFIG)
    manifest, port = tmp_path / "manifest.json", _free_port()

    def trust(field: str) -> None:
        listed = {"id": "v1", "name": "V", "type": "query", "body": f"query V {{ viewer {{ {field} }} }}"}
        text = json.dumps({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [listed]})
        manifest.write_text(text)

    def answer() -> Any:
        headers = {"Content-Type": "application/json", "X-API-Key": "a key"}
        body = b'{"documentId": "v1"}'
        return _asked(urllib.request.Request(f"http://127.0.0.1:{port}/graphql", data=body, headers=headers))["data"]

    trust("subject")
    serve = run(
        "serve",
        GATEWAY_PORT=str(port),
        GATEWAY_CONFIG="gateway.yaml",
        GATEWAY_CURSOR_KEYS="a secret of the tests",
        GATEWAY_TRUSTED_DOCUMENTS="require",
        GATEWAY_TRUSTED_MANIFEST="manifest.json",
    )
    _read_until(serve.stderr, "started")
    assert answer() == {"viewer": {"subject": "api-key:tests"}}
    for field, outcome in (("nope", "configuration_refused"), ("__typename", "configuration_adopted")):
        trust(field)
        serve.send_signal(signal.SIGHUP)
        _read_until(serve.stderr, outcome)
        assert answer()["viewer"] == ({"subject": "api-key:tests"} if field == "nope" else {"__typename": "Viewer"})
    _ended(serve, by=signal.SIGTERM)
