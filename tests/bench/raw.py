"""The least that a server on aiohttp can do: reads each body and answers the same bytes under the same headers.

python -m tests.bench.raw PORT ANSWER, the path of a JSON file of `headers` and `body`.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web


def app(headers: dict[str, str], body: bytes) -> web.Application:
    """Answers everything by POST."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=body, headers=headers)

    application = web.Application()
    application.add_routes([web.post("/graphql", answer)])
    return application


async def main(port: int, content: dict[str, Any]) -> None:
    runner = web.AppRunner(app(content["headers"], content["body"].encode()), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())))
