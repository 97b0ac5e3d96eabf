"""What is remembered in the set itself, to be saved and lost with it: jobs that are done, clips that are ours."""

import json

JOBS = "hitpoint_jobs"
CLIPS = "hitpoint_clips"
MOST_JOBS = 1000
MOST_CLIPS = 2000


def is_done(song, job):
    """True when a job was done in this set."""
    return job in _read(song, JOBS)


def remember_done(song, job):
    """From now on a job is done."""
    song.set_data(JOBS, json.dumps([*_read(song, JOBS), job][-MOST_JOBS:]))


def clips_of(song):
    """What was written: a list of objects with take, track, part, name, quarter, end and digest."""
    return [clip for clip in _read(song, CLIPS) if isinstance(clip, dict)]


def remember_clips(song, clips):
    """These are ours, and no others."""
    song.set_data(CLIPS, json.dumps(clips[-MOST_CLIPS:]))


def _read(song, key):
    """A list; empty where there is none, or where it cannot be read."""
    try:
        found = json.loads(song.get_data(key, "[]"))
    except (ValueError, TypeError):
        return []
    return found if isinstance(found, list) else []
