"""What tests of handing in share: a kit with a student's files, small notebooks, and checks that take no time."""

import json
import shutil

from cs231n.tutor import course
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.submission import submit
from tests.student import ROOT

ASSIGNMENT = course.find_assignment("assignment1")
KNN = "assignments/assignment1/knn.ipynb"


def copy_kit(folder, source=ROOT):
    """Copy the package and the notebooks of a tree into a folder and return it."""
    for name in ("cs231n", "assignments"):
        ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(source / name, folder / name, ignore=ignore)
    return folder


def passing(tree, assignment):
    """Say of every exercise that it passes, as a fake of `checking.check`."""
    return [
        Verdict(one.name, "pass", "Right.", assignment=assignment.name, points=one.points, out_of=one.points)
        for one in assignment.exercises
    ]


def examined(root, check=passing):
    """Return the submission of the kit in `root`."""
    return submit.examine(ASSIGNMENT, *submit.prepare(ASSIGNMENT, root), root, check)


def zipped(root, folder=None):
    """Hand in the kit in `root` and return the zip's path."""
    return submit.write_zip(examined(root), folder or root)


def code(source="x = 1", count=None, outputs=(), **more):
    """Return a code cell as JSON."""
    cell = {"cell_type": "code", "source": source, "metadata": {}, "execution_count": count, "outputs": list(outputs)}
    return cell | more


def markdown(source, *tags, **more):
    """Return a markdown cell as JSON."""
    return {"cell_type": "markdown", "source": source, "metadata": {"tags": list(tags)} if tags else {}} | more


def printed(text):
    """Return the output of print() as JSON."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(mime, data):
    """Return what display() puts out as JSON."""
    return {"output_type": "display_data", "metadata": {}, "data": {mime: data}}


def book(*cells, minor=5, major=4, metadata=None):
    """Return the bytes of a notebook file."""
    whole = {"cells": list(cells), "metadata": metadata or {}, "nbformat": major, "nbformat_minor": minor}
    return json.dumps(whole, indent=1).encode()
