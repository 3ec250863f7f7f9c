"""How lines are written: JSON for machines, or for a person's eyes. What they say is told where it happens."""

import logging
import sys
from datetime import UTC, datetime

import orjson
import structlog


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
        structlog.configure(
            processors=[],
            wrapper_class=_JsonLines,
            logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
            cache_logger_on_first_use=True,
        )


class _JsonLines(structlog.BoundLoggerBase):
    """Every request writes a line: it is stamped in one go, made bytes at once, and written as they are.

    The same by structlog's list of processors takes three times as long.
    """

    _logger: structlog.BytesLogger

    def info(self, event: str, **line: object) -> None:
        """Something happened."""
        self._write("info", event, line)

    def warning(self, event: str, **line: object) -> None:
        """Something happened that should not happen often."""
        self._write("warning", event, line)

    def error(self, event: str, **line: object) -> None:
        """Something happened that somebody has to look into."""
        self._write("error", event, line)

    def _write(self, level: str, event: str, line: dict[str, object]) -> None:
        line["event"], line["level"], line["timestamp"] = event, level, datetime.now(UTC)
        self._logger.msg(orjson.dumps(line, option=orjson.OPT_UTC_Z))
