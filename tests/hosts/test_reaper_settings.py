import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import HostError
from hitpoint.hosts.reaper_settings import (
    SURFACE,
    Action,
    action_of,
    surface_of,
    with_actions,
    with_start,
    with_surface,
    without_actions,
    without_start,
    without_surface,
)

ACTIONS = (
    Action("HITPOINT_BRIDGE", "Hitpoint: bridge", "Hitpoint/hitpoint_bridge.lua"),
    Action("HITPOINT_VARY", "Hitpoint: vary", "Hitpoint/hitpoint_vary.lua"),
)
OTHER = b'OSC "TouchOSC" 7 8000 "192.168.1.5" 9000 1024 10 ""'
HTTP = b"HTTP 0 8080 '' 'index.html' 0 ''"

line_ends = st.sampled_from([b"\n", b"\r\n"])
boms = st.sampled_from([b"", b"\xef\xbb\xbf"])
words = st.binary(max_size=20).map(lambda text: b"x" + text.replace(b"\n", b"").replace(b"\r", b""))


@st.composite
def inis(draw: st.DrawFn) -> bytes:
    """A reaper.ini with surfaces of others, in the order that REAPER writes or any other, in any encoding."""
    end = draw(line_ends)
    surfaces = draw(st.lists(st.sampled_from([OTHER, HTTP, b"MCU 0 0 3 4", b"FADERPORT 1"]), max_size=4))
    inside = [b"csurf_%d=%s" % (number, surface) for number, surface in enumerate(surfaces)]
    inside += [b"csurf_cnt=%d" % len(surfaces), b"csurfrate=15"]
    inside += draw(st.lists(words, max_size=4))
    inside = draw(st.permutations(inside))
    before = [b"[midi]", b"csurf_cnt=9", *draw(st.lists(words, max_size=2))] if draw(st.booleans()) else []
    after = [b"[verchk]", b"csurf_0=" + HTTP, *draw(st.lists(words, max_size=2))] if draw(st.booleans()) else []
    last = draw(st.sampled_from([b"", end]))
    heading = draw(st.sampled_from([b"[REAPER]", b"[reaper]", b" [Reaper] "]))
    return draw(boms) + end.join([*before, heading, *inside, *after]) + last


@given(inis())
def test_a_surface_taken_out_leaves_the_bytes_that_were_there(ini: bytes) -> None:
    edited = with_surface(ini)
    assert surface_of(ini) == ""
    assert surface_of(edited) == SURFACE
    assert without_surface(edited) == ini
    assert with_surface(edited) == edited


@given(inis())
def test_the_surfaces_of_others_keep_their_numbers_and_are_counted(ini: bytes) -> None:
    before, after = surfaces(ini), surfaces(with_surface(ini))
    assert after == [*before, SURFACE.encode()]


def surfaces(ini: bytes) -> list[bytes]:
    """As REAPER reads them: by number, as many as are counted. Written apart from what is tested."""
    section, found = b"", {}
    for line in ini.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n"):
        if line.strip().startswith(b"["):
            section = line.strip().lower()
        elif section == b"[reaper]" and line.startswith(b"csurf_"):
            key, _, value = line.partition(b"=")
            found.setdefault(key, value)
    return [found[b"csurf_%d" % number] for number in range(int(found[b"csurf_cnt"]))]


@pytest.mark.parametrize("ini", [b"", b"[REAPER]", b"[REAPER]\n", b"[midi]\nx=1", b"[REAPER]\r\nlastproject=\r\n"])
def test_a_file_without_a_count_gets_one(ini: bytes) -> None:
    assert surfaces(with_surface(ini)) == [SURFACE.encode()]
    assert surfaces(without_surface(with_surface(ini))) == []


