"""A pytest plugin for nbval: a cell fails that shows a traceback or a wrong exercise, even if it runs to its end.

For the notebooks of a release, in which everything is to do. It is copied beside the unpacked kit, where there are no
solutions, and so imports nothing of them.

    PYTEST_PLUGINS=tracebacks pytest --nbval-lax
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from typing import Any

import pytest

from cs231n.tutor.show.verdict import SYMBOLS, WORDS

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TRACEBACK = "Traceback (most recent call last)"
WRONG = re.compile("|".join(rf"^{SYMBOLS[status]} \w+: {WORDS[status]}" for status in ("fail", "error")), re.M)


def amiss(outputs: Iterable[dict]) -> str:
    """Return what no cell of a release should show, in a line; "" if it is not among the outputs."""
    for output in outputs:
        if output["output_type"] == "error":
            return f"it shows a traceback: {output['ename']}: {output['evalue']}"
        text = COLOUR.sub("", output.get("text") or output.get("data", {}).get("text/plain", ""))
        if TRACEBACK in text:
            return f"it shows a traceback: {text.strip().splitlines()[-1]}"
        wrong = WRONG.search(text)
        if wrong:
            return f"it shows what is wrong: {wrong[0]}"
    return ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: Any) -> Generator[None, Any, Any]:
    """Fail a cell that nbval lets pass, because of what it shows."""
    result = yield
    told = amiss(getattr(item, "test_outputs", None) or [])
    if told:
        item.raise_cell_error(told)
    return result
