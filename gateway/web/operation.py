"""One GraphQL operation, whichever way it came: what is asked, checked in form, and the response or responses to it."""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import OperationDefinitionNode, OperationType

from gateway.identity import Caller
from gateway.schema import Context, Document, Documents, Listening
from gateway.teams import Scope
from gateway.tuning import TuningJobs
from gateway.watch import Listener, Watches
from gateway.web.answers import Refusal
from gateway.web.record import Record

_FORMS = (("variables", dict, "a JSON object"), ("operationName", str, "a text"), ("extensions", dict, "a JSON object"))


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a GraphQL request."""

    query: str
    variables: Mapping[str, Any] | None
    operation_name: str | None

    @classmethod
    def in_parameters(cls, parameters: Mapping[str, Any]) -> "Asked":
        """What parameters ask for. Raises Refusal."""
        query = parameters.get("query")
        if not isinstance(query, str) or not query:
            raise Refusal(400, "BAD_USER_INPUT", "query must be a GraphQL document.")
        for name, kind, words in _FORMS:
            if parameters.get(name) is not None and not isinstance(parameters[name], kind):
                raise Refusal(400, "BAD_USER_INPUT", f"{name} must be {words}.")
        return cls(query, parameters.get("variables"), parameters.get("operationName") or None)


@dataclass(frozen=True, slots=True)
class Operations:
    """Answers operations. Lives as long as the process."""

    jobs: TuningJobs
    documents: Documents
    watches: Watches

    def read(self, asked: Asked, record: Record) -> tuple[Document, OperationDefinitionNode | None]:
        """The document, and the operation in it that is asked for, if there is one."""
        document = self.documents.document(asked.query)
        operation = document.operation(asked.operation_name)
        if operation is None:
            record.asked("invalid", None)
        else:
            record.asked(operation.operation.value, operation.name.value if operation.name else None)
        return document, operation

    async def answer(
        self, asked: Asked, document: Document, caller: Caller, scope: Scope, record: Record
    ) -> dict[str, Any]:
        """The response, as GraphQL has it. A subscription has many, and is refused here."""
        if is_subscription(document.operation(asked.operation_name)):
            raise Refusal(406, "NOT_ACCEPTABLE", _STREAMED)
        context = Context(caller, self.jobs.within(scope), record.request_id)
        response = await self.documents.execute(document, context, asked.variables, asked.operation_name)
        record.upstream = context.jobs.log.by_operation
        record.outcome = _codes(response)
        return response

    async def responses(
        self,
        asked: Asked,
        document: Document,
        caller: Caller,
        scope: Scope,
        record: Record,
        *,
        admitted: Callable[[], Awaitable[Scope]],
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The response, or those of a subscription for as long as it is heard; one without `data` is the last.

        `admitted` judges the caller's credentials again: raises Unauthenticated or Forbidden once they open nothing.
        """
        if not is_subscription(document.operation(asked.operation_name)):
            yield await self.answer(asked, document, caller, scope, record)
            return
        record.outcome = ()
        listen = partial(self.watches.listen, by=Listener(caller.subject, admitted))
        start = Listening(caller, self.jobs.within(scope), record.request_id, listen)
        log, spent = start.jobs.log, Counter[str]()

        def anew(scope: Scope) -> Context:
            nonlocal log
            jobs = self.jobs.within(scope, at_once=False)
            if log is start.jobs.log:  # what it took to begin is in the first response's cost
                jobs.log.errands.extend(log.errands)
            else:
                spent.update(log.by_operation)
            log = jobs.log
            return Context(caller, jobs, record.request_id)

        variables, name = asked.variables, asked.operation_name
        try:
            async with aclosing(self.documents.subscribe(document, start, variables, name, anew=anew)) as responses:
                async for response in responses:
                    record.outcome = _codes(response)
                    yield response
        finally:
            record.upstream = spent + Counter(log.by_operation)


_STREAMED = (
    "A subscription has many answers: ask for it with Accept: text/event-stream, "
    "or over a WebSocket with the subprotocol graphql-transport-ws."
)


def is_subscription(operation: OperationDefinitionNode | None) -> bool:
    """Whether an operation has many answers."""
    return operation is not None and operation.operation is OperationType.SUBSCRIPTION


def _codes(response: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(error["extensions"]["code"] for error in response.get("errors", ()))
