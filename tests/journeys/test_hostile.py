"""A hostile caller against each rule of ownership: another team's job is answered as no job at all, to the byte and to
the call, whether its owner has just read it or not.
"""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.standin import Standin, World, tuning_job_plan
from gateway.tuning import Lives
from tests.running import Clock, Running, Start

# For each rule: the attacker, the owner, the owner's job, and a job that nobody has.
RULES = {
    "all, in two accounts": ("lab-a", "lab-b", "secret-plan", "no-such-plan"),
    "prefix": ("vision", "nlp", "nlp-secret", "nlp-nothing"),
    "tag": ("speech", "robotics", "secret-arm", "no-such-arm"),
    "tag, untagged": ("speech", "platform", "nobodys-job", "no-such-job"),
}
SECRET = "99d0c5"  # in every name and value of the owner's that must not come out


def _plans(world: World) -> None:
    tags = {"robotics": {"team": "robotics", "note": SECRET}, "speech": {"team": "speech"}}
    world.add(tuning_job_plan("secret-plan", trials=3, account="777788889999", tags={"note": SECRET}))
    world.add(tuning_job_plan("own-plan", trials=3, account="444455556666"))
    world.add(tuning_job_plan("nlp-secret", trials=3, tags={"note": SECRET}))
    world.add(tuning_job_plan("vision-own", trials=3))
    world.add(tuning_job_plan("secret-arm", trials=3, tags=tags["robotics"]))
    world.add(tuning_job_plan("own-voice", trials=3, tags=tags["speech"]))
    world.add(tuning_job_plan("nobodys-job", trials=3, tags={"note": SECRET}))


@pytest.fixture
def clock() -> Clock:
    """Starts now: the SDK knows no clock but its own when it judges credentials."""
    clock = Clock()
    clock.now = time.time()
    return clock


@pytest.fixture
def plans(world: World) -> World:
    _plans(world)
    return world


ATTACKS = {
    "every field": """query ($name: String!) { tuningJob(name: $name) {
        __typename id name arn status team { name region } tags { key value } objective { metricName }
        definitions { name } warmStart { parents { name } }
        bestTrainingJob { name } overallBestTrainingJob { name }
        trainingJobs { totalCount asOf nodes { name details { roleArn } } pageInfo { endCursor } } } }""",
    "aliases": """query ($name: String!) {
        a: tuningJob(name: $name) { name } b: tuningJob(name: $name) { tags { key } } }""",
    "fragments": """query ($name: String!) { ...Q } fragment Q on Query { tuningJob(name: $name) { ...T } }
        fragment T on TuningJob { trainingJobs { nodes { name } } }""",
    "directives": "query ($name: String!) { tuningJob(name: $name) @include(if: true) { name @skip(if: false) } }",
    "the team's door": """query ($name: String!, $team: String!) {
        team(name: $team) { tuningJob(name: $name) { name } } }""",
    "the team named": "query ($name: String!, $team: String!) { tuningJob(name: $name, team: $team) { name } }",
}


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("rule", RULES)
async def test_absent_and_foreign_are_one_answer_cold_and_warm_for_the_same_calls(
    start: Start, standin: Standin, advance: Callable[[float], None], rule: str
) -> None:
    attacker, owner, foreign, absent = RULES[rule]
    gateway = await start(lives=Lives(finished=60))

    async def seen(attack: str, name: str, *, warmed: bool) -> tuple[object, ...]:
        """What the attacker sees of a name at first and at once again, and the calls that each look cost."""
        advance(61)  # nothing is remembered any more
        if warmed:
            warm = await gateway.ask(ATTACKS["every field"], key=f"key-of-{owner}", name=name)
            assert warm.data["tuningJob"]["name"] == name
        standin.calls.reset()
        sent = {"team": attacker} if "$team" in attack else {}
        answers = []
        for _ in range(2):
            answer = await gateway.ask(attack, key=f"key-of-{attacker}", name=name, **sent)
            calls = {each: count for each, count in standin.calls.counts.items() if each != "AssumeRole"}
            answers.append((answer.status, json.dumps(answer.body), calls))
        return tuple(answers)

    for attack in ATTACKS.values():
        nothing = await seen(attack, absent, warmed=False)
        assert "errors" not in str(nothing)
        assert await seen(attack, foreign, warmed=False) == nothing
        assert await seen(attack, foreign, warmed=True) == nothing


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("rule", RULES)
async def test_nothing_of_the_other_team_is_in_a_list_an_id_or_a_cursor(start: Start, rule: str) -> None:
    attacker, owner, foreign, _ = RULES[rule]
    gateway = await start()
    everything = """query ($after: String) { tuningJobs(first: 1, after: $after) { totalCount edges {
        cursor node { id name tags { value } trainingJobs { edges { cursor node { id } } } } } } }"""
    own = await gateway.ask(everything, key=f"key-of-{attacker}")
    assert foreign not in json.dumps(own.body)
    assert SECRET not in json.dumps(own.body)
    assert own.data["tuningJobs"]["totalCount"] == 1

    stolen = await gateway.ask(ATTACKS["every field"], key=f"key-of-{owner}", name=foreign)
    listed = await gateway.ask(everything, key=f"key-of-{owner}")
    edge = listed.data["tuningJobs"]["edges"][0]
    inner = edge["node"]["trainingJobs"]["edges"][0]
    node = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    ids = [stolen.data["tuningJob"]["id"], edge["node"]["id"], inner["node"]["id"]]
    assert (await gateway.ask(node, key=f"key-of-{attacker}", ids=ids)).data == {"nodes": [None] * 3}
    for cursor in (edge["cursor"], inner["cursor"]):
        refused = await gateway.ask(everything, key=f"key-of-{attacker}", after=cursor)
        assert refused.codes == ["INVALID_CURSOR"]
        assert SECRET not in json.dumps(refused.body)


