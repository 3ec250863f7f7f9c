"""An operation with its variables: what can be told of the two before anything is read, told once and remembered.

Which arguments can never work, what AWS calls it may cause, and how it runs compiled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from cachetools import LRUCache
from graphql import DocumentNode, GraphQLError, GraphQLSchema, get_operation_ast

from gateway.schema.compiled import Compiler, Plans, Prepared
from gateway.schema.priced import plan_of
from gateway.schema.requested import refusals, requested
from gateway.tuning.plans import Plan

_REMEMBERED = 2_048  # operations with their variables, about 4 kB each
_LONGEST_REMEMBERED = 512  # bytes of variables; longer ones hold cursors, and seldom come again


_NOTHING = Plan(())


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of an operation with its variables."""

    refused: Sequence[GraphQLError] = ()
    plan: Plan = _NOTHING
    prepared: Prepared | None = None
    """Ready to run, where it can be compiled."""


class Asking:
    """Looks at operations of one schema. Operations are `compiled` where they can be."""

    def __init__(self, schema: GraphQLSchema, *, compiled: bool) -> None:
        self._schema = schema
        self._compiler = Compiler(schema) if compiled else None
        self._remembered: LRUCache[tuple[int, str | None, bytes], tuple[DocumentNode, Asked]] = LRUCache(_REMEMBERED)

    def asked(self, document: DocumentNode, plans: Plans, variables: Mapping[str, Any], name: str | None) -> Asked:
        """What is known of the operation of this name, or the only one. `plans` are the document's own."""
        text = orjson.dumps(variables)
        if len(text) > _LONGEST_REMEMBERED:
            return self._look_at(document, plans, variables, name)
        key = (id(document), name, text)
        try:
            return self._remembered[key][1]
        except KeyError:
            asked = self._look_at(document, plans, variables, name)
            self._remembered[key] = document, asked  # with the document, so that no other takes its identity meanwhile
            return asked

    def _look_at(self, document: DocumentNode, plans: Plans, variables: Mapping[str, Any], name: str | None) -> Asked:
        operation = get_operation_ast(document, name)
        if operation is None:  # told by the execution
            return Asked()
        try:
            fields = requested(self._schema, document, operation, variables)
        except GraphQLError as error:
            return Asked((error,))
        if refused := refusals(fields):
            return Asked(refused)
        prepared = None if self._compiler is None else self._compiler.prepare(document, plans, variables, name)
        return Asked(plan=plan_of(fields), prepared=prepared)
