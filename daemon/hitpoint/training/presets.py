"""Named ways to train. A run is a preset, a seed and the data; training/LOG.md has a line for each."""

from dataclasses import dataclass, field, replace

from hitpoint.errors import ConfigError
from hitpoint.training.batches import Exercises
from hitpoint.training.network import Shape

SOURCE_WEIGHTS = {
    "nifc_polish": 0.6,
    "openscore_orchestra": 2.0,
    "openscore_quartets": 1.3,
    "freedoom": 1.3,
    "helland": 1.5,
    "groove": 0.6,
}
"""On top of the root of each source's notes: scores for many instruments count more, as that is what is asked for."""


@dataclass(frozen=True)
class Preset:
    """How a run goes."""

    shape: Shape = field(default_factory=Shape)
    windows: int = 32
    """Windows of `shape.context` rows that go through the network together."""
    gathered: int = 1
    """How often that is done for one step of the weights."""
    minutes: float = 2.25
    """How long it may take; the learning rate falls to nothing by then."""
    learning_rate: float = 3e-3
    warm_up_steps: int = 200
    decay_share: float = 0.7
    """The last share of the time, in which the learning rate falls along a half cosine."""
    weight_decay: float = 0.1
    dropout: float = 0.0
    """The share of what each layer adds that is left out at random while it learns."""
    exercises: Exercises = field(default_factory=Exercises)
    validation_windows: int = 64
    looks: int = 25
    """Times that it looks at its validation windows on the way."""
    report_steps: int = 50
    """Steps from one report to the next."""
    source_weights: dict[str, float] = field(default_factory=lambda: dict(SOURCE_WEIGHTS))


HOLES = Exercises(infill=0.35, addition=0.15)
"""As many holes as stretches to go on from: the first bundle, with half as many, filled them worse than a copy."""

PRESETS = {
    # The streaming default. `small` and `large` are for a GPU and seven processes that draw windows: 80 M rows in that
    # time. With four times as many both knew the corpus by heart and foretold new music worse (training/LOG.md).
    "small": Preset(exercises=HOLES),
    # For takes that nobody waits for: three to four times as slow to play.
    "large": Preset(
        shape=Shape(width=512, layers=6, heads=8, feed_forward=1408, head_width=384),
        learning_rate=2e-3,
        dropout=0.1,
        exercises=HOLES,
    ),
    # On two CPU cores, begun from a bundle made with `small`.
    "base": Preset(
        windows=2,
        gathered=2,
        minutes=150.0,
        # Its rate had fallen to nothing; to begin again at the old one loses more of what it knew.
        learning_rate=1e-3,
        decay_share=0.6,
        exercises=HOLES,
    ),
    # A bundle that goes on with someone's own files, on a laptop.
    "adapt": Preset(
        windows=2,
        minutes=5.0,
        # At 4e-4, with so few windows a step, it unlearns more than it learns.
        learning_rate=1e-4,
        warm_up_steps=5,
        # No dropout: the bundles learned without, and would first have to learn to do with less.
        exercises=HOLES,
        validation_windows=12,
        looks=12,
        report_steps=1,
    ),
    "smoke": Preset(
        shape=Shape(width=64, layers=2, heads=2, kv_heads=1, feed_forward=128, head_width=64, context=256),
        windows=2,
        minutes=0.2,
        warm_up_steps=5,
        validation_windows=4,
    ),
}


def preset_named(name: str) -> Preset:
    """The preset called `name`. Raises ConfigError for any other."""
    if name not in PRESETS:
        raise ConfigError(f"no training preset is called {name!r}. Give one of {', '.join(PRESETS)}.")
    return PRESETS[name]


def shortened(preset: Preset, minutes: float | None) -> Preset:
    """The preset with another length."""
    return preset if minutes is None else replace(preset, minutes=minutes)
