"""The page process: it serves the control page, and stands between it and control. It may die at any moment."""

import asyncio
import pickle
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from time import monotonic
from typing import Any

from hitpoint.config.places import known_models
from hitpoint.config.sound_fonts import sound_font
from hitpoint.engine.crew_link import Link, LinkedTo
from hitpoint.engine.crew_pipes import End, Keep, Pipe, Post, Up
from hitpoint.engine.outbox import Outbox
from hitpoint.engine.page_cues import PageCues
from hitpoint.engine.page_place import PagePlace
from hitpoint.engine.page_takes import PageTakes
from hitpoint.page.announce import Announcer, Opened, services
from hitpoint.page.api import Api
from hitpoint.page.board import Board
from hitpoint.page.doctor import Doctor
from hitpoint.page.gate import Gate
from hitpoint.page.messages import PageIs, ToControl, Told
from hitpoint.page.questions import Questions
from hitpoint.page.server import PageServer
from hitpoint.page.site import Site
from hitpoint.page.soundfont import SoundFont
from hitpoint.page.state import told
from hitpoint.page.take_cue import Making
from hitpoint.page.take_maker import TakeMaker
from hitpoint.page.take_writer import TakeWriter
from hitpoint.page.takes import Takes

SILENT_SECONDS = 0.8
"""Control that has told nothing for so long does not answer: it tells its status more often."""
LOOK_SECONDS = 0.1
_RESTARTS = "Hitpoint is being started again."
_SILENT = "Hitpoint does not answer."


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the next life is given: browsers then find it where it was, and are still paired."""

    port: int
    gate: bytes
    ready: int
    """Takes that are kept ready of each cue."""


def page_main(post: Post, place: PagePlace) -> None:
    """Serve until the supervisor says so or is gone. The process's whole life."""
    asyncio.run(PageProcess(post, place).run())


