"""Stands for `hitpoint takes vary` and `make` where the page's server has them run: the notes of a take that is there
already, under another seed, so that no model and little else is loaded.

`X.slow` beside the memory X.db keeps it waiting: always, or with a number in it while so many takes are there. Cue 1m13
can't be made, nor a variation of nothing. With --lowest it waits until it is of the lowest priority.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hitpoint.engine.take import NewTake
    from hitpoint.engine.take_store import TakeStore

sys.path.insert(0, str(Path(__file__).parents[1]))
COMMAND = (sys.executable, str(Path(__file__)))


def another(store: "TakeStore", seed: int, cue: str) -> "NewTake":
    """A take of that cue."""
    from hitpoint.engine.take import NewTake, Origin

    for one in store.all():
        music = store.music(one.id)
        session = replace(music.session, seed=seed)
        return NewTake(replace(music, session=session), one.prompt, Origin("no-bundle-1"), cue)
    from fakes.takes import a_take

    return a_take(seed=seed, cue=cue)


def kept_waiting(memory: Path) -> bool:
    from hitpoint.engine.take_store import TakeStore

    try:
        most = memory.with_suffix(".slow").read_text()
    except FileNotFoundError:
        return False
    if not most or not memory.exists():
        return not int(most or 0)
    with TakeStore(memory) as store:
        return len(store.all()) >= int(most)


def main() -> None:
    from hitpoint.engine.cue_text import cue_text
    from hitpoint.engine.take_store import TakeStore

    parser = argparse.ArgumentParser()
    parser.add_argument("action")
    parser.add_argument("id", nargs="?", default="")
    for option in ("takes", "config", "amount", "keep", "parts", "bars", "note", "seed", "sheet", "cue", "sign"):
        parser.add_argument(f"--{option}")
    parser.add_argument("--count", type=int, default=1)
    for option in ("json", "handed-over", "no-step", "lowest"):
        parser.add_argument(f"--{option}", action="store_true")
    said = parser.parse_args()
    if said.lowest and os.name == "posix":
        while os.getpriority(os.PRIO_PROCESS, 0) != 19:
            time.sleep(0.001)
    while kept_waiting(Path(said.takes)):
        time.sleep(0.02)
    if said.amount == "0":
        sys.exit("hitpoint: there is no model. Make one.")
    seed = int(said.seed)
    if said.action == "vary":
        asked = {name: value for name in ("parts", "bars", "keep", "note") if (value := getattr(said, name))}
        asked |= {"parts": said.parts.split(",")} if said.parts else {}
        if said.bars and said.amount != "1":
            asked["amount"] = float(said.amount)
        with TakeStore(Path(said.takes)) as store:
            take = another(store, seed, store.facts(said.id).cue)
            print(json.dumps({"id": store.remember(replace(take, parent=said.id, asked=asked)).id}))
        return
    cue = said.cue or cue_text(sys.stdin.buffer.read()).cue
    if cue == "1m13":
        print(json.dumps({"takes": [], "failed": [{"cue": cue, "error": "it has no prompt. Give it one."}]}))
        sys.exit(1)
    made = []
    for number in range(said.count):
        while kept_waiting(Path(said.takes)):
            time.sleep(0.02)
        with TakeStore(Path(said.takes)) as store:
            take = replace(another(store, seed + number, cue), asked={"from": said.sign})
            made.append(store.remember(take, "" if said.no_step else "make").as_json())
    print(json.dumps({"takes": made, "failed": []}))


if __name__ == "__main__":
    main()
