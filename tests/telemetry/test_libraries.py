"""What libraries say in the midst of it all is JSON too, and nothing of what they were handed."""

import json
import subprocess
import sys

SECRET = "a-secret"
SAID = f"""
import asyncio, logging
from gateway import telemetry
telemetry.set_up("json")
async def fails():
    raise ValueError("{SECRET}")
async def main():
    logging.getLogger("aiohttp.server").warning("it said %s", "{SECRET}")
    logging.getLogger("botocore").info("{SECRET}")
    failing = asyncio.create_task(fails())
    await asyncio.sleep(0)
    del failing
asyncio.run(main())
"""


def test_each_warning_is_one_line_without_its_values_and_its_trace() -> None:
    said = subprocess.run([sys.executable, "-c", SAID], capture_output=True, text=True, check=True)
    assert said.stdout == ""
    assert SECRET not in said.stderr
    told = [json.loads(line) for line in said.stderr.splitlines()]
    assert [(line["event"], line["library"], line["what"], line["error"]) for line in told] == [
        ("library_warned", "aiohttp.server", "it said %s", None),
        ("library_warned", "asyncio", "Task exception was never retrieved", "ValueError"),
    ]
