"""Builds the plan of a tuning job from a few words: how many trials, how they fare, how long they take.

Repeatable: the same words and seed give the same plan. For tests and for the worlds here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapreplace
from random import Random
from typing import Any

from gateway.standin.plan import (
    DEFAULT_ACCOUNT,
    ContinuousRange,
    DefinitionPlan,
    Fate,
    IntegerRange,
    Objective,
    Strategy,
    TrialPlan,
    TuningJobPlan,
)
from gateway.standin.worlds.sampling import Search

LAUNCH_SHARE = 0.12  # of a training job's life, what passes before it has an instance
FAILURES = (
    ('AlgorithmError: ExecuteUserScriptError:\nErrorMessage "RuntimeError: CUDA out of memory", exit code: 1', False),
    ('AlgorithmError: ExecuteUserScriptError:\nErrorMessage "ValueError: loss is NaN", exit code: 1', False),
    ("ClientError: Data download failed: S3 key was not found", False),
    ("InternalServerError: We encountered an internal error. Please try again.", True),
    ("CapacityError: Unable to provision requested ML compute capacity. Please retry.", True),
)

DEFINITION = DefinitionPlan(
    objective=Objective("Maximize", "validation:accuracy"),
    ranges=(
        ContinuousRange("learning_rate", 0.0001, 0.1, "Logarithmic"),
        IntegerRange("num_layers", 2, 12, "Linear"),
    ),
    static={"epochs": "20"},
    image="683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
)
"""What a tuning job tunes unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Fortunes:
    """How trials fare: shares of all, drawn by chance, and what is fixed by the trial's number, counted from 1.

    `metrics` gives a trial its value, or None for no metric; a fixed metric does not change a trial's fate.
    """

    failed: float = 0.0
    stopped: float = 0.0
    metricless: float = 0.0
    fates: Mapping[int, Fate] = field(default_factory=dict)
    metrics: Mapping[int, float | None] = field(default_factory=dict)


def tuning_job_plan(
    name: str,
    *,
    trials: int | Sequence[TrialPlan] = 10,
    seed: int = 0,
    account: str = DEFAULT_ACCOUNT,
    region: str = "us-east-1",
    created: float = -86_400.0,
    trial_seconds: tuple[float, float] = (120.0, 900.0),
    max_parallel: int = 5,
    max_trials: int | None = None,
    strategy: Strategy = "Bayesian",
    definitions: Sequence[DefinitionPlan] = (DEFINITION,),
    failed: float = 0.0,
    stopped: float = 0.0,
    metricless: float = 0.0,
    fates: Mapping[int, Fate] | None = None,
    metrics: Mapping[int, float | None] | None = None,
    **rest: Any,  # noqa: ANN401 - the other fields of TuningJobPlan, checked by its constructor
) -> TuningJobPlan:
    """The plan of a tuning job that is created `created` seconds after the world begins (before it, if negative).

    Trials take `trial_seconds` (least, most) from creation to end and run `max_parallel` at a time, without a pause.
    Their fates are drawn with the shares `failed`, `stopped` and `metricless`, or fixed by `fates` and `metrics`, keyed
    by the trial's number, counted from 1. Instead of a number of trials, their plans can be given. `rest` are
    fields of TuningJobPlan: tags, fate, failure_reason, stopped_after, early_stopping, warm_start and so on.
    """
    fortunes = Fortunes(failed, stopped, metricless, fates or {}, metrics or {})
    if isinstance(trials, int):
        draw = _Draw(name, strategy, definitions, fortunes, seed)
        planned = tuple(draw.trials(trials, trial_seconds, max_parallel))
    else:
        planned = tuple(trials)
    return TuningJobPlan(
        name=name,
        account=account,
        region=region,
        created=created,
        trials=planned,
        definitions=tuple(definitions),
        max_trials=max_trials or max(1, len(planned)),
        max_parallel=max_parallel,
        strategy=strategy,
        **rest,
    )


class _Draw:
    """One tuning job being drawn, trial after trial."""

    def __init__(
        self, name: str, strategy: Strategy, definitions: Sequence[DefinitionPlan], fortunes: Fortunes, seed: int
    ) -> None:
        self._name = name
        self._fortunes = fortunes
        self._rng = Random(f"{name}/{seed}")
        self._searches = [Search(strategy, definition, self._rng) for definition in definitions]

    def trials(self, count: int, seconds: tuple[float, float], parallel: int) -> Iterator[TrialPlan]:
        """The trials in the order they are created: whenever one of the parallel lanes is free, the next begins."""
        lanes = [float(lane) for lane in range(1, min(parallel, count) + 1)]
        for number in range(1, count + 1):
            trial = self._trial(number, number / count, lanes[0], self._rng.uniform(*seconds))
            yield trial
            heapreplace(lanes, trial.ended + 1.0)

    def _trial(self, number: int, progress: float, created: float, life: float) -> TrialPlan:
        """One trial; several algorithms take turns."""
        rng = self._rng
        which = (number - 1) % len(self._searches)
        search = self._searches[which]
        point = search.point(number, progress)
        fate = self._fate(number)
        reason, retryable = rng.choice(FAILURES) if fate == "Failed" else (None, False)
        return TrialPlan(
            name=f"{self._name}-{number:03d}-{rng.getrandbits(32):08x}",
            created=created,
            started=created + LAUNCH_SHARE * life,
            ended=created + life * (1.0 if fate == "Completed" else rng.uniform(0.3, 0.8)),
            fate=fate,
            metric=self._metric(number, fate, search, search.quality(point)),
            parameters=search.parameters(point),
            definition=which,
            failure_reason=reason,
            retryable=retryable,
        )

    def _fate(self, number: int) -> Fate:
        drawn = self._rng.random()
        fixed = self._fortunes.fates.get(number)
        if fixed is not None:
            return fixed
        if drawn < self._fortunes.failed:
            return "Failed"
        return "Stopped" if drawn < self._fortunes.failed + self._fortunes.stopped else "Completed"

    def _metric(self, number: int, fate: Fate, search: Search, quality: float) -> float | None:
        silent = self._rng.random() < self._fortunes.metricless
        if number in self._fortunes.metrics:
            return self._fortunes.metrics[number]
        if fate == "Failed" or silent:
            return None
        return search.metric(quality * (1.0 if fate == "Completed" else 0.8))
