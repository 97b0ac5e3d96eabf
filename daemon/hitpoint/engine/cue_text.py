"""A cue of a host's timeline as one process hands it to another: what a take is to be made of.

Light: the page's process loads it.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass

from hitpoint.engine.cue_alone import CueAlone
from hitpoint.engine.take import TakeMusic
from hitpoint.engine.take_json import music_as_bytes, music_of
from hitpoint.errors import ConfigError
from hitpoint.score.midi_score import MidiScore

SIGN = "from"
"""In what is asked of a take: what the cue was like that it was made for, as a digest."""


@dataclass(frozen=True)
class CueText:
    """A cue as one process hands it to another."""

    cue: str
    prompt: str
    music: TakeMusic
    """With no part: the timelines, what is asked, and the bars up to its END."""

    @classmethod
    def of(cls, cue: str, prompt: str, alone: CueAlone) -> "CueText":
        """That of a cue of a host's timeline."""
        return cls(cue, prompt, TakeMusic(MidiScore(alone.timeline, ()), alone.session, alone.bars))

    def as_bytes(self) -> bytes:
        """The same cue gives the same bytes."""
        music = b64encode(music_as_bytes(self.music)).decode()
        return json.dumps({"cue": self.cue, "prompt": self.prompt, "music": music}).encode()


def cue_text(data: bytes) -> CueText:
    """Inverse of `CueText.as_bytes`. Raises ConfigError or ScoreError for what is none."""
    try:
        said = json.loads(data)
        return CueText(str(said["cue"]), str(said["prompt"]), music_of(b64decode(said["music"])))
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"what was handed over is no cue ({type(error).__name__}). Ask for it again.") from error
