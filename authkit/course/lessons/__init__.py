"""One file a lesson, or one file an exercise: what is asked, its checks, hints and solutions."""
