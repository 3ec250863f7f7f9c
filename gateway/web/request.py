"""A request, and what becomes known of it on its way. Typed attributes, where aiohttp would keep a dictionary."""

import zlib
from collections.abc import Sequence
from typing import cast

from aiohttp import web

from gateway.admission import Record
from gateway.identity import Caller
from gateway.teams import Scope
from gateway.web.patience import PatientConnection

CODINGS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}  # in which bodies may come: what zlib calls them


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
            if content.total_bytes > self.client_max_size or self._message.compression is not None:
                return None
            # One chunk never holds up reading, so that there is nothing to be done about it but take it.
            chunks: Sequence[bytes] = content._buffer if content.total_bytes else ()  # noqa: SLF001  # else ten calls
            self._read_bytes = chunks[0] if len(chunks) == 1 else content.read_nowait()
        return self._read_bytes

    async def read(self) -> bytes:
        """The body, unpacked. Raises HTTPRequestEntityTooLarge, RequestPayloadError, Overloaded."""
        if self._read_bytes is None:
            body, packed_by = await super().read(), self._message.compression
            if packed_by is not None:
                body = _unpacked(body, packed_by, self.client_max_size)
                cast("PatientConnection", self.protocol).share.unpacked(len(body))
            self._read_bytes = body
        return self._read_bytes


def _unpacked(packed: bytes, by: str, most: int) -> bytes:
    """A body as it was before it was packed. Not aiohttp's to do, who would begin with it before anybody is known."""
    if by not in CODINGS:
        raise web.RequestPayloadError
    unpacking = zlib.decompressobj(CODINGS[by])
    try:
        body = unpacking.decompress(packed, most + 1)
    except zlib.error:
        raise web.RequestPayloadError from None
    if len(body) > most:
        raise web.HTTPRequestEntityTooLarge(most)
    if not unpacking.eof or unpacking.unused_data:
        raise web.RequestPayloadError
    return body
