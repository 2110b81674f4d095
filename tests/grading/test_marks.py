"""A mark is a pure function of records, manual events, late policy and exceptions."""

from datetime import datetime, timedelta, timezone

import pytest

from grading import exceptions, marks, tables
from grading.exceptions import Special
from grading.intake import roster
from grading.intake.roster import Row
from grading.marks import Policy, mark

SHA = "a" * 64
DUE = datetime(2026, 10, 9, 22, tzinfo=timezone.utc)
ROW = Row("doe", "Jane Doe", "jane@uni.example", "123", sha256=SHA, handed_in="2026-10-09T21:00:00+00:00", counts=True)


def record(one=3, two=0, status="fail"):
    rows = [("first", "pass", one, 3), ("second", status, two, 7)]
    return {"submission": SHA, "exercises": [dict(zip(("name", "status", "points", "out_of"), row)) for row in rows]}  # noqa: B905


def event(grader="g1", students=(), exercises=()):
    return {
        "kind": "run" if grader == "g1" else "regrade",
        "grader": grader,
        "students": list(students),
        "exercises": list(exercises),
        "sandbox": "",
    }


def give(row=ROW, records=None, events=None, specials=(), **more):
    records = records or {"g1": record()}
    more["special"] = roster.specials_of(specials, roster.called([row])).get(row.key)
    return mark(row, lambda sha256, grader: records.get(grader), events or [event()], **more)


def at(text):
    return Row(**{**ROW.__dict__, "handed_in": text})


def test_points_are_added_up():
    found = give()
    assert (found.total, found.points, found.out_of, found.status) == (3, 3, 10, "graded")


@pytest.mark.parametrize(
    ("handed_in", "days"),
    [
        ("2026-10-09T22:00:00+00:00", 0),
        ("2026-10-10T00:10:00+02:00", 0),  # ten minutes late, within the grace
        ("2026-10-09T22:16:00+00:00", 1),
        ("2026-10-10T22:15:00+00:00", 1),
        ("2026-10-12T00:00:00+00:00", 3),
        ("2026-10-14T00:00:00+00:00", 5),
    ],
)
def test_each_day_begun_costs(handed_in, days):
    policy = Policy(due=DUE, grace_minutes=15, percent_per_day=10, most_days=4)
    found = give(at(handed_in), policy=policy)
    assert found.late_days == days
    assert found.total == pytest.approx(0 if days > 4 else 3 * (1 - days / 10))


def test_an_extension_moves_the_due_date():
    policy = Policy(due=DUE, percent_per_day=50)
    late = at("2026-10-11T21:00:00+00:00")
    assert give(late, policy=policy).total == 0
    assert give(late, policy=policy, specials=[Special("JANE@uni.example", timedelta(days=2))]).total == 3
    assert give(late, policy=policy, specials=[Special("doe", DUE + timedelta(days=3))]).total == 3
    assert give(late, policy=policy, specials=[Special("other", timedelta(days=2))]).total == 0


def test_late_by_an_unknown_time_is_said():
    late = Row("doe", sha256=SHA, late=True)
    found = give(late, policy=Policy(percent_per_day=10))
    assert found.total == pytest.approx(2.7) and "does not say by how much" in found.notes[0]
    assert give(late, policy=Policy(percent_per_day=10), specials=[Special("doe", timedelta(days=1))]).total == 3


def test_late_by_an_unknown_time_may_be_too_late_if_only_the_most_days_are_set():
    row = Row(**{**at("").__dict__, "late": True})
    assert give(row, policy=Policy(most_days=0)).total == 0
    assert give(row, policy=Policy(most_days=1)).total == 3


def test_marks_are_scaled_and_extra_exercises_do_not_count_towards_what_is_to_be_had():
    assert give(policy=Policy(maximum=100)).total == 30
    assert give(policy=Policy(maximum=100, extra=("first",))).total == pytest.approx(42.86)


def test_a_manual_mark_survives_a_regrade():
    manual = [{"time": "1", "by": "ana", "item": "second", "points": 5, "submission": SHA}]
    manual += [{"time": "2", "by": "ana", "item": "question 1", "points": 2, "out_of": 4, "student": "doe"}]
    assert give(manual=manual).total == 10 and give(manual=manual).out_of == 14
    again = give(manual=manual, records={"g1": record(), "g2": record(0, 7, "pass")}, events=[event(), event("g2")])
    assert again.total == 7
    other = [{**manual[0], "submission": "b" * 64}]
    assert give(manual=other).total == 3  # a mark for what was handed in before


