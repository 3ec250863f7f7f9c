"""Cursors: a place in a listing <-> opaque sealed text; and where a place falls on a page. Pure.

A place is (the upstream page's token and ordinal, rows of it to skip, marks of the rows around). As text:

    version 2 | sealed length 2 | sealed(ordinal 4, token) | place 22 | MAC 16        base64url, unpadded
    place = on a row 1 bit, turned 1 bit, skip 14 bits | marks of the two rows before 5 + 5 | of the two behind 5 + 5

`turned` says that the page is of the listing read from its other end. The token is sealed (AES-SIV, deterministic: one
page gives one text, in every replica) once per page and repeated in the page's cursors; each adds its place and a short
MAC. Both are bound to the listing: scope and every argument but `first`, `after`, `last` and `before`. Whatever fails
to open is one error, so that a cursor tells nothing about the key or the listing.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest
from struct import Struct
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gateway.errors import InvalidCursor

_VERSION = 2
_HEAD = Struct(">BH")  # version, length of the sealed part: AWS's tokens reach 8,192 characters
_ORDINAL = Struct(">I")
_MARK_BYTES = 5  # a mark is sought among some hundred rows: a wrong one is found once in ten billion times
_SIDE = 2  # rows marked on either side of a place
_NO_ROWS = (bytes(_MARK_BYTES),) * _SIDE
_PLACE = Struct(f">H{2 * _SIDE * _MARK_BYTES}s")
_ON_A_ROW, _TURNED = 1 << 15, 1 << 14
_MOST_SKIPPED = _TURNED - 1
_MAC_BYTES = 16
_SEAL_BYTES = 16  # AES-SIV's synthetic IV
_LONGEST = 65_536  # characters; 8,192 of AWS's, sealed, make 11,000, and 44,000 if each took four bytes
_SHORTEST = _HEAD.size + _SEAL_BYTES + _ORDINAL.size + _PLACE.size + _MAC_BYTES
_BINDINGS = 4_096  # remembered, of some hundred bytes each
_REFUSAL = (
    "This cursor does not belong to this listing. Use a cursor of the same field with the same team and arguments "
    "(only first, after, last and before may change), or leave it out to start anew."
)


class PageRef(NamedTuple):
    """An upstream page: the token that fetches it (None: the first) and how many pages lie before it."""

    token: str | None
    ordinal: int
    turned: bool = False
    """Whether it is a page of the listing read from its other end."""


FIRST = (PageRef(None, 0), PageRef(None, 0, turned=True))
"""The first page of a listing, read from its start and from its other end."""


class Place(NamedTuple):
    """A place in a listing: on a row of an upstream page, or between two."""

    page: PageRef
    skip: int
    """Rows of the page that lie before the place, its own row among them. With 0 its own row ends the page before."""
    before: tuple[bytes, ...] = ()
    """The marks of the rows before the place, the nearest first; where it is on a row, this row's comes first."""
    behind: tuple[bytes, ...] = ()
    """The marks of the rows behind the place, the nearest first."""
    on_a_row: bool = False


def mark(name: str, key: object) -> bytes:
    """What a row is known again by: its name and the key it is sorted by. A row that has moved by itself is another."""
    return hashlib.blake2b(repr((name, key)).encode(), digest_size=_MARK_BYTES).digest()


def found(before: Iterable[bytes], behind: Iterable[bytes], marks: Sequence[bytes]) -> int | None:
    """The index, among rows of these marks, of the first one behind a place; None where no row around it is there.

    Rows may have come, gone and moved since. What has stood still keeps its order: the nearest row leads the way.
    """
    index = {each: at for at, each in enumerate(marks)}
    for last, following in zip_longest(before, behind):
        if last in index:
            return index[last] + 1
        if following in index:
            return index[following]
    return None


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

    def open(self, sealed: bytes, binding: bytes) -> tuple[int, str | None]:
        text = self._siv.decrypt(sealed, [binding])
        return _ORDINAL.unpack_from(text)[0], text[_ORDINAL.size :].decode() or None

    def mac(self, sealed: bytes, binding: bytes) -> "hashlib.blake2b":
        """The MAC of a page's cursors up to what differs between them."""
        state = hashlib.blake2b(binding, key=self._mac, digest_size=_MAC_BYTES)
        state.update(sealed)
        return state


class Cursors:
    """Seals places with the first secret, opens them with any."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = [_Key(secret) for secret in secrets]

    def of(self, *listing: Hashable) -> "ListingCursors":
        """The cursors of one listing, named by its scope and all of its arguments but those that page."""
        return ListingCursors(self._keys, _binding(listing))


@lru_cache(_BINDINGS)
def _binding(listing: tuple[Hashable, ...]) -> bytes:
    """What tells one listing from any other. Its arguments that are equal must read the same: times are all in UTC."""
    return hashlib.blake2b(repr(listing).encode(), digest_size=32).digest()


class ListingCursors:
    """The cursors of one listing."""

    __slots__ = ("_keys", "_sealed", "binding")

    def __init__(self, keys: Sequence[_Key], binding: bytes) -> None:
        self._keys = keys
        self.binding = binding
        """The listing, told from any other."""
        self._sealed: dict[PageRef, Callable[[bytes], str]] = {}

    def seal(self, place: Place) -> str:
        """The cursor of one place."""
        cursor = self._sealed.get(place.page)
        if cursor is None:
            cursor = self._sealed[place.page] = self._of_page(place.page)
        return cursor(_packed(place))

    def _of_page(self, page: PageRef) -> Callable[[bytes], str]:
        """What gives the cursors of one page, whose token is sealed once."""
        key = self._keys[0]
        sealed = key.seal(page, self.binding)
        prefix = _HEAD.pack(_VERSION, len(sealed)) + sealed
        begun = key.mac(sealed, self.binding)

        def cursor(place: bytes) -> str:
            mac = begun.copy()
            mac.update(place)
            return _text(prefix + place + mac.digest())

        return cursor

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
                    return _unpacked(*key.open(sealed, self.binding), place)
        raise InvalidCursor(_REFUSAL)


def page_named(cursor: str) -> tuple[bytes, bool]:
    """What the cursors of one page have in common, unopened, empty for a first page; and whether the page is of the
    listing read from its other end. For counting pages before any is read; of a text that is no cursor, all of it.
    """
    try:
        raw = _bytes(cursor)
    except InvalidCursor:
        return cursor.encode(), False
    sealed, place = raw[_HEAD.size : -_PLACE.size - _MAC_BYTES], raw[-_PLACE.size - _MAC_BYTES : -_MAC_BYTES]
    return b"" if len(sealed) == _SEAL_BYTES + _ORDINAL.size else sealed, bool(_PLACE.unpack(place)[0] & _TURNED)


def _packed(place: Place) -> bytes:
    marks = (place.before + _NO_ROWS)[:_SIDE] + (place.behind + _NO_ROWS)[:_SIDE]
    bits = (_ON_A_ROW if place.on_a_row else 0) | (_TURNED if place.page.turned else 0)
    return _PLACE.pack(place.skip | bits, b"".join(marks))


def _unpacked(ordinal: int, token: str | None, place: bytes) -> Place:
    bits, joined = _PLACE.unpack(place)
    marks = [joined[at : at + _MARK_BYTES] for at in range(0, len(joined), _MARK_BYTES)]
    before, behind = (tuple(each for each in side if any(each)) for side in (marks[:_SIDE], marks[_SIDE:]))
    page = PageRef(token, ordinal, bool(bits & _TURNED))
    return Place(page, bits & _MOST_SKIPPED, before, behind, on_a_row=bool(bits & _ON_A_ROW))


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
