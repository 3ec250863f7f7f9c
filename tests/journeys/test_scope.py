"""Two teams in one account: each sees its own jobs and cannot tell whether others exist."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from gateway.standin import Standin, WarmStart, World, tuning_job_plan
from tests.running import Calls, Running, Start

EVERYTHING = """
query ($name: String!) {
  tuningJob(name: $name) {
    id name arn team { name } tags { key value } warmStart { parents { name } } bestTrainingJob { name }
    overallBestTrainingJob { name tuningJobName }
    trainingJobs(first: 2) { totalCount nodes { id name details { arn: roleArn } } }
  }
}
"""
NODE = "query ($id: ID!) { node(id: $id) { __typename id ... on TuningJob { name } ... on TrainingJob { name } } }"


@pytest.fixture
def two_teams(world: World) -> World:
    world.add(tuning_job_plan("vision-churn", trials=5))
    world.add(tuning_job_plan("nlp-churn", trials=5))
    world.add(tuning_job_plan("supervision-7", trials=2))
    world.add(tuning_job_plan("europe-only", trials=2, region="eu-west-1"))
    return world


@pytest.mark.usefixtures("two_teams")
@pytest.mark.parametrize("warmed", [False, True])
async def test_a_foreign_job_is_answered_as_one_that_does_not_exist(
    gateway: Running, calls: Calls, warmed: bool
) -> None:
    if warmed:
        assert (await gateway.ask(EVERYTHING, key="key-of-nlp", name="nlp-churn")).data["tuningJob"] is not None
    before = calls()
    foreign = await gateway.ask(EVERYTHING, key="key-of-vision", name="nlp-churn")
    absent = await gateway.ask(EVERYTHING, key="key-of-vision", name="nlp-nothing")
    assert foreign.status == absent.status == 200
    assert (
        foreign.body
        == absent.body
        == {
            "data": {"tuningJob": None},
            "extensions": {"cost": {"estimatedCalls": 0, "actualCalls": 0, "cacheHits": 0}},
        }
    )
    assert calls() == before


@pytest.mark.usefixtures("two_teams")
async def test_a_list_holds_the_teams_own_jobs_alone(gateway: Running) -> None:
    query = "query ($part: String) { tuningJobs(nameContains: $part) { nodes { name } totalCount } }"
    assert (await gateway.ask(query, key="key-of-vision")).data["tuningJobs"] == {
        "nodes": [{"name": "vision-churn"}],
        "totalCount": 1,
    }
    assert (await gateway.ask(query, key="key-of-vision", part="nlp")).data["tuningJobs"]["nodes"] == []
    assert (await gateway.ask(query, key="key-of-vision", part="vision-")).data["tuningJobs"]["totalCount"] == 1
    assert (await gateway.ask(query, key="key-of-nlp", part="churn")).data["tuningJobs"]["nodes"] == [
        {"name": "nlp-churn"}
    ]
    assert (await gateway.ask(query, key="key-of-platform")).data["tuningJobs"]["totalCount"] == 3


@pytest.mark.usefixtures("two_teams")
async def test_an_id_is_worth_nothing_to_another_team(gateway: Running, calls: Calls) -> None:
    job = (await gateway.ask(EVERYTHING, key="key-of-nlp", name="nlp-churn")).data["tuningJob"]
    training_job = job["trainingJobs"]["nodes"][0]
    for found in (job, training_job):
        own = await gateway.ask(NODE, key="key-of-nlp", id=found["id"])
        assert own.data["node"]["name"] == found["name"]
        before = calls()
        assert (await gateway.ask(NODE, key="key-of-vision", id=found["id"])).data == {"node": None}
        assert (await gateway.ask(NODE, key="key-of-forecasting", id=found["id"])).data == {"node": None}
        assert calls() == before


@pytest.mark.parametrize("name", ["", "-", "x" * 40, "a b", "\ud800"])
async def test_a_forged_id_names_nothing_and_costs_nothing(gateway: Running, calls: Calls, name: str) -> None:
    forged = base64.urlsafe_b64encode(json.dumps(["111122223333", "us-east-1", name]).encode()).decode()
    assert (await gateway.ask(NODE, id=forged)).data == {"node": None}
    assert calls() == {}


@pytest.mark.usefixtures("two_teams")
async def test_a_cursor_of_another_team_is_refused(gateway: Running) -> None:
    query = "query ($after: String) { tuningJobs(after: $after, first: 1) { pageInfo { endCursor } } }"
    cursor = (await gateway.ask(query, key="key-of-nlp")).data["tuningJobs"]["pageInfo"]["endCursor"]
    refused = await gateway.ask(query, key="key-of-vision", after=cursor)
    assert refused.codes == ["INVALID_CURSOR"]
    garbage = await gateway.ask(query, key="key-of-vision", after="garbage")
    assert garbage.messages == refused.messages


@pytest.mark.usefixtures("two_teams")
async def test_a_cursor_from_another_listing_is_refused(gateway: Running, page: str) -> None:
    found = await gateway.ask(page, name="vision-churn", first=2)
    cursor = found.data["tuningJob"]["trainingJobs"]["pageInfo"]["endCursor"]
    for changed in ({"sortOrder": "DESCENDING"}, {"statusEquals": "COMPLETED"}, {"name": "nlp-churn"}):
        refused = await gateway.ask(page, **{"name": "vision-churn", "after": cursor, **changed})
        assert refused.codes == ["INVALID_CURSOR"], changed
    assert (await gateway.ask(page, name="vision-churn", after=cursor, first=100)).codes == []


async def test_parents_and_bests_of_other_teams_are_left_out(gateway: Running, world: World) -> None:
    world.add(tuning_job_plan("nlp-parent", trials=3, metrics={1: 0.99, 2: 0.98, 3: 0.97}))
    world.add(tuning_job_plan("vision-parent", trials=3, metrics={1: 0.1, 2: 0.2, 3: 0.3}))
    parents = WarmStart(("nlp-parent", "vision-parent"))
    world.add(tuning_job_plan("vision-child", trials=3, metrics={1: 0.4, 2: 0.5, 3: 0.6}, warm_start=parents))
    seen = await gateway.ask(EVERYTHING, key="key-of-vision", name="vision-child")
    assert seen.data["tuningJob"]["warmStart"]["parents"] == [{"name": "vision-parent"}]
    assert seen.data["tuningJob"]["overallBestTrainingJob"] is None
    assert "nlp" not in json.dumps(seen.body)
    whole = (await gateway.ask(EVERYTHING, key="key-of-platform", name="vision-child")).data["tuningJob"]
    assert whole["overallBestTrainingJob"]["tuningJobName"] == "nlp-parent"
    assert len(whole["warmStart"]["parents"]) == 2


async def test_jobs_whose_owner_cannot_be_told_are_left_out_where_teams_share_an_account(
    gateway: Running, world: World
) -> None:
    plan = tuning_job_plan("vision-churn", trials=1)
    settings = {
        "WarmPoolStatus": {"Status": "Reused", "ReusedByJob": "nlp-churn-001-0a1b2c3d"},
        "AutoMLJobArn": "arn:aws:sagemaker:us-east-1:111122223333:automl-job/nlp-auto",
        "LabelingJobArn": "arn:aws:sagemaker:us-east-1:111122223333:labeling-job/nlp-labels",
    }
    world.add(replace(plan, trials=(replace(plan.trials[0], settings=settings),)))
    query = """{ tuningJob(name: "vision-churn") { trainingJobs { nodes { details {
        warmPool { status reusedByJob } autoMlJobArn labelingJobArn } } } } }"""

    async def details(key: str) -> dict[str, Any]:
        (node,) = (await gateway.ask(query, key=key)).data["tuningJob"]["trainingJobs"]["nodes"]
        return dict(node["details"])

    assert await details("key-of-vision") == {
        "warmPool": {"status": "REUSED", "reusedByJob": None},
        "autoMlJobArn": None,
        "labelingJobArn": None,
    }
    assert (await details("key-of-platform"))["warmPool"]["reusedByJob"] == "nlp-churn-001-0a1b2c3d"


@pytest.mark.parametrize("warmed", [False, True])
async def test_tags_that_others_have_read_spare_a_team_that_owns_by_tag_no_call(
    gateway: Running, world: World, calls: Calls, warmed: bool
) -> None:
    world.add(tuning_job_plan("a-job", trials=1, tags={"team": "speech"}))
    query = "query ($name: String!) { tuningJob(name: $name) { tags { value } } }"
    if warmed:
        await gateway.ask(query, key="key-of-platform", name="a-job")

    async def asked(key: str, name: str) -> tuple[Any, int]:
        before = calls().get("ListTags", 0)
        found = (await gateway.ask(query, key=key, name=name)).data["tuningJob"]
        return found, calls()["ListTags"] - before

    assert await asked("key-of-robotics", "a-job") == await asked("key-of-robotics", "no-job") == (None, 1)
    assert await asked("key-of-speech", "a-job") == ({"tags": [{"value": "speech"}]}, 1)
    assert await asked("key-of-robotics", "a-job") == await asked("key-of-robotics", "no-job") == (None, 0)


@pytest.mark.usefixtures("two_teams")
async def test_regions_are_worlds_of_their_own(gateway: Running) -> None:
    assert (await gateway.ask(EVERYTHING, key="key-of-forecasting", name="europe-only")).data["tuningJob"] is not None
    assert (await gateway.ask(EVERYTHING, key="key-of-platform", name="europe-only")).data["tuningJob"] is None


@pytest.mark.usefixtures("two_teams")
async def test_a_caller_of_several_teams_names_the_team(gateway: Running) -> None:
    query = 'query ($team: String) { tuningJob(name: "nlp-churn", team: $team) { name team { name region } } }'
    unnamed = await gateway.ask(query, key="key-of-both")
    assert unnamed.codes == ["BAD_USER_INPUT"]
    assert "vision, nlp" in unnamed.messages
    named = await gateway.ask(query, key="key-of-both", team="nlp")
    assert named.data["tuningJob"] == {"name": "nlp-churn", "team": {"name": "nlp", "region": "us-east-1"}}
    assert (await gateway.ask(query, key="key-of-both", team="vision")).data == {"tuningJob": None}
    assert (await gateway.ask(query, key="key-of-both", team="platform")).data == {"tuningJob": None}


async def test_a_team_that_is_not_the_callers_is_null_and_its_list_is_refused(gateway: Running) -> None:
    teams = await gateway.ask(
        '{ own: team(name: "vision") { name } other: team(name: "nlp") { name } }', key="key-of-vision"
    )
    assert teams.data == {"own": {"name": "vision"}, "other": None}
    for name in ("nlp", "no-such-team"):
        refused = await gateway.ask(
            "query ($t: String) { tuningJobs(team: $t) { totalCount } }", key="key-of-vision", t=name
        )
        assert refused.codes == ["BAD_USER_INPUT"]
        assert refused.messages == "team must be one of yours: vision."


async def test_the_viewer_sees_itself(gateway: Running) -> None:
    viewer = (await gateway.ask("{ viewer { subject permissions teams { name } } }", key="key-of-both")).data["viewer"]
    assert viewer == {
        "subject": "api-key:both",
        "permissions": ["READ"],
        "teams": [{"name": "vision"}, {"name": "nlp"}],
    }


async def test_a_caller_without_a_team_here_is_forbidden(gateway: Running) -> None:
    answer = await gateway.ask("{ viewer { subject } }", key="key-of-nobody")
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])


async def test_an_answer_for_another_account_is_refused_whole(start: Start, world: World, standin: Standin) -> None:
    world.add(tuning_job_plan("vision-secret", account="999988887777"))
    gateway = await start()
    options = replace(gateway.configuration.sagemaker, access_key="AKIA999988887777")
    misled = await start(sagemaker=options)
    answer = await misled.ask(EVERYTHING, key="key-of-vision", name="vision-secret")
    assert answer.codes == ["INTERNAL"]
    assert "999988887777" not in json.dumps(answer.body)
    assert standin.calls.counts["DescribeHyperParameterTuningJob"] == 1
