"""Our classes against the service model of the installed botocore: what AWS adds or renames shows here first."""

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import botocore.session
import pytest
from botocore.model import ListShape, Shape, StringShape, StructureShape

from gateway.model.details import TrainingJobDetails
from gateway.model.hyper_parameter import HyperParameter
from gateway.model.monitoring import Setting
from gateway.model.numbers import Long
from gateway.model.training_job import TrainingJob, TrainingJobState
from gateway.model.tuning_job import DescribedTuningJob, TuningJob
from gateway.model.words import Word
from gateway.sagemaker.decode import member_path

_SAGEMAKER = botocore.session.get_session().get_service_model("sagemaker")
_MOST_WORDS = 20  # a longer vocabulary, such as the instance types, stays text: nobody lists it in a schema
_PLAIN = {"integer": int, "long": Long, "float": float, "double": float, "boolean": bool, "timestamp": datetime}

_SUMMARY = "the training job's summary has it"
LEFT_OUT = {
    "DescribeHyperParameterTuningJobResponse.TrainingJobDefinition": "decode puts it into TrainingJobDefinitions",
    "DescribeTrainingJobResponse.TrainingJobName": _SUMMARY,
    "DescribeTrainingJobResponse.TrainingJobArn": _SUMMARY,
    "DescribeTrainingJobResponse.TuningJobArn": "the training job's summary has the tuning job's name",
    "DescribeTrainingJobResponse.TrainingJobStatus": _SUMMARY,
    "DescribeTrainingJobResponse.FailureReason": _SUMMARY,
    "DescribeTrainingJobResponse.CreationTime": _SUMMARY,
    "DescribeTrainingJobResponse.TrainingStartTime": _SUMMARY,
    "DescribeTrainingJobResponse.TrainingEndTime": _SUMMARY,
}
NAMES_ONLY = {
    "DescribeTrainingJobResponse.Environment": "its values may be secrets",
    "HyperParameterTrainingJobDefinition.Environment": "its values may be secrets",
}
NULL_THOUGH_PROMISED = {
    "DescribeTrainingJobResponse.ModelArtifacts.S3ModelArtifacts": "AWS leaves it out while the job is starting",
    "DescribeHyperParameterTuningJobResponse.HyperParameterTuningJobConfig.ResourceLimits": (
        "the field is that of the listing, where AWS may leave it out"
    ),
}
RELIED_ON_UNPROMISED = {
    "HyperParameterTrainingJobSummary.TuningJobName": "whoever decodes a summary knows the tuning job and fills it in",
    "ParentHyperParameterTuningJob.HyperParameterTuningJobName": "a parent is nothing but its name",
}


@dataclass(frozen=True)
class _Reading:
    """A field, and the member of AWS's it reads."""

    place: str
    field: str
    hint: Any
    """The field's type, without its None."""
    optional: bool
    defaulted: bool
    member: Shape | None
    """None: there is no such member."""
    promised: bool
    """Whether AWS promises to send it."""

    def __str__(self) -> str:
        return f"{self.field} <- {self.place}"


def _row(operation: str, member: str) -> StructureShape:
    rows = _output(operation).members[member]
    assert isinstance(rows, ListShape)
    assert isinstance(rows.member, StructureShape)
    return rows.member


def _output(operation: str) -> StructureShape:
    shape = _SAGEMAKER.operation_model(operation).output_shape
    assert isinstance(shape, StructureShape)
    return shape


_ANSWERS: list[tuple[type, StructureShape]] = [
    (TrainingJob, _row("ListTrainingJobsForHyperParameterTuningJob", "TrainingJobSummaries")),
    (TuningJob, _row("ListHyperParameterTuningJobs", "HyperParameterTuningJobSummaries")),
    (DescribedTuningJob, _output("DescribeHyperParameterTuningJob")),
    (TrainingJobDetails, _output("DescribeTrainingJob")),
]


def _pairs(answers: Iterable[tuple[type, StructureShape]]) -> Iterator[tuple[type, StructureShape]]:
    """The classes and shapes given, and those below them."""
    for cls, shape in answers:
        yield cls, shape
        yield from _pairs(_parts(cls, shape))


def _parts(cls: type, shape: StructureShape) -> Iterator[tuple[type, StructureShape]]:
    for reading in _readings_of(cls, shape):
        hint, member = reading.hint, reading.member
        if get_origin(hint) is tuple and isinstance(member, ListShape):
            hint, member = get_args(hint)[0], member.member
        if is_dataclass(hint) and isinstance(hint, type) and isinstance(member, StructureShape):
            yield hint, member


def _readings_of(cls: type, shape: StructureShape) -> Iterator[_Reading]:
    hints = get_type_hints(cls)
    for field in fields(cls):
        arms = [arm for arm in get_args(hints[field.name]) if arm is not NoneType]
        optional = NoneType in get_args(hints[field.name])
        path = member_path(cls, field.name)
        member, promised = _follow(shape, path)
        yield _Reading(
            place=".".join([shape.name, *path]),
            field=f"{cls.__name__}.{field.name}",
            hint=arms[0] if optional else hints[field.name],
            optional=optional,
            defaulted=field.default is not MISSING,
            member=member,
            promised=promised,
        )


