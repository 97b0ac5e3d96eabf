"""Which SoundFont takes are heard with in the browser: the one that the settings name, else one of this machine's."""

from collections.abc import Iterator
from pathlib import Path

from hitpoint.config.host_folders import Machine
from hitpoint.config.settings import AUTO, OFF
from hitpoint.errors import ConfigError

ENDINGS = (".sf2", ".sf3", ".dls")
LARGEST_BYTES = 512 * 1024**2
"""A browser has all of it in memory. Our choice."""
_FORMS = (b"sfbk", b"DLS ")
"""SoundFont 2 and 3, and DLS, which macOS and Windows come with. Source: SoundFont 2.04, section 4.2; DLS 2.2."""
_HEADER_BYTES = 12
_CHUNK_BYTES = 8
"""What a RIFF file's size leaves out: its own name and length."""
_FIRST = "default"
"""How distributions name the one that a machine's owner has chosen."""


def sound_font(setting: str, machine: Machine | None = None) -> Path:
    """The file. setting: AUTO, OFF or a path.

    Raises ConfigError, in words that say what to do, where there is none that a browser could play.
    """
    machine = machine or Machine()
    if setting == OFF:
        raise ConfigError("page.soundfont is off.")
    if setting != AUTO:
        path = Path(setting).expanduser()
        if trouble := trouble_of(path):
            raise ConfigError(f"page.soundfont: {path} {trouble}. Name another, or auto.")
        return path
    seen = ""
    for path in found_on(machine):
        trouble = trouble_of(path)
        if not trouble:
            return path
        seen = seen or f"{path} {trouble}. "
    raise ConfigError(f"{seen or 'No SoundFont is on this machine. '}{_how(machine)}")


def trouble_of(path: Path) -> str:
    """Why a browser could not play that file, as the words after its name; empty where it should."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
            size = file.seek(0, 2)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if header[:4] != b"RIFF" or header[8:] not in _FORMS:
        return "is no SoundFont"
    if int.from_bytes(header[4:8], "little") + _CHUNK_BYTES > size:
        return "is cut short"
    if size > LARGEST_BYTES:
        return f"is too large for a browser: {size / 1e6:.0f} MB, at most {LARGEST_BYTES / 1e6:.0f}"
    return ""


def found_on(machine: Machine) -> Iterator[Path]:
    """SoundFonts of a machine, the best first: a person's own, then the one that is its default, then the largest."""
    for folder in folders(machine):
        try:
            files = [path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file()]
        except OSError:
            continue
        yield from sorted(files, key=_merit)
    # What comes with the system, where nobody has put a better one.
    yield from (path for path in _system_banks(machine) if path.is_file())


def folders(machine: Machine) -> tuple[Path, ...]:
    """Where SoundFonts usually are, a person's own folders first.

    Source: packages of Debian, Fedora, Arch and Homebrew; Apple on sound banks; FluidSynth's defaults.
    """
    if machine.platform == "darwin":
        banks = Path("Library") / "Audio" / "Sounds" / "Banks"
        return (
            machine.home / banks,
            Path("/") / banks,
            Path("/opt/homebrew/share/soundfonts"),
            Path("/usr/local/share/soundfonts"),
        )
    if machine.platform == "win32":
        everyone = Path(machine.environment.get("PROGRAMDATA") or "C:/ProgramData")
        return (machine.local() / "soundfonts", everyone / "soundfonts", Path("C:/soundfonts"))
    own = Path(machine.environment.get("XDG_DATA_HOME") or machine.home / ".local" / "share")
    shared = machine.environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    roots = (own, *map(Path, filter(None, shared.split(":"))))
    return tuple(root / name for root in roots for name in ("soundfonts", "sounds/sf2", "sounds/sf3"))


def _system_banks(machine: Machine) -> tuple[Path, ...]:
    if machine.platform == "darwin":
        return (Path("/System/Library/Components/CoreAudio.component/Contents/Resources/gs_instruments.dls"),)
    if machine.platform == "win32":
        return (Path(machine.environment.get("SYSTEMROOT") or "C:/Windows") / "System32" / "drivers" / "gm.dls",)
    return ()


def _merit(path: Path) -> tuple[bool, int, str]:
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    return not path.name.lower().startswith(_FIRST), -size, path.name


def _how(machine: Machine) -> str:
    named = "or name a file in the settings: page: {soundfont: FILE.sf2}."
    if machine.platform in ("darwin", "win32"):
        return f"For better sound put a General MIDI SoundFont into {folders(machine)[0]}, {named}"
    return (
        "For better sound install one (Debian, Ubuntu and Fedora: fluid-soundfont-gm; Arch: soundfont-fluid), put one "
        f"into {folders(machine)[0]}, {named}"
    )
