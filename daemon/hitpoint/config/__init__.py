"""Settings, and where things are: read once at the start, handed on as values."""
