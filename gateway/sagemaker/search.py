"""Search: tuning jobs by tag, which no list of AWS's can, and training jobs by their names. Pure: what is asked, and
what is found.

The tag stands in a filter of its own, joined to the caller's filters by And, where nothing of the caller's can widen
it. VisibilityConditions go along because IAM policies may demand them; they alone would let untagged jobs through.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from gateway.model.details import TrainingJobDetails
from gateway.model.listing import TuningJobListing, TuningJobSortBy
from gateway.model.page import Page
from gateway.model.tuning_job import Tag, TuningJob
from gateway.sagemaker.decode import Raw, decode, described_tuning_job, member_path

_SORT_PROPERTIES = {
    TuningJobSortBy.NAME: "HyperParameterTuningJobName",
    TuningJobSortBy.STATUS: "HyperParameterTuningJobStatus",
    TuningJobSortBy.CREATION_TIME: "CreationTime",
}

_LONGEST_VALUE = 1_024  # characters of a filter's value

# What DescribeTrainingJob says and a search record does not.
_NOT_IN_RECORDS = frozenset(
    {
        "BillableTokenCount",
        "InfraCheckConfig",
        "MlflowConfig",
        "MlflowDetails",
        "ProfilerRuleConfigurations",
        "ProfilerRuleEvaluationStatuses",
        "ProfilingStatus",
        "ProgressInfo",
        "RemoteDebugConfig",
        "ServerlessJobConfig",
    }
)
NOT_IN_SEARCH = frozenset(
    field.name
    for field in fields(TrainingJobDetails)
    if member_path(TrainingJobDetails, field.name)[0] in _NOT_IN_RECORDS
)
"""The fields of a training job's details that only DescribeTrainingJob can fill."""


@dataclass(frozen=True, slots=True)
class FoundTrainingJob:
    """A training job as the index has it, which lags."""

    name: str
    arn: str
    raw_status: str
    creation_time: datetime
    details: TrainingJobDetails
    """All but the fields of NOT_IN_SEARCH."""


def expression(listing: TuningJobListing, tag: Tag) -> dict[str, Any]:
    """The arguments by which Search gives a listing of the tuning jobs that carry a tag."""
    mine = {"Filters": [_filter(f"Tags.{tag.key}", "Equals", tag.value)], "Operator": "And"}
    asked = _asked(listing)
    return {
        "Resource": "HyperParameterTuningJob",
        "SearchExpression": mine | ({"SubExpressions": [{"Filters": asked, "Operator": "And"}]} if asked else {}),
        "VisibilityConditions": [{"Key": f"Tags.{tag.key}", "Value": tag.value}],
        "SortBy": _SORT_PROPERTIES[listing.sort_by],
        "SortOrder": listing.sort_order.value,
    }


def found_page(raw: Raw, tag: Tag) -> Page[TuningJob]:
    """The rows of a page of results that really carry the tag, and the total where AWS counted it."""
    records = [result["HyperParameterTuningJob"] for result in raw["Results"]]
    rows = tuple(_row(record) for record in records if tag in [decode(Tag, each) for each in record.get("Tags", ())])
    hits = raw.get("TotalHits") or {}
    total = hits.get("Value") if hits.get("Relation") == "EqualTo" and len(rows) == len(records) else None
    return Page(rows, raw.get("NextToken"), total=total)


def by_names(names: Sequence[str], tag: Tag | None) -> dict[str, Any]:
    """The arguments by which Search gives the training jobs of these names, as far as a tag lets it see them."""
    filters = [_filter("TrainingJobName", "In", ",".join(each)) for each in _fitting(names)]
    seen = {} if tag is None else {"VisibilityConditions": [{"Key": f"Tags.{tag.key}", "Value": tag.value}]}
    return {"Resource": "TrainingJob", "SearchExpression": {"Filters": filters, "Operator": "Or"}, **seen}


def found_training_jobs(raw: Raw, names: Collection[str]) -> tuple[FoundTrainingJob, ...]:
    """What was found of the training jobs of these names, and nothing else, whatever AWS gives."""
    records = [result["TrainingJob"] for result in raw["Results"]]
    return tuple(
        FoundTrainingJob(
            record["TrainingJobName"],
            record["TrainingJobArn"],
            record["TrainingJobStatus"],
            record["CreationTime"],
            decode(TrainingJobDetails, record),
        )
        for record in records
        if record["TrainingJobName"] in names
    )


def _fitting(names: Sequence[str]) -> Iterator[list[str]]:
    """The names in groups, each short enough for one filter."""
    group: list[str] = []
    for name in names:
        if group and len(",".join([*group, name])) > _LONGEST_VALUE:
            yield group
            group = []
        group.append(name)
    if group:
        yield group


def _row(record: Raw) -> TuningJob:
    """The job as a list shows it. The record has more, but of the moment it was indexed: that is read fresh."""
    described = described_tuning_job(record)
    return TuningJob(*[getattr(described, field.name) for field in fields(TuningJob)])


def _asked(listing: TuningJobListing) -> list[dict[str, str]]:
    asked = [
        ("HyperParameterTuningJobName", "Contains", listing.name_contains),
        ("HyperParameterTuningJobStatus", "Equals", listing.status_equals and listing.status_equals.value),
        ("CreationTime", "GreaterThan", _written(listing.creation_time_after)),
        ("CreationTime", "LessThan", _written(listing.creation_time_before)),
        ("LastModifiedTime", "GreaterThan", _written(listing.last_modified_time_after)),
        ("LastModifiedTime", "LessThan", _written(listing.last_modified_time_before)),
    ]
    return [_filter(name, operator, value) for name, operator, value in asked if value is not None]


def _filter(name: str, operator: str, value: str) -> dict[str, str]:
    return {"Name": name, "Operator": operator, "Value": value}


def _written(moment: datetime | None) -> str | None:
    """A time as Search takes it: to the second, in UTC, without saying so."""
    return None if moment is None else moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()
