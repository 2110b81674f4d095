"""The verbs of `python -m cs231n`, one module for each."""
