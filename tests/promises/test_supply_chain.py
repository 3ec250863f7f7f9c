"""What the project is made of: audited, licensed, told to whoever asks, and all of it asked for.

The audit and the bill of materials take what `make check` brings into `.venv-supply`. That nothing is imported unasked
and nothing asked for in vain, `make check` has deptry say.
"""

import importlib.metadata
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
BILL = ROOT / ".venv-supply" / "tuning-gateway.cdx.json"
# Advisories that do not concern us, each with its reason. All others fail.
PASSED_OVER: dict[str, str] = {}
# Licences that ask for no more than their text and notices, and MPL, which asks for its own files' source.
_LICENCE = re.compile(r"(0BSD|Apache|BSD|CNRI-Python|ISC|MIT|Mozilla|MPL-2\.0|PSF-2\.0|Python Software|3-Clause BSD)\b")


def _locked(lock: str) -> dict[str, Requirement]:
    """What a lock pins, by name."""
    lines = (line.rstrip(" \\") for line in (ROOT / lock).read_text().splitlines())
    found = (Requirement(line) for line in lines if "==" in line and not line.startswith((" ", "#")))
    return {requirement.name: requirement for requirement in found}


def test_nothing_locked_has_a_known_vulnerability(tool: Callable[[str], str]) -> None:
    """What develops, and with it what runs: its lock holds the other whole."""
    lock = ROOT / "requirements-dev.lock"
    command = [tool("pip-audit"), "--requirement", str(lock), "--disable-pip", "--require-hashes"]
    passed_over = [word for advisory in PASSED_OVER for word in ("--ignore-vuln", advisory)]
    output = ["--format", "json", "--progress-spinner", "off", "--timeout", "5"]
    done = subprocess.run([*command, *passed_over, *output], capture_output=True, text=True, timeout=300, check=False)
    if not done.stdout:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        pytest.skip(f"not audited: the database of advisories cannot be reached ({reason:.100})")
    looked_at: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    assert [each for each in looked_at if each.get("vulns")] == []
    # An index that keeps no advisories says of each package that it is not there, and pip-audit that all is well.
    if all("skip_reason" in each for each in looked_at):
        pytest.skip("not audited: the package index here keeps no advisories")
    assert [each["name"] for each in looked_at if "skip_reason" in each] == []


def test_the_bill_of_materials_is_the_lock() -> None:
    if not BILL.is_file():
        pytest.skip("there is no bill of materials here; `make check` writes it")
    components = json.loads(BILL.read_text())["components"]
    told = {component["name"]: component["version"] for component in components}
    assert told == {name: str(pin.specifier).removeprefix("==") for name, pin in _locked("requirements.lock").items()}
    for component in components:
        hashes = [each["hashes"] for each in component["externalReferences"] if "hashes" in each]
        assert hashes, component["name"]


def _licences(package: str) -> list[str]:
    """What a package says of its licence: by SPDX where it does, else in its classifiers, else in words of its own."""
    about = importlib.metadata.metadata(package)
    classifiers = [
        each.split(" :: ")[-1] for each in about.get_all("Classifier") or () if each.startswith("License ::")
    ]
    expression = re.split(r" (?:AND|OR|WITH) ", (about["License-Expression"] or "").translate({40: None, 41: None}))
    return next(filter(any, (expression, classifiers, [about["License"] or ""])), [])


def _runs_here(pin: Requirement) -> bool:
    return pin.marker is None or pin.marker.evaluate()


@pytest.mark.parametrize("package", [name for name, pin in _locked("requirements.lock").items() if _runs_here(pin)])
def test_no_package_that_runs_asks_us_for_our_source(package: str) -> None:
    said = _licences(package)
    assert said, "it names no licence"
    assert [licence for licence in said if not _LICENCE.match(licence)] == []
