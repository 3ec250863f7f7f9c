"""The GraphQL type Mutation: what can be done to jobs, with its inputs and payloads in Relay's form."""

from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import strawberry

from gateway.model.stopping import StopOutcome
from gateway.model.training_job import TrainingJob as TrainingJobModel
from gateway.model.tuning_job import DescribedTuningJob
from gateway.schema.context import Info
from gateway.schema.plain import resolver, resolver_giving
from gateway.schema.training_job import TrainingJob
from gateway.schema.tuning_job import TuningJob
from gateway.tuning import Stopped

JobT = TypeVar("JobT", DescribedTuningJob, TrainingJobModel)

_TEAM = "The team whose job is meant. A caller who has one team may leave it out."
_CLIENT_MUTATION_ID = "Any text; the payload has it again."
_NAME_FORM = "letters, digits and hyphens, neither starting nor ending with a hyphen."


@strawberry.input(description="Which tuning job to stop.")
class StopTuningJobInput:
    """A tuning job by name."""

    name: str = strawberry.field(description=f"The tuning job's name: 1 to 32 {_NAME_FORM}")
    team: str | None = strawberry.field(default=None, description=_TEAM)
    client_mutation_id: str | None = strawberry.field(default=None, description=_CLIENT_MUTATION_ID)


@strawberry.input(description="Which training job to stop.")
class StopTrainingJobInput:
    """A training job by its tuning job and its name."""

    tuning_job: str = strawberry.field(description=f"The name of the tuning job that launched it: 1 to 32 {_NAME_FORM}")
    name: str = strawberry.field(description=f"The training job's name: 1 to 63 {_NAME_FORM}")
    team: str | None = strawberry.field(default=None, description=_TEAM)
    client_mutation_id: str | None = strawberry.field(default=None, description=_CLIENT_MUTATION_ID)


@dataclass(frozen=True, slots=True)
class _Payload(Generic[JobT]):
    """What a payload type is read off."""

    stopped: Stopped[JobT]
    client_mutation_id: str | None

    def job(self) -> JobT | None:
        """The job after the stop. Raises why it could not be read, where that is so."""
        if self.stopped.unread is not None:
            raise self.stopped.unread
        return self.stopped.job


def _outcome(root: strawberry.Parent[_Payload[DescribedTuningJob]]) -> StopOutcome | None:
    """What came of it; null when there is no such job that is the team's."""
    return root.stopped.outcome


@strawberry.type(description="What came of asking for a tuning job to be stopped.")
class StopTuningJobPayload:
    """Read off a _Payload."""

    outcome = resolver(_outcome)
    client_mutation_id: str | None = strawberry.field(description="The input's, again.")

    @resolver_giving(TuningJob | None)
    @staticmethod
    def tuning_job(root: strawberry.Parent[_Payload[DescribedTuningJob]]) -> DescribedTuningJob | None:
        """The tuning job as it is now; null when there is none that is the team's. An error here says no more than that
        the job could not be read again: `outcome` stands.
        """
        return root.job()


@strawberry.type(description="What came of asking for a training job to be stopped.")
class StopTrainingJobPayload:
    """Read off a _Payload."""

    outcome = resolver(_outcome)
    client_mutation_id: str | None = strawberry.field(description="The input's, again.")

    @resolver_giving(TrainingJob | None)
    @staticmethod
    def training_job(root: strawberry.Parent[_Payload[TrainingJobModel]]) -> TrainingJobModel | None:
        """The training job as it is now; null when there is none that is the team's. An error here says no more than
        that the job could not be read again: `outcome` stands.
        """
        return root.job()


@strawberry.type(
    description="What can be done to jobs, with the permission it takes. One after the other, in the order they are "
    "written; whose a job is, and whether it still runs, is asked of SageMaker anew for each."
)
class Mutation:
    """The root of every mutation."""

    @resolver_giving(StopTuningJobPayload)
    @staticmethod
    async def stop_tuning_job(
        info: Info,
        input: Annotated[StopTuningJobInput, strawberry.argument(description="Which.")],  # noqa: A002  # Relay's
    ) -> _Payload[DescribedTuningJob]:
        """Stop a tuning job and the training jobs of it that run. Takes the permission STOP. A job that has ended is
        left as it is, and that is no error: asking twice is safe.
        """
        stopped = await info.context.jobs.stop_tuning_job(input.name, input.team)
        return _Payload(stopped, input.client_mutation_id)

    @resolver_giving(StopTrainingJobPayload)
    @staticmethod
    async def stop_training_job(
        info: Info,
        input: Annotated[StopTrainingJobInput, strawberry.argument(description="Which.")],  # noqa: A002  # Relay's
    ) -> _Payload[TrainingJobModel]:
        """Stop one training job of a tuning job, which goes on. Takes the permission STOP. A job that has ended is left
        as it is, and that is no error: asking twice is safe.
        """
        stopped = await info.context.jobs.stop_training_job(input.tuning_job, input.name, input.team)
        return _Payload(stopped, input.client_mutation_id)
