"""Grade one folder by hand, to see what the grader would say: `python -m grading try FOLDER -a assignment1`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from cs231n.tutor.show.verdict import SYMBOLS
from grading.grade import grade
from grading.sandbox import choose


def tried(tree: Path, assignment: str, sandbox: str = "", secret: bytes = b"only a try") -> dict[str, Any]:
    """Return the record of a folder with a student's files. Raises grading.sandbox.SandboxError."""
    files = sorted(path for path in tree.rglob("*.py") if path.is_file())
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    return grade(tree, assignment, submission=digest, secret=secret, sandbox=choose(sandbox))


def table(record: dict[str, Any]) -> str:
    """Return a record as lines for a terminal; the first says in which sandbox the code ran."""
    probe = ", ".join(f"{what} {came}" for what, came in record["sandbox"]["probe"].items())
    lines = [f"Sandbox {record['sandbox']['name']}: {probe}. Grader {record['grader']}, {record['seconds']:.1f} s."]
    for row in record["exercises"]:
        told = " ".join(filter(None, (row["message"], row["hint"], row["where"] and f"({row['where']})")))
        symbol = SYMBOLS.get(row["status"], "?")
        lines.append(
            f"{symbol} {row['name']:30} {row['points']:2}/{row['out_of']:<2} {row['status']:6} {told}".rstrip()
        )
    points, out_of = (sum(row[part] for row in record["exercises"]) for part in ("points", "out_of"))
    return "\n".join([*lines, f"{points} of {out_of} points"])
