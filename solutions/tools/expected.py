"""Write the exercises' expected/*.npz: what the masters give, and what well-known mistakes would, in every case.

Runs inside the solved tree (`python -m solutions stubs` sees to that), so that `cs231n` is the masters'.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from cs231n.tutor import course, exercises
from cs231n.tutor.checks import compare, oracle
from cs231n.tutor.checks.check import Case, Check
from cs231n.tutor.checks.target import LocalTarget
from solutions import attempts
from solutions.attempts import Attempt
from solutions.tools import generate, notebooks


def compute(family: str) -> dict[str, np.ndarray]:
    """Return everything that belongs into <family>.npz."""
    arrays: dict[str, np.ndarray] = {}
    for checks in _sharing(import_module(f"cs231n.tutor.exercises.{family}").CHECKS):
        mistakes = {one.cause: _outputs_of(one, checks[one.exercise]) for one in _known() if one.exercise in checks}
        first = next(iter(checks.values()))
        for case in first.cases():
            arrays |= _case_arrays(first, case, {} if case.fragile else mistakes)
    return arrays


def _sharing(checks: tuple[Check, ...]) -> list[dict[str, Check]]:
    """Return the checks by name, those that share their stored values together."""
    keys = dict.fromkeys(check.stored_as for check in checks)
    return [{check.name: check for check in checks if check.stored_as == key} for key in keys]


@cache
def _known() -> list[Attempt]:
    """Return the attempts that are recognised by their outputs."""
    return [attempt for attempt in attempts.everything("WRONG") if attempt.stored]


def _outputs_of(attempt: Attempt, check: Check) -> Callable[[dict], dict[str, np.ndarray]]:
    """Return a function of the inputs: the outputs of an attempt, none where it fails."""

    def outputs(inputs: dict) -> dict[str, np.ndarray]:
        with pytest.MonkeyPatch.context() as patch:
            return LocalTarget({**cell_functions(), **attempt.install(patch)}).run(check.recipe, inputs).value or {}

    return outputs


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


def _case_arrays(check: Check, case: Case, mistakes: dict[str, Callable]) -> dict[str, np.ndarray]:
    run = LocalTarget(cell_functions()).run(check.recipe, case.inputs)
    if run.failure:
        raise RuntimeError(f"the master of {check.name} fails with {case.name}: {run.failure}")
    key = f"{check.stored_as}/{case.name}"
    arrays = {f"{key}/#": np.float64(oracle.fingerprint(case.inputs))}
    arrays |= {f"{key}/{output}": right for output, right in run.value.items()}
    for cause, mistake in mistakes.items():
        for output, wrong in mistake(case.inputs).items():
            right = run.value[output]
            if not compare.agrees(np.asarray(wrong), right, check.tolerance(case.inputs, output, right)):
                with np.errstate(over="ignore"):  # what float32 cannot hold is inf there
                    arrays[f"{key}/{output}/{cause}"] = np.asarray(wrong, dtype=np.float32)
    return arrays


def differs(stored: dict[str, np.ndarray], fresh: dict[str, np.ndarray]) -> bool:
    """Return whether two sets of expected values differ by more than the last digits another machine may give."""
    if list(stored) != list(fresh):  # in this order: the first mistake that fits is named
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
