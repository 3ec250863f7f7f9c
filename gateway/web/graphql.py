"""GraphQL over HTTP: POST with JSON, GET for queries, JSON or GraphQL's own media type out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web
from aiohttp.helpers import parse_mimetype
from graphql import OperationType

from gateway.schema import Context, Documents
from gateway.tuning import TuningJobs
from gateway.web.answers import Refusal, as_json
from gateway.web.identify import CALLER, SCOPE
from gateway.web.record import RECORD

_JSON = "application/json"
_GRAPHQL_RESPONSE = "application/graphql-response+json"
_ACCEPTED = {_GRAPHQL_RESPONSE: _GRAPHQL_RESPONSE, _JSON: _JSON, "application/*": _JSON, "*/*": _JSON}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The parameters of a GraphQL request."""

    query: str
    variables: Mapping[str, Any] | None
    operation_name: str | None


class GraphQLOverHttp:
    """The /graphql endpoint."""

    def __init__(self, jobs: TuningJobs, documents: Documents) -> None:
        self._jobs = jobs
        self._documents = documents

    def routes(self) -> list[web.RouteDef]:
        """Where it answers."""
        return [web.post("/graphql", self.post), web.get("/graphql", self.get, allow_head=False)]

    async def post(self, request: web.Request) -> web.Response:
        """An operation in a JSON body."""
        media_type = _negotiated(request)
        if request.content_type != _JSON or (request.charset or "utf-8").lower() != "utf-8":
            raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", f"Send the request as Content-Type: {_JSON}, in UTF-8.")
        return await self._answer(request, _asked(_object(await request.read(), "The body")), media_type)

    async def get(self, request: web.Request) -> web.Response:
        """A query in the URL."""
        media_type = _negotiated(request)
        parameters: dict[str, Any] = dict(request.query)
        for name in ("variables", "extensions"):
            if parameters.get(name):
                parameters[name] = _object(parameters[name], name)
        return await self._answer(request, _asked(parameters), media_type)

    async def _answer(self, request: web.Request, asked: _Asked, media_type: str) -> web.Response:
        document = self._documents.document(asked.query)
        operation = document.operation(asked.operation_name)
        record = request[RECORD]
        if operation is None:
            record.asked("invalid", None)
        else:
            record.asked(operation.operation.value, operation.name.value if operation.name else None)
        if operation is not None and request.method == "GET" and operation.operation is not OperationType.QUERY:
            raise Refusal(
                405, "METHOD_NOT_ALLOWED", "GET is for queries. Send this operation by POST.", {"Allow": "POST"}
            )
        context = Context(request[CALLER], self._jobs.within(request[SCOPE]), record.request_id)
        response = await self._documents.execute(document, context, asked.variables, asked.operation_name)
        record.upstream = context.jobs.log.by_operation
        record.outcome = tuple(error["extensions"]["code"] for error in response.get("errors", ()))
        # JSON's readers have always looked into the body; only GraphQL's own media type gives its status a meaning.
        ran = "data" in response
        return as_json(200 if ran or media_type == _JSON else 400, response, content_type=media_type)


def _negotiated(request: web.Request) -> str:
    """The media type to answer in: the caller's best, or the first of equals."""
    accept = request.headers.get("Accept", "*/*")
    ranked = sorted((_weighed(part) for part in accept.split(",")), key=lambda found: -found[1])
    for media_range, weight in ranked:
        if weight > 0 and media_range in _ACCEPTED:
            return _ACCEPTED[media_range]
    raise Refusal(406, "NOT_ACCEPTABLE", f"This endpoint answers in {_GRAPHQL_RESPONSE} or {_JSON}.")


def _weighed(part: str) -> tuple[str, float]:
    media = parse_mimetype(part.strip())
    try:
        weight = float(media.parameters.get("q", "1"))
    except ValueError:
        weight = 0.0
    return f"{media.type}/{media.subtype}" + (f"+{media.suffix}" if media.suffix else ""), weight


def _object(text: str | bytes, name: str) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refusal(400, "BAD_USER_INPUT", f"{name} must be JSON.") from None
    if not isinstance(value, dict):
        raise Refusal(400, "BAD_USER_INPUT", f"{name} must be a JSON object.")
    return value


def _asked(parameters: Mapping[str, Any]) -> _Asked:
    query = parameters.get("query")
    if not isinstance(query, str) or not query:
        raise Refusal(400, "BAD_USER_INPUT", "query must be a GraphQL document.")
    for name, kind, words in (
        ("variables", dict, "a JSON object"),
        ("operationName", str, "a text"),
        ("extensions", dict, "a JSON object"),
    ):
        if parameters.get(name) is not None and not isinstance(parameters[name], kind):
            raise Refusal(400, "BAD_USER_INPUT", f"{name} must be {words}.")
    return _Asked(query, parameters.get("variables"), parameters.get("operationName"))
