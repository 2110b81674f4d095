"""Gradescope's autograder: results.json comes of whatever is handed in, and the zip is proven before it is uploaded."""

import json
import zipfile

import pytest

from grading import autograder
from tests.grading.fake_engine import NAME as ENGINE
from tests.grading.handed_in import ALL, kit, lay, manifest, packed, put


def results(tmp_path, command, **environment):
    put(tmp_path, "secret", b"s" * 64)
    told = [
        "--submission",
        tmp_path / "submission",
        "--output",
        tmp_path / "results.json",
        "--secret",
        tmp_path / "secret",
    ]
    command("gradescope", *told, "--engine", ENGINE, **environment)
    return json.loads((tmp_path / "results.json").read_bytes())


def test_files_and_zips_are_graded(tmp_path, command):
    lay(tmp_path / "submission", kit("all"))
    assert results(tmp_path, command)["score"] == ALL
    assert len(results(tmp_path, command)["tests"]) > 20


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.zip", b"damaged", "damaged"),
        ("a.zip", packed({"../x.py": b""}), "leads out"),
        ("essay.txt", b"hello", "nothing from the kit"),
        ("a.zip", packed(kit() | manifest("assignment2")), "assignment1 should be handed in here"),
    ],
)
def test_what_cannot_be_graded_gets_a_reason(tmp_path, command, name, content, told):
    put(tmp_path / "submission", name, content)
    found = results(tmp_path, command)
    assert found["score"] == 0 and told in found["output"]


def test_a_failure_of_the_grader_is_no_score(tmp_path, command):
    lay(tmp_path / "submission", kit("all", also="# breaks"))
    found = results(tmp_path, command)
    assert "score" not in found and "not your fault" in found["output"]


def test_an_unexpected_failure_is_no_score_either(tmp_path):
    lay(tmp_path / "submission", kit("all"))
    with pytest.raises(FileNotFoundError):
        autograder.grade_one(
            tmp_path / "submission", tmp_path / "out", "assignment1", tmp_path / "no secret", 1, ENGINE
        )
    found = json.loads((tmp_path / "out").read_bytes())
    assert "score" not in found and "not your fault" in found["output"]


def test_the_zip_has_its_scripts_at_the_root_and_is_proven(tmp_path):
    path = autograder.build("assignment1", tmp_path / "a.zip", b"s" * 64, allow_dirty=True)
    with zipfile.ZipFile(path) as packed_:
        modes = {one.filename: one.external_attr >> 16 & 0o777 for one in packed_.infolist()}
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755 and modes["secret"] == 0o600
    assert not any(name.startswith(("tests/", "solutions/attempts/", "graded/")) for name in modes)
    told = list(autograder.prove(path))
    assert told == ["the original stubs get 0 of 65 points", "the masters get 65 of 65 points"]
