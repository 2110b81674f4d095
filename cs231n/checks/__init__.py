"""Checks: what a student is told. `run("predict_labels")` decides about one stub and says why."""
