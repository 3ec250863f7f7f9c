"""An AWS, or what stands in its way, that answers what it never should: a code, none of its words, and on it goes."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from gateway.sagemaker import SageMakerOptions
from tests.running import Running, Start

QUERY = '{ tuningJob(name: "vision-a") { name } }'
OPTIONS = SageMakerOptions(access_key="AKIA111122223333", secret_key="x", read_timeout=5, call_timeout=5)

Writing = Callable[[asyncio.StreamWriter], Awaitable[None]]


def _http(body: bytes, status: bytes = b"200 OK", *, length: int | None = None) -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body) if length is None else length) + body


ANSWERS = {
    "a proxy's page": _http(b"<html><b>It works!</b></html>"),
    "a proxy's page of an error": _http(b"<html>502 Bad Gateway</html>", b"502 Bad Gateway"),
    "nothing": _http(b""),
    "half of it": _http(b'{"HyperParameterTuningJobName": "vision-a", "Hyp'),
    "less than it says": _http(b"{", length=5000),
    "another answer": _http(b'{"Jobs": []}'),
    "a list": _http(b"[1, 2, 3]"),
    "a number": _http(b"7"),
    "null": _http(b"null"),
    "a member of another type": _http(b'{"HyperParameterTuningJobName": {"of": [1]}, "CreationTime": "soon"}'),
    "no text": _http(b"\xff\xfe\x00{}"),
    "deeper than anybody reads": _http(b"[" * 100_000),
    "a status of its own": _http(b"{}", b"299 Perhaps"),
    "no HTTP": b"220 mail.example.com ESMTP\r\n",
    "a header without end": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000,
    "an end at once": b"",
}


@asynccontextmanager
async def _answering(write: Writing) -> AsyncIterator[str]:
    """Something that answers whatever it is asked as `write` does."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await write(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def _at(start: Start, address: str, **options: float) -> Running:
    return await start(sagemaker=replace(OPTIONS, endpoint_url=address, **options))  # type: ignore[arg-type]  # each has its type


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=list(ANSWERS))
async def test_nonsense_is_unavailable(start: Start, answer: bytes) -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    async with _answering(write) as address:
        gateway = await _at(start, address)
        told = await gateway.ask(QUERY)
        assert told.codes == ["UPSTREAM_UNAVAILABLE"]
        assert told.body["data"] == {"tuningJob": None}
        shown = json.dumps(told.body)
        assert not any(word in shown for word in ("html", "Jobs", "ESMTP", "vision-a", "Perhaps"))
        assert (await gateway.ask("{ viewer { subject } }")).codes == []


async def test_an_answer_that_drips_is_not_waited_for_to_its_end(start: Start) -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(_http(b"", length=1_000_000))
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with _answering(write) as address:
        gateway = await _at(start, address, call_timeout=0.3)
        assert (await gateway.ask(QUERY)).codes == ["UPSTREAM_TIMEOUT"]


async def test_a_name_that_leads_nowhere_is_unavailable(start: Start) -> None:
    gateway = await _at(start, "http://sagemaker.invalid")
    assert (await gateway.ask(QUERY)).codes == ["UPSTREAM_UNAVAILABLE"]
