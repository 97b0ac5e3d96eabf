"""Kinds of music that can be asked for by name, and what a part does in a bar. As few as the training music tells."""

STYLES = ("orchestral", "chamber strings", "keyboard", "song", "choral", "game", "drum groove", "band")
"""What a whole cue is like: full orchestra; solo strings; one keyboard; voice and keyboard; choir, alone or with
players; game music for synthesisers and band; drums alone; winds or brass without strings."""

ROLES = ("melody", "bass", "inner", "figure", "pad", "percussion")
"""What a part does in a bar: the line on top, the lowest line, a line between, a repeated figure, one long sound,
percussion."""
