"""What asks for a WebSocket without a handshake is the caller's fault, and nobody is woken for it."""

import pytest

from tests.running import Running

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Connection", "keep-alive"),
        ("Sec-WebSocket-Key", None),
        ("Sec-WebSocket-Key", "!!"),
        ("Sec-WebSocket-Key", "YWJj"),
        ("Sec-WebSocket-Key", "é"),
        ("Sec-WebSocket-Version", None),
        ("Sec-WebSocket-Version", "6"),
    ],
)
async def test_what_is_no_handshake_is_refused_with_what_it_lacks(
    gateway: Running, capsys: pytest.CaptureFixture[str], name: str, sent: str | None
) -> None:
    headers = {key: value for key, value in (HANDSHAKE | {name: sent}).items() if value is not None}
    async with gateway.http.get(f"{gateway.address}/graphql", headers=headers) as response:
        assert response.status == 400
        assert response.headers["Sec-WebSocket-Version"] == "13"
        assert response.headers["X-Request-Id"]
        (error,) = (await response.json())["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert name in error["message"]
    assert "failed_unexpectedly" not in capsys.readouterr().out
