import logging
from pathlib import Path

from hitpoint.engine.crew_pipes import Logged
from hitpoint.engine.member_log import LEFT_OUT, MemberLog, without_words, words_of
from hitpoint.score.session import DirectionGiven, PartSet, Session, Switch
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.timeline import Timeline

SESSION = Session(
    Timeline(markers=(Marker(0, "HIT Ada shoots"), Marker(9, "B")), regions=(Region(0, 9, "1m07 the Nile"),))
).apply(DirectionGiven("tense, as in Vertigo, strings"))


def test_a_persons_words_are_left_out_whole_and_in_the_pieces_that_messages_quote():
    for text in ("HIT Ada shoots", "Ada shoots", "1m07 the Nile", "the nile", "as in Vertigo"):
        assert without_words(f"'{text}' cannot be met", words_of(SESSION)) == f"'{LEFT_OUT}' cannot be met"


def test_what_is_ours_stays():
    session = SESSION.apply(PartSet("brass", Switch.MUTE, True))
    text = "no port called Hitpoint brass is open: bar 3 of the strings is not heard"
    assert without_words(text, words_of(session)) == text


def test_the_home_folder_is_not_named():
    assert without_words(f"{Path.home()}/film.session cannot be written", ()) == "~/film.session cannot be written"


def logged(words: tuple[str, ...] | None) -> Logged:
    said: list[Logged] = []
    logger = logging.Logger("test")
    logger.addHandler(MemberLog(said.append, None if words is None else lambda: words))
    try:
        raise ValueError("Vertigo")
    except ValueError as error:
        logger.warning("%s cannot be read", "Vertigo", exc_info=error)
    return said[0]


def test_the_person_reads_all_and_the_file_has_the_traceback_without_their_words():
    line = logged(("Vertigo",))
    assert line.shown == "Vertigo cannot be read"
    assert "Traceback" in line.filed
    assert "Vertigo" not in line.filed


def test_words_stay_where_they_are_wanted():
    assert "ValueError: Vertigo" in logged(None).filed
