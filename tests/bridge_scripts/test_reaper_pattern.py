import pytest

from fakes.reaper_app import SCRIPTS
from fakes.reaper_pattern import read_patterns

PATTERN = SCRIPTS / "Hitpoint.ReaperOSC"


def test_reaper_takes_in_every_line_of_the_pattern_file() -> None:
    found = read_patterns(PATTERN.read_text())
    assert found.wrong == []
    assert found.counts["DEVICE_MARKER_COUNT"] == found.counts["DEVICE_REGION_COUNT"] == 128
    assert {"PLAY", "STOP", "RECORD", "REPEAT", "TIME", "TEMPO", "MARKER_NAME", "REGION_TIME", "ACTION"} <= set(
        found.patterns
    )


def test_nothing_in_it_floods() -> None:
    keys = read_patterns(PATTERN.read_text()).patterns
    assert not [key for key in keys if key.startswith(("TRACK_", "FX_", "MASTER_")) or key.endswith("_VU")]


def test_its_name_is_shown_among_those_to_choose_from() -> None:
    assert not PATTERN.name.lower().startswith("default.")


def test_it_names_the_address_that_reaper_must_send_to() -> None:
    assert "127.0.0.1" in PATTERN.read_text()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("LASTMARKER_NAME s/last", "no key LASTMARKER_NAME"),
        ("PLAY t/play\nSTOP b/play", "/play is used twice"),
        ("PLAY /play", "is no pattern"),
        ("PLAY x/play", "is no pattern"),
        ("PLAY tplay", "is no pattern"),
        ("PLAY", "has no value"),
        ("MARKER_NAME s" + "/@" * 17, "too many wildcards"),
        ("DEVICE_MARKER_COUNT many", "is no pattern"),
    ],
)
def test_what_reaper_would_pass_over_is_found(line: str, said: str) -> None:
    assert said in " ".join(read_patterns(line).wrong)
