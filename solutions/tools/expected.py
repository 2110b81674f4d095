"""Write the exercises' expected/*.npz: what the masters give, and what well-known mistakes would, in every case.

Runs inside the solved tree (`python -m solutions stubs` sees to that), so that `cs231n` is the masters'.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cs231n.tutor import course, exercises
from cs231n.tutor.checks import compare, oracle
from cs231n.tutor.checks.check import Check
from cs231n.tutor.checks.target import LocalTarget
from solutions.tools import generate, notebooks


class Stored(NamedTuple):
    """An array of an archive, and how far another machine's may be from it: the tolerance of its check."""

    value: np.ndarray
    tolerance: np.ndarray


def compute(family: str) -> dict[str, Stored]:
    """Return everything that belongs into <family>.npz. Checks that share values take those of the first of them."""
    mistakes = import_module(f"solutions.mistakes.{family}").MISTAKES
    checks = import_module(f"cs231n.tutor.exercises.{family}").CHECKS
    arrays: dict[str, Stored] = {}
    for check in {check.stored_as: check for check in reversed(checks)}.values():
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


def _case_arrays(check: Check, case, mistakes: dict) -> dict[str, Stored]:
    inputs = {name: _exact(value) for name, value in case.inputs.items()}
    run = LocalTarget(cell_functions()).run(check.recipe, inputs)
    if run.failure:
        raise RuntimeError(f"the master of {check.name} fails with {case.name}: {run.failure}")
    key = f"{check.stored_as}/{case.name}"
    fingerprint = np.float64(oracle.fingerprint(case.inputs))
    arrays = {f"{key}/#": Stored(fingerprint, 1e-9 * fingerprint)}
    for output, right in run.value.items():
        tolerance = check.tolerance(case.inputs, output, right)
        arrays[f"{key}/{output}"] = Stored(_without_rounding(right, tolerance), tolerance)
    for cause, mistake in mistakes.items():
        with np.errstate(all="ignore"):
            outputs = mistake(**inputs)
        for output, wrong in outputs.items():
            wrong, right = np.asarray(wrong), arrays[f"{key}/{output}"]
            if not compare.agrees(wrong, right.value, right.tolerance):
                with np.errstate(over="ignore"):  # what float32 cannot hold is inf there
                    wrong = wrong.astype(np.float32)
                tolerance = check.tolerance(case.inputs, output, np.nan_to_num(wrong))
                arrays[f"{key}/{output}/{cause}"] = Stored(wrong, tolerance)
    return arrays


def _exact(value: Any) -> Any:
    """Return float32 numbers in float64: how float32 rounds their products is different from machine to machine."""
    single = isinstance(value, np.ndarray) and value.dtype == np.float32
    return value.astype(np.float64) if single else value


def _without_rounding(value: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """Return `value` with 0 for what only rounding keeps from it: entries of less than a billionth of the tolerance."""
    return np.where(np.isfinite(tolerance) & (np.abs(value) < 1e-9 * tolerance), 0, value)


def differs(stored: dict[str, np.ndarray], fresh: dict[str, Stored]) -> bool:
    """Return whether an archive holds other names than a fresh one, or numbers that its checks would tell apart."""
    return stored.keys() != fresh.keys() or not all(
        compare.agrees(stored[key], np.asarray(value), tolerance) for key, (value, tolerance) in fresh.items()
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
            _save(path, {key: value for key, (value, _) in fresh.items()})
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
