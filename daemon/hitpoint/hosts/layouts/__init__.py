"""Layouts for other people's surfaces: the stage's controls, made from the one table of addresses."""
