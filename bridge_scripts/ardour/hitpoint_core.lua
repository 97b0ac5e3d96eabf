-- What Hitpoint's Ardour scripts share: the session as a snapshot, clip jobs, and asking for things.
-- No musical logic here. The objects are those of bridge_scripts/PROTOCOL.md; the folder is Hitpoint, beside Ardour's own
-- settings. Ardour 7 and later, whose Lua is 5.3. It never saves a session: that is for the person to do.

local core = {}

core.PROTOCOL = 1
core.VERSION = "0.2.0"
core.TICKS = 1920

local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
local json = dofile(here .. "hitpoint_json.lua")
core.json = json

-- Files --------------------------------------------------------------------------------------------------------------

function core.folder()
  return os.getenv("HITPOINT_ARDOUR_FOLDER") or (ARDOUR.user_config_directory(-1) .. "/Hitpoint")
end

function core.make_folders()
  local file = io.open(core.folder() .. "/asks/.here", "wb")
  if file then
    file:close()
    return
  end
  local windows = package.config:sub(1, 1) == "\\"
  for _, name in ipairs({ "jobs", "answers", "asks" }) do
    local path = core.folder() .. "/" .. name
    os.execute(windows and 'mkdir "' .. path:gsub("/", "\\") .. '"' or "mkdir -p '" .. path:gsub("'", "'\\''") .. "'")
  end
end

local function write_whole(path, content)
  local unfinished = path .. ".unfinished"
  local file = io.open(unfinished, "wb")
  if not file then return false end
  local written = file:write(content)
  local closed = file:close()
  if not (written and closed) then
    os.remove(unfinished)
    return false
  end
  if os.rename(unfinished, path) then return true end
  -- Windows does not rename over a file that is there.
  os.remove(path)
  return os.rename(unfinished, path) ~= nil
end

