"""Settings, checked all at once, and handed to each room as that room's own options.

durations   "5s", "15m", "6h"
origins     "https://app.example.com"
kinds       what kinds of values settings take
settings    the environment: the only place that reads it
file        the YAML file GATEWAY_CONFIG names: teams and identity
manifest    the file of trusted documents
grpc        the gRPC port, its extra and its certificates
problems    what is wrong, a line each, never with the value: it may be a secret
"""

from dataclasses import dataclass, field

from gateway.capacity import CapacityOptions
from gateway.config.durations import seconds
from gateway.config.file import read_file
from gateway.config.grpc import quieten_grpc, rpc_options
from gateway.config.manifest import read_manifest
from gateway.config.problems import ConfigError
from gateway.config.settings import Settings, config_path, read_settings, strangers, traces_wanted
from gateway.governor import Rates
from gateway.identity import ApiKey, Issuer
from gateway.reads import ReadOptions
from gateway.rpc import RpcOptions
from gateway.sagemaker import SageMakerOptions
from gateway.schema import Limits, Trust, Trusted
from gateway.store import StoreOptions
from gateway.teams import Team
from gateway.tuning import Lives
from gateway.watch import Pace, WatchOptions

__all__ = [
    "ConfigError",
    "Configuration",
    "Settings",
    "configured",
    "quieten_grpc",
    "read_settings",
    "rpc_options",
    "seconds",
    "served",
    "strangers",
    "trusted_documents",
]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the composition root builds the gateway from."""

    host: str
    port: int
    admin_port: int
    graphiql: bool
    introspection: bool
    apq: bool
    trust: Trust
    trusted: Trusted
    batch: int
    cors_origins: tuple[str, ...]
    limits: Limits
    compiled_operations: bool
    log: str | None
    cursor_keys: tuple[str, ...]
    lives: Lives
    reads: ReadOptions
    response_cache_bytes: int
    deadline: float
    walk_pages: int
    walk_back_pages: int
    most_calls: int
    watch: WatchOptions
    sagemaker: SageMakerOptions
    rates: Rates
    teams: tuple[Team, ...]
    api_keys: tuple[ApiKey, ...]
    issuers: tuple[Issuer, ...]
    store: StoreOptions | None = None
    rpc: RpcOptions | None = None
    capacity: CapacityOptions = field(default_factory=CapacityOptions)
    connections: int = 2500
    linger: float = 0.0
    grace: float = 30.0
    traces: bool = False
    """Whether spans are sent to where the OTEL_… variables say."""


_NEEDED = {
    "GATEWAY_CURSOR_KEYS": "needed, a secret of 16 characters or more, the same in all replicas",
    "GATEWAY_CONFIG": "needed, the path of the YAML file of teams and identity",
}


_NONE_TRUSTED = Trusted()


def configured(
    settings: Settings,
    *,
    teams: tuple[Team, ...],
    api_keys: tuple[ApiKey, ...] = (),
    issuers: tuple[Issuer, ...] = (),
    trusted: Trusted = _NONE_TRUSTED,
    rpc: RpcOptions | None = None,
) -> Configuration:
    """The settings, with teams and those who may speak for them."""
    return Configuration(
        host=settings.host,
        port=settings.port,
        admin_port=settings.admin_port,
        graphiql=settings.graphiql,
        introspection=settings.introspection,
        apq=settings.apq,
        trust=settings.trusted_documents,
        trusted=trusted,
        batch=settings.batch,
        cors_origins=settings.cors_origins,
        limits=_limits(settings),
        compiled_operations=settings.compiled_operations,
        log=settings.log,
        cursor_keys=tuple(key.get_secret_value() for key in settings.cursor_keys),
        lives=Lives(
            running=settings.life_running,
            finished=settings.life_finished,
            listing=settings.life_listing,
            absent=settings.life_absent,
            tags=settings.life_tags,
            token=settings.token_life,
            revalidated=settings.life_revalidated,
            stale=settings.life_stale,
        ),
        reads=ReadOptions(
            room=settings.memory_bytes, patience=settings.stale_patience, waiters=max(settings.concurrency * 4 // 5, 1)
        ),
        response_cache_bytes=settings.response_cache_bytes,
        deadline=settings.deadline,
        walk_pages=settings.walk_pages,
        walk_back_pages=settings.walk_back_pages,
        most_calls=settings.most_calls,
        watch=WatchOptions(
            Pace(settings.watch_interval, settings.watch_slowest),
            most=settings.watches,
            most_per_caller=settings.listeners_per_caller,
        ),
        sagemaker=SageMakerOptions(
            connect_timeout=settings.aws_connect_timeout,
            read_timeout=settings.aws_read_timeout,
            call_timeout=settings.aws_call_timeout,
            max_connections=settings.aws_connections,
        ),
        rates=Rates(
            lists=settings.rate_list,
            describes=settings.rate_describe,
            searches=settings.rate_search,
            tags=settings.rate_tags,
            stops=settings.rate_stop,
            attempts=settings.aws_attempts,
        ),
        teams=teams,
        api_keys=api_keys,
        issuers=issuers,
        store=_store(settings),
        rpc=rpc,
        capacity=CapacityOptions(settings.concurrency, settings.queue, settings.request_timeout),
        connections=settings.connections,
        linger=settings.linger,
        grace=settings.grace,
        traces=traces_wanted(),
    )


def _store(settings: Settings) -> StoreOptions | None:
    if settings.store_url is None:
        return None
    return StoreOptions(settings.store_url.get_secret_value(), settings.store_timeout, settings.store_takeover)


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
    trusted = None
    try:
        trusted = None if settings is None else trusted_documents(settings)
    except ConfigError as error:
        wrong += error.lines
    rpc = None
    try:
        rpc = None if settings is None else rpc_options(settings)
    except ConfigError as error:
        wrong += error.lines
    if wrong or settings is None or content is None or trusted is None:
        raise ConfigError(wrong)
    teams, api_keys, issuers = content
    return configured(settings, teams=teams, api_keys=api_keys, issuers=issuers, trusted=trusted, rpc=rpc)


def trusted_documents(settings: Settings) -> Trusted:
    """The manifest's documents, where they count for anything. Raises ConfigError with all that is wrong with it."""
    if settings.trusted_documents is Trust.OFF:
        return _NONE_TRUSTED
    if settings.trusted_manifest is None:
        raise ConfigError(["GATEWAY_TRUSTED_MANIFEST: needed where GATEWAY_TRUSTED_DOCUMENTS is not off"])
    return read_manifest(settings.trusted_manifest, introspection=settings.introspection, limits=_limits(settings))


def _limits(settings: Settings) -> Limits:
    return Limits(
        tokens=settings.limit_tokens,
        depth=settings.limit_depth,
        aliases=settings.limit_aliases,
        directives=settings.limit_directives,
        root_fields=settings.limit_root_fields,
        body=settings.limit_body,
        variables=settings.limit_variables,
    )
