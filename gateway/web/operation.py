"""One GraphQL operation, whichever way it came: what is asked, checked in form, and the response or responses to it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from gateway.admission import Record
from gateway.capacity import Capacity
from gateway.identity import Caller
from gateway.reads import ReadLog
from gateway.schema import Context, Document, Documents, Library, Limits, Listening, Operation, too_much
from gateway.teams import Scope
from gateway.tuning import Actor, TuningJobs
from gateway.watch import Listener, Watches
from gateway.web.answers import Refusal

_DEEPEST = 254  # levels of JSON, as orjson writes them
_FORMS = (
    ("query", str, "a GraphQL document"),
    ("documentId", str, "a text"),
    ("variables", dict, "a JSON object"),
    ("operationName", str, "a text"),
    ("extensions", dict, "a JSON object"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a GraphQL request."""

    query: str | None
    sha256: str | None
    """The hash of `extensions.persistedQuery`."""
    document_id: str | None
    variables: Mapping[str, Any] | None
    variables_text: bytes
    """As JSON, in one order."""
    operation_name: str | None

    @classmethod
    def in_parameters(cls, parameters: object) -> "Asked":
        """What parameters ask for. Raises Refusal."""
        if not isinstance(parameters, dict):
            raise Refusal(400, "BAD_USER_INPUT", "An operation must be a JSON object.")
        for name, kind, words in _FORMS:
            if parameters.get(name) is not None and not isinstance(parameters[name], kind):
                raise Refusal(400, "BAD_USER_INPUT", f"{name} must be {words}.")
        query, document_id = parameters.get("query") or None, parameters.get("documentId") or None
        sha256 = _hash(parameters.get("extensions") or {})
        if query is None and document_id is None and sha256 is None:
            raise Refusal(400, "BAD_USER_INPUT", "query must be a GraphQL document.")
        operation_name = parameters.get("operationName") or None
        variables = parameters.get("variables")
        return cls(query, sha256, document_id, variables, _text_of(variables or {}), operation_name)


def _text_of(variables: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(variables, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # of what was JSON a moment ago: it reads what is deeper than it writes
        text = f"Variables may be nested at most {_DEEPEST} levels deep; these are nested deeper."
        raise Refusal(400, "DOCUMENT_LIMIT_EXCEEDED", text) from None


def _hash(extensions: Mapping[str, Any]) -> str | None:
    match extensions.get("persistedQuery"):
        case None:
            return None
        case {"version": 1, "sha256Hash": str(sha256)} if sha256:
            return sha256
        case _:
            text = "extensions.persistedQuery must be an object of version 1 and a sha256Hash."
            raise Refusal(400, "BAD_USER_INPUT", text)


@dataclass(slots=True)
class Answered:
    """The response, as GraphQL has it, and what was read for it."""

    response: dict[str, Any]
    log: ReadLog
    data: bytes | None = None
    """The response's data as JSON, where they are that already."""


@dataclass(frozen=True, slots=True)
class Operations:
    """Answers operations. Lives as long as the process."""

    jobs: TuningJobs
    documents: Documents
    library: Library
    limits: Limits
    watches: Watches
    capacity: Capacity

    def text(self, asked: Asked) -> str:
        """The document that is asked for, and may be. Raises Refusal, and what `library` raises."""
        variables = asked.variables_text
        if len(variables) > self.limits.variables:
            text = too_much("Variables", self.limits.variables, f"{len(variables)} bytes", "VARIABLES")
            raise Refusal(400, "DOCUMENT_LIMIT_EXCEEDED", text)
        return self.library.text(asked.query, sha256=asked.sha256, document_id=asked.document_id)

    def read(self, text: str, operation_name: str | None, record: Record) -> tuple[Document, Operation | None]:
        """The document, and the operation in it that is asked for, if there is one."""
        document = self.library.document(text)
        operation = document.operation(operation_name)
        if operation is None:
            record.asked("invalid", None)
        else:
            record.asked(operation.type, operation.name)
        return document, operation

    async def answer(
        self, asked: Asked, document: Document, caller: Caller, scope: Scope, record: Record
    ) -> dict[str, Any]:
        """The response, as GraphQL has it."""
        return (await self.answered(asked, document, caller, scope, record)).response

    async def answered(
        self, asked: Asked, document: Document, caller: Caller, scope: Scope, record: Record
    ) -> Answered:
        """The response, and what was read for it. A subscription has many, and is refused here."""
        if is_subscription(document.operation(asked.operation_name)):
            raise Refusal(406, "NOT_ACCEPTABLE", _STREAMED)
        jobs = self.jobs.within(scope, Actor(caller.subject, caller.permissions, record.request_id))
        context, log = Context(caller, jobs, record.request_id), jobs.log
        try:
            response = await self.documents.execute(document, context, asked.variables, asked.operation_name)
        finally:
            record.read(log)
        record.outcome = _codes(response)
        return Answered(response, log, context.written)

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
            async with self.capacity.held():  # sockets and streams hold no place; what ends by itself does
                response = await self.answer(asked, document, caller, scope, record)
            yield response
            return
        record.outcome = ()
        listen = partial(self.watches.listen, by=Listener(caller.subject, admitted))
        start = Listening(caller, self.jobs.within(scope), record.request_id, listen)
        log = start.jobs.log

        def anew(scope: Scope) -> Context:
            nonlocal log
            jobs = self.jobs.within(scope, at_once=False)
            if log is start.jobs.log:  # what it took to begin is in the first response's cost
                jobs.log.errands.extend(log.errands)
                jobs.log.outcomes.update(log.outcomes)
            else:
                record.read(log)
            log = jobs.log
            return Context(caller, jobs, record.request_id)

        variables, name = asked.variables, asked.operation_name
        try:
            async with aclosing(self.documents.subscribe(document, start, variables, name, anew=anew)) as responses:
                async for response in responses:
                    record.outcome = _codes(response)
                    yield response
        finally:
            record.read(log)


_STREAMED = (
    "A subscription has many answers: ask for it with Accept: text/event-stream, "
    "or over a WebSocket with the subprotocol graphql-transport-ws."
)


def is_subscription(operation: Operation | None) -> bool:
    """Whether an operation has many answers."""
    return operation is not None and operation.type == "subscription"


def _codes(response: Mapping[str, Any]) -> tuple[str, ...]:
    errors = response.get("errors")
    return tuple([error["extensions"]["code"] for error in errors]) if errors else ()
