"""Run solved notebooks from top to bottom: to record reference outputs, and to read results out of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from solutions import generate, notebooks

CELL_SECONDS = 900


class UnknownNotebookError(ValueError):
    """There is no notebook of that name."""


def solved_environment(tree: Path | None = None) -> dict[str, str]:
    """Return an environment in which `import cs231n` finds the solved tree."""
    path = os.pathsep.join([str(tree or generate.ROOT / "build" / "solved"), str(generate.ROOT)])
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def execute(
    path: Path, environment: dict[str, str], names: Iterable[str] = (), more: str = ""
) -> tuple[nbformat.NotebookNode, dict]:
    """Run a notebook in its own folder; return it with outputs, and {name: value} of variables it ends with.

    `more` is code to run after its last cell. Raises nbclient.exceptions.CellExecutionError, with the cell and its
    traceback, where a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    names = list(names)
    report = f"import json as _json\nprint(_json.dumps({{name: globals()[name] for name in {names}}}, default=float))"
    own = len(notebook.cells)
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in (more, report)]
    client = NotebookClient(notebook, timeout=CELL_SECONDS, resources={"metadata": {"path": str(path.parent)}})
    client.execute(env=environment)
    results = json.loads(notebook.cells[-1].outputs[0].text)
    notebook.cells = notebook.cells[:own]
    return notebook, results


def validate(root: Path = generate.ROOT) -> int:
    """Validate every solved notebook on the stand-in against its reference outputs; return pytest's exit code."""
    tree = generate.write_solved(root)
    environment = solved_environment(tree) | {"CS231N_DATA": "standin"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        "-p",
        "no:cacheprovider",
        "assignments",
    ]
    return subprocess.run(command, cwd=tree, env=environment).returncode


def record_references(root: Path = generate.ROOT, names: Iterable[str] = ()) -> list[str]:
    """Run every solved notebook, or those of `names` ("assignment1/knn"), on the stand-in; keep their text outputs.

    Raises UnknownNotebookError where there is none of a name.
    """
    targets = {
        path[len("assignments/") : -len(".ipynb")]: path for path in generate.masters(root) if path.endswith(".ipynb")
    }
    unknown = [name for name in names if name not in targets]
    if unknown:
        raise UnknownNotebookError(f"there is no notebook {', '.join(unknown)}; there is {', '.join(targets)}")
    tree = generate.write_solved(root)
    environment = solved_environment(tree) | {"CS231N_DATA": "standin"}
    changed = []
    for target in (targets[name] for name in names or targets):
        notebook, _ = execute(tree / target, environment)
        path = generate.reference_path(root, target)
        text = json.dumps(notebooks.text_outputs(notebook), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        changed += [path.relative_to(root).as_posix()] if generate.write_if_changed(path, text) else []
    generate.write_solved(root)
    return changed
