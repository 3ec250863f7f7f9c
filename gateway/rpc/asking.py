"""Requests in the use cases' words. Pure: what can never work is refused here, before anything is read."""

from datetime import UTC, datetime
from enum import Enum
from typing import TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from gateway.errors import BadUserInput
from gateway.model.listing import SortOrder, TrainingJobListing, TrainingJobSortBy, TuningJobListing, TuningJobSortBy
from gateway.model.words import TrainingJobStatus, TuningJobStatus
from gateway.rpc.telling import numbers
from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from gateway.tuning.arguments import DEFAULT_FIRST, MOST_FIRST, Cut, name_part

WordT = TypeVar("WordT", bound=Enum)


def page_size(asked: int) -> int:
    """How many rows are asked for: a sensible number where none was said, and never too many."""
    if asked < 0:
        raise BadUserInput(f"page_size must not be negative, and is {asked}. It goes up to {MOST_FIRST}.")
    return min(asked, MOST_FIRST) or DEFAULT_FIRST


def cut(size: int, token: str) -> Cut:
    """Which slice of a listing is asked for."""
    return Cut(page_size(size), token or None)


def word(words: type[WordT], number: int, field: str) -> WordT | None:
    """The word a number stands for; None where nothing was said."""
    if number == 0:
        return None
    found = next((each for each, known in numbers(words).items() if known == number), None)
    if not isinstance(found, words) or found.name == "UNKNOWN":
        raise BadUserInput(
            f"{field} must be one of: {', '.join(each.name for each in words if each.name != 'UNKNOWN')}."
        )
    return found


def tuning_job_listing(request: pb.ListTuningJobsRequest) -> TuningJobListing:
    """Which tuning jobs are asked for, and in what order."""
    return TuningJobListing(
        name_part(request.name_contains or None, "name_contains"),
        word(TuningJobStatus, request.status, "status"),
        _moment(request, "creation_time_after"),
        _moment(request, "creation_time_before"),
        _moment(request, "last_modified_time_after"),
        _moment(request, "last_modified_time_before"),
        word(TuningJobSortBy, request.sort_by, "sort_by") or TuningJobSortBy.NAME,
        word(SortOrder, request.sort_order, "sort_order") or SortOrder.ASCENDING,
    )


def training_job_listing(request: pb.ListTrainingJobsRequest) -> TrainingJobListing:
    """Which training jobs are asked for, and in what order."""
    return TrainingJobListing(
        request.tuning_job,
        word(TrainingJobStatus, request.status, "status"),
        word(TrainingJobSortBy, request.sort_by, "sort_by") or TrainingJobSortBy.NAME,
        word(SortOrder, request.sort_order, "sort_order") or SortOrder.ASCENDING,
    )


def _moment(request: pb.ListTuningJobsRequest, field: str) -> datetime | None:
    if not request.HasField(field):
        return None
    moment: Timestamp = getattr(request, field)
    try:
        return moment.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise BadUserInput(f"{field} must be a moment from the years 1 to 9999.") from None
