"""The committed contract is what the model makes, its Python is what protoc makes of it, and numbers stay."""

import re
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import get_origin

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto

from gateway.model import details, tuning_job
from gateway.model.documentation import plain_fields
from gateway.model.training_job import TrainingJob
from gateway.rpc import contract, telling
from gateway.rpc.tuning.v1 import tuning_pb2 as pb
from gateway.schema import sdl


def test_the_contract_is_fresh() -> None:
    text = contract.PROTO.read_text()
    assert contract.by_hand(text) + contract.generated(contract.descriptor()) == text, "run `make proto`"


def test_the_python_of_it_is_fresh(tmp_path: Path) -> None:
    contract.compile_into(tmp_path)
    for made in (tmp_path / "tuning" / "v1").iterdir():
        assert made.read_text() == (contract.PROTO.parent / made.name).read_text(), "run `make proto`"


def test_it_has_every_field_of_the_graphql_types() -> None:
    """But the global id, which is Relay's, and the fields that take arguments, which are methods here."""
    types = dict(re.findall(r"^type (\w+)[^{]*\{(.*?)^\}", sdl(), re.DOTALL | re.MULTILINE))
    for name, message in pb.DESCRIPTOR.message_types_by_name.items():
        if name in types:
            asked = set(re.findall(r"^  (\w+): ", types[name], re.MULTILINE)) - {"id"}
            assert {contract.snake(field) for field in asked} == set(message.fields_by_name), name
    assert {"TuningJob", "TrainingJob", "TrainingJobDetails", "Channel"} <= set(types)


def test_every_enum_begins_with_unspecified_and_has_unknown_where_words_may_come() -> None:
    for enum in pb.DESCRIPTOR.enum_types_by_name.values():
        prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enum.name).upper()
        assert enum.values_by_number[0].name == f"{prefix}_UNSPECIFIED"
    assert pb.TUNING_JOB_STATUS_UNKNOWN == 1


@dataclass(frozen=True)
class Grown:
    """A message."""

    newest: str
    """Came last, and stands first."""
    kept: str
    """Was there before."""


class Growing(Enum):
    """Words."""

    NEWER = "Newer"
    """Came later."""
    OLD = "Old"
    """Was there before."""


def test_a_number_stays_with_its_name_and_is_never_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"newest": (str, "Came last."), "kept": (str, "Was there.")}
    monkeypatch.setattr(contract, "fields_of", lambda _: texts)
    before = DescriptorProto(name="Grown", reserved_name=["older"])
    before.field.add(name="kept", number=2)
    before.field.add(name="gone", number=5)
    before.reserved_range.add(start=1, end=2)
    text = contract.message(Grown, before)
    assert "  string newest = 6;" in text
    assert "  string kept = 2;" in text
    assert "  reserved 1, 5;" in text
    assert '  reserved "gone", "older";' in text


def test_a_words_number_stays_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "documented", lambda _: {"NEWER": "Came later.", "OLD": "Was there."})
    before = EnumDescriptorProto(name="Growing")
    for name, number in (("UNSPECIFIED", 0), ("OLD", 1), ("GONE", 2)):
        before.value.add(name=f"GROWING_{name}", number=number)
    text = contract.enum(Growing, before)
    assert "  GROWING_OLD = 1;" in text
    assert "  GROWING_NEWER = 3;" in text
    assert "  reserved 2;" in text


def example(hint: object) -> object:
    """A value of a field's type that is not its message's default."""
    said = contract.inner(hint)
    if isinstance(said, type) and issubclass(said, Enum):
        value: object = next(iter(said))
    elif isinstance(said, type) and is_dataclass(said):
        made = {field.name: example(plain_fields(said)[field.name][0]) for field in fields(said)}
        value = said(**made)
    else:
        moment = datetime(2026, 11, 23, 8, 0, 0, 123000, UTC)
        value = {str: "text", bool: True, float: 0.5, datetime: moment}.get(said, 7)
    return (value,) if get_origin(hint) is tuple else value


@pytest.mark.parametrize(
    ("cls", "message"),
    [
        (tuning_job.DescribedTuningJob, pb.TuningJob),
        (details.TrainingJobDetails, pb.TrainingJobDetails),
        (TrainingJob, pb.TrainingJob),
    ],
)
def test_nothing_that_the_model_says_is_lost(cls: type, message: type) -> None:
    told = message()
    telling.tell(told, example(cls))
    missing = {"team", "tags", "details", "finished"}  # what is added, and what is false here
    assert {field.name for field, _ in told.ListFields()} >= set(told.DESCRIPTOR.fields_by_name) - missing
    for field, value in told.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type.name == "Timestamp":
            assert value.ToDatetime(UTC) == datetime(2026, 11, 23, 8, 0, 0, 123000, UTC)
