"""A class of thirty in the shapes that five LMSs hand out, made by hand: right, partly right, wrong, late, in groups,
damaged and hostile. What the fake engine passes is named in a comment of a stub."""

import io
import json
import shutil
import stat
import zipfile
from dataclasses import dataclass
from functools import cache

from cs231n import __version__
from cs231n.tutor import course, originals
from solutions.tools import generate, regions

A1 = course.find_assignment("assignment1")
STUB = "cs231n/classifiers/softmax.py"


@cache
def masters():
    """Return {path: the model answer} of all modules."""
    found = {path: master for path, master in generate.masters(generate.ROOT).items() if path.endswith(".py")}
    return {path: regions.to_solved(one.read_text(encoding="utf-8"), path).encode() for path, one in found.items()}


def kit(right="", extra=None, assignment=A1, also=""):
    """Return the files of a submission in which some exercises are right.

    "all" and "some", those of the first file, are so for every grader; the fake one believes any other names too.
    """
    files = {name: originals.originals()[name] for name in assignment.files}
    modules = [name for name in files if name.endswith(".py")]
    for name in modules if right == "all" else modules[:1] if right == "some" else ():
        files[name] = masters()[name]
    told = " ".join(one.name for one in FIRST) if right == "some" else right
    files[modules[0]] += f"\n# right: {told}\n{also}".encode()
    return files | (extra or {})


def manifest(assignment="assignment1", version=__version__):
    return {"manifest.json": json.dumps({"assignment": assignment, "kit_version": version, "files": {}}).encode()}


def packed(files, prefix=""):
    """Return a zip as bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else prefix + name, content)
    return out.getvalue()


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def lay(folder, files):
    for name, content in files.items():
        put(folder, name, content)


def link(name, target="/etc/passwd"):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    info.create_system = 3
    return {info: target}


ZIP = "assignment1_submission.zip"
FIRST = [one for one in A1.exercises if one.file == A1.files[0]]
ALL, SOME = (sum(one.points for one in exercises) for exercises in (A1.exercises, FIRST))
HOSTILE = b"import os\n\nos.write(3, b'pass')\nos._exit(0)\n"
WRONG = b"import numpy as np\n\n\ndef l2(W):\n    return np.sum(W), 2 * W\n"


@dataclass
class Class:
    """A download, and what is expected of it: {key: points, None where there can be no mark}."""

    path: object
    layout: str
    expected: dict


def canvas(folder):
    """Eight students of Canvas, some with several attempts."""
    put(folder, f"doejane_123_456_{ZIP}", packed(kit() | manifest()))
    put(folder, "doejane_123_470_assignment1_submission-1.zip", packed(kit("all") | manifest()))
    put(folder, f"roejoe_LATE_124_457_{ZIP}", packed(kit("some")))
    put(folder, "anon_x7_458_work.zip", packed(kit("some"), "my work/assignment1_submission/"))
    put(folder, "zhangmei_126_459_outer.zip", packed({"inner.zip": packed(kit("all"))}))
    put(folder, f"damaged_127_460_{ZIP}", packed(kit("all"))[:-300])
    put(folder, f"slip_128_461_{ZIP}", packed({"../../../tmp/slipped.py": b"x = 1", **kit("all")}))
    put(folder, f"linked_129_462_{ZIP}", packed({k: v for k, v in kit("all").items() if k != STUB} | link(STUB)))
    put(
        folder,
        "bare_130_463_k_nearest_neighbor-1.py",
        kit("some")["cs231n/classifiers/k_nearest_neighbor.py"],
    )
    put(folder, "bare_130_464_linear_svm-2.py", kit()["cs231n/classifiers/linear_svm.py"])
    some = {"doejane-123": ALL, "roejoe-124": SOME, "anon_x7": SOME, "zhangmei-126": ALL, "bare-130": SOME}
    return Class(folder, "canvas", some | {"damaged-127": None, "slip-128": None, "linked-129": None})


def moodle(folder):
    """Six participants of Moodle, as a zip; one wrote a text instead, one handed in assignment 2."""
    files = {
        f"Zoë O'Brien_555_assignsubmission_file/{ZIP}": packed(kit("all")),
        f"Under_Score_556_assignsubmission_file_/{ZIP}": packed(kit("some")),
        f"Mac User_557_assignsubmission_file/{ZIP}": packed(
            kit("all") | {"__MACOSX/._knn.ipynb": b"\0", ".DS_Store": b"\0", "cs231n/._layers.py": b"\0"}
        ),
        "Text Only_558_assignsubmission_onlinetext/onlinetext.html": b"<p>I could not upload</p>",
        f"Second One_559_assignsubmission_file/{ZIP}": packed(
            kit("all", assignment=course.find_assignment("assignment2")) | manifest("assignment2")
        ),
        "Only Books_560_assignsubmission_file/work.zip": packed(
            {name: content for name, content in kit().items() if name.endswith(".ipynb")}
        ),
    }
    path = folder / "CS231N-Assignment 1-77.zip"
    put(folder, path.name, packed(files))
    expected = {"zoe-o-brien-555": ALL, "under_score-556": SOME, "mac-user-557": ALL, "text-only-558": None}
    return Class(path, "moodle", expected | {"second-one-559": None, "only-books-560": 0})


GRADESCOPE = """---
submission_900:
  :submitters:
  - :name: Ada Lovelace
    :sid: '31'
    :email: ada@uni.example
  - :name: Charles Babbage
    :sid: '32'
    :email: charles@uni.example
  :created_at: 2026-10-09 21:00:00.000000000 Z
  :score: 0
