"""One loop looks at a job, however many listen; each is told the latest, and no more than it may know."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import pytest

from gateway import telemetry
from gateway.errors import Forbidden, OperatorError, Throttled, TooManyListeners, Unauthenticated
from gateway.model.words import TrainingJobStatus, TuningJobStatus
from gateway.standin import FailNext, Standin, World, tuning_job_plan
from gateway.standin.plan import TrialPlan
from gateway.teams import OwnsAll, Scope
from gateway.watch import ItsTrainingJobs, Pace, Watches
from tests.running import TEAMS, Calls, Naps
from tests.watch.conftest import BY_NAME, Listen, Watching
from tests.watch.ears import Ear, settle

DESCRIBE, LIST = "DescribeHyperParameterTuningJob", "ListTrainingJobsForHyperParameterTuningJob"
THROTTLED = "ThrottlingException"


def trial(number: int, created: float, ended: float, name: str = "vision-a") -> TrialPlan:
    return TrialPlan(f"{name}-{number:04d}", created, created + 0.5, ended)


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    """Two training jobs run from the beginning, to 100 and 200 seconds later; the tuning job ends with them."""
    world.add(tuning_job_plan("vision-a", created=0, trials=[trial(1, 0, 100), trial(2, 0, 200)]))


async def _looks(naps: Naps, count: int) -> None:
    for _ in range(count):
        await naps.pass_by()
        await naps.until()
        await settle()


async def _until_over(ear: Ear, naps: Naps) -> None:
    while not ear.over:
        passing = asyncio.ensure_future(naps.pass_by())
        await asyncio.wait((ear.task, passing), return_when="FIRST_COMPLETED")
        passing.cancel()
        await settle()


def _gauges() -> dict[str, float]:
    lines = [line.split() for line in telemetry.metrics().decode().splitlines() if line.startswith("gateway_")]
    return {name: float(value) for name, value in lines if name in {"gateway_watches", "gateway_listeners"}}


async def test_a_listener_is_told_how_a_job_stands_then_what_changes_then_that_it_has_ended(
    watches: Watches, listen: Listen, naps: Naps
) -> None:
    ear = listen(watches, "vision-a")
    assert (await ear.first()).training_job_counts.in_progress == 2
    await _until_over(ear, naps)
    assert ear.failure is None
    assert [job.training_job_counts.completed for job in ear.told[-2:]] == [2, 2]
    assert [job.status for job in ear.told[-2:]] == [TuningJobStatus.IN_PROGRESS, TuningJobStatus.COMPLETED]
    assert all(before != after for before, after in zip(ear.told, ear.told[1:], strict=False))
    assert naps.sleepers == 0


async def test_a_thousand_listeners_cost_one_look_an_interval(
    watching: Watching, listen: Listen, naps: Naps, calls: Calls
) -> None:
    watches = watching(most_per_caller=1000)
    ears = [listen(watches, "vision-a") for _ in range(1000)]
    await asyncio.gather(*[ear.first() for ear in ears])
    await naps.until()
    assert calls() == {DESCRIBE: 1}
    await _looks(naps, 3)
    assert calls() == {DESCRIBE: 4}
    assert naps.taken[:4] == [5, 5, 5, 5]
    assert all(ear.told[-1] is ears[0].told[-1] for ear in ears)


async def test_who_comes_later_is_told_at_once_what_is_known(
    watches: Watches, listen: Listen, naps: Naps, calls: Calls
) -> None:
    early = listen(watches, "vision-a")
    await early.first()
    await naps.until()
    late = listen(watches, "vision-a")
    assert await late.first() is early.told[-1]
    assert calls() == {DESCRIBE: 1}
    assert naps.sleepers == 1


async def test_a_slow_listener_is_told_the_latest_alone(
    watches: Watches, listen: Listen, naps: Naps, advance: Callable[[float], None]
) -> None:
    slow, quick = listen(watches, "vision-a"), listen(watches, "vision-a")
    await slow.first()
    slow.be_slow()
    await _looks(naps, 1)
    for _ in range(4):
        advance(20)
        await _looks(naps, 1)
    assert len(quick.told) > len(slow.told) + 1
    before = len(slow.told)
    slow.catch_up()
    await settle()
    assert slow.told[before:] == [quick.told[-1]]


async def test_a_watch_ends_at_once_when_the_last_listener_leaves(watches: Watches, listen: Listen, naps: Naps) -> None:
    before = _gauges()
    ears = [listen(watches, "vision-a") for _ in range(2)]
    for ear in ears:
        await ear.first()
    await naps.until()
    assert _gauges() == {name: value + more for (name, value), more in zip(sorted(before.items()), (2, 1), strict=True)}
    await ears[0].leave()
    assert naps.sleepers == 1
    await ears[1].leave()
    await settle()
    assert naps.sleepers == 0
    assert _gauges() == before


async def test_who_listens_again_after_that_finds_a_new_watch(watches: Watches, listen: Listen, naps: Naps) -> None:
    ear = listen(watches, "vision-a")
    await ear.first()
    await ear.leave()
    assert (await listen(watches, "vision-a").first()).name == "vision-a"
    await naps.until()
    await settle()
    assert naps.sleepers == 1


async def test_closing_ends_what_is_being_looked_at(
    watches: Watches, listen: Listen, standin: Standin, naps: Naps
) -> None:
    waiting = listen(watches, "vision-a")
    await waiting.first()
    await naps.until()
    standin.switches.latency = 60
    asking = listen(watches, "vision-a", about=ItsTrainingJobs)
    await settle()
    await watches.close()
    assert naps.sleepers == 0
    assert not waiting.over
    assert not asking.told


async def test_an_absent_job_and_one_of_another_teams_end_without_a_word(
    watches: Watches, listen: Listen, world: World
) -> None:
    world.add(tuning_job_plan("nlp-secret", created=0, trials=[trial(1, 0, 9, "nlp-secret")]))
    for name in ("nlp-secret", "nlp-nothing", "vision-nothing"):
        for about in (None, ItsTrainingJobs):
            ear = listen(watches, name) if about is None else listen(watches, name, about=about)
            await ear.ended()
            assert (ear.told, ear.failure) == ([], None)


async def test_looks_that_fail_are_passed_over_and_come_later(
    watches: Watches, listen: Listen, naps: Naps, standin: Standin, calls: Calls
) -> None:
    ear = listen(watches, "vision-a")
    await ear.first()
    await naps.until()
    standin.switches.fail_next = [FailNext(DESCRIBE, THROTTLED, 2)]
    await _looks(naps, 3)
    assert naps.taken == [5, 10, 20, 5]
    assert calls() == {DESCRIBE: 4}
    assert not ear.over
    await _looks(naps, 1)
    assert ear.failure is None


async def test_after_five_minutes_without_a_look_the_listeners_are_told_why(
    watches: Watches, listen: Listen, naps: Naps, standin: Standin
) -> None:
    ears = [listen(watches, "vision-a") for _ in range(2)]
    await ears[0].first()
    await naps.until()
    standin.switches.fail_next = [FailNext(DESCRIBE, THROTTLED, 100)]
    await _until_over(ears[0], naps)
    assert 300 <= sum(naps.taken) < 400
    assert [type(ear.failure) for ear in ears] == [Throttled, Throttled]
    standin.switches.fail_next = []
    assert await listen(watches, "vision-a").first()


async def test_what_only_the_operator_can_mend_is_told_at_once(
    watches: Watches, listen: Listen, naps: Naps, standin: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    ear = listen(watches, "vision-a")
    await ear.first()
    await naps.until()
    standin.switches.fail_next = [FailNext(DESCRIBE, "AccessDeniedException")]
    await naps.pass_by()
    await ear.ended()
    assert isinstance(ear.failure, OperatorError)
    assert "watch_given_up" in capsys.readouterr().out


async def test_a_job_whose_tag_was_taken_away_is_gone_for_those_it_belonged_to(
    watches: Watches, listen: Listen, naps: Naps, world: World, untag: Callable[[str, str], Awaitable[None]]
) -> None:
    plan = tuning_job_plan("churn", created=0, trials=[trial(1, 0, 900, "churn")], tags={"team": "speech"})
    world.add(plan)
    speech, platform = listen(watches, "churn", team="speech"), listen(watches, "churn", team="platform")
    await speech.first()
    await platform.first()
    await naps.until(2)
    await untag(plan.arn, "team")
    await _until_over(speech, naps)
    assert speech.failure is None
    assert not platform.over


async def test_credentials_that_were_taken_away_end_at_the_next_look(
    watches: Watches, listen: Listen, naps: Naps
) -> None:
    failures: dict[str, Exception] = {}

    async def admitted() -> Scope:
        if "now" in failures:
            raise failures["now"]
        return Scope((BY_NAME["vision"],))

    ears = [listen(watches, "vision-a", admitted=admitted), listen(watches, "vision-a")]
    for ear in ears:
        await ear.first()
    await naps.until()
    failures["now"] = Unauthenticated("This API key is not known here.")
    await _looks(naps, 1)
    assert ears[0].over
    assert ears[0].failure is failures["now"]
    assert not ears[1].over


async def test_a_team_that_was_changed_is_listened_to_anew_and_one_that_was_taken_away_no_more(
    watches: Watches, listen: Listen, naps: Naps, calls: Calls
) -> None:
    teams = [BY_NAME["vision"]]

    async def admitted() -> Scope:
        if not teams:
            raise Forbidden("None of your teams is served here.")
        return Scope(tuple(teams))

    ear = listen(watches, "vision-a", admitted=admitted)
    await ear.first()
    await naps.until()
    teams[0] = replace(teams[0], ownership=OwnsAll())
    await _looks(naps, 1)
    assert not ear.over
    assert naps.sleepers == 1
    assert calls()[DESCRIBE] == 2
    teams[0] = next(team for team in TEAMS if team.name == "nlp")
    await naps.pass_by()
    await ear.ended()
    assert ear.failure is None


async def test_a_caller_may_not_listen_to_more_than_its_share(watching: Watching, listen: Listen) -> None:
    watches = watching(most_per_caller=2)
    first, second = listen(watches, "vision-a"), listen(watches, "vision-a", about=ItsTrainingJobs)
    for ear in (first, second):
        await ear.first()
    third = listen(watches, "vision-a")
    await third.ended()
    assert isinstance(third.failure, TooManyListeners)
    assert await listen(watches, "vision-a", subject="bob").first()
    await first.leave()
    assert await listen(watches, "vision-a").first()


async def test_no_more_than_so_many_jobs_are_watched(watching: Watching, listen: Listen) -> None:
    watches = watching(most=1)
    first = listen(watches, "vision-a")
    await first.first()
    assert await listen(watches, "vision-a").first()
    refused = listen(watches, "vision-a", about=ItsTrainingJobs)
    await refused.ended()
    assert isinstance(refused.failure, TooManyListeners)


async def test_looks_grow_rarer_while_nothing_moves(watching: Watching, listen: Listen, naps: Naps) -> None:
    watches = watching(pace=Pace(5, 30))
    ear = listen(watches, "vision-a", about=ItsTrainingJobs)
    await ear.first()
    waits = []
    for _ in range(30):
        await _looks(naps, 1)
        waits.append(naps.taken[-1])
    assert 5 < max(waits) <= 30
    assert min(waits) == 5  # once something has moved again


def _kept(ear: Ear) -> dict[str, TrainingJobStatus]:
    """What a client knows that keeps each training job's latest state."""
    return {row.name: row.status for rows in ear.told for row in rows}


