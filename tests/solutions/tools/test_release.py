"""The student release holds the kit and nothing of a solution, and what would leak is found."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile

import numpy as np
import psutil
import pytest
import yaml

from cs231n import __version__
from cs231n.tutor import course
from solutions import __main__ as commands
from solutions.tools import generate, leaks
from solutions.tools import release as releases
from solutions.tools.release import File
from tests import student
from tests.student import ROOT
from tests.tutor.commands.test_validate import SETUP, make_kit, store_outputs_without_a_count, write_notebook

SECRETS = leaks.Secrets()
GITHUB, GITLAB = ".github/workflows/check.yml", ".gitlab-ci.yml"


@pytest.fixture(scope="module")
def release():
    """{path: file} of the release of the last commit."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    return releases.contents()


def found(path, content):
    content = content if isinstance(content, bytes) else content.encode()
    return leaks.find({path: content}, SECRETS)


def notebook(source="", **more):
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
    return json.dumps({"cells": [cell | more], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_it_is_fit_for_students(release):
    assert releases.unfit(release) == []


def test_it_holds_the_kit_and_nothing_of_the_instructors(release):
    tops = {name.split("/")[0] for name in release}
    assert {"assignments", "cs231n", "datasets", "requirements.txt", "collect_submission.sh", "README.md"} <= tops
    assert not tops & {"solutions", "tests", "benchmarks", ".ci", "ci"}
    assert {GITHUB, GITLAB} <= set(release) and ".github/workflows/test.yml" not in release
    assert release["collect_submission.sh"].executable and not release["README.md"].executable


def test_binder_installs_the_requirements_and_no_copy_of_the_kit(release):
    # Without a folder of its own it goes on to `pip install .`: edits would have no effect.
    folders = {name.split("/")[0] for name in release} & {"binder", ".binder"}
    assert len(folders) == 1
    lines = release[f"{folders.pop()}/requirements.txt"].content.decode().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-r ../requirements.txt"]
    assert b"\n-e ." in release["requirements.txt"].content


def test_every_generated_file_is_in_it(release):
    command = ["git", "ls-tree", "-r", "--name-only", "HEAD", "solutions"]
    committed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.splitlines()
    masters = {target: master.relative_to(ROOT).as_posix() for target, master in generate.masters(ROOT).items()}
    wanted = {target for target, master in masters.items() if master in committed}
    assert wanted and wanted <= set(release)


def test_a_file_more_or_less_is_told(release):
    changed = {**release, "cs231n/notes.txt": File(b"")}
    del changed["LICENSE"]
    told = "\n".join(releases.unfit(changed))
    assert "cs231n/notes.txt: is not listed in" in told and "LICENSE: is listed in" in told


def test_there_are_secrets_to_look_for():
    assert len(SECRETS.lines) > 200 and "_hidden_forward" in SECRETS.names
    answers = [line for line in SECRETS.lines if re.match(r"\*?[A-Z][a-z]+ .* [a-z]+ .* [a-z]+ ", line)]
    assert len(answers) > 5  # model answers to the inline questions are among them


@pytest.mark.parametrize("line", sorted(SECRETS.lines)[:: len(SECRETS.lines) // 9])
def test_a_line_of_a_solution_is_found_in_a_module_a_notebook_and_a_zip(line, tmp_path):
    with zipfile.ZipFile(tmp_path / "originals.zip", "w") as archive:
        archive.writestr("cs231n/layers.py", f"def f():\n    {line}\n")
    planted = {
        "cs231n/layers.py": f"def f():\n    {line}  # like that\n",
        "assignments/assignment1/knn.ipynb": notebook(f"# first\n{line}\n"),
        "cs231n/tutor/commands/originals.zip": (tmp_path / "originals.zip").read_bytes(),
    }
    for path, content in planted.items():
        assert [told for told in found(path, content) if line in told and told.startswith(path)], path


LINE = next(line for line in sorted(SECRETS.lines) if '["' in line and " = " in line)


def packed(name, content):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)  # its date is fixed: what is tested is named by its bytes
    return memory.getvalue()


def array(value):
    memory = io.BytesIO()
    np.savez_compressed(memory, value=value)
    return memory.getvalue()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("cs231n/layers.py", LINE.replace(" ", "")),
        ("cs231n/layers.py", LINE.replace(" = ", "  =  ")),
        ("docs/students.md", LINE.replace(" = ", " = \\\n    ")),
        ("cs231n/tutor/exercises/causes.json", json.dumps({"hint": LINE})),
        ("assignments/assignment1/knn.ipynb", notebook(metadata={"note": LINE})),
        ("assignments/assignment1/knn.ipynb", notebook(attachments={"a.txt": {"text/plain": LINE}})),
        ("cs231n/tutor/exercises/expected/knn.npz", array(np.array(LINE))),
        ("cs231n/tutor/exercises/expected/knn.npz", array(np.frombuffer(LINE.encode(), np.uint8))),
        ("docs/kit.whl", packed("layers.py", LINE)),
        ("docs/answers.txt", LINE.encode("utf-16")),
    ],
    ids=["no spaces", "more spaces", "split", "json", "metadata", "attachment", "string", "bytes", "archive", "utf-16"],
)
def test_a_line_of_a_solution_is_found_however_it_is_laid_out_or_packed(path, content):
    assert any(LINE in told for told in found(path, content))


def test_a_line_of_a_solution_is_found_without_the_comment_at_its_end():
    line = "loss += 0.5 * self.reg * np.vdot(W, W)"
    assert found("docs/students.md", f"    {line}") == [f"docs/students.md: has a line of a solution: {line}"]


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("cs231n/layers.py", "out = _hidden_forward(x)", "the name of a solution's helper: _hidden_forward"),
        ("assignments/assignment1/svm.ipynb", notebook("1", execution_count=3), "an execution count in code cell 1"),
        ("assignments/assignment1/svm.ipynb", notebook("1", outputs=[{"text": "2"}]), "outputs or an execution count"),
        ("assignments/assignment1/svm.ipynb", "<<<<<<< HEAD", "not a notebook file"),
        ("cs231n/__pycache__/layers.cpython-312.pyc", b"\x00", "bytecode"),
        ("cs231n/layers.pyc", b"\x00", "bytecode"),
        ("build/solved/.solved-tree", "", "working file"),
        ("build/solved/cs231n/layers.py", "", "working file"),
        ("cs231n.egg-info/PKG-INFO", "", "working file"),
        (".pytest_cache/v/cache/lastfailed", "", "working file"),
        pytest.param("assignment1_submission.zip", packed("manifest.json", ""), "working file", id="a submission"),
        ("assignment1_report.html", "", "working file"),
        ("cs231n/.layers.py.swp", "", "working file"),
        ("cs231n/layers.py.orig", "", "working file"),
        ("assignments/.ipynb_checkpoints/knn.ipynb", notebook(), "working file"),
        ("solutions/cs231n/layers.py", "", "belongs to the instructor's copy"),
        ("cs231n/layers.py", "    ### BEGIN SOLUTION", "has a marker"),
        ("cs231n/tutor/commands/data.py", "    from solutions import generate", "imports solutions"),
    ],
)
def test_what_else_belongs_to_instructors_is_found(path, content, told):
    assert any(told in line for line in found(path, content))


