"""Every recipe of the checks, and every one that a property or an explanation makes, travels by its name."""

import json

import pytest

from cs231n.tutor import exercises
from cs231n.tutor.checks.decide import decide
from cs231n.tutor.checks.oracle import StoredOracle
from cs231n.tutor.checks.target import LocalTarget
from grading import recipes
from solutions.tools.expected import cell_functions
from tests.solutions.test_attempts import WRONG, name

CHECKS = {one: check for one, (_, check) in exercises.registry().items()}


class Travelling(LocalTarget):
    """A target whose recipes and inputs go over the line and back before they run."""

    def run(self, recipe, inputs, observe=""):
        arrays = []
        told = [recipes.named(recipe, arrays), recipes.named(inputs, arrays)]
        told = json.loads(json.dumps(told))
        recipe, inputs = (recipes.found(one, arrays, CHECKS) for one in told)
        return super().run(recipe, inputs, observe)


@pytest.mark.parametrize("exercise", exercises.names())
def test_a_check_decides_the_same_with_recipes_that_travel(exercise):
    family, check = exercises.registry()[exercise]
    found = decide(check, Travelling(cell_functions()), StoredOracle(family))
    assert (found.status, found.advice) == ("pass", ""), str(found)


@pytest.mark.parametrize("attempt", WRONG[3::29], ids=name)
def test_a_cause_is_found_with_recipes_that_travel(attempt, monkeypatch):
    family, check = exercises.registry()[attempt.exercise]
    target = Travelling({**cell_functions(), **attempt.install(monkeypatch)})
    found = decide(check, target, StoredOracle(family))
    assert (found.status, found.cause_id) == (attempt.status, attempt.cause), str(found)


def there_and_back(value):
    arrays = []
    return recipes.found(json.loads(json.dumps(recipes.named(value, arrays))), arrays, CHECKS)


@pytest.mark.parametrize("value", [None, True, 3, 0.1, float("inf"), "é", [1, (2, "3")], {"a": {1: (None,)}}, int])
def test_values_come_back_as_they_were(value):
    assert there_and_back(value) == value and type(there_and_back(value)) is type(value)


def test_what_has_no_name_is_not_sent():
    with pytest.raises(recipes.NamelessError, match="object"):
        recipes.named(object(), [])


def test_a_check_is_the_childs_own():
    assert there_and_back(CHECKS["sgd"]) is CHECKS["sgd"]
