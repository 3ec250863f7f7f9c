"""What a document has of each limited thing: fragments count wherever they are spread, and are looked into once."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from graphql import FieldNode, FragmentSpreadNode, SelectionSetNode, get_introspection_query, parse
from hypothesis import given
from hypothesis import strategies as st

from gateway.schema.limits import Limits, excess_of

EXACT = {"depth": 15, "aliases": 50, "directives": 50, "root_fields": 20}


def _names(limit: str) -> str:
    return f"GATEWAY_LIMIT_{limit.upper()}"


def _nested(depth: int) -> str:
    return "{ a " * depth + "} " * depth


OPERATIONS: Mapping[str, Callable[[int], str]] = {
    "depth": _nested,
    "aliases": lambda found: "{ f { " + " ".join(f"a{n}: x" for n in range(found)) + " } }",
    "directives": lambda found: "{ f { " + " ".join(f"x{n} @skip(if: true)" for n in range(found)) + " } }",
    "root_fields": lambda found: "{ " + " ".join(f"x{n}" for n in range(found)) + " }",
}


@pytest.mark.parametrize(("limit", "most"), EXACT.items())
def test_as_many_as_the_limit_pass_and_one_more_is_told_with_its_number(limit: str, most: int) -> None:
    assert excess_of(parse(OPERATIONS[limit](most)), Limits()) is None
    told = excess_of(parse(OPERATIONS[limit](most + 1)), Limits())
    assert told is not None
    assert _names(limit) in told
    assert f"at most {most} " in told
    assert f"here: {most + 1}" in told


def test_graphiqls_own_introspection_passes() -> None:
    asked = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert excess_of(parse(asked), Limits()) is None


def test_a_document_that_doubles_in_each_fragment_is_counted_at_once_and_refused() -> None:
    fragments = [f"fragment F{n} on T {{ a{n}: x {{ ...F{n + 1} }} b{n}: x {{ ...F{n + 1} }} }}" for n in range(90)]
    document = parse("{ ...F0 } " + " ".join(fragments) + " fragment F90 on T { x }")
    told = excess_of(document, Limits(depth=100))
    assert told is not None
    assert str(2**91 - 2) in told


@pytest.mark.parametrize(
    "document",
    ["{ ...A } fragment A on T { ...A }", "{ ...A } fragment A on T { x { ...B } } fragment B on T { ...A }"],
)
def test_fragments_in_a_ring_are_left_for_validation_to_tell(document: str) -> None:
    assert excess_of(parse(document), Limits()) is None


def test_a_fragment_that_is_not_there_is_left_for_validation_to_tell() -> None:
    assert excess_of(parse("{ ...Nowhere }"), Limits()) is None


def test_each_operation_of_a_document_is_counted_by_itself() -> None:
    many = " ".join(f"query Q{n} {{ a: x b: x }}" for n in range(40))
    assert excess_of(parse(many), Limits()) is None


@st.composite
def _documents(draw: st.DrawFn) -> str:
    """An operation and fragments, each of which spreads only later ones."""
    fragments = draw(st.integers(0, 4))

    def selections(first: int, depth: int) -> Iterator[str]:
        for n in range(draw(st.integers(1, 3))):
            kind = draw(st.sampled_from(["field", "alias", "nested", "inline", "spread"]))
            directive = draw(st.sampled_from(["", " @skip(if: false)"]))
            if kind == "spread" and first < fragments:
                yield f"...F{draw(st.integers(first, fragments - 1))}{directive}"
            elif kind == "inline" and depth:
                yield f"... on T{directive} {{ {' '.join(selections(first, depth - 1))} }}"
            elif kind == "nested" and depth:
                yield f"n{n}{directive} {{ {' '.join(selections(first, depth - 1))} }}"
            else:
                yield f"{'a: ' if kind == 'alias' else ''}x{n}{directive}"

    definitions = [f"query {{ {' '.join(selections(0, 2))} }}"]
    definitions += [f"fragment F{n} on T {{ {' '.join(selections(n + 1, 2))} }}" for n in range(fragments)]
    return " ".join(definitions)


@given(_documents())
def test_what_is_counted_is_what_would_be_there_with_every_fragment_written_out(text: str) -> None:
    document = parse(text)
    bodies = {each.name.value: each for each in document.definitions[1:]}  # type: ignore[attr-defined]  # fragments have names
    found = dict.fromkeys(EXACT, 0)

    def visited(selection_set: SelectionSetNode, depth: int) -> None:
        for selection in selection_set.selections:
            found["directives"] += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                found["depth"] = max(found["depth"], depth + 1)
                found["aliases"] += selection.alias is not None
                found["root_fields"] += depth == 0
                if selection.selection_set is not None:
                    visited(selection.selection_set, depth + 1)
            elif isinstance(selection, FragmentSpreadNode):
                visited(bodies[selection.name.value].selection_set, depth)  # type: ignore[attr-defined]  # as above
            else:
                visited(selection.selection_set, depth)  # type: ignore[attr-defined]  # an inline fragment has one

    visited(document.definitions[0].selection_set, 0)  # type: ignore[attr-defined]  # an operation has one
    assert excess_of(document, _with(found)) is None
    for limit, number in found.items():
        if number > 0:
            told = excess_of(document, _with(found | {limit: number - 1}))
            assert told is not None
            assert _names(limit) in told


def _with(found: dict[str, int]) -> Limits:
    return Limits(**found)
