import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from fakes.patience import PATIENCE_SECONDS
from hitpoint.engine.controllers import Controllers
from hitpoint.engine.status import Status
from hitpoint.engine.surface import MOST_SUBSCRIBERS, Surface
from hitpoint.errors import HostError, ModelError
from hitpoint.hosts.actions import LoopBars, Play, TransportAsked
from hitpoint.inputs.osc_listener import OscListener, listen
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.midi_message import control_change
from hitpoint.score.session import ControllersBound, Event, Session
from hitpoint.score.state import HeldState, StateChange, States, StatesChanged
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, ReturnAsked, StateAsked, VaryAsked, Wish
from hitpoint.timeline.host_event import LoopChanged
from hitpoint.timeline.loop import Loop


class FakeDaemon:
    """Applies what people do to a session, and leaves the rest."""

    def __init__(self) -> None:
        self.session = Session()
        self.asked: list[TransportAsked] = []
        self.wishes: list[Wish] = []
        self.panics = 0
        self.bundle = "small-2"
        self.place = 960.0
        self.surface = Surface(self)
        self.controllers = Controllers(self.surface, lambda bound: self.apply(ControllersBound(bound)), print)

    def apply(self, event: Event) -> None:
        self.session = self.session.apply(event)
        self.surface.tell(event)

    def transport(self, asked: TransportAsked) -> None:
        self.asked.append(asked)

    def ask(self, wish: Wish) -> None:
        self.wishes.append(wish)

    def panic(self) -> None:
        self.panics += 1

    def throw_in(self, name: str, when: When) -> None:
        self.thrown = (name, when)

    def choose_model(self, bundle: str) -> None:
        if bundle != "mine":
            raise ModelError(f"no model bundle is called {bundle!r}.")
        self.bundle = bundle

    @property
    def stingers(self) -> tuple[str, ...]:
        return ("impact", "rise")

    def undo(self) -> None:
        raise HostError("there is nothing to undo.")

    def tick(self) -> float:
        return self.place

    def status(self) -> Status:
        return Status(bundle=self.bundle)


class Client:
    """Somebody's controller: sends, and keeps what it hears."""

    def __init__(
        self, daemon: FakeDaemon, listener: OscListener, heard: asyncio.Queue[tuple[str, list[object]]]
    ) -> None:
        self._daemon, self._listener, self._heard = daemon, listener, heard

    def send(self, address: str, *arguments: object) -> None:
        port = self._daemon.surface.port
        assert port is not None
        self._listener.send(address, arguments, ("127.0.0.1", port))

    async def hears(self) -> tuple[str, list[object]]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._heard.get()


def with_client(scenario: Callable[[FakeDaemon, Client], Awaitable[None]]) -> None:
    async def run() -> None:
        daemon = FakeDaemon()
        await daemon.surface.open("127.0.0.1", 0)
        heard: asyncio.Queue[tuple[str, list[object]]] = asyncio.Queue()
        listener = await listen("127.0.0.1", 0, lambda address, values, _: heard.put_nowait((address, values)))
        try:
            await scenario(daemon, Client(daemon, listener, heard))
        finally:
            listener.close()
            daemon.surface.close()
            await asyncio.sleep(0)

    asyncio.run(run())


