-- @noindex
-- What Hitpoint's REAPER scripts share: the folder through which they talk with Hitpoint, asking, and the loop.
-- No musical logic here. The objects are those of bridge_scripts/PROTOCOL.md; the folder is <resource path>/Hitpoint.
-- Needs REAPER 6.12 or later; what is newer is used where it is there.

local core = {}

core.PROTOCOL = 1
core.VERSION = "0.2.0"
core.SECTION = "Hitpoint"

local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
local json = dofile(here .. "hitpoint_json.lua")
local snapshot = dofile(here .. "hitpoint_snapshot.lua")(json)
local clips = dofile(here .. "hitpoint_clips.lua")(json)
core.json, core.snapshot, core.clips = json, snapshot, clips

-- For the person, in REAPER's console.
function core.say(text) reaper.ShowConsoleMsg("Hitpoint: " .. text .. "\n") end

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

local function read_whole(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local content = file:read("a")
  file:close()
  return content
end

function core.make_folders()
  for _, name in ipairs({ "", "/jobs", "/answers", "/asks" }) do
    reaper.RecursiveCreateDirectory(core.folder() .. name, 0)
  end
end

-- ReaPack has no way to put a file where REAPER looks for patterns. One that is there may be the person's own by now.
function core.put_pattern()
  local folder = reaper.GetResourcePath()
  local pattern = read_whole(folder .. "/Data/Hitpoint.ReaperOSC")
  if not pattern or reaper.file_exists(folder .. "/OSC/Hitpoint.ReaperOSC") then return end
  reaper.RecursiveCreateDirectory(folder .. "/OSC", 0)
  core.write_whole(folder .. "/OSC/Hitpoint.ReaperOSC", pattern)
end

local function file_names(folder)
  local names = {}
  -- REAPER remembers what was in a folder, until it is asked for -1.
  reaper.EnumerateFiles(folder, -1)
  local index = 0
  while true do
    local name = reaper.EnumerateFiles(folder, index)
    if not name then break end
    if name:match("^[%w-]+%.json$") then names[#names + 1] = name end
    index = index + 1
  end
  table.sort(names)
  return names
end

-- Jobs ---------------------------------------------------------------------------------------------------------------

-- So long may jobs keep REAPER's own thread; the rest waits for the next look.
core.BUSY_SECONDS = 0.03

local function answer_to(name, text)
  local read, job = pcall(json.decode, text)
  local message, edited = "the job cannot be read: " .. tostring(job), json.list()
  if read then
    local lived, said, found = pcall(core.clips.do_job, job, core.PROTOCOL)
    message, edited = lived and said or "the script failed: " .. tostring(said), lived and found or edited
  end
  return { protocol = core.PROTOCOL, kind = "answer", job = name, error = message, edited = edited }
end

function core.do_jobs()
  local jobs, answers = core.folder() .. "/jobs/", core.folder() .. "/answers/"
  local began = reaper.time_precise()
  for _, name in ipairs(file_names(jobs)) do
    local text = not reaper.file_exists(answers .. name) and read_whole(jobs .. name)
    if text then
      core.write_whole(answers .. name, json.encode(answer_to(name:gsub("%.json$", ""), text)))
    end
    if reaper.time_precise() - began > core.BUSY_SECONDS then return end
  end
end

-- Telling ------------------------------------------------------------------------------------------------------------

local told, told_as = nil, nil

-- Writes the project down, where it is not what was told last. Answers whether Hitpoint can know it.
function core.tell()
  local path = core.folder() .. "/snapshot.json"
  local text = json.encode(snapshot.take(core.PROTOCOL, core.VERSION))
  -- Several scripts tell, each in a Lua of its own: REAPER keeps the number for all of them.
  local last = tonumber(reaper.GetExtState(core.SECTION, "serial")) or 0
  if text == told and last == told_as and reaper.file_exists(path) then return true end
  local serial = math.floor(last) + 1
  if not core.write_whole(path, string.format('{"serial":%d,', serial) .. text:sub(2)) then return false end
  reaper.SetExtState(core.SECTION, "serial", string.format("%d", serial), false)
  told, told_as = text, serial
  return true
end

-- Asking -------------------------------------------------------------------------------------------------------------

local asked = 0

function core.ask(address, arguments)
  core.make_folders()
  asked = asked + 1
  local name = string.format("%d-%d-%d", os.time(), math.floor(reaper.time_precise() * 1000), asked)
  local ask = { protocol = core.PROTOCOL, kind = "ask", ask = name, address = address }
  ask.arguments = json.encode(json.list(arguments))
  if core.write_whole(core.folder() .. "/asks/" .. name .. ".json", json.encode(ask)) then return true end
  core.say(core.folder() .. " cannot be written. Check who may write there.")
  return false
end

-- For actions: the project first, so that Hitpoint knows what is spoken of. Leaves no undo step: nothing is changed.
function core.ask_about_project(address, arguments)
  reaper.defer(function() end)
  core.make_folders()
  core.tell()
  if reaper.GetExtState(core.SECTION, "bridge") == "" then
    core.say('asked, but what comes of it cannot be written here until the action "Hitpoint: bridge" runs.')
  end
  return core.ask(address, arguments)
end

-- Places -------------------------------------------------------------------------------------------------------------

-- Nobody aims closer than this: an edge that is meant to be on a bar line is.
local NEARLY = 0.001

-- Bars from 1, first and last, of a span of seconds.
function core.bars(from, to)
  local project = reaper.EnumProjects(-1)
  local function bar(time)
    local _, measure = reaper.TimeMap2_timeToBeats(project, math.max(0, time))
    return math.floor(measure) + 1
  end
  local first = bar(from + NEARLY)
  return first, math.max(first, bar(to - NEARLY))
end

-- Seconds, or nil when nothing is selected.
function core.time_selection()
  local project = reaper.EnumProjects(-1)
  local from, to = reaper.GetSet_LoopTimeRange2(project, false, false, 0, 0, false)
  if to > from then return from, to end
end

function core.region_at_cursor()
  local project = reaper.EnumProjects(-1)
  local _, index = reaper.GetLastMarkerAndCurRegion(project, reaper.GetCursorPosition())
  if index < 0 then return nil end
  local _, is_region, from, to = reaper.EnumProjectMarkers3(project, index)
  if is_region then return from, to end
end

-- The loop -----------------------------------------------------------------------------------------------------------

-- Ten times a second is soon enough for hands; a project so large that looking takes long is looked at less often, but
-- always within half a second.
core.LOOK_SECONDS, core.LONGEST_LOOK_SECONDS = 0.1, 0.3
-- Not everything counts as a change, so it is looked at anyway. A hundredth of the time may go into that.
core.ANYWAY_SECONDS, core.LONGEST_ANYWAY_SECONDS = 0.3, 2.0

local function between(low, value, high) return math.max(low, math.min(value, high)) end

-- Looks whenever it is called and it is time to: for jobs, and at the project.
function core.watcher()
  local looked, looked_whole, cost, count, of = -math.huge, -math.huge, 0, nil, nil
  core.make_folders()
  return function()
    local now = reaper.time_precise()
    if now - looked < between(core.LOOK_SECONDS, 5 * cost, core.LONGEST_LOOK_SECONDS) then return end
    looked = now
    core.do_jobs()
    local project = reaper.EnumProjects(-1)
    local changes = reaper.GetProjectStateChangeCount(project)
    local patience = between(core.ANYWAY_SECONDS, 100 * cost, core.LONGEST_ANYWAY_SECONDS)
    if changes == count and project == of and now - looked_whole < patience then return end
    local begins = reaper.time_precise()
    if core.tell() then count, of, looked_whole = changes, project, now end
    cost = reaper.time_precise() - begins
  end
end

return core
