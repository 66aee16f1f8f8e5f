"""One file a lesson: its exercises, their checks, hints and solutions."""
