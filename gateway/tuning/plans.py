"""What an operation asks for, in the use cases' words: a tree that a face makes of its operation, and `costs` prices.

Values only. A word of a face's own, or a decision, has no place here.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from gateway.model.listing import SortOrder, TrainingJobSortBy, TuningJobListing
from gateway.model.target import Target
from gateway.model.words import TrainingJobStatus
from gateway.tuning.arguments import FROM_THE_START, Cut


@dataclass(frozen=True, slots=True)
class OfTrainingJob:
    """What is asked of a training job beyond its row in a listing."""

    details: bool = False


@dataclass(frozen=True, slots=True)
class TrainingJobs:
    """A slice of a tuning job's training jobs."""

    cut: Cut = FROM_THE_START
    sort_by: TrainingJobSortBy = TrainingJobSortBy.NAME
    sort_order: SortOrder = SortOrder.ASCENDING
    status: TrainingJobStatus | None = None
    each: OfTrainingJob = OfTrainingJob()


@dataclass(frozen=True, slots=True)
class OfTuningJob:
    """What is asked of a tuning job beyond its row in a list."""

    described: bool = False
    """Whether something is asked that only its description has."""
    tags: bool = False
    warm_start: bool = False
    best: OfTrainingJob | None = None
    overall_best: OfTrainingJob | None = None
    training_jobs: tuple[TrainingJobs, ...] = ()
    of_its_team: tuple["NamedTuningJob | TuningJobs", ...] = ()
    """What is asked, by way of the job, of the team whose it is."""


@dataclass(frozen=True, slots=True)
class NamedTuningJob:
    """A team's tuning job of this name."""

    name: str
    wanted: OfTuningJob = OfTuningJob()


@dataclass(frozen=True, slots=True)
class TuningJobs:
    """A slice of a team's tuning jobs."""

    listing: TuningJobListing
    cut: Cut = FROM_THE_START
    each: OfTuningJob = OfTuningJob()


@dataclass(frozen=True, slots=True)
class OfTeam:
    """What is asked of the team of this name; None: of the caller's only one."""

    name: str | None
    asked: tuple[NamedTuningJob | TuningJobs, ...]


@dataclass(frozen=True, slots=True)
class OfEachTeam:
    """What is asked of each of the caller's teams."""

    asked: tuple[NamedTuningJob | TuningJobs, ...]


@dataclass(frozen=True, slots=True)
class TuningJobAt:
    """The tuning job of this name in a target, whichever team's it is."""

    target: Target
    name: str
    wanted: OfTuningJob = OfTuningJob()


@dataclass(frozen=True, slots=True)
class TrainingJobAt:
    """One training job of a tuning job in a target."""

    target: Target
    tuning_job_name: str
    name: str
    wanted: OfTrainingJob = OfTrainingJob()


@dataclass(frozen=True, slots=True)
class StopTuningJob:
    """A tuning job of the team of this name (None: of the caller's only one) to be stopped, and then asked about."""

    team: str | None
    name: str
    wanted: OfTuningJob = OfTuningJob()


@dataclass(frozen=True, slots=True)
class StopTrainingJob:
    """A training job of such a tuning job to be stopped, and then asked about."""

    team: str | None
    tuning_job_name: str
    name: str
    wanted: OfTrainingJob = OfTrainingJob()


@dataclass(frozen=True, slots=True)
class Told:
    """What is told at once to whoever listens to the tuning job of this name of the team of this name (None: of the
    caller's only one): the job, which comes judged and described, or so many of its training jobs.
    """

    team: str | None
    name: str
    wanted: OfTuningJob = OfTuningJob()
    each: OfTrainingJob = OfTrainingJob()
    rows: int = 0


Asked = Told | OfTeam | OfEachTeam | TuningJobAt | TrainingJobAt | StopTuningJob | StopTrainingJob


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an operation asks for."""

    asked: tuple[Asked, ...]
    details: frozenset[str] = frozenset()
    """The fields of training jobs' details that are asked for, wherever."""
    begun: int = 0
    """How many AWS calls it took to begin to listen: they are in the price of what is told first."""
    estimates: dict[Hashable, int] = field(default_factory=dict, compare=False, repr=False)
    """What `costs` has found it to cost so far, by all that has a say in that. A face keeps plans that come again."""

    @property
    def beginning(self) -> "Plan":
        """What is read before anything is told: the jobs that are listened to."""
        return Plan(
            tuple(OfTeam(each.team, (NamedTuningJob(each.name),)) for each in self.asked if isinstance(each, Told))
        )

    def telling(self, team: str, rows: int, *, begun: int) -> "Plan":
        """The same with so many rows, of the team whose job was found."""
        asked = tuple(replace(each, team=team, rows=rows) if isinstance(each, Told) else each for each in self.asked)
        return Plan(asked, self.details, begun)
