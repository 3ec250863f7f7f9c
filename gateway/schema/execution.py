"""One operation executed: compiled where it can be, by graphql-core where it cannot or where anything fails."""

from collections.abc import AsyncGenerator, Mapping
from inspect import isawaitable
from typing import Any, cast

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    MiddlewareManager,
    create_source_event_stream,
    execute,
)

from gateway.schema.compiled import Outcomes, Prepared, Running
from gateway.schema.context import Context, Listening
from gateway.schema.limits import MOST_ERRORS
from gateway.watch import Delivery


async def executed(
    schema: GraphQLSchema,
    document: DocumentNode,
    prepared: Prepared | None,
    *,
    context: Context,
    variables: Mapping[str, Any],
    name: str | None,
    quiet: bool,
    root: object = None,
) -> ExecutionResult:
    """The result of an operation. The data of a compiled one are JSON already. `quiet` errors suggest no words."""
    middleware = None
    if prepared is not None:
        running = Running(prepared, context)
        try:
            context.written = orjson.dumps(await running.data())
            data: Any = orjson.Fragment(context.written)
            return ExecutionResult(data)
        except Exception:  # noqa: BLE001  # whatever it is, graphql-core finds it again and tells it at its place
            middleware = MiddlewareManager(Outcomes(running.noted))
    result = execute(
        schema,
        document,
        root_value=root,
        context_value=context,
        variable_values=dict(variables),
        operation_name=name,
        max_coercion_errors=MOST_ERRORS,
        middleware=middleware,
        hide_suggestions=quiet,
    )
    return await result if isawaitable(result) else result


async def listened(
    schema: GraphQLSchema, document: DocumentNode, *, context: Listening, variables: Mapping[str, Any], name: str | None
) -> AsyncGenerator[Delivery, None] | list[GraphQLError]:
    """What a subscription's field listens to, or why it cannot."""
    executor = Executor.build(
        schema,
        document,
        context_value=context,
        raw_variable_values=dict(variables),
        operation_name=name,
        max_coercion_errors=MOST_ERRORS,
    )
    if isinstance(executor, list):
        return executor
    stream = create_source_event_stream(executor)
    source = await stream if isawaitable(stream) else stream
    if isinstance(source, ExecutionResult):
        return source.errors or []
    return cast("AsyncGenerator[Delivery, None]", source)
