"""What the benchmarks of speed ask: one query for a page of training jobs, by one caller."""

import json

import aiohttp

from tests.bench.execute import QUERY

NAME = "vision-resnet"  # of the demo's world: finished, with 750 training jobs
CALLER = {"X-API-Key": "key-of-vision"}
_SENT_ANYWAY = ("Content-Length", "Date")


def page(name: str = NAME, *, first: int = 10, after: str | None = None) -> bytes:
    """The body of a request."""
    return json.dumps({"query": QUERY, "variables": {"name": name, "first": first, "after": after}}).encode()


def sorted_page(name: str, sort_by: str, sort_order: str) -> bytes:
    """The same, of a job's first rows in another order."""
    query = QUERY.replace("$after: String)", "$by: TrainingJobSortBy, $order: SortOrder)")
    query = query.replace("after: $after", "sortBy: $by, sortOrder: $order")
    variables = {"name": name, "first": 10, "by": sort_by, "order": sort_order}
    return json.dumps({"query": query, "variables": variables}).encode()


async def settled(http: aiohttp.ClientSession, endpoint: str, body: bytes) -> tuple[bytes, dict[str, str]]:
    """An answer once all of it is remembered, and its headers."""
    for _ in range(3):
        async with http.post(endpoint, data=body, headers=CALLER | {"Content-Type": "application/json"}) as response:
            text, headers = await response.read(), response.headers
    assert "errors" not in json.loads(text), text
    return text, {name: value for name, value in headers.items() if name not in _SENT_ANYWAY}


def edges(text: bytes) -> list[dict[str, object]]:
    """The rows of an answer, with their cursors."""
    return list(json.loads(text)["data"]["tuningJob"]["trainingJobs"]["edges"])


def nodes(text: bytes) -> object:
    """All but the cursors: they hold tokens that the local SageMaker gave each gateway anew."""
    return [edge["node"] for edge in edges(text)]
