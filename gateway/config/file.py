"""The YAML file GATEWAY_CONFIG names: the teams, and those who may speak for them."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationError,
)

from gateway.config.problems import ConfigError, Place, problems
from gateway.config.strict_yaml import load
from gateway.identity import ALGORITHMS, ApiKey, Issuer, Permission, is_safe
from gateway.model.target import Role, Target
from gateway.teams import Ownership, OwnsAll, OwnsPrefix, OwnsTag, Team, entangled

_Name = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$")]
_RoleArn = Annotated[
    str, StringConstraints(pattern=r"^arn:[a-z-]+:iam::[0-9]{12}:role/[a-zA-Z0-9_+=,.@/-]+$", max_length=2048)
]
_ExternalId = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_+=,.@:/-]+$", min_length=2, max_length=1224)]
_TagText = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class _Strict(BaseModel):
    """Refuses what it does not know: a misspelt setting must not pass for a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _OwnsPrefix(_Strict):
    prefix: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9-]{0,31}$")]


class _OwnsTag(_Strict):
    tag: Annotated[dict[_TagText, _TagText], Field(min_length=1, max_length=1)]


def _rule(owns: object) -> str:
    """Which rule is meant, so that what is wrong is told of that rule alone."""
    return next((rule for rule in ("prefix", "tag") if isinstance(owns, dict) and rule in owns), "all")


class _Team(_Strict):
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,}(-[a-z]+)+-[0-9]+$")]
    account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
    owns: Annotated[
        Annotated[Literal["all"], Tag("all")] | Annotated[_OwnsPrefix, Tag("prefix")] | Annotated[_OwnsTag, Tag("tag")],
        Discriminator(_rule),
    ]
    role_arn: _RoleArn | None = None
    external_id: _ExternalId | None = None

    def named(self, name: str) -> Team:
        session = f"tuning-gateway-{name}"[:64]  # the most that AWS takes
        role = None if self.role_arn is None else Role(self.role_arn, self.external_id, session)
        return Team(name, Target(self.account, self.region), self._ownership(), role)

    def _ownership(self) -> Ownership:
        if isinstance(self.owns, _OwnsPrefix):
            return OwnsPrefix(self.owns.prefix)
        if isinstance(self.owns, _OwnsTag):
            return OwnsTag(*next(iter(self.owns.tag.items())))
        return OwnsAll()


class _ApiKey(_Strict):
    id: _Name
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
    teams: Annotated[tuple[_Name, ...], Field(min_length=1)]
    permissions: Annotated[tuple[Permission, ...], Field(min_length=1)] = (Permission.READ,)

    def key(self) -> ApiKey:
        return ApiKey(self.id, self.sha256.lower(), self.teams, frozenset(self.permissions))


def _address(text: str) -> str:
    if not is_safe(text):
        raise ValueError("takes an https address; http only for 127.0.0.1, localhost and ::1")
    return text


def _issuer_address(text: str) -> str:
    if "?" in text or "#" in text:  # OpenID Connect Core 1.0, section 2
        raise ValueError("takes an address without a query or a fragment")
    return _address(text)


def _algorithm(text: str) -> str:
    if text not in ALGORITHMS:
        raise ValueError(
            f"takes {', '.join(ALGORITHMS)}; never none, nor one with a shared secret (HS256 and its like)"
        )
    return text


_Path = Annotated[str, StringConstraints(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]


class _Issuer(_Strict):
    issuer: Annotated[str, AfterValidator(_issuer_address)]
    jwks_url: Annotated[str, AfterValidator(_address)] | None = None
    audience: Annotated[str, StringConstraints(min_length=1)]
    teams_claim: _Path = "teams"
    permissions_claim: _Path = "permissions"
    algorithms: Annotated[tuple[Annotated[str, AfterValidator(_algorithm)], ...], Field(min_length=1)] = (
        "RS256",
        "ES256",
    )

    def trusted(self) -> Issuer:
        return Issuer(
            self.issuer,
            self.audience,
            self.algorithms,
            self.teams_claim,
            self.permissions_claim,
            jwks_url=self.jwks_url,
        )


class _Identity(_Strict):
    issuers: tuple[_Issuer, ...] = ()
    api_keys: tuple[_ApiKey, ...] = ()


class _File(_Strict):
    teams: Annotated[dict[_Name, _Team], Field(min_length=1)]
    identity: _Identity = _Identity()


def read_file(path: Path) -> tuple[tuple[Team, ...], tuple[ApiKey, ...], tuple[Issuer, ...]]:
    """The teams, the API keys and the issuers in a file. Raises ConfigError with all that is wrong in it."""
    try:
        content = _File.model_validate(load(path))
    except ValidationError as error:
        raise problems(error, _dotted) from None
    teams = tuple(team.named(name) for name, team in content.teams.items())
    _check(teams, content.identity)
    issuers = tuple(issuer.trusted() for issuer in content.identity.issuers)
    return teams, tuple(key.key() for key in content.identity.api_keys), issuers


def _check(teams: tuple[Team, ...], identity: _Identity) -> None:
    names = {team.name for team in teams}
    wrong = [
        f"teams.{inner.name}.owns: its prefix begins with that of {outer.name}, which would own its jobs too"
        for outer, inner in entangled(teams)
    ]
    wrong += [
        f"identity.api_keys.{key.id}.teams: {name} is not one of the teams"
        for key in identity.api_keys
        for name in key.teams
        if name not in names
    ]
    named = [issuer.issuer for issuer in identity.issuers]
    wrong += [
        f"identity.issuers.{place}.issuer: the same as that of identity.issuers.{named.index(name)}"
        for place, name in enumerate(named)
        if named.index(name) < place
    ]
    if wrong:
        raise ConfigError(wrong)


def _dotted(place: Place) -> str:
    # pydantic names the rule that it took `owns` for; the user wrote no such thing.
    named = [str(part) for index, part in enumerate(place) if not (index > 0 and place[index - 1] == "owns")]
    return ".".join(named) or "GATEWAY_CONFIG"
