-- @description Hitpoint: keep take to track
-- @version 0.2.0
-- @author Hitpoint
-- @about
--   Asks for what Hitpoint plays to be written on tracks: the time selection, the region at the edit cursor, or the
--   whole cue.
-- @noindex

local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
local core = dofile(here .. "hitpoint_core.lua")

local from, to = core.time_selection()
if not from then from, to = core.region_at_cursor() end
core.ask_about_project("/hitpoint/take/keep", from and { core.bars(from, to) } or {})
