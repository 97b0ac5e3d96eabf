import pytest

from hitpoint.score.direction import parse


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("solo cello, harp and strings", ("cello",)),
        ("cello solo over strings", ("cello",)),
        ("strings with solo horn", ("french horn",)),
        ("strings, harp solo cello", ("cello",)),
        ("violin melody over low strings", ("violin",)),
        ("sad cello melody over warm strings", ("cello",)),
        ("a melody of deep sorrow on the cello, strings", ("cello",)),
        ("clarinet plays the melody over strings", ("clarinet",)),
        ("the theme is in the horns, strings beneath", ("french horn",)),
        ("violins lead, brass answers", ("violin",)),
        ("piano solo", ("piano",)),
        ("strings carry the tune, harp", ("strings",)),
        ("oboe solo, then flute solo, strings", ("oboe", "flute")),
    ],
)
def test_who_has_the_melody_is_heard(text: str, leads: tuple[str, ...]) -> None:
    assert parse(text).leads == leads


@pytest.mark.parametrize(
    "text",
    [
        "love theme, strings",
        "love theme with strings",
        "main theme, orchestra, heroic",
        "sweeping melody over low strings",
        "string quartet, no melody",
        "flute, no solos",
        "strings, no solo violin",
        "slow, solo, strings",
        "melody and strings",
    ],
)
def test_a_melody_that_is_nobodys_makes_nobody_lead(text: str) -> None:
    assert parse(text).leads == ()


def test_who_leads_goes_on_leading_until_others_are_named() -> None:
    earlier = parse("solo cello, strings")
    assert parse("furious").after(earlier).leads == ("cello",)
    assert parse("no cello").after(earlier).leads == ()
    assert parse("brass").after(earlier).leads == ()


def test_those_of_a_section_who_are_not_ruled_out_lead_on() -> None:
    others = ("violin", "viola", "contrabass")
    assert parse("strings carry the tune, harp, no cello").leads == others
    assert parse("no cello").after(parse("strings carry the tune, harp")).leads == others
    assert parse("solo cello and piano, no strings").leads == ()
