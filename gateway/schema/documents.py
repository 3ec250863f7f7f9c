"""Documents: parsed and validated once, remembered by their text, executed any number of times."""

import inspect
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    create_source_event_stream,
    execute,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from gateway.errors import Forbidden, Unauthenticated
from gateway.schema.context import Context, Listening
from gateway.schema.errors import presented
from gateway.schema.limits import excess_of
from gateway.schema.requested import refusals
from gateway.teams import Scope
from gateway.watch import Delivery

_REMEMBERED = 512  # documents; a frontend has some dozens
_LONGEST_REMEMBERED = 16_384  # characters
_MOST_TOKENS = 4_000  # bounds what parsing and validating a hostile document can cost


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text made executable, or the errors that keep it from being so."""

    node: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation of this name, or the only one."""
        return None if self.node is None else get_operation_ast(self.node, name)


class Documents:
    """The documents of one schema."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool) -> None:
        self._schema = schema
        self._rules = [*specified_rules, *([] if introspection else [NoSchemaIntrospectionCustomRule])]
        self._remembered: LRUCache[str, Document] = LRUCache(_REMEMBERED)

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
        errors = self._errors(document, variables, operation_name)
        if errors or document.node is None:
            return _refused(errors, context)
        return await self._executed(document.node, context, variables, operation_name)

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
        errors, node = self._errors(document, variables, operation_name), document.node
        if errors or node is None:
            yield _refused(errors, context)
            return
        source = await self._source(node, context, variables, operation_name)
        if isinstance(source, list):
            yield _refused(source, context)
            return
        told: tuple[object, object] | None = None
        try:
            async with aclosing(source):
                async for delivery in source:
                    fresh = anew(delivery.scope)
                    fresh.jobs.given(delivery.team, delivery.tuning_job_name)
                    response = await self._executed(node, fresh, variables, operation_name, root=delivery.value)
                    before, told = told, (response.get("data"), response.get("errors"))
                    # What else the job tells may have changed, and is not what this listener has selected.
                    if told != before or not delivery.whole:
                        yield response
        except (Unauthenticated, Forbidden):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the listener is told that nothing more will come
            yield _refused([GraphQLError(str(error), original_error=error)], context)

    def _errors(
        self, document: Document, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> list[GraphQLError]:
        """What keeps an operation from running at all."""
        operation = document.operation(operation_name)
        if document.node is None or operation is None:
            return list(document.errors)
        return refusals(self._schema, document.node, operation, variables or {})

    async def _source(
        self, node: DocumentNode, context: Listening, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> AsyncGenerator[Delivery, None] | list[GraphQLError]:
        """What a subscription's field listens to, or why it cannot."""
        executor = Executor.build(
            self._schema,
            node,
            context_value=context,
            raw_variable_values=dict(variables or {}),
            operation_name=operation_name,
        )
        if isinstance(executor, list):
            return executor
        stream = create_source_event_stream(executor)
        source = await stream if inspect.isawaitable(stream) else stream
        if isinstance(source, ExecutionResult):
            return source.errors or []
        return cast("AsyncGenerator[Delivery, None]", source)

    async def _executed(
        self,
        node: DocumentNode,
        context: Context,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        *,
        root: object = None,
    ) -> dict[str, Any]:
        result = execute(
            self._schema,
            node,
            root_value=root,
            context_value=context,
            variable_values=dict(variables or {}),
            operation_name=operation_name,
        )
        return _response(await result if inspect.isawaitable(result) else result, context)

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


def _refused(errors: Iterable[GraphQLError], context: Context) -> dict[str, Any]:
    return {"errors": [presented(error, context.request_id) for error in errors]}


def _response(result: ExecutionResult, context: Context) -> dict[str, Any]:
    response: dict[str, Any] = {}
    if result.errors:
        response["errors"] = [presented(error, context.request_id) for error in result.errors]
        if result.data is None and all(error.path is None for error in result.errors):
            return response  # nothing ran: the variables or the operation's name are wrong
    response["data"] = result.data
    log = context.jobs.log
    response["extensions"] = {"cost": {"actualCalls": log.upstream_calls, "cacheHits": log.hits}}
    if log.stale_since is not None:
        response["extensions"]["freshness"] = {"stale": True, "asOf": log.stale_since.isoformat()}
    return response
