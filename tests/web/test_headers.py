"""The headers that every answer carries, whatever came of the request."""

import pytest

from tests.running import Running

SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("POST", "/graphql", "key-of-vision"),
        ("POST", "/graphql", "no-such-key"),
        ("PUT", "/graphql", "key-of-vision"),
        ("GET", "/nowhere", "key-of-vision"),
        ("OPTIONS", "/graphql", "key-of-vision"),
    ],
)
async def test_no_answer_can_be_sniffed_framed_embedded_or_kept(
    gateway: Running, method: str, path: str, key: str
) -> None:
    headers = {"X-API-Key": key}
    body = {"query": "{ viewer { subject } }"}
    async with gateway.http.request(method, f"{gateway.address}{path}", json=body, headers=headers) as response:
        assert {name: response.headers.get(name) for name in SAFE} == SAFE


async def test_the_page_for_browsers_keeps_its_own_and_gets_the_rest(gateway: Running) -> None:
    async with gateway.http.get(f"{gateway.address}/graphql", headers={"Accept": "text/html"}) as response:
        assert response.headers["Cache-Control"] == "no-cache"
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
