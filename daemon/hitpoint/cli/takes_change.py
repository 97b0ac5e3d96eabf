"""`hitpoint takes rate|lock|keep|status|purge|undo`: what changes what is known of takes, or forgets them."""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hitpoint.cli.takes_open import open_takes, parts_meant
from hitpoint.errors import ConfigError

if TYPE_CHECKING:
    from hitpoint.engine.take import TakeFacts
    from hitpoint.engine.take_store import TakeStore


def rate(arguments: argparse.Namespace) -> int:
    """Give a take a rating, a note, or both."""
    if arguments.rating is None and arguments.note is None:
        raise ConfigError("a rating or a note is missing. Give 0 to 5, or --note TEXT.")
    with open_takes(arguments) as store:
        return _tell(store.rate(arguments.id, arguments.rating, arguments.note), arguments)


def keep(arguments: argparse.Namespace) -> int:
    """Have purges spare a take."""
    with open_takes(arguments) as store:
        return _tell(store.keep(arguments.id, not arguments.off), arguments)


def lock(arguments: argparse.Namespace) -> int:
    """Have variations leave parts as they are."""
    with open_takes(arguments) as store:
        facts = store.facts(arguments.id)
        parts = parts_meant(arguments.parts, facts.parts, "PART")
        return _tell(store.lock(facts.id, parts, not arguments.off), arguments)


def status(arguments: argparse.Namespace) -> int:
    """Say how far a take is in the hands of others."""
    with open_takes(arguments) as store:
        return _tell(store.set_status(arguments.id, arguments.status, arguments.by, arguments.reference), arguments)


def undo(arguments: argparse.Namespace) -> int:
    """Take back the last change."""
    from hitpoint.engine.take_store import MAKING

    with open_takes(arguments) as store:
        kind, name = store.undo()
    if arguments.json:
        print(json.dumps({"undone": kind, "take": name}))
    else:
        print(f"{name}: {kind} undone{', the take is gone' if kind in MAKING else ''}")
    return 0


def purge(arguments: argparse.Namespace) -> int:
    """Delete takes for good."""
    if not (arguments.ids or arguments.unrated or arguments.older_than is not None):
        raise ConfigError("which takes is not said. Give ids, --unrated or --older-than DAYS.")
    if arguments.ids and (arguments.unrated or arguments.older_than is not None):
        raise ConfigError("ids and --unrated or --older-than do not go together. Purge the one, then the other.")
    with open_takes(arguments) as store:
        chosen = _chosen(store, arguments)
        if chosen and not arguments.yes:
            _ask(chosen)
        gone = store.purge([one.id for one in chosen], arguments.even_kept)
        heirs = [one.id for one in store.all() if one.parent in gone]
    if heirs:
        print(f"variations of what is gone stay, with its prompt: {', '.join(heirs)}", file=sys.stderr)
    if arguments.json:
        print(json.dumps({"purged": list(gone), "variations_left": heirs}))
    else:
        print(f"purged: {', '.join(gone)}" if gone else "nothing to purge")
    return 0


def _chosen(store: "TakeStore", arguments: argparse.Namespace) -> list["TakeFacts"]:
    if arguments.ids:
        return [store.facts(name) for name in dict.fromkeys(store.id_of(words) for words in arguments.ids)]
    days = arguments.older_than
    try:
        before = "9" if days is None else f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    except (OverflowError, ValueError) as error:
        raise ConfigError(f"--older-than {days:g} is no number of days. Give one, such as 30.") from error
    return [
        one
        for one in store.all()
        # Who purges by the way does not mean what is kept.
        if (one.rating is None or not arguments.unrated) and one.made < before and (not one.kept or arguments.even_kept)
    ]


def _ask(chosen: list["TakeFacts"]) -> None:
    if not sys.stdin.isatty():
        raise ConfigError(f"{len(chosen)} takes would be gone for good, and nobody can be asked. Say --yes.")
    for one in chosen:
        print(f"{one.id} {one.prompt[:60]}", file=sys.stderr)
    print(f"Purge {len(chosen)} takes for good? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise ConfigError("nothing was purged.")


def _tell(facts: "TakeFacts", arguments: argparse.Namespace) -> int:
    if arguments.json:
        print(json.dumps(facts.as_json(), ensure_ascii=False))
        return 0
    said = ["not rated" if facts.rating is None else f"rated {facts.rating} of 5"]
    said += [f'"{facts.note}"'] if facts.note else []
    said += [facts.status.lower()] if facts.status != "TEMP" else []
    said += ["kept"] if facts.kept else []
    said += [f"locked: {', '.join(facts.locks)}"] if facts.locks else []
    print(f"{facts.id}: {', '.join(said)}")
    return 0
