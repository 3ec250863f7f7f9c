"""Where a request carries what the log will say of it, through the list of middleware."""

from aiohttp import web

from gateway.admission import Record

RECORD = web.RequestKey("record", Record)
