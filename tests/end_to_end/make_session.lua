-- Makes the Ardour session of the end-to-end tests: run by ardour7-lua, told what to make by environment variables.
--
--   SESSION_FOLDER, SESSION_NAME   where it goes and what it is called
--   SESSION_TEMPI    "quarter:bpm[:end_bpm[:note_type]] ...", ramps where an end is given; the first at quarter 0
--   SESSION_METERS   "quarter:numerator/denominator ..."
--   SESSION_TRACKS   names of MIDI tracks, by comma
--
-- Its backend is Ardour's own dummy, so that only the session that records needs a JACK server.
-- Point markers are not here because Ardour 7's Lua can only make ranges: the test adds them over OSC.

local TICKS = Temporal.ticks_per_beat

local function asked(name)
  return assert(os.getenv(name), name .. " is not set")
end

local function place(quarter)
  return Temporal.timepos_t.from_ticks(math.floor(tonumber(quarter) * TICKS + 0.5))
end

local function set_tempi(map, text)
  local ramps = {}
  for quarter, rest in text:gmatch("([%d.]+):(%S+)") do
    local values = {}
    for value in rest:gmatch("[%d.]+") do
      values[#values + 1] = tonumber(value)
    end
    local start, finish, note = values[1], values[2] or values[1], values[3] or 4
    if start == finish then
      map:set_tempo(Temporal.Tempo(start, start, note), place(quarter))
    else
      ramps[#ramps + 1] = { quarter, start, finish, note }
    end
  end
  -- Ardour works out a ramp when it is set, from the tempo that then follows it: so ramps come after all else.
  for _, ramp in ipairs(ramps) do
    map:set_tempo(Temporal.Tempo(ramp[2], ramp[3], ramp[4]), place(ramp[1]))
  end
end

local function set_meters(map, text)
  for quarter, numerator, denominator in text:gmatch("([%d.]+):(%d+)/(%d+)") do
    map:set_meter(Temporal.Meter(tonumber(numerator), tonumber(denominator)), place(quarter))
  end
end

local function add_tracks(session, text)
  local one = ARDOUR.ChanCount(ARDOUR.DataType("midi"), 1)
  for name in text:gmatch("[^,]+") do
    session:new_midi_track(
      one, one, true, ARDOUR.PluginInfo(), nil, nil, 1, name,
      ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true
    )
  end
end

assert(AudioEngine:set_backend("None (Dummy)", "make session", ""), "no dummy backend")
assert(AudioEngine:start() == 0, "the dummy backend does not start")
local session = create_session(asked("SESSION_FOLDER"), asked("SESSION_NAME"), 48000)
assert(session, "no session")
local map = Temporal.TempoMap.write_copy()
set_tempi(map, asked("SESSION_TEMPI"))
set_meters(map, asked("SESSION_METERS"))
Temporal.TempoMap.update(map)
map = nil
add_tracks(session, asked("SESSION_TRACKS"))
session:save_state("", false, false, false, false, false)
close_session()
print("session made")
