"""The YAML file GATEWAY_CONFIG names: the teams, and those who may speak for them."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gateway.config.problems import ConfigError, Place, problems
from gateway.identity import ApiKey, Permission
from gateway.model.target import Target
from gateway.teams import Ownership, OwnsAll, OwnsPrefix, Team, entangled

_Name = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$")]


class _Strict(BaseModel):
    """Refuses what it does not know: a misspelt setting must not pass for a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Owns(_Strict):
    prefix: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9-]{0,31}$")]


class _Team(_Strict):
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
    owns: Literal["all"] | _Owns

    def named(self, name: str) -> Team:
        ownership: Ownership = OwnsPrefix(self.owns.prefix) if isinstance(self.owns, _Owns) else OwnsAll()
        return Team(name, Target(self.account, self.region), ownership)


class _ApiKey(_Strict):
    id: _Name
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
    teams: Annotated[tuple[_Name, ...], Field(min_length=1)]
    permissions: Annotated[tuple[Permission, ...], Field(min_length=1)] = (Permission.READ,)

    def key(self) -> ApiKey:
        return ApiKey(self.id, self.sha256.lower(), self.teams, frozenset(self.permissions))


class _Identity(_Strict):
    api_keys: tuple[_ApiKey, ...] = ()


class _File(_Strict):
    teams: Annotated[dict[_Name, _Team], Field(min_length=1)]
    identity: _Identity = _Identity()


def read_file(path: Path) -> tuple[tuple[Team, ...], tuple[ApiKey, ...]]:
    """The teams and the API keys in a file. Raises ConfigError with all that is wrong in it."""
    try:
        content = _File.model_validate(yaml.safe_load(path.read_text()))
    except OSError as error:
        raise ConfigError([f"GATEWAY_CONFIG: cannot read {path}: {error.strerror}"]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = error.problem_mark.line + 1 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else "?"
        raise ConfigError([f"GATEWAY_CONFIG: {path}, line {line}: this is not YAML"]) from None
    except ValidationError as error:
        raise problems(error, _dotted) from None
    teams = tuple(team.named(name) for name, team in content.teams.items())
    _check(teams, content.identity.api_keys)
    return teams, tuple(key.key() for key in content.identity.api_keys)


def _check(teams: tuple[Team, ...], keys: tuple[_ApiKey, ...]) -> None:
    names = {team.name for team in teams}
    wrong = [
        f"teams.{inner.name}.owns: its prefix begins with that of {outer.name}, which would own its jobs too"
        for outer, inner in entangled(teams)
    ]
    wrong += [
        f"identity.api_keys.{key.id}.teams: {name} is not one of the teams"
        for key in keys
        for name in key.teams
        if name not in names
    ]
    if wrong:
        raise ConfigError(wrong)


def _dotted(place: Place) -> str:
    # pydantic names the arm of a union that it tried; the user wrote no such thing.
    return ".".join(str(part) for part in place if not str(part).startswith(("_", "literal[")))
