"""Bearer tokens: what an honest one says, and every way of forging one. How keys are had is another page's affair."""

import base64

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import PublicFormat
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.errors import Unauthenticated
from gateway.identity import Caller, Identity, Issuer, Permission
from tests.identity import provider, signing
from tests.identity.signing import EXPIRED, NOT_VALID, encoded, signed_with_a_public_key

NOW = 1_790_000_000
ISSUER, OTHER = "https://id.example.com", "https://id.elsewhere.example.com"
KEY, OTHER_KEY = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
STRANGERS_KEY = ec.generate_private_key(ec.SECP256R1())
IDENTITY = Identity(
    (
        Issuer(ISSUER, "tuning-gateway", ("ES256",), key=KEY.public_key()),
        Issuer(OTHER, "tuning-gateway", ("RS256",), "realm.groups.tuning", "scope", key=OTHER_KEY.public_key()),
    ),
    (),
    wall=lambda: NOW,
)


def claims(**changes: object) -> dict[str, object]:
    return signing.claims(ISSUER, NOW, **changes)


def signed(
    payload: dict[str, object],
    key: PrivateKeyTypes = KEY,
    algorithm: str = "ES256",
    headers: dict[str, object] | None = None,
) -> str:
    return signing.signed(payload, key, algorithm, headers=headers)


async def caller(token: str) -> Caller:
    return await provider.caller(IDENTITY, token)


async def refusal(token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await caller(token)
    assert refused.value.__cause__ is None
    return str(refused.value)


async def test_an_honest_token_speaks_for_its_subject() -> None:
    assert await caller(signed(claims())) == Caller("ada", ("vision",), frozenset({Permission.READ}), NOW + 3600)


async def test_each_issuer_has_its_own_key_algorithm_and_claims() -> None:
    payload = claims(iss=OTHER, teams=None, realm={"groups": {"tuning": ["nlp"]}}, scope="read stop")
    everything = frozenset({Permission.READ, Permission.STOP})
    assert await caller(signed(payload, OTHER_KEY, "RS256")) == Caller("ada", ("nlp",), everything, NOW + 3600)


async def test_one_of_several_audiences_is_enough() -> None:
    assert (await caller(signed(claims(aud=["billing", "tuning-gateway"])))).subject == "ada"


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
        pytest.param({"nbf": NOW + 600}, id="not valid yet"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"iss": "https://id.unknown.example.com"}, id="unknown issuer"),
        pytest.param({"iss": ISSUER + "/"}, id="nearly the issuer"),
        pytest.param({"iss": OTHER}, id="the other issuer, with this one's key"),
    ],
)
async def test_a_well_signed_token_with_wrong_claims_is_refused(changes: dict[str, object]) -> None:
    assert await refusal(signed(claims(**changes))) == NOT_VALID


@pytest.mark.parametrize("issuer", [7, True, [ISSUER], {"iss": ISSUER}, [], {}])
async def test_an_issuer_that_is_not_a_text_is_refused(issuer: object) -> None:
    token = signed(claims())
    header, _, signature = token.split(".")
    assert await refusal(f"{header}.{encoded(claims(iss=issuer))}.{signature}") == NOT_VALID


async def test_clocks_may_differ_by_half_a_minute() -> None:
    assert (await caller(signed(claims(exp=NOW - 25)))).subject == "ada"
    assert (await caller(signed(claims(nbf=NOW + 25)))).subject == "ada"
    assert await refusal(signed(claims(exp=NOW - 35))) == EXPIRED
    assert await refusal(signed(claims(nbf=NOW + 60))) == NOT_VALID


async def test_nobody_learns_from_a_forged_token_that_it_has_expired() -> None:
    assert await refusal(signed(claims(exp=1), STRANGERS_KEY)) == NOT_VALID


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
            signed_with_a_public_key(claims(), KEY),
            id="HS256 with the EC public key",
        ),
        pytest.param(
            signed_with_a_public_key(claims(iss=OTHER), OTHER_KEY),
            id="HS256 with the RSA public key",
        ),
        pytest.param(
            signed_with_a_public_key(claims(iss=OTHER), OTHER_KEY, PublicFormat.PKCS1),
            id="HS256 with the RSA public key's other form",
        ),
    ],
)
async def test_a_forged_token_is_refused(token: str) -> None:
    assert await refusal(token) == NOT_VALID


async def test_a_token_altered_after_signing_is_refused() -> None:
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
        assert await refusal(altered) == NOT_VALID


@given(st.text(st.characters(), max_size=50) | st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,40}){2,4}"))
@example("")
@example("..")
@example("\ud800.\ud800.\ud800")
@example(f"{encoded({'alg': 'ES256'})}.{base64.urlsafe_b64encode(b'[' * 5000).decode()}.AAAA")
@example(f"{encoded({'alg': 'ES256'})}.{base64.urlsafe_b64encode(b'1' * 5000).decode()}.AAAA")
async def test_garbage_is_refused(token: str) -> None:
    assert await refusal(token) == NOT_VALID


async def test_a_huge_token_is_refused_before_it_is_looked_at() -> None:
    assert await refusal(signed(claims(teams=["vision" * 2000]))) == "This token is longer than 8192 characters."
    assert (await caller(signed(claims(teams=["vision" * 500])))).subject == "ada"


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
async def test_teams_are_a_list_or_a_text_and_anything_else_is_none(teams: object, named: tuple[str, ...]) -> None:
    assert (await caller(signed(claims(teams=teams)))).teams == named


@pytest.mark.parametrize("realm", [None, "groups", ["groups"], {"groups": ["nlp"]}, {"groups": {"other": ["nlp"]}}])
async def test_a_dotted_path_that_leads_nowhere_gives_no_teams(realm: object) -> None:
    payload = claims(iss=OTHER, realm=realm) | {"realm.groups.tuning": ["vision"]}
    assert (await caller(signed(payload, OTHER_KEY, "RS256"))).teams == ()


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
async def test_permissions_not_known_are_dropped_and_reading_is_what_is_left(
    permissions: object, given_: set[Permission]
) -> None:
    assert (await caller(signed(claims(permissions=permissions)))).permissions == given_
