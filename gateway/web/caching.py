"""What a browser may keep of the answer to a GET, and whether it still has it. Nobody between us and it may keep any.

An answer may be kept as long as the shortest-lived read in it, and no longer than the credentials last. These are
looked at, and the reads made (from memory, within their lives), before it is said that nothing has changed.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web
from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, OperationDefinitionNode, SelectionSetNode

from gateway.identity import Caller
from gateway.reads import ReadLog
from gateway.schema import Document
from gateway.web.answers import as_json


@dataclass(frozen=True, slots=True)
class Caching:
    """Adds to answers how long they may be kept. `clock` is that of the reads, `wall` that of the credentials."""

    clock: Callable[[], float]
    wall: Callable[[], float]

    def answer(
        self, request: web.Request, response: dict[str, Any], log: ReadLog, caller: Caller, media_type: str
    ) -> web.Response:
        """The answer to a query without errors, or that the caller has it already."""
        data = orjson.dumps(response["data"])
        # Of the data alone: what it cost differs from one time to the next.
        etag = hashlib.sha256(data).hexdigest()[:32]
        headers = {"ETag": f'"{etag}"', "Cache-Control": f"private, max-age={int(self._life(log, caller))}"}
        if any(known.value in ("*", etag) for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        body = response | {"data": orjson.Fragment(data)}
        return as_json(200, body, content_type=media_type, headers=headers)

    def _life(self, log: ReadLog, caller: Caller) -> float:
        life = life_left(log, self.clock())
        return life if caller.expires is None else max(min(life, caller.expires - self.wall()), 0)


def life_left(log: ReadLog, now: float) -> float:
    """The seconds for which everything a request has read may still be remembered."""
    return max(min((entry.expires for entry in log.entries.values()), default=now) - now, 0)


def may_be_kept(
    document: Document, operation: OperationDefinitionNode, response: Mapping[str, Any], log: ReadLog
) -> bool:
    """Whether an answer is whole, and nothing but what was read: `viewer`, for one, is about the credentials."""
    return "errors" not in response and bool(log.entries) and "viewer" not in _root_fields(document, operation)


def _root_fields(document: Document, operation: OperationDefinitionNode) -> set[str]:
    definitions = () if document.node is None else document.node.definitions
    fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
    names: set[str] = set()
    left: list[SelectionSetNode] = [operation.selection_set]
    while left:
        for selection in left.pop().selections:
            if isinstance(selection, FieldNode):
                names.add(selection.name.value)
            elif isinstance(selection, FragmentSpreadNode):
                spread = fragments.pop(selection.name.value, None)
                left += [] if spread is None else [spread.selection_set]
            else:
                left.append(selection.selection_set)  # type: ignore[attr-defined]  # an inline fragment has one
    return names
