"""The results folder, which contains the records of submissions. A file in records/ is never changed.

settings.json                    the assignment, the LMS, and the paths of the downloads
roster.csv                       who handed in what
secret                           determines the seeds of the hidden inputs: keep it to yourself
submissions/ab/<sha>.zip         the files that are used from each submission
records/ab/<sha>.<grader>.json   the automatic record: one for each submission and each Grader (see below)
errors/ab/<sha>.<grader>.json    failures of the grader itself; the next run tries again
conflicts/ab/<sha>.<grader>.json results that differ from the record of the same grader
events.jsonl                     the decisions on which version of the grader counts, in order
times-*.jsonl                    how long grading took
manual/*.jsonl  policy.toml  exceptions.csv   the decisions of people
out/                             tables and pages, all of which can be made again
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from grading import store

Record = dict[str, Any]
ERROR = "grader error"
SHA = re.compile(r"[0-9a-f]{64}")


class RecordsError(RuntimeError):
    """A command cannot be carried out; the message says why."""


@dataclass(frozen=True)
class Grader:
    """A grader: its version, its set of seeds, and "none" if there is no sandbox. Each grader has its own records."""

    version: str
    seed_set: str
    sandbox: str = ""

    @property
    def id(self) -> str:
        """A name for this combination of version, seeds and sandbox, which can be part of a file's name."""
        words = f"{self.version}\0{self.seed_set}\0{self.sandbox}"
        shown = re.sub(r"[^\w.-]", "-", self.version)[:40].strip(".")
        return f"{shown}-{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def seed_set(secret: bytes, seeds: int) -> str:
    """Return a name for the seeds that follow from a secret; the name does not reveal the secret."""
    return f"{seeds}-{hmac.new(secret, b'name of the seed set', 'sha256').hexdigest()[:12]}"


class Results:
    """A results folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._name = f"{socket.gethostname()}-{secrets.token_hex(6)}"  # the name of this process's log

    def path(self, *parts: str) -> Path:
        """Return the path of something in the folder."""
        return self.folder.joinpath(*parts)

    @property
    def submissions(self) -> Path:
        """The folder with the files that are used from the submissions."""
        return self.path("submissions")

    def secret(self) -> bytes:
        """Return the secret of this results folder, creating it if needed. Raises RecordsError if it is too short."""
        path = self.path("secret")
        if not path.exists():
            store.write(path, secrets.token_hex(32).encode() + b"\n", mode=0o600)
        found = path.read_bytes().strip()
        if len(found) < 32:
            raise RecordsError(f"{path} has fewer than 32 characters, which is too few for a secret")
        return found

    def settings(self) -> dict[str, Any]:
        """Return the content of settings.json. Raises RecordsError if it is damaged, or if there is none."""
        try:
            return json.loads(self.path("settings.json").read_bytes())
        except FileNotFoundError:
            raise RecordsError(f"{self.folder} is not a results folder: start with python -m grading intake") from None
        except ValueError:
            raise RecordsError(f"{self.path('settings.json')} is damaged") from None

    def write_settings(self, settings: dict[str, Any]) -> None:
        """Write settings.json. Raises OSError."""
        store.write(self.path("settings.json"), dumps(settings))

    # Records

    def _file(self, kind: str, sha256: str, grader: str) -> Path:
        return self.path(kind, sha256[:2], f"{sha256}.{grader}.json")

    def record(self, sha256: str, grader: str) -> Record | None:
        """Return a grader's record of a submission, or None if there is none. Raises RecordsError if it is damaged."""
        return _load(self._file("records", sha256, grader))

    def error(self, sha256: str, grader: str) -> Record | None:
        """Return the record of a failure of the grader, or None if there is none or a later try succeeded.

        Raises RecordsError if the record is damaged.
        """
        return None if self.record(sha256, grader) else _load(self._file("errors", sha256, grader))

    def has(self, sha256: str, grader: str) -> bool:
        """Return whether there is a grader's record of a submission."""
        return self._file("records", sha256, grader).is_file()

    def keep(self, record: Record, grader: str) -> str:
        """Store what the grader found in a submission, and return "new", "same", "different" or "error".

        A record that exists is never changed: one that differs from it goes to conflicts/, for a person to look at. If
        the grader failed, as a whole or in any exercise, the record goes to errors/, and the next run tries again.
        """
        sha256 = record["submission"]
        fixed, seconds = without_times(record)
        if failed(record):
            store.write(self._file("errors", sha256, grader), dumps(fixed))
            return "error"
        path, content = self._file("records", sha256, grader), dumps(fixed)
        told = "new"
        if path.exists():
            told = "same" if path.read_bytes() == content else "different"
        if told == "different":
            store.write(self._file("conflicts", sha256, grader), content)
        elif told == "new":
            store.write(path, content)
            with suppress(FileNotFoundError):
                self._file("errors", sha256, grader).unlink()
        if told != "different":
            line = json.dumps({"submission": sha256, "grader": grader, "seconds": seconds})
            store.append(self.path(f"times-{self._name}.jsonl"), line)
        return told

    def graders_of(self, sha256: str) -> list[str]:
        """Return the ids of the graders that have a record of a submission."""
        beginning = f"{sha256}."
        found = self.path("records", sha256[:2]).glob(f"{beginning}*.json")
        return sorted(path.name[len(beginning) : -len(".json")] for path in found)

    def times(self, grader: str) -> dict[str, dict[str, float]]:
        """Return {submission: {exercise: seconds, "": seconds in total}} for one grader."""
        found: dict[str, dict[str, float]] = {}
        for path in sorted(self.folder.glob("times-*.jsonl")):
            found |= {one["submission"]: one["seconds"] for one in read_log(path) if one.get("grader") == grader}
        return found

    # Events

    def decide(self, kind: str, grader: Grader, students: Iterable[str] = (), exercises: Iterable[str] = ()) -> None:
        """Record that a grader counts from now on, for all students and exercises or for some; see in_force.

        Nothing is recorded if the last event says the same.
        """
        event: dict[str, Any] = {"kind": kind, "grader": grader.id, "version": grader.version, "seeds": grader.seed_set}
        event |= {"sandbox": grader.sandbox, "students": sorted(students), "exercises": sorted(exercises)}
        past = self.events()
        if past and {key: value for key, value in past[-1].items() if key != "time"} == event:
            return
        time = datetime.now(timezone.utc).isoformat(timespec="seconds")
        store.append(self.path("events.jsonl"), json.dumps({"time": time} | event, ensure_ascii=False))

    def events(self) -> list[dict[str, Any]]:
        """Return the events in events.jsonl, in order."""
        return list(read_log(self.path("events.jsonl")))


