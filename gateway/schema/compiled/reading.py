"""One generated function for each object selected: it reads a `model` object into the response's form.

For `trainingJobs { nodes { name status finalObjectiveMetric { value } } }` the nodes' function is

    def read(o):
        if not b0(o, None): b1(o)
        return {
            b2: (v0 if type(v0 := o.name) is str else b3(v0)),
            b4: b5[o.status],
            b6: (None if (v1 := o.final_objective_metric) is None else b7(v1)),
        }

Nothing that a caller wrote is ever part of such a text. It is made of the words of this module and of the names of our
own attributes; all else (response names, types, constants, other functions) is bound to it as an object.

A function answers only for values of which it is sure that graphql-core would answer the same. Of any other it raises,
whatever comes to hand, and graphql-core is asked.
"""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from graphql import (
    Executor,
    GraphQLEnumType,
    GraphQLLeafType,
    GraphQLOutputType,
    Undefined,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from gateway.schema.compiled.selection import Field, Selection
from gateway.schema.compiled.ways import Attribute, Derived
from gateway.schema.compiled.written import Written

Reader = Callable[[Any], Any]

# When a value is in the response what it is in the model. Other scalars are written by their own functions.
_AS_IT_IS = {
    "String": "type({0}) is str",
    "ID": "type({0}) is str",
    "Boolean": "type({0}) is bool",
    "Int": "type({0}) is int and -0x80000000 <= {1} <= 0x7fffffff",  # GraphQL's Int has 32 bits
    "Float": "type({0}) is float and {1} - {1} == 0.0",  # neither is infinity less infinity, nor a NaN less itself
}


def root_reader(selection: Selection, written: Written) -> Reader:
    """The same as `reader` for what is selected of the root, which is no object and needs no look."""
    source = Source(written)
    return source.function(*source.response(selection))


def reader(selection: Selection, written: Written | None) -> Reader:
    """A function from an object to what is selected of it, a dict; None stands where a field needs more than that.

    Lists of objects become JSON at once where `written` is given, to be kept there.
    """
    source = Source(written)
    fits = source.bound(selection.type.is_type_of or _is_there)
    return source.function(f"if not {fits}(o, None): {source.bound(_refuse)}(o)", *source.response(selection))


def completer(field: Field, written: Written) -> Reader:
    """A function from a field's value, as its resolver gave it, to its place in the response. An object becomes JSON
    at once: a slice of a remembered page is given out again and again.
    """
    source = Source(written)
    complete = source.function(f"return {source.value(field.definition.type, field.selection, 'o')}")
    if field.selection is None or is_list_type(_nullable(field.definition.type)):
        return complete
    write = written.one(complete)
    return lambda value: complete(value) if value is None else write(value)


class Source:
    """The text of one function of `o`, and what is bound to it."""

    def __init__(self, written: Written | None) -> None:
        self._written = written
        self._bound: dict[str, object] = {}
        self._variables = 0

    def function(self, *lines: str) -> Reader:
        """The function whose body these lines are."""
        source = "\n    ".join(["def read(o):", *lines])
        exec(compile(source, "<a selection>", "exec"), self._bound)  # noqa: S102  # our own words only, as said above
        return self._bound["read"]  # type: ignore[return-value]  # what has just been defined

    def bound(self, value: object) -> str:
        """The name under which the function has an object."""
        name = f"b{len(self._bound)}"
        self._bound[name] = value
        return name

    def response(self, selection: Selection) -> list[str]:
        """The lines that return what is selected of `o`."""
        fields = [f"    {self.bound(_key(field))}: {self._field(selection, field)}," for field in selection.fields]
        return ["return {", *fields, "}"]

    def _field(self, selection: Selection, field: Field | str) -> str:
        if isinstance(field, str):
            return self.bound(selection.type.name)
        if not field.plain:
            return "None"
        return self.value(field.definition.type, field.selection, self._read(field.way))

    def value(self, type_: GraphQLOutputType, selection: Selection | None, of: str) -> str:
        """An expression for the value of an expression, completed as its type wants it."""
        if is_non_null_type(type_):
            return self._present(type_.of_type, selection, of)
        named, name = self._named(of)
        return f"(None if {named} is None else {self._present(type_, selection, name)})"

    def _present(self, type_: Any, selection: Selection | None, of: str) -> str:  # noqa: ANN401  # nullable of any kind
        if is_list_type(type_):
            return self._list(type_.of_type, selection, of)
        if is_leaf_type(type_):
            return self._leaf(type_, of)
        assert selection is not None  # noqa: S101  # what is neither list nor leaf is an object
        return f"{self.bound(reader(selection, self._written))}({of})"

    def _list(self, item: GraphQLOutputType, selection: Selection | None, of: str) -> str:
        if self._written is not None and selection is not None and not is_list_type(_nullable(item)):
            element = Source(None)  # lists within it are written with it
            write = element.function(f"return {element.value(item, selection, 'o')}")
            return f"{self.bound(self._written.each(write))}({self.bound(_items)}({of}))"
        each = self._variable()
        return f"[{self.value(item, selection, each)} for {each} in {self.bound(_items)}({of})]"

    def _leaf(self, type_: GraphQLLeafType, of: str) -> str:
        if isinstance(type_, GraphQLEnumType):
            return f"{self.bound(_words(type_))}[{of}]"
        if type_.name not in _AS_IT_IS:
            return f"{self.bound(_completing(type_))}({of})"
        named, name = self._named(of)
        return f"({name} if {_AS_IT_IS[type_.name].format(named, name)} else {self.bound(_completing(type_))}({name}))"

    def _read(self, way: object) -> str:
        if isinstance(way, Attribute) and way.name.isidentifier():
            return f"o.{way.name}"
        assert isinstance(way, Derived)  # noqa: S101  # a resolver's field is not plain
        return f"{self.bound(way.function)}(o)"

    def _named(self, of: str) -> tuple[str, str]:
        """An expression that gives its value a name, and the name."""
        if of.isidentifier():
            return of, of
        name = self._variable()
        return f"({name} := {of})", name

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"


def _key(field: Field | str) -> str:
    return field if isinstance(field, str) else field.key


def _is_there(value: object, _info: None) -> bool:
    return value is not None


def _refuse(value: object) -> NoReturn:
    raise TypeError(type(value))


def _items(value: object) -> Iterable[Any]:
    return value if isinstance(value, (tuple, list)) else _refuse(value)


def _words(type_: GraphQLEnumType) -> dict[object, str]:
    """The words of an enum by its members; strawberry keeps the class beside the type."""
    members: Iterable[object] = type_.wrapped_cls  # type: ignore[attr-defined]  # as said
    return {member: type_.coerce_output_value(member) for member in members}


def _completing(type_: GraphQLLeafType) -> Callable[[object], object]:
    def complete(value: object) -> object:
        if isinstance(value, Exception) or value is Undefined:
            _refuse(value)
        return Executor.complete_leaf_value(type_, value)

    return complete


def _nullable(type_: Any) -> Any:  # noqa: ANN401  # a type of any kind
    return type_.of_type if is_non_null_type(type_) else type_
