"""Which model a session is written by: that of the settings, or one that a person chose."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hitpoint.config.places import bundle_folder, bundle_named, fields_read
from hitpoint.errors import ModelError
from hitpoint.score.session import ModelChanged, Session


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What the settings have, which every choice is beside."""

    at_start: str
    """Name of the settings' bundle."""
    path: str = ""
    """The bundle as the settings have it, a name or a path; empty where it can't be chosen again."""

    def folder_of(self, bundle: str) -> Path:
        """Of the bundle of that name. Raises ModelError when there is none."""
        return bundle_folder(self.path) if bundle == self.at_start and self.path else bundle_named(bundle)

    def is_elsewhere(self, session: Session) -> bool:
        """True when another one was chosen in the session than that of the settings."""
        return session.model not in ("", self.at_start)

    def answers(self, bundle: str, session: Session, chosen: bool) -> ModelChanged | None:
        """What it is to the session that this one answers from now on; None for nothing, or when it is gone by now.

        chosen: one was, and has answered, since control is there.
        """
        set_at_start = bundle == self.at_start
        if not (chosen or session.model) and set_at_start:
            return None
        # One that was chosen and cannot write stays chosen: it may be there again next time.
        model = bundle if not set_at_start else "" if chosen else session.model
        with suppress(ModelError):
            return ModelChanged(model, fields_read(str(self.folder_of(bundle))))
        return None
