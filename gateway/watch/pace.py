"""How long to wait between two looks: longer at what has stood still, or cannot be asked. Pure."""

from dataclasses import dataclass

_SHARE = 0.1  # of the time something has stood still: what moved a minute ago is looked at every six seconds
_MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """The shortest and the longest wait, in seconds."""

    interval: float = 5.0
    slowest: float = 60.0

    def wait(self, quiet: float, failures: int = 0) -> float:
        """Seconds to wait before looking again at what last changed `quiet` seconds ago, after so many looks in a row
        that failed.
        """
        slowest = max(self.interval, self.slowest)
        usual = min(max(self.interval, quiet * _SHARE), slowest)
        return min(usual * 2.0 ** min(failures, _MOST_DOUBLINGS), slowest)
