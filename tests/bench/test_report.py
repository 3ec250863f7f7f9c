"""The table is believed: an aim that was not reached says so."""

import asyncio
import importlib
import json
from pathlib import Path

import aiohttp
import pytest

from tests.bench.__main__ import main, named
from tests.bench.report import Row, written


@pytest.mark.parametrize(
    ("aim", "reached", "missed"),
    [
        ("at least 0.55", 0.55, 0.549),
        ("at most 1,000", 1_000, 1_001),
        ("under 2", 1.99, 2.01),
        ("0", 0, 1),
    ],
)
def test_an_aim_that_is_not_reached_is_told(aim: str, reached: float, missed: float) -> None:
    assert not Row("a figure", reached, aim).missed
    assert Row("a figure", missed, aim).missed


@pytest.mark.parametrize("aim", ["about 1", "at most some", "at most 8 or so"])
def test_an_aim_that_cannot_be_missed_is_none(aim: str) -> None:
    with pytest.raises(ValueError, match="must have a bound"):
        Row("a figure", 1, aim)
    assert not Row("a figure", 1e9).missed


def test_the_table_leaves_details_to_the_json(tmp_path: Path) -> None:
    rows = [Row("a ratio", 0.5, "at least 0.55", "so many µs"), Row("its parts", 7, detail=True)]
    table = written({"scenario": rows}, {"scenario": 1.2}, tmp_path / "results.json")
    assert table.splitlines()[-1] == "| a ratio | 0.5 (so many µs) | at least 0.55, missed |"
    content = json.loads((tmp_path / "results.json").read_text())
    assert [row["what"] for row in content["results"]["scenario"]["rows"]] == ["a ratio", "its parts"]


def test_a_name_that_no_benchmark_has_is_told_before_any_is_run() -> None:
    with pytest.raises(SystemExit, match=r"There is no benchmark called warp\. There are: .*hot"):
        list(named(["hot", "warp"]))


@pytest.mark.parametrize(("figure", "missed"), [(8, []), (9, ["of one: calls"])])
def test_a_benchmark_that_misses_its_aim_is_found_once_all_has_been_printed(
    figure: int, missed: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    async def of_one(_http: aiohttp.ClientSession) -> list[Row]:
        return [Row("of one: calls", figure, "at most 8"), Row("of one: walks", 3, "3"), Row("of one: seconds", 7)]

    monkeypatch.setattr(importlib.import_module("tests.bench.startup"), "SCENARIOS", (of_one,))
    monkeypatch.chdir(tmp_path)
    assert [row.what for row in asyncio.run(main(["of_one"]))] == missed
    assert "| of one: seconds | 7 |  |" in capsys.readouterr().out
