"""Whatever the kit prints or writes to be typed is a verb that there is."""

import argparse
import re
import subprocess

import pytest

from cs231n.tutor.commands.main import build_parser
from tests import student
from tests.student import ROOT

TYPED = re.compile(
    r"(?:python|\bcs231n) -m cs231n ([a-z]+)(?: ([a-z]+))?|terminal\.command\(f?[\"']([a-z]+)(?: ([a-z]+))?"
)
MADE = re.compile(r"[`']make ([a-z]+)")
RELEASED = ("README.md", "docs", "assignments", "cs231n", "collect_submission.sh", "ci", "binder")


def texts():
    listed = subprocess.run(["git", "ls-files", "-z", *RELEASED], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).suffix in (".py", ".md", ".ipynb", ".sh", ".toml", ".yml", ".html", ""):
            yield name, (ROOT / name).read_text(encoding="utf-8")


def choices(parser):
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return found[0].choices if found else {}


def test_to_print_verdicts_takes_no_numpy():
    told = "import sys; from cs231n.tutor.commands import check, main; sys.exit('numpy' in sys.modules)"
    assert student.run(ROOT, "-c", told).returncode == 0


def test_every_verb_that_is_written_somewhere_is_one():
    verbs = choices(build_parser())
    seen = [(name, *filter(None, found)) for name, text in texts() for found in TYPED.findall(text)]
    assert {verb for _, verb, *_ in seen} >= {"check", "hint", "reset", "data"}
    for name, verb, *second in seen:
        assert verb in verbs, (name, verb)
        assert not second or not choices(verbs[verb]) or second[0] in choices(verbs[verb]), (name, verb, second)


@pytest.mark.skipif(not (ROOT / "Makefile").exists(), reason="a tree without a Makefile")
def test_every_make_target_that_is_written_somewhere_is_one():
    rules = [(ROOT / "Makefile").read_text(encoding="utf-8")]
    rules += [path.read_text(encoding="utf-8") for path in (ROOT / "solutions").glob("*.mk")]
    targets = set(re.findall(r"(?m)^([a-z]+):", "\n".join(rules)))
    seen = [(name, target) for name, text in texts() for target in MADE.findall(text)]
    assert len(seen) > 10 and not [one for one in seen if one[1] not in targets]
