"""Run checks and decide on verdicts; student code runs within limits and, if wanted, in a separate process."""
