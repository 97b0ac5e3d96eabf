-- @description Hitpoint: bridge
-- @version 0.2.0
-- @author Hitpoint
-- @about
--   Keeps Hitpoint informed of the project, and writes what it made into it. Run it once; it goes on until REAPER
--   ends.
-- @provides
--   [main] .
--   [main] hitpoint_generate.lua
--   [main] hitpoint_vary.lua
--   [main] hitpoint_infill.lua
--   [main] hitpoint_keep.lua
--   [main] hitpoint_intensity.lua
--   [nomain] hitpoint_core.lua
--   [nomain] hitpoint_json.lua
--   [nomain] hitpoint_snapshot.lua
--   [nomain] hitpoint_clips.lua
--   [data] Hitpoint.ReaperOSC

local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
local core = dofile(here .. "hitpoint_core.lua")

if reaper.GetExtState(core.SECTION, "bridge") ~= "" then
  core.say("the bridge runs already.")
  return
end
reaper.SetExtState(core.SECTION, "bridge", core.VERSION, false)
reaper.atexit(function() reaper.DeleteExtState(core.SECTION, "bridge", false) end)

core.put_pattern()

local watch = core.watcher()
local complaint = nil

-- Whatever goes wrong in a project is said once, and REAPER goes on.
local function look()
  local lived, message = pcall(watch)
  if not lived and tostring(message) ~= complaint then
    complaint = tostring(message)
    core.say("the bridge cannot look at this project: " .. complaint)
  end
  reaper.defer(look)
end

look()
