"""What an operation costs is told before it runs, and never too low; what would cost too much is not begun."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.standin import Standin, WarmStart, World, tuning_job_plan
from gateway.tuning import Lives
from tests.journeys.asking import JOBS, Asking
from tests.running import Answer, Calls, Running, Start

SOON_FORGOTTEN = Lives(running=1, finished=1, listing=1, absent=1, tags=1, token=1, revalidated=0, stale=0)
TRIALS = 130


def _cost(answer: Answer) -> dict[str, int]:
    return dict(answer.body["extensions"]["cost"])


async def test_an_operation_above_the_limit_is_refused_before_anything_is_read(
    start: Start, world: World, calls: Calls
) -> None:
    world.add(tuning_job_plan("vision-a", trials=3))
    gateway = await start(most_calls=10)
    query = """query ($first: Int) { tuningJob(name: "vision-a") {
        trainingJobs(first: $first) { nodes { details { roleArn } } } } }"""
    refused = await gateway.ask(query, first=8)
    assert refused.codes == ["COST_LIMIT_EXCEEDED"]
    (error,) = refused.body["errors"]
    assert error["extensions"] == {"code": "COST_LIMIT_EXCEEDED", "estimatedCalls": 11, "limit": 10}
    assert "may cause 11 AWS calls, and 10 are allowed" in error["message"]
    assert "data" not in refused.body
    assert _cost(refused) == {"estimatedCalls": 11, "actualCalls": 0, "cacheHits": 0}
    assert calls() == {}
    allowed = await gateway.ask(query, first=7)
    assert allowed.codes == []
    assert _cost(allowed)["estimatedCalls"] == 10


SPREAD = """query ($n: Int! = 3) { tuningJobs(first: $n) { ...C ...C } }
    fragment C on TuningJobConnection { ...E edges { node { tags { value } } } }
    fragment E on TuningJobConnection { edges { node { ... on Node { ... on TuningJob { tags { key } } } } } }"""


@pytest.mark.parametrize(
    ("query", "estimated"),
    [
        ("{ viewer { subject } __schema { queryType { name } } }", 0),
        ('{ tuningJob(name: "vision-a") { name } }', 1),
        ('{ one: tuningJob(name: "vision-a") { name } two: tuningJob(name: "vision-a") { name } }', 1),
        ('{ tuningJob(name: "vision-a") { trainingJobs { nodes { details { roleArn } } } } }', 13),
        ("query ($n: Int = 3) { tuningJobs(first: $n) { nodes { objective { metricName } } } }", 4),
        (SPREAD, 4),
        ("query ($no: Boolean = false) { tuningJobs { nodes { tags @include(if: $no) { key } } } }", 1),
        ("query ($no: Boolean = false) { tuningJobs { nodes { tags @skip(if: $no) { key } } } }", 11),
        ("{ tuningJobs(statusEquals: FAILED) { totalCount } }", 10),
        ('{ viewer { teams { tuningJob(name: "vision-a") { team { tuningJobs { totalCount } } } } } }', 2),
        ('{ node(id: "bm8gaWQ") { id } }', 0),
    ],
)
async def test_the_estimate_counts_what_would_run(gateway: Running, query: str, estimated: int) -> None:
    answer = await gateway.ask(query)
    assert _cost(answer)["estimatedCalls"] == estimated


async def test_ids_are_priced_by_what_they_name(gateway: Running, world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=3))
    found = await gateway.ask(
        '{ tuningJob(name: "vision-a") { id trainingJobs(sortOrder: DESCENDING) { nodes { id } } } }'
    )
    job = found.data["tuningJob"]
    ids = [job["id"], *[node["id"] for node in job["trainingJobs"]["nodes"]]]
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
        id ... on TuningJob { tags { key } } ... on TrainingJob { details { roleArn } } } }"""
    assert _cost(await gateway.ask(query, ids=ids[:1]))["estimatedCalls"] == 2
    assert _cost(await gateway.ask(query, ids=ids[1:]))["estimatedCalls"] == 1 + 10 + 3 + 1
    assert _cost(await gateway.ask(query, ids=ids))["estimatedCalls"] == 2 + 10 + 3 + 1


