"""An answer that is bytes already. For any other, aiohttp makes a dictionary of headers and writes it out: as much work
as all the rest that a remembered answer takes.
"""

from functools import lru_cache

from aiohttp import HttpVersion11, web
from aiohttp.helpers import rfc822_formatted_time

from gateway.web.headers import mark
from gateway.web.request import Request


class ReadyMade(web.StreamResponse):
    """A POST's answer by HTTP/1.1, whole and complete with its headers."""

    # Not what StreamResponse begins with: the dictionaries that this is here to do without.
    def __init__(self, request: Request, body: bytes, *, content_type: str, age: int) -> None:
        self._status = 200
        self._keep_alive = request.keep_alive
        self._whole = body
        self._head = b"%bContent-Length: %d\r\nDate: %b\r\nX-Request-Id: %b\r\nAge: %d\r\n" % (
            _lines(content_type, request.allowed_origin),
            len(body),
            rfc822_formatted_time().encode(),
            request.record.request_id.encode(),
            age,
        )

    @staticmethod
    def can_answer(request: Request) -> bool:
        """Whether the request is such that this is its answer."""
        return request.method == "POST" and request.version == HttpVersion11

    @property
    def prepared(self) -> bool:
        """Nothing can be added to it, but that it is the last on its connection."""
        return True

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self._whole)

    async def prepare(self, request: web.BaseRequest) -> None:
        """Send it. Raises ConnectionError."""
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the caller has hung up")
        end = b"\r\n" if self._keep_alive else b"Connection: close\r\n\r\n"
        transport.writelines((self._head, end, self._whole))
        await request.writer.drain()

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to send."""


@lru_cache(64)
def _lines(content_type: str, allowed_origin: str | None) -> bytes:
    """The status, and the headers that are always the same."""
    headers = {"Content-Type": content_type}
    mark(headers, "", allowed_origin)
    del headers["X-Request-Id"]
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return "".join(["HTTP/1.1 200 OK\r\n", *lines]).encode()
