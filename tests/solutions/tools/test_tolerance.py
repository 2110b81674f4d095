"""Notebooks are compared strictly, but for times and paths, and for numbers in cells that say how near is enough."""

import os
import subprocess
import sys

import pytest

from solutions.tools.tolerance import settled, tolerance
from tests.student import ROOT
from tests.tutor.commands.test_validate import write_notebook

TAGS = ["nbval-ignore-output", "numbers-within-0.03"]


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [(TAGS, 0.03), (["numbers-within-2"], 2), (["nbval-ignore-output"], None), (["numbers-within-"], None), ([], None)],
)
def test_tolerance_is_read_from_the_tags(tags, wanted):
    assert tolerance(tags) == wanted


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("k = 5: accuracy 0.341\n", True),
        ("k = 5: accuracy 0.312\n", True),
        ("k = 5: accuracy 0.309\n", False),
        ("k = 5: accuracy -0.341\n", False),
        ("k = 5: accuracy nan\n", False),
        ("k = 6: accuracy 0.341\n", False),
        ("k = 5: accuracy 0.341 0.341\n", False),
        ("k = 5: error 0.341\n", False),
        ("k =  5: accuracy 0.34\n", True),
        ("k = 5: accuracy 3.41e-1\n", True),
        ("", False),
    ],
)
def test_numbers_may_differ_by_so_much_and_words_not_at_all(text, near):
    stored = "k = 5: accuracy 0.341\n"
    assert settled(text, stored, 0.03) == (stored if near else text)


def test_numbers_that_are_part_of_a_name_are_words():
    assert settled("conv2 of v1.2.3", "conv1 of v1.2.3", 9) == "conv2 of v1.2.3"


def outcome(path, cells, *options):
    """Return the exit code of nbval for cells of (code, stored text, tags)."""
    import nbformat

    write_notebook(path, [code for code, *_ in cells])
    notebook = nbformat.read(path, as_version=4)
    for cell, (_, stored, tags) in zip(notebook.cells[1:], cells, strict=True):
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=stored)]
        cell.metadata["tags"], cell.execution_count = tags, 1
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider", "--nbval"]
    command += ["--nbval-current-env", *options, str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True).returncode


OURS = ["-p", "solutions.tools.tolerance", f"--nbval-sanitize-with={ROOT / 'solutions/nbval.cfg'}"]
FLUSHED = "print('accuracy', end=' ', flush=True)\nimport time; time.sleep(0.2)\nprint(0.52)"


def test_nbval_with_the_plugin_compares_what_plain_nbval_ignores(tmp_path):
    near, far = (FLUSHED, "accuracy 0.5\n", TAGS), (FLUSHED, "accuracy 0.4\n", TAGS)
    assert outcome(tmp_path / "a.ipynb", [near], *OURS) == 0
    assert outcome(tmp_path / "b.ipynb", [far], *OURS) == 1
    assert outcome(tmp_path / "c.ipynb", [far]) == 0


def test_times_paths_and_addresses_may_differ_and_other_numbers_not(tmp_path):
    code = "print('read /tmp/x/y.py in 0.31 s at 0x7f0000000000, 12 times faster: 7 of 9')"
    stored = "read C:\\Users\\z\\y.py in 12 ms at 0x55aa55aa55aa, 9.5 times faster: 7 of 9\n"
    assert outcome(tmp_path / "a.ipynb", [(code, stored, [])], *OURS) == 0
    assert outcome(tmp_path / "b.ipynb", [(code, stored.replace("7 of", "8 of"), [])], *OURS) == 1
