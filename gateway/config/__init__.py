"""Settings, checked all at once, and handed to each room as that room's own options.

durations   "5s", "15m", "6h"
settings    the environment: the only place that reads it
file        the YAML file GATEWAY_CONFIG names: teams and identity
problems    what is wrong, a line each, never with the value: it may be a secret
"""

from dataclasses import dataclass

from gateway.config.durations import seconds
from gateway.config.file import read_file
from gateway.config.problems import ConfigError
from gateway.config.settings import Settings, config_path, read_settings, strangers
from gateway.identity import ApiKey, Issuer
from gateway.sagemaker import SageMakerOptions
from gateway.teams import Team
from gateway.tuning import Bounds, Lives

__all__ = ["ConfigError", "Configuration", "Settings", "configured", "read_settings", "seconds", "served", "strangers"]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the composition root builds the gateway from."""

    host: str
    port: int
    admin_port: int
    graphiql: bool
    introspection: bool
    log: str | None
    cursor_keys: tuple[str, ...]
    lives: Lives
    memory_rows: int
    bounds: Bounds
    sagemaker: SageMakerOptions
    teams: tuple[Team, ...]
    api_keys: tuple[ApiKey, ...]
    issuers: tuple[Issuer, ...]


_NEEDED = {
    "GATEWAY_CURSOR_KEYS": "needed, a secret of 16 characters or more, the same in all replicas",
    "GATEWAY_CONFIG": "needed, the path of the YAML file of teams and identity",
}


def configured(
    settings: Settings,
    *,
    teams: tuple[Team, ...],
    api_keys: tuple[ApiKey, ...] = (),
    issuers: tuple[Issuer, ...] = (),
) -> Configuration:
    """The settings, with teams and those who may speak for them."""
    return Configuration(
        host=settings.host,
        port=settings.port,
        admin_port=settings.admin_port,
        graphiql=settings.graphiql,
        introspection=settings.introspection,
        log=settings.log,
        cursor_keys=tuple(key.get_secret_value() for key in settings.cursor_keys),
        lives=Lives(
            running=settings.life_running,
            finished=settings.life_finished,
            listing=settings.life_listing,
            absent=settings.life_absent,
            tags=settings.life_tags,
            token=settings.token_life,
        ),
        memory_rows=settings.memory_rows,
        bounds=Bounds(pages=settings.walk_pages, back=settings.walk_back_pages),
        sagemaker=SageMakerOptions(
            connect_timeout=settings.aws_connect_timeout,
            read_timeout=settings.aws_read_timeout,
            call_timeout=settings.aws_call_timeout,
            max_connections=settings.aws_connections,
        ),
        teams=teams,
        api_keys=api_keys,
        issuers=issuers,
    )


def served() -> Configuration:
    """What `serve` runs with, from the environment and the file. Raises ConfigError with all that is wrong."""
    wrong: list[str] = []
    settings, content = None, None
    try:
        settings = read_settings(_NEEDED)
    except ConfigError as error:
        wrong += error.lines
    path = config_path()
    try:
        content = None if path is None else read_file(path)
    except ConfigError as error:
        wrong += error.lines
    if settings is None or content is None:
        raise ConfigError(wrong)
    teams, api_keys, issuers = content
    return configured(settings, teams=teams, api_keys=api_keys, issuers=issuers)
