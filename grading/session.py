"""A session that grades: it checks exercises with inputs from secret seeds, which its verdicts do not show."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from cs231n.tutor import course, exercises
from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.checks.decide import decide
from cs231n.tutor.checks.oracle import Oracle, StoredOracle
from cs231n.tutor.checks.runner import Session, stopped
from cs231n.tutor.checks.seed import PUBLIC, Seed
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.show.verdict import Verdict
from grading.accepted import FOLLOWS
from grading.masters import Masters
from grading.remote import BrokenOff, Child, Target
from grading.seeds import Seeds

HIDDEN = "Your code passes with the inputs of your own check, but not with other inputs, which are not shown."


class GradingSession(Session):
    """Judges a student's code in a child. A verdict is "pass" only if the code passes with every secret seed.

    If the code fails with a secret seed and with the public one, the verdict is that for the public seed, as in the
    student's own check. The check with the public seed runs in a new process, since the code may have kept earlier
    inputs and could reveal them in an exception. If the code fails only with a secret seed, the verdict names the
    cause, if it is in the catalogue, but contains no text from the code.
    """

    def __init__(self, child: Child, seeds: Seeds):
        super().__init__(exercises.registry())
        self.child, self.seeds = child, seeds
        self.masters = {family: Masters(family) for family in exercises.FAMILIES}

    def _target_of(self, name: str, functions: dict[str, Callable] | None) -> LocalTarget:
        return Target(self.child, name, random.Random(self.seeds.order(name)))

    def _decide(
        self, name: str, target: LocalTarget, needs_pass: bool = False, explains: Callable[[], bool] = lambda: True
    ) -> Verdict:
        assert isinstance(target, Target)
        family, check = self.registry[name]

        def told(seed: Seed, oracle: Oracle) -> Verdict:
            judged = replace(check, seed=seed, follows=FOLLOWS.get(name))
            try:
                target.begin()
                found = decide(judged, target, oracle, needs_pass)
                found = replace(found, where=found.where or target.line())
            except BrokenOff as broken:
                return _broken_off(name, broken, hidden=seed is not PUBLIC)
            return found if seed is PUBLIC else _hidden(found)

        secret = Verdict(name, "pass")
        for seed in self.seeds.of(f"{family} {check.stored_as}"):
            secret = told(seed, self.masters[family])
            if secret.status != "pass":
                break
        if not (secret.wrong or secret.advice):
            return secret
        self.child.end()
        public = told(PUBLIC, StoredOracle(family))
        if secret.wrong:
            return public if public.wrong else secret
        return replace(secret, advice=public.advice if public.status == "pass" else "")


def _hidden(verdict: Verdict) -> Verdict:
    """Return a verdict on a run with hidden inputs; if the code is wrong, without texts that could reveal them."""
    where = _in_own_file(verdict.where, verdict.name)
    if not verdict.wrong:
        return replace(verdict, where=where)
    words = CAUSES.get(verdict.cause_id, "")
    return Verdict(verdict.name, verdict.status, HIDDEN, words, verdict.cause_id, where=where)


def _in_own_file(where: str, name: str) -> str:
    """Return `where`, a file:line, if it is in the exercise's file, and otherwise the name of that file alone."""
    file = course.find_exercise(name)[1].file
    return where if re.fullmatch(rf"{re.escape(file)}:[0-9]+", where) else file


def _broken_off(name: str, broken: BrokenOff, hidden: bool) -> Verdict:
    """Return the verdict on code that exceeded a limit, ended its process, or sent no valid answer.

    If the inputs are `hidden`, the verdict contains no text from the code.
    """
    where = _in_own_file(broken.where, name) if hidden else broken.where
    if broken.cause:
        said = ("", "") if hidden else (broken.source, broken.said)
        return stopped(name, broken.cause, where, *said)
    return Verdict(name, "error", broken.told, where=where)
