"""What in a student's code an admitted Python or numpy does not know, though this one does.

Seen are syntax, and names written as `np.linalg.vector_norm` or imported. Not seen are new arguments of old functions,
methods of values (except a few of arrays), and names behind getattr().
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from contextlib import suppress

from cs231n.tutor.submission.code import Piece, parse, qualified

OLDEST = (3, 10)
NUMPY_2 = "needs numpy 2: a grader may have 1.26"
NUMPY_1 = "is gone from the newest numpy, which a grader may have"
PYTHON = "needs Python {}: a grader may have 3.10"
# Computed by comparing dir() of the oldest and the newest admitted version, of the modules that such code uses.
NEWER = {
    "numpy": {
        NUMPY_2: "acos acosh asin asinh astype atan atan2 atanh bitwise_count bitwise_invert bitwise_left_shift "
        "bitwise_right_shift bool concat cumulative_prod cumulative_sum isdtype long matrix_transpose matvec "
        "permute_dims pow strings trapezoid ulong unique_all unique_counts unique_inverse unique_values unstack vecdot "
        "vecmat",
        NUMPY_1: "Inf Infinity NAN NINF NZERO NaN PINF PZERO alltrue asfarray cast cfloat complex_ cumproduct disp "
        "find_common_type float_ in1d infty issctype longfloat mat msort obj2sctype product round_ row_stack safe_eval "
        "sctypes singlecomplex sometrue string_ trapz unicode_",
    },
    "numpy.linalg": {
        NUMPY_2: "cross diagonal matmul matrix_norm matrix_transpose outer svdvals tensordot trace vecdot vector_norm"
    },
    "": {PYTHON.format(3.11): "tomllib", PYTHON.format(3.14): "annotationlib compression"},
    "builtins": {
        PYTHON.format(3.11): "BaseExceptionGroup ExceptionGroup",
        PYTHON.format(3.13): "PythonFinalizationError",
    },
    "collections.abc": {PYTHON.format(3.12): "Buffer"},
    "contextlib": {PYTHON.format(3.11): "chdir"},
    "copy": {PYTHON.format(3.13): "replace"},
    "datetime": {PYTHON.format(3.11): "UTC"},
    "enum": {PYTHON.format(3.11): "EnumCheck EnumType FlagBoundary ReprEnum StrEnum member nonmember property verify"},
    "hashlib": {PYTHON.format(3.11): "file_digest"},
    "itertools": {PYTHON.format(3.12): "batched"},
    "math": {PYTHON.format(3.11): "cbrt exp2", PYTHON.format(3.12): "sumprod", PYTHON.format(3.13): "fma"},
    "operator": {PYTHON.format(3.11): "call"},
    "os": {PYTHON.format(3.13): "process_cpu_count"},
    "random": {PYTHON.format(3.12): "binomialvariate"},
    "re": {PYTHON.format(3.11): "NOFLAG", PYTHON.format(3.13): "PatternError"},
    "statistics": {PYTHON.format(3.13): "kde kde_random"},
    "sys": {PYTHON.format(3.11): "exception", PYTHON.format(3.12): "monitoring"},
    "typing": {
        PYTHON.format(
            3.11
        ): "LiteralString Never NotRequired Required Self TypeVarTuple Unpack assert_never assert_type "
        "dataclass_transform reveal_type",
        PYTHON.format(3.12): "TypeAliasType override",
        PYTHON.format(3.13): "NoDefault ReadOnly TypeIs",
    },
    "warnings": {PYTHON.format(3.13): "deprecated"},
}
NAMES = {".mT": NUMPY_2, ".itemset": NUMPY_1, ".ptp": NUMPY_1} | {  # these are methods of arrays
    f"{module}.{name}".removeprefix("."): what
    for module, known in NEWER.items()
    for what, names in known.items()
    for name in names.split()
}


def notices(piece: Piece) -> list[str]:
    """Return a line for each thing in a piece of source that not every admitted Python and numpy knows."""
    if piece.tree is None:
        return []
    first: dict[str, int] = {}
    names = ((line, f"{name} {NAMES[name]}") for line, name in _names(piece.tree) if name in NAMES)
    for line, what in sorted([*_syntax(piece.text, piece.tree), *names]):
        first.setdefault(what, line)
    return [f"{piece.place(line)}: {what}" for what, line in first.items()]


def _syntax(text: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    try:
        parse(text, feature_version=OLDEST)
    except SyntaxError as error:
        what, _, version = (error.msg or "").partition(" only supported in Python ")
        if version:  # else the compiler's complaint is another one
            what = what.removesuffix(" is").removesuffix(" are")
            yield error.lineno or 0, f"{what}: {PYTHON.format(version.split()[0])}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and node.slice.elts:
            first = node.slice.elts[0]
            bare = (node.slice.lineno, node.slice.col_offset) == (first.lineno, first.col_offset)
            if bare and any(isinstance(one, ast.Starred) for one in node.slice.elts):
                yield node.lineno, f"x[*index]: {PYTHON.format(3.11)}"
        if isinstance(node, ast.arg) and isinstance(node.annotation, ast.Starred):
            yield node.lineno, f"*args: *Types {PYTHON.format(3.11)}"
    if sys.version_info >= (3, 12):
        yield from ((line, f"this f-string {PYTHON.format(3.12)}") for line in _f_strings(text))


def _f_strings(text: str) -> Iterator[int]:
    """Yield the lines of f-strings that hold their own quotes, a backslash, a comment or a line's end inside {}."""
    around: list[tuple[int, str]] = []  # the line and the quotes of each f-string that is open
    with suppress(tokenize.TokenError, SyntaxError, ValueError):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            name = tokenize.tok_name[token.type]
            if name == "FSTRING_END" and around:
                around.pop()
            elif name != "FSTRING_MIDDLE":
                odd = name == "COMMENT" or (name == "STRING" and "\\" in token.string)
                broken = name in ("NL", "NEWLINE")
                yield from (
                    line for line, quotes in around if odd or quotes in token.string or (broken and len(quotes) == 1)
                )
            if name == "FSTRING_START":
                around.append((token.start[0], token.string.lstrip("fFrR")))


def _names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    known = {name: f"builtins.{name}" for names in NEWER["builtins"].values() for name in names.split()}
    known["np"] = "numpy"  # in a cell below the one that imports it
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                known[one.asname or one.name.partition(".")[0]] = one.name if one.asname else one.name.partition(".")[0]
                yield node.lineno, one.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            for one in node.names:
                known[one.asname or one.name] = f"{node.module}.{one.name}"
                yield node.lineno, f"{node.module}.{one.name}"
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            known.pop(node.id, None)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            head, _, rest = qualified(node).partition(".")
            if head in known:
                yield node.lineno, f"{known[head]}.{rest}".rstrip(".")
            elif isinstance(node, ast.Attribute):
                yield node.lineno, f".{node.attr}"
