"""Several operations in one request: an array in, an array of their answers out, in the same order.

Each is an operation of its own: its own reads, cost, errors and line in the log, so that its answer is what it would
have been alone. They run at once, and what two of them read is still read once. Off unless it is set: every limit on an
operation counts as many times as there are operations.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.admission import Record
from gateway.identity import Caller
from gateway.teams import Scope
from gateway.web.answers import Refusal, in_graphql, refusal_for
from gateway.web.operation import Asked, Operations
from gateway.web.remembered import Place, Responses


@dataclass(frozen=True, slots=True)
class Batches:
    """Answers arrays of operations, of at most so many."""

    operations: Operations
    responses: Responses
    most: int

    async def answer(
        self, batch: list[Any], caller: Caller, scope: Scope, record: Record
    ) -> list[dict[str, Any] | orjson.Fragment]:
        """The answers to all operations of a batch. Raises Refusal."""
        self._check(len(batch))
        record.asked("batch", None)
        return list(await asyncio.gather(*[self._answer(each, caller, scope, record) for each in batch]))

    def _check(self, operations: int) -> None:
        if self.most == 0:
            raise Refusal(400, "BAD_USER_INPUT", "Batching is off here (GATEWAY_BATCH): send one operation a request.")
        if not 0 < operations <= self.most:
            text = f"A batch takes 1 to {self.most} operations (GATEWAY_BATCH); this one has {operations}."
            raise Refusal(400, "BAD_USER_INPUT", text)

    async def _answer(
        self, parameters: object, caller: Caller, scope: Scope, whole: Record
    ) -> dict[str, Any] | orjson.Fragment:
        began, record = time.perf_counter(), whole.part()
        record.outcome = ("CANCELLED",)  # until it is known better
        try:
            asked = Asked.in_parameters(parameters)
            return await self._response(asked, caller, scope, record)
        except Exception as error:  # noqa: BLE001  # whatever it is, the others' answers stand
            refusal = refusal_for(error, record.request_id)
            record.outcome = (refusal.code,)
            return in_graphql(refusal)
        finally:
            record.tell(status=200, seconds=time.perf_counter() - began)

    async def _response(
        self, asked: Asked, caller: Caller, scope: Scope, record: Record
    ) -> dict[str, Any] | orjson.Fragment:
        place = Place(
            self.operations.text(asked), asked.operation_name, asked.variables_text, scope, caller.permissions
        )
        known = self.responses.find(place)
        if known is not None:
            record.found(known.name)
            return orjson.Fragment(known.body)
        document, operation = self.operations.read(place.text, place.operation_name, record)
        answered = await self.operations.answered(asked, document, caller, scope, record)
        self.responses.keep(place, operation, answered, record.name)
        return answered.response
