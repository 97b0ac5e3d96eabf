"""What is told of control, and what is not told again."""

from dataclasses import replace
from typing import Any

from fakes.stage import Stage
from hitpoint.engine.page_sections import ALL_BARS, BAR, Sections
from hitpoint.page.state import told
from hitpoint.score.session import ControlMoved, PartSet, Session, Switch
from hitpoint.timeline.host_event import Followed, MarkersChanged
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

MARKERS = (Marker(0, "1m01 tense, strings"), Marker(8 * 3840, "END"))


class Watched:
    """A stage, and what a page is told of it."""

    def __init__(self) -> None:
        self.stage = Stage(Session(Timeline(markers=MARKERS)))
        self.sections = Sections()

    @property
    def session(self) -> Session:
        return self.stage.session

    def tick(self) -> float:
        return self.stage.tick

    def changed(self) -> dict[str, Any]:
        return self.sections.changed(self, self.stage.conductor, self.stage.now)


def test_all_is_told_once_and_nothing_when_nothing_happens():
    watched = Watched()
    everything = watched.changed()
    assert {"transport", "timeline", "spotting", "controls", "parts", "stems", "states", "bars"} <= everything.keys()
    watched.changed()
    assert watched.changed() == {}


def test_a_moved_control_is_told_and_what_it_makes_of_the_bars():
    watched = Watched()
    watched.changed()
    watched.stage.apply(ControlMoved("intensity", 0.9))
    changed = watched.changed()
    assert changed.keys() == {"controls", "bars"}
    assert changed["controls"].intensity == 0.9
    assert changed["bars"][1].controls.intensity == 0.9


def test_a_host_that_rolls_on_as_expected_is_not_told_and_one_that_does_not_is():
    watched = Watched()
    watched.stage.play()
    watched.stage.run(0.2)
    watched.changed()
    now, tick = watched.stage.now, watched.stage.tick
    watched.stage.conductor.apply(Followed(tick + 0.5, now))
    assert "transport" not in watched.changed()
    watched.stage.conductor.apply(Followed(tick + 40, now))
    assert watched.changed()["transport"].tick == tick + 40


def test_a_drift_that_is_too_small_to_tell_adds_up_until_it_is_not():
    watched = Watched()
    watched.stage.play()
    watched.stage.run(0.2)
    watched.changed()
    now, tick = watched.stage.now, watched.stage.tick
    told_after = 0
    for drift in range(1, 20):
        watched.stage.conductor.apply(Followed(tick + drift, now))
        if "transport" in watched.changed():
            told_after = drift
            break
    # A millisecond at 120 a minute is not quite two ticks.
    assert told_after == 2


def test_bars_that_are_written_are_told_with_their_revisions():
    watched = Watched()
    watched.changed()
    watched.stage.run(2.0)
    bars = {name: at for name, at in watched.changed().items() if name.startswith(BAR)}
    pages = watched.stage.conductor.pages
    assert bars
    assert bars == {f"{BAR}{bar + 1}": at for bar, at in pages.changed_since(0).items()}
    assert not any(name.startswith(BAR) for name in watched.changed())
    pages.forgotten += 1
    assert watched.changed()[ALL_BARS]


def test_a_mute_is_told_with_all_who_play():
    watched = Watched()
    watched.changed()
    watched.stage.apply(PartSet("strings", Switch.MUTE, True))
    players = watched.changed()["parts"]
    parts, stems = told("parts", players, None), told("stems", players, None)
    assert stems["strings"]["mute"]
    assert {part["sounds"] for part in parts.values()} == {False}
    assert [part["order"] for part in parts.values()] == list(range(len(parts)))


def test_markers_that_change_are_told_with_what_is_made_of_them():
    watched = Watched()
    watched.changed()
    watched.stage.apply(MarkersChanged((*MARKERS, Marker(4 * 3840 + 7, "HIT door", "7")), ()))
    changed = watched.changed()
    hits = told("spotting", changed["spotting"], None)["hits"]
    assert [hit["name"] for hit in hits] == ["1m01 tense, strings", "HIT door", "END"]
    assert told("timeline", changed["timeline"], None)["markers"][1] == {
        "id": "7",
        "tick": 4 * 3840 + 7,
        "name": "HIT door",
    }


def test_the_same_session_as_another_object_is_not_told_again():
    watched = Watched()
    watched.changed()
    watched.stage.conductor.session = replace(watched.session)
    watched.changed()
    assert watched.changed() == {}
