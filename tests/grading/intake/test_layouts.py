"""Names as LMSs and people make them: whose a file is, and which attempt."""

import pytest

from grading.intake import attempts, layouts
from grading.intake.source import UnreadableError, open_source
from tests.grading.handed_in import kit, lay, packed, put

CANVAS = {
    "doejane_123_456_a.zip": ("doejane", "123", ""),
    "doejane_LATE_123_456_a.zip": ("doejane", "123", "LATE"),
    "anon_Xy7_456_a.zip": (None, "anon_Xy7", None),
    "LATE_anon_Xy7_456_a.zip": (None, "anon_Xy7", "LATE"),
    "group5_9_456_assignment1_submission-2.zip": ("group5", "9", ""),
    "müllerjürgen_123_456_a_1_2.zip": ("müllerjürgen", "123", ""),
    "123_456_a.zip": (None, "123", None),
    "doe_jane_7_456_text.html": ("doe_jane", "7", ""),
}
MOODLE = {
    "Jane Doe_77_assignsubmission_file/a.zip": ("Jane Doe", "77"),
    "Jane Doe_77_assignsubmission_file_/a.zip": ("Jane Doe", "77"),
    "Jane Doe_77_assignsubmission_file_a.zip": ("Jane Doe", "77"),
    "Participant_77_assignsubmission_file/a.zip": ("Participant", "77"),
    "Team_2_b_77_assignsubmission_file/deep/er/a.zip": ("Team_2_b", "77"),
}


@pytest.mark.parametrize("name", CANVAS)
def test_names_of_canvas(name):
    found = layouts.named("canvas").match(name)
    assert (found["student"], found["id"], found["late"] or None) == (*CANVAS[name][:2], CANVAS[name][2] or None)


@pytest.mark.parametrize("name", MOODLE)
def test_names_of_moodle(name):
    found = layouts.named("moodle").match(name)
    assert (found["student"], found["id"]) == MOODLE[name] and found["file"].endswith("a.zip")


@pytest.mark.parametrize(
    ("names", "layout"),
    [
        ([*CANVAS], "canvas"),
        ([f"submissions/{name}" for name in CANVAS], "canvas"),
        ([*MOODLE], "moodle"),
        (["submitted/ann/assignment1/knn.ipynb", "submitted/bob/assignment1/knn.ipynb"], "nbgrader"),
        (["submitted/assignment1/ann.py", "submitted/assignment1/bob.py"], "reversed"),
        (["assignment1/ann/knn.ipynb", "assignment1/bob/knn.ipynb"], "reversed"),
        (["ann/cs231n/layers.py", "bob/kit/cs231n/layers.py"], "folders"),
        (["hw/ann/a.zip", "hw/bob/a.zip"], "folders"),
        (["ann/cs231n/layers.py", "ann/assignments/assignment1/knn.ipynb"], "folders"),
        (["ann.zip", "bob.zip", "notes.txt"], "flat"),
        (["all/ann.zip", "all/bob.zip"], "flat"),
        (["ann/assignment1_submission.zip", "ann/assignment1_submission-1.zip"], "folders"),
        (["readme.txt"], None),
    ],
)
def test_the_layout_is_found(names, layout):
    found = layouts.find(sorted(names))[0]
    assert (found and found.name) == layout


def test_a_folder_of_one_student_is_not_taken_off(tmp_path):
    lay(tmp_path / "from" / "ann", kit())
    found = attempts.find(open_source(tmp_path / "from"), "assignment1")
    assert [one.key for one in found.attempts] == ["ann"]


def test_students_whose_names_look_alike_are_two(tmp_path):
    for name in ("Jane", "Jané", "jane"):
        put(tmp_path, f"{name}/a.zip", packed(kit()))
    keys = [one.key for one in attempts.find(open_source(tmp_path), "assignment1").attempts]
    assert sorted(keys) == ["jane", "jane~2", "jane~3"]


def test_attempts_are_in_order_of_their_numbers(tmp_path):
    for name in ("a-10.zip", "a-9.zip", "a.zip"):
        put(tmp_path, f"ann/{name}", packed(kit()))
        put(tmp_path, f"bob/{name}", packed(kit()))
    found = [one for one in attempts.find(open_source(tmp_path), "assignment1").attempts if one.key == "ann"]
    assert [one.source for one in sorted(found, key=lambda one: one.order)] == [
        "ann/a.zip",
        "ann/a-9.zip",
        "ann/a-10.zip",
    ]


def test_a_pattern_of_one_s_own(tmp_path):
    put(tmp_path, "hw1_s17_attempt_2026-10-09-20-15-00_work.zip", packed(kit()))
    layout = layouts.custom(r".+?_(?P<student>[^_]+)_attempt_(?P<file>.+)")
    assert attempts.find(open_source(tmp_path), "assignment1", layout).attempts[0].key == "s17"
    with pytest.raises(ValueError, match="student"):
        layouts.custom("(.*)")
    with pytest.raises(ValueError, match="cannot be read"):
        layouts.custom("(?P<student>")


@pytest.mark.parametrize("text", [b"- 1\n- 2", b"{", b"!!python/object/apply:os.system ['touch /tmp/yaml-was-run']"])
def test_poisoned_metadata_is_refused(tmp_path, text):
    put(tmp_path, "submission_metadata.yml", text)
    put(tmp_path, "submission_1/a.py", b"")
    with pytest.raises(UnreadableError):
        attempts.find(open_source(tmp_path), "assignment1")


def test_what_is_no_download_is_said(tmp_path):
    with pytest.raises(UnreadableError, match="neither"):
        open_source(tmp_path / "missing")
    put(tmp_path, "x.zip", b"no zip")
    with pytest.raises(UnreadableError, match="not a zip"):
        open_source(tmp_path / "x.zip")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableError, match="no layout"):
        attempts.find(open_source(tmp_path / "empty"), "assignment1")
