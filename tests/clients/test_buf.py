"""Buf holds the gRPC contract to protobuf's public style guide, and its form to its own."""

import platform
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

_CONTRACT = Path(__file__).parents[2] / "gateway" / "rpc"
_MACHINES = {"x86_64": "x64", "aarch64": "aarch64"}


@pytest.fixture(scope="module")
def buf(packages: Callable[[Path], Path]) -> str:
    """The program: a binary, which npm brings."""
    machine = _MACHINES.get(platform.machine())
    if platform.system() != "Linux" or machine is None:
        pytest.skip("Buf is locked for Linux alone")
    return str(packages(Path(__file__).parent / "buf") / "@bufbuild" / f"buf-linux-{machine}" / "bin" / "buf")


@pytest.mark.parametrize("command", [["lint"], ["format", "--diff", "--exit-code"]])
def test_the_contract_follows_the_style_guide(buf: str, command: list[str], tmp_path: Path) -> None:
    environment = {"BUF_CACHE_DIR": str(tmp_path), "HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        [buf, *command, str(_CONTRACT)], capture_output=True, text=True, timeout=120, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
