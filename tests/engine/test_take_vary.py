"""Another take of a take: what is asked changes as it was said, all else stays note for note."""

from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from fakes.fake_model import FakeModel
from fakes.takes import BUNDLE, a_take
from hitpoint.engine.composer import Composer
from hitpoint.engine.infill import Infiller
from hitpoint.engine.infill_file import Answer, OpenFile, infill
from hitpoint.engine.infill_file import Wanted as Rewritten
from hitpoint.engine.render import render
from hitpoint.engine.rendered_take import rendered_take
from hitpoint.engine.take import TakeMusic
from hitpoint.engine.take_infill import Redrawn, redraw
from hitpoint.engine.take_json import music_as_bytes, music_of
from hitpoint.engine.take_parts import spans_of
from hitpoint.engine.take_vary import Varied, Wanted, vary
from hitpoint.errors import ConfigError
from hitpoint.planner.plan import plan_bar
from hitpoint.score.articulation import Switch, SwitchAt
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.direction_change import parse_change
from hitpoint.score.keep import Keep
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840
HIT = 4 * BAR + 137


@lru_cache(maxsize=8)
def a_cue(prompt: str = "tense, strings, piano, D minor", bars: int = 7) -> TakeMusic:
    """A cue with a hit off the grid."""
    markers = (Marker(0, f"1m01 {prompt}"), Marker(HIT, "HIT door"), Marker((bars - 1) * BAR, "END"))
    session = Session(Timeline(markers=markers), seed=5)
    parts = render(session, Composer(FakeModel()), bars, lambda *_: None)
    return rendered_take(session, parts, bars, prompt, BUNDLE, (1, 11, 64)).music


def varied(
    music: TakeMusic,
    note: str = "",
    parts: tuple[str, ...] = (),
    bars: tuple[int, ...] = (),
    seed: int | None = None,
    locked: tuple[str, ...] = (),
    of_sheet: bool = False,
) -> Varied:
    wanted = Wanted(parse_change(note), parts, bars, seed)
    return vary(music, wanted, locked, lambda: Composer(FakeModel()), lambda *_: None, of_sheet)


def write(file: OpenFile, wanted: Rewritten) -> Answer:
    return infill(file, wanted, Infiller(FakeModel()), lambda *_: None)


def no_model() -> Composer:
    raise AssertionError("the model is not needed for this")


def by_hand(music: TakeMusic, note: str, **options: tuple[int, ...]) -> TakeMusic:
    """A change that no model is asked for."""
    return vary(music, Wanted(parse_change(note), **options), (), no_model, lambda *_: None).music


def part(music: TakeMusic, name: str) -> MidiPart:
    return next(part for part in music.score.parts if part.name == name)


def notes_in(part: MidiPart, bars: range) -> list[Note]:
    return [note for note in part.notes if bars.start * BAR <= note.tick < bars.stop * BAR]


NOTES = ("", "darker, less busy", "bigger", "an octave lower", "slower", "add a harp", "no piano", "softer violins",
         "calmer in the second half", "strings only", "higher")  # fmt: skip
PARTS = ("violin 1", "violin 2", "viola", "cello", "contrabass", "piano")


@pytest.mark.parametrize("note", NOTES)
@given(
    locked=st.sets(st.sampled_from(PARTS), max_size=3),
    first=st.integers(0, 6),
    more=st.integers(0, 6),
    parts=st.sets(st.sampled_from(PARTS), max_size=3),
)
@examples(max_examples=2)
def test_what_is_locked_or_not_asked_stays_note_for_note_and_move_for_move(note, locked, first, more, parts):
    music = a_cue()
    bars = tuple(range(first, min(7, first + more + 1)))
    free = tuple(sorted(parts - locked))
    try:
        made = varied(music, note, free, bars, locked=tuple(sorted(locked))).music
    except ConfigError as error:
        assert "nothing would change" in str(error) or "none in common" in str(error)  # noqa: PT017
        return
    start, end = bars[0] * BAR, (bars[-1] + 1) * BAR
    after = {one.name: one for one in made.score.parts}
    for old in music.score.parts:
        left_alone = free and old.name not in free and "only" not in note and not note.startswith("no ")
        if old.name in locked or left_alone:
            assert after[old.name] == old
        elif old.name in after:
            new = after[old.name]
            assert new.channel == old.channel
            outside = [(note.tick, note.pitch, note.velocity) for note in old.notes if not start <= note.tick < end]
            assert [(n.tick, n.pitch, n.velocity) for n in new.notes if not start <= n.tick < end] == outside
            for controller in (1, 11):
                assert level_at(new, controller, range(0, start, 97)) == level_at(old, controller, range(0, start, 97))
                later = range(end, 7 * BAR, 97)
                assert level_at(new, controller, later) == level_at(old, controller, later)
    # And what came of it can be kept and gone on from.
    assert music_of(music_as_bytes(made)) == made


