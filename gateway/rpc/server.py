"""The port: what it serves, what a connection may do, and how it all ends."""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from gateway.rpc.call import Context
from gateway.rpc.calls import Calls
from gateway.rpc.failures import unknown
from gateway.rpc.options import Rooms, RpcOptions, Served, Tls
from gateway.rpc.public import Health, Reflection, Streams
from gateway.rpc.service import SERVICE, TuningJobsService

_LAST_WORDS = 0.2  # seconds in which the statuses of calls that have ended are sent
_HEALTH = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name


@asynccontextmanager
async def serving(options: RpcOptions, rooms: Rooms, *, host: str, grace: float) -> AsyncIterator[Served]:
    """Serve calls for as long as the context lasts. Raises OSError where the port cannot be listened on.

    At its end calls under way get `grace` seconds to end.
    """
    server, streams = grpc.aio.server(options=_limits(options)), Streams(max(options.connections * 4 // 5, 1))
    calls, health = Calls(rooms.door, rooms.jobs, rooms.capacity), Health([SERVICE.full_name], streams)
    handlers = TuningJobsService(calls, rooms.watches, rooms.answers).handlers()
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE.full_name, handlers),))
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    if options.reflection:
        names = (SERVICE.full_name, _HEALTH, reflection.SERVICE_NAME)
        reflection_pb2_grpc.add_ServerReflectionServicer_to_server(Reflection(names, streams), server)  # type: ignore[no-untyped-call]  # written by protoc
    server.add_generic_rpc_handlers((_Unknown(calls),))
    port = _bound(server, f"[{host}]:{options.port}" if ":" in host else f"{host}:{options.port}", options.tls)
    await server.start()
    try:
        yield Served(port, health.leave)
    finally:
        health.leave()  # balancers that watch it hear of it first
        await calls.leave()
        ending = asyncio.create_task(server.stop(grace + _LAST_WORDS))  # connections take no new calls
        await calls.close(grace)
        await server.stop(_LAST_WORDS)  # those who watch our health would listen until the end of the grace
        await ending


class _Unknown(grpc.GenericRpcHandler):
    """Refuses the methods that there are not. gRPC does so itself, but without a line in the log."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[Any, Any]":
        """Whatever else is asked for; it is neither read nor waited for."""
        return grpc.stream_stream_rpc_method_handler(partial(self._refuse, str(handler_call_details.method)))

    async def _refuse(self, method: str, _requests: object, context: Context) -> None:
        async with self._calls.told(method, context):
            raise unknown(method)


def _limits(options: RpcOptions) -> tuple[tuple[str, int], ...]:
    bounds = options.bounds
    return (
        ("grpc.so_reuseport", 0),  # two processes on one port by mistake would share its callers
        ("grpc.max_allowed_incoming_connections", options.connections),
        ("grpc.max_receive_message_length", bounds.request),
        ("grpc.max_send_message_length", bounds.answer),
        ("grpc.max_concurrent_streams", bounds.calls),
        ("grpc.keepalive_time_ms", _milliseconds(bounds.silence)),
        # Not keepalive_timeout_ms, which has no say where a peer's kernel goes on without it.
        ("grpc.http2.ping_timeout_ms", _milliseconds(bounds.patience)),
        ("grpc.http2.min_ping_interval_without_data_ms", _milliseconds(bounds.between_pings)),
        ("grpc.keepalive_permit_without_calls", 1),  # else whoever has no call may ping every two hours
        ("grpc.max_connection_idle_ms", _milliseconds(bounds.idle)),
        ("grpc.max_connection_age_ms", _milliseconds(bounds.age)),
    )


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


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
