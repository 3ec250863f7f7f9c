"""Decoding: whatever AWS may answer becomes an object, and says no more and no less than the answer."""

import copy
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.model.details import TrainingJobDetails
from gateway.model.hyper_parameter import HyperParameter
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.model.words import ObjectiveType, TrainingJobStatus, Word
from gateway.sagemaker.decode import decode, described_tuning_job, launched_by

_SAGEMAKER = botocore.session.get_session().get_service_model("sagemaker")
_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_STRANGER = {"SomethingNew": {"Since": "yesterday"}}
# AWS's model does not promise these, and the gateway relies on them: a warm start's parent is nothing but its name.
_ALWAYS_SENT = {"ParentHyperParameterTuningJob": {"HyperParameterTuningJobName"}}

_numbers_as_text = st.sampled_from(
    ["7", "-0.01", "1e-3", "1e999", "nan", "Infinity", "1_000", " 7 ", '"adam"', "", "٣"]
)
_PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(0, 2**31 - 1),
    "long": st.integers(0, 2**63 - 1),
    "float": st.floats(width=32) | st.sampled_from(["NaN", "Infinity", "-Infinity"]),
    "double": st.floats() | st.sampled_from(["NaN", "Infinity", "-Infinity"]),
    "boolean": st.booleans(),
    "timestamp": st.datetimes(datetime(2018, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds carry no zone
    "string": _numbers_as_text | st.text(max_size=4),
}


@cache
def _answers(shape: Shape) -> st.SearchStrategy[Any]:
    """Well-formed answers of a shape: required members always, others at times, words also from the future."""
    if isinstance(shape, StructureShape):
        always = {*shape.required_members, *_ALWAYS_SENT.get(shape.name, ())}
        members = {name: _answers(member) for name, member in shape.members.items()}
        return st.fixed_dictionaries(
            {name: answer for name, answer in members.items() if name in always},
            optional={name: answer for name, answer in members.items() if name not in always},
        )
    if isinstance(shape, ListShape):
        return st.lists(_answers(shape.member), max_size=2)
    if isinstance(shape, MapShape):
        return st.dictionaries(_answers(shape.key), _answers(shape.value), max_size=2)
    if isinstance(shape, StringShape) and shape.enum:
        return st.sampled_from([*shape.enum[:20], "FromTheFuture"])
    return _PLAIN[shape.type_name]


def _output(operation: str) -> StructureShape:
    shape = _SAGEMAKER.operation_model(operation).output_shape
    assert isinstance(shape, StructureShape)
    return shape


def _row(operation: str, member: str) -> Shape:
    rows = _output(operation).members[member]
    assert isinstance(rows, ListShape)
    return rows.member


_Decoder = Callable[[Mapping[str, Any]], Any]
_TRAINING_JOB = _row("ListTrainingJobsForHyperParameterTuningJob", "TrainingJobSummaries")
_READ: list[tuple[_Decoder, Shape]] = [
    (lambda raw: decode(TrainingJob, launched_by("churn-hpo", raw)), _TRAINING_JOB),
    (lambda raw: decode(TuningJob, raw), _row("ListHyperParameterTuningJobs", "HyperParameterTuningJobSummaries")),
    (described_tuning_job, _output("DescribeHyperParameterTuningJob")),
    (lambda raw: decode(TrainingJobDetails, raw), _output("DescribeTrainingJob")),
]
_every_answer = pytest.mark.parametrize(("read", "shape"), _READ, ids=[shape.name for _, shape in _READ])
_wide = pytest.mark.filterwarnings("ignore:Generating overly large repr")  # the widest answers take 30 kB to print
# The answers are wide: each says much, and takes its time to draw.
_few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@_every_answer
@_wide
@_few
@given(data=st.data())
def test_a_well_formed_answer_is_always_decoded_to_sound_values(
    read: _Decoder, shape: Shape, data: st.DataObject
) -> None:
    raw = data.draw(_answers(shape))
    before = copy.deepcopy(raw)

    decoded = read(raw)

    assert repr(raw) == repr(before), "an answer is read, never changed"
    times = {id(time) for time in _within(raw) if isinstance(time, datetime)}
    for thing in _objects(decoded):
        for field in fields(thing):
            value = getattr(thing, field.name)
            assert not isinstance(value, float) or math.isfinite(value)
            if isinstance(value, Word):
                _assert_word(value, getattr(thing, f"raw_{field.name}"))
            if isinstance(value, datetime):
                assert id(value) in times
                assert value.tzinfo is not None
        if isinstance(thing, HyperParameter):
            assert thing.number is None or thing.number == float(thing.value)


def _assert_word(word: Word, raw: str) -> None:
    if raw in {member.value for member in type(word)}:
        assert word.value == raw
    else:
        assert word.name == "UNKNOWN"


def _objects(thing: object) -> Iterator[Any]:
    if isinstance(thing, tuple):
        for item in thing:
            yield from _objects(item)
    elif is_dataclass(thing):
        yield thing
        for field in fields(thing):
            yield from _objects(getattr(thing, field.name))


def _within(raw: object) -> Iterator[object]:
    yield raw
    inner = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    for value in inner:
        yield from _within(value)


@_every_answer
@_wide
@_few
@given(data=st.data())
def test_members_nobody_knows_yet_change_nothing(read: _Decoder, shape: Shape, data: st.DataObject) -> None:
    raw = data.draw(_answers(shape))

    assert read(_with_strangers(shape, raw)) == read(raw)


def _with_strangers(shape: Shape, raw: Any) -> Any:  # an answer is anything
    if isinstance(shape, StructureShape):
        return _STRANGER | {name: _with_strangers(shape.members[name], value) for name, value in raw.items()}
    if isinstance(shape, ListShape):
        return [_with_strangers(shape.member, value) for value in raw]
    return raw


def _summary(**members: object) -> dict[str, Any]:
    return {
        "TrainingJobName": "churn-hpo-001",
        "TrainingJobArn": "arn:aws:sagemaker:us-east-1:111122223333:training-job/churn-hpo-001",
        "CreationTime": _NOW,
        "TrainingJobStatus": "Completed",
        "TunedHyperParameters": {},
    } | members


def _training_job(**members: object) -> TrainingJob:
    return decode(TrainingJob, launched_by("churn-hpo", _summary(**members)))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "NaN", "Infinity"])
