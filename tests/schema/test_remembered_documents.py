"""Documents are remembered by what they weigh, and what is known of one goes with it."""

import gc
import weakref
from collections.abc import Callable
from itertools import count

import pytest

from gateway.schema import Documents, Limits, executable
from gateway.schema.asked import Asking

_SCHEMA = executable()
_NUMBERS = count()


@pytest.fixture
def documents() -> Documents:
    return Documents(_SCHEMA, introspection=True, limits=Limits())


def _small() -> str:
    return f"query Q{next(_NUMBERS)} {{ tuningJobs {{ nodes {{ name }} }} }}"


def _large() -> str:
    """As many tokens as a document may have."""
    ids = '"x" ' * (Limits().tokens - 20)
    return f"query Q{next(_NUMBERS)} {{ nodes(ids: [{ids}]) {{ id }} }}"


def _commented() -> str:
    return _small() + "#\n" * (Limits().tokens - 20)


@pytest.mark.parametrize("text", [_small(), _large(), f"{_small()} # {'x' * 900_000}"], ids=["small", "large", "long"])
def test_a_document_is_parsed_once_however_long_it_is(documents: Documents, text: str) -> None:
    assert documents.document(text).node is not None
    assert documents.document(text) is documents.document(text)


@pytest.mark.parametrize("other", [_large, _commented], ids=["large", "commented"])
def test_there_is_room_for_many_small_documents_and_few_large_ones(
    documents: Documents, other: Callable[[], str]
) -> None:
    first, second = _small(), _small()
    known = documents.document(first), documents.document(second)
    for _ in range(300):
        documents.document(_small())
    assert documents.document(first) is known[0]
    for _ in range(15):
        assert documents.document(other()).node is not None
    assert documents.document(second) is not known[1]


def test_what_cannot_run_takes_no_room(documents: Documents) -> None:
    assert documents.document("{ nope }") is not documents.document("{ nope }")


def test_what_is_known_of_a_document_goes_with_it_and_with_no_other(documents: Documents) -> None:
    asking, gone, kept = Asking(_SCHEMA, compiled=True), documents.document(_small()), documents.document(_small())
    assert gone.node is not None
    assert kept.node is not None
    assert asking.asked(gone.node, gone.plans, {}, None).prepared is not None  # which holds on to the document
    known, node = asking.asked(kept.node, kept.plans, {}, None), weakref.ref(gone.node)
    del gone
    for _ in range(15):
        documents.document(_large())  # crowds out all others
    gc.collect()
    assert node() is None
    assert asking.asked(kept.node, kept.plans, {}, None) is known


@pytest.mark.parametrize(("name", "remembered"), [(None, True), ("Nobody", True), ("x" * 600, False)])
def test_what_a_caller_names_at_length_is_not_remembered(
    documents: Documents, name: str | None, remembered: bool
) -> None:
    asking, document = Asking(_SCHEMA, compiled=True), documents.document(_small())
    assert document.node is not None
    first, second = (asking.asked(document.node, document.plans, {}, name) for _ in range(2))
    assert (first is second) is remembered
