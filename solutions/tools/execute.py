"""Run solved notebooks from top to bottom, to record reference outputs and to read results from them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from cs231n.data import standin
from solutions.tools import generate, notebooks

CELL_SECONDS = 900


class UnknownNotebookError(ValueError):
    """A notebook that was asked for does not exist; the message lists those that do."""


def solved_environment(tree: Path | None = None) -> dict[str, str]:
    """Return an environment in which `import cs231n` finds the package of a solved tree, by default build/solved."""
    path = os.pathsep.join([str(tree or generate.ROOT / "build" / "solved"), str(generate.ROOT)])
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def execute(
    path: Path, environment: dict[str, str], names: Iterable[str] = (), more: str = ""
) -> tuple[nbformat.NotebookNode, dict]:
    """Run a notebook in its own folder; return it with outputs, and {name: value} of its variables `names` at the end.

    `more` is code to run after the last cell. Raises nbclient.exceptions.CellExecutionError, with the cell and its
    traceback, if a cell fails.
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


def validate(root: Path = generate.ROOT, names: Iterable[str] = ()) -> int:
    """Compare all solved notebooks, or those in `names`, with their reference outputs; return pytest's exit code.

    The notebooks run on the stand-in. In cells with a tag that says so, numbers are compared with a tolerance (see
    tolerance.py); parts of outputs that differ from run to run are ignored (nbval.cfg). As many notebooks run
    at a time as there are cores, so each of them multiplies matrices in one thread unless OPENBLAS_NUM_THREADS is set.
    """
    books = [f"assignments/{name}.ipynb" for name in names] or ["assignments"]
    tree = generate.write_solved(root)
    home = root / generate.HERE
    options = ["--nbval", "--nbval-current-env", f"--nbval-sanitize-with={home / 'nbval.cfg'}"]
    options += ["-p", "solutions.tools.tolerance", "-p", "no:cacheprovider", "-n", "auto", "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", *options, *books]
    environment = {"OPENBLAS_NUM_THREADS": "1"} | _on_the_standin(tree)
    return subprocess.run(command, cwd=tree, env=environment).returncode


def _on_the_standin(tree: Path) -> dict[str, str]:
    """Draw the stand-in, so that no notebook has to; return an environment in which solved notebooks load it."""
    standin.ensure()
    return solved_environment(tree) | {"CS231N_DATA": "standin"}


def notebooks_of(root: Path, names: Iterable[str] = ()) -> dict[str, str]:
    """Return {"assignment1/knn": path of the notebook, …} for all notebooks, or for those in `names`.

    Raises UnknownNotebookError if there is no notebook with one of the names.
    """
    targets = {
        path[len("assignments/") : -len(".ipynb")]: path for path in generate.masters(root) if path.endswith(".ipynb")
    }
    names = list(names)
    unknown = [name for name in names if name not in targets]
    if unknown:
        raise UnknownNotebookError(f"there is no notebook {', '.join(unknown)}; choose from {', '.join(targets)}")
    return {name: targets[name] for name in names or targets}


def record_references(root: Path = generate.ROOT, names: Iterable[str] = ()) -> list[str]:
    """Run all solved notebooks, or those in `names` ("assignment1/knn"), on the stand-in, and keep their text outputs.

    Returns the paths that changed. Raises UnknownNotebookError if there is no notebook with one of the names.
    """
    targets = notebooks_of(root, names)
    tree = generate.write_solved(root)
    environment = _on_the_standin(tree)
    changed = []
    for target in targets.values():
        notebook, _ = execute(tree / target, environment)
        path = generate.reference_path(root, target)
        text = json.dumps(notebooks.text_outputs(notebook), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        changed += [path.relative_to(root).as_posix()] if generate.write_if_changed(path, text) else []
    generate.write_solved(root)
    return changed
