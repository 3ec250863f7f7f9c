"""The short answers: one row of each list.

Plain dictionaries in AWS's own words; `dump` holds them to the model afterwards.
"""

from gateway.standin.lifecycle import Trial, TuningJob
from gateway.standin.plan import TuningJobPlan
from gateway.standin.words import Words, failure_reason, final_metric, timestamp


def training_job(job: TuningJob, trial: Trial) -> Words:
    """A HyperParameterTrainingJobSummary."""
    return {
        "TrainingJobDefinitionName": job.plan.definitions[trial.plan.definition].name,
        "TrainingJobName": trial.plan.name,
        "TrainingJobArn": job.plan.training_job_arn(trial.plan),
        "TuningJobName": job.plan.name,
        "CreationTime": timestamp(trial.created),
        "TrainingStartTime": timestamp(trial.started),
        "TrainingEndTime": timestamp(trial.ended if trial.started else None),
        "TrainingJobStatus": trial.status,
        "TunedHyperParameters": trial.plan.parameters,
        "FailureReason": failure_reason(trial),
        "FinalHyperParameterTuningJobObjectiveMetric": final_metric(job, trial),
        "ObjectiveStatus": trial.objective_status,
    }


def tuning_job(job: TuningJob) -> Words:
    """A HyperParameterTuningJobSummary."""
    return {
        "HyperParameterTuningJobName": job.plan.name,
        "HyperParameterTuningJobArn": job.plan.arn,
        "HyperParameterTuningJobStatus": job.status,
        "Strategy": job.plan.strategy,
        "CreationTime": timestamp(job.created),
        "HyperParameterTuningEndTime": timestamp(job.ended),
        "LastModifiedTime": timestamp(job.modified),
        "TrainingJobStatusCounters": job.status_counters(),
        "ObjectiveStatusCounters": job.objective_counters(),
        "ResourceLimits": resource_limits(job.plan),
    }


def resource_limits(plan: TuningJobPlan) -> Words:
    """A ResourceLimits."""
    return {
        "MaxNumberOfTrainingJobs": plan.max_trials,
        "MaxParallelTrainingJobs": plan.max_parallel,
        "MaxRuntimeInSeconds": plan.max_runtime,
    }
