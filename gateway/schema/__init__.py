"""Face 1, GraphQL: the contract of `schema.graphql` over the use cases. It translates, and decides nothing.

plain                    model classes as GraphQL types, field by field
scalars, node            DateTime, Long; Relay's Node and global ids
arguments, connection    what several fields take and give
training_job, tuning_job, team, query    the types with resolvers
mutation, subscription   what can be done; what can be listened to
context                  what resolvers get to know of a request
documents                parsed and validated once, then executed: compiled where that can be
execution                ... and by graphql-core where it cannot, or where anything has failed
operations               the operations in a document, and what each asks of the root
deprecated               what a document uses that is on its way out
compiled                 operations as generated functions over `model` objects
limits                   what a document may cost
asked                    what can be told of an operation before anything is read
requested, priced        ... what it asks for; the same as a plan whose AWS calls can be told
library                  which document is asked for; persisted: by hash; trusted: by whoever runs the gateway
errors                   the table of codes
cost                     what every answer says of its cost
"""

import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, Undefined
from strawberry.schema.config import StrawberryConfig

from gateway.schema.context import Context, Listening
from gateway.schema.documents import Document, Documents
from gateway.schema.library import Library
from gateway.schema.limits import Limits, too_much
from gateway.schema.mutation import Mutation
from gateway.schema.operations import Operation
from gateway.schema.persisted import Persisted
from gateway.schema.query import Query
from gateway.schema.scalars import SCALARS
from gateway.schema.subscription import Subscription
from gateway.schema.training_job import TrainingJob
from gateway.schema.trusted import Listed, Trust, Trusted, trusted
from gateway.schema.tuning_job import TuningJob

__all__ = [
    "Context",
    "Document",
    "Documents",
    "Library",
    "Limits",
    "Listed",
    "Listening",
    "Operation",
    "Persisted",
    "Trust",
    "Trusted",
    "executable",
    "sdl",
    "too_much",
    "trusted",
]


def _schema() -> strawberry.Schema:
    config = StrawberryConfig(scalar_map=SCALARS)
    schema = strawberry.Schema(Query, Mutation, Subscription, types=[TuningJob, TrainingJob], config=config)
    _leave_out_null_defaults(schema._schema)  # noqa: SLF001  # as below
    return schema


def _leave_out_null_defaults(schema: GraphQLSchema) -> None:
    """What may be left out has no default: strawberry would print, and pass on, a null for each."""
    for named in schema.type_map.values():
        for member in named.fields.values() if isinstance(named, GraphQLInputObjectType) else ():
            if member.default_value is None:
                member.default_value = Undefined
        for field in named.fields.values() if isinstance(named, GraphQLObjectType) else ():
            for argument in field.args.values():
                if argument.default_value is None:
                    argument.default_value = Undefined


def executable() -> GraphQLSchema:
    """The schema, ready to execute documents."""
    return _schema()._schema  # noqa: SLF001  # strawberry's own runner is passed by: graphql-core is a third faster


def sdl() -> str:
    """The schema as `schema.graphql` has it."""
    return _schema().as_str() + "\n"
