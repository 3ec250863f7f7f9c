"""A request's place among those in hand, and its deadline: before anything is looked up or read for it.

What turns out to have no end of its own gives its place back when that shows. How many there may be of that is counted
here too: connections are bounded, and the last fifth of them is kept for plain requests.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from gateway import telemetry
from gateway.capacity import Capacity
from gateway.errors import Overloaded
from gateway.web.identify import is_upgrade


def shedding(capacity: Capacity) -> Middleware:
    """A middleware that lets so many pass at once, each for so long; a WebSocket always, since it is bounded itself."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_upgrade(request):
            return await handler(request)
        async with capacity.held():
            response = await handler(request)
        if capacity.leaving and not response.prepared:
            response.force_close()  # says so in a header: whoever asks again does it on another connection
        return response

    return middleware


class Lasting:
    """The sockets and event streams that are open: so many at most."""

    def __init__(self, connections: int) -> None:
        self._most = max(connections * 4 // 5, 1)
        self._open = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """One more, for as long as the context lasts. Raises Overloaded."""
        if self._open >= self._most:
            telemetry.request_shed("lasting")
            raise Overloaded("As many sockets and event streams are open here as can be. Come again in a moment.")
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
