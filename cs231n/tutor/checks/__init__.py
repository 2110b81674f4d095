"""Checks: what a student is told.

In a notebook, `checks.run("predict_labels")` decides about one exercise and says what is wrong; in a terminal,
`python -m cs231n check` does so for all of them. `checks.hint("predict_labels")` gives a hint, and asked again more.
"""

from cs231n.tutor.checks.runner import names, run
from cs231n.tutor.show.hint import hint

__all__ = ["hint", "names", "run"]
