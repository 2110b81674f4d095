"""Grading for instructors: from a folder of submissions to marks. Nothing that students get imports this package."""
