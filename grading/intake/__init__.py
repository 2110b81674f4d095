"""From what an LMS hands out to a roster: who handed in what, when, and whether it can be read."""
