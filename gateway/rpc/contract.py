"""The second half of tuning.proto: the model's classes as messages, its words as enums, its texts as comments.

`python -m gateway.rpc.contract` (`make proto`) writes it below the half that is written by hand, and has protoc make
Python of the whole. A field keeps its number for ever: numbers are taken from the contract as it was before, new fields
get new ones, and those of fields that have gone are reserved.
"""

import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FileDescriptorProto

from gateway.model.details import TrainingJobDetails
from gateway.model.documentation import documented, plain_fields, unwrapped
from gateway.model.listing import SortOrder, TrainingJobSortBy, TuningJobSortBy
from gateway.model.numbers import Long
from gateway.model.stopping import StopOutcome
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import DescribedTuningJob, Tag

ROOT = Path(__file__).parent
PROTO = ROOT / "tuning" / "v1" / "tuning.proto"
_MARK = "// What follows is written by `make proto`, from the gateway's model.\n"

_ROOTS = (DescribedTuningJob, SortOrder, TrainingJobSortBy, TuningJobSortBy, StopOutcome)
_NAMES: Mapping[type, str] = {DescribedTuningJob: "TuningJob"}
_TEXTS: Mapping[type, str] = {
    DescribedTuningJob: "A hyperparameter tuning job. How much of it is told is said by the request's `view`."
}
# What the use cases add to what SageMaker tells of a job.
_ADDED: Mapping[type, Mapping[str, tuple[Any, str]]] = {
    DescribedTuningJob: {
        "team": (str, "The team whose job it is."),
        "tags": (tuple[Tag, ...], "Its tags; only in the view FULL."),
    },
    TrainingJob: {
        "details": (
            TrainingJobDetails | None,
            "What DescribeTrainingJob knows beyond the listing; only in the view FULL.",
        )
    },
}
_SCALARS: Mapping[Any, str] = {str: "string", bool: "bool", int: "int32", Long: "int64", float: "double"}
_WIDTH = 120


def fields_of(cls: type) -> Mapping[str, tuple[Any, str]]:
    """The type and the text of each field of the message that stands for a model class."""
    return {**plain_fields(cls), **_ADDED.get(cls, {})}


def name_of(cls: type) -> str:
    """What the contract calls a model class."""
    return _NAMES.get(cls, cls.__name__)


def value_name(member: Enum) -> str:
    """What the contract calls a word: values share one scope, so that each begins with its enum's name."""
    return f"{_prefix(type(member))}_{member.name}"


def generated(before: FileDescriptorProto) -> str:
    """The half of the contract that the model makes, with the numbers of the contract as it was before."""
    messages = {message.name: message for message in before.message_type}
    enums = {enum.name: enum for enum in before.enum_type}
    parts = [
        enum(cls, enums.get(name_of(cls), EnumDescriptorProto()))
        if issubclass(cls, Enum)
        else message(cls, messages.get(name_of(cls), DescriptorProto()))
        for cls in _reached()
    ]
    return _MARK + "\n" + "\n".join(parts)


def by_hand(text: str) -> str:
    """The half of the contract that is written by hand."""
    return text.partition(_MARK)[0]


def inner(hint: Any) -> Any:  # noqa: ANN401  # a type hint is anything
    """The class or scalar that a hint speaks of: without None beside it, or the tuple around it."""
    if get_origin(hint) in (Union, UnionType):
        return next(arm for arm in get_args(hint) if arm is not NoneType)
    return get_args(hint)[0] if get_origin(hint) is tuple else hint


def _reached() -> list[type]:
    """The model's classes that the contract tells, each once, those that are asked for first."""
    found: dict[type, None] = {}

    def reach(cls: type) -> None:
        if cls not in found:
            found[cls] = None
            hints = [] if issubclass(cls, Enum) else [inner(hint) for hint, _ in fields_of(cls).values()]
            for hint in hints:
                if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, Enum)):
                    reach(hint)

    for root in _ROOTS:
        reach(root)
    return list(found)


