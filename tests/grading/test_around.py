"""What no verdict follows from is named in one place, and the contracts of imports forbid a verdict to know it."""

from pathlib import Path

from grading import trees
from tests.test_layout import CONTRACTS


def test_everything_around_a_verdict_is_there_and_unknown_to_it():
    home = Path(trees.__file__).parent
    assert all(list(home.rglob(name)) for name in trees.AROUND)
    forbidden = set(
        CONTRACTS["The code for verdicts imports nothing about students, marks and tables"]["forbidden_modules"]
    )
    for name in trees.AROUND:
        module = "grading." + name.split("/")[0].removesuffix(".py")
        assert module in forbidden | {"grading.__main__", "grading.exceptions", "grading.store", "grading.tables"}
