"""The temporary credentials AssumeRole has issued: when they end, and the session token that belongs to each.

The access key carries the account of the role, as every access key does here. Nothing survives a restart: a key of an
earlier life is one like any other.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from string import ascii_uppercase

from gateway.standin.failures import expired_token, invalid_token


@dataclass(frozen=True, slots=True)
class Credentials:
    """One issue; `ends` in epoch seconds."""

    access_key: str
    ends: float
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(30), repr=False)
    session_token: str = field(default_factory=lambda: secrets.token_urlsafe(192), repr=False)


class Sessions:
    """Issues credentials and knows them again."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._issued: dict[str, Credentials] = {}

    def issue(self, account: str, seconds: float) -> Credentials:
        """New credentials for an account, good for so many seconds."""
        suffix = "".join(secrets.choice(ascii_uppercase) for _ in range(8))  # no digits: only the account's are read
        issued = Credentials(f"ASIA{account}{suffix}", self._clock() + seconds)
        self._issued[issued.access_key] = issued
        return issued

    def check(self, access_key: str, session_token: str | None) -> None:
        """Lets any key pass that was not issued here. Raises RefusedError for a wrong session token or a late one."""
        issued = self._issued.get(access_key)
        if issued is None:
            return
        if session_token is None or not secrets.compare_digest(session_token.encode(), issued.session_token.encode()):
            raise invalid_token()
        if self._clock() >= issued.ends:
            raise expired_token()
