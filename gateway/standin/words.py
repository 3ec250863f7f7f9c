"""Parts that several of AWS's answers share: timestamps, tags, objectives, reasons of failure.

Plain dictionaries in AWS's own words; `dump` holds them to the model afterwards.
"""

from collections.abc import Mapping
from typing import Any

from gateway.standin.lifecycle import Trial, TuningJob
from gateway.standin.plan import Objective

Words = dict[str, Any]


def timestamp(epoch: float | None) -> float | None:
    """Epoch seconds as SageMaker sends them, to the millisecond."""
    return None if epoch is None else round(epoch, 3)


def tag_list(tags: Mapping[str, str]) -> list[Words]:
    """A TagList."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def objective(value: Objective) -> Words:
    """A HyperParameterTuningJobObjective."""
    return {"Type": value.type, "MetricName": value.metric_name}


def final_metric(job: TuningJob, trial: Trial) -> Words | None:
    """A FinalHyperParameterTuningJobObjectiveMetric: the latest value emitted, so a running job may have one."""
    if trial.metric is None:
        return None
    return objective(job.objective_of(trial)) | {"Value": trial.metric}


def failure_reason(trial: Trial) -> str | None:
    """Why the training job failed; AWS gives a reason for failed jobs only."""
    if trial.status != "Failed":
        return None
    return trial.plan.failure_reason or "AlgorithmError: ExecuteUserScriptError:\nExitCode 1, exit code: 1"
