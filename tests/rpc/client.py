"""A client of the gRPC face, as protobuf and grpcio have it, and what it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import ErrorInfo, RequestInfo, RetryInfo
from grpc_health.v1 import health_pb2_grpc
from grpc_status import rpc_status

from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from tests.running import Calls

Lines = Callable[[int], Awaitable[list[Any]]]
"""The lines of calls in the log, once there are so many."""
SERVICE = pb.DESCRIPTOR.services_by_name["TuningJobs"]


class Client:
    """Calls methods by name, with the fields of their requests."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.channel = channel

    async def __call__(
        self,
        method: str,
        *,
        key: str | None = "key-of-vision",
        seconds: float | None = 30,
        metadata: tuple[tuple[str, str], ...] = (),
        **fields: Any,
    ) -> Any:
        return await self.begun(method, key=key, seconds=seconds, metadata=metadata, **fields)

    def begun(
        self,
        method: str,
        *,
        key: str | None = "key-of-vision",
        seconds: float | None = 30,
        metadata: tuple[tuple[str, str], ...] = (),
        **fields: Any,
    ) -> Any:
        """The call, to be awaited or listened to."""
        described = SERVICE.methods_by_name[method]
        request, response = (GetMessageClass(each) for each in (described.input_type, described.output_type))
        kind = self.channel.unary_stream if described.server_streaming else self.channel.unary_unary
        ask = kind(
            f"/{SERVICE.full_name}/{method}",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )
        credentials = () if key is None else (("x-api-key", key),)
        return ask(request(**fields), metadata=(*credentials, *metadata), timeout=seconds)

    async def pages(self, method: str, **fields: Any) -> AsyncIterator[Any]:
        """The pages of a list, to its end."""
        token = fields.pop("page_token", "")
        while True:
            page = await self(method, page_token=token, **fields)
            yield page
            token = page.next_page_token
            if not token:
                return


class Failure:
    """What a failed call was told."""

    def __init__(self, error: grpc.aio.AioRpcError) -> None:
        self.status = error.code()
        self.message = error.details() or ""
        self.trailers = dict(error.trailing_metadata())
        told = rpc_status.from_call(error)  # type: ignore[arg-type]  # it has what is needed of a call
        self.details = [] if told is None else list(told.details)

    @property
    def reason(self) -> str:
        return str(self.info.reason)

    @property
    def info(self) -> Any:
        return self._one(ErrorInfo)

    @property
    def retry_after(self) -> float | None:
        """In seconds."""
        told = RetryInfo()
        found = any(detail.Unpack(told) for detail in self.details)
        return float(told.retry_delay.ToMilliseconds()) / 1000 if found else None

    @property
    def request_id(self) -> str:
        return str(self._one(RequestInfo).request_id)

    def _one(self, kind: Any) -> Any:
        found = kind()
        assert any(detail.Unpack(found) for detail in self.details), self.details
        return found


async def failure(call: Any) -> Failure:
    """How a call failed, which must fail."""
    try:
        answer = await call
    except grpc.aio.AioRpcError as error:
        return Failure(error)
    raise AssertionError(f"it went well: {answer}")


async def until_asked(calls: Calls, count: int = 1) -> None:
    """Wait until AWS has been asked so often."""
    async with asyncio.timeout(20):
        while sum(calls().values()) < count:  # noqa: ASYNC110  # what is waited for happens behind a socket
            await asyncio.sleep(0.01)


def health(channel: grpc.aio.Channel) -> Any:
    """Asks how a gateway is."""
    stub: Any = health_pb2_grpc.HealthStub(channel)
    return stub
