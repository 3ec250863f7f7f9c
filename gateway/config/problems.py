"""What is wrong with settings: a line each, naming the setting. Never its value: it may be a secret."""

from collections.abc import Callable

from pydantic import ValidationError

Place = tuple[int | str, ...]


class ConfigError(Exception):
    """Settings the gateway cannot start with."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def problems(error: ValidationError, name: Callable[[Place], str]) -> ConfigError:
    """Every problem that pydantic found; `name` says what the user calls the setting at a place."""
    return ConfigError(
        [f"{name(found['loc'])}: {_lowered(found['msg'])}" for found in error.errors(include_input=False)]
    )


def _lowered(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
