"""Stopping: only what is the caller's, only what runs, asked anew each time, and never more than once."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from structlog.testing import capture_logs

from gateway.standin import FailNext, Standin, TrialPlan, World, tuning_job_plan
from tests.running import Answer, Calls, Running, Start

DESCRIBE, LIST, TAGS = (
    "DescribeHyperParameterTuningJob",
    "ListTrainingJobsForHyperParameterTuningJob",
    "ListTags",
)
STOP, STOP_TRAINING, DESCRIBE_TRAINING = "StopHyperParameterTuningJob", "StopTrainingJob", "DescribeTrainingJob"

STOP_TUNING_JOB = """
mutation Stop($input: StopTuningJobInput!) {
  stopTuningJob(input: $input) { outcome clientMutationId tuningJob { name status trainingJobCounts { inProgress } } }
}
"""
STOP_TRAINING_JOB = """
mutation Stop($input: StopTrainingJobInput!) {
  stopTrainingJob(input: $input) { outcome clientMutationId trainingJob { name status tunedHyperParameters { name } } }
}
"""
LOOK = """
query ($name: String!) {
  tuningJob(name: $name) {
    status trainingJobs { nodes { name status details { secondaryStatus } } }
  }
  tuningJobs { nodes { name status } }
}
"""
NOTHING = {"outcome": None, "clientMutationId": None}
RULES = {"all": ("platform", "anything"), "prefix": ("vision", "vision-run"), "tag": ("speech", "own-voice")}
TAG_CALLS: dict[str, dict[str, int]] = {"all": {}, "prefix": {}, "tag": {TAGS: 1}}

Stop = Callable[..., Coroutine[Any, Any, Answer]]


def trials(job: str) -> list[TrialPlan]:
    """The second has ended, the first and the third run."""
    return [
        TrialPlan(f"{job}-{number}", created, created + 5.0, ended, metric=0.5, parameters={"rate": "0.1"})
        for number, created, ended in ((1, 10.0, 500.0), (2, 11.0, 90.0), (3, 12.0, 600.0))
    ]


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    teams = {"own-voice": {"team": "speech"}, "their-arm": {"team": "robotics"}}
    for name in ("anything", "vision-run", "vision-too", "nlp-run", *teams):
        world.add(tuning_job_plan(name, trials=trials(name), created=-100.0, tags=teams.get(name, {})))
    world.add(tuning_job_plan("vision-done", trials=2))


@pytest.fixture
def stop(gateway: Running) -> Stop:
    """Stop a tuning job as a team's operator."""

    async def stopped(operator: str, name: str, **more: str) -> Answer:
        return await gateway.ask(STOP_TUNING_JOB, key=f"key-of-{operator}-operator", input={"name": name, **more})

    return stopped


@pytest.fixture
def stop_training(gateway: Running) -> Stop:
    """Stop a training job as a team's operator."""

    async def stopped(operator: str, tuning_job: str, name: str, **more: str) -> Answer:
        wanted = {"tuningJob": tuning_job, "name": name, **more}
        return await gateway.ask(STOP_TRAINING_JOB, key=f"key-of-{operator}-operator", input=wanted)

    return stopped


def since(before: dict[str, int], now: dict[str, int]) -> dict[str, int]:
    """The calls made in between."""
    return {name: count - before.get(name, 0) for name, count in now.items() if count > before.get(name, 0)}