submission_901:
  :submitters:
  - :name: Alan Turing
    :sid:
    :email: alan@uni.example
  :created_at: 2026-10-11 10:00:00.000000000 Z
submission_902:
  submitters:
  - name: Grace Hopper
    sid: '34'
    email: grace@uni.example
  created_at: 2026-10-09 22:30:00 UTC
"""


def gradescope(folder):
    """Four students of Gradescope, two of them a group, one two days late."""
    top = folder / "assignment_55_export"
    put(top, "submission_metadata.yml", GRADESCOPE.encode())
    lay(top / "submission_900", kit("all"))
    lay(top / "submission_901", kit("all", {"cs231n/my_own.py": b"x = 1"}))
    lay(top / "submission_902" / "cs231n-assignments", kit("some"))
    keys = {"ada@uni.example": ALL, "charles@uni.example": ALL, "alan@uni.example": ALL, "grace@uni.example": SOME}
    return Class(top, "gradescope", keys)


def nbgrader(folder):
    """Five students in nbgrader's tree; one made a fork bomb of the zip's size, one renamed a notebook."""
    top = folder / "submitted"
    put(top, f"s1/assignment1/{ZIP}", packed(kit("all")))
    put(top, "s1/assignment1/timestamp.txt", b"2026-10-09 20:15:00.5 UTC")
    lay(top / "s2" / "assignment1", kit("some"))
    renamed = kit("some")
    renamed["assignments/assignment1/my knn final.ipynb"] = renamed.pop("assignments/assignment1/knn.ipynb")
    lay(top / "s3" / "assignment1", renamed)
    put(top, f"s4/assignment1/{ZIP}", packed(kit("all") | {STUB: b"#" * 150_000_000}))
    put(top, f"s5/assignment1/{ZIP}", packed({"CS231N/Layers.py": b"a"} | kit("all")))
    return Class(folder, "nbgrader", {"s1": ALL, "s2": SOME, "s3": SOME, "s4": None, "s5": None})


def clones(folder):
    """Seven clones, one wrong, one hostile, with a git hook, links out of the folder, a module named like numpy."""
    top = folder / "hw1-submissions"
    for name in ("ann", "ben", "cem", "dee", "eva", "fay", "gus"):
        lay(top / f"hw1-{name}", kit("all" if name in "ann ben fay" else "some") | {"README.md": b"kit"})
    put(top / "hw1-ann", ".git/hooks/post-checkout", b"#!/bin/sh\ntouch /tmp/hook-was-run\n")
    (top / "hw1-ann" / ".git/hooks/post-checkout").chmod(0o755)
    put(top / "hw1-ben", "numpy.py", b"raise SystemExit")
    put(top / "hw1-dee", "cs231n/layers.py", HOSTILE)
    put(top / "hw1-eva", "cs231n/regularizers.py", WRONG)
    (top / "hw1-cem" / STUB).unlink()
    (top / "hw1-cem" / STUB).symlink_to("/etc/passwd")
    (top / "hw1-dee" / "loop").symlink_to(top / "hw1-dee")
    put(top / "hw1-eva", "venv/lib/site-packages/other.py", b"x = 1")
    lay(top / "hw1-fay", manifest(version="0.0.9"))
    expected = {"ann": ALL, "ben": ALL, "cem": SOME, "dee": SOME, "eva": SOME, "fay": ALL, "gus": SOME}
    return Class(folder / "hw1-submissions", "folders", expected)


SHAPES = {"canvas": canvas, "moodle": moodle, "gradescope": gradescope, "nbgrader": nbgrader, "clones": clones}


def make(folder, shape):
    """Return one of the classes, newly made in a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return SHAPES[shape](folder)