def test_what_is_innocent_is_let_through():
    assert (
        found("cs231n/layers.py", "def affine_forward(x, w, b):\n    # TODO: y\n    raise NotImplementedError\n") == []
    )
    assert found("assignments/assignment1/knn.ipynb", notebook("checks.run('l2')")) == []


def test_its_version_is_the_changelogs(tmp_path):
    assert releases.version() == __version__
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 99.0\n", encoding="utf-8")
    with pytest.raises(releases.ReleaseError, match=r"99\.0.*make them the same"):
        releases.version(tmp_path)


DATE = (2026, 1, 2, 3, 4, 6)


def test_the_zip_is_the_same_for_the_same_files_and_keeps_what_can_be_run(tmp_path):
    files = {"a/run.sh": File(b"#!/bin/sh\n", executable=True), "b.txt": File("é".encode())}
    for name in ("one.zip", "two.zip"):
        releases.write_zip(files, tmp_path / name, "kit-1", DATE)
    assert {member.date_time for member in zipfile.ZipFile(tmp_path / "one.zip").infolist()} == {DATE}
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    kit = releases.unpack(tmp_path / "one.zip", tmp_path)
    assert kit.name == "kit-1" and (kit / "b.txt").read_text(encoding="utf-8") == "é"
    assert os.name == "nt" or (os.access(kit / "a/run.sh", os.X_OK) and not os.access(kit / "b.txt", os.X_OK))


