"""What takes no credentials: the port's health and its contract, for so many at once."""

import asyncio
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_reflection.v1alpha import reflection_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest

from gateway.rpc import RpcOptions
from tests.rpc.client import SERVICE, Client, failure, health
from tests.running import Running, Start

NAME = SERVICE.full_name


@pytest.mark.parametrize("service", ["", NAME])
async def test_its_health_can_be_asked_without_credentials(call: Client, service: str) -> None:
    told = await health(call.channel).Check(HealthCheckRequest(service=service))
    assert told.status == HealthCheckResponse.SERVING


async def test_the_health_of_a_service_that_there_is_not_is_not_known(call: Client) -> None:
    ask, request = health(call.channel), HealthCheckRequest(service="tuning.v1.Nothing")
    assert (await failure(ask.Check(request))).status is grpc.StatusCode.NOT_FOUND
    assert (await ask.Watch(request).read()).status == HealthCheckResponse.SERVICE_UNKNOWN


async def test_the_contract_can_be_asked_for_itself(gateway: Running) -> None:
    def described() -> tuple[list[str], list[str]]:
        with grpc.insecure_channel(gateway.grpc or "") as channel:
            database = ProtoReflectionDescriptorDatabase(channel)
            service = DescriptorPool(database).FindServiceByName(NAME)
            return sorted(database.get_services()), [method.name for method in service.methods]

    services, methods = await asyncio.to_thread(described)
    assert services == ["grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection", NAME]
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


async def reflected(channel: grpc.aio.Channel) -> Any:
    """A stream on which the contract has been asked for."""
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)  # type: ignore[arg-type]  # as protoc's stubs are
    stream = stub.ServerReflectionInfo()
    await stream.write(ServerReflectionRequest(list_services=""))
    return stream


async def test_streams_that_cost_nothing_are_so_many_at_most_until_others_end(start: Start) -> None:
    gateway = await start(rpc=RpcOptions(0, connections=3))
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        ask = health(channel)
        watched, asked = ask.Watch(HealthCheckRequest()), await reflected(channel)
        await watched.read()
        await asked.read()
        for stream in (ask.Watch(HealthCheckRequest()), await reflected(channel)):
            assert (await failure(stream.read())).status is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert (await ask.Check(HealthCheckRequest())).status == HealthCheckResponse.SERVING
        await asked.done_writing()
        assert await asked.read() is grpc.aio.EOF
        assert (await ask.Watch(HealthCheckRequest()).read()).status == HealthCheckResponse.SERVING
        watched.cancel()
