-- @description Hitpoint: vary
-- @version 0.2.0
-- @author Hitpoint
-- @about
--   Asks for another answer for the bars of the time selection, or for all of the cue.
-- @noindex

local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
local core = dofile(here .. "hitpoint_core.lua")

local from, to = core.time_selection()
core.ask_about_project("/hitpoint/cue/vary", from and { core.bars(from, to) } or {})
