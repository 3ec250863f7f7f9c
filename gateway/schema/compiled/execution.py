"""The door to compiled operations: compiled where they can be, graphql-core's where they cannot."""

from collections.abc import Mapping
from inspect import isawaitable
from typing import Any

import orjson
from cachetools import LRUCache
from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLSchema,
    MiddlewareManager,
    VariableNode,
    Visitor,
    execute,
    visit,
)

from gateway.schema.compiled.outcomes import Outcomes
from gateway.schema.compiled.plan import Plan, planned
from gateway.schema.compiled.prepared import Prepared
from gateway.schema.compiled.running import Running
from gateway.schema.compiled.selection import NotCompiled
from gateway.schema.compiled.written import Written
from gateway.schema.context import Context

_MOST_PLANS = 16  # of one document: its operations, each in the ways that its @skip and @include fall out
_MOST_PREPARED = 2_048  # about 4 kB each
_LONGEST_VARIABLES = 512  # bytes of JSON; longer ones hold cursors, and seldom come again

Variables = Mapping[str, Any] | None


class Plans:
    """What the operations of one document were compiled to."""

    def __init__(self, node: DocumentNode) -> None:
        self.node = node
        self._switches = _switches(node)
        self._plans: LRUCache[tuple[object, ...], Plan | None] = LRUCache(_MOST_PLANS)

    def plan(self, executor: Executor, written: Written) -> Plan | None:
        """The plan of an executor's operation, or None where it is not understood."""
        values = executor.variable_values.coerced
        key = (id(executor.operation), *[values.get(name) for name in self._switches])
        if key not in self._plans:
            try:
                self._plans[key] = planned(executor, written)
            except (NotCompiled, RecursionError):
                self._plans[key] = None
        return self._plans[key]


class CompiledExecution:
    """Executes the operations of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._written = Written()
        self._prepared: LRUCache[tuple[Plans, str | None, bytes], Prepared | None] = LRUCache(_MOST_PREPARED)

    async def execute(self, plans: Plans, context: Context, variables: Variables, name: str | None) -> ExecutionResult:
        """The result of one operation; its data, where compiled, are JSON already."""
        prepared = self._known(plans, variables or {}, name)
        if prepared is None:
            return await stock(self._schema, plans.node, context, variables, name)
        running = Running(prepared, context)
        try:
            return ExecutionResult(orjson.Fragment(orjson.dumps(await running.data())), None)  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001  # graphql-core finds it again, and tells it at its place
            return await stock(self._schema, plans.node, context, variables, name, known=running.outcomes)

    def _known(self, plans: Plans, variables: Mapping[str, Any], name: str | None) -> Prepared | None:
        text = orjson.dumps(variables)
        if len(text) > _LONGEST_VARIABLES:
            return self._prepare(plans, variables, name)
        key = (plans, name, text)
        if key not in self._prepared:
            self._prepared[key] = self._prepare(plans, variables, name)
        return self._prepared[key]

    def _prepare(self, plans: Plans, variables: Mapping[str, Any], name: str | None) -> Prepared | None:
        executor = Executor.build(
            self._schema, plans.node, raw_variable_values=dict(variables), operation_name=name
        )
        if not isinstance(executor, Executor):  # errors, which graphql-core tells
            return None
        plan = plans.plan(executor, self._written)
        return None if plan is None else Prepared(plan, executor)


async def stock(
    schema: GraphQLSchema,
    node: DocumentNode,
    context: Context,
    variables: Variables,
    name: str | None,
    *,
    known: Outcomes | None = None,
) -> ExecutionResult:
    """The result of one operation, as graphql-core gives it; what is known already is not asked again."""
    result = execute(
        schema,
        node,
        context_value=context,
        variable_values=dict(variables or {}),
        operation_name=name,
        middleware=None if known is None else MiddlewareManager(known.again),
    )
    return await result if isawaitable(result) else result


def _switches(node: DocumentNode) -> tuple[str, ...]:
    """The variables that @skip and @include look at."""
    search = _SwitchSearch()
    visit(node, search)
    return tuple(search.names)


class _SwitchSearch(Visitor):
    """Looks for variables in directives."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        for argument in node.arguments:
            if isinstance(argument.value, VariableNode):
                self.names[argument.value.name.value] = None
