"""The verbs of `python -m grading`; each is a function that takes the parsed arguments and returns an exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable

from cs231n.tutor import course
from cs231n.tutor.terminal import Screen, plain
from grading import cluster, exceptions, marks, records, run, store, work
from grading.intake import layouts, roster
from grading.intake.source import open_source
from grading.out import everything, words
from grading.records import Grader, Results

DONE, FAILED, UNCLEAR, UNFINISHED = 0, 1, 2, 3
MOST_LINES = 20
PROBED = {
    "read": "files of others",
    "processes": "other processes",
    "signals": "signals",
    "write": "writing outside its folder",
    "start": "new processes",
    "memory": "too much memory",
}


def intake(args: argparse.Namespace) -> int:
    """Read a download, write roster.csv, and print what was understood and what was not."""
    results = Results(args.results)
    layout = layouts.custom(args.regex) if args.regex else layouts.named(args.layout) if args.layout else None
    specials = exceptions.read(results.path("exceptions.csv"))
    screen = Screen(sys.stdout)
    store.sweep(args.results)
    sources = [open_source(path) for path in args.source]
    taken = roster.take(sources, args.assignment, results.submissions, layout, specials, screen.passing)
    screen.passing()
    settings = {"assignment": args.assignment, "lms": _lms(taken.layouts), "sources": [str(one) for one in args.source]}
    results.write_settings(settings)
    roster.write(results.path(roster.NAME), taken.rows)
    if not results.path("policy.toml").exists():
        store.write(results.path("policy.toml"), marks.POLICY.encode())
    results.secret()
    _say_taken(taken, results)
    if taken.too_doubtful and not args.go_on:
        _warn(_why_not_yet(taken, args.assignment))
        return UNCLEAR
    return DONE


def _why_not_yet(taken: roster.Taken, assignment: str) -> str:
    """Return why a download is not graded yet, and what to do."""
    other = "if file names were misunderstood, use --layout or --regex."
    if not taken.counting:
        return f"No attempt at {assignment} was found, so nothing is graded yet; {other}"
    return (
        f"{len(taken.doubtful)} submissions or files are unclear, which is more than a few, so nothing is graded yet. "
        f"If students packed or named their files wrongly, use --go-on (with make: ARGS=--go-on); {other}"
    )


def _lms(told: Iterable[str]) -> str:
    names = {layout.told: layout.name for layout in layouts.TABLE}
    found = {names.get(one, "") for one in told}
    return found.pop() if len(found) == 1 else ""


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _say_taken(taken: roster.Taken, results: Results) -> None:
    attempts, students = len(taken.rows), len(taken.counting)
    read = f"{_many(students, 'student')}, {_many(attempts, 'attempt')}"
    print(f"Understood as {' and '.join(dict.fromkeys(taken.layouts))}: {read}.")
    renamed = sum(bool(row.remarks) for row in taken.counting)
    late = sum(row.late for row in taken.counting)
    told = [f"{count} {what}" for count, what in ((late, "late"), (renamed, "with a remark")) if count]
    if told:
        print(f"{', '.join(told)}.")
    _list(taken.doubtful)
    _list(taken.strange)
    print(f"The details are in {results.path(roster.NAME)}.")


def grade(args: argparse.Namespace) -> int:
    """Read a download, grade it, and write all tables and pages."""
    code = intake(args)
    if code:
        return code
    code = run_all(args)
    return write(args) or code


def run_all(args: argparse.Namespace) -> int:
    """Grade the submissions that have no record yet."""
    results = Results(args.results)
    return _run(args, results, [row for row in roster.read(results.path(roster.NAME)) if row.counts], "run")


def regrade(args: argparse.Namespace) -> int:
    """Grade all or some submissions again, replace their verdicts with the new ones, and write all tables and pages."""
    results = Results(args.results)
    rows = [row for row in roster.read(results.path(roster.NAME)) if row.counts]
    if args.student:
        called = roster.called(rows)
        if shared := [one for one in args.student if called.get(one.casefold(), True) is None]:
            raise records.RecordsError(f"{shared[0]!r} fits more than one student: give the key from roster.csv")
        known = {one: row for one, row in called.items() if row}
        _see_that_known(args.student, known, "student")
        rows = [known[one.casefold()] for one in args.student]
    if args.exercise:
        names = [one.name for one in course.find_assignment(results.settings()["assignment"]).exercises]
        _see_that_known(args.exercise, {name.casefold(): name for name in names}, "exercise")
    code = _run(args, results, rows, "regrade")
    return write(args) or code


def _see_that_known(wanted: Iterable[str], known: dict, what: str) -> None:
    for one in wanted:
        if one.casefold() not in known:
            told = course.did_you_mean(one, known)
            raise records.RecordsError(f"there is no {what} {one!r}. {told}".strip())


def _run(args: argparse.Namespace, results: Results, rows: list[roster.Row], kind: str) -> int:
    assignment = results.settings()["assignment"]
    secret = results.secret()
    box = "none" if args.no_sandbox else ""
    grader = Grader(work.version(args.engine), records.seed_set(secret, args.seeds), box)
    setting = run.Setting(assignment, secret, grader, args.seeds, box, args.engine)
    if not args.cluster:
        chosen = work.sandbox(box, args.engine)
        print(_told_of(chosen))
    students = [row.key for row in rows] if getattr(args, "student", None) else []
    results.decide(kind, grader, students, getattr(args, "exercise", None) or [])
    wanted = {row.sha256: records.in_force(results.events(), row.key) for row in rows if row.sha256}
    if args.shard:
        wanted = {one: wanted[one] for one in run.shard(wanted, args.shard)}
    if kind == "regrade":
        left = run.without_record(results, dict.fromkeys(wanted, (grader.id,))) or list(wanted)
    else:
        left = run.without_record(results, wanted)
    screen = Screen(sys.stdout)

    def progress(done: int, of: int, told: str) -> None:
        screen.passing(f"{done} of {of} submissions graded")

    machines = (
        cluster.executor(args.cluster, args.tls_ca, args.tls_cert, args.tls_key)
        if args.cluster
        else run.threads(args.jobs)
    )
    with machines as (executor, workers):
        counts = run.run(results, left, setting, executor, workers, progress)
    screen.passing()
    counts["already"] = len(wanted) - len(left)
    print(_counted(counts, len(wanted)))
    others = len(wanted) - sum(results.has(one, grader.id) for one in wanted) - counts["error"]
    if others > 0:
        told = "records made with another version of the grader, other seeds or another choice of sandbox are kept"
        _warn(f"{told} for {_many(others, 'submission')} (to replace them, see regrade)")
    if counts["different"]:
        told = "got a result that differs from the one that the same grader recorded before"
        _warn(f"{_many(counts['different'], 'submission')} {told}: see {results.path('conflicts')}")
    return UNFINISHED if counts["error"] or counts["different"] else DONE


def _told_of(sandbox: object) -> str:
    """Return a line with the sandbox's name and the results of its test, in which a program tries to get out of it."""
    name, probe = getattr(sandbox, "name", "none"), getattr(sandbox, "probe", {})
    came = {one: [PROBED.get(what, what) for what, how in probe.items() if how == one] for one in probe.values()}
    return "; ".join([f"Sandbox: {name}", *(f"{one}: {', '.join(what)}" for one, what in came.items())])


