"""A plan with one set of variables: what comes of the two alone, and need not be worked out for each request."""

from dataclasses import dataclass, field
from typing import Any, NoReturn

import strawberry
from graphql import (
    FragmentDefinitionNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    get_argument_values,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry.types.field import StrawberryField

from gateway.schema.compiled.plan import Plan
from gateway.schema.compiled.selection import Field, NotCompiled
from gateway.schema.compiled.ways import Resolver
from gateway.schema.context import Context

Place = tuple[Any, str | int, str | None]
"""A place in the response: equal to graphql-core's Path there, which takes longer to make."""


def _ask_graphql_core(*_: object) -> NoReturn:
    raise NotCompiled


_HELPERS = GraphQLResolveInfoHelpers(_ask_graphql_core, _ask_graphql_core)
"""What no resolver here has any use for."""


class _Parameters(dict[Field, dict[str, Any]]):
    """What resolvers take of their fields' arguments. Looked up, it raises GraphQLError for what they cannot be."""

    def __init__(self, variables: VariableValues) -> None:
        self._variables = variables

    def __missing__(self, selected: Field) -> dict[str, Any]:
        way = selected.way
        assert isinstance(way, Resolver)  # noqa: S101  # nothing else takes parameters
        given = get_argument_values(selected.definition, selected.nodes[0], self._variables)
        known = self[selected] = {way.names[name]: value for name, value in given.items()}
        return known


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with one set of variables."""

    plan: Plan
    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    variables: VariableValues
    """As graphql-core has coerced them."""
    parameters: dict[Field, dict[str, Any]] = field(init=False)
    """By the field that a resolver answers, what it takes of the field's arguments."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", _Parameters(self.variables))

    def info(self, selected: Field, place: Place, context: Context) -> GraphQLResolveInfo[Context]:
        """What graphql-core would tell a resolver of the request."""
        return GraphQLResolveInfo(
            selected.nodes[0].name.value,
            selected.nodes,
            selected.definition.type,
            selected.parent,
            _path(place),
            self.schema,
            self.fragments,
            None,
            self.operation,
            self.variables,
            context,
            is_awaitable,
            None,
            _HELPERS,
        )


class Told(strawberry.Info[Context, None]):
    """What a resolver gets to know of the request. Nearly all ask for the context alone: the rest is made on demand."""

    __slots__ = ("_of", "context")
    context: Context  # there at once, where strawberry's is looked up
    """The request, as the schema sees it."""

    def __init__(self, prepared: Prepared, selected: Field, way: Resolver, place: Place, context: Context) -> None:
        self._of = prepared, selected, way, place
        self.context = context

    @property
    def _raw_info(self) -> GraphQLResolveInfo[Context]:  # type: ignore[override]  # what strawberry keeps is made here
        prepared, selected, _, place = self._of
        return prepared.info(selected, place, self.context)

    @property
    def _field(self) -> StrawberryField:  # type: ignore[override]  # as above
        return self._of[2].field


def _path(place: Place) -> Path:
    before, key, parent = place
    return Path(None if before is None else _path(before), key, parent)