def repository(folder):
    """Return a repository with the files a release needs to be made of, committed."""
    for path in ("solutions/cs231n", "cs231n"):
        (folder / path).mkdir(parents=True)
    (folder / "CHANGELOG.md").write_text(f"## {__version__}\n", encoding="utf-8")
    (folder / "solutions/cs231n/optim.py").write_text("x = 1\n", encoding="utf-8")
    (folder / "cs231n/optim.py").write_text("x = 1\n", encoding="utf-8")
    (folder / ".gitattributes").write_text("/solutions export-ignore\n/.gitattributes export-ignore\n")
    (folder / ".gitignore").write_text("/build/\n")
    git(folder, "init", "-q")
    commit(folder)
    releases.update_manifest(folder)
    commit(folder)
    return folder


def git(folder, *arguments):
    subprocess.run(["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *arguments], cwd=folder, check=True)


def commit(folder):
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_a_release_is_made_of_what_is_committed_and_only_if_it_is_fit(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-02T04:04:06+0100")
    folder = repository(tmp_path)
    monkeypatch.setattr(releases, "prove", lambda kit, home, say: None)
    path = releases.release(folder, say=lambda line: None)
    with zipfile.ZipFile(path) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        assert {member.date_time for member in archive.infolist()} == {DATE}
    first = path.read_bytes()
    assert releases.release(folder, say=lambda line: None).read_bytes() == first
    assert names == {"CHANGELOG.md", ".gitignore", "cs231n/optim.py"}
    path.unlink()
    (folder / "cs231n/extra.py").write_text("", encoding="utf-8")
    with pytest.raises(releases.ReleaseError, match=r"not everything is committed:\n.*cs231n/extra\.py"):
        releases.release(folder)
    told = []
    releases.release(folder, allow_dirty=True, say=told.append).unlink()
    assert told[0] == "Not committed, and so not in the release: 1 files"
    commit(folder)
    with pytest.raises(releases.ReleaseError, match=r"extra\.py: is not listed"):
        releases.release(folder)
    assert list(path.parent.iterdir()) == []


@pytest.mark.skipif(not shutil.which("git") or os.name == "nt", reason="needs git and links")
def test_a_link_is_told_and_not_left_out_in_silence(tmp_path):
    folder = repository(tmp_path)
    (folder / "cs231n/more.py").symlink_to("optim.py")
    commit(folder)
    with pytest.raises(releases.ReleaseError, match=r"cs231n/more\.py: is a link"):
        releases.release(folder)


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_what_git_says_is_told_where_there_is_no_repository_and_no_commit(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "CHANGELOG.md").write_text(f"## {__version__}\n", encoding="utf-8")
    with pytest.raises(releases.ReleaseError, match=r"git status.*not a git repository"):
        releases.release(tmp_path)
    git(tmp_path, "init", "-q")
    with pytest.raises(releases.ReleaseError, match=r"git archive.*HEAD"):
        releases.contents(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(releases.ReleaseError, match="git is not installed"):
        releases.release(tmp_path)


STOPPED = """
import sys
from pathlib import Path
from solutions import __main__ as verbs
begun = Path(sys.argv[1])
code = f"import os, time; open({str(begun)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
verbs._stale = list
verbs.releases.release = lambda **options: verbs.releases._python(begun.parent, begun.parent, ["-c", code], {0})
sys.exit(verbs.main(["release"]))
"""


@pytest.mark.skipif(os.name == "nt" or not shutil.which("git"), reason="signals; needs git")
def test_what_ends_a_release_ends_its_proof(tmp_path):
    begun = tmp_path / "begun"
    process = subprocess.Popen([sys.executable, "-c", STOPPED, str(begun)], cwd=ROOT, stderr=subprocess.PIPE)
    while not begun.exists() or not begun.read_text():
        assert process.poll() is None
        time.sleep(0.05)
    process.terminate()
    assert process.communicate(timeout=30)[1].decode().strip() == "stopped"
    assert process.returncode == 130 and not psutil.pid_exists(int(begun.read_text()))


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
@pytest.mark.parametrize("path", ["CHANGELOG.md", "cs231n/__init__.py"])
def test_a_version_that_is_not_committed_names_no_release(tmp_path, monkeypatch, path):
    folder = repository(tmp_path)
    monkeypatch.setattr(releases, "prove", lambda kit, home, say: None)
    (folder / path).write_text(f"## {__version__}\n\nmore\n", encoding="utf-8")
    with pytest.raises(releases.ReleaseError, match=rf"{path} .* version.* commit it first"):
        releases.release(folder, allow_dirty=True, say=lambda line: None)


def test_a_release_is_refused_where_generated_files_are_out_of_step(monkeypatch, capsys):
    monkeypatch.setattr(releases, "uncommitted", list)
    monkeypatch.setattr(releases, "release", lambda **options: pytest.fail("it was released"))
    monkeypatch.setattr(generate, "out_of_step", lambda: ["cs231n/optim.py"])
    monkeypatch.setattr(commands, "_expected", lambda *flags: ["knn.npz"])
    assert commands.main(["release"]) == 1
    told = capsys.readouterr().err
    assert "cs231n/optim.py" in told and "cs231n/tutor/exercises/expected/knn.npz" in told and "make stubs" in told


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_nothing_lies_among_the_releases_until_it_is_proven(tmp_path, monkeypatch):
    folder, seen = repository(tmp_path), []
    monkeypatch.setattr(releases, "prove", lambda kit, home, say: seen.extend((folder / "build").rglob("*.*")))
    path = releases.release(folder, say=lambda line: None)
    assert seen == [] and list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_a_release_that_fails_its_proof_leaves_no_zip(tmp_path, monkeypatch):
    folder = repository(tmp_path)

    def fails(kit, home, say):
        raise releases.ReleaseError("not every exercise is to do")

    monkeypatch.setattr(releases, "prove", fails)
    with pytest.raises(releases.ReleaseError, match="to do"):
        releases.release(folder)
    assert list((folder / "build/release").iterdir()) == []


def test_a_kit_with_an_exercise_done_does_not_pass_the_proof(tmp_path):
    kit = student.copy_kit(tmp_path)
    shutil.copy(course.ROOT / "cs231n/optim.py", kit / "cs231n/optim.py")
    with pytest.raises(releases.ReleaseError, match="sgd: pass"):
        releases.prove(kit, tmp_path, print)


def tag_last_cell(path, tag):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1]["metadata"] = {"tags": [tag]}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_notebooks_that_show_a_traceback_or_something_wrong_do_not_pass_the_proof(tmp_path):
    notebooks = {
        "knn": [SETUP, "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()"],
        "svm": [SETUP, "1 / 0"],
        "softmax": [SETUP, "checks.run('l2')"],
        "two_layer_net": [SETUP, "raise NotImplementedError('this cell: not written yet')"],
        "features": [SETUP, "checks.run('l1')", "print('! all is well')"],
    }
    kit = make_kit(tmp_path, notebooks)
    stub = kit / "cs231n/regularizers.py"
    stub.write_text(stub.read_text(encoding="utf-8").replace('NotImplementedError("l2:', 'ValueError("l2:'))
    tag_last_cell(kit / "assignments/assignment1/svm.ipynb", "raises-exception")
    with pytest.raises(releases.ReleaseError) as told:
        releases.run_notebooks(kit, tmp_path, print, "assignment1")
    for line in (
        r"✗ assignment1/knn .*\n.*\n +it shows a traceback: ZeroDivisionError: division by zero",
        r"✗ assignment1/svm .*\n.*\n +it shows a traceback: ZeroDivisionError: division by zero",
        r"✗ assignment1/softmax .*\n.*\n +it shows what is wrong: ! l2: does not run",
        r"✓ assignment1/two_layer_net ",
        r"✓ assignment1/features ",
    ):
        assert re.search(line, str(told.value)), line


# --- the student's own CI ------------------------------------------------------------------------------------


def steps(workflow):
    """Return the commands of a GitHub or GitLab job, except those that install."""
    text = yaml.safe_load((ROOT / "ci" / workflow).read_text(encoding="utf-8"))
    if workflow == "github.yml":
        runs = [step["run"] for step in text["jobs"]["check"]["steps"] if "run" in step]
        assert runs[0].startswith("python -m pip install -r requirements.txt")
        return runs[1:]
    job = text["check"]
    assert job["before_script"][0].startswith("python -m pip install -r requirements.txt")
    return ["\n".join(job["script"])]  # one shell for all


def run_as_a_runner(kit, workflow, folder):
    """Run the steps as the runner does, each in a shell that stops at an error; return exit codes and the summary."""
    summary = folder / "summary.md" if workflow == "github.yml" else kit / "progress.md"
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    (folder / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')  # a link would not see the venv
    (folder / "python").chmod(0o755)
    shell = {"PATH": path, "HOME": str(folder), "PYTHONPATH": str(kit), "GITHUB_STEP_SUMMARY": str(summary)}
    shutil.copy(ROOT / "pyproject.toml", kit)
    codes = [
        subprocess.run(["bash", "-eo", "pipefail", "-c", one], cwd=kit, env=shell).returncode for one in steps(workflow)
    ]
    return codes, summary.read_text(encoding="utf-8")


def whole_kit(folder, *cells):
    """Return a kit with a notebook of these cells, and one of nothing in the place of all others."""
    kit = make_kit(folder, {"knn": cells})
    for assignment in course.ASSIGNMENTS:
        for stem in set(assignment.notebooks) - {"knn"}:
            write_notebook(kit / f"assignments/{assignment.name}/{stem}.ipynb", [])
    return kit


@pytest.mark.skipif(not shutil.which("bash") or os.name == "nt", reason="needs bash")
@pytest.mark.parametrize("workflow", ["github.yml", "gitlab.yml"])
class TestTheStudentsOwnCI:
    def test_it_is_green_while_something_is_to_do_and_shows_the_table(self, workflow, tmp_path):
        kit = whole_kit(tmp_path, SETUP, "checks.run('l2')")
        codes, summary = run_as_a_runner(kit, workflow, tmp_path)
        assert set(codes) == {0}
        assert "| `l2` | ○ to do | 0 of 1 |  |" in summary
        assert len(re.findall(r"^### assignment\d$", summary, re.M)) == len(course.ASSIGNMENTS)

    def test_it_is_red_where_an_exercise_is_wrong_and_the_notebooks_run_all_the_same(self, workflow, tmp_path):
        kit = whole_kit(tmp_path, SETUP, f"open({str(tmp_path / 'ran')!r}, 'w').close()")
        stub = kit / "cs231n/regularizers.py"
        text = stub.read_text(encoding="utf-8")
        mine = 'raise ValueError("<script> | `x` @me")'
        stub.write_text(text.replace('raise NotImplementedError("l2:', f'{mine}\n    raise NotImplementedError("l2:'))
        codes, summary = run_as_a_runner(kit, workflow, tmp_path)
        assert codes == ([1, 0] if workflow == "github.yml" else [1])
        assert "| `l2` | ! does not run | 0 of 1 |" in summary and "&#60;script&#62; &#124; &#96;x&#96;" in summary
        assert (tmp_path / "ran").exists()

    @pytest.mark.parametrize("cell", ["1 / 0", "%timeti 1", "exit()"])
    def test_it_is_red_where_a_notebook_stops(self, workflow, cell, tmp_path):
        kit = whole_kit(tmp_path, SETUP, cell)
        assert run_as_a_runner(kit, workflow, tmp_path)[0][-1] == 1

    def test_it_is_green_where_outputs_are_stored_that_are_not_counted(self, workflow, tmp_path):
        kit = whole_kit(tmp_path, SETUP, "print(1)")
        store_outputs_without_a_count(kit / "assignments/assignment1/knn.ipynb")
        assert set(run_as_a_runner(kit, workflow, tmp_path)[0]) == {0}
