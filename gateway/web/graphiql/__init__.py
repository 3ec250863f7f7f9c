"""GraphiQL for browsers: our page, and the pinned npm release that `make graphiql` puts into `assets/`.

Whoever asks for HTML gets the page, which shows nothing of anybody's: it asks for a token itself, keeps it in the
browser's tab, and sends it to this origin alone. Here lives what is served, and under which headers; `build` fetches
the release.
"""

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from gateway.web.answers import Refusal
from gateway.web.gate import Gate
from gateway.web.request import Request

_HERE = Path(__file__).parent
_ASSETS = _HERE / "assets"
_READING = frozenset({"GET", "HEAD"})
_PATHS = frozenset({"/", "/graphql"})
_OPERATIONS = frozenset({"query", "documentId", "extensions"})  # the ways in which an address can ask for one

# Every file by its name in the address: a name that is not here is not looked for, so no path leads anywhere else.
_OURS = ("page.css", "page.js")
_RELEASE = ("graphiql.min.css", "graphiql.min.js", "react-dom.production.min.js", "react.production.min.js")
_TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript"}

_NOT_BUILT = "GraphiQL is not built: run make graphiql. The API works all the same."
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    # The hash is of the one style GraphiQL writes into the page: nothing scrolls behind an open dialog. Its text never
    # changes, as ours is a page without scroll bars and margins; a release that words it otherwise does without it.
    "style-src": "'self' 'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='",
    "connect-src": "'self'",  # the API, and nobody else's
    "img-src": "'self' data:",  # GraphiQL's style sheet carries its pictures
    "font-src": "data:",  # and its fonts
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS: Mapping[str, str] = {
    # Asked again each time, by ETag: a new release must not meet the old one's scripts.
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in _POLICY.items()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def graphiql() -> Gate:
    """A gate that gives browsers the page, and the page its files. They show nothing of anybody's."""
    files = {
        f"/graphiql/{path.name}": path
        for path in (*[_HERE / name for name in _OURS], *[_ASSETS / name for name in _RELEASE])
    }

    def gate(request: Request) -> web.StreamResponse | None:
        if request.method not in _READING:
            return None
        if _opened_by_browser(request):
            return _file(_HERE / "page.html")
        path = files.get(request.path)
        return None if path is None else _file(path)

    return gate


def _opened_by_browser(request: Request) -> bool:
    """Whether a person looks: `*/*` is what programs send, and an operation in the address is for the API."""
    return (
        request.path in _PATHS
        and _OPERATIONS.isdisjoint(request.query)
        and "text/html" in request.headers.get("Accept", "")
    )


def _file(path: Path) -> web.FileResponse:
    # Looked for at each request, so that a release built meanwhile is there without a restart.
    if not path.is_file():
        raise Refusal(404, "BAD_USER_INPUT", _NOT_BUILT)
    return web.FileResponse(path, headers={**_HEADERS, "Content-Type": f"{_TYPES[path.suffix]}; charset=utf-8"})
