"""The port itself: its health, its reflection, its certificates, and what a connection may do."""

import asyncio
import datetime as dt
import ipaddress
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from gateway.app import PortTakenError
from gateway.config import ConfigError, read_settings, rpc_options
from gateway.rpc import RpcOptions, Tls
from gateway.standin import World, tuning_job_plan
from tests.rpc.client import Client, failure
from tests.running import Running, Start

SERVICE = "tuning.v1.TuningJobs"


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=2))


@pytest.mark.parametrize("service", ["", SERVICE])
async def test_its_health_can_be_asked_without_credentials(call: Client, service: str) -> None:
    stub: Any = health_pb2_grpc.HealthStub(call.channel)
    asked = stub.Check(health_pb2.HealthCheckRequest(service=service))
    assert (await asked).status == health_pb2.HealthCheckResponse.SERVING


async def test_the_contract_can_be_asked_for_itself(gateway: Running) -> None:
    def described() -> tuple[list[str], list[str]]:
        with grpc.insecure_channel(gateway.grpc or "") as channel:
            database = ProtoReflectionDescriptorDatabase(channel)
            service = DescriptorPool(database).FindServiceByName(SERVICE)
            return sorted(database.get_services()), [method.name for method in service.methods]

    services, methods = await asyncio.to_thread(described)
    assert services == ["grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection", SERVICE]
    assert methods == [
        "GetTuningJob",
        "ListTuningJobs",
        "GetTrainingJob",
        "ListTrainingJobs",
        "WatchTuningJob",
        "StopTuningJob",
        "StopTrainingJob",
    ]


async def test_reflection_can_be_switched_off(start: Start) -> None:
    gateway = await start(rpc=RpcOptions(0, reflection=False))

    def asked() -> None:
        with grpc.insecure_channel(gateway.grpc or "") as channel:
            ProtoReflectionDescriptorDatabase(channel).get_services()

    with pytest.raises(grpc.RpcError) as refused:
        await asyncio.to_thread(asked)
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_there_is_no_second_face_unless_it_is_asked_for(start: Start) -> None:
    assert (await start()).grpc is None


def test_nothing_of_grpc_is_imported_before_it_is_asked_for() -> None:
    program = "import sys, gateway.__main__; print(sorted({'grpc', 'google.protobuf'} & set(sys.modules)))"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


async def test_a_port_that_is_taken_is_told_by_its_setting(start: Start, gateway: Running) -> None:
    port = int((gateway.grpc or "").rpartition(":")[2])
    with pytest.raises(PortTakenError, match="GATEWAY_GRPC_PORT"):
        await start(rpc=RpcOptions(port))


async def test_a_request_that_is_too_large_is_refused_unread(call: Client) -> None:
    failed = await failure(call("ListTuningJobs", page_token="x" * 200_000))
    assert failed.status is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_who_pings_without_end_is_sent_away(gateway: Running) -> None:
    reader, writer = await asyncio.open_connection(*(gateway.grpc or "").split(":"))
    settings, ping = b"\0\0\0\x04\0\0\0\0\0", b"\0\0\x08\x06\0\0\0\0\0" + bytes(8)
    writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + 10 * ping)
    async with asyncio.timeout(30):
        told = await reader.read(-1)  # until the server hangs up
    writer.close()
    assert told.endswith(b"\0\0\0\x0btoo_many_pings")  # GOAWAY: ENHANCE_YOUR_CALM


@dataclass(frozen=True)
class Authority:
    """Signs certificates for this machine."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def made(cls, folder: Path) -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        authority = x509.BasicConstraints(ca=True, path_length=None)
        certificate = _certificate("authority", "authority", key, key, authority)
        (folder / "authority.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        return cls(folder, key, certificate)

    def issue(self, name: str) -> tuple[Path, Path]:
        """The files of a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        certificate = _certificate(name, "authority", key, self.key, address)
        paths = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return paths

    @property
    def path(self) -> Path:
        return self.folder / "authority.pem"


