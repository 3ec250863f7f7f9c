from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.standin import TuningJobPlan, World, tuning_job_plan

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Connect = Callable[..., Awaitable[Ask]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]
Advance = Callable[[float], None]
TagsOf = Callable[[str], Awaitable[dict[str, str]]]


@pytest.fixture
def job(world: World) -> TuningJobPlan:
    """Launches its five training jobs one after the other, a minute each."""
    tags = {"team": "vision", "stage": "test"}
    return world.add(
        tuning_job_plan("churn-hpo", trials=5, created=0.0, trial_seconds=(60.0, 60.0), max_parallel=1, tags=tags)
    )


@pytest.fixture
def tags_of(ask: Ask) -> TagsOf:
    async def tags(arn: str) -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in (await ask("list_tags", ResourceArn=arn))["Tags"]}

    return tags


async def test_tags_are_added_and_overwritten(job: TuningJobPlan, ask: Ask, tags_of: TagsOf) -> None:
    new = [{"Key": "team", "Value": "nlp"}, {"Key": "owner", "Value": ""}]
    answer = await ask("add_tags", ResourceArn=job.arn, Tags=new)
    wanted = {"team": "nlp", "stage": "test", "owner": ""}
    assert {tag["Key"]: tag["Value"] for tag in answer["Tags"]} == wanted
    assert await tags_of(job.arn) == wanted


async def test_tags_are_deleted_and_absent_ones_passed_over(job: TuningJobPlan, ask: Ask, tags_of: TagsOf) -> None:
    await ask("delete_tags", ResourceArn=job.arn, TagKeys=["team", "nobody"])
    assert await tags_of(job.arn) == {"stage": "test"}
    await ask("add_tags", ResourceArn=job.arn, Tags=[{"Key": "team", "Value": "nlp"}])
    assert await tags_of(job.arn) == {"stage": "test", "team": "nlp"}


async def test_the_name_in_the_arn_is_found_in_any_case(job: TuningJobPlan, ask: Ask, tags_of: TagsOf) -> None:
    arn = job.arn.replace("churn-hpo", "Churn-HPO")
    await ask("add_tags", ResourceArn=arn, Tags=[{"Key": "team", "Value": "nlp"}])
    assert (await tags_of(job.arn))["team"] == (await tags_of(arn))["team"] == "nlp"


async def test_training_jobs_keep_the_tags_their_tuning_job_had_at_their_launch(
    job: TuningJobPlan, ask: Ask, tags_of: TagsOf, advance: Advance
) -> None:
    first, second, third = (job.training_job_arn(trial) for trial in job.trials[:3])
    advance(30)  # the first runs
    await ask("add_tags", ResourceArn=job.arn, Tags=[{"Key": "team", "Value": "nlp"}])
    advance(60)  # so does the second
    await ask("delete_tags", ResourceArn=job.arn, TagKeys=["team"])
    advance(60)
    assert await tags_of(first) == {"team": "vision", "stage": "test"}
    assert await tags_of(second) == {"team": "nlp", "stage": "test"}
    assert await tags_of(third) == {"stage": "test"}


async def test_a_tag_on_a_training_job_stays_there(
    job: TuningJobPlan, ask: Ask, tags_of: TagsOf, advance: Advance
) -> None:
    advance(90)
    first, second = (job.training_job_arn(trial) for trial in job.trials[:2])
    await ask("add_tags", ResourceArn=first, Tags=[{"Key": "team", "Value": "nlp"}])
    await ask("delete_tags", ResourceArn=first, TagKeys=["stage"])
    assert await tags_of(first) == {"team": "nlp"}
    assert await tags_of(second) == await tags_of(job.arn) == {"team": "vision", "stage": "test"}


async def test_search_finds_by_the_tags_there_are_now(job: TuningJobPlan, ask: Ask, advance: Advance) -> None:
    advance(90)
    await ask("add_tags", ResourceArn=job.arn, Tags=[{"Key": "team", "Value": "nlp"}])
    advance(60)
    expression = {"Filters": [{"Name": "Tags.team", "Value": "nlp"}]}
    tuning = await ask("search", Resource="HyperParameterTuningJob", SearchExpression=expression)
    assert [found["HyperParameterTuningJob"]["HyperParameterTuningJobName"] for found in tuning["Results"]] == [
        "churn-hpo"
    ]
    training = await ask("search", Resource="TrainingJob", SearchExpression=expression)
    assert [found["TrainingJob"]["TrainingJobName"] for found in training["Results"]] == [job.trials[2].name]


async def test_a_resource_has_fifty_tags_at_most(job: TuningJobPlan, ask: Ask, refusal: Refusal) -> None:
    many = [{"Key": f"k{number}", "Value": "v"} for number in range(48)]
    await ask("add_tags", ResourceArn=job.arn, Tags=many)
    await ask("add_tags", ResourceArn=job.arn, Tags=many)
    code, text = await refusal(ask("add_tags", ResourceArn=job.arn, Tags=[{"Key": "one-more", "Value": "v"}]))
    assert (code, text) == ("ValidationException", "A resource can have no more than 50 tags.")


async def test_the_tags_of_aws_are_out_of_reach(job: TuningJobPlan, ask: Ask, refusal: Refusal) -> None:
    code, text = await refusal(ask("add_tags", ResourceArn=job.arn, Tags=[{"Key": "AWS:owner", "Value": "me"}]))
    assert (code, text[:13]) == ("ValidationException", "aws: prefixed")


async def test_what_is_not_there_cannot_be_tagged(job: TuningJobPlan, ask: Ask, refusal: Refusal) -> None:
    """Nor can what is not there yet, and being refused leaves no trace."""
    absent = job.arn.replace("churn", "absent")
    not_yet = job.training_job_arn(job.trials[4])
    for arn in (absent, not_yet):
        for asked in (
            ask("add_tags", ResourceArn=arn, Tags=[{"Key": "team", "Value": "nlp"}]),
            ask("delete_tags", ResourceArn=arn, TagKeys=["team"]),
            ask("list_tags", ResourceArn=arn),
        ):
            assert await refusal(asked) == ("ValidationException", f"Requested resource {arn} not found.")


async def test_another_account_cannot_tag_ours(
    job: TuningJobPlan, connect: Connect, refusal: Refusal, tags_of: TagsOf
) -> None:
    theirs = await connect(key="AKIA444455556666")
    code, _ = await refusal(theirs("add_tags", ResourceArn=job.arn, Tags=[{"Key": "team", "Value": "nlp"}]))
    assert code == "ValidationException"
    assert (await tags_of(job.arn))["team"] == "vision"
