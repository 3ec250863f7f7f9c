"""The port itself: whether there is one, its settings and its certificates."""

import datetime as dt
import ipaddress
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gateway.app import PortTakenError
from gateway.config import ConfigError, read_settings, rpc_options
from gateway.rpc import RpcOptions, Tls
from gateway.standin import World, tuning_job_plan
from tests.rpc.client import Client, failure
from tests.running import Running, Start


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=2))


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
    configured.setenv("GATEWAY_CONNECTIONS", "77")
    tls = Tls(certificate, key, authority.path)
    assert rpc_options(read_settings()) == RpcOptions(50051, reflection=False, tls=tls, connections=77)


@pytest.mark.parametrize("module", ["grpc", "grpc_health", "google.rpc"])
def test_an_extra_that_is_not_installed_is_told_at_start(configured: pytest.MonkeyPatch, module: str) -> None:
    configured.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError) as wrong:
        rpc_options(read_settings())
    assert wrong.value.lines == ["GATEWAY_GRPC_PORT: needs the extra: pip install 'tuning-gateway[grpc]'"]


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
