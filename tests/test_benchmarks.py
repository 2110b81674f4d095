"""The benchmarks list everyone, compare only what agrees, and say plainly who is ahead. No test asserts a time."""

import ast
import dataclasses
import json

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import feedback, growth, harness, knn
from benchmarks.harness import Contender, Contest, DisagreementError
from cs231n.tutor import course


@pytest.fixture(autouse=True)
def random_pixels(monkeypatch):
    monkeypatch.delenv("CS231N_DATA", raising=False)


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves only when a contender says how long it works."""
    now = [0.0]
    monkeypatch.setattr(harness.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(harness.time, "sleep", lambda seconds: None)

    def works(seconds, result=1.0, log=None, name=""):
        def run():
            now[0] += seconds
            if log is not None:
                log.append(name)
            return result

        return run

    return works


@pytest.fixture
def tiny(monkeypatch):
    """The command with one small contest: ours, a peer, and one whose package nobody has."""
    contest = contest_of(Contender("ours", lambda: 1.0), Contender("peer", lambda: 1.0), absent())
    monkeypatch.setattr(command, "_use_masters", lambda: None)
    monkeypatch.setattr(command, "_benchmarks", lambda: {"tiny": lambda full: iter([contest])})
    monkeypatch.setattr(harness.time, "sleep", lambda seconds: None)


def contest_of(*contenders):
    return Contest("a task", list(contenders), lambda a, b: abs(a - b), tolerance=0.1, unit="difference")


def absent():
    return Contender("absent", lambda: 1 / 0, requires="no_such_package_at_all")


def test_a_peer_that_takes_twice_as_long_has_ratio_2(clock):
    ours, slow, fast = harness.hold(
        contest_of(Contender("ours", clock(2)), Contender("slow", clock(4)), Contender("fast", clock(1)))
    )
    assert (ours.ratio, slow.ratio, fast.ratio) == (1.0, 2.0, 0.5)
    assert (slow.median, len(slow.seconds)) == (4.0, harness.ROUNDS)


def test_turns_alternate_and_everyone_begins_a_round(clock):
    log = []
    harness.hold(contest_of(*(Contender(n, clock(1, log=log, name=n), rounds=3) for n in "ABC")))
    assert "".join(log) == "ABC" + "ABC" + "BCA" + "CAB"  # the first three warm up


def test_what_is_short_runs_for_a_while_before_it_is_timed(clock):
    log = []
    long = Contender("long", clock(1, log=log, name="L"), rounds=2)
    harness.hold(contest_of(long, Contender("short", clock(0.8 * harness.WAKE, log=log, name="s"), rounds=2)))
    assert "".join(log) == "Ls" + "Lsss" + "sssL"


def test_a_part_of_the_work_is_extrapolated_and_compared_with_that_part_of_ours(clock):
    ours = Contender("ours", clock(1, result=np.array([3.0, 4.0])))
    half = Contender("half", clock(5, result=np.array([3.0])), share=0.5, part=lambda r: r[:1], rounds=0)
    contest = Contest("a task", [ours, half], lambda a, b: float(np.abs(a - b).max()), 0.0, "difference")
    timing = harness.hold(contest)[1]
    assert (timing.seconds, timing.difference) == ([10.0], 0.0)


def test_the_share_of_the_machines_limit_is_in_the_table(clock):
    contest = dataclasses.replace(contest_of(Contender("ours", clock(4)), absent()), limit=1.0)
    timings = harness.hold(contest)
    assert timings[0].of_limit == 0.25
    titles, ours = harness.table(contest, timings).splitlines()[1:3]
    assert titles.endswith("of limit") and ours.endswith("25%")


def test_who_has_no_peer_is_said_to_agree_with_nobody(clock):
    contest = contest_of(Contender("ours", clock(4)))
    assert "agree" not in harness.table(contest, harness.hold(contest))


def test_the_limit_is_the_product_or_the_copy_whichever_takes_longer(monkeypatch):
    monkeypatch.setattr(harness, "limits", lambda dtype: (100.0, 10.0))
    assert harness.least_seconds(200.0, 10.0, np.float32) == 2.0
    assert harness.least_seconds(200.0, 30.0, np.float32) == 3.0


@pytest.mark.parametrize("wrong", [1.2, float("nan")])
def test_a_contender_with_another_result_stops_the_contest(clock, wrong):
    contest = contest_of(Contender("ours", clock(1)), Contender("cheat", clock(0, result=wrong)))
    with pytest.raises(DisagreementError, match="the results of cheat and ours differ"):
        harness.hold(contest)


def test_the_table_has_every_contender_and_says_who_is_not_installed(tiny, capsys):
    assert command.main(["tiny"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line for line in lines if line.startswith("  ") and line.strip()}
    assert {"ours", "peer", "absent"} <= rows.keys()
    assert rows["absent"].endswith("not installed") and rows["peer"].endswith("x")
    assert any(line.startswith("numpy:") for line in lines)


def test_json_is_one_document_with_every_contender(tiny, capsys):
    assert command.main(["--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (contest,) = document["benchmarks"]
    assert [(c["name"], c["installed"], c["runs"]) for c in contest["contenders"]] == [
        ("ours", True, harness.ROUNDS),
        ("peer", True, harness.ROUNDS),
        ("absent", False, 0),
    ]
    assert {"cpu", "cores", "numpy", "blas", "threads", "torch"} <= document["machine"].keys()


def test_disagreement_is_exit_1_and_one_line(monkeypatch, tiny, capsys):
    wrong = contest_of(Contender("ours", lambda: 1.0), Contender("cheat", lambda: 9.0))
    monkeypatch.setattr(command, "_benchmarks", lambda: {"tiny": lambda full: iter([wrong])})
    assert command.main(["--json"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "cheat" in err and "Traceback" not in err


def test_an_unknown_name_is_exit_2_and_the_names_are_told(tiny, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(["tiny", "tinny"])
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert "there is no benchmark tinny" in told and "Names: tiny" in told


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_all_ways_to_the_distances_agree(dtype):
    contest = knn.distance_contest(*knn.images(40, 30, dtype))
    named = {timing.name: timing for timing in harness.hold(contest, pause=0)}
    assert list(named) == [
        "ours, no loops",
        "scipy cdist",
        "scikit-learn euclidean",
        "torch.cdist",
        "ours, one loop",
        "ours, two loops",
    ]
    assert all(timing.difference <= contest.tolerance for timing in list(named.values())[1:] if timing.installed)


def test_prediction_reports_the_peak_memory_of_a_process_of_its_own():
    ours = knn.prediction_contest(60, 20, "float32").contenders[0]
    peak = ours.memory()
    assert peak is None or 10 * 2**20 < peak < 2 * 2**30


def test_the_naive_cross_validation_finds_the_same_accuracies():
    X, y, _, data = knn.images(150, 1)
    contest = knn.cross_validation_contest(X, y, data)
    ours, naive = (contender.run() for contender in contest.contenders)
    assert contest.difference(naive, ours) == 0.0
    y_wrong = np.roll(y, 1)
    assert contest.difference(knn.cross_validation_contest(X, y_wrong, data).contenders[1].run(), ours) > 0


def test_predictions_of_other_labels_are_too_far_apart():
    contest = knn.prediction_contest(60, 20, "float32")
    labels = contest.contenders[0].run()
    assert contest.difference(labels, labels) == 0.0
    assert contest.difference((labels + 1) % 10, labels) > contest.tolerance


def test_the_exponent_of_a_power_law_is_found():
    values = (10, 20, 40, 80)
    assert growth.exponent(values, [3.0 * value**2 for value in values]) == pytest.approx(2)
    assert growth.exponent(values, [5.0] * 4) == pytest.approx(0)


def test_growth_is_measured_for_each_value_and_told_in_a_row(monkeypatch, capsys):
    prepared = []
    one = growth.Series(
        "a task", "N", (1000, 2000), lambda n: prepared.append(n) or (lambda: bytearray(4000 * n)), 1, 1
    )
    monkeypatch.setattr(growth, "series", lambda: iter([one]))
    row = growth.table().splitlines()[-1]
    assert prepared == [1000, 2000] and row.startswith("| a task | N | 1,000 - 2,000 |")
    assert row.split("|")[7].strip() == "3.8 - 7.6 MiB" and row.split("|")[8].strip() == "1.00"


def test_an_edit_adds_a_statement_to_the_function_of_an_exercise_and_the_next_one_takes_it_away(tmp_path, monkeypatch):
    monkeypatch.setattr(feedback, "_tree", lambda: tmp_path)
    for name in ("spatial_groupnorm_backward", "FullyConnectedNet_dropout"):
        exercise = course.find_exercise(name)[1]
        original = (course.ROOT / exercise.file).read_text("utf-8")
        (tmp_path / exercise.file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / exercise.file).write_text(original, "utf-8")
        feedback._edit(exercise)
        edited = course.functions((tmp_path / exercise.file).read_text("utf-8"))[exercise.function]
        assert [ast.unparse(one) for one in edited.body][-2] == feedback.EDIT
        feedback._edit(exercise)
        assert (tmp_path / exercise.file).read_text("utf-8") == original


def test_what_must_not_be_repeated_is_not_woken_up():
    calls = []
    contest = contest_of(Contender("ours", lambda: calls.append(1), rounds=2))
    harness.hold(dataclasses.replace(contest, wake=False), pause=0)
    assert len(calls) == 3  # with the warm-up
    harness.hold(contest, pause=0)
    assert len(calls) > 6


def test_the_line_of_a_verdict_is_told_from_other_lines_with_the_name():
    exercise = course.find_exercise("sgd")[1]
    assert feedback._row("    ✓ passed         2/2  sgd\n", exercise)
    assert not any(feedback._row(line, exercise) for line in ("Changed: ✓ sgd\n", "    ✓ passed  2/2  sgd_momentum\n"))
