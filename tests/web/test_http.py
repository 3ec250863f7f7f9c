"""The door: methods, media types, credentials, and failures as JSON."""

import gzip
import io
import json
import zlib
from typing import Any

import pytest

from gateway.standin import FailNext, Standin, World, tuning_job_plan
from tests.running import Running

KEY = {"X-API-Key": "key-of-platform"}
JSON = {"Content-Type": "application/json"}
VIEWER = '{"query": "{ viewer { subject } }"}'


async def _post(gateway: Running, body: str | io.BytesIO, **headers: str) -> tuple[int, dict[str, Any], Any]:
    sent = {**KEY, **JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with gateway.http.post(f"{gateway.address}/graphql", data=body, headers=sent) as response:
        return response.status, await response.json(content_type=None), response.headers


def _code(body: dict[str, Any]) -> str:
    return str(body["errors"][0]["extensions"]["code"])


async def test_every_answer_has_a_request_id_and_says_what_it_varies_by(gateway: Running) -> None:
    for body in (VIEWER, "nonsense", '{"query": "{ nope }"}'):
        _, _, headers = await _post(gateway, body)
        assert headers["X-Request-Id"]
        assert headers["Vary"] == "Authorization, X-API-Key, Accept, Origin"


@pytest.mark.parametrize(("given", "kept"), [("abc-1.2_3", True), ("a" * 65, False), ("line\tbreak", False)])
async def test_a_callers_own_request_id_is_kept_where_it_is_fit_for_a_log(
    gateway: Running, given: str, kept: bool
) -> None:
    _, _, headers = await _post(gateway, VIEWER, X_Request_Id=given)
    assert (headers["X-Request-Id"] == given) is kept


async def test_a_query_travels_by_get(gateway: Running) -> None:
    parameters = {
        "query": "query A($t: String!) { team(name: $t) { name } } query B { viewer { subject } }",
        "operationName": "A",
        "variables": '{"t": "platform"}',
    }
    async with gateway.http.get(f"{gateway.address}/graphql", params=parameters, headers=KEY) as response:
        assert response.status == 200
        assert (await response.json())["data"] == {"team": {"name": "platform"}}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("{ viewer { subject } }", 200),
        ("{ nope }", 200),
        ("", 400),
        ('mutation { stopTuningJob(input: { name: "vision-a" }) { outcome } }', 405),
    ],
)
async def test_a_head_is_answered_as_a_get_without_the_body(gateway: Running, query: str, status: int) -> None:
    async with gateway.http.get(f"{gateway.address}/graphql", params={"query": query}, headers=KEY) as got:
        assert got.status == status
        length = len(await got.read())
    async with gateway.http.head(f"{gateway.address}/graphql", params={"query": query}, headers=KEY) as response:
        assert (response.status, await response.read()) == (status, b"")
        assert response.headers["Content-Length"] == str(length)
        assert response.headers["Content-Type"] == got.headers["Content-Type"]
    async with gateway.http.get(f"{gateway.address}/graphql", params={"query": query}, headers=KEY) as again:
        assert again.status == status  # on the same connection: nothing is left in it


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "The body must be JSON"),
        ("1", "An operation must be a JSON object"),
        ("[1]", "Batching is off"),
        ('{"query": 7}', "query must be a GraphQL document"),
        ("{}", "query must be a GraphQL document"),
        ('{"query": "{ viewer { subject } }", "variables": []}', "variables must be a JSON object"),
        ('{"query": "{ viewer { subject } }", "operationName": 1}', "operationName must be a text"),
        ('{"query": "{ viewer { subject } }", "extensions": "x"}', "extensions must be a JSON object"),
        ("\\ud800", "The body must be JSON"),
    ],
)
async def test_a_request_that_is_not_graphql_is_refused_with_what_is_wrong(
    gateway: Running, body: str, says: str
) -> None:
    status, answer, _ = await _post(gateway, body)
    assert status == 400
    assert _code(answer) == "BAD_USER_INPUT"
    assert says in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"]
)
async def test_a_body_that_is_not_json_in_utf8_is_refused(gateway: Running, content_type: str) -> None:
    status, answer, _ = await _post(gateway, VIEWER, Content_Type=content_type)
    assert (status, _code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(VIEWER.encode(), mtime=0)),  # else each process would collect another test
        ("deflate", zlib.compress(VIEWER.encode())),
        ("identity", VIEWER.encode()),
    ],
)
async def test_a_body_may_be_compressed(gateway: Running, coding: str, body: bytes) -> None:
    status, answer, _ = await _post(gateway, io.BytesIO(body), Content_Encoding=coding)
    assert (status, answer["data"]) == (200, {"viewer": {"subject": "api-key:platform"}})


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "nonsense"])
async def test_a_body_that_is_encoded_otherwise_is_refused_with_what_may_be(gateway: Running, coding: str) -> None:
    status, answer, headers = await _post(gateway, VIEWER, Content_Encoding=coding)
    assert (status, _code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert "gzip or deflate" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        ("application/json;q=0.5, application/graphql-response+json", "application/graphql-response+json"),
        ("application/json, text/event-stream", "application/json"),
    ],
)
async def test_the_answer_is_in_the_media_type_the_caller_likes_best(
    gateway: Running, accept: str, media_type: str
) -> None:
    status, _, headers = await _post(gateway, VIEWER, Accept=accept)
    assert status == 200
    assert headers["Content-Type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "nonsense", "application/json;q=x"])
async def test_a_media_type_we_do_not_speak_is_refused(gateway: Running, accept: str) -> None:
    status, answer, _ = await _post(gateway, VIEWER, Accept=accept)
    assert (status, _code(answer)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ viewer", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("{a " * 3000, "DOCUMENT_LIMIT_EXCEEDED"),
    ],
)
async def test_a_document_that_cannot_run_is_400_in_graphqls_media_type_and_200_in_json(
    gateway: Running, query: str, code: str
) -> None:
    body = json.dumps({"query": query})
    status, answer, _ = await _post(gateway, body, Accept="application/graphql-response+json")
    assert (status, _code(answer)) == (400, code)
    assert "data" not in answer
    status, answer, _ = await _post(gateway, body, Accept="application/json")
    assert (status, _code(answer)) == (200, code)


async def test_a_variable_of_the_wrong_type_is_told_readably(gateway: Running) -> None:
    body = json.dumps({"query": "query ($n: String!) { tuningJob(name: $n) { name } }", "variables": {"n": 7}})
    status, answer, _ = await _post(gateway, body, Accept="application/graphql-response+json")
    assert (status, _code(answer)) == (400, "BAD_USER_INPUT")
    assert "$n" in answer["errors"][0]["message"]


async def test_an_operation_that_is_not_in_the_document_is_refused(gateway: Running) -> None:
    body = json.dumps({"query": "query A { viewer { subject } }", "operationName": "B"})
    _, answer, _ = await _post(gateway, body)
    assert _code(answer) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer x.y.z"}, {"X-API-Key": "no"}]
)
async def test_who_is_not_known_is_401_before_anything_else(gateway: Running, headers: dict[str, str]) -> None:
    for path in ("/graphql", "/nowhere"):
        async with gateway.http.post(f"{gateway.address}{path}", data="nonsense", headers=JSON | headers) as response:
            assert response.status == 401
            assert response.headers["WWW-Authenticate"].startswith("Bearer")
            assert _code(await response.json()) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "sent",
    [
        [("X-API-Key", "key-of-vision"), ("X-API-Key", "key-of-nlp")],
        [("Authorization", "Bearer a"), ("Authorization", "Bearer b")],
    ],
)
async def test_who_says_to_be_two_is_refused_with_the_header_that_says_so(
    gateway: Running, sent: list[tuple[str, str]]
) -> None:
    headers = [("Content-Type", "application/json"), *sent]
    async with gateway.http.post(f"{gateway.address}/graphql", data=VIEWER, headers=headers) as response:
        assert response.status == 401
        (error,) = (await response.json())["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert f"{sent[0][0]} was sent more than once" in error["message"]


async def test_who_says_twice_the_same_is_believed(gateway: Running) -> None:
    headers = [("Content-Type", "application/json"), *[("X-API-Key", "key-of-vision")] * 2]
    async with gateway.http.post(f"{gateway.address}/graphql", data=VIEWER, headers=headers) as response:
        assert (await response.json())["data"] == {"viewer": {"subject": "api-key:vision"}}


async def test_other_methods_and_paths_are_refused_as_json(gateway: Running) -> None:
    async with gateway.http.put(f"{gateway.address}/graphql", data=VIEWER, headers=KEY) as response:
        assert response.status == 405
        assert set(response.headers["Allow"].split(",")) == {"GET", "HEAD", "POST"}
        assert _code(await response.json()) == "METHOD_NOT_ALLOWED"
    async with gateway.http.get(f"{gateway.address}/nowhere", headers=KEY) as response:
        assert response.status == 404
        assert "/graphql" in (await response.json())["errors"][0]["message"]


async def test_the_admin_port_says_whether_the_gateway_lives_and_is_ready(gateway: Running) -> None:
    for path in ("/livez", "/readyz"):
        async with gateway.http.get(f"{gateway.admin}{path}") as response:
            assert response.status == 200
        async with gateway.http.get(f"{gateway.address}{path}", headers=KEY) as response:
            assert response.status == 404


async def test_what_asks_for_an_operator_is_counted(gateway: Running, world: World, standin: Standin) -> None:
    async def count() -> float:
        async with gateway.http.get(f"{gateway.admin}/metrics") as response:
            lines = (await response.text()).splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("gateway_operator_needed_total ")))

    world.add(tuning_job_plan("vision-a", trials=1))
    before = await count()
    standin.switches.fail_next = [FailNext("DescribeHyperParameterTuningJob", "AccessDeniedException")]
    assert (await gateway.ask('{ tuningJob(name: "vision-a") { name } }')).codes == ["INTERNAL"]
    assert await count() == before + 1


async def test_a_failure_of_ours_is_masked_and_has_the_request_id(
    gateway: Running, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.add(tuning_job_plan("vision-a", trials=1, account="999988887777"))
    # An answer the SDK cannot have: the stand-in is told to fail in a way no table foresees.
    async with gateway.http.patch(
        f"{gateway.configuration.sagemaker.endpoint_url}/_standin/switches",
        json={"fail_next": [{"operation": "DescribeHyperParameterTuningJob", "code": "NobodyKnowsThisException"}]},
    ) as response:
        assert response.status == 200
    answer = await gateway.ask('{ tuningJob(name: "vision-a") { name } }')
    assert answer.codes == ["INTERNAL"]
    assert answer.headers["X-Request-Id"] in answer.messages
    logged = capsys.readouterr().out
    assert "failed_unexpectedly" in logged
    assert "Traceback" not in logged
