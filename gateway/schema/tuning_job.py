"""The GraphQL type TuningJob.

Its plain fields are in every answer AWS gives about a tuning job. The described ones are in
DescribeHyperParameterTuningJob's alone: read at once where that is what we have, for one more call where the job
comes from a list.
"""

from typing import Annotated, Any

import strawberry

from gateway.model.documentation import plain_fields
from gateway.model.listing import SortOrder, TrainingJobListing, TrainingJobSortBy
from gateway.model.training_job import TrainingJob as TrainingJobModel
from gateway.model.tuning_job import DescribedTuningJob, Tag, WarmStart
from gateway.model.tuning_job import TuningJob as Model
from gateway.schema import arguments as take
from gateway.schema.connection import Connection, given
from gateway.schema.context import Info
from gateway.schema.node import Node, global_id
from gateway.schema.plain import face_of, graphql_type, resolver, resolver_giving
from gateway.schema.training_job import TrainingJob
from gateway.teams import Team
from gateway.tuning import Slice
from gateway.tuning.arguments import cut

_OF_OTHER_JOBS = frozenset({"warm_start", "overall_best_training_job"})


def _described(cls: type) -> type:
    """Add a resolver for each field that only a described tuning job has: nullable, so that a failing call costs no
    more than the field.
    """
    for name, (hint, description) in plain_fields(DescribedTuningJob).items():
        if name not in plain_fields(Model) and name not in _OF_OTHER_JOBS:
            field = strawberry.field(
                resolver=_reading(name), graphql_type=graphql_type(hint | None), description=description
            )
            setattr(cls, name, field)
    return cls


def _reading(name: str) -> Any:  # noqa: ANN401  # strawberry asks for any callable
    def read(root: strawberry.Parent[Model], info: Info) -> object:
        if isinstance(root, DescribedTuningJob):
            return getattr(root, name)
        return read_later(root, info)

    async def read_later(root: Model, info: Info) -> object:
        described = await info.context.jobs.described(root)
        return None if described is None else getattr(described, name)

    return read


@face_of(Model)
@_described
class TuningJob(Node):
    """A hyperparameter tuning job. In a list, the fields from `objective` on cost one more AWS call for each job."""

    @resolver_giving(strawberry.ID)
    @staticmethod
    def id(root: strawberry.Parent[Model]) -> strawberry.ID:
        """Opaque and globally unique; `node(id:)` finds the tuning job by it."""
        return global_id(root)

    @resolver_giving(Annotated["Team", strawberry.lazy("gateway.schema.team")])
    @staticmethod
    def team(root: strawberry.Parent[Model], info: Info) -> Team:
        """The team whose job it is."""
        return info.context.jobs.team_of(root)

    @resolver
    @staticmethod
    async def tags(root: strawberry.Parent[Model], info: Info) -> tuple[Tag, ...] | None:
        """Its tags. Costs one more AWS call for each tuning job. Null when the job has gone."""
        return await info.context.jobs.tags(root)

    @resolver
    @staticmethod
    async def warm_start(root: strawberry.Parent[Model], info: Info) -> WarmStart | None:
        """What it learned from before it began."""
        return await info.context.jobs.warm_start(root)

    @resolver
    @staticmethod
    async def overall_best_training_job(root: strawberry.Parent[Model], info: Info) -> TrainingJobModel | None:
        """The best so far, warm-start parents included; only with IDENTICAL_DATA_AND_ALGORITHM. Null when it belongs to
        a tuning job that the caller may not see.
        """
        return await info.context.jobs.overall_best(root)

    @resolver_giving(Connection[TrainingJob])
    @staticmethod
    async def training_jobs(
        root: strawberry.Parent[Model],
        info: Info,
        *,
        first: take.First = None,
        after: take.After = None,
        last: take.Last = None,
        before: take.Before = None,
        sort_by: take.TrainingJobsSortedBy = TrainingJobSortBy.NAME,
        sort_order: take.Order = SortOrder.ASCENDING,
        status_equals: take.TrainingJobsWithStatus = None,
    ) -> Slice[Any]:
        """Its training jobs. One AWS call for every hundred, shared by all callers and page sizes."""
        listing = TrainingJobListing(
            root.name, status_equals, sort_by or TrainingJobSortBy.NAME, sort_order or SortOrder.ASCENDING
        )
        found = await info.context.jobs.training_jobs(root, listing, cut(first, after, last, before))
        return given(info, found)
