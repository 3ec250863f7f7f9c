"""The demo's own issuer: a key pair made once per machine, for `demo` and `token`. `serve` never trusts it."""

import contextlib
import os
import tempfile
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.identity.issuer import Issuer

DIRECTORY = Path(".demo")
_ISSUER = "urn:tuning-gateway:demo"
_AUDIENCE = "tuning-gateway"
_ALGORITHM = "ES256"


class DemoIssuer:
    """Signs and vouches for the demo's tokens."""

    def __init__(self, directory: Path = DIRECTORY) -> None:
        self._key = _key_in(directory)

    def issuer(self) -> Issuer:
        """What the demo's gateway trusts."""
        return Issuer(_ISSUER, _AUDIENCE, (_ALGORITHM,), key=self._key.public_key())

    def token(self, teams: Sequence[str], *, permissions: Sequence[str] = (), ttl: float = 3600.0) -> str:
        """A token for these teams that lives `ttl` seconds."""
        now = int(time.time())
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": "demo",
            "iat": now,
            "exp": now + int(ttl),
            "jti": uuid.uuid4().hex,
            "teams": list(teams),
            "permissions": ["read", *permissions],
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)


def _key_in(directory: Path) -> ec.EllipticCurvePrivateKey:
    """The machine's demo key, made if it is not there yet."""
    path = directory / "issuer-key.pem"
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} does not hold an elliptic curve key; remove it to have one made")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # whole or not at all, and never over another process's key
    finally:
        Path(draft).unlink()
