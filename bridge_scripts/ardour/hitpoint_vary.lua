ardour {
  ["type"]    = "EditorAction",
  name        = "Hitpoint: Vary",
  author      = "Hitpoint",
  license     = "Apache-2.0",
  description = "Asks Hitpoint for another answer: for the bars of the selected range, or for all of the cue.",
}

function factory()
  return function()
    local core = dofile(ARDOUR.user_config_directory(-1) .. "/scripts/hitpoint_core.lua")
    core.ask("/hitpoint/cue/vary", core.selected_bars())
  end
end
