"""One request on the public port, in the order in which it is looked at.

Every answer has a request id and the headers of all, every failure is JSON in GraphQL's form, every request is logged
once. No framework's router and middleware stand here: they would cost a remembered answer more than all the rest of it.
"""

import asyncio
import time
from collections.abc import Sequence

from aiohttp import HttpVersion11, web
from aiohttp.hdrs import EXPECT, METH_GET, METH_HEAD, METH_POST, X_REQUEST_ID

from gateway.admission import Door, Record
from gateway.capacity import Capacity
from gateway.web.answers import Refusal, answered, refusal_for
from gateway.web.gate import Gate
from gateway.web.graphql import GraphQLOverHttp
from gateway.web.headers import complete
from gateway.web.identify import identify, is_upgrade, recognised
from gateway.web.negotiation import JSON, best_for
from gateway.web.readymade import ReadyMade
from gateway.web.request import Request
from gateway.web.sse import Streams
from gateway.web.websocket import WebSockets

_HUNG_UP = 499  # nginx's word for it; nobody receives it


class Front:
    """Answers every request, whatever it asks for."""

    def __init__(
        self,
        gates: Sequence[Gate],
        *,
        capacity: Capacity,
        door: Door,
        graphql: GraphQLOverHttp,
        sockets: WebSockets,
        streams: Streams,
    ) -> None:
        self._gates = gates
        self._capacity = capacity
        self._door = door
        self._graphql = graphql
        self._sockets = sockets
        self._streams = streams

    async def answer(self, request: Request) -> web.StreamResponse:
        """The answer: with its id, failures in their form, and the log's line written."""
        began = time.perf_counter()
        headers = request.headers
        record = request.record = Record.began(headers.getall(X_REQUEST_ID, ()), headers.get)
        try:
            response = await self._answered(request)
        except asyncio.CancelledError:  # the caller has hung up; what was done for it is told all the same
            record.outcome = ("CANCELLED",)
            record.tell(status=_HUNG_UP, seconds=time.perf_counter() - began)
            raise
        except Exception as error:  # noqa: BLE001  # the outermost: whatever it is, the caller gets JSON
            refusal = refusal_for(error, record.request_id)
            record.outcome = (refusal.code,)
            response = answered(refusal, best_for(request) or JSON)
        if not response.prepared:  # sockets and streams were completed before they began
            complete(request, response)
        if self._capacity.leaving:
            response.force_close()  # and says so: whoever asks again does it on a connection elsewhere
        size = response.size if isinstance(response, ReadyMade) else response.content_length or 0
        record.tell(status=response.status, seconds=time.perf_counter() - began, size=size)
        return response

    async def close(self) -> None:
        """End what would never end by itself."""
        await self._sockets.close()
        self._streams.close()

    async def _answered(self, request: Request) -> web.StreamResponse:
        if EXPECT in request.headers:
            await _let_go_on(request)
        for gate in self._gates:
            response = gate(request)
            if response is not None:
                return response
        if request.method == METH_GET and is_upgrade(request):  # its credentials come when it is open
            return await self._sockets.serve(request)
        known, question = recognised(self._door, request), None
        if known and request.method == METH_POST and request.path == "/graphql":
            question = self._graphql.question(request)
            remembered = None if question is None else self._graphql.remembered(request, question)
            if remembered is not None:
                return remembered
        async with self._capacity.held():
            if not known:
                await identify(self._door, request)
            if question is not None:
                return await self._graphql.answer(request, question)
            return await self._looked_into(request)

    async def _looked_into(self, request: Request) -> web.StreamResponse:
        if request.path != "/graphql":
            raise Refusal(404, "BAD_USER_INPUT", "Not Found. The API is at /graphql.")
        if request.method == METH_POST:
            return await self._graphql.post(request)
        if request.method in (METH_GET, METH_HEAD):  # aiohttp leaves the body out where only the head is wanted
            return await self._graphql.get(request)
        text = "Method Not Allowed. The API is at /graphql."
        raise Refusal(405, "METHOD_NOT_ALLOWED", text, {"Allow": "GET,HEAD,POST"})


async def _let_go_on(request: Request) -> None:
    """Ask for the body of a caller who waits to be asked (RFC 9110, 10.1.1)."""
    if request.version == HttpVersion11:
        if request.headers[EXPECT].lower() != "100-continue":
            raise Refusal(417, "BAD_USER_INPUT", "Expect takes 100-continue, and nothing else.")
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # by which is told whether the answer has begun
