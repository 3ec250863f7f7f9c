"""The composition root: builds each object once, in the order a request meets them, and closes them in reverse."""

import asyncio
import errno
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from gateway import telemetry
from gateway.admission import Door
from gateway.capacity import Capacity
from gateway.config import Configuration, quieten_grpc
from gateway.cursors import Cursors
from gateway.governor import Governor
from gateway.identity import Identity
from gateway.reads import Answers, SharedReads
from gateway.rpc import Rooms, Served
from gateway.sagemaker import SageMaker
from gateway.schema import Documents, Library, Persisted, executable
from gateway.store import Store
from gateway.tuning import TuningJobs
from gateway.watch import Watches
from gateway.web import AdminRunner, Burden, Patience, Readiness, Responses, Runner, WebOptions, public_front

_LONGEST_REQUEST = 120.0  # seconds; ten calls of the longest kind


class PortTakenError(Exception):
    """An address that cannot be listened on."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway, and where it listens."""

    port: int
    admin_port: int
    identity: Identity
    door: Door
    sagemaker: SageMaker
    library: Library
    readiness: Readiness
    capacity: Capacity
    rpc: Served | None = None
    reaching: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while it is being changed what is reached: two changes at once would close each other's clients."""

    @property
    def grpc_port(self) -> int | None:
        """Where the second face listens, if it does."""
        return None if self.rpc is None else self.rpc.port

    async def adopt(self, configuration: Configuration) -> None:
        """Serve other teams, believe others' credentials and trust other documents from now on.

        Requests under way end as they began.
        """
        async with self.reaching:
            before = [team.access for team in self.door.teams.values()]
            await self.sagemaker.open([*before, *(team.access for team in configuration.teams)])
            # From here on nothing is awaited: no request sees one half of a configuration.
            self.identity.replace(configuration.issuers, configuration.api_keys)
            self.library.replace(configuration.trusted)
            self.door.serve(configuration.teams)

    def leave(self) -> None:
        """Say that this process is about to end; requests are answered all the same."""
        self.readiness.ready = False
        self.capacity.leaving = True
        if self.rpc is not None:
            self.rpc.leave()

    async def let_go(self) -> None:
        """Close what reaches targets that no team has any more, once requests that began before have ended."""
        await asyncio.sleep(_LONGEST_REQUEST)
        async with self.reaching:
            await self.sagemaker.open([team.access for team in self.door.teams.values()])


