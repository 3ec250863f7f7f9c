"""/livez, /readyz and /metrics. None of them asks AWS, whose outage is no reason to restart."""

from dataclasses import dataclass

from aiohttp import web

from gateway import telemetry


@dataclass(slots=True)
class Readiness:
    """Whether requests are welcome: not while the gateway starts or stops."""

    ready: bool = False


def health_routes(readiness: Readiness) -> list[web.RouteDef]:
    """The admin port's routes."""

    async def livez(_request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def readyz(_request: web.Request) -> web.Response:
        if readiness.ready:
            return web.json_response({"status": "ready"})
        return web.json_response({"status": "not ready"}, status=503)

    async def metrics(_request: web.Request) -> web.Response:
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=telemetry.metrics(), headers=headers)

    return [web.get("/livez", livez), web.get("/readyz", readyz), web.get("/metrics", metrics)]
