"""The HTTP door: who comes in, in which order they are looked at, and GraphQL over HTTP.

server      what stands behind the public port, and the one list of gates
runner      its connections; what is not even HTTP is answered here
patience    how long connections are waited for, how much is heard of them, and how many there are
burden      how many bytes all of them may hold
front       one request, from its id to its line in the log
gate        what it passes before it is known who is calling
answers     answers as JSON, and failures as answers
request     a request, and what becomes known of it on its way
headers     what every answer carries
cors        which pages of other origins may ask
csrf        what any page can make a browser send is refused
identify    the caller and its scope
negotiation the media type of an answer
operation   one operation, whichever way it came
bodies      what is asked for in a body; batch: several operations in one
remembered  responses, as bytes; readymade: whole answers, as bytes
caching     what a browser may keep of the answer to a GET
graphql     GraphQL over HTTP: POST, and GET for queries; sse: as Server-Sent Events
lasting     how many sockets and event streams there are
websocket   GraphQL over WebSocket; conversation: what is said on one; line: how it is said
graphiql    the page for browsers
health      the admin port: /livez, /readyz and /metrics
"""

from gateway.web.burden import Burden
from gateway.web.health import AdminRunner, Readiness
from gateway.web.patience import Patience
from gateway.web.remembered import Responses
from gateway.web.runner import Runner
from gateway.web.server import WebOptions, public_front

__all__ = [
    "AdminRunner",
    "Burden",
    "Patience",
    "Readiness",
    "Responses",
    "Runner",
    "WebOptions",
    "public_front",
]
