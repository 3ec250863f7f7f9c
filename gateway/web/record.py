"""What the log will say of one request: gathered on its way in, written once when it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from gateway import telemetry

_LONGEST_NAME = 100  # characters; an operation's name is the caller's to choose


@dataclass(slots=True)
class Record:
    """Who asked for what, what it cost, and what came of it."""

    request_id: str
    subject: str | None = None
    teams: tuple[str, ...] = ()
    operation: str = "none"
    """The type of the GraphQL operation; "invalid" where the document cannot run, "none" where there is none."""
    name: str | None = None
    """The operation's name, as its author gave it."""
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

    def tell(self, *, status: int, seconds: float) -> None:
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


def shown(name: str | None) -> str | None:
    """An operation's name as the log has it."""
    return None if name is None else name[:_LONGEST_NAME]


RECORD = web.RequestKey("record", Record)
