"""What is kept of an operation: its selections, and the functions generated from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import Executor

from gateway.schema.compiled.reading import Reader, completer, reader, root_reader
from gateway.schema.compiled.selection import Field, Selection, selection_of
from gateway.schema.compiled.written import Written


@dataclass(frozen=True, slots=True)
class Plan:
    """How an operation is answered, for one way in which its @skip and @include fall out."""

    root: Selection
    readers: Mapping[Selection, Reader]
    """For each selection with a field that must be asked for: what reads the rest of it."""
    completers: Mapping[Field, Reader]
    """For each field of those whose value needs nothing more: what completes it."""


def planned(executor: Executor[Any], written: Written) -> Plan:
    """The plan of an executor's operation. Raises NotCompiled, and GraphQLError."""
    root = selection_of(executor)
    readers: dict[Selection, Reader] = {}
    completers: dict[Field, Reader] = {}
    left = [root]
    while left:
        selection = left.pop()
        readers[selection] = (root_reader if selection is root else reader)(selection, written)
        for field in selection.further:
            if field.complete:
                completers[field] = completer(field, written)
            else:
                left += field.inner.values()
    return Plan(root, readers, completers)
