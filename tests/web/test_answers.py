"""Failures as answers: one status for each error with a code, and when trying again helps, when."""

import json

import pytest

from gateway import errors
from gateway.schema.errors import CODES
from gateway.web.answers import _STATUSES, answered, in_graphql, refusal_for
from tests.running import Running

GRAPHQL = "application/graphql-response+json"


def test_every_error_with_a_code_has_a_status_and_no_other_has() -> None:
    assert set(_STATUSES) == set(CODES)


@pytest.mark.parametrize("error", [errors.OperatorError("role x"), errors.NotFound("x"), errors.TokenRefused("x")])
def test_what_callers_are_not_told_of_is_masked_with_the_request_id(error: errors.GatewayError) -> None:
    refusal = refusal_for(error, "an-id")
    assert (refusal.status, refusal.code) == (500, "INTERNAL")
    assert "an-id" in str(refusal)
    assert str(error) not in str(refusal)


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (errors.Throttled("later", retry_after_ms=1_200), "2"),
        (errors.Throttled("later", retry_after_ms=1_000), "1"),
        (errors.UpstreamUnavailable("out of order"), "10"),
    ],
)
def test_a_503_says_when_to_try_again(error: errors.GatewayError, seconds: str) -> None:
    response = answered(refusal_for(error, "an-id"), "application/json")
    assert response.status == 503
    assert response.headers["Retry-After"] == seconds
    assert isinstance(response.body, bytes)
    extensions = json.loads(response.body)["errors"][0]["extensions"]
    assert extensions.get("retryAfterMs") == getattr(error, "retry_after_ms", None)


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "query A { viewer { subject } }", "operationName": "B"},
        {"query": "query A { viewer { subject } } query B { viewer { subject } }"},
        {"query": "{ viewer { subject } }", "variables": [1]},
        {"query": "{ viewer { subject } }", "variables": "x"},
        {
            "query": "query ($n: Int!) { viewer { subject } tuningJobs(first: $n) { totalCount } }",
            "variables": {"n": "x"},
        },
        {"query": "{ tuningJobs(first: 0) { totalCount } }"},
    ],
)
async def test_what_can_never_run_is_400_in_graphqls_own_media_type(gateway: Running, parameters: object) -> None:
    headers = {"X-API-Key": "key-of-vision", "Accept": GRAPHQL}
    async with gateway.http.post(f"{gateway.address}/graphql", json=parameters, headers=headers) as response:
        assert response.status == 400
        assert response.content_type == GRAPHQL
        answer = json.loads(await response.read())
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert "data" not in answer


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "{"},
        {"query": "{ nope }"},
        {"query": "{ viewer { subject } }", "operationName": "B"},
        {"query": "query ($n: Int!) { tuningJobs(first: $n) { totalCount } }"},
        {"query": "{ tuningJobs(first: 0) { totalCount } }"},
        {"query": "{ viewer { ...A } } fragment A on Viewer { ...A }"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
        {},
    ],
)
async def test_an_answer_for_which_nothing_ran_says_that_it_cost_nothing(gateway: Running, parameters: object) -> None:
    headers = {"X-API-Key": "key-of-vision"}
    async with gateway.http.post(f"{gateway.address}/graphql", json=parameters, headers=headers) as response:
        answer = await response.json()
    assert answer["errors"]
    assert answer["extensions"] == {"cost": {"estimatedCalls": 0, "actualCalls": 0, "cacheHits": 0}}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errors.Unauthenticated("who?"), True),
        (errors.CostLimitExceeded("too much"), True),
        (errors.UpstreamTimeout("late"), False),
        (errors.DeadlineExceeded("late"), False),
        (ValueError("x"), False),
    ],
)
def test_what_failed_on_its_way_says_nothing_of_a_cost_that_it_may_have_had(error: Exception, told: bool) -> None:
    assert ("extensions" in in_graphql(refusal_for(error, "an-id"))) is told


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [(GRAPHQL, GRAPHQL), ("application/json", "application/json"), ("text/html", "application/json")],
)
async def test_a_refusal_is_in_the_media_type_the_caller_accepts(
    gateway: Running, accept: str, media_type: str
) -> None:
    async with gateway.http.post(f"{gateway.address}/graphql", json={}, headers={"Accept": accept}) as response:
        assert (response.status, response.content_type) == (401, media_type)
