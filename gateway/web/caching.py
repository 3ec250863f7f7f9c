"""What a browser may keep of the answer to a GET, and whether it still has it. Nobody between us and it may keep any.
HEAD is told the same.

An answer may be kept as long as the shortest-lived read in it, and no longer than the credentials last. These are
looked at, and the reads made (from memory, within their lives), before it is said that nothing has changed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from gateway.identity import Caller
from gateway.web.readymade import ReadyMade
from gateway.web.remembered import Kept
from gateway.web.request import Request


@dataclass(frozen=True, slots=True)
class Caching:
    """Adds to answers how old they are, or how long they may be kept.

    `clock` is that of the reads, `wall` that of the credentials.
    """

    clock: Callable[[], float]
    wall: Callable[[], float]

    def answer(self, request: Request, kept: Kept, body: bytes, caller: Caller, media_type: str) -> web.StreamResponse:
        """The answer to a query without errors, or that the caller has it already."""
        content_type = f"{media_type}; charset=utf-8"
        if ReadyMade.can_answer(request):
            return ReadyMade(request, body, content_type=content_type, age=self.age(kept.as_of))
        headers = {"Content-Type": content_type}
        if request.method == "POST":
            return web.Response(body=body, headers=headers | {"Age": str(self.age(kept.as_of))})
        # No Age here: max-age is what is left, and a browser would take the Age from it once more (RFC 9111, 4.2).
        headers |= {
            "ETag": f'W/"{kept.etag}"',  # weak, as it is of the data alone: cost and media type are not in it
            "Cache-Control": f"private, max-age={int(self._life(kept, caller))}",
        }
        # By weak comparison (RFC 9110, 8.8.3.2 and 13.1.2): whatever the caller's tag says of its own strength.
        if any(known.value in ("*", kept.etag) for known in request.if_none_match or ()):
            del headers["Content-Type"]
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers)

    def age(self, as_of: float) -> int:
        """Whole seconds since a moment of the wall clock."""
        return max(int(self.wall() - as_of), 0)

    def _life(self, kept: Kept, caller: Caller) -> float:
        life = max(kept.expires - self.clock(), 0)
        return life if caller.expires is None else max(min(life, caller.expires - self.wall()), 0)
