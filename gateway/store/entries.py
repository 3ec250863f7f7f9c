"""Names and values as the server sees them: `tg:<format>:<model>:<digest>`, and sealed bytes. Pure.

    zlib or not 1 | MessagePack of (as of, life, value)                       sealed: nonce 12 | AES-GCM of the above

The digest is keyed, and the name goes into the seal: the server learns nothing, and what was altered, cut, made by
somebody else or moved from another name does not open. The keys come from GATEWAY_CURSOR_KEYS; each thing has one name
for each of them, of which the first is written and all are read. `<model>` is a fingerprint of the model's classes, so
that during a rollout no replica reads what another version wrote.
"""

import hashlib
import importlib
import os
import pkgutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway import model, telemetry

if TYPE_CHECKING:
    from typing_extensions import TypeForm

T = TypeVar("T")
FORMAT = 1  # to be raised when what is written changes its form or, in the same classes, its meaning
_BUCKETS = 2  # the same for buckets
NONCE = 12  # bytes
_LARGEST = 1 << 20  # bytes; beyond it a server that does one thing at a time keeps everybody waiting
_WORTH_PACKING = 256  # bytes; less hardly gets smaller
_PLAIN, _PACKED = b"\0", b"\1"


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A value as the store has it."""

    value: T
    as_of: float
    """Epoch seconds when AWS was asked."""
    life: float
    """Seconds from then on during which it is fresh."""
    seal: bytes = field(default=b"", compare=False, repr=False)
    """Tells it from everything else that was ever kept under its name; empty: it was not."""


class _Key:
    """One secret of GATEWAY_CURSOR_KEYS, as the two keys made of it."""

    def __init__(self, secret: str) -> None:
        self._gcm = AESGCM(hashlib.blake2b(secret.encode(), digest_size=32, person=b"store-seal").digest())
        self._naming = hashlib.blake2b(secret.encode(), digest_size=32, person=b"store-name").digest()

    def digest(self, name: str) -> str:
        return hashlib.blake2b(name.encode(), key=self._naming, digest_size=16).hexdigest()

    def seal(self, text: bytes, name: str) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._gcm.encrypt(nonce, text, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        return self._gcm.decrypt(sealed[:NONCE], sealed[NONCE:], name.encode())


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is kept: its names, under each secret in turn, and the leases of who reads it."""

    names: tuple[str, ...]
    leases: tuple[str, ...]


class Entries:
    """Names, seals and opens. The first secret seals, all open."""

    def __init__(self, secrets: Sequence[str], wall: Callable[[], float]) -> None:
        self._keys = [_Key(secret) for secret in secrets]
        self._wall = wall
        self._prefix = f"tg:{FORMAT}:{fingerprint()}"
        self._encoder = msgspec.msgpack.Encoder()
        self._decoders: dict[object, msgspec.msgpack.Decoder[Any]] = {}

    def entry(self, name: str) -> Entry:
        """What is kept under a readable name. A cluster finds name and lease in one place by the braces."""
        names = tuple([f"{self._prefix}:{{{key.digest(name)}}}" for key in self._keys])
        return Entry(names, tuple([f"{name}:lease" for name in names]))

    def buckets(self, key: str) -> tuple[str, ...]:
        """The names of a bucket: replicas of all versions that keep buckets alike draw from the same."""
        return tuple([f"tg:{FORMAT}:bucket:{_BUCKETS}:{secret.digest(key)}" for secret in self._keys])

    def seal(self, entry: Entry, kept: Kept[Any]) -> bytes | None:
        """A value, to be kept under the entry's first name; None for one too large, or that cannot be written."""
        try:
            text = self._encoder.encode((kept.as_of, kept.life, kept.value))
        except Exception as error:  # noqa: BLE001  # what cannot be written can still be given to whoever asked
            telemetry.store_entry_left_out(kind=type(kept.value).__name__, cause=type(error).__name__)
            return None
        packed = zlib.compress(text, 1) if len(text) >= _WORTH_PACKING else text
        text = _PACKED + packed if len(packed) < len(text) else _PLAIN + text
        return None if len(text) > _LARGEST else self._keys[0].seal(text, entry.names[0])

    def open(self, entry: Entry, which: int, sealed: bytes, shape: "TypeForm[T]") -> Kept[T] | None:
        """What was sealed under the entry's name of that secret, or None: what is not ours is as good as absent."""
        try:
            text = self._keys[which].open(sealed, entry.names[which])
            text = zlib.decompress(text[1:]) if text[:1] == _PACKED else text[1:]
            as_of, life, value = self._decoder(shape).decode(text)
        except (InvalidTag, ValueError, zlib.error):  # msgspec's errors are ValueErrors
            return None
        # A replica whose clock is fast must not make it fresher than it is.
        return Kept(value, min(as_of, self._wall()), life, sealed[:NONCE])

    def _decoder(self, shape: object) -> msgspec.msgpack.Decoder[Any]:
        decoder = self._decoders.get(shape)
        if decoder is None:
            decoder = self._decoders[shape] = msgspec.msgpack.Decoder(tuple[float, float, shape])  # type: ignore[valid-type]  # it is one
        return decoder


def fingerprint() -> str:
    """Of all classes of the model: their names, fields and words. The same in all replicas of one version."""
    return hashlib.blake2b("\n".join(_told()).encode(), digest_size=6).hexdigest()


def _told() -> Iterator[str]:
    for found in pkgutil.iter_modules(model.__path__):
        module = importlib.import_module(f"{model.__name__}.{found.name}")
        for name, thing in vars(module).items():
            if not isinstance(thing, type) or thing.__module__ != module.__name__:
                continue
            if is_dataclass(thing):
                yield f"{module.__name__}.{name}: {[(each.name, repr(each.type)) for each in fields(thing)]}"
            elif issubclass(thing, Enum):
                yield f"{module.__name__}.{name}: {[word.value for word in thing]}"
