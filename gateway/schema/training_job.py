"""The GraphQL type TrainingJob."""

from typing import Annotated

import strawberry

from gateway.model.details import TrainingJobDetails
from gateway.model.hyper_parameter import HyperParameter
from gateway.model.training_job import TrainingJob as Model
from gateway.schema.context import Info
from gateway.schema.node import Node, global_id
from gateway.schema.plain import face_of, resolver, resolver_giving


@face_of(Model)
class TrainingJob(Node):
    """One training job of a tuning job: one try at the hyperparameters."""

    @resolver_giving(strawberry.ID)
    @staticmethod
    def id(root: strawberry.Parent[Model]) -> strawberry.ID:
        """Opaque and globally unique; `node(id:)` finds the training job by it."""
        return global_id(root)

    @resolver
    @staticmethod
    def tuned_hyper_parameter(
        root: strawberry.Parent[Model],
        name: Annotated[str, strawberry.argument(description="The hyperparameter's name.")],
    ) -> HyperParameter | None:
        """The tuned hyperparameter of this name, or null."""
        return next((found for found in root.tuned_hyper_parameters if found.name == name), None)

    @resolver
    @staticmethod
    async def details(root: strawberry.Parent[Model], info: Info) -> TrainingJobDetails | None:
        """What DescribeTrainingJob knows beyond the listing. Costs one more AWS call for each training job, or one for
        many that are over, where the team may Search. Null when the training job has gone.
        """
        return await info.context.jobs.details(root)
