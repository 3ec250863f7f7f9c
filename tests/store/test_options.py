"""Where the store is: as people write it, and never shown."""

import traceback
from typing import Any

import pytest

from gateway.config import ConfigError, configured, read_settings
from gateway.store import StoreOptions, reached

GOOD: list[tuple[str, dict[str, Any]]] = [
    ("redis://cache", {"host": "cache"}),
    ("valkey://cache:7000/3", {"host": "cache", "port": 7000, "db": 3}),
    ("redis://:s3cret@cache", {"host": "cache", "password": "s3cret"}),
    ("redis://me:s3%2Fcret@[::1]:7000", {"host": "::1", "port": 7000, "username": "me", "password": "s3/cret"}),
    ("unix:///run/valkey.sock?db=2", {"path": "/run/valkey.sock", "db": 2}),
]
BAD = [
    "",
    "cache:6379",
    "http://s3cret@cache",
    "redis://",
    "redis://:s3cret@",
    "redis://me:s3/cret@cache",
    "redis://me:s3#cret@cache",
    "redis://cache:s3cret",
    "redis://cache:0",
    "redis://cache/s3cret",
    "redis://cache?socket_timeout=s3cret",
    "rediss://cache?ssl_cert_reqs=none",
    "redis://cache?db=s3cret",
    "redis://cache?s3cret",
    "unix://s3cret",
    "redis://[s3cret",
]


@pytest.mark.parametrize(("url", "wanted"), GOOD)
def test_an_address_leads_where_it_says(url: str, wanted: dict[str, Any]) -> None:
    found = reached(url)
    found.pop("connection_class", None)
    assert found == wanted


@pytest.mark.parametrize("url", ["rediss://cache", "valkeys://cache?ssl_ca_certs=/etc/ca.pem"])
def test_an_address_with_tls_has_tls(url: str) -> None:
    assert reached(url)["connection_class"].__name__ == "SSLConnection"


@pytest.mark.parametrize("url", BAD)
def test_a_bad_address_is_refused_without_being_shown(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="takes an address such as redis://") as refused:
        StoreOptions(url)
    assert "s3" not in "".join(traceback.format_exception(refused.value)).split("\n\n")[-1].splitlines()[-1]
    assert refused.value.__cause__ is None
    if url:
        monkeypatch.setenv("GATEWAY_STORE_URL", url)
        with pytest.raises(ConfigError, match=r"^GATEWAY_STORE_URL: takes an address such as redis://") as problem:
            read_settings()
        assert "s3" not in str(problem.value)


def test_the_settings_reach_the_store_and_show_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured(read_settings(), teams=()).store is None
    monkeypatch.setenv("GATEWAY_STORE_URL", "valkeys://me:s3cret@cache")
    monkeypatch.setenv("GATEWAY_STORE_TIMEOUT", "70ms")
    monkeypatch.setenv("GATEWAY_STORE_TAKEOVER", "3s")
    settings = read_settings()
    configuration = configured(settings, teams=())
    assert configuration.store == StoreOptions("valkeys://me:s3cret@cache", 0.07, 3.0)
    assert "s3cret" not in f"{settings!r}{configuration!r}"
