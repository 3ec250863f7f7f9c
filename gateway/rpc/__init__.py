"""Face 2, gRPC: the same use cases for the internal platform API. An extra: only `options` is imported unasked.

options   where it is served, by which certificates, and over which rooms; knows no gRPC
contract  what the model makes of tuning.proto
telling   model objects as messages
asking    requests in the use cases' words
views     how much of a job is told, and what that takes
failures  the table of errors
call      one call, and how it ends
calls     what is done with every call, whatever it asks for
remembered  what is kept of an answer, to be given again
service   the methods
public    what takes no credentials: health and reflection
server    the port: what it serves, limits, TLS, and how it ends
"""

from gateway.rpc.options import Bounds, Rooms, RpcOptions, Served, Tls, tls_problems

__all__ = ["Bounds", "Rooms", "RpcOptions", "Served", "Tls", "tls_problems"]
