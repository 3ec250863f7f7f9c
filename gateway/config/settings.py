"""The environment's settings: each field is `GATEWAY_` and its name in capitals, its description the README's."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.capacity import CapacityOptions
from gateway.config.durations import Duration, Span
from gateway.config.kinds import BeyondDeadline, Count, CountOrNone, CursorKeys, Port, Rate, StoreUrl
from gateway.config.origins import Origins
from gateway.config.problems import ConfigError, problems
from gateway.governor import Rates
from gateway.reads import ReadOptions
from gateway.sagemaker import SageMakerOptions
from gateway.schema import Limits, Trust
from gateway.store import StoreOptions
from gateway.tuning import Lives
from gateway.watch import WatchOptions

PREFIX = "GATEWAY_"
_LIVES = Lives()
_LIMITS = Limits()
_AWS = SageMakerOptions()
_READS = ReadOptions()
_STORE = StoreOptions("redis://unused")
_RATES = Rates()
_WATCH = WatchOptions()
_CAPACITY = CapacityOptions()


class Settings(BaseSettings):
    """Everything that the environment sets, but AWS's own variables."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", hide_input_in_errors=True, env_ignore_empty=True, frozen=True
    )

    host: str = Field("127.0.0.1", description="Address to listen on, for all ports.")
    port: Port = Field(8080, description="Port of `/graphql` and GraphiQL.")
    admin_port: Port = Field(9090, description="Port of `/livez`, `/readyz` and `/metrics`.")
    grpc_port: Port | None = Field(
        None, description="Port of the gRPC face; without it there is none. Takes the extra `tuning-gateway[grpc]`."
    )
    grpc_reflection: bool = Field(
        True,  # noqa: FBT003  # pydantic's form
        description="`on` or `off`: whether the gRPC contract can be asked for itself.",
    )
    grpc_tls_cert: Path | None = Field(
        None, description="Path of the gRPC port's certificate chain in PEM; without it, calls come in the clear."
    )
    grpc_tls_key: Path | None = Field(None, description="Path of that certificate's private key, without a password.")
    grpc_tls_client_ca: Path | None = Field(
        None, description="Path of the certificates of who vouches for clients: then each needs one (mTLS)."
    )
    config: Path | None = Field(None, description="Path of the YAML file of teams and identity; `serve` needs it.")
    cursor_keys: CursorKeys = Field(
        (),
        description="Secrets of 16 characters or more, comma-separated: the first seals cursors, all open them. "
        "`serve` needs one, the same in all replicas.",
    )
    graphiql: bool = Field(True, description="`on` or `off`: whether browsers get GraphiQL.")  # noqa: FBT003  # pydantic's form
    introspection: bool = Field(
        True,  # noqa: FBT003  # as above
        description="`on` or `off`: whether the schema can be asked for itself, and misspelt words are told the right "
        "ones.",
    )
    apq: bool = Field(
        True,  # noqa: FBT003  # as above
        description="`on` or `off`: whether documents are remembered by their hashes (automatic persisted queries).",
    )
    trusted_documents: Trust = Field(
        Trust.OFF,
        description="`off`; `prefer`: the manifest's documents may be asked for by their ids; `require`: and nothing "
        "else runs.",
    )
    trusted_manifest: Path | None = Field(
        None, description="Path of the manifest of trusted documents; `prefer` and `require` need it."
    )
    batch: CountOrNone = Field(0, description="Operations that one request may hold, as a JSON array; 0 takes none.")
    cors_origins: Origins = Field(
        (),
        description="Origins whose pages may ask from a browser and open WebSockets, comma-separated, each in full "
        "(`https://app.example.com`). Pages of the gateway's own origin always may.",
    )
    limit_tokens: Count = Field(_LIMITS.tokens, description="Tokens in a document, at most.")
    limit_depth: Count = Field(
        _LIMITS.depth, description="Fields in each other, at most, fragments included; GraphiQL's introspection has 15."
    )
    limit_aliases: Count = Field(
        _LIMITS.aliases,
        description="Aliases in an operation, at most; one in a fragment counts as often as it is spread.",
    )
    limit_directives: Count = Field(
        _LIMITS.directives, description="Directives in an operation, at most; counted as aliases are."
    )
    limit_root_fields: Count = Field(_LIMITS.root_fields, description="Fields at an operation's root, at most.")
    limit_body: Count = Field(
        _LIMITS.body, description="Bytes of a request's body, or of one message on a WebSocket, at most."
    )
    limit_variables: Count = Field(_LIMITS.variables, description="Bytes of an operation's variables as JSON, at most.")
    compiled_operations: bool = Field(
        True,  # noqa: FBT003  # as above
        description="`on` or `off`: whether operations are compiled where they can be. Answers are the same.",
    )
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
    life_revalidated: Span = Field(
        _LIVES.revalidated,
        description="How long after its life an answer is still given at once, while it is read anew. 0 is off.",
    )
    life_stale: Span = Field(
        _LIVES.stale,
        description="How long after its life an answer is given, marked `stale`, when AWS cannot be asked. 0 is off.",
    )
    stale_patience: Duration = Field(
        _READS.patience, description="How long AWS is waited for by those who can be given something stale."
    )
    deadline: Duration = Field(
        25.0, description="How long a request waits for AWS at most: for its place in the budget, and for the answer."
    )
    request_timeout: BeyondDeadline = Field(
        _CAPACITY.timeout,
        validate_default=True,
        description="How long a request may take in all, its body included; longer than `GATEWAY_DEADLINE`. Event "
        "streams and WebSockets may take longer, each query on them may not.",
    )
    concurrency: Count = Field(
        _CAPACITY.concurrency,
        description="Requests in hand at once, at most; four fifths of them may wait for AWS, two fifths for one team.",
    )
    queue: CountOrNone = Field(
        _CAPACITY.queue, description="Requests that wait up to 70 ms for a place among those in hand, at most."
    )
    connections: Count = Field(
        2500,
        description="Connections open at once, at most, of HTTP and of gRPC each; for four fifths as many WebSockets "
        "and event streams there is room, and for as many streams of gRPC's health and reflection.",
    )
    linger: Span = Field(
        0.0,
        description="How long after SIGTERM requests are still taken, while `/readyz` and gRPC's health say no and "
        "HTTP's answers close their connections.",
    )
    grace: Duration = Field(
        30.0, description="How long after that what is under way gets to end, before it is cut off."
    )
    memory_bytes: Count = Field(_READS.room, description="How much is remembered at most, in bytes.")
    response_cache_bytes: CountOrNone = Field(
        64 * 1024 * 1024, description="How many bytes of whole responses are remembered besides, at most. 0 is off."
    )
    walk_pages: Count = Field(10, description="How many AWS pages, at most, one slice of a listing is gathered from.")
    walk_back_pages: Count = Field(
        20, description="How many AWS pages, at most, are read to find what lies before a cursor, or a listing's end."
    )
    most_calls: Count = Field(
        100,
        description="How many AWS calls, at most, one operation may cause; one that may cause more is refused before "
        "anything is read.",
    )
    watch_interval: Duration = Field(
        _WATCH.pace.interval,
        description="How long between two looks at a job that is listened to and has just changed.",
    )
    watch_slowest: Duration = Field(
        _WATCH.pace.slowest, description="How long, at most, between two looks at one that has long stood still."
    )
    watches: Count = Field(_WATCH.most, description="How many jobs are watched at once, at most.")
    listeners_per_caller: Count = Field(
        _WATCH.most_per_caller, description="How many subscriptions one caller may have at once."
    )
    aws_connect_timeout: Duration = Field(_AWS.connect_timeout, description="How long connecting to AWS may take.")
    aws_read_timeout: Duration = Field(_AWS.read_timeout, description="How long AWS may be silent.")
    aws_call_timeout: Duration = Field(_AWS.call_timeout, description="How long one AWS call may take in all.")
    aws_connections: Count = Field(_AWS.max_connections, description="Connections to AWS at most, per region.")
    aws_attempts: Count = Field(_RATES.attempts, description="How often, at most, one read of AWS is sent.")
    rate_list: Rate = Field(
        _RATES.lists, description="Calls per second of each operation that lists, for an account and region."
    )
    rate_describe: Rate = Field(_RATES.describes, description="The same for each Describe operation.")
    rate_search: Rate = Field(_RATES.searches, description="The same for Search.")
    rate_tags: Rate = Field(_RATES.tags, description="The same for ListTags.")
    rate_stop: Rate = Field(_RATES.stops, description="The same for each Stop operation.")
    store_url: StoreUrl | None = Field(
        None,
        description="Address of a Valkey or Redis server that replicas share: `redis://`, `rediss://`, `valkey://`, "
        "`valkeys://` or `unix://`. Without it, each remembers for itself.",
    )
    store_timeout: Duration = Field(
        _STORE.timeout,
        description="How long one command to the store may take in all, connecting included. Before that it "
        "may wait as long for a free connection.",
    )
    store_takeover: Duration = Field(
        _STORE.takeover, description="How long a replica that reads for all may be silent before another reads."
    )


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


def traces_wanted() -> bool:
    """Whether OpenTelemetry's own variables ask for spans: an address to send them to, and nothing against it."""
    address = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return bool(address) and not disabled and os.environ.get("OTEL_TRACES_EXPORTER", "otlp").strip() in {"", "otlp"}
