"""What comes in, held to the shapes of botocore's model, in AWS's words.

Two steps, as in AWS: a value of the wrong type cannot even be read (SerializationException); of values that can, every
broken constraint is collected. Members the model does not know are ignored, as AWS's JSON protocol does.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import regex
from botocore.model import ListShape, MapShape, Shape, StructureShape

from gateway.standin.failures import invalid, unreadable


def validate(shape: Shape, value: object) -> None:
    """Refuses a value that the shape does not allow. Raises RefusedError with every problem found."""
    _check_type(shape, value)
    problems = list(_problems(shape, value, ""))
    if problems:
        raise invalid(problems)


_PYTHON = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
    "boolean": (bool,),
}


def _check_type(shape: Shape, value: object) -> None:
    if value is None:
        return
    fits = isinstance(value, _PYTHON[shape.type_name])
    if not fits or (isinstance(value, bool) and shape.type_name != "boolean"):
        raise unreadable(_misfit(shape, value))
    for inner_shape, inner in _parts(shape, value):
        _check_type(inner_shape, inner)


def _misfit(shape: Shape, value: object) -> str:
    if isinstance(value, dict):
        return "Start of structure or map found where not expected."
    if isinstance(value, list):
        return "Start of list found where not expected."
    if shape.type_name in ("structure", "list", "map"):
        return f"Expected {'list' if shape.type_name == 'list' else 'map'} or null"
    token = {bool: f"{str(value).upper()}_VALUE", str: "STRING_VALUE"}.get(type(value), "NUMBER_VALUE")
    return f"{token} cannot be converted to {shape.type_name.capitalize()}"


def _parts(shape: Shape, value: Any) -> Iterator[tuple[Shape, object]]:  # noqa: ANN401 - JSON is what it is
    if isinstance(shape, StructureShape):
        yield from ((member, value.get(name)) for name, member in shape.members.items())
    elif isinstance(shape, ListShape):
        yield from ((shape.member, item) for item in value)
    elif isinstance(shape, MapShape):
        yield from ((shape.value, item) for item in value.values())


def _problems(shape: Shape, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - JSON is what it is
    for broken in _broken(shape, value):
        yield _sentence(value, path, broken)
    if isinstance(shape, StructureShape):
        yield from _member_problems(shape, value, path)
    elif isinstance(shape, ListShape):
        yield from _item_problems(shape, value, path)
    elif isinstance(shape, MapShape):
        yield from _entry_problems(shape, value, path)


def _member_problems(shape: StructureShape, value: Mapping[str, object], path: str) -> Iterator[str]:
    for name, member in shape.members.items():
        inner, inner_path = value.get(name), _join(path, name[:1].lower() + name[1:])
        if inner is not None:
            yield from _problems(member, inner, inner_path)
        elif name in shape.required_members:
            yield f"Value null at '{inner_path}' failed to satisfy constraint: Member must not be null"


def _item_problems(shape: ListShape, value: list[object], path: str) -> Iterator[str]:
    """AWS names the place of a structure in a list, but reports scalars by the whole list."""
    if _is_scalar(shape.member):
        broken = _first_broken(shape.member, value)
        if broken:
            yield _sentence(value, path, f"Member must satisfy constraint: [{', '.join(broken)}]")
        return
    for place, item in enumerate(value, start=1):
        if item is not None:
            yield from _problems(shape.member, item, _join(path, f"{place}.member"))


def _entry_problems(shape: MapShape, value: dict[str, object], path: str) -> Iterator[str]:
    broken = _first_broken(shape.key, value.keys())
    if broken:
        yield _sentence(value, path, f"Map keys must satisfy constraint: [{', '.join(broken)}]")
    if _is_scalar(shape.value):
        broken = _first_broken(shape.value, value.values())
        if broken:
            yield _sentence(value, path, f"Map value must satisfy constraint: [{', '.join(broken)}]")
        return
    for key, item in value.items():
        if item is not None:
            yield from _problems(shape.value, item, _join(path, f"{key}.member"))


def _is_scalar(shape: Shape) -> bool:
    return not isinstance(shape, (StructureShape, ListShape, MapShape))


def _first_broken(shape: Shape, values: Any) -> list[str]:  # noqa: ANN401 - any iterable of JSON scalars
    return next((broken for value in values if value is not None and (broken := list(_broken(shape, value)))), [])


def _broken(shape: Shape, value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON is what it is
    """The constraints of this very shape that the value breaks; not those of what it holds."""
    limits = shape.metadata
    sized = shape.type_name in ("string", "list", "map")
    measure, noun = (len(value), "length") if sized else (value, "value")
    if "max" in limits and measure > limits["max"]:
        yield f"Member must have {noun} less than or equal to {limits['max']}"
    if "min" in limits and measure < limits["min"]:
        yield f"Member must have {noun} greater than or equal to {limits['min']}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
    # Four of the service's patterns use \p{...}, which the standard library cannot compile.
    if "pattern" in limits and not regex.fullmatch(limits["pattern"], value):
        yield f"Member must satisfy regular expression pattern: {limits['pattern']}"


def _sentence(value: object, path: str, broken: str) -> str:
    return f"Value '{_shown(value)}' at '{path}' failed to satisfy constraint: {broken}"


def _shown(value: object) -> str:
    """A value the way Java prints it, which is what AWS does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_shown(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}={_shown(item)}' for key, item in value.items())}}}"
    return str(value)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
