"""What an operation selects of each object type: fields merged and in order, as graphql-core itself collects them.

A selection knows the document and the values its @skip and @include turn on; other variables and data come later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    Executor,
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    OperationType,
    Visitor,
    get_argument_values,
    get_named_type,
    is_abstract_type,
    visit,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet, collect_fields

from gateway.schema.compiled.ways import Attribute, Derived, Resolver, derived, way_of

_MOST_FIELDS = (
    2_000  # fragments within fragments select exponentially many; data would be needed to tell which are real
)
_TYPENAME = "__typename"


class NotCompiled(Exception):  # noqa: N818  # a case for graphql-core, not a fault
    """An operation that asks for more than is understood here."""


@dataclass(frozen=True, eq=False)
class Field:
    """A selected field."""

    key: str
    """Its name in the response: the caller's own word."""
    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: list[FieldNode]
    way: Attribute | Derived | Resolver
    inner: dict[str, "Selection"]
    """What is selected of its value, by the names of the object types that it may be of; empty for a leaf."""

    @cached_property
    def selection(self) -> "Selection | None":
        """What is selected of its value, where it can be of one object type only."""
        abstract = is_abstract_type(get_named_type(self.definition.type))
        return None if abstract else next(iter(self.inner.values()), None)

    @cached_property
    def complete(self) -> bool:
        """Whether its value's selection is plain all the way down: then it needs nothing but the value."""
        return not self.inner or (self.selection is not None and self.selection.plain)

    @cached_property
    def plain(self) -> bool:
        """Whether nothing but its object is needed to answer it."""
        return self.complete and not isinstance(self.way, Resolver)


@dataclass(frozen=True, eq=False)
class Selection:
    """What is selected of an object type, in the order of the response."""

    type: GraphQLObjectType
    fields: tuple[Field | str, ...]
    """The fields; of __typename no more than its name in the response."""

    @cached_property
    def further(self) -> tuple[Field, ...]:
        """The fields that need more than the object itself."""
        return tuple(field for field in self.fields if isinstance(field, Field) and not field.plain)

    @property
    def plain(self) -> bool:
        """Whether nothing but the object is needed to answer it."""
        return not self.further


def selection_of(executor: Executor[Any]) -> Selection:
    """What the operation of an executor selects of the query type. Raises NotCompiled, and GraphQLError."""
    operation, root = executor.operation, executor.schema.query_type
    if operation.operation is not OperationType.QUERY or root is None:
        raise NotCompiled
    collected = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, root, operation
    ).grouped_field_set
    return _Collecting(executor).selection(root, collected)


class _Collecting:
    """Collects the selections of one operation, each as often as a path leads to it."""

    def __init__(self, executor: Executor[Any]) -> None:
        self._executor = executor
        self._left = _MOST_FIELDS

    def selection(self, type_: GraphQLObjectType, collected: GroupedFieldSet) -> Selection:
        return Selection(type_, tuple([self._field(type_, key, details) for key, details in collected.items()]))

    def _field(self, parent: GraphQLObjectType, key: str, details: FieldDetailsList) -> Field | str:
        self._left -= 1
        if self._left < 0:
            raise NotCompiled
        nodes = [each.node for each in details]
        name = nodes[0].name.value
        if name == _TYPENAME:
            return key
        definition = parent.fields.get(name)
        if definition is None:  # introspection
            raise NotCompiled
        way = self._way(definition, nodes[0])
        inner = {type_.name: self._inner(type_, details) for type_ in self._possible(definition)}
        return Field(key, parent, definition, nodes, way, inner)

    def _inner(self, type_: GraphQLObjectType, details: FieldDetailsList) -> Selection:
        return self.selection(type_, self._executor.collect_subfields(type_, details).grouped_field_set)

    def _possible(self, definition: GraphQLField) -> Iterable[GraphQLObjectType]:
        """The object types of which a field's value may be."""
        named = get_named_type(definition.type)
        if isinstance(named, GraphQLObjectType):
            return [named]
        return self._executor.schema.get_possible_types(named) if is_abstract_type(named) else []

    def _way(self, definition: GraphQLField, node: FieldNode) -> Attribute | Derived | Resolver:
        way = way_of(definition)
        if way is None:
            raise NotCompiled
        if isinstance(way, Attribute) or _takes_variables(node):
            return way
        arguments = get_argument_values(definition, node)
        return derived(way, {way.names[name]: value for name, value in arguments.items()}) or way


def _takes_variables(node: FieldNode) -> bool:
    search = _VariableSearch()
    for argument in node.arguments or ():
        visit(argument, search)
    return search.found


class _VariableSearch(Visitor):
    """Looks for variables."""

    found = False

    def enter_variable(self, *_: object) -> None:
        self.found = True
