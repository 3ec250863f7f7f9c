"""Responses remembered as bytes: what was answered to the same question, asked with the same teams and permissions.

They lie among the answers of all faces, each as good as the reads inside it. What is past its fresh life takes the
ordinary way, which gives the last value and reads the next behind it. How a response is sent is not told here.
"""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from gateway.identity import Permission
from gateway.reads import Answers
from gateway.schema import Operation
from gateway.teams import Scope
from gateway.web.operation import Answered

_OPENING = b'{"data":'
_NOT_READ = frozenset({"viewer", "__schema", "__type"})  # about the credentials, or the gateway itself


class Place(NamedTuple):
    """Where a response is remembered. Teams are there with all they own: others of the same name are others."""

    text: str
    """The document's."""
    operation_name: str | None
    variables: bytes
    """As JSON, in one order."""
    scope: Scope
    permissions: frozenset[Permission]


@dataclass(slots=True, eq=False)
class Kept:
    """A response that is whole and was read, and nothing besides."""

    body: bytes
    """As it is answered from memory: with its cost, which is no call."""
    ends: int
    """Where `data` ends in it."""
    extensions: Mapping[str, Any]
    """What follows there."""
    as_of: float
    """When the oldest of the reads was made that it hangs on, in seconds since the epoch."""
    expires: float
    """When the first of them stops being fresh, in seconds of the reads' clock."""
    name: str | None
    """The operation's, as the log has it."""
    _etag: str | None = None

    @property
    def data(self) -> memoryview:
        """The response's data as JSON."""
        return memoryview(self.body)[len(_OPENING) : self.ends]

    def with_extensions(self, extensions: Mapping[str, Any]) -> bytes:
        """The response as it is answered now: with what it has cost this time."""
        known = extensions is self.extensions or extensions == self.extensions
        return self.body if known else _whole(self.data, extensions)

    @property
    def etag(self) -> str:
        """Of the data alone: what it cost differs from one time to the next."""
        if self._etag is None:
            self._etag = hashlib.sha256(self.data).hexdigest()[:32]
        return self._etag


class Responses:
    """The responses among all answers that are remembered."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def find(self, place: Place) -> Kept | None:
        """What is answered there without any work."""
        kept: Kept | None = self._answers.find(place)
        return kept

    def keep(self, place: Place, operation: Operation | None, answered: Answered, name: str | None) -> Kept | None:
        """Remember a response if there is room and its reads last; None where it is none that anybody may keep.

        `name` is its operation's, as the log has it.
        """
        if operation is None or not _may_be_kept(operation, answered):
            return None
        kept = _kept(answered, name)
        self._answers.keep(place, kept, answered.log, sys.getsizeof(place.text) + sys.getsizeof(place.variables))
        return kept


def _kept(answered: Answered, name: str | None) -> Kept:
    response, log = answered.response, answered.log
    data, extensions = answered.data or orjson.dumps(response["data"]), response["extensions"]
    cost, reads = extensions["cost"], len(log.entries)
    if cost["actualCalls"] or cost["cacheHits"] != reads or len(extensions) > 1:  # else it was all remembered already
        extensions = {"cost": cost | {"actualCalls": 0, "cacheHits": reads}}
    return Kept(
        body=_whole(data, extensions),
        ends=len(_OPENING) + len(data),
        extensions=extensions,
        as_of=log.as_of.timestamp(),
        expires=log.expires,
        name=name,
    )


def _whole(data: bytes | memoryview, extensions: Mapping[str, Any]) -> bytes:
    return b"".join((_OPENING, data, b',"extensions":', orjson.dumps(extensions), b"}"))


def _may_be_kept(operation: Operation, answered: Answered) -> bool:
    """Whether an answer is whole, and nothing but what was read: `viewer`, for one, is about the credentials."""
    return (
        operation.type == "query"
        and "errors" not in answered.response
        and bool(answered.log.entries)
        and _NOT_READ.isdisjoint(operation.root_fields)
    )
