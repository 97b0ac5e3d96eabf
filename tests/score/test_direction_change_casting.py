"""What a note says of those who play: who comes, who goes, who is too loud, and whom "it" and "they" mean."""

import pytest

from hitpoint.score.direction_change import parse_change


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("the trombones can go, and the tuba with them", ("− trombone", "− tuba")),
        ("strings up, horns as well", ("louder strings", "louder french horn")),
        ("the brass is vulgar; out with it", ("− brass",)),
        ("take away the harp, it is too much", ("− harp",)),
        ("take the harp away", ("− harp",)),
        ("the choir, I regret, must go", ("− choir",)),
        ("what if the trumpet kept silent?", ("− trumpet",)),
        ("not the trumpet. Anything but the trumpet.", ("− trumpet",)),
        ("drums? No.", ("− drums",)),
        ("piccolo = no", ("− piccolo",)),
        ("a bit of harp, no?", ("+ harp",)),
        ("kill the bells they sound like an ice cream van", ("− bells",)),
        ("the drums scare the children, go easy on them", ("softer drums",)),
        ("can the horns come down in volume?", ("softer french horn",)),
        ("too heavy on the low strings", ("softer low strings",)),
        ("quieter brass, it's covering up the joke", ("softer brass",)),
        ("he flinches at the horns; make those gentler", ("softer french horn",)),
        ("lose those horns", ("− french horn",)),
        ("more of the cello", ("louder cello",)),
        ("dial up the brass", ("louder brass",)),
        ("I can barely make out the viola", ("louder viola",)),
        ("the oboe's gorgeous, let it come forward", ("louder oboe",)),
        ("the oboe should come out of the texture", ("louder oboe",)),
        ("take the oboe out of the texture", ("− oboe",)),
        ("would an organ work in there? Chuck one in.", ("+ organ",)),
        ("I'd love strings", ("+ strings",)),
        ("I'd love the strings to be softer", ("softer strings",)),
        ("perhaps a touch of celesta, for the snow", ("+ bells",)),
        ("low strings underneath would make it tenser", ("tension +0.25", "+ low strings")),
        ("the desert chase is crying out for guitar", ("+ guitar",)),
        ("a harp when she remembers, bars 7 to 10", ("+ harp (bars 7-10)",)),
        ("I wish the choir only came in at the end", ("+ choir (end)",)),
        ("end it on a lone clarinet", ("only clarinet (end)",)),
        ("finish on organ alone", ("only organ (finish)",)),
        ("a solo violin at the start", ("only violin (start)",)),
        ("add a solo violin", ("+ violin",)),
        ("a solo piano", ("only piano",)),
        ("oboe solo until bar 8", ("only oboe (until bar 8)",)),
        ("don't add drums", ("− drums",)),
        ("not the oboe, the clarinet", ("+ clarinet", "− oboe")),
        ("only the flute is too loud", ("softer flute",)),
        ("give the cello the melody", ("+ cello",)),
        ("the piano is playing too many notes", ("density −0.25 of piano",)),
        ("the drums come in too early", ("softer drums",)),
        ("could the choir come in softer?", ("softer choir",)),
        ("pull the piano back in the first four bars", ("softer piano (first 4 bars)",)),
        ("the drums are too loud, get them out of the way", ("softer drums",)),
        ("I only want to hear the piano", ("only piano",)),
        ("the brass is too much, can we try it without?", ("− brass",)),
        ("drums? Not needed.", ("− drums",)),
        ("all I want is cello", ("only cello",)),
        ("could everyone except the cello drop out", ("only cello",)),
        ("the cello stays, the rest can go", ("only cello",)),
        ("leave the cello alone", ("= cello",)),
        ("the viola is fine, it's the cello that's too loud", ("softer cello",)),
        ("the cello's too loud compared with the flute", ("softer cello",)),
        ("more flute than brass", ("louder flute",)),
        ("a mournful cello at the end", ("valence −0.25 (end)", "+ cello (end)")),
        ("a softer harp", ("softer harp",)),
        ("the flute's too shrill up there, drop it an octave", ("register −1 octaves of flute",)),
        (
            "the basses are muddy, take them up an octave",
            ("density −0.25 of contrabass", "register +1 octaves of contrabass"),
        ),
        ("cello from bar 5, on its own", ("only cello (from bar 5)",)),
        ("bring the cello in later, around bar 12", ("+ cello (from bar 12)",)),
        ("keep the strings as they are and slow it down", ("tempo × 0.9", "= strings")),
        ("could use less brass", ("softer brass",)),
        ("try it with fewer horns", ("softer french horn",)),
        ("try taking the tuba out", ("− tuba",)),
        ("wouldn't miss the brass", ("− brass",)),
        ("I can't hear anything but brass", ("softer brass",)),
        ("too much brass and not enough strings", ("softer brass", "louder strings")),
        ("everything's buried under the brass", ("softer brass",)),
        ("the brass: too loud. The strings: too soft.", ("softer brass", "louder strings")),
        ("I'd love to hear this on a piano", ("+ piano",)),
        ("the strings should drop away at bar 16", ("− strings (from bar 16)",)),
        ("the flute can't compete with the brass", ("softer brass", "louder flute")),
        ("the balance of brass and flute is off", ()),
        ("could the oboe be replaced by a solo cello", ("+ cello", "− oboe")),
        ("piano yes, strings no", ("+ piano", "− strings")),
        ("the piano? Out.", ("− piano",)),
        ("enough piano", ("softer piano",)),
        ("I'm not hearing enough harp", ("louder harp",)),
        ("I can only hear the drums", ("softer drums",)),
        ("the oboe gets swallowed by the strings", ("softer strings", "louder oboe")),
        ("hold the drums back until bar 20", ("− drums (until bar 20)",)),
        ("save the trumpets for the last eight bars", ("+ trumpet (last 8 bars)",)),
        ("keep the strings and drop the rest", ("only strings",)),
        ("keep the piano, but softer", ("softer piano",)),
        ("lose the guitar for something softer, like a harp", ("+ harp", "− guitar")),
        ("could the flute double the violins?", ("+ flute",)),
        ("the tune should be on the guitar", ("+ guitar",)),
        ("the melody in the strings is too sad", ("valence +0.25 of strings",)),
        ("who asked for a glockenspiel? Take it out.", ("− bells",)),
        ("we've had enough of the piano", ("− piano",)),
        ("nobody but the harp", ("only harp",)),
        ("put the strings behind the piano", ("softer strings",)),
        ("the violin part is too high", ("register −0.5 octaves of violin",)),
        ("cymbal crash at bar 17", ("+ drums (bar 17)",)),
        ("thin the strings down to a solo violin", ("density −0.25", "only violin")),
        ("strip it back to solo cello", ("only cello",)),
        ("leave it to guitar and piano", ("only guitar", "only piano")),
        ("stripped bare: piano, cello, nothing more", ("density −0.25", "only piano", "only cello")),
        ("66 bpm and leave everything else alone", ("tempo 66 bpm",)),
    ],
)
def test_players_are_cast_however_it_is_said(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("I miss the clarinet. Put it back in.", ("+ clarinet",)),
        ("you cut the harp, put it back", ("+ harp",)),
        ("the flute's too prominent, pull it back", ("softer flute",)),
        ("the flutes are buried, pull them up", ("louder flute",)),
        ("I love the cello, can we hear more of it?", ("louder cello",)),
        ("the bassoon makes it silly. Cut it.", ("− bassoon",)),
        ("the drums are too much, lose them", ("− drums",)),
        ("the oboe's too nasal, swap it for a flute", ("+ flute", "− oboe")),
        ("the horns are great but they're too loud", ("softer french horn",)),
        ("pull the brass back, it's too loud", ("softer brass",)),
        ("lose the drums, they're too loud", ("− drums",)),
    ],
)
def test_it_and_they_are_the_players_who_were_named_before(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("pull it back", ("intensity −0.25",)),
        ("the violins are lovely, pull it back", ("intensity −0.25",)),
        ("lose the flute and pull it back", ("intensity −0.25", "− flute")),
        ("just piano, and pull it back", ("intensity −0.25", "only piano")),
        ("more brass and make it louder", ("intensity +0.25", "louder brass")),
        ("the piano's great. Cut it to 16 bars.", ("bars 16",)),
    ],
)
def test_it_is_the_music_where_no_one_player_is_left_to_be_meant(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


@pytest.mark.parametrize(
    ("note", "louder", "softer"),
    [
        ("Flute and oboe louder.", ("flute", "oboe"), ()),
        ("Horns and timpani softer, oboe louder.", ("oboe",), ("french horn", "timpani")),
        ("The oboe louder and the harp softer", ("oboe",), ("harp",)),
        ("Could the flute play out a little more? I can barely hear it.", ("flute",), ()),
    ],
)
def test_all_who_are_named_before_are_balanced(note: str, louder: tuple[str, ...], softer: tuple[str, ...]) -> None:
    change = parse_change(note)
    assert (change.louder, change.softer, change.drop) == (louder, softer, ())
