"""Teams, what each owns, and the Scope of them that a request carries. Pure.

Every read is made through a Scope: no use case and no key can be built without one of its teams.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.model.target import Target


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


Ownership = OwnsAll | OwnsPrefix


@dataclass(frozen=True, slots=True)
class Team:
    """A team, where its jobs live, and which of the jobs there are its own."""

    name: str
    target: Target
    ownership: Ownership

    def owns(self, tuning_job_name: str) -> bool:
        """Whether a tuning job of this name, in the team's target, is the team's."""
        return self.ownership.owns(tuning_job_name)


@dataclass(frozen=True, slots=True)
class Scope:
    """The teams whose jobs one request may read, in the order the caller's credentials name them."""

    teams: tuple[Team, ...]

    def team(self, name: str) -> Team | None:
        """The team of this name, if it is one of the scope's."""
        return next((team for team in self.teams if team.name == name), None)

    def owner(self, target: Target, tuning_job_name: str) -> Team | None:
        """The scope's first team that owns the tuning job, or None: to this scope the job does not exist."""
        return next((team for team in self.teams if team.target == target and team.owns(tuning_job_name)), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The teams' names, in order."""
        return tuple(team.name for team in self.teams)


def entangled(teams: Iterable[Team]) -> list[tuple[Team, Team]]:
    """The pairs (outer, inner) of one target where the inner prefix begins with the outer, which would own its jobs."""
    prefixed = [(team, team.ownership.prefix) for team in teams if isinstance(team.ownership, OwnsPrefix)]
    return [
        (outer, inner)
        for outer, short in prefixed
        for inner, long in prefixed
        if outer is not inner and outer.target == inner.target and long.casefold().startswith(short.casefold())
    ]
