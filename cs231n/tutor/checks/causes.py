"""The catalogue of causes, read from causes.json. That file is generated: change its sources in solutions/attempts/.

The file has two tables. "causes" maps the id of each cause to its "words", which say what is wrong, and its "hint",
which says what would be right or where to look. "evidence" contains sentences about what was observed, with fields {…}
to be filled in.
"""

from __future__ import annotations

import json
from pathlib import Path

_TABLES = json.loads(Path(__file__).parents[1].joinpath("exercises", "causes.json").read_text(encoding="utf-8"))

CAUSES: dict[str, str] = {cause: f"{told['words']} {told['hint']}" for cause, told in _TABLES["causes"].items()}
EVIDENCE: dict[str, str] = _TABLES["evidence"]
