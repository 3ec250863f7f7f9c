"""How many AWS calls a plan may cause, told before anything is read. Pure.

Reads are counted by the keys under which a request reads them, so that what two fields share costs once; of rows not
known yet, so many of each kind as may come. The estimate is never below what is then used; forward slices without a
filter, as long as they were asked for, use at least half of it when nothing is remembered, details aside. Not in it:
calls repeated because the first failed, a listing walked anew because its token died, pages that AWS itself cuts short,
rows that have moved on to another page.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import Enum

from gateway.cursors import page_named
from gateway.model.listing import TrainingJobSortBy, TuningJobListing
from gateway.sagemaker import NOT_IN_SEARCH
from gateway.teams import OwnsPrefix, OwnsTag, Scope, Team
from gateway.tuning import plans
from gateway.tuning.arguments import Cut, can_be_tuning_job_name
from gateway.tuning.bounds import Bounds
from gateway.tuning.details import FEWEST_IN_A_SEARCH, MOST_IN_A_SEARCH, may_be_searched
from gateway.tuning.kinds import Kinds, Size
from gateway.tuning.orders import FROM_BOTH_ENDS
from gateway.tuning.ownership import pushed_down

_MOST_PARENTS = 5  # AWS's ParentHyperParameterTuningJobs
_PAGES_BEHIND_A_CURSOR = 2  # of 100 rows each: a slice of up to 100 may lie across an end of one
_PERHAPS_SEARCHED = "details, perhaps searched for"


def estimate(plan: plans.Plan, scope: Scope, bounds: Bounds) -> int:
    """How many upstream calls a plan may cause within a scope."""
    pricing = _Pricing(scope, bounds, plan.details)
    for asked in plan.asked:
        pricing.asked(asked)
    return plan.begun + pricing.total


@dataclass(frozen=True, slots=True)
class _Some:
    """Some tuning jobs of a team: one by its name, or the rows of a slice."""

    team: Team
    which: Hashable
    size: Size = ()
    told: bool = False
    """Whether a watch tells it: described, and judged to be the team's."""


