"""Where Hitpoint's own files are, in a clone or installed, and where a person's are."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from hitpoint.config.document import did_you_mean
from hitpoint.errors import ModelError

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder(name: str, package: Path = _PACKAGE) -> Path:
    """`models` or `bridge_scripts`: inside an installed package, at the top level of a clone."""
    bundled = package / "bundled" / name
    return bundled if bundled.is_dir() else package.parent.parent / name


def models_folder() -> Path:
    """Where the bundles that come with Hitpoint are."""
    return shipped_folder("models")


def bridge_scripts_folder() -> Path:
    """Where the scripts that run inside DAWs are."""
    return shipped_folder("bridge_scripts")


def own_models_folder() -> Path:
    """Where bundles of a person's own are found by their names."""
    return kept_folder("models")


def bundle_named(name: str, models: Path | None = None, own: Path | None = None) -> Path:
    """The folder of a bundle, given by its name alone: what is asked from afar must not point anywhere.

    models: those that come with Hitpoint. own: a person's. Raises ModelError when there is none of that name.
    """
    models, own = models or models_folder(), own or own_models_folder()
    known = {found: folder / found for folder in (own, models) for found in bundle_names(folder)}
    if name not in known:
        raise ModelError(
            f"no model bundle is called {name[:40]!r}.{did_you_mean(name[:40], sorted(known))} Your own are found by "
            f"their names in {own}."
        )
    return known[name]


def bundle_folder(bundle: str, models: Path | None = None, own: Path | None = None) -> Path:
    """The folder of a bundle, given by its name or by a path. Raises ModelError when there is none."""
    models = models or models_folder()
    for folder in (models / bundle, (own or own_models_folder()) / bundle, Path(bundle).expanduser()):
        if bundle and folder.is_dir():
            return folder
    names = bundle_names(models)
    known = did_you_mean(bundle, names) if names else " There are none: run `hitpoint train export` first."
    raise ModelError(f"no model bundle {bundle!r}, neither in {models} nor as a folder.{known}")


def bundle_names(models: Path | None = None) -> list[str]:
    """Names of the bundles that come with Hitpoint."""
    folder = models or models_folder()
    return sorted(model.parent.name for model in folder.glob("*/model.onnx"))


def known_models() -> list[str]:
    """Names of all bundles that `bundle_named` finds."""
    return sorted({*bundle_names(), *bundle_names(own_models_folder())})


def fields_read(bundle: str, models: Path | None = None) -> frozenset[str]:
    """The fields that the vocabulary of a bundle has; empty where it cannot be read: who loads it says why."""
    try:
        stored = json.loads((bundle_folder(bundle, models) / "vocabulary.json").read_bytes())
        return frozenset(str(known["name"]) for known in stored["fields"])
    except (ModelError, OSError, ValueError, KeyError, TypeError):
        return frozenset()


def log_file(
    platform: str = sys.platform, environment: Mapping[str, str] = os.environ, home: Path | None = None
) -> Path:
    """Where the log is kept. Source: XDG base directories; Apple's and Microsoft's guidelines."""
    home = home or Path.home()
    if platform == "darwin":
        return home / "Library" / "Logs" / "Hitpoint" / "hitpoint.log"
    if platform == "win32":
        return (
            Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Hitpoint" / "Logs" / "hitpoint.log"
        )
    return Path(environment.get("XDG_STATE_HOME") or home / ".local" / "state") / "hitpoint" / "hitpoint.log"


def kept_folder(
    name: str, platform: str = sys.platform, environment: Mapping[str, str] = os.environ, home: Path | None = None
) -> Path:
    """What is kept for good: `takes`, those that went into a host; `takes.db`, those that were rendered;
    `installs`, what was put where for which host.

    Source: XDG base directories; Apple's and Microsoft's guidelines.
    """
    home = home or Path.home()
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Hitpoint" / name
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Hitpoint" / name
    return Path(environment.get("XDG_STATE_HOME") or home / ".local" / "state") / "hitpoint" / name


def user_config_file(
    platform: str = sys.platform, environment: Mapping[str, str] = os.environ, home: Path | None = None
) -> Path:
    """Where a person's settings are looked for. Source: XDG base directories; Apple's and Microsoft's guidelines."""
    home = home or Path.home()
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Hitpoint" / "config.yaml"
    if platform == "win32":
        return Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "Hitpoint" / "config.yaml"
    return Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "hitpoint" / "config.yaml"
