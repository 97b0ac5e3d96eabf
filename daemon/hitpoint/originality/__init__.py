"""What music shares with other music: an index of hashes, exact runs found in it, and a guard against writing them.

A run is notes in a row of one line with the same pitch intervals and the same ratios between inter-onset times, so
that neither transposition nor tempo hides it.
"""
