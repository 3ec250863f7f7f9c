"""What whoever reaches the port may ask, without credentials: its health and its contract. Nothing of anybody's.

grpcio's own health servicer holds a lock while it writes: one watcher who reads nothing would keep all others waiting,
and our end too.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Collection
from contextlib import aclosing, asynccontextmanager
from typing import Any

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest

from gateway import telemetry
from gateway.rpc.call import Context

_TOO_MANY = "As many streams are open here as can be. Come again in a moment."


class Streams:
    """How many streams are open of those that last as long as their peers like, and cost them nothing."""

    def __init__(self, most: int) -> None:
        self._places = asyncio.Semaphore(most)

    @asynccontextmanager
    async def one(self, context: Context) -> AsyncIterator[None]:
        """One more, for as long as the context lasts; or the call ends here."""
        if self._places.locked():
            telemetry.request_shed("lasting")
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, _TOO_MANY)
        async with self._places:
            yield


class Health(health_pb2_grpc.HealthServicer):
    """gRPC's health protocol: whether calls are welcome, to the port as a whole and to its services."""

    def __init__(self, services: Collection[str], streams: Streams) -> None:
        self._services = {"", *services}
        self._streams = streams
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        """Say from now on that no calls are welcome, first to those who watch."""
        self._leaving.set()

    async def Check(self, request: HealthCheckRequest, context: Context) -> HealthCheckResponse:  # noqa: N802  # gRPC's
        """How it is now."""
        if request.service not in self._services:
            await context.abort(grpc.StatusCode.NOT_FOUND, "There is no service of this name here.")
        return self._now()

    async def Watch(self, request: HealthCheckRequest, context: Context) -> None:  # noqa: N802  # as above
        """How it is now, and when that changes, which it does once."""
        async with self._streams.one(context):
            if request.service not in self._services:
                await context.write(HealthCheckResponse(status=HealthCheckResponse.SERVICE_UNKNOWN))
            else:
                if not self._leaving.is_set():
                    await context.write(self._now())
                    await self._leaving.wait()
                await context.write(self._now())
            await asyncio.Event().wait()  # until its peer has heard enough, or the port closes

    def _now(self) -> HealthCheckResponse:
        leaving = self._leaving.is_set()
        return HealthCheckResponse(status=HealthCheckResponse.NOT_SERVING if leaving else HealthCheckResponse.SERVING)


class Reflection(reflection_pb2_grpc.ServerReflectionServicer):
    """Tells the contract, to so many at once."""

    def __init__(self, services: Collection[str], streams: Streams) -> None:
        self._contract = reflection.aio.ReflectionServicer(services)
        self._streams = streams

    async def ServerReflectionInfo(  # noqa: N802  # gRPC's
        self, requests: AsyncIterable[ServerReflectionRequest], context: Context
    ) -> None:
        """What the contract says of each thing that is asked for."""
        answers: Any = self._contract.ServerReflectionInfo(requests, context)  # no coroutine, as the stubs have it
        async with self._streams.one(context), aclosing(answers):
            async for answer in answers:
                await context.write(answer)
