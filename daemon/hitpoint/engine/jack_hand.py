"""The built-in host moves JACK's transport, and the music goes where that goes.

So others roll with Hitpoint, and both are at the same frame by construction: what is asked of us is asked of JACK, and
what JACK does is done by the scheduler, whoever asked for it.
"""

from collections import deque

from hitpoint.outputs.output import MovesTransport
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap


class JackHand:
    """Process: play, on the driver's thread. All seconds are the port's clock's."""

    def __init__(self, output: MovesTransport) -> None:
        self._output = output
        self._asked: deque[Started | Stopped | Located] = deque()

    def ask(self, event: Started | Stopped | Located) -> None:
        """Do so at its second: it lies a little ahead, so that the first notes are there in time."""
        self._asked.append(event)

    def work(self, until: float, tempo_map: TempoMap) -> None:
        """Ask JACK for what is due before second `until`, in order."""
        while self._asked and self._asked[0].at < until:
            match self._asked.popleft():
                case Started():
                    self._output.start_transport()
                case Stopped():
                    self._output.stop_transport()
                case Located(tick):
                    self._output.locate_transport(tempo_map.seconds_at(tick))
