"""A REAPER with its surface, and the adapter that listens to it, in virtual time."""

from pathlib import Path

from fakes.packets import message
from fakes.reaper_app import SCRIPTS
from fakes.reaper_osc import FakeReaperOsc
from fakes.reaper_surface import decode, unpack
from hitpoint.hosts.reaper_osc import ReaperOsc
from hitpoint.hosts.reaper_transport import ReaperPosition
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

PATTERN = Path(SCRIPTS) / "Hitpoint.ReaperOSC"
LIKE_DEFAULT = """
PLAY t/play
STOP t/stop
PAUSE t/pause
RECORD t/record
REPEAT t/repeat
METRONOME t/click
TIME f/time s/time/str
SAMPLES f/samples s/samples/str
TEMPO n/tempo f/tempo/raw r/tempo/rotary s/tempo/str
PLAY_RATE n/playrate f/playrate/raw r/playrate/rotary s/playrate/str
LOOP_START_TIME f/loop/start/time
LOOP_END_TIME f/loop/end/time
MARKER_NAME s/marker/@/name
MARKER_NUMBER s/marker/@/number/str
MARKER_TIME f/marker/@/time
REGION_NAME s/region/@/name
REGION_NUMBER s/region/@/number/str
REGION_TIME f/region/@/time
REGION_LENGTH f/region/@/length
LAST_REGION_NAME s/lastregion/name
ACTION i/action s/action/str t/action/@
DEVICE_MARKER_COUNT i/device/marker/count t/device/marker/count/@
DEVICE_REGION_COUNT i/device/region/count t/device/region/count/@
"""
"""Of REAPER's own patterns as HOSTS.md 1.3 has them: banks hold nothing until it is said."""


class OscStage:
    """REAPER runs from the first; `heard` False while nobody listens at our port."""

    def __init__(self, patterns: str | None = None, seed: int = 0, lost: float = 0.0, starts: bool = True) -> None:
        text = PATTERN.read_text(encoding="utf-8") if patterns is None else patterns
        self.osc = ReaperOsc(FrameRate.named("24"))
        self.reaper = FakeReaperOsc(text, self._hear, seed)
        self.reaper.lost = lost
        self.heard = True
        self.packets: list[tuple[float, bytes]] = []
        """All that left REAPER and was not lost."""
        self.asked: list[tuple[float, str]] = []
        """When the adapter sent what."""
        self.told: list[ReaperPosition] = []
        self.truth: list[tuple[float, bool]] = []
        """Where REAPER was when each position came, and whether it rolled."""
        if starts:
            self.reaper.start()

    def advance(self, seconds: float) -> None:
        """Both go on, the adapter is looked at every 10 ms."""
        for _ in range(round(seconds * 100)):
            if self.heard:
                for address, arguments in self.osc.messages(self.reaper.now):
                    self.asked.append((self.reaper.now, address))
                    self.reaper.receive(message(address, *arguments))
                self.osc.timeline(self.reaper.now)
                self._take_positions()
            self.reaper.advance(0.01)

    @property
    def timeline(self) -> Timeline | None:
        return self.osc.timeline(self.reaper.now)

    def off_by(self) -> list[float]:
        """Seconds between each marker and region edge as told and as it is. All must be there, and nothing else."""
        timeline = self.timeline
        assert timeline is not None
        tempo_map, project = timeline.tempo_map, self.reaper.project
        markers, regions = project.of(False), project.of(True)
        told = {marker.id: marker for marker in timeline.markers}
        spans = {region.id: region for region in timeline.regions}
        assert {key: marker.name for key, marker in told.items()} == {str(one.number): one.name for one in markers}
        assert {key: region.name for key, region in spans.items()} == {str(one.number): one.name for one in regions}
        errors = [tempo_map.seconds_at(told[str(one.number)].tick) - one.time for one in markers]
        for one in regions:
            span = spans[str(one.number)]
            assert one.end is not None
            errors += [tempo_map.seconds_at(span.start) - one.time, tempo_map.seconds_at(span.end) - one.end]
        return [abs(error) for error in errors]

    def _hear(self, data: bytes, at: float) -> None:
        self.packets.append((at, data))
        if not self.heard:
            return
        for one in unpack(data):
            said = decode(one)
            assert said is not None
            self.osc.heard(*said, at)
        self._take_positions()

    def _take_positions(self) -> None:
        for position in self.osc.positions():
            self.told.append(position)
            self.truth.append((self.reaper.place, self.reaper.playing))