@pytest.mark.usefixtures("plans")
async def test_a_get_is_scoped_as_a_post_is(gateway: Running) -> None:
    parameters = {"query": '{ tuningJob(name: "nlp-secret") { name } }'}
    headers = {"X-API-Key": "key-of-vision"}
    async with gateway.http.get(f"{gateway.address}/graphql", params=parameters, headers=headers) as response:
        assert (await response.json())["data"] == {"tuningJob": None}


async def _tagged(gateway: Running, standin_address: str, arn: str, team: str) -> None:
    body = {"ResourceArn": arn, "Tags": [{"Key": "team", "Value": team}]}
    headers = {
        "X-Amz-Target": "SageMaker.AddTags",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIA111122223333/20260921/us-east-1/sagemaker/aws4_request",
    }
    async with gateway.http.post(f"{standin_address}/", data=json.dumps(body), headers=headers) as response:
        assert response.status == 200


async def test_a_tag_taken_away_closes_the_job_within_the_life_of_tags(
    gateway: Running, world: World, standin_address: str, advance: Any
) -> None:
    plan = world.add(tuning_job_plan("own-voice", trials=1, tags={"team": "speech"}))
    query = '{ tuningJob(name: "own-voice") { name } }'
    assert (await gateway.ask(query, key="key-of-speech")).data["tuningJob"] is not None
    await _tagged(gateway, standin_address, plan.arn, "robotics")
    advance(31)
    assert (await gateway.ask(query, key="key-of-speech")).data["tuningJob"] is None
    assert (await gateway.ask(query, key="key-of-robotics")).data["tuningJob"] is not None


