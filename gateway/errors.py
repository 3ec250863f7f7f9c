"""The failures the gateway knows, by whose fault they are. Imports nothing; each face has its own table of codes.

    GatewayError                     every failure that is foreseen; anything else is a bug
    ├── CallerError                  the caller can mend it; the message says how
    │   ├── Unauthenticated          no credentials, or none that are valid
    │   ├── Forbidden                valid credentials that open nothing here
    │   ├── BadUserInput             an argument that can never work
    │   ├── InvalidCursor            a cursor that is altered, or belongs to another listing or team
    │   ├── CursorExpired            a cursor whose place can no longer be found
    │   ├── CostLimitExceeded        more upstream calls than one operation may cause
    │   ├── DocumentNotTrusted       a document that is not on the list, where only those run
    │   ├── PersistedQueryNotFound   a hash or id that no document is known by
    │   ├── PersistedQueryMismatch   a hash or id that is another document's
    │   ├── PersistedQueryNotSupported   a hash or id where none are kept
    │   └── TooManyListeners         more subscriptions at once than one caller, or all of them, may have
    ├── UpstreamError                AWS's doing; trying again later may help
    │   ├── Throttled                AWS takes no more calls for now
    │   ├── UpstreamUnavailable      AWS is out of order, unreachable or unreadable
    │   └── UpstreamTimeout          AWS did not answer in time
    ├── CapacityError                ours: more than this process can bear; trying again helps, best elsewhere
    │   ├── Overloaded               as many requests are in hand, or wait for AWS, as can be
    │   └── DeadlineExceeded         a request that took longer in all than any may
    ├── OperatorError                credentials, roles or settings that whoever runs the gateway has to mend
    ├── NotFound                     AWS has no such thing: an answer, not a failure, once a use case has it
    ├── TokenRefused                 AWS no longer takes a NextToken: the listing is walked again
    └── StopRefused                  AWS would not stop a job: most likely it has ended in between

The last three never leave `tuning`.
"""


class GatewayError(Exception):
    """A failure the gateway foresees. Its text is safe to show: no secret, no raw AWS message."""


class CallerError(GatewayError):
    """The caller can mend it."""


class Unauthenticated(CallerError):
    """No credentials, or none that are valid."""


class Forbidden(CallerError):
    """Valid credentials that open nothing here."""


class BadUserInput(CallerError):
    """An argument that can never work."""


class InvalidCursor(CallerError):
    """A cursor that is altered, or belongs to another listing or team."""


class CursorExpired(CallerError):
    """A cursor whose place can no longer be found."""


class CostLimitExceeded(CallerError):
    """More upstream calls than one operation may cause. The two numbers are there where it was told beforehand."""

    def __init__(self, message: str, *, estimated_calls: int | None = None, limit: int | None = None) -> None:
        super().__init__(message)
        self.estimated_calls = estimated_calls
        self.limit = limit


class DocumentNotTrusted(CallerError):
    """A document that is not on the list, where only those run."""


class PersistedQueryNotFound(CallerError):
    """A hash or id that no document is known by. The caller sends the document along."""


class PersistedQueryMismatch(CallerError):
    """A hash or id that is another document's."""


class PersistedQueryNotSupported(CallerError):
    """A hash or id where none are kept."""


class TooManyListeners(CallerError):
    """More subscriptions at once than one caller, or all of them, may have."""


class UpstreamError(GatewayError):
    """AWS's doing; trying again later may help."""


class Throttled(UpstreamError):
    """AWS takes no more calls for now."""

    def __init__(self, message: str, *, retry_after_ms: int) -> None:
        super().__init__(message)
        self.retry_after_ms = retry_after_ms


class UpstreamUnavailable(UpstreamError):
    """AWS is out of order, unreachable or unreadable."""


class UpstreamTimeout(UpstreamError):
    """AWS did not answer in time."""


class CapacityError(GatewayError):
    """More than this process can bear; trying again helps."""


class Overloaded(CapacityError):
    """As many requests are in hand, or wait for AWS, as can be. Nothing was done."""

    retry_after_ms = 1_000
    """When it is worth trying again: most waits for AWS are over by then."""


class DeadlineExceeded(CapacityError):
    """A request that took longer in all than any may."""


class OperatorError(GatewayError):
    """Something whoever runs the gateway has to mend. Callers are told no more than that."""


class NotFound(GatewayError):
    """AWS has no such thing."""


class TokenRefused(GatewayError):
    """AWS no longer takes a NextToken."""


class StopRefused(GatewayError):
    """AWS would not stop a job."""
