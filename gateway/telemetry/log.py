"""How lines are written: JSON for machines, or for a person's eyes. What they say is told where it happens."""

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO

import orjson
import structlog

from gateway.telemetry.libraries import listened_to

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE


class _JsonLines:
    """Lines of JSON. What one turn of the event loop has to say is written at once: a write for each line would take
    longer than making it.
    """

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._lines: list[bytes] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        """The one that will write what is waiting."""

    def add(self, level: str, event: str, line: dict[str, object]) -> None:
        """Write a line, soon."""
        line["event"], line["level"], line["timestamp"] = event, level, datetime.now(UTC)
        self._lines.append(orjson.dumps(line, option=_OPTIONS))
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # before there is a loop, after it, or beside it
            self._write()
            return
        if self._loop is not loop:
            self._loop = loop
            loop.call_soon(self._write)

    def _write(self) -> None:
        lines, self._lines, self._loop = self._lines, [], None
        self._out.write(b"".join(lines))
        self._out.flush()


class _AsJson(structlog.BoundLoggerBase):
    """What structlog's callers find in its place: they have no use for a list of processors, which takes its time."""

    _logger: _JsonLines

    def info(self, event: str, **line: object) -> None:
        """Something happened."""
        self._logger.add("info", event, line)

    def warning(self, event: str, **line: object) -> None:
        """Something happened that should not happen often."""
        self._logger.add("warning", event, line)

    def error(self, event: str, **line: object) -> None:
        """Something happened that somebody has to look into."""
        self._logger.add("error", event, line)


def _by_structlog(level: str, event: str, line: dict[str, object]) -> None:
    getattr(structlog.get_logger(), level)(event, **line)


class _Log:
    """Where a line goes that every request has: past structlog's proxies, which would take as long as all the rest."""

    write: Callable[[str, str, dict[str, object]], None] = staticmethod(_by_structlog)


log = _Log()


def set_up(style: str) -> None:
    """Log to standard error, as JSON lines or for a person's eyes (`json` or `console`)."""
    if style == "console":
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
            cache_logger_on_first_use=True,
        )
    else:
        lines = _JsonLines(sys.stderr.buffer)
        structlog.configure(
            processors=[], wrapper_class=_AsJson, logger_factory=lambda *_: lines, cache_logger_on_first_use=True
        )
        log.write = lines.add
        listened_to()
