"""The card of a bundle: what it is for, what it learned from and whose that is, how good it is, and where it ends."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hitpoint.training.corpus import Entry
from hitpoint.training.judge.report import report
from hitpoint.training.report import tables

INTENDED = """\
## What it is for

Writing multi-track music to picture, bar by bar, inside Hitpoint: the daemon plans bars from tempo, metre and markers,
masks what an instrument cannot play, and asks this model for the notes. It reads ids and draws ids; without Hitpoint's
vocabulary and grammar it is of little use.

## Where it ends

- It is small and has read its music some five times: textures and phrases, no long form, no themes that come back. Form
  is the planner's.
- Most of what it read is European art music from before 1900, and choral and piano music more than orchestral. Film,
  popular and non-European music are hardly there; drums and synthesisers come from few sources.
- Valence, arousal and tension are computed from notes, not rated by people. They say more or less, not how it feels.
- Chords and what each part does are told from notes by rules of thumb; a third of half bars have no clear chord. Style
  is what the collection or the instruments of a piece say.
- Parts were also read with other instruments than they were written for, so that film's ensembles are covered.
- Velocities are learned only where a source has dynamics; where a piece has one velocity throughout they are left out.
- It may repeat passages of a training piece. Everything it read may be used freely with the credits below, but a long
  copy would still be a copy: `hitpoint train index` makes the index with which the program does not complete one, and
  `hitpoint check` finds one.
"""

_JUDGED_BY = """\
`hitpoint train judge --bundle DIR --data DIR`; originality, where it was measured, with
`--only originality --prompts 500 --corpus DIR`."""

OWN_FILES = """\
What the files hold is in the weights: who is given this bundle may be given passages of them. Whose they are, and what
may be done with what was learned from them, is for that person to say. `data.jsonl.gz` names them as "own"."""


def card_of(
    name: str,
    parameters: int,
    config: dict[str, Any],
    entries: list[Entry],
    figures: dict[str, Any] | None,
    judged: Sequence[dict[str, Any]] = (),
) -> str:
    """The card as Markdown. figures: what `evaluate` found; judged: what `judge` did, in one run or several."""
    shape, run = config["shape"], config["run"]
    return "\n".join(
        [
            f"# {name}",
            "",
            (
                f"A score model of {parameters / 1e6:.2f} million parameters: {shape['layers']} layers of width "
                f"{shape['width']}, {shape['heads']} heads on {shape['kv_heads']} keys, context {shape['context']}. "
                f"Weights: {config['weights']}. Code and weights: Apache-2.0."
            ),
            "",
            (
                f"Trained with `hitpoint train fit --preset {run['preset']} --seed {run['seed']}`: {run['step']} "
                f"steps, {run['rows'] / 1e6:.1f} million rows in {run['seconds'] / 60:.0f} minutes; data {run['data']}."
                + (f" Begun from the weights of {run['begun_from']}." if run.get("begun_from") else "")
            ),
            "",
            INTENDED,
            *_figures(figures),
            *_judged(judged),
            *_data(entries, run["source_weights"]),
        ]
    )


def adapted_card(name: str, base: str, found: dict[str, Any], indexed: bool, base_card: str) -> str:
    """The card of a bundle adapted to a person's own files. found: how it went. indexed: it has the base's index."""
    learned, held_out = found["learned"], found["held_out"]
    index = (
        f"`index.bin` is that of `{base}`: your own files are not in it. `hitpoint index FOLDER -o my.index` makes one "
        "of them,\nfor `hitpoint check`.\n\n"
        if indexed
        else ""
    )
    return (
        f"# {name}\n\n"
        f"`{base}`, adapted to {learned + held_out} files of a person's own, on their machine: `hitpoint train adapt "
        f"--seed {found['seed']}`.\n\n"
        f"{learned} files were learned; {held_out} were not, and chose which weights to keep. These cost "
        f"{found['before']:.3f} nats a step before,\nand {found['after']:.3f} after {found['step']} steps of "
        f"{found['steps']}, {found['seconds'] / 60:.1f} minutes in all. As they chose, that flatters a little.\n\n"
        f"{OWN_FILES}\nWhat is unlike them it may write worse than `{base}` did.\n\n{index}"
        f"What follows is the card of `{base}`; its figures are that bundle's.\n\n{base_card}"
    )


def _figures(figures: dict[str, Any] | None) -> list[str]:
    if figures is None:
        return ["## Figures", "", "Not measured yet.", ""]
    lines = [
        f"## Figures on `{figures['split']}`",
        "",
        (
            "Nats a note, its share of bar and part ends included; 95 % intervals by piece. `hitpoint train evaluate "
            f"--split {figures['split']}`"
        ),
        "",
        *tables(figures),
        "",
    ]
    if "bundle" in figures:
        lines += [f"The bundle beside its network in float32: {_parity(figures['bundle'])}.", ""]
    return lines


def _judged(judged: Sequence[dict[str, Any]]) -> list[str]:
    if not judged:
        return []
    lines = ["## What it writes when it is asked", "", _JUDGED_BY, ""]
    return lines + [table for figures in judged for table in (report(figures), "")]


def _parity(found: dict[str, dict[str, float]]) -> str:
    return ", ".join(
        f"{name} {100 * found['same_likeliest'][name]:.1f} % the same likeliest value and {nats:.5f} nats apart"
        for name, nats in found["nats"].items()
    )


def _data(entries: list[Entry], weights: dict[str, float]) -> list[str]:
    lines = [
        "## What it learned from",
        "",
        (
            f"{len(entries)} pieces, public domain, CC0, CC-BY or BSD-3-Clause; `data.jsonl.gz` has a line for each: "
            "id, source, licence, attribution, address, digest. Drawn by the root of each source's notes, weighted."
        ),
        "",
        "| source | pieces | licences | weight | credit |",
        "|---|---:|---|---:|---|",
    ]
    for source in sorted({entry.source for entry in entries}):
        own = [entry for entry in entries if entry.source == source]
        licences = ", ".join(f"{licence} {count}" for licence, count in Counter(e.licence for e in own).most_common())
        credits = Counter(entry.attribution for entry in own)
        credit = credits.most_common(1)[0][0] if len(credits) <= 3 else "each piece's own, in data.jsonl.gz"
        lines.append(f"| {source} | {len(own)} | {licences} | {weights.get(source, 1.0)} | {credit} |")
    return [*lines, ""]
