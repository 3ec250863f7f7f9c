"""What a benchmark found, as rows of one table and as JSON."""

import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.load import tool

_AIM = re.compile(r"(at most |under |at least |)([\d,.]*\d)")


@dataclass(frozen=True)
class Row:
    """One figure: a count or a ratio, and what was aimed for ("at most 8", "at least 0.9", "under 60", "0")."""

    what: str
    figure: float
    aim: str = ""
    note: str = ""
    """What the table says beside the figure."""
    detail: bool = False
    """Whether it is in the JSON alone."""

    def __post_init__(self) -> None:
        if self.aim and _AIM.fullmatch(self.aim) is None:
            raise ValueError(f"An aim must have a bound, so that it can be missed: {self.aim}")

    @property
    def missed(self) -> bool:
        """Whether the aim was not reached."""
        match = _AIM.fullmatch(self.aim)
        if match is None:
            return False
        bound = float(match[2].replace(",", ""))
        if match[1] == "":
            return self.figure != bound
        return self.figure < bound if match[1] == "at least " else self.figure > bound


def written(results: Mapping[str, Sequence[Row]], seconds: Mapping[str, float], path: Path) -> str:
    """Write the results as JSON, with the seconds that each took; the table, as the README has it."""
    head = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "python": platform.python_version(),
        "load": tool(),
    }
    path.parent.mkdir(exist_ok=True)
    content = {
        name: {"seconds": round(seconds[name]), "rows": [asdict(row) | {"missed": row.missed} for row in rows]}
        for name, rows in results.items()
    }
    path.write_text(json.dumps(head | {"results": content}, indent=2) + "\n")
    lines = [
        f"{head['date']}, {head['machine']}, Python {head['python']}, load by {head['load']}",
        "",
        "| figure | found | aim |",
        "|---|---|---|",
    ]
    lines += [_line(row) for rows in results.values() for row in rows if not row.detail]
    return "\n".join(lines)


def _line(row: Row) -> str:
    found = f"{row.figure:,.3g}" if row.figure < 100 else f"{row.figure:,.0f}"
    note = f" ({row.note})" if row.note else ""
    return f"| {row.what} | {found}{note} | {row.aim}{', missed' if row.missed else ''} |"
