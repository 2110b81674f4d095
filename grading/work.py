"""The unit of work: `grade` takes a submission as bytes and returns its record as bytes, on this machine or another.

Students' code never runs in the process that calls `grade`, but in a separate one, which grading/grade.py starts.
"""

from __future__ import annotations

import importlib
import json
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from grading.intake import unpack
from grading.records import ERROR, Record

ENGINE = "grading.grade"  # the module that grades; tests use a different one


def version(engine: str = ENGINE) -> str:
    """Return the version of the grader, which changes whenever a file of the kit that affects verdicts is changed."""
    module = importlib.import_module(engine)
    found = getattr(module, "VERSION", None) or module.version
    return found() if callable(found) else found


@cache
def sandbox(name: str = "", engine: str = ENGINE) -> Any:
    """Return the sandbox that choose(name) returns; it is kept, since testing a sandbox takes time."""
    module = importlib.import_module(engine)
    choose = getattr(module, "choose", None) or importlib.import_module("grading.sandbox").choose
    return choose(name)


def grade(content: bytes, assignment: str, submission: str, secret: bytes, seeds: int, box: str, engine: str) -> bytes:
    """Return the record of one submission as JSON. A failure of the grader becomes a record that says so.

    `content` is a zip of the files to grade, and `submission` their hash; `box` is the name of a sandbox, or "" for the
    first safe one; `engine` is the name of the module that grades.
    """
    begin = time.monotonic()
    try:
        found = unpack.read_zip(content, assignment)
        with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as folder:
            tree = Path(folder) / "tree"
            tree.mkdir()
            unpack.lay_out(found.files, tree)
            if found.sha256 != submission:
                raise ValueError("the stored files do not match the hash of the submission")
            decide = importlib.import_module(engine).grade
            chosen = sandbox(box, engine)
            record = decide(tree, assignment, submission=submission, secret=secret, sandbox=chosen, seeds=seeds)
    except Exception as error:
        record = failure(submission, assignment, f"{type(error).__name__}: {error}")
    record["seconds"] = record.get("seconds") or round(time.monotonic() - begin, 3)
    return json.dumps(record, allow_nan=False).encode()


def failure(submission: str, assignment: str, why: str) -> Record:
    """Return the record of a submission on which the grader failed; the record says why."""
    return {"submission": submission, "assignment": assignment, "exercises": [], "failure": f"{ERROR}: {why[:500]}"}