def test_a_control_that_is_moved_can_be_read_back():
    async def scenario(daemon: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/control/intensity", 0.5)
        client.send("/hitpoint/control/intensity/get")
        assert await client.hears() == ("/hitpoint/control/intensity", [0.5])
        assert daemon.session.controls.intensity == 0.5

    with_client(scenario)


def test_the_model_is_chosen_by_its_name():
    async def scenario(daemon: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/model", "mine")
        client.send("/hitpoint/model/get")
        assert await client.hears() == ("/hitpoint/model", ["mine"])
        assert daemon.bundle == "mine"
        client.send("/hitpoint/model", "yours")
        assert await client.hears() == ("/hitpoint/error", ["no model bundle is called 'yours'."])

    with_client(scenario)


def test_what_is_refused_is_answered_and_changes_nothing():
    async def scenario(daemon: FakeDaemon, client: Client) -> None:
        before = daemon.session
        client.send("/hitpoint/control/intensity", 7.0)
        address, arguments = await client.hears()
        assert address == "/hitpoint/error"
        assert "outside" in str(arguments[0])
        assert daemon.session == before
        assert daemon.surface.rejected == 1

    with_client(scenario)


def test_a_subscriber_hears_of_changes_until_it_has_enough():
    async def scenario(_: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/subscribe")
        assert (await client.hears())[0] == "/hitpoint/transport"
        for _ in range(5):
            assert (await client.hears())[0].startswith("/hitpoint/control/")
        assert await client.hears() == ("/hitpoint/state", ["", "", -1])
        assert await client.hears() == ("/hitpoint/cue/freeze", [0])
        client.send("/hitpoint/part/violin_1/mute", True)
        assert await client.hears() == ("/hitpoint/part/violin_1/mute", [1])
        client.send("/hitpoint/unsubscribe")
        client.send("/hitpoint/part/violin_1/mute", False)
        client.send("/hitpoint/cue/generate/get")
        assert await client.hears() == ("/hitpoint/cue/generate", [""])

    with_client(scenario)


def test_transport_panic_and_status_reach_the_daemon():
    async def scenario(daemon: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/transport/play")
        client.send("/hitpoint/panic")
        client.send("/hitpoint/status")
        address, arguments = await client.hears()
        assert address == "/hitpoint/status"
        assert json.loads(str(arguments[0]))["bundle"] == "small-2"
        assert daemon.asked == [Play()]
        assert daemon.panics == 1

    with_client(scenario)


def test_a_stinger_is_thrown_in_by_name_and_the_names_can_be_asked_for():
    async def scenario(daemon: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/stinger/big_impact", "bar")
        client.send("/hitpoint/stingers/get")
        assert await client.hears() == ("/hitpoint/stingers", ["impact", "rise"])
        assert daemon.thrown == ("big impact", When.BAR)

    with_client(scenario)


def test_a_controller_is_bound_over_osc_and_drives_what_it_is_bound_to():
    async def scenario(daemon: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/midi/bind", "cc 1", "/hitpoint/control/intensity", "0..0.5")
        client.send("/hitpoint/midi/bindings/get")
        address, arguments = await client.hears()
        assert address == "/hitpoint/midi/bindings"
        bound = BoundControl("cc 1", "/hitpoint/control/intensity", "absolute pickup 0.0..0.5")
        assert json.loads(str(arguments[0])) == [bound._asdict()]
        assert daemon.session.bindings == (bound,)
        daemon.controllers.heard("desk", control_change(0, 1, 127), 1.0)
        assert daemon.session.controls.intensity == 0.5

    with_client(scenario)


def test_who_subscribed_hears_what_is_being_learned_and_what_was():
    async def scenario(_: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/subscribe")
        for _ in range(8):
            await client.hears()
        client.send("/hitpoint/midi/learn", "/hitpoint/undo")
        assert await client.hears() == ("/hitpoint/midi/learn", ["/hitpoint/undo"])
        client.send("/hitpoint/midi/cancel")
        assert await client.hears() == ("/hitpoint/midi/learn", [""])
        client.send("/hitpoint/midi/bind", "note 36", "/hitpoint/undo")
        assert (await client.hears())[0] == "/hitpoint/midi/bindings"

    with_client(scenario)


def test_the_transport_is_told_as_bar_beat_and_tick():
    async def scenario(_: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/transport/get")
        assert await client.hears() == ("/hitpoint/transport", [0, 1, 2, 0, 120.0])

    with_client(scenario)


def test_wishes_in_time_reach_the_daemon_and_its_states_can_be_read():
    async def scenario(daemon: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/state/define", "chase", "furious, brass")
        client.send("/hitpoint/state/go", "chase", "beat", "start", 1, 4)
        client.send("/hitpoint/state/return")
        client.send("/hitpoint/cue/vary_next", "marker", "cello")
        client.send("/hitpoint/cue/freeze", 1)
        client.send("/hitpoint/state/get")
        assert await client.hears() == ("/hitpoint/state", ["", "", -1])
        assert daemon.session.states.known == (("chase", "furious, brass"),)
        assert daemon.wishes == [
            StateAsked("chase", When.BEAT, from_start=True, bridge=True, hold_bars=4),
            ReturnAsked(When.BAR),
            VaryAsked(When.MARKER, frozenset({"cello"})),
            FreezeAsked(True),
        ]

    with_client(scenario)


def test_a_subscriber_hears_of_a_state_when_its_time_has_come():
    async def scenario(daemon: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/subscribe")
        while await client.hears() != ("/hitpoint/cue/freeze", [0]):
            pass
        chase = HeldState("chase", "furious, brass")
        daemon.apply(StatesChanged(States(changes=(StateChange(3840, When.BAR, (chase,)),))))
        assert await client.hears() == ("/hitpoint/state", ["", "chase", 3840])
        daemon.place = 3840.0
        daemon.surface.watch()
        assert await client.hears() == ("/hitpoint/state", ["chase", "", -1])

    with_client(scenario)


def test_a_crowd_of_subscribers_is_refused_past_its_limit():
    surface = FakeDaemon().surface
    for port in range(1, MOST_SUBSCRIBERS + 1):
        surface._subscribe(("127.0.0.1", port))
    surface._subscribe(("127.0.0.1", 1))
    with pytest.raises(HostError):
        surface._subscribe(("127.0.0.1", MOST_SUBSCRIBERS + 1))


def test_the_loop_is_told_in_bars_as_people_count_them():
    async def scenario(daemon: FakeDaemon, client: Client) -> None:
        client.send("/hitpoint/transport/loop/get")
        assert await client.hears() == ("/hitpoint/transport/loop", [])
        daemon.apply(LoopChanged(Loop(4 * 3840, 8 * 3840), 0.0))
        client.send("/hitpoint/transport/loop/get")
        assert await client.hears() == ("/hitpoint/transport/loop", [5, 8])
        client.send("/hitpoint/transport/loop", 2, 3)
        client.send("/hitpoint/transport/loop/vary", True)
        client.send("/hitpoint/transport/loop/vary/get")
        assert await client.hears() == ("/hitpoint/transport/loop/vary", [1])
        assert daemon.asked == [LoopBars(2, 3)]

    with_client(scenario)
