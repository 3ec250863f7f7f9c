"""How many sockets and event streams are open: a fifth of the connections that may be is kept for plain requests."""

from collections.abc import Iterator
from contextlib import contextmanager

from gateway import telemetry
from gateway.errors import Overloaded


class Lasting:
    """What is open for as long as its peer likes, on so many connections in all."""

    def __init__(self, connections: int) -> None:
        self._most = max(connections * 4 // 5, 1)
        self._open = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """One more, for as long as the context lasts. Raises Overloaded."""
        if self._open >= self._most:
            telemetry.request_shed("lasting")
            raise Overloaded("As many sockets and event streams are open here as can be. Come again in a moment.")
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
