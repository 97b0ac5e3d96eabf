"""Figures of originality as Markdown tables."""

from typing import Any

from hitpoint.training.judge.tables import head, percent, row, spread

LONGEST = {"median": "longest run, median (notes)", "p95": "longest run, 95 % at most", "max": "longest run of all"}
RUNS = {
    "runs_of_13": "a run of 13 notes or more",
    "blocked": "blocked",
    "flagged": "flagged or blocked",
    "pitch_only": "flagged by pitch alone",
    "above_people": "longest run above that of 95 % of people's whole pieces",
}


def originality_tables(found: dict[str, Any]) -> list[str]:
    """What cues share; where there was a corpus, also what was planted and what was blocked wrongly."""
    index, bars = found["index"], found["bars_of_a_cue"]
    lines = [
        *_shared(found),
        "",
        (
            f"Index {index['id']}, {index['pieces']} pieces; people's music is compared with other works only, "
            f"with intervals by piece. Whole pieces have more room for a long run than {bars} bars: excerpts as long "
            "are the fairer baseline. Runs of 9 to 12 notes are found by chance, in all columns alike."
        ),
    ]
    for cue in found["long_runs"]:
        lines += ["", f"- `{cue['prompt']}`, seed {cue['seed']}: {_run(cue)}, {cue['verdict']}"]
    for name, table in {"planted": _planted, "false_alarms": _false_alarms}.items():
        if found.get(name):
            lines += ["", *table(found[name])]
    return lines


def _shared(found: dict[str, Any]) -> list[str]:
    cues, bars = found["cues"], found["bars_of_a_cue"]
    columns = {f"{cues['count']} cues": cues}
    if found.get("excerpts"):
        columns[f"people, {found['excerpts']['count']} excerpts of {bars} bars"] = found["excerpts"]
    if found["people"]:
        columns[f"people, {found['people']['pieces']} whole pieces"] = found["people"]
    lines = head([f"originality: {found['prompts']} prompts, cues of {bars} bars", *columns])
    for name, words in LONGEST.items():
        lines.append(row([words, *(f"{one['longest_run_notes'][name]:g}" for one in columns.values())]))
    for name, words in RUNS.items():
        lines.append(row([words, *(_share(one.get(name)) for one in columns.values())]))
    notes = [f"{one['notes_median']:g}" if "notes_median" in one else "" for one in columns.values()]
    return [*lines, row(["pitched notes, median", *notes])]


def _share(figure: dict[str, Any] | float | None) -> str:
    """With its interval, where there is one."""
    if isinstance(figure, dict):
        return f"{percent(figure)} ({spread(figure)})"
    return "" if figure is None else f"{figure:.1%}"


def _planted(found: dict[str, Any]) -> list[str]:
    titles = [
        f"copies planted, from {found['sources']} pieces",
        "drawn",
        "exempt",
        "planted",
        "found by one run as long",
    ]
    lines = head([*titles, "by several as long together", "by any", "blocked, of those that say enough"])
    for length, one in {"13 notes and more": found["from_13"], **found["by_length"]}.items():
        sizes = [str(one[name]) for name in ("drawn", "exempt", "planted")]
        shares = [_share(one.get(name)) for name in ("found", "joined", "told", "blocked")]
        lines.append(row([length, *sizes, *shares]))
    return lines


def _false_alarms(found: dict[str, Any]) -> list[str]:
    lines = head([f"{found['pieces']} pieces of `test` against other collections", "share", "95 %"])
    lines.append(row(["blocked", percent(found["blocked"], 2), spread(found["blocked"], 2)]))
    lines.append(row(["flagged or blocked", percent(found["flagged"], 2), spread(found["flagged"], 2)]))
    lines += [
        "",
        f"{found['without_lines']} pieces without a pitched line are left out. Blocked, for a person to judge:",
        "",
    ]
    for piece in found["blocked_pieces"]:
        lines.append(f"- {piece['id']} ({piece['title']}): {'; '.join(_run(one) for one in piece['shares'])}")
    return lines if found["blocked_pieces"] else [*lines, "- none"]


def _run(one: dict[str, Any]) -> str:
    title = f" ({one['title']})" if one["title"] else ""
    return f"{one['run_notes']} notes as in {one['source_id']}{title}"
