"""The catalogue of causes, read from causes.json. That file is generated: change its sources in solutions/attempts/.

The file has two tables. "causes": id -> "words", what is wrong, and "hint", what would be right, or where to look.
"evidence": sentences that give the evidence in numbers, or that describe the wrong entries if no cause is certain;
the fields {…} are filled in.
"""

from __future__ import annotations

import json
from pathlib import Path

_TABLES = json.loads(Path(__file__).parents[1].joinpath("exercises", "causes.json").read_text(encoding="utf-8"))

CAUSES: dict[str, str] = {cause: f"{told['words']} {told['hint']}" for cause, told in _TABLES["causes"].items()}
EVIDENCE: dict[str, str] = _TABLES["evidence"]
