-- What Hitpoint's REAPER scripts share: the project as a snapshot, clip jobs, and asking for things.
-- No musical logic here. The objects are those of bridge_scripts/PROTOCOL.md; the folder is <resource path>/Hitpoint.
-- Needs REAPER 6.12 or later; what is newer is used where it is there.

local core = {}

core.PROTOCOL = 1
core.VERSION = "0.2.0"
core.SECTION = "Hitpoint"
core.TAG = "P_EXT:hitpoint"
core.JOBS_KEPT = 500

-- JSON ---------------------------------------------------------------------------------------------------------------

-- Marks a table as a list, as Lua cannot tell an empty list from an empty object.
local LIST = {}
function core.list(items) return setmetatable(items or {}, LIST) end
core.null = setmetatable({}, { __tostring = function() return "null" end })

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', function(c) return ESCAPES[c] or string.format("\\u%04x", c:byte()) end) .. '"'
end

function core.encode(value)
  local kind = type(value)
  if value == core.null or kind == "nil" then return "null" end
  if kind == "boolean" then return tostring(value) end
  if kind == "string" then return quoted(value) end
  if kind == "number" then
    if value ~= value or value == math.huge or value == -math.huge then return "null" end
    if math.type(value) == "integer" then return string.format("%d", value) end
    -- The system's language may have a comma in its numbers.
    return (string.format("%.15g", value):gsub(",", "."))
  end
  local parts = {}
  if getmetatable(value) == LIST then
    for _, item in ipairs(value) do parts[#parts + 1] = core.encode(item) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  for key, item in pairs(value) do parts[#parts + 1] = quoted(key) .. ":" .. core.encode(item) end
  table.sort(parts)
  return "{" .. table.concat(parts, ",") .. "}"
end

local UNESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local function fail(at, what) error("no JSON at byte " .. at .. ": " .. what, 0) end

local decode_value

local function decode_text(text, at)
  local parts, start = {}, at + 1
  while true do
    local stop = text:find('["\\]', start)
    if not stop then fail(at, "text without end") end
    parts[#parts + 1] = text:sub(start, stop - 1)
    if text:sub(stop, stop) == '"' then return table.concat(parts), stop + 1 end
    local escape = text:sub(stop + 1, stop + 1)
    if escape == "u" then
      local code = tonumber(text:match("^%x%x%x%x", stop + 2), 16)
      if not code then fail(stop, "escape") end
      start = stop + 6
      if code >= 0xD800 and code < 0xDC00 then
        local low = tonumber(text:match("^\\u(%x%x%x%x)", start), 16)
        if not low then fail(stop, "half a character") end
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        start = start + 6
      end
      parts[#parts + 1] = utf8.char(code)
    elseif UNESCAPES[escape] then
      parts[#parts + 1] = UNESCAPES[escape]
      start = stop + 2
    else
      fail(stop, "escape")
    end
  end
end

local function skip(text, at) return text:find("[^ \t\r\n]", at) or #text + 1 end

local function decode_items(text, at, close, one)
  at = skip(text, at + 1)
  if text:sub(at, at) == close then return at + 1 end
  while true do
    at = skip(text, one(at))
    local mark = text:sub(at, at)
    if mark == close then return at + 1 end
    if mark ~= "," then fail(at, "neither , nor " .. close) end
    at = skip(text, at + 1)
  end
end

function decode_value(text, at)
  at = skip(text, at)
  local first = text:sub(at, at)
  if first == '"' then return decode_text(text, at) end
  if first == "[" then
    local items = core.list()
    local after = decode_items(text, at, "]", function(place)
      local item, stop = decode_value(text, place)
      items[#items + 1] = item
      return stop
    end)
    return items, after
  end
  if first == "{" then
    local object = {}
    local after = decode_items(text, at, "}", function(place)
      if text:sub(place, place) ~= '"' then fail(place, "no key") end
      local key, stop = decode_text(text, place)
      stop = skip(text, stop)
      if text:sub(stop, stop) ~= ":" then fail(stop, "no :") end
      object[key], stop = decode_value(text, stop + 1)
      return stop
    end)
    return object, after
  end
  for word, value in pairs({ ["true"] = true, ["false"] = false, null = core.null }) do
    if text:sub(at, at + #word - 1) == word then return value, at + #word end
  end
  local number = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
  local value = number and tonumber(number)
  if not value then fail(at, "no value") end
  return value, at + #number
end

function core.decode(text)
  local value, after = decode_value(text, 1)
  if skip(text, after) <= #text then fail(after, "more than one value") end
  return value
end

-- Files --------------------------------------------------------------------------------------------------------------

function core.folder() return reaper.GetResourcePath() .. "/Hitpoint" end

function core.write_whole(path, content)
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

function core.read_whole(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local content = file:read("a")
  file:close()
  return content
end

function core.make_folders()
  for _, name in ipairs({ "", "/jobs", "/answers", "/asks" }) do reaper.RecursiveCreateDirectory(core.folder() .. name, 0) end
end

-- The project --------------------------------------------------------------------------------------------------------

local RATES = { [24] = "24", [25] = "25", [30] = "30" }

local function frame_rate(project)
  if not reaper.APIExists("TimeMap_curFrameRate") then return core.null end
  local rate, drops = reaper.TimeMap_curFrameRate(project)
  if math.abs(rate - 24000 / 1001) < 0.002 then return "23.976" end
  if math.abs(rate - 30000 / 1001) < 0.002 then return drops and "29.97df" or "29.97" end
  return RATES[math.floor(rate + 0.5)] or core.null
end

-- REAPER counts a tempo in beats of the metre; how fast quarter notes really pass is asked of its own map instead.
local function bpm_from(project, time, until_time)
  local here = reaper.TimeMap2_timeToQN(project, time)
  return 60 * (reaper.TimeMap2_timeToQN(project, until_time) - here) / (until_time - time)
end

local function bpm_at(project, time, next_time)
  -- A gradual tempo changes evenly in time: two spans tell where it begins.
  local span = math.min(0.25, (next_time - time) / 4)
  return 1.5 * bpm_from(project, time, time + span) - 0.5 * bpm_from(project, time + span, time + 2 * span)
end

local function tempo_and_meter(project)
  local tempo, meter = core.list(), core.list()
  local points = {}
  for index = 0, reaper.CountTempoTimeSigMarkers(project) - 1 do
    local found, time, _, _, _, numerator, _, linear = reaper.GetTempoTimeSigMarker(project, index)
    if found then points[#points + 1] = { time = time, linear = linear, sets_meter = numerator > 0 } end
  end
  if not points[1] or points[1].time > 0 then
    table.insert(points, 1, { time = 0, linear = false, sets_meter = true })
  end
  points[1].sets_meter = true
  for index, point in ipairs(points) do
    local after = points[index + 1]
    local quarter = reaper.TimeMap2_timeToQN(project, point.time)
    local ramp, bpm = "step", nil
    if after and after.time <= point.time then goto next end
    if point.linear and after then
      ramp, bpm = "time", bpm_at(project, point.time, after.time)
    else
      bpm = bpm_from(project, point.time, after and after.time or point.time + 60)
    end
    tempo[#tempo + 1] = { quarter = quarter, bpm = bpm, ramp = ramp }
    ::next::
    if point.sets_meter then
      local numerator, denominator = reaper.TimeMap_GetTimeSigAtTime(project, point.time + 1e-6)
      meter[#meter + 1] = { quarter = quarter, numerator = numerator, denominator = denominator }
    end
  end
  return tempo, meter
end

local function place(markers, regions, project, is_region, from, to, name, id)
  local quarter = reaper.TimeMap2_timeToQN(project, from)
  if is_region then
    regions[#regions + 1] = { id = id, quarter = quarter, ["end"] = reaper.TimeMap2_timeToQN(project, to), name = name }
  else
    markers[#markers + 1] = { id = id, quarter = quarter, name = name }
  end
end

local function markers_and_regions(project)
  local markers, regions = core.list(), core.list()
  if reaper.APIExists("GetRegionOrMarker") then
    for index = 0, reaper.GetNumRegionsOrMarkers(project) - 1 do
      local one = reaper.GetRegionOrMarker(project, index, "")
      local function value(key) return reaper.GetRegionOrMarkerInfo_Value(project, one, key) end
      local _, name = reaper.GetSetRegionOrMarkerInfo_String(project, one, "P_NAME", "", false)
      local _, id = reaper.GetSetRegionOrMarkerInfo_String(project, one, "GUID", "", false)
      place(markers, regions, project, value("B_ISREGION") ~= 0, value("D_STARTPOS"), value("D_ENDPOS"), name, id)
    end
    return markers, regions
  end
  local index = 0
  while true do
    local more, is_region, from, to, name, number = reaper.EnumProjectMarkers3(project, index)
    if more == 0 then break end
    place(markers, regions, project, is_region, from, to, name, (is_region and "r" or "m") .. number)
    index = index + 1
  end
  return markers, regions
end

local function loop(project)
  if reaper.GetSetRepeat(-1) ~= 1 then return core.null end
  local from, to = reaper.GetSet_LoopTimeRange2(project, false, true, 0, 0, false)
  if to <= from then return core.null end
  return { quarter = reaper.TimeMap2_timeToQN(project, from), ["end"] = reaper.TimeMap2_timeToQN(project, to) }
end

local function project_name(path)
  local name = path:match("[^/\\]+$") or ""
  return (name:gsub("%.[rR][pP][pP]$", ""))
end

function core.snapshot(serial)
  local project, path = reaper.EnumProjects(-1)
  local tempo, meter = tempo_and_meter(project)
  local markers, regions = markers_and_regions(project)
  return {
    protocol = core.PROTOCOL,
    kind = "snapshot",
    host = "reaper",
    host_version = reaper.GetAppVersion(),
    bridge_version = core.VERSION,
    serial = serial,
    project = project_name(path or ""),
    frame_rate = frame_rate(project),
    tempo = tempo,
    meter = meter,
    markers = markers,
    regions = regions,
    loop = loop(project),
  }
end

-- Clip jobs ----------------------------------------------------------------------------------------------------------

local function track_named(project, name)
  for index = 0, reaper.CountTracks(project) - 1 do
    local track = reaper.GetTrack(project, index)
    local _, called = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)
    if called == name then return track end
  end
  local index = reaper.CountTracks(project)
  reaper.InsertTrackAtIndex(index, true)
  local track = reaper.GetTrack(project, index)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", name, true)
  return track
end

-- As in a clip; from the item's own ticks, so that the same item always gives the same.
local function notes_in(take, start)
  local notes = core.list()
  local _, count = reaper.MIDI_CountEvts(take)
  for index = 0, count - 1 do
    local found, _, muted, from, to, channel, pitch, velocity = reaper.MIDI_GetNote(take, index)
    if found and not muted then
      local quarter = reaper.MIDI_GetProjQNFromPPQPos(take, from)
      local length = reaper.MIDI_GetProjQNFromPPQPos(take, to) - quarter
      notes[#notes + 1] = core.list({ quarter - start, length, pitch, velocity, channel })
    end
  end
  return notes
end

local function digest_of(notes)
  local lines = {}
  for index, note in ipairs(notes) do
    lines[index] = string.format("%d %d %d %d %d", math.floor(note[1] * 960 + 0.5), math.floor(note[2] * 960 + 0.5), note[3], note[4], note[5])
  end
  table.sort(lines)
  local sum = 5381
  for byte in table.concat(lines, "\n"):gmatch(".") do sum = (sum * 33 + byte:byte()) & 0xFFFFFFFF end
  return #notes .. "-" .. sum
end

local function tag_of(item)
  local found, text = reaper.GetSetMediaItemInfo_String(item, core.TAG, "", false)
  if not found or text == "" then return nil end
  local read, tag = pcall(core.decode, text)
  return read and type(tag) == "table" and tag or nil
end

local function in_the_way(tag, clip) return tag.part == clip.part and tag.quarter < clip["end"] and clip.quarter < tag["end"] end

-- Takes our own clips away that the new one replaces. Answers what of it a person has changed: that stays.
local function make_room(track, clip)
  local edited, gone = core.list(), {}
  for index = 0, reaper.CountTrackMediaItems(track) - 1 do
    local item = reaper.GetTrackMediaItem(track, index)
    local tag = tag_of(item)
    if tag and in_the_way(tag, clip) then
      local take = reaper.GetActiveTake(item)
      local notes = take and notes_in(take, tag.quarter) or core.list()
      if digest_of(notes) == tag.digest then
        gone[#gone + 1] = item
      else
        edited[#edited + 1] = { take = tag.take, track = clip.track, part = tag.part, quarter = tag.quarter, ["end"] = tag["end"], notes = notes }
      end
    end
  end
  if #edited == 0 then
    for _, item in ipairs(gone) do reaper.DeleteTrackMediaItem(track, item) end
  end
  return edited
end

local function write_clip(project, job, clip)
  local track = track_named(project, clip.track)
  local edited = make_room(track, clip)
  if #edited > 0 then return edited end
  local item = reaper.CreateNewMIDIItemInProj(track, clip.quarter, clip["end"], true)
  local take = reaper.GetActiveTake(item)
  local function ppq(quarter) return reaper.MIDI_GetPPQPosFromProjQN(take, clip.quarter + quarter) end
  for _, note in ipairs(clip.notes) do
    local quarter, length, pitch, velocity, channel = table.unpack(note)
    reaper.MIDI_InsertNote(take, false, false, ppq(quarter), ppq(quarter + length), channel, pitch, velocity, true)
  end
  for _, move in ipairs(clip.controllers) do
    local quarter, controller, value, channel = table.unpack(move)
    reaper.MIDI_InsertCC(take, false, false, ppq(quarter), 0xB0, channel, controller, value)
  end
  reaper.MIDI_Sort(take)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", clip.name, true)
  local tag = { take = job.take, part = clip.part, quarter = clip.quarter, ["end"] = clip["end"] }
  -- Of what REAPER made of it, not of what was asked: its ticks are not ours.
  tag.digest = digest_of(notes_in(take, clip.quarter))
  reaper.GetSetMediaItemInfo_String(item, core.TAG, core.encode(tag), true)
  return edited
end

-- The project remembers what was done in it: saved with the notes, and lost with them.
local function jobs_done(project)
  local _, text = reaper.GetProjExtState(project, core.SECTION, "jobs")
  local names = {}
  for name in (text or ""):gmatch("%S+") do names[#names + 1] = name end
  return names
end

local function has(names, wanted)
  for _, name in ipairs(names) do
    if name == wanted then return true end
  end
  return false
end

local function remember(project, names, name)
  names[#names + 1] = name
  reaper.SetProjExtState(project, core.SECTION, "jobs", table.concat(names, " ", math.max(1, #names - core.JOBS_KEPT + 1)))
end

function core.answer(job, message, edited)
  return { protocol = core.PROTOCOL, kind = "answer", job = job, error = message, edited = edited or core.list() }
end

function core.do_job(job)
  local project = reaper.EnumProjects(-1)
  local names = jobs_done(project)
  if has(names, job.job) then return core.answer(job.job, "") end
  if job.protocol ~= core.PROTOCOL then
    return core.answer(job.job, "Hitpoint speaks protocol " .. tostring(job.protocol) .. ", its REAPER scripts " .. core.PROTOCOL)
  end
  local edited = core.list()
  reaper.PreventUIRefresh(1)
  reaper.Undo_BeginBlock2(project)
  local done, message = pcall(function()
    for _, clip in ipairs(job.clips) do
      for _, one in ipairs(write_clip(project, job, clip)) do edited[#edited + 1] = one end
    end
  end)
  reaper.Undo_EndBlock2(project, job.title, -1)
  reaper.PreventUIRefresh(-1)
  if not done then
    -- All of it or nothing.
    reaper.Undo_DoUndo2(project)
    return core.answer(job.job, tostring(message))
  end
  remember(project, names, job.job)
  reaper.UpdateArrange()
  return core.answer(job.job, "", edited)
end

local function file_names(folder)
  local names = {}
  -- REAPER remembers what was in a folder, until it is asked for -1.
  reaper.EnumerateFiles(folder, -1)
  local index = 0
  while true do
    local name = reaper.EnumerateFiles(folder, index)
    if not name then break end
    if name:match("%.json$") then names[#names + 1] = name end
    index = index + 1
  end
  table.sort(names)
  return names
end

function core.do_jobs()
  local jobs, answers = core.folder() .. "/jobs", core.folder() .. "/answers"
  for _, name in ipairs(file_names(jobs)) do
    local path = answers .. "/" .. name
    local text = not reaper.file_exists(path) and core.read_whole(jobs .. "/" .. name)
    if text then
      local read, job = pcall(core.decode, text)
      local stem = name:gsub("%.json$", "")
      local answer = read and core.do_job(job) or core.answer(stem, "the job cannot be read: " .. tostring(job))
      core.write_whole(path, core.encode(answer))
    end
  end
end

-- Asking -------------------------------------------------------------------------------------------------------------

local asked = 0

function core.ask(address, arguments)
  core.make_folders()
  asked = asked + 1
  local name = string.format("%d-%d-%d", os.time(), math.floor(reaper.time_precise() * 1000), asked)
  local ask = { protocol = core.PROTOCOL, kind = "ask", ask = name, address = address }
  ask.arguments = core.encode(core.list(arguments))
  return core.write_whole(core.folder() .. "/asks/" .. name .. ".json", core.encode(ask))
end

-- The loop -----------------------------------------------------------------------------------------------------------

core.LOOK_SECONDS = 0.1
core.ANYWAY_SECONDS = 2.0

-- Looks whenever it is called and it is time to: at the project where REAPER says that it has changed, and anyway now
-- and then, as not everything counts as a change.
function core.watcher()
  local serial, told, looked, looked_anyway, count, of = 0, nil, -math.huge, -math.huge, nil, nil
  core.make_folders()
  return function()
    local now = reaper.time_precise()
    if now - looked < core.LOOK_SECONDS then return end
    looked = now
    core.do_jobs()
    local project = reaper.EnumProjects(-1)
    local changes = reaper.GetProjectStateChangeCount(project)
    if changes == count and project == of and now - looked_anyway < core.ANYWAY_SECONDS then return end
    count, of, looked_anyway = changes, project, now
    local snapshot = core.snapshot(0)
    local text = core.encode(snapshot)
    if text ~= told then
      serial = serial + 1
      snapshot.serial = serial
      if core.write_whole(core.folder() .. "/snapshot.json", core.encode(snapshot)) then told = text end
    end
  end
end

return core
