"""Recipes that show more than a check's own does, for exercises that a check judges by properties.

A check of random weights looks at their statistics; whether two ways to draw them are the same shows in the weights.
"""

from __future__ import annotations

from importlib import import_module

import numpy as np

from cs231n.tutor import course


def _parameters(name: str):
    def recipe(student, **settings):
        exercise = course.find_exercise(name)[1]
        model = getattr(import_module(exercise.module), exercise.function.partition(".")[0])
        np.random.seed(5)  # noqa: NPY002  students draw their weights from there
        return {key: np.asarray(value) for key, value in model(**settings).params.items()}

    return recipe


PROBES = {name: _parameters(name) for name in course.exercises() if name.endswith("_init")}
