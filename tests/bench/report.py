"""What a benchmark found, as rows of one table and as JSON."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure: a count or a ratio, and what was aimed for."""

    what: str
    figure: float
    aim: str = ""


def written(results: Mapping[str, Sequence[Row]], path: Path) -> str:
    """Write the results as JSON; the table."""
    head = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "python": platform.python_version(),
    }
    path.parent.mkdir(exist_ok=True)
    content = {name: [asdict(row) for row in rows] for name, rows in results.items()}
    path.write_text(json.dumps(head | {"results": content}, indent=2) + "\n")
    lines = [
        f"{head['date']}, {head['machine']}, Python {head['python']}",
        "",
        "| figure | found | aim |",
        "|---|---|---|",
    ]
    lines += [f"| {row.what} | {row.figure:,.4g} | {row.aim} |" for rows in results.values() for row in rows]
    return "\n".join(lines)
