"""Which model a session is written by, and what it is to the session that one answers."""

from pathlib import Path

import pytest

from hitpoint.config.places import models_folder
from hitpoint.engine.model_choice import ModelChoice
from hitpoint.errors import ModelError
from hitpoint.score.session import Session

SMALL = ModelChoice("small-2", "small-2")


def answered(models: ModelChoice, bundle: str, kept: str = "", chosen: bool = False) -> str | None:
    """What the session has for its model then; None where nothing changes."""
    event = models.answers(bundle, Session(model=kept), chosen)
    return None if event is None else event.model


def test_a_bundle_of_the_settings_may_be_anywhere_and_any_other_is_known_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    models = ModelChoice("mine", str(folder))
    assert models.folder_of("mine") == folder
    assert models.folder_of("large-1") == models_folder() / "large-1"
    with pytest.raises(ModelError, match="no model bundle is called"):
        ModelChoice("small-2", "small-2").folder_of(str(folder))


def test_a_session_has_no_model_of_its_own_until_another_one_answers() -> None:
    assert answered(SMALL, "small-2") is None
    assert answered(SMALL, "large-1") == "large-1"
    event = SMALL.answers("large-1", Session(), chosen=True)
    assert event is not None
    assert "key" in event.reads


def test_whoever_chooses_that_of_the_settings_again_has_no_other() -> None:
    assert answered(SMALL, "small-2", kept="large-1", chosen=True) == ""


def test_one_that_was_chosen_and_cannot_write_stays_chosen() -> None:
    assert answered(SMALL, "small-2", kept="gone-1") == "gone-1"
    assert SMALL.is_elsewhere(Session(model="gone-1"))
    assert not SMALL.is_elsewhere(Session(model="small-2"))
    assert not SMALL.is_elsewhere(Session())


def test_one_that_is_gone_by_now_changes_nothing() -> None:
    assert answered(SMALL, "gone-1") is None
