"""The stand-in on a real port, and the real AWS clients to talk to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from typing import Any

import boto3
import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession
from aiohttp.test_utils import TestClient, TestServer
from botocore.config import Config
from botocore.exceptions import ClientError

from gateway.standin import Standin

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Connect = Callable[..., Awaitable[Ask]]
Walk = Callable[..., Awaitable[list[Answer]]]
Send = Callable[..., Awaitable[tuple[int, Answer, Mapping[str, str]]]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]

ACCESS_KEY = "AKIADEMO"
SIGNED = "AWS4-HMAC-SHA256 Credential={key}/20260921/{region}/sagemaker/aws4_request, SignedHeaders=host, Signature=0"


@pytest.fixture
async def http(standin: Standin) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(standin.app)) as client:
        yield client


@pytest.fixture
def endpoint(http: TestClient[Any, Any]) -> str:
    return str(http.make_url("/"))


@pytest.fixture(scope="session")
def _no_aws_settings() -> Iterator[None]:
    """Whatever the machine has configured for AWS stays out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SAGEMAKER"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_CONFIG_FILE", "/nonexistent")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        yield


@pytest.fixture(scope="session")
def aio_session(_no_aws_settings: None) -> AioSession:
    return AioSession()


@pytest.fixture(scope="session")
def boto_session(_no_aws_settings: None) -> boto3.Session:
    return boto3.Session()


@pytest.fixture
async def connect(endpoint: str, aio_session: AioSession) -> AsyncIterator[Connect]:
    """Opens a real aiobotocore client for a region and an access key. It never retries, so that every call is seen."""
    async with AsyncExitStack() as open_clients:

        async def connected(*, region: str = "us-east-1", key: str = ACCESS_KEY) -> Ask:
            client = await open_clients.enter_async_context(
                aio_session.create_client(
                    "sagemaker",
                    region_name=region,
                    endpoint_url=endpoint,
                    aws_access_key_id=key,
                    aws_secret_access_key="no-secret",
                    config=AioConfig(retries={"total_max_attempts": 1}),
                )
            )

            async def ask(operation: str, **arguments: object) -> Answer:
                answer: Answer = await getattr(client, operation)(**arguments)
                return answer

            return ask

        yield connected


@pytest.fixture
async def ask(connect: Connect) -> Ask:
    """Asks by the real aiobotocore client: the method's name, then its arguments."""
    return await connect()


@pytest.fixture
def walk(endpoint: str, boto_session: boto3.Session) -> Walk:
    """All pages of an operation, walked by the real boto3 paginator in a thread."""

    def pages(operation: str, page_size: int | None, arguments: Mapping[str, object]) -> list[Answer]:
        client = boto_session.client(
            "sagemaker",
            region_name="us-east-1",
            endpoint_url=endpoint,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key="no-secret",
            config=Config(retries={"total_max_attempts": 1}),
        )
        try:
            sizes = {"PaginationConfig": {"PageSize": page_size}} if page_size else {}
            return list(client.get_paginator(operation).paginate(**arguments, **sizes))
        finally:
            client.close()

    async def walked(operation: str, *, page_size: int | None = None, **arguments: object) -> list[Answer]:
        return await asyncio.to_thread(pages, operation, page_size, arguments)

    return walked


@pytest.fixture
def send(http: TestClient[Any, Any]) -> Send:
    """Sends a call as bytes, past every client, and gives the status, the JSON and the headers."""

    async def sent(
        operation: str,
        arguments: object = None,
        *,
        key: str = ACCESS_KEY,
        region: str = "us-east-1",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[int, Answer, Mapping[str, str]]:
        all_headers = {
            "X-Amz-Target": f"SageMaker.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": SIGNED.format(key=key, region=region),
        } | dict(headers or {})
        content: dict[str, Any] = {"json": arguments or {}} if body is None else {"data": body}
        async with http.post("/", headers=all_headers, **content) as response:
            return response.status, await response.json(content_type=None), response.headers

    return sent


@pytest.fixture
def refusal() -> Refusal:
    """The code and the text a client's call is refused with."""

    async def refused(asking: Awaitable[object]) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            await asking
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return refused
