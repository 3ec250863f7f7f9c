"""The keys an issuer signs with: a JWK set read into those that can be used here, and the one that fits a token.

Pure: nothing is fetched here. An entry that is none of ours (of another kind, for encryption, too small, private) is
left out rather than refused: issuers publish such beside the keys they sign with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.exceptions import PyJWTError

from gateway.identity.algorithms import KINDS, kind_of

_READERS: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "RSA": RSAAlgorithm.from_jwk,
    "EC": ECAlgorithm.from_jwk,
    "OKP": OKPAlgorithm.from_jwk,
}


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, and what its issuer says of it."""

    id: str | None
    algorithm: str | None
    """The only algorithm it is for, if its issuer says so."""
    public: PublicKeyTypes

    def fits(self, algorithm: str) -> bool:
        """Whether a token signed by this algorithm may be verified with it."""
        return self.algorithm in {None, algorithm} and kind_of(self.public) in KINDS[algorithm]


@dataclass(frozen=True, slots=True)
class KeySet:
    """What an issuer signs with at one time."""

    keys: tuple[Key, ...]
    left_out: int = 0
    """How many entries could not be used here."""

    def knows(self, key_id: str | None) -> bool:
        """Whether there is a key of this id, fit or not. Not having an id is not known."""
        return key_id is not None and any(key.id == key_id for key in self.keys)

    def key_for(self, algorithm: str, key_id: str | None) -> Key | None:
        """The key a token was signed with if it was signed here; None where there is none, or a choice of several."""
        fitting = [key for key in self.keys if key.fits(algorithm) and key_id in {None, key.id}]
        return fitting[0] if len(fitting) == 1 else None


def read_key_set(document: Mapping[str, Any]) -> KeySet:
    """The keys in a JWK set (RFC 7517). Raises ValueError if it is none."""
    entries = document.get("keys")
    if not isinstance(entries, list):
        raise ValueError("not a JWK set")  # noqa: TRY004  # of the content, not of the caller's argument
    keys: list[Key] = []
    for entry in entries:
        key = _key(entry) if isinstance(entry, dict) else None
        if key is not None and key not in keys:  # some issuers publish a key twice
            keys.append(key)
    return KeySet(tuple(keys), len(entries) - len(keys))


def _key(entry: dict[str, Any]) -> Key | None:
    """The key an entry stands for, if tokens can be verified with it here."""
    operations = entry.get("key_ops", ["verify"])
    if entry.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        return None
    if "d" in entry:  # whoever has read the set can sign with this one
        return None
    key_id, algorithm = entry.get("kid"), entry.get("alg")
    if not all(value is None or isinstance(value, str) for value in (key_id, algorithm)):
        return None
    public = _public(entry)
    return None if public is None or kind_of(public) is None else Key(key_id, algorithm, public)


def _public(entry: dict[str, Any]) -> PublicKeyTypes | None:
    kind = entry.get("kty")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    numbers = {name: value for name, value in entry.items() if name in {"kty", "crv", "n", "e", "x", "y"}}
    if reader is None or not all(isinstance(value, str) for value in numbers.values()):
        return None
    try:
        public: PublicKeyTypes = reader(numbers)
    except (PyJWTError, ValueError, KeyError, UnsupportedAlgorithm):
        return None
    return public
