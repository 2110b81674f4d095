"""Numeric gradients by centred differences, (f(x + h) - f(x - h)) / 2h, to compare with analytic gradients.

A function has no derivative at a kink (of a ReLU or a hinge loss). If x - h and x + h are on different sides of a kink,
the centred difference is a weighted mean of the slopes on its two sides and agrees with neither of them. A few such
coordinates among many do not mean that the gradient is wrong; with different data, different coordinates are affected,
and with a smaller h, fewer.

To compute a numeric gradient, one entry of x at a time is changed in place, and its exact value is restored afterwards.
So f may ignore its argument and compute with a network that contains x. In float32, the rounding error of f is too
large for a step of 1e-5, so the step is at least about 5e-3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

WORTH_A_LOOK = 1e-4  # for larger relative errors, grad_check_sparse looks for a kink


def eval_numerical_gradient(f: Callable, x: np.ndarray, verbose: bool = True, h: float = 1e-5) -> np.ndarray:
    """Return the numeric gradient at x of f, a function from x to a number, as a float64 array of the shape of x.

    verbose: whether to print each entry.  h: the step.  Raises TypeError unless x is an array of floats.
    """
    gradient = np.zeros(np.shape(x))
    for index in np.ndindex(gradient.shape):
        above, below, width = _around(f, x, index, h)
        gradient[index] = (float(above) - float(below)) / width
        if verbose:
            print(index, gradient[index])
    return gradient


def eval_numerical_gradient_array(f: Callable, x: np.ndarray, df: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Return the numeric gradient at x of sum(df * f(x)), where f returns an array of the shape of df.

    If df is the gradient of a loss with respect to f(x), the result is the gradient of the loss with respect to x. It
    is float64, of the shape of x.
    h: the step.  Raises TypeError unless x is an array of floats.
    """
    gradient = np.zeros(np.shape(x))
    for index in np.ndindex(gradient.shape):
        above, below, width = _around(f, x, index, h)
        gradient[index] = np.sum((above - below) * df) / width
    return gradient


def grad_check_sparse(
    f: Callable,
    x: np.ndarray,
    analytic_grad: np.ndarray,
    num_checks: int = 10,
    h: float = 1e-5,
    seed: int | None = None,
) -> float:
    """Compare analytic_grad with the numeric gradient at x of f, which returns a number, at a few random coordinates.

    Prints a line for each coordinate and returns the largest relative error. In float64, a correct gradient usually
    gives 1e-5 or less; 1e-2 or more usually means a mistake. If the analytic value differs from the numeric one, but is
    much closer to the slope of f on one side of x, the line says "kink", and the coordinate does not affect the result.

    num_checks: how many different coordinates to try, at most.  h: the step.  seed: makes the choice repeatable.
    Raises TypeError unless x is an array of floats, and ValueError if the shapes differ.
    """
    if np.shape(analytic_grad) != np.shape(x):
        raise ValueError(f"expected a gradient of x's shape {np.shape(x)}, found shape {np.shape(analytic_grad)}")
    worst = 0.0
    for index in _some_indices(np.shape(x), num_checks, seed):
        above, below, width = _around(f, x, index, h)
        numeric, analytic = (float(above) - float(below)) / width, float(analytic_grad[index])
        error = relative_error(numeric, analytic)
        kink = error > WORTH_A_LOOK and _is_kink(f(x), above, below, width / 2, analytic)
        if not kink:
            worst = max(worst, error) if error == error else error  # a nan stays
        note = "  (kink: left out)" if kink else ""
        print(f"numerical: {numeric:f} analytic: {analytic:f}, relative error: {error:e}{note}")
    return worst


def relative_error(a: np.ndarray, b: np.ndarray) -> float:
    """Return the largest |a - b| / max(1e-8, |a| + |b|): nan if an entry is nan or infinite, 0 for empty arrays.

    Raises ValueError if the shapes differ.
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"expected two arrays of the same shape, found {a.shape} and {b.shape}")
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)), initial=0.0))


def _around(f: Callable, x: np.ndarray, index: tuple[int, ...], h: float) -> tuple:
    """Return f(x) for x[index] one step higher and one step lower, and the distance between these two x[index].

    Raises TypeError unless x is an array of floats.
    """
    if not (isinstance(x, np.ndarray) and x.dtype.kind == "f"):
        found = f"an array of {x.dtype}" if isinstance(x, np.ndarray) else f"an object of type {type(x).__name__}"
        raise TypeError(f"expected x as an array of floats, for steps of {h}; found {found}. Try np.asarray(x, float)")
    before = x[index]
    step = h if x.dtype.itemsize >= 8 else max(h, float(np.cbrt(np.finfo(x.dtype).eps)))
    try:
        x[index] = before + step
        upper, above = float(x[index]), np.array(f(x), dtype=np.float64)  # a copy: f may reuse its array
        x[index] = before - step
        lower, below = float(x[index]), np.array(f(x), dtype=np.float64)
    finally:
        x[index] = before
    return above, below, upper - lower


def _some_indices(shape: tuple[int, ...], count: int, seed: int | None) -> Iterator[tuple[int, ...]]:
    size = int(np.prod(shape))
    chosen = np.random.default_rng(seed).choice(size, min(count, size), replace=False)
    return (tuple(int(i) for i in np.unravel_index(one, shape)) for one in chosen)


def _is_kink(here: float, above: float, below: float, step: float, analytic: float) -> bool:
    """Return whether `analytic` is over ten times closer to the slope on one side than to the mean of both."""
    slopes = (float(above) - float(here)) / step, (float(here) - float(below)) / step
    off = min(abs(slope - analytic) for slope in slopes)
    return off < 0.1 * abs(sum(slopes) / 2 - analytic)


def in_words(name: str, found: object, expected: np.ndarray) -> str:
    """Return a line that says whether a gradient is the expected one and, if it is not, what is wrong with it.

    The line names the first of these that applies: a type that does not hold numbers, a wrong shape, a factor common to
    all entries, or the number of entries that differ, with the worst one.
    """
    try:
        values = None if found is None else np.asarray(found, dtype=np.float64)  # numpy turns None into nan
    except (TypeError, ValueError):
        values = None
    if values is None:
        right = f"numbers of shape {expected.shape}" if expected.shape else "a number"
        return f"✗ {name} is of type {type(found).__name__}, expected {right}"
    if values.shape != expected.shape:
        return f"✗ {name} has shape {values.shape}, expected {expected.shape or 'a single number'}"
    wrong = ~np.isclose(values, expected, rtol=1e-5, atol=1e-7)
    if not wrong.any():
        return f"✓ {name} is the expected gradient"
    factor = float(np.sum(values * expected) / max(np.sum(expected**2), 1e-300))
    if factor and np.allclose(values, factor * expected, rtol=1e-5, atol=1e-7):
        return f"✗ {name} is {factor:.4g} times the expected gradient"
    worst = np.unravel_index(
        np.argmax(np.where(wrong, np.nan_to_num(abs(values - expected), nan=np.inf), 0)), wrong.shape
    )
    place = f"[{', '.join(map(str, worst))}]" if worst else ""
    told = f"{name}{place} is {values[worst] + 0.0:.4g}, expected {expected[worst] + 0.0:.4g}"
    return f"✗ {name} is wrong in {wrong.sum()} of {wrong.size} entries: {told}" if worst else f"✗ {told}"
