"""How a field comes by its value: read off its object, worked out of its object, or asked of a resolver. Pure.

What is told here is told by the schema alone, once for each field that is selected; no operation comes into it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLField, get_named_type, is_leaf_type
from strawberry.types.field import StrawberryField

_DEFINITION = "strawberry-definition"  # where strawberry leaves its own field on graphql-core's


@dataclass(frozen=True, slots=True)
class Attribute:
    """The object's attribute of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Derived:
    """What a function makes of the object and constant arguments, and of nothing else: the same each time."""

    function: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Resolver:
    """What a function answers that may look further than its object, and may have to be awaited."""

    function: Callable[..., object]
    root: str | None
    """The parameter that takes the object."""
    info: str | None
    """The parameter that takes strawberry's Info."""
    names: Mapping[str, str]
    """GraphQL's argument names to the function's parameters."""
    field: StrawberryField


def way_of(field: GraphQLField) -> Attribute | Resolver | None:
    """How a field comes by its value, or None where only graphql-core knows."""
    declared = field.extensions.get(_DEFINITION)
    if not isinstance(declared, StrawberryField) or declared.extensions:
        return None
    resolver = declared.base_resolver
    if resolver is None:
        return Attribute(declared.python_name)
    # An input object is built by strawberry; the rest arrives as graphql-core has coerced it.
    if resolver.self_parameter or not all(
        is_leaf_type(get_named_type(argument.type)) for argument in field.args.values()
    ):
        return None
    root = resolver.parent_parameter or resolver.root_parameter
    return Resolver(
        cast("Callable[..., object]", resolver.wrapped_func),
        root.name if root else None,
        resolver.info_parameter.name if resolver.info_parameter else None,
        _parameters(field),
        declared,
    )


def derived(way: Resolver, arguments: Mapping[str, Any]) -> Derived | None:
    """A resolver as a function of its object alone, where it takes no more than that and constant arguments."""
    function, root = way.function, way.root
    if way.info is not None or root is None or way.field.is_async:
        return None
    if not arguments:
        return Derived(function)
    return Derived(lambda value: function(**{root: value}, **arguments))


def _parameters(field: GraphQLField) -> dict[str, str]:
    return {name: argument.extensions[_DEFINITION].python_name for name, argument in field.args.items()}
