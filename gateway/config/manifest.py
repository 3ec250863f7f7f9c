"""The manifest of trusted documents, in the format that Apollo's tools write (`generate-persisted-query-manifest`).

It is held to the schema here, so that what is wrong with it is told at start, together with all else.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.config.problems import ConfigError, Place, problems
from gateway.schema import Documents, Limits, Listed, Trusted, executable, trusted

_SETTING = "GATEWAY_TRUSTED_MANIFEST"
Text = Annotated[str, Field(min_length=1)]


class _Operation(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)
    id: Text
    name: Text
    type: Literal["query", "mutation", "subscription"]
    body: Text


class _Manifest(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)
    format: Literal["apollo-persisted-query-manifest"]
    version: Literal[1]
    operations: list[_Operation]


def read_manifest(path: Path, *, introspection: bool, limits: Limits) -> Trusted:
    """The documents of a manifest, ready to run. Raises ConfigError with all that is wrong with it."""
    try:
        manifest = _Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError([f"{_SETTING}: cannot read {path}: {error.strerror}"]) from None
    except ValidationError as error:
        raise problems(error, _name) from None
    documents = Documents(executable(), introspection=introspection, limits=limits)
    operations = (Listed(each.id, each.name, each.type, each.body) for each in manifest.operations)
    found, wrong = trusted(operations, documents)
    if wrong:
        raise ConfigError([f"{_SETTING}: {line}" for line in wrong])
    return found


def _name(place: Place) -> str:
    return f"{_SETTING}: {'.'.join(map(str, place))}" if place else _SETTING
