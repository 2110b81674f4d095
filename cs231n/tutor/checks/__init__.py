"""Run checks and decide on verdicts; student code runs within limits and optionally in a separate process."""
