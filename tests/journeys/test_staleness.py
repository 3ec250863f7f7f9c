"""What is given when AWS cannot be asked, or not at once: the last that was read, and said to be so."""

from datetime import UTC, datetime

import pytest

from gateway.standin import FailNext, Standin, World, tuning_job_plan
from gateway.tuning import Lives
from tests.running import Calls, Clock, Running, Start

QUERY = """{ tuningJob(name: "vision-a") { status trainingJobs { nodes { name } asOf stale } } }"""
LISTED = "{ tuningJobs { nodes { name } asOf stale } }"
DESCRIBE = "DescribeHyperParameterTuningJob"
LIST = "ListTrainingJobsForHyperParameterTuningJob"
LIVES = Lives(running=5, listing=5, revalidated=0, stale=600)


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=50, max_parallel=1, created=-1_000))  # runs on
    world.add(tuning_job_plan("speech-a", trials=1, tags={"team": "speech"}))


@pytest.fixture
async def lasting(start: Start) -> Running:
    return await start(lives=LIVES)


def failing(standin: Standin, code: str) -> None:
    operations = (DESCRIBE, LIST, "ListHyperParameterTuningJobs", "Search", "ListTags")
    standin.switches.fail_next = [FailNext(operation, code, 1_000) for operation in operations]


@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceUnavailable"])
@pytest.mark.parametrize("query", [QUERY, LISTED])
async def test_the_last_answer_is_given_and_marked_when_aws_cannot_be_asked(
    lasting: Running, standin: Standin, clock: Clock, code: str, query: str
) -> None:
    before = (await lasting.ask(query)).data
    asked = datetime.fromtimestamp(clock(), UTC)
    clock.advance(60)
    failing(standin, code)
    answer = await lasting.ask(query)
    ((field, now),) = answer.data.items()
    connection = now["trainingJobs"] if field == "tuningJob" else now
    assert connection.pop("stale") is True
    assert datetime.fromisoformat(connection["asOf"]) == asked
    assert answer.body["extensions"]["freshness"] == {"stale": True, "asOf": asked.isoformat()}
    assert not (before[field].get("trainingJobs") or before[field]).pop("stale")
    assert now == before[field]


async def test_a_page_that_is_reached_a_second_time_says_so_again(
    lasting: Running, standin: Standin, clock: Clock
) -> None:
    inner = 'tuningJobs(first: 1, nameContains: "%s") { nodes { team { %s } trainingJobs { stale } } }'
    later = inner % ("v", inner % ("vi", inner % ("vis", "name")))
    query = f'{{ at_once: tuningJob(name: "vision-a") {{ trainingJobs {{ stale }} }} {later} }}'
    assert "True" not in str((await lasting.ask(query)).data)
    clock.advance(60)
    failing(standin, "ThrottlingException")
    assert "False" not in str((await lasting.ask(query)).data)


async def test_an_answer_that_is_not_stale_says_nothing_of_freshness(lasting: Running) -> None:
    assert set((await lasting.ask(QUERY)).body["extensions"]) == {"cost"}


async def test_nothing_is_given_beyond_the_bound(lasting: Running, standin: Standin, clock: Clock) -> None:
    await lasting.ask(QUERY)
    clock.advance(5 + 600)
    failing(standin, "ThrottlingException")
    assert (await lasting.ask(QUERY)).codes == ["THROTTLED"]


async def test_when_aws_can_be_asked_again_the_answer_is_fresh(
    lasting: Running, standin: Standin, clock: Clock
) -> None:
    await lasting.ask(QUERY)
    clock.advance(60)
    failing(standin, "ServiceUnavailable")
    assert (await lasting.ask(QUERY)).data["tuningJob"]["trainingJobs"]["stale"]
    standin.switches.fail_next = []
    assert not (await lasting.ask(QUERY)).data["tuningJob"]["trainingJobs"]["stale"]


async def test_whose_a_job_is_is_never_told_from_what_has_outlived_its_time(
    lasting: Running, standin: Standin, clock: Clock
) -> None:
    query = """{ tuningJob(name: "speech-a") { name } }"""
    assert (await lasting.ask(query, key="key-of-speech")).data["tuningJob"]
    clock.advance(60)
    failing(standin, "ThrottlingException")
    assert (await lasting.ask(query, key="key-of-speech")).codes == ["THROTTLED"]


async def test_that_a_job_is_absent_is_never_told_from_what_has_outlived_its_time(
    lasting: Running, standin: Standin, clock: Clock
) -> None:
    query = """{ tuningJob(name: "vision-none") { name } }"""
    assert (await lasting.ask(query)).data == {"tuningJob": None}
    clock.advance(60)
    failing(standin, "ThrottlingException")
    assert (await lasting.ask(query)).codes == ["THROTTLED"]


async def test_a_running_job_past_its_life_is_given_at_once_and_read_anew_once(
    start: Start, clock: Clock, calls: Calls
) -> None:
    gateway = await start(lives=Lives(running=5, revalidated=5, stale=0))
    await gateway.ask(QUERY)
    clock.advance(8)
    answers = [await gateway.ask(QUERY) for _ in range(20)]
    assert {answer.body["extensions"]["cost"]["actualCalls"] for answer in answers} == {0}
    assert not any(answer.data["tuningJob"]["trainingJobs"]["stale"] for answer in answers)
    assert calls() == {DESCRIBE: 2, LIST: 2}
    clock.advance(11)
    fresh = await gateway.ask(QUERY)
    assert fresh.body["extensions"]["cost"]["actualCalls"] == 2


async def test_a_finished_job_is_not_read_anew_while_its_long_life_lasts(
    start: Start, world: World, clock: Clock, calls: Calls
) -> None:
    world.add(tuning_job_plan("vision-done", trials=1))
    gateway = await start(lives=Lives(running=5, revalidated=5))
    for _ in range(3):
        await gateway.ask("""{ tuningJob(name: "vision-done") { status } }""")
        clock.advance(3_000)
    assert calls() == {DESCRIBE: 1}
