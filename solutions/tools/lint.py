"""List what an exercise still lacks: a line for each part, with its place and what to do, in the order of the work."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from cs231n.tutor import course, exercises
from cs231n.tutor.checks import isolated
from cs231n.tutor.checks.diagnosis.sample import is_array
from solutions import attempts
from solutions.tools import generate, regions, release, skeleton

FEWEST = {"WRONG": 6, "RIGHT": 3}
MASTERS = generate.HERE
CHECKS = "cs231n/tutor/exercises"


def missing(names: Sequence[str], stale: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Yield a line for each missing part of the exercises; stale() returns those about generated files."""
    for name in names:
        yield from _of_data(name)
        yield from _of_master(name)
        yield from _of_check(name)
        yield from _of_attempts(name)
        yield from _of_notebook(name)
    left = list(stale())
    yield from left
    if not left:  # otherwise the checks have outdated expected values
        yield from _of_verdicts(names)


def find(name: str) -> course.Exercise:
    """Return an exercise that is written in a file. Raises LookupError, which says what to do, if there is none."""
    known = course.exercises()
    if name not in known:
        told = f"no exercise in cs231n/tutor/assignment*.toml is called {name}. {course.did_you_mean(name, known)}"
        start = f"python -m solutions new {name} --in cs231n/FILE.py --notebook ASSIGNMENT/NOTEBOOK starts it."
        raise LookupError(f"{told.strip()}\n{start}")
    return known[name][1]


def _of_data(name: str) -> Iterator[str]:
    assignment, exercise = course.exercises()[name]
    path = f"cs231n/tutor/{assignment.name}.toml"
    entry = f'name = "{name}"'
    place = f"{path}:{_line_of(path, entry)}"
    if exercise.points < 1:
        yield f"{place}: {name} gives no points; write points = 1 or more"
    if len(exercise.hints) != 3:
        told = "write three: where to look, the idea, nearly the answer"
        yield f"{place}: {name} has {len(exercise.hints)} hints; {told}"
    unknown = [need for need in exercise.needs if need not in course.exercises()]
    if unknown:
        yield f"{place}: {name} needs {', '.join(unknown)}, which is not an exercise"
    yield from _unfinished(path)


def _of_master(name: str) -> Iterator[str]:
    exercise = find(name)
    path = f"{MASTERS}/{exercise.file}"
    problem = _master_problem(name)
    if problem:
        yield problem
        return
    wanted = ["You fill this in", course.exercises()[name][0].name.replace("ment", "ment "), exercise.notebook]
    if not all(words in _lines(path)[0] for words in wanted):
        yield f"{path}:1: the first line must contain {', '.join(map(repr, wanted))}, as in the other masters"
    if exercise.file not in _lines(release.MANIFEST):
        yield f"{release.MANIFEST}: {exercise.file} is not listed; commit it, then make release ARGS=--update-manifest"
    yield from _unfinished(path)


def _master_problem(name: str) -> str | None:
    """Return why the stub of this exercise cannot be generated from its master, or None if it can be."""
    exercise = find(name)
    path = f"{MASTERS}/{exercise.file}"
    if not (generate.ROOT / path).is_file():
        return f"{path}: is missing; write it, and begin as the other masters do: 'You fill this in (assignment …)'"
    text = "\n".join(_lines(path))
    found = _function(ast.parse(text), exercise)
    if found is None:
        return f"{path}: there is no {exercise.function or name}; write it"
    try:
        inside = [one for one in regions.find_regions(text, path) if found[0] <= one.begin < found[1]]
        regions.to_stub(text, path)
    except regions.MarkerError as error:
        return str(error)
    if not inside:
        told = f"put its code between '{regions.BEGIN}' and '{regions.END}'"
        return f"{path}:{found[0]}: {name} has no solution region; {told}"
    return None


def _function(tree: ast.Module, exercise: course.Exercise) -> tuple[int, int] | None:
    """Return the first and the last line of the function of an exercise, or None if there is no such function."""
    owner, _, attribute = (exercise.function or exercise.name).rpartition(".")
    homes: list[ast.AST] = [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef) and one.name == owner]
    for node in (node for home in homes or [tree] for node in ast.walk(home)):
        if isinstance(node, ast.FunctionDef) and node.name == attribute:
            return node.lineno, node.end_lineno or node.lineno
    return None