local function read_whole(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local content = file:read("a")
  file:close()
  return content
end

-- The session --------------------------------------------------------------------------------------------------------

local FAR = 2 ^ 40

local function place(ticks) return Temporal.timepos_t.from_ticks(math.floor(ticks + 0.5)) end

-- Beats have no other way out: "16:1792".
local function ticks_of(beats)
  local quarters, ticks = tostring(beats):match("^(-?%d+):(-?%d+)")
  return tonumber(quarters) * core.TICKS + tonumber(ticks)
end

local function ticks_at(map, position) return ticks_of(map:quarters_at(position)) end

-- Ardour's Lua has no list of the map's points, but tells for any place where the point is that holds there: so it is
-- walked from far behind the end to the start.
local function walked(map, point_at)
  local found, at = {}, FAR
  while true do
    local point = point_at(place(at))
    -- A metre's point has its place one class further up.
    local ticks = ticks_at(map, point:to_point():time())
    table.insert(found, 1, { ticks = ticks, point = point })
    if ticks <= 0 then return found end
    at = ticks - 1
  end
end

local function bpm_at(map, ticks) return map:quarters_per_minute_at(place(ticks)) end

local function tempo(map)
  local points, told = walked(map, function(at) return map:tempo_at(at) end), json.list()
  for index, point in ipairs(points) do
    local after = points[index + 1]
    local bpm = point.point:to_tempo():quarter_notes_per_minute()
    told[#told + 1] = { quarter = point.ticks / core.TICKS, bpm = bpm, ramp = "step" }
    if after and after.ticks - point.ticks > 1 then
      local last = bpm_at(map, after.ticks - 1)
      if math.abs(last - bpm) > 1e-6 then
        told[#told].ramp = "beats"
        -- A ramp may end elsewhere than at the tempo that follows: then it has an end of its own.
        local slope = (last - bpm) / (after.ticks - 1 - point.ticks)
        if math.abs(last + slope - after.point:to_tempo():quarter_notes_per_minute()) > 1e-4 then
          told[#told + 1] = { quarter = (after.ticks - 1) / core.TICKS, bpm = last, ramp = "step" }
        end
      end
    end
  end
  return told
end

local function meter(map)
  local told = json.list()
  for _, found in ipairs(walked(map, function(at) return map:meter_at(at) end)) do
    told[#told + 1] = {
      quarter = found.ticks / core.TICKS,
      numerator = found.point:divisions_per_bar(),
      denominator = found.point:note_value(),
    }
  end
  return told
end

local RATES = { [24] = "24", [25] = "25", [30] = "30" }

local function frame_rate()
  local known, rate = pcall(function() return Session:timecode_frames_per_second() end)
  if not known then return json.null end
  if math.abs(rate - 24000 / 1001) < 0.002 then return "23.976" end
  if math.abs(rate - 30000 / 1001) < 0.002 then return Session:timecode_drop_frames() and "29.97df" or "29.97" end
  return math.abs(rate - math.floor(rate + 0.5)) < 0.002 and RATES[math.floor(rate + 0.5)] or json.null
end

-- Locations that Ardour keeps for itself, or for its clip launcher, are no spotting.
local function spotted(location)
  return not (location:is_session_range() or location:is_auto_loop() or location:is_auto_punch() or location:is_cue_marker())
end

local function xrun(location) return location:name():match("^xrun%d*$") ~= nil end

local function markers_and_regions(map)
  local markers, regions = json.list(), json.list()
  for location in Session:locations():list():iter() do
    if spotted(location) and not xrun(location) then
      local id, name = location:id():to_s(), location:name()
      local quarter = ticks_at(map, location:start()) / core.TICKS
      local ends = location:is_mark() and quarter or ticks_at(map, location:_end()) / core.TICKS
      if ends > quarter then
        regions[#regions + 1] = { id = id, quarter = quarter, ["end"] = ends, name = name }
      else
        markers[#markers + 1] = { id = id, quarter = quarter, name = name }
      end
    end
  end
  return markers, regions
end

local function loop(map)
  local location = Session:get_play_loop() and Session:locations():auto_loop_location()
  if not location or location:isnil() then return json.null end
  return {
    quarter = ticks_at(map, location:start()) / core.TICKS,
    ["end"] = ticks_at(map, location:_end()) / core.TICKS,
  }
end

function core.snapshot()
  local map = Temporal.TempoMap.read()
  local markers, regions = markers_and_regions(map)
  local told = {
    protocol = core.PROTOCOL,
    kind = "snapshot",
    host = "ardour",
    host_version = core.host_version(),
    bridge_version = core.VERSION,
    project = Session:name(),
    frame_rate = frame_rate(),
    tempo = tempo(map),
    meter = meter(map),
    markers = markers,
    regions = regions,
    loop = loop(map),
  }
  -- It is held until Lua lets go of it, and Ardour waits for that when the map is edited.
  map = nil
  collectgarbage()
  return told
end

function core.host_version()
  local known, version = pcall(function() return ARDOUR.revision end)
  return known and tostring(version) or ""
end

-- Clip jobs ----------------------------------------------------------------------------------------------------------

local MARK = "hitpoint"

-- "cello 3fa2b1c8 (hitpoint 3fa2b1c8-1)": found again by it, whatever becomes of the rest.
local function region_name(job, clip) return string.format("%s %s (%s %s)", clip.part, job.take, MARK, job.job) end

local function job_of(name) return name:match("%(" .. MARK .. " ([%w-]+)%)$") end

-- Ardour numbers the copies of a region: "cello … (hitpoint 3fa2b1c8-1).2".
local function plain(name) return (name:gsub("%.%d+$", "")) end

-- What we wrote, by region: beside the session's own file. Regions that are not in it count as a person's.
local function ledger_path() return Session:path() .. "/hitpoint-clips.json" end

local function read_ledger()
  local text = read_whole(ledger_path())
  local read, ledger = pcall(json.decode, text or "{}")
  return read and type(ledger) == "table" and ledger or {}
end

local function midi_track(name)
  local route = Session:route_by_name(name)
  local track = route and not route:isnil() and route:to_track()
  local midi = track and not track:isnil() and track:to_midi_track()
  return midi and not midi:isnil() and track or nil
end

local function make_track(name)
  local one = ARDOUR.ChanCount(ARDOUR.DataType("midi"), 1)
  Session:new_midi_track(
    one, one, true, ARDOUR.PluginInfo(), nil, nil, 1, name,
    ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true
  )
  return midi_track(name)
end

local function track_named(name) return midi_track(name) or make_track(name) end

-- Ardour's Lua can copy a region and cannot make one.
local function any_midi_region()
  for _, region in ARDOUR.RegionFactory.regions():iter() do
    local midi = region:to_midiregion()
    if midi and not midi:isnil() then return region end
  end
  return nil
end

-- The notes of a region, as in a clip.
local function notes_in(region)
  local notes = json.list()
  for note in ARDOUR.LuaAPI.note_list(region:to_midiregion():model()):iter() do
    local at, length = ticks_of(note:time()), ticks_of(note:length())
    notes[#notes + 1] = json.list({
      at / core.TICKS, length / core.TICKS, note:note(), note:velocity(), note:channel(),
    })
  end
  return notes
end

local function digest_of(notes)
  local lines = {}
  for index, note in ipairs(notes) do
    lines[index] = string.format(
      "%d %d %d %d %d", math.floor(note[1] * 960 + 0.5), math.floor(note[2] * 960 + 0.5), note[3], note[4], note[5]
    )
  end
  table.sort(lines)
  local sum = 5381
  for byte in table.concat(lines, "\n"):gmatch(".") do sum = (sum * 33 + byte:byte()) & 0xFFFFFFFF end
  return #notes .. "-" .. sum
end

local function beats(ticks)
  return Temporal.Beats.ticks(math.floor(ticks + 0.5))
end

-- Has exactly these notes in a region.
local function write_notes(region, notes)
  local model = region:to_midiregion():model()
  local change = model:new_note_diff_command("Hitpoint")
  for note in ARDOUR.LuaAPI.note_list(model):iter() do change:remove(note) end
  for _, note in ipairs(notes) do
    local quarter, quarters, pitch, velocity, channel = table.unpack(note)
    local length = math.max(1, math.floor(quarters * core.TICKS + 0.5))
    change:add(ARDOUR.LuaAPI.new_noteptr(channel, beats(quarter * core.TICKS), beats(length), pitch, velocity))
  end
  model:apply_diff_command_as_commit(Session, change)
end

local function regions_of(track)
  local found = {}
  for region in track:playlist():region_list():iter() do found[#found + 1] = region end
  return found
end

-- Our own regions of that part that the clip takes the place of, and those of them that a person has changed.
local function in_the_way(track, clip, ledger)
  local ours, edited = {}, json.list()
  for _, region in ipairs(regions_of(track)) do
    local name = plain(region:name())
    local known = ledger[name]
    if job_of(name) and known and known.part == clip.part and known.quarter < clip["end"] and clip.quarter < known["end"] then
      local notes = notes_in(region)
      if digest_of(notes) == known.digest then
        ours[#ours + 1] = region
      else
        edited[#edited + 1] = {
          take = known.take, track = clip.track, part = clip.part,
          quarter = known.quarter, ["end"] = known["end"], notes = notes,
        }
      end
    end
  end
  return ours, edited
end

local function change_playlist(playlist, change)
  playlist:to_stateful():clear_changes()
  change()
  Session:add_stateful_diff_command(playlist:to_statefuldestructible())
end

-- Ardour undoes by transactions, and writing notes is one of its own: within ours, 7.3 throws out both (the notes are
-- written, and it warns in its log), where others make them one. So notes are written within ours into regions that lie
-- nowhere yet, all of them first, and what is open is gone on with, or begun anew: either way one step comes of it.
local function write_notes_within(title, region, notes)
  if not Session:collected_undo_commands() then Session:begin_reversible_command(title) end
  write_notes(region, notes)
end

-- The clip as a region that lies nowhere yet, and where it is to go. Nothing in the session is changed by it, but that
-- there may be one more track.
local function prepared(job, clip, template, ledger)
  local track = track_named(clip.track)
  if not track then error("there is no MIDI track '" .. clip.track .. "', and none could be made", 0) end
  local ours, edited = in_the_way(track, clip, ledger)
  if #edited > 0 then
    -- What a person has made stays; the new one lies beside it.
    track = track_named(clip.track .. " (take " .. job.take .. ")")
    if not track then error("no track could be made for the new take of '" .. clip.track .. "'", 0) end
    ours = {}
  end
  local region = ARDOUR.RegionFactory.clone_region(template, true, false)
  write_notes_within(job.title, region, clip.notes)
  local length = math.floor((clip["end"] - clip.quarter) * core.TICKS + 0.5)
  region:set_length(Temporal.timecnt_t.from_ticks(length, region:position()))
  return { clip = clip, track = track, region = region, ours = ours, edited = edited }
end

local function put_in_place(job, made, ledger)
  local clip, region, playlist = made.clip, made.region, made.track:playlist()
  local name = region_name(job, clip)
  -- Before it is added: what lies in the playlist then is a copy of it. Not earlier: by its name the job counts as done.
  region:set_name(name)
  change_playlist(playlist, function()
    for _, old in ipairs(made.ours) do playlist:remove_region(old) end
    playlist:add_region(region, place(clip.quarter * core.TICKS), 1, false)
  end)
  ledger[name] = {
    take = job.take, part = clip.part, quarter = clip.quarter, ["end"] = clip["end"],
    digest = digest_of(notes_in(region)),
  }
end

local function write_clips(job, template, ledger)
  local all, edited = {}, json.list()
  for index, clip in ipairs(job.clips) do
    all[index] = prepared(job, clip, template, ledger)
    for _, one in ipairs(all[index].edited) do edited[#edited + 1] = one end
  end
  if not Session:collected_undo_commands() then Session:begin_reversible_command(job.title) end
  for _, made in ipairs(all) do put_in_place(job, made, ledger) end
  Session:commit_reversible_command(nil)
  return edited
end

-- A job that was done has left a region, or the clips had none.
local function was_done(job)
  for _, clip in ipairs(job.clips) do
    local wanted, found = region_name(job, clip), false
    for _, region in ARDOUR.RegionFactory.regions():iter() do
      if plain(region:name()) == wanted then found = true end
    end
    if not found then return false end
  end
  return #job.clips > 0
end

function core.do_job(job)
  if job.protocol ~= core.PROTOCOL then
    return "Hitpoint speaks protocol " .. tostring(job.protocol) .. ", its Ardour scripts " .. core.PROTOCOL
  end
  if was_done(job) then return "" end
  local template = any_midi_region()
  if not template then
    return "Ardour's scripts cannot make the first MIDI region of a session: draw or record one, anywhere, and keep the take again"
  end
  local ledger = read_ledger()
  local done, edited = pcall(write_clips, job, template, ledger)
  if not done then
    Session:abort_reversible_command()
    return tostring(edited)
  end
  write_whole(ledger_path(), json.encode(ledger))
  return "", edited
end

local function answer_to(name, text)
  local read, job = pcall(json.decode, text)
  local message, edited = "the job cannot be read: " .. tostring(job), json.list()
  if read then
    local lived, said, found = pcall(core.do_job, job)
    message, edited = lived and said or "the script failed: " .. tostring(said), lived and found or edited
  end
  return { protocol = core.PROTOCOL, kind = "answer", job = name, error = message, edited = edited }
end

-- Ardour's Lua cannot list a folder: Hitpoint keeps the names of what waits in a file.
function core.do_jobs()
  local waiting = read_whole(core.folder() .. "/waiting")
  for name in (waiting or ""):gmatch("[%w-]+") do
    local answer = core.folder() .. "/answers/" .. name .. ".json"
    local text = not read_whole(answer) and read_whole(core.folder() .. "/jobs/" .. name .. ".json")
    if text then
      write_whole(answer, json.encode(answer_to(name, text)))
      -- One a look: Ardour's window waits meanwhile.
      return
    end
  end
end

-- Asking -------------------------------------------------------------------------------------------------------------

local asked = 0

function core.ask(address, arguments)
  core.make_folders()
  asked = asked + 1
  local name = string.format("%d-%d-%d", os.time(), math.floor(os.clock() * 1e6), asked)
  local ask = { protocol = core.PROTOCOL, kind = "ask", ask = name, address = address }
  ask.arguments = json.encode(json.list(arguments))
  return write_whole(core.folder() .. "/asks/" .. name .. ".json", json.encode(ask))
end

-- First and last bar, from 1, of the range that is selected in the editor; none where no range is.
function core.selected_bars()
  local range = Editor:get_selection().time
  local from, to = range:start_sample(), range:end_sample()
  if from >= to then return {} end
  local map = Temporal.TempoMap.read()
  local first = map:bbt_at(Temporal.timepos_t(from)).bars
  -- A range that ends on a bar line does not reach into that bar.
  local last = map:bbt_at(place(ticks_at(map, Temporal.timepos_t(to)) - 1)).bars
  map = nil
  collectgarbage()
  return { first, math.max(first, last) }
end

-- The loop -----------------------------------------------------------------------------------------------------------

-- Share of its window's time that looking may take, which waits meanwhile.
core.BUSY_SHARE = 0.1

-- Called ten times a second. It looks at the whole session: Ardour tells of changes, but not of all of them. A session
-- that takes long to look at is looked at less often.
function core.watcher()
  local serial, told, rest_until = 0, nil, 0
  core.make_folders()
  return function()
    if not Session then return end
    local began = ARDOUR.LuaAPI.monotonic_time()
    if began < rest_until then return end
    core.do_jobs()
    local text = json.encode(core.snapshot())
    if text ~= told then
      serial = serial + 1
      if write_whole(core.folder() .. "/snapshot.json", string.format('{"serial":%d,', serial) .. text:sub(2)) then
        told = text
      end
    end
    local now = ARDOUR.LuaAPI.monotonic_time()
    rest_until = now + (now - began) / core.BUSY_SHARE
  end
end

return core
