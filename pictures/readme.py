"""Makes anew what the README shows: the picture and the table of one demo, and the addresses.

usage: make readme
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from draw import Drawing

from hitpoint.hosts.address_table import address_table
from hitpoint.score.midi_file import read_midi_file

ROOT = Path(__file__).resolve().parents[1]


def filled(readme: str, section: str, content: str) -> str:
    """The README with other content between a section's comments."""
    pattern = re.compile(f"(<!-- {section} -->\n).*?(<!-- /{section} -->)", re.DOTALL)
    return pattern.sub(lambda found: f"{found[1]}{content}{found[2]}", readme)


def run_demo() -> str:
    """What `hitpoint demo` prints; its picture is drawn on the way."""
    with tempfile.TemporaryDirectory() as folder:
        command = [Path(sys.executable).with_name("hitpoint"), "demo"]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        drawing = Drawing(read_midi_file(Path(folder) / "hitpoint-demo.mid"))
        (ROOT / "pictures" / "demo.svg").write_text(drawing.svg(), encoding="utf-8")
    return ran.stdout


if __name__ == "__main__":
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    # The last lines say which ports this machine had: true here, not for whoever reads.
    table = run_demo().split("\n\n")[0]
    readme = filled(readme, "demo", f"```text\n{table.rstrip()}\n```\n")
    readme = filled(readme, "addresses", address_table())
    (ROOT / "README.md").write_text(readme, encoding="utf-8")
