"""One GraphQL operation, whichever way it came: what is asked, checked in form, and the response to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import OperationDefinitionNode

from gateway.identity import Caller
from gateway.schema import Context, Document, Documents
from gateway.teams import Scope
from gateway.tuning import Actor, TuningJobs
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
        """The response, as GraphQL has it."""
        actor = Actor(caller.subject, caller.permissions, record.request_id)
        context = Context(caller, self.jobs.within(scope, actor), record.request_id)
        response = await self.documents.execute(document, context, asked.variables, asked.operation_name)
        record.upstream = context.jobs.log.by_operation
        record.outcome = tuple(error["extensions"]["code"] for error in response.get("errors", ()))
        return response
