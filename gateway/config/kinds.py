"""What kinds of values settings take, and what must be so of each. Durations and origins have files of their own."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from pydantic_settings import NoDecode

from gateway.config.durations import Duration
from gateway.store import reached


def _split(text: object) -> object:
    return tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text


def _reached(url: SecretStr) -> SecretStr:
    reached(url.get_secret_value())
    return url


def _beyond_deadline(timeout: float, others: ValidationInfo) -> float:
    if timeout <= others.data.get("deadline", 0.0):
        raise ValueError("must be longer than GATEWAY_DEADLINE, so that where AWS is late it is AWS that is told of")
    return timeout


Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(ge=1)]
CountOrNone = Annotated[int, Field(ge=0)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
CursorKeys = Annotated[tuple[Annotated[SecretStr, Field(min_length=16)], ...], NoDecode, BeforeValidator(_split)]
StoreUrl = Annotated[SecretStr, AfterValidator(_reached)]
BeyondDeadline = Annotated[Duration, AfterValidator(_beyond_deadline)]
"""A duration longer than the setting `deadline`, which has to stand before it."""
