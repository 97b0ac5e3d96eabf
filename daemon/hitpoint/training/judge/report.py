"""Figures of `train judge` as Markdown tables."""

from typing import Any

from hitpoint.training.judge.bars import FIGURES
from hitpoint.training.judge.report_originality import originality_tables
from hitpoint.training.judge.tables import head, percent, row, spread

CHECKS = {
    "tempo_exact": "tempo as asked",
    "tempo_bin": "tempo in its bin",
    "tempo_bin_tolerance": "tempo in its bin or beside it",
    "key": "key (Albrecht and Shanahan)",
    "key_without_last_bar": "key, last bar left out",
    "key_temperley": "key (Temperley)",
    "key_as_labels_find_it": "key (Krumhansl and Kessler, as in training)",
    "meter": "metre",
    "instruments": "instruments and sections asked for, and no others",
    "all_players": "every player of every section",
    "no_others": "no instrument that was not asked for",
    "instruments_bars": "bars in which an instrument asked for strikes",
}
BARS = {
    "empty": "empty bars",
    "collapsed": "bars of one pitch class",
    "stuck": "bars from the fourth time on",
    "repeats_bar_before": "bars that repeat the bar before",
    "repeats_note_before": "notes that repeat the key before",
}
RETURNS = {
    "top": "bars of the highest part that say again what some part said a phrase or more before",
    "any": "bars in which some part does",
}


def report(figures: dict[str, Any]) -> str:
    """All tables, one after the other."""
    bars = f"cues of {figures['bars_of_a_cue']} bars, " if "bars_of_a_cue" in figures else ""
    refused = f", {figures['keys_refused']} keys refused by the copy guard" if figures.get("keys_refused") else ""
    size = f"{bars}{figures['notes']} notes in all{refused}, {figures['seconds']:.0f} s"
    guided = f", guidance {figures['guidance']:g}" if figures.get("guidance") else ""
    lines = [f"`{figures['bundle']}` through planner and composer{guided}; {size}. 95 % intervals by prompt."]
    tables = {
        "adherence": _adherence,
        "controls": _controls,
        "moods": _moods,
        "bars": _bars,
        "returns": _returns,
        "originality": originality_tables,
    }
    for kind, table in tables.items():
        if kind in figures:
            lines += ["", *table(figures[kind])]
    return "\n".join([*lines, ""])


def _adherence(found: dict[str, Any]) -> list[str]:
    size = f"{found['prompts']} prompts, {found['cues']} cues"
    lines = head([f"adherence: {size}", "share", "95 %"])
    return lines + [row([words, percent(found[name]), spread(found[name])]) for name, words in CHECKS.items()]


def _controls(found: dict[str, Any]) -> list[str]:
    cells = ["control", "measured", "wanted", "ρ of each prompt, mean", "95 %", "ρ centred", "ρ pooled", "prompts"]
    lines = head([*cells, "means by value", "formula of the labels"])
    for sweep, measures in found.items():
        for name, one in measures.items():
            if not one["prompts"]:
                continue
            ends = one.get("interval_95")
            shown = f"{ends[0]:.3f} to {ends[1]:.3f}" if ends else "too few prompts"
            line = [sweep, name, "+" if one["expected"] > 0 else "−", f"{one['rho']:.3f}", shown]
            line += [f"{one['centred']:.3f}", f"{one['pooled']:.3f}", str(one["prompts"])]
            line += [" ".join(f"{mean:.3g}" for mean in one["means"]), "yes" if one["as_labelled"] else "no"]
            lines.append(row(line))
    return lines


def _moods(found: dict[str, Any]) -> list[str]:
    lines = head(["mood pair", "way", "as documented", "95 %", "each measure alone"])
    for way, pairs in found.items():
        for pair, one in pairs.items():
            whole = one if pair == "all" else one["documented"]
            alone = [] if pair == "all" else [(name, own) for name, own in one.items() if name != "documented"]
            told = ", ".join(f"{'+' if own['expected'] > 0 else '−'}{name} {own['share']:.0%}" for name, own in alone)
            lines.append(row([pair, way.replace("_", " "), percent(whole), spread(whole), told]))
    return lines


def _bars(found: dict[str, Any]) -> list[str]:
    cues, people = found["cues"], found.get("people")
    titles = [f"bars of {cues['cues']} cues", "share", "95 %"]
    if people:
        titles += [f"people ({people['pieces']} pieces)", "by source, least to greatest", *people["by_source"]]
    lines = head(titles)
    for name in FIGURES:
        cells = [BARS[name], percent(cues[name], 2), spread(cues[name], 2)]
        if people:
            edges = people["range"].get(name)
            cells += [percent(people[name], 2), f"{edges[0]:.2%} to {edges[1]:.2%}" if edges else "too few pieces"]
            cells += [percent(one[name], 2) for one in people["by_source"].values()]
        lines.append(row(cells))
    return lines


def _returns(found: dict[str, Any]) -> list[str]:
    cues, people = found["cues"], found.get("people")
    people = people if people and people["pieces"] else None
    titles = [f"lines that come back: {cues['cues']} cues of {found['bars_of_a_cue']} bars", "share", "95 %"]
    lines = head([*titles, *([f"people ({people['pieces']} pieces)", "95 %"] if people else [])])
    for name, words in RETURNS.items():
        beside = [percent(people[name]), spread(people[name])] if people else []
        lines.append(row([words, percent(cues[name]), spread(cues[name]), *beside]))
    return lines