def test_surfaces_after_ours_move_up_when_it_goes() -> None:
    ini = b"[REAPER]\ncsurf_0=%s\ncsurf_1=%s\ncsurf_2=%s\ncsurf_cnt=3\n" % (OTHER, SURFACE.encode(), HTTP)
    assert without_surface(ini) == b"[REAPER]\ncsurf_0=%s\ncsurf_1=%s\ncsurf_cnt=2\n" % (OTHER, HTTP)


def test_a_surface_of_our_name_that_a_person_has_changed_stays() -> None:
    ini = b'[REAPER]\ncsurf_0=OSC "Hitpoint" 7 8000 "10.0.0.1" 9000 1024 10 "Hitpoint"\ncsurf_cnt=1\n'
    assert with_surface(ini) == ini
    assert "10.0.0.1" in surface_of(ini)


def test_a_line_beyond_the_count_is_nobodys() -> None:
    ini = b"[REAPER]\ncsurf_cnt=0\ncsurf_0=%s\n" % OTHER
    assert surfaces(with_surface(ini)) == [SURFACE.encode()]


keys = st.builds(
    lambda bom, lines, end: (bom if lines else b"") + b"".join(line + end for line in lines),
    boms,
    st.lists(
        st.sampled_from([
            b'SCR 4 0 RSabc "Custom: mine.lua" "mine.lua"', b"KEY 1 65 _HITPOINT_VARY 0", b"KEY 9 66 _RSabc 0",
            b'ACT 0 0 "f00" "Custom: HITPOINT_X" _HITPOINT_VARY',
        ]),
        max_size=6,
    ),
    line_ends,
)  # fmt: skip


@given(keys)
def test_actions_taken_out_leave_the_bytes_that_were_there(before: bytes) -> None:
    edited = with_actions(before, ACTIONS)
    assert all(action.line in edited for action in ACTIONS)
    assert without_actions(edited) == before
    assert with_actions(edited, ACTIONS) == edited


def test_actions_of_another_version_are_replaced() -> None:
    edited = with_actions(with_actions(b"", ACTIONS), ACTIONS[:1])
    assert edited == with_actions(b"", ACTIONS[:1])


def test_actions_that_reaper_has_written_its_own_way_are_known() -> None:
    rewritten = b'SCR 4 0 HITPOINT_VARY "Custom: Hitpoint: vary" Hitpoint/hitpoint_vary.lua\r\n'
    assert with_actions(rewritten, ACTIONS[1:]) == rewritten


@given(boms, st.lists(st.sampled_from([b"reaper.defer(f)", b"return 1", b"-- x", b""]), max_size=5), line_ends)
def test_what_runs_at_the_start_is_put_in_and_taken_out(bom: bytes, lines: list[bytes], end: bytes) -> None:
    before = bom + end.join(lines)
    edited = with_start(before, "Hitpoint")
    assert b"/Scripts/Hitpoint/hitpoint_bridge.lua" in edited
    assert edited.endswith(before.removeprefix(bom))
    assert without_start(edited) == before
    assert with_start(edited, "Hitpoint") == edited


def test_a_block_whose_end_is_gone_is_left_alone() -> None:
    broken = with_start(b"mine()\n", "Hitpoint").replace(b"-- Hitpoint: end\n", b"")
    assert without_start(broken) == broken


def test_only_scripts_with_a_description_are_actions() -> None:
    assert action_of("hitpoint_core.lua", b"-- shared", "Hitpoint") is None
    found = action_of("hitpoint_keep_take.lua", b'-- @description keep "take" to track\r\n-- @version 1', "Hitpoint")
    assert found == Action("HITPOINT_KEEP_TAKE", "Hitpoint: keep 'take' to track", "Hitpoint/hitpoint_keep_take.lua")


@pytest.mark.parametrize("edit", [with_surface, without_surface, without_actions])
def test_a_file_in_utf_16_is_refused_in_words(edit) -> None:
    with pytest.raises(HostError, match="UTF-16"):
        edit("[REAPER]".encode("utf-16"))
