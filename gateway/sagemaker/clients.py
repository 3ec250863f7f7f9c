"""SDK clients: one per role and region for as long as a team needs it, built before the first request.

A client costs hundreds of milliseconds and its own connection pool; the model files it reads are loaded off the
event loop.
"""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession, get_session
from botocore.awsrequest import AWSPreparedRequest

from gateway import telemetry
from gateway.model.target import Access, Role
from gateway.sagemaker.roles import assume

SERVICE = "sagemaker"


@dataclass(frozen=True, slots=True)
class SageMakerOptions:
    """How SageMaker is reached. Whatever is None comes from AWS's own settings and credentials chain."""

    connect_timeout: float = 3.0
    """Seconds."""
    read_timeout: float = 10.0
    """Seconds."""
    call_timeout: float = 12.0
    """Seconds, for a whole call: an answer that dribbles in has no other bound."""
    max_connections: int = 50
    """Per region."""
    endpoint_url: str | None = None
    access_key: str | None = None
    secret_key: str | None = None


class Clients:
    """The SDK clients of the accesses the gateway serves: one per role and region."""

    def __init__(self, options: SageMakerOptions) -> None:
        self._options = options
        self._clients: dict[_Reach, _Open] = {}
        # What all sessions share: the service models are megabytes of JSON, and need be read but once.
        self._loader = get_session().get_component("data_loader")

    async def open(self, accesses: Iterable[Access]) -> None:
        """Have a client for each access, and close those that no access needs any more."""
        wanted = {_reach(access): access for access in accesses}
        await asyncio.to_thread(self._session().warm_up_loader_caches, SERVICE)
        for reach, access in wanted.items():
            if reach not in self._clients:
                self._clients[reach] = await self._opened(access)
        for reach in self._clients.keys() - wanted.keys():
            await self._clients.pop(reach).stack.aclose()

    def __getitem__(self, access: Access) -> Any:  # noqa: ANN401  # the SDK makes its clients' types at run time
        """The client of an access that was opened."""
        return self._clients[_reach(access)].client

    async def close(self) -> None:
        """Close the clients and their connections."""
        await self.open(())

    async def _opened(self, access: Access) -> "_Open":
        session, region = self._session(), access.target.region
        session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_utc)
        if access.role is not None:
            # A session apart: STS writes its timestamps as text.
            assume(session, access.role, own=self._session(), region=region, endpoint_url=self._options.endpoint_url)
        stack = AsyncExitStack()
        client = await stack.enter_async_context(self._client(session, region))
        client.meta.events.register(f"before-send.{SERVICE}", _send_its_trace_on)
        return _Open(client, stack)

    def _session(self) -> AioSession:
        session = get_session()
        session.register_component("data_loader", self._loader)
        if self._options.access_key is not None:
            session.set_credentials(self._options.access_key, self._options.secret_key)
        return session

    def _client(self, session: AioSession, region: str) -> Any:  # noqa: ANN401  # as above
        options = self._options
        return session.create_client(
            SERVICE,
            region_name=region,
            endpoint_url=options.endpoint_url,
            config=AioConfig(
                connect_timeout=options.connect_timeout,
                read_timeout=options.read_timeout,
                max_pool_connections=options.max_connections,
                # One attempt per call: a retry inside the SDK would spend the account's budget behind our back.
                retries={"total_max_attempts": 1, "mode": "standard"},
                # Arguments are checked before they come here, and AWS checks them again.
                parameter_validation=False,
            ),
        )


_Reach = tuple[Role | None, str]


def _reach(access: Access) -> _Reach:
    return access.role, access.target.region


@dataclass(frozen=True, slots=True)
class _Open:
    """A client, and what closes it."""

    client: Any
    stack: AsyncExitStack


def _send_its_trace_on(request: AWSPreparedRequest, **_: object) -> None:
    """W3C's headers, unsigned: whatever a request passes may put its own in their place."""
    for name, value in telemetry.sent_on().items():
        request.headers[name] = value


def _utc(value: float | str) -> datetime:
    """A timestamp of AWS JSON 1.1 (epoch seconds) as UTC; the SDK's own parser gives local time, and slowly."""
    return datetime.fromtimestamp(float(value), UTC)
