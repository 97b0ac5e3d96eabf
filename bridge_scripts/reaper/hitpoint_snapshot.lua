-- @noindex
-- The whole project as PROTOCOL.md's snapshot. It only looks: nothing in the project is changed.

return function(json)
  local snapshot = {}

  local RATES = { [24] = "24", [25] = "25", [30] = "30" }
  local NEAR_RATE = 0.002
  -- A ten-thousandth of Hitpoint's tick: two tempi at a place that no music lies between.
  local JUST_BEFORE = 1e-7
  local SAME_BPM = 1e-6

  local function frame_rate(project)
    if not reaper.APIExists("TimeMap_curFrameRate") then return json.null end
    local rate, drops = reaper.TimeMap_curFrameRate(project)
    if math.abs(rate - 24000 / 1001) < NEAR_RATE then return "23.976" end
    if math.abs(rate - 30000 / 1001) < NEAR_RATE then return drops and "29.97df" or "29.97" end
    local whole = math.floor(rate + 0.5)
    return math.abs(rate - whole) < NEAR_RATE and RATES[whole] or json.null
  end

  -- To what is said: a tempo of 120 is not told as 119.99999999999999.
  local function rounded(bpm) return math.floor(bpm * 1e9 + 0.5) / 1e9 end

  -- REAPER counts a tempo in beats of the metre; how fast quarter notes really pass is asked of its own map instead.
  local function bpm_between(project, time, until_time)
    local quarters = reaper.TimeMap2_timeToQN(project, until_time) - reaper.TimeMap2_timeToQN(project, time)
    return 60 * quarters / (until_time - time)
  end

  -- A gradual tempo changes evenly in time: two spans tell where it begins, and so where it ends.
  local function bpm_of_ramp(project, from, to)
    local span = math.min(0.25, (to - from) / 4)
    local first = bpm_between(project, from, from + span)
    local second = bpm_between(project, from + span, from + 2 * span)
    local begins = 1.5 * first - 0.5 * second
    return begins, 2 * bpm_between(project, from, to) - begins
  end

  local function tempo_markers(project)
    local points = {}
    for index = 0, reaper.CountTempoTimeSigMarkers(project) - 1 do
      local found, time, _, _, _, numerator, _, linear = reaper.GetTempoTimeSigMarker(project, index)
      if found then points[#points + 1] = { time = time, linear = linear, sets_meter = numerator > 0 } end
    end
    if not points[1] or points[1].time > 0 then
      table.insert(points, 1, { time = 0, linear = false, sets_meter = true })
    end
    points[1].sets_meter = true
    return points
  end

  local function add_tempo(tempo, project, point, after)
    if after and after.time <= point.time then return nil end
    local quarter = reaper.TimeMap2_timeToQN(project, point.time)
    if not (point.linear and after) then
      local bpm = bpm_between(project, point.time, after and after.time or point.time + 60)
      tempo[#tempo + 1] = { quarter = quarter, bpm = rounded(bpm), ramp = "step" }
      return bpm
    end
    local begins, ends = bpm_of_ramp(project, point.time, after.time)
    tempo[#tempo + 1] = { quarter = quarter, bpm = rounded(begins), ramp = "time" }
    return begins, ends, reaper.TimeMap2_timeToQN(project, after.time)
  end

  local function tempo_and_meter(project)
    local tempo, meter = json.list(), json.list()
    local points = tempo_markers(project)
    local ramp_ends, ramp_until
    for index, point in ipairs(points) do
      local place = #tempo + 1
      local begins, ends, ends_at = add_tempo(tempo, project, point, points[index + 1])
      -- A ramp goes to the next point's tempo. Where another tempo begins there, it is told what it really reaches.
      if begins and ramp_ends and math.abs(ramp_ends - begins) > SAME_BPM * begins then
        table.insert(tempo, place, { quarter = ramp_until - JUST_BEFORE, bpm = rounded(ramp_ends), ramp = "step" })
      end
      if begins then ramp_ends, ramp_until = ends, ends_at end
      if point.sets_meter then
        local quarter = reaper.TimeMap2_timeToQN(project, point.time)
        local numerator, denominator = reaper.TimeMap_GetTimeSigAtTime(project, point.time + 1e-6)
        meter[#meter + 1] = { quarter = quarter, numerator = numerator, denominator = denominator }
      end
    end
    return tempo, meter
  end

  -- Written at once: there may be thousands of them, ten times a second.
  local function place(found, project, is_region, from, to, name, id)
    local quarter = json.number(reaper.TimeMap2_timeToQN(project, from))
    if is_region then
      local ends = json.number(reaper.TimeMap2_timeToQN(project, to))
      local text = '{"end":' .. ends .. ',"id":' .. json.encode(id) .. ',"name":' .. json.encode(name)
      found.regions[#found.regions + 1] = text .. ',"quarter":' .. quarter .. "}"
    else
      local text = '{"id":' .. json.encode(id) .. ',"name":' .. json.encode(name) .. ',"quarter":' .. quarter .. "}"
      found.markers[#found.markers + 1] = text
    end
  end

  local function nothing() return { markers = json.written_list(), regions = json.written_list() } end

  -- REAPER 7: each has a name of its own that no edit changes.
  local function by_handle(project)
    local found = nothing()
    for index = 0, reaper.GetNumRegionsOrMarkers(project) - 1 do
      local one = reaper.GetRegionOrMarker(project, index, "")
      local function value(key) return reaper.GetRegionOrMarkerInfo_Value(project, one, key) end
      local _, name = reaper.GetSetRegionOrMarkerInfo_String(project, one, "P_NAME", "", false)
      local _, id = reaper.GetSetRegionOrMarkerInfo_String(project, one, "GUID", "", false)
      local is_region = value("B_ISREGION") ~= 0
      place(found, project, is_region, value("D_STARTPOS"), is_region and value("D_ENDPOS") or 0, name, id)
    end
    return found
  end

  -- Before that: the number that people see.
  local function by_number(project)
    local found = nothing()
    local index = 0
    while true do
      local more, is_region, from, to, name, number = reaper.EnumProjectMarkers3(project, index)
      if more == 0 then return found end
      place(found, project, is_region, from, to, name, string.format("%s%d", is_region and "r" or "m", number))
      index = index + 1
    end
  end

  local function markers_and_regions(project)
    if reaper.APIExists("GetRegionOrMarker") then
      local known, found = pcall(by_handle, project)
      if known then return found end
    end
    return by_number(project)
  end

  local function loop(project)
    if reaper.GetSetRepeat(-1) ~= 1 then return json.null end
    local from, to = reaper.GetSet_LoopTimeRange2(project, false, true, 0, 0, false)
    if to <= from then return json.null end
    return { quarter = reaper.TimeMap2_timeToQN(project, from), ["end"] = reaper.TimeMap2_timeToQN(project, to) }
  end

  local function project_name(path)
    local name = path:match("[^/\\]+$") or ""
    return (name:gsub("%.[rR][pP][pP]$", ""))
  end

  -- All but its serial.
  function snapshot.take(protocol, version)
    local project, path = reaper.EnumProjects(-1)
    local tempo, meter = tempo_and_meter(project)
    local found = markers_and_regions(project)
    return {
      protocol = protocol,
      kind = "snapshot",
      host = "reaper",
      host_version = reaper.GetAppVersion(),
      bridge_version = version,
      project = project_name(path or ""),
      frame_rate = frame_rate(project),
      tempo = tempo,
      meter = meter,
      markers = found.markers,
      regions = found.regions,
      loop = loop(project),
    }
  end

  return snapshot
end
