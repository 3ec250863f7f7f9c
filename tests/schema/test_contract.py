"""The contract: the committed file is the code's, everything in it is described, and AWS's list is all there."""

from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
    print_ast,
)

from gateway.model.listing import SortOrder, TrainingJobSortBy
from gateway.model.words import ObjectiveStatus, ObjectiveType, TrainingJobStatus
from gateway.schema import sdl
from gateway.tuning import arguments

ROOT = Path(__file__).parents[2]
OPERATION = "ListTrainingJobsForHyperParameterTuningJob"


@pytest.fixture(scope="module")
def contract() -> GraphQLSchema:
    return build_schema((ROOT / "schema.graphql").read_text())


@pytest.fixture(scope="module")
def aws() -> Any:  # botocore's model
    return get_session().get_service_model("sagemaker").operation_model(OPERATION)


def test_the_committed_schema_is_the_codes() -> None:
    assert (ROOT / "schema.graphql").read_text() == sdl(), "run: make schema"


def test_everything_in_the_contract_is_described(contract: GraphQLSchema) -> None:
    silent = []
    for name, named in contract.type_map.items():
        if is_introspection_type(named) or is_specified_scalar_type(named):
            continue
        silent += [name] if not named.description else []
        if isinstance(named, (GraphQLObjectType, GraphQLInterfaceType)):
            for field_name, field in named.fields.items():
                silent += [] if field.description else [f"{name}.{field_name}"]
                silent += [f"{name}.{field_name}({each})" for each, arg in field.args.items() if not arg.description]
        if isinstance(named, GraphQLInputObjectType):
            silent += [f"{name}.{each}" for each, member in named.fields.items() if not member.description]
        if isinstance(named, GraphQLEnumType):
            silent += [f"{name}.{each}" for each, value in named.values.items() if not value.description]
    assert silent == []


def test_every_vocabulary_that_aws_may_extend_keeps_the_raw_word_beside_it(contract: GraphQLSchema) -> None:
    silent = []
    for name, named in contract.type_map.items():
        if not isinstance(named, GraphQLObjectType):
            continue
        for field_name, field in named.fields.items():
            vocabulary = get_named_type(field.type)
            if isinstance(vocabulary, GraphQLEnumType) and "UNKNOWN" in vocabulary.values:
                raw = f"raw{field_name[0].upper()}{field_name[1:]}"
                silent += [] if raw in named.fields else [f"{name}.{raw}"]
    assert silent == []


# Where each member of AWS's request is in the contract.
REQUEST = {
    "HyperParameterTuningJobName": ("Query", "tuningJob", "name"),
    "NextToken": ("TuningJob", "trainingJobs", "after"),
    "MaxResults": ("TuningJob", "trainingJobs", "first"),
    "StatusEquals": ("TuningJob", "trainingJobs", "statusEquals"),
    "SortBy": ("TuningJob", "trainingJobs", "sortBy"),
    "SortOrder": ("TuningJob", "trainingJobs", "sortOrder"),
}
# Where each member of AWS's summary is in the contract.
SUMMARY = {
    "TrainingJobDefinitionName": "definitionName",
    "TrainingJobName": "name",
    "TrainingJobArn": "arn",
    "TuningJobName": "tuningJobName",
    "CreationTime": "creationTime",
    "TrainingStartTime": "trainingStartTime",
    "TrainingEndTime": "trainingEndTime",
    "TrainingJobStatus": "status",
    "TunedHyperParameters": "tunedHyperParameters",
    "FailureReason": "failureReason",
    "FinalHyperParameterTuningJobObjectiveMetric": "finalObjectiveMetric",
    "ObjectiveStatus": "objectiveStatus",
}
METRIC = {"Type": "type", "MetricName": "name", "Value": "value"}


def test_every_request_member_of_aws_is_an_argument(contract: GraphQLSchema, aws: Any) -> None:
    assert set(aws.input_shape.members) == set(REQUEST)
    for type_name, field, argument in REQUEST.values():
        named = contract.type_map[type_name]
        assert isinstance(named, GraphQLObjectType)
        assert argument in named.fields[field].args


def test_every_response_member_of_aws_is_a_field(contract: GraphQLSchema, aws: Any) -> None:
    assert set(aws.output_shape.members) == {"TrainingJobSummaries", "NextToken"}
    summary = aws.output_shape.members["TrainingJobSummaries"].member
    assert set(summary.members) == set(SUMMARY)
    metric = summary.members["FinalHyperParameterTuningJobObjectiveMetric"]
    assert set(metric.members) == set(METRIC)
    for type_name, fields in (("TrainingJob", SUMMARY), ("ObjectiveMetric", METRIC)):
        named = contract.type_map[type_name]
        assert isinstance(named, GraphQLObjectType)
        assert set(fields.values()) <= set(named.fields)


@pytest.mark.parametrize(
    ("member", "vocabulary", "our_own"),
    [
        ("StatusEquals", TrainingJobStatus, {"UNKNOWN"}),
        ("SortBy", TrainingJobSortBy, {"BEST_OBJECTIVE"}),
        ("SortOrder", SortOrder, set()),
    ],
)
def test_every_enum_value_of_the_request_can_be_asked_for(
    contract: GraphQLSchema, aws: Any, member: str, vocabulary: Any, our_own: set[str]
) -> None:
    ours = {each.value for each in vocabulary if each.name not in our_own}
    assert ours == set(aws.input_shape.members[member].enum)
    named = contract.type_map[vocabulary.__name__]
    assert isinstance(named, GraphQLEnumType)
    assert set(named.values) == {each.name for each in vocabulary}


def test_every_enum_value_of_the_response_has_a_name(aws: Any) -> None:
    summary = aws.output_shape.members["TrainingJobSummaries"].member.members
    metric = summary["FinalHyperParameterTuningJobObjectiveMetric"].members
    for shape, vocabulary in (
        (summary["TrainingJobStatus"], TrainingJobStatus),
        (summary["ObjectiveStatus"], ObjectiveStatus),
        (metric["Type"], ObjectiveType),
    ):
        assert {word.value for word in vocabulary} - {""} == set(shape.enum)


def _default(argument: GraphQLArgument) -> str | None:
    assert argument.ast_node is not None
    default = argument.ast_node.default_value
    return None if default is None else print_ast(default)


def test_the_defaults_and_bounds_are_awss(contract: GraphQLSchema, aws: Any) -> None:
    job = contract.type_map["TuningJob"]
    assert isinstance(job, GraphQLObjectType)
    arguments_of = job.fields["trainingJobs"].args
    assert _default(arguments_of["sortBy"]) == "NAME"
    assert _default(arguments_of["sortOrder"]) == "ASCENDING"
    limits = aws.input_shape.members["MaxResults"].metadata
    assert (limits["min"], limits["max"]) == (1, arguments.MOST_FIRST)
    assert arguments.DEFAULT_FIRST == 10  # the model has no default; AWS's reference says 10


def test_last_and_before_have_no_default_to_clash_with(contract: GraphQLSchema) -> None:
    for named in contract.type_map.values():
        for field in named.fields.values() if isinstance(named, GraphQLObjectType) else ():
            for name, argument in field.args.items():
                if name not in {"sortBy", "sortOrder"} and not is_introspection_type(named):
                    assert _default(argument) is None
