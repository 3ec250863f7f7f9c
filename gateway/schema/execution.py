"""One operation executed by graphql-core: where it cannot be compiled, or where anything failed that was."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from inspect import isawaitable
from typing import Any, cast

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

from gateway.schema.compiled import Noted, Outcomes
from gateway.schema.context import Context, Listening
from gateway.schema.limits import MOST_ERRORS
from gateway.watch import Delivery


async def executed(
    schema: GraphQLSchema,
    document: DocumentNode,
    *,
    context: Context,
    variables: Mapping[str, Any],
    name: str | None,
    noted: Sequence[Noted],
    quiet: bool,
    root: object,
) -> ExecutionResult:
    """The result of an operation, of which is `noted` what has been asked for already. `quiet` errors suggest no
    words.
    """
    result = execute(
        schema,
        document,
        root_value=root,
        context_value=context,
        variable_values=dict(variables),
        operation_name=name,
        max_coercion_errors=MOST_ERRORS,
        middleware=MiddlewareManager(Outcomes(noted)) if noted else None,
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
