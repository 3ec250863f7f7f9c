"""What a document may cost before it is known to be valid: the settings, and what is counted. Pure.

Depth, aliases, directives and root fields are counted as they would be executed: a fragment counts wherever it is
spread, though it is looked into once. A few more limits are not for callers to meet and no settings. Validation, for
one, compares every field with every other of its response name, fragments included. That is quadratic, and so slow for
a hostile document of a few kilobytes that it would hold up everybody's requests.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    Lexer,
    OperationDefinitionNode,
    SelectionSetNode,
    Token,
    TokenKind,
)
from graphql.language.parser import MAX_NESTING_DEPTH

_MOST_PAIRS = 10_000  # of fields of one response name; about 0.2 s, and ten times what a large page asks for
_MOST_FRAGMENTS = 100
_MOST_DIGITS = 640  # in a row: what Python reads whatever it is set to; the contract's greatest number has 19
_NUMBERS = frozenset({TokenKind.INT, TokenKind.FLOAT})
MOST_ERRORS = 10  # told of one document, or of its variables; each may cost a walk over all that was sent


@dataclass(frozen=True, slots=True)
class Limits:
    """The most there may be of anything in one operation."""

    tokens: int = 4_000
    depth: int = 15  # what GraphiQL's own introspection has
    aliases: int = 50
    directives: int = 50
    root_fields: int = 20
    body: int = 1024 * 1024  # bytes; cursors of 8 kB travel in bodies, whole tables do not
    variables: int = 256 * 1024  # bytes


def too_much(what: str, most: int, found: object, setting: str) -> str:
    """The sentence about a limit that is passed."""
    return f"{what} may be at most {most} (GATEWAY_LIMIT_{setting}); here: {found}."


def unreadable(error: GraphQLError, limits: Limits) -> str | None:
    """The limit that kept a document from being parsed, by the parser's words; it stops there and counts no further."""
    if "contains more than" in error.message:
        return too_much("The tokens of a document", limits.tokens, "more", "TOKENS")
    if "nested too deeply" not in error.message:
        return None
    if _in_arguments(error):
        return f"Lists, objects and types may be nested at most {MAX_NESTING_DEPTH} deep; here they are nested deeper."
    return too_much("The depth of an operation", limits.depth, "more than can be read", "DEPTH")


def excess_of(document: DocumentNode, limits: Limits) -> str | None:
    """What there is too much of in a document, or None."""
    if any(token.kind in _NUMBERS and len(token.value or "") > _MOST_DIGITS for token in tokens_of(document)):
        return f"A number may have at most {_MOST_DIGITS} digits; this document has a longer one."
    fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    if len(fragments) > _MOST_FRAGMENTS:
        return f"A document may have at most {_MOST_FRAGMENTS} fragments; this one has {len(fragments)}."
    names: Counter[str] = Counter()
    own = {each.name.value: _counted(each, names) for each in fragments}
    operations = [_counted(each, names) for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if sum(times * times for times in names.values()) > _MOST_PAIRS:
        name, times = names.most_common(1)[0]
        return f"This document selects the same response names too often: {name} {times} times. Select less at once."
    whole = _Whole(own)
    return next((excess for each in operations for excess in _excesses(whole.of(each), limits)), None)


def tokens_of(document: DocumentNode) -> Iterator[Token]:
    """All that a document is written in, comments among it."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        yield token
        token = token.next


def _in_arguments(error: GraphQLError) -> bool:
    """Whether the parser stopped between parentheses, where there are values and types, and no selections."""
    if error.source is None or not error.positions:
        return False
    lexer, within, stopped = Lexer(error.source), 0, min(error.positions)
    while (token := lexer.advance()).start < stopped:
        within += (token.kind is TokenKind.PAREN_L) - (token.kind is TokenKind.PAREN_R)
    return within > 0


@dataclass(slots=True)
class _Count:
    """What a definition has of each limited thing."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    spreads: list[tuple[int, str]] = field(default_factory=list)
    """The fragments it spreads, each with the depth of the fields around it."""


def _excesses(count: _Count, limits: Limits) -> Iterator[str]:
    if count.depth > limits.depth:
        yield too_much("The depth of an operation", limits.depth, f"{count.depth} fields in each other", "DEPTH")
    if count.aliases > limits.aliases:
        yield too_much("The aliases of an operation", limits.aliases, count.aliases, "ALIASES")
    if count.directives > limits.directives:
        yield too_much("The directives of an operation", limits.directives, count.directives, "DIRECTIVES")
    if count.root_fields > limits.root_fields:
        yield too_much("The root fields of an operation", limits.root_fields, count.root_fields, "ROOT_FIELDS")


def _counted(definition: OperationDefinitionNode | FragmentDefinitionNode, names: Counter[str]) -> _Count:
    """What a definition has itself, without the fragments it spreads. Adds its response names to `names`."""
    count = _Count(directives=len(definition.directives or ()))
    left: list[tuple[SelectionSetNode, int]] = [(definition.selection_set, 0)]
    while left:
        selection_set, depth = left.pop()
        for selection in selection_set.selections:
            count.directives += len(selection.directives or ())
            if isinstance(selection, FragmentSpreadNode):
                count.spreads.append((depth, selection.name.value))
                continue
            within = depth
            if isinstance(selection, FieldNode):
                within += 1
                names[(selection.alias or selection.name).value] += 1
                count.depth = max(count.depth, within)
                count.aliases += selection.alias is not None
                count.root_fields += depth == 0
            inner: SelectionSetNode | None = getattr(selection, "selection_set", None)
            if inner is not None:
                left.append((inner, within))
    return count


class _Whole:
    """Adds to what a definition has what the fragments in it have, each looked into once."""

    def __init__(self, own: Mapping[str, _Count]) -> None:
        self._own = own
        self._known: dict[str, _Count] = {}

    def of(self, count: _Count) -> _Count:
        """A definition's count with all that it spreads."""
        whole = _Count(count.depth, count.aliases, count.directives, count.root_fields)
        for depth, name in count.spreads:
            inner = self._fragment(name)
            whole.depth = max(whole.depth, depth + inner.depth)
            whole.aliases += inner.aliases
            whole.directives += inner.directives
            whole.root_fields += inner.root_fields if depth == 0 else 0
        return whole

    def _fragment(self, name: str) -> _Count:
        if name not in self._known:
            self._known[name] = _Count()  # for a fragment that spreads itself; validation tells of that
            self._known[name] = self.of(self._own.get(name, _Count()))
        return self._known[name]