def level_at(part: MidiPart, controller: int, ticks: range) -> list[int | None]:
    """The controller's value at each of these ticks."""
    found: list[int | None] = []
    for tick in ticks:
        values = [move.value for move in part.moves if move.controller == controller and move.tick <= tick]
        found.append(values[-1] if values else None)
    return found


@pytest.mark.parametrize("note", ["", "darker, less busy", "calmer", "bigger", "slower", "much more tense"])
def test_hits_are_met_in_every_variation(note):
    music = a_cue()
    made = varied(music, note).music
    plan = plan_bar(made.session, HIT // BAR)
    assert plan is not None
    landing = next(landing for landing in plan.landings if landing.tick == HIT)
    assert landing.parts
    for name in landing.parts:
        struck = [one for one in part(made, name).notes if one.tick == HIT]
        assert struck
        assert min(one.velocity for one in struck) >= landing.velocity[0]


def test_the_same_wish_gives_the_same_take_and_another_seed_another():
    music = a_cue()
    plain, again, other = (varied(music, seed=seed).music for seed in (None, 0, 3))
    assert plain == again
    assert plain.score.parts != other.score.parts
    assert plain.score.parts != music.score.parts
    # A variation of the variation is yet another.
    assert varied(plain).music.score.parts not in (music.score.parts, plain.score.parts)


@pytest.mark.parametrize(
    ("note", "ways"),
    [
        ("darker", {"valence": -1}),
        ("less busy", {"density": -1}),
        ("calmer", {"arousal": -1}),
        ("more tension", {"tension": 1}),
        ("bigger", {"intensity": 1}),
        ("darker, less busy in the second half", {"valence": -1, "density": -1}),
    ],
)
def test_bars_are_planned_as_the_note_says_and_others_as_they_were(note, ways):
    music, change = a_cue(), parse_change(note)
    made = varied(music, note).music
    meant = range(7) if change.place is None else change.place.bars(7)
    for bar in range(7):
        was, now = (plan_bar(session, bar) for session in (music.session, made.session))
        assert was is not None
        assert now is not None
        for name, way in ways.items():
            before, after = getattr(was.controls, name), getattr(now.controls, name)
            least, most = CONTROL_RANGES[name]
            if bar in meant:
                assert (after - before) * way > 0 or after in (least, most)
            else:
                assert after == pytest.approx(before, abs=0.051)


def test_an_octave_is_an_octave_within_the_instruments_range():
    music = a_cue()
    made = by_hand(music, "an octave lower")
    for old in music.score.parts:
        new = part(made, old.name)
        assert [n.tick for n in new.notes] == [n.tick for n in old.notes] or len(new.notes) == len(old.notes)
        for before, after in zip(
            sorted(old.notes, key=lambda n: (n.tick, n.duration, n.velocity, n.pitch)),
            sorted(new.notes, key=lambda n: (n.tick, n.duration, n.velocity, n.pitch)),
            strict=True,
        ):
            assert before.pitch - after.pitch in (0, 12)
    cello = part(music, "cello")
    assert sum(n.pitch for n in part(made, "cello").notes) < sum(n.pitch for n in cello.notes)


@pytest.mark.parametrize(("note", "way"), [("higher", 1), ("lower", -1), ("lower in bars 3-4", -1)])
def test_higher_and_lower_move_every_part_that_has_room(note, way):
    music = a_cue()
    made = varied(music, note).music
    moved = 0
    for old in music.score.parts:
        new = part(made, old.name)
        bars = range(2, 4) if "bars" in note else range(7)
        before, after = ([n.pitch for n in notes_in(one, bars)] for one in (old, new))
        if before and after:
            assert (sum(after) / len(after) - sum(before) / len(before)) * way >= 0
            moved += sum(after) / len(after) != sum(before) / len(before)
    assert moved >= 3


def test_softer_and_louder_balance_a_part_and_nobody_else():
    music = a_cue()
    softer, louder = by_hand(music, "softer cello"), by_hand(music, "louder cello")
    before, low, high = (part(one, "cello") for one in (music, softer, louder))
    assert all(a.velocity < b.velocity for a, b in zip(low.notes, before.notes, strict=True))
    assert all(a.velocity >= b.velocity for a, b in zip(high.notes, before.notes, strict=True))
    assert [m.value for m in low.moves if m.controller != 64] < [m.value for m in before.moves if m.controller != 64]
    for one in (softer, louder):
        assert [p for p in one.score.parts if p.name != "cello"] == [p for p in music.score.parts if p.name != "cello"]


def test_players_leave_where_it_is_said_and_come_without_disturbing_others():
    music = a_cue()
    without = by_hand(music, "no violins in bars 3-4")
    assert notes_in(part(without, "violin 1"), range(2, 4)) == []
    assert notes_in(part(without, "violin 1"), range(4, 7)) == notes_in(part(music, "violin 1"), range(4, 7))
    assert all(not n.tick < 2 * BAR < n.end for n in part(without, "violin 1").notes)
    gone = by_hand(music, "no violins")
    assert {"violin 1", "violin 2"}.isdisjoint(one.name for one in gone.score.parts)
    with_harp = varied(music, "add a harp").music
    assert part(with_harp, "harp").notes
    assert [one for one in with_harp.score.parts if one.name != "harp"] == list(music.score.parts)
    assert part(varied(music, "more harp").music, "harp").notes
    channels = [one.channel for one in with_harp.score.parts]
    assert len(set(channels)) == len(channels)
    # Who was sent away may come back.
    back = varied(gone, "add violins").music
    assert part(back, "violin 1").notes


@pytest.mark.parametrize(
    ("note", "may_move"),
    [
        ("fewer notes in the piano", {"piano"}),
        ("the violins are too high", {"violin 1", "violin 2"}),
        ("violins up an octave", {"violin 1", "violin 2"}),
        ("strings an octave lower, but leave the cello alone", {"violin 1", "violin 2", "viola", "contrabass"}),
        ("darker, but don't touch the strings", {"piano"}),
        ("don't touch the strings", {"piano"}),
        ("piano sparser, viola busier", {"piano", "viola"}),
    ],
)
def test_nobody_changes_but_those_whom_a_note_means(note, may_move):
    music = a_cue()
    made = varied(music, note).music
    others = [one for one in music.score.parts if one.name not in may_move]
    assert [one for one in made.score.parts if one.name not in may_move] == others
    assert made.score.parts != music.score.parts


def test_a_note_for_players_who_are_not_there_is_refused_and_to_keep_them_is_told():
    with pytest.raises(ConfigError, match="tuba: there is no such part here that may change"):
        varied(a_cue(), "the tuba is too busy")
    assert varied(a_cue(), "darker, but don't touch the tuba").not_applied == ("tuba: it has no part to be kept",)


def test_who_comes_and_has_a_part_already_is_told():
    music = a_cue("tense, strings, glockenspiel, D minor")
    (told,) = varied(music, "darker, and add a celesta").not_applied
    assert told == "celesta: it is written as bells, which has a part already that it would have to share"
    (told,) = varied(music, "darker, and add strings").not_applied
    assert told == "strings: it has a part already"
    with pytest.raises(ConfigError, match="nothing would change: celesta: it is written as bells"):
        varied(music, "add a celesta")


def test_a_celesta_that_comes_sounds_as_a_celesta():
    made = varied(a_cue(), "add a celesta").music
    assert part(made, "bells").program == 8


def test_a_wish_without_a_place_holds_everywhere_and_one_with_a_place_there():
    music = a_cue()
    made = varied(music, "darker, and lose the cellos in bars 2-3").music
    for bar in range(7):
        was, now = (plan_bar(one.session, bar).controls.valence for one in (music, made))
        assert now == pytest.approx(max(-1, was - 0.25), abs=0.03)
    silent = [bar for bar in range(7) if not notes_in(part(made, "cello"), range(bar, bar + 1))]
    assert {1, 2} <= set(silent) != set(range(7))


def test_where_one_of_two_wishes_changes_nothing_the_other_is_followed_and_that_is_told():
    made = varied(a_cue(), "softer harp, and make it darker at the end")
    (told,) = made.not_applied
    assert "nothing would change" in told
    with pytest.raises(ConfigError, match="nothing would change"):
        varied(a_cue(), "softer harp, and turn the tuba down at the end")


def test_more_bars_go_on_from_what_is_there_and_fewer_end_sooner():
    music = a_take("calm, violin, cello, D minor", bars=6).music
    for note, bars in (("2 bars longer", 8), ("3 bars shorter", 3)):
        made = varied(music, note).music
        assert made.bars == bars
        kept = range(min(6, bars) - 1)
        for old in music.score.parts:
            new = part(made, old.name)
            assert [(n.tick, n.pitch) for n in notes_in(new, kept)] == [(n.tick, n.pitch) for n in notes_in(old, kept)]
            assert all(n.end <= bars * BAR for n in new.notes)
        assert [marker.tick for marker in made.score.timeline.markers] == [0, (bars - 1) * BAR]


def test_another_tempo_moves_no_note():
    music = a_cue()
    made = by_hand(music, "20% slower")
    assert made.score.parts == music.score.parts
    assert made.score.timeline.tempo_map.bpm_at(0) == pytest.approx(96)
    half = by_hand(music, "20% slower in bars 3-4").score.timeline.tempo_map
    assert [half.bpm_at(bar * BAR) for bar in (0, 2, 3, 4)] == pytest.approx([120, 96, 96, 120])


def test_another_key_is_everybodys_or_nobodys():
    music = a_take("calm, violin, cello, D minor", bars=4).music
    made = varied(music, "in E minor")
    assert str(made.music.score.keys[0].key) == "E minor"
    scale = made.music.score.keys[0].key.scale
    assert {n.pitch % 12 for one in made.music.score.parts for n in one.notes} <= scale
    kept = varied(music, "in E minor, bigger", locked=("cello",))
    assert kept.not_applied == ("key: cello stays as it is",)
    assert kept.music.score.keys == music.score.keys


def test_a_sheets_cue_keeps_its_map_and_says_so():
    made = varied(a_cue(), "slower, 4 bars longer, darker", of_sheet=True)
    assert [reason.split(":")[0] for reason in made.not_applied] == ["length and metre", "tempo"]
    assert made.music.score.timeline == a_cue().score.timeline
    with pytest.raises(ConfigError, match="nothing would change: tempo: the cue's map"):
        varied(a_cue(), "slower", of_sheet=True)


def a_ringing_cue() -> TakeMusic:
    """A cue as sheets have them: it ends in its fifth bar, and two more are written in which its last chord rings."""
    prompt = "tense, strings, D minor"
    session = Session(Timeline(markers=(Marker(0, f"1m01 {prompt}"), Marker(4 * BAR + 960, "END"))), seed=5)
    parts = render(session, Composer(FakeModel()), 7, lambda *_: None)
    return rendered_take(session, parts, 7, prompt, BUNDLE, (1, 11, 64)).music


@pytest.mark.parametrize(
    ("words", "first"), [("at the end", 4), ("in the last two bars", 3), ("in the last bar", 4), ("in bar 5", 4)]
)
def test_the_end_of_a_cue_is_where_it_ends_and_not_where_its_last_chord_has_rung(words, first):
    music = a_ringing_cue()
    assert music.bars_to_end == 5
    made = varied(music, f"louder {words}").music
    before, after = ([plan_bar(one.session, bar) for bar in range(5)] for one in (music, made))
    assert [bar for bar in range(5) if after[bar].level > before[bar].level] == [*range(first, 5)]


def test_bars_in_which_the_last_chord_rings_are_refused_with_where_the_cue_ends():
    for wish in ({"bars": (5, 6)}, {"note": "louder in bar 6"}, {"note": "darker", "bars": (6,)}):
        with pytest.raises(ConfigError, match="the cue ends in bar 5"):
            varied(a_ringing_cue(), **wish)


def test_the_second_half_of_a_cue_begins_in_the_middle_of_what_is_heard():
    music = a_ringing_cue()
    made = varied(music, "darker in the second half").music
    assert [curve.name for curve in made.session.curves] == ["valence"]
    (curve,) = made.session.curves
    assert [curve.at(bar) < curve.at(0) for bar in range(5)] == [False, False, True, True, True]


def test_markers_in_between_keep_the_length():
    made = varied(a_cue(), "4 bars longer, darker")
    assert made.not_applied == ("length and metre: its markers stand where they are",)
    assert made.music.bars == 7


def test_bars_that_have_nothing_in_common_with_the_notes_are_refused():
    with pytest.raises(ConfigError, match="none in common"):
        varied(a_cue(), "darker in bars 5-6", bars=(0, 1))


@pytest.mark.parametrize("keep", [None, Keep.RHYTHM, Keep.REGISTER])
def test_a_share_is_redrawn_and_hits_and_the_rest_stay(keep):
    music = a_cue()
    names = ("violin 1", "cello")
    amount = 0.5 if keep is None else 1.0
    made = redraw(music, Redrawn(names, (2, 3, 4), amount, keep), write)
    for old in music.score.parts:
        new = part(made, old.name)
        if old.name not in names:
            assert new == old
            continue
        assert [n for n in new.notes if n.tick == HIT] == [n for n in old.notes if n.tick == HIT]
        spans = spans_of((2, 3, 4), music.score.timeline.meter_map)
        assert spans == ((2 * BAR, 5 * BAR),)
        for bars in (range(2), range(5, 7)):
            assert notes_in(new, bars) == notes_in(old, bars)
    again = redraw(music, Redrawn(names, (2, 3, 4), amount, keep), write)
    assert again == made
    assert made.score.parts != music.score.parts
    if keep is Keep.RHYTHM:
        old_ticks = {n.tick for n in notes_in(part(music, "cello"), range(2, 5))}
        assert {n.tick for n in notes_in(part(made, "cello"), range(2, 5))} <= old_ticks


def test_a_share_of_nothing_makes_no_take():
    with pytest.raises(ConfigError, match="nothing would change"):
        redraw(a_cue(), Redrawn(("violin 1", "cello"), (2, 3, 4), 0.0), write)


def test_a_share_of_a_take_with_keyswitches_reads_them_as_no_notes():
    music = a_cue()
    switches = tuple(SwitchAt(bar * BAR, Switch("key", 12)) for bar in range(7))
    parts = tuple(replace(part, switches=switches) for part in music.score.parts if part.name == "cello")
    music = replace(music, score=replace(music.score, parts=parts))
    (new,) = redraw(music, Redrawn(("cello",), (2, 3, 4), 0.5), write).score.parts
    assert min(note.pitch for note in new.notes) > 12
    assert new.switches == switches


def test_a_share_hears_moods_and_refuses_the_rest():
    wanted = Redrawn(("cello",), (1, 2), 0.5, None, 0, parse_change("darker"))
    assert redraw(a_cue(), wanted, write).bars == 7
    wanted = Redrawn(("cello",), (1, 2), 0.5, None, 0, parse_change("an octave lower"))
    with pytest.raises(ConfigError, match="not with register −1 octaves"):
        redraw(a_cue(), wanted, write)
