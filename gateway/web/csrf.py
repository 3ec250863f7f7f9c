"""Requests that any page may make its visitor's browser send, by a form, an image or a plain `fetch`, are refused.

A browser asks beforehand (a CORS preflight) before it sends what such "simple" requests cannot carry: a JSON body, or a
header that is not on the Fetch standard's safelist. So whatever carries one of these comes from no browser, from our
own page, or from one on the CORS allow-list.
"""

from gateway.web.answers import Refusal
from gateway.web.identify import is_upgrade
from gateway.web.negotiation import JSON, is_json
from gateway.web.request import Request

# Ours, and those that Apollo's clients send of themselves.
PROOFS = ("GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Apollo-Operation-Name")
_SIMPLE_METHODS = frozenset({"GET", "HEAD", "POST"})
_REFUSED = (
    f"A page of another origin could have sent this. Send Content-Type: {JSON}, or a header {PROOFS[0]} with any value."
)


def csrf(request: Request) -> None:
    """Refuse what a page of another origin could have sent without asking."""
    if _is_simple(request) and _asks_something(request):
        raise Refusal(400, "CSRF_REFUSED", _REFUSED)


def _asks_something(request: Request) -> bool:
    """Whether the API would have something to do. A socket shows its Origin, which is looked at before it opens."""
    return (
        request.path == "/graphql"
        and bool(request.query_string or request.method == "POST")
        and not is_upgrade(request)
    )


def _is_simple(request: Request) -> bool:
    if request.method not in _SIMPLE_METHODS or is_json(request):
        return False
    # The credentials are such headers too: with one of them in it, a request cannot be simple. But for Basic and the
    # like, which a browser adds by itself once it has asked its user; they are no credentials here.
    bearer = request.headers.get("Authorization", "").lower().startswith("bearer ")
    return not bearer and not any(request.headers.get(name) for name in ("X-API-Key", *PROOFS))
