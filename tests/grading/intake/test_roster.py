"""Groups and corrections that the instructor writes down, and who counts."""

from datetime import timedelta

from grading.exceptions import Special
from grading.intake import roster
from grading.intake.source import open_source
from tests.grading.handed_in import kit, packed, put


def take(tmp_path, *specials):
    return roster.take([open_source(tmp_path / "from")], "assignment1", tmp_path / "kept", specials=specials).counting


def test_students_of_a_group_share_the_latest_attempt(tmp_path):
    put(tmp_path / "from", "ann_1_10_a.zip", packed(kit("l2")))
    put(tmp_path / "from", "bob_2_20_a.zip", packed(kit("l1")))
    put(tmp_path / "from", "eve_3_30_a.zip", packed(kit("sgd")))
    rows = {
        row.key: row
        for row in take(tmp_path, Special("ann-1", group="g"), Special("2", group="g"), Special("zoe", group="g"))
    }
    assert rows["ann-1"].sha256 == rows["bob-2"].sha256 == rows["zoe"].sha256 != rows["eve-3"].sha256
    assert rows["ann-1"].source == "bob_2_20_a.zip" and rows["bob-2"].name == "bob"


def test_a_group_that_the_lms_names_becomes_its_members(tmp_path):
    put(tmp_path / "from", "group7_1_10_a.zip", packed(kit("l2")))
    put(tmp_path / "from", "eve_3_30_a.zip", packed(kit("sgd")))
    rows = take(tmp_path, Special("ann@x.example", group="group7"), Special("bob@x.example", group="group7"))
    assert [row.key for row in rows] == ["ann@x.example", "bob@x.example", "eve-3"]


def test_a_time_that_the_lms_has_not(tmp_path):
    put(tmp_path / "from", "ann_LATE_1_10_a.zip", packed(kit()))
    row = take(tmp_path, Special("1", timedelta(days=1), handed_in="2026-10-09T20:00:00+00:00"))[0]
    assert row.handed_in == "2026-10-09T20:00:00+00:00" and row.late


def test_a_damaged_latest_attempt_is_not_passed_over_silently(tmp_path):
    put(tmp_path / "from", "ann_1_10_a.zip", packed(kit("l2")))
    put(tmp_path / "from", "ann_1_11_a-1.zip", b"damaged")
    row = take(tmp_path)[0]
    assert not row.sha256 and "an earlier attempt can be read: ann_1_10_a.zip" in row.problem


def test_a_later_attempt_at_another_assignment_is_passed_over(tmp_path):
    from cs231n.tutor import course

    put(tmp_path / "from", "ann_1_10_a.zip", packed(kit("l2")))
    put(tmp_path / "from", "ann_1_11_a-1.zip", packed(kit("l2", assignment=course.find_assignment("assignment2"))))
    assert take(tmp_path)[0].source == "ann_1_10_a.zip"


def test_a_download_that_was_taken_in_twice_gives_the_same_roster(tmp_path):
    put(tmp_path / "from", "ann_1_10_a.zip", packed(kit("l2")))
    assert take(tmp_path) == take(tmp_path)


def test_two_copies_of_the_kit_in_one_attempt_keep_their_paths(tmp_path):
    for copy, right in (("old", "l2"), ("new", "l1")):
        for name, content in kit(right).items():
            if name.endswith(".py"):
                put(tmp_path / "from", f"ann/{copy}/{name}", content)
    put(tmp_path / "from", "eve/cs231n/layers.py", kit()["cs231n/layers.py"])
    ann = take(tmp_path)[0]
    assert ann.source == "ann/" and not ann.remarks and not ann.problem
