"""What not every admitted Python and numpy knows is named, with its line."""

import sys

import numpy as np
import pytest

from cs231n.tutor import course
from cs231n.tutor.submission import portable
from cs231n.tutor.submission.code import Piece


def told(source):
    return portable.notices(Piece("cs231n/layers.py", source))


def needs(version):
    return pytest.mark.skipif(sys.version_info < version, reason="this Python cannot read it either")


@pytest.mark.parametrize(
    "source, version",
    [
        pytest.param("try:\n    pass\nexcept* ValueError:\n    pass", "3.11", marks=needs((3, 11))),
        pytest.param("y = x[*index]", "3.11", marks=needs((3, 11))),
        pytest.param("y = x[0, *index]", "3.11", marks=needs((3, 11))),
        pytest.param("def f(*a: *T): pass", "3.11", marks=needs((3, 11))),
        pytest.param("type X = int", "3.12", marks=needs((3, 12))),
        pytest.param("def f[T](x): return x", "3.12", marks=needs((3, 12))),
        pytest.param("class A[T]: pass", "3.12", marks=needs((3, 12))),
        pytest.param("f'{x['a']}'", "3.12", marks=needs((3, 12))),
        pytest.param("f'{f'{x}'}'", "3.12", marks=needs((3, 12))),
        pytest.param("f'{'\\n'.join(x)}'", "3.12", marks=needs((3, 12))),
        pytest.param("f'{\nx\n}'", "3.12", marks=needs((3, 12))),
        pytest.param("f'''{x  # why\n}'''", "3.12", marks=needs((3, 12))),
        ("import itertools\nitertools.batched(x, 2)", "3.12"),
        ("from itertools import batched", "3.12"),
        ("import math as m\nm.cbrt(2)", "3.11"),
        ("import tomllib", "3.11"),
        ("from typing import Self", "3.11"),
        ("ExceptionGroup('', [])", "3.11"),
    ],
)
def test_what_only_a_newer_python_knows_is_named(source, version):
    (line,) = told(source)
    assert line.startswith("cs231n/layers.py, line ")
    assert f"needs Python {version}, but a grader may be using 3.10" in line


@pytest.mark.parametrize(
    "source, name",
    [
        ("import numpy as np\nnp.vecdot(a, b)", "numpy.vecdot needs numpy 2"),
        ("np.linalg.vector_norm(a)", "numpy.linalg.vector_norm needs numpy 2"),
        ("import numpy.linalg as LA\nLA.matrix_norm(a)", "numpy.linalg.matrix_norm needs numpy 2"),
        ("from numpy.linalg import vector_norm as n", "numpy.linalg.vector_norm needs numpy 2"),
        ("from numpy import linalg\nlinalg.vecdot(a, b)", "numpy.linalg.vecdot needs numpy 2"),
        ("import numpy\nnumpy.concat([a, b])", "numpy.concat needs numpy 2"),
        ("y = (a + b).mT", ".mT needs numpy 2"),
        ("np.product(a)", "numpy.product is gone from the newest numpy"),
        ("y = a.ptp(0)", ".ptp is gone from the newest numpy"),
        ("from numpy import *\ntrapezoid(a)", "numpy.trapezoid needs numpy 2"),
        ("from numpy.linalg import *\nvector_norm(a)", "numpy.linalg.vector_norm needs numpy 2"),
    ],
)
def test_what_only_some_numpys_know_is_named(source, name):
    (line,) = told(source)
    assert name in line


@pytest.mark.parametrize(
    "source, told_of",
    [
        ("import imp", "imp is gone from Python 3.12"),
        ("import distutils.core as core", "distutils is gone from Python 3.12"),
        ("from distutils import log", "distutils is gone from Python 3.12"),
        ("from lib2to3.pgen2 import driver", "lib2to3 is gone from Python 3.13"),
        ("def f():\n    import imghdr", "imghdr is gone from Python 3.13"),
    ],
)
def test_modules_that_a_newer_python_lacks_are_named(source, told_of):
    (line,) = told(source)
    assert f"{told_of}, which a grader may be using" in line


@pytest.mark.parametrize(
    "source",
    [
        'f\'{x!r:>{width}} {x["a"]} {{}}\' f"{y:%d}"',
        "f'''{x['a']} {\"b\"}'''",
        "f'\\n{x}\\n'",
        "y = x[(*index, 0)]",
        "match x:\n    case [1, *rest]: pass",
        "with (open(a) as f, open(b) as g): pass",
        "import numpy as np\nnp.trapz_ = 1\nnp.concatenate([a]); np.linalg.norm(a); a.concat; self.vecdot",
        "batched = 3\nbatched",
        "from numpy import *\ntrapezoid = 3\ntrapezoid; concatenate([a])",
        "from .imp import uu\nuu.crypt",
        "x = (1 +",
        "x = '\\d'",
    ],
)
def test_what_all_of_them_know_is_not_named(source, capfd):
    assert told(source) == [] and capfd.readouterr() == ("", "")


def test_a_module_of_the_students_own_is_not_gone():
    assert portable.notices(Piece("cs231n/layers.py", "import pipes\npipes.run()"), {"pipes"}) == []


def test_nothing_in_the_kit_is_named():
    paths = [path for path in (course.ROOT / "cs231n").rglob("*.py") if "tutor" not in path.parts]
    assert [
        line for path in paths for line in portable.notices(Piece(path.name, path.read_text(encoding="utf-8")))
    ] == []


@pytest.mark.parametrize("name", [name for name in portable.NAMES if name.startswith("numpy.")])
def test_this_numpy_has_each_name_or_not_as_is_said(name):
    module, _, last = name.rpartition(".")
    owner = np if module == "numpy" else np.linalg
    new, gone = "needs numpy 2" in portable.NAMES[name], "is gone from" in portable.NAMES[name]
    if int(np.__version__.split(".")[0]) < 2:
        assert hasattr(owner, last) == gone
    elif new:
        assert hasattr(owner, last)
