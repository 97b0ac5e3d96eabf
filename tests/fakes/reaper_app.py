"""REAPER for its Lua scripts: the real, unmodified scripts under a real Lua, with a `reaper` table that is told here.

    app = ReaperApp(tmp_path)
    app.run(SCRIPTS / "hitpoint_bridge.lua")
    app.pass_time(1.0)              # defer loops at 30 Hz; nothing sleeps
    app.check()                     # raises AssertionError when a script misused REAPER

It complains, to the script and in `complaints`, of what REAPER would silently get wrong: unknown functions, wrong or
too few arguments, handles of what is gone, undo blocks left open, notes read from a take that is not sorted.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lupa.lua53
import lupa.lua54

from fakes.reaper_calls import NEW_MARKER_CALLS, ReaperCalls
from fakes.reaper_project import ReaperProject
from fakes.reaper_table import CALLS, TYPES, Script, ScriptError

DEFER_HZ = 30
SCRIPTS = Path(__file__).parents[2] / "bridge_scripts" / "reaper"


class ReaperApp(ReaperCalls):
    """One run of REAPER. What lasts longer is in its project and in its resource folder."""

    def __init__(self, resource: Path, project: ReaperProject | None = None, *, new_markers: bool = True,
                 steps_for_nothing: bool = False, lua: Any = lupa.lua54) -> None:  # fmt: skip
        """new_markers: whether it has REAPER 7's calls. steps_for_nothing: a block that changed nothing is a step."""
        super().__init__()
        self.resource, self.project = resource, project or ReaperProject()
        self.new_markers, self.steps_for_nothing, self._lua = new_markers, steps_for_nothing, lua
        self.scripts: list[Script] = []
        self.calls = 0
        self.seconds_per_call = 0.0
        """How long each call takes, in its own time."""
        self.fails: dict[str, int] = {}
        """Calls that fail the n-th time from now, by name: a full disk, or a bug of REAPER."""

    def run(self, path: Path) -> Script:
        """Start a script as an action does. What it raises is a complaint, as REAPER's error window is one."""
        lua = self._lua.LuaRuntime(unpack_returned_tuples=True, register_eval=False)
        script = Script(path.name, lua)
        lua.globals().reaper = self._table(lua, script)
        self.scripts.append(script)
        self._guarded(script, lua.globals().dofile, str(path))
        if not script.has_deferred and not script.made_undo:
            # REAPER makes an undo point for every script that never defers.
            self.project.add_step(f"ReaScript: {path.name}")
        self._end_those_that_are_done()
        return script

    def stop(self, script: Script) -> None:
        """A person ends a script."""
        script.deferred.clear()
        self._end_those_that_are_done()

    def tick(self) -> None:
        """All that was deferred, once."""
        for script in list(self.scripts):
            deferred, script.deferred = script.deferred, []
            for function in deferred:
                self._guarded(script, function)
        self._end_those_that_are_done()

    def pass_time(self, seconds: float) -> None:
        """Let time pass, at 30 Hz."""
        until = self.now + seconds
        while self.now < until - 1e-9:
            self.now += 1 / DEFER_HZ
            self.tick()

    def check(self) -> None:
        """Raises AssertionError when a script misused REAPER."""
        assert not self.complaints, self.complaints

    def _guarded(self, script: Script, function: Any, *arguments: Any) -> None:
        before, self._running = self._running, script
        try:
            function(*arguments)
        except Exception as error:
            self._complain(f"{script.name}: {error}")
        if self.project.block:
            self._complain(f"{script.name}: an undo block is left open")
        if self._refresh_held:
            self._complain(f"{script.name}: the display is left frozen")
        unsorted = [item for item in self.project.items if not item.sorted]
        if unsorted:
            self._complain(f"{script.name}: a take is left unsorted")
        self._running = before

    def _end_those_that_are_done(self) -> None:
        for script in [script for script in self.scripts if not script.deferred]:
            self.scripts.remove(script)
            for function in script.at_exit:
                self._guarded(script, function)

    def _table(self, lua: Any, script: Script) -> Any:
        names = [name for name in CALLS if self.new_markers or name not in NEW_MARKER_CALLS]
        table = lua.table_from({name: self._bound(name, script) for name in names})

        def missing(_: Any, name: str) -> None:
            raise ScriptError(self._complain(f"there is no reaper.{name}"))

        lua.globals().setmetatable(table, lua.table_from({"__index": missing}))
        return table

    def _bound(self, name: str, script: Script) -> Callable[..., Any]:
        types, function = CALLS[name]
        needed, _, optional = types.partition("|")
        every = [TYPES[letter] for letter in needed + optional]
        least = len(needed)

        def call(*arguments: Any) -> Any:
            if self.seconds_per_call:
                self.now += self.seconds_per_call
            self.calls += 1
            fits = least <= len(arguments) <= len(every)
            if not fits or not all(check(value) for check, value in zip(every, arguments, strict=False)):
                said = ", ".join(repr(value)[:40] for value in arguments)
                raise ScriptError(self._complain(f"{name}({said}) where ({types}) is meant"))
            if name in self.fails:
                self.fails[name] -= 1
                if self.fails[name] == 0:
                    del self.fails[name]
                    raise OSError(f"{name} failed")
            self._running = script
            return function(self, *arguments)

        return call
