"""What is kept comes back as it was, to replicas of one secret and one version, and tells nobody else anything."""

import subprocess
import sys
from datetime import UTC, datetime
from math import inf
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.governor import Errand, Governor, Rates
from gateway.model.details import TrainingJobDetails
from gateway.model.listing import TrainingJobListing, TuningJobListing
from gateway.model.page import Page
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob, Tag, TuningJob
from gateway.sagemaker import SageMaker, SageMakerOptions
from gateway.standin import ServiceShapes, Standin, world_named
from gateway.store import Kept
from gateway.store.entries import Entries, fingerprint
from tests.running import ACCOUNT, TEAMS, Clock
from tests.store.conftest import SECRET

NAME = "111122223333 us-east-1 DescribeHyperParameterTuningJob vision-resnet"
SHAPES = [
    DescribedTuningJob | None,
    TrainingJobDetails | None,
    Page[TuningJob] | None,
    Page[TrainingJob] | None,
    tuple[Tag, ...] | None,
    bool,
]
# What decoding makes of AWS's answers. Nothing else of the tests draws values from their types.
st.register_type_strategy(datetime, st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # bounds carry no zone
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))
st.register_type_strategy(str, st.text(st.characters(codec="utf-8"), max_size=4))


def _pages(page: Any) -> st.SearchStrategy[Any]:
    return st.builds(Page, st.from_type(tuple[page.__args__[0], ...]), st.none() | st.text(), gone=st.booleans())


st.register_type_strategy(Page, _pages)


def entries(*secrets: str) -> Entries:
    return Entries(secrets or (SECRET,), Clock())


def sealed(value: object, *secrets: str) -> bytes:
    ours = entries(*secrets)
    text = ours.seal(ours.entry(NAME), Kept(value, 1_000.5, 7.0))
    assert text is not None
    return text


def opened(text: bytes, shape: Any = int, name: str = NAME, *secrets: str) -> Kept[Any] | None:
    ours = entries(*secrets)
    return ours.open(ours.entry(name), 0, text, shape)


def assert_the_same(value: Any, shape: Any) -> None:
    again = opened(sealed(value), shape)
    assert again == Kept(value, 1_000.5, 7.0)
    assert repr(again.value) == repr(value), "also what == does not tell apart, such as 1 and 1.0"


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_whatever_the_model_can_say_comes_back_as_it_was(shape: Any, data: st.DataObject) -> None:
    value = data.draw(st.from_type(shape))
    assert opened(sealed(value), shape) == Kept(value, 1_000.5, 7.0)


@pytest.fixture
def standin(clock: Clock, shapes: ServiceShapes) -> Standin:
    return Standin(world_named("demo", clock), shapes=shapes)


UNLIMITED = Rates(inf, inf, inf, inf, inf)


def errand() -> Errand:
    somebody = Errand()
    somebody.join("vision", deadline=inf)
    return somebody


async def test_every_job_of_the_demo_comes_back_as_it_was(standin_address: str) -> None:
    options = SageMakerOptions(endpoint_url=standin_address, access_key=f"AKIA{ACCOUNT}", secret_key="no-secret")
    access = TEAMS[0].access
    sagemaker = await SageMaker(options, Governor(UNLIMITED)).open([access])
    try:
        page, token = await sagemaker.list_tuning_jobs(access, TuningJobListing(), None, errand=errand()), None
        listed = 0
        while True:
            assert_the_same(page, Page[TuningJob] | None)
            for job in page.rows:
                assert_the_same(
                    await sagemaker.describe_tuning_job(access, job.name, errand=errand()), DescribedTuningJob | None
                )
                jobs = await sagemaker.list_training_jobs(access, TrainingJobListing(job.name), None, errand=errand())
                assert_the_same(jobs, Page[TrainingJob] | None)
                assert_the_same(await sagemaker.list_tags(access, job.arn, errand=errand()), tuple[Tag, ...] | None)
                for training in jobs.rows[:1]:
                    details = await sagemaker.describe_training_job(access, training.name, errand=errand())
                    assert_the_same(details, TrainingJobDetails | None)
            listed += len(page.rows)
            if (token := page.next_token) is None:
                break
            page = await sagemaker.list_tuning_jobs(access, TuningJobListing(), token, errand=errand())
        assert listed > 140
    finally:
        await sagemaker.close()


def test_a_page_takes_a_fraction_of_the_room_it_would_take_unpacked() -> None:
    names = tuple(f"vision-resnet-{number:03d}-6617444d" for number in range(100))
    assert len(sealed(names)) < len(msgspec.msgpack.encode(names)) / 3


@given(st.binary(max_size=200))
def test_what_somebody_else_wrote_does_not_open(text: bytes) -> None:
    assert opened(text) is None


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_what_was_altered_anywhere_does_not_open(place: int, bits: int) -> None:
    text = bytearray(sealed(7))
    text[place % len(text)] ^= bits
    assert opened(bytes(text)) is None


def test_what_was_cut_does_not_open() -> None:
    text = sealed(7)
    assert opened(text) is not None
    assert [opened(text[:length]) for length in range(len(text))] == [None] * len(text)


def test_what_was_moved_from_another_name_does_not_open() -> None:
    assert opened(sealed(7), int, "another name") is None


def test_what_another_secret_sealed_does_not_open() -> None:
    assert opened(sealed(7), int, NAME, "another secret") is None


def test_a_value_of_another_shape_is_as_good_as_none() -> None:
    assert opened(sealed("seven")) is None


def test_all_secrets_open_what_the_first_of_them_sealed() -> None:
    ours = entries("new", "old")
    entry = ours.entry(NAME)
    assert entry.names[0] == entries("new").entry(NAME).names[0]
    assert ours.open(entry, 1, sealed(7, "old"), int) == Kept(7, 1_000.5, 7.0)


def test_names_tell_nothing_and_are_each_ones_own() -> None:
    ours = entries()
    (name,), (lease,) = ours.entry(NAME).names, ours.entry(NAME).leases
    assert lease == f"{name}:lease"
    assert name.startswith(f"tg:1:{fingerprint()}:")
    (bucket,) = ours.buckets(NAME)
    assert bucket.startswith("tg:1:bucket:")
    for text in (name, bucket):
        assert not any(word in text for word in NAME.split())
    others = {entries("another secret").entry(NAME).names, ours.entry("another name").names, ours.buckets(NAME)}
    assert (name,) not in others


def test_a_sealed_value_shows_nothing_of_itself() -> None:
    assert b"vision" not in sealed("vision-resnet")
    assert sealed("vision-resnet") != sealed("vision-resnet")


def test_the_fingerprint_is_the_same_in_every_process_and_another_after_a_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from gateway.store.entries import fingerprint; print(fingerprint())"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7"},
    )
    before = fingerprint()
    assert told.stdout.strip() == before
    monkeypatch.setattr(Tag.__dataclass_fields__["value"], "type", int)
    assert fingerprint() != before
