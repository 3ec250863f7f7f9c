"""The two applications, and the one list of middleware in the order a request meets them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from gateway.identity import Identity
from gateway.schema import Documents
from gateway.teams import Team
from gateway.tuning import TuningJobs
from gateway.watch import Watches
from gateway.web.answers import answers, marked
from gateway.web.graphiql import page_for_browsers, page_routes
from gateway.web.graphql import GraphQLOverHttp
from gateway.web.health import Readiness, health_routes
from gateway.web.identify import Door, identify
from gateway.web.operation import Operations
from gateway.web.sse import Streams
from gateway.web.websocket import WebSockets

_MOST_BODY = 1024 * 1024  # bytes; cursors of 8 kB travel in bodies, whole tables do not


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the door waits, in seconds."""

    first_message: float = 3.0
    """For a WebSocket's first message."""
    silence: float = 12.0
    """Before an event stream is sent something that is no event: proxies cut off what is silent for longer."""


@dataclass(frozen=True, slots=True)
class WebOptions:
    """What the door shows."""

    graphiql: bool
    wall: Callable[[], float] = time.time
    """The time since the epoch, by which credentials expire."""
    patience: Patience = Patience()


def public_app(
    options: WebOptions,
    *,
    identity: Identity,
    teams: Mapping[str, Team],
    jobs: TuningJobs,
    documents: Documents,
    watches: Watches,
) -> web.Application:
    """What callers reach: /graphql, and GraphiQL for browsers."""
    door, operations = Door(identity, teams), Operations(jobs, documents, watches)
    sockets = WebSockets(operations, door, options.wall, patience=options.patience.first_message)
    streams = Streams(heartbeat=options.patience.silence, wall=options.wall)
    app = web.Application(
        middlewares=[
            # Outermost, so that whatever happens inside is answered as JSON, with a request id, and logged once.
            answers,
            # A browser that opens the API has no token yet; the page asks for one.
            *([page_for_browsers] if options.graphiql else []),
            # Before any work is done for a caller, and before it can learn what exists.
            identify(door),
        ],
        client_max_size=_MOST_BODY,
    )
    app.on_response_prepare.append(marked)
    app.on_shutdown.extend([sockets.close, streams.close])
    app.add_routes(GraphQLOverHttp(operations, door, sockets, streams).routes())
    if options.graphiql:
        app.add_routes(page_routes())
    return app


def admin_app(readiness: Readiness) -> web.Application:
    """What the platform reaches: whether the gateway lives, and whether it takes requests."""
    app = web.Application()
    app.add_routes(health_routes(readiness))
    return app
