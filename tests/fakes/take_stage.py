"""The page's stage with a take memory: what is asked of it over HTTP, and what the memory then has."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fakes.page_stage import Heard, PageStage, staged
from hitpoint.engine.page_place import PagePlace
from hitpoint.engine.take_store import TakeStore
from hitpoint.score.session import Session

EVIL = "http://evil.example"
"""The origin of somebody else's page."""


def played(
    scene: Callable[[PageStage], Awaitable[None]],
    file: Path | None,
    session: Session | None = None,
) -> None:
    """Play a scene with that memory."""
    staged(scene, session, PagePlace("127.0.0.1", 0, takes=file))


def facts(file: Path) -> list[Any]:
    """Of a memory's takes, the newest first."""
    with TakeStore(file) as store:
        return list(reversed(store.all()))


async def sent(stage: PageStage, path: str, said: object, **headers: str) -> Heard:
    """The answer to what is posted, as JSON or as the bytes that are given."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return await stage.request("POST", f"/api/takes/{path}", {"Content-Type": "application/json", **headers}, body)
