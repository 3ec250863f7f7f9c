"""Calls from a client's first word to the last answer: the same jobs as in GraphQL, for the same callers."""

import re
from typing import Any

import grpc
import pytest

from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from gateway.standin import World, tuning_job_plan
from tests.rpc.client import Client, failure
from tests.running import Calls, Running

LIST = "ListTrainingJobsForHyperParameterTuningJob"


@pytest.fixture(autouse=True)
def _jobs(world: World) -> None:
    world.add(tuning_job_plan("vision-churn", trials=25, tags={"stage": "live"}))
    world.add(tuning_job_plan("nlp-churn", trials=3))
    world.add(tuning_job_plan("elsewhere", trials=3))


async def test_a_token_of_another_list_is_refused(call: Client) -> None:
    page = await call("ListTrainingJobs", tuning_job="vision-churn", page_size=5)
    refused = await failure(
        call(
            "ListTrainingJobs",
            tuning_job="vision-churn",
            sort_by=pb.TRAINING_JOB_SORT_BY_CREATION_TIME,
            page_token=page.next_page_token,
        )
    )
    assert (refused.status, refused.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_CURSOR")
    assert "page_token" in refused.message


@pytest.mark.parametrize("method", ["GetTuningJob", "WatchTuningJob"])
async def test_a_foreign_job_is_answered_as_one_that_does_not_exist(call: Client, calls: Calls, method: str) -> None:
    told = []
    for name in ("nlp-churn", "nlp-nothing"):
        before = calls()
        running = call.begun(method, name=name)
        told.append(await failure(running.read() if method.startswith("Watch") else running))
        assert calls() == before
    foreign, absent = told
    assert foreign.status is absent.status is grpc.StatusCode.NOT_FOUND
    assert foreign.reason == absent.reason == "NOT_FOUND"
    assert foreign.message == absent.message
    assert foreign.trailers.keys() == absent.trailers.keys()


async def test_the_training_jobs_of_a_foreign_job_are_not_found_either(call: Client) -> None:
    of_job = await failure(call("ListTrainingJobs", tuning_job="nlp-churn"))
    one = await failure(call("GetTrainingJob", tuning_job="nlp-churn", name="nlp-churn-001"))
    assert {of_job.status, one.status} == {grpc.StatusCode.NOT_FOUND}


async def test_a_tuning_job_is_told_as_graphql_tells_it(gateway: Running, call: Client) -> None:
    query = """{ tuningJob(name: "vision-churn") {
      name arn status rawStatus creationTime finished team { name } trainingJobCounts { completed total }
      objective { metricName type rawType } bestTrainingJob { name finalObjectiveMetric { value } }
      parameterRanges { continuous { name minValue scalingType } } randomSeed failureReason tags { key value }
    } }"""
    told = (await gateway.ask(query, key="key-of-vision")).data["tuningJob"]
    job = (await call("GetTuningJob", name="vision-churn", view=pb.TUNING_JOB_VIEW_FULL)).tuning_job
    assert (job.name, job.arn, job.raw_status, job.team) == (
        told["name"],
        told["arn"],
        told["rawStatus"],
        told["team"]["name"],
    )
    assert pb.TuningJobStatus.Name(job.status) == f"TUNING_JOB_STATUS_{told['status']}"
    assert job.creation_time.ToJsonString() == told["creationTime"]
    assert job.finished is told["finished"]
    assert job.training_job_counts.total == told["trainingJobCounts"]["total"] == 25
    assert job.objective.metric_name == told["objective"]["metricName"]
    assert (
        job.best_training_job.final_objective_metric.value == (told["bestTrainingJob"]["finalObjectiveMetric"]["value"])
    )
    assert [each.name for each in job.parameter_ranges.continuous] == [
        each["name"] for each in told["parameterRanges"]["continuous"]
    ]
    assert job.HasField("random_seed") is (told["randomSeed"] is not None)
    assert not job.HasField("failure_reason")
    assert {(tag.key, tag.value) for tag in job.tags} == {(tag["key"], tag["value"]) for tag in told["tags"]}


async def test_a_list_tells_rows_and_more_where_that_is_asked_for(call: Client, calls: Calls) -> None:
    (row,) = (await call("ListTuningJobs")).tuning_jobs
    assert (row.name, row.team, row.HasField("objective")) == ("vision-churn", "vision", False)
    assert "DescribeHyperParameterTuningJob" not in calls()
    (job,) = (await call("ListTuningJobs", view=pb.TUNING_JOB_VIEW_DESCRIBED)).tuning_jobs
    assert job.HasField("objective")
    (job,) = (await call("ListTuningJobs", view=pb.TUNING_JOB_VIEW_FULL)).tuning_jobs
    assert [tag.key for tag in job.tags] == ["stage"]


async def test_a_training_job_is_told_with_its_details_where_they_are_asked_for(call: Client) -> None:
    (first, *_) = (await call("ListTrainingJobs", tuning_job="vision-churn")).training_jobs
    job = (await call("GetTrainingJob", tuning_job="vision-churn", name=first.name)).training_job
    assert job == first
    full = await call("GetTrainingJob", tuning_job="vision-churn", name=first.name, view=pb.TRAINING_JOB_VIEW_FULL)
    assert full.training_job.details.role_arn
    absent = await failure(call("GetTrainingJob", tuning_job="vision-churn", name="vision-churn-none"))
    assert absent.status is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize(
    ("method", "fields", "says"),
    [
        ("GetTuningJob", {"name": "-"}, "name"),
        ("GetTuningJob", {"name": "vision-churn", "view": 77}, "view"),
        ("ListTuningJobs", {"page_size": -1}, "page_size"),
        ("ListTuningJobs", {"name_contains": "a b"}, "name_contains takes"),
        ("ListTuningJobs", {"status": pb.TUNING_JOB_STATUS_UNKNOWN}, "status must be one of: IN_PROGRESS"),
        ("ListTuningJobs", {"sort_by": 99}, "sort_by must be one of: NAME"),
        ("ListTuningJobs", {"team": "nlp"}, "team"),
        ("ListTrainingJobs", {"tuning_job": "vision-churn", "page_token": "nonsense"}, "page_token"),
        ("GetTrainingJob", {"tuning_job": "vision-churn", "name": "?"}, "name"),
    ],
)
async def test_what_can_never_work_is_refused_before_aws_is_asked(
    call: Client, calls: Calls, method: str, fields: dict[str, Any], says: str
) -> None:
    refused = await failure(call(method, **fields))
    assert refused.status is grpc.StatusCode.INVALID_ARGUMENT
    assert says in refused.message
    assert not re.search(r"\b[a-z]+[A-Z]", refused.message)  # a name of GraphQL's
    assert LIST not in calls()


async def test_a_page_that_is_too_large_is_cut_to_a_hundred(call: Client, world: World) -> None:
    world.add(tuning_job_plan("vision-wide", trials=130))
    page = await call("ListTrainingJobs", tuning_job="vision-wide", page_size=1000)
    assert len(page.training_jobs) == 100
    assert len((await call("ListTrainingJobs", tuning_job="vision-wide")).training_jobs) == 10
