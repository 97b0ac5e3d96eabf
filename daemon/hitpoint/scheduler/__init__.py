"""Right message, right tick: what is to sound, when, and on which port. Knows no driver and no model."""
