"""Takes to remember: small ones, rendered with a model that has no network."""

from functools import lru_cache
from pathlib import Path

from fakes.fake_model import FakeModel
from hitpoint.engine.composer import Composer
from hitpoint.engine.render import prompt_session, render
from hitpoint.engine.rendered_take import rendered_take
from hitpoint.engine.take import NewTake
from hitpoint.engine.take_store import TakeStore
from hitpoint.score.direction import parse
from hitpoint.score.expression import EXPRESSIVE

BUNDLE = Path("no-bundle-1")
"""Of no model: its digest is empty, and it has no index."""


@lru_cache(maxsize=64)
def a_take(prompt: str = "calm, violin, cello, piano, D minor", seed: int = 1, bars: int = 4, cue: str = "") -> NewTake:
    """A take of a few bars. The same words and seed give the same one."""
    session, count = prompt_session(parse(prompt), bars, seed)
    parts = render(session, Composer(FakeModel()), count, lambda *_: None)
    return rendered_take(session, parts, count, prompt, BUNDLE, EXPRESSIVE, cue)


def a_memory(path: Path, bars: int = 4) -> Path:
    """A file of takes: two of cue 1m03, the first of them rated, noted, locked and approved, and one without a cue."""
    with TakeStore(path) as store:
        first = store.remember(a_take(seed=1, bars=bars, cue="1m03")).id
        store.rate(first, 4, "the horns!")
        store.lock(first, ["cello"])
        store.set_status(first, "approved", "A. Producer")
        store.remember(a_take(seed=2, bars=bars, cue="1m03"))
        store.remember(a_take("bright, flute, harp, 3/4, C major"))
    return path


def two_takes(path: Path) -> Path:
    """A file of two takes of cue 1m03, of which nobody has said anything."""
    with TakeStore(path) as store:
        for seed in (1, 2):
            store.remember(a_take(seed=seed, cue="1m03"))
    return path


def ids(file: Path) -> list[str]:
    """Of a memory's takes, the oldest first."""
    with TakeStore(file) as store:
        return [one.id for one in store.all()]
