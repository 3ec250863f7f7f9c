"""SDK clients: one per region for the life of the process, built before the first request.

A client costs hundreds of milliseconds and its own connection pool; the model files it reads are loaded off the
event loop.
"""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession, get_session

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
    """The SDK clients of the regions the gateway serves."""

    def __init__(self, options: SageMakerOptions) -> None:
        self._options = options
        self._stack = AsyncExitStack()
        self._clients: dict[str, Any] = {}

    async def open(self, regions: Iterable[str]) -> Self:
        """Build a client for each region."""
        session = get_session()
        session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_utc)
        await asyncio.to_thread(session.warm_up_loader_caches, SERVICE)
        for region in sorted(set(regions)):
            self._clients[region] = await self._stack.enter_async_context(self._client(session, region))
        return self

    def __getitem__(self, region: str) -> Any:  # noqa: ANN401  # the SDK makes its clients' types at run time
        """The client of a region that was opened."""
        return self._clients[region]

    async def close(self) -> None:
        """Close the clients and their connections."""
        await self._stack.aclose()

    def _client(self, session: AioSession, region: str) -> Any:  # noqa: ANN401  # as above
        options = self._options
        return session.create_client(
            SERVICE,
            region_name=region,
            endpoint_url=options.endpoint_url,
            aws_access_key_id=options.access_key,
            aws_secret_access_key=options.secret_key,
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


def _utc(value: float | str) -> datetime:
    """A timestamp of AWS JSON 1.1 (epoch seconds) as UTC; the SDK's own parser gives local time, and slowly."""
    return datetime.fromtimestamp(float(value), UTC)
