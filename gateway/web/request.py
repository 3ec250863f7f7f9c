"""A request, and what becomes known of it on its way. Typed attributes, where aiohttp would keep a dictionary."""

from aiohttp import web

from gateway.admission import Record
from gateway.identity import Caller
from gateway.teams import Scope


class Request(web.BaseRequest):
    """A request on the public port."""

    record: Record
    """What the log will say of it."""
    caller: Caller
    """Who asks, once that is known."""
    scope: Scope
    """The teams whose jobs may be read for it."""
    allowed_origin: str | None = None
    """Where the page is from that asks, if it may read the answer."""

    def at_hand(self) -> bytes | None:
        """The body, where all of it has come by now and may be read; `read` tells what is wrong with any other."""
        content = self.content
        if self._read_bytes is None and content.is_eof() and content.exception() is None:
            if content.total_bytes > self.client_max_size:
                return None
            self._read_bytes = content.read_nowait()
        return self._read_bytes
