"""Who may come in: what a request's headers say is held against where it came in. No sockets here.

Two tricks get at services on loopback from a page of the web. A name of the attacker's that leads to 127.0.0.1 ("DNS
rebinding") shows in the Host header, which then is not one of ours. A request or a WebSocket that the attacker's page
makes the browser send shows in the Origin header, which browsers always send with them and no script can change.
"""

import ipaddress
import pickle
import secrets
import socket
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from time import monotonic

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
SAFE_METHODS = ("GET", "HEAD")
"""Those that change nothing."""
MOST_TRIES, TRIES_SECONDS = 5, 60.0
"""So many wrong codes are answered in that time, whoever sends them: a million take months. Our choice."""
MOST_PAIRED = 64
"""Browsers that are remembered; of more, the first must pair again."""
FREE_PATHS = ("/pair",)
"""What who is not paired may see."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is known of a request before anything is done for it."""

    method: str
    """ "WEBSOCKET" for one that opens a WebSocket."""
    path: str
    headers: Mapping[str, Sequence[str]]
    """By lower-case name: all values."""
    came_from: str
    """Address of the other side."""
    came_to: str
    """Our own address that it reached."""
    port: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    """HTTP's."""
    reason: str
    """For the person."""


@dataclass(frozen=True, slots=True)
class _Kept:
    code: str
    tokens: tuple[str, ...]


class Gate:
    """lan: whether other machines may come in, paired. open_to_all: paths that they may see unpaired.

    kept: what `keep` gave in an earlier life; changed: called when that is another.
    """

    def __init__(
        self,
        lan: bool = False,
        kept: bytes | None = None,
        changed: Callable[[], None] = lambda: None,
        open_to_all: Sequence[str] = (),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._lan = lan
        self._changed = changed
        self._open = (*FREE_PATHS, *open_to_all)
        self._clock = clock
        before = _Kept(f"{secrets.randbelow(10**6):06d}", ()) if kept is None else pickle.loads(kept)
        self.code = before.code if lan else ""
        """The six digits; empty where there is nobody to pair."""
        self._tokens: OrderedDict[str, None] = OrderedDict.fromkeys(before.tokens)
        self._wrong: deque[float] = deque(maxlen=MOST_TRIES)

    def keep(self) -> bytes:
        """The code and who is paired, for the next life."""
        return pickle.dumps(_Kept(self.code, tuple(self._tokens)))

    def refuses(self, request: Request) -> Refusal | None:
        """Why a request is not to be answered; None when it is."""
        host = _one(request, "host")
        if host not in self._names(request):
            return Refusal(421, f"this is not {(host or 'a host without a name')[:80]}.")
        origin = _one(request, "origin")
        same = origin == f"http://{host}"
        if request.method not in SAFE_METHODS and "origin" in request.headers and not same:
            return Refusal(403, "another page may not do that.")
        embedded = _one(request, "sec-fetch-mode") != "navigate"
        if embedded and _one(request, "sec-fetch-site") in ("cross-site", "same-site"):
            return Refusal(403, "another page may not see that.")
        if not self._may_see(request):
            return Refusal(401, "this browser is not paired with Hitpoint.")
        return None

    def tries(self, code: str) -> str | Refusal:
        """A cookie's value for who has the right code."""
        now = self._clock()
        if len(self._wrong) == MOST_TRIES and now - self._wrong[0] < TRIES_SECONDS:
            return Refusal(429, "too many wrong codes. Wait a minute.")
        if not self.code or not secrets.compare_digest(code.encode(), self.code.encode()):
            self._wrong.append(now)
            return Refusal(403, "that is not the code. `hitpoint status` tells it.")
        token = secrets.token_urlsafe(32)
        self._tokens[token] = None
        while len(self._tokens) > MOST_PAIRED:
            self._tokens.popitem(last=False)
        self._changed()
        return token

    def _names(self, request: Request) -> tuple[str, ...]:
        names: tuple[str, ...] = LOOPBACK_NAMES if _is_loopback(request.came_from) else ()
        if self._lan:
            ours = f"[{request.came_to}]" if ":" in request.came_to else request.came_to
            name = socket.gethostname().lower()
            names += (ours, name, f"{name}.local")
        return tuple(f"{name}:{request.port}" for name in names)

    def _may_see(self, request: Request) -> bool:
        if _is_loopback(request.came_from):
            return True
        free = any(request.path == path or request.path.startswith(f"{path}/") for path in self._open)
        return self._lan and (free or self._is_paired(request))

    def _is_paired(self, request: Request) -> bool:
        token = _cookie(request, cookie_name(request.port))
        return any(secrets.compare_digest(token.encode(), known.encode()) for known in self._tokens)


def cookie_name(port: int) -> str:
    """Cookies are a host's, whatever the port: each daemon has its own."""
    return f"hitpoint-{port}"


def _one(request: Request, name: str) -> str:
    """The header's value; empty where it is missing or there are several."""
    values = request.headers.get(name, ())
    return values[0].lower() if len(values) == 1 else ""


def _cookie(request: Request, name: str) -> str:
    try:
        cookies = SimpleCookie("; ".join(request.headers.get("cookie", ())))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
