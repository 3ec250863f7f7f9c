"""Whose a job is, as far as one request has found out: what it was given, and through which of its teams.

Ownership is judged before anything is read of a job, and nothing leads on but what was handed out here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gateway.errors import BadUserInput, Forbidden
from gateway.model.target import Target
from gateway.model.tuning_job import DescribedTuningJob, TuningJob
from gateway.teams import OwnsTag, Scope, Team
from gateway.tuning.upstream import Upstream

_NOT_YOURS = "This job is not your teams'."


@dataclass(slots=True)
class Belongings:
    """The jobs of one request's scope."""

    scope: Scope
    upstream: Upstream
    judged: dict[tuple[Target, str], Team] = field(default_factory=dict)
    """The tuning jobs that ownership was judged of, and the team through which this request got each."""
    shown: dict[tuple[Target, str], Team] = field(default_factory=dict)
    """The tuning jobs a list has shown: by tag it may be an index that lags, so what they lead to is judged first."""

    def meant(self, name: str | None) -> Team | None:
        """The team of this name, or the only one."""
        if name is not None:
            return self.scope.team(name)
        if len(self.scope.teams) == 1:
            return self.scope.teams[0]
        raise BadUserInput(f"You have several teams. Name one of them in team: {', '.join(self.scope.names)}.")

    def named(self, name: str | None) -> Team:
        """The same, where it must be one of the scope's. Raises BadUserInput."""
        team = self.meant(name)
        if team is None:
            raise BadUserInput(f"team must be one of yours: {', '.join(self.scope.names)}.")
        return team

    async def owns(self, team: Team, name: str) -> bool:
        """Whether the tuning job of this name is the team's."""
        rule = team.ownership
        return await self.upstream.carries_tag(team, rule, name) if isinstance(rule, OwnsTag) else rule.owns(name)

    async def owner(self, target: Target, name: str) -> Team | None:
        """The team of the scope's whose the tuning job of this name is."""
        for team in self.scope.at(target):
            if await self.owns(team, name):
                return team
        return None

    def hand_out(self, job: DescribedTuningJob | None, team: Team) -> DescribedTuningJob | None:
        """A job of the team's as it leaves this room: known to be the team's, and without the jobs it leads to, which
        `warm_start` and `overall_best` give after asking whose they are.
        """
        if job is None:
            return None
        self.lead_on(team, job.name)
        if job.warm_start is None and job.overall_best_training_job is None:  # mostly; a copy takes as long as a read
            return job
        return replace(job, warm_start=None, overall_best_training_job=None)

    def lead_on(self, team: Team, tuning_job_name: str) -> None:
        """What hangs on this tuning job may be asked for: it was judged to be the team's."""
        self.judged.setdefault((team.target, tuning_job_name), team)

    def show(self, team: Team, jobs: Iterable[TuningJob]) -> None:
        """A list has shown these as the team's."""
        for job in jobs:
            self.shown.setdefault((team.target, job.name), team)

    def team_of(self, job: TuningJob) -> Team:
        """The team through which this request got a job."""
        place = (Target.of_arn(job.arn), job.name)
        team = self.judged.get(place) or self.shown.get(place)
        if team is None:
            raise Forbidden(_NOT_YOURS)
        return team

    def judged_of(self, job: TuningJob) -> Team | None:
        """The team that owns a job this request was given, if that has been judged already."""
        return self.judged.get((Target.of_arn(job.arn), job.name))

    async def opened(self, job: TuningJob) -> Team:
        """The same, judged before anything more is read of it."""
        if (judged := self.judged_of(job)) is not None:
            return judged
        team = self.team_of(job)
        if not await self.owns(team, job.name):
            raise Forbidden(_NOT_YOURS)
        self.lead_on(team, job.name)
        return team

    def through(self, target: Target, tuning_job_name: str) -> Team:
        """The team through which a tuning job's training jobs were reached."""
        team = self.judged.get((target, tuning_job_name))
        if team is None:  # the last lock on the door: only what was handed out leads on
            raise Forbidden(_NOT_YOURS)
        return team
