-- @description Hitpoint: infill selected items or time
-- @version 0.2.0
-- @author Hitpoint
-- @about
--   Asks for another answer for each selected item, for its part alone; without one for the time selection, for all.
-- @noindex

local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
local core = dofile(here .. "hitpoint_core.lua")

local project = reaper.EnumProjects(-1)

local function part_of(item)
  local tag = core.clips.tag_of(item)
  if tag and type(tag.part) == "string" then return tag.part end
  local track = reaper.GetMediaItem_Track(item)
  local _, name = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)
  return name
end

local function bars_of(item)
  local from = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
  return core.bars(from, from + reaper.GetMediaItemInfo_Value(item, "D_LENGTH"))
end

local asked = {}
for index = 0, reaper.CountSelectedMediaItems(project) - 1 do
  local item = reaper.GetSelectedMediaItem(project, index)
  local first, last = bars_of(item)
  local part = part_of(item)
  local key = string.format("%d %d %s", first, last, part)
  -- The same twice would be two answers, of which one is thrown away.
  if part ~= "" and not asked[key] then core.ask_about_project("/hitpoint/cue/vary", { first, last, part }) end
  asked[key] = true
end

local from, to = core.time_selection()
if next(asked) == nil and from then
  core.ask_about_project("/hitpoint/cue/vary", { core.bars(from, to) })
elseif next(asked) == nil then
  reaper.defer(function() end)
  core.say("nothing is selected. Select items of the part, or some time.")
end
