"""Turn a download from an LMS into a roster: who handed in what, when, and whether it can be read."""
