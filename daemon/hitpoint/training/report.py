"""Figures of `train evaluate` as Markdown tables."""

from typing import Any

NAMES = {
    "metre_only": "model, metre said",
    "controls_said": "model, controls said (computed from the answer)",
    "markov": "Markov of order 5 for each part",
    "bigram": "bigram of each attribute",
    "uniform": "uniform",
    "model": "model",
    "copy_previous_bar": "the bar before again",
}


def report(figures: dict[str, Any]) -> str:
    """All tables, one after the other."""
    return "\n".join([f"Figures on `{figures['split']}`; 95 % intervals by piece.", "", *tables(figures), ""])


def tables(figures: dict[str, Any]) -> list[str]:
    """Their lines."""
    filled = ["", *_infill(figures["infill"], figures.get("candidates", 1))] if "infill" in figures else []
    return [*_likelihoods(figures), *filled]


def _likelihoods(figures: dict[str, Any]) -> list[str]:
    known = [name for name in NAMES if isinstance(figures.get(name), dict) and "nats_per_note" in figures[name]]
    sources = sorted(figures["metre_only"]["by_source"])
    head = ["", "nats a note", "95 %", "sources alike", "position", "pitch", "duration", "velocity", *sources]
    lines = [_row(head), _row(["---", *["---:"] * (len(head) - 1)])]
    for name in known:
        found = figures[name]
        low, high = found["interval_95"]
        cells = [NAMES[name], f"{found['nats_per_note']:.3f}", f"{low:.3f}–{high:.3f}"]
        cells.append(f"{found['nats_per_note_sources_alike']:.3f}")
        cells += [f"{value:.3f}" for value in found["by_attribute"].values()]
        lines.append(_row([*cells, *(f"{found['by_source'][source]:.2f}" for source in sources)]))
    return lines


def _infill(figures: dict[str, Any], candidates: int) -> list[str]:
    chosen = f"model, the likeliest of {candidates}" if candidates > 1 else NAMES["model"]
    head = ["bars × parts", "by", "pieces", "note F1", "95 %", "pitch-class entropy difference", "groove similarity"]
    lines = [_row(head), _row(["---", "---", *["---:"] * (len(head) - 2)])]
    for size, fillers in figures.items():
        for name, found in fillers.items():
            if not found["pieces"]:
                continue
            interval = found.get("notes_f1_interval_95")
            spread = "–".join(f"{value:.3f}" for value in interval) if interval else "too few pieces"
            numbers = [found[key] for key in ("notes_f1", "pitch_class_entropy_difference", "groove_similarity")]
            f1, entropy, groove = (f"{value:.3f}" for value in numbers)
            lines.append(
                _row(
                    [
                        size.replace("x", " × "),
                        chosen if name == "model" else NAMES[name],
                        str(found["pieces"]),
                        f1,
                        spread,
                        entropy,
                        groove,
                    ]
                )
            )
    return lines


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
