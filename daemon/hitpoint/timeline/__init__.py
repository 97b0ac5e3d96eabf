"""Musical time, and where the host is in it. Knows no music and does no I/O."""
