"""Bearer JWTs of the issuers this gateway trusts: signature, algorithm, issuer, audience and times, then the claims."""

from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from gateway.errors import Unauthenticated
from gateway.identity.caller import Caller, Permission

_LONGEST = 8192  # characters; an honest token is a tenth of that
_LEEWAY = 30  # seconds by which clocks may differ
_REQUIRED = ["exp", "iss", "aud", "sub"]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Someone whose tokens this gateway trusts, and where in them the teams are."""

    issuer: str
    audience: str
    key: PublicKeyTypes
    algorithms: tuple[str, ...]
    """The only signature algorithms taken, whatever a token's header says."""
    teams_claim: str = "teams"
    """Dotted path to a list of names, or to one text of names with spaces between."""
    permissions_claim: str = "permissions"


class Tokens:
    """Verifies tokens of any of the issuers."""

    def __init__(self, issuers: tuple[Issuer, ...]) -> None:
        self._issuers = {issuer.issuer: issuer for issuer in issuers}

    def caller(self, token: str) -> Caller:
        """The caller a token speaks for. Raises Unauthenticated."""
        if len(token) > _LONGEST:
            raise Unauthenticated(f"This token is longer than {_LONGEST} characters.")
        issuer = self._issuer(token)
        try:
            claims = jwt.decode(
                token,
                key=issuer.key,  # type: ignore[arg-type]  # any public key the algorithms are for
                algorithms=list(issuer.algorithms),
                issuer=issuer.issuer,
                audience=issuer.audience,
                leeway=_LEEWAY,
                options={"require": _REQUIRED},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("This token has expired.") from None
        except (jwt.PyJWTError, ValueError):
            raise Unauthenticated(_INVALID) from None
        permissions = {Permission(word) for word in _words(claims, issuer.permissions_claim) if word in _PERMISSIONS}
        return Caller(
            str(claims["sub"]), tuple(_words(claims, issuer.teams_claim)), frozenset(permissions or {Permission.READ})
        )

    def _issuer(self, token: str) -> Issuer:
        """The issuer a token claims to be of; nothing else in it is believed before its signature is verified."""
        try:
            claimed = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except (jwt.PyJWTError, ValueError):
            raise Unauthenticated(_INVALID) from None
        issuer = self._issuers.get(claimed) if isinstance(claimed, str) else None
        if issuer is None:
            raise Unauthenticated(_INVALID)
        return issuer


_INVALID = "This token is not valid here."
_PERMISSIONS = {permission.value for permission in Permission}


def _words(claims: Any, path: str) -> list[str]:  # noqa: ANN401  # whatever the issuer put there
    """The words at a claim: a list of texts, or one text with spaces between. Anything else counts as none."""
    for name in path.split("."):
        claims = claims.get(name) if isinstance(claims, dict) else None
    if isinstance(claims, str):
        return claims.split()
    if isinstance(claims, list) and all(isinstance(word, str) for word in claims):
        return claims
    return []
