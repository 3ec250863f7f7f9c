"""How much of what callers send is held: the bytes of all requests that are not answered yet, of which there is a most.

Without it the connections that may be open could have some gigabytes between them, and most of these before it is known
whose they are. Counted are the bytes that come, and those of a body that is unpacked besides.
"""

from collections import deque

from gateway import telemetry
from gateway.errors import Overloaded

# Bytes. As many connections as may be open, each with the longest of heads (80 MiB), leave room for bodies all the
# same; and it is a tenth of what the pod has (`k8s/base/deployment.yaml`), since what is read is there about twice.
_MOST = 96 * 1024 * 1024
_TURNED_AWAY = "As many bytes of requests are held here as can be. Ask again in a moment."


class Burden:
    """What all connections hold together. Lives as long as the process."""

    def __init__(self, most: int = _MOST) -> None:
        self.size = 0
        """Bytes."""
        self.most = most

    def bears(self, more: int) -> bool:
        """Whether it may be so many bytes more."""
        return self.size + more <= self.most

    def too_much(self) -> Overloaded:
        """What whoever would bring more is told."""
        telemetry.request_shed("bytes")
        return Overloaded(_TURNED_AWAY)


class Share:
    """One connection's part of it: its requests in the order in which they came, and what there is of the next."""

    __slots__ = ("_requests", "burden", "coming")

    def __init__(self, burden: Burden) -> None:
        self.burden = burden
        self._requests: deque[int] = deque()
        self.coming = 0
        """Bytes of a request whose head is not whole yet."""

    def came(self, size: int, requests: int, of_body: bool) -> None:  # noqa: FBT001  # by name it takes twice as long
        """So many bytes have come, and with them the end of so many heads, or more of the newest request's body."""
        self.burden.size += size
        if requests:
            if requests > 1:
                self._requests.extend([0] * (requests - 1))
            self._requests.append(self.coming + size)
            self.coming = 0
        elif of_body:
            self._requests[-1] += size
        else:
            self.coming += size

    def unpacked(self, size: int) -> None:
        """The request in hand has a body of so many bytes besides those that came. Raises Overloaded."""
        if not self.burden.bears(size):
            raise self.burden.too_much()
        if self._requests:  # else its connection is lost
            self.burden.size += size
            self._requests[0] += size

    def answered(self) -> None:
        """The request in hand needs nothing any more."""
        if self._requests:
            self.burden.size -= self._requests.popleft()

    def let_go(self) -> None:
        """Nobody will be answered any more."""
        self.burden.size -= sum(self._requests) + self.coming
        self._requests.clear()
        self.coming = 0
