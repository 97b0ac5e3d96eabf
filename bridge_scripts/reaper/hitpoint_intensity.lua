-- @description Hitpoint: intensity from selected envelope
-- @version 0.2.0
-- @author Hitpoint
-- @about
--   While it is on, the selected envelope is Hitpoint's intensity, where REAPER plays or the edit cursor stands. Run
--   it again to turn it off: then the cue decides again.
-- @noindex

local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
local core = dofile(here .. "hitpoint_core.lua")

local STATE = "intensity"
local LOOK_SECONDS = 0.1
-- Nobody hears less.
local LEAST_CHANGE = 0.01

if reaper.GetExtState(core.SECTION, STATE) ~= "" then
  -- The one that runs sees this at its next look.
  reaper.DeleteExtState(core.SECTION, STATE, false)
  return
end
local _, _, section, command = reaper.get_action_context()

local function show(on)
  if command <= 0 then return end
  reaper.SetToggleCommandState(section, command, on and 1 or 0)
  reaper.RefreshToolbar2(section, command)
end

reaper.SetExtState(core.SECTION, STATE, "on", false)
show(true)
core.make_folders()

local function value_at(envelope, time)
  local _, value = reaper.Envelope_Evaluate(envelope, time, 0, 0)
  value = reaper.ScaleFromEnvelopeMode(reaper.GetEnvelopeScalingMode(envelope), value)
  local _, name = reaper.GetEnvelopeName(envelope)
  -- These go from -1 to 1, all others that make sense here from 0 to 1.
  if name == "Pan" or name == "Width" then value = (value + 1) / 2 end
  return math.max(0, math.min(1, value))
end

local looked, told = -math.huge, nil

local function look()
  if reaper.GetExtState(core.SECTION, STATE) == "" then return end
  local now = reaper.time_precise()
  local project = reaper.EnumProjects(-1)
  local envelope = now - looked >= LOOK_SECONDS and reaper.GetSelectedEnvelope(project)
  if envelope then
    looked = now
    local playing = reaper.GetPlayState() & 1 == 1
    local value = value_at(envelope, playing and reaper.GetPlayPosition() or reaper.GetCursorPosition())
    if not told or math.abs(value - told) >= LEAST_CHANGE then
      -- Said to a thousandth.
      value = math.floor(value * 1000 + 0.5) / 1000
      if core.ask("/hitpoint/control/intensity", { value }) then told = value end
    end
  end
  reaper.defer(look)
end

reaper.atexit(function()
  reaper.DeleteExtState(core.SECTION, STATE, false)
  show(false)
  if told then core.ask("/hitpoint/control/intensity", {}) end
end)

look()
