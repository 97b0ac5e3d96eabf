"""The register alone is another: what was planned stands, and the notes stay on their pages."""

from fakes.fake_model import FakeModel
from hitpoint.engine.composer import Composer
from hitpoint.engine.register_composer import RegisterComposer
from hitpoint.engine.render import prompt_session, render
from hitpoint.score.direction import parse
from hitpoint.score.ensemble import part_named
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.register import highest_key

BARS = 6
END = (BARS - 1) * 3840
SESSION, _ = prompt_session(parse("strings, harp, D minor"), BARS, 3)


def rendered(register: float | None) -> tuple[MidiPart, ...]:
    composer = RegisterComposer(FakeModel())
    composer.register = register
    return render(SESSION, composer, BARS, lambda *_: None, ())


def mean_pitch(parts: tuple[MidiPart, ...]) -> float:
    pitches = [note.pitch for part in parts for note in part.notes]
    return sum(pitches) / len(pitches)


def bars_of(part: MidiPart) -> tuple[str, bool, bool]:
    """Its name, and whether it plays before the last chord and in it."""
    return part.name, any(note.tick < END for note in part.notes), any(note.tick >= END for note in part.notes)


def test_without_one_it_is_the_composer_itself() -> None:
    assert rendered(None) == render(SESSION, Composer(FakeModel()), BARS, lambda *_: None, ())


def test_another_register_moves_the_notes_and_no_part_loses_a_bar() -> None:
    low, high, planned = rendered(0.0), rendered(1.0), rendered(None)
    assert mean_pitch(low) < mean_pitch(high)
    assert [bars_of(part) for part in low] == [bars_of(part) for part in high] == [bars_of(part) for part in planned]
    for part in low:
        known = part_named(part.name)
        assert known is not None
        # Landings, the entrance among them, are struck wherever they lie.
        plain = [note.pitch for note in part.notes if 0 < note.tick < END]
        assert max(plain, default=0) <= highest_key(known.instrument, 0.0)


def test_the_same_register_is_the_same_cue() -> None:
    assert rendered(0.3) == rendered(0.3)
