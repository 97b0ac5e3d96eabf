-- Runs Hitpoint's Ardour script in a real Ardour, as its window would: ten times a second.
--
--   SESSION_FOLDER, SESSION_NAME   what to open
--   BRIDGE_CORE                    hitpoint_core.lua
--   HITPOINT_ARDOUR_FOLDER         the folder that it shares with Hitpoint
--   ORDERS                         a folder: ORDERS/N.lua is run once, N from 1 on, as a person who edits; then N.done is
--                                  there with what it returned. The order "quit" ends it.

assert(AudioEngine:set_backend("None (Dummy)", "bridge", ""), "no dummy backend")
assert(AudioEngine:start() == 0, "the dummy backend does not start")
assert(load_session(os.getenv("SESSION_FOLDER"), os.getenv("SESSION_NAME")), "no session")

core = dofile(os.getenv("BRIDGE_CORE"))
local look = core.watcher()
local orders, number, quits = os.getenv("ORDERS"), 1, false

local function obey()
  local path = orders .. "/" .. number
  local order = loadfile(path .. ".lua")
  if not order then return end
  local done, said = pcall(order)
  local file = io.open(path .. ".unfinished", "wb")
  file:write((done and "" or "error: ") .. tostring(said))
  file:close()
  os.rename(path .. ".unfinished", path .. ".done")
  number = number + 1
  if said == "quit" then quits = true end
end

while not quits do
  look()
  obey()
  ARDOUR.LuaAPI.usleep(100000)
end
close_session()
