"""The control page's server: state out, commands in. It has no truth of its own."""