def _certificate(
    name: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    subject, signed_by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, issuer))
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signed_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .sign(signer, hashes.SHA256())
    )


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.made(tmp_path)


async def asked_over_tls(gateway: Running, authority: Authority, client: tuple[Path, Path] | None) -> str:
    certificate, key = (None, None) if client is None else (path.read_bytes() for path in client)
    credentials = grpc.ssl_channel_credentials(authority.path.read_bytes(), key, certificate)
    async with grpc.aio.secure_channel(gateway.grpc or "", credentials) as channel:
        return str((await Client(channel)("GetTuningJob", name="vision-a")).tuning_job.name)


async def test_calls_come_over_tls(start: Start, authority: Authority) -> None:
    gateway = await start(rpc=RpcOptions(0, tls=Tls(*authority.issue("server"))))
    assert await asked_over_tls(gateway, authority, None) == "vision-a"


async def test_a_client_needs_a_certificate_where_an_authority_is_named(start: Start, authority: Authority) -> None:
    gateway = await start(rpc=RpcOptions(0, tls=Tls(*authority.issue("server"), authority.path)))
    assert await asked_over_tls(gateway, authority, authority.issue("client")) == "vision-a"
    refused = await failure(asked_over_tls(gateway, authority, None))
    assert refused.status is grpc.StatusCode.UNAVAILABLE


async def test_a_certificate_that_is_renewed_counts_from_the_next_connection(
    start: Start, authority: Authority, tmp_path: Path
) -> None:
    gateway = await start(rpc=RpcOptions(0, tls=Tls(*authority.issue("server"))))
    assert await asked_over_tls(gateway, authority, None) == "vision-a"
    (tmp_path / "new").mkdir()
    other = Authority.made(tmp_path / "new")
    for path in other.issue("server"):
        path.replace(tmp_path / path.name)
    assert await asked_over_tls(gateway, other, None) == "vision-a"


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("GATEWAY_GRPC_PORT", "50051")
    return monkeypatch


def test_settings_say_where_and_with_which_certificates(configured: pytest.MonkeyPatch, authority: Authority) -> None:
    certificate, key = authority.issue("server")
    configured.setenv("GATEWAY_GRPC_TLS_CERT", str(certificate))
    configured.setenv("GATEWAY_GRPC_TLS_KEY", str(key))
    configured.setenv("GATEWAY_GRPC_TLS_CLIENT_CA", str(authority.path))
    configured.setenv("GATEWAY_GRPC_REFLECTION", "off")
    tls = Tls(certificate, key, authority.path)
    assert rpc_options(read_settings()) == RpcOptions(50051, reflection=False, tls=tls)


def test_certificates_that_cannot_serve_are_told_at_start(configured: pytest.MonkeyPatch, authority: Authority) -> None:
    certificate, _ = authority.issue("server")
    _, foreign = authority.issue("client")
    garbage = authority.folder / "garbage"
    garbage.write_text("what only its owner may read")
    for settings, line in (
        ({"CERT": certificate}, "GATEWAY_GRPC_TLS_KEY: needed"),
        ({"KEY": foreign}, "GATEWAY_GRPC_TLS_CERT: needed"),
        ({"CLIENT_CA": certificate}, "GATEWAY_GRPC_TLS_CLIENT_CA: needs"),
        ({"CERT": certificate, "KEY": foreign}, "GATEWAY_GRPC_TLS_KEY: not the key"),
        ({"CERT": certificate, "KEY": garbage}, "GATEWAY_GRPC_TLS_KEY: not a private key"),
        ({"CERT": garbage, "KEY": foreign}, "GATEWAY_GRPC_TLS_CERT: not a certificate"),
        ({"CERT": certificate, "KEY": authority.folder / "none"}, "cannot be read"),
    ):
        with configured.context() as patch:
            for name, path in settings.items():
                patch.setenv(f"GATEWAY_GRPC_TLS_{name}", str(path))
            with pytest.raises(ConfigError) as wrong:
                rpc_options(read_settings())
        assert line in " ".join(wrong.value.lines)
        assert "owner" not in " ".join(wrong.value.lines)
