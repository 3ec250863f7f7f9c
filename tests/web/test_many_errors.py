"""However much is wrong, little of it is looked at and little is told: each error may cost a walk over all that was
sent, and repeats it.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    parse,
)

from gateway.schema.asked import Asking
from gateway.schema.compiled import Plans
from tests.listening import on_socket
from tests.running import Running

STOP = "mutation ($s: StopTuningJobInput!) { stopTuningJob(input: $s) { outcome } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
WRONG: Mapping[str, tuple[str, dict[str, Any]]] = {
    "members nobody knows": (STOP, {"s": {f"{number:x}": 0 for number in range(28_000)}}),
    "ids that are none": (NODES, {"ids": [{}] * 80_000}),
    "ids that are left out": (NODES, {"ids": [None] * 50_000}),
}


@pytest.mark.parametrize(("query", "variables"), WRONG.values(), ids=WRONG)
async def test_of_variables_that_are_wrong_throughout_ten_errors_are_told(
    gateway: Running, query: str, variables: dict[str, Any]
) -> None:
    async with asyncio.timeout(30):  # which is no measure: a walk for each error would take a minute
        answer = await gateway.ask(query, **variables)
    assert answer.codes == ["BAD_USER_INPUT"] * 11
    assert "Too many errors" in answer.body["errors"][-1]["message"]


async def test_as_few_are_told_to_who_wants_to_listen(gateway: Running) -> None:
    declared = " ".join(f"$b{number}: Boolean!" for number in range(30))
    fields = " ".join(f"name @include(if: $b{number})" for number in range(30))
    async with on_socket(gateway) as socket:
        await socket.subscribe(f'subscription ({declared}) {{ tuningJob(name: "vision-a") {{ {fields} }} }}')
        told = await socket.told()
    assert (told["type"], len(told["payload"])) == ("error", 11)


def test_no_more_is_looked_at_than_it_takes_to_know_that_variables_are_wrong() -> None:
    looks = _Looks()
    document = parse("query ($words: [Word!]!) { spoken(words: $words) }")
    Asking(_with_words(looks), compiled=True).asked(document, Plans(), {"words": ["?"] * 1_000}, None)
    assert 0 < looks.taken < 10


class _Looks:
    """Finds every word wrong, and counts how many it was shown."""

    taken = 0

    def at(self, _word: object) -> object:
        self.taken += 1
        raise ValueError


def _with_words(looks: _Looks) -> GraphQLSchema:
    words = GraphQLList(GraphQLNonNull(GraphQLScalarType("Word", parse_value=looks.at)))
    spoken = GraphQLField(GraphQLString, args={"words": GraphQLArgument(GraphQLNonNull(words))})
    return GraphQLSchema(GraphQLObjectType("Query", {"spoken": spoken}))


async def test_of_a_document_that_is_wrong_throughout_ten_errors_are_told_and_none_repeats_it(
    gateway: Running,
) -> None:
    members = " ".join(f"a{number}: 0" for number in range(150))
    text = f'mutation {{ stopTuningJob(input: {{ name: "{"x" * 100_000}" {members} }}) {{ outcome }} }}'
    answer = await gateway.ask(text)
    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"] * 11
    assert "Too many validation errors" in answer.body["errors"][-1]["message"]
    assert len(json.dumps(answer.body)) < 10_000


LONG = "x" * 100_000
REPEATED: Mapping[str, tuple[str, dict[str, Any]]] = {
    "no GraphQL": (f"query {LONG} {LONG}", {}),
    "a field": (f"{{ {LONG} }}", {}),
    "a variable": (f"query (${LONG}: Int!) {{ tuningJobs(first: ${LONG}) {{ totalCount }} }}", {LONG: "none"}),
    "a variable that is not used": (f"query (${LONG}: Int) {{ viewer {{ subject }} }}", {}),
    "a status": ("query ($s: TuningJobStatus) { tuningJobs(statusEquals: $s) { totalCount } }", {"s": LONG}),
}


@pytest.mark.parametrize(("query", "variables"), REPEATED.values(), ids=REPEATED)
async def test_a_long_message_is_cut_and_says_so(gateway: Running, query: str, variables: dict[str, Any]) -> None:
    answer = await gateway.ask(query, **variables)
    assert len(answer.codes) == 1
    assert answer.messages.endswith("… (cut)")
    assert len(answer.messages) < 600


async def test_an_operations_name_is_not_repeated_at_length_either(gateway: Running) -> None:
    body = {"query": "query A { viewer { subject } }", "operationName": LONG}
    headers = {"X-API-Key": "key-of-vision"}
    async with gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers) as response:
        (error,) = (await response.json())["errors"]
    assert error["message"].endswith("… (cut)")
