"""Cursors: a place in a listing <-> opaque sealed text; and where a place falls on a page. Pure.

A place is (the upstream page's token and ordinal, rows of it to skip, a digest of the last row's name). As text:

    version 1 | sealed length 2 | sealed(ordinal, token) | skip 2 | digest 8 | MAC 16        base64url, unpadded

The token is sealed (AES-SIV, deterministic: one page gives one text, in every replica) once per page and repeated in
the page's cursors; each adds its place and a short MAC. Both are bound to the listing: scope and every argument but
`first` and `last`. Whatever fails to open is one error, so that a cursor tells nothing about the key or the listing.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from struct import Struct

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gateway.errors import InvalidCursor

_VERSION = 1
_HEAD = Struct(">BH")  # version, length of the sealed part: AWS's tokens reach 8,192 characters
_ORDINAL = Struct(">I")
_PLACE = Struct(">H8s")
_MAC_BYTES = 16
_SEAL_BYTES = 16  # AES-SIV's synthetic IV
_INSERTED = 10  # rows; as many as may have appeared between two pages
_LONGEST = 65_536  # characters; 8,192 of AWS's, sealed, make 11,000, and 44,000 if each took four bytes
_SHORTEST = _HEAD.size + _SEAL_BYTES + _ORDINAL.size + _PLACE.size + _MAC_BYTES
_REFUSAL = (
    "This cursor does not belong to this listing. Use a cursor of the same field with the same team and arguments "
    "(only first and last may change), or leave it out to start anew."
)


@dataclass(frozen=True, slots=True)
class PageRef:
    """An upstream page: the token that fetches it (None: the first) and how many pages lie before it."""

    token: str | None
    ordinal: int


FIRST_PAGE = PageRef(None, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a listing: just behind a row of an upstream page, or at the page's start."""

    page: PageRef
    skip: int
    """Rows of the page that lie before the place."""
    digest: bytes
    """Of the name of the row just before the place; NOWHERE where there is none."""


NOWHERE = bytes(8)
START = Place(FIRST_PAGE, 0, NOWHERE)


def digest(name: str) -> bytes:
    """The digest of a row's name that a place carries."""
    return hashlib.blake2b(name.encode(), digest_size=8).digest()


def resume(place: Place, names: Sequence[str]) -> int:
    """The index, on a page whose rows have these names, of the first row behind the place.

    Rows may have come and gone since: the row just before the place leads the way where it is still on the page, else
    the count of rows does.
    """
    if place.digest == NOWHERE:
        return 0
    if 0 < place.skip <= len(names) and digest(names[place.skip - 1]) == place.digest:
        return place.skip
    # At a page's start the row before it belongs to the page before. It has come over where rows were inserted above,
    # a few at a time; further down it has moved by itself, and following it would skip rows that stood still.
    within = names[:_INSERTED] if place.skip == 0 else names
    for index, name in enumerate(within):
        if digest(name) == place.digest:
            return index + 1
    return min(place.skip, len(names))


class _Key:
    """One secret of GATEWAY_CURSOR_KEYS, as the two keys made of it."""

    def __init__(self, secret: str) -> None:
        self._siv = AESSIV(self._derived(secret, b"seal"))
        self._mac = self._derived(secret, b"mac")

    @staticmethod
    def _derived(secret: str, use: bytes) -> bytes:
        return hashlib.blake2b(secret.encode(), person=b"cursor-" + use).digest()

    def seal(self, page: PageRef, binding: bytes) -> bytes:
        return self._siv.encrypt(_ORDINAL.pack(page.ordinal) + (page.token or "").encode(), [binding])

    def open(self, sealed: bytes, binding: bytes) -> PageRef:
        text = self._siv.decrypt(sealed, [binding])
        return PageRef(text[_ORDINAL.size :].decode() or None, *_ORDINAL.unpack_from(text))

    def mac(self, sealed: bytes, binding: bytes) -> "hashlib.blake2b":
        """The MAC of a page's cursors up to what differs between them."""
        state = hashlib.blake2b(binding, key=self._mac, digest_size=_MAC_BYTES)
        state.update(sealed)
        return state


class Cursors:
    """Seals places with the first secret, opens them with any."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = [_Key(secret) for secret in secrets]

    def of(self, *listing: object) -> "ListingCursors":
        """The cursors of one listing, named by its scope and all of its arguments but `first` and `last`."""
        return ListingCursors(self._keys, hashlib.blake2b(repr(listing).encode(), digest_size=32).digest())


class ListingCursors:
    """The cursors of one listing."""

    def __init__(self, keys: Sequence[_Key], binding: bytes) -> None:
        self._keys = keys
        self.binding = binding
        """The listing, told from any other."""
        self._sealed: dict[PageRef, Callable[[int, bytes], str]] = {}

    def page(self, page: PageRef) -> Callable[[int, bytes], str]:
        """What gives the cursors of one page: its argument is how many rows to skip and the digest of the last."""
        key = self._keys[0]
        sealed = key.seal(page, self.binding)
        prefix = _HEAD.pack(_VERSION, len(sealed)) + sealed
        begun = key.mac(sealed, self.binding)

        def cursor(skip: int, row_digest: bytes) -> str:
            place = _PLACE.pack(skip, row_digest)
            mac = begun.copy()
            mac.update(place)
            return _text(prefix + place + mac.digest())

        return cursor

    def seal(self, place: Place) -> str:
        """The cursor of one place."""
        cursor = self._sealed.get(place.page)
        if cursor is None:
            cursor = self._sealed[place.page] = self.page(place.page)
        return cursor(place.skip, place.digest)

    def open(self, cursor: str) -> Place:
        """The place a cursor names. Raises InvalidCursor for any text that this listing did not give out."""
        raw = _bytes(cursor)
        body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        sealed, place = body[_HEAD.size : -_PLACE.size], body[-_PLACE.size :]
        if body[: _HEAD.size] == _HEAD.pack(_VERSION, len(sealed)):
            for key in self._keys:
                expected = key.mac(sealed, self.binding)
                expected.update(place)
                if hmac.compare_digest(expected.digest(), mac):
                    return Place(key.open(sealed, self.binding), *_PLACE.unpack(place))
        raise InvalidCursor(_REFUSAL)


def page_named(cursor: str) -> bytes:
    """What the cursors of one page have in common, unopened: empty for a listing's first page. For counting pages
    before any is read; of a text that is no cursor, all of it.
    """
    try:
        sealed = _bytes(cursor)[_HEAD.size : -_PLACE.size - _MAC_BYTES]
    except InvalidCursor:
        return cursor.encode()
    return b"" if len(sealed) == _SEAL_BYTES + _ORDINAL.size else sealed


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(cursor: str) -> bytes:
    """The bytes of a cursor that is spelled as we spell it; base64 itself would take several spellings of one text."""
    if len(cursor) > _LONGEST:
        raise InvalidCursor(_REFUSAL)
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise InvalidCursor(_REFUSAL) from error
    if _text(raw) != cursor or len(raw) < _SHORTEST:
        raise InvalidCursor(_REFUSAL)
    return raw
