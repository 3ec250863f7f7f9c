"""The HTTP door: who comes in, in which order they are looked at, and GraphQL over HTTP.

server      the two applications, and the one list of middleware
answers     the request id, failures as JSON, the line in the log
record      what that line will say
identify    the caller and its scope
operation   one operation, whichever way it came
graphql     GraphQL over HTTP: POST, and GET for queries; sse: as Server-Sent Events
websocket   GraphQL over WebSocket; conversation: what is said on one; line: how it is said
graphiql    the page for browsers
health      /livez, /readyz and /metrics, on the admin port
"""

from gateway.web.health import Readiness
from gateway.web.server import Patience, WebOptions, admin_app, public_app

__all__ = ["Patience", "Readiness", "WebOptions", "admin_app", "public_app"]