def message(cls: type, before: DescriptorProto) -> str:
    """The message of a model class, with the numbers it had before."""
    numbers = {field.name: field.number for field in before.field}
    fields = fields_of(cls)
    gone = {name: number for name, number in numbers.items() if name not in fields}
    reserved = set(gone.values()) | {number for each in before.reserved_range for number in range(each.start, each.end)}
    gone_names = {*gone, *before.reserved_name}
    lines = [*_comment(_TEXTS.get(cls) or unwrapped(cls.__doc__), ""), f"message {name_of(cls)} {{"]
    lines += _reserved(reserved, gone_names)
    free = max([0, *numbers.values(), *reserved]) + 1
    for name, (hint, text) in fields.items():
        number = numbers.get(name)
        if number is None:
            number, free = free, free + 1
        lines += [*_comment(text, "  "), f"  {_type(hint)} {name} = {number};"]
    return "\n".join([*lines, "}", ""])


def enum(cls: type[Enum], before: EnumDescriptorProto) -> str:
    """The enum of a vocabulary, with the numbers it had before."""
    numbers = {value.name: value.number for value in before.value}
    names = {value_name(member): documented(cls)[member.name] for member in cls}
    # Words that AWS adds come last: the one for all of them has its place before.
    names = dict(sorted(names.items(), key=lambda item: not item[0].endswith("_UNKNOWN")))
    unspecified = f"{_prefix(cls)}_UNSPECIFIED"
    gone = {name: number for name, number in numbers.items() if name not in names and name != unspecified}
    reserved = set(gone.values()) | {
        number for each in before.reserved_range for number in range(each.start, each.end + 1)
    }
    lines = [*_comment(unwrapped(cls.__doc__), ""), f"enum {name_of(cls)} {{"]
    lines += _reserved(reserved, {*gone, *before.reserved_name})
    lines += ["  // Not said.", f"  {unspecified} = 0;"]
    free = max([0, *numbers.values(), *reserved]) + 1
    for name, text in names.items():
        number = numbers.get(name)
        if number is None:
            number, free = free, free + 1
        lines += [*_comment(text, "  "), f"  {name} = {number};"]
    return "\n".join([*lines, "}", ""])


def _reserved(numbers: Iterable[int], names: Iterable[str]) -> Iterator[str]:
    if numbers := sorted(numbers):
        yield f"  reserved {', '.join(map(str, numbers))};"
    if names := sorted(names):
        quoted = (f'"{name}"' for name in names)
        yield f"  reserved {', '.join(quoted)};"


def _type(hint: Any) -> str:  # noqa: ANN401  # as inner
    said = inner(hint)
    word = "google.protobuf.Timestamp" if said is datetime else _SCALARS.get(said) or name_of(said)
    if get_origin(hint) is tuple:
        return f"repeated {word}"
    is_message = said is datetime or is_dataclass(said)
    return f"optional {word}" if get_origin(hint) in (Union, UnionType) and not is_message else word


def _comment(text: str, indent: str) -> list[str]:
    """A text of the model's, which names fields as GraphQL spells them."""
    spelled = re.sub(r"`([a-z0-9]+(?:[A-Z][a-z0-9]*)+)`", lambda found: f"`{snake(found[1])}`", text)
    paragraphs = (textwrap.wrap(paragraph, _WIDTH - len(indent) - 3) for paragraph in spelled.split("\n\n"))
    return [f"{indent}// {line}".rstrip() for paragraph in paragraphs for line in paragraph]


def _prefix(cls: type) -> str:
    return snake(name_of(cls)).upper()


def snake(camel: str) -> str:
    """A name of GraphQL's or of a class as fields and Python spell it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", camel).lower()


def descriptor() -> FileDescriptorProto:
    """The contract as protoc last read it; empty before it ever did."""
    from gateway.rpc.tuning.v1 import tuning_pb2  # noqa: PLC0415  # which this module brings about

    found = FileDescriptorProto()
    tuning_pb2.DESCRIPTOR.CopyToProto(found)
    return found


def compile_into(folder: Path) -> None:
    """Have protoc make Python of the contract."""
    from importlib.resources import files  # noqa: PLC0415  # as below

    from grpc_tools import protoc  # noqa: PLC0415  # for those who change the contract, not for those who serve it

    included = files("grpc_tools") / "_proto"
    options = [f"-I{ROOT}", f"-I{included}", f"--python_out={folder}", f"--pyi_out={folder}"]
    if protoc.main(["protoc", *options, str(PROTO)]) != 0:
        sys.exit("protoc does not take the contract.")


if __name__ == "__main__":
    PROTO.write_text(by_hand(PROTO.read_text()) + generated(descriptor()))
    compile_into(ROOT)
