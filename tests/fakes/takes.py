"""Takes to remember: small ones, rendered with a model that has no network."""

from functools import lru_cache
from pathlib import Path

from fakes.fake_model import FakeModel
from hitpoint.engine.composer import Composer
from hitpoint.engine.render import prompt_session, render
from hitpoint.engine.rendered_take import rendered_take
from hitpoint.engine.take import NewTake
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
