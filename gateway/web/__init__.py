"""The HTTP door: who comes in, in which order they are looked at, and GraphQL over HTTP.

server      the two applications, and the one list of middleware
runner      the connections; what is not even HTTP is answered here
patience    how long they are waited for, and how many there are
answers     the request id, failures as JSON, the line in the log
record      what that line will say
headers     what every answer carries
cors        which pages of other origins may ask
csrf        what any page can make a browser send is refused
shedding    a request's place among those in hand, and its deadline
identify    the caller and its scope
negotiation the media type of an answer
operation   one operation, whichever way it came
batch       several in one request
remembered  responses, as bytes
caching     what a browser may keep of the answer to a GET
graphql     GraphQL over HTTP: POST, and GET for queries; sse: as Server-Sent Events
websocket   GraphQL over WebSocket; conversation: what is said on one; line: how it is said
graphiql    the page for browsers
health      /livez, /readyz and /metrics, on the admin port
"""

from gateway.web.health import Readiness
from gateway.web.patience import Patience
from gateway.web.runner import Runner
from gateway.web.server import WebOptions, admin_app, public_app

__all__ = ["Patience", "Readiness", "Runner", "WebOptions", "admin_app", "public_app"]
