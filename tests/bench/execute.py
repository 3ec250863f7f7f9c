"""What executing an operation costs in CPU, compiled and by graphql-core, side by side in one run.

Everything is remembered, so that only the gateway's own work is measured: from the document's text to the bytes of the
response, without HTTP and without telling who is calling. Believe the ratios: times differ from machine to machine.

    python -m tests.bench.execute
"""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp.test_utils import TestServer
from graphql import parse

from gateway.cursors import Cursors
from gateway.governor import Governor
from gateway.identity import Caller, Permission
from gateway.reads import ReadOptions, SharedReads
from gateway.sagemaker import SageMaker, SageMakerOptions
from gateway.schema import Context, Documents, Limits, executable
from gateway.schema.compiled import Compiler, Plans
from gateway.standin import ServiceShapes, Standin, World, tuning_job_plan
from gateway.teams import OwnsAll, Scope, Team
from gateway.tuning import Lives, TuningJobs
from tests.running import ACCOUNT, HERE, UNLIMITED, Clock

QUERY = """
query Page($name: String!, $first: Int, $after: String) {
  tuningJob(name: $name) {
    trainingJobs(first: $first, after: $after) {
      edges {
        cursor
        node {
          name status objectiveStatus creationTime trainingStartTime trainingEndTime durationSeconds failureReason
          finalObjectiveMetric { name value }
          tunedHyperParameters { name value number }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
_ROUNDS = 9
_SECONDS = 0.15  # of CPU, for each round
_TEAM = Team("platform", HERE, OwnsAll())
_CALLER = Caller("api-key:platform", ("platform",), frozenset({Permission.READ}))


@asynccontextmanager
async def use_cases() -> AsyncIterator[TuningJobs]:
    """The use cases over a local SageMaker with one large tuning job, and a clock that stands still."""
    clock = Clock()
    world = World(clock)
    world.add(tuning_job_plan("hpo", trials=250))
    async with TestServer(Standin(world, shapes=ServiceShapes()).app) as server:
        address = str(server.make_url(""))
        sagemaker = SageMaker(
            SageMakerOptions(endpoint_url=address, access_key=f"AKIA{ACCOUNT}", secret_key="no"), Governor(UNLIMITED)
        )
        await sagemaker.open([_TEAM.access])
        yield TuningJobs(
            sagemaker=sagemaker,
            reads=SharedReads(ReadOptions(), clock=clock, wall=clock),
            cursors=Cursors(["a secret of the benchmarks"]),
            lives=Lives(),
            walk_pages=10,
            most_calls=100,
        )
        await sagemaker.close()


async def answered(documents: Documents, jobs: TuningJobs, first: int) -> bytes:
    """The response to one request."""
    context = Context(_CALLER, jobs.within(Scope((_TEAM,))), "a-request")
    response = await documents.execute(documents.document(QUERY), context, {"name": "hpo", "first": first}, None)
    return orjson.dumps(response)


async def microseconds(work: Callable[[], Awaitable[object]]) -> list[float]:
    """The CPU time of a piece of work, a few rounds of it."""
    began, times = time.process_time(), 0
    while time.process_time() - began < _SECONDS / 3:
        await work()
        times += 1
    rounds = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        for _ in range(times * 3):
            await work()
        rounds.append((time.process_time() - began) / (times * 3) * 1e6)
    return rounds


async def compare(jobs: TuningJobs, first: int) -> None:
    """Print a row: what a page of this size costs."""
    schema = executable()
    compiled, stock = (
        Documents(schema, introspection=True, limits=Limits(), compiled=compiled) for compiled in (True, False)
    )
    expected = await answered(stock, jobs, first)
    for documents in (compiled, stock):
        await answered(documents, jobs, first)  # reads are remembered from here on, and cost nothing
        assert _data(await answered(documents, jobs, first)) == _data(expected)

    async def unwritten() -> None:
        compiled._asking._compiler._written.forget()  # type: ignore[union-attr]  # noqa: SLF001  # as after a page is read anew
        await answered(compiled, jobs, first)

    works = {
        "graphql-core": lambda: answered(stock, jobs, first),
        "compiled, nodes new": unwritten,
        "compiled, nodes written": lambda: answered(compiled, jobs, first),
    }
    medians = {name: statistics.median(await microseconds(work)) for name, work in works.items()}
    for name, median in medians.items():
        _print(f"{first:>5} {len(expected):>7} {name:<26} {median:>9.0f} {medians['graphql-core'] / median:>7.1f} x")


async def compiling() -> None:
    """Print what is paid once for each document."""
    schema, node = executable(), parse(QUERY)
    compiler, variables = Compiler(schema), {"name": "hpo"}

    async def read() -> None:
        Documents(schema, introspection=True, limits=Limits()).document(QUERY)

    async def compile_() -> None:
        compiler.prepare(node, Plans(), variables, None)

    parsing, generating = [statistics.median(await microseconds(work)) for work in (read, compile_)]
    _print(f"\nonce for a document: parsing and validating {parsing:.0f}, compiling {generating:.0f}")


def _data(response: bytes) -> Any:
    return orjson.loads(response)["data"]


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


async def main() -> None:
    """Print the table."""
    _print(f"{'first':>5} {'bytes':>7} {'executed by':<26} {'CPU µs':>9} {'ratio':>9}")
    async with use_cases() as jobs:
        for first in (10, 100):
            await compare(jobs, first)
    await compiling()


if __name__ == "__main__":
    asyncio.run(main())
