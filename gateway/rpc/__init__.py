"""Face 2, gRPC: the same use cases for the internal platform API. An extra: only `options` is imported unasked.

options   where it is served, and by which certificates; knows no gRPC
contract  what the model makes of tuning.proto
telling   model objects as messages
asking    requests in the use cases' words
views     how much of a job is told, and what that takes
failures  the table of errors
calls     what is done with every call, whatever it asks for
remembered  answers as bytes, for as long as what was read for them lasts
service   the methods
server    the port: health, reflection, limits, TLS, and how it ends
"""

from gateway.rpc.options import RpcOptions, Tls, tls_problems

__all__ = ["RpcOptions", "Tls", "tls_problems"]
