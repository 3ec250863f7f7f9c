"""The methods of TuningJobs: each reads its request, prices it, asks a use case, and tells what it says."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import Any, TypeVar

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from gateway.errors import BadUserInput
from gateway.model.stopping import StopOutcome
from gateway.model.tuning_job import TuningJob
from gateway.reads import Answers
from gateway.rpc import asking, telling, views
from gateway.rpc.call import Call, Context
from gateway.rpc.calls import Calls
from gateway.rpc.contract import snake
from gateway.rpc.failures import absent
from gateway.rpc.remembered import Kept, Place
from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from gateway.teams import Scope
from gateway.tuning import Slice, plans
from gateway.tuning.arguments import training_job_name
from gateway.watch import Listener, OneTuningJob, Watches

SERVICE = pb.DESCRIPTOR.services_by_name["TuningJobs"]
PageT = TypeVar("PageT", pb.ListTuningJobsResponse, pb.ListTrainingJobsResponse)
_TUNING_JOB, _TRAINING_JOB = "tuning job", "training job"
_ONLY_READ = ("Get", "List")
_Answer = Callable[..., Awaitable[Message]]
_Ask = Callable[[Call, bytes], Awaitable[bytes]]


class TuningJobsService:
    """The methods, by the names that the contract gives them."""

    def __init__(self, calls: Calls, watches: Watches, answers: Answers) -> None:
        self._calls = calls
        self._watches = watches
        self._answers = answers

    def handlers(self) -> dict[str, "grpc.RpcMethodHandler[Any, Any]"]:
        """What gRPC calls for each method of the contract."""
        return {method.name: self._handler(method) for method in SERVICE.methods}

    async def get_tuning_job(self, call: Call, request: pb.GetTuningJobRequest) -> pb.GetTuningJobResponse:
        """One tuning job."""
        view = views.tuning_job_view(request.view, default=pb.TUNING_JOB_VIEW_DESCRIBED)
        call.price(_of_team(request.team, plans.NamedTuningJob(request.name, views.of_tuning_job(view))))
        job = await call.jobs.tuning_job(request.name, request.team or None)
        if job is None:
            raise absent(_TUNING_JOB)
        return pb.GetTuningJobResponse(tuning_job=await views.tuning_job(call.jobs, job, view))

    async def list_tuning_jobs(self, call: Call, request: pb.ListTuningJobsRequest) -> pb.ListTuningJobsResponse:
        """A page of a team's tuning jobs."""
        view = views.tuning_job_view(request.view, default=pb.TUNING_JOB_VIEW_BASIC)
        listing, cut = asking.tuning_job_listing(request), asking.cut(request.page_size, request.page_token)
        call.price(_of_team(request.team, plans.TuningJobs(listing, cut, views.of_tuning_job(view))))
        found = await call.jobs.tuning_jobs(request.team or None, listing, cut)
        told = await views.side_by_side([views.tuning_job(call.jobs, job, view) for job in found.nodes])
        return _page(call, pb.ListTuningJobsResponse(tuning_jobs=told), found)

    async def get_training_job(self, call: Call, request: pb.GetTrainingJobRequest) -> pb.GetTrainingJobResponse:
        """One training job of a tuning job."""
        full, name = views.in_full(request.view), training_job_name(request.name)
        wanted, team = plans.OfTrainingJob(details=full), call.team(request.team)
        if team is not None:
            plan = plans.TrainingJobAt(team.target, request.tuning_job, name, wanted)
            call.price(plan, details=views.DETAILS if full else frozenset())
        job = await call.jobs.tuning_job(request.tuning_job, request.team or None)
        found = None if job is None else await call.jobs.training_job_of(job, name)
        if found is None:
            raise absent(_TRAINING_JOB)
        return pb.GetTrainingJobResponse(training_job=await views.training_job(call.jobs, found, full=full))

    async def list_training_jobs(self, call: Call, request: pb.ListTrainingJobsRequest) -> pb.ListTrainingJobsResponse:
        """A page of a tuning job's training jobs."""
        full, cut = views.in_full(request.view), asking.cut(request.page_size, request.page_token)
        listing = asking.training_job_listing(request)
        wanted = plans.TrainingJobs(
            cut, listing.sort_by, listing.sort_order, listing.status_equals, plans.OfTrainingJob(details=full)
        )
        asked = plans.NamedTuningJob(request.tuning_job, plans.OfTuningJob(training_jobs=(wanted,)))
        call.price(_of_team(request.team, asked), details=views.DETAILS if full else frozenset())
        job = await call.jobs.tuning_job(request.tuning_job, request.team or None)
        if job is None:
            raise absent(_TUNING_JOB)
        # By the name as SageMaker has it: a cursor belongs to a listing of that name, in either face.
        listing = listing._replace(tuning_job_name=job.name)
        found = await call.jobs.training_jobs(job, listing, cut)
        told = await views.side_by_side([views.training_job(call.jobs, each, full=full) for each in found.nodes])
        return _page(call, pb.ListTrainingJobsResponse(training_jobs=told), found)

    async def watch_tuning_job(
        self, call: Call, request: pb.WatchTuningJobRequest, admitted: Callable[[], Awaitable[Scope]]
    ) -> AsyncGenerator[pb.WatchTuningJobResponse, None]:
        """A tuning job as it is now, and whenever it has changed."""
        call.price(_of_team(request.team, plans.NamedTuningJob(request.name, plans.OfTuningJob(described=True))))
        job = await call.jobs.tuning_job(request.name, request.team or None)
        if job is None:
            raise absent(_TUNING_JOB)
        by, team, last = Listener(call.caller.subject, admitted), call.jobs.team_of(job), None
        async with aclosing(self._watches.listen(OneTuningJob, team, job.name, by)) as deliveries:
            async for delivery in deliveries:
                if isinstance(delivery.value, TuningJob) and delivery.value != last:
                    last = delivery.value
                    yield pb.WatchTuningJobResponse(tuning_job=telling.tuning_job(last, delivery.team.name))

    async def stop_tuning_job(self, call: Call, request: pb.StopTuningJobRequest) -> pb.StopTuningJobResponse:
        """A tuning job stopped."""
        call.price(plans.StopTuningJob(request.team or None, request.name, plans.OfTuningJob(described=True)))
        stopped = await call.jobs.stop_tuning_job(request.name, request.team or None)
        if stopped.outcome is None:
            raise absent(_TUNING_JOB)
        response = pb.StopTuningJobResponse(outcome=_number(stopped.outcome))
        if stopped.job is not None:
            response.tuning_job.CopyFrom(telling.tuning_job(stopped.job, call.jobs.team_of(stopped.job).name))
        return response

    async def stop_training_job(self, call: Call, request: pb.StopTrainingJobRequest) -> pb.StopTrainingJobResponse:
        """A training job stopped."""
        call.price(plans.StopTrainingJob(request.team or None, request.tuning_job, request.name))
        stopped = await call.jobs.stop_training_job(request.tuning_job, request.name, request.team or None)
        if stopped.outcome is None:
            raise absent(_TRAINING_JOB)
        response = pb.StopTrainingJobResponse(outcome=_number(stopped.outcome))
        if stopped.job is not None:
            response.training_job.CopyFrom(telling.training_job(stopped.job))
        return response

    def _handler(self, method: MethodDescriptor) -> "grpc.RpcMethodHandler[Any, Any]":
        """Bytes in and bytes out: an answer that is remembered is neither read nor written again."""
        answer = getattr(self, snake(method.name))
        if method.server_streaming:
            return grpc.unary_stream_rpc_method_handler(partial(self._stream, method, answer))
        ask = self._remembering if method.name.startswith(_ONLY_READ) else self._answered
        return grpc.unary_unary_rpc_method_handler(partial(self._unary, method, partial(ask, method, answer)))

    async def _unary(self, method: MethodDescriptor, ask: _Ask, request: bytes, context: Context) -> bytes:
        async with self._calls.told(method.name, context) as let_in, self._calls.capacity.held():
            call = await let_in()
            answered = await ask(call, request)
            call.size = len(answered)
        return answered

    async def _remembering(self, method: MethodDescriptor, answer: _Answer, call: Call, request: bytes) -> bytes:
        place = Place(method.name, request, call.scope, call.caller.permissions)
        kept: Kept | None = self._answers.find(place)
        if kept is not None:
            call.estimated, call.remembered = kept.estimated, kept.reads
            return kept.body
        body, log = await self._answered(method, answer, call, request), call.jobs.log
        if log.entries and call.cut_short is None:
            self._answers.keep(place, Kept(body, call.estimated, len(log.entries)), log, len(request))
        return body

    async def _answered(self, method: MethodDescriptor, answer: _Answer, call: Call, request: bytes) -> bytes:
        return (await answer(call, _read(method, request))).SerializeToString()

    async def _stream(
        self,
        method: MethodDescriptor,
        answer: Callable[..., AsyncGenerator[Any, None]],
        request: bytes,
        context: Context,
    ) -> None:
        async with self._calls.told(method.name, context, lasting=True) as let_in:
            call, admitted = await let_in(), partial(self._calls.admitted_again, context)
            async with aclosing(answer(call, _read(method, request), admitted)) as responses:
                async for response in responses:
                    await _send(context, response)


