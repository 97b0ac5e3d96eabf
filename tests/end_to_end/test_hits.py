"""The music builds to a hit and lets go after it: 20 seeds, each beside the very same request without the hit.

`pytest -m slow tests/end_to_end/test_hits.py -s` prints the figures.
"""

from pathlib import Path
from statistics import mean, median

import pytest

from end_to_end import reader
from hitpoint.config.places import bundle_folder
from hitpoint.engine.composer import Composer
from hitpoint.engine.render import render, write
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

SEEDS = 20
BARS = 14
HIT_BAR = 7
"""Index of the hit's bar; the hit is late in it, off the beat, so that it is the last of the build."""
CUE = Marker(0, "1m01 uneasy, strings, brass, D minor")
END = Marker(13 * 3840, "END")
HIT = Marker(HIT_BAR * 3840 + 3 * 960 + 137, "HIT door")


def rendered(composer: Composer, folder: Path, seed: int, hit: bool) -> Path:
    markers = (CUE, HIT, END) if hit else (CUE, END)
    session = Session(Timeline(TempoMap.constant(104.0), MeterMap(), markers), seed=seed)
    path = folder / f"{seed}-{hit}.mid"
    write(path, session, render(session, composer, BARS, lambda *_: None), "hits")
    return path


def slope_before(path: Path) -> float:
    """How much the energy rises over the two bars before the hit's release, against the bar before them."""
    energy = reader.energy_per_bar(path)
    return mean(energy[HIT_BAR - 1 : HIT_BAR + 1]) - energy[HIT_BAR - 2]


def release_after(path: Path) -> float:
    """How much the energy falls from the hit's bar to the two after it; positive is a release."""
    energy = reader.energy_per_bar(path)
    return energy[HIT_BAR] - mean(energy[HIT_BAR + 1 : HIT_BAR + 3])


@pytest.mark.slow
def test_music_builds_to_a_hit_stands_clear_of_it_and_lets_go(tmp_path):
    composer = Composer.load(bundle_folder("small-2"))
    builds, releases, near, errors = [], [], 0, []
    for seed in range(SEEDS):
        with_hit, without = (rendered(composer, tmp_path, seed, hit) for hit in (True, False))
        builds.append(slope_before(with_hit) - slope_before(without))
        releases.append(release_after(with_hit) - release_after(without))
        near += len(reader.near_onsets(with_hit, HIT.tick))
        errors.append(reader.landing_error(with_hit, HIT.tick)["error_ticks"])
        assert reader.unpaired(with_hit) == []
    built, released = sum(x > 0 for x in builds), sum(x > 0 for x in releases)
    print(f"\nbuild: {built}/{SEEDS} rise more than without, median {median(builds):+.3f} of energy a bar")
    print(f"release: {released}/{SEEDS} fall more than without, median {median(releases):+.3f}")
    print(f"onsets within 80 ms of the hit: {near}; landing errors in ticks: {sorted(set(errors), key=str)}")
    assert built >= 0.9 * SEEDS
    assert released >= 0.9 * SEEDS
    assert near == 0
    assert errors == [0] * SEEDS
