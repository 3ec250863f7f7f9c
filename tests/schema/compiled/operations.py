"""Random operations that the contract allows: aliases, repeated fields, fragments of every kind, directives."""

from collections.abc import Mapping, Sequence

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)
from hypothesis import assume
from hypothesis import strategies as st

VARIABLES = "$name: String!, $first: Int, $yes: Boolean!, $no: Boolean!, $id: ID!"
_ARGUMENTS: Mapping[str, Sequence[str]] = {
    "tuningJob": ['(name: "hpo")', "(name: $name)"],
    "tuningJobs": ["", '(first: $first, nameContains: "h")'],
    "trainingJobs": ["", "(first: 2, sortBy: CREATION_TIME)", "(first: $first, sortOrder: DESCENDING)"],
    "tunedHyperParameter": ['(name: "lr")', "(name: $name)"],
    "team": ['(name: "vision")', "(name: $name)"],
    "node": ["(id: $id)"],
    "nodes": ["(ids: [$id, $id])"],
}
_DIRECTIVES = ["@include(if: $yes)", "@include(if: $no)", "@skip(if: $no)", "@skip(if: true)", "@skip(if: false)"]
_DEPTH = 6
_Type = GraphQLObjectType | GraphQLInterfaceType


class _Writing:
    """One operation being written."""

    def __init__(self, draw: st.DrawFn, schema: GraphQLSchema, but: frozenset[str]) -> None:
        self._draw = draw
        self._schema = schema
        self._but = but
        self.fragments: list[tuple[str, str]] = []
        """The type of each, and what it selects."""

    def selection_set(self, type_: _Type, depth: int) -> str:
        count = self._draw(st.integers(1, 4))
        return "{ " + " ".join([self._selection(type_, depth) for _ in range(count)]) + " }"

    def _selection(self, type_: _Type, depth: int) -> str:
        kind = self._draw(st.sampled_from(["field"] * 6 + ["inline", "spread", "again"])) if depth else "field"
        directive = self._draw(st.sampled_from([""] * 5 + _DIRECTIVES))
        if kind == "field":
            return self._field(type_, depth, directive)
        known = [number for number, (on, _) in enumerate(self.fragments) if on == type_.name]
        if kind == "again" and known:
            return f"...F{self._draw(st.sampled_from(known))} {directive}"
        on = self._draw(st.sampled_from(self._narrower(type_)))
        inner = self.selection_set(on, depth - 1)
        if kind == "inline":
            condition = self._draw(st.sampled_from([f"on {on.name}", *([""] if on is type_ else [])]))
            return f"... {condition} {directive} {inner}"
        self.fragments.append((on.name, inner))
        return f"...F{len(self.fragments) - 1} {directive}"

    def _narrower(self, type_: _Type) -> Sequence[_Type]:
        """The types a fragment on a value of this type may name."""
        if isinstance(type_, GraphQLInterfaceType):
            return [type_, *self._schema.get_possible_types(type_)]
        return [type_, *type_.interfaces]

    def _field(self, type_: _Type, depth: int, directive: str) -> str:
        names = [name for name in type_.fields if name not in self._but and (depth or self._is_leaf(type_, name))]
        name = self._draw(st.sampled_from([*names, "__typename"]))
        given = self._draw(st.sampled_from(_ARGUMENTS.get(name, [""])))
        number = _ARGUMENTS.get(name, [""]).index(given)
        # One response name never stands for two fields, nor for one with other arguments: that would be invalid.
        alias = f"{name}_{number}: " if number else self._draw(st.sampled_from(["", "", f"another_{name}: "]))
        inner = "" if self._is_leaf(type_, name) else self._inner(type_, name, depth)
        return f"{alias}{name}{given} {directive} {inner}"

    def _inner(self, type_: _Type, name: str, depth: int) -> str:
        named = get_named_type(type_.fields[name].type)
        assert isinstance(named, (GraphQLObjectType, GraphQLInterfaceType))
        return self.selection_set(named, depth - 1)

    def _is_leaf(self, type_: _Type, name: str) -> bool:
        return name == "__typename" or is_leaf_type(get_named_type(type_.fields[name].type))


@st.composite
def operations(draw: st.DrawFn, schema: GraphQLSchema, but: frozenset[str] = frozenset()) -> str:
    """The text of a query, without some fields."""
    assert schema.query_type is not None
    writing = _Writing(draw, schema, but)
    query = writing.selection_set(schema.query_type, _DEPTH)
    fragments = [f"fragment F{number} on {on} {inner}" for number, (on, inner) in enumerate(writing.fragments)]
    text = "\n".join([f"query ({VARIABLES}) {query}", *fragments])
    assume(not validate(schema, parse(text), [OverlappingFieldsCanBeMergedRule]))
    return text
