"""The two faces of a gateway under test, asked in one way: each adapter puts a question into its face's words, over
real sockets, and the answer into ours."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import grpc
from google.protobuf.message import Message

from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from tests.listening import on_socket
from tests.rpc.client import Client, Failure
from tests.running import Running

READER, OPERATOR = "key-of-vision", "key-of-vision-operator"


@dataclass(frozen=True)
class Said:
    """What a face says of what went wrong, for programs."""

    code: str
    retry_after_ms: int | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818  # an answer
    """A question that was answered with a failure."""

    def __init__(self, said: Said, message: str) -> None:
        super().__init__(said, message)
        self.said = said
        self.message = message


@dataclass(frozen=True)
class Rows:
    """A page of training jobs."""

    names: list[str]
    following: str | None
    """Where to go on; None: nothing follows."""
    total: int | None
    as_of: datetime
    stale: bool
    cut_short: Said | None
    """Why there are not more."""


class Face(Protocol):
    """One way to ask a gateway. What does not exist is None."""

    async def status(self, name: str, key: str = READER) -> str | None:
        """A tuning job's status."""

    async def rows(self, name: str, size: int, after: str | None = None, *, details: bool = False) -> Rows | None:
        """A page of a tuning job's training jobs."""

    async def jobs(self, size: int, after: str | None = None) -> tuple[list[str], str | None]:
        """A page of the team's tuning jobs, the latest first: their names, and where to go on."""

    async def stop(self, name: str, key: str = OPERATOR) -> str | None:
        """What came of stopping a tuning job."""

    def told(self, name: str) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """A tuning job's statuses for as long as it is watched."""

    async def letter(self, name: str) -> object:
        """All that is answered about a tuning job, to the letter."""


_LIST = """query ($name: String!, $first: Int, $after: String, $details: Boolean!) { tuningJob(name: $name) {
  trainingJobs(first: $first, after: $after) {
    nodes { name details @include(if: $details) { roleArn } } pageInfo { hasNextPage endCursor } totalCount asOf stale
  }
} }"""
_JOBS = """query ($first: Int, $after: String) {
  tuningJobs(first: $first, after: $after, sortBy: CREATION_TIME, sortOrder: DESCENDING, nameContains: "vision") {
    nodes { name } pageInfo { hasNextPage endCursor }
  }
}"""
_STATUS = "query ($name: String!) { tuningJob(name: $name) { name status objective { metricName } } }"
_STOP = "mutation ($name: String!) { stopTuningJob(input: {name: $name}) { outcome } }"
_WATCH = "subscription ($name: String!) { tuningJob(name: $name) { status } }"


class GraphQL:
    """GraphQL over HTTP, and its subscriptions over a WebSocket."""

    def __init__(self, gateway: Running) -> None:
        self._gateway = gateway

    async def status(self, name: str, key: str = READER) -> str | None:
        job = (await self._data(_STATUS, key, name=name))["tuningJob"]
        return None if job is None else str(job["status"])

    async def rows(self, name: str, size: int, after: str | None = None, *, details: bool = False) -> Rows | None:
        answer = await self._gateway.ask(_LIST, key=READER, name=name, first=size, after=after, details=details)
        errors, job = answer.body.get("errors", []), (answer.body.get("data") or {}).get("tuningJob")
        if job is None:
            self._refused(errors)
            return None
        found = job["trainingJobs"]
        return Rows(
            [node["name"] for node in found["nodes"]],
            found["pageInfo"]["endCursor"] if found["pageInfo"]["hasNextPage"] else None,
            found["totalCount"],
            datetime.fromisoformat(found["asOf"]),
            found["stale"],
            self._said(errors[0]) if errors else None,
        )

    async def jobs(self, size: int, after: str | None = None) -> tuple[list[str], str | None]:
        found = (await self._data(_JOBS, READER, first=size, after=after))["tuningJobs"]
        page = found["pageInfo"]
        return [node["name"] for node in found["nodes"]], page["endCursor"] if page["hasNextPage"] else None

    async def stop(self, name: str, key: str = OPERATOR) -> str | None:
        outcome: str | None = (await self._data(_STOP, key, name=name))["stopTuningJob"]["outcome"]
        return outcome

    @asynccontextmanager
    async def told(self, name: str) -> AsyncIterator[AsyncIterator[str]]:
        async with on_socket(self._gateway, READER) as socket:
            await socket.subscribe(_WATCH, name=name)

            async def statuses() -> AsyncIterator[str]:
                while (message := await socket.told())["type"] != "complete":
                    if message["type"] == "next":
                        yield message["payload"]["data"]["tuningJob"]["status"]

            yield statuses()

    async def letter(self, name: str) -> object:
        answer = await self._gateway.ask(_LIST, key=READER, name=name, details=True)
        return answer.status, answer.body

    async def _data(self, query: str, key: str, **variables: object) -> dict[str, Any]:
        answer = await self._gateway.ask(query, key=key, **variables)
        self._refused(answer.body.get("errors", []))
        return answer.data

    def _refused(self, errors: list[dict[str, Any]]) -> None:
        for error in errors:
            raise Refused(self._said(error), error["message"])

    def _said(self, error: dict[str, Any]) -> Said:
        extensions = dict(error["extensions"])
        return Said(extensions.pop("code"), extensions.pop("retryAfterMs", None), extensions)


