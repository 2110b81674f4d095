"""The prose of the notebooks agrees with what their cells print on the stand-in; on CIFAR-10, see test_real_data.py."""

import json

import nbformat
import pytest

from solutions.tools import generate, notebooks
from tests.solutions import claims


def printed(name):
    """What the cells print, from top to bottom; the reference file is sorted by the cells' ids."""
    path = generate.ROOT / "solutions" / f"{name}.py"
    outputs = json.loads((generate.ROOT / generate.REFERENCE / f"{name}.json").read_text(encoding="utf-8"))
    cells = notebooks.with_outputs(notebooks.render(path, solved=True), outputs).cells
    return "\n".join(output.get("text", "") for cell in cells for output in cell.get("outputs", []))


def solved(name):
    return notebooks.render(generate.ROOT / "solutions" / f"{name}.py", solved=True).cells


@pytest.mark.parametrize("name", claims.ARITHMETIC)
def test_numbers_in_prose_are_printed_used_or_recomputed(name):
    assert claims.unsupported(name, solved(name), printed(name)) == []


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _, _ in claims.CLAIMS))
def test_sentences_about_results_hold(name):
    assert claims.refuted(name, solved(name), printed(name)) == []


def test_a_number_that_nothing_supports_is_found():
    cells = [
        nbformat.v4.new_markdown_cell("It is 37 % of $0.25$, or 1,234 of 2."),
        nbformat.v4.new_code_cell("rate = 0.25"),
    ]
    assert len(claims.unsupported("none", cells, "")) == 2
    assert len(claims.unsupported("none", cells, "37 %")) == 1
    assert claims.unsupported("none", cells, "37 % of 1,234") == []


@pytest.mark.parametrize("distances", [(3, 4, 5, 2), (3, 1, 5, 2)])
def test_a_claim_is_judged_by_what_is_printed(distances):
    lines = "\n".join(f"x: distance {value},000" for value in distances)
    assert claims.variants_are_farther(lines) == (min(distances) == distances[-1])


@pytest.mark.parametrize(("name", "words", "test"), claims.CLAIMS)
def test_no_claim_holds_if_its_cell_prints_nothing(name, words, test):
    assert not claims.holds(test, "")
