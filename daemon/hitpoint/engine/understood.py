"""Bundles that this version can play: those of its own vocabulary, and of older ones."""

from pathlib import Path

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import VOCABULARY, Bundle, load_bundle
from hitpoint.tokens import vocabulary
from hitpoint.tokens.older import differences, unknown_fields


def understood_bundle(folder: Path) -> Bundle:
    """The bundle in `folder`. Raises ModelError when it is broken, or its ids mean something else than ours."""
    found = load_bundle(folder)
    _check_vocabulary(found)
    return found


def _check_vocabulary(bundle: Bundle) -> None:
    """Raises ModelError unless the bundle's ids mean what ours do; an older vocabulary may have fewer."""
    try:
        newer, names = unknown_fields(bundle.vocabulary), differences(bundle.vocabulary)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(
            f"{bundle.folder / VOCABULARY}: {error!r} is missing or wrong. Run `hitpoint train export` again."
        ) from error
    if newer:
        raise ModelError(
            f"{bundle.folder} is for a newer version of Hitpoint: this one does not know {', '.join(newer)}. "
            "Update Hitpoint, or choose another bundle under `model:`."
        )
    if names:
        raise ModelError(
            f"{bundle.folder}: vocabulary of {bundle.size} ids, this version speaks {vocabulary.SIZE}; "
            f"{', '.join(names)} differ. Run `hitpoint train export` again or choose another bundle under `model:`."
        )
