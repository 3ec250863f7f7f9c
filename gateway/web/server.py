"""What stands behind the public port, and the one list of gates in the order a request meets them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.admission import Door
from gateway.capacity import Capacity
from gateway.schema import Documents, Library, Limits
from gateway.tuning import TuningJobs
from gateway.watch import Watches
from gateway.web.batch import Batches
from gateway.web.caching import Caching
from gateway.web.cors import cors
from gateway.web.csrf import csrf
from gateway.web.front import Front
from gateway.web.graphiql import graphiql
from gateway.web.graphql import GraphQLOverHttp
from gateway.web.lasting import Lasting
from gateway.web.operation import Operations
from gateway.web.patience import Patience
from gateway.web.remembered import Responses
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
    clock: Callable[[], float] = time.monotonic
    """The seconds by which reads are forgotten."""
    wall: Callable[[], float] = time.time
    """The time since the epoch, by which credentials expire."""
    patience: Patience = field(default_factory=Patience)
    connections: int = 2500
    """Open at once, at most."""


def public_front(
    options: WebOptions,
    *,
    door: Door,
    jobs: TuningJobs,
    responses: Responses,
    documents: Documents,
    library: Library,
    watches: Watches,
    capacity: Capacity,
) -> Front:
    """What callers reach: /graphql, and GraphiQL for browsers."""
    operations = Operations(jobs, documents, library, options.limits, watches, capacity)
    lasting = Lasting(options.connections)
    sockets = WebSockets(operations, door, options.wall, options.origins, lasting, patience=options.patience)
    streams = Streams(capacity, lasting, heartbeat=options.patience.silence, wall=options.wall)
    gates = [
        # A browser asks without credentials whether a page may ask with them, and before anything else.
        cors(options.origins),
        # A browser that opens the API has no token yet; the page asks for one.
        *([graphiql()] if options.graphiql else []),
        # Before credentials are looked at: what a page made a browser send is refused whatever it carries.
        csrf,
    ]
    graphql = GraphQLOverHttp(
        operations,
        door,
        responses=responses,
        batches=Batches(operations, responses, options.batch),
        caching=Caching(options.clock, options.wall),
        streams=streams,
    )
    return Front(gates, capacity=capacity, door=door, graphql=graphql, sockets=sockets, streams=streams)
