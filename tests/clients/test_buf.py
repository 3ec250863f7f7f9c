"""Buf holds the gRPC contract to protobuf's public style guide, and its form to its own; and it asks a gateway by the
lines in the README, knowing no more than reflection tells."""

import asyncio
import json
import platform
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.identity.demo import DemoIssuer
from gateway.rpc import RpcOptions
from tests.running import Clock, Start

_ROOT = Path(__file__).parents[2]
_CONTRACT = _ROOT / "gateway" / "rpc"
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


@pytest.mark.usefixtures("finished_job")
async def test_the_lines_in_the_readme_are_answered(buf: str, start: Start, clock: Clock, tmp_path: Path) -> None:
    issuer, clock.now = DemoIssuer(tmp_path), time.time()
    gateway = await start(rpc=RpcOptions(0), issuers=(issuer.issuer(),))
    token = issuer.token(["vision"], ttl=3600)
    job, health = [
        await _said(line, buf, gateway.grpc or "", {"TOKEN": token, "HOME": str(tmp_path)})
        for line in re.findall(r"^buf curl .*$", (_ROOT / "README.md").read_text(), re.MULTILINE)
    ]
    assert job["tuningJob"]["trainingJobCounts"]["total"] == 750
    assert health == {"status": "SERVING"}


async def _said(line: str, buf: str, address: str, environment: dict[str, str]) -> Any:
    line = line.replace("buf ", f"{buf} ", 1).replace("localhost:50051", address)
    process = await asyncio.create_subprocess_shell(line, stdout=subprocess.PIPE, env=environment)
    async with asyncio.timeout(60):
        printed, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(printed)
