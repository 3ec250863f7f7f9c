"""What an operation asks for, looked at before anything is read: an argument that can never work is refused here, at
no cost in AWS calls, wherever in the operation it stands.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLNamedType,
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
)
from graphql.execution.values import VariableValues

from gateway.errors import BadUserInput
from gateway.tuning import arguments

_last = partial(arguments.page_size, name="last")

# By field and argument, "" for all together. The use cases check too, for whoever comes another way.
_CHECKS: Mapping[tuple[str, str], Callable[[Any], object]] = {
    ("nodes", "ids"): arguments.few_enough,
    ("tuningJob", "name"): arguments.tuning_job_name,
    ("tuningJobs", ""): arguments.one_direction,
    ("tuningJobs", "first"): arguments.page_size,
    ("tuningJobs", "last"): _last,
    ("tuningJobs", "nameContains"): arguments.name_part,
    ("tuningJobs", "statusEquals"): arguments.known,
    ("trainingJobs", ""): arguments.one_direction,
    ("trainingJobs", "first"): arguments.page_size,
    ("trainingJobs", "last"): _last,
    ("trainingJobs", "statusEquals"): arguments.known,
}


def refusals(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> list[GraphQLError]:
    """The errors of arguments that can never work. Variables of the wrong type are left for the execution to tell."""
    coerced = get_variable_values(schema, operation.variable_definitions or (), dict(variables))
    root = schema.get_root_type(operation.operation)
    if not isinstance(coerced, VariableValues) or root is None:
        return []
    found = []
    for field, asked in _Requested(schema, document, coerced).fields(root, operation.selection_set):
        for name, value in (("", asked), *asked.items()):
            check = _CHECKS.get((field.name.value, name))
            try:
                if check is not None:
                    check(value)
            except BadUserInput as error:
                found.append(GraphQLError(error.args[0], [field], original_error=error))
    return found


class _Requested:
    """A walk over the fields an operation would execute, with the values of their arguments."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues) -> None:
        self._schema = schema
        self._variables = variables
        # Each is looked into once: spread again it asks for the same, and spread in spreads it would take for ever.
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def fields(
        self, parent: GraphQLNamedType, selection_set: SelectionSetNode
    ) -> Iterator[tuple[FieldNode, dict[str, Any]]]:
        for selection in selection_set.selections:
            if self._included(selection):
                yield from self._within(parent, selection)

    def _within(self, parent: GraphQLNamedType, selection: SelectionNode) -> Iterator[tuple[FieldNode, dict[str, Any]]]:
        if isinstance(selection, FieldNode):
            yield from self._field(parent, selection)
            return
        inner: InlineFragmentNode | FragmentDefinitionNode | None = None
        if isinstance(selection, InlineFragmentNode):
            inner = selection
        elif isinstance(selection, FragmentSpreadNode):
            inner = self._fragments.pop(selection.name.value, None)
        if inner is not None:
            condition = inner.type_condition
            yield from self.fields(
                parent if condition is None else self._schema.type_map[condition.name.value], inner.selection_set
            )

    def _field(self, parent: GraphQLNamedType, field: FieldNode) -> Iterator[tuple[FieldNode, dict[str, Any]]]:
        fields = parent.fields if isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)) else {}
        definition = fields.get(field.name.value)
        if definition is None:  # __typename and introspection
            return
        if definition.args:
            yield field, self._arguments(definition, field)
        if field.selection_set is not None:
            yield from self.fields(get_named_type(definition.type), field.selection_set)

    def _arguments(self, definition: GraphQLField, field: FieldNode) -> dict[str, Any]:
        try:
            return get_argument_values(definition, field, self._variables)
        except GraphQLError:  # told by the execution, at its path
            return {}

    def _included(self, selection: SelectionNode) -> bool:
        try:
            skip = get_directive_values(GraphQLSkipDirective, selection, self._variables)
            include = get_directive_values(GraphQLIncludeDirective, selection, self._variables)
        except GraphQLError:  # told by the execution, at its path
            return True
        return not (skip and skip["if"]) and not (include and not include["if"])
