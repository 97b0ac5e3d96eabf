"""A motif: what comes back is the theme, step for step, in the other cue's key and bars. With a fake for a model."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.fake_model import FakeModel
from hitpoint.engine.composer import Composer
from hitpoint.engine.cue_score import CueScore, cue_score
from hitpoint.engine.motif import THEME_BARS, Theme, restate, theme_of
from hitpoint.engine.pages import Pages
from hitpoint.engine.render import write_pages
from hitpoint.hosts.sheet import SheetCue, SheetHit
from hitpoint.planner.plan import plan_bar
from hitpoint.score.controls import SCALES, Key
from hitpoint.score.note import Note
from hitpoint.score.playability import violations_of
from hitpoint.timeline.units import FrameRate

RATE = FrameRate.named("24")
CLEARANCE = 104
"""Ticks after an entrance at 80 bpm."""


def score_of(prompt: str, hits: tuple[SheetHit, ...] = (), key: Key | None = None, seed: int = 0) -> CueScore:
    return cue_score(SheetCue("1m01", "", 0, 24 * 40, prompt, hits), RATE, None, seed, key)


def theme_from(prompt: str, seed: int = 0) -> tuple[Theme | None, Pages]:
    score, pages = score_of(prompt, seed=seed), Pages()
    write_pages(score.session, Composer(FakeModel()), THEME_BARS, pages, lambda *_: None)
    return theme_of(score.session, pages, THEME_BARS), pages


def steps(theme: Theme) -> list[list[tuple[int, int]]]:
    """Ticks from the bar line, and steps of the scale from its tonic, octaves apart counting seven."""
    return [[(note.tick, step_of(note.pitch, theme.key)) for note in notes] for notes in theme.bars]


def step_of(pitch: int, key: Key) -> int:
    octave, above = divmod(pitch - key.tonic, 12)
    return 7 * octave + max(place for place, step in enumerate(SCALES[key.mode]) if step <= above)


def test_the_theme_is_what_the_highest_line_plays_note_by_note() -> None:
    theme, pages = theme_from("violin, cello, D minor, 100 bpm")
    assert theme is not None
    assert (theme.part, str(theme.key), len(theme.bars)) == ("violin 1", "D minor", THEME_BARS)
    for bar, notes in enumerate(theme.bars):
        written = pages.notes("violin 1", bar)
        assert {note.tick for note in notes} == {note.tick - 3840 * bar for note in written}
        assert {note.pitch for note in notes} <= {note.pitch for note in written}


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 50),
    key=st.sampled_from(["D minor", "Eb major", "F# dorian", "C major"]),
    other=st.sampled_from(["G minor", "Ab major", "E phrygian", "C major"]),
    who=st.sampled_from(["violin, cello", "flute", "strings, tense", "trombone, calm"]),
)
def test_it_comes_back_step_for_step_in_the_other_cues_key_within_its_players_range(
    seed: int, key: str, other: str, who: str
) -> None:
    theme, _ = theme_from(f"violin, cello, {key}, 100 bpm", seed)
    assert theme is not None
    score, pages = score_of(f"{who}, {other}, 80 bpm", seed=seed), Pages()
    back = restate(theme, score.session, pages)
    assert back is not None
    part, bars = back
    write_pages(score.session, Composer(FakeModel()), bars, pages, lambda *_: None)
    for bar, said in enumerate(steps(theme)[:bars]):
        plan = plan_bar(score.session, bar)
        assert plan is not None
        assert plan.controls.key is not None
        assert plan.scale is not None
        player = next(one for one in plan.parts if one.name == part)
        notes = pages.notes(part, bar)
        assert all(player.instrument.low <= note.pitch <= player.instrument.high for note in notes)
        assert all(note.pitch % 12 in plan.scale for note in notes)
        # Nothing is left out but what the clearance of the entrance, 80 ms, has no room for.
        kept = [(tick, step) for tick, step in said if bar or tick == 0 or tick > CLEARANCE]
        heard = [(note.tick - plan.bar.start, step_of(note.pitch, plan.controls.key)) for note in notes]
        assert [tick for tick, _ in heard] == [tick for tick, _ in kept]
        # Octaves apart at most.
        assert all((mine - theirs) % 7 == 0 for (_, mine), (_, theirs) in zip(heard, kept, strict=True))
        # All others are written around it.
        assert all(pages.at(one.name, bar) is not None for one in plan.parts)


def test_a_hit_in_the_first_bar_leaves_no_room_and_one_later_ends_it_there() -> None:
    theme, _ = theme_from("violin, cello, D minor, 100 bpm")
    assert theme is not None
    # A bar of the map is about 58 frames.
    first = score_of("violin, 100 bpm", (SheetHit(20, "x"),))
    assert restate(theme, first.session, Pages()) is None
    later = score_of("violin, 100 bpm", (SheetHit(130, "x"),))
    back = restate(theme, later.session, Pages())
    assert back is not None
    assert back[1] < THEME_BARS


def test_drums_carry_no_theme() -> None:
    theme, _ = theme_from("drums, 100 bpm")
    assert theme is None
    theme, _ = theme_from("violin, 100 bpm")
    assert theme is not None
    assert restate(theme, score_of("drums, 100 bpm").session, Pages()) is None


def test_who_blows_has_it_note_after_note_and_breathes() -> None:
    # Each bar's last note lies over the bar line, as a violin may have it.
    notes = (Note(0, 74, 1920, 60), Note(1920, 77, 3840, 60))
    theme = Theme(Key(2, "minor"), "violin 1", (notes,) * THEME_BARS)
    score, pages = score_of("flute, 40 bpm, D minor"), Pages()
    assert restate(theme, score.session, pages) == ("flute", THEME_BARS)
    said = [note for bar in range(THEME_BARS) for note in pages.notes("flute", bar)]
    assert [note.tick for note in said] == [1920 * place for place in range(2 * THEME_BARS)]
    assert violations_of("flute", "flute", said, score.session.timeline.tempo_map.seconds_at) == []
