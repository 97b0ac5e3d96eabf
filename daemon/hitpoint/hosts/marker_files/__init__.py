"""Marker lists of other programs, read and written: a module a format, one value (`marker_list`) in the middle."""
