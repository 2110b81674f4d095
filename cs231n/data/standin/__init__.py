"""The stand-in: ten drawn classes with CIFAR-10's names and order, for machines without CIFAR-10.

It has 10,000 training and 2,000 test images of 32 x 32 pixels, which `generate.draw` draws and `ensure` stores as .npy
files. Every exercise works with it, but accuracies on it cannot be compared with published ones.

The pixels should be the same to the last bit on every machine and with every version of numpy that the kit supports.
For this reason, all code in this package
  - takes random numbers from the raw 64-bit output of PCG64, never from numpy's distributions, which may change;
  - uses only operations for which IEEE 754 requires correct rounding (+ - * / sqrt), exact ones (such as comparisons,
  floor, abs, minimum) and integer arithmetic, each in a separate ufunc, so that nothing is fused; it uses no sin, cos,
  exp or power;
  - adds floats in an explicit order, without sum, mean, dot or einsum, whose order depends on the machine.

A change to any drawing changes the arrays: `python -m cs231n.data.standin` prints the sha256 constants to put in
`store.py`, and `python -m benchmarks.standin_ladder` shows whether better classifiers still score higher.
"""

from .store import ensure, find, is_at, load

__all__ = ["ensure", "find", "is_at", "load"]