async def _send(context: Context, response: Message) -> None:
    """Send the next of many. Written like this and not yielded: whoever ends the call ends it here too."""
    try:
        await context.write(response.SerializeToString())
    except grpc.aio.InternalError:  # its caller has gone, of which we are about to hear
        raise asyncio.CancelledError from None


def _read(method: MethodDescriptor, request: bytes) -> Message:
    try:
        return GetMessageClass(method.input_type).FromString(request)
    except DecodeError:
        raise BadUserInput(f"The request is no {method.input_type.full_name}.") from None


def _of_team(team: str, asked: plans.NamedTuningJob | plans.TuningJobs) -> plans.OfTeam:
    return plans.OfTeam(team or None, (asked,))


def _page(call: Call, response: PageT, found: Slice[Any]) -> PageT:
    if found.has_next_page and found.end_cursor is not None:
        response.next_page_token = found.end_cursor
    if found.total_count is not None:
        response.total_size = found.total_count
    response.as_of.FromDatetime(found.as_of)
    response.stale = found.stale
    if found.interrupted is not None:
        response.interruption.CopyFrom(call.interrupted(found.interrupted))
    return response


def _number(outcome: StopOutcome) -> Any:  # noqa: ANN401  # a number, which the stubs tell from its enum
    return telling.numbers(StopOutcome)[outcome]
