"""Kinds of reads and how many of each there may be, where of some all are known and of others only how many. Pure."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field

Size = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of reads and how many of each. So many of some rows, each with so many of its own, are a box: (10, 100).

    Boxes of one kind start at the same corner: what lies in several is one read all the same.
    """

    boxes: dict[tuple[Hashable, ...], set[Size]] = field(default_factory=dict)

    def add(self, size: Size, *kind: Hashable) -> None:
        """There may be reads of this kind, as many as a box of this size holds."""
        largest = self.boxes.setdefault(kind, set())
        if not any(_within(size, other) for other in largest):
            largest -= {other for other in largest if _within(other, size)}
            largest.add(size)

    def total(self, of: str | None = None) -> int:
        """All of them, or those of which the kind's first word is this."""
        kinds = self.boxes if of is None else [kind for kind in self.boxes if kind[0] == of]
        return sum(_volume(self.boxes[kind]) for kind in kinds)


def _volume(boxes: Collection[Size]) -> int:
    """How much some boxes hold together, each slab between two of their edges by itself."""
    if () in boxes:
        return 1
    total = before = 0
    for edge in sorted({first for first, *_ in boxes}):
        total += (edge - before) * _volume({tuple(rest) for first, *rest in boxes if first >= edge})
        before = edge
    return total


def _within(inner: Size, outer: Size) -> bool:
    return all(one <= other for one, other in zip(inner, outer, strict=True))
