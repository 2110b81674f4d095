"""Generate given.zip and given.sha256 in cs231n/tutor/submission/, which show whether a given file was changed.

The given modules outside cs231n/tutor/ are few and rarely change, so the zip contains them whole; of all other given
files, only the hashes are kept.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from cs231n.tutor.originals import GIVEN, SUMS, DamagedOriginalsError, contents, sha256
from solutions.tools import generate
from solutions.tools.originals import described

KEPT = {".py", ".toml", ".json", ".npz", ".zip", ".css", ".html", ".jpg", ".png"}


def files(root: Path = generate.ROOT) -> tuple[dict[str, bytes], str]:
    """Return {path: bytes} of the given modules outside cs231n/tutor/, and lines "sha256  path" for the others."""
    generated = {*generate.masters(root), GIVEN, SUMS}
    found = (path for path in sorted((root / "cs231n").rglob("*")) if path.is_file() and path.suffix in KEPT)
    names = [name for path in found if (name := path.relative_to(root).as_posix()) not in generated]
    found_there = {name: (root / name).read_bytes() for name in names}
    whole = {name for name in names if name.endswith(".py") and not name.startswith("cs231n/tutor/")}
    lines = (f"{sha256(content)}  {name}\n" for name, content in found_there.items() if name not in whole)
    return {name: found_there[name] for name in sorted(whole)}, "".join(lines)


def out_of_step(root: Path = generate.ROOT) -> list[str]:
    """Return those of the two paths, GIVEN and SUMS, whose content does not agree with the files."""
    wanted, lines = files(root)
    sums = root / SUMS
    stale = [] if _stored(root) == wanted else [GIVEN]
    return stale + ([] if sums.is_file() and sums.read_text(encoding="utf-8") == lines else [SUMS])


def write(root: Path = generate.ROOT) -> list[str]:
    """Write those of the two files, GIVEN and SUMS, that have to change; return their paths."""
    wanted, lines = files(root)
    changed = out_of_step(root)
    if GIVEN in changed:
        with zipfile.ZipFile(root / GIVEN, "w") as archive:
            for name, content in wanted.items():
                archive.writestr(described(name, content), content, zipfile.ZIP_DEFLATED)
    generate.write_if_changed(root / SUMS, lines)
    return changed


def _stored(root: Path) -> dict[str, bytes]:
    contents.cache_clear()
    try:
        return contents(root / GIVEN)
    except DamagedOriginalsError:
        return {}
