"""Which training jobs a listener is told of: with all that it was told, it knows what there is."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.model.training_job import TrainingJob
from gateway.model.words import TrainingJobStatus
from gateway.watch.rows import NEWEST, Seen

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
RUNS, ENDED = TrainingJobStatus.IN_PROGRESS, TrainingJobStatus.COMPLETED


def row(number: int, status: TrainingJobStatus = RUNS, failure: str | None = None) -> TrainingJob:
    return TrainingJob(
        name=f"trial-{number}",
        arn=f"arn:aws:sagemaker:us-east-1:111122223333:training-job/trial-{number}",
        definition_name=None,
        tuning_job_name="churn",
        creation_time=BEGIN + timedelta(seconds=number // 3),  # several in one second, as AWS's lists have them
        training_start_time=None,
        training_end_time=None,
        status=status,
        raw_status=status.value,
        objective_status=None,
        raw_objective_status=None,
        failure_reason=failure,
        final_objective_metric=None,
        tuned_hyper_parameters=(),
    )


def listed(rows: dict[int, TrainingJob]) -> list[TrainingJob]:
    return [rows[number] for number in sorted(rows, reverse=True)]


def look(seen: Seen | None, rows: dict[int, TrainingJob], page: int) -> tuple[dict[str, TrainingJob], Seen]:
    """One look, over pages of this size; what is told, and what is known from then on."""
    everything = listed(rows)
    running = sum(not each.finished for each in everything)
    end = 0
    while True:
        end += page
        found = everything[:end]
        whole = end >= len(everything)
        reached = sum(not each.finished for each in found) >= running if seen is None else seen.reached(found)
        if whole or reached:
            break
    after = Seen.in_rows(found, whole=whole)
    return (dict(after.rows) if seen is None else seen.changed(found)), after


def test_the_first_look_tells_the_newest_hundred_and_older_ones_that_run() -> None:
    rows = {number: row(number, RUNS if number in {3, 290} else ENDED) for number in range(300)}
    told, seen = look(None, rows, 100)
    assert set(told) == {f"trial-{number}" for number in (*range(200, 300), 3)}
    assert seen.running == {"trial-3", "trial-290"}


def test_a_job_without_training_jobs_tells_that_there_are_none() -> None:
    told, seen = look(None, {}, 100)
    assert (told, seen.floor) == ({}, None)
    assert set(look(seen, {0: row(0, ENDED)}, 100)[0]) == {"trial-0"}


def test_a_look_goes_no_further_than_anything_can_have_changed() -> None:
    rows = {number: row(number, RUNS if number >= 295 else ENDED) for number in range(300)}
    _, seen = look(None, rows, 100)
    assert seen.reached(listed(rows)[:100])
    assert not seen.reached(listed({**rows, **{number: row(number) for number in range(300, 420)}})[:100])


def test_what_lies_deeper_than_a_look_has_been_is_not_taken_for_new() -> None:
    rows = {number: row(number, RUNS if number in {150, 299} else ENDED) for number in range(300)}
    _, seen = look(None, rows, 100)
    told, _ = look(seen, {**rows, 300: row(300)}, 100)
    assert set(told) == {"trial-300"}


MOVES = st.lists(
    st.tuples(st.integers(0, 30), st.lists(st.integers(0, 400)), st.lists(st.integers(0, 400), max_size=5)),
    min_size=1,
    max_size=8,
)


@given(st.integers(0, 250), MOVES, st.integers(5, NEWEST))
def test_a_listener_who_keeps_what_it_is_told_knows_all_that_runs_and_how_each_ended(
    born: int, moves: list[tuple[int, list[int], list[int]]], page: int
) -> None:
    rows = {number: row(number, ENDED if number < born - 20 else RUNS) for number in range(born)}
    known, seen = look(None, rows, page)
    watched = set(known)
    for launched, ending, moving in moves:
        before = dict(rows)
        for number in range(len(rows), len(rows) + launched):
            rows[number] = row(number)
        for number in ending:
            if number in rows:
                rows[number] = row(number, ENDED)
        for number in moving:
            if number in rows and not rows[number].finished:
                rows[number] = row(number, RUNS, failure="a new metric, say")
        told, seen = look(seen, rows, page)
        differs = {each.name for number, each in rows.items() if before.get(number) != each}
        assert set(told) <= differs
        watched |= differs
        known |= told
    truth = {each.name: each for each in rows.values()}
    assert {name: known.get(name) for name in watched} == {name: truth[name] for name in watched}