@asynccontextmanager
async def running(
    configuration: Configuration,
    *,
    clock: Callable[[], float] = time.monotonic,
    wall: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    patience: Patience | None = None,
    burden: Burden | None = None,
) -> AsyncIterator[Gateway]:
    """Run a gateway for as long as the context lasts. Raises PortTakenError.

    `clock` counts the seconds by which things are forgotten, `wall` tells the time since the epoch; `sleep` passes
    between two looks of a watch, `patience` is the door's, and `burden` what it holds at most.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(telemetry.exported(wanted=configuration.traces))
        await stack.enter_async_context(telemetry.loop_watched())
        readiness = Readiness()
        identity = Identity(configuration.issuers, configuration.api_keys, clock=clock, wall=wall)
        stack.push_async_callback(identity.close)
        await identity.open()
        door = Door(identity, configuration.teams)
        documents = Documents(
            executable(),
            introspection=configuration.introspection,
            limits=configuration.limits,
            compiled=configuration.compiled_operations,
        )
        persisted = Persisted() if configuration.apq else None
        library = Library(documents, persisted=persisted, trust=configuration.trust, trusted=configuration.trusted)
        store = None
        if configuration.store is not None:
            store = Store(configuration.store, configuration.cursor_keys, wall=wall)
            stack.push_async_callback(store.close)
        governor = Governor(configuration.rates, shared=store)
        sagemaker = SageMaker(configuration.sagemaker, governor)
        reads = SharedReads(configuration.reads, store=store, clock=clock, wall=wall)
        stack.push_async_callback(reads.close)
        jobs = TuningJobs(
            sagemaker=sagemaker,
            reads=reads,
            cursors=Cursors(configuration.cursor_keys),
            lives=configuration.lives,
            walk_pages=configuration.walk_pages,
            walk_back_pages=configuration.walk_back_pages,
            most_calls=configuration.most_calls,
            patience=configuration.deadline,
        )
        capacity = Capacity(configuration.capacity)
        watches = Watches(jobs, configuration.watch, clock=clock, wall=wall, sleep=sleep)
        stack.push_async_callback(watches.close)
        patience = patience or Patience()
        answers = Answers(configuration.response_cache_bytes, reads)
        front = public_front(
            WebOptions(
                graphiql=configuration.graphiql,
                batch=configuration.batch,
                origins=frozenset(configuration.cors_origins),
                limits=configuration.limits,
                clock=clock,
                wall=wall,
                patience=patience,
                connections=configuration.connections,
            ),
            door=door,
            jobs=jobs,
            responses=Responses(answers),
            documents=documents,
            library=library,
            watches=watches,
            capacity=capacity,
        )
        burden = burden or Burden()
        standing = _standing(capacity, governor, reads, answers, burden=burden, store=store)
        stack.enter_context(telemetry.standing(standing))
        host = configuration.host
        admin = AdminRunner(readiness)
        admin_port = await listening(stack, admin, host, configuration.admin_port, "GATEWAY_ADMIN_PORT")
        stack.push_async_callback(sagemaker.close)
        await sagemaker.open(team.access for team in configuration.teams)
        # Last, so that no request comes before its answer can be had; ended first, so that what is under way can end.
        http, grpc = AsyncExitStack(), AsyncExitStack()
        stack.push_async_callback(_side_by_side, http, grpc)
        public = Runner(
            front,
            most_bytes=configuration.limits.body,
            grace=configuration.grace,
            patience=patience,
            connections=configuration.connections,
            burden=burden,
        )
        port = await listening(http, public, host, configuration.port, "GATEWAY_PORT (make demo: PORT)")
        rpc = await _grpc(grpc, configuration, Rooms(door, jobs, watches, answers, capacity))
        readiness.ready = True
        gateway = Gateway(port, admin_port, identity, door, sagemaker, library, readiness, capacity, rpc)
        stack.callback(gateway.leave)
        yield gateway


def _standing(
    capacity: Capacity, governor: Governor, reads: SharedReads, answers: Answers, *, burden: Burden, store: Store | None
) -> telemetry.Standing:
    """What the gateway is asked for together with its metrics."""
    return telemetry.Standing(
        budgets=lambda: {
            (budget.target.account, budget.target.region, budget.operation): state
            for budget, state in governor.state().items()
        },
        in_hand=lambda: capacity.in_hand,
        queued=lambda: capacity.queued,
        memory=lambda: {"reads": reads.size, "responses": answers.size, "requests": burden.size},
        store=None if store is None else lambda: store.state.value,
    )


async def listening(stack: AsyncExitStack, runner: web.BaseRunner, host: str, port: int, setting: str) -> int:
    """Serve what a runner runs. Gives the port, chosen by the system where it was 0.

    Raises PortTakenError, naming `setting`.
    """
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, host, port).start()
    except socket.gaierror:
        raise PortTakenError(f"There is no address {host}. Set GATEWAY_HOST to one of this machine.") from None
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise PortTakenError(f"{host} is no address of this machine. Set GATEWAY_HOST to one that is.") from None
        why = os.strerror(error.errno or 0)
        raise PortTakenError(f"Cannot listen on {host}:{port} ({why}). Set {setting} to another port.") from None
    bound: int = runner.addresses[0][1]
    return bound


async def _side_by_side(*faces: AsyncExitStack) -> None:
    """Close the faces at the same time: each may take the whole of the grace."""
    await asyncio.gather(*[face.aclose() for face in faces])


async def _grpc(stack: AsyncExitStack, configuration: Configuration, rooms: Rooms) -> Served | None:
    """Serve the second face, where it is asked for. Raises PortTakenError."""
    options, host = configuration.rpc, configuration.host
    if options is None:
        return None
    quieten_grpc()
    from gateway.rpc.server import serving  # noqa: PLC0415  # an extra, which need not be installed

    try:
        return await stack.enter_async_context(serving(options, rooms, host=host, grace=configuration.grace))
    except OSError:
        raise PortTakenError(
            f"Cannot listen on {host}:{options.port}. Set GATEWAY_GRPC_PORT to another port."
        ) from None


def address_of(host: str, port: int) -> str:
    """The URL of a port."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
