"""What is, or will be, on the page: notes, parts, cues, plans. Imports only the timeline."""
