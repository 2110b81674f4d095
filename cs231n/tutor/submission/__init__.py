"""Hand in an assignment: `python -m cs231n submit` reads, reviews, checks, zips, verifies and writes a report."""
