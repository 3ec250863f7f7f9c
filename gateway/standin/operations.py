"""The operations served: a table from the name to the function that answers.

Each function is given one call, `Asked`, and answers in AWS's words or raises RefusedError; only those of `tagging`,
`stopping` and `creating` change anything. A new operation is a function and a row.
"""

from collections.abc import Callable, Mapping
from typing import Any

from gateway.standin import describe, summaries
from gateway.standin.asked import Asked, Operation
from gateway.standin.creating import create_tuning_job
from gateway.standin.failures import no_training_job, no_tuning_job
from gateway.standin.lifecycle import Trial, TuningJob
from gateway.standin.listing import in_order
from gateway.standin.search import search
from gateway.standin.stopping import stop_training_job, stop_tuning_job
from gateway.standin.tagging import add_tags, delete_tags, list_tags
from gateway.standin.words import Words


def list_training_jobs(asked: Asked) -> Words:
    """ListTrainingJobsForHyperParameterTuningJob."""
    arguments = asked.arguments
    job = _tuning_job(asked)
    sort_by = arguments.get("SortBy") or "Name"
    trials = list(job.trials)
    if sort_by == "FinalObjectiveMetricValue":
        # "Any training jobs that did not return an objective metric are not listed": gone before the page is cut.
        trials = [trial for trial in trials if trial.metric is not None]
    trials = in_order(trials, _TRIAL_KEYS[sort_by], arguments.get("SortOrder"))
    status = arguments.get("StatusEquals")
    page, token = asked.pager.page(trials, arguments, lambda trial: status in (None, trial.status))
    return {"TrainingJobSummaries": [summaries.training_job(job, trial) for trial in page], "NextToken": token}


_TRIAL_KEYS: Mapping[str, Callable[[Trial], tuple[Any, ...]]] = {
    "Name": lambda trial: (trial.plan.name,),
    "CreationTime": lambda trial: (trial.created, trial.plan.name),
    "Status": lambda trial: (trial.status, trial.plan.name),
    "FinalObjectiveMetricValue": lambda trial: (trial.metric, trial.plan.name),
}


def list_tuning_jobs(asked: Asked) -> Words:
    """ListHyperParameterTuningJobs."""
    arguments = asked.arguments
    key = _TUNING_KEYS[arguments.get("SortBy") or "Name"]
    jobs = in_order(asked.sight.tuning_jobs(), key, arguments.get("SortOrder"))
    page, token = asked.pager.page(jobs, arguments, lambda job: _matches(job, arguments))
    return {"HyperParameterTuningJobSummaries": [summaries.tuning_job(job) for job in page], "NextToken": token}


_TUNING_KEYS: Mapping[str, Callable[[TuningJob], tuple[Any, ...]]] = {
    "Name": lambda job: (job.plan.name,),
    "CreationTime": lambda job: (job.created, job.plan.name),
    "Status": lambda job: (job.status, job.plan.name),
}


def _matches(job: TuningJob, arguments: Mapping[str, Any]) -> bool:
    """Whether the filters keep the job.

    NameContains ignores case here because names are unique regardless of case; what AWS does, it does not document.
    """
    contained = (arguments.get("NameContains") or "").casefold()
    return (
        contained in job.plan.name.casefold()
        and arguments.get("StatusEquals") in (None, job.status)
        and _within(job.created, arguments.get("CreationTimeAfter"), arguments.get("CreationTimeBefore"))
        and _within(job.modified, arguments.get("LastModifiedTimeAfter"), arguments.get("LastModifiedTimeBefore"))
    )


def _within(moment: float, after: float | None, before: float | None) -> bool:
    return (after is None or moment > after) and (before is None or moment < before)


def describe_tuning_job(asked: Asked) -> Words:
    """DescribeHyperParameterTuningJob."""
    job = _tuning_job(asked)
    return describe.tuning_job(job, asked.sight.parents_of(job))


def describe_training_job(asked: Asked) -> Words:
    """DescribeTrainingJob."""
    found = asked.sight.training_job(asked.arguments["TrainingJobName"])
    if found is None:
        raise no_training_job()
    return describe.training_job(*found)


def _tuning_job(asked: Asked) -> TuningJob:
    name = asked.arguments["HyperParameterTuningJobName"]
    job = asked.sight.tuning_job(name)
    if job is None:
        raise no_tuning_job(name)
    return job


OPERATIONS: Mapping[str, Operation] = {
    "ListTrainingJobsForHyperParameterTuningJob": list_training_jobs,
    "ListHyperParameterTuningJobs": list_tuning_jobs,
    "DescribeHyperParameterTuningJob": describe_tuning_job,
    "DescribeTrainingJob": describe_training_job,
    "ListTags": list_tags,
    "AddTags": add_tags,
    "DeleteTags": delete_tags,
    "Search": search,
    "CreateHyperParameterTuningJob": create_tuning_job,
    "StopHyperParameterTuningJob": stop_tuning_job,
    "StopTrainingJob": stop_training_job,
}
