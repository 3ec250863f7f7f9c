"""Details of many training jobs cost one Search where the rule of ownership allows it, and say what Describe would."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from structlog.testing import capture_logs

from gateway.reads import ReadOptions
from gateway.standin import FailNext, Standin, World, tuning_job_plan
from gateway.tuning import Lives
from tests.running import Answer, Calls, Clock, Running, Start

DESCRIBE, SEARCH, LIST = "DescribeTrainingJob", "Search", "ListTrainingJobsForHyperParameterTuningJob"
FIELDS = "secondaryStatus billableTimeInSeconds roleArn finalMetrics { name value } resources { instanceType }"
FINISHED = 400_000.0  # seconds ago: long over


def query(first: int, fields: str = FIELDS) -> str:
    return f"""query ($name: String!) {{ tuningJob(name: $name) {{ trainingJobs(first: {first}) {{
        nodes {{ name status details {{ {fields} }} }} }} }} }}"""


def nodes(answer: Answer) -> list[dict[str, Any]]:
    return list(answer.data["tuningJob"]["trainingJobs"]["nodes"])


def cost(answer: Answer) -> tuple[int, int]:
    told = answer.body["extensions"]["cost"]
    return told["estimatedCalls"], told["actualCalls"]


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    speech, robotics = {"team": "speech"}, {"team": "robotics"}
    world.add(tuning_job_plan("vision-over", trials=30, failed=0.1, stopped=0.1, created=-FINISHED))
    world.add(tuning_job_plan("own-over", trials=30, created=-FINISHED, tags=speech))
    world.add(tuning_job_plan("other-over", trials=5, created=-FINISHED, tags=robotics))
    # Three at a time, ten minutes each: some over, three running.
    world.add(tuning_job_plan("vision-live", trials=60, max_parallel=3, trial_seconds=(600, 600), created=-2_000.0))


@pytest.fixture
def described(standin_address: str) -> Callable[[str], dict[str, Any]]:
    """What AWS's own client is told of a training job."""

    def describe(name: str) -> dict[str, Any]:
        client = boto3.Session().client(
            "sagemaker",
            region_name="us-east-1",
            endpoint_url=standin_address,
            aws_access_key_id="AKIA111122223333",
            aws_secret_access_key="no-secret",
            config=Config(retries={"total_max_attempts": 1}),
        )
        try:
            return dict(client.describe_training_job(TrainingJobName=name))
        finally:
            client.close()

    return describe


async def test_details_of_finished_jobs_are_one_search_that_says_what_describe_says(
    gateway: Running, calls: Calls, described: Callable[[str], dict[str, Any]]
) -> None:
    answer = await gateway.ask(query(25), name="vision-over")
    found = nodes(answer)
    assert calls() == {"DescribeHyperParameterTuningJob": 1, LIST: 1, SEARCH: 1}
    assert cost(answer) == (2 + 25 + 1, 3)
    assert len(found) == 25
    for node in found[:3]:
        aws = await asyncio.to_thread(described, node["name"])
        assert node["details"] == {
            "secondaryStatus": aws["SecondaryStatus"].upper(),
            "billableTimeInSeconds": aws.get("BillableTimeInSeconds"),
            "roleArn": aws["RoleArn"],
            "finalMetrics": [
                {"name": metric["MetricName"], "value": metric["Value"]}
                for metric in aws.get("FinalMetricDataList", ())
            ],
            "resources": {"instanceType": aws["ResourceConfig"]["InstanceType"]},
        }


async def test_a_hundred_long_names_go_into_one_search(gateway: Running, world: World, standin: Standin) -> None:
    world.add(tuning_job_plan("a" * 32, trials=100, created=-FINISHED))
    roomy = await gateway.ask(query(90), name="a" * 32)
    assert {node["details"]["secondaryStatus"] for node in nodes(roomy)} == {"COMPLETED"}
    (search,) = standin.calls.of(SEARCH)
    assert len(search.arguments["SearchExpression"]["Filters"]) > 1
    assert standin.calls.counts[DESCRIBE] == 0


async def test_what_was_found_is_there_for_the_next_who_asks(gateway: Running, calls: Calls) -> None:
    first = await gateway.ask(query(25), name="vision-over")
    before = calls()
    again = await gateway.ask(query(25), name="vision-over")
    assert (again.data, calls()) == (first.data, before)
    assert again.body["extensions"]["cost"]["cacheHits"] == 2 + 25
    more = await gateway.ask(query(30), name="vision-over")
    assert nodes(more)[:25] == nodes(first)
    assert calls() == before | {SEARCH: 2}


async def test_two_who_ask_at_once_share_the_search(gateway: Running, calls: Calls) -> None:
    answers = await asyncio.gather(*(gateway.ask(query(20), name="vision-over") for _ in range(5)))
    assert len({str(answer.data) for answer in answers}) == 1
    assert calls() == {"DescribeHyperParameterTuningJob": 1, LIST: 1, SEARCH: 1}