def _of_check(name: str) -> Iterator[str]:
    family, check = exercises.registry().get(name, ("", None))
    if check is None:
        yield f"{CHECKS}/: no family has a Check of {name} in its CHECKS; write one"
        return
    path = f"{CHECKS}/{family}.py"
    arrays = {one for case in check.drawn for one, value in case.inputs.items() if is_array(value)}
    if bare := arrays - check.axes.keys():
        yield f"{path}: the check of {name} does not name the axes of {', '.join(sorted(bare))}; declare axes"
    cases = [case.name for case in check.drawn]
    if not cases or len(set(cases)) < len(cases):
        yield f"{path}: the check of {name} has no cases, or two with the same name; write cases with different names"
    yield from _unfinished(path)


def _of_attempts(name: str) -> Iterator[str]:
    tried = {which: [one for one in attempts.everything(which) if one.exercise == name] for which in FEWEST}
    place, causes, quoted = f"{MASTERS}/attempts/", dict[str, tuple[str, str]](), f'"{name}"'
    for module in attempts.families():
        causes |= module.CAUSES
        if any(one.exercise == name for which in FEWEST for one in getattr(module, which, [])):
            path = f"{MASTERS}/attempts/{Path(module.__file__ or '').name}"
            place = f"{path}:{_line_of(path, quoted)}"
            yield from _unfinished(path)
    for which, least in FEWEST.items():
        if len(tried[which]) < least:
            missing = least - len(tried[which])
            yield f"{place}: {name} has {len(tried[which])} attempts in {which}; write {missing} more"
    for cause in dict.fromkeys(one.cause for one in tried["WRONG"] if one.cause):
        if not all(causes.get(cause, [""])):
            yield f"{place}: the cause {cause!r} of {name} has no words or no hint; add them to CAUSES"


def _of_notebook(name: str) -> Iterator[str]:
    assignment, exercise = course.exercises()[name]
    path = f"{MASTERS}/{assignment.name}/{exercise.notebook}.py"
    call = f'checks.run("{name}"'
    books = [f"{MASTERS}/{part.name}/{stem}.py" for part in course.ASSIGNMENTS for stem in part.notebooks]
    cells = [book for book in books for line in _lines(book) if line.startswith(call)]
    if cells != [path]:
        there = f"in {', '.join(cells)}" if cells else "nowhere"
        yield f"{path}: there must be one cell {call}), here and nowhere else; it is {there}"
    yield from _unfinished(path)


def _of_verdicts(names: Iterable[str]) -> Iterator[str]:
    written = [name for name in names if name in exercises.registry() and _master_problem(name) is None]
    solved = isolated.verdicts(written, tree=generate.write_solved())
    for stub, master in zip(isolated.verdicts(written), solved, strict=True):
        file = find(stub.name).file
        if stub.status != "todo":
            yield f"{stub.where or file}: the stub of {stub.name} should be to do, but is {stub.status}: {stub.message}"
        if master.status != "pass" or master.advice:
            told = master.advice or f"{master.message} {master.cause}"
            yield f"{MASTERS}/{file}: the master of {stub.name} should pass without advice: {master.status}, {told}"


def _unfinished(path: str) -> list[str]:
    found = [number for number, line in enumerate(_lines(path), 1) if skeleton.MARK in line]
    return [f"{path}:{number}: {skeleton.MARK}; {_rest(path, number)}" for number in found]


def _rest(path: str, number: int) -> str:
    """Return what has to be written in place of the placeholder in a line."""
    told = _lines(path)[number - 1].rpartition(skeleton.MARK)[2].strip(" :.\"',)")
    return f"write {told}" if told else "write it"


def _lines(path: str) -> list[str]:
    return (generate.ROOT / path).read_text(encoding="utf-8").splitlines()


def _line_of(path: str, text: str) -> int:
    """Return the number of the first line that contains a text, or 1 if none does."""
    return next((number for number, line in enumerate(_lines(path), 1) if text in line), 1)
