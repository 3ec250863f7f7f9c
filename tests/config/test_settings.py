"""The environment's settings: what they are by default, and how all that is wrong with them is told at once."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.config import ConfigError, Settings, configured, read_settings, served, strangers
from gateway.governor import Rates
from gateway.reads import ReadOptions
from gateway.sagemaker import SageMakerOptions
from gateway.schema import Limits, Trust
from gateway.tuning import Lives
from gateway.watch import Pace, WatchOptions

MARKER = "s3cret-of-the-tests"
FILE = """
teams:
  vision: {region: us-east-1, account: "111122223333", owns: all}
"""
Set = Callable[..., None]


@pytest.fixture(autouse=True)
def _no_ambient_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("GATEWAY_"):
            monkeypatch.delenv(name)


@pytest.fixture
def set_(monkeypatch: pytest.MonkeyPatch) -> Set:
    def put(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"GATEWAY_{name}", str(value))

    return put


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gateway.yaml"
    path.write_text(FILE)
    return path


def lines_of(read: Callable[[], object]) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        read()
    error = refused.value
    assert str(error) == "\n".join(error.lines)
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    return error.lines


def test_without_any_setting_the_gateway_listens_to_this_machine_only() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.admin_port) == ("127.0.0.1", 8080, 9090)
    assert (settings.graphiql, settings.introspection, settings.log) == (True, True, None)
    assert (settings.config, settings.cursor_keys) == (None, ())
    configuration = configured(settings, teams=())
    assert configuration.lives == Lives()
    assert configuration.sagemaker == SageMakerOptions()
    assert configuration.rates == Rates()
    assert (configuration.reads, configuration.most_calls) == (ReadOptions(), 100)
    assert (configuration.walk_pages, configuration.walk_back_pages) == (10, 20)
    assert configuration.watch == WatchOptions()


def test_every_setting_arrives_at_its_room(set_: Set, file: Path) -> None:
    set_(HOST="0.0.0.0", PORT=1, ADMIN_PORT=65535, GRAPHIQL="off", INTROSPECTION="off", MEMORY_BYTES=7, WALK_PAGES=3)  # noqa: S104
    set_(LIFE_RUNNING="1s", LIFE_FINISHED="2h", LIFE_LISTING="3s", LIFE_ABSENT="4s", LIFE_TAGS="5m", TOKEN_LIFE="6m")
    set_(LIFE_REVALIDATED="0", LIFE_STALE="7m", STALE_PATIENCE="250ms", DEADLINE="9s")
    set_(WATCH_INTERVAL="7s", WATCH_SLOWEST="2m", WATCHES=5, LISTENERS_PER_CALLER=6)
    set_(AWS_CONNECT_TIMEOUT="100ms", AWS_READ_TIMEOUT="2s", AWS_CALL_TIMEOUT="3s", AWS_CONNECTIONS=4)
    set_(AWS_ATTEMPTS=5, RATE_LIST=0.5, RATE_DESCRIBE=6, RATE_SEARCH=7, RATE_TAGS="8.5", RATE_STOP=9)
    set_(LIMIT_TOKENS=1, LIMIT_DEPTH=2, LIMIT_ALIASES=3, LIMIT_DIRECTIVES=4, LIMIT_ROOT_FIELDS=5, LIMIT_BODY=6)
    set_(LIMIT_VARIABLES=7, RESPONSE_CACHE_BYTES=8)
    set_(BATCH=5, CORS_ORIGINS="https://app.example.com, http://localhost:3000, http://[::1]:3000")
    set_(MOST_CALLS=50, WALK_BACK_PAGES=4, CURSOR_KEYS=f"first-{MARKER}, second-{MARKER},", CONFIG=file)
    got = served()
    assert (got.host, got.port, got.admin_port, got.graphiql, got.introspection) == ("0.0.0.0", 1, 65535, False, False)  # noqa: S104
    assert (got.reads, got.deadline) == (ReadOptions(room=7, patience=0.25), 9)
    assert (got.walk_pages, got.walk_back_pages, got.most_calls) == (3, 4, 50)
    assert got.response_cache_bytes == 8
    assert got.watch == WatchOptions(Pace(7, 120), most=5, most_per_caller=6)
    assert got.lives == Lives(
        running=1, finished=7200, listing=3, absent=4, tags=300, token=360, revalidated=0, stale=420
    )
    assert got.batch == 5
    assert got.limits == Limits(tokens=1, depth=2, aliases=3, directives=4, root_fields=5, body=6, variables=7)
    assert got.cors_origins == ("https://app.example.com", "http://localhost:3000", "http://[::1]:3000")
    assert got.sagemaker == SageMakerOptions(connect_timeout=0.1, read_timeout=2, call_timeout=3, max_connections=4)
    assert got.rates == Rates(lists=0.5, describes=6, searches=7, tags=8.5, stops=9, attempts=5)
    assert got.cursor_keys == (f"first-{MARKER}", f"second-{MARKER}")
    assert [team.name for team in got.teams] == ["vision"]
    assert (got.api_keys, got.issuers) == ((), ())


def test_an_empty_setting_is_as_good_as_none(set_: Set) -> None:
    set_(**dict.fromkeys((field.upper() for field in Settings.model_fields), ""))
    assert read_settings() == Settings()
    assert read_settings().port == 8080


@pytest.mark.parametrize("word", ["on", "ON", "true", "1"])
def test_a_switch_is_on_or_off(set_: Set, word: str) -> None:
    for name, other in (("GRAPHIQL", "INTROSPECTION"), ("INTROSPECTION", "GRAPHIQL")):
        set_(**{name: word, other: "off"})
        got = configured(read_settings(), teams=())
        assert {"GRAPHIQL": got.graphiql, "INTROSPECTION": got.introspection} == {name: True, other: False}


WRONG = {
    "PORT": ["abc", "-1", "65536", "80.5"],
    "ADMIN_PORT": ["abc", "70000"],
    "GRPC_PORT": ["abc", "65536"],
    "GRPC_REFLECTION": ["maybe"],
    "CURSOR_KEYS": ["short", f"{MARKER},short", "fifteen-letters"],
    "GRAPHIQL": ["maybe"],
    "INTROSPECTION": ["2"],
    "APQ": ["perhaps"],
    "TRUSTED_DOCUMENTS": ["on", "required"],
    "BATCH": ["-1", "two"],
    "CORS_ORIGINS": [
        "*",
        "https://*.example.com",
        "null",
        "app.example.com",
        "https://app.example.com/",
        "https://app.example.com:443",
        "http://a.example:80",
        "https://App.example.com",
        "ftp://a.example",
    ],
    "LIMIT_TOKENS": ["0"],
    "LIMIT_DEPTH": ["0"],
    "LIMIT_ALIASES": ["many"],
    "LIMIT_DIRECTIVES": ["-1"],
    "LIMIT_ROOT_FIELDS": ["1.5"],
    "LIMIT_BODY": ["1 MiB"],
    "LIMIT_VARIABLES": ["0"],
    "COMPILED_OPERATIONS": ["perhaps"],
    "LOG": ["xml", "JSON"],
    "LIFE_RUNNING": ["soon", "0s", "-1s"],
    "LIFE_FINISHED": ["0"],
    "LIFE_LISTING": ["5 s"],
    "LIFE_ABSENT": ["0ms"],
    "LIFE_TAGS": ["1h30m"],
    "TOKEN_LIFE": ["nan"],
    "LIFE_REVALIDATED": ["-1s"],
    "LIFE_STALE": ["for ever"],
    "STALE_PATIENCE": ["0"],
    "DEADLINE": ["0s"],
    "REQUEST_TIMEOUT": ["0s", "25s", "soon"],
    "CONCURRENCY": ["0", "all"],
    "QUEUE": ["-1", "long"],
    "CONNECTIONS": ["0"],
    "LINGER": ["-1s"],
    "GRACE": ["0"],
    "MEMORY_BYTES": ["0", "many", "1.5"],
    "RESPONSE_CACHE_BYTES": ["-1", "many"],
    "WALK_PAGES": ["0"],
    "WALK_BACK_PAGES": ["0"],
    "MOST_CALLS": ["0", "all"],
    "WATCH_INTERVAL": ["0"],
    "WATCH_SLOWEST": ["slowly"],
    "WATCHES": ["0"],
    "LISTENERS_PER_CALLER": ["none"],
    "AWS_CONNECT_TIMEOUT": ["0s"],
    "AWS_READ_TIMEOUT": ["inf"],
    "AWS_CALL_TIMEOUT": ["1 minute"],
    "AWS_CONNECTIONS": ["0"],
    "AWS_ATTEMPTS": ["0", "2.5"],
    "RATE_LIST": ["0", "-1", "inf", "nan", "2/s"],
    "RATE_DESCRIBE": ["0"],
    "RATE_SEARCH": ["fast"],
    "RATE_TAGS": ["0"],
    "RATE_STOP": ["0"],
    "STORE_URL": ["cache:6379", "http://cache"],
    "STORE_TIMEOUT": ["0ms"],
    "STORE_TAKEOVER": ["soon"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_setting_is_named_in_one_line(set_: Set, name: str, value: str) -> None:
    set_(**{name: value})
    (line,) = lines_of(read_settings)
    assert line.startswith(f"GATEWAY_{name}: ")
    assert len(line) > len(f"GATEWAY_{name}: ")


def test_every_setting_that_can_be_wrong_is_tried_above() -> None:
    assert {field.upper() for field in Settings.model_fields} - set(WRONG) == {
        "HOST",
        "CONFIG",
        "TRUSTED_MANIFEST",
        "GRPC_TLS_CERT",
        "GRPC_TLS_KEY",
        "GRPC_TLS_CLIENT_CA",
    }


def test_all_wrong_settings_are_told_at_once(set_: Set) -> None:
    set_(**{name: values[0] for name, values in WRONG.items()})
    assert [line.partition(":")[0] for line in lines_of(read_settings)] == [f"GATEWAY_{name}" for name in WRONG]


@pytest.mark.parametrize("name", WRONG)
def test_no_value_of_a_setting_is_ever_told(set_: Set, name: str) -> None:
    value = MARKER if name != "CURSOR_KEYS" else f"{MARKER},{MARKER[:-4]}"
    set_(**{name: value})
    told = "\n".join(lines_of(read_settings))
    assert MARKER[:6] not in told


def test_a_request_has_more_time_than_it_waits_for_aws(set_: Set) -> None:
    set_(DEADLINE="40s")
    (line,) = lines_of(read_settings)
    assert line.startswith("GATEWAY_REQUEST_TIMEOUT: must be longer than GATEWAY_DEADLINE")
    set_(REQUEST_TIMEOUT="45s")
    assert read_settings().request_timeout == 45


def test_an_origin_with_a_star_is_refused_with_the_reason(set_: Set) -> None:
    set_(CORS_ORIGINS="https://app.example.com, *")
    (line,) = lines_of(read_settings)
    assert "any page could then try tokens" in line


def test_settings_do_not_tell_their_secrets(set_: Set) -> None:
    set_(CURSOR_KEYS=MARKER)
    settings = read_settings()
    assert MARKER not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_serve_needs_a_cursor_key_and_a_file_and_says_so_at_once() -> None:
    lines = lines_of(served)
    assert [line.partition(":")[0] for line in lines] == ["GATEWAY_CURSOR_KEYS", "GATEWAY_CONFIG"]


def test_a_key_of_nothing_but_commas_is_none(set_: Set, file: Path) -> None:
    set_(CURSOR_KEYS=" , ,", CONFIG=file)
    (line,) = lines_of(served)
    assert line.startswith("GATEWAY_CURSOR_KEYS: needed")


def test_what_is_wrong_in_the_environment_and_in_the_file_is_told_at_once(set_: Set, file: Path) -> None:
    file.write_text(FILE.replace("us-east-1", "Virginia") + "colour: blue\n")
    set_(CONFIG=file)
    places = [line.partition(":")[0] for line in lines_of(served)]
    assert places == ["GATEWAY_CURSOR_KEYS", "teams.vision.region", "colour"]


MANIFEST = """{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
    {"id": "v1", "name": "V", "type": "query", "body": "query V { viewer { subject } }"}]}"""


def test_the_manifest_is_read_where_it_counts_and_told_of_with_all_else(set_: Set, file: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(MANIFEST)
    set_(CONFIG=file, CURSOR_KEYS=MARKER, TRUSTED_DOCUMENTS="require", TRUSTED_MANIFEST=manifest, APQ="off")
    got = served()
    assert (got.trust, list(got.trusted.texts), got.apq) == (Trust.REQUIRE, ["v1"], False)
    manifest.write_text(MANIFEST.replace("subject", "nope"))
    file.write_text(FILE + "colour: blue\n")
    assert [line.partition(":")[0] for line in lines_of(served)] == ["colour", "GATEWAY_TRUSTED_MANIFEST"]
    set_(TRUSTED_DOCUMENTS="off")
    file.write_text(FILE)
    assert served().trusted.texts == {}


def test_trusted_documents_need_a_manifest(set_: Set, file: Path) -> None:
    set_(CONFIG=file, CURSOR_KEYS=MARKER, TRUSTED_DOCUMENTS="prefer")
    (line,) = lines_of(served)
    assert line.startswith("GATEWAY_TRUSTED_MANIFEST: needed")


def test_a_variable_that_only_looks_like_a_setting_is_a_stranger(set_: Set) -> None:
    set_(PROT=MARKER, SERVICE_HOST=MARKER, PORT="8081")
    assert read_settings().port == 8081
    assert set(strangers()) == {"GATEWAY_PROT", "GATEWAY_SERVICE_HOST"}


def test_our_own_variables_are_no_strangers(set_: Set, file: Path) -> None:
    set_(PORT="8081", CONFIG=file, CURSOR_KEYS=MARKER)
    assert strangers() == []
