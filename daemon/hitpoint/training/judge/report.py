"""Figures of `train judge` as Markdown tables."""

from typing import Any

from hitpoint.training.judge.bars import FIGURES

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


def report(figures: dict[str, Any]) -> str:
    """All tables, one after the other."""
    size = f"cues of {figures['bars_of_a_cue']} bars, {figures['notes']} notes in all, {figures['seconds']:.0f} s"
    guided = f", guidance {figures['guidance']:g}" if figures.get("guidance") else ""
    lines = [f"`{figures['bundle']}` through planner and composer{guided}; {size}. 95 % intervals by prompt."]
    tables = {"adherence": _adherence, "controls": _controls, "moods": _moods, "bars": _bars}
    for kind, table in tables.items():
        if kind in figures:
            lines += ["", *table(figures[kind])]
    return "\n".join([*lines, ""])


def _adherence(found: dict[str, Any]) -> list[str]:
    size = f"{found['prompts']} prompts, {found['cues']} cues"
    lines = _head([f"adherence: {size}", "share", "95 %"])
    return lines + [_row([words, _percent(found[name]), _spread(found[name])]) for name, words in CHECKS.items()]


def _controls(found: dict[str, Any]) -> list[str]:
    head = ["control", "measured", "wanted", "ρ of each prompt, mean", "95 %", "ρ centred", "ρ pooled", "prompts"]
    lines = _head([*head, "means by value", "formula of the labels"])
    for sweep, measures in found.items():
        for name, one in measures.items():
            if not one["prompts"]:
                continue
            spread = one.get("interval_95")
            shown = f"{spread[0]:.3f} to {spread[1]:.3f}" if spread else "too few prompts"
            cells = [sweep, name, "+" if one["expected"] > 0 else "−", f"{one['rho']:.3f}", shown]
            cells += [f"{one['centred']:.3f}", f"{one['pooled']:.3f}", str(one["prompts"])]
            cells += [" ".join(f"{mean:.3g}" for mean in one["means"]), "yes" if one["as_labelled"] else "no"]
            lines.append(_row(cells))
    return lines


def _moods(found: dict[str, Any]) -> list[str]:
    lines = _head(["mood pair", "way", "as documented", "95 %", "each measure alone"])
    for way, pairs in found.items():
        for pair, one in pairs.items():
            whole = one if pair == "all" else one["documented"]
            alone = [] if pair == "all" else [(name, own) for name, own in one.items() if name != "documented"]
            told = ", ".join(f"{'+' if own['expected'] > 0 else '−'}{name} {own['share']:.0%}" for name, own in alone)
            lines.append(_row([pair, way.replace("_", " "), _percent(whole), _spread(whole), told]))
    return lines


def _bars(found: dict[str, Any]) -> list[str]:
    cues, people = found["cues"], found.get("people")
    head = [f"bars of {cues['cues']} cues", "share", "95 %"]
    if people:
        head += [f"people ({people['pieces']} pieces)", "by source, least to greatest", *people["by_source"]]
    lines = _head(head)
    for name in FIGURES:
        cells = [BARS[name], _percent(cues[name], 2), _spread(cues[name], 2)]
        if people:
            edges = people["range"].get(name)
            cells += [_percent(people[name], 2), f"{edges[0]:.2%} to {edges[1]:.2%}" if edges else "too few pieces"]
            cells += [_percent(one[name], 2) for one in people["by_source"].values()]
        lines.append(_row(cells))
    return lines


def _percent(figure: dict[str, Any], digits: int = 1) -> str:
    return f"{figure['share']:.{digits}%}"


def _spread(figure: dict[str, Any], digits: int = 1) -> str:
    ends = figure.get("interval_95")
    return f"{ends[0]:.{digits}%} to {ends[1]:.{digits}%}" if ends else "too few"


def _head(cells: list[str]) -> list[str]:
    return [_row(cells), _row(["---", *["---:"] * (len(cells) - 1)])]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
