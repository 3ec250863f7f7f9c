"""What the forecasting team tunes, alone in eu-west-1: its jobs carry no team tag, the region is theirs."""

from collections.abc import Iterator
from functools import partial

from gateway.standin.plan import ContinuousRange, DefinitionPlan, IntegerRange, Objective, TuningJobPlan
from gateway.standin.worlds.builder import tuning_job_plan

DAY = 86_400.0

DEEPAR = DefinitionPlan(
    objective=Objective("Minimize", "test:RMSE"),
    ranges=(
        ContinuousRange("learning_rate", 0.0001, 0.1, "Logarithmic"),
        IntegerRange("context_length", 7, 180, "Auto"),
        IntegerRange("num_cells", 30, 200, "Auto"),
    ),
    static={"time_freq": "D", "prediction_length": "28", "likelihood": "negative-binomial"},
    image="224300973850.dkr.ecr.eu-west-1.amazonaws.com/forecasting-deepar:1",
    instance_type="ml.c5.4xlarge",
    instance_count=2,
    further_metrics=("test:mean_wQuantileLoss",),
)


def forecasting_jobs() -> Iterator[TuningJobPlan]:
    """Four finished, one running."""
    plan = partial(tuning_job_plan, region="eu-west-1", definitions=[DEEPAR], tags={"owner": "forecasting"})
    yield plan("demand-deepar", trials=90, seed=1, created=-12 * DAY, failed=0.05)
    yield plan("demand-weekly", trials=24, seed=2, created=-5 * DAY)
    yield plan("energy-load", trials=40, seed=3, created=-30 * DAY, stopped=0.2, early_stopping=True)
    yield plan("returns-rate", trials=16, seed=4, created=-2 * DAY, failed=0.2)
    yield plan("demand-hourly", trials=300, seed=5, created=-1_800.0, trial_seconds=(60.0, 240.0), max_parallel=3)