def _counted(counts: Counter[str], of: int) -> str:
    words_for = {"new": "graded", "same": "graded again with the same result", "already": "had a record"}
    words_for |= {
        "different": "graded again with a DIFFERENT result",
        "error": "not graded because the grader failed (run again)",
    }
    told = [f"{counts[key]} {word}" for key, word in words_for.items() if counts[key]]
    return f"{_many(of, 'submission')}: {', '.join(told) or 'nothing to do'}."


def write(args: argparse.Namespace) -> int:
    """Write marks.csv, the class page and all feedback, and fill in the tables named by --canvas and --moodle."""
    results = Results(args.results)
    assignment = results.settings()["assignment"]
    found, written = everything.write(results, assignment)
    for one in written:
        print(f"written: {one}")
    for lms in everything.LMS:
        if path := getattr(args, lms, None):
            target, filled = everything.fill(results, lms, path, assignment, args.column or "")
            print(f"written: {target} ({_many(filled.changed, 'changed mark')})")
            _list(filled.told)
    _list(everything.strange(results, found))
    left = words.unfinished(found)
    if left:
        print(f"{len(found) - len(left)} of {len(found)} marks are known. The others:")
        _list(left)
    if notice := words.notice(found, results.events()):
        _warn(notice)
    return DONE


def _list(lines: list[str]) -> None:
    for line in lines[:MOST_LINES]:
        print(f"  {plain(line)}")
    if len(lines) > MOST_LINES:
        print(f"  … and {len(lines) - MOST_LINES} more")


def status(args: argparse.Namespace) -> int:
    """Print how far the grading has progressed."""
    results = Results(args.results)
    found = everything.compute(results)
    print(f"{results.settings()['assignment']}: {_many(len(found), 'student')}")
    for state, count in Counter(mark.status for mark in found).most_common():
        print(f"  {count} {state}")
    for event in results.events():
        who = ", ".join([*event["students"], *event["exercises"]]) or "all"
        print(f"  {event['time']}  {event['kind']}: {who}, grader {event['version']}")
    return DONE


def merge(args: argparse.Namespace) -> int:
    """Copy the records of shards into this results folder."""
    counts = records.merge(Results(args.results), [Results(one) for one in args.other])
    print(f"Records: {counts['new']} new, {counts['same']} known, {counts['different']} that differ from a known one.")
    return FAILED if counts["different"] else DONE


def gradescope(args: argparse.Namespace) -> int:
    """Grade one submission inside Gradescope's container, and write its results.json, even if grading fails."""
    from grading import autograder

    return autograder.grade_one(args.submission, args.output, args.assignment, args.secret, args.seeds, args.engine)


def autograder_zip(args: argparse.Namespace) -> int:
    """Build the zip for Gradescope from the last commit, and test it."""
    from grading import autograder

    path = autograder.build(args.assignment, args.output, Results(args.results).secret())
    for line in autograder.prove(path, args.engine):
        print(f"  {line}")
    print(f"written: {path} ({path.stat().st_size / 1e6:.1f} MB)")
    return DONE


def dask(args: argparse.Namespace) -> int:
    """Print the settings that a dask scheduler and its workers need, to be saved in a file in ~/.config/dask/."""
    print(json.dumps(cluster.nested(), indent=1))
    return DONE


def _warn(text: str) -> None:
    Screen(sys.stderr).line(plain(text))