async def test_the_index_alone_does_not_decide_whose_a_job_is(
    gateway: Running, world: World, standin: Standin, standin_address: str, advance: Callable[[float], None]
) -> None:
    """Search lags: a job it still shows as ours is opened only if its tags still say so."""
    plan = world.add(tuning_job_plan("secret-arm", trials=1, created=-200_000.0, tags={"team": "speech"}))
    advance(120)
    standin.switches.search_lag = 60
    await _tagged(gateway, standin_address, plan.arn, "robotics")
    advance(40)
    listed = await gateway.ask(
        """{ tuningJobs { nodes { name definitions { name } tags { value } warmStart { parents { name } }
        overallBestTrainingJob { name } } } }""",
        key="key-of-speech",
    )
    assert set(listed.codes) == {"FORBIDDEN"}
    nothing = {"definitions": None, "tags": None, "warmStart": None, "overallBestTrainingJob": None}
    assert listed.body["data"]["tuningJobs"]["nodes"] == [{"name": "secret-arm", **nothing}]
    opened = await gateway.ask("{ tuningJobs { nodes { trainingJobs { nodes { name } } } } }", key="key-of-speech")
    assert set(opened.codes) == {"FORBIDDEN"}
    assert "secret-arm" not in json.dumps(opened.body)


async def test_roles_are_assumed_with_their_external_id_and_a_session_that_names_the_team(
    gateway: Running, world: World, standin: Standin
) -> None:
    _plans(world)
    standin.switches.roles = {
        "arn:aws:iam::444455556666:role/gateway": "a-7f3a",
        "arn:aws:iam::777788889999:role/gateway": "some-other-id",
    }
    opened = await gateway.ask("{ tuningJobs { nodes { name } } }", key="key-of-lab-a")
    assert opened.data["tuningJobs"]["nodes"] == [{"name": "own-plan"}]
    refused = await gateway.ask("{ tuningJobs { nodes { name } } }", key="key-of-lab-b")
    assert refused.codes == ["INTERNAL"]
    assert "role" not in json.dumps(refused.body).lower()
    assert standin.calls.counts["AssumeRole"] >= 2


async def test_assumed_credentials_are_renewed_before_they_expire(
    gateway: Running, world: World, standin: Standin, clock: Clock
) -> None:
    _plans(world)
    clock.now -= 3_540  # what is issued now expires in a minute
    for name in ("own-plan", "no-such-plan"):
        answer = await gateway.ask("query ($n: String!) { tuningJob(name: $n) { name } }", key="key-of-lab-a", n=name)
        assert answer.codes == []
    assert standin.calls.counts["AssumeRole"] == 2


MOMENTS = st.dictionaries(
    st.from_regex(r"(vision|nlp|own|x)-[a-c]{1,4}", fullmatch=True),
    st.sampled_from([None, "speech", "robotics", "nobody"]),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ownership=MOMENTS)
async def test_what_a_scope_sees_is_the_filter_of_the_flat_list(
    start: Start, standin: Standin, clock: Clock, ownership: dict[str, str | None]
) -> None:
    world = World(clock)
    for name, tag in ownership.items():
        world.add(tuning_job_plan(name, trials=1, tags={} if tag is None else {"team": tag}))
    standin.world = world
    gateway = await start()
    query = "query ($n: String!) { tuningJob(name: $n) { name } }"
    mine = {
        "vision": {name for name in ownership if name.startswith("vision-")},
        "nlp": {name for name in ownership if name.startswith("nlp-")},
        "platform": set(ownership),
        "speech": {name for name, tag in ownership.items() if tag == "speech"},
        "robotics": {name for name, tag in ownership.items() if tag == "robotics"},
        "forecasting": set(),
    }
    for team, names in mine.items():
        listed = await gateway.ask("{ tuningJobs(first: 100) { totalCount nodes { name } } }", key=f"key-of-{team}")
        assert {node["name"] for node in listed.data["tuningJobs"]["nodes"]} == names
        assert listed.data["tuningJobs"]["totalCount"] == len(names)
        for name in ownership:
            found = (await gateway.ask(query, key=f"key-of-{team}", n=name)).data["tuningJob"]
            assert (found is not None) is (name in names)
    await gateway.http.close()
