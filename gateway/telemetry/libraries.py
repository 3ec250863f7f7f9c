"""What libraries have to say by Python's own logging: a line of ours for each.

As it is written in their code, without the values, and without the stack trace: either may have anything in it.
"""

import logging

import structlog

_log = structlog.get_logger()
_LONGEST = 200  # characters; asyncio puts everything it knows behind its first line


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        _log.warning(
            "library_warned",
            library=record.name,
            what=str(record.msg).partition("\n")[0][:_LONGEST],
            error=None if kind is None else kind.__name__,
        )


def listened_to() -> None:
    """Write what they warn of from now on. Python's own way would be plain text among the JSON."""
    logging.getLogger().addHandler(_Lines(logging.WARNING))
