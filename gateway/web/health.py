"""/livez: the event loop turns. /readyz: requests are welcome. Neither asks AWS: its outage is no reason to restart."""

from dataclasses import dataclass

from aiohttp import web


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

    return [web.get("/livez", livez), web.get("/readyz", readyz)]