async def test_two_are_described(gateway: Running, calls: Calls) -> None:
    await gateway.ask(query(2), name="vision-over")
    assert (calls()[DESCRIBE], SEARCH in calls()) == (2, False)


async def test_a_prefix_team_has_no_search(gateway: Running, calls: Calls) -> None:
    answer = await gateway.ask(query(20), key="key-of-vision", name="vision-over")
    assert (calls()[DESCRIBE], SEARCH in calls()) == (20, False)
    assert cost(answer) == (22, 22)


async def test_running_jobs_are_described_and_finished_ones_searched(gateway: Running, calls: Calls) -> None:
    found = nodes(await gateway.ask(query(50), name="vision-live"))
    running = [node for node in found if node["status"] == "IN_PROGRESS"]
    assert 0 < len(running) < len(found)
    assert calls()[DESCRIBE] == len(running)
    assert calls()[SEARCH] == 1


ONLY_DESCRIBED = ["serverless { baseModelArn }", "profilingStatus", "mlflow { resourceArn }", "infraCheckEnabled"]


@pytest.mark.parametrize("field", ONLY_DESCRIBED)
async def test_a_field_that_search_does_not_have_is_described(gateway: Running, calls: Calls, field: str) -> None:
    await gateway.ask(query(5), name="vision-over")
    assert calls()[SEARCH] == 1
    spread = query(5, "roleArn ...F") + f" fragment F on TrainingJobDetails {{ {field} }}"
    answer = await gateway.ask(spread, name="vision-over")
    assert answer.codes == []
    assert calls()[DESCRIBE] == 5  # what was found before does not stand for it
    await gateway.ask(query(5), name="vision-over")
    assert (calls()[DESCRIBE], calls()[SEARCH]) == (5, 1)  # but it stands for what was found


async def test_by_tag_search_sees_the_teams_own_and_is_told_so(
    gateway: Running, standin: Standin, calls: Calls
) -> None:
    found = nodes(await gateway.ask(query(20), key="key-of-speech", name="own-over"))
    assert all(node["details"]["roleArn"] for node in found)
    (search,) = standin.calls.of(SEARCH)
    assert search.arguments["VisibilityConditions"] == [{"Key": "Tags.team", "Value": "speech"}]
    assert DESCRIBE not in calls()


async def test_training_jobs_whose_own_tags_say_otherwise_are_described(
    gateway: Running, world: World, standin_address: str, calls: Calls
) -> None:
    """Whose a training job is, its tuning job says: its own tags only keep Search from showing it."""
    plan = world.add(tuning_job_plan("own-odd", trials=6, created=-FINISHED, tags={"team": "speech"}))
    client = boto3.Session().client(
        "sagemaker", region_name="us-east-1", endpoint_url=standin_address,
        aws_access_key_id="AKIA111122223333", aws_secret_access_key="no-secret",
    )  # fmt: skip
    arn = plan.training_job_arn(plan.trials[0])
    await asyncio.to_thread(client.add_tags, ResourceArn=arn, Tags=[{"Key": "team", "Value": "robotics"}])
    client.close()
    found = nodes(await gateway.ask(query(10), key="key-of-speech", name="own-odd"))
    assert all(node["details"]["roleArn"] for node in found)
    assert (calls()[SEARCH], calls()[DESCRIBE]) == (1, 1)


async def test_what_the_index_knows_as_it_was_before_its_end_is_described(
    gateway: Running, standin: Standin, calls: Calls
) -> None:
    standin.switches.search_lag = 700.0  # three jobs have ended since, three have begun
    found = nodes(await gateway.ask(query(50), name="vision-live"))
    over = [node["details"]["secondaryStatus"] for node in found if node["status"] == "COMPLETED"]
    running = len(found) - len(over)
    assert set(over) == {"COMPLETED"}
    assert (calls()[SEARCH], calls()[DESCRIBE]) == (1, running + 3)


async def test_a_search_in_vain_is_in_the_price(gateway: Running, standin: Standin) -> None:
    standin.switches.search_lag = 100_000_000.0
    answer = await gateway.ask(query(20), name="vision-over")
    assert cost(answer) == (23, 23)


