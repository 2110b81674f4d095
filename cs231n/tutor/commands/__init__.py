"""The verbs of `python -m cs231n`, a module for each."""
