"""Arguments against AWS's own constraints, as the service model of the installed botocore has them."""

import re
from typing import Any

import botocore.session
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.errors import BadUserInput
from gateway.model.words import TrainingJobStatus, TuningJobStatus, Word
from gateway.tuning import arguments

_MODEL = botocore.session.get_session().get_service_model("sagemaker")


def constraint(operation: str, member: str) -> dict[str, Any]:
    shape = _MODEL.operation_model(operation).input_shape
    assert shape is not None
    return dict(shape.members[member].metadata)


NAME = constraint("DescribeHyperParameterTuningJob", "HyperParameterTuningJobName")
TRAINING_NAME = constraint("StopTrainingJob", "TrainingJobName")
PART = constraint("ListHyperParameterTuningJobs", "NameContains")
SIZES = [
    constraint("ListHyperParameterTuningJobs", "MaxResults"),
    constraint("ListTrainingJobsForHyperParameterTuningJob", "MaxResults"),
]

signs = "aZ09-_ .\n\u00e9\u0661"
texts = (
    st.text()
    | st.text(signs, max_size=5)
    | st.text("aZ09-", max_size=70)
    | st.text("a-", min_size=30, max_size=34)
    | st.text("a-", min_size=61, max_size=65)
)


def met(text: str, by: dict[str, Any]) -> bool:
    """Whether a text meets a constraint of AWS's. An empty text is never sent: it would ask for nothing."""
    return max(1, by["min"]) <= len(text) <= by["max"] and re.fullmatch(by["pattern"], text) is not None


def accepted(check: Any, value: object) -> bool:
    try:
        assert check(value) == value
    except BadUserInput:
        return False
    return True


@given(texts | st.from_regex(TRAINING_NAME["pattern"], fullmatch=True))
@example("a" * 63)
@example("a" * 64)
@example("churn\n")
def test_a_training_jobs_name_is_what_aws_takes_for_one(text: str) -> None:
    assert accepted(arguments.training_job_name, text) == met(text, TRAINING_NAME)


@given(texts | st.from_regex(NAME["pattern"], fullmatch=True))
@example("a" * 32)
@example("a" * 33)
@example("a" + "-" * 30 + "a")
@example("a" + "-" * 31 + "a")
@example("churn\n")
def test_a_tuning_jobs_name_is_what_aws_takes_for_one(text: str) -> None:
    assert accepted(arguments.tuning_job_name, text) == met(text, NAME)


@given(texts | st.from_regex(PART["pattern"], fullmatch=True))
@example("-")
@example("a" * 63)
@example("a" * 64)
@example("churn\n")
def test_a_part_of_a_name_is_what_aws_takes_for_one(text: str) -> None:
    assert accepted(arguments.name_part, text) == met(text, PART)


def test_no_part_of_a_name_need_be_given() -> None:
    assert arguments.name_part(None) is None


@given(st.integers() | st.integers(-2, 103))
@example(0)
@example(1)
@example(100)
@example(101)
def test_a_page_is_as_large_as_aws_makes_one(first: int) -> None:
    for size in SIZES:
        assert accepted(arguments.page_size, first) == (size["min"] <= first <= size["max"])


def test_a_page_has_ten_rows_unless_asked_otherwise() -> None:
    assert arguments.page_size(None) == 10


def test_the_refusal_of_a_page_says_what_is_allowed_and_how_to_page_on() -> None:
    with pytest.raises(BadUserInput, match=r"first must be from 1 to 100, not 101\. .* after: pageInfo\.endCursor"):
        arguments.page_size(101)


def test_a_refused_name_is_not_repeated() -> None:
    for check in (arguments.tuning_job_name, arguments.name_part):
        with pytest.raises(BadUserInput) as refused:
            check("<script>")
        assert "script" not in str(refused.value)
        assert "letters, digits and hyphens" in str(refused.value)


def test_a_hundred_ids_are_few_enough() -> None:
    assert accepted(arguments.few_enough, [])
    assert accepted(arguments.few_enough, ["id"] * 100)
    with pytest.raises(BadUserInput, match="at most 100 global ids, not 101"):
        arguments.few_enough(["id"] * 101)


@pytest.mark.parametrize("status", [None, *TuningJobStatus, *TrainingJobStatus])
def test_every_status_can_be_asked_for_but_the_one_that_stands_for_words_not_known(status: Word | None) -> None:
    if status in (TuningJobStatus.UNKNOWN, TrainingJobStatus.UNKNOWN):
        with pytest.raises(BadUserInput, match="UNKNOWN"):
            arguments.known(status)
    else:
        arguments.known(status)
