"""Run checks and decide on verdicts; student code runs within limits, or in a separate process."""
