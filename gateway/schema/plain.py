"""Plain types: the GraphQL face of a `model` class, field by field, with the model's own words as descriptions.

A plain field is an attribute read, nothing else. What needs a thought, an argument or AWS is a resolver, written out
in the type's own module and added to the plain fields by `face_of`.
"""

import inspect
from collections.abc import Callable
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import strawberry

from gateway.model.documentation import documented, plain_fields, unwrapped

T = TypeVar("T")

# The classes that have a module of their own, entered as these are imported and never changed after that.
_FACES: dict[type, type] = {}


def face_of(model_class: type, *, but: frozenset[str] = frozenset()) -> Callable[[type[T]], type[T]]:
    """Make the decorated class the GraphQL type of `model_class`: its plain fields, `but` some, then its own resolvers.

    The resolvers get the model object as their root.
    """

    def decorate(cls: type[T]) -> type[T]:
        plain = {name: found for name, found in plain_fields(model_class).items() if name not in but}
        for name, (_, description) in plain.items():
            setattr(cls, name, strawberry.field(description=description))
        plain_annotations = {name: graphql_type(hint) for name, (hint, _) in plain.items()}
        cls.__annotations__ = plain_annotations | inspect.get_annotations(cls)
        cls.is_type_of = classmethod(lambda _cls, value, _info: isinstance(value, model_class))  # type: ignore[attr-defined]
        _FACES[model_class] = strawberry.type(cls, description=unwrapped(cls.__doc__ or model_class.__doc__))
        return cls

    return decorate


def resolver(function: Callable[..., object]) -> Any:  # noqa: ANN401  # as strawberry.field
    """A field that takes more than an attribute read: its type is what it returns, its docstring describes it."""
    return resolver_giving(graphql_type(get_type_hints(function)["return"]))(function)


def resolver_giving(returned: Any) -> Callable[[Callable[..., object]], Any]:  # noqa: ANN401  # a type hint is anything
    """The same, for a resolver whose return type is not the model's: a type with resolvers of its own, a connection."""

    def decorate(function: Callable[..., object]) -> Any:  # noqa: ANN401  # as strawberry.field
        return strawberry.field(resolver=function, graphql_type=returned, description=unwrapped(function.__doc__))

    return decorate


def graphql_type(hint: Any) -> Any:  # noqa: ANN401  # a type hint is anything
    """What a field of this type is in GraphQL, as strawberry spells it."""
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (arm for arm in get_args(hint) if arm is not NoneType)
        return graphql_type(inner) | None
    if get_origin(hint) is tuple:
        return list[graphql_type(get_args(hint)[0])]  # type: ignore[misc]  # a type made at run time
    if isinstance(hint, type) and issubclass(hint, Enum):
        return vocabulary(hint)
    if hint in _FACES:
        return _FACES[hint]
    return _plain(hint) if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__") else hint


@cache  # one entry per enum: a fixed, small number
def vocabulary(cls: type[Enum]) -> type[Enum]:
    """An enum of the model as a GraphQL enum. Its members' names are the contract's already."""
    described = strawberry.enum(cls, description=unwrapped(cls.__doc__))
    documentation = documented(cls)
    for value in described.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = documentation[value.name]
    return described


@cache  # one entry per model class: a fixed, small number
def _plain(model_class: type) -> type:
    return face_of(model_class)(type(model_class.__name__, (), {"__doc__": model_class.__doc__}))
