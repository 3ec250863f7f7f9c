"""What an operation asks for, looked at before anything is read: its fields as they would be executed, with the values
of their arguments. An argument that can never work is refused here, at no cost in AWS calls, wherever it stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
    get_variable_values,
    is_abstract_type,
)
from graphql.execution.values import VariableValues

from gateway.errors import BadUserInput
from gateway.tuning import arguments

_MOST_FIELDS = 10_000  # two and a half times what a document without fragments can hold
_last = partial(arguments.page_size, name="last")

# By field and argument, "" for all together. The use cases check too, for whoever comes another way.
_CHECKS: Mapping[tuple[str, str], Callable[[Any], object]] = {
    ("nodes", "ids"): arguments.few_enough,
    ("tuningJob", "name"): arguments.tuning_job_name,
    ("trainingJobsChanged", "tuningJob"): arguments.tuning_job_name,
    ("tuningJobs", ""): arguments.one_direction,
    ("tuningJobs", "first"): arguments.page_size,
    ("tuningJobs", "last"): _last,
    ("tuningJobs", "nameContains"): arguments.name_part,
    ("tuningJobs", "statusEquals"): arguments.known,
    ("trainingJobs", ""): arguments.one_direction,
    ("trainingJobs", "first"): arguments.page_size,
    ("trainingJobs", "last"): _last,
    ("trainingJobs", "statusEquals"): arguments.known,
    ("stopTuningJob", "input"): lambda given: arguments.tuning_job_name(given["name"]),
    ("stopTrainingJob", "input"): lambda given: (
        arguments.tuning_job_name(given["tuningJob"]),
        arguments.training_job_name(given["name"]),
    ),
}


@dataclass(frozen=True, slots=True)
class Requested:
    """A field that would be executed."""

    of: str
    """The object type it is a field of."""
    name: str
    node: FieldNode
    arguments: Mapping[str, Any] | None
    """None where they are wrong in a way that the execution tells, at the field's path."""
    inner: list["Requested"] = field(default_factory=list)
    """The fields asked of its value; of an interface, those of each object type that may stand there."""


def requested(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> list[Requested]:
    """The fields of an operation; none where its variables are wrong, which the execution tells.

    Raises GraphQLError for an operation that is too large once its fragments are spread.
    """
    # One error is enough to know, and each one more is a walk over all that was sent.
    coerced = get_variable_values(schema, operation.variable_definitions or (), dict(variables), max_errors=1)
    root = schema.get_root_type(operation.operation)
    if not isinstance(coerced, VariableValues) or root is None:
        return []
    return _Reading(schema, document, coerced).fields(root, operation.selection_set)


def refusals(fields: Iterable[Requested]) -> list[GraphQLError]:
    """The errors of arguments that can never work, one for each place in the document."""
    found: dict[tuple[int, str], GraphQLError] = {}
    for each in everywhere(fields):
        given = each.arguments or {}
        for name, value in (("", given), *given.items()):
            check = _CHECKS.get((each.name, name))
            try:
                if check is not None:
                    check(value)
            except BadUserInput as error:
                refusal = GraphQLError(error.args[0], [each.node], original_error=error)
                found.setdefault((id(each.node), name), refusal)
    return list(found.values())


def everywhere(fields: Iterable[Requested]) -> Iterator[Requested]:
    """The fields and all that is asked for below them, in the order of the document."""
    waiting = list(fields)[::-1]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += each.inner[::-1]


class _Reading:
    """A walk over a document as the execution would walk it."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues) -> None:
        self._schema = schema
        self._variables = variables
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._left = _MOST_FIELDS

    def fields(self, parent: GraphQLObjectType, selection_set: SelectionSetNode) -> list[Requested]:
        found: list[Requested] = []
        for selection in selection_set.selections:
            if not selection.directives or self._included(selection):
                if isinstance(selection, FieldNode):
                    found += self._field(parent, selection)
                else:
                    found += self._spread(parent, selection)
        return found

    def _spread(self, parent: GraphQLObjectType, selection: SelectionNode) -> list[Requested]:
        inner: InlineFragmentNode | FragmentDefinitionNode | None = None
        if isinstance(selection, InlineFragmentNode):
            inner = selection
        elif isinstance(selection, FragmentSpreadNode):
            inner = self._fragments.get(selection.name.value)
        if inner is None or not self._applies(inner, parent):
            return []
        self._spend()
        return self.fields(parent, inner.selection_set)

    def _applies(self, fragment: InlineFragmentNode | FragmentDefinitionNode, parent: GraphQLObjectType) -> bool:
        if fragment.type_condition is None:
            return True
        condition = self._schema.type_map[fragment.type_condition.name.value]
        return condition is parent or (is_abstract_type(condition) and self._schema.is_sub_type(condition, parent))

    def _field(self, parent: GraphQLObjectType, node: FieldNode) -> list[Requested]:
        definition = parent.fields.get(node.name.value)
        if definition is None:  # __typename and introspection
            return []
        self._spend()
        inner: list[Requested] = []
        if node.selection_set is not None:
            for possible in self._possible(definition):
                inner += self.fields(possible, node.selection_set)
        given = self._arguments(definition, node) if definition.args else {}
        return [Requested(parent.name, node.name.value, node, given, inner)]

    def _possible(self, definition: GraphQLField) -> Iterable[GraphQLObjectType]:
        type_ = get_named_type(definition.type)
        if isinstance(type_, GraphQLAbstractType):
            return self._schema.get_possible_types(type_)
        return [type_] if isinstance(type_, GraphQLObjectType) else []

    def _arguments(self, definition: GraphQLField, node: FieldNode) -> dict[str, Any] | None:
        try:
            return get_argument_values(definition, node, self._variables)
        except GraphQLError:
            return None

    def _included(self, selection: SelectionNode) -> bool:
        try:
            skip = get_directive_values(GraphQLSkipDirective, selection, self._variables)
            include = get_directive_values(GraphQLIncludeDirective, selection, self._variables)
        except GraphQLError:  # told by the execution, at its path
            return True
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _spend(self) -> None:
        """Fragments spread in fragments double with each level: what would take for ever to execute is refused."""
        self._left -= 1
        if self._left < 0:
            raise GraphQLError(
                f"An operation may ask for at most {_MOST_FIELDS} fields, each fragment's counted wherever it is "
                "spread. Ask for less at once.",
                extensions={"code": "DOCUMENT_LIMIT_EXCEEDED"},
            )
