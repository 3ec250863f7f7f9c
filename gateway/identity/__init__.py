"""Who is calling: a bearer token or an API key -> Caller. What the caller may see is `teams`' affair.

caller     what verified credentials say
tokens     bearer JWTs of the issuers this gateway trusts
api_keys   keys for services, of which only hashes are kept
demo       the demo's own issuer, which `serve` never trusts
"""

from gateway.errors import Unauthenticated
from gateway.identity.api_keys import ApiKey, ApiKeys
from gateway.identity.caller import Caller, Permission
from gateway.identity.tokens import Issuer, Tokens

__all__ = ["ApiKey", "Caller", "Identity", "Issuer", "Permission"]

_BEARER = "bearer "


class Identity:
    """Identifies callers by the credentials of one request."""

    def __init__(self, issuers: tuple[Issuer, ...], api_keys: tuple[ApiKey, ...]) -> None:
        self._tokens = Tokens(issuers)
        self._api_keys = ApiKeys(api_keys)

    def identify(self, *, authorization: str | None, api_key: str | None) -> Caller:
        """The caller behind an Authorization header or an X-API-Key header. Raises Unauthenticated."""
        if authorization is not None and api_key is not None:
            raise Unauthenticated("Send either Authorization or X-API-Key, not both.")
        if api_key is not None:
            return self._api_keys.caller(api_key)
        if authorization is None:
            raise Unauthenticated("Send a bearer token in Authorization, or an API key in X-API-Key.")
        if authorization[: len(_BEARER)].lower() != _BEARER:
            raise Unauthenticated("Authorization takes a bearer token: Authorization: Bearer <token>.")
        return self._tokens.caller(authorization[len(_BEARER) :].strip())
