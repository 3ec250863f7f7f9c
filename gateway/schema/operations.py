"""The operations in a document, and what each asks of the root. Pure, and told once for each document."""

from collections.abc import Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


def operations_in(document: DocumentNode) -> Mapping[str | None, OperationDefinitionNode]:
    """By their names; under None the only one, if there is only one."""
    found = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    operations: dict[str | None, OperationDefinitionNode] = {each.name.value: each for each in found if each.name}
    if len(found) == 1:
        operations[None] = found[0]
    return operations


def root_fields(document: DocumentNode, operation: OperationDefinitionNode) -> frozenset[str]:
    """The names of an operation's root fields, those in fragments included."""
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
