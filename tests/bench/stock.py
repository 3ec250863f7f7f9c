"""What one has without us: strawberry's own view on aiohttp, its parser and validation caches on, and a page of
training jobs that is in memory already. It answers the benchmark's query as the gateway does, and can do nothing else.

python -m tests.bench.stock PORT ANSWER, the path of a JSON file whose `body` is the gateway's answer for 100 rows.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import strawberry
import uvloop
from aiohttp import web
from strawberry.aiohttp.views import GraphQLView
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import scalar


# As the gateway writes times, so that the answers are the same.
def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")


_TIME = scalar(name="DateTime", serialize=_written)


@strawberry.enum
class Status(Enum):
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"


@strawberry.enum
class ObjectiveStatus(Enum):
    SUCCEEDED = "Succeeded"
    PENDING = "Pending"
    FAILED = "Failed"


@strawberry.type
class Metric:
    name: str
    value: float | None


@strawberry.type
class Parameter:
    name: str
    value: str
    number: float | None


@strawberry.type
class TrainingJob:
    name: str
    status: Status
    objective_status: ObjectiveStatus | None
    creation_time: datetime
    training_start_time: datetime | None
    training_end_time: datetime | None
    duration_seconds: float | None
    failure_reason: str | None
    final_objective_metric: Metric | None
    tuned_hyper_parameters: list[Parameter]


@strawberry.type
class Edge:
    cursor: str
    node: TrainingJob


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Connection:
    edges: list[Edge]
    page_info: PageInfo


@strawberry.type
class TuningJob:
    page: strawberry.Private[list[Edge]]

    @strawberry.field
    def training_jobs(self, first: int = 10, after: str | None = None) -> Connection:
        begin = 0 if after is None else [edge.cursor for edge in self.page].index(after) + 1
        edges = self.page[begin : begin + first]
        return Connection(edges=edges, page_info=PageInfo(has_next_page=True, end_cursor=edges[-1].cursor))


def query(page: list[Edge]) -> type:
    """The type that answers from a page."""

    @strawberry.type
    class Query:
        @strawberry.field
        def tuning_job(self, name: str) -> TuningJob | None:  # noqa: ARG002  # there is one
            return TuningJob(page=page)

    return Query


def edges(body: dict[str, Any]) -> list[Edge]:
    """The page of an answer, as objects."""
    return [Edge(cursor=edge["cursor"], node=_node(edge["node"])) for edge in _connection(body)["edges"]]


def _connection(body: dict[str, Any]) -> dict[str, Any]:
    return dict(body["data"]["tuningJob"]["trainingJobs"])


def _node(node: dict[str, Any]) -> TrainingJob:
    metric, outcome = node["finalObjectiveMetric"], node["objectiveStatus"]
    return TrainingJob(
        name=node["name"],
        status=Status[node["status"]],
        objective_status=outcome and ObjectiveStatus[outcome],
        creation_time=_time(node["creationTime"]),  # type: ignore[arg-type]  # always there
        training_start_time=_time(node["trainingStartTime"]),
        training_end_time=_time(node["trainingEndTime"]),
        duration_seconds=node["durationSeconds"],
        failure_reason=node["failureReason"],
        final_objective_metric=metric and Metric(**metric),
        tuned_hyper_parameters=[Parameter(**each) for each in node["tunedHyperParameters"]],
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


async def main(port: int, content: dict[str, Any]) -> None:
    schema = strawberry.Schema(
        query(edges(json.loads(content["body"]))),
        extensions=[ParserCache, ValidationCache],
        config=StrawberryConfig(scalar_map={datetime: _TIME}),
    )
    application = web.Application()
    application.router.add_route("*", "/graphql", GraphQLView(schema))
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())))
