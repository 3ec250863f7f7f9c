"""Where the face is served, by which certificates, and over which rooms. Knows no gRPC, which need not be installed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates

from gateway.admission import Door
from gateway.capacity import Capacity
from gateway.reads import Answers
from gateway.tuning import TuningJobs
from gateway.watch import Watches


@dataclass(frozen=True, slots=True)
class Tls:
    """The files of a server's identity. They are read anew when they change: certificates are renewed under us."""

    certificate: Path
    key: Path
    client_authority: Path | None = None
    """Who vouches for clients; None: no certificate is asked of them."""

    def read(self) -> tuple[bytes, bytes, bytes | None]:
        """What is in the files: certificate, key, authority. Raises OSError."""
        authority = None if self.client_authority is None else self.client_authority.read_bytes()
        return self.certificate.read_bytes(), self.key.read_bytes(), authority


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a connection may do, in bytes and seconds."""

    request: int = 128 * 1024
    """The longest page_token has 64 KiB."""
    answer: int = 16 * 1024 * 1024
    """A hundred jobs in full."""
    calls: int = 200
    """At once."""
    silence: float = 60.0
    """How long nothing comes from a peer until it is asked whether it is still there."""
    patience: float = 20.0
    """How long its answer is waited for."""
    between_pings: float = 10.0
    """Whoever asks us more often than this is sent away."""
    idle: float = 900.0
    age: float = 900.0
    """A client behind one address finds replicas that came later; its calls and watches end where they began."""


@dataclass(frozen=True, slots=True)
class RpcOptions:
    """What the port shows, and to how many."""

    port: int
    reflection: bool = True
    tls: Tls | None = None
    connections: int = 2500
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the face asks."""

    door: Door
    jobs: TuningJobs
    watches: Watches
    answers: Answers
    """Where whole answers are remembered."""
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class Served:
    """The face once it is served."""

    port: int
    leave: Callable[[], None]
    """Says to whoever asks for its health that it is about to end; calls are answered all the same."""


def tls_problems(tls: Tls) -> list[str]:
    """Why a server cannot be told by these files, a line each, with the setting's name and never what is in them."""
    try:
        certificate, key, authority = tls.read()
    except OSError as error:
        return [f"GATEWAY_GRPC_TLS: {error.filename} cannot be read"]
    wrong = []
    try:
        leaf, *_ = load_pem_x509_certificates(certificate)
    except ValueError:
        return ["GATEWAY_GRPC_TLS_CERT: not a certificate in PEM"]
    try:
        if load_pem_private_key(key, None).public_key() != leaf.public_key():
            wrong.append("GATEWAY_GRPC_TLS_KEY: not the key of the certificate")
    except (ValueError, TypeError):  # TypeError: it takes a password
        wrong.append("GATEWAY_GRPC_TLS_KEY: not a private key in PEM without a password")
    if authority is not None:
        try:
            load_pem_x509_certificates(authority)
        except ValueError:
            wrong.append("GATEWAY_GRPC_TLS_CLIENT_CA: not a certificate in PEM")
    return wrong
