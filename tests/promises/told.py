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
_WRITERS = {"info", "warning", "error", "write"}
_EVERY_LINE = {"event", "level", "timestamp"}


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
    """Every line but a request's own, by its event."""
    found = [line for path in Path(telemetry.__file__).parent.glob("*.py") for line in _lines_in(path.read_text())]
    return {line.event: line for line in found}


def _lines_in(source: str) -> Iterator[Line]:
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        level, of, words = call.func.attr, call.func.value, list(call.args)
        if not isinstance(of, ast.Name) or of.id not in {"_log", "log"} or level not in _WRITERS:
            continue
        if level == "write":
            level = ast.unparse(words.pop(0))
        event = words[0]
        if isinstance(event, ast.Constant):
            yield Line(str(event.value), level, frozenset(_fields(call)) | _EVERY_LINE)


def _fields(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg
        elif ast.unparse(keyword.value) == "named()":
            yield from ("request_id", "trace_id")
