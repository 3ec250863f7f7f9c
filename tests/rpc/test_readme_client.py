"""The client in the README, as it stands there."""

import asyncio
import os
import re
import sys
import time
from pathlib import Path

from grpc_tools import protoc

from gateway.identity.demo import DemoIssuer
from gateway.rpc import RpcOptions
from gateway.rpc.contract import ROOT
from gateway.standin import World, tuning_job_plan
from tests.running import Clock, Start

README = (Path(__file__).parents[2] / "README.md").read_text()


async def test_the_client_in_the_readme_lists_every_training_job(
    start: Start, world: World, clock: Clock, tmp_path: Path
) -> None:
    world.add(tuning_job_plan("vision-resnet", trials=230))
    issuer, clock.now = DemoIssuer(tmp_path), time.time()
    gateway = await start(rpc=RpcOptions(0), issuers=(issuer.issuer(),))
    out = [f"--python_out={tmp_path}", f"--grpc_python_out={tmp_path}"]
    assert protoc.main(["protoc", f"-I{ROOT}", f"-I{_included()}", *out, "tuning/v1/tuning.proto"]) == 0
    (program,) = re.findall(r"```python\n(.*?)```", README.split("\n## gRPC\n")[1], re.DOTALL)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ
        | {"PYTHONPATH": str(tmp_path), "ADDRESS": gateway.grpc or "", "TOKEN": issuer.token(["vision"], ttl=3600)},
    )
    async with asyncio.timeout(60):
        printed, _ = await process.communicate()
    assert process.returncode == 0
    assert len(set(printed.decode().split())) == 230


def _included() -> Path:
    return Path(protoc.__file__).parent / "_proto"
