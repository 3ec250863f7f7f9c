"""How a gateway lives as a process: what signals mean to it, and how it leaves. What it is made of is told in `app`."""

import asyncio
import gc
import signal
from collections.abc import Callable

from gateway import telemetry
from gateway.app import Gateway, address_of, running
from gateway.config import ConfigError, Configuration

# How many more objects there are than when the youngest were last looked at, until they are again; and how often that
# makes an older look. Where as much is forgotten as remembered, the youngest have become some times as many by then: to
# look at them takes some milliseconds, as it should, since nobody is answered meanwhile. What has been looked at twice
# mostly lives as long as it is remembered, and has hardly any circles in it. (3.14 looks at a share of the old each
# time instead, whatever the third number.)
_THRESHOLDS = (2_000, 1, 1_000)


async def serve(configuration: Configuration, read_again: Callable[[], Configuration]) -> None:
    """Run a gateway until SIGINT or SIGTERM. At SIGHUP `read_again` gives the configuration to go on with."""
    told = told_to_stop()  # first: the kernel keeps from a container's first process what it does not listen for
    async with running(configuration) as gateway, asyncio.TaskGroup() as tasks:
        reloading = tasks.create_task(_reload_at_sighup(gateway, read_again))
        telemetry.started(
            graphql=f"{address_of(configuration.host, gateway.port)}/graphql",
            admin=address_of(configuration.host, gateway.admin_port),
            **({} if gateway.grpc_port is None else {"grpc": f"{configuration.host}:{gateway.grpc_port}"}),
        )
        settle()
        await until(told)
        reloading.cancel()
        gateway.leave()
        await asyncio.sleep(configuration.linger)
    telemetry.stopped()


def settle() -> None:
    """Spare the garbage collector what stays until the end: 180,000 objects, most of them the schema's and botocore's.

    A full collection would look at each, for some 0.3 seconds on a busy core in which nobody is answered. What requests
    leave in circles is little, and is collected as well once there is more of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


async def _reload_at_sighup(gateway: Gateway, read_again: Callable[[], Configuration]) -> None:
    """Adopt the configuration anew whenever told to; one that is wrong changes nothing, and is told in the log."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, told.set)
    async with asyncio.TaskGroup() as letting_go:
        while await told.wait():
            told.clear()
            try:
                await gateway.adopt(await asyncio.to_thread(read_again))
            except ConfigError as error:
                telemetry.configuration_refused(error.lines)
            except Exception as error:  # noqa: BLE001  # whoever is served now must go on being served
                telemetry.configuration_refused([f"it could not be adopted: {type(error).__name__}"])
            else:
                telemetry.configuration_adopted(teams=sorted(gateway.door.teams))
                letting_go.create_task(gateway.let_go())


def told_to_stop() -> asyncio.Event:
    """What SIGINT and SIGTERM will set."""
    told = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    return told


async def until(told: asyncio.Event) -> None:
    """Wait for the signal. Whoever sends a second one does not want to wait for what is under way."""
    await told.wait()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().remove_signal_handler(name)
        signal.signal(name, signal.SIG_DFL)


async def until_told_to_stop() -> None:
    """Wait for SIGINT or SIGTERM."""
    await until(told_to_stop())
