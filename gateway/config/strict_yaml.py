"""YAML as settings want it: plain values, and no key twice. YAML itself lets the last of two teams of one name win."""

from pathlib import Path
from typing import Any

import yaml

from gateway.config.problems import ConfigError


class _Loader(yaml.SafeLoader):
    """Refuses a key that a mapping already has."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # yaml's
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, "written twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def load(path: Path) -> Any:  # noqa: ANN401  # whatever the file holds
    """What is in a file. Raises ConfigError, with the line but never the text: it may be a secret."""
    try:
        return yaml.load(path.read_text(), _Loader)  # noqa: S506  # a SafeLoader
    except OSError as error:
        raise ConfigError([f"GATEWAY_CONFIG: cannot read {path}: {error.strerror}"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        twice = "this key is written twice" if error.problem == "written twice" else "this is not YAML"
        raise ConfigError([f"GATEWAY_CONFIG: {path}, line {line}: {twice}"]) from None
    except (yaml.YAMLError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise ConfigError([f"GATEWAY_CONFIG: {path}: this is not YAML"]) from None
