"""Generate the kit's catalogue of causes, cs231n/tutor/exercises/causes.json, from solutions/attempts."""

from __future__ import annotations

import json

from solutions import attempts
from solutions.attempts.common import EVIDENCE
from solutions.tools import generate

PATH = "cs231n/tutor/exercises/causes.json"


def catalogue() -> str:
    """Return the text of causes.json. Raises ValueError if two modules have the same cause."""
    causes: dict[str, dict[str, str]] = {}
    for family in attempts.families():
        if twice := causes.keys() & family.CAUSES.keys():
            raise ValueError(f"{family.__name__} has causes that another module has too: {', '.join(sorted(twice))}")
        causes |= {cause: {"words": words, "hint": hint} for cause, (words, hint) in family.CAUSES.items()}
    return json.dumps({"causes": causes, "evidence": EVIDENCE}, indent=1, ensure_ascii=False) + "\n"


def in_step() -> bool:
    """Return whether the file agrees with the attempts."""
    return (generate.ROOT / PATH).read_text(encoding="utf-8") == catalogue()


def write() -> list[str]:
    """Write the file unless it agrees with the attempts; return [its path] if it was written."""
    return [PATH] if generate.write_if_changed(generate.ROOT / PATH, catalogue()) else []
