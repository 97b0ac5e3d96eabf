"""The SoundFont over HTTP: which one there is, and its bytes, streamed from the file.

Who finds it, and where, is the caller's: it may be put there, or replaced, while all of this runs.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hitpoint.errors import ConfigError

# As audio it is never packed: half a gigabyte would cost the page's process minutes.
_TYPE = "audio/x-soundfont"
_KEPT = "private, max-age=604800, immutable"
"""Its address names its content, so that a tablet fetches it once."""


class SoundFont:
    """find: the file, or ConfigError in words for the person; it blocks. On the page's loop."""

    def __init__(self, find: Callable[[], Path]) -> None:
        self._find = find

    def routes(self) -> list[Route]:
        """What a site serves."""
        return [Route("/api/soundfont", self._which), Route("/api/soundfont/{mark}", self._content)]

    async def _which(self, _: Request) -> Response:
        try:
            path, mark, size = await asyncio.to_thread(self._found)
        except ConfigError as error:
            return JSONResponse({"name": "", "bytes": 0, "url": "", "none": str(error)})
        return JSONResponse({"name": path.name, "bytes": size, "url": f"api/soundfont/{mark}", "none": ""})

    async def _content(self, request: Request) -> Response:
        try:
            path, mark, _ = await asyncio.to_thread(self._found)
        except ConfigError as error:
            return PlainTextResponse(str(error), 404)
        if mark != request.path_params["mark"]:
            return PlainTextResponse("that SoundFont is not there any more.", 404)
        return FileResponse(path, media_type=_TYPE, headers={"cache-control": _KEPT})

    def _found(self) -> tuple[Path, str, int]:
        path = self._find()
        try:
            known = path.stat()
        except OSError as error:
            raise ConfigError(f"{path.name} cannot be read: {error.strerror or error}.") from error
        return path, f"{known.st_size:x}-{known.st_mtime_ns:x}", known.st_size
