"""The stand-in: ten drawn classes in CIFAR-10's format, names and order, for machines without CIFAR-10.

10,000 training and 2,000 test images of 32 x 32 pixels, drawn by `draw` and kept by `ensure` in files such as
CIFAR-10's own. It teaches what CIFAR-10 teaches; accuracies found on it compare with nobody's.

The files are the same to the last bit on every machine and every numpy the kit admits. So everything here
  - takes randomness from the raw 64-bit output of PCG64, never from numpy's distributions, which may change;
  - uses, elementwise, only what IEEE 754 rounds correctly (+ - * / sqrt), comparisons, floor, minimum, maximum
    and integers, each its own ufunc so that nothing is fused: no sin, cos, exp, power;
  - adds floats in a written order: no sum, mean, dot or einsum, whose order depends on the machine.

A change to any drawing changes the files: `python -m cs231n.data.standin` prints the md5 constants to put in
`store.py`, and `python -m benchmarks.standin_ladder` says whether the data still teach the same.
"""

from .generate import LABELS, SPLITS, draw
from .store import FOLDER, MD5, build, ensure, find, is_genuine

__all__ = ["FOLDER", "LABELS", "MD5", "SPLITS", "build", "draw", "ensure", "find", "is_genuine"]