async def test_training_jobs_are_told_when_they_begin_move_and_end(
    watches: Watches, listen: Listen, naps: Naps, world: World
) -> None:
    trials = [trial(number, number * 7.0, number * 7.0 + 30, "vision-b") for number in range(12)]
    world.add(tuning_job_plan("vision-b", created=-20, trials=trials))
    ear = listen(watches, "vision-b", about=ItsTrainingJobs)
    assert [row.name for row in await ear.first()] == ["vision-b-0002", "vision-b-0001", "vision-b-0000"]
    await _until_over(ear, naps)
    assert _kept(ear) == {each.name: TrainingJobStatus.COMPLETED for each in trials}
    for rows in ear.told:
        times: list[datetime] = [row.creation_time for row in rows]
        assert times == sorted(times, reverse=True)


async def test_one_page_is_read_for_a_look_however_many_training_jobs_there_are(
    watches: Watches, listen: Listen, naps: Naps, world: World, calls: Calls
) -> None:
    ended = [trial(number, number, number + 1.0, "vision-b") for number in range(745)]
    running = [trial(number, 745, 5000, "vision-b") for number in range(745, 750)]
    world.add(tuning_job_plan("vision-b", created=-745, trials=[*ended, *running]))
    ear = listen(watches, "vision-b", about=ItsTrainingJobs)
    assert len(await ear.first()) == 100
    await naps.until()
    assert calls() == {DESCRIBE: 1, LIST: 1}
    await _looks(naps, 2)
    assert calls() == {DESCRIBE: 3, LIST: 3}


