"""Write the student's files and the solved tree from the masters.

Edits are not lost: a file that differs from what was last generated is not overwritten unless that is forced. What was
last generated is recorded in solutions/generated.json, {path: sha256}. In a notebook, only the sources, outputs and
attachments of the cells count.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from solutions.tools import notebooks, regions

ROOT = Path(__file__).resolve().parents[2]
HERE = "solutions"
RECORD = f"{HERE}/generated.json"
REFERENCE = f"{HERE}/reference"
SOLVED_MARK = ".solved-tree"  # a folder with this file in it may be deleted
SHARED_TREE = ("cs231n", "assignments", "requirements.txt", "pyproject.toml", "collect_submission.sh")


class EditedError(RuntimeError):
    """Files that would be overwritten contain somebody's work."""

    def __init__(self, paths: list[str]):
        self.paths = paths
        super().__init__(
            "Nothing was written. These files differ from what was last generated, so they may contain work:\n"
            + "\n".join(f"  {path}" for path in paths)
            + "\nMove them away or restore them with git; 'python -m solutions stubs --force' overwrites them."
        )


def masters(root: Path) -> dict[str, Path]:
    """Return {student path: master} for every module and notebook that is generated."""
    home = root / HERE
    modules = {path.relative_to(home).as_posix(): path for path in sorted((home / "cs231n").rglob("*.py"))}
    books = {
        f"assignments/{path.parent.name}/{path.stem}.ipynb": path for path in sorted(home.glob("assignment*/*.py"))
    }
    return modules | books


def render_tree(root: Path, solved: bool) -> dict[str, str]:
    """Return {student path: text} of every generated file, as stubs or solved."""
    return {target: _render(root, target, master, solved) for target, master in masters(root).items()}


def write_stubs(root: Path = ROOT, force: bool = False) -> list[str]:
    """Write every stub and student notebook; return the paths that changed.

    Without `force`, nothing is written and EditedError is raised if a file that would change may contain work.
    """
    fresh = render_tree(root, solved=False)
    record = _read_record(root)
    edited = [path for path in {**record, **fresh} if _is_edited(root, path, record, fresh.get(path))]
    if edited and not force:
        raise EditedError(sorted(edited))
    changed = [path for path, text in fresh.items() if write_if_changed(root / path, text)]
    for path in record.keys() - fresh.keys() - set(edited):  # an edited one now belongs to whoever edited it
        (root / path).unlink(missing_ok=True)
        changed.append(path)
    write_if_changed(root / RECORD, _record(fresh))
    return sorted(changed)


def out_of_step(root: Path = ROOT) -> list[str]:
    """Return the generated files that do not agree with their masters, or that no longer have one.

    Reference files with outputs of cells that no longer exist are included.
    """
    fresh = render_tree(root, solved=False)
    wanted = {**fresh, RECORD: _record(fresh)}
    stale = [path for path, text in wanted.items() if _read(root / path) != text]
    stale += [path for path in _read_record(root).keys() - fresh.keys() if (root / path).exists()]
    return sorted(stale + _orphaned_references(root, fresh))


def _orphaned_references(root: Path, fresh: dict[str, str]) -> list[str]:
    """Return the reference files with outputs of cells that no longer exist; `make reference` renews them."""
    orphaned = []
    for target, text in fresh.items():
        path = reference_path(root, target) if target.endswith(".ipynb") else root
        if path.is_file():
            cells = {cell["id"] for cell in json.loads(text)["cells"]}
            if not json.loads(path.read_text(encoding="utf-8")).keys() <= cells:
                orphaned.append(path.relative_to(root).as_posix())
    return orphaned


def write_solved(root: Path = ROOT, out: Path | None = None) -> Path:
    """Copy the student tree with the solved masters to `out` (by default build/solved), and return that folder.

    An existing solved tree is replaced. Raises FileExistsError if `out` is anything else, except an empty folder.
    """
    out = out or root / "build" / "solved"
    _make_room(out)
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc", ".ipynb_checkpoints", "*.egg-info")
    for name in SHARED_TREE:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, out / name, ignore=ignore)
        elif source.exists():
            shutil.copy2(source, out / name)
    for path, text in render_tree(root, solved=True).items():
        write_if_changed(out / path, text)
    return out


def reference_path(root: Path, target: str) -> Path:
    """Return the path of the reference outputs of a student notebook."""
    return root / REFERENCE / Path(target).relative_to("assignments").with_suffix(".json")


def _render(root: Path, target: str, master: Path, solved: bool) -> str:
    if not target.endswith(".ipynb"):
        transform = regions.to_solved if solved else regions.to_stub
        return transform(master.read_text(encoding="utf-8"), master.relative_to(root).as_posix())
    notebook = notebooks.render(master, solved)
    reference = reference_path(root, target)
    if solved and reference.exists():
        notebook = notebooks.with_outputs(notebook, json.loads(reference.read_text(encoding="utf-8")))
    return notebooks.dumps(notebook)


def _make_room(out: Path) -> None:
    if out.is_symlink():
        raise FileExistsError(f"{out} is a link: remove it, since the solved tree needs its own folder")
    if out.exists() and not (out / SOLVED_MARK).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(
            f"{out} is not a solved tree, so it is not overwritten: move it away, or choose another place"
        )
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    (out / SOLVED_MARK).write_text(
        "Generated by python -m solutions, which deletes this folder before it writes it again.\n"
    )


def _is_edited(root: Path, path: str, record: dict[str, str], fresh: str | None) -> bool:
    found = _read(root / path)
    if found is None or found == fresh:
        return False
    known = {record.get(path)} | ({_fingerprint(path, fresh)} if fresh is not None else set())
    return _fingerprint(path, found) not in known


def _record(fresh: dict[str, str]) -> str:
    return json.dumps({path: _fingerprint(path, text) for path, text in sorted(fresh.items())}, indent=1) + "\n"


def _fingerprint(path: str, text: str) -> str:
    work = notebooks.essence(text) if path.endswith(".ipynb") else text
    return hashlib.sha256(work.encode()).hexdigest()


def _read_record(root: Path) -> dict[str, str]:
    try:
        return json.loads(_read(root / RECORD) or "{}")
    except ValueError:  # after a merge conflict; then every file that differs from its master may contain work
        return {}


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None


def write_if_changed(path: Path, text: str) -> bool:
    """Write a file atomically unless it already has that text; return whether it was written."""
    if _read(path) == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)
    return True
