from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hitpoint.errors import HostError
from hitpoint.hosts.commands import COMMANDS
from hitpoint.hosts.midi_binding_text import LONGEST_TARGET, as_text, binding_of, how_of, source_of, target_of
from hitpoint.hosts.midi_bindings import Source, Target
from hitpoint.hosts.midi_modes import Mode, Span, TakeOver
from hitpoint.hosts.midi_readings import NUMBERS, SourceKind
from hitpoint.score.bound_control import BoundControl

sources = st.builds(
    lambda kind, number, channel, port: Source(kind, number % max(1, NUMBERS[kind]), channel, port),
    st.sampled_from(SourceKind),
    st.integers(0, 16383),
    st.none() | st.integers(0, 15),
    st.none()
    | st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(lambda text: text == text.strip()),
)
targets = st.sampled_from(
    [
        "/hitpoint/control/valence",
        "/hitpoint/control/valence -0.25",
        "/hitpoint/part/violin_1/solo",
        "/hitpoint/cue/vary 5 8 'french horn'",
        "/hitpoint/cue/generate 'tense, it''s \"brass\"'",
        "/hitpoint/panic",
    ]
)
hows = st.lists(
    st.sampled_from(["", *(mode.value for mode in Mode), *(way.value for way in TakeOver), "0..1", "0.75..0.25"]),
    max_size=3,
).map(" ".join)


@given(sources)
def test_a_source_reads_back_as_it_is_written(source):
    assert source_of(str(source)) == source


@given(sources, targets, hows)
def test_a_binding_reads_back_as_it_is_written(source, target, how):
    try:
        bound = binding_of(BoundControl(str(source), target, how))
    except HostError:
        assume(False)
    assert binding_of(as_text(bound)) == bound


@given(*[st.text(max_size=40)] * 3)
def test_no_words_raise_anything_but_a_hitpoint_error(source, target, how):
    for read, text in ((source_of, source), (target_of, target), (how_of, how)):
        with suppress(HostError):
            read(text)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cc", "/hitpoint/panic"), "no MIDI control"),
        (("cc 128", "/hitpoint/panic"), "no MIDI control"),
        (("cc14 32", "/hitpoint/panic"), "no MIDI control"),
        (("cc 1 channel 17", "/hitpoint/panic"), "no MIDI control"),
        (("knob 1", "/hitpoint/panic"), "kinds are cc, cc14"),
        (("cc 1", "/hitpoint/volume"), "no address"),
        (("cc 1", "/hitpoint/panic 1"), "at most 0 arguments"),
        (("cc 1", "/hitpoint/control/tension loud"), "must be a number"),
        (("cc 1", "/hitpoint/control/tension 2"), "outside 0 to 1"),
        (("cc 1", "/hitpoint/cue/generate"), "direction"),
        (("cc 1", "/hitpoint/status"), "only answers"),
        (("cc 1", "/hitpoint/subscribe 9000"), "only answers"),
        (("cc 1", "/hitpoint/control/tension", "0..2"), "not within 0 to 1"),
        (("cc 1", "/hitpoint/control/tension", "pikcup"), "Did you mean 'pickup'?"),
        (("cc 1", "/hitpoint/control/tension", "nan..1"), "ranges such as"),
        (("cc 1", "/hitpoint/panic", "toggle"), "no value to drive"),
        (("cc 1", "/hitpoint/transport/locate", "pickup"), "taken over"),
        (("note 1", "/hitpoint/control/tension", "twos"), "only cc and nrpn"),
        (("cc 1", "/hitpoint/cue/generate " + "x" * LONGEST_TARGET), "too long"),
    ],
)
def test_what_does_not_fit_is_told(words, said):
    with pytest.raises(HostError, match=said):
        binding_of(BoundControl(*words))


@pytest.mark.parametrize(
    ("words", "mode", "take_over", "span"),
    [
        (("cc 1", "/hitpoint/control/valence"), Mode.ABSOLUTE, TakeOver.PICKUP, Span(-1.0, 1.0)),
        (("note 1", "/hitpoint/control/valence"), Mode.ABSOLUTE, TakeOver.JUMP, Span(-1.0, 1.0)),
        (("cc 1", "/hitpoint/control/valence", "twos 0..1"), Mode.TWOS, TakeOver.JUMP, Span(0.0, 1.0)),
        (("cc 1", "/hitpoint/part/cello/mute"), Mode.TOGGLE, TakeOver.JUMP, Span(0.0, 1.0, whole=True)),
        (("cc 1", "/hitpoint/transport/locate"), Mode.ABSOLUTE, TakeOver.JUMP, Span(1.0, 128.0)),
        (("cc 1", "/hitpoint/cue/vary"), Mode.TRIGGER, TakeOver.JUMP, None),
        (("cc 1", "/hitpoint/control/valence", "trigger"), Mode.TRIGGER, TakeOver.JUMP, None),
    ],
)
def test_what_is_not_said_follows_from_control_and_address(words, mode, take_over, span):
    bound = binding_of(BoundControl(*words))
    assert (bound.mode, bound.take_over, bound.span) == (mode, take_over, span)


def test_any_channel_and_port_will_do_where_that_is_said():
    bound = binding_of(BoundControl("cc 1 channel 3 of desk", "/hitpoint/undo", "omni any-port"))
    assert bound.source == Source(SourceKind.CC, 1)


def test_an_address_names_its_target_with_what_stays_the_same():
    assert target_of("/hitpoint/cue/vary 5 8 'french horn'") == Target("/hitpoint/cue/vary", (5.0, 8.0, "french horn"))
    assert all(target_of(command.address.replace("{part}", "x")).arguments == () for command in COMMANDS)
