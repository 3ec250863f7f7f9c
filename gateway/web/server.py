"""The two applications, and the one list of middleware in the order a request meets them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from gateway.admission import Door
from gateway.capacity import Capacity
from gateway.identity import Identity
from gateway.reads import SharedReads
from gateway.schema import Documents, Library, Limits
from gateway.teams import Team
from gateway.tuning import TuningJobs
from gateway.watch import Watches
from gateway.web.answers import answers
from gateway.web.batch import Batches
from gateway.web.caching import Caching
from gateway.web.cors import allowed, preflights
from gateway.web.csrf import csrf
from gateway.web.graphiql import page_for_browsers, page_routes
from gateway.web.graphql import GraphQLOverHttp
from gateway.web.headers import marked
from gateway.web.health import Readiness, health_routes
from gateway.web.identify import identify
from gateway.web.operation import Operations
from gateway.web.patience import Patience
from gateway.web.remembered import Responses
from gateway.web.shedding import Lasting, shedding
from gateway.web.sse import Streams
from gateway.web.websocket import WebSockets


@dataclass(frozen=True, slots=True)
class WebOptions:
    """What the door shows."""

    graphiql: bool
    batch: int
    """Operations in one request at most; none at all where it is 0."""
    origins: frozenset[str]
    """Whose pages, besides our own, may ask from a browser."""
    limits: Limits
    responses: int = 0
    """Bytes of responses remembered at most; none at all where it is 0."""
    clock: Callable[[], float] = time.monotonic
    """The seconds by which reads are forgotten."""
    wall: Callable[[], float] = time.time
    """The time since the epoch, by which credentials expire."""
    patience: Patience = field(default_factory=Patience)
    connections: int = 2500
    """Open at once, at most."""


def public_app(
    options: WebOptions,
    *,
    identity: Identity,
    teams: Mapping[str, Team],
    jobs: TuningJobs,
    reads: SharedReads,
    documents: Documents,
    library: Library,
    watches: Watches,
    capacity: Capacity,
) -> web.Application:
    """What callers reach: /graphql, and GraphiQL for browsers."""
    door, lasting = Door(identity, teams), Lasting(options.connections)
    operations = Operations(jobs, documents, library, options.limits, watches, capacity)
    sockets = WebSockets(
        operations, door, options.wall, options.origins, lasting, patience=options.patience.first_message
    )
    streams = Streams(capacity, lasting, heartbeat=options.patience.silence, wall=options.wall)
    app = web.Application(
        middlewares=[
            # Outermost, so that whatever happens inside is answered as JSON, with a request id, and logged once.
            answers,
            # A browser asks without credentials whether a page may ask with them, and before anything else.
            preflights(options.origins),
            # A browser that opens the API has no token yet; the page asks for one.
            *([page_for_browsers] if options.graphiql else []),
            # Before credentials are looked at: what a page made a browser send is refused whatever it carries.
            csrf,
            # Before any work is done for a caller; what came before is done at once, and says why a page is refused.
            shedding(capacity),
            # Before any work is done for a caller, and before it can learn what exists.
            identify(door),
        ],
        client_max_size=options.limits.body,
    )
    app.on_response_prepare.append(allowed(options.origins))
    app.on_response_prepare.append(marked)
    app.on_shutdown.extend([sockets.close, streams.close])
    responses, caching = Responses(options.responses, reads), Caching(options.clock, options.wall)
    batches = Batches(operations, responses, options.batch)
    app.add_routes(
        GraphQLOverHttp(
            operations, door, responses=responses, batches=batches, caching=caching, sockets=sockets, streams=streams
        ).routes()
    )
    if options.graphiql:
        app.add_routes(page_routes())
    return app


def admin_app(readiness: Readiness) -> web.Application:
    """What the platform reaches: whether the gateway lives, and whether it takes requests."""
    app = web.Application()
    app.add_routes(health_routes(readiness))
    return app
