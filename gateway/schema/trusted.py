"""Trusted documents: those that whoever runs the gateway has listed, from the manifest that a frontend's build writes.

All are read and validated before any is trusted, and never forgotten. The manifest's file is read in `config`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.schema.documents import Document, Documents


class Trust(StrEnum):
    """What trusted documents are for."""

    OFF = "off"
    PREFER = "prefer"
    """They may be asked for by their ids; others run too."""
    REQUIRE = "require"
    """Nothing else runs."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One operation, as the manifest has it."""

    id: str
    name: str
    type: str
    body: str


@dataclass(frozen=True, slots=True)
class Trusted:
    """The listed documents, ready to run."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """By their ids."""
    documents: Mapping[str, Document] = field(default_factory=dict)
    """By their texts."""


def trusted(operations: Iterable[Listed], documents: Documents) -> tuple[Trusted, list[str]]:
    """The documents of a manifest, and a line for everything that is wrong with it."""
    texts: dict[str, str] = {}
    ready: dict[str, Document] = {}
    wrong = []
    for place, listed in enumerate(operations, 1):
        document = documents.document(listed.body)
        problems = list(_problems(listed, document))
        if texts.setdefault(listed.id, listed.body) != listed.body:
            problems.append("its id is another operation's, too")
        wrong += [f"operation {place} ({listed.name!r:.100}): {problem}" for problem in problems]
        ready[listed.body] = document
    return Trusted(texts, ready), wrong


def _problems(listed: Listed, document: Document) -> Iterator[str]:
    if document.node is None:
        yield from (error.message for error in document.errors)
        return
    operation = document.operation(None)
    if operation is None:
        yield "its body must have one operation"
        return
    if operation.name != listed.name:
        yield "its body has an operation of another name"
    if operation.type != listed.type:
        yield f"its body is a {operation.type}"
