"""What every face does with a request, whatever it asks for: who is calling, within which scope, and the log's line.

Credentials come here as texts, from headers or metadata alike; what carries them is the faces' affair.
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gateway import telemetry
from gateway.errors import Forbidden
from gateway.identity import Caller, Identity, Permission
from gateway.teams import Scope, Team

_LONGEST_NAME = 100  # characters; an operation's name is the caller's to choose
_SCOPES = 10_000  # remembered
_ACCEPTABLE_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)


@dataclass(slots=True)
class Record:
    """Who asked for what, what it cost, and what came of it."""

    request_id: str
    subject: str | None = None
    teams: tuple[str, ...] = ()
    operation: str = "none"
    """The type of the GraphQL operation; "invalid" where the document cannot run, "none" where there is none, "rpc"."""
    name: str | None = None
    """The operation's name, as its author gave it; the method's of a call."""
    upstream: Mapping[str, int] = field(default_factory=dict)
    """How many calls of each AWS operation the request caused."""
    outcome: tuple[str, ...] = ()
    """The codes of its errors; empty when all went well."""

    def asked(self, operation: str, name: str | None) -> None:
        """Note what was asked for."""
        self.operation = operation
        self.name = shown(name)

    def found(self, name: str | None) -> None:
        """Note that a query was asked for whose response is remembered."""
        self.operation, self.name, self.outcome = "query", name, ()

    def tell(self, *, status: int | str, seconds: float) -> None:
        """Write the line."""
        telemetry.request_answered(
            request_id=self.request_id,
            subject=self.subject,
            teams=self.teams,
            operation=self.operation,
            name=self.name,
            upstream=self.upstream,
            outcome=self.outcome,
            status=status,
            seconds=seconds,
        )


class Door:
    """Lets in whom `identity` knows and who has a team here. Both may be replaced while it stands."""

    def __init__(self, identity: Identity, teams: Iterable[Team]) -> None:
        self._identity = identity
        self.serve(teams)

    def serve(self, teams: Iterable[Team]) -> None:
        """Serve these teams from now on, and no others."""
        self.teams: Mapping[str, Team] = {team.name: team for team in teams}
        self._scopes: dict[tuple[str, ...], Scope] = {}

    async def admit(self, record: Record, *, authorization: str | None, api_key: str | None) -> tuple[Caller, Scope]:
        """The caller behind credentials, and its scope. Raises Unauthenticated, Forbidden, UpstreamUnavailable."""
        caller = await self._identity.identify(authorization=authorization, api_key=api_key)
        record.subject = caller.subject
        if Permission.READ not in caller.permissions:
            raise Forbidden("Your credentials do not permit reading.")
        scope = self.scope(caller)
        record.teams = scope.names
        return caller, scope

    def scope(self, caller: Caller) -> Scope:
        """The caller's teams, as far as they are served here now. Raises Forbidden when none is."""
        scope = self._scopes.get(caller.teams)
        return self._resolved(caller.teams) if scope is None else scope

    def _resolved(self, names: tuple[str, ...]) -> Scope:
        known = tuple(self.teams[name] for name in dict.fromkeys(names) if name in self.teams)
        if not known:
            raise Forbidden("None of your teams is served here. Ask whoever runs this gateway to add one.")
        if len(self._scopes) >= _SCOPES:  # as many as there are ways to belong to teams: few, unless an issuer is odd
            self._scopes.clear()
        scope = self._scopes[names] = Scope(known)
        return scope


def shown(name: str | None) -> str | None:
    """An operation's name as the log has it."""
    return None if name is None else name[:_LONGEST_NAME]


def request_id(given: Sequence[str]) -> str:
    """The caller's own id where it is fit for a header and a log line, else a new one."""
    if len(given) == 1 and _ACCEPTABLE_ID.fullmatch(given[0]):
        return given[0]
    return f"{random.getrandbits(128):032x}"  # it tells requests apart, and protects nothing
