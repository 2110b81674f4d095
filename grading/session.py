"""A session that grades: every exercise with secret seeds, and what is wrong in the words of the public one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from cs231n.tutor import exercises
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


class GradingSession(Session):
    """Decides about a student's code in a child. A verdict is "pass" only if it is with every secret seed.

    What is wrong is looked at again with the public seed: if it is wrong there too, the words are those that the
    student has seen, with the causes that are known by their outputs, and nothing of the secret inputs.
    """

    def __init__(self, child: Child, seeds: Seeds):
        super().__init__(exercises.registry())
        self.child, self.seeds = child, seeds
        self.masters = {family: Masters(family) for family in exercises.FAMILIES}

    def _target_of(self, name: str, functions: dict[str, Callable] | None) -> LocalTarget:
        return Target(self.child, name, random.Random(self.seeds.order(name)))

    def _decide(self, name: str, target: LocalTarget, needs_pass: bool = False) -> Verdict:
        assert isinstance(target, Target)
        family, check = self.registry[name]

        def told(seed: Seed, oracle: Oracle) -> Verdict:
            target.begin()
            judged = replace(check, seed=seed, follows=FOLLOWS.get(name))
            return decide(judged, target, oracle, needs_pass)

        try:
            for seed in self.seeds.of(f"{family} {check.stored_as}"):
                verdict = told(seed, self.masters[family])
                if verdict.status != "pass":
                    break
            if verdict.wrong:
                public = told(PUBLIC, StoredOracle(family))
                verdict = public if public.wrong else verdict
            where = verdict.where or target.line()
        except BrokenOff as broken:
            return _broken_off(name, broken)
        return replace(verdict, where=where)


def _broken_off(name: str, broken: BrokenOff) -> Verdict:
    """Return the verdict on code that passed a limit, that ended its process, or that does not answer."""
    if broken.cause:
        return stopped(name, broken.cause, broken.where, broken.source, broken.said)
    return Verdict(name, "error", broken.told, where=broken.where)