async def test_fragments_that_multiply_at_each_level_are_refused_and_not_followed(gateway: Running) -> None:
    again = 'tuningJob(name: "x") {{ team {{ ...F{0} }} }}' * 5
    levels = " ".join(f"fragment F{level} on Team {{ {again.format(level + 1)} }}" for level in range(6))
    document = f"{{ viewer {{ teams {{ ...F0 }} }} }} {levels} fragment F6 on Team {{ name }}"
    answer = await gateway.ask(document)
    assert answer.codes == ["DOCUMENT_LIMIT_EXCEEDED"]
    assert "10000 fields" in answer.messages


@pytest.fixture
def full_world(world: World) -> None:
    """Long listings: more than a page of tuning jobs for every team, more than a page of training jobs in one."""
    world.add(tuning_job_plan("vision-base", trials=5))
    world.add(tuning_job_plan("own-base", trials=5, tags={"team": "speech"}))
    for prefix, tags in (("vision", {}), ("own", {"team": "speech"})):
        parent = WarmStart(parents=(f"{prefix}-base",))
        world.add(tuning_job_plan(f"{prefix}-long", trials=TRIALS, warm_start=parent, tags=tags))
        for number in range(104):
            world.add(tuning_job_plan(f"{prefix}-{number}", trials=6, tags=tags))
    world.add(tuning_job_plan("nlp-only", trials=6))


async def _cursors(gateway: Running, team: str) -> dict[str, list[str]]:
    """Cursors of the first two pages of both listings, which lead to enough of what follows."""
    words = 'team: "vision", ' if team == "both" else ""
    query = f"""query ($name: String!, $a: String, $b: String) {{
        tuningJobs({words}first: 100, after: $a) {{ edges {{ cursor }} pageInfo {{ endCursor }} }}
        tuningJob({words}name: $name) {{ trainingJobs(first: 100, after: $b) {{
            edges {{ cursor }} pageInfo {{ endCursor }} }} }} }}"""
    found: dict[str, list[str]] = {"tuningJobs": [], "trainingJobs": []}
    ends: dict[str, str | None] = {"a": None, "b": None}
    for places in ([0, 50, 98, 99], [0]):
        data = (await gateway.ask(query, key=f"key-of-{team}", name=JOBS[team], **ends)).data
        one, other = data["tuningJobs"], data["tuningJob"]["trainingJobs"]
        ends = {"a": one["pageInfo"]["endCursor"], "b": other["pageInfo"]["endCursor"]}
        if team != "both":  # its list is the other team's
            found["tuningJobs"] += [one["edges"][place]["cursor"] for place in places]
        found["trainingJobs"] += [other["edges"][place]["cursor"] for place in places]
    return found


@pytest.mark.usefixtures("full_world")
@pytest.mark.parametrize("plainly", [False, True], ids=["never too low", "at most twice"])
@pytest.mark.parametrize("team", JOBS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_an_estimate_is_never_below_what_is_used_and_at_most_twice_it_for_plain_slices(
    start: Start,
    standin: Standin,
    advance: Callable[[float], None],
    shared: dict[str, Any],
    team: str,
    plainly: bool,
    data: st.DataObject,
) -> None:
    if not shared:
        shared["gateway"] = await start(lives=SOON_FORGOTTEN, most_calls=100_000)
        shared["cursors"] = await _cursors(shared["gateway"], team)
    gateway: Running = shared["gateway"]
    asking = Asking(data.draw, team, shared["cursors"], plainly)
    query = asking.query()
    advance(2)  # whatever is remembered is forgotten
    standin.calls.reset()
    answer = await gateway.ask(query, key=f"key-of-{team}", **asking.variables)
    assert answer.codes == []
    cost = _cost(answer)
    assert cost["actualCalls"] == sum(standin.calls.counts.values())
    assert cost["actualCalls"] <= cost["estimatedCalls"]
    if plainly:
        assert cost["estimatedCalls"] <= 2 * cost["actualCalls"]


@pytest.fixture
def shared() -> dict[str, Any]:
    """What the examples of one property share."""
    return {}