async def test_where_search_is_not_allowed_each_is_described_and_it_is_not_tried_again_at_once(
    gateway: Running,
    standin: Standin,
    calls: Calls,
    advance: Callable[[float], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    standin.switches.fail_next = [FailNext(SEARCH, "AccessDeniedException", 1)]
    found = nodes(await gateway.ask(query(10), name="vision-over"))
    assert all(node["details"]["roleArn"] for node in found)
    assert (calls()[SEARCH], calls()[DESCRIBE]) == (1, 10)
    assert capsys.readouterr().out.count("search_refused") == 1
    await gateway.ask(query(20), name="vision-over")
    assert (calls()[SEARCH], calls()[DESCRIBE]) == (1, 20)
    advance(301)
    await gateway.ask(query(30), name="vision-over")
    assert (calls()[SEARCH], calls()[DESCRIBE]) == (2, 20)


async def test_a_search_that_aws_cannot_answer_now_is_an_error_of_the_details_alone(
    gateway: Running, standin: Standin
) -> None:
    standin.switches.fail_next = [FailNext(SEARCH, "ThrottlingException", 1_000)]
    answer = await gateway.ask(query(5), name="vision-over")
    assert set(answer.codes) == {"THROTTLED"}
    assert [node["details"] for node in answer.body["data"]["tuningJob"]["trainingJobs"]["nodes"]] == [None] * 5


@pytest.fixture
async def lasting(start: Start) -> Running:
    """A gateway that gives details for ten minutes beyond their life."""
    lives = Lives(finished=60, revalidated=0, stale=600)
    return await start(lives=lives, reads=ReadOptions(jitter=0, patience=0.1), deadline=20.0)


def failing(standin: Standin) -> None:
    standin.switches.fail_next = [FailNext(each, "ThrottlingException", 1_000) for each in (SEARCH, DESCRIBE)]


# Some a Search finds anew in vain, two are described in vain.
@pytest.mark.parametrize("again", [25, 2])
async def test_what_was_found_is_given_and_marked_when_aws_cannot_be_asked(
    lasting: Running, standin: Standin, advance: Callable[[float], None], clock: Clock, again: int
) -> None:
    before = nodes(await lasting.ask(query(25), name="vision-over"))
    asked = datetime.fromtimestamp(clock(), UTC)
    advance(61)
    failing(standin)
    with capture_logs() as logs:
        answer = await lasting.ask(query(again), name="vision-over")
    assert nodes(answer) == before[:again]
    assert answer.body["extensions"]["freshness"] == {"stale": True, "asOf": asked.isoformat()}
    assert [line["reads"] for line in logs if line["event"] == "request_answered"] == [{"fetched": 2, "stale": again}]
    standin.switches.fail_next = []
    assert "freshness" not in (await lasting.ask(query(25), name="vision-over")).body["extensions"]
    advance(661)
    failing(standin)
    assert set((await lasting.ask(query(again), name="vision-over")).codes) == {"THROTTLED"}


async def test_what_was_described_is_given_and_marked_where_a_search_is_in_vain(
    lasting: Running, standin: Standin, advance: Callable[[float], None]
) -> None:
    before = nodes(await lasting.ask(query(5, f"{FIELDS} infraCheckEnabled"), name="vision-over"))
    advance(61)
    failing(standin)
    answer = await lasting.ask(query(5), name="vision-over")
    assert answer.body["extensions"]["freshness"]["stale"]
    for node in before:
        del node["details"]["infraCheckEnabled"]
    assert nodes(answer) == before


async def test_a_search_that_hangs_is_not_waited_for_long_and_what_it_brings_in_the_end_is_remembered(
    lasting: Running, standin: Standin, advance: Callable[[float], None], calls: Calls
) -> None:
    before = nodes(await lasting.ask(query(25), name="vision-over"))
    advance(61)
    standin.switches.latency = 0.5
    answer = await lasting.ask(query(25), name="vision-over")
    assert answer.body["extensions"]["freshness"]["stale"]
    standin.switches.latency = 0.0
    async with asyncio.timeout(20):
        while "freshness" in answer.body["extensions"]:
            assert nodes(answer) == before
            await asyncio.sleep(0.01)
            answer = await lasting.ask(query(25), name="vision-over")
    assert nodes(answer) == before
    assert calls() == {"DescribeHyperParameterTuningJob": 2, LIST: 2, SEARCH: 2}


async def test_a_row_costs_no_describe_for_what_the_list_carries(start: Start, world: World, calls: Calls) -> None:
    gateway = await start(lives=Lives(revalidated=0))
    for number in range(5):
        world.add(tuning_job_plan(f"row-{number}", trials=5, created=-FINISHED))
    rows = """name arn definitionName tuningJobName creationTime trainingStartTime trainingEndTime status rawStatus
        objectiveStatus rawObjectiveStatus failureReason finalObjectiveMetric { name type value }
        durationSeconds finished tunedHyperParameters { name value number }
        tunedHyperParameter(name: "eta") { value } id"""
    answer = await gateway.ask(
        f"""{{ tuningJobs(nameContains: "row-") {{ nodes {{ id name arn team {{ name }} status rawStatus strategy
        rawStrategy creationTime endTime lastModifiedTime finished trainingJobCounts {{ total }}
        objectiveCounts {{ succeeded }} resourceLimits {{ maxParallelTrainingJobs }}
        trainingJobs {{ totalCount nodes {{ {rows} }} }} }} }} }}"""
    )
    assert len(answer.data["tuningJobs"]["nodes"]) == 5
    assert calls() == {"ListHyperParameterTuningJobs": 1, LIST: 5}
