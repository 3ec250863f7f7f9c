"""Parts that several of AWS's answers share: timestamps, objectives, summaries of training jobs.

Plain dictionaries in AWS's own words; `dump` holds them to the model afterwards.
"""

from typing import Any

from gateway.standin.lifecycle import Trial, TuningJob
from gateway.standin.plan import Objective

Words = dict[str, Any]


def timestamp(epoch: float | None) -> float | None:
    """Epoch seconds as SageMaker sends them, to the millisecond."""
    return None if epoch is None else round(epoch, 3)


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
