"""The operations in a document, and what each asks of the root. Pure, and told once for each document."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, as it is told before it runs."""

    type: str
    """query, mutation or subscription."""
    name: str | None
    """As its author gave it."""
    root_fields: frozenset[str]
    """The names of its root fields, those in fragments included."""


def operations_in(document: DocumentNode) -> Mapping[str | None, Operation]:
    """By their names; under None the only one, if there is only one."""
    found = [
        Operation(each.operation.value, each.name.value if each.name else None, _root_fields(document, each))
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
    ]
    operations: dict[str | None, Operation] = {each.name: each for each in found if each.name}
    if len(found) == 1:
        operations[None] = found[0]
    return operations


def _root_fields(document: DocumentNode, operation: OperationDefinitionNode) -> frozenset[str]:
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    names: set[str] = set()
    left: list[SelectionSetNode] = [operation.selection_set]
    while left:
        for selection in left.pop().selections:
            if isinstance(selection, FieldNode):
                names.add(selection.name.value)
            elif isinstance(selection, InlineFragmentNode):
                left.append(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value in fragments:
                left.append(fragments.pop(selection.name.value).selection_set)
    return frozenset(names)
