"""What bodies ask for, read once: pages ask the same again and again, in the same bytes.

Nothing is decided here: whether what is asked may run, and for whom, is looked at each time.
"""

import orjson
from aiohttp.hdrs import CONTENT_ENCODING
from cachetools import LRUCache

from gateway.web.answers import Refusal
from gateway.web.operation import Asked
from gateway.web.request import CODINGS, Request

_ROOM = 2 * 1024 * 1024  # bytes of bodies; what is read from them takes some times as much
_LONGEST = 16 * 1024  # bytes; longer ones hardly come twice
_READABLE = "in UTF-8, with no number beyond a double's range, and at most 1,024 levels deep"  # what orjson reads


class Bodies:
    """What is known of bodies; those least recently sent go first."""

    def __init__(self) -> None:
        self._known: LRUCache[bytes, tuple[Asked, int]] = LRUCache(_ROOM, getsizeof=lambda known: known[1])

    def asked(self, body: bytes) -> Asked | list[object]:
        """The one operation that is asked for, or what may be several, as they are. Raises Refusal."""
        try:
            return self._known[body][0]
        except KeyError:
            parameters = json_in(body, "The body")
        if isinstance(parameters, list):
            return parameters
        asked = Asked.in_parameters(parameters)
        if len(body) <= _LONGEST:
            self._known[body] = asked, len(body)
        return asked


def json_in(text: str | bytes, name: str) -> object:
    """What a text says. Raises Refusal, by the name of the text."""
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refusal(400, "BAD_USER_INPUT", f"{name} must be JSON, {_READABLE}.") from None
    return value


def is_decodable(request: Request) -> bool:
    """Whether a body is sent as it is, or encoded in a way that is read here."""
    if CONTENT_ENCODING not in request.headers:
        return True
    return ",".join(request.headers.getall(CONTENT_ENCODING)).lower() in ("identity", *CODINGS)


def undecodable() -> Refusal:
    """What a body gets that is encoded in any other way."""
    text = f"Send the body as it is, or with Content-Encoding: {' or '.join(CODINGS)}."
    return Refusal(415, "UNSUPPORTED_MEDIA_TYPE", text, {"Accept-Encoding": ", ".join(CODINGS)})
