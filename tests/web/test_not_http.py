"""What is not even HTTP, or too much of it, is answered by us too: as JSON, and without repeating any of it."""

import asyncio
import json
from typing import Any

import pytest

from tests.running import Running

TOKEN = "Bearer-of-a-secret"


async def _raw(gateway: Running, sent: bytes) -> tuple[int, dict[str, str], Any]:
    """What comes back for bytes sent as they are."""
    port = int(gateway.address.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await writer.drain()
    head, body = (await asyncio.wait_for(reader.read(), 5)).split(b"\r\n\r\n", 1)
    writer.close()
    await writer.wait_closed()
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), json.loads(body)


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (f"nonsense {TOKEN}\r\n\r\n".encode(), 400, "BAD_USER_INPUT"),
        (f"GET /graphql HTTP/1.1\r\nHost: x\r\nBad Name: {TOKEN}\r\n\r\n".encode(), 400, "BAD_USER_INPUT"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "BAD_USER_INPUT"),
        (b"GET /graphql?query=" + b"x" * 9_000 + b" HTTP/1.1\r\n\r\n", 431, "DOCUMENT_LIMIT_EXCEEDED"),
        (b"GET /graphql HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 9_000 + b"\r\n\r\n", 431, "DOCUMENT_LIMIT_EXCEEDED"),
    ],
)
async def test_what_is_not_http_is_refused_as_json_with_every_header(
    gateway: Running, capsys: pytest.CaptureFixture[str], sent: bytes, status: int, code: str
) -> None:
    answered, headers, body = await _raw(gateway, sent)
    assert (answered, body["errors"][0]["extensions"]["code"]) == (status, code)
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Server"] == "tuning-gateway"
    assert headers["X-Content-Type-Options"] == "nosniff"
    out, err = capsys.readouterr()
    assert headers["X-Request-Id"] in out
    assert TOKEN not in json.dumps(body) + out + err
    assert "Traceback" not in out + err
