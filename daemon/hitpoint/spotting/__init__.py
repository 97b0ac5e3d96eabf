"""From a cue's hits to the tempo and metre that meet them. Knows no sheet and no host: values in, values out."""
