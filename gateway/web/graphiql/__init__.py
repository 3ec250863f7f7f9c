"""GraphiQL for browsers: our page, and the pinned npm release that `make graphiql` puts into `assets/`.

Whoever asks for HTML gets the page, which shows nothing of anybody's: it asks for a token itself.
"""

from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

_HERE = Path(__file__).parent
_PATHS = frozenset({"/", "/graphql"})


@web.middleware
async def page_for_browsers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a browser that opens the API with the page."""
    if request.method == "GET" and request.path in _PATHS and "query" not in request.query and _wants_html(request):
        return web.FileResponse(_HERE / "page.html")
    return await handler(request)


def _wants_html(request: web.Request) -> bool:
    return "text/html" in request.headers.get("Accept", "")


def page_routes() -> list[web.RouteDef]:
    """The page's own files, and those of the npm release."""
    return []
