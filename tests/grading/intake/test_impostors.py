"""Nobody hands in for another, hides being late, or takes another's extension, whatever files and people are called."""

from datetime import timedelta

import pytest

from grading import tables
from grading.exceptions import Special
from grading.intake import attempts, guess, roster
from grading.intake.source import open_source
from tests.grading.handed_in import kit, packed, put

EARLY = b"2026-01-01 00:00:00 UTC"


def take(folder, *specials):
    return roster.take([open_source(folder)], "assignment1", folder.with_name("kept"), specials=specials)


@pytest.mark.parametrize(
    "names",
    [
        ("ann_LATE_1_10_work.zip", "ann_LATE_1_11_timestamp.txt"),
        ("Ann_1_assignsubmission_file/work.zip", "Ann_1_assignsubmission_file/timestamp.txt"),
        ("ann/work.zip", "ann/timestamp.txt"),
        ("submitted/ann/assignment1/work.zip", "submitted/ann/assignment1/my/timestamp.txt"),
        ("submitted/ann/assignment1/work.zip", "submitted/ann/assignment1/mytimestamp.txt"),
    ],
)
def test_only_nbgrader_says_in_a_file_when_something_was_handed_in(tmp_path, names):
    put(tmp_path / "from", names[0], packed(kit()))
    put(tmp_path / "from", names[1], EARLY)
    put(tmp_path / "from", names[0].replace("ann", "bob").replace("Ann", "Bob"), packed(kit()))
    assert not any(row.handed_in for row in take(tmp_path / "from").rows)


def test_a_file_of_moodle_that_is_named_like_another_s_is_unclear(tmp_path):
    for name in ("Jane_55_assignsubmission_file_a.zip", "Bob_56_assignsubmission_file_a.zip"):
        put(tmp_path / "from", name, packed(kit()))
    put(tmp_path / "from", "Eve_77_assignsubmission_file_Jane_55_assignsubmission_file_b.zip", packed(kit("l2")))
    for number in range(5):
        put(tmp_path / "from", f"S{number}_{number}_assignsubmission_file_a.zip", packed(kit()))
    taken = take(tmp_path / "from")
    assert [row.source for row in taken.counting if row.lms_id == "55"] == ["Jane_55_assignsubmission_file_a.zip"]
    assert taken.unclear == ["Eve_77_assignsubmission_file_Jane_55_assignsubmission_file_b.zip"]


def test_a_person_in_moodle_who_is_named_like_another_s_folder(tmp_path):
    for name in ("Jane_55_assignsubmission_file", "Jane_55_assignsubmission_file_x_77_assignsubmission_file"):
        put(tmp_path / "from", f"{name}/a.zip", packed(kit()))
    assert sorted(row.lms_id for row in take(tmp_path / "from").rows) == ["55", "77"]


def test_two_students_with_one_id_are_told_of_and_get_no_mark_by_it(tmp_path):
    put(tmp_path / "from", "jane_55_10_a.zip", packed(kit()))
    put(tmp_path / "from", "eve_55_11_a.zip", packed(kit("l2")))
    taken = take(tmp_path / "from")
    assert taken.strange == ["eve-55 and jane-55 share the LMS id 55"]
    assert roster.called(taken.counting)["55"] is None


METADATA = """
submission_1:
  submitters: [{name: Jane, email: a+b@uni.example}]
submission_2:
  submitters: [{name: Eve, email: a-b@uni.example}]
submission_3:
  submitters: [{name: Eve, email: A-b@uni.example}]
"""


def test_addresses_that_look_alike_in_a_file_s_name_are_two_students(tmp_path):
    put(tmp_path / "from", "submission_metadata.yml", METADATA.encode())
    for number in (1, 2, 3):
        put(tmp_path / "from", f"submission_{number}/a.zip", packed(kit(also=f"# {number}\n")))
    rows = take(tmp_path / "from").counting
    assert [(row.key, row.email, row.source[:12]) for row in rows] == [
        ("a-b@uni.example", "a+b@uni.example", "submission_1"),
        ("a-b@uni.example~2", "A-b@uni.example", "submission_3"),
    ]


ROWS = [
    roster.Row("jane-55", "Jane", "jane@uni.example", "55", counts=True),
    roster.Row("eve-77", "jane-55", "eve@uni.example", "77", counts=True),
    roster.Row("bob-78", "jane@uni.example", "", "78", counts=True),
    roster.Row("kim-79", "55", "", "79", counts=True),
    roster.Row("kim-80", "Kim", "", "80", counts=True),
    roster.Row("kim-81", "Kim", "", "81", counts=True),
]


@pytest.mark.parametrize("called", ["jane-55", "JANE@uni.example", "55", "jane"])
def test_a_display_name_takes_nobody_s_extension(called):
    special = Special(called, timedelta(days=3), mark=60)
    assert roster.specials_of([special], roster.called(ROWS)) == {"jane-55": special}


def test_what_is_said_of_nobody_or_of_two_is_told():
    told = roster.unknown(
        [Special("jan"), Special("Kim"), Special("eve-77"), Special("new", group="g")], roster.called(ROWS)
    )
    assert len(told) == 2 and "no student 'jan'. Did you mean jane" in told[0] and "more than one student" in told[1]
    with pytest.raises(tables.TableError, match="two rows"):
        roster.specials_of([Special("55"), Special("jane-55")], roster.called(ROWS))


def test_a_student_who_is_called_like_a_group_does_not_hand_in_for_it(tmp_path):
    put(tmp_path / "from", "ann_1_10_a.zip", packed(kit("l2")))
    put(tmp_path / "from", "bob_2_20_a.zip", packed(kit("l1")))
    put(tmp_path / "from", "team1_3_30_a.zip", packed(kit()))
    taken = take(tmp_path / "from", Special("ann-1", group="team1"), Special("bob-2", group="team1"))
    assert {row.key: row.source for row in taken.counting} == {
        "ann-1": "bob_2_20_a.zip",
        "bob-2": "bob_2_20_a.zip",
        "team1-3": "team1_3_30_a.zip",
    }
    assert "team1-3 counts as a student, not as the group of that name" in taken.strange[0]


def test_long_names_take_no_time(tmp_path):
    names = {f"{number}{'-1' * 470}.py": b"" for number in range(3000)}
    put(tmp_path / "from", "ann_1_10_a.zip", packed(kit("l2") | names))
    assert take(tmp_path / "from").counting[0].sha256
    assert guess._stem("x" + "-1" * 470) == "x" + "-1" * 470 and guess._stem("layers-1.py") == "layers"


def test_names_that_a_spreadsheet_would_run_are_harmless_and_come_back(tmp_path):
    names = ["=CMD()", "a;=1+1", "a;'=1", 'b|"@x', "-5", "\u202e=1", "{{7*7}}", "#x", '"#y']
    rows = [roster.Row(f"s{number}", name, source=name) for number, name in enumerate(names)]
    roster.write(tmp_path / "roster.csv", rows)
    assert roster.read(tmp_path / "roster.csv") == rows
    text = (tmp_path / "roster.csv").read_text()
    cells = text.replace('"', "").replace(",", ";").replace("|", ";").replace("\n", ";").split(";")
    assert not any(cell.strip().startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_key_is_the_name_of_a_file_and_of_no_folder():
    for name in ("../../x", "..", "/etc/passwd", "a/b", "con\0", "\n", "=1", ""):
        assert not set(attempts.slug(name)) & set("/\\\0\n") and attempts.slug(name).strip(".")
