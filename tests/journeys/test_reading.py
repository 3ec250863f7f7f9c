"""What a frontend reads: a job with all its parts, a list that costs no more than it must, jobs that move."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.standin import DefinitionPlan, Objective, Standin, World, tuning_job_plan
from tests.running import Calls, Clock, Running

DESCRIBE = "DescribeHyperParameterTuningJob"


async def test_a_list_costs_one_call_unless_more_than_summaries_is_asked(
    gateway: Running, world: World, calls: Calls
) -> None:
    for number in range(5):
        world.add(tuning_job_plan(f"vision-{number}", trials=2))
    await gateway.ask("{ tuningJobs { nodes { id name status strategy creationTime trainingJobCounts { total } } } }")
    assert calls() == {"ListHyperParameterTuningJobs": 1}
    answer = await gateway.ask("{ tuningJobs { nodes { objective { metricName } bestTrainingJob { name } } } }")
    assert calls() == {"ListHyperParameterTuningJobs": 1, DESCRIBE: 5}
    assert answer.body["extensions"]["cost"] == {"estimatedCalls": 11, "actualCalls": 5, "cacheHits": 1}


async def test_by_tag_one_call_says_whose_a_job_is_and_which_tags_it_carries(
    gateway: Running, world: World, calls: Calls
) -> None:
    for number in range(5):
        world.add(tuning_job_plan(f"Own-{number}", trials=2, tags={"team": "speech", "run": str(number)}))
    query = "{ tuningJobs { nodes { objective { metricName } tags { value } } } }"
    answer = await gateway.ask(query, key="key-of-speech")
    assert [[tag["value"] for tag in job["tags"]] for job in answer.data["tuningJobs"]["nodes"]] == [
        ["speech", str(number)] for number in range(5)
    ]
    assert calls() == {"Search": 1, "ListTags": 5, DESCRIBE: 5}


async def test_every_part_of_one_request_sees_the_same_job(gateway: Running, world: World, calls: Calls) -> None:
    world.add(tuning_job_plan("vision-a", trials=2))
    query = '{ one: tuningJob(name: "vision-a") { name } two: tuningJob(name: "vision-a") { name } }'
    answer = await gateway.ask(query)
    assert answer.data["one"] == answer.data["two"]
    assert calls() == {DESCRIBE: 1}


async def test_a_running_job_moves_and_a_finished_one_is_not_asked_about_again(
    gateway: Running, world: World, standin: Standin, advance: Callable[[float], None]
) -> None:
    world.add(tuning_job_plan("vision-live", trials=4, created=0.0, trial_seconds=(60, 60), max_parallel=2))
    query = '{ tuningJob(name: "vision-live") { status finished endTime trainingJobCounts { total completed } } }'

    async def look() -> dict[str, Any]:
        return dict((await gateway.ask(query)).data["tuningJob"])

    advance(30)
    first = await look()
    assert (first["status"], first["trainingJobCounts"]["total"], first["endTime"]) == ("IN_PROGRESS", 2, None)
    advance(60)
    second = await look()
    assert second["trainingJobCounts"]["completed"] > first["trainingJobCounts"]["completed"]
    advance(600)
    third = await look()
    assert (third["status"], third["finished"]) == ("COMPLETED", True)
    asked = standin.calls.counts[DESCRIBE]
    advance(3600)
    assert await look() == third
    assert standin.calls.counts[DESCRIBE] == asked


async def test_a_job_that_appears_is_seen_once_its_absence_is_forgotten(
    gateway: Running, world: World, advance: Callable[[float], None], calls: Calls
) -> None:
    query = '{ tuningJob(name: "vision-new") { name } }'
    assert (await gateway.ask(query)).data == {"tuningJob": None}
    world.add(tuning_job_plan("vision-new", trials=1))
    assert (await gateway.ask(query)).data == {"tuningJob": None}
    assert calls() == {DESCRIBE: 1}
    advance(3)
    assert (await gateway.ask(query)).data == {"tuningJob": {"name": "vision-new"}}


async def test_definitions_are_one_list_whether_aws_gave_one_or_many(gateway: Running, world: World) -> None:
    one = DefinitionPlan(objective=Objective("Minimize", "loss"))
    many = [
        DefinitionPlan(objective=Objective("Minimize", "loss"), name="small"),
        DefinitionPlan(objective=Objective("Minimize", "loss"), name="large"),
    ]
    world.add(tuning_job_plan("vision-one", trials=2, definitions=[one]))
    world.add(tuning_job_plan("vision-many", trials=4, definitions=many))
    query = """query ($name: String!) { tuningJob(name: $name) {
        objective { metricName type }
        definitions { name objective { metricName type } parameterRanges { integer { name } } }
        trainingJobs { nodes { definitionName } } } }"""
    single = (await gateway.ask(query, name="vision-one")).data["tuningJob"]
    several = (await gateway.ask(query, name="vision-many")).data["tuningJob"]
    assert single["objective"] == several["objective"] == {"metricName": "loss", "type": "MINIMIZE"}
    assert [definition["objective"] for definition in single["definitions"]] == [single["objective"]]
    assert [definition["name"] for definition in several["definitions"]] == ["small", "large"]
    assert {node["definitionName"] for node in several["trainingJobs"]["nodes"]} == {"small", "large"}


async def test_words_and_numbers_aws_adds_later_do_not_break_the_page(
    gateway: Running, world: World, standin: Standin
) -> None:
    plan = world.add(tuning_job_plan("vision-odd", trials=2))
    one, two = (trial.name for trial in plan.trials)
    standin.switches.unknown_status = {"vision-odd": "Hibernating", one: "Dreaming"}
    standin.switches.non_finite_metric = {two: "NaN"}
    standin.switches.unknown_member = "NotInventedYet"
    query = """{ tuningJob(name: "vision-odd") { status rawStatus finished trainingJobs { nodes {
        name status rawStatus finalObjectiveMetric { value } } } } }"""
    job = (await gateway.ask(query)).data["tuningJob"]
    assert (job["status"], job["rawStatus"], job["finished"]) == ("UNKNOWN", "Hibernating", False)
    nodes = {node["name"]: node for node in job["trainingJobs"]["nodes"]}
    assert (nodes[one]["status"], nodes[one]["rawStatus"]) == ("UNKNOWN", "Dreaming")
    assert nodes[two]["finalObjectiveMetric"] == {"value": None}


async def test_times_are_utc_and_parameters_are_text_and_number(gateway: Running, world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=1))
    query = """{ tuningJob(name: "vision-a") { creationTime trainingJobs { asOf stale nodes { durationSeconds
        tunedHyperParameters { name value number } tunedHyperParameter(name: "num_layers") { number }
        none: tunedHyperParameter(name: "no_such") { number } } } } }"""
    job = (await gateway.ask(query)).data["tuningJob"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", job["creationTime"])
    assert job["trainingJobs"]["asOf"] == "2026-09-21T14:13:20Z"
    assert job["trainingJobs"]["stale"] is False
    (node,) = job["trainingJobs"]["nodes"]
    assert node["durationSeconds"] > 0
    assert node["none"] is None
    for parameter in node["tunedHyperParameters"]:
        assert parameter["number"] == float(parameter["value"])


async def test_nodes_are_found_by_their_ids_in_order(gateway: Running, world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=120))
    query = (
        '{ tuningJob(name: "vision-a") { id trainingJobs(first: 100, sortOrder: DESCENDING) { nodes { id name } } } }'
    )
    job = (await gateway.ask(query)).data["tuningJob"]
    some = [job["trainingJobs"]["nodes"][number]["id"] for number in (5, 99)]
    answer = await gateway.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=[some[1], "nonsense", job["id"], some[0]]
    )
    assert answer.data["nodes"] == [
        {"__typename": "TrainingJob", "id": some[1]},
        None,
        {"__typename": "TuningJob", "id": job["id"]},
        {"__typename": "TrainingJob", "id": some[0]},
    ]


async def test_details_are_one_call_for_each_training_job_that_asks(
    gateway: Running, world: World, calls: Calls
) -> None:
    world.add(tuning_job_plan("vision-a", trials=3))
    query = """{ tuningJob(name: "vision-a") { trainingJobs(first: 2) { nodes { details { secondaryStatus
        billableTimeInSeconds resources { instanceType } finalMetrics { name value } } } } } }"""
    nodes = (await gateway.ask(query)).data["tuningJob"]["trainingJobs"]["nodes"]
    assert all(node["details"]["secondaryStatus"] == "COMPLETED" for node in nodes)
    assert calls()["DescribeTrainingJob"] == 2


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ('{ tuningJob(name: "bad name") { name } }', "1 to 32"),
        ('{ tuningJob(name: "-bad") { name } }', "1 to 32"),
        ('{ tuningJob(name: "' + "a" * 33 + '") { name } }', "1 to 32"),
        ('{ tuningJob(name: "vision-a") { trainingJobs(first: 0) { totalCount } } }', "from 1 to 100"),
        ('{ tuningJob(name: "vision-a") { trainingJobs(first: 101) { totalCount } } }', "from 1 to 100"),
        (
            """{ tuningJob(name: "vision-a") { ... { ...F } } }
            fragment F on TuningJob { trainingJobs(first: -1) { stale } }""",
            "from 1 to 100",
        ),
        ('{ tuningJob(name: "vision-a") { trainingJobs(statusEquals: UNKNOWN) { totalCount } } }', "UNKNOWN"),
        ('{ tuningJobs(nameContains: "a b") { totalCount } }', "1 to 63"),
        ("{ tuningJobs(first: 1000) { totalCount } }", "from 1 to 100"),
        ('{ team(name: "platform") { tuningJobs(statusEquals: UNKNOWN) { totalCount } } }', "UNKNOWN"),
        ('{ tuningJob(name: "vision-a") { name } tuningJobs(first: 0) { totalCount } }', "from 1 to 100"),
    ],
)
async def test_a_bad_argument_is_refused_before_aws_is_asked(
    gateway: Running, calls: Calls, query: str, allowed: str
) -> None:
    answer = await gateway.ask(query)
    assert answer.codes == ["BAD_USER_INPUT"]
    assert allowed in answer.messages
    assert calls() == {}


async def test_an_argument_of_a_field_that_is_skipped_is_not_looked_at(gateway: Running) -> None:
    query = "query ($no: Boolean!) { viewer { subject } tuningJobs(first: 0) @include(if: $no) { totalCount } }"
    assert (await gateway.ask(query, no=False)).codes == []
    assert (await gateway.ask(query, no=True)).codes == ["BAD_USER_INPUT"]


async def test_a_time_without_an_offset_is_refused(gateway: Running) -> None:
    answer = await gateway.ask('{ tuningJobs(creationTimeAfter: "2026-01-01T00:00:00") { totalCount } }')
    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert "RFC 3339" in answer.messages


async def test_tuning_jobs_are_filtered_by_time_and_name(gateway: Running, world: World, clock: Clock) -> None:
    world.add(tuning_job_plan("vision-old", trials=1, created=-100_000.0))
    world.add(tuning_job_plan("vision-new", trials=1, created=-1_000.0))
    moment = datetime.fromtimestamp(clock.now - 50_000, UTC).isoformat()
    query = """query ($t: DateTime) {
        after: tuningJobs(creationTimeAfter: $t) { nodes { name } }
        before: tuningJobs(creationTimeBefore: $t) { nodes { name } } }"""
    answer = await gateway.ask(query, t=moment)
    assert answer.data == {"after": {"nodes": [{"name": "vision-new"}]}, "before": {"nodes": [{"name": "vision-old"}]}}
