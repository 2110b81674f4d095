"""The student release, as `git archive` makes it, holds the kit and nothing of a solution."""

import io
import re
import shutil
import subprocess
import tarfile

import pytest

from solutions import generate, notebooks, regions
from tests.student import ROOT

INSTRUCTORS = {"solutions", "tests", "benchmarks", ".ci", ".github"}


@pytest.fixture(scope="module")
def release():
    """{path: text} of every file in the release."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    command = ["git", "archive", "--format=tar", "--worktree-attributes", "HEAD"]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        members = [member for member in archive if member.isfile()]
        return {member.name: archive.extractfile(member).read().decode(errors="replace") for member in members}


def solutions_and_answers():
    """Return the lines of all solution regions, and the model answers among them."""
    code, answers = [], []
    for target, master in generate.masters(ROOT).items():
        if not target.endswith(".ipynb"):
            code += regions.solution_lines(master.read_text(encoding="utf-8"), str(master))
            continue
        for cell in notebooks.read_master(master).cells:
            (code if cell.cell_type == "code" else answers).extend(regions.solution_lines(cell.source, str(master)))
    return code, answers


def provided_lines():
    """Return the lines that stand outside all regions: a solution may use one of them again."""
    texts = []
    for target, master in generate.masters(ROOT).items():
        if target.endswith(".ipynb"):
            texts += [cell.source for cell in notebooks.render(master, solved=False).cells]
        else:
            texts.append(regions.to_stub(master.read_text(encoding="utf-8"), str(master)))
    return {line.strip() for text in texts for line in text.splitlines()}


def test_it_holds_the_kit_and_nothing_of_the_instructors(release):
    tops = {name.split("/")[0] for name in release}
    assert {"assignments", "cs231n", "datasets", "requirements.txt", "collect_submission.sh", "README.md"} <= tops
    assert not tops & INSTRUCTORS
    assert not [
        name for name in release if re.search(r"\.pyc$|__pycache__|\.ipynb_checkpoints|\.DS_Store|\.env$", name)
    ]


def test_every_generated_file_is_in_it(release):
    command = ["git", "ls-tree", "-r", "--name-only", "HEAD", "solutions"]
    committed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.splitlines()
    masters = {target: master.relative_to(ROOT).as_posix() for target, master in generate.masters(ROOT).items()}
    wanted = {target for target, master in masters.items() if master in committed}
    assert wanted and wanted <= set(release)


def test_no_line_of_a_solution_is_in_it(release):
    code, _ = solutions_and_answers()
    secrets = {line for line in code if len(line) >= 25} - provided_lines()
    assert len(secrets) > 20
    # In a notebook file a line of code stands inside a JSON string.
    leaks = {(name, line) for name, text in release.items() for line in secrets if line in text.replace('\\"', '"')}
    assert not leaks


def test_no_model_answer_is_in_it(release):
    _, answers = solutions_and_answers()
    assert len(answers) > 5
    leaks = {(name, line) for name, text in release.items() for line in answers if len(line) >= 25 and line in text}
    assert not leaks


def test_nothing_in_it_asks_for_what_is_not_in_it(release):
    wanted = re.compile(r"^\s*(?:from|import)\s+(solutions|tests|benchmarks)\b", re.M)
    assert not [name for name, text in release.items() if name.endswith((".py", ".ipynb")) and wanted.search(text)]
