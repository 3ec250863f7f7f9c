"""StopHyperParameterTuningJob and StopTrainingJob.

Both answer nothing at once, and what was stopped takes a while to end. Stopping twice is no error as long as the job
has not ended; AWS does not say what it does then.
"""

from gateway.standin.asked import Asked
from gateway.standin.failures import no_training_job, no_tuning_job, training_job_over, tuning_job_over
from gateway.standin.words import Words


def stop_tuning_job(asked: Asked) -> Words:
    """StopHyperParameterTuningJob: it launches no more, and its running training jobs are stopped with it."""
    name = asked.arguments["HyperParameterTuningJobName"]
    job = asked.sight.tuning_job(name)
    if job is None:
        raise no_tuning_job(name)
    if job.ended is not None:
        raise tuning_job_over(job.status)
    asked.sight.stop(job)
    return {}


def stop_training_job(asked: Asked) -> Words:
    """StopTrainingJob: the tuning job that launched it goes on."""
    found = asked.sight.training_job(asked.arguments["TrainingJobName"])
    if found is None:
        raise no_training_job()
    job, trial = found
    if trial.ended is not None:
        raise training_job_over(trial.status)
    asked.sight.stop(job, trial)
    return {}
