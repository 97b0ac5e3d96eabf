"""A Link peer by another library, aalink, as a process of its own. Told `tempo 120`, `play` and `stop`; says what it
sees as `hitpoint.engine.bench_link` wants it."""

import asyncio
import json
import sys
from select import select
from time import monotonic

import aalink

SAY_SECONDS = 0.02
NARROW_SECONDS = 0.0001


async def serve() -> None:
    link = aalink.Link(97.5)
    link.quantum = 4.0
    link.start_stop_sync_enabled = True
    link.enabled = True
    while True:
        if select([sys.stdin], [], [], 0)[0]:
            words = sys.stdin.readline().split()
            if not words:
                return
            if words[0] == "tempo":
                link.tempo = float(words[1])
            else:
                link.playing = words[0] == "play"
        before, beat, after = monotonic(), link.beat, monotonic()
        # Between two looks at a clock a process may be put to sleep.
        if after - before < NARROW_SECONDS:
            seen = [(before + after) / 2.0, beat, link.tempo, int(link.playing), link.num_peers]
            print(json.dumps(seen), flush=True)
        await asyncio.sleep(SAY_SECONDS)


if __name__ == "__main__":
    asyncio.run(serve())
