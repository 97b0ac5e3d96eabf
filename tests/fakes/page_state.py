"""A state as the page is told it: the demo's timeline, with everything in it that a view can show."""

from random import Random
from typing import Any

from hitpoint.engine.demo_cue import demo_timeline
from hitpoint.timeline.units import FrameRate

NOBODY = {"intensity": None, "density": None, "valence": None, "arousal": None, "tension": None}
PARTS = {
    "flute": "winds", "french horn": "brass", "trumpet": "brass", "timpani": "percussion",
    "violin 1": "strings", "violin 2": "strings", "viola": "strings", "cello": "strings",
}  # fmt: skip
STAGES = ("playing", "ready", "ready", "ready", "ready", "writing", "planned", "planned", "planned", "planned")
HITS = ("entrance", "hit", "turn", "hit", "end")


def page_state(now: float, parts: dict[str, str] | None = None, bars: int = 16) -> dict[str, Any]:
    """Standing at bar 2 of the demo, eight parts of four stems, bars ahead in all stages."""
    timeline = demo_timeline(FrameRate.named("24"))
    tempo, meter = timeline.tempo_map, timeline.meter_map
    names = PARTS if parts is None else parts
    ahead = {}
    for place, stage in enumerate(STAGES):
        bar = meter.bar(place + 1)
        by = "" if stage in ("writing", "planned") else "fallback" if place == 3 else "model"
        controls = {**NOBODY, "intensity": 0.3 + place / 20, "valence": -0.2 - place / 30,
                    "arousal": -0.5 + place / 9, "tension": 0.2 + place / 15, "density": 0.4}  # fmt: skip
        ahead[str(bar.index + 1)] = {
            "stage": stage, "by": by, "start": bar.start, "end": bar.end, "controls": controls, "cue": "1m01",
        }  # fmt: skip
    return {
        "daemon": {"there": True, "why": ""},
        "transport": {"rolling": False, "tick": 4000.0, "at": now, "loop": None, "turns": False},
        "timeline": {
            "frame_rate": "24",
            "tempo": [
                {"tick": one.tick, "seconds": tempo.seconds_at(one.tick), "bpm": one.bpm, "ramp": one.ramp.value}
                for one in tempo.points
            ],
            "meter": [
                {"tick": one.tick, "bar": meter.bar_at(one.tick).index + 1,
                 "numerator": one.meter.numerator, "denominator": one.meter.denominator}
                for one in meter.changes
            ],
            "markers": [
                {"id": str(index), "tick": one.tick, "name": one.name} for index, one in enumerate(timeline.markers)
            ],
            "regions": [],
        },
        "spotting": {
            "cues": [{"name": "1m01", "start": 0, "end": timeline.markers[-1].tick}],
            "hits": [
                {"tick": one.tick, "name": one.name, "kind": kind, "cue": "1m01"}
                for one, kind in zip(timeline.markers, HITS, strict=True)
            ],
            "unread": [],
        },
        "landings": {
            str(one.tick): {"tick": one.tick, "planned_ticks": 0, "landed_ticks": 0 if place == 0 else None,
                            "landed_ms": 0.02 if place == 0 else None, "landed_frames": 0.0 if place == 0 else None}
            for place, one in enumerate(timeline.markers)
        },
        "controls": dict(NOBODY),
        "curves": {"tension": [[1, 0.2], [5, 0.8], [9, 0.4], [16, 0.9]]},
        "bars": ahead,
        "written": {str(bar): 1 for bar in range(1, bars + 1)},
        "parts": {
            name: {"order": order, "stem": stem, "instrument": name.rstrip(" 12"),
                   "mute": False, "solo": False, "lock": False, "sounds": True}
            for order, (name, stem) in enumerate(names.items())
        },
        "stems": {stem: {"mute": False, "solo": False, "lock": False} for stem in dict.fromkeys(names.values())},
        "direction": "",
        "loop_varies": False,
        "states": {
            "known": {"calm": "calm, strings, 72 bpm", "chase": "fast, brass, timpani, 150 bpm",
                      "dread": "dark, low strings", "hope": "bright, horns, D major"},
            "holding": "", "coming": None, "frozen_bar": None,
        },
        "stingers": ["shock", "reveal", "soft bell"],
        "midi": {
            "bindings": [{"source": "cc 1", "target": "/hitpoint/control/intensity", "how": ""}],
            "learning": "", "unbound": "note 36 channel 10",
        },
        "status": {
            "leader": "reaper", "why": "its script tells its place, and it is the most trusted that does",
            "leads_seconds": 312.0, "bundle": "small-2", "output": "jack", "answer_seconds": 0.84,
            "bars_by_model": 180, "bars_by_fallback": 2,
            "offsets_ms": {"strings": -60.0, "timpani": 5.0},
            "ports": ["Hitpoint winds", "Hitpoint brass", "Hitpoint percussion", "Hitpoint strings"],
            "inputs": ["Hitpoint in"],
            "sources": [
                {"name": "reaper", "there": True, "rolling": False, "off_ms": None},
                {"name": "mtc", "there": True, "rolling": False, "off_ms": 1.2},
            ],
            "clock": {},
            "processes": {"supervisor": 4001, "control": 4002, "compose": 4003, "play": 4004, "page": 4005},
            "restarts": {"control": 0, "compose": 1, "play": 0},
            "restart_seconds": {"control": None, "compose": 1.31, "play": None},
            "hosts": [{"host": "reaper", "version": "7.34", "project": "scene 12", "heard_seconds": 0.2}],
            "troubles": ["compose: the model was started again; the fallback wrote bars 40 to 41 meanwhile."],
            "played": {}, "play": {},
        },
        "page": {"address": "http://127.0.0.1:7360/", "lan": False, "clients": 1, "dropped": 0},
        "audition": {"take": "", "second": 0.0, "at": 0.0},
        "osc": {"host": "127.0.0.1", "port": 19790},
    }  # fmt: skip


def notes_of(state: dict[str, Any], seed: int = 1) -> dict[str, Any]:
    """Notes for the bars that are written, by bar; a strike of all at each hit."""
    dice = Random(seed)
    hits = [one["tick"] for one in state["spotting"]["hits"]]
    bars: dict[str, Any] = {}
    for bar in map(int, state["written"]):
        start = (bar - 1) * 3840 if bar <= 12 else 12 * 3840 + (bar - 13) * 2880
        long = 3840 if bar <= 12 else 2880
        parts = {}
        for order, name in enumerate(state["parts"]):
            middle = 76 - 4 * order
            grid = 480 * (1 + order % 4)
            notes = [
                [tick, middle + dice.choice((-7, -5, -3, 0, 2, 4, 7)), grid - 20, dice.randint(40, 110)]
                for tick in range(start, start + long, grid)
                if dice.random() < 0.8
            ]
            notes += [[hit, middle, 900, 118] for hit in hits if start <= hit < start + long]
            parts[name] = {"by": "model", "notes": sorted(notes)}
        bars[str(bar)] = {"revision": state["written"][str(bar)], "parts": parts}
    return bars
