"""Grade submissions, or a share of them, on the cores of this machine or on a cluster.

Any `concurrent.futures.Executor` will do. Only a few submissions are in progress at a time, and each result is written
as soon as it is known. So memory use hardly grows with the size of the class, and if this process is killed, only the
work in progress is lost.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading import work
from grading.intake.roster import path_of
from grading.records import Grader, Record, Results, failed

TRIES = 3  # at most this many tries for a submission, if the grader itself or a machine of a cluster fails
PER_WORKER = 2  # submissions in progress for each worker
Progress = Callable[[int, int, str], object]


@dataclass(frozen=True)
class Setting:
    """How submissions are graded: everything that a unit of work needs in addition to the submission."""

    assignment: str
    secret: bytes
    grader: Grader
    seeds: int = 2
    sandbox: str = ""
    engine: str = work.ENGINE


def shard(submissions: Iterable[str], part: str) -> list[str]:
    """Return the submissions (hashes) in a share such as "3/16"; the share of a submission depends only on its hash.

    Raises ValueError if `part` is not a share.
    """
    number, _, of = part.partition("/")
    if not (number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of)):
        raise ValueError(f"{part!r} is not a share such as 3/16")
    return [one for one in submissions if int(one[:12], 16) % int(of) == int(number) - 1]


def run(
    results: Results,
    submissions: Iterable[str],
    setting: Setting,
    executor: Executor,
    workers: int,
    progress: Progress = lambda done, all_of_them, told: None,
) -> Counter[str]:
    """Grade submissions (hashes), whether they have a record or not; return {what Results.keep returned: how often}."""
    left = list(dict.fromkeys(submissions))
    done: Counter[str] = Counter()
    for record in _graded(left, setting, executor, workers * PER_WORKER, results.submissions):
        told = results.keep(record, setting.grader.id)
        done[told] += 1
        progress(sum(done.values()), len(left), told)
    return done


def without_record(results: Results, submissions: Mapping[str, Collection[str]]) -> list[str]:
    """Return the submissions in {submission: ids of graders} that have no record by any of their own graders."""
    return [one for one, graders in submissions.items() if not any(results.has(one, grader) for grader in graders)]


def _graded(left: Sequence[str], setting: Setting, executor: Executor, window: int, folder: Path) -> Iterator[Record]:
    """Yield a record for each submission, in the order in which they are finished.

    If the grader fails, the submission is tried again, at most TRIES times in total.
    """
    queue = iter(left)
    again: list[tuple[str, int]] = []
    under_way: dict[Future[Any], tuple[str, int]] = {}
    while True:
        while len(under_way) < window and (following := again.pop() if again else (next(queue, ""), 1))[0]:
            under_way[_submit(executor, following[0], setting, folder)] = following
        if not under_way:
            return
        finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in finished:
            submission, number = under_way.pop(future)
            record = _result(future, submission, setting)
            del future  # the result stays in memory for as long as something refers to it
            if failed(record) and number < TRIES:
                again.append((submission, number + 1))
            else:
                yield record
        del finished


def _submit(executor: Executor, submission: str, setting: Setting, folder: Path) -> Future[Any]:
    try:
        content = path_of(folder, submission).read_bytes()
    except OSError as error:
        lost: Future[Any] = Future()
        lost.set_exception(error)
        return lost
    how = (setting.assignment, submission, setting.secret, setting.seeds, setting.sandbox, setting.engine)
    return executor.submit(work.grade, content, *how)


def _result(future: Future[Any], submission: str, setting: Setting) -> Record:
    """Return the record from a unit of work, or a record of failure if there is none, or none that can be used."""
    try:
        record = json.loads(future.result())
        if record["submission"] != submission or record["assignment"] != setting.assignment:
            raise ValueError("the record is for a different submission or assignment")
        if not failed(record) and record["grader"] != setting.grader.version:
            raise ValueError(
                f"a worker has version {record['grader']} of the grader, expected {setting.grader.version}"
            )
        if not failed(record) and not record["exercises"]:
            raise ValueError("the record has no exercises")
        return record
    except Exception as error:
        return work.failure(submission, setting.assignment, f"{type(error).__name__}: {error}")


@contextmanager
def threads(jobs: int = 0) -> Iterator[tuple[Executor, int]]:
    """Yield a pool of threads, each of which waits for one sandbox at a time, and the number of threads."""
    jobs = jobs or available_cores()
    executor = ThreadPoolExecutor(jobs, "grading")
    try:
        yield executor, jobs
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def available_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
