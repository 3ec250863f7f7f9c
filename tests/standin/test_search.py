"""Search as a whole: what it answers, in which order, in pages, and how far behind it is."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.standin import DefinitionPlan, Standin, TrialPlan, World, tuning_job_plan, world_named
from gateway.standin.scope import CallerScope
from gateway.standin.search.records import TRAINING, TUNING, TrainingRecord, TuningRecord

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Connect = Callable[..., Awaitable[Ask]]
Walk = Callable[..., Awaitable[list[Answer]]]
Refusal = Callable[[Awaitable[object]], Awaitable[tuple[str, str]]]
Advance = Callable[[float], None]

TUNING_JOB, TRAINING_JOB = "HyperParameterTuningJob", "TrainingJob"


def equals(name: str, value: str) -> Answer:
    return {"Filters": [{"Name": name, "Value": value}]}


def names(page: Answer, resource: str = TUNING_JOB) -> list[str]:
    return [record[resource][f"{resource}Name"] for record in page["Results"]]


async def test_a_tuning_job_is_found_with_all_describe_says_but_autotune(world: World, ask: Ask) -> None:
    world.add(tuning_job_plan("parent", trials=2, metrics={1: 0.9}))
    world.add(tuning_job_plan("churn-hpo", trials=3, autotune=True, tags={"team": "vision"}))
    described = await ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName="churn-hpo")
    found = await ask("search", Resource=TUNING_JOB, SearchExpression=equals("Tags.team", "vision"))
    (result,) = found["Results"]
    del described["Autotune"], described["ResponseMetadata"]
    assert result == {TUNING_JOB: described | {"Tags": [{"Key": "team", "Value": "vision"}]}}
    assert found["TotalHits"] == {"Value": 1, "Relation": "EqualTo"}


async def test_a_training_job_is_found_with_what_describe_says_and_its_tags(world: World, ask: Ask) -> None:
    settings = {"EnableManagedSpotTraining": True, "RemoteDebugConfig": {"EnableRemoteDebug": True}}
    definition = DefinitionPlan(settings=settings)
    plan = world.add(tuning_job_plan("churn-hpo", trials=2, definitions=[definition], tags={"team": "vision"}))
    described = await ask("describe_training_job", TrainingJobName=plan.trials[1].name)
    found = await ask("search", Resource=TRAINING_JOB, SearchExpression=equals("TrainingJobName", plan.trials[1].name))
    del described["RemoteDebugConfig"], described["ResponseMetadata"]  # no member of a search record
    assert found["Results"] == [{TRAINING_JOB: described | {"Tags": [{"Key": "team", "Value": "vision"}]}}]


async def test_the_training_jobs_of_a_tuning_job_are_read_a_hundred_at_a_time(world: World, walk: Walk) -> None:
    plan = world.add(tuning_job_plan("churn-hpo", trials=130))
    world.add(tuning_job_plan("other-hpo", trials=20))
    expression = equals("TuningJobArn", plan.arn)
    pages = await walk("search", page_size=100, Resource=TRAINING_JOB, SearchExpression=expression)
    assert [len(page["Results"]) for page in pages] == [100, 30]
    assert {page["TotalHits"]["Value"] for page in pages} == {130}
    assert {name for page in pages for name in names(page, TRAINING_JOB)} == {trial.name for trial in plan.trials}


async def test_filters_come_before_the_page_is_cut(world: World, ask: Ask) -> None:
    for number in range(30):
        world.add(tuning_job_plan(f"job-{number}", trials=1, tags={"team": "nlp" if number % 3 else "vision"}))
    page = await ask("search", Resource=TUNING_JOB, SearchExpression=equals("Tags.team", "vision"))
    assert (len(page["Results"]), page["TotalHits"]["Value"]) == (10, 10)
    assert "NextToken" not in page


async def test_without_an_expression_everything_is_found_ten_at_a_time(world: World, ask: Ask) -> None:
    for number in range(12):
        world.add(tuning_job_plan(f"job-{number}", trials=1))
    page = await ask("search", Resource=TUNING_JOB)
    assert (len(page["Results"]), page["TotalHits"]["Value"]) == (10, 12)
    rest = await ask("search", Resource=TUNING_JOB, NextToken=page["NextToken"])
    assert len(rest["Results"]) == 2


async def test_a_token_is_good_for_its_own_search_only(world: World, ask: Ask, refusal: Refusal) -> None:
    for number in range(3):
        world.add(tuning_job_plan(f"job-{number}", trials=1))
    token = (await ask("search", Resource=TUNING_JOB, MaxResults=1))["NextToken"]
    for changed in ({"SortOrder": "Ascending"}, {"SearchExpression": equals("Tags.team", "vision")}, {"MaxResults": 2}):
        other = {"Resource": TUNING_JOB, "MaxResults": 1, "NextToken": token} | changed
        code, text = await refusal(ask("search", **other))
        assert (code, text) == ("ValidationException", 'Invalid pagination token because "{0}".')


async def test_the_latest_change_comes_first(world: World, ask: Ask) -> None:
    for number, created in enumerate((-9_000.0, -90_000.0, -50_000.0)):
        world.add(tuning_job_plan(f"job-{number}", trials=1, created=created))
    assert names(await ask("search", Resource=TUNING_JOB)) == ["job-0", "job-2", "job-1"]
    assert names(await ask("search", Resource=TUNING_JOB, SortOrder="Ascending")) == ["job-1", "job-2", "job-0"]


async def test_sorting_goes_by_any_property_and_leaves_to_the_end_what_has_none(world: World, ask: Ask) -> None:
    plan = world.add(tuning_job_plan("churn-hpo", trials=4, metrics={1: 0.5, 2: None, 3: 0.9, 4: 0.5}))
    first, second, third, fourth = (trial.name for trial in plan.trials)
    by = {"Resource": TRAINING_JOB, "SortBy": "Metrics.validation:accuracy"}
    assert names(await ask("search", **by), TRAINING_JOB) == [third, first, fourth, second]
    assert names(await ask("search", **by, SortOrder="Ascending"), TRAINING_JOB) == [first, fourth, third, second]


async def test_hyperparameters_sort_as_numbers(world: World, ask: Ask) -> None:
    plan = world.add(tuning_job_plan("churn-hpo", trials=30))
    page = await ask("search", Resource=TRAINING_JOB, SortBy="HyperParameters.num_layers", MaxResults=100)
    layers = {trial.name: int(trial.parameters["num_layers"]) for trial in plan.trials}
    assert [layers[name] for name in names(page, TRAINING_JOB)] == sorted(layers.values(), reverse=True)


@pytest.mark.parametrize("order", ["Ascending", "Descending"])
async def test_equals_stand_in_the_order_of_their_names(world: World, ask: Ask, order: str) -> None:
    for name in ("job-c", "job-a", "job-b"):
        world.add(tuning_job_plan(name, trials=[TrialPlan(f"{name}-1", 1.0, 2.0, 60.0)]))
    assert names(await ask("search", Resource=TUNING_JOB, SortOrder=order)) == ["job-a", "job-b", "job-c"]


@pytest.mark.parametrize("by", ["Zeitgeist", "VpcConfig", "Tags", "CreationTime.Year"])
async def test_nothing_is_sorted_by_what_cannot_be(ask: Ask, refusal: Refusal, by: str) -> None:
    assert (await refusal(ask("search", Resource=TRAINING_JOB, SortBy=by)))[0] == "ValidationException"


async def test_other_resources_are_refused(ask: Ask, refusal: Refusal) -> None:
    refused = await refusal(ask("search", Resource="Endpoint"))
    assert refused == ("ValidationException", "The stand-in does not search the resource 'Endpoint'.")


async def test_nothing_is_discoverable_across_accounts(world: World, ask: Ask) -> None:
    world.add(tuning_job_plan("ours", trials=1))
    for option, hits in (("CrossAccount", 0), ("SameAccount", 1)):
        page = await ask("search", Resource=TUNING_JOB, CrossAccountFilterOption=option)
        assert page["TotalHits"]["Value"] == hits


async def test_another_account_or_region_finds_nothing(world: World, connect: Connect) -> None:
    world.add(tuning_job_plan("ours", trials=1))
    for scope in ({"region": "eu-west-1"}, {"key": "AKIA444455556666"}):
        ask = await connect(**scope)
        assert (await ask("search", Resource=TUNING_JOB))["Results"] == []


async def test_visibility_conditions_fail_open(world: World, ask: Ask) -> None:
    world.add(tuning_job_plan("ours", trials=1, tags={"team": "vision"}))
    world.add(tuning_job_plan("theirs", trials=1, tags={"team": "nlp"}))
    world.add(tuning_job_plan("untagged", trials=1))
    seen = {"Resource": TUNING_JOB, "VisibilityConditions": [{"Key": "Tags.team", "Value": "vision"}]}
    assert sorted(names(await ask("search", **seen))) == ["ours", "untagged"]
    assert names(await ask("search", **seen, SearchExpression=equals("Tags.team", "vision"))) == ["ours"]
    assert names(await ask("search", **seen, SearchExpression=equals("Tags.team", "nlp"))) == []


async def test_of_several_visibility_conditions_each_has_to_pass(world: World, ask: Ask) -> None:
    world.add(tuning_job_plan("both", trials=1, tags={"team": "vision", "stage": "live"}))
    world.add(tuning_job_plan("one", trials=1, tags={"team": "vision", "stage": "old"}))
    conditions = [{"Key": "Tags.team", "Value": "vision"}, {"Key": "Tags.stage", "Value": "live"}]
    assert names(await ask("search", Resource=TUNING_JOB, VisibilityConditions=conditions)) == ["both"]


@pytest.mark.parametrize("key", ["team", "Tags.", "Name.team"])
async def test_a_visibility_condition_is_about_a_tag(ask: Ask, refusal: Refusal, key: str) -> None:
    conditions = [{"Key": key, "Value": "vision"}]
    code, text = await refusal(ask("search", Resource=TUNING_JOB, VisibilityConditions=conditions))
    assert (code, key in text) == ("ValidationException", True)


async def test_search_can_lag_behind_what_describe_says(
    standin: Standin, world: World, ask: Ask, advance: Advance
) -> None:
    standin.switches.search_lag = 15
    plan = world.add(tuning_job_plan("churn-hpo", trials=1, created=0.0, trial_seconds=(60.0, 60.0)))
    assert (await ask("search", Resource=TUNING_JOB))["TotalHits"]["Value"] == 0
    advance(14)
    assert names(await ask("search", Resource=TUNING_JOB)) == []
    await ask("add_tags", ResourceArn=plan.arn, Tags=[{"Key": "team", "Value": "vision"}])
    advance(1)
    found = (await ask("search", Resource=TUNING_JOB))["Results"][0][TUNING_JOB]
    assert (found["HyperParameterTuningJobName"], found["Tags"]) == ("churn-hpo", [])
    advance(14)
    assert names(await ask("search", Resource=TUNING_JOB, SearchExpression=equals("Tags.team", "vision"))) == [
        "churn-hpo"
    ]
    advance(40)
    described = await ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName="churn-hpo")
    found = (await ask("search", Resource=TUNING_JOB))["Results"][0][TUNING_JOB]
    assert (described["HyperParameterTuningJobStatus"], found["HyperParameterTuningJobStatus"]) == (
        "Completed",
        "InProgress",
    )


async def test_a_lagging_search_says_at_each_moment_what_a_prompt_one_said_then(
    clock: Callable[[], float], standin: Standin, world: World, ask: Ask, advance: Advance
) -> None:
    """Looking at the present and the past in turns does not mix them up."""
    world.add(tuning_job_plan("churn-hpo", trials=20, created=0.0, trial_seconds=(20.0, 60.0), stopped_after=120.0))
    everything = {"Resource": TRAINING_JOB, "MaxResults": 100}
    prompt: dict[float, list[Answer]] = {}
    for _ in range(25):
        standin.switches.search_lag = 0
        prompt[clock()] = (await ask("search", **everything))["Results"]
        standin.switches.search_lag = 30
        if clock() - 30 in prompt:
            assert (await ask("search", **everything))["Results"] == prompt[clock() - 30]
        advance(10)


def test_what_is_read_quickly_is_what_the_description_says(clock: Callable[[], float], advance: Advance) -> None:
    demo = world_named("demo", clock)
    for _ in range(2):
        sight = demo.sight(CallerScope("111122223333", "us-east-1"))
        for job in sight.tuning_jobs():
            tuning = TuningRecord(sight, job)
            assert [tuning.member(name) for name in TUNING] == [tuning.words()[name] for name in TUNING]
            for trial in job.trials[-12:]:
                training = TrainingRecord(sight, job, trial)
                assert [training.member(name) for name in TRAINING] == [training.words()[name] for name in TRAINING]
        advance(100)
