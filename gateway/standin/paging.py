"""The tokens between the pages of a list.

A token is opaque, differs at every call, is authenticated, dies, and is good only for the call that continues the one
that issued it: same operation, same arguments, same account and region. It names a position by offset: a row that
appears before that position between two pages shifts the rest by one.
"""

import hashlib
import hmac
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from gateway.standin.failures import bad_token
from gateway.standin.scope import CallerScope
from gateway.standin.switches import Switches

_HEAD = struct.Struct(">12sdI")  # what makes it differ, when it was issued, the offset
_MAC = 32


class Tokens:
    """Issues and opens NextTokens. Its key lives as long as it does: no token survives a restart."""

    def __init__(self, clock: Callable[[], float], switches: Switches) -> None:
        self._clock = clock
        self._switches = switches
        self._key = os.urandom(32)

    def issue(self, pin: bytes, offset: int) -> str:
        """A token for the row at `offset`, at most `token_size` characters long unless it needs more."""
        head = _HEAD.pack(os.urandom(12), self._clock(), offset)
        padding = os.urandom(max(0, self._switches.token_size * 3 // 4 - len(head) - _MAC))
        payload = head + padding
        return _encoded(payload + self._mac(payload, pin))

    def open(self, pin: bytes, token: str) -> int:
        """The offset a token names. Raises RefusedError if it is forged, expired or belongs to another call."""
        sealed = _decoded(token)
        payload, mac = sealed[:-_MAC], sealed[-_MAC:]
        if len(payload) < _HEAD.size or not hmac.compare_digest(mac, self._mac(payload, pin)):
            raise bad_token()
        _, issued, offset = _HEAD.unpack_from(payload)
        if self._clock() - issued > self._switches.token_life:
            raise bad_token()
        return int(offset)

    def _mac(self, payload: bytes, pin: bytes) -> bytes:
        return hmac.digest(self._key, pin + payload, "sha256")


def _encoded(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def _decoded(token: str) -> bytes:
    """The bytes of a token. Base64 forgives stray characters and bits; a token is good in one spelling only."""
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError as error:
        raise bad_token() from error
    if _encoded(sealed) != token:
        raise bad_token()
    return sealed


def pin_of(operation: str, arguments: Mapping[str, Any], scope: CallerScope) -> bytes:
    """What a token is bound to: everything about the call but the token."""
    asked = {name: value for name, value in arguments.items() if name != "NextToken" and value is not None}
    call = [operation, scope.account, scope.region, asked]
    return hashlib.sha256(orjson.dumps(call, option=orjson.OPT_SORT_KEYS)).digest()
