import pytest

from gateway.standin import CategoricalRange, ContinuousRange, DefinitionPlan, IntegerRange, World, tuning_job_plan
from gateway.standin.worlds.sampling import combinations, spelled


def test_the_same_words_give_the_same_plan() -> None:
    assert tuning_job_plan("churn-hpo", trials=40, seed=7) == tuning_job_plan("churn-hpo", trials=40, seed=7)
    assert tuning_job_plan("churn-hpo", trials=40, seed=7) != tuning_job_plan("churn-hpo", trials=40, seed=8)


def test_trials_are_created_in_the_order_of_their_names_and_never_too_many_at_once() -> None:
    trials = tuning_job_plan("churn-hpo", trials=60, max_parallel=4).trials
    created = [trial.created for trial in trials]
    assert created == sorted(created)
    for moment in created:
        assert sum(trial.created <= moment < trial.ended for trial in trials) <= 4


def test_shares_and_fixed_fates_decide_how_trials_fare() -> None:
    plan = tuning_job_plan("churn-hpo", trials=300, failed=0.2, stopped=0.1, metricless=0.1, fates={1: "Failed"})
    fates = [trial.fate for trial in plan.trials]
    assert fates[0] == "Failed"
    assert 40 < fates.count("Failed") < 85
    assert 15 < fates.count("Stopped") < 50
    assert any(trial.metric is None for trial in plan.trials if trial.fate == "Completed")
    assert all((trial.failure_reason is not None) == (trial.fate == "Failed") for trial in plan.trials)


def test_metrics_can_be_fixed_by_the_trials_number() -> None:
    trials = tuning_job_plan("churn-hpo", trials=3, metrics={1: 0.25, 3: None}).trials
    assert (trials[0].metric, trials[2].metric) == (0.25, None)
    assert trials[1].metric is not None


def test_a_name_is_taken_whatever_its_case(world: World) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=1))
    with pytest.raises(ValueError, match="are taken"):
        world.add(tuning_job_plan("Churn-HPO", trials=1))
    world.add(tuning_job_plan("churn-hpo", trials=1, region="eu-west-1"))


@pytest.mark.parametrize("at", [0.0, 0.3, 1.0])
def test_values_stay_within_their_ranges(at: float) -> None:
    assert 1e-5 <= float(spelled(ContinuousRange("rate", 1e-5, 0.1, "Logarithmic"), at)) <= 0.1
    assert 16 <= int(spelled(IntegerRange("size", 16, 512), at)) <= 512
    assert spelled(CategoricalRange("optimizer", ("a", "b")), at) in ("a", "b")


def test_a_grid_tries_every_combination_once() -> None:
    ranges = (CategoricalRange("a", ("1", "2", "3")), CategoricalRange("b", ("x", "y")))
    plan = tuning_job_plan(
        "grid", trials=combinations(ranges), strategy="Grid", definitions=[DefinitionPlan(ranges=ranges)]
    )
    assert len({tuple(trial.parameters.values()) for trial in plan.trials}) == 6
