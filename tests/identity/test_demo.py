"""The demo's issuer: one key pair per machine, whoever makes it first."""

import subprocess
import sys
import time
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gateway.errors import Unauthenticated
from gateway.identity import Caller, Identity, Permission
from gateway.identity.demo import DemoIssuer

MAKER = """
import pathlib, sys
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from gateway.identity.demo import DemoIssuer
print("ready", flush=True)
sys.stdin.readline()
key = DemoIssuer(pathlib.Path(sys.argv[1])).issuer().key
print(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
"""


def text(key: PublicKeyTypes | None) -> str:
    assert key is not None
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def claims_of(token: str) -> dict[str, object]:
    return jwt.decode(token, options={"verify_signature": False})


async def test_the_demos_gateway_knows_the_demos_tokens(tmp_path: Path) -> None:
    demo = DemoIssuer(tmp_path)
    token = demo.token(["vision", "nlp"], permissions=["stop"])
    caller = await Identity((demo.issuer(),), ()).identify(authorization=f"Bearer {token}", api_key=None)
    everything = frozenset({Permission.READ, Permission.STOP})
    assert caller == Caller("demo", ("vision", "nlp"), everything, float(str(claims_of(token)["exp"])))


async def test_a_token_reads_and_does_no_more_unless_it_was_asked_for(tmp_path: Path) -> None:
    demo = DemoIssuer(tmp_path)
    caller = await Identity((demo.issuer(),), ()).identify(
        authorization=f"Bearer {demo.token(['vision'])}", api_key=None
    )
    assert caller.permissions == {Permission.READ}


async def test_a_token_lives_as_long_as_was_asked(tmp_path: Path) -> None:
    demo = DemoIssuer(tmp_path)
    before = int(time.time())
    claims = claims_of(demo.token(["vision"], ttl=90))
    assert claims["exp"] == int(str(claims["iat"])) + 90
    assert before <= int(str(claims["iat"])) <= time.time()
    assert claims_of(demo.token(["vision"]))["exp"] == pytest.approx(before + 3600, abs=5)
    with pytest.raises(Unauthenticated, match="expired"):
        await Identity((demo.issuer(),), ()).identify(
            authorization=f"Bearer {demo.token(['vision'], ttl=-60)}", api_key=None
        )


def test_no_two_tokens_are_the_same(tmp_path: Path) -> None:
    demo = DemoIssuer(tmp_path)
    assert claims_of(demo.token(["vision"]))["jti"] != claims_of(demo.token(["vision"]))["jti"]


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    directory = tmp_path / "not" / "there yet"
    first, second = DemoIssuer(directory), DemoIssuer(directory)
    assert text(first.issuer().key) == text(second.issuer().key)
    (path,) = directory.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_another_machines_tokens_are_refused(tmp_path: Path) -> None:
    here, there = DemoIssuer(tmp_path / "here"), DemoIssuer(tmp_path / "there")
    with pytest.raises(Unauthenticated):
        await Identity((here.issuer(),), ()).identify(authorization=f"Bearer {there.token(['vision'])}", api_key=None)


def test_a_key_made_meanwhile_by_somebody_else_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[DemoIssuer] = []
    generate = ec.generate_private_key

    def late(curve: ec.EllipticCurve) -> ec.EllipticCurvePrivateKey:
        monkeypatch.undo()
        others.append(DemoIssuer(tmp_path))  # somebody has looked, made a key and put it there since we looked
        return generate(curve)

    monkeypatch.setattr(ec, "generate_private_key", late)
    ours = DemoIssuer(tmp_path)
    assert [text(other.issuer().key) for other in others] == [text(ours.issuer().key)]
    assert text(DemoIssuer(tmp_path).issuer().key) == text(ours.issuer().key)
    assert len(list(tmp_path.iterdir())) == 1


def test_processes_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for maker in makers:
        assert maker.stdout is not None
        assert maker.stdout.readline() == "ready\n"
    keys = {maker.communicate("go\n", timeout=30)[0] for maker in makers}
    assert keys == {text(DemoIssuer(tmp_path).issuer().key) + "\n"}
    assert [maker.returncode for maker in makers] == [0, 0, 0]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_holds_another_kind_of_key_is_named(tmp_path: Path) -> None:
    DemoIssuer(tmp_path)
    (path,) = tmp_path.iterdir()
    key = rsa.generate_private_key(65537, 2048)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(TypeError, match="remove it to have one made"):
        DemoIssuer(tmp_path)
