"""Who makes a request, for which account and region, read from its credential scope. Signatures are not verified."""

import re
from dataclasses import dataclass

from gateway.standin.failures import incomplete_signature, missing_token
from gateway.standin.plan import DEFAULT_ACCOUNT

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([a-z0-9-]+)/[a-z0-9-]+/aws4_request")
_ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class CallerScope:
    """One account in one region."""

    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Caller:
    """An access key and the scope it is used in."""

    access_key: str
    scope: CallerScope


def caller_of(authorization: str | None) -> Caller:
    """The caller an Authorization header names. Raises RefusedError if there is none.

    Twelve digits inside the access key id are the account, so that a test chooses it by its credentials.
    """
    if not authorization:
        raise missing_token()
    credential = _CREDENTIAL.search(authorization)
    if credential is None:
        raise incomplete_signature(f"Authorization={authorization}")
    account = _ACCOUNT.search(credential[1])
    return Caller(credential[1], CallerScope(account[0] if account else DEFAULT_ACCOUNT, credential[2]))
