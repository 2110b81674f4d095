"""`make kernels` tells what passes under which kernel of OpenBLAS, and which kernels are not there."""

import pytest

from solutions.tools import kernels

MULTIPLIED_BY = "import os; assert os.environ.get('OPENBLAS_CORETYPE') != 'Haswell', 'only here'"


@pytest.fixture
def parts(monkeypatch):
    once = ("timeit", "-n1", "-r1")
    monkeypatch.setattr(kernels, "PARTS", {"good": (*once, "pass"), "bad": (*once, MULTIPLIED_BY)})


def test_a_table_says_what_fails_under_which_kernel(parts, monkeypatch, capsys):
    monkeypatch.setattr(kernels, "in_use", lambda core: "Zen" if core == "native" else core)
    assert kernels.main(["--cores", "native,Nehalem", "--threads", "2"]) == 0
    assert kernels.main(["--cores", "Nehalem,Haswell", "--threads", "1"]) == 1
    printed = capsys.readouterr().out
    lines = [line.split()[:-1] for line in printed.splitlines()]
    assert ["native:", "Zen", "2", "passed", "passed"] in lines
    assert ["Haswell", "1", "passed", "FAILED"] in lines and "AssertionError: only here" in printed


def test_a_kernel_that_is_not_there_is_told_and_fails_nothing(parts, capsys):
    assert kernels.main(["--only", "good", "--cores", "Quantum9000", "--threads", "1"]) == 0
    assert "Quantum9000          not on this machine: numpy uses" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        kernels.main(["--only", "tests"])
