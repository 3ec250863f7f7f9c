"""What any page can make its visitor's browser send is refused; what a browser would have asked about passes."""

import pytest

from tests.running import Running

VIEWER = '{"query": "{ viewer { subject } }"}'
KEY = {"X-API-Key": "key-of-vision"}
QUERY = {"query": "{ viewer { subject } }"}


async def _code(gateway: Running, method: str, headers: dict[str, str], body: str | None = None) -> tuple[int, str]:
    parameters = QUERY if body is None else {}
    async with gateway.http.request(
        method, f"{gateway.address}/graphql", params=parameters, data=body, headers=headers
    ) as response:
        answer = await response.json(content_type=None)
        return response.status, answer["errors"][0]["extensions"]["code"] if "errors" in answer else "OK"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain; a=application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "nonsense",
    ],
)
async def test_a_form_is_refused_whatever_it_holds(gateway: Running, content_type: str) -> None:
    assert await _code(gateway, "POST", {"Content-Type": content_type}, VIEWER) == (400, "CSRF_REFUSED")


async def test_an_image_is_refused(gateway: Running) -> None:
    assert await _code(gateway, "GET", {"Accept": "image/avif,image/webp,*/*;q=0.8"}) == (400, "CSRF_REFUSED")


async def test_the_refusal_names_the_header_that_mends_it(gateway: Running) -> None:
    async with gateway.http.get(f"{gateway.address}/graphql", params=QUERY) as response:
        message = (await response.json())["errors"][0]["message"]
    assert "Content-Type: application/json" in message
    assert "GraphQL-Require-Preflight" in message


@pytest.mark.parametrize("credentials", ["Basic dmlzaW9uOng=", "Negotiate YII=", "Bearerish x", ""])
async def test_credentials_that_a_browser_adds_by_itself_prove_nothing(gateway: Running, credentials: str) -> None:
    headers = {"Authorization": credentials, "Content-Type": "text/plain"}
    assert await _code(gateway, "POST", headers, VIEWER) == (400, "CSRF_REFUSED")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        {"Content-Type": "application/json; charset=utf-8"},
        {"Authorization": "Bearer x.y.z"},
        {"X-API-Key": "no"},
        {"GraphQL-Require-Preflight": "1"},
        {"Apollo-Require-Preflight": "true"},
        {"X-Apollo-Operation-Name": "Viewer"},
    ],
)
async def test_what_a_browser_asks_about_first_gets_as_far_as_its_credentials(
    gateway: Running, headers: dict[str, str]
) -> None:
    assert await _code(gateway, "GET", headers) == (401, "UNAUTHENTICATED")


async def test_a_proof_without_a_value_is_none(gateway: Running) -> None:
    assert await _code(gateway, "GET", {"GraphQL-Require-Preflight": ""}) == (400, "CSRF_REFUSED")


async def test_a_get_with_an_api_key_is_answered(gateway: Running) -> None:
    assert await _code(gateway, "GET", KEY) == (200, "OK")


async def test_graphiqls_scripts_are_for_every_page_that_is_ours(gateway: Running) -> None:
    async with gateway.http.get(f"{gateway.address}/graphiql/page.js") as response:
        assert response.status == 200