class Grpc:
    """Calls over one channel."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._call = Client(channel)

    async def status(self, name: str, key: str = READER) -> str | None:
        found = await self._asked("GetTuningJob", key=key, name=name)
        return None if found is None else _status(found)

    async def rows(self, name: str, size: int, after: str | None = None, *, details: bool = False) -> Rows | None:
        view = pb.TRAINING_JOB_VIEW_FULL if details else pb.TRAINING_JOB_VIEW_BASIC
        found = await self._asked(
            "ListTrainingJobs", tuning_job=name, page_size=size, page_token=after or "", view=view
        )
        return (
            None
            if found is None
            else Rows(
                [job.name for job in found.training_jobs],
                found.next_page_token or None,
                found.total_size if found.HasField("total_size") else None,
                datetime.fromisoformat(found.as_of.ToJsonString()),
                found.stale,
                _interruption(found.interruption) if found.HasField("interruption") else None,
            )
        )

    async def jobs(self, size: int, after: str | None = None) -> tuple[list[str], str | None]:
        found = await self._asked(
            "ListTuningJobs",
            page_size=size,
            page_token=after or "",
            sort_by=pb.TUNING_JOB_SORT_BY_CREATION_TIME,
            sort_order=pb.SORT_ORDER_DESCENDING,
            name_contains="vision",
        )
        return [job.name for job in found.tuning_jobs], found.next_page_token or None

    async def stop(self, name: str, key: str = OPERATOR) -> str | None:
        found = await self._asked("StopTuningJob", key=key, name=name)
        return None if found is None else pb.StopOutcome.Name(found.outcome).removeprefix("STOP_OUTCOME_")

    @asynccontextmanager
    async def told(self, name: str) -> AsyncIterator[AsyncIterator[str]]:
        stream = self._call.begun("WatchTuningJob", name=name, key=READER, seconds=None)

        async def statuses() -> AsyncIterator[str]:
            try:
                async for response in stream:
                    yield _status(response)
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.NOT_FOUND:
                    raise

        yield statuses()
        stream.cancel()

    async def letter(self, name: str) -> object:
        stamp = (("x-request-id", "the-same"),)
        try:
            return await self._call("GetTuningJob", name=name, metadata=stamp)
        except grpc.aio.AioRpcError as error:
            told = Failure(error)
            return told.status, told.message, told.trailers

    async def _asked(self, method: str, *, key: str = READER, **fields: Any) -> Any:
        try:
            found: Message = await self._call(method, key=key, **fields)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                return None
            told = Failure(error)
            after = None if told.retry_after is None else round(told.retry_after * 1000)
            numbers = {name: int(number) for name, number in told.info.metadata.items()}
            raise Refused(Said(told.reason, after, numbers), told.message) from None
        return found


def _status(response: Any) -> str:
    return pb.TuningJobStatus.Name(response.tuning_job.status).removeprefix("TUNING_JOB_STATUS_")


def _interruption(told: pb.Interruption) -> Said:
    return Said(told.reason, told.retry_delay.ToMilliseconds() if told.HasField("retry_delay") else None)


@asynccontextmanager
async def both_faces(gateway: Running) -> AsyncIterator[Mapping[str, Face]]:
    """A gateway's faces by their names."""
    async with grpc.aio.insecure_channel(gateway.grpc or "") as channel:
        yield {"GraphQL": GraphQL(gateway), "gRPC": Grpc(channel)}
