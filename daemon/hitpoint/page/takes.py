"""The take memory over HTTP: takes are listed, read, rated, noted and locked, each off the page's loop.

What a memory is, its owner says: all that is known here is what may be asked of one, and what its answers mean.
"""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from hitpoint.errors import ConfigError, HitpointError
from hitpoint.page.body import json_body
from hitpoint.page.messages import TakeContent
from hitpoint.page.questions import Questions
from hitpoint.page.take_maker import MOST_OF_EACH, MOST_READY, TakeMaker
from hitpoint.score.keep import Keep
from hitpoint.score.stem import INSTRUMENTS

MOST_WAITING = 32
"""Questions that wait for the memory, which is asked one at a time; more are turned away. Our choice."""
LARGEST_NOTE = 2000
"""Characters of what a person says of a take."""
LARGEST_BODY = 16_384
"""Bytes: such a note, escaped, and some parts."""
MOST_BARS = 10_000
"""Beyond it no take has any."""
MOST_CUES = 1000
"""Named at once."""
PLAYERS = tuple(instrument.name for instrument in INSTRUMENTS)
"""Whom a part can be added for."""
MOST_PARTS = 128
"""Parts that are locked at once."""
RATINGS = range(6)
LONGEST_ID = 12
LONGEST_SECONDS = 86_400.0
"""Of a take: no place in one is later."""
_ID_LETTERS = frozenset("bcdfghjkmnpqrstvwxyz")
_GZIP_LEVEL = 4
"""Half the size of none at a tenth of the time of the best."""

T = TypeVar("T")


class Memory(Protocol):
    """Takes. Every method blocks, and raises ConfigError for what is not there, another HitpointError where the memory
    can't be used; then nothing has changed. `name` is a take's whole id."""

    def all(self) -> dict[str, Any]:
        """`{"takes": [...], "file": name, "none": ""}`; `none` says in a line how to get takes where there are none."""

    def facts(self, name: str) -> dict[str, Any]:
        """What is known of it."""

    def music(self, name: str) -> dict[str, Any]:
        """Its notes by part, its timeline and its hits."""

    def whole(self, name: str) -> TakeContent:
        """What control must know of it to play it, or to hand it on."""

    def keep(self, name: str) -> dict[str, Any]:
        """Have it not purged by the way. Returns its facts."""

    def midi(self, name: str) -> tuple[str, bytes]:
        """A file's name, and what is in it."""

    def stems(self, name: str) -> tuple[str, bytes]:
        """Likewise of a zip file with a MIDI file a stem."""

    def rate(self, name: str, rating: int | None, note: str | None) -> dict[str, Any]:
        """Rate it, note something, or both; None leaves either as it is. Returns its facts."""

    def lock(self, name: str, parts: list[str], on: bool) -> dict[str, Any]:
        """Lock parts of it, or let go of them. Returns its facts."""

    def undo(self, forget: str) -> dict[str, Any]:
        """Take back the last of these changes. Returns `{"undone": kind, "take": id}`.

        forget: the only take that may be gone by it; empty for none.
        """