def test_of_two_people_the_latest_counts_and_it_is_said():
    manual = [{"time": time, "by": by, "item": "second", "points": points, "submission": SHA} for time, by, points in
              (("2", "ana", 5), ("1", "bo", 6), ("3", "bo", 1))]  # fmt: skip
    found = give(manual=manual)
    assert found.total == 4 and "ana: 5, bo: 1" in found.notes[0]
    taken_back = [{"time": "4", "by": "bo", "item": "second", "points": None, "submission": SHA}]
    assert give(manual=manual + taken_back).total == 3


def test_the_grader_s_own_errors_are_neither_0_nor_full():
    found = give(records={"g1": record(status="grader error")})
    assert found.total is None and found.status == "grader error"
    by_hand = {"time": "1", "by": "ana", "item": "second", "points": 4, "submission": SHA}
    found = give(records={"g1": record(status="grader error")}, manual=[by_hand])
    assert found.total == 7 and found.status == "graded"
    other = give(records={"g1": record(status="grader error")}, manual=[{**by_hand, "item": "question 1", "out_of": 4}])
    assert other.total is None and other.status == "grader error"
    found = give(records={"g1": {"submission": SHA, "exercises": [], "failure": "grader error: gone"}})
    assert found.total is None and found.status == "grader error"
    assert give(records={"g0": record()}).status == "not graded yet"
    assert give(Row("doe", problem="the zip is damaged")).total is None


def test_an_override_wins():
    found = give(Row("doe", problem="the zip is damaged"), specials=[Special("doe", mark=8.5, reason="seen in person")])
    assert found.total == 8.5 and "seen in person" in found.notes[-1]


def test_a_regrade_of_one_exercise_moves_that_one_only():
    records = {"g1": record(3, 0), "g2": record(0, 7, "pass")}
    assert give(records=records, events=[event(), event("g2", exercises=["second"])]).total == 10
    assert give(records=records, events=[event(), event("g2", students=["doe"])]).total == 7
    assert give(records=records, events=[event(), event("g2", students=["roe"])]).total == 3


def test_a_run_with_a_newer_grader_changes_nobody_s_mark():
    newer = {**event("g2"), "kind": "run"}
    both = {"g1": record(3, 0), "g2": record(0, 7, "pass")}
    assert give(records=both, events=[event(), newer]).total == 3
    assert give(records={"g2": both["g2"]}, events=[event(), newer]).total == 7  # who came late
    assert give(records={"g1": both["g1"]}, events=[event(), event("g2")]).status == "not graded yet"  # to be regraded
    assert give(records=both, events=[event(), event("g2"), event()]).total == 7


def test_points_above_what_an_exercise_is_worth_are_not_given():
    assert give(records={"g1": record(one=300)}).total == 3


def test_exceptions_are_read_as_they_are_written(tmp_path):
    path = tmp_path / "exceptions.csv"
    path.write_text("student;extension;group;mark\nJane Doe;2 days;;\n32;2026-10-12 23:59+02:00;;\nada;;team 1;7.5\n")
    rows = exceptions.read(path)
    assert rows[0].extension == timedelta(days=2) and rows[1].extension.utcoffset() == timedelta(hours=2)
    assert rows[2].group == "team 1" and rows[2].mark == 7.5
    path.write_text("student,extention\nx,2")
    with pytest.raises(tables.TableError, match="Did you mean extension"):
        exceptions.read(path)
    path.write_text("student,extension\nx,soon")
    with pytest.raises(tables.TableError, match="row 2"):
        exceptions.read(path)


def test_the_policy_as_it_comes_is_in_effect_without_its_comments(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(marks.POLICY)
    assert marks.read_policy(path) == Policy()
    path.write_text(marks.POLICY.replace("# due", "due").replace("# maximum", "maximum"))
    assert marks.read_policy(path).maximum == 100 and marks.read_policy(path).due.utcoffset() == timedelta(hours=2)
    path.write_text("percent_per_days = 10")
    with pytest.raises(marks.PolicyError, match="percent_per_days"):
        marks.read_policy(path)
    path.write_text("percent_per_day = -10")
    with pytest.raises(marks.PolicyError, match="negative"):
        marks.read_policy(path)


@pytest.mark.parametrize("told", ['"points": -1', '"points": "3"', '"points": NaN', '"points": 1, "out_of": Infinity'])
def test_points_that_cannot_be_are_refused(tmp_path, told):
    (tmp_path / "ana.jsonl").write_text(f'{{"item": "q", "student": "doe", {told}}}\n')
    with pytest.raises(tables.TableError, match="not negative"):
        marks.read_manual(tmp_path)


@pytest.mark.parametrize("text", ["nan", "inf", "-1"])
def test_a_mark_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "e.csv").write_text(f"student,mark\ndoe,{text}\n")
    with pytest.raises(tables.TableError, match="not a mark"):
        exceptions.read(tmp_path / "e.csv")
