"""What a token says, once its signature is verified: whether it is for us and for now, and what its bearer may do.

Pure. Stricter than most libraries: a time is a number, never a text that looks like one.
"""

from collections.abc import Mapping
from typing import Any

from gateway.identity.caller import API_KEY_SUBJECT, Caller, Permission
from gateway.identity.issuer import Issuer

LEEWAY = 30.0  # seconds by which clocks may differ
_LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, section 2
_LATEST = 253_402_300_800  # the year 10000: no clock means a later time
_PERMISSIONS = frozenset(permission.value for permission in Permission)


class NotValidError(Exception):
    """A token that is not for this gateway, or not for now."""


class ExpiredError(NotValidError):
    """A token that was for this gateway."""


def caller_of(claims: Mapping[str, Any], issuer: Issuer, now: float) -> Caller:
    """The caller a verified token of this issuer speaks for. Raises NotValidError."""
    _check_audience(claims.get("aud"), issuer.audience)
    expires = _time(claims, "exp")
    if expires is None:
        raise NotValidError
    _check_begun(claims, now)
    subject = _subject(claims.get("sub"))
    if expires <= now - LEEWAY:  # last: a token is only called expired if nothing else is wrong with it
        raise ExpiredError
    words = words_at(claims, issuer.permissions_claim)
    permissions = frozenset(Permission(word) for word in words if word in _PERMISSIONS)
    teams = words_at(claims, issuer.teams_claim)
    return Caller(subject, teams, permissions or frozenset({Permission.READ}), expires)


def _check_audience(audience: object, ours: str) -> None:
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or ours not in named or not all(isinstance(one, str) for one in named):
        raise NotValidError


def _check_begun(claims: Mapping[str, Any], now: float) -> None:
    for name in ("nbf", "iat"):
        begins = _time(claims, name)
        if begins is not None and begins > now + LEEWAY:
            raise NotValidError


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    """Seconds since the epoch, if the claim is there."""
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LATEST:
        raise NotValidError
    return float(value)


def _subject(value: object) -> str:
    """Who it is: fit for a log line and an answer, and not to be taken for the holder of an API key."""
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= _LONGEST_SUBJECT
        or not value.isprintable()
        or value.startswith(API_KEY_SUBJECT)
    ):
        raise NotValidError
    return value


def words_at(claims: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The words at a dotted path: of a list of texts, or of one text with spaces between. Anything else is none."""
    value: object = claims
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, str):
        return tuple(value.split())
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return tuple(value)
    return ()
