"""Global ids: opaque, stable, and harmless whatever comes back in their place."""

import base64
import json
import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.model.target import Target
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.sagemaker.decode import decode, launched_by
from gateway.schema.node import JobId, global_id, job_id

BORN = datetime(2026, 11, 23, tzinfo=UTC)
SIGNS = string.ascii_letters + string.digits + "-_"

names = st.from_regex(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}", fullmatch=True)
targets = st.builds(
    Target, st.from_regex(r"[0-9]{12}", fullmatch=True), st.sampled_from(["us-east-1", "eu-west-1", "us-gov-west-1"])
)
words = st.text(st.characters())  # lone surrogates too
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(words, inner, max_size=3),
)


def tuning_job(target: Target, name: str) -> TuningJob:
    return decode(
        TuningJob,
        {
            "HyperParameterTuningJobName": name,
            "HyperParameterTuningJobArn": (
                f"arn:aws:sagemaker:{target.region}:{target.account}:hyper-parameter-tuning-job/{name.lower()}"
            ),
            "HyperParameterTuningJobStatus": "InProgress",
            "Strategy": "Bayesian",
            "CreationTime": BORN,
            "TrainingJobStatusCounters": {},
            "ObjectiveStatusCounters": {},
        },
    )


def training_job(target: Target, tuning_job_name: str, name: str) -> TrainingJob:
    raw = {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:{target.region}:{target.account}:training-job/{name.lower()}",
        "CreationTime": BORN,
        "TrainingJobStatus": "InProgress",
        "TunedHyperParameters": {},
    }
    return decode(TrainingJob, launched_by(tuning_job_name, raw))


def written(document: object) -> str:
    """A text that holds a JSON document the way a global id does."""
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


@settings(max_examples=40)
@given(targets, names, names)
def test_a_global_id_names_the_job_it_was_made_of(target: Target, tuning: str, training: str) -> None:
    job, run = tuning_job(target, tuning), training_job(target, tuning, training)
    assert job_id(global_id(job)) == JobId(target, tuning)
    assert job_id(global_id(run)) == JobId(target, tuning, training)


@settings(max_examples=40)
@given(targets, names, names)
def test_a_global_id_is_stable_and_plain(target: Target, tuning: str, training: str) -> None:
    for make in (lambda: tuning_job(target, tuning), lambda: training_job(target, tuning, training)):
        assert global_id(make()) == global_id(make())
        assert set(global_id(make())) <= set(SIGNS)


@settings(max_examples=40)
@given(targets, targets, names, names)
def test_different_jobs_have_different_ids(one: Target, two: Target, name: str, other: str) -> None:
    jobs = [tuning_job(target, each) for target in (one, two) for each in (name, other)]
    runs = [training_job(target, name, other) for target in (one, two)]
    jobs_and_runs: list[TuningJob | TrainingJob] = [*jobs, *runs]
    distinct = {(type(job), Target.of_arn(job.arn), job.name) for job in jobs_and_runs}
    assert len({global_id(job) for job in jobs_and_runs}) == len(distinct)


@given(st.text(st.characters()) | st.text(SIGNS))
@example("")
@example("=")
@example("A")
@example("\ud800")
@example("\x00")
@example("w5" + "=" * 5)
def test_a_text_that_is_no_id_of_ours_names_nothing(text: str) -> None:
    assert job_id(text) is None


def _is_ours(document: Any) -> bool:
    return isinstance(document, list) and len(document) in (3, 4) and all(isinstance(part, str) for part in document)


@given(documents | st.lists(words | st.integers(), max_size=6) | st.lists(words, max_size=6))
def test_only_three_or_four_texts_name_a_job(document: object) -> None:
    named = job_id(written(document))
    if named is None:
        assert not _is_ours(document)
    else:
        assert document == [
            named.target.account,
            named.target.region,
            named.tuning_job_name,
            *([] if named.training_job_name is None else [named.training_job_name]),
        ]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, "1" * 10_000, "NaN", "[1e999, 2, 3]", '["a", "b"', "\ufeff[]", '["a","b",null]'],
)
def test_json_that_is_deep_large_or_broken_names_nothing(text: str) -> None:
    assert job_id(base64.urlsafe_b64encode(text.encode()).decode()) is None


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"\x80abc", '["a","b","c"]'.encode("utf-16")[:-1]])
def test_bytes_that_are_no_text_name_nothing(raw: bytes) -> None:
    assert job_id(base64.urlsafe_b64encode(raw).decode()) is None
