"""What goes out, held to the shapes of botocore's model.

`dumper` turns a shape into a function once; that function copies a value and raises ModelViolationError where the model
would not allow it, which makes every answer a test of the stand-in itself. Nothing here is lenient: what a test wants
broken is broken afterwards, in `mischief`.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

Dump = Callable[[Any], Any]


class ModelViolationError(Exception):
    """The stand-in was about to say something SageMaker's model does not allow: a fault of the stand-in."""


def dumper(shape: Shape) -> Dump:
    """The function that checks and copies values of this shape, which must not be recursive; no answer here is."""
    if isinstance(shape, StructureShape):
        return _structure(shape)
    if isinstance(shape, ListShape):
        item = dumper(shape.member)
        return lambda values: [item(value) for value in values]
    if isinstance(shape, MapShape):
        return _map(shape)
    if "enum" in shape.metadata:
        return _enum(shape)
    return _SCALARS[shape.type_name]


def _structure(shape: StructureShape) -> Dump:
    members = {name: dumper(member) for name, member in shape.members.items()}
    required = tuple(shape.required_members)

    def dump(value: Mapping[str, object]) -> dict[str, object]:
        out = {}
        for name, inner in value.items():
            if inner is None:
                continue
            if name not in members:
                raise ModelViolationError(f"{shape.name} has no member {name}")
            out[name] = members[name](inner)
        for name in required:
            if name not in out:
                raise ModelViolationError(f"{shape.name} needs {name}")
        return out

    return dump


def _map(shape: MapShape) -> Dump:
    key_dump, value_dump = dumper(shape.key), dumper(shape.value)
    return lambda value: {key_dump(key): value_dump(inner) for key, inner in value.items()}


def _enum(shape: Shape) -> Dump:
    words = frozenset(shape.metadata["enum"])

    def dump(value: str) -> str:
        if value not in words:
            raise ModelViolationError(f"{shape.name} does not know the word {value!r}")
        return value

    return dump


def _exactly(name: str, *kinds: type) -> Dump:
    def dump(value: object) -> object:
        if type(value) not in kinds:
            raise ModelViolationError(f"{value!r} is no {name}")
        return value

    return dump


def _finite(value: float) -> float:
    """A float or an instant in epoch seconds. JSON has no word for what is not finite."""
    if type(value) not in (int, float) or not isfinite(value):
        raise ModelViolationError(f"{value!r} is no finite number")
    return float(value)


_SCALARS: Mapping[str, Dump] = {
    "string": _exactly("string", str),
    "integer": _exactly("integer", int),
    "long": _exactly("long", int),
    "boolean": _exactly("boolean", bool),
    "float": _finite,
    "double": _finite,
    "timestamp": _finite,
}