def test_a_metric_that_is_not_finite_is_null_and_the_rest_stays(value: float | str) -> None:
    metric = _training_job(
        FinalHyperParameterTuningJobObjectiveMetric={"MetricName": "auc", "Value": value, "Type": "Maximize"}
    ).final_objective_metric

    assert metric is not None
    assert metric.value is None
    assert (metric.name, metric.type) == ("auc", ObjectiveType.MAXIMIZE)


def test_a_word_from_the_future_is_unknown_and_stays_readable() -> None:
    job = _training_job(TrainingJobStatus="Hibernating")

    assert job.status is TrainingJobStatus.UNKNOWN
    assert job.raw_status == "Hibernating"


def test_tuned_parameters_are_sorted_and_numbers_where_they_are_numbers() -> None:
    job = _training_job(TunedHyperParameters={"optimizer": '"adam"', "eta": "1e-3", "depth": "1e999"})

    assert job.tuned_hyper_parameters == (
        HyperParameter("depth", "1e999", None),
        HyperParameter("eta", "1e-3", 0.001),
        HyperParameter("optimizer", '"adam"', None),
    )


def test_a_summary_that_says_whose_it_is_is_believed() -> None:
    assert _training_job().tuning_job_name == "churn-hpo"
    assert _training_job(TuningJobName="parent-hpo").tuning_job_name == "parent-hpo"


def test_a_member_aws_promises_and_leaves_out_is_an_error() -> None:
    with pytest.raises(KeyError, match="TrainingJobName"):
        decode(TrainingJob, {})


def _details(**members: object) -> TrainingJobDetails:
    return decode(TrainingJobDetails, {"SecondaryStatus": "Starting", "StoppingCondition": {}} | members)


def test_a_job_that_is_starting_has_no_model_artifacts_yet() -> None:
    assert _details().model_artifacts_s3_uri is None
    assert _details(ModelArtifacts={"S3ModelArtifacts": "s3://b/m"}).model_artifacts_s3_uri == "s3://b/m"