@dataclass(frozen=True, slots=True)
class _Pricing:
    """A walk over a plan that notes the reads the use cases would make for it."""

    scope: Scope
    bounds: Bounds
    details: frozenset[str]
    reads: Kinds = field(default_factory=Kinds)

    @property
    def total(self) -> int:
        """All reads, and the Searches that may come on top: each is for so many jobs, and may find none of them."""
        return self.reads.total() + self.reads.total(_PERHAPS_SEARCHED) // FEWEST_IN_A_SEARCH

    def asked(self, asked: plans.Asked) -> None:
        match asked:
            case plans.OfEachTeam():
                self._of_teams(self.scope.teams, asked.asked)
            case plans.OfTeam():
                self._of_teams(self._meant(asked.name), asked.asked)
            case plans.TuningJobAt():
                self._tuning_job_at(asked)
            case plans.TrainingJobAt():
                self._training_job_at(asked)
            case plans.Told():
                self._told(asked)
            case plans.StopTuningJob():
                for team in self._meant(asked.team):
                    self._stopped(team, asked, asked.name, looked_for=1)
                    self._of_tuning_jobs(_Some(team, asked.name), asked.wanted)
            case plans.StopTrainingJob():
                for team in self._meant(asked.team):
                    self._stopped(team, asked, asked.tuning_job_name, looked_for=self.bounds.walk_pages)
                    self._of_one_each(team, (), asked.wanted, asked.name)

    def _told(self, told: plans.Told) -> None:
        for team in self._meant(told.team):
            if _may_own(team, told.name):
                self._of_tuning_jobs(_Some(team, told.name, told=True), told.wanted)
                self._of_rows(team, (told.rows,), told.each, told.name, "told")

    def _meant(self, name: str | None) -> tuple[Team, ...]:
        """The team of a name; without one the only one. Of several none is meant: refused by the use case."""
        if name is None:
            return self.scope.teams if len(self.scope.teams) == 1 else ()
        team = self.scope.team(name)
        return () if team is None else (team,)

    def _stopped(self, team: Team, stop: Hashable, name: str, *, looked_for: int) -> None:
        """Asked anew whose the job is and how it stands; stopped; looked at again. None of it comes from memory."""
        if _may_own(team, name):
            judged = int(isinstance(team.ownership, OwnsTag))
            self.reads.add((judged + looked_for + 2,), "stop", team.access, stop)

    def _of_teams(self, teams: tuple[Team, ...], asked: tuple[plans.NamedTuningJob | plans.TuningJobs, ...]) -> None:
        for team in teams:
            for each in asked:
                if isinstance(each, plans.TuningJobs):
                    self._tuning_jobs(team, each)
                elif (job := self._named(team, each.name)) is not None:
                    self._of_tuning_jobs(job, each.wanted)

    def _tuning_job_at(self, asked: plans.TuningJobAt) -> None:
        for team in self.scope.at(asked.target):  # which of them it is comes out only by asking
            if (job := self._named(team, asked.name)) is not None:
                self._of_tuning_jobs(job, asked.wanted)

    def _training_job_at(self, asked: plans.TrainingJobAt) -> None:
        for team in self.scope.at(asked.target):
            if (job := self._named(team, asked.tuning_job_name)) is not None:
                self._training_pages(job, plans.TrainingJobs(), self.bounds.walk_pages)
                self._of_one_each(team, (), asked.wanted, asked.name)

    def _named(self, team: Team, name: str) -> _Some | None:
        """The team's job of this name, described; None for a name that is refused without a call."""
        if not can_be_tuning_job_name(name) or not _may_own(team, name):
            return None
        job = _Some(team, name)
        self._described(job)
        return job

    def _opened(self, jobs: _Some) -> None:
        if not jobs.told:
            self._judged((jobs.team,), jobs.size, jobs.which)

    def _judged(self, teams: tuple[Team, ...], size: Size, *which: Hashable) -> None:
        """Whose jobs are: by tag it takes a ListTags for each job and team that may own it."""
        for team in teams:
            if isinstance(team.ownership, OwnsTag):
                self.reads.add(size, "owner", team.access, team.name, *which)

    def _tags(self, jobs: _Some) -> None:
        """What tags they carry: where a tag decides whose they are, the verdict brings them."""
        if isinstance(jobs.team.ownership, OwnsTag):
            self._judged((jobs.team,), jobs.size, jobs.which)
        else:
            self.reads.add(jobs.size, "tags", jobs.team.access, jobs.which)

    def _described(self, jobs: _Some) -> None:
        if not jobs.told:
            self._read(jobs)

    def _read(self, jobs: _Some) -> None:
        self._opened(jobs)
        self.reads.add(jobs.size, "tuning job", jobs.team.access, jobs.which)

    def _tuning_jobs(self, team: Team, asked: plans.TuningJobs) -> None:
        listing = pushed_down(team, asked.listing)
        whole = TuningJobListing(sort_by=listing.sort_by, sort_order=listing.sort_order)
        # Search finds before it cuts pages, whatever is asked; the list cuts first.
        filtered = listing != whole and not isinstance(team.ownership, OwnsTag)
        pages, start = self._walked(asked.cut, sort_by=asked.listing.sort_by, filtered=filtered)
        self.reads.add((pages,), "tuning jobs", team.access, team.ownership, listing, start)
        which = (team.name, asked.listing, asked.cut.cursor, asked.cut.backwards)
        self._of_tuning_jobs(_Some(team, which, (asked.cut.size,)), asked.each)

    def _of_tuning_jobs(self, jobs: _Some, wanted: plans.OfTuningJob) -> None:
        team = jobs.team
        if wanted.described or wanted.best is not None:
            self._described(jobs)
        if wanted.warm_start or wanted.overall_best is not None:  # of other jobs, so that none is handed out with them
            self._read(jobs)
        if wanted.tags:
            self._tags(jobs)
        if wanted.warm_start:
            self._judged(self.scope.at(team.target), (*jobs.size, _MOST_PARENTS), jobs.which, "parents")
        if wanted.best is not None:
            self._of_one_each(team, jobs.size, wanted.best, jobs.which, "best")
        if wanted.overall_best is not None:
            self._judged(self.scope.at(team.target), jobs.size, jobs.which, "owner of the overall best")
            self._of_one_each(team, jobs.size, wanted.overall_best, jobs.which, "overall best")
        for listing in wanted.training_jobs:
            self._training_jobs(jobs, listing)
        self._of_teams((team,), wanted.of_its_team)

    def _training_jobs(self, jobs: _Some, asked: plans.TrainingJobs) -> None:
        self._opened(jobs)
        if asked.sort_by is TrainingJobSortBy.BEST_OBJECTIVE:  # which way that is stands in the description
            self._described(jobs)
        pages, start = self._walked(asked.cut, sort_by=asked.sort_by, filtered=asked.status is not None)
        self._training_pages(jobs, asked, pages, start)
        which = (jobs.which, _words(asked), asked.cut.cursor, asked.cut.backwards)
        self._of_rows(jobs.team, (*jobs.size, asked.cut.size), asked.each, *which)

    def _training_pages(
        self, jobs: _Some, asked: plans.TrainingJobs, pages: int, start: Hashable = (b"", False)
    ) -> None:
        self.reads.add((*jobs.size, pages), "training jobs", jobs.team.access, jobs.which, _words(asked), start)

    def _of_rows(self, team: Team, size: Size, wanted: plans.OfTrainingJob, *which: Hashable) -> None:
        """A call for the details of each: whether one Search can stand for many is known only when they are."""
        *slices, rows = size
        if rows < FEWEST_IN_A_SEARCH or not self._searched(team):
            self._of_one_each(team, size, wanted, *which)
        elif wanted.details:
            self.reads.add(size, "details", team.access, *which)
            self.reads.add((*slices, -(-rows // MOST_IN_A_SEARCH)), "a Search in vain", team.access, rows, *which)

    def _of_one_each(self, team: Team, size: Size, wanted: plans.OfTrainingJob, *which: Hashable) -> None:
        """The same for training jobs that are searched for, if at all, with others that happen to be asked for."""
        if wanted.details:
            kind = _PERHAPS_SEARCHED if self._searched(team) else "details"
            self.reads.add(size, kind, team.access, *which)

    def _searched(self, team: Team) -> bool:
        return self.details.isdisjoint(NOT_IN_SEARCH) and may_be_searched(team)

    def _walked(self, cut: Cut, *, sort_by: Enum, filtered: bool) -> tuple[int, Hashable]:
        """How many pages a slice may take, and what tells the first of them."""
        named, turned = (
            (b"", cut.backwards and sort_by in FROM_BOTH_ENDS) if cut.cursor is None else page_named(cut.cursor)
        )
        if cut.backwards != turned:  # against AWS's tokens: the cursor's own page, if any, and the way there
            own = int(cut.cursor is not None)
            first = own and not named
            return own if first else own + self.bounds.walk_back_pages, ("against", cut.cursor)
        if filtered:
            return self.bounds.walk_pages, (named, turned)
        return min(self.bounds.walk_pages, 1 if cut.cursor is None else _PAGES_BEHIND_A_CURSOR), (named, turned)


def _may_own(team: Team, name: str) -> bool:
    """Whether a call is worth it: a prefix refuses names by itself."""
    return not isinstance(team.ownership, OwnsPrefix) or team.ownership.owns(name)


def _words(asked: plans.TrainingJobs) -> Hashable:
    """A listing of training jobs but for whose they are."""
    return asked.sort_by, asked.sort_order, asked.status
