"""The long answers: DescribeHyperParameterTuningJob and DescribeTrainingJob.

Plain dictionaries in AWS's own words; `dump` holds them to the model afterwards.
"""

from gateway.standin.definitions import launch, training_job_definition, tuning_config
from gateway.standin.lifecycle import CONVERGED_AFTER, Trial, TuningJob, best_of, not_improving
from gateway.standin.phases import phases_of
from gateway.standin.plan import DefinitionPlan
from gateway.standin.summaries import training_job as summary_of
from gateway.standin.words import Words, failure_reason, timestamp

SPOT_SHARE = 0.34  # of the seconds trained, what a spot job of the stand-in pays for: AWS speaks of up to 90% saved


def tuning_job(job: TuningJob, parents: list[TuningJob]) -> Words:
    """A DescribeHyperParameterTuningJobResponse. `parents` are the jobs it was warm-started from, as they are now."""
    plan = job.plan
    definitions = [training_job_definition(plan, definition) for definition in plan.definitions]
    return {
        "HyperParameterTuningJobName": plan.name,
        "HyperParameterTuningJobArn": plan.arn,
        "HyperParameterTuningJobConfig": tuning_config(plan),
        "TrainingJobDefinition": None if plan.several_algorithms else definitions[0],
        "TrainingJobDefinitions": definitions if plan.several_algorithms else None,
        "HyperParameterTuningJobStatus": job.status,
        "CreationTime": timestamp(job.created),
        "HyperParameterTuningEndTime": timestamp(job.ended),
        "LastModifiedTime": timestamp(job.modified),
        "TrainingJobStatusCounters": job.status_counters(),
        "ObjectiveStatusCounters": job.objective_counters(),
        "BestTrainingJob": _best([job]),
        "OverallBestTrainingJob": _overall_best(job, parents),
        "WarmStartConfig": _warm_start(job),
        "Autotune": {"Mode": "Enabled"} if plan.autotune else None,
        "FailureReason": plan.failure_reason if job.status == "Failed" else None,
        "TuningJobCompletionDetails": _completion(job),
        "ConsumedResources": {"RuntimeInSeconds": job.runtime()},
    }


def _warm_start(job: TuningJob) -> Words | None:
    warm = job.plan.warm_start
    if warm is None:
        return None
    parents = [{"HyperParameterTuningJobName": name} for name in warm.parents]
    return {"ParentHyperParameterTuningJobs": parents, "WarmStartType": warm.type}


def _overall_best(job: TuningJob, parents: list[TuningJob]) -> Words | None:
    """The best of the job and its parents; AWS gives it only where data and algorithm are the same."""
    warm = job.plan.warm_start
    if warm is None or warm.type != "IdenticalDataAndAlgorithm":
        return None
    return _best([job, *parents])


def _best(jobs: list[TuningJob]) -> Words | None:
    best = best_of(jobs)
    return None if best is None else summary_of(*best)


def _completion(job: TuningJob) -> Words:
    since = not_improving(job)
    criteria = job.plan.completion_criteria or {}
    watched = criteria.get("ConvergenceDetected", {}).get("CompleteOnConvergence") == "Enabled"
    converged = since[CONVERGED_AFTER - 1] if watched and len(since) >= CONVERGED_AFTER else None
    return {
        "NumberOfTrainingJobsObjectiveNotImproving": len(since),
        "ConvergenceDetectedTime": timestamp(converged),
    }


def training_job(job: TuningJob, trial: Trial) -> Words:
    """A DescribeTrainingJobResponse."""
    definition = job.plan.definitions[trial.plan.definition]
    launched = launch(job.plan, definition)
    phases = phases_of(trial, job.now)
    return (
        {
            "TrainingJobName": trial.plan.name,
            "TrainingJobArn": job.plan.training_job_arn(trial.plan),
            "TuningJobArn": job.plan.arn,
            "ModelArtifacts": {"S3ModelArtifacts": _artifacts(launched, trial)},
            "TrainingJobStatus": trial.status,
            "SecondaryStatus": phases[-1].status,
            "FailureReason": failure_reason(trial),
            "HyperParameters": hyper_parameters(job, trial),
            "CreationTime": timestamp(trial.created),
            "TrainingStartTime": timestamp(trial.started),
            "TrainingEndTime": timestamp(trial.ended if trial.started else None),
            "LastModifiedTime": last_modified(job, trial),
            "SecondaryStatusTransitions": [
                {
                    "Status": phase.status,
                    "StartTime": timestamp(phase.start),
                    "EndTime": timestamp(phase.end),
                    "StatusMessage": phase.message,
                }
                for phase in phases
            ],
            "FinalMetricDataList": final_metrics(job, trial),
            "EnableNetworkIsolation": False,
            "EnableInterContainerTrafficEncryption": False,
            "EnableManagedSpotTraining": False,
        }
        | launched
        | _bill(definition, trial)
        | dict(trial.plan.settings)
    )


def _artifacts(launched: Words, trial: Trial) -> str:
    return f"{launched['OutputDataConfig']['S3OutputPath']}/{trial.plan.name}/output/model.tar.gz"


def last_modified(job: TuningJob, trial: Trial) -> float | None:
    """When the training job entered the phase it is in."""
    return timestamp(trial.ended or phases_of(trial, job.now)[-1].start)


def hyper_parameters(job: TuningJob, trial: Trial) -> dict[str, str]:
    """All the training job was launched with: fixed ones, tuned ones and AWS's own."""
    definition = job.plan.definitions[trial.plan.definition]
    tuning = {"_tuning_objective_metric": definition.objective.metric_name}
    return dict(definition.static) | dict(trial.plan.parameters) | tuning


def final_metrics(job: TuningJob, trial: Trial) -> list[Words] | None:
    """The last value of each metric, once the job has ended; the objective comes first."""
    if trial.ended is None or trial.metric is None:
        return None
    definition = job.plan.definitions[trial.plan.definition]
    names = (definition.objective.metric_name, *definition.further_metrics)
    return [
        {"MetricName": name, "Value": round(trial.metric * (1 + 0.1 * place), 6), "Timestamp": timestamp(trial.ended)}
        for place, name in enumerate(names)
    ]


def _bill(definition: DefinitionPlan, trial: Trial) -> Words:
    """What was trained and what is paid, both in seconds per instance; nothing before the end."""
    if trial.ended is None or trial.started is None:
        return {}
    trained = max(1, round(trial.ended - trial.started))
    spot = bool(definition.settings.get("EnableManagedSpotTraining"))
    return {
        "TrainingTimeInSeconds": trained,
        "BillableTimeInSeconds": max(1, round(trained * SPOT_SHARE)) if spot else trained,
    }
