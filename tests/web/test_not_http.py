"""What is not even HTTP, or too much of it, is answered by us too: as JSON, and without repeating any of it."""

import asyncio
import json
from contextlib import suppress

import pytest

from tests.running import Running

TOKEN = "Bearer-of-a-secret"


async def _raw(address: str, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """What comes back for bytes sent as they are."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rsplit(":", 1)[1]))
    writer.write(sent)
    await writer.drain()
    head, body = (await asyncio.wait_for(reader.read(), 5)).split(b"\r\n\r\n", 1)
    writer.close()
    await writer.wait_closed()
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body


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
    gateway: Running,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    sent: bytes,
    status: int,
    code: str,
) -> None:
    answered, headers, body = await _raw(gateway.address, sent)
    assert (answered, json.loads(body)["errors"][0]["extensions"]["code"]) == (status, code)
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Server"] == "tuning-gateway"
    assert headers["X-Content-Type-Options"] == "nosniff"
    out, err = capsys.readouterr()
    assert headers["X-Request-Id"] in out
    assert TOKEN not in body.decode() + out + err
    assert caplog.records == []  # what libraries have to say, with stack traces


@pytest.mark.parametrize("broken", ["chunked", "gzip"])
async def test_a_body_that_breaks_off_leaves_one_line(
    gateway: Running, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    coding, body = _BROKEN[broken]
    head = "POST /graphql HTTP/1.1\r\nHost: x\r\nX-API-Key: key-of-vision\r\nContent-Type: application/json\r\n"
    status, _, answer = await _raw(gateway.address, f"{head}{coding}\r\n\r\n{body}".encode())
    assert status == 400
    out, err = capsys.readouterr()
    assert (out + err).count("\n") == 1
    assert TOKEN not in answer.decode() + out + err
    assert caplog.records == []


_BROKEN = {
    "chunked": ("Transfer-Encoding: chunked", f"5\r\n{{    \r\nnot-hex {TOKEN}\r\n"),
    "gzip": (f"Connection: close\r\nContent-Encoding: gzip\r\nContent-Length: {len(TOKEN)}", TOKEN),
}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"nonsense {TOKEN}\r\n\r\n".encode(), 400),
        (f"GET /livez HTTP/1.1\r\nHost: {TOKEN}\r\nContent-Length: -5\r\n\r\n".encode(), 400),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"X: %b\r\n" % (b"x" * 8_000) * 8 + b"\r\n", 400),
        (f"GET /{TOKEN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode(), 404),
    ],
)
async def test_the_admin_port_says_nothing_of_what_it_cannot_read(
    gateway: Running, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, sent: bytes, status: int
) -> None:
    answered, _, body = await _raw(gateway.admin, sent)
    assert (answered, TOKEN in body.decode()) == (status, False)
    assert capsys.readouterr() == ("", "")
    assert caplog.records == []


async def test_the_admin_port_has_room_for_so_many_and_answers_them_all_the_same(gateway: Running) -> None:
    port = int(gateway.admin.rsplit(":", 1)[1])
    ends = [await asyncio.open_connection("127.0.0.1", port) for _ in range(101)]
    (first, asking), (beyond, _) = ends[0], ends[-1]
    async with asyncio.timeout(30):
        with suppress(ConnectionError):
            assert await beyond.read() == b""
        asking.write(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await first.readline()).startswith(b"HTTP/1.1 200 ")
    for _, writer in ends:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
