"""`hitpoint check --playable`: what of a MIDI file people could not play."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from hitpoint.config.load import load_settings

if TYPE_CHECKING:
    from hitpoint.score.midi_score import MidiScore
    from hitpoint.score.playability import Playability

MOST_TOLD = 20
"""Places printed for people; JSON has all."""


def check_playable(arguments: argparse.Namespace) -> bool:
    """Print what cannot be played. True when there is nothing."""
    from hitpoint.score.midi_file import read_midi_file
    from hitpoint.score.playability import check_score

    score = read_midi_file(arguments.file)
    found = check_score(score, load_settings(arguments.config).output.articulations)
    answer = _as_dict(found, score)
    print(json.dumps(answer, ensure_ascii=False) if arguments.json else _for_people(answer))
    return not found.violations


def _as_dict(found: "Playability", score: "MidiScore") -> dict[str, Any]:
    bars = score.timeline.meter_map
    return {
        "bars": found.bars,
        "part_bars": found.part_bars,
        "not_checked": list(found.unknown),
        "per_1000_bars": {kind.value: round(count, 1) for kind, count in found.per_thousand_bars().items()},
        "violations": [
            {
                "part": one.part,
                "bar": bars.bar_at(one.tick).index + 1,
                "tick": one.tick,
                "kind": one.kind.value,
                "pitches": list(one.pitches),
            }
            for one in found.violations
        ],
    }


def _for_people(answer: dict[str, Any]) -> str:
    violations, counts, skipped = answer["violations"], answer["per_1000_bars"], answer["not_checked"]
    lines = [f"bar {one['bar']}, {one['part']}: {one['kind']} {one['pitches']}" for one in violations[:MOST_TOLD]]
    if len(violations) > MOST_TOLD:
        lines.append(f"… and {len(violations) - MOST_TOLD} more (--json has all)")
    if skipped:
        lines.append(f"not checked, for nobody plays it: {', '.join(skipped)}")
    in_all = ", ".join(f"{kind} {count:g}" for kind, count in counts.items())
    lines.append(f"places that cannot be played: {len(violations)} (bars: {answer['bars']}); in 1,000 bars: {in_all}")
    return "\n".join(lines)