class PageProcess:
    """One life of it. Make it on its loop, or before."""

    def __init__(self, post: Post, place: PagePlace) -> None:
        kept: _Kept | None = None if post.kept is None else pickle.loads(post.kept)
        self._post = post
        self._place = place
        self._port = place.port or (kept.port if kept else 0)
        self._board = Board(monotonic)
        self._questions = Questions()
        self._cues = PageCues(place.sheet)
        self._maker = self._take_maker(kept.ready if kept else 0)
        self._gate = Gate(place.lan, kept.gate if kept else None, self._keep, place.open_to_all)
        api = Api(self._board, self._questions, Doctor(place.config), known_models)
        memory = None if place.takes is None else PageTakes(place.takes)
        takes = Takes(memory, self._maker, self._questions)
        soundfont = SoundFont(lambda: sound_font(place.soundfont))
        self._site = Site(self._board, self._questions, api, self._gate, takes, soundfont)
        self._site.on_change = self._tell_control
        self._control: Outbox | None = None
        self._is_new = False
        """True when nothing was heard of it yet."""
        self._is = PageIs(code=self._gate.code)
        self._told_at = 0.0
        self._announcer = Announcer(self._unannounced)
        self._server = PageServer(self._site.application(), place.host, self._port)
        self._board.put({"daemon": _away(_RESTARTS), "page": self._shown(), "takes": Making().told()})

    def _take_maker(self, ready: int) -> TakeMaker | None:
        """What makes takes; None without a memory for them. ready: as the life before had it."""
        file = self._place.takes
        if file is None:
            return None
        writer = TakeWriter(file, self._place.config)
        return TakeMaker(writer, self._cues, PageTakes(file).made_for, self._made, ready)

    async def run(self) -> None:
        """Serve until it is over."""
        for peer, pipe in self._post.links.items():
            self._linked(peer, pipe)
        Link(self._post.down, self._heard_supervisor, self._server.stop, "supervisor")
        watching = asyncio.create_task(self._watch())
        announcing = asyncio.create_task(self._announcer.run())
        making = None if self._maker is None else asyncio.create_task(self._maker.run())
        try:
            await self._server.serve(self._opened, self._refused)
        finally:
            watching.cancel()
            announcing.cancel()
            if making is not None:
                making.cancel()
            # It says goodbye first, and what is being written ends.
            await asyncio.wait([announcing, *([] if making is None else [making])])

    def _opened(self, host: str, port: int) -> None:
        self._port = port
        here, there = addresses_of(host, port, self._place.lan)
        self._is = replace(self._is, address=here, lan_address=there, trouble="")
        self._keep()
        self._tell_control()
        self._announce()
        code = f"; on other machines {there}, code {self._gate.code}" if self._gate.code else ""
        self._post.say(Up(f"page: {here}{code}"))

    def _refused(self, trouble: str) -> None:
        if self._is.trouble == trouble:
            return
        self._is = replace(self._is, trouble=trouble)
        self._tell_control()
        # It is as ready as it can be: nobody is to end it for that.
        self._post.say(Up("", (f"  note: {trouble}",)))

    def _announce(self) -> None:
        """Have what is open to the network found there."""
        osc = self._board.last.state.get("osc")
        if not self._is.address or not osc:
            return
        page = Opened(self._place.host, self._port, self._place.lan)
        wanted = services(page, Opened(osc["host"], osc["port"], self._place.osc_lan))
        host = self._place.host if page.is_reached else osc["host"]
        self._announcer.want(own_address() if ip_address(host).is_unspecified else host, wanted)

    def _unannounced(self, trouble: str) -> None:
        self._post.say(Up("", (f"  note: {trouble}",)))

    def _made(self, told: dict[str, Any]) -> None:
        ready = self._board.last.state.get("takes", {}).get("ready", 0)
        self._board.put({"takes": told})
        if told["ready"] != ready:
            self._keep()

    def _keep(self) -> None:
        ready = 0 if self._maker is None else self._maker.ready
        self._post.say(Keep(pickle.dumps(_Kept(self._port, self._gate.keep(), ready))))

    def _heard_supervisor(self, message: object) -> None:
        match message:
            case LinkedTo(peer, pipe):
                self._linked(peer, pipe)
            case End():
                self._server.stop()

    def _linked(self, peer: str, pipe: Pipe) -> None:
        """Control is there, or another one."""
        if peer != "control":
            return
        if self._control is not None:
            self._control.close()
        outbox = self._control = Outbox(pipe, _bundle, "control")
        self._is_new = True
        Link(pipe, lambda message: self._heard(outbox, message), lambda: self._lost(outbox), "control")

        def say(message: ToControl) -> None:
            outbox.put({}, message)

        self._questions.connected(say)
        self._tell_control()

    def _heard(self, outbox: Outbox, message: object) -> None:
        if outbox is not self._control or not isinstance(message, Told):
            return
        self._told_at = monotonic()
        anew, self._is_new = self._is_new, False
        self._cues.heard(message.sections)
        before = self._board.last.state
        sections = {name: told(name, value, before.get(name)) for name, value in message.sections.items()}
        self._board.put({"daemon": {"there": True, "why": ""}, **_same_where_equal(before, sections)}, anew)
        if "osc" in sections:
            self._announce()
        if message.values:
            self._site.tell_values(message.values)
        for answer in message.answers:
            self._questions.answered(answer)

    def _lost(self, outbox: Outbox) -> None:
        if outbox is self._control:
            self._control = None
            outbox.close()
            self._questions.gone()
            self._board.put({"daemon": _away(_RESTARTS)})

    async def _watch(self) -> None:
        """See whether control still tells anything."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._control is not None and monotonic() - self._told_at > SILENT_SECONDS:
                self._board.put({"daemon": _away(_SILENT)})

    def _tell_control(self) -> None:
        self._is = replace(self._is, clients=self._site.clients, dropped=self._site.dropped)
        self._board.put({"page": self._shown()})
        if self._control is not None:
            self._control.put({"page": self._is})

    def _shown(self) -> dict[str, Any]:
        return {
            "address": self._is.address,
            "lan": self._place.lan,
            "clients": self._site.clients,
            "dropped": self._site.dropped,
        }


def addresses_of(host: str, port: int, lan: bool) -> tuple[str, str]:
    """Where browsers on this machine and on others find what is served at `host`; the second is empty without `lan`."""
    all_of_them = ip_address(host).is_unspecified
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    there = own_address() if all_of_them else host
    named = [f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}" for name in (here, there)]
    return named[0], named[1] if lan else ""


def own_address() -> str:
    """The address that other machines most likely know this one by. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            # An address kept for documents (RFC 5737): UDP's connect only looks up the way.
            asking.connect(("192.0.2.1", 9))
            return str(asking.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _bundle(latest: dict[str, Any], queued: list[Any]) -> list[Any]:
    return [*latest.values(), *queued]


def _away(why: str) -> dict[str, Any]:
    return {"there": False, "why": why}


def _same_where_equal(before: Mapping[str, Any], sections: dict[str, Any]) -> dict[str, Any]:
    """The sections, each as the very object that is shown where it is equal: what is the same is then seen at once."""
    return {name: before[name] if before.get(name) == value else value for name, value in sections.items()}
