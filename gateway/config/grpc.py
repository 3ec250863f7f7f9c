"""The gRPC port's settings, checked as far as they can be before it is opened."""

import importlib.util
import os

from gateway.config.problems import ConfigError
from gateway.config.settings import Settings
from gateway.rpc import RpcOptions, Tls, tls_problems

_EXTRA = ("grpc", "grpc_health", "grpc_reflection", "grpc_status", "google.rpc")


def rpc_options(settings: Settings) -> RpcOptions | None:
    """What the port shows; None where there is none. Raises ConfigError with all that is wrong."""
    if settings.grpc_port is None:
        return None
    wrong = []
    if not all(map(_installed, _EXTRA)):
        wrong.append("GATEWAY_GRPC_PORT: needs the extra: pip install 'tuning-gateway[grpc]'")
    certificate, key, authority = settings.grpc_tls_cert, settings.grpc_tls_key, settings.grpc_tls_client_ca
    tls = None
    if certificate is not None and key is not None:
        tls = Tls(certificate, key, authority)
        wrong += tls_problems(tls)
    elif certificate is not None or key is not None:
        missing = "KEY" if key is None else "CERT"
        wrong.append(f"GATEWAY_GRPC_TLS_{missing}: needed with the other of the two")
    elif authority is not None:
        wrong.append("GATEWAY_GRPC_TLS_CLIENT_CA: needs GATEWAY_GRPC_TLS_CERT and GATEWAY_GRPC_TLS_KEY")
    if wrong:
        raise ConfigError(wrong)
    return RpcOptions(settings.grpc_port, settings.grpc_reflection, tls, settings.connections)


def quieten_grpc() -> None:
    """Keep gRPC's C core from writing lines of its own between ours, unless its variable says that they are wanted.

    It reads the variable when it is imported.
    """
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # not even its parent
        return False