def test_of_the_environment_only_the_names_are_shown() -> None:
    details = _details(Environment={"WANDB_API_KEY": "hunter2", "EPOCHS": "3"})

    assert details.environment_names == ("EPOCHS", "WANDB_API_KEY")
    assert "hunter2" not in repr(details)


def _definition(**members: object) -> dict[str, Any]:
    return {
        "AlgorithmSpecification": {"TrainingInputMode": "File"},
        "RoleArn": "arn:aws:iam::111122223333:role/training",
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
        "StoppingCondition": {},
    } | members


def _described(config: Mapping[str, Any] | None = None, **members: object) -> dict[str, Any]:
    return {
        "HyperParameterTuningJobName": "churn-hpo",
        "HyperParameterTuningJobArn": "arn:aws:sagemaker:us-east-1:111122223333:hyper-parameter-tuning-job/churn-hpo",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "ResourceLimits": {"MaxParallelTrainingJobs": 2},
            **(config or {}),
        },
        "HyperParameterTuningJobStatus": "InProgress",
        "CreationTime": _NOW,
        "TrainingJobStatusCounters": {},
        "ObjectiveStatusCounters": {},
    } | members


_AUC = {"MetricName": "auc", "Type": "Maximize"}
_LOSS = {"MetricName": "loss", "Type": "Minimize"}
_ETA = {"ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0", "MaxValue": "1"}]}
_DEPTH = {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "9"}]}


def test_a_single_definition_has_the_objective_and_the_ranges_that_aws_keeps_beside_it() -> None:
    job = described_tuning_job(
        _described(
            {"HyperParameterTuningJobObjective": _AUC, "ParameterRanges": _ETA}, TrainingJobDefinition=_definition()
        )
    )

    (definition,) = job.definitions
    assert definition.name is None
    assert definition.objective is not None
    assert definition.objective == job.objective
    assert definition.parameter_ranges is not None
    assert definition.parameter_ranges == job.parameter_ranges
    assert [eta.name for eta in definition.parameter_ranges.continuous] == ["eta"]


def test_each_of_several_definitions_has_its_own_objective_and_ranges() -> None:
    job = described_tuning_job(
        _described(
            TrainingJobDefinitions=[
                _definition(DefinitionName="trees", TuningObjective=_AUC, HyperParameterRanges=_DEPTH),
                _definition(DefinitionName="nets", TuningObjective=_LOSS, HyperParameterRanges=_ETA),
            ]
        )
    )

    trees, nets = job.definitions
    assert (trees.name, nets.name) == ("trees", "nets")
    assert trees.objective is not None
    assert nets.objective is not None
    assert (trees.objective.metric_name, nets.objective.metric_name) == ("auc", "loss")
    assert trees.parameter_ranges is not None
    assert [depth.name for depth in trees.parameter_ranges.integer] == ["depth"]
    assert job.objective == trees.objective
    assert job.parameter_ranges is None


def test_a_job_without_definitions_has_none() -> None:
    job = described_tuning_job(_described())

    assert job.definitions == ()
    assert job.objective is None


def test_the_best_training_job_is_the_tuning_job_s_own_when_aws_does_not_say_whose() -> None:
    job = described_tuning_job(_described(BestTrainingJob=_summary(), OverallBestTrainingJob=_summary()))

    assert job.best_training_job is not None
    assert job.best_training_job.tuning_job_name == "churn-hpo"
    assert job.overall_best_training_job == job.best_training_job


def test_an_overall_best_of_a_parent_keeps_the_parent_s_name() -> None:
    parent = _summary(TrainingJobArn="arn:of-another", TuningJobName="parent-hpo")
    job = described_tuning_job(_described(BestTrainingJob=_summary(), OverallBestTrainingJob=parent))

    assert job.overall_best_training_job is not None
    assert job.overall_best_training_job.tuning_job_name == "parent-hpo"


def test_an_overall_best_that_could_be_anybody_s_is_left_out() -> None:
    nobody = _summary(TrainingJobArn="arn:of-another")
    job = described_tuning_job(_described(BestTrainingJob=_summary(), OverallBestTrainingJob=nobody))

    assert job.overall_best_training_job is None
