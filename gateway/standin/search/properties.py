"""What a search may name: any property of the record by its dotted path, `Tags.<key>` and `Metrics.<name>`.

A name is looked up in the model once per search, which tells what kind of value stands there and how to read it. A path
that passes through a list reads every item of it; what stands in a map is named by the rest of the path.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from botocore.model import ListShape, MapShape, Shape, StructureShape

from gateway.standin.failures import RefusedError, bad_search
from gateway.standin.search.records import Record

Kind = Literal["text", "number", "moment", "flag", "spelled", "whole"]
"""`spelled` is text that may spell a number, as hyperparameters do; `whole` is a structure or a list of them."""

_KINDS: dict[str, Kind] = {
    "string": "text",
    "integer": "number",
    "long": "number",
    "float": "number",
    "double": "number",
    "timestamp": "moment",
    "boolean": "flag",
}

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

Read = Callable[[Record], Sequence[Any]]
Step = Callable[[Any], Sequence[Any]]
SortKey = tuple[int, float | str]


@dataclass(frozen=True, slots=True)
class Property:
    """One named property: the kind of its values, and how to read those a record has. None is no value."""

    name: str
    kind: Kind
    read: Read

    def sort_key(self, record: Record) -> SortKey | None:
        """What to sort by; None for a record without the property. Numbers come before text."""
        value = next(iter(self.read(record)), None)
        if value is None:
            return None
        number = value if self.kind in ("number", "moment", "flag") else None
        if self.kind == "spelled":
            number = number_in(value)
        return (1, str(value)) if number is None else (0, number)


class Properties:
    """All properties of one kind of record."""

    def __init__(self, shape: StructureShape) -> None:
        self.members = frozenset(shape.members)
        self._shape = shape

    def named(self, name: str) -> Property:
        """The property of that name. Raises RefusedError if the record has none."""
        top, *rest = name.split(".")
        if top == "Tags" and rest:
            key = ".".join(rest)
            return Property(name, "text", lambda record: _there(record.tags().get(key)))
        if top == "Metrics" and rest and "FinalMetricDataList" in self.members:
            return Property(name, "number", _metric(".".join(rest)))
        if top not in self.members:
            raise _unknown(name)
        kind, steps = _walk(self._shape.members[top], rest, name)
        kind = "spelled" if top == "HyperParameters" and rest else kind
        return Property(name, kind, _reader(top, steps))


def number_in(text: str) -> float | None:
    """The number a text spells; None if it spells none."""
    return float(text) if _NUMBER.fullmatch(text) else None


def _unknown(name: str) -> RefusedError:
    return bad_search(f"Unknown property name: {name}")


def _there(value: object) -> Sequence[Any]:
    return () if value is None else (value,)


def _metric(name: str) -> Read:
    def read(record: Record) -> Sequence[Any]:
        metrics: Any = record.member("FinalMetricDataList") or ()
        return [metric["Value"] for metric in metrics if metric["MetricName"] == name]

    return read


def _reader(top: str, steps: Sequence[Step]) -> Read:
    def read(record: Record) -> Sequence[Any]:
        values = _there(record.member(top))
        for step in steps:
            values = [inner for value in values for inner in step(value) if inner is not None]
        return values

    return read


def _walk(shape: Shape, path: list[str], name: str) -> tuple[Kind, list[Step]]:
    """The kind of what stands at the end of the path, and the steps that lead there."""
    if isinstance(shape, ListShape) and (path or not isinstance(shape.member, StructureShape)):
        kind, steps = _walk(shape.member, path, name)
        return kind, [lambda items: items, *steps]
    if not path:
        return _KINDS.get(shape.type_name, "whole"), []
    if isinstance(shape, MapShape):
        key = ".".join(path)
        return _KINDS.get(shape.value.type_name, "whole"), [lambda held: (held.get(key),)]
    member = path[0]
    if not isinstance(shape, StructureShape) or member not in shape.members:
        raise _unknown(name)
    kind, steps = _walk(shape.members[member], path[1:], name)
    return kind, [lambda held: (held.get(member),), *steps]