class Takes:
    """memory: None where the daemon was given none; maker: of more takes for it; questions: what control is asked. On
    the page's loop."""

    def __init__(
        self, memory: Memory | None, maker: TakeMaker | None = None, questions: Questions | None = None
    ) -> None:
        self._memory = memory
        self._maker = maker
        self._questions = Questions() if questions is None else questions
        # One thread: a file that is slow must not take all there are, nor much of the page's time.
        self._thread = ThreadPoolExecutor(1, "takes")
        self._waiting = 0

    def routes(self) -> list[Route]:
        """What a site serves."""
        told = {
            "/api/takes": self._all,
            "/api/takes/{name}/music": self._music,
            "/api/takes/{name}/midi": self._midi,
            "/api/takes/{name}/stems": self._stems,
        }
        done = {
            "/api/takes/undo": self._undo,
            "/api/takes/make": self._make,
            "/api/takes/stop": self._stop,
            "/api/takes/ready": self._ready,
            "/api/takes/hush": self._hush,
            "/api/takes/{name}/rate": self._rate,
            "/api/takes/{name}/lock": self._lock,
            "/api/takes/{name}/hear": self._hear,
            "/api/takes/{name}/keep": self._keep,
            "/api/takes/{name}/vary": self._vary,
            "/api/takes/{name}/infill": self._infill,
            "/api/takes/{name}/add": self._add,
        }
        return [
            *(Route(path, _answering(handle)) for path, handle in told.items()),
            *(Route(path, _answering(handle), methods=["POST"]) for path, handle in done.items()),
        ]

    async def _all(self, request: Request) -> Response:
        memory = self._memory
        if memory is None:
            return _json({"takes": [], "file": "", "none": _NO_MEMORY}, request)
        return await self._done(lambda: _json(memory.all(), request))

    async def _music(self, request: Request) -> Response:
        return await self._of_take(request, lambda memory, name: _json(memory.music(name), request))

    async def _midi(self, request: Request) -> Response:
        return await self._of_take(request, lambda memory, name: _file(*memory.midi(name), "audio/midi"))

    async def _stems(self, request: Request) -> Response:
        return await self._of_take(request, lambda memory, name: _file(*memory.stems(name), "application/zip"))

    async def _rate(self, request: Request) -> Response:
        rating, note = await _asked(request, _rating_of)
        return await self._of_take(request, lambda memory, name: _json(memory.rate(name, rating, note), request))

    async def _lock(self, request: Request) -> Response:
        parts, on = await _asked(request, _lock_of)
        return await self._of_take(request, lambda memory, name: _json(memory.lock(name, parts, on), request))

    async def _vary(self, request: Request) -> Response:
        return await self._one("vary", request, _variation_of)

    async def _infill(self, request: Request) -> Response:
        return await self._one("infill", request, _rectangle_of)

    async def _add(self, request: Request) -> Response:
        return await self._one("add", request, _player_of)

    async def _one(self, what: str, request: Request, asked_of: Callable[[dict[str, Any]], list[str]]) -> Response:
        """Another take of one. asked_of: from what was sent, the options of `hitpoint takes vary`."""
        options = await _asked(request, asked_of)
        # A command would take the beginning of another's id, too.
        name = str((await self._of_take(request, lambda memory, name: memory.facts(name)))["id"])
        return _json({"take": await self._made_by().one(what, name, ("vary", name, *options))}, request)

    async def _make(self, request: Request) -> Response:
        names, count = await _asked(request, _run_of)
        return _json({"asked": await self._made_by().generate(names, count)}, request)

    async def _stop(self, request: Request) -> Response:
        await _asked(request, _nothing)
        self._made_by().stop()
        return _json({}, request)

    async def _ready(self, request: Request) -> Response:
        count = await _asked(request, _ready_of)
        self._made_by().keep_ready(count)
        return _json({}, request)

    async def _hear(self, request: Request) -> Response:
        second = await _asked(request, _second_of)
        take = await self._of_take(request, lambda memory, name: memory.whole(name))
        await self._questions.hear(take, second)
        return _json({"heard": take.id}, request)

    async def _hush(self, request: Request) -> Response:
        await _asked(request, _nothing)
        await self._questions.hush()
        return _json({"heard": ""}, request)

    async def _keep(self, request: Request) -> Response:
        parts = await _asked(request, _parts_of)
        take = await self._of_take(request, lambda memory, name: memory.whole(name))
        bar, note = await self._questions.keep(take, parts)
        try:
            await self._of_take(request, lambda memory, name: memory.keep(name))
        except (HitpointError, _Refused) as error:
            note = f"{note} It is not marked as kept: {error}".strip()
        return _json({"bar": bar, "note": note}, request)

    async def _undo(self, request: Request) -> Response:
        forget = await _asked(request, _forgotten_of)
        memory = self._memory
        if memory is None:
            raise _Refused(404, _NO_MEMORY)
        return await self._done(lambda: _json(memory.undo(forget), request))

    def _made_by(self) -> TakeMaker:
        if self._maker is None:
            raise _Refused(404, _NO_MEMORY)
        return self._maker

    async def _of_take(self, request: Request, work: Callable[[Memory, str], T]) -> T:
        memory, name = self._memory, request.path_params["name"]
        if memory is None:
            raise _Refused(404, _NO_MEMORY)
        if not _ID_LETTERS.issuperset(name) or len(name) > LONGEST_ID:
            raise _Refused(404, "that is no take's id.")
        return await self._done(lambda: work(memory, name))

    async def _done(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise _Refused(429, "too much is asked of the take memory at once. Try again.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1


class _Refused(Exception):
    """What is asked is not done."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def _answering(handle: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The same, with what is refused said in words."""

    async def answer(request: Request) -> Response:
        try:
            return await handle(request)
        except _Refused as refused:
            return PlainTextResponse(str(refused), refused.status)
        except ConfigError as error:
            return PlainTextResponse(str(error), 404)
        except HitpointError as error:
            return PlainTextResponse(str(error), 503)

    return answer


async def _asked(request: Request, asked_of: Callable[[dict[str, Any]], T]) -> T:
    """What was sent means this. asked_of: raises ValueError, with what to send, where it means nothing."""
    try:
        return asked_of(await _sent(request))
    except ValueError as error:
        raise _Refused(400, str(error)) from None


_NO_MEMORY = "this daemon was started without a take memory. `hitpoint run --takes FILE` shows one."


def _json(content: dict[str, Any], request: Request) -> Response:
    """Made and packed where it was read, not on the loop: a long take has a hundred thousand numbers."""
    data = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()
    headers = {}
    if "gzip" in request.headers.get("accept-encoding", "") and len(data) > _GZIP_LEVEL * 1000:
        data, headers = gzip.compress(data, _GZIP_LEVEL), {"content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(data, media_type="application/json", headers=headers)


def _file(name: str, content: bytes, kind: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


async def _sent(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ValueError("send JSON, as application/json.")
    try:
        return await json_body(request, LARGEST_BODY)
    except ValueError:
        raise ValueError(f"send a JSON object of at most {LARGEST_BODY} bytes.") from None


def _rating_of(said: dict[str, Any]) -> tuple[int | None, str | None]:
    if not said or said.keys() - {"rating", "note"}:
        raise ValueError('send {"rating": 0 to 5}, {"note": text}, or both.')
    rating, note = said.get("rating"), said.get("note")
    if "rating" in said and (not isinstance(rating, int) or isinstance(rating, bool) or rating not in RATINGS):
        raise ValueError(f"a rating is a whole number from {RATINGS[0]} to {RATINGS[-1]}.")
    if "note" in said and (not isinstance(note, str) or len(note) > LARGEST_NOTE):
        raise ValueError(f"a note is a text of at most {LARGEST_NOTE} characters.")
    return rating, note


def _lock_of(said: dict[str, Any]) -> tuple[list[str], bool]:
    match said:
        case {"parts": [*parts], "on": bool(on)} if len(said) == 2 and 0 < len(parts) <= MOST_PARTS:
            if all(isinstance(part, str) for part in parts):
                return parts, on
    raise ValueError('send {"parts": [names], "on": true or false}.')


def _second_of(said: dict[str, Any]) -> float:
    match said:
        case {"second": int() | float() as second} if len(said) == 1 and not isinstance(second, bool):
            if 0 <= second <= LONGEST_SECONDS:
                return float(second)
    raise ValueError('send {"second": from 0}.')


def _parts_of(said: dict[str, Any]) -> list[str]:
    match said:
        case {"parts": [*parts]} if len(said) == 1 and len(parts) <= MOST_PARTS:
            if all(isinstance(part, str) for part in parts):
                return parts
    raise ValueError('send {"parts": [names, none for all]}.')


def _variation_of(said: dict[str, Any]) -> list[str]:
    keeps = [keep.value for keep in Keep]
    match said:
        case {"amount": int() | float() as amount, "keep": str() | None as keep} if len(said) == len(
            ("amount", "keep")
        ):
            if not isinstance(amount, bool) and 0 <= amount <= 1 and (keep is None or keep in keeps):
                return ["--amount", f"{amount:g}", *([] if keep is None else ["--keep", keep])]
    raise ValueError(f'send {{"amount": 0 to 1, "keep": null or one of {", ".join(keeps)}}}.')


def _rectangle_of(said: dict[str, Any]) -> list[str]:
    match {"amount": 1, **said}:
        case {
            "parts": [*parts], "first": int(first), "last": int(last), "amount": int() | float() as amount, **others
        } if parts and not others:  # fmt: skip
            whole = not isinstance(first, bool) and not isinstance(last, bool) and 1 <= first <= last <= MOST_BARS
            share = not isinstance(amount, bool) and 0 <= amount <= 1
            named = len(parts) <= MOST_PARTS and all(isinstance(part, str) and _is_name(part) for part in parts)
            if whole and share and named:
                return ["--amount", f"{amount:g}", "--bars", f"{first}-{last}", "--parts", ",".join(parts)]
    raise ValueError('send {"parts": [names], "first": bar, "last": bar, "amount": 0 to 1}.')


def _player_of(said: dict[str, Any]) -> list[str]:
    match said:
        case {"player": str(player)} if len(said) == 1 and player in PLAYERS:
            return ["--note", f"add {player}"]
    raise ValueError(f'send {{"player": one of {", ".join(PLAYERS)}}}.')


def _run_of(said: dict[str, Any]) -> tuple[list[str] | None, int]:
    match said:
        case {"cues": [*_] | None as cues, "count": int(count)} if len(said) == 2 and not isinstance(count, bool):
            names = cues is None or (0 < len(cues) <= MOST_CUES and all(isinstance(cue, str) for cue in cues))
            if names and 1 <= count <= MOST_OF_EACH:
                return cues, count
    raise ValueError(f'send {{"cues": [names] or null for all, "count": 1 to {MOST_OF_EACH}}}.')


def _ready_of(said: dict[str, Any]) -> int:
    match said:
        case {"count": int(count)} if len(said) == 1 and not isinstance(count, bool) and 0 <= count <= MOST_READY:
            return count
    raise ValueError(f'send {{"count": 0 to {MOST_READY}}}.')


def _forgotten_of(said: dict[str, Any]) -> str:
    match said:
        case {"forget": str(name)} if len(said) == 1 and name:
            return name
        case {} if not said:
            return ""
    raise ValueError('send {}, or {"forget": id}.')


def _nothing(said: dict[str, Any]) -> None:
    if said:
        raise ValueError("send {}.")


def _is_name(part: str) -> bool:
    # A list of names is parted by commas, and an option begins with a dash.
    return bool(part.strip()) and "," not in part and not part.startswith("-")
