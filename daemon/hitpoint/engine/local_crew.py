"""Play and compose for a control that runs in this very process, with no supervisor above it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hitpoint.config.settings import Settings
from hitpoint.engine.crew import Crew
from hitpoint.engine.crew_pipes import Post
from hitpoint.engine.duties import compose_duty, page_duty, play_duty, port_names
from hitpoint.scheduler.sounding import sounding_table

_LOOK_SECONDS = 0.1


@contextmanager
def local_crew(settings: Settings, page: bool = False) -> Iterator[Post]:
    """Control's post, while it lasts; afterwards all others have ended. They are watched on a thread of their own.

    page: whether the control page is served, too.
    Raises ModelError when there is no such bundle.
    """
    with sounding_table(len(port_names(settings))) as table:
        duties = (play_duty(settings, table.name), compose_duty(settings), *(page_duty(settings) if page else ()))
        crew = Crew(duties, lambda _, __: None)
        assert crew.post is not None  # there is no duty for control
        over = threading.Event()

        def watch() -> None:
            crew.start()
            while not over.is_set():
                crew.turn(_LOOK_SECONDS)
            for duty in duties:
                crew.stop(duty.name)

        thread = threading.Thread(target=watch, name="crew", daemon=True)
        thread.start()
        try:
            yield crew.post
        finally:
            over.set()
            thread.join()