def _follow(shape: StructureShape, path: tuple[str, ...]) -> tuple[Shape | None, bool]:
    promised = True
    member: Shape | None = shape
    for name in path:
        if not isinstance(member, StructureShape) or name not in member.members:
            return None, False
        promised &= name in member.required_members
        member = member.members[name]
    return member, promised


def _unread(shape: StructureShape, paths: list[tuple[str, ...]], place: str) -> Iterator[str]:
    for name, member in shape.members.items():
        rests = [path[1:] for path in paths if path[0] == name]
        if not rests:
            yield f"{place}.{name}"
        elif all(rests) and isinstance(member, StructureShape):
            yield from _unread(member, rests, f"{place}.{name}")


_PAIRS = list({(cls, shape.name): (cls, shape) for cls, shape in _pairs(_ANSWERS)}.values())
_READINGS = [reading for cls, shape in _PAIRS for reading in _readings_of(cls, shape)]
_WORDS = [
    (reading, reading.member)
    for reading in _READINGS
    if isinstance(reading.member, StringShape) and reading.member.enum and ".raw_" not in reading.field
]


def test_every_member_aws_sends_is_read() -> None:
    unread = {
        place
        for cls, shape in _PAIRS
        for place in _unread(shape, [member_path(cls, field.name) for field in fields(cls)], shape.name)
    }

    assert unread - set(LEFT_OUT) == set()


def test_nothing_is_left_out_that_is_read_or_gone() -> None:
    unread = {
        place
        for cls, shape in _PAIRS
        for place in _unread(shape, [member_path(cls, field.name) for field in fields(cls)], shape.name)
    }

    assert set(LEFT_OUT) - unread == set()


@pytest.mark.parametrize(
    ("operation", "rows"),
    [
        ("ListTrainingJobsForHyperParameterTuningJob", "TrainingJobSummaries"),
        ("ListHyperParameterTuningJobs", "HyperParameterTuningJobSummaries"),
    ],
)
def test_a_listing_holds_rows_and_a_token_and_nothing_else(operation: str, rows: str) -> None:
    assert set(_output(operation).members) == {rows, "NextToken"}


def test_every_field_reads_a_member_aws_has() -> None:
    assert [str(reading) for reading in _READINGS if reading.member is None] == []


def test_every_field_has_the_type_of_its_member() -> None:
    assert [str(reading) for reading in _READINGS if not _fits(reading)] == []


def _fits(reading: _Reading) -> bool:
    hint, member = reading.hint, reading.member
    assert member is not None
    if reading.place in NAMES_ONLY:
        return bool(hint == tuple[str, ...])
    if member.type_name == "map":
        return hint in (tuple[HyperParameter, ...], tuple[Setting, ...])
    if isinstance(member, ListShape):
        return get_origin(hint) is tuple and _fits_one(get_args(hint)[0], member.member)
    return _fits_one(hint, member)


def _fits_one(hint: Any, member: Shape) -> bool:  # a type hint is anything
    if isinstance(member, StructureShape):
        return is_dataclass(hint)
    if isinstance(member, StringShape):
        return hint is str or issubclass(hint, Word)
    return hint is _PLAIN[member.type_name]


def test_every_short_vocabulary_is_a_word() -> None:
    short = [reading for reading, member in _WORDS if len(member.enum) <= _MOST_WORDS]

    assert [str(reading) for reading in short if not issubclass(reading.hint, Word)] == []


def test_every_word_of_aws_is_ours_and_every_word_of_ours_is_aws_s() -> None:
    differences = {
        str(reading): sorted(ours ^ set(member.enum))
        for reading, member in _WORDS
        if issubclass(reading.hint, Word) and (ours := {word.value for word in reading.hint} - {""}) != set(member.enum)
    }

    assert differences == {}


def test_every_word_has_its_raw_word_beside_it() -> None:
    beside = {(reading.field, reading.place): reading for reading in _READINGS}
    alone = []
    for reading, _ in _WORDS:
        if issubclass(reading.hint, Word):
            raw = beside.get((reading.field.replace(".", ".raw_"), reading.place))
            if raw is None or raw.hint is not str or raw.optional != reading.optional:
                alone.append(str(reading))

    assert alone == []


def test_what_aws_promises_is_not_hidden_behind_null() -> None:
    hidden = {
        reading.place
        for reading in _READINGS
        # A number that is not finite is null, promised or not.
        if reading.promised and (reading.optional or reading.defaulted) and reading.hint is not float
    }

    assert hidden == set(NULL_THOUGH_PROMISED)


def test_what_aws_may_leave_out_may_be_absent() -> None:
    relied_on = {
        reading.place
        for reading in _READINGS
        if not (reading.promised or reading.optional or reading.defaulted or get_origin(reading.hint) is tuple)
    }

    assert relied_on == set(RELIED_ON_UNPROMISED)


def test_every_real_number_may_be_null_because_it_may_not_be_finite() -> None:
    assert [str(reading) for reading in _READINGS if reading.hint is float and not reading.optional] == []


def test_the_state_of_a_training_job_is_in_its_description_and_of_its_summarys_types() -> None:
    readings = list(_readings_of(TrainingJobState, _output("DescribeTrainingJob")))
    assert [str(reading) for reading in readings if reading.member is None or not _fits(reading)] == []
    summary = get_type_hints(TrainingJob)
    assert {name: summary[name] for name in get_type_hints(TrainingJobState)} == get_type_hints(TrainingJobState)
