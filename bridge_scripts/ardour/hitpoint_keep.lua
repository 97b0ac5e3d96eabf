ardour {
  ["type"]    = "EditorAction",
  name        = "Hitpoint: Keep Take to Tracks",
  author      = "Hitpoint",
  license     = "Apache-2.0",
  description = "Writes what Hitpoint plays on tracks: the selected range, or the whole cue.",
}

function factory()
  return function()
    local core = dofile(ARDOUR.user_config_directory(-1) .. "/scripts/hitpoint_core.lua")
    core.ask("/hitpoint/take/keep", core.selected_bars())
  end
end
