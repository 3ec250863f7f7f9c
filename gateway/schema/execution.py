"""One operation executed: compiled where it can be, by graphql-core where it cannot or where anything fails."""

from collections.abc import Mapping
from inspect import isawaitable
from typing import Any, cast

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, MiddlewareManager, execute

from gateway.schema.compiled import Prepared, Running
from gateway.schema.context import Context


async def executed(
    schema: GraphQLSchema,
    document: DocumentNode,
    prepared: Prepared | None,
    *,
    context: Context,
    variables: Mapping[str, Any],
    name: str | None,
    quiet: bool,
) -> ExecutionResult:
    """The result of an operation. The data of a compiled one are JSON already. `quiet` errors suggest no words."""
    middleware = None
    if prepared is not None:
        running = Running(prepared, context)
        try:
            data = orjson.Fragment(orjson.dumps(await running.data()))
            return ExecutionResult(cast("dict[str, Any]", data))
        except Exception:  # noqa: BLE001  # whatever it is, graphql-core finds it again and tells it at its place
            middleware = MiddlewareManager(running.outcomes)
    result = execute(
        schema,
        document,
        context_value=context,
        variable_values=dict(variables),
        operation_name=name,
        middleware=middleware,
        hide_suggestions=quiet,
    )
    return await result if isawaitable(result) else result
