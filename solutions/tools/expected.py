"""Write the exercises' expected/*.npz: the outputs of the masters in every case, and those of known mistakes.

This module runs in a process of its own, in which `cs231n` is the package of the solved tree: `python -m solutions
stubs` starts it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from cs231n.tutor import course, exercises
from cs231n.tutor.checks import compare, oracle
from cs231n.tutor.checks.check import Case, Check
from cs231n.tutor.checks.diagnosis import trials
from cs231n.tutor.checks.target import LocalTarget
from solutions import attempts
from solutions.attempts import Attempt
from solutions.tools import generate, notebooks


class Stored(NamedTuple):
    """An array of an archive, and how far the same array may be from it when another machine computes it."""

    value: np.ndarray
    tolerance: np.ndarray


def compute(family: str) -> dict[str, Stored]:
    """Return the arrays of <family>.npz. Checks that share expected values share the arrays of the first of them."""
    checks = import_module(f"cs231n.tutor.exercises.{family}").CHECKS
    arrays: dict[str, Stored] = {}
    for check in {check.stored_as: check for check in reversed(checks)}.values():
        mistakes = _mistakes([one for one in checks if one.stored_as == check.stored_as])
        for case in check.drawn:
            arrays |= _case_arrays(check, case, {} if case.fragile else mistakes)
    return arrays


def _mistakes(checks: list[Check]) -> dict[str, Callable[[dict], dict[str, np.ndarray]]]:
    """Return {id: function that returns the outputs for given inputs} for the known mistakes in these exercises.

    The id is that of the cause; for a further way to make the same mistake, a number is added to it: "sign~2".
    """
    asked = {check.name: check for check in checks}
    mistakes: dict[str, Callable] = {}
    ways: Counter[str] = Counter()
    for one in attempts.everything("WRONG"):
        if one.stored and one.exercise in asked:
            ways[one.cause] += 1
            way = f"{oracle.WAY}{ways[one.cause]}" if ways[one.cause] > 1 else ""
            mistakes[one.cause + way] = _outputs_of(one, asked[one.exercise])
    return mistakes


def _outputs_of(attempt: Attempt, check: Check) -> Callable[[dict], dict[str, np.ndarray]]:
    """Return a function that returns the outputs of an attempt for given inputs, or {} if the attempt fails."""

    def outputs(inputs: dict) -> dict[str, np.ndarray]:
        with pytest.MonkeyPatch.context() as patch:
            return LocalTarget({**cell_functions(), **attempt.install(patch)}).run(check.recipe, inputs).value or {}

    return outputs


@cache
def cell_functions() -> dict:
    """Return {exercise: the master's function} for the exercises that are written in cells of notebooks."""
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


def _case_arrays(check: Check, case: Case, mistakes: dict[str, Callable]) -> dict[str, Stored]:
    inputs = oracle.in_double(case.inputs)
    run = LocalTarget(cell_functions()).run(check.recipe, inputs)
    if run.failure:
        raise RuntimeError(f"the master of {check.name} failed with {case.name}: {run.failure}")
    key = f"{check.stored_as}/{case.name}"
    fingerprint = np.float64(oracle.fingerprint(case.inputs))
    arrays = {f"{key}/#": Stored(fingerprint, 1e-9 * fingerprint)}
    for output, right in run.value.items():
        tolerance = check.tolerance(case.inputs, output, right)
        arrays[f"{key}/{output}"] = Stored(_without_rounding(right, tolerance), tolerance)
    for cause, mistake in mistakes.items():
        for output, wrong in mistake(inputs).items():
            wrong, stored = np.asarray(wrong), arrays[f"{key}/{output}"]
            if not compare.agrees(wrong, stored.value, stored.tolerance):
                tolerance = check.tolerance(case.inputs, output, np.nan_to_num(wrong))
                arrays[f"{key}/{output}/{cause}"] = Stored(_in_single(wrong, tolerance), tolerance)
    return arrays | _what_matters(check, key, inputs, arrays)


def _what_matters(check: Check, key: str, inputs: dict, arrays: dict[str, Stored]) -> dict[str, Stored]:
    """Return an entry for each pair of a number or flag among the inputs and an output that changes with it."""
    marks = {}
    for name in trials.numbers(inputs):
        value = inputs[name]
        other = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else value / 2 + 0.125
        for output, found in LocalTarget(cell_functions()).run(check.recipe, inputs | {name: other}).value.items():
            right = arrays[f"{key}/{output}"]
            if not compare.agrees(np.asarray(found), right.value, right.tolerance):
                marks[f"{key}/{output}/{oracle.MATTERS}{name}"] = Stored(np.ones(()), np.zeros(()))
    return marks


def _without_rounding(value: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """Return `value` with 0 for entries below a billionth of the tolerance, which are only rounding errors."""
    return np.where(np.isfinite(tolerance) & (np.abs(value) < 1e-9 * tolerance), 0, value)


def _in_single(value: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """Return `value` in float32, rounded to 18 significant bits where this changes it by less than tolerance / 3.

    Numbers that are too large for float32 become inf.
    """
    mantissa, exponent = np.frexp(value.astype(np.float64))
    rounded = np.ldexp(np.rint(mantissa * 2**18), exponent - 18)
    with np.errstate(all="ignore"):
        small = np.abs(rounded - value) < tolerance / 3
        return np.where(small, rounded, value).astype(np.float32)


def differs(stored: dict[str, np.ndarray], fresh: dict[str, Stored]) -> bool:
    """Return whether an archive differs from a fresh one in its names, or in numbers by more than their tolerance.

    The order of the names matters too: if several mistakes fit, the first one is named.
    """
    names = oracle.unpack(oracle.pack({key: np.asarray(value) for key, (value, _) in fresh.items()}))
    return list(stored) != list(names) or not all(
        compare.agrees(stored[key], np.asarray(value), tolerance) for key, (value, tolerance) in fresh.items()
    )


def write(folder: Path, check_only: bool = False, families: Iterable[str] = ()) -> list[str]:
    """Write the archives of all families, or of `families`, that are missing or outdated; return their names.

    With `check_only`, nothing is written.
    """
    stale = []
    for family in families or exercises.FAMILIES:
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
        np.savez_compressed(file, **oracle.pack(arrays))  # type: ignore[arg-type]  # numpy expects a flag as a keyword too
    partial.replace(path)


if __name__ == "__main__":
    chosen = [word for word in sys.argv[2:] if word != "--check"]
    print("\n".join(write(Path(sys.argv[1]), "--check" in sys.argv, chosen)))
