"""Origins as browsers write them: "https://app.example.com", "http://localhost:3000"."""

import re
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

_WRITTEN = re.compile(r"(https?)://(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?")
_OWN_PORTS = {"http": "80", "https": "443"}


def origins(text: object) -> object:
    """The origins in a comma-separated text. Raises ValueError."""
    if not isinstance(text, str):
        return text
    return tuple(dict.fromkeys(_origin(part.strip()) for part in text.split(",") if part.strip()))


def _origin(text: str) -> str:
    if "*" in text:
        raise ValueError("takes no *: any page could then try tokens from its visitors' browsers. List the origins")
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError('takes origins as browsers write them, such as "https://app.example.com": no path, no slash')
    if match[2] == _OWN_PORTS[match[1]]:
        raise ValueError("takes no port that belongs to the scheme (80, 443): browsers leave it out")
    return text


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(origins)]
