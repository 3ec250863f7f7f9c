"""A whole gateway answers alike whether operations are compiled or not, and asks AWS for the same."""

import pytest

from gateway.standin import FailNext, Standin, World, tuning_job_plan
from tests.running import Calls, Start

PAGE = """query ($after: String) { tuningJob(name: "vision-a") { ...Job trainingJobs(first: 3, after: $after) {
    edges { cursor node { id name status creationTime finalObjectiveMetric { value }
        tunedHyperParameters { name value } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount asOf stale } } }
    fragment Job on Node { __typename id ... on TuningJob { name status rawStatus objective { metricName type } } }"""
QUERIES = [
    PAGE,
    "{ viewer { subject permissions teams { name region tuningJobs { nodes { name team { name } tags { key } } } } } }",
    '{ team(name: "platform") { tuningJob(name: "vision-a") { bestTrainingJob { details { secondaryStatus } } } } }',
    '{ none: tuningJob(name: "no-such") { name } tuningJobs(nameContains: "a") { nodes { id definitions { name } } } }',
    '{ tuningJob(name: "bad name") { name } }',
    '{ tuningJob(name: "vision-a") { trainingJobs(after: "no cursor") { nodes { name } } } }',
]


@pytest.mark.parametrize("query", QUERIES)
async def test_answers_and_calls_are_the_same(start: Start, world: World, calls: Calls, query: str) -> None:
    world.add(tuning_job_plan("vision-a", trials=5))
    world.add(tuning_job_plan("nlp-a", trials=1))
    found = []
    for compiled in (True, False):
        gateway, before = await start(compiled_operations=compiled), calls()
        for _ in range(2):  # cold, then remembered
            answer = await gateway.ask(query)
            asked = {operation: count - before.get(operation, 0) for operation, count in calls().items()}
            found.append((answer.status, answer.body, asked))
    assert found[:2] == found[2:]


async def test_pages_follow_each_other_whichever_gateway_gave_the_cursor(start: Start, world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=8))
    one, other = await start(compiled_operations=True), await start(compiled_operations=False)
    names, after = [], None
    for gateway in (one, other, one):
        page = (await gateway.ask(PAGE, after=after)).data["tuningJob"]["trainingJobs"]
        names += [edge["node"]["name"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert len(set(names)) == len(names) == 8


async def test_a_call_that_fails_is_not_made_again_to_tell_of_it(
    start: Start, world: World, standin: Standin, calls: Calls
) -> None:
    world.add(tuning_job_plan("vision-a", trials=5))
    gateway = await start()
    standin.switches.fail_next = [FailNext("ListTrainingJobsForHyperParameterTuningJob", "ThrottlingException")]
    answer = await gateway.ask(PAGE)
    assert (answer.codes, answer.body["data"]) == (["THROTTLED"], {"tuningJob": None})
    assert calls() == {"DescribeHyperParameterTuningJob": 1, "ListTrainingJobsForHyperParameterTuningJob": 1}
