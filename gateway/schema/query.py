"""The GraphQL type Query: the doors of the contract."""

from typing import Annotated, Any

import strawberry

from gateway.identity import Caller
from gateway.model.listing import SortOrder, TuningJobListing, TuningJobSortBy
from gateway.model.training_job import TrainingJob as TrainingJobModel
from gateway.model.tuning_job import DescribedTuningJob
from gateway.schema import arguments as take
from gateway.schema.connection import Connection, given
from gateway.schema.context import Info
from gateway.schema.node import Node, job_id
from gateway.schema.plain import resolver_giving
from gateway.schema.team import Team, Viewer
from gateway.schema.tuning_job import TuningJob
from gateway.teams import Team as TeamModel
from gateway.tuning import Slice
from gateway.tuning.arguments import cut, few_enough


async def _node(info: Info, id_: str) -> TrainingJobModel | DescribedTuningJob | None:
    named = job_id(id_)
    if named is None:
        return None
    if named.training_job_name is None:
        return await info.context.jobs.tuning_job_at(named.target, named.tuning_job_name)
    return await info.context.jobs.training_job(named.target, named.tuning_job_name, named.training_job_name)


@strawberry.type(description="What can be read. Whatever is not the caller's is answered as what does not exist.")
class Query:
    """The root of every query."""

    @resolver_giving(Viewer)
    @staticmethod
    def viewer(info: Info) -> Caller:
        """The caller."""
        return info.context.caller

    @resolver_giving(Node | None)
    @staticmethod
    async def node(
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")],  # noqa: A002  # Relay's
    ) -> object:
        """The job of this global id; null when there is none that the caller may see."""
        return await _node(info, id)

    @resolver_giving(list[Node | None])
    @staticmethod
    def nodes(
        info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, at most 100.")]
    ) -> list[object]:
        """The jobs of these global ids, in their order; null where there is none that the caller may see."""
        return [_node(info, id_) for id_ in few_enough(ids)]  # each awaited, and failing, by itself

    @resolver_giving(Team | None)
    @staticmethod
    def team(info: Info, name: Annotated[str, strawberry.argument(description="The team's name.")]) -> TeamModel | None:
        """One of the caller's teams; null for any other."""
        return info.context.jobs.scope.team(name)

    @resolver_giving(TuningJob | None)
    @staticmethod
    async def tuning_job(info: Info, name: take.TuningJobName, team: take.TeamName = None) -> DescribedTuningJob | None:
        """The tuning job of this name; null when there is none that is the team's."""
        return await info.context.jobs.tuning_job(name, team)

    @resolver_giving(Connection[TuningJob])
    @staticmethod
    async def tuning_jobs(
        info: Info,
        *,
        team: take.TeamName = None,
        first: take.First = None,
        after: take.After = None,
        last: take.Last = None,
        before: take.Before = None,
        name_contains: take.NameContains = None,
        status_equals: take.TuningJobsWithStatus = None,
        creation_time_after: take.CreatedAfter = None,
        creation_time_before: take.CreatedBefore = None,
        last_modified_time_after: take.ModifiedAfter = None,
        last_modified_time_before: take.ModifiedBefore = None,
        sort_by: take.TuningJobsSortedBy = TuningJobSortBy.NAME,
        sort_order: take.Order = SortOrder.ASCENDING,
    ) -> Slice[Any]:
        """The team's tuning jobs. One AWS call for every hundred, shared by all callers and page sizes."""
        listing = TuningJobListing(
            name_contains,
            status_equals,
            creation_time_after,
            creation_time_before,
            last_modified_time_after,
            last_modified_time_before,
            sort_by or TuningJobSortBy.NAME,
            sort_order or SortOrder.ASCENDING,
        )
        found = await info.context.jobs.tuning_jobs(team, listing, cut(first, after, last, before))
        return given(info, found)
