"""The classes that the benchmark grades are made of real attempts, and are the same every time."""

from benchmarks import grading
from cs231n.tutor import course
from grading.intake import unpack


def test_variants_are_different_submissions_and_the_same_every_time():
    assignment = course.find_assignment("assignment1")
    packed = grading.variants(4, assignment)
    found = [unpack.read_zip(one, assignment.name) for one in packed]
    assert len({one.sha256 for one in found}) == 4 and all(set(one.files) == set(assignment.files) for one in found)
    assert grading.variants(4, assignment) == packed


def test_a_table_plans_larger_classes():
    assert "| 100,000 | 100.0 | 50 h | 6 h | 47 min |" in grading.table(3.6)
