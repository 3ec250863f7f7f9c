"""What a document may cost before it is known to be valid. Pure.

Validation compares every field with every other of its response name, fragments included: quadratic, and so slow for a
hostile document of a few kilobytes that it would hold up everybody's requests.
"""

from collections import Counter

from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, Visitor, visit

_MOST_PAIRS = 10_000  # of fields of one response name; about 0.2 s, and ten times what a large page asks for
_MOST_FRAGMENTS = 100


def excess_of(document: DocumentNode) -> str | None:
    """What there is too much of in a document, or None."""
    fragments = sum(isinstance(definition, FragmentDefinitionNode) for definition in document.definitions)
    if fragments > _MOST_FRAGMENTS:
        return f"A document may have at most {_MOST_FRAGMENTS} fragments; this one has {fragments}."
    count = _Counting()
    visit(document, count)
    if sum(times * times for times in count.names.values()) > _MOST_PAIRS:
        name, times = count.names.most_common(1)[0]
        return f"This document selects the same response names too often: {name} {times} times. Select less at once."
    return None


class _Counting(Visitor):
    """Counts the fields of a document by response name."""

    def __init__(self) -> None:
        super().__init__()
        self.names: Counter[str] = Counter()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.names[(node.alias or node.name).value] += 1
