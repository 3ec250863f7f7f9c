"""The composition root: builds each object once, in the order a request meets them, and closes them in reverse."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from gateway import telemetry
from gateway.config import Configuration
from gateway.cursors import Cursors
from gateway.identity import Identity
from gateway.reads import SharedReads
from gateway.sagemaker import SageMaker
from gateway.schema import Documents, executable
from gateway.tuning import TuningJobs
from gateway.web import Readiness, WebOptions, admin_app, public_app

_GRACE = 1.0  # seconds that requests under way get to end


class PortTakenError(Exception):
    """An address that cannot be listened on."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway, and where it listens."""

    port: int
    admin_port: int
    sagemaker: SageMaker


@asynccontextmanager
async def running(
    configuration: Configuration,
    *,
    clock: Callable[[], float] = time.monotonic,
    wall: Callable[[], float] = time.time,
) -> AsyncIterator[Gateway]:
    """Run a gateway for as long as the context lasts. Raises PortTakenError.

    `clock` counts the seconds by which things are forgotten, `wall` tells the time since the epoch.
    """
    async with AsyncExitStack() as stack:
        readiness = Readiness()
        identity = Identity(configuration.issuers, configuration.api_keys)
        documents = Documents(executable(), introspection=configuration.introspection)
        sagemaker = SageMaker(configuration.sagemaker)
        jobs = TuningJobs(
            sagemaker=sagemaker,
            reads=SharedReads(room=configuration.memory_rows, clock=clock, wall=wall),
            cursors=Cursors(configuration.cursor_keys),
            lives=configuration.lives,
            walk_pages=configuration.walk_pages,
        )
        public = public_app(
            WebOptions(graphiql=configuration.graphiql),
            identity=identity,
            teams={team.name: team for team in configuration.teams},
            jobs=jobs,
            documents=documents,
        )
        # Listening first, so that a taken port is told before AWS is asked for anything; ready last.
        host = configuration.host
        admin_port = await listening(stack, admin_app(readiness), host, configuration.admin_port, "GATEWAY_ADMIN_PORT")
        port = await listening(stack, public, host, configuration.port, "GATEWAY_PORT (make demo: PORT)")
        stack.push_async_callback(sagemaker.close)
        await sagemaker.open(team.access for team in configuration.teams)
        readiness.ready = True
        stack.callback(setattr, readiness, "ready", False)  # noqa: FBT003  # setattr takes no names
        yield Gateway(port, admin_port, sagemaker)


async def listening(stack: AsyncExitStack, app: web.Application, host: str, port: int, setting: str) -> int:
    """Serve an application; the port, chosen by the system where it was 0. Raises PortTakenError, naming `setting`."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_GRACE)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise PortTakenError(
            f"Cannot listen on {host}:{port} ({os.strerror(error.errno or 0)}). Set {setting} to another port."
        ) from None
    bound: int = runner.addresses[0][1]
    return bound


async def serve(configuration: Configuration) -> None:
    """Run a gateway until SIGINT or SIGTERM."""
    async with running(configuration) as gateway:
        telemetry.started(
            graphql=f"http://{configuration.host}:{gateway.port}/graphql",
            admin=f"http://{configuration.host}:{gateway.admin_port}",
        )
        await until_told_to_stop()
    telemetry.stopped()


async def until_told_to_stop() -> None:
    """Wait for SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
