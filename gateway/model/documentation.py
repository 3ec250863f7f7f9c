"""How the model is documented: the text under a field or a word, read from the source for the faces' contracts.

Pure, and read once at start: source is where Python keeps such texts. How a contract says them is the faces' affair.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from itertools import pairwise
from typing import Any, get_type_hints


def plain_fields(model_class: type) -> dict[str, tuple[Any, str]]:
    """The type and the documentation of each field and property of a model class, its parents' first."""
    documentation = {name: text for cls in reversed(model_class.__mro__) for name, text in documented(cls).items()}
    hints = get_type_hints(model_class)
    found = {field.name: (hints[field.name], documentation[field.name]) for field in fields(model_class)}
    for name, member in inspect.getmembers(model_class, lambda member: isinstance(member, property)):
        found[name] = (get_type_hints(member.fget)["return"], unwrapped(member.__doc__))
    return found


def documented(cls: type) -> Mapping[str, str]:
    """The names a class's own body assigns or annotates, each with the text that stands under it."""
    return dict(_documentation(cls))


def _documentation(cls: type) -> Iterator[tuple[str, str]]:
    """The names a class body assigns or annotates, each with the text literal that stands under it."""
    if not cls.__module__.startswith("gateway."):
        return
    for statement, following in pairwise(_classes(cls.__module__)[cls.__name__].body):
        name = _assigned(statement)
        if name is not None and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            yield name, unwrapped(str(following.value.value))


@cache  # a file has many classes, and start-up waits for this: finding each by itself reads the file again
def _classes(module: str) -> Mapping[str, ast.ClassDef]:
    """The classes that a module defines."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _assigned(statement: ast.stmt) -> str | None:
    target = statement.target if isinstance(statement, ast.AnnAssign) else None
    if isinstance(statement, ast.Assign):
        (target,) = statement.targets  # type: ignore[assignment]  # one name, as model classes are written
    return target.id if isinstance(target, ast.Name) else None


def unwrapped(text: str | None) -> str:
    """A docstring as one line a paragraph: where our lines break is no affair of the reader's."""
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
