"""What the vision team tunes: long and short searches, finished and running, one of each kind SageMaker knows."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from gateway.standin.plan import (
    CategoricalRange,
    ContinuousRange,
    DefinitionPlan,
    IntegerRange,
    Objective,
    TuningJobPlan,
    WarmStart,
)
from gateway.standin.worlds.builder import tuning_job_plan
from gateway.standin.worlds.sampling import combinations

DAY = 86_400.0
TAGS = {"team": "vision", "project": "catalogue-images", "cost-center": "4711"}

RESNET = DefinitionPlan(
    objective=Objective("Maximize", "validation:accuracy"),
    ranges=(
        ContinuousRange("learning_rate", 1e-05, 0.1, "Logarithmic"),
        ContinuousRange("weight_decay", 1e-06, 0.01, "Logarithmic"),
        IntegerRange("batch_size", 16, 512, "Linear"),
        # Framework estimators hand categories over as JSON, quotes and all.
        CategoricalRange("optimizer", ('"sgd"', '"adam"', '"adamw"', '"rmsprop"')),
    ),
    static={"epochs": "40", "num_classes": "257", "sagemaker_program": '"train.py"'},
    image="763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.3.0-gpu-py311",
    instance_type="ml.g5.2xlarge",
    further_metrics=("train:loss", "validation:loss"),
    settings={
        "EnableManagedSpotTraining": True,
        "StoppingCondition": {"MaxRuntimeInSeconds": 14_400, "MaxWaitTimeInSeconds": 28_800},
        "CheckpointConfig": {"S3Uri": "s3://vision-checkpoints/resnet", "LocalPath": "/opt/ml/checkpoints"},
        "VpcConfig": {"SecurityGroupIds": ["sg-0a1b2c3d4e5f60718"], "Subnets": ["subnet-0aa1", "subnet-0bb2"]},
        "Environment": {"NCCL_DEBUG": "WARN", "DATA_VERSION": "2026-03"},
        "RetryStrategy": {"MaximumRetryAttempts": 3},
    },
)
XGBOOST = DefinitionPlan(
    name="xgboost-on-embeddings",
    objective=Objective("Maximize", "validation:auc"),
    ranges=(
        ContinuousRange("eta", 0.01, 0.5, "Logarithmic"),
        IntegerRange("max_depth", 3, 12, "Linear"),
        ContinuousRange("subsample", 0.5, 1.0, "Linear"),
    ),
    static={"num_round": "400", "objective": "binary:logistic"},
    image="683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    instance_type="ml.m5.4xlarge",
)

_plan = partial(tuning_job_plan, tags=TAGS)


def vision_jobs() -> Iterator[TuningJobPlan]:
    """All of them; resnet first, for warm starts from it."""
    yield _resnet()
    yield from _running()
    yield _multi()
    yield _warm()
    yield from _strategies()
    yield from _unlucky()
    yield from (_sweep(number) for number in range(1, 131))


def _resnet() -> TuningJobPlan:
    return _plan(
        "vision-resnet",
        trials=750,
        seed=50,
        created=-21 * DAY,
        trial_seconds=(900.0, 5_400.0),
        max_parallel=10,
        definitions=[RESNET],
        failed=0.04,
        stopped=0.08,
        metricless=0.015,
        early_stopping=True,
        random_seed=50,
        max_runtime=1_296_000,
        completion_criteria={
            "TargetObjectiveMetricValue": 0.99,
            "BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 750},
            "ConvergenceDetected": {"CompleteOnConvergence": "Disabled"},
        },
    )


def _running() -> Iterator[TuningJobPlan]:
    """One that ends three minutes after the world begins, one that goes on for six hours."""
    yield _plan(
        "vision-detector",
        trials=50,
        seed=3,
        created=-60.0,
        trial_seconds=(18.0, 28.0),
        max_parallel=5,
        definitions=[replace(RESNET, objective=Objective("Maximize", "validation:mAP"))],
        fates={7: "Failed", 23: "Failed", 31: "Stopped"},
        metrics={12: None},
        early_stopping=True,
    )
    yield _plan(
        "vision-segmenter",
        trials=2_200,
        seed=4,
        created=-600.0,
        trial_seconds=(60.0, 140.0),
        max_parallel=10,
        strategy="Random",  # the only strategy AWS lets launch more than 750
        definitions=[replace(RESNET, objective=Objective("Maximize", "validation:mIoU"))],
        failed=0.03,
        metricless=0.02,
    )


def _multi() -> TuningJobPlan:
    network = replace(RESNET, name="resnet-end-to-end", objective=Objective("Maximize", "validation:auc"))
    return _plan("vision-multi", trials=60, seed=5, created=-4 * DAY, definitions=[network, XGBOOST], failed=0.05)


def _warm() -> TuningJobPlan:
    """Learns from resnet and stays below its best, so that the best of all is the parent's."""
    return _plan(
        "vision-warm",
        trials=40,
        seed=6,
        created=-2 * DAY,
        definitions=[RESNET],
        strategy="Random",
        metrics={number: 0.55 + number / 200 for number in range(1, 41)},
        warm_start=WarmStart(("vision-resnet",)),
    )


def _strategies() -> Iterator[TuningJobPlan]:
    grid = CategoricalRange("optimizer", ("sgd", "adam", "lamb")), CategoricalRange("batch_size", ("32", "64", "128"))
    yield _plan(
        "vision-hyperband",
        trials=81,
        seed=7,
        created=-6 * DAY,
        strategy="Hyperband",
        stopped=0.5,
        strategy_config={"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 81}},
    )
    yield _plan("vision-random", trials=120, seed=8, created=-8 * DAY, strategy="Random", failed=0.1)
    yield _plan(
        "vision-grid",
        trials=combinations(grid),
        seed=9,
        created=-9 * DAY,
        strategy="Grid",
        definitions=[replace(RESNET, ranges=grid, settings={})],
    )
    yield _plan(
        "vision-autotune",
        trials=30,
        seed=10,
        created=-3 * DAY,
        definitions=[replace(XGBOOST, name=None, auto_parameters={"gamma": "0.5", "min_child_weight": "3"})],
        autotune=True,
        completion_criteria={"ConvergenceDetected": {"CompleteOnConvergence": "Enabled"}},
    )
    yield _plan(
        "vision-transfer",
        trials=20,
        seed=11,
        created=-1.5 * DAY,
        warm_start=WarmStart(("vision-resnet", "vision-random"), "TransferLearning"),
    )


def _unlucky() -> Iterator[TuningJobPlan]:
    yield _plan(
        "vision-broken",
        trials=5,
        max_trials=50,
        seed=12,
        created=-5 * DAY,
        fates=dict.fromkeys(range(1, 6), "Failed"),
        fate="Failed",
        failure_reason="No training job succeeded after 5 attempts. For additional details, please take a look at the "
        "training job failures by listing training jobs for the hyperparameter tuning job.",
    )
    yield _plan(
        "vision-abandoned",
        trials=100,
        seed=13,
        created=-7 * DAY,
        stopped_after=6_000.0,
        failed=0.03,
        early_stopping=True,
    )


def _sweep(number: int) -> TuningJobPlan:
    """One of many small finished searches: they make the list of tuning jobs longer than a page of 100."""
    return _plan(
        f"vision-sweep-{number:03d}",
        trials=4 + number % 7,
        seed=number,
        created=-(10 + number) * DAY,
        strategy="Bayesian" if number % 3 else "Random",
        failed=0.1,
    )
