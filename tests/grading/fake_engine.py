"""A grader for tests of what is around it: an exercise passes if the student's file says so in a comment.

`# right: a, b` passes a and b, `# slow` takes its time, `# breaks` makes the grader fail.
"""

import os
import re
import time
from pathlib import Path

from cs231n.tutor import course

NAME = "tests.grading.fake_engine"
VERSION = os.environ.get("FAKE_VERSION", "fake-1")


def choose(name=""):
    return None


def grade(tree, assignment, *, submission, secret, sandbox, seeds=2):
    text = "\n".join(path.read_text("utf-8", "replace") for path in sorted(Path(tree).rglob("*.py")))
    time.sleep(float(os.environ.get("FAKE_SECONDS", "0")))
    if "# breaks" in text:
        raise RuntimeError("the grader fails here")
    right = set(re.findall(r"\w+", " ".join(re.findall(r"# right:(.*)", text))))
    rows = []
    for one in course.find_assignment(assignment).exercises:
        good = one.name in right or "all" in right
        good = good and not (VERSION == "fake-2" and one.name == "predict_labels")
        told = {"name": one.name, "status": "pass" if good else "fail", "points": one.points * good}
        told |= {"out_of": one.points, "seconds": 0.01, "message": "" if good else "dW is wrong"}
        rows.append(
            told | {"cause": "" if good else "factor", "hint": "" if good else "<b>exactly</b> 7 times too large"}
        )
    seeds = [f"grader-{number}" for number in range(seeds)]
    found = {"submission": submission, "assignment": assignment, "grader": VERSION, "seeds": seeds}
    return found | {"sandbox": {"name": "fake", "probe": {}}, "seconds": 0.1, "exercises": rows}
