"""Random `model` objects, and use cases that give them out: what operations are compiled and executed over."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from gateway.cursors import FIRST_PAGE, START, Cursors, Place, digest
from gateway.errors import GatewayError, Throttled
from gateway.identity import Caller, Permission
from gateway.model.details import TrainingJobDetails
from gateway.model.numbers import Long
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob, Tag, TuningJob, WarmStart
from gateway.reads import ReadLog
from gateway.schema import Context
from gateway.teams import Scope
from gateway.tuning import Edge, Jobs, Slice
from gateway.tuning.plans import Plan
from tests.running import TEAMS

_ARN = "arn:aws:sagemaker:us-east-1:111122223333:job/some"
_PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    bool: st.booleans(),
    int: st.integers(-(2**31), 2**31 - 1),
    Long: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(datetime(2018, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds
}


@cache
def objects(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type hint of the model's."""
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (arm for arm in get_args(hint) if arm is not NoneType)
        return st.none() | objects(inner)
    if get_origin(hint) is tuple:
        return st.lists(objects(get_args(hint)[0]), max_size=2).map(tuple)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        known = {"arn": st.just(_ARN)} if issubclass(hint, (TuningJob, TrainingJob)) else {}
        return st.builds(hint, **{each.name: objects(hints[each.name]) for each in fields(hint)} | known)
    return _PLAIN[hint]


class Given:
    """The use cases over a handful of objects. What is asked is counted; what is to fail does, each time."""

    def __init__(self, jobs: list[DescribedTuningJob], rows: list[TrainingJob], **others: Any) -> None:
        self.scope = Scope(TEAMS[:2])
        self.log = ReadLog()
        self.asked: Counter[str] = Counter()
        self.failing: dict[str, Exception] = {}
        """What fails, by the name of what is asked and, behind a blank, of the job asked about."""
        self._jobs = jobs
        self._others = others
        self._slices: dict[str, Slice[Any]] = {"tuning_jobs": _slice(jobs), "training_jobs": _slice(rows)}

    @property
    def objects(self) -> list[object]:
        """Whatever may be given out."""
        return [*self._jobs, *self._slices["training_jobs"].nodes, self._others["details"]]

    def context(self) -> Context:
        caller = Caller("api-key:vision", ("vision", "nlp"), frozenset({Permission.READ}))
        return Context(caller, cast("Jobs", self), "a-request")

    def admitted(self, _plan: Plan) -> int:
        return 0

    async def tuning_job(self, name: str, _team_name: str | None = None) -> DescribedTuningJob | None:
        await self._ask("tuning_job", name)
        return self._jobs[0] if self._jobs else None

    async def tuning_job_at(self, _target: object, name: str) -> DescribedTuningJob | None:
        return await self.tuning_job(name)

    async def training_job(self, _target: object, _tuning_job_name: str, _name: str) -> TrainingJob | None:
        await self._ask("training_job", "")
        return next(iter(self._slices["training_jobs"].nodes), None)

    async def tuning_jobs(self, *_: object, first: int | None, **__: object) -> Slice[TuningJob]:
        await self._ask("tuning_jobs", "")
        return _cut(self._slices["tuning_jobs"], first)

    async def training_jobs(self, job: TuningJob, *_: object, first: int | None, **__: object) -> Slice[TrainingJob]:
        await self._ask("training_jobs", job.name)
        return _cut(self._slices["training_jobs"], first)

    async def described(self, job: TuningJob) -> DescribedTuningJob | None:
        await self._ask("described", job.name)
        return next((each for each in self._jobs if each is job), None)

    async def details(self, job: TrainingJob) -> TrainingJobDetails | None:
        await self._ask("details", job.name)
        return cast("TrainingJobDetails | None", self._others["details"])

    async def tags(self, job: TuningJob) -> tuple[Tag, ...] | None:
        await self._ask("tags", job.name)
        return cast("tuple[Tag, ...] | None", self._others["tags"])

    async def warm_start(self, job: TuningJob) -> WarmStart | None:
        await self._ask("warm_start", job.name)
        return cast("WarmStart | None", self._others["warm_start"])

    async def overall_best(self, job: TuningJob) -> TrainingJob | None:
        await self._ask("overall_best", job.name)
        return job.overall_best_training_job if isinstance(job, DescribedTuningJob) else None

    def team_of(self, job: TuningJob) -> object:
        self._count("team_of", job.name)
        return TEAMS[0]

    async def _ask(self, what: str, of: str) -> None:
        await asyncio.sleep(0)
        self._count(what, of)

    def _count(self, what: str, of: str) -> None:
        self.asked[f"{what} {of}"] += 1
        failure = self.failing.get(f"{what} {of}") or self.failing.get(what)
        if failure is not None:
            raise failure


def _slice(rows: list[Any]) -> Slice[Any]:
    cursors = Cursors(["a secret of the tests"]).of("listing")
    edges = [Edge(row, Place(FIRST_PAGE, place, digest(str(place))), cursors) for place, row in enumerate(rows, 1)]
    end = edges[-1].place if edges else START
    as_of = datetime(2026, 1, 2, tzinfo=UTC)
    return Slice(tuple(edges), START, end, bool(rows), len(rows), as_of, stale=False, cursors=cursors)


def _cut(whole: Slice[Any], first: int | None) -> Slice[Any]:
    return replace(whole, edges=whole.edges[:first])


_FAILURES: list[Exception] = [Throttled("Slow down.", retry_after_ms=5), GatewayError("Odd."), ValueError("A slip.")]


def uses() -> st.SearchStrategy[Given]:
    """Use cases that never fail."""
    return st.builds(
        Given,
        st.lists(objects(DescribedTuningJob), max_size=3),
        st.lists(objects(TrainingJob), max_size=4),
        details=objects(TrainingJobDetails | None),
        tags=objects(tuple[Tag, ...] | None),
        warm_start=objects(WarmStart | None),
    )


@st.composite
def failing_uses(draw: st.DrawFn) -> Given:
    """Use cases of which some fail."""
    given = draw(uses())
    asked = ["tuning_job", "tuning_jobs", "training_jobs", "described", "details", "tags", "warm_start", "team_of"]
    for what in draw(st.sets(st.sampled_from(asked), min_size=1, max_size=3)):
        given.failing[what] = draw(st.sampled_from(_FAILURES))
    return given
