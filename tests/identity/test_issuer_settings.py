"""Which addresses keys may be fetched from."""

import pytest

from gateway.identity import Issuer, is_safe


@pytest.mark.parametrize(
    "address",
    [
        "https://id.example.com",
        "https://id.example.com/realms/company/",
        "https://id.example.com:8443/keys?policy=b2c",
        "http://127.0.0.1:8080",
        "http://localhost/keys",
        "http://[::1]:8080/keys",
    ],
)
def test_an_address_nobody_else_can_answer_for_is_safe(address: str) -> None:
    assert is_safe(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "id.example.com",
        "http://id.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1@id.example.com",
        "http://0.0.0.0",
        "https://",
        "https:///keys",
        "https://user:password@id.example.com",
        "https://id.example.com:port",
        "https://id.example.com:99999",
        "http://[::1",
        "ftp://localhost",
        "urn:tuning-gateway:demo",
    ],
)
def test_any_other_address_is_not(address: str) -> None:
    assert not is_safe(address)


def test_only_an_issuer_in_this_machine_may_publish_its_keys_in_it() -> None:
    outside, inside = (Issuer(name, "tuning-gateway") for name in ("https://id.example.com", "http://localhost:8080"))
    for address in ("http://127.0.0.1:8080/keys", "http://localhost/keys"):
        assert inside.may_publish_at(address)
        assert not outside.may_publish_at(address)
    assert inside.may_publish_at("https://keys.example.com/")
    assert outside.may_publish_at("https://keys.example.com/")
