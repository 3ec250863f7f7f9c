"""GraphQL over HTTP: POST with JSON, GET for queries, JSON or GraphQL's own media type out; or a stream of events."""

from functools import partial
from typing import Any

import orjson
from aiohttp import web
from aiohttp.helpers import parse_mimetype
from graphql import OperationType

from gateway.web.answers import Refusal, as_json
from gateway.web.identify import CALLER, SCOPE, Door, is_upgrade
from gateway.web.operation import Asked, Operations, is_subscription
from gateway.web.record import RECORD
from gateway.web.sse import EVENT_STREAM, Streams
from gateway.web.websocket import WebSockets

_JSON = "application/json"
_GRAPHQL_RESPONSE = "application/graphql-response+json"


class GraphQLOverHttp:
    """The /graphql endpoint."""

    def __init__(self, operations: Operations, door: Door, sockets: WebSockets, streams: Streams) -> None:
        self._operations = operations
        self._door = door
        self._sockets = sockets
        self._streams = streams

    def routes(self) -> list[web.RouteDef]:
        """Where it answers."""
        return [web.post("/graphql", self.post), web.get("/graphql", self.get, allow_head=False)]

    async def post(self, request: web.Request) -> web.StreamResponse:
        """An operation in a JSON body."""
        media_type = _negotiated(request)
        if request.content_type != _JSON or (request.charset or "utf-8").lower() != "utf-8":
            raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", f"Send the request as Content-Type: {_JSON}, in UTF-8.")
        return await self._answer(request, _object(await _body(request), "The body"), media_type)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """A query in the URL, or a WebSocket."""
        if is_upgrade(request):
            return await self._sockets.serve(request)
        media_type = _negotiated(request)
        parameters: dict[str, Any] = dict(request.query)
        for name in ("variables", "extensions"):
            if name in parameters:
                parameters[name] = None if parameters[name] in ("", "null") else _object(parameters[name], name)
        return await self._answer(request, parameters, media_type)

    async def _answer(self, request: web.Request, parameters: dict[str, Any], media_type: str) -> web.StreamResponse:
        asked, record = Asked.in_parameters(parameters), request[RECORD]
        document, operation = self._operations.read(asked, record)
        if operation is not None and request.method == "GET" and operation.operation is OperationType.MUTATION:
            allow = {"Allow": "POST"}
            raise Refusal(405, "METHOD_NOT_ALLOWED", "GET is for queries. Send this operation by POST.", allow)
        if media_type == EVENT_STREAM or (is_subscription(operation) and _weight_of_events(request) > 0):
            admitted = partial(self._door.admitted_again, request)
            responses = self._operations.responses(
                asked, document, request[CALLER], request[SCOPE], record, admitted=admitted
            )
            return await self._streams.serve(request, responses)
        response = await self._operations.answer(asked, document, request[CALLER], request[SCOPE], record)
        # JSON's readers have always looked into the body; only GraphQL's own media type gives its status a meaning.
        ran = "data" in response
        return as_json(200 if ran or media_type == _JSON else 400, response, content_type=media_type)


def _negotiated(request: web.Request) -> str:
    """The media type to answer in: the one the caller gives most weight, of equals the one it names first. Events only
    where nothing else will do: clients that could take them name them for every query.
    """
    ranges = _accepted(request)
    best: tuple[float, int, str] | None = None
    for media_type in (_JSON, _GRAPHQL_RESPONSE):  # JSON first: it is what */* has always got
        for wanted in (media_type, "application/*", "*/*"):  # the most specific range decides
            found = [(weight, -place, media_type) for place, (name, weight) in enumerate(ranges) if name == wanted]
            if found:
                best = found[0] if found[0][0] > 0 and (best is None or found[0][:2] > best[:2]) else best
                break
    if best is not None:
        return best[2]
    if _weight_of_events(request) > 0:
        return EVENT_STREAM
    types = f"{_GRAPHQL_RESPONSE}, {_JSON} or {EVENT_STREAM}"
    raise Refusal(406, "NOT_ACCEPTABLE", f"This endpoint answers in {types}.")


def _weight_of_events(request: web.Request) -> float:
    """How welcome a stream of events is: not at all where it is not named."""
    return max((weight for name, weight in _accepted(request) if name == EVENT_STREAM), default=0.0)


def _accepted(request: web.Request) -> list[tuple[str, float]]:
    return [_weighed(part) for part in ",".join(request.headers.getall("Accept", ["*/*"])).split(",")]


def _weighed(part: str) -> tuple[str, float]:
    media = parse_mimetype(part.strip())
    try:
        weight = float(media.parameters.get("q", "1"))
    except ValueError:
        weight = 0.0
    return f"{media.type}/{media.subtype}" + (f"+{media.suffix}" if media.suffix else ""), weight


async def _body(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.RequestPayloadError:
        raise Refusal(400, "BAD_USER_INPUT", "The body cannot be decoded as its Content-Encoding says.") from None


def _object(text: str | bytes, name: str) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refusal(400, "BAD_USER_INPUT", f"{name} must be JSON.") from None
    if not isinstance(value, dict):
        raise Refusal(400, "BAD_USER_INPUT", f"{name} must be a JSON object.")
    return value
