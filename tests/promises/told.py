"""What the gateway tells of itself: the metrics of one that runs, and the lines that the code can write."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from prometheus_client import Metric

from gateway import telemetry

Labels = Mapping[str, set[str]]
"""A metric's labels, with the values that they have had so far."""

_ENDINGS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
LEVELS = {"info", "warning", "error"}
EVERY_LINE = {"event", "level", "timestamp"}


class Line(NamedTuple):
    """A line of the log."""

    event: str
    level: str
    fields: frozenset[str]


def shown(family: Metric) -> str:
    """A metric's name, as `# TYPE` has it."""
    return family.name + ("_total" if family.type == "counter" else "")


def labels_of(families: list[Metric]) -> dict[str, Labels]:
    """The labels of each metric that a query can name."""
    known: dict[str, Labels] = {}
    for family in families:
        found: dict[str, set[str]] = {}
        for label, value in (item for sample in family.samples for item in sample.labels.items()):
            found.setdefault(label, set()).add(value)
        known |= {family.name + ending: found for ending in _ENDINGS[family.type]}
    return known


def lines() -> dict[str, Line]:
    """Every line that the code can write, by its event."""
    found = [line for path in Path(telemetry.__file__).parent.glob("*.py") for line in _lines_in(path.read_text())]
    return {line.event: line for line in found}


def _lines_in(source: str) -> Iterator[Line]:
    tree = ast.parse(source)
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        level, of = call.func.attr, ast.unparse(call.func.value)
        if of == "_log" and level in LEVELS:
            event, fields = call.args[0], _given(call)
        elif (of, level) == ("log", "write"):
            first, event, line = call.args
            level, fields = ast.unparse(first), _collected(ast.unparse(line), tree)
        else:
            continue
        yield Line(ast.literal_eval(event), level, frozenset(fields) | EVERY_LINE)


def _given(call: ast.Call) -> Iterator[str]:
    """The fields that a call names."""
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg
        elif ast.unparse(keyword.value) == "named()":
            yield from ("request_id", "trace_id")


def _collected(name: str, tree: ast.Module) -> Iterator[str]:
    """The fields that a line of this name is made of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name and isinstance(node.value, ast.Dict):
            yield from (ast.literal_eval(key) for key in node.value.keys if key is not None)
