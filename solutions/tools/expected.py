"""Write the exercises' expected/*.npz: what the masters give, and what well-known mistakes would, in every case.

Runs inside the solved tree (`python -m solutions stubs` sees to that), so that `cs231n` is the masters'.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np

from cs231n.tutor import course, exercises
from cs231n.tutor.checks import compare, oracle
from cs231n.tutor.checks.check import Check
from cs231n.tutor.checks.target import LocalTarget
from solutions.tools import generate, notebooks


def compute(family: str) -> dict[str, np.ndarray]:
    """Return everything that belongs into <family>.npz."""
    mistakes = import_module(f"solutions.mistakes.{family}").MISTAKES
    checks = import_module(f"cs231n.tutor.exercises.{family}").CHECKS
    arrays: dict[str, np.ndarray] = {}
    for check in checks:
        for case in check.cases():
            arrays |= _case_arrays(check, case, mistakes.get(check.stored_as, {}))
    return arrays


@cache
def cell_functions() -> dict:
    """Return {exercise: the master's function} for exercises that stand in notebook cells."""
    functions = {}
    for assignment in course.ASSIGNMENTS:
        for exercise in assignment.in_cells:
            master = generate.ROOT / "solutions" / assignment.name / f"{Path(exercise.file).stem}.py"
            for cell in notebooks.render(master, solved=True).cells:
                if cell.cell_type == "code" and f"def {exercise.name}(" in cell.source:
                    names = {"np": np}
                    exec(cell.source, names)
                    functions[exercise.name] = names[exercise.name]
    return functions


def _case_arrays(check: Check, case, mistakes: dict) -> dict[str, np.ndarray]:
    run = LocalTarget(cell_functions()).run(check.recipe, case.inputs)
    if run.failure:
        raise RuntimeError(f"the master of {check.name} fails with {case.name}: {run.failure}")
    key = f"{check.stored_as}/{case.name}"
    arrays = {f"{key}/#": np.float64(oracle.fingerprint(case.inputs))}
    arrays |= {f"{key}/{output}": right for output, right in run.value.items()}
    for cause, mistake in mistakes.items():
        with np.errstate(all="ignore"):
            outputs = mistake(**case.inputs)
        for output, wrong in outputs.items():
            right = run.value[output]
            if not compare.agrees(np.asarray(wrong), right, check.tolerance(case.inputs, output, right)):
                with np.errstate(over="ignore"):  # what float32 cannot hold is inf there
                    arrays[f"{key}/{output}/{cause}"] = np.asarray(wrong, dtype=np.float32)
    return arrays


def differs(stored: dict[str, np.ndarray], fresh: dict[str, np.ndarray]) -> bool:
    """Return whether two sets of expected values differ by more than the last digits another machine may give."""
    if stored.keys() != fresh.keys():
        return True
    return any(
        stored[key].shape != fresh[key].shape
        or not np.allclose(stored[key], fresh[key], rtol=1e-5, atol=1e-5, equal_nan=True)
        for key in fresh
    )


def write(folder: Path, check_only: bool = False) -> list[str]:
    """Bring every <family>.npz in `folder` up to date; return the names of those that were not."""
    stale = []
    for family in exercises.FAMILIES:
        path = folder / f"{family}.npz"
        fresh = compute(family)
        if path.exists() and not differs(_load(path), fresh):
            continue
        stale.append(path.name)
        if not check_only:
            _save(path, fresh)
    return stale


def _load(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as file:
        return oracle.unpack(file)


def _save(path: Path, arrays: dict[str, np.ndarray]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        np.savez_compressed(file, **oracle.pack(arrays))
    partial.replace(path)


if __name__ == "__main__":
    print("\n".join(write(Path(sys.argv[1]), check_only="--check" in sys.argv)))
