"""How far a walk over a listing may go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """In AWS's pages. A process has one."""

    walk_pages: int
    """The most that a slice is gathered from along AWS's tokens."""
    walk_back_pages: int
    """The most that are read from AWS to find one before another, or a listing's end."""
