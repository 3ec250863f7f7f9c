"""The GraphQL types Team and Viewer."""

from typing import Any

import strawberry

from gateway.identity import Caller, Permission
from gateway.model.listing import SortOrder, TuningJobListing, TuningJobSortBy
from gateway.model.tuning_job import DescribedTuningJob
from gateway.schema import arguments as take
from gateway.schema.connection import Connection, given
from gateway.schema.context import Info
from gateway.schema.plain import resolver, resolver_giving
from gateway.schema.tuning_job import TuningJob
from gateway.teams import Team as Model
from gateway.tuning import Slice
from gateway.tuning.arguments import cut


@strawberry.type(description="A team, and the tuning jobs that are its own.")
class Team:
    """Read off a Team of the caller's scope: no other can come here."""

    name: str = strawberry.field(description="The team's name, as in the caller's credentials.")

    @resolver
    @staticmethod
    def region(root: strawberry.Parent[Model]) -> str:
        """The AWS region its jobs run in."""
        return root.target.region

    @resolver_giving(TuningJob | None)
    @staticmethod
    async def tuning_job(
        root: strawberry.Parent[Model], info: Info, name: take.TuningJobName
    ) -> DescribedTuningJob | None:
        """The team's tuning job of this name; null when it has none."""
        return await info.context.jobs.tuning_job(name, root.name)

    @resolver_giving(Connection[TuningJob])
    @staticmethod
    async def tuning_jobs(
        root: strawberry.Parent[Model],
        info: Info,
        *,
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
        found = await info.context.jobs.tuning_jobs(root.name, listing, cut(first, after, last, before))
        return given(info, found)


@strawberry.type(description="The caller.")
class Viewer:
    """Read off the Caller."""

    subject: str = strawberry.field(description="Who the caller is, as its issuer or its API key names it.")

    @resolver
    @staticmethod
    def permissions(root: strawberry.Parent[Caller]) -> tuple[Permission, ...]:
        """What the caller may do to its teams' jobs."""
        return tuple(permission for permission in Permission if permission in root.permissions)

    @resolver_giving(list[Team])
    @staticmethod
    def teams(info: Info) -> tuple[Model, ...]:
        """The caller's teams, as far as this gateway serves them."""
        return info.context.jobs.scope.teams
