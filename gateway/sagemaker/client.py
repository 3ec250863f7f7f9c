"""SageMaker as the use cases see it: one method per operation, `model` objects out, one door to AWS.

Lists are always asked for 100 rows: callers slice them, so that every page size shares the same upstream pages.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Self, TypeVar

from botocore import xform_name

from gateway import telemetry
from gateway.errors import NotFound, StopRefused, TokenRefused
from gateway.governor import Budget, Errand, Governor
from gateway.model.details import TrainingJobDetails
from gateway.model.listing import TrainingJobListing, TuningJobListing
from gateway.model.page import Page
from gateway.model.target import Access
from gateway.model.training_job import TrainingJob, TrainingJobState
from gateway.model.tuning_job import DescribedTuningJob, Tag, TuningJob
from gateway.sagemaker.clients import Clients, SageMakerOptions
from gateway.sagemaker.decode import Raw, decode, described_tuning_job, launched_by
from gateway.sagemaker.failures import translated
from gateway.sagemaker.search import FoundTrainingJob, by_names, expression, found_page, found_training_jobs

T = TypeVar("T")
_PAGE_ROWS = 100  # the most AWS gives


class SageMaker:
    """SageMaker in the regions the gateway serves. An errand tells on whose behalf a call is made."""

    def __init__(self, options: SageMakerOptions, governor: Governor) -> None:
        self._options = options
        self._governor = governor
        self._clients = Clients(options)

    async def open(self, accesses: Iterable[Access]) -> Self:
        """Build what reaches these targets, and close what reaches others."""
        await self._clients.open(accesses)
        return self

    async def close(self) -> None:
        """Close all connections."""
        await self._clients.close()

    async def describe_tuning_job(self, access: Access, name: str, *, errand: Errand) -> DescribedTuningJob:
        """Everything SageMaker knows of a tuning job. Raises NotFound."""
        return await self._call(
            access,
            "DescribeHyperParameterTuningJob",
            described_tuning_job,
            errand=errand,
            HyperParameterTuningJobName=name,
        )

    async def describe_training_job(self, access: Access, name: str, *, errand: Errand) -> TrainingJobDetails:
        """What SageMaker knows of a training job beyond its place in a listing. Raises NotFound."""
        return await self._call(
            access,
            "DescribeTrainingJob",
            lambda raw: decode(TrainingJobDetails, raw),
            errand=errand,
            TrainingJobName=name,
        )

    async def training_job_state(self, access: Access, name: str, *, errand: Errand) -> TrainingJobState:
        """Where a training job stands now. Raises NotFound."""
        return await self._call(
            access,
            "DescribeTrainingJob",
            lambda raw: decode(TrainingJobState, raw),
            errand=errand,
            TrainingJobName=name,
        )

    async def list_tuning_jobs(
        self, access: Access, listing: TuningJobListing, token: str | None, *, errand: Errand
    ) -> Page[TuningJob]:
        """One page of the target's tuning jobs. Raises TokenRefused."""
        return await self._call(
            access,
            "ListHyperParameterTuningJobs",
            lambda raw: _page(raw, "HyperParameterTuningJobSummaries", lambda row: decode(TuningJob, row)),
            errand=errand,
            NameContains=listing.name_contains,
            StatusEquals=_word(listing.status_equals),
            CreationTimeAfter=listing.creation_time_after,
            CreationTimeBefore=listing.creation_time_before,
            LastModifiedTimeAfter=listing.last_modified_time_after,
            LastModifiedTimeBefore=listing.last_modified_time_before,
            SortBy=_word(listing.sort_by),
            SortOrder=_word(listing.sort_order),
            MaxResults=_PAGE_ROWS,
            NextToken=token,
        )

    async def search_tuning_jobs(
        self, access: Access, listing: TuningJobListing, tag: Tag, token: str | None, *, errand: Errand
    ) -> Page[TuningJob]:
        """One page of the target's tuning jobs that carry a tag. Raises TokenRefused."""
        return await self._call(
            access,
            "Search",
            lambda raw: found_page(raw, tag),
            errand=errand,
            **expression(listing, tag),
            MaxResults=_PAGE_ROWS,
            NextToken=token,
        )

    async def search_training_jobs(
        self, access: Access, names: Sequence[str], tag: Tag | None, *, errand: Errand
    ) -> tuple[FoundTrainingJob, ...]:
        """The training jobs of these names, at most 100, as the index has them: behind the times, and not all.

        With a tag, those that carry another value of it are missing too.
        """
        return await self._call(
            access,
            "Search",
            lambda raw: found_training_jobs(raw, names),
            errand=errand,
            **by_names(names, tag),
            MaxResults=_PAGE_ROWS,
        )

    async def list_training_jobs(
        self, access: Access, listing: TrainingJobListing, token: str | None, *, errand: Errand
    ) -> Page[TrainingJob]:
        """One page of a tuning job's training jobs. Raises NotFound, TokenRefused."""
        name = listing.tuning_job_name
        return await self._call(
            access,
            "ListTrainingJobsForHyperParameterTuningJob",
            lambda raw: _page(raw, "TrainingJobSummaries", lambda row: decode(TrainingJob, launched_by(name, row))),
            errand=errand,
            HyperParameterTuningJobName=name,
            StatusEquals=_word(listing.status_equals),
            SortBy=_word(listing.sort_by),
            SortOrder=_word(listing.sort_order),
            MaxResults=_PAGE_ROWS,
            NextToken=token,
        )

    async def list_tags(self, access: Access, arn: str, *, errand: Errand) -> tuple[Tag, ...]:
        """A tuning job's tags, at most 50: AWS has them all on its first page. Raises NotFound."""
        return await self._call(
            access,
            "ListTags",
            lambda raw: tuple([decode(Tag, tag) for tag in raw["Tags"]]),
            errand=errand,
            ResourceArn=arn,
            MaxResults=_PAGE_ROWS,
        )

    async def stop_tuning_job(self, access: Access, name: str, *, errand: Errand) -> None:
        """Ask for a tuning job to be stopped, and its training jobs with it. Raises NotFound, StopRefused."""
        await self._call(
            access, "StopHyperParameterTuningJob", _nothing, errand=errand, HyperParameterTuningJobName=name
        )

    async def stop_training_job(self, access: Access, name: str, *, errand: Errand) -> None:
        """Ask for a training job to be stopped. Raises NotFound, StopRefused."""
        await self._call(access, "StopTrainingJob", _nothing, errand=errand, TrainingJobName=name)

    async def _call(
        self, access: Access, operation: str, read: Callable[[Raw], T], *, errand: Errand, **arguments: object
    ) -> T:
        """The one door to AWS: a call waits for its place in the account's budget, and is repeated where that helps."""
        sent = {name: value for name, value in arguments.items() if value is not None}

        async def attempt() -> T:
            with telemetry.UpstreamCall(operation, account=access.target.account, region=access.target.region) as call:
                return await self._attempt(access, operation, read, sent, call)

        return await self._governor.call(Budget(access.target, operation), errand, attempt)

    async def _attempt(
        self,
        access: Access,
        operation: str,
        read: Callable[[Raw], T],
        sent: dict[str, object],
        call: telemetry.UpstreamCall,
    ) -> T:
        """One call. Whatever goes wrong with it comes out as one of our errors."""
        try:
            async with asyncio.timeout(self._options.call_timeout):
                return read(await getattr(self._clients[access], xform_name(operation))(**sent))
        except Exception as error:
            ours = translated(error, operation, with_token="NextToken" in sent)
            answer = isinstance(ours, (NotFound, StopRefused, TokenRefused))
            call.failed(type(ours or error).__name__, cause=type(error).__name__, is_answer=answer)
            if ours is None:
                raise
            # Without its cause: AWS's own text must not reach a log by way of a traceback.
            raise ours from None


def _page(raw: Raw, member: str, row: Callable[[Raw], T]) -> Page[T]:
    return Page(tuple([row(summary) for summary in raw[member]]), raw.get("NextToken"))


def _nothing(_: Raw) -> None:
    """The answer of an operation that says nothing but that it went well."""


def _word(member: Enum | None) -> str | None:
    return None if member is None else str(member.value)
