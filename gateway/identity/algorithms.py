"""The signature algorithms this gateway can take, and the one kind of key each is for.

Only those with a public key: a secret shared with an issuer could be used to forge its tokens, and `none` is no
signature. What a key is, is read off the key itself, never off what is written beside it.
"""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

KINDS: Mapping[str, frozenset[str]] = {
    "RS256": frozenset({"RSA"}),
    "RS384": frozenset({"RSA"}),
    "RS512": frozenset({"RSA"}),
    "PS256": frozenset({"RSA"}),
    "PS384": frozenset({"RSA"}),
    "PS512": frozenset({"RSA"}),
    "ES256": frozenset({"secp256r1"}),
    "ES384": frozenset({"secp384r1"}),
    "ES512": frozenset({"secp521r1"}),
    "EdDSA": frozenset({"Ed25519", "Ed448"}),
}
"""The kinds of key an algorithm verifies with: RSA, a named curve of ECDSA (RFC 7518, 3.4), or one of EdDSA."""

_FEWEST_BITS = 2048  # RFC 7518, 3.3


def kind_of(key: PublicKeyTypes) -> str | None:
    """What kind of key this is; None for one that no algorithm here verifies with."""
    match key:
        case rsa.RSAPublicKey():
            return "RSA" if key.key_size >= _FEWEST_BITS else None
        case ec.EllipticCurvePublicKey():
            name = key.curve.name
            return name if any(name in kinds for kinds in KINDS.values()) else None
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
    return None