async def test_an_old_training_job_that_still_runs_is_followed_to_its_page(
    watches: Watches, listen: Listen, naps: Naps, world: World, calls: Calls
) -> None:
    straggler = trial(0, 0, 760, "vision-b")
    ended = [trial(number, number, number + 1.0, "vision-b") for number in range(1, 250)]
    later = [trial(number, 740, 5000, "vision-b") for number in range(250, 252)]
    world.add(tuning_job_plan("vision-b", created=-745, trials=[straggler, *ended, *later]))
    ear = listen(watches, "vision-b", about=ItsTrainingJobs)
    assert len(await ear.first()) == 101
    await naps.until()
    assert calls() == {DESCRIBE: 1, LIST: 3}
    while _kept(ear)[straggler.name] is not TrainingJobStatus.COMPLETED:
        await _looks(naps, 1)
    before = calls()[LIST]
    await _looks(naps, 1)
    assert calls()[LIST] == before + 1


async def test_the_training_jobs_of_a_job_long_over_are_told_once(
    watches: Watches, listen: Listen, naps: Naps, world: World
) -> None:
    world.add(tuning_job_plan("vision-b", created=-5000, trials=[trial(1, 0, 9, "vision-b")]))
    ear = listen(watches, "vision-b", about=ItsTrainingJobs)
    await ear.ended()
    assert [[row.name for row in rows] for rows in ear.told] == [["vision-b-0001"]]
    assert naps.taken == []
