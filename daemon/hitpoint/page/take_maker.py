"""What the page has made: runs of takes of cues, single takes of takes, and, while nothing is asked, takes kept ready.

There is one writer. It writes a take of each cue first, then some of one cue side by side; after these a run gives way
to a single one. What nobody asked for gives way at once.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hitpoint.errors import ConfigError, HitpointError, HostError
from hitpoint.page.take_cue import Cues, CueToMake, Making
from hitpoint.page.take_writer import STOPPED, TakeWriter

MOST_OF_EACH = 16
"""Takes of a cue in one run. Our choice."""
SIDE_BY_SIDE = 4
"""Takes of a cue that are written together, in little more than half the time. Our choice: a single one that is asked
for meanwhile waits for all of them."""
MOST_READY = 8
"""Takes kept ready of a cue. Our choice."""
MOST_WRONG = 20
"""Cues of which it is told why none could be made."""
LOOK_SECONDS = 1.0
"""Between two looks at the cues: what a person drags is another in each of its packets."""
COUNT_SECONDS = 5.0
"""Between two looks at the memory for takes that others made or forgot."""
SETTLED_SECONDS = 3.0
"""Nothing is made ready of cues that have changed since: they are still being moved. Our choice."""

MadeFor = Callable[[], Mapping[str, int]]
"""Takes there are by the sign of the cue that each was made for. Blocks; raises HitpointError."""

Tell = Callable[[dict[str, Any]], None]


class TakeMaker:
    """On the page's loop; `run` is its life. tell: told what is made, whenever it is another."""

    def __init__(self, writer: TakeWriter, cues: Cues, made_for: MadeFor, tell: Tell, ready: int = 0) -> None:
        """ready: takes that are kept ready of each cue from the start."""
        self._writer, self._cues, self._made_for, self._tell = writer, cues, made_for, tell
        self._now = Making(ready=ready)
        self._thread = ThreadPoolExecutor(1, "cues")
        self._lock = asyncio.Lock()
        self._run: asyncio.Task[None] | None = None
        self._background = False
        """True while what is written is one that nobody asked for."""
        self._stops = 0
        self._awake = asyncio.Event()
        self._failed: set[str] = set()
        """Signs of cues of which none could be made ready: they are not tried again and again."""
        self._changed_at = self._counted_at = float("-inf")
        self._known = False

    @property
    def ready(self) -> int:
        """So many takes are kept ready of each cue."""
        return self._now.ready

    async def run(self) -> None:
        """Watch the cues, and keep takes ready, until cancelled."""
        try:
            while True:
                await self._look()
                if not await self._prepare():
                    self._awake.clear()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_SECONDS):
                            await self._awake.wait()
        finally:
            if self._run is not None:
                self._run.cancel()
            self._writer.stop()
            self._thread.shutdown(wait=False)

    async def generate(self, names: Sequence[str] | None, count: int) -> int:
        """Begin a run: `count` takes of each cue that is named, or of all. Returns how many that are.

        Raises HostError while another goes on and where there is no cue, ConfigError for a name that no cue has.
        """
        if self._now.run is not None:
            raise HostError("takes are being made already. Stop them first, or wait.")
        await self._look()
        cues = self._now.cues.cues
        if not cues:
            raise HostError(self._now.cues.none or "there is no cue.")
        unknown = set(names or ()) - {cue.name for cue in cues}
        if unknown:
            raise ConfigError(f"there is no cue {min(unknown)[:60]!r} any more.")
        if self._now.run is not None:
            raise HostError("takes are being made already. Stop them first, or wait.")
        asked = [cue for cue in cues if names is None or cue.name in names]
        wanted = [(cue, together) for together in _rounds(count) for cue in asked]
        self._put(run={"cue": asked[0].name, "done": 0, "count": count * len(asked)}, wrong=())
        self._run = asyncio.create_task(self._make(wanted))
        return count * len(asked)

    async def one(self, what: str, of: str, action: Sequence[str]) -> str:
        """Have one take written. Returns its id.

        what: vary, infill or add, and `of` which take, for those who watch. action: of `hitpoint takes`. Raises
        HostError when it does not come, and while another is waited for.
        """
        if self._now.one is not None:
            raise HostError("a take of a take is being written already. Wait for that one.")
        self._put(one={"what": what, "of": of})
        try:
            return (await self._written(action))[0]
        except HostError as error:
            raise HostError(f"the take was not written: {error}") from None
        finally:
            self._put(one=None)

    def stop(self) -> None:
        """Make no more of the run, and give up what is being written. What is made stays."""
        self._stops += 1
        if self._run is not None:
            self._run.cancel()
            self._run = None
            self._put(run=None)
        if not self._background:
            self._writer.stop()

    def keep_ready(self, count: int) -> None:
        """Keep so many takes ready of each cue from now on; 0 for none."""
        self._failed.clear()
        self._counted_at = float("-inf")
        self._put(ready=count, wrong=())
        if self._background and not count:
            self._writer.stop()
        self._awake.set()

    async def _make(self, wanted: Sequence[tuple[CueToMake, int]]) -> None:
        hopeless: set[str] = set()
        count, done = sum(together for _, together in wanted), 0
        try:
            for cue, together in wanted:
                self._put(run={"cue": cue.name, "done": done, "count": count})
                done += together
                if cue.sign in hopeless:
                    continue
                try:
                    await self._written((*_action(cue), "--count", str(together)), cue.fed)
                except HostError as error:
                    if str(error) == STOPPED:
                        return
                    hopeless.add(cue.sign)
                    self._went_wrong(cue, error)
        finally:
            # One that was stopped may end after the next one has begun.
            if self._run is asyncio.current_task():
                self._run = None
                self._put(run=None)
                self._awake.set()

    async def _written(self, action: Sequence[str], fed: bytes = b"") -> tuple[str, ...]:
        """Takes that somebody asked for, once it is their turn."""
        if self._background:
            self._writer.stop()
        stops = self._stops
        async with self._lock:
            if stops != self._stops:
                raise HostError(STOPPED)
            made = await self._writer.write(action, fed)
        self._put(made=self._now.made + len(made))
        self._counted_at = float("-inf")
        return made

    async def _prepare(self) -> bool:
        """Make one take ready, if one is missing and nobody waits for the writer. True where one was tried."""
        cue = self._missing()
        if cue is None or self._lock.locked() or self._now.run is not None or self._now.one is not None:
            return False
        self._background = True
        self._put(preparing=cue.name)
        try:
            async with self._lock:
                await self._writer.write((*_action(cue), "--no-step"), cue.fed)
            self._put(made=self._now.made + 1)
        except HostError as error:
            if str(error) != STOPPED:
                self._failed.add(cue.sign)
                self._went_wrong(cue, error)
        finally:
            self._background = False
            self._put(preparing="")
        self._counted_at = float("-inf")
        return True

    def _missing(self) -> CueToMake | None:
        """The cue that has the fewest takes as it is now, where that are too few."""
        now, least = self._now, self._now.ready
        if not least or asyncio.get_running_loop().time() - self._changed_at < SETTLED_SECONDS:
            return None
        short = [cue for cue in now.cues.cues if now.there.get(cue.name, 0) < least and cue.sign not in self._failed]
        return min(short, key=lambda cue: now.there.get(cue.name, 0), default=None)

    async def _look(self) -> None:
        """See what cues there are, and what was made of each."""
        loop = asyncio.get_running_loop()
        cues = await loop.run_in_executor(self._thread, self._cues.all)
        count = self._now.ready > 0 and loop.time() - self._counted_at >= COUNT_SECONDS
        if cues is self._now.cues and not count:
            return
        if cues is not self._now.cues and self._known:
            self._changed_at = loop.time()
        self._known = True
        signs: Mapping[str, int] = {}
        try:
            if self._now.ready:
                signs = await loop.run_in_executor(self._thread, self._made_for)
                self._counted_at = loop.time()
        except HitpointError:
            # Those who look at the takes are told why. Nothing is made ready for a memory that cannot be read.
            signs = {cue.sign: MOST_READY for cue in cues.cues}
        self._put(cues=cues, there={cue.name: signs.get(cue.sign, 0) for cue in cues.cues})

    def _went_wrong(self, cue: CueToMake, error: HostError) -> None:
        self._put(wrong=(*self._now.wrong, (cue.name, str(error)))[-MOST_WRONG:])

    def _put(self, **changed: Any) -> None:
        before = self._now
        self._now = replace(before, **changed)
        if self._now != before:
            self._tell(self._now.told())


def _rounds(count: int) -> list[int]:
    """How many takes of each cue are written together, round after round: one first, so that all can be heard soon."""
    full, rest = divmod(count - 1, SIDE_BY_SIDE)
    return [1, *[SIDE_BY_SIDE] * full, *([rest] if rest else [])]


def _action(cue: CueToMake) -> tuple[str, ...]:
    return "make", *cue.arguments, "--sign", cue.sign
