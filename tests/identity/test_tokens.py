"""Bearer tokens: what an honest one says, and every way of forging one."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.errors import Unauthenticated
from gateway.identity import Caller, Identity, Issuer, Permission

ISSUER, OTHER = "https://id.example.com", "https://id.elsewhere.example.com"
KEY, OTHER_KEY = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
STRANGERS_KEY = ec.generate_private_key(ec.SECP256R1())
IDENTITY = Identity(
    (
        Issuer(ISSUER, "tuning-gateway", KEY.public_key(), ("ES256",)),
        Issuer(OTHER, "tuning-gateway", OTHER_KEY.public_key(), ("RS256",), "realm.groups.tuning", "scope"),
    ),
    (),
)
NOT_VALID, EXPIRED = "This token is not valid here.", "This token has expired."


def claims(**changes: object) -> dict[str, object]:
    """The claims of an honest token, changed; what is changed to None is left out."""
    honest = {"iss": ISSUER, "aud": "tuning-gateway", "sub": "ada", "exp": int(time.time()) + 3600, "teams": ["vision"]}
    return {name: value for name, value in (honest | changes).items() if value is not None}


def signed(
    payload: dict[str, object],
    key: PrivateKeyTypes = KEY,
    algorithm: str = "ES256",
    headers: dict[str, object] | None = None,
) -> str:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return jwt.encode(payload, pem, algorithm, headers=headers)


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def signed_with_a_public_key(payload: Mapping[str, object], key: PrivateKeyTypes, form: PublicFormat) -> str:
    """HS256 with the text of a public key for a secret: it verifies wherever the header chooses the algorithm."""
    text = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded(payload)}"
    secret = key.public_key().public_bytes(Encoding.PEM, form)
    mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def caller(token: str) -> Caller:
    return IDENTITY.identify(authorization=f"Bearer {token}", api_key=None)


def refusal(token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        caller(token)
    assert refused.value.__cause__ is None
    return str(refused.value)


def test_an_honest_token_speaks_for_its_subject() -> None:
    assert caller(signed(claims())) == Caller("ada", ("vision",), frozenset({Permission.READ}))


def test_each_issuer_has_its_own_key_algorithm_and_claims() -> None:
    payload = claims(iss=OTHER, teams=None, realm={"groups": {"tuning": ["nlp"]}}, scope="read stop")
    everything = frozenset({Permission.READ, Permission.STOP})
    assert caller(signed(payload, OTHER_KEY, "RS256")) == Caller("ada", ("nlp",), everything)


def test_one_of_several_audiences_is_enough() -> None:
    assert caller(signed(claims(aud=["billing", "tuning-gateway"]))).subject == "ada"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"aud": "another-service"}, id="wrong audience"),
        pytest.param({"aud": ["another-service"]}, id="wrong audiences"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"exp": None}, id="never expires"),
        pytest.param({"exp": "tomorrow"}, id="expires in words"),
        pytest.param({"exp": float("inf")}, id="expires never"),
        pytest.param({"sub": None}, id="no subject"),
        pytest.param({"sub": 7}, id="subject is a number"),
        pytest.param({"nbf": int(time.time()) + 600}, id="not valid yet"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"iss": "https://id.unknown.example.com"}, id="unknown issuer"),
        pytest.param({"iss": ISSUER + "/"}, id="nearly the issuer"),
        pytest.param({"iss": OTHER}, id="the other issuer, with this one's key"),
    ],
)
def test_a_well_signed_token_with_wrong_claims_is_refused(changes: dict[str, object]) -> None:
    assert refusal(signed(claims(**changes))) == NOT_VALID


@pytest.mark.parametrize("issuer", [7, True, [ISSUER], {"iss": ISSUER}, [], {}])
def test_an_issuer_that_is_not_a_text_is_refused(issuer: object) -> None:
    token = signed(claims())
    header, _, signature = token.split(".")
    assert refusal(f"{header}.{encoded(claims(iss=issuer))}.{signature}") == NOT_VALID


def test_clocks_may_differ_by_half_a_minute() -> None:
    now = int(time.time())
    assert caller(signed(claims(exp=now - 25))).subject == "ada"
    assert caller(signed(claims(nbf=now + 25))).subject == "ada"
    assert refusal(signed(claims(exp=now - 35))) == EXPIRED
    assert refusal(signed(claims(nbf=now + 60))) == NOT_VALID


def test_nobody_learns_from_a_forged_token_that_it_has_expired() -> None:
    assert refusal(signed(claims(exp=1), STRANGERS_KEY)) == NOT_VALID


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(signed(claims(), STRANGERS_KEY), id="a stranger's key"),
        pytest.param(signed(claims(), STRANGERS_KEY, headers={"kid": "../../key.pem"}), id="a key id that is a path"),
        pytest.param(
            signed(
                claims(),
                STRANGERS_KEY,
                headers={"jwk": jwt.algorithms.ECAlgorithm.to_jwk(STRANGERS_KEY.public_key(), as_dict=True)},
            ),
            id="a stranger's key, brought along",
        ),
        pytest.param(signed(claims(iss=OTHER), OTHER_KEY, "PS256"), id="right key, algorithm not taken"),
        pytest.param(signed(claims(), OTHER_KEY, "RS256"), id="the other issuer's key and algorithm"),
        pytest.param(f"{encoded({'alg': 'none'})}.{encoded(claims())}.", id="algorithm none"),
        pytest.param(f"{encoded({'alg': 'None', 'typ': 'JWT'})}.{encoded(claims())}.", id="algorithm None"),
        pytest.param(f"{encoded({'alg': ['ES256']})}.{encoded(claims())}.AAAA", id="a list of algorithms"),
        pytest.param(f"{encoded({})}.{encoded(claims())}.AAAA", id="no algorithm"),
        pytest.param(f"{encoded([])}.{encoded(claims())}.AAAA", id="a header that is a list"),
        pytest.param(f"{encoded({'alg': 'ES256'})}.{encoded([])}.AAAA", id="claims that are a list"),
        pytest.param(
            signed_with_a_public_key(claims(), KEY, PublicFormat.SubjectPublicKeyInfo),
            id="HS256 with the EC public key",
        ),
        pytest.param(
            signed_with_a_public_key(claims(iss=OTHER), OTHER_KEY, PublicFormat.SubjectPublicKeyInfo),
            id="HS256 with the RSA public key",
        ),
        pytest.param(
            signed_with_a_public_key(claims(iss=OTHER), OTHER_KEY, PublicFormat.PKCS1),
            id="HS256 with the RSA public key's other form",
        ),
    ],
)
def test_a_forged_token_is_refused(token: str) -> None:
    assert refusal(token) == NOT_VALID


def test_a_token_altered_after_signing_is_refused() -> None:
    header, payload, signature = signed(claims()).split(".")
    middle = len(signature) // 2
    other = "A" if signature[middle] != "A" else "B"
    for altered in (
        f"{header}.{encoded(claims(teams=['vision', 'nlp']))}.{signature}",
        f"{encoded({'alg': 'ES256', 'typ': 'at+jwt'})}.{payload}.{signature}",
        f"{header}.{payload}.{signature[:middle]}{other}{signature[middle + 1 :]}",
        f"{header}.{payload}.{signature[:-8]}",
        f"{header}.{payload}.",
        f"{header}.{payload}",
    ):
        assert refusal(altered) == NOT_VALID


@given(st.text(st.characters(), max_size=50) | st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,40}){2,4}"))
@example("")
@example("..")
@example("\ud800.\ud800.\ud800")
@example(f"{encoded({'alg': 'ES256'})}.{base64.urlsafe_b64encode(b'[' * 5000).decode()}.AAAA")
@example(f"{encoded({'alg': 'ES256'})}.{base64.urlsafe_b64encode(b'1' * 5000).decode()}.AAAA")
def test_garbage_is_refused(token: str) -> None:
    assert refusal(token) == NOT_VALID


def test_a_huge_token_is_refused_before_it_is_looked_at() -> None:
    assert refusal(signed(claims(teams=["vision" * 2000]))) == "This token is longer than 8192 characters."
    assert caller(signed(claims(teams=["vision" * 500]))).subject == "ada"


@pytest.mark.parametrize(
    ("teams", "named"),
    [
        (["vision", "nlp"], ("vision", "nlp")),
        ([], ()),
        ("vision  nlp", ("vision", "nlp")),
        ("", ()),
        (None, ()),
        (7, ()),
        ({"vision": True}, ()),
        (["vision", 7], ()),
        ([["vision"]], ()),
    ],
)
def test_teams_are_a_list_or_a_text_and_anything_else_is_none(teams: object, named: tuple[str, ...]) -> None:
    assert caller(signed(claims(teams=teams))).teams == named


@pytest.mark.parametrize("realm", [None, "groups", ["groups"], {"groups": ["nlp"]}, {"groups": {"other": ["nlp"]}}])
def test_a_dotted_path_that_leads_nowhere_gives_no_teams(realm: object) -> None:
    payload = claims(iss=OTHER, realm=realm) | {"realm.groups.tuning": ["vision"]}
    assert caller(signed(payload, OTHER_KEY, "RS256")).teams == ()


@pytest.mark.parametrize(
    ("permissions", "given_"),
    [
        (["read", "stop"], {Permission.READ, Permission.STOP}),
        ("stop", {Permission.STOP}),
        (["stop", "administer", "READ"], {Permission.STOP}),
        (["administer"], {Permission.READ}),
        ([], {Permission.READ}),
        (None, {Permission.READ}),
        ({"stop": True}, {Permission.READ}),
        (["stop", 7], {Permission.READ}),
    ],
)
def test_permissions_not_known_are_dropped_and_reading_is_what_is_left(
    permissions: object, given_: set[Permission]
) -> None:
    assert caller(signed(claims(permissions=permissions))).permissions == given_
