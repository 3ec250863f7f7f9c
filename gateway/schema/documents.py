"""Documents: parsed and validated once, remembered by their text, executed any number of times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from cachetools import LRUCache
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from gateway.schema.compiled import Compiler, Plans, Prepared
from gateway.schema.context import Context
from gateway.schema.errors import presented
from gateway.schema.execution import executed
from gateway.schema.limits import excess_of
from gateway.schema.requested import refusals

_REMEMBERED = 512  # documents; a frontend has some dozens
_LONGEST_REMEMBERED = 16_384  # characters
_ASKED = 2_048  # operations with their variables, about 4 kB each
_LONGEST_ASKED = 512  # bytes of variables; longer ones hold cursors, and seldom come again
_MOST_TOKENS = 4_000  # bounds what parsing and validating a hostile document can cost


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text made executable, or the errors that keep it from being so."""

    node: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    plans: Plans = field(default_factory=Plans, compare=False)
    """What its operations were compiled to."""

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation of this name, or the only one."""
        return None if self.node is None else get_operation_ast(self.node, name)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An operation and its variables: what can be told of the two before anything is read."""

    refused: Sequence[GraphQLError] = ()
    prepared: Prepared | None = None
    """Ready to run, where it can be compiled."""


class Documents:
    """The documents of one schema, whose operations are `compiled` where they can be."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool, compiled: bool = True) -> None:
        self._schema = schema
        self._compiler = Compiler(schema) if compiled else None
        self._rules = [*specified_rules, *([] if introspection else [NoSchemaIntrospectionCustomRule])]
        self._remembered: LRUCache[str, Document] = LRUCache(_REMEMBERED)
        self._asked: LRUCache[tuple[int, str | None, bytes], tuple[Document, _Asked]] = LRUCache(_ASKED)

    def document(self, text: str) -> Document:
        """The document of this text."""
        known = self._remembered.get(text)
        if known is None:
            known = self._read(text)
            # What cannot run is not worth remembering, and what is large would crowd out the many that are small.
            if known.node is not None and len(text) <= _LONGEST_REMEMBERED:
                self._remembered[text] = known
        return known

    async def execute(
        self, document: Document, context: Context, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> dict[str, Any]:
        """The response to one operation: `data` unless it never ran, `errors` if any, and what it cost."""
        if document.node is None:
            return {"errors": [presented(error, context.request_id) for error in document.errors]}
        given = variables or {}
        asked = self._ask(document, given, operation_name)
        if asked.refused:
            return {"errors": [presented(error, context.request_id) for error in asked.refused]}
        result = await executed(
            self._schema,
            document.node,
            asked.prepared,
            context=context,
            variables=given,
            name=operation_name,
        )
        return _response(result, context)

    def _ask(self, document: Document, variables: Mapping[str, Any], name: str | None) -> _Asked:
        text = orjson.dumps(variables)
        if len(text) > _LONGEST_ASKED:
            return self._look_at(document, variables, name)
        key = (id(document), name, text)
        known = self._asked.get(key)
        if known is None:  # with the document, so that no other takes its identity meanwhile
            known = self._asked[key] = (document, self._look_at(document, variables, name))
        return known[1]

    def _look_at(self, document: Document, variables: Mapping[str, Any], name: str | None) -> _Asked:
        operation = document.operation(name)
        if document.node is None or operation is None:  # told by the execution
            return _Asked()
        refused = refusals(self._schema, document.node, operation, variables)
        if refused or self._compiler is None:
            return _Asked(refused)
        return _Asked(prepared=self._compiler.prepare(document.node, document.plans, variables, name))

    def _read(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=_MOST_TOKENS)
        except GraphQLError as error:
            error.extensions = {"code": "GRAPHQL_PARSE_FAILED"}
            return Document(None, (error,))
        excess = excess_of(node)
        if excess is not None:
            return Document(None, (GraphQLError(excess, extensions={"code": "DOCUMENT_LIMIT_EXCEEDED"}),))
        found = validate(self._schema, node, self._rules)
        for invalid in found:
            invalid.extensions = {"code": "GRAPHQL_VALIDATION_FAILED"}
        return Document(None, tuple(found)) if found else Document(node)


def _response(result: ExecutionResult, context: Context) -> dict[str, Any]:
    response: dict[str, Any] = {}
    if result.errors:
        response["errors"] = [presented(error, context.request_id) for error in result.errors]
        if result.data is None and all(error.path is None for error in result.errors):
            return response  # nothing ran: the variables or the operation's name are wrong
    response["data"] = result.data
    log = context.jobs.log
    response["extensions"] = {"cost": {"actualCalls": log.upstream_calls, "cacheHits": log.hits}}
    return response
