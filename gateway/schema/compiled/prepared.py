"""A plan with one set of variables: what comes of the two alone, and need not be worked out for each request."""

from dataclasses import dataclass, field
from typing import Any

import strawberry
from graphql import Executor, GraphQLResolveInfo, get_argument_values
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField

from gateway.schema.compiled.plan import Plan
from gateway.schema.compiled.selection import Field
from gateway.schema.compiled.ways import Resolver
from gateway.schema.context import Context


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with one set of variables."""

    plan: Plan
    executor: Executor[Any]
    """graphql-core's own, built for the document and the variables. It executes nothing here."""
    _parameters: dict[Field, dict[str, Any]] = field(default_factory=dict)

    def parameters(self, selected: Field, way: Resolver) -> dict[str, Any]:
        """What a resolver takes of a field's arguments. Raises GraphQLError."""
        known = self._parameters.get(selected)
        if known is None:
            arguments = get_argument_values(selected.definition, selected.nodes[0], self.executor.variable_values)
            known = self._parameters[selected] = {way.names[name]: value for name, value in arguments.items()}
        return known.copy()

    def info(self, selected: Field, path: Path, context: Context) -> GraphQLResolveInfo[Context]:
        """What graphql-core would tell a resolver of the request."""
        executor = self.executor
        return GraphQLResolveInfo(
            selected.nodes[0].name.value,
            selected.nodes,
            selected.definition.type,
            selected.parent,
            path,
            executor.schema,
            executor.fragment_definitions,
            executor.root_value,
            executor.operation,
            executor.variable_values,
            context,
            executor.is_awaitable,
            executor.abort_signal,
            executor.async_helpers,
        )


class Told(strawberry.Info[Context, None]):
    """What a resolver gets to know of the request. Nearly all ask for the context alone: the rest is made on demand."""

    def __init__(self, prepared: Prepared, selected: Field, way: Resolver, path: Path, context: Context) -> None:
        self._of = prepared, selected, way, path
        self._context = context

    @property
    def context(self) -> Context:
        """The request, as the schema sees it."""
        return self._context

    @property
    def _raw_info(self) -> GraphQLResolveInfo[Context]:  # type: ignore[override]  # what strawberry keeps is made here
        prepared, selected, _, path = self._of
        return prepared.info(selected, path, self._context)

    @property
    def _field(self) -> StrawberryField:  # type: ignore[override]  # as above
        return self._of[2].field
