"""The least that a gRPC server and a client on grpcio's asyncio can do, each as a process of its own.

python -m tests.bench.calls serve ANSWER PORT: answers every call with the bytes of a file.
python -m tests.bench.calls call REQUEST ADDRESS SECONDS CALLERS: keeps a server busy with the bytes of a file; prints
what it found as JSON.
"""

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import grpc
import uvloop

METHOD = "/tuning.v1.TuningJobs/ListTrainingJobs"
_CREDENTIALS = (("x-api-key", "key-of-vision"),)
_CONNECTIONS = 4


def asking(channel: grpc.aio.Channel) -> Any:
    """Calls the method with bytes, for bytes."""
    return channel.unary_unary(METHOD)


async def _serve(body: bytes, port: str) -> None:
    async def answer(_request: bytes, _context: object) -> bytes:
        return body

    server = grpc.aio.server()
    service, name = METHOD.strip("/").split("/")
    handlers: dict[str, Any] = {name: grpc.unary_unary_rpc_method_handler(answer)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await asyncio.Event().wait()


async def _call(request: bytes, address: str, seconds: str, callers: str) -> None:
    waited: list[float] = []
    alone = (("grpc.use_local_subchannel_pool", 1),)  # channels share a connection otherwise
    channels = [grpc.aio.insecure_channel(address, options=alone) for _ in range(_CONNECTIONS)]
    began = time.perf_counter()
    until = began + float(seconds)

    async def caller(channel: grpc.aio.Channel) -> None:
        ask, now = asking(channel), time.perf_counter()
        while now < until:
            await ask(request, metadata=_CREDENTIALS)
            waited.append(time.perf_counter() - now)
            now = time.perf_counter()

    await asyncio.gather(*[caller(channels[number % _CONNECTIONS]) for number in range(int(callers))])
    elapsed = time.perf_counter() - began
    for channel in channels:
        await channel.close()
    parts = statistics.quantiles([each * 1e3 for each in waited], n=100)
    print(json.dumps({"answers": len(waited), "seconds": elapsed, "p50": parts[49], "p99": parts[98]}))


if __name__ == "__main__":
    what, path, *words = sys.argv[1:]
    content = Path(path).read_bytes()
    uvloop.run(_serve(content, *words) if what == "serve" else _call(content, *words))
