"""urql takes event streams and multipart too, by its own Accept; it gets JSON, and the codes of the errors."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.running import Running

QUERIES = {
    "{ viewer { subject } }": ({"viewer": {"subject": "api-key:vision"}}, []),
    '{ tuningJob(name: "vision-resnet") { name trainingJobs(first: 1) { totalCount } } }': (
        {"tuningJob": {"name": "vision-resnet", "trainingJobs": {"totalCount": 750}}},
        [],
    ),
    '{ tuningJob(name: "nlp-secret") { name } }': ({"tuningJob": None}, []),
    '{ tuningJob(name: "vision-resnet") { trainingJobs(first: 1000) { totalCount } } }': (None, ["BAD_USER_INPUT"]),
    '{ tuningJob(name: "vision-resnet") { trainingJobs(after: "-") { totalCount } } }': (
        {"tuningJob": None},
        ["INVALID_CURSOR"],
    ),
    "{ nope }": (None, ["GRAPHQL_VALIDATION_FAILED"]),
}


@pytest.mark.usefixtures("finished_job")
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_an_urql_app_gets_json_and_the_codes_of_errors(
    gateway: Running, app: Callable[..., Awaitable[Any]], method: str
) -> None:
    answers = await app("urql", f"{gateway.address}/graphql", "key-of-vision", method, json.dumps(list(QUERIES)))
    for answer in answers:
        assert answer["method"] == method
        assert answer["accept"].split(", ")[-2:] == ["text/event-stream", "multipart/mixed"]
        assert answer["type"] == "application/graphql-response+json; charset=utf-8"
    assert [(answer["data"], answer["codes"]) for answer in answers] == list(QUERIES.values())
    assert {answer["network"] for answer in answers} == {None}
