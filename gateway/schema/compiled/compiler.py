"""From a document and variables to what can be run: a document keeps the plans of its operations, one for each way in
which their @skip and @include fall out.
"""

from collections.abc import Mapping
from typing import Any

from cachetools import LRUCache
from graphql import DirectiveNode, DocumentNode, Executor, GraphQLError, GraphQLSchema, VariableNode, Visitor, visit

from gateway.schema.compiled.plan import Plan, planned
from gateway.schema.compiled.prepared import Prepared
from gateway.schema.compiled.selection import NotCompiled
from gateway.schema.compiled.written import Written

_MOST_PLANS = 16  # of one document: its operations, each in the ways that its @skip and @include fall out


class Plans:
    """What the operations of one document were compiled to. None: they are graphql-core's."""

    def __init__(self) -> None:
        self.switches: tuple[str, ...] | None = None
        """The variables that the document's @skip and @include look at, once they were looked for."""
        self.known: LRUCache[tuple[object, ...], Plan | None] = LRUCache(_MOST_PLANS)


class Compiler:
    """Compiles operations of one schema, and keeps what was written by them."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._written = Written()

    def prepare(
        self, document: DocumentNode, plans: Plans, variables: Mapping[str, Any], name: str | None
    ) -> Prepared | None:
        """An operation and its variables ready to run, or None where they are graphql-core's affair."""
        executor = Executor.build(
            self._schema,
            document,
            raw_variable_values=dict(variables),
            operation_name=name,
            max_coercion_errors=1,  # it is only asked whether there are any
        )
        if isinstance(executor, list):  # errors, which graphql-core tells
            return None
        del executor.async_helpers  # it executes nothing here, and they refer to it: only the collector would free it
        plan = self._plan(document, plans, executor)
        if plan is None:
            return None
        return Prepared(
            plan, executor.schema, executor.operation, executor.fragment_definitions, executor.variable_values
        )

    def _plan(self, document: DocumentNode, plans: Plans, executor: Executor[Any]) -> Plan | None:
        if plans.switches is None:
            plans.switches = _switches(document)
        values = executor.variable_values.coerced
        key = (id(executor.operation), *[values.get(name) for name in plans.switches])
        if key not in plans.known:
            try:
                plans.known[key] = planned(executor, self._written)
            except (NotCompiled, GraphQLError, RecursionError):  # an error is told by the execution, at its path
                plans.known[key] = None
        return plans.known[key]


def _switches(document: DocumentNode) -> tuple[str, ...]:
    """The variables that @skip and @include look at."""
    search = _SwitchSearch()
    visit(document, search)
    return tuple(search.names)


class _SwitchSearch(Visitor):
    """Looks for variables in directives."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names[argument.value.name.value] = None
