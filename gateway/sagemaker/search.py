"""Search, the only list that AWS narrows by tag: a listing as a search expression, and what is found as rows. Pure.

The tag stands in a filter of its own, joined to the caller's filters by And, where nothing of the caller's can widen
it. VisibilityConditions go along because IAM policies may demand them; they alone would let untagged jobs through.
"""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from gateway.model.listing import TuningJobListing, TuningJobSortBy
from gateway.model.page import Page
from gateway.model.tuning_job import Tag, TuningJob
from gateway.sagemaker.decode import Raw, decode, described_tuning_job

_SORT_PROPERTIES = {
    TuningJobSortBy.NAME: "HyperParameterTuningJobName",
    TuningJobSortBy.STATUS: "HyperParameterTuningJobStatus",
    TuningJobSortBy.CREATION_TIME: "CreationTime",
}


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
