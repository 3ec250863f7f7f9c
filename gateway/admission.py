"""What every face does with a request, whatever it asks for: who is calling, within which scope, and the log's line.

Credentials come here as texts, from headers or metadata alike; what carries them is the faces' affair.
"""

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gateway import telemetry
from gateway.errors import Forbidden
from gateway.identity import Caller, Identity, Permission
from gateway.reads import ReadLog
from gateway.teams import Scope, Team

_LONGEST_NAME = 100  # characters; an operation's name is the caller's to choose, and so is a client's
_SCOPES = 10_000  # remembered
_ACCEPTABLE_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_CLIENT = ("apollographql-client-name", "apollographql-client-version")  # Apollo's clients and consoles go by these
_LASTING = frozenset({"subscription", "websocket"})


@dataclass(slots=True)
class Record:
    """Who asked for what, what it cost, and what came of it."""

    request_id: str
    subject: str | None = None
    teams: tuple[str, ...] = ()
    client: str | None = None
    """What the client calls itself."""
    client_version: str | None = None
    operation: str = "none"
    """The type of the GraphQL operation; "invalid" where the document cannot run, "none" where there is none, "rpc"."""
    name: str | None = None
    """The operation's name, as its author gave it; the method's of a call."""
    outcome: tuple[str, ...] = ()
    """The codes of its errors; empty when all went well."""
    remembered: bool = False
    """Whether the whole response was."""
    lasting: bool = False
    """Whether it lasts as long as somebody listens."""
    upstream: Mapping[str, int] | None = None
    """How many calls of each AWS operation it caused."""
    reads: Mapping[str, int] | None = None
    """How many reads were answered from where."""
    waited: float = 0.0
    """Seconds that it waited for AWS, for a place in its budget, or for another who did."""
    cause: telemetry.Cause | None = None

    @classmethod
    def began(cls, ids: Sequence[str], header: Callable[[str], str | None]) -> "Record":
        """A request begins: with the ids it came with, and what was sent under a header's name, in small letters."""
        known, name, version = request_id(ids), *map(header, _CLIENT)
        record = cls(known, cause=telemetry.request_began(known, header))
        if name is not None or version is not None:
            record.client, record.client_version = shown(name), shown(version)
        return record

    def part(self) -> "Record":
        """One operation of several that came in this request begins."""
        cause = telemetry.part_began(self.request_id, self.cause)
        return self._of_the_same(self.request_id, cause)

    def another(self) -> "Record":
        """Another operation on this socket begins."""
        known = new_id()
        return self._of_the_same(known, telemetry.request_began(known, _no_header, beside=self.cause))

    def asked(self, operation: str, name: str | None) -> None:
        """Note what was asked for."""
        self.operation, self.lasting = operation, operation in _LASTING
        self.name = shown(name)

    def found(self, name: str | None) -> None:
        """Note that a query was asked for whose response is remembered."""
        self.operation, self.name, self.outcome, self.remembered = "query", name, (), True

    def read(self, log: ReadLog) -> None:
        """Note what was read for it, and what that cost. A log counts once."""
        if log.errands:
            self.upstream = _sum(self.upstream, log.by_operation)
        self.reads = _sum(self.reads, log.outcomes)
        self.waited += log.waited

    def tell(self, *, status: int | str, seconds: float, size: int = 0) -> None:
        """Write the line, and count. `size` is the answer's, in bytes, as far as it is known."""
        telemetry.request_answered(self, status, seconds, size)

    def _of_the_same(self, known: str, cause: telemetry.Cause) -> "Record":
        return Record(known, self.subject, self.teams, self.client, self.client_version, cause=cause)


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
        return self._let_in(await self._identity.identify(authorization=authorization, api_key=api_key), record)

    def recognise(
        self, record: Record, *, authorization: str | None, api_key: str | None
    ) -> tuple[Caller, Scope] | None:
        """As `admit`, for whoever can be known without waiting; None: the others. Raises Unauthenticated, Forbidden."""
        caller = self._identity.known(authorization=authorization, api_key=api_key)
        return None if caller is None else self._let_in(caller, record)

    def _let_in(self, caller: Caller, record: Record) -> tuple[Caller, Scope]:
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


def _sum(counts: Mapping[str, int] | None, more: Mapping[str, int]) -> Mapping[str, int]:
    if counts is None:
        return more
    return {what: counts.get(what, 0) + more.get(what, 0) for what in (*counts, *more)}


def shown(name: str | None) -> str | None:
    """A name that a caller chose, as the log has it: in bounds, and nothing in it that a terminal would obey."""
    if name is None or (len(name) <= _LONGEST_NAME and name.isprintable()):
        return name
    return "".join([letter if letter.isprintable() else "?" for letter in name[:_LONGEST_NAME]])


def request_id(given: Sequence[str]) -> str:
    """The caller's own id where it is fit for a header and a log line, else a new one."""
    if len(given) == 1 and _ACCEPTABLE_ID.fullmatch(given[0]):
        return given[0]
    return new_id()


def new_id() -> str:
    """An id for what came without one."""
    return f"{random.getrandbits(128):032x}"  # it tells requests apart, and protects nothing


def _no_header(_name: str) -> None:
    """What comes on a socket has no headers of its own."""
