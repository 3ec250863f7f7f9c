"""The environment's settings: each field is `GATEWAY_` and its name in capitals, its description the README's."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from gateway.config.durations import Duration
from gateway.config.problems import ConfigError, problems
from gateway.sagemaker import SageMakerOptions
from gateway.tuning import Bounds, Lives

PREFIX = "GATEWAY_"
_LIVES = Lives()
_BOUNDS = Bounds()
_AWS = SageMakerOptions()


def _split(text: object) -> object:
    return tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text


Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(ge=1)]
CursorKeys = Annotated[tuple[Annotated[SecretStr, Field(min_length=16)], ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """Everything that the environment sets, but AWS's own variables."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", hide_input_in_errors=True, env_ignore_empty=True, frozen=True
    )

    host: str = Field("127.0.0.1", description="Address to listen on, for both ports.")
    port: Port = Field(8080, description="Port of `/graphql` and GraphiQL.")
    admin_port: Port = Field(9090, description="Port of `/livez`, `/readyz` and `/metrics`.")
    config: Path | None = Field(None, description="Path of the YAML file of teams and identity; `serve` needs it.")
    cursor_keys: CursorKeys = Field(
        (),
        description="Secrets of 16 characters or more, comma-separated: the first seals cursors, all open them. "
        "`serve` needs one, the same in all replicas.",
    )
    graphiql: bool = Field(True, description="`on` or `off`: whether browsers get GraphiQL.")  # noqa: FBT003  # pydantic's form
    introspection: bool = Field(True, description="`on` or `off`: whether the schema can be asked for itself.")  # noqa: FBT003  # as above
    log: Literal["json", "console"] | None = Field(
        None,
        description="`json` or `console`: how log lines are written. By default `demo` writes console, `serve` json.",
    )
    life_running: Duration = Field(_LIVES.running, description="How long a running job and its pages are remembered.")
    life_finished: Duration = Field(
        _LIVES.finished, description="How long a finished job and its pages are remembered."
    )
    life_listing: Duration = Field(_LIVES.listing, description="How long a page of tuning jobs is remembered.")
    life_absent: Duration = Field(_LIVES.absent, description="How long it is remembered that a job does not exist.")
    life_tags: Duration = Field(_LIVES.tags, description="How long a job's tags are remembered.")
    token_life: Duration = Field(
        _LIVES.token, description="How long, at most, a page is remembered that hands out a NextToken."
    )
    memory_rows: Count = Field(
        100_000,
        description="How much is remembered at most: a job, its tags or its absence is one row, a page as many as its "
        "jobs.",
    )
    walk_pages: Count = Field(
        _BOUNDS.pages, description="How many AWS pages, at most, one slice of a listing is gathered from."
    )
    walk_back_pages: Count = Field(
        _BOUNDS.back,
        description="How many AWS pages, at most, are read to find what lies before a cursor, or a listing's end.",
    )
    aws_connect_timeout: Duration = Field(_AWS.connect_timeout, description="How long connecting to AWS may take.")
    aws_read_timeout: Duration = Field(_AWS.read_timeout, description="How long AWS may be silent.")
    aws_call_timeout: Duration = Field(_AWS.call_timeout, description="How long one AWS call may take in all.")
    aws_connections: Count = Field(_AWS.max_connections, description="Connections to AWS at most, per region.")


def read_settings(needed: Mapping[str, str] = MappingProxyType({})) -> Settings:
    """The environment's settings. Raises ConfigError with all that is wrong, and all that is `needed` and not there."""
    missing = [f"{name}: {why}" for name, why in needed.items() if not os.environ.get(name, "").strip(" ,")]
    try:
        settings = Settings()
    except ValidationError as error:
        raise ConfigError(problems(error, lambda place: PREFIX + str(place[0]).upper()).lines + missing) from None
    if missing:
        raise ConfigError(missing)
    return settings


def config_path() -> Path | None:
    """The path in GATEWAY_CONFIG, also where other settings are wrong."""
    path = os.environ.get(f"{PREFIX}CONFIG")
    return Path(path) if path else None


def strangers() -> list[str]:
    """The variables that look like settings of ours and are none: slips of the pen, or Kubernetes naming a Service."""
    ours = {PREFIX + field.upper() for field in Settings.model_fields}
    return [name for name in os.environ if name.startswith(PREFIX) and name not in ours]
