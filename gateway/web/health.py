"""/livez, /readyz and /metrics. None of them asks AWS, whose outage is no reason to restart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from gateway import telemetry
from gateway.web.burden import Burden
from gateway.web.patience import Patience, Server

_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_GRACE = 1.0  # seconds; the platform's probes take none
# Probes come once in a while and ask at once. There is room beside them for whoever looks in, and not for a crowd.
_CONNECTIONS = 100
_PATIENCE = Patience(headers=5.0, idle=20.0)
_BYTES = 1024 * 1024


@dataclass(slots=True)
class Readiness:
    """Whether requests are welcome: not while the gateway starts or stops."""

    ready: bool = False


class AdminRunner(web.ServerRunner):
    """Runs what the platform reaches: whether the gateway lives, whether it takes requests, and its numbers."""

    def __init__(self, readiness: Readiness) -> None:
        server = Server(
            Health(readiness).answer, patience=_PATIENCE, connections=_CONNECTIONS, burden=Burden(most=_BYTES)
        )
        super().__init__(server, shutdown_timeout=_GRACE)


class Health:
    """Answers on the admin port."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness
        self.answers: Mapping[str, Callable[[], web.Response]] = {
            "/livez": lambda: web.json_response({"status": "alive"}),
            "/readyz": self._ready,
            "/metrics": lambda: web.Response(body=telemetry.metrics(), headers={"Content-Type": _TEXT}),
        }

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """The answer to a request, whatever its method."""
        answer = self.answers.get(request.path)
        return web.Response(status=404) if answer is None else answer()

    def _ready(self) -> web.Response:
        if self._readiness.ready:
            return web.json_response({"status": "ready"})
        return web.json_response({"status": "not ready"}, status=503)
