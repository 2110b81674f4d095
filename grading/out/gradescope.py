"""Make Gradescope's results.json for one submission."""

from __future__ import annotations

import json
from typing import Any

from grading.out import words
from grading.records import ERROR, Record, failed


def results(record: Record, notice: str = "") -> bytes:
    """Return results.json; if the grader failed, it contains no score, and Gradescope asks the instructors to look."""
    told: dict[str, Any] = {"output_format": "text", "visibility": "visible", "stdout_visibility": "hidden"}
    told["output"] = notice
    told["extra_data"] = {"submission": record["submission"], "grader": record.get("grader", "")}
    told["tests"] = [_test(one) for one in record["exercises"] if one["status"] != ERROR]
    if "seconds" in record:
        told["execution_time"] = round(record["seconds"])
    if failed(record):
        names = ", ".join(one["name"] for one in record["exercises"] if one["status"] == ERROR) or record.get(
            "failure", ""
        )
        told["output"] = (
            f"The grader failed, which is not your fault: please tell your instructors. "
            f"Details: {names}\n{notice}".strip()
        )
        del told["tests"]  # without tests and a score, Gradescope asks the instructors to look
        told["extra_data"]["failed"] = True
    else:
        told["score"] = sum(min(one["points"], one["out_of"]) for one in record["exercises"])
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False).encode()


def refused(reason: str) -> bytes:
    """Return results.json for a submission that cannot be graded, with a score of 0 and the reason."""
    told = {"score": 0, "output": f"Nothing could be graded: {reason}", "output_format": "text", "tests": []}
    return json.dumps(told, indent=1, ensure_ascii=False).encode()


def _test(one: dict[str, Any]) -> dict[str, Any]:
    state = words.state(words.waits(one["status"], one.get("message") or ""))
    return {
        "name": one["name"],
        "score": min(one["points"], one["out_of"]),
        "max_score": one["out_of"],
        "status": "passed" if one["status"] == "pass" else "failed",
        "output": "\n".join([state, *(label + text for label, text in words.story(one))]),
        "output_format": "text",
        "visibility": "visible",
    }
