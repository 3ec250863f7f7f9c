"""When a search has had enough: the completion criteria of a tuning job, applied to the training jobs it would launch.

Pure. AWS does not say what its own measure of convergence is.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any

from gateway.standin.lifecycle import CONVERGED_AFTER, IMPROVEMENT
from gateway.standin.plan import DefinitionPlan, TrialPlan


def launched(
    trials: Sequence[TrialPlan], definitions: Sequence[DefinitionPlan], criteria: Mapping[str, Any]
) -> tuple[TrialPlan, ...]:
    """The training jobs that are launched before the criteria, in AWS's words, are met. Those that run then go on."""
    last = next(_met(trials, definitions, criteria), inf)
    return tuple(trial for trial in trials if trial.created <= last)


def _met(
    trials: Sequence[TrialPlan], definitions: Sequence[DefinitionPlan], criteria: Mapping[str, Any]
) -> Iterator[float]:
    """The moments at which a training job ends and the search has had enough."""
    target, patience = criteria.get("TargetObjectiveMetricValue"), _patience(criteria)
    best, since = -inf, 0
    for trial in sorted(trials, key=lambda trial: trial.ended):
        if trial.fate == "Failed" or trial.metric is None:
            continue
        sign = 1 if definitions[trial.definition].objective.type == "Maximize" else -1
        score = sign * trial.metric
        better = best == -inf or score - best > IMPROVEMENT * abs(best)
        best, since = (score, 0) if better else (best, since + 1)
        if since >= patience or (target is not None and score >= sign * target):
            yield trial.ended


def _patience(criteria: Mapping[str, Any]) -> float:
    """How many training jobs in a row may bring no better objective."""
    given = criteria.get("BestObjectiveNotImproving", {}).get("MaxNumberOfTrainingJobsNotImproving")
    watched = criteria.get("ConvergenceDetected", {}).get("CompleteOnConvergence") == "Enabled"
    return min(given or inf, CONVERGED_AFTER if watched else inf)
