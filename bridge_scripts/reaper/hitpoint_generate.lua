-- @description Hitpoint: generate for region
-- @version 0.2.0
-- @author Hitpoint
-- @about
--   Asks for new music for the bars of the time selection, or of the region at the edit cursor.
-- @noindex

local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
local core = dofile(here .. "hitpoint_core.lua")

local from, to = core.time_selection()
if not from then from, to = core.region_at_cursor() end
if not from then
  reaper.defer(function() end)
  core.say("no region is at the edit cursor, and no time is selected. Put the cursor into one, or select some time.")
  return
end
core.ask_about_project("/hitpoint/cue/vary", { core.bars(from, to) })
