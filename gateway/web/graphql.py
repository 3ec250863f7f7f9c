"""GraphQL over HTTP: POST with JSON, GET for queries, JSON or GraphQL's own media type out; or a stream of events."""

from functools import partial
from typing import Any, NamedTuple

from aiohttp import web
from aiohttp.hdrs import CONTENT_ENCODING

from gateway.admission import Door
from gateway.schema import too_much
from gateway.web.answers import Refusal, as_json
from gateway.web.batch import Batches
from gateway.web.bodies import Bodies, is_decodable, json_in, undecodable
from gateway.web.caching import Caching
from gateway.web.identify import admitted_again
from gateway.web.negotiation import EVENT_STREAM, GRAPHQL_RESPONSE, JSON, best_for, is_json, takes_events
from gateway.web.operation import Asked, Operations, is_subscription
from gateway.web.remembered import Place, Responses
from gateway.web.request import Request
from gateway.web.sse import Streams


class Question(NamedTuple):
    """What a request asks for, and how it is to be told."""

    asked: Asked
    place: Place
    """Where its response would be remembered."""
    media_type: str


class GraphQLOverHttp:
    """The /graphql endpoint."""

    def __init__(
        self,
        operations: Operations,
        door: Door,
        *,
        responses: Responses,
        batches: Batches,
        caching: Caching,
        streams: Streams,
    ) -> None:
        self._operations = operations
        self._responses = responses
        self._batches = batches
        self._bodies = Bodies()
        self._caching = caching
        self._door = door
        self._streams = streams

    def question(self, request: Request) -> Question | None:
        """What a POST asks for, where its body has come and asks for one operation: nobody is waited for."""
        body = request.at_hand()
        if body is None:
            return None
        media_type = _negotiated_for_json(request)
        asked = self._bodies.asked(body)
        return None if isinstance(asked, list) else self._question(request, asked, media_type)

    def remembered(self, request: Request, question: Question) -> web.StreamResponse | None:
        """The answer to a question whose response is remembered."""
        media_type = question.media_type
        known = None if media_type == EVENT_STREAM else self._responses.find(question.place)
        if known is None:
            return None
        request.record.found(known.name)
        return self._caching.answer(request, known, known.body, request.caller, media_type)

    async def post(self, request: Request) -> web.StreamResponse:
        """An operation in a JSON body, or several."""
        media_type = _negotiated_for_json(request)
        asked = self._bodies.asked(await _body(request))
        if isinstance(asked, list):
            if media_type == EVENT_STREAM:
                raise Refusal(406, "NOT_ACCEPTABLE", f"A batch is answered in {GRAPHQL_RESPONSE} or {JSON}.")
            answers = await self._batches.answer(asked, request.caller, request.scope, request.record)
            return as_json(200, answers, content_type=media_type)
        return await self._found_or_answer(request, self._question(request, asked, media_type))

    async def get(self, request: Request) -> web.StreamResponse:
        """A query in the URL."""
        media_type = _negotiated(request)
        parameters: dict[str, Any] = dict(request.query)
        for name in ("variables", "extensions"):
            text = parameters.get(name, "")
            parameters[name] = None if text == "" else json_in(text, name)
        asked = Asked.in_parameters(parameters)
        return await self._found_or_answer(request, self._question(request, asked, media_type))

    def _question(self, request: Request, asked: Asked, media_type: str) -> Question:
        text, name, variables = self._operations.text(asked), asked.operation_name, asked.variables_text
        place = Place(text, name, variables, request.scope, request.caller.permissions)
        return Question(asked, place, media_type)

    async def _found_or_answer(self, request: Request, question: Question) -> web.StreamResponse:
        return self.remembered(request, question) or await self.answer(request, question)

    async def answer(self, request: Request, question: Question) -> web.StreamResponse:
        """The answer to a question whose response was looked for in vain."""
        record, (asked, place, media_type) = request.record, question
        document, operation = self._operations.read(place.text, place.operation_name, record)
        if operation is not None and request.method != "POST" and operation.type == "mutation":
            allow = {"Allow": "POST"}
            raise Refusal(405, "METHOD_NOT_ALLOWED", "GET is for queries. Send this operation by POST.", allow)
        if media_type == EVENT_STREAM or (is_subscription(operation) and takes_events(request)):
            admitted = partial(admitted_again, self._door, request)
            responses = self._operations.responses(
                asked, document, request.caller, request.scope, record, admitted=admitted
            )
            return await self._streams.serve(request, responses)
        answered = await self._operations.answered(asked, document, request.caller, request.scope, record)
        response, kept = answered.response, self._responses.keep(place, operation, answered, record.name)
        if kept is not None:
            body = kept.with_extensions(response["extensions"])
            return self._caching.answer(request, kept, body, request.caller, media_type)
        # JSON's readers have always looked into the body; only GraphQL's own media type gives its status a meaning.
        ran, log = "data" in response, answered.log
        asks = operation is not None and operation.type == "query"
        age = {"Age": str(self._caching.age(log.as_of.timestamp()))} if asks and log.entries else None
        return as_json(200 if ran or media_type == JSON else 400, response, content_type=media_type, headers=age)


def _negotiated(request: Request) -> str:
    """The media type to answer in. Events only where nothing else will do: clients that could take them name them for
    every query.
    """
    media_type = best_for(request)
    if media_type is not None:
        return media_type
    if takes_events(request):
        return EVENT_STREAM
    types = f"{GRAPHQL_RESPONSE}, {JSON} or {EVENT_STREAM}"
    raise Refusal(406, "NOT_ACCEPTABLE", f"This endpoint answers in {types}.")


def _negotiated_for_json(request: Request) -> str:
    """The media type to answer a JSON body in."""
    media_type = _negotiated(request)
    if not is_decodable(request):
        raise undecodable()
    if not is_json(request, charset="utf-8"):
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", f"Send the request as Content-Type: {JSON}, in UTF-8.")
    return media_type


async def _body(request: Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        # What is encoded has a length of its own, which may well be within the limit.
        known = request.content_length is not None and CONTENT_ENCODING not in request.headers
        found = f"{request.content_length} bytes" if known else "more"
        text = too_much("The body", request.client_max_size, found, "BODY")
        raise Refusal(413, "DOCUMENT_LIMIT_EXCEEDED", text) from None
    except web.RequestPayloadError:
        raise Refusal(400, "BAD_USER_INPUT", "The body cannot be decoded as its Content-Encoding says.") from None
