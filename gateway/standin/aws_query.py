"""The AWS query protocol, which STS speaks: a form in, XML out, and other codes for the common errors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from aiohttp import web
from botocore.model import Shape, StructureShape

from gateway.standin.failures import RefusedError, unknown_action, unreadable
from gateway.standin.service import ServiceShapes

CONTENT_TYPE = "application/x-www-form-urlencoded"
ACTIONS = ("AssumeRole",)
VERSION = "2011-06-15"
NAMESPACE = f"https://sts.amazonaws.com/doc/{VERSION}/"

_CODES: Mapping[str, str] = {
    "AccessDeniedException": "AccessDenied",
    "ExpiredTokenException": "ExpiredToken",
    "IncompleteSignatureException": "IncompleteSignature",
    "MissingAuthenticationTokenException": "MissingAuthenticationToken",
    "SerializationException": "MalformedInput",
    "ThrottlingException": "Throttling",
    "UnrecognizedClientException": "InvalidClientTokenId",
    "ValidationException": "ValidationError",
}
"""What the query protocol calls the errors common to all of AWS; whatever is not here keeps its code."""

_FORBIDDEN = frozenset({"AccessDenied", "ExpiredToken", "InvalidClientTokenId", "MissingAuthenticationToken"})


class AwsQuery:
    """Reads calls and writes answers, both by the shapes of the model."""

    def __init__(self, shapes: ServiceShapes) -> None:
        self._shapes = shapes

    def read(self, _: Mapping[str, str], body: bytes) -> tuple[str, dict[str, Any]]:
        """The action's name and its arguments; those of an action that is not served stay unread."""
        form = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        action, version = form.get("Action", ""), form.get("Version", "")
        if action not in ACTIONS or version != VERSION:
            raise unknown_action(action, version)
        shape = self._shapes.input_shape(action)
        members = shape.members if shape is not None else {}
        return action, {name: _read(members[name], value) for name, value in form.items() if name in members}

    def answer(self, operation: str, answer: dict[str, Any]) -> web.Response:
        """The answer to a call that went well."""
        shape = self._shapes.output_shape(operation)
        result = "" if shape is None else _element(f"{operation}Result", _written(shape, answer))
        request = str(uuid4())
        metadata = _element("ResponseMetadata", _element("RequestId", request))
        return _response(200, f"{operation}Response", result + metadata, request)

    def refusal(self, refusal: RefusedError) -> web.Response:
        """The answer to a call that did not."""
        code = _CODES.get(refusal.code, refusal.code)
        status = 403 if code in _FORBIDDEN else refusal.status
        whose = "Sender" if status < 500 else "Receiver"  # noqa: PLR2004 - the first status that is the server's fault
        told = (("Type", whose), ("Code", code), ("Message", refusal.message))
        error = _element("Error", "".join(_element(name, _text(value)) for name, value in told))
        request = str(uuid4())
        return _response(status, "ErrorResponse", error + _element("RequestId", request), request)


def _read(shape: Shape, value: str) -> str | int:
    if shape.type_name != "integer":
        return value
    try:
        return int(value)
    except ValueError as error:
        raise unreadable(f"{value} is no integer") from error


def _written(shape: Shape, value: Any) -> str:  # noqa: ANN401 - of the shape's type
    """What stands between the tags."""
    if isinstance(shape, StructureShape):
        return "".join(_element(name, _written(shape.members[name], inner)) for name, inner in value.items())
    if shape.type_name == "timestamp":
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _text(str(value))


def _text(value: str) -> str:
    """Escaped, and without the control characters XML cannot carry."""
    return escape("".join(each for each in value if each.isprintable()), quote=False)


def _element(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def _response(status: int, root: str, content: str, request: str) -> web.Response:
    document = f'<{root} xmlns="{NAMESPACE}">{content}</{root}>'
    return web.Response(
        status=status,
        body=document.encode(),
        content_type="text/xml",
        headers={"x-amzn-RequestId": request},
    )
