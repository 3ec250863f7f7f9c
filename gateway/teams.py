"""Teams, what each owns, and the Scope of them that a request carries. Pure: who has a tag is for `tuning` to read.

Every read is made through a Scope: no use case and no key can be built without one of its teams.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.model.target import Access, Role, Target
from gateway.model.tuning_job import Tag


@dataclass(frozen=True, slots=True)
class OwnsAll:
    """The team owns every job of its account and region."""

    def owns(self, name: str) -> bool:  # noqa: ARG002  # every rule answers the same question
        """Whether a tuning job of this name is the team's."""
        return True


@dataclass(frozen=True, slots=True)
class OwnsPrefix:
    """The team owns the tuning jobs whose names start with a prefix, whatever the case: AWS's names ignore it."""

    prefix: str

    def owns(self, name: str) -> bool:
        """Whether a tuning job of this name is the team's."""
        return name.casefold().startswith(self.prefix.casefold())


@dataclass(frozen=True, slots=True)
class OwnsTag:
    """The team owns the tuning jobs that carry a tag. A job without it is nobody's."""

    key: str
    value: str

    def among(self, tags: Iterable[Tag]) -> bool:
        """Whether a tuning job with these tags is the team's."""
        return any(tag.key == self.key and tag.value == self.value for tag in tags)


Ownership = OwnsAll | OwnsPrefix | OwnsTag


@dataclass(frozen=True, slots=True)
class Team:
    """A team, where its jobs live, and which of the jobs there are its own."""

    name: str
    target: Target
    ownership: Ownership
    role: Role | None = None
    access: Access = field(init=False, repr=False, compare=False)
    """How the team's jobs are reached."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "access", Access(self.target, self.role))


@dataclass(frozen=True, slots=True)
class Scope:
    """The teams whose jobs one request may read, in the order the caller's credentials name them."""

    teams: tuple[Team, ...]
    names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The teams' names, in order."""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Worked out once: a scope is shared by all requests of the same teams, and looked up with each.
        object.__setattr__(self, "names", tuple(team.name for team in self.teams))
        object.__setattr__(self, "_hash", hash(self.teams))

    def __hash__(self) -> int:
        return self._hash

    def team(self, name: str) -> Team | None:
        """The team of this name, if it is one of the scope's."""
        return next((team for team in self.teams if team.name == name), None)

    def at(self, target: Target) -> tuple[Team, ...]:
        """The teams whose jobs live in a target."""
        return tuple(team for team in self.teams if team.target == target)


def entangled(teams: Iterable[Team]) -> list[tuple[Team, Team]]:
    """The pairs (outer, inner) of one target where the inner prefix begins with the outer, which would own its jobs."""
    prefixed = [(team, team.ownership.prefix) for team in teams if isinstance(team.ownership, OwnsPrefix)]
    return [
        (outer, inner)
        for outer, short in prefixed
        for inner, long in prefixed
        if outer is not inner and outer.target == inner.target and long.casefold().startswith(short.casefold())
    ]
