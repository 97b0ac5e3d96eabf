"""Keeps the machine as busy as a composing model does."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from hitpoint.score.controls import Controls, Key
from hitpoint.score.request import BarPlan, BarRequest, WrittenBar
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap

PLAYERS = ("flute", "french horn", "violin", "viola", "cello")
PAST_BARS = 8
LARGEST_SEED = 1 << 32


@contextmanager
def model_flat_out(bundle: Path | None) -> Iterator[None]:
    """A process in which the model of `bundle` writes bars without a pause; None for none."""
    if bundle is None:
        yield
        return
    process = get_context("spawn").Process(target=_write_for_ever, args=(bundle,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _write_for_ever(bundle: Path) -> None:
    # Imported here, so that only this process has the model runtime.
    from hitpoint.engine.composer import Composer

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    composer = Composer.load(bundle)
    parts = tuple(Part(name, instrument_named(name)) for name in PLAYERS)
    meters, controls = MeterMap.constant(4, 4), Controls(key=Key(2, "minor"), intensity=0.6, density=0.6)
    past: tuple[WrittenBar, ...] = ()
    for index in range(LARGEST_SEED):
        plan = BarPlan(meters.bar(index), "bench", controls, 120, parts, seed=index)
        answer = composer.compose(BarRequest(plan, PLAYERS, past=past))
        past = (*past, WrittenBar(plan, answer))[-PAST_BARS:]
