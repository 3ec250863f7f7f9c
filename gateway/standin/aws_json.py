"""AWS JSON 1.1, which SageMaker speaks: the operation in a header, JSON in and out."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson
from aiohttp import web

from gateway.standin import mischief
from gateway.standin.failures import RefusedError, unreadable
from gateway.standin.switches import Switches


class AwsJson:
    """Reads calls and writes answers; the switches may spoil an answer that was right."""

    def __init__(self, target_prefix: str, switches: Switches) -> None:
        self._target_prefix = target_prefix
        self._switches = switches

    def read(self, headers: Mapping[str, str], body: bytes) -> tuple[str, dict[str, Any]]:
        """The operation's name (the whole target if it is not one of SageMaker's) and its arguments."""
        target = headers.get("X-Amz-Target", "")
        return target.removeprefix(f"{self._target_prefix}."), _arguments_in(body)

    def answer(self, _: str, answer: dict[str, Any]) -> web.Response:
        """The answer to a call that went well."""
        if not mischief.wanted(self._switches):
            return _response(200, orjson.dumps(answer))
        mischief.disturb(answer, self._switches)
        # json writes NaN and Infinity, which orjson turns into null
        return _response(200, json.dumps(answer).encode())

    def refusal(self, refusal: RefusedError) -> web.Response:
        """The answer to a call that did not."""
        return _response(refusal.status, orjson.dumps(refusal.body()), {"x-amzn-ErrorType": refusal.code})


def _arguments_in(body: bytes) -> dict[str, Any]:
    try:
        arguments = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise unreadable("Could not parse the request body as JSON") from error
    if not isinstance(arguments, dict):
        raise unreadable("Expected map or null")
    return arguments


def _response(status: int, body: bytes, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status,
        body=body,
        content_type="application/x-amz-json-1.1",
        headers={"x-amzn-RequestId": str(uuid4()), **(headers or {})},
    )
