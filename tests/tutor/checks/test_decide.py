"""A verdict follows from the cases first, then from the properties; a second look adds evidence."""

from dataclasses import replace

import numpy as np
import pytest

from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.checks.check import Case, Check, Explanation, Finding, failed
from cs231n.tutor.checks.decide import decide
from cs231n.tutor.checks.target import Failure, LocalTarget

INPUTS = {"x": np.arange(12.0).reshape(3, 4)}
RIGHT = Check("twice", lambda student, x: {"out": 2 * x}, lambda seed: [Case("a case", INPUTS)], axes={"x": "N D"})
UNEXPLAINED = replace(RIGHT, recipe=lambda student, x: {"out": 2 * x + np.sin(9 * x**2)})
NEGATIVE = replace(RIGHT, recipe=lambda student, x: {"out": -2 * x})


class Twice:
    def expected(self, check, case, inputs):
        return {"out": 2 * inputs["x"]}

    def mistakes(self, check, case, output):
        return {}

    def matter(self, check, case, output):
        return set()


def verdict(check, oracle=None, **more):
    return decide(replace(check, **more), LocalTarget(), oracle or Twice())


def finding(found):
    return lambda target, check: found


def test_the_first_property_that_finds_more_than_advice_decides():
    advice, fault = Finding("It is slow.", status="advice"), Finding("It is odd.")
    assert verdict(RIGHT).status == "pass"
    passed = verdict(RIGHT, properties=(finding(advice), finding(None)))
    assert (passed.status, passed.advice) == ("pass", "It is slow.")
    failing = verdict(RIGHT, properties=(finding(advice), finding(fault)))
    assert (failing.status, failing.message) == ("fail", "It is odd.")


def test_a_stub_that_only_a_property_reaches_leaves_the_exercise_to_do():
    reached = failed("In train mode", Failure("NotImplementedError", "", "cs231n/layers.py:7", todo="relu_backward"))
    found = verdict(RIGHT, properties=(finding(reached),))
    assert (found.status, found.waits_for, found.where) == ("todo", "relu_backward", "cs231n/layers.py:7")
    assert not found.message


def test_a_failure_is_told_with_its_kind_and_its_line():
    told = failed("With eps = 5", Failure("TypeError", "no such thing.", "cs231n/layers.py:7", "out = x"))
    assert (told.status, told.where) == ("error", "cs231n/layers.py:7")
    assert told.message == "With eps = 5: TypeError: no such thing, in `out = x`."
    assert failed("With eps = 5", Failure("SyntaxError", "bad")).message.startswith("Python cannot read the file")


@pytest.mark.parametrize("tentative", [False, True])
def test_tentative_evidence_is_said_only_where_no_cause_is_known(tentative):
    def second_look(target, check, wrong):
        return Explanation(evidence="Look elsewhere.", tentative=tentative)

    assert "Look elsewhere." in verdict(UNEXPLAINED, second_look=second_look).cause
    known = verdict(NEGATIVE, second_look=second_look)
    assert known.cause_id == "sign" and ("Look elsewhere." in known.cause) != tentative


def test_a_cause_of_the_second_look_is_named_where_none_is_known():
    def second_look(target, check, wrong):
        return Explanation("other_margin", "It is 2.")

    assert verdict(UNEXPLAINED, second_look=second_look).cause_id == "other_margin"
    assert verdict(NEGATIVE, second_look=second_look).cause_id == "sign"


def test_evidence_that_repeats_the_message_is_left_out():
    found = verdict(RIGHT, recipe=lambda student, x: {"out": 2 * x.T})
    assert found.cause_id == "transposed" and "out has shape (4, 3), expected (3, 4)" in found.message
    assert "shape" not in found.cause


def test_an_output_that_follows_from_what_has_passed_is_right():
    def negative(target, outcome):
        return np.array_equal(outcome.run.value["out"], -2 * INPUTS["x"])

    follows = replace(NEGATIVE, follows=negative)
    assert decide(follows, LocalTarget(), Twice()).status == "fail"
    assert decide(follows, LocalTarget(), Twice(), needs_pass=True).status == "pass"
    assert decide(replace(follows, recipe=UNEXPLAINED.recipe), LocalTarget(), Twice(), needs_pass=True).status == "fail"


class Pair(Twice):
    """Expects two outputs, and knows two mistakes: one shows in both, one in the second only."""

    def expected(self, check, case, inputs):
        return {"out": 2 * inputs["x"], "more": np.cos(inputs["x"])}

    def mistakes(self, check, case, output):
        x = INPUTS["x"]
        if output == "out":
            return {"margin_missing": np.sin(7 * x)}
        return {"margin_missing": np.sin(5 * x), "threshold_one": np.sin(5 * x), "threshold_one~2": np.sin(6 * x)}


def pair(out, more, cases=None):
    """Return the verdict on a student with these two outputs."""
    check = Check("pair", lambda student, x: {"out": out(x), "more": more(x)}, cases or RIGHT.cases)
    return verdict(check, Pair())


def test_a_mistake_that_gives_all_outputs_goes_before_one_that_gives_a_part():
    def expected(x):
        return 2 * x

    assert pair(lambda x: np.sin(7 * x), lambda x: np.sin(5 * x)).cause_id == "margin_missing"
    assert pair(expected, lambda x: np.sin(5 * x)).cause_id == "threshold_one"
    assert pair(expected, lambda x: np.sin(6 * x)).cause_id == "threshold_one", "a further way to make it"


def test_a_cause_of_another_output_says_so():
    found = pair(lambda x: np.sin(9 * x**2), lambda x: np.sin(5 * x))
    assert (found.cause_id, "This concerns more." in found.cause) == ("threshold_one", True)
    assert found.message.startswith("With a case: out")


def test_a_case_that_raises_leaves_the_search_on_in_the_others():
    def negative(student, x):
        if len(x) == 2:
            raise ValueError("no")
        return {"out": -2 * x}

    cases = [Case("a case", INPUTS), Case("two rows", {"x": np.ones((2, 4))})]
    assert verdict(RIGHT, recipe=negative, cases=lambda seed: cases).cause_id == "sign"


def test_of_what_is_seen_only_the_most_telling_fact_is_said():
    def odd(student, x):
        return {"out": np.where(np.arange(4) == 1, np.sin(9 * x**2), 2 * x) if len(x) == 3 else 2 * x}

    cases = [Case("a case", INPUTS), Case("one row", {"x": np.ones((1, 4))}), Case("two", {"x": np.ones((1, 5))})]
    told = verdict(RIGHT, recipe=odd, cases=lambda seed: cases).message
    assert "Exactly the cases with N > 1 and" in told and "column" not in told


def test_evidence_that_the_message_contains_is_not_repeated():
    found = verdict(RIGHT, recipe=lambda student, x: {"out": 2 * x.T})
    assert found.message == "With a case: out has shape (4, 3), expected (3, 4)."
    assert found.cause == CAUSES["transposed"]
