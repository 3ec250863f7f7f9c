"""An issuer as it is configured, and the addresses its keys may be fetched from. No I/O."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Issuer:
    """Someone whose tokens this gateway trusts, and where in them the teams are."""

    issuer: str
    """As the tokens' `iss` has it, letter by letter."""
    audience: str
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    """The only signature algorithms taken, whatever a token's header says."""
    teams_claim: str = "teams"
    """Dotted path to a list of names, or to one text of names with spaces between."""
    permissions_claim: str = "permissions"
    jwks_url: str | None = field(default=None, kw_only=True)
    """Where the keys are; None: where the issuer's OIDC discovery says."""
    key: PublicKeyTypes | None = field(default=None, kw_only=True)
    """The only key there ever is, instead of published ones."""

    def publishes_as(self, other: "Issuer") -> bool:
        """Whether this and the other have their keys from one place, whatever else changed between them."""
        return (self.issuer, self.jwks_url, self.key) == (other.issuer, other.jwks_url, other.key)

    def may_publish_at(self, address: str) -> bool:
        """Whether its discovery may send us there: into this machine only an issuer that is itself in it."""
        return is_safe(address) and (address.startswith("https:") or not self.issuer.startswith("https:"))


def is_safe(address: str) -> bool:
    """Whether nobody on the way can change what is fetched there: https, or http within this machine."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    if parts.username is not None or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
