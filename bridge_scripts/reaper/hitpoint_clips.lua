-- @noindex
-- Writes clips into the project: a job in one undo step, all of it or nothing, and once. What a person has changed is
-- never overwritten.

return function(json)
  local clips = {}

  clips.TAG = "P_EXT:hitpoint"
  clips.SECTION = "Hitpoint"
  -- Names of jobs that a project remembers; one that is older than so many is not sent again.
  clips.JOBS_KEPT = 1000
  clips.COLOUR = { 94, 129, 172 }
  -- As the digest counts, and as REAPER does unless told otherwise.
  local TICKS = 960
  local TICK = 1 / TICKS
  local TAKEN_BACK = "Hitpoint: not written"

  local function round(value) return math.floor(value + 0.5) end

  -- Tracks -----------------------------------------------------------------------------------------------------------

  local function find_track(project, name)
    for index = 0, reaper.CountTracks(project) - 1 do
      local track = reaper.GetTrack(project, index)
      local _, called = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)
      if called == name then return track, index end
    end
    return nil, reaper.CountTracks(project) - 1
  end

  local function make_track(project, name, index)
    reaper.InsertTrackAtIndex(index, true)
    local track = reaper.GetTrack(project, index)
    reaper.GetSetMediaTrackInfo_String(track, "P_NAME", name, true)
    return track
  end

  -- What is in an item -----------------------------------------------------------------------------------------------

  local function span_of(project, item)
    local from = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
    local to = from + reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
    return reaper.TimeMap2_timeToQN(project, from), reaper.TimeMap2_timeToQN(project, to)
  end

  -- As in a clip that starts at `start`. Muted notes are not there for anybody who listens.
  local function notes_in(take, start)
    local notes = json.list()
    local _, count = reaper.MIDI_CountEvts(take)
    for index = 0, count - 1 do
      local found, _, muted, from, to, channel, pitch, velocity = reaper.MIDI_GetNote(take, index)
      if found and not muted then
        local quarter = reaper.MIDI_GetProjQNFromPPQPos(take, from)
        local length = reaper.MIDI_GetProjQNFromPPQPos(take, to) - quarter
        notes[#notes + 1] = json.list({ quarter - start, length, pitch, velocity, channel })
      end
    end
    return notes
  end

  local CONTROL_CHANGE = 0xB0

  local function controllers_in(take, start)
    local moves = json.list()
    local _, _, count = reaper.MIDI_CountEvts(take)
    for index = 0, count - 1 do
      local found, _, muted, ppq, message, channel, controller, value = reaper.MIDI_GetCC(take, index)
      if found and not muted and message == CONTROL_CHANGE then
        local quarter = reaper.MIDI_GetProjQNFromPPQPos(take, ppq) - start
        moves[#moves + 1] = json.list({ quarter, controller, value, channel })
      end
    end
    return moves
  end

  -- Says whether an item is as we left it: its place, its ends, and all that is in it.
  local function digest_of(project, item, take, start)
    local from, to = span_of(project, item)
    local lines = {}
    local function add(row, timed)
      local columns = {}
      for column, value in ipairs(row) do columns[column] = round(column <= timed and value * TICKS or value) end
      lines[#lines + 1] = table.concat(columns, " ")
    end
    for _, note in ipairs(notes_in(take, start)) do add(note, 2) end
    for _, move in ipairs(controllers_in(take, start)) do add(move, 1) end
    table.sort(lines)
    lines[#lines + 1] = round((from - start) * TICKS) .. " " .. round((to - start) * TICKS)
    local text = table.concat(lines, "\n")
    local sum = 5381
    for at = 1, #text do sum = (sum * 33 + text:byte(at)) & 0xFFFFFFFF end
    return #lines .. "-" .. sum
  end

  -- What we wrote on an item of ours; nil for any other.
  function clips.tag_of(item)
    local found, text = reaper.GetSetMediaItemInfo_String(item, clips.TAG, "", false)
    if not found or text == "" then return nil end
    local read, tag = pcall(json.decode, text)
    return read and type(tag) == "table" and type(tag.quarter) == "number" and tag or nil
  end

  -- Making and replacing ---------------------------------------------------------------------------------------------

  local function make_item(project, track, clip)
    local item = reaper.CreateNewMIDIItemInProj(track, clip.quarter, clip["end"], true)
    local take = reaper.GetActiveTake(item)
    local function ppq(quarter) return round(reaper.MIDI_GetPPQPosFromProjQN(take, clip.quarter + quarter)) end
    for _, note in ipairs(clip.notes) do
      local quarter, length, pitch, velocity, channel = table.unpack(note)
      local from, to = ppq(quarter), ppq(quarter + length)
      to = math.max(to, from + 1)
      reaper.MIDI_InsertNote(take, false, false, from, to, round(channel), round(pitch), round(velocity), true)
    end
    for _, move in ipairs(clip.controllers) do
      local quarter, controller, value, channel = table.unpack(move)
      reaper.MIDI_InsertCC(
        take, false, false, ppq(quarter), CONTROL_CHANGE, round(channel), round(controller), round(value)
      )
    end
    reaper.MIDI_Sort(take)
    reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", clip.name, true)
    reaper.SetMediaItemInfo_Value(item, "B_LOOPSRC", 0)
    reaper.SetMediaItemInfo_Value(item, "I_CUSTOMCOLOR", reaper.ColorToNative(table.unpack(clips.COLOUR)) | 0x1000000)
    local tag = { take = clip.take, part = clip.part, quarter = clip.quarter, ["end"] = clip["end"] }
    -- Of what REAPER made of it, not of what was asked: its ticks are not ours.
    tag.digest = digest_of(project, item, take, clip.quarter)
    reaper.GetSetMediaItemInfo_String(item, clips.TAG, json.encode(tag), true)
  end

  -- What a new clip leaves of an old one: the music before it or after it.
  local function remains_of(old, from, to)
    local rest = { name = old.name, take = old.take, part = old.part, quarter = from, ["end"] = to }
    rest.notes, rest.controllers = json.list(), json.list()
    for _, note in ipairs(old.notes) do
      local onset = old.quarter + note[1]
      if onset > from - TICK / 2 and onset < to - TICK / 2 then
        local length = math.min(note[2], to - onset)
        rest.notes[#rest.notes + 1] = json.list({ onset - from, length, note[3], note[4], note[5] })
      end
    end
    for _, move in ipairs(old.controllers) do
      local at = old.quarter + move[1]
      if at > from - TICK / 2 and at < to - TICK / 2 then
        rest.controllers[#rest.controllers + 1] = json.list({ at - from, move[2], move[3], move[4] })
      end
    end
    return rest
  end

  local function as_clip(item, take, tag, from, to)
    local _, name = reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", "", false)
    local old = { item = item, name = name, take = tag.take, part = tag.part, quarter = from, ["end"] = to }
    old.notes, old.controllers = notes_in(take, from), controllers_in(take, from)
    return old
  end

  -- Our own clips of that part that lie where the new one is to be: those as we left them, and those a person changed.
  local function in_the_way(project, track, clip)
    local untouched, edited = {}, {}
    local after = reaper.TimeMap2_QNToTime(project, clip.quarter + TICK)
    local before = reaper.TimeMap2_QNToTime(project, clip["end"] - TICK)
    for index = 0, reaper.CountTrackMediaItems(track) - 1 do
      local item = reaper.GetTrackMediaItem(track, index)
      local begins = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
      local meets = begins < before and begins + reaper.GetMediaItemInfo_Value(item, "D_LENGTH") > after
      local tag = meets and clips.tag_of(item)
      if tag and tag.part == clip.part then
        local from, to = span_of(project, item)
        local take = reaper.GetActiveTake(item)
        if not take or not reaper.TakeIsMIDI(take) then
          edited[#edited + 1] = { take = tag.take, part = tag.part, quarter = from, ["end"] = to, notes = json.list() }
        elseif digest_of(project, item, take, tag.quarter) == tag.digest then
          untouched[#untouched + 1] = as_clip(item, take, tag, from, to)
        else
          edited[#edited + 1] = as_clip(nil, take, tag, from, to)
        end
      end
    end
    return untouched, edited
  end

  local function replace(project, track, clip, untouched)
    for _, old in ipairs(untouched) do
      reaper.DeleteTrackMediaItem(track, old.item)
      local begins, ends = old.quarter < clip.quarter - TICK, old["end"] > clip["end"] + TICK
      if begins then make_item(project, track, remains_of(old, old.quarter, clip.quarter)) end
      if ends then make_item(project, track, remains_of(old, clip["end"], old["end"])) end
    end
    make_item(project, track, clip)
  end

  -- Goes over (name, track or nil, index to make it at): the clip's own track, then those for takes of their own.
  local function places_for(project, clip)
    local count = 0
    local before = nil
    return function()
      count = count + 1
      local name = clip.track
      if count == 2 then name = string.format("%s (take %s)", clip.track, clip.take) end
      if count > 2 then name = string.format("%s (take %s, %d)", clip.track, clip.take, count - 1) end
      local track, index = find_track(project, name)
      if not track and before then index = before end
      before = index
      return name, track, index + 1
    end
  end

  -- An edited clip, as an answer has it.
  local function told_of(one, track)
    return {
      take = one.take, track = track, part = one.part, quarter = one.quarter, ["end"] = one["end"], notes = one.notes,
    }
  end

  -- Puts a clip on the first of its tracks where nothing that a person changed is in the way. Answers what was.
  local function write_clip(project, clip, found)
    for name, track, index in places_for(project, clip) do
      local untouched, edited = {}, {}
      if track then untouched, edited = in_the_way(project, track, clip) end
      for _, one in ipairs(edited) do
        found[#found + 1] = told_of(one, name)
      end
      if #edited == 0 then return replace(project, track or make_track(project, name, index), clip, untouched) end
    end
  end

  -- Jobs -------------------------------------------------------------------------------------------------------------

  local function is_text(value) return type(value) == "string" end
  local function is_number(value) return type(value) == "number" and value == value and math.abs(value) < 1e9 end
  local function is_whole(value, low, high)
    return is_number(value) and value == round(value) and value >= low and value <= high
  end

  local function note_is_right(note)
    return type(note) == "table" and #note == 5 and is_number(note[1]) and note[1] >= 0 and is_number(note[2])
      and note[2] > 0 and is_whole(note[3], 0, 127) and is_whole(note[4], 1, 127) and is_whole(note[5], 0, 15)
  end

  local function controller_is_right(move)
    return type(move) == "table" and #move == 4 and is_number(move[1]) and move[1] >= 0 and is_whole(move[2], 0, 127)
      and is_whole(move[3], 0, 127) and is_whole(move[4], 0, 15)
  end

  local function check_clip(clip)
    if type(clip) ~= "table" then return "is no object" end
    for _, key in ipairs({ "track", "name", "part" }) do
      if not is_text(clip[key]) then return key .. " is no text" end
    end
    if not is_number(clip.quarter) or clip.quarter < 0 then return "quarter is no place" end
    if not is_number(clip["end"]) or clip["end"] <= clip.quarter then return "end is not after its start" end
    for key, is_right in pairs({ notes = note_is_right, controllers = controller_is_right }) do
      if type(clip[key]) ~= "table" then return key .. " is no list" end
      for number, row in ipairs(clip[key]) do
        if not is_right(row) then return string.format("%s[%d] cannot be written", key, number) end
      end
    end
  end

  -- What is wrong with a job, in words; nil for nothing. Before anything is touched.
  local function check(job, protocol)
    if type(job) ~= "table" then return "the job is no object" end
    if job.protocol ~= protocol then
      return string.format(
        "Hitpoint speaks protocol %s, its REAPER scripts %d. Run `hitpoint install reaper` again and restart REAPER.",
        tostring(job.protocol), protocol
      )
    end
    if job.kind ~= "job" then return "kind " .. tostring(job.kind) .. " is no job" end
    for _, key in ipairs({ "job", "take", "title" }) do
      if not is_text(job[key]) then return "the job's " .. key .. " is no text" end
    end
    if not job.job:match("^[%w-]+$") then return "the job's name has more than letters, digits and hyphens" end
    if type(job.clips) ~= "table" then return "the job has no list of clips" end
    for number, clip in ipairs(job.clips) do
      local wrong = check_clip(clip)
      if wrong then return string.format("clip %d: %s", number, wrong) end
    end
  end

  -- The project remembers what was done in it: saved with the notes, and lost with them.
  local function jobs_done(project)
    local _, text = reaper.GetProjExtState(project, clips.SECTION, "jobs")
    local names, known = {}, {}
    for name in (text or ""):gmatch("%S+") do
      names[#names + 1] = name
      known[name] = true
    end
    return names, known
  end

  local function remember(project, names, name)
    names[#names + 1] = name
    local kept = table.concat(names, " ", math.max(1, #names - clips.JOBS_KEPT + 1))
    reaper.SetProjExtState(project, clips.SECTION, "jobs", kept)
  end

  local function write_all(project, job, names)
    local edited = json.list()
    for _, clip in ipairs(job.clips) do
      clip.take = job.take
      write_clip(project, clip, edited)
    end
    -- In the same undo step: notes and the mark that they are there come and go together.
    remember(project, names, job.job)
    return edited
  end

  -- What a person changed of what a job found in its way, for when its answer was lost.
  local function edited_of(project, job)
    local found = json.list()
    for _, clip in ipairs(job.clips) do
      local track = find_track(project, clip.track)
      local _, edited = {}, {}
      if track then _, edited = in_the_way(project, track, clip) end
      for _, one in ipairs(edited) do
        if one.take ~= job.take then
          found[#found + 1] = told_of(one, clip.track)
        end
      end
    end
    return found
  end

  -- Answers (what went wrong, in words, or an empty text; the clips in the way that a person has changed).
  function clips.do_job(job, protocol)
    local wrong = check(job, protocol)
    if wrong then return wrong, json.list() end
    local project = reaper.EnumProjects(-1)
    local names, known = jobs_done(project)
    if known[job.job] then return "", edited_of(project, job) end
    reaper.PreventUIRefresh(1)
    reaper.Undo_BeginBlock2(project)
    local done, edited = pcall(write_all, project, job, names)
    reaper.Undo_EndBlock2(project, done and job.title or TAKEN_BACK, -1)
    -- All of it or nothing. Only what is ours is undone: a step that changed nothing may not have become one.
    if not done and reaper.Undo_CanUndo2(project) == TAKEN_BACK then reaper.Undo_DoUndo2(project) end
    reaper.PreventUIRefresh(-1)
    reaper.UpdateArrange()
    if not done then return "REAPER could not write it: " .. tostring(edited), json.list() end
    return "", edited
  end

  return clips
end
