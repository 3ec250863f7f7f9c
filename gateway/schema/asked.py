"""An operation with its variables: what can be told of the two before anything is read, told once and remembered.

Which arguments can never work, what AWS calls it may cause, and how it runs compiled.
"""

import weakref
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
_LONGEST_REMEMBERED = 512  # bytes of name and variables; longer ones hold cursors, and seldom come again

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
        self._remembered: LRUCache[tuple[int, str | None, bytes], Asked] = LRUCache(_REMEMBERED)
        self._documents: dict[int, weakref.ref[Plans]] = {}
        """By the first part of what is remembered under. What is known of an operation holds on to its document."""

    def asked(self, document: DocumentNode, plans: Plans, variables: Mapping[str, Any], name: str | None) -> Asked:
        """What is known of the operation of this name, or the only one. `plans` are the document's own."""
        text = orjson.dumps(variables)
        if len(text) + (0 if name is None else len(name)) > _LONGEST_REMEMBERED:
            return self._look_at(document, plans, variables, name)
        key = (id(plans), name, text)
        try:
            return self._remembered[key]
        except KeyError:
            self._stand_for(plans)
            asked = self._remembered[key] = self._look_at(document, plans, variables, name)
            return asked

    def _stand_for(self, plans: Plans) -> None:
        """Let its identity stand for a document, until nobody has it any more."""
        identity = id(plans)
        if identity not in self._documents:
            self._documents[identity] = weakref.ref(plans, lambda _: self._forget(identity))

    def _forget(self, identity: int) -> None:
        del self._documents[identity]
        for key in [key for key in self._remembered if key[0] == identity]:
            del self._remembered[key]

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
