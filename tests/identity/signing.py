"""Tokens of every kind, honest and forged, and the keys they are signed with, as an issuer publishes them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

NOT_VALID, EXPIRED = "This token is not valid here.", "This token has expired."
AUDIENCE = "tuning-gateway"


def claims(issuer: str, now: float, **changes: object) -> dict[str, object]:
    """The claims of an honest token, changed; what is changed to None is left out."""
    honest = {"iss": issuer, "aud": AUDIENCE, "sub": "ada", "exp": int(now) + 3600, "teams": ["vision"]}
    return {name: value for name, value in (honest | changes).items() if value is not None}


def signed(
    payload: Mapping[str, object],
    key: PrivateKeyTypes,
    algorithm: str = "ES256",
    *,
    kid: str | None = None,
    headers: Mapping[str, object] | None = None,
) -> str:
    own = {} if kid is None else {"kid": kid}
    return jwt.encode(dict(payload), key, algorithm, headers={**own, **(headers or {})})  # type: ignore[arg-type]  # it can sign


def encoded(part: object) -> str:
    return encoded_text(json.dumps(part))


def encoded_text(text: str | bytes) -> str:
    return base64.urlsafe_b64encode(text.encode() if isinstance(text, str) else text).rstrip(b"=").decode()


def signed_as_written(header: str, payload: str | bytes, key: ec.EllipticCurvePrivateKey) -> str:
    """A token of this very text, which a library would write otherwise; truly signed by ES256."""
    text = f"{encoded_text(header)}.{encoded_text(payload)}"
    signature = ECAlgorithm(ECAlgorithm.SHA256).sign(text.encode(), key)
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def signed_with_a_public_key(
    payload: Mapping[str, object],
    key: PrivateKeyTypes,
    form: PublicFormat = PublicFormat.SubjectPublicKeyInfo,
    **headers: object,
) -> str:
    """HS256 with the text of a public key for a secret: it verifies wherever the header chooses the algorithm."""
    text = f"{encoded({'alg': 'HS256', 'typ': 'JWT', **headers})}.{encoded(payload)}"
    secret = key.public_key().public_bytes(Encoding.PEM, form)
    mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def published(key: PrivateKeyTypes, **members: object) -> dict[str, Any]:
    """The public half of a key as a JWK, with further members."""
    return jwk(key.public_key()) | members


def jwk(key: object) -> dict[str, Any]:
    """A key as a JWK; a private one with its secret."""
    match key:
        case rsa.RSAPublicKey() | rsa.RSAPrivateKey():
            return RSAAlgorithm.to_jwk(key, as_dict=True)
        case ec.EllipticCurvePublicKey() | ec.EllipticCurvePrivateKey():
            return ECAlgorithm.to_jwk(key, as_dict=True)
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            return OKPAlgorithm.to_jwk(key, as_dict=True)
    raise TypeError(key)


def pem(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
