"""Runs: what is killed goes on, what fails is tried again, memory and order do not matter, shards add up."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future

import pytest

from grading import records, run, work
from grading.intake import roster, unpack
from grading.records import Grader, RecordsError, Results
from tests.fuzzing import TIMES
from tests.grading.fake_engine import NAME as ENGINE
from tests.grading.handed_in import kit, packed, put
from tests.student import ROOT

SHA = ["%064x" % (number * 2**200 + 7) for number in range(1, 40)]
SETTING = run.Setting("assignment1", b"s" * 32, Grader("v1", "2-abc"), engine=ENGINE)


def record(sha256, **more):
    rows = [{"name": "l2", "status": "pass", "points": 1, "out_of": 1, "seconds": 0.5}]
    return {"submission": sha256, "assignment": "assignment1", "exercises": rows, "seconds": 1.0, "grader": "v1"} | more


class Scripted(Executor):
    """An executor that does what a script says, and counts what is under way."""

    def __init__(self, answer):
        self.answer, self.most, self.calls = answer, 0, []

    def submit(self, function, content, assignment, submission, *rest):
        self.calls.append(submission)
        future = Future()
        try:
            future.set_result(self.answer(submission, self.calls.count(submission)))
        except Exception as error:
            future.set_exception(error)
        return future


def results_with(folder, shas):
    for sha256 in shas:
        put(folder, f"submissions/{sha256[:2]}/{sha256}.zip", b"zip")
    return Results(folder)


def test_a_record_is_written_once_and_never_changed(tmp_path):
    results = Results(tmp_path)
    assert results.keep(record(SHA[0]), "g") == "new"
    assert results.keep(record(SHA[0], seconds=9.0), "g") == "same"
    other = record(SHA[0])
    other["exercises"] = [{**other["exercises"][0], "points": 0}]
    assert results.keep(other, "g") == "different"
    assert results.record(SHA[0], "g")["exercises"][0]["points"] == 1
    assert results.times("g")[SHA[0]] == {"l2": 0.5, "": 9.0}
    assert list(tmp_path.glob("conflicts/*/*.json"))


def test_graders_do_not_mix():
    ids = {Grader(*three).id for three in (("v1", "2-a"), ("v1", "2-b"), ("v2", "2-a"), ("v1", "2-a", "none"))}
    assert len(ids) == 4 and all(one.startswith(("v1-", "v2-")) for one in ids)
    assert records.seed_set(b"a" * 32, 2) != records.seed_set(b"b" * 32, 2)


def test_what_fails_is_tried_again_and_then_listed(tmp_path):
    def answer(submission, number):
        if submission == SHA[0] and number < 3:
            raise OSError("the worker is gone")
        if submission == SHA[1]:
            return json.dumps(record(submission, exercises=[{"name": "l2", "status": "grader error"}]))
        return json.dumps(record(SHA[3] if submission == SHA[2] else submission))

    results = results_with(tmp_path, SHA[:5])
    executor = Scripted(answer)
    counts = run.run(results, SHA[:5], SETTING, executor, 1)
    assert counts == {"new": 3, "error": 2}
    grader = SETTING.grader.id
    assert results.has(SHA[0], grader) and not results.has(SHA[1], grader) and not results.has(SHA[2], grader)
    assert "a different submission" in results.error(SHA[2], grader)["failure"]
    assert [executor.calls.count(one) for one in SHA[:5]] == [3, 3, 3, 1, 1]
    fine = Scripted(lambda submission, number: json.dumps(record(submission)))
    left = run.without_record(results, dict.fromkeys(SHA[:5], (grader,)))
    assert left == SHA[1:3] and run.run(results, left, SETTING, fine, 1) == {"new": 2}
    assert results.error(SHA[1], grader) is None and not list(tmp_path.glob("errors/*/*"))


def test_a_worker_of_another_version_is_not_believed(tmp_path):
    executor = Scripted(lambda submission, number: json.dumps(record(submission, grader="v2" if number < 2 else "v1")))
    assert run.run(results_with(tmp_path, SHA[:1]), SHA[:1], SETTING, executor, 1) == {"new": 1}
    always = Scripted(lambda submission, number: json.dumps(record(submission, grader="v2")))
    assert run.run(results_with(tmp_path, SHA[1:2]), SHA[1:2], SETTING, always, 1) == {"error": 1}


def test_at_most_a_window_is_under_way(tmp_path):
    under_way, most = [], []

    class Slow(Executor):
        def submit(self, function, content, assignment, submission, *rest):
            future = Future()
            under_way.append((future, submission))
            most.append(len(under_way))
            if len(under_way) == 6:
                for future_, one in under_way:
                    future_.set_result(json.dumps(record(one)))
                under_way.clear()
            return future

    run.run(results_with(tmp_path, SHA[:36]), SHA[:36], SETTING, Slow(), 3)
    assert max(most) == 6


def test_a_lost_submission_is_an_error_of_the_grader(tmp_path):
    counts = run.run(Results(tmp_path), SHA[:1], SETTING, Scripted(None), 1)
    assert counts["error"] == 1


def test_shards_are_disjoint_and_complete():
    shares = [run.shard(SHA, f"{number}/3") for number in (1, 2, 3)]
    assert sorted(itertools.chain(*shares)) == sorted(SHA) and run.shard(SHA[::-1], "1/3") == shares[0][::-1]
    for wrong in ("0/3", "4/3", "x", "1/", "/2"):
        with pytest.raises(ValueError, match="not a share"):
            run.shard(SHA, wrong)


def test_shards_are_merged(tmp_path):
    one, two, all_ = (Results(tmp_path / name) for name in ("one", "two", "all"))
    grader = Grader("v1", "2-a")
    for results, part in ((one, SHA[:3]), (two, SHA[2:5])):
        results.decide("run", grader)
        for sha256 in part:
            results.keep(record(sha256), grader.id)
    two.keep({**work.failure(SHA[6], "assignment1", "gone")}, grader.id)
    assert records.merge(all_, [one, two]) == {"new": 5, "same": 1, "different": 0}
    assert len(all_.events()) == 1 and len(all_.times(grader.id)) == 5 and all_.error(SHA[6], grader.id)
    put(tmp_path / "two", f"records/{SHA[0][:2]}/{SHA[0]}.x.json", json.dumps(record(SHA[1])).encode())
    with pytest.raises(RecordsError, match="not a record of the submission"):
        records.merge(all_, [two])
    put(tmp_path / "one", f"records/{SHA[0][:2]}/{SHA[0]}.x.json", b"{")
    with pytest.raises(RecordsError, match="is damaged"):
        records.merge(all_, [one])


def test_the_same_decision_is_noted_once(tmp_path):
    results = Results(tmp_path)
    for _ in range(3):
        results.decide("run", Grader("v1", "2-a"))
    results.decide("regrade", Grader("v2", "2-a"), exercises=["l2"])
    with (tmp_path / "events.jsonl").open("a") as file:
        file.write('{"torn')
    assert [one["kind"] for one in results.events()] == ["run", "regrade"]
    results.decide("run", Grader("v3", "2-a"))
    assert [one["version"] for one in results.events()] == ["v1", "v2", "v3"]


def test_the_real_unit_of_work(tmp_path):
    content = packed(kit("predict_labels"))
    sha256 = unpack.read_zip(content, "assignment1").sha256
    found = json.loads(work.grade(content, "assignment1", sha256, b"s" * 32, 2, "", ENGINE))
    assert sum(one["points"] for one in found["exercises"]) == 4
    mixed_up = json.loads(work.grade(content, "assignment1", SHA[0], b"s" * 32, 2, "", ENGINE))
    assert "do not match the hash of the submission" in mixed_up["failure"]
    broken = json.loads(work.grade(b"no zip", "assignment1", SHA[0], b"s" * 32, 2, "", ENGINE))
    assert records.failed(broken) and not broken["exercises"]


@pytest.fixture(scope="module")
def class_of_20(tmp_path_factory):
    folder = tmp_path_factory.mktemp("from")
    names = ["l2", "l1", "predict_labels", "all", "sgd"]
    for number in range(20):
        put(folder, f"s{number}/assignment1_submission.zip", packed(kit(names[number % 5], also=f"# {number}")))
    return folder


def tables(results):
    return {path.name: path.read_bytes() for path in [results / "out/marks.csv", *results.glob("out/feedback/*.html")]}


@pytest.mark.fuzz
def test_killed_at_any_moment_and_started_again_the_tables_are_the_same(tmp_path, class_of_20, command):
    slow = {"FAKE_SECONDS": "0.05"}
    whole = tmp_path / "whole"
    command("grade", class_of_20, "-r", whole, "--engine", ENGINE, "--jobs", 2)
    expected = tables(whole)
    (whole / "secret").read_bytes()
    dice = random.Random(16)
    killed = 0
    for number in range(max(4, 10 * (TIMES > 1) * TIMES)):
        results = tmp_path / f"killed-{number}"
        put(results, "secret", (whole / "secret").read_bytes())
        arguments = [
            sys.executable,
            "-m",
            "grading",
            "grade",
            class_of_20,
            "-r",
            results,
            "--engine",
            ENGINE,
            "--jobs",
            "2",
        ]
        told = {**os.environ, **slow, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
        process = subprocess.Popen(list(map(str, arguments)), cwd=ROOT, env=told, stdout=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.3, 2.5) if number else 0.1)  # the first while Python starts
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        command("grade", class_of_20, "-r", results, "--engine", ENGINE, "--jobs", 2)
        assert tables(results) == expected, number
        for path in whole.glob("records/*/*.json"):
            assert (results / path.relative_to(whole)).read_bytes() == path.read_bytes()
        assert not list(results.rglob("*.partial"))
    assert killed


def test_a_regrade_of_one_student_or_exercise(tmp_path, class_of_20, command):
    results = tmp_path / "r"
    command("grade", class_of_20, "-r", results, "--engine", ENGINE)
    done = command("regrade", "--student", "s3", "-r", results, "--engine", ENGINE, FAKE_VERSION="fake-2")
    assert "1 submission: 1 graded." in done.stdout
    put(results, "manual/ana.jsonl", b'{"item": "question 1", "student": "s33", "points": 2, "out_of": 3}')
    assert "manual/: 's33' is not used, since it is neither a student's key" in command("out", "-r", results).stdout
    first = (results / "out/marks.csv").read_text()
    assert "s3,s3" in first and first.count(",61,") == 2  # points and mark of s3, who had all 65
    done = command("regrade", "--exercise", "predict_label", "-r", results, "--engine", ENGINE, check=(1,))
    assert "Did you mean predict_labels?" in done.stderr
    command("regrade", "--exercise", "predict_labels", "-r", results, "--engine", ENGINE, FAKE_VERSION="fake-2")
    assert "regrade: predict_labels" in command("status", "-r", results).stdout


def test_a_regrade_of_a_name_that_two_students_have(tmp_path, command):
    rows = [roster.Row(key, "Jane Doe", counts=True) for key in ("jane-1", "jane-2")]
    roster.write(tmp_path / "roster.csv", rows)
    put(tmp_path, "settings.json", b'{"assignment": "assignment1"}')
    done = command("regrade", "--student", "jane doe", "-r", tmp_path, "--engine", ENGINE, check=(1,))
    assert "'jane doe' fits more than one student: give the key from roster.csv" in done.stderr


def test_failures_are_not_counted_among_older_records(tmp_path, command):
    for name, also in (("ann", ""), ("bob", "# breaks")):
        put(tmp_path / "from", f"{name}/assignment1_submission.zip", packed(kit("all", also=also)))
    arguments = ("-r", tmp_path / "r", "--engine", ENGINE)
    command("grade", tmp_path / "from", *arguments, check=(3,))
    done = command("run", *arguments, FAKE_VERSION="fake-2", check=(3,))
    assert "are kept for 1 submission" in done.stderr
    assert "were graded with" not in command("run", *arguments, check=(3,)).stderr


def test_without_a_sandbox_every_table_says_so_first(tmp_path, class_of_20, command):
    results = tmp_path / "r"
    done = command("grade", class_of_20, "-r", results, "--engine", ENGINE, "--no-sandbox")
    assert "WITHOUT a sandbox" in done.stderr
    assert (results / "out/marks.csv").read_text().startswith("# students' code was run WITHOUT a sandbox")
    assert "WITHOUT a sandbox" in (results / "out/class.html").read_text()
    assert "WITHOUT a sandbox" in (results / "out/feedback/s1.html").read_text()
    done = command("run", "-r", results, "--engine", ENGINE)
    assert "20 had a record" in done.stdout and "see regrade" in done.stderr
    command("regrade", "-r", results, "--engine", ENGINE)
    assert "WITHOUT" not in command("out", "-r", results).stderr
    assert "WITHOUT" not in (results / "out/marks.csv").read_text()
