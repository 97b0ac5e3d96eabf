ardour {
  ["type"]    = "EditorHook",
  name        = "Hitpoint",
  author      = "Hitpoint",
  license     = "Apache-2.0",
  description = "Tells Hitpoint the session's tempo, metre, markers and loop, and writes its takes. Never saves your session.",
}

-- Ten times a second.
function signals() return LuaSignal.Set():add({ [LuaSignal.LuaTimerDS] = true }) end

function factory()
  local core = dofile(ARDOUR.user_config_directory(-1) .. "/scripts/hitpoint_core.lua")
  local look, said = core.watcher(), nil
  return function()
    local lived, problem = pcall(look)
    if not lived and problem ~= said then
      said = problem
      print("Hitpoint: " .. tostring(problem))
    end
  end
end
