"""An upstream to read from, and reads as one request after another makes them."""

import asyncio
from collections.abc import Callable

from gateway.governor import Errand
from gateway.reads import Life, Read, Reader, ReadKey, ReadLog, ReadOptions, Remembered, SharedReads
from gateway.store import Store

KEY: ReadKey[str | None] = ReadKey("account", "Describe", ("churn",))
LIFE = 10.0


def key(name: str) -> ReadKey[str | None]:
    return ReadKey("account", "Describe", (name,))


async def settle() -> None:
    """Let everything that can go on go on."""
    for _ in range(8):
        await asyncio.sleep(0)


class Source:
    """An upstream that answers once its gate is open."""

    def __init__(self, *, open_: bool = True) -> None:
        self.gate = asyncio.Event()
        self.begun = self.called_off = 0
        self.failure: Exception | None = None
        self.absent = False
        self.padding = 0
        self.in_line = False
        """Whether reads still wait for their place in the budget, so that no call is made."""
        if open_:
            self.gate.set()

    async def __call__(self, errand: Errand) -> str | None:
        self.begun += 1
        if not self.in_line:
            errand.send()
        value = f"value {self.begun}" + " " * self.padding
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.called_off += 1
            raise
        if self.failure is not None:
            raise self.failure
        return None if self.absent else value


class Reads:
    """Reads as one request after another, each with a log of its own."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        wall: Callable[[], float],
        options: ReadOptions | None = None,
        life: Life | None = None,
        store: Store | None = None,
    ) -> None:
        self.shared = SharedReads(options or ReadOptions(jitter=0), store=store, clock=clock, wall=wall)
        self.life = life or Life(LIFE)

    async def __call__(
        self,
        source: Source,
        key: ReadKey[str | None] = KEY,
        *,
        log: ReadLog | None = None,
        by: Reader | None = None,
        life: Callable[[str | None], Life] | None = None,
    ) -> Remembered[str | None]:
        read = Read(key, source, life or (lambda _: self.life), str | None)
        return await self.shared.read(read, by=by or Reader("vision"), log=ReadLog() if log is None else log)

    def begin(self, source: Source, *, by: Reader | None = None) -> asyncio.Task[Remembered[str | None]]:
        return asyncio.ensure_future(self(source, by=by))
