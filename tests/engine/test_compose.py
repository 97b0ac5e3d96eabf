"""What the compose process answers, and with which model."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe as pipe_of
from pathlib import Path
from threading import Event, Thread

from fakes.patience import PATIENCE_SECONDS
from hitpoint.engine.compose import ComposeFailed, ComposerReady, UseModel, _serve
from hitpoint.engine.crew_pipes import End, Pipe, Post
from hitpoint.errors import ModelError
from hitpoint.score.controls import Controls
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar
from hitpoint.timeline.meter import MeterMap

REQUEST = BarRequest(BarPlan(MeterMap.constant(4, 4).bar(0), "1m01", Controls(), 120, ()), ())


class Saying:
    """Composers are told apart by what they fail with."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.done: list[str] = []
        self.began, self.may_end = Event(), Event()
        self.may_end.set()

    def compose(self, _: BarRequest) -> tuple[ComposedBar, ...]:
        self.done.append("compose")
        self.began.set()
        self.may_end.wait(PATIENCE_SECONDS)
        raise ModelError(self.word)

    def read_ahead(self) -> None:
        self.done.append("read ahead")


def load(folder: Path) -> Saying:
    if folder.name == "broken":
        raise ModelError(f"{folder.name} has no vocabulary.")
    return Saying(folder.name)


@contextmanager
def serving(composer: Saying | None = None) -> Iterator[Pipe]:
    """Control's end of a compose that runs."""
    down, theirs_down = pipe_of()
    up, theirs_up = pipe_of()
    link, theirs = pipe_of()
    post = Post(theirs_down, theirs_up, {"control": theirs})
    thread = Thread(target=_serve, args=(post, "small-2", composer or Saying("small-2"), load))
    thread.start()
    try:
        yield link
    finally:
        down.send(End())
        thread.join(PATIENCE_SECONDS)
        for pipe in (down, up, link, theirs, theirs_down, theirs_up):
            pipe.close()


def who(link: Pipe) -> str:
    link.send(REQUEST)
    answer = link.recv()
    assert isinstance(answer, ComposeFailed)
    return answer.reason


def test_another_model_answers_what_is_asked_after_it_was_chosen() -> None:
    with serving() as link:
        assert who(link) == "ModelError: small-2"
        link.send(UseModel(Path("models/mine")))
        assert link.recv() == ComposerReady("mine")
        assert who(link) == "ModelError: mine"


def test_a_model_that_cannot_be_loaded_changes_nothing() -> None:
    with serving() as link:
        link.send(UseModel(Path("models/broken")))
        assert link.recv() == ComposeFailed(None, "broken has no vocabulary.")
        assert who(link) == "ModelError: small-2"


def test_it_reads_ahead_when_nobody_waits_and_only_then() -> None:
    composer = Saying("small-2")
    composer.may_end.clear()
    with serving(composer) as link:
        link.send(REQUEST)
        assert composer.began.wait(PATIENCE_SECONDS)
        link.send(REQUEST)
        composer.may_end.set()
        assert [type(link.recv()) for _ in range(2)] == [ComposeFailed] * 2
    # When it has ended, it has done all that it does.
    assert composer.done == ["compose", "compose", "read ahead"]
