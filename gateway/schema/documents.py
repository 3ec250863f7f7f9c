"""Documents: parsed and validated once, remembered by their text, executed any number of times."""

import sys
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from cachetools import LRUCache
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    parse,
    specified_rules,
    validate,
)

from gateway import telemetry
from gateway.errors import CostLimitExceeded, Forbidden, Unauthenticated
from gateway.schema import cost
from gateway.schema.asked import Asked, Asking
from gateway.schema.compiled import Noted, Plans, Running
from gateway.schema.context import Context, Listening
from gateway.schema.deprecated import deprecated_in
from gateway.schema.errors import presented
from gateway.schema.execution import executed, listened
from gateway.schema.limits import MOST_ERRORS, Limits, excess_of, tokens_of, unreadable
from gateway.schema.operations import Operation, operations_in
from gateway.teams import Scope

_ROOM = 32 * 1024 * 1024  # bytes of documents: hundreds of a frontend's, which has some dozens
# Bytes that a document takes with what it was compiled to, as measured of small ones and large: text is held by its
# strings and comments once more.
_OF_A_DOCUMENT, _OF_A_TOKEN, _OF_A_TEXT = 10_000, 1_600, 2


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text made executable, or the errors that keep it from being so."""

    node: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    plans: Plans = field(default_factory=Plans, compare=False)
    """What its operations were compiled to."""
    deprecated: tuple[str, ...] = ()
    """What is deprecated in it."""
    operations: Mapping[str | None, Operation] = field(default_factory=dict, compare=False)
    """By their names; under None the only one."""

    def operation(self, name: str | None) -> Operation | None:
        """The operation of this name, or the only one."""
        return self.operations.get(name)


class Documents:
    """The documents of one schema, whose operations are `compiled` where they can be."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool, limits: Limits, compiled: bool = True) -> None:
        self._schema = schema
        self._limits = limits
        self._quiet = not introspection  # else a misspelt word would be told the right ones, and so the schema
        self._rules = [*specified_rules, *([] if introspection else [NoSchemaIntrospectionCustomRule])]
        self._remembered: LRUCache[str, Document] = LRUCache(_ROOM, getsizeof=_size)
        self._asking = Asking(schema, compiled=compiled)

    def document(self, text: str) -> Document:
        """The document of this text."""
        try:
            return self._remembered[text]
        except KeyError:
            document = self._read(text)
        # What cannot run is not worth remembering.
        if document.node is not None and _size(document) <= _ROOM:
            self._remembered[text] = document
        return document

    def execute(
        self, document: Document, context: Context, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> Coroutine[Any, Any, dict[str, Any]]:
        """The response to one operation: `data` unless it never ran, `errors` if any, and what it cost."""
        given, node = variables or {}, document.node
        if node is None:
            return _at_once(_not_run(document.errors, context))
        asked = self._asking.asked(node, document.plans, given, operation_name)
        if asked.refused:
            return _at_once(_not_run(asked.refused, context))
        if document.deprecated:
            _note(document)
        return self._executed(node, asked, context, given, operation_name)

    async def subscribe(
        self,
        document: Document,
        context: Listening,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        *,
        anew: Callable[[Scope], Context],
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The responses to a subscription, each executed in a context of its own, which `anew` makes; one without
        `data` is the last. Raises Unauthenticated or Forbidden when the caller's credentials open nothing any more.
        """
        given, node = variables or {}, document.node
        if node is None:
            yield _not_run(document.errors, context)
            return
        asked = self._asking.asked(node, document.plans, given, operation_name)
        if asked.refused:
            yield _not_run(asked.refused, context)
            return
        _note(document)
        try:
            begun = context.jobs.begun(asked.plan)
        except CostLimitExceeded as error:
            yield _too_dear(error, context)
            return
        source = await listened(self._schema, node, context=context, variables=given, name=operation_name)
        if isinstance(source, list):
            yield _not_run(source, context, cost.extensions(context.jobs.log, begun))
            return
        told: tuple[object, object] | None = None
        try:
            async with aclosing(source):
                async for delivery in source:
                    fresh = anew(delivery.scope)
                    fresh.jobs.given(delivery.team, delivery.tuning_job_name)
                    plan = asked.plan.telling(delivery.team.name, delivery.size, begun=begun)
                    telling, begun = replace(asked, plan=plan), 0  # which is in the first response
                    response = await self._executed(node, telling, fresh, given, operation_name, root=delivery.value)
                    before, told = told, (response.get("data"), response.get("errors"))
                    # What else the job tells may have changed, and is not what this listener has selected.
                    if told != before or not delivery.whole:
                        yield response
                    if "data" not in response:
                        return
        except (Unauthenticated, Forbidden):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the listener is told that nothing more will come
            paid = cost.FREE if told else cost.extensions(context.jobs.log, begun)  # what began it is told once
            yield _not_run([GraphQLError(str(error), original_error=error)], context, paid)

    async def _executed(
        self,
        node: DocumentNode,
        asked: Asked,
        context: Context,
        variables: Mapping[str, Any],
        name: str | None,
        *,
        root: object = None,
    ) -> dict[str, Any]:
        """The response to an operation that may run, if it does not cost too much."""
        try:
            estimated = context.jobs.admitted(asked.plan)
        except CostLimitExceeded as error:
            return _too_dear(error, context)
        noted: Sequence[Noted] = ()
        if asked.prepared is not None:
            running = Running(asked.prepared, context)
            try:
                data, later = running.begun()
                if later is not None:
                    await later
                context.written = orjson.dumps(data)
            except Exception:  # noqa: BLE001  # whatever it is, graphql-core finds it again and tells it at its place
                noted = running.noted
            else:
                return _response(orjson.Fragment(context.written), (), context, estimated)
        result = await executed(
            self._schema,
            node,
            context=context,
            variables=variables,
            name=name,
            noted=noted,
            quiet=self._quiet,
            root=root,
        )
        return _response(result.data, result.errors or (), context, estimated)

    def _read(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=self._limits.tokens)
        except GraphQLError as error:
            excess = unreadable(error, self._limits)
            if excess is not None:
                return _refused(excess)
            error.extensions = {"code": "GRAPHQL_PARSE_FAILED"}
            return Document(None, (error,))
        excess = excess_of(node, self._limits)
        if excess is not None:
            return _refused(excess)
        found = validate(self._schema, node, self._rules, MOST_ERRORS, hide_suggestions=self._quiet)
        for invalid in found:
            invalid.extensions = {"code": "GRAPHQL_VALIDATION_FAILED"}
        return Document(None, tuple(found)) if found else self._executable(node)

    def _executable(self, node: DocumentNode) -> Document:
        return Document(node, deprecated=deprecated_in(self._schema, node), operations=operations_in(node))


def _size(document: Document) -> int:
    node = document.node
    if node is None or node.loc is None:  # none is remembered that is such
        return 0
    tokens = sum(1 for _ in tokens_of(node))  # comments too, which the parser's own count leaves out
    return _OF_A_DOCUMENT + _OF_A_TOKEN * tokens + _OF_A_TEXT * sys.getsizeof(node.loc.source.body)


async def _at_once(response: dict[str, Any]) -> dict[str, Any]:
    return response


def _note(document: Document) -> None:
    for name in document.deprecated:
        telemetry.deprecated_used(name)


def _refused(excess: str) -> Document:
    return Document(None, (GraphQLError(excess, extensions={"code": "DOCUMENT_LIMIT_EXCEEDED"}),))


def _not_run(errors: Iterable[GraphQLError], context: Context, beside: Mapping[str, Any] = cost.FREE) -> dict[str, Any]:
    return {"errors": [presented(error, context.request_id) for error in errors], "extensions": beside}


def _too_dear(error: CostLimitExceeded, context: Context) -> dict[str, Any]:
    refusal = GraphQLError(str(error), original_error=error)
    return _not_run([refusal], context, cost.extensions(context.jobs.log, error.estimated_calls))


def _response(data: object, failed: Sequence[GraphQLError], context: Context, estimated: int) -> dict[str, Any]:
    beside = cost.extensions(context.jobs.log, estimated)
    if not failed and not context.interruptions:
        return {"data": data, "extensions": beside}
    errors = [*failed, *context.interruptions]
    response: dict[str, Any] = {"errors": [presented(error, context.request_id) for error in errors]}
    if data is not None or any(error.path is not None for error in errors):
        response["data"] = data  # else it did not run: the variables or the operation's name are wrong
    return response | {"extensions": beside}
