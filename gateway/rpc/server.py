"""The port: the service, its health and its reflection, what a connection may do, and how it all ends."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health
from grpc_reflection.v1alpha import reflection

from gateway.admission import Door
from gateway.capacity import Capacity
from gateway.rpc.calls import Calls
from gateway.rpc.options import RpcOptions, Tls
from gateway.rpc.service import SERVICE, TuningJobsService
from gateway.tuning import TuningJobs
from gateway.watch import Watches

_KIB = 1024
_SECOND = 1000
_LIMITS = (
    ("grpc.so_reuseport", 0),  # two processes on one port by mistake would share its callers
    ("grpc.max_receive_message_length", 128 * _KIB),  # the longest page_token has 64 KiB
    ("grpc.max_send_message_length", 16 * _KIB * _KIB),  # a hundred jobs in full
    ("grpc.max_concurrent_streams", 200),
    # Peers that have silently gone are noticed after a minute and a half; those that ping more often than every ten
    # seconds are sent away.
    ("grpc.keepalive_time_ms", 60 * _SECOND),
    ("grpc.keepalive_timeout_ms", 20 * _SECOND),
    ("grpc.http2.min_ping_interval_without_data_ms", 10 * _SECOND),
    ("grpc.max_connection_idle_ms", 900 * _SECOND),
)


@asynccontextmanager
async def serving(
    options: RpcOptions,
    *,
    host: str,
    door: Door,
    jobs: TuningJobs,
    watches: Watches,
    capacity: Capacity,
    grace: float,
) -> AsyncIterator[int]:
    """Serve calls for as long as the context lasts; the port. Raises OSError where it cannot be listened on.

    At its end calls under way get `grace` seconds to end.
    """
    server, calls, healthy = grpc.aio.server(options=_LIMITS), Calls(door, jobs, capacity), health.HealthServicer()
    handlers = TuningJobsService(calls, watches).handlers()
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE.full_name, handlers),))
    health_pb2_grpc.add_HealthServicer_to_server(healthy, server)
    if options.reflection:
        names = (SERVICE.full_name, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server)
    port = _bound(server, f"[{host}]:{options.port}" if ":" in host else f"{host}:{options.port}", options.tls)
    await server.start()
    for name in ("", SERVICE.full_name):
        await healthy.set(name, health_pb2.HealthCheckResponse.SERVING)
    try:
        yield port
    finally:
        await healthy.enter_graceful_shutdown()
        await calls.close()
        await server.stop(grace)


def _bound(server: grpc.aio.Server, address: str, tls: Tls | None) -> int:
    try:
        port = server.add_insecure_port(address) if tls is None else server.add_secure_port(address, _credentials(tls))
    except RuntimeError:  # gRPC says no more than that it failed
        raise OSError(errno.EADDRINUSE, "it cannot be bound") from None
    return port


def _credentials(tls: Tls) -> grpc.ServerCredentials:
    """A server's identity, read anew at a handshake after its files have changed."""
    used = tls.read()

    def renewed() -> grpc.ServerCertificateConfiguration | None:
        nonlocal used
        try:
            now = tls.read()
        except OSError:  # half-way through a renewal
            return None
        if now == used:
            return None
        used = now
        return _configuration(*now)

    return grpc.dynamic_ssl_server_credentials(
        _configuration(*used),
        renewed,  # type: ignore[arg-type]  # None: as before
        require_client_authentication=tls.client_authority is not None,
    )


def _configuration(certificate: bytes, key: bytes, authority: bytes | None) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration([(key, certificate)], root_certificates=authority)
