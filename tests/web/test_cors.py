"""Pages of other origins: those on the allow-list may ask and read, all others may not, and nobody's cookies count."""

import aiohttp
import pytest

from tests.running import Running, Start

APP = "https://app.example.com"
ASKING = {"Origin": APP, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


@pytest.fixture
async def listed(start: Start) -> Running:
    """A gateway that lets pages of one other origin ask."""
    return await start(cors_origins=(APP, "http://localhost:3000"))


@pytest.mark.parametrize("path", ["/graphql", "/nowhere"])
async def test_a_preflight_is_answered_without_credentials(listed: Running, path: str) -> None:
    async with listed.http.options(f"{listed.address}{path}", headers=ASKING) as response:
        assert response.status == 204
        headers = response.headers
    assert headers["Access-Control-Allow-Origin"] == APP
    assert headers["Access-Control-Allow-Methods"] == "GET, POST"
    assert {"Authorization", "X-API-Key", "Content-Type"} <= set(headers["Access-Control-Allow-Headers"].split(", "))
    assert headers["Access-Control-Max-Age"] == "7200"
    assert "Access-Control-Allow-Credentials" not in headers
    assert "Origin" in headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example.com.evil.example",
        "http://app.example.com",
        "https://app.example.com:8443",
        "null",
        APP.upper(),
    ],
)
async def test_a_preflight_of_an_origin_that_is_not_listed_is_refused(listed: Running, origin: str) -> None:
    async with listed.http.options(f"{listed.address}/graphql", headers=ASKING | {"Origin": origin}) as response:
        assert response.status == 403
        assert (await response.json())["errors"][0]["extensions"]["code"] == "CSRF_REFUSED"
        assert not [name for name in response.headers if name.startswith("Access-Control-")]


async def test_unless_set_no_origin_is_listed(gateway: Running) -> None:
    async with gateway.http.options(f"{gateway.address}/graphql", headers=ASKING) as response:
        assert response.status == 403


@pytest.mark.parametrize(("key", "status"), [("key-of-vision", 200), ("no", 401)])
async def test_a_listed_page_may_read_answers_and_refusals(listed: Running, key: str, status: int) -> None:
    headers = {"Origin": APP, "X-API-Key": key}
    body = {"query": "{ viewer { subject } }"}
    async with listed.http.post(f"{listed.address}/graphql", json=body, headers=headers) as response:
        assert response.status == status
        assert response.headers["Access-Control-Allow-Origin"] == APP
        exposed = response.headers["Access-Control-Expose-Headers"]
        assert exposed == "X-Request-Id, ETag, Age, Retry-After"
        assert "Access-Control-Allow-Credentials" not in response.headers


async def test_another_page_may_not(listed: Running) -> None:
    headers = {"Origin": "https://evil.example", "X-API-Key": "key-of-vision"}
    body = {"query": "{ viewer { subject } }"}
    async with listed.http.post(f"{listed.address}/graphql", json=body, headers=headers) as response:
        assert not [name for name in response.headers if name.startswith("Access-Control-")]


async def test_a_listed_page_opens_a_socket_and_another_does_not(listed: Running) -> None:
    url, protocols = f"{listed.address}/graphql", ("graphql-transport-ws",)
    async with listed.http.ws_connect(url, protocols=protocols, origin=APP) as socket:
        await socket.send_json({"type": "connection_init", "payload": {"X-API-Key": "key-of-vision"}})
        assert await socket.receive_json() == {"type": "connection_ack"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await listed.http.ws_connect(url, protocols=protocols, origin="https://evil.example")
    assert refused.value.status == 403
