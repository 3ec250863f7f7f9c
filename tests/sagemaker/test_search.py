"""Search by names: what is asked stays within AWS's limits, and what it says of a job is what Describe says."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import fields
from math import inf

import botocore.session
import pytest
from botocore.model import StructureShape
from hypothesis import given
from hypothesis import strategies as st

from gateway.governor import Errand, Governor
from gateway.model.target import Access, Target
from gateway.model.tuning_job import Tag
from gateway.sagemaker import NOT_IN_SEARCH, SageMaker, SageMakerOptions
from gateway.sagemaker.search import _NOT_IN_RECORDS, by_names, found_training_jobs
from gateway.standin import World, world_named
from gateway.standin.scope import CallerScope
from tests.running import ACCOUNT, UNLIMITED, Clock

NAMES = st.lists(st.from_regex(r"[a-zA-Z0-9](-?[a-zA-Z0-9]){0,30}", fullmatch=True), min_size=1, max_size=100)
TOGETHER = 100


@given(names=NAMES | st.just([f"{number:03}".ljust(63, "x") for number in range(TOGETHER)]))
def test_an_expression_names_every_job_once_within_the_limits_of_aws(names: list[str]) -> None:
    asked = by_names(names, None)
    filters = asked["SearchExpression"]["Filters"]
    assert asked["SearchExpression"]["Operator"] == "Or"
    assert all((each["Name"], each["Operator"]) == ("TrainingJobName", "In") for each in filters)
    assert all(len(each["Value"]) <= 1024 for each in filters)
    assert len(filters) <= 20
    assert [name for each in filters for name in each["Value"].split(",")] == names


def test_a_tag_is_said_and_is_no_filter() -> None:
    asked = by_names(["a"], Tag("team", "speech"))
    assert asked["VisibilityConditions"] == [{"Key": "Tags.team", "Value": "speech"}]
    assert "Tags" not in str(asked["SearchExpression"])
    assert "VisibilityConditions" not in by_names(["a"], None)


def test_what_was_not_asked_for_by_name_is_not_looked_at() -> None:
    assert found_training_jobs({"Results": [{"TrainingJob": {"TrainingJobName": "b"}}]}, ["a"]) == ()


def test_records_lack_what_we_think_they_lack() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    shapes = [model.shape_for(name) for name in ("DescribeTrainingJobResponse", "TrainingJob")]
    described, found = (shape.members for shape in shapes if isinstance(shape, StructureShape))
    assert described.keys() - found.keys() == _NOT_IN_RECORDS
    shared = described.keys() & found.keys()
    assert {name for name in shared if described[name].name != found[name].name} == set()


@pytest.fixture
def world(clock: Clock) -> World:
    return world_named("demo", clock)


@pytest.fixture
async def closing() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


def _finished(world: World, region: str) -> Iterator[list[str]]:
    """The names of all training jobs that are over, as many at a time as go into one Search."""
    jobs = world.sight(CallerScope(ACCOUNT, region)).training_jobs()
    over = [trial.plan.name for _, trial in jobs if trial.status in ("Completed", "Failed", "Stopped")]
    for start in range(0, len(over), TOGETHER):
        yield over[start : start + TOGETHER]


def errand() -> Errand:
    somebody = Errand()
    somebody.join("vision", deadline=inf)
    return somebody


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
async def test_search_and_describe_say_the_same_of_every_finished_job_of_the_demo(
    world: World, standin_address: str, region: str, closing: AsyncExitStack
) -> None:
    options = SageMakerOptions(endpoint_url=standin_address, access_key=f"AKIA{ACCOUNT}", secret_key="no-secret")
    access = Access(Target(ACCOUNT, region))
    sagemaker = await SageMaker(options, Governor(UNLIMITED)).open([access])
    closing.push_async_callback(sagemaker.close)
    for names in _finished(world, region):
        found = await sagemaker.search_training_jobs(access, names, None, errand=errand())
        assert {each.name for each in found} == set(names)
        described = await asyncio.gather(
            *(sagemaker.describe_training_job(access, each.name, errand=errand()) for each in found)
        )
        for record, whole in zip(found, described, strict=True):
            for field in fields(whole):
                if field.name not in NOT_IN_SEARCH:
                    assert getattr(record.details, field.name) == getattr(whole, field.name), (record.name, field.name)