async def when(condition: Callable[[], bool]) -> None:
    """Wait for something that is under way."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # it happens in the stand-in, which signals nothing
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("warmed", [False, True])
async def test_a_tuning_job_is_stopped_for_as_many_calls_cold_or_warm(
    gateway: Running, stop: Stop, calls: Calls, rule: str, warmed: bool
) -> None:
    team, name = RULES[rule]
    if warmed:
        assert (await gateway.ask(LOOK, key=f"key-of-{team}", name=name)).data["tuningJob"]["status"] == "IN_PROGRESS"
    before = calls()
    answer = await stop(team, name, clientMutationId="mine")
    assert answer.data["stopTuningJob"] == {
        "outcome": "STOPPING",
        "clientMutationId": "mine",
        "tuningJob": {"name": name, "status": "STOPPING", "trainingJobCounts": {"inProgress": 2}},
    }
    assert since(before, calls()) == TAG_CALLS[rule] | {DESCRIBE: 2, STOP: 1}
    assert answer.body["extensions"]["cost"] == {
        "estimatedCalls": 3 + len(TAG_CALLS[rule]),
        "actualCalls": 3 + len(TAG_CALLS[rule]),
        "cacheHits": 0,
    }


@pytest.mark.parametrize("rule", RULES)
async def test_after_a_stop_the_next_query_shows_it_everywhere_and_to_everybody(
    gateway: Running, stop: Stop, rule: str
) -> None:
    team, name = RULES[rule]
    for reader in (team, "platform"):
        await gateway.ask(LOOK, key=f"key-of-{reader}", name=name)
    await stop(team, name)
    for reader in (team, "platform"):
        seen = (await gateway.ask(LOOK, key=f"key-of-{reader}", name=name)).data
        assert seen["tuningJob"]["status"] == "STOPPING"
        statuses = [node["status"] for node in seen["tuningJob"]["trainingJobs"]["nodes"]]
        assert statuses == ["STOPPING", "COMPLETED", "STOPPING"]
        assert {node["name"]: node["status"] for node in seen["tuningJobs"]["nodes"]}[name] == "STOPPING"


async def test_what_is_remembered_of_other_jobs_stays(gateway: Running, stop: Stop, calls: Calls) -> None:
    query = '{ tuningJob(name: "vision-too") { trainingJobs { nodes { name } } } }'
    await gateway.ask(query)
    await stop("vision", "vision-run")
    before = calls()
    await gateway.ask(query)
    assert calls() == before


@pytest.mark.parametrize("warmed", [False, True])
@pytest.mark.parametrize(
    ("team", "foreign", "absent", "expected"),
    [
        ("vision", "nlp-run", "nlp-none", {}),
        ("speech", "their-arm", "no-such", {TAGS: 1}),
        ("speech", "anything", "no-such", {TAGS: 1}),
        ("forecasting", "anything", "no-such", {DESCRIBE: 1}),
    ],
)
async def test_a_foreign_job_is_answered_as_one_that_does_not_exist(
    gateway: Running,
    stop: Stop,
    calls: Calls,
    *,
    team: str,
    foreign: str,
    absent: str,
    expected: dict[str, int],
    warmed: bool,
) -> None:
    if warmed:
        for reader in ("platform", "nlp", "robotics", team):
            await gateway.ask(LOOK, key=f"key-of-{reader}", name=foreign)
    answers = []
    for name in (foreign, absent):
        before = calls()
        answers.append((await stop(team, name)).body)
        assert since(before, calls()) == expected
    assert answers[0] == answers[1]
    assert answers[0]["data"] == {"stopTuningJob": NOTHING | {"tuningJob": None}}
    assert STOP not in calls()


@pytest.mark.parametrize("warmed", [False, True])
@pytest.mark.parametrize(
    ("team", "tuning_job", "foreign", "expected"),
    [
        ("vision", "vision-run", "nlp-run-1", {LIST: 1}),
        ("vision", "vision-run", "vision-too-1", {LIST: 1}),
        ("vision", "nlp-run", "nlp-run-1", {}),
        ("speech", "own-voice", "their-arm-1", {TAGS: 1, LIST: 1}),
        ("speech", "their-arm", "their-arm-1", {TAGS: 1}),
    ],
)
async def test_a_training_job_of_another_tuning_job_is_answered_as_one_that_does_not_exist(
    gateway: Running,
    stop_training: Stop,
    calls: Calls,
    *,
    team: str,
    tuning_job: str,
    foreign: str,
    expected: dict[str, int],
    warmed: bool,
) -> None:
    if warmed:
        for reader in ("platform", "nlp", "robotics", team):
            await gateway.ask(LOOK, key=f"key-of-{reader}", name=foreign.removesuffix("-1"))
    answers = []
    for name in (foreign, "no-such-training-job"):
        before = calls()
        answers.append((await stop_training(team, tuning_job, name)).body)
        assert since(before, calls()) == expected
    assert answers[0] == answers[1]
    assert answers[0]["data"] == {"stopTrainingJob": NOTHING | {"trainingJob": None}}
    assert STOP_TRAINING not in calls()


async def test_a_training_job_of_a_tuning_job_that_does_not_exist_is_null(stop_training: Stop, calls: Calls) -> None:
    answer = await stop_training("platform", "no-such", "anything-1")
    assert answer.data["stopTrainingJob"] == NOTHING | {"trainingJob": None}
    assert calls() == {LIST: 1}


@pytest.mark.parametrize("name", ["vision-run", "vision-done", "nlp-run", "no-such"])
async def test_who_may_not_stop_is_told_so_whatever_the_job(gateway: Running, calls: Calls, name: str) -> None:
    tuning = await gateway.ask(STOP_TUNING_JOB, key="key-of-vision", input={"name": name})
    training = await gateway.ask(
        STOP_TRAINING_JOB, key="key-of-vision", input={"tuningJob": name, "name": f"{name}-1", "team": "nlp"}
    )
    for answer in (tuning, training):
        assert answer.codes == ["FORBIDDEN"]
        assert answer.messages.startswith("Your credentials do not carry the permission stop.")
        assert answer.body["data"] is None
    assert calls() == {}


@pytest.fixture
def retag(standin_address: str) -> Callable[[str, str], Awaitable[None]]:
    """Give a tuning job to another team, by its tag."""

    def given(arn: str, team: str) -> None:
        client = boto3.Session().client(
            "sagemaker",
            region_name="us-east-1",
            endpoint_url=standin_address,
            aws_access_key_id="AKIA111122223333",
            aws_secret_access_key="no-secret",
            config=Config(retries={"total_max_attempts": 1}),
        )
        client.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": team}])
        client.close()

    async def give(name: str, team: str) -> None:
        arn = f"arn:aws:sagemaker:us-east-1:111122223333:hyper-parameter-tuning-job/{name}"
        await asyncio.to_thread(given, arn, team)

    return give


async def test_a_remembered_verdict_stops_nothing_and_keeps_nobody_from_stopping(
    gateway: Running, stop: Stop, stop_training: Stop, calls: Calls, retag: Callable[[str, str], Awaitable[None]]
) -> None:
    for reader in ("speech", "robotics"):  # both verdicts are remembered, and both will be wrong
        await gateway.ask(LOOK, key=f"key-of-{reader}", name="own-voice")
    await retag("own-voice", "robotics")
    assert (await stop("speech", "own-voice")).data["stopTuningJob"]["outcome"] is None
    assert (await stop_training("speech", "own-voice", "own-voice-1")).data["stopTrainingJob"]["outcome"] is None
    assert {STOP, STOP_TRAINING}.isdisjoint(calls())
    assert (await stop("robotics", "own-voice")).data["stopTuningJob"]["outcome"] == "STOPPING"


async def test_a_finished_job_is_left_as_it_is(stop: Stop, stop_training: Stop, calls: Calls) -> None:
    answer = await stop("vision", "vision-done")
    assert answer.data["stopTuningJob"]["outcome"] == "ALREADY_FINISHED"
    assert answer.data["stopTuningJob"]["tuningJob"]["status"] == "COMPLETED"
    assert calls() == {DESCRIBE: 1}
    answer = await stop_training("vision", "vision-run", "vision-run-2")
    assert answer.data["stopTrainingJob"]["outcome"] == "ALREADY_FINISHED"
    assert answer.data["stopTrainingJob"]["trainingJob"]["status"] == "COMPLETED"
    assert calls() == {DESCRIBE: 1, LIST: 1}


async def test_that_a_job_runs_is_not_believed_of_memory(
    gateway: Running, stop: Stop, calls: Calls, advance: Callable[[float], None]
) -> None:
    advance(500)
    assert (await gateway.ask(LOOK, name="vision-run")).data["tuningJob"]["status"] == "IN_PROGRESS"
    advance(3)  # it ends; what was read lives longer
    answer = await stop("vision", "vision-run")
    assert answer.data["stopTuningJob"]["outcome"] == "ALREADY_FINISHED"
    assert STOP not in calls()


async def test_stopping_twice_sends_one_stop(stop: Stop, stop_training: Stop, calls: Calls) -> None:
    outcomes = [
        (await stop_training("vision", "vision-run", "vision-run-1")).data["stopTrainingJob"]["outcome"]
        for _ in range(2)
    ]
    assert outcomes == ["STOPPING", "ALREADY_STOPPING"]
    outcomes = [(await stop("vision", "vision-run")).data["stopTuningJob"]["outcome"] for _ in range(2)]
    assert outcomes == ["STOPPING", "ALREADY_STOPPING"]
    assert (calls()[STOP], calls()[STOP_TRAINING]) == (1, 1)


async def test_two_who_stop_at_once_both_succeed(standin: Standin, stop: Stop, calls: Calls) -> None:
    standin.switches.latency = 0.05
    answers = await asyncio.gather(*(stop("vision", "vision-run") for _ in range(2)))
    assert [answer.data["stopTuningJob"]["tuningJob"]["status"] for answer in answers] == ["STOPPING"] * 2
    assert calls() == {DESCRIBE: 4, STOP: 2}  # each on its own account: nobody acts on what another has read


async def test_a_job_that_ends_while_it_is_asked_to_stop_has_finished(
    standin: Standin, stop: Stop, stop_training: Stop, calls: Calls, advance: Callable[[float], None]
) -> None:
    standin.switches.latency = 0.1
    training = asyncio.create_task(stop_training("vision", "vision-run", "vision-run-1"))
    await when(lambda: STOP_TRAINING in calls())
    advance(410)
    payload = (await training).data["stopTrainingJob"]
    assert (payload["outcome"], payload["trainingJob"]["status"]) == ("ALREADY_FINISHED", "COMPLETED")
    tuning = asyncio.create_task(stop("vision", "vision-run"))
    await when(lambda: STOP in calls())
    advance(1_000)
    payload = (await tuning).data["stopTuningJob"]
    assert (payload["outcome"], payload["tuningJob"]["status"]) == ("ALREADY_FINISHED", "COMPLETED")
    assert (calls()[STOP], calls()[STOP_TRAINING]) == (1, 1)


async def test_a_refusal_of_a_running_job_is_no_success(standin: Standin, stop: Stop, calls: Calls) -> None:
    standin.switches.fail_next = [FailNext(STOP, "ValidationException")]
    answer = await stop("vision", "vision-run")
    assert answer.codes == ["UPSTREAM_UNAVAILABLE"]
    assert answer.messages == "SageMaker would not stop this job for now. Try again later."
    assert calls() == {DESCRIBE: 2, STOP: 1}


async def test_a_job_deleted_before_stop_arrives_does_not_exist(
    standin: Standin, stop: Stop, stop_training: Stop
) -> None:
    standin.switches.fail_next = [FailNext(STOP, "ResourceNotFound"), FailNext(STOP_TRAINING, "ResourceNotFound")]
    assert (await stop("vision", "vision-run")).data["stopTuningJob"] == NOTHING | {"tuningJob": None}
    training = await stop_training("vision", "vision-run", "vision-run-1")
    assert training.data["stopTrainingJob"] == NOTHING | {"trainingJob": None}


FAILURES = [
    ("ThrottlingException", "THROTTLED"),
    ("ServiceUnavailable", "UPSTREAM_UNAVAILABLE"),
    ("AccessDeniedException", "INTERNAL"),
]
UNCLEAR = "The job may have been stopped: read its status before you try again."


@pytest.mark.parametrize(("aws", "ours"), FAILURES)
@pytest.mark.parametrize("step", [TAGS, DESCRIBE, LIST, STOP, STOP_TRAINING])
async def test_a_step_that_fails_ends_it_and_nothing_is_tried_twice(
    standin: Standin, stop: Stop, stop_training: Stop, calls: Calls, step: str, aws: str, ours: str
) -> None:
    standin.switches.fail_next = [FailNext(step, aws)]
    of_training = step in (LIST, STOP_TRAINING)
    answer = await (stop_training("speech", "own-voice", "own-voice-1") if of_training else stop("speech", "own-voice"))
    assert answer.codes == [ours]
    assert answer.body["data"] is None
    assert aws not in json.dumps(answer.body)
    assert (UNCLEAR in answer.messages) == (ours == "UPSTREAM_UNAVAILABLE" and step in (STOP, STOP_TRAINING))
    way = [TAGS, LIST, STOP_TRAINING] if of_training else [TAGS, DESCRIBE, STOP]
    assert calls() == dict.fromkeys(way[: way.index(step) + 1], 1)


@pytest.mark.parametrize("cut", [False, True])
async def test_an_unclear_outcome_is_told_and_not_tried_again(
    start: Start, gateway: Running, standin: Standin, calls: Calls, cut: bool
) -> None:
    hasty = await start(sagemaker=replace(gateway.configuration.sagemaker, read_timeout=2.0))
    standin.switches.latency = 0.05
    if cut:
        standin.switches.reset_next = {STOP: 1}
    asked = asyncio.create_task(hasty.ask(STOP_TUNING_JOB, key="key-of-vision-operator", input={"name": "vision-run"}))
    await when(lambda: DESCRIBE in calls())
    standin.switches.latency = 4.0
    answer = await asked
    assert answer.codes == ["UPSTREAM_UNAVAILABLE" if cut else "UPSTREAM_TIMEOUT"]
    assert UNCLEAR in answer.messages
    assert calls() == {DESCRIBE: 1, STOP: 1}


@pytest.mark.parametrize("of_training", [False, True])
async def test_a_stop_stands_though_the_job_cannot_be_read_after_it(
    standin: Standin, stop: Stop, stop_training: Stop, calls: Calls, of_training: bool
) -> None:
    standin.switches.latency = 0.1
    asked = asyncio.create_task(
        stop_training("vision", "vision-run", "vision-run-1") if of_training else stop("vision", "vision-run")
    )
    await when(lambda: (STOP_TRAINING if of_training else STOP) in calls())
    standin.switches.fail_next = [FailNext(DESCRIBE_TRAINING if of_training else DESCRIBE, "ThrottlingException")]
    answer = await asked
    field, job = ("stopTrainingJob", "trainingJob") if of_training else ("stopTuningJob", "tuningJob")
    assert answer.body["data"] == {field: {"outcome": "STOPPING", "clientMutationId": None, job: None}}
    assert answer.codes == ["THROTTLED"]
    assert answer.body["errors"][0]["path"] == [field, job]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("warmed", [False, True])
async def test_a_training_job_is_stopped_and_its_tuning_job_goes_on(
    gateway: Running, stop_training: Stop, calls: Calls, rule: str, warmed: bool
) -> None:
    team, name = RULES[rule]
    if warmed:
        await gateway.ask(LOOK, key=f"key-of-{team}", name=name)
    before = calls()
    answer = await stop_training(team, name, f"{name}-3", clientMutationId="mine")
    assert answer.data["stopTrainingJob"] == {
        "outcome": "STOPPING",
        "clientMutationId": "mine",
        "trainingJob": {"name": f"{name}-3", "status": "STOPPING", "tunedHyperParameters": [{"name": "rate"}]},
    }
    assert since(before, calls()) == TAG_CALLS[rule] | {LIST: 1, STOP_TRAINING: 1, DESCRIBE_TRAINING: 1}
    seen = (await gateway.ask(LOOK, key=f"key-of-{team}", name=name)).data["tuningJob"]
    assert seen["status"] == "IN_PROGRESS"
    assert [(node["status"], node["details"]["secondaryStatus"]) for node in seen["trainingJobs"]["nodes"]] == [
        ("IN_PROGRESS", "TRAINING"),
        ("COMPLETED", "COMPLETED"),
        ("STOPPING", "STOPPING"),
    ]


async def test_a_stopped_job_leads_on_as_any_other(gateway: Running) -> None:
    query = """
    mutation {
      a: stopTrainingJob(input: {tuningJob: "own-voice", name: "own-voice-1"}) {
        trainingJob { id details { secondaryStatus } }
      }
      b: stopTuningJob(input: {name: "own-voice"}) {
        tuningJob { id team { name } tags { value } trainingJobs { nodes { status } } }
      }
    }
    """
    data = (await gateway.ask(query, key="key-of-speech-operator")).data
    assert data["a"]["trainingJob"]["details"] == {"secondaryStatus": "STOPPING"}
    job = data["b"]["tuningJob"]
    assert (job["team"], job["tags"]) == ({"name": "speech"}, [{"value": "speech"}])
    assert [node["status"] for node in job["trainingJobs"]["nodes"]] == ["STOPPING", "COMPLETED", "STOPPING"]


async def test_an_old_training_job_deeper_than_the_bound_is_refused(start: Start, world: World, calls: Calls) -> None:
    plan = world.add(tuning_job_plan("vision-long", trials=230, created=-500.0, max_parallel=230))
    bounded = await start(walk_pages=2)
    wanted = {"tuningJob": "vision-long", "name": plan.trials[0].name}
    answer = await bounded.ask(STOP_TRAINING_JOB, key="key-of-vision-operator", input=wanted)
    assert answer.codes == ["COST_LIMIT_EXCEEDED"]
    assert calls() == {LIST: 2}


async def test_each_field_is_judged_by_itself_and_one_after_the_other(gateway: Running, calls: Calls) -> None:
    query = """mutation {
      a: stopTuningJob(input: {name: "own-voice"}) { outcome tuningJob { status } }
      b: stopTuningJob(input: {name: "own-voice"}) { outcome tuningJob { status } }
      c: stopTuningJob(input: {name: "their-arm"}) { outcome tuningJob { status } }
    }"""
    answer = await gateway.ask(query, key="key-of-speech-operator")
    assert answer.data == {
        "a": {"outcome": "STOPPING", "tuningJob": {"status": "STOPPING"}},
        "b": {"outcome": "ALREADY_STOPPING", "tuningJob": {"status": "STOPPING"}},
        "c": {"outcome": None, "tuningJob": None},
    }
    assert calls() == {TAGS: 3, DESCRIBE: 3, STOP: 1}


async def test_a_field_that_fails_ends_the_operation(gateway: Running, standin: Standin, calls: Calls) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "ThrottlingException")]
    query = """mutation {
      a: stopTuningJob(input: {name: "vision-run"}) { outcome }
      b: stopTuningJob(input: {name: "vision-too"}) { outcome }
    }"""
    answer = await gateway.ask(query, key="key-of-vision-operator")
    assert (answer.codes, answer.body["data"]) == (["THROTTLED"], None)
    assert calls() == {DESCRIBE: 1}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ('stopTuningJob(input: {name: "-"}) { outcome }', "A tuning job's name"),
        ('stopTrainingJob(input: {tuningJob: "a b", name: "x"}) { outcome }', "A tuning job's name"),
        ('stopTrainingJob(input: {tuningJob: "a", name: "_"}) { outcome }', "A training job's name"),
    ],
)
async def test_a_name_that_can_never_be_refuses_the_whole_operation(
    gateway: Running, calls: Calls, query: str, words: str
) -> None:
    good = 'good: stopTuningJob(input: {name: "vision-run"}) { outcome }'
    answer = await gateway.ask(f"mutation {{ {good} bad: {query} }}", key="key-of-vision-operator")
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.messages.startswith(words)
    assert calls() == {}


async def test_an_operator_of_several_teams_names_the_team(stop: Stop, calls: Calls) -> None:
    assert (await stop("both", "vision-run")).codes == ["BAD_USER_INPUT"]
    for team in ("nlp", "platform", "no-such-team"):
        assert (await stop("both", "vision-run", team=team)).data["stopTuningJob"]["outcome"] is None
    assert calls() == {}
    assert (await stop("both", "vision-run", team="vision")).data["stopTuningJob"]["outcome"] == "STOPPING"


async def test_a_get_never_stops_anything(gateway: Running, calls: Calls) -> None:
    query = 'mutation { stopTuningJob(input: {name: "vision-run"}) { outcome } }'
    headers = {"X-API-Key": "key-of-vision-operator"}
    async with gateway.http.get(f"{gateway.address}/graphql", params={"query": query}, headers=headers) as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")
        assert (await response.json())["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"
    assert calls() == {}


@pytest.mark.parametrize(("key", "outcome"), [("key-of-vision-operator", "STOPPING"), ("key-of-vision", None)])
async def test_a_mutation_may_come_over_a_socket(gateway: Running, calls: Calls, key: str, outcome: str | None) -> None:
    query = 'mutation { stopTuningJob(input: {name: "vision-run"}) { outcome } }'
    protocols = ("graphql-transport-ws",)
    async with gateway.http.ws_connect(f"{gateway.address}/graphql", protocols=protocols) as socket:
        await socket.send_json({"type": "connection_init", "payload": {"X-API-Key": key}})
        assert (await socket.receive_json())["type"] == "connection_ack"
        await socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": query}})
        payload = (await socket.receive_json())["payload"]
        assert (await socket.receive_json())["type"] == "complete"
    if outcome is None:
        assert payload["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert calls() == {}
    else:
        assert payload["data"]["stopTuningJob"] == {"outcome": outcome}
        assert calls()[STOP] == 1


def stops_in(logs: list[Any]) -> list[tuple[str, ...]]:
    return [
        (line["subject"], line["team"], line["kind"], line["training_job"] or line["tuning_job"], line["outcome"])
        for line in logs
        if line["event"] == "job_stopped"
    ]


async def test_who_stopped_what_is_in_the_audit_trail(
    gateway: Running, stop: Stop, stop_training: Stop, standin: Standin
) -> None:
    with capture_logs() as logs:
        await stop("vision", "vision-done")
        await stop("vision", "nlp-run")
        standin.switches.fail_next = [FailNext(STOP, "ThrottlingException"), FailNext(STOP, "InternalFailure")]
        for _ in range(4):
            answer = await stop("vision", "vision-run")
        await stop_training("vision", "vision-too", "vision-too-1")
        await gateway.ask(STOP_TUNING_JOB, key="key-of-vision", input={"name": "vision-too"})
    who = "api-key:vision-operator"
    assert stops_in(logs) == [
        (who, "vision", "tuning job", "vision-done", "ALREADY_FINISHED"),
        (who, "vision", "tuning job", "vision-run", "REFUSED"),
        (who, "vision", "tuning job", "vision-run", "UNCLEAR"),
        (who, "vision", "tuning job", "vision-run", "STOPPING"),
        (who, "vision", "tuning job", "vision-run", "ALREADY_STOPPING"),
        (who, "vision", "training job", "vision-too-1", "STOPPING"),
    ]
    answered = [line for line in logs if line["event"] == "request_answered"]
    assert {line["operation"] for line in answered} == {"mutation"}
    assert answer.headers["X-Request-Id"] in {line["request_id"] for line in logs if line["event"] == "job_stopped"}
    assert answered[4]["upstream"] == {DESCRIBE: 2, STOP: 1}


async def test_a_stop_whose_caller_hangs_up_is_in_the_audit_trail_and_believed_of_nobody(
    gateway: Running, standin: Standin, stop: Stop, calls: Calls
) -> None:
    await gateway.ask(LOOK, name="vision-run")
    standin.switches.latency = 0.2
    with capture_logs() as logs:
        asked = asyncio.create_task(stop("vision", "vision-run"))
        await when(lambda: STOP in calls())
        asked.cancel()
        await when(lambda: bool(stops_in(logs)))
    assert [line[-1] for line in stops_in(logs)] == ["UNCLEAR"]
    standin.switches.latency = 0.0
    before = calls()
    await gateway.ask(LOOK, name="vision-run")
    assert since(before, calls())[DESCRIBE] == 1
