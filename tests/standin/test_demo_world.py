import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from gateway.standin import World, world_named
from gateway.standin.lifecycle import TuningJob
from gateway.standin.scope import CallerScope

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Answer]]
Walk = Callable[..., Awaitable[list[Answer]]]
Advance = Callable[[float], None]

LIST = "list_training_jobs_for_hyper_parameter_tuning_job"
VIRGINIA, IRELAND = CallerScope("111122223333", "us-east-1"), CallerScope("111122223333", "eu-west-1")


@pytest.fixture
def world(clock: Callable[[], float]) -> World:
    return world_named("demo", clock)


def job_of(world: World, name: str) -> TuningJob:
    job = world.sight(VIRGINIA).tuning_job(name)
    assert job is not None
    return job


def everything(world: World) -> Iterator[TuningJob]:
    for scope in (VIRGINIA, IRELAND):
        yield from world.sight(scope).tuning_jobs()


def test_an_unknown_world_is_refused_with_the_names_of_all(clock: Callable[[], float]) -> None:
    with pytest.raises(ValueError, match="no world called 'atlantis'; there are: demo, empty"):
        world_named("atlantis", clock)


def test_the_empty_world_is_empty(clock: Callable[[], float]) -> None:
    assert not list(everything(world_named("empty", clock)))


def test_two_demo_worlds_are_the_same(world: World, clock: Callable[[], float]) -> None:
    again = world_named("demo", clock)
    assert [job.plan for job in everything(world)] == [job.plan for job in everything(again)]


def test_all_names_are_legal_and_distinct(world: World) -> None:
    trials = []
    for job in everything(world):
        assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}", job.plan.name)
        for trial in job.plan.trials:
            assert re.fullmatch(rf"{job.plan.name}-\d{{3,4}}-[0-9a-f]{{8}}", trial.name)
            assert len(trial.name) <= 63
            trials.append(trial.name)
    assert len(set(trials)) == len(trials)


def test_every_teams_jobs_start_with_its_name_and_carry_its_tag(world: World) -> None:
    teams = Counter(job.plan.name.split("-")[0] for job in world.sight(VIRGINIA).tuning_jobs())
    assert set(teams) == {"vision", "nlp"}
    assert teams["vision"] > 130
    assert teams["nlp"] == 15
    tagged = [job for job in world.sight(VIRGINIA).tuning_jobs() if job.plan.name != "vision-untagged"]
    assert all(job.plan.tags["team"] == job.plan.name.split("-")[0] for job in tagged)


def test_one_job_of_virginia_is_nobodys_by_its_tags(world: World) -> None:
    assert not job_of(world, "vision-untagged").plan.tags


def test_forecasting_owns_ireland_without_any_team_tag(world: World) -> None:
    jobs = world.sight(IRELAND).tuning_jobs()
    assert len(jobs) == 5
    assert not any("team" in job.plan.tags for job in jobs)


async def test_the_tuning_jobs_of_virginia_fill_more_than_a_page(walk: Walk) -> None:
    walked = await walk("list_hyper_parameter_tuning_jobs", page_size=100)
    assert len(walked[0]["HyperParameterTuningJobSummaries"]) == 100
    assert len(walked) == 2


async def test_resnet_has_exactly_750_distinct_training_jobs(walk: Walk) -> None:
    walked = await walk(LIST, HyperParameterTuningJobName="vision-resnet", page_size=100)
    rows = [row for page in walked for row in page["TrainingJobSummaries"]]
    assert len(rows) == len({row["TrainingJobName"] for row in rows}) == 750
    statuses = Counter(row["TrainingJobStatus"] for row in rows)
    assert set(statuses) == {"Completed", "Failed", "Stopped"}
    silent = [row for row in rows if "FinalHyperParameterTuningJobObjectiveMetric" not in row]
    assert any(row["TrainingJobStatus"] == "Completed" for row in silent)


def test_resnet_converges(world: World) -> None:
    metrics = [trial.metric for trial in job_of(world, "vision-resnet").trials if trial.metric is not None]
    assert max(metrics[:50]) < max(metrics) < 1.0
    assert sum(metrics[:100]) / 100 + 0.05 < sum(metrics[-100:]) / 100


async def test_the_detector_finishes_while_one_watches(ask: Ask, advance: Advance) -> None:
    async def status() -> tuple[str, int]:
        answer = await ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName="vision-detector")
        return answer["HyperParameterTuningJobStatus"], answer["TrainingJobStatusCounters"]["Completed"]

    seen = [await status()]
    for _ in range(17):
        advance(10)
        seen.append(await status())
    completed = [count for _, count in seen]
    assert {word for word, _ in seen} == {"InProgress"}
    assert completed == sorted(completed)
    assert len(set(completed)) > 14  # something ends nearly every ten seconds
    advance(40)
    assert (await status())[0] == "Completed"


def test_the_segmenter_launches_a_training_job_about_every_ten_seconds_for_six_hours(
    world: World, advance: Advance
) -> None:
    first = len(job_of(world, "vision-segmenter").trials)
    advance(600)
    assert 50 <= len(job_of(world, "vision-segmenter").trials) - first <= 70
    advance(5 * 3_600)
    assert job_of(world, "vision-segmenter").status == "InProgress"
    advance(3_600)
    assert job_of(world, "vision-segmenter").status == "Completed"


async def test_the_best_of_the_warm_started_job_and_its_parent_is_the_parents(ask: Ask) -> None:
    answer = await ask("describe_hyper_parameter_tuning_job", HyperParameterTuningJobName="vision-warm")
    assert answer["WarmStartConfig"]["WarmStartType"] == "IdenticalDataAndAlgorithm"
    assert answer["BestTrainingJob"]["TrainingJobName"].startswith("vision-warm-")
    assert answer["OverallBestTrainingJob"]["TrainingJobName"].startswith("vision-resnet-")


def test_there_is_a_job_of_every_kind(world: World) -> None:
    jobs = list(world.sight(VIRGINIA).tuning_jobs())
    assert {job.status for job in jobs} == {"InProgress", "Completed", "Failed", "Stopped"}
    assert {job.plan.strategy for job in jobs} == {"Bayesian", "Random", "Hyperband", "Grid"}
    assert job_of(world, "vision-multi").plan.several_algorithms
    assert job_of(world, "vision-autotune").plan.autotune
    broken = job_of(world, "vision-broken")
    assert (broken.plan.failure_reason or "").startswith("No training job succeeded after 5 attempts. ")
    assert sum(job.status == "InProgress" for job in jobs if job.plan.name.startswith("nlp-")) == 1


def test_nlp_minimizes_a_loss(world: World) -> None:
    objectives = {job.plan.definitions[0].objective for job in everything(world) if job.plan.tags.get("team") == "nlp"}
    assert [(objective.type, objective.metric_name) for objective in objectives] == [("Minimize", "validation:loss")]
