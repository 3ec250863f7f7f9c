"""The media type of an answer: the one the caller likes best of those we speak."""

from functools import lru_cache

from aiohttp.hdrs import ACCEPT, CONTENT_TYPE
from aiohttp.helpers import parse_content_type, parse_mimetype

from gateway.web.request import Request

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"
_ANYTHING = ("*/*",)
_REMEMBERED = 128  # headers; each kind of client sends one of its own


def best_for(request: Request) -> str | None:
    """The media type the caller gives most weight, of equals the one it names first; None if it takes neither."""
    return _best(_accept(request))


@lru_cache(_REMEMBERED)
def _best(accept: str) -> str | None:
    ranges = _accepted(accept)
    best: tuple[float, int, str] | None = None
    for media_type in (JSON, GRAPHQL_RESPONSE):  # JSON first: it is what */* has always got
        for wanted in (media_type, "application/*", "*/*"):  # the most specific range decides
            found = [(weight, -place, media_type) for place, (name, weight) in enumerate(ranges) if name == wanted]
            if found:
                best = found[0] if found[0][0] > 0 and (best is None or found[0][:2] > best[:2]) else best
                break
    return None if best is None else best[2]


def takes_events(request: Request) -> bool:
    """Whether the caller names a stream of events among what it takes."""
    return any(name == EVENT_STREAM and weight > 0 for name, weight in _accepted(_accept(request)))


def is_json(request: Request, *, charset: str | None = None) -> bool:
    """Whether the body is said to be JSON, and where it matters in this charset, which is also what none means."""
    return _is_json(request.headers.get(CONTENT_TYPE, ""), charset)


@lru_cache(_REMEMBERED)
def _is_json(content_type: str, charset: str | None) -> bool:
    name, parameters = parse_content_type(content_type)
    return name == JSON and charset in {None, parameters.get("charset", "utf-8").lower()}


def _accept(request: Request) -> str:
    return ",".join(request.headers.getall(ACCEPT, _ANYTHING))


def _accepted(accept: str) -> list[tuple[str, float]]:
    return [_weighed(part) for part in accept.split(",")]


def _weighed(part: str) -> tuple[str, float]:
    media = parse_mimetype(part.strip())
    try:
        weight = float(media.parameters.get("q", "1"))
    except ValueError:
        weight = 0.0
    return f"{media.type}/{media.subtype}" + (f"+{media.suffix}" if media.suffix else ""), weight