def in_force(events: Iterable[Mapping[str, Any]], student: str, exercise: str = "") -> list[str]:
    """Return the ids of the graders for one student and exercise, in order: the first one with a record counts.

    If `exercise` is "", events that are for some exercises only are ignored.

    A regrade replaces the graders before it. A run only adds a grader, for students who have no record yet, so
    that grading a late submission with a newer grader does not change anybody else's mark.
    """
    found: list[str] = []
    for event in events:
        for_student = not event["students"] or student in event["students"]
        for_exercise = not event["exercises"] or exercise in event["exercises"]
        if for_student and for_exercise:
            if event["kind"] == "regrade":
                found = [event["grader"]]
            elif event["grader"] not in found:
                found.append(event["grader"])
    return found


def failed(record: Record) -> bool:
    """Return whether the grader itself failed, as a whole or in any exercise."""
    return bool(record.get("failure")) or any(one["status"] == ERROR for one in record["exercises"])


def without_times(record: Record) -> tuple[Record, dict[str, float]]:
    """Return a record without the parts that differ between runs, and {exercise: seconds, "": seconds in total}."""
    seconds = {one["name"]: round(float(one.get("seconds") or 0), 4) for one in record["exercises"]}
    seconds[""] = round(float(record.get("seconds") or 0), 4)
    fixed = {key: value for key, value in record.items() if key != "seconds"}
    fixed["exercises"] = [{key: value for key, value in one.items() if key != "seconds"} for one in record["exercises"]]
    return fixed, seconds


def dumps(content: object) -> bytes:
    """Return JSON as bytes, always the same for the same content. Raises ValueError for NaN and infinity."""
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def read_log(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries of a log; an incomplete line from a killed process is skipped."""
    with suppress(FileNotFoundError), path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            with suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict):
                    yield entry


def _load(path: Path) -> Record | None:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        raise RecordsError(f"{path} is damaged: delete it, and run again") from None


def merge(into: Results, others: Iterable[Results]) -> dict[str, int]:
    """Copy the records, errors, times and events of shards into one folder.

    Return {"new", "same" or "different": number of records}; different ones are not copied. Raises RecordsError if a
    record is damaged, or if its file is not named after its submission.
    """
    counts = {"new": 0, "same": 0, "different": 0}
    for other in others:
        for kind in ("records", "errors"):
            for path in sorted(other.path(kind).glob("??/*.json")):
                sha256, _, rest = path.name.partition(".")
                content = path.read_bytes()
                if not SHA.fullmatch(sha256) or (_load(path) or {}).get("submission") != sha256:
                    raise RecordsError(f"{path} is not a record of the submission that it is named after")
                target = into._file(kind, sha256, rest.removesuffix(".json"))
                if kind == "errors" and into.has(sha256, rest.removesuffix(".json")):
                    continue
                told = "new" if not target.exists() else "same" if target.read_bytes() == content else "different"
                if told == "new":
                    store.write(target, content)
                counts[told] += kind == "records"
        for path in sorted(other.folder.glob("times-*.jsonl")):
            store.write(into.path(path.name), path.read_bytes())
        known = {json.dumps({**one, "time": ""}, sort_keys=True) for one in into.events()}
        for event in other.events():
            if json.dumps({**event, "time": ""}, sort_keys=True) not in known:
                store.append(into.path("events.jsonl"), json.dumps(event, ensure_ascii=False))
    return counts
