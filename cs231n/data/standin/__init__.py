"""The stand-in: ten drawn classes with CIFAR-10's names and order, for machines without CIFAR-10.

10,000 training and 2,000 test images of 32 x 32 pixels, drawn by `generate.draw` and kept by `ensure` as .npy files.
It teaches what CIFAR-10 teaches, but accuracies on it cannot be compared with published ones.

The pixels are the same to the last bit on every machine and with every version of numpy that the kit supports. So
everything here
  - takes randomness from the raw 64-bit output of PCG64, never from numpy's distributions, which may change;
  - uses, elementwise, only what IEEE 754 rounds correctly (+ - * / sqrt), comparisons, floor, minimum, maximum
    and integers, each its own ufunc so that nothing is fused: no sin, cos, exp, power;
  - adds floats in an explicit order: no sum, mean, dot or einsum, whose order depends on the machine.

A change to any drawing changes the arrays: `python -m cs231n.data.standin` prints the sha256 constants to put in
`store.py`, and `python -m benchmarks.standin_ladder` says whether the data still teach the same.
"""

from .store import ensure, find, is_at, load

__all__ = ["ensure", "find", "is_at", "load"]
