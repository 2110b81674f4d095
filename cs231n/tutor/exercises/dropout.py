"""Checks for dropout, forward and backward.

It does not matter how the mask is drawn, but entries must be kept independently with probability p, entries that are
kept must be divided by p, and the same seed must give the same mask.
"""

from __future__ import annotations

from functools import partial
from math import erf, sqrt

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding, failed
from cs231n.tutor.checks.compare import EPS
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget, WrongKindError
from cs231n.tutor.exercises.common.growth import without_loop
from cs231n.tutor.exercises.common.layer import refuses_other_modes
from cs231n.tutor.exercises.common.values import array, parts

MODULE = "cs231n.layers"
SHAPE = (60, 150)  # the shape of the batches whose masks are judged
RATIOS = (0.2, 0.8, 1.0)
DEVIATIONS = 6  # how many standard deviations a count may be off; a fair mask exceeds this once in 500 million draws


def _param(p: float, train: bool, seed: int | None = None) -> dict:
    return {"mode": "train" if train else "test", "p": p} | ({} if seed is None else {"seed": seed})


def _forward(student: LocalTarget, x: np.ndarray, dropout_param: dict) -> tuple:
    out, cache = parts(student.module(MODULE).dropout_forward(x, dropout_param), ("out", "cache"))
    return array(out, "out"), cache


def _backward(student: LocalTarget, dout: np.ndarray, cache) -> np.ndarray:
    return array(student.module(MODULE).dropout_backward(dout, cache), "dx")


def _untouched(values: np.ndarray, given: np.ndarray, what: str) -> np.ndarray:
    """Return `values`, the result of a pass in test mode on `given`. Raises WrongKindError if entries were dropped."""
    dropped = np.sum(values == 0) - np.sum(given == 0) if values.shape == given.shape else 0
    if dropped:
        raise WrongKindError(f"{what} is 0 in {dropped} of {values.size} entries", "dropped_at_test")
    return values


def _forward_recipe(student, x, p):
    return {"out": _untouched(_forward(student, x, _param(p, train=False))[0], x, "out")}


def _backward_recipe(student, x, p, dout):
    _, cache = _forward(student, x.copy(), _param(p, train=False))
    return {"dx": _untouched(_backward(student, dout.copy(), cache), dout, "dx")}


def _masks(student, x, p, seeds):
    """Return the factors by which dropout multiplies the entries of x in train mode, one mask for each of `seeds`.

    A seed of -1 means that no seed is passed.
    """
    outs = [_forward(student, x, _param(p, True, None if seed < 0 else int(seed)))[0] for seed in seeds]
    for out in outs:
        if out.shape != x.shape:
            raise WrongKindError(f"out has shape {out.shape}, expected {x.shape}")
    return {"masks": np.stack(outs) / x}


def _x(check: Check, dtype=np.float64) -> np.ndarray:
    return check.seed.random(321).uniform(0.5, 2.0, SHAPE).astype(dtype)


def _mask_is_fair(target: LocalTarget, check: Check) -> Finding | None:
    """Judge masks by their values, the share of kept entries, and whether whole rows or columns are dropped."""
    found = []
    for p in RATIOS:
        inputs = {"x": _x(check, np.float32 if p == 0.8 else np.float64), "p": p, "seeds": np.array([5, -1])}
        run = target.run(_masks, inputs)
        if run.failure:
            return failed(f"In train mode with p = {p}", run.failure)
        if run.mutated:
            return Finding(f"In train mode with p = {p}, it changes x in place.", "mutation")
        found.append((p, run.value["masks"]))
    shares = {p: float(np.mean(_kept(masks))) for p, masks in found}
    for p, masks in found:
        finding = _odd_share(p, shares, masks.size) or _odd_scale(p, masks) or _hangs_together(p, masks)
        if finding:
            return finding
    return None


def _kept(masks: np.ndarray) -> np.ndarray:
    """Return which entries are kept: neither 0 nor NaN; code that wrongly divides by 1 - p can give NaN if p is 1."""
    return (masks != 0) & ~np.isnan(masks)


def _odd_share(p: float, shares: dict[float, float], size: int) -> Finding | None:
    def close(share: float, probability: float) -> bool:
        return abs(share - probability) <= DEVIATIONS * sqrt(probability * (1 - probability) / size)

    if close(shares[p], p):
        return None
    told = f"With p = {p}, the share of entries that are kept is {shares[p]:.3f}, expected about {p}."
    wrong_ways = {
        "drop_ratio": lambda p: 1 - p,
        "randn_for_rand": lambda p: (1 + erf(p / sqrt(2))) / 2,
        "randn_above": lambda p: (1 - erf(p / sqrt(2))) / 2,
        "nothing_dropped": lambda p: 1.0,
        "everything_dropped": lambda p: 0.0,
        "ratio_ignored": lambda p: 0.5,
    }
    fits = (cause for cause, kept in wrong_ways.items() if all(close(share, kept(p)) for p, share in shares.items()))
    return Finding(told, next(fits, ""))


def _odd_scale(p: float, masks: np.ndarray) -> Finding | None:
    kept = masks[_kept(masks)]
    if np.allclose(kept, 1 / p, rtol=20 * EPS):
        return None
    factor, right = f"{kept[0]:.4g}", f"1 / p = {1 / p:.4g}"
    if np.ptp(kept) > 1e-3 * abs(kept[0]):
        factor, right = f"{kept.min():.4g} to {kept.max():.4g}", f"{1 / p:.4g}"
    told = f"With p = {p}, kept entries are multiplied by {factor}, expected {right}."
    wrong_ways = {"scale_missing": 1.0, "scale_upside_down": p, "scale_twice": p**-2}
    wrong_ways |= {"scale_by_drop_ratio": 1 / (1 - p)} if p < 1 else {}
    return Finding(told, next((cause for cause, factor in wrong_ways.items() if np.allclose(kept, factor)), ""))


def _hangs_together(p: float, masks: np.ndarray) -> Finding | None:
    """Return a finding about masks with one draw for a whole row or column, or None if there are none."""
    if p == 1:
        return None
    for mask in masks != 0:
        if np.all(mask == mask[:, :1]):
            return Finding(f"With p = {p}, whole examples are kept or dropped.", "mask_of_rows")
        if np.all(mask == mask[:1]):
            return Finding(f"With p = {p}, the same features are dropped in every example.", "mask_of_columns")
    return None


def _seed_decides(target: LocalTarget, check: Check) -> Finding | None:
    """Check that equal seeds give equal masks, and that different seeds, or no seed, give different ones."""
    run = target.run(_masks, {"x": _x(check), "p": 0.5, "seeds": np.array([7, 7, 8, -1, -1])})
    if run.failure:
        return failed("With a seed", run.failure)
    first, again, other, free, free_again = run.value["masks"] != 0
    if np.any(first != again):
        return Finding("Two calls with seed = 7 give different masks.", "seed_ignored")
    if np.all(first == other) or np.all(free == free_again):
        what = "Seeds 7 and 8" if np.all(first == other) else "Two calls without a seed"
        return Finding(f"{what} give the same mask.", "mask_always_same")
    return None


def _in_mode(student: LocalTarget, mode: str, x, p) -> None:
    student.module(MODULE).dropout_forward(x, {"mode": mode, "p": p})


def _both_ways(student, x, p, dout, seed):
    """Go forward twice with one dropout_param, as two layers of a net do, then back through the first, also twice."""
    dropout_param = _param(p, True, None if seed < 0 else int(seed))
    out, cache = _forward(student, x, dropout_param)
    _forward(student, x[::-1].copy(), dropout_param)
    mask = out / x
    first = _backward(student, dout.copy(), cache)
    return {"mask": mask, "dx": first.copy(), "again": _backward(student, dout.copy(), cache)}


def _goes_by_the_mask(target: LocalTarget, check: Check) -> Finding | None:
    random = check.seed.random(322)
    for p, seed in ((0.3, 11), (0.6, -1), (1.0, 11), (0.6, 11)):
        dout = random.uniform(0.5, 2.0, SHAPE)
        run = target.run(_both_ways, {"x": _x(check), "p": p, "dout": dout, "seed": seed})
        when = f"In train mode with p = {p}" + ("" if seed < 0 else f" and seed = {seed}")
        if run.failure:
            return failed(when, run.failure)
        mask, dx = run.value["mask"], run.value["dx"]
        odd = _odd_share(p, {p: float(np.mean(_kept(mask)))}, mask.size) or _odd_scale(p, mask)
        if odd:  # a forward pass that is wrong only here
            return odd
        if dx.shape != SHAPE:
            return Finding(f"{when}, dx has shape {dx.shape}, expected {SHAPE}.")
        if not np.allclose(dx, dout * mask, rtol=50 * EPS):
            wrong = int(np.sum(~np.isclose(dx, dout * mask, rtol=50 * EPS)))
            told = f"{when}, dx differs from dout times the scaled mask of the forward pass "
            told += f"in {wrong} of {dx.size} entries."
            alone = np.allclose(dx, mask, rtol=50 * EPS)
            return Finding(told, "mask_alone" if alone else _wrong_way_back(dx / dout, mask, p))
        if np.any(run.value["again"] != dx):
            return Finding("It changes the arrays in its cache in place.", "changes_cache", status="advice")
    return None


def _wrong_way_back(factor: np.ndarray, mask: np.ndarray, p: float) -> str:
    """Return the cause that explains the factor dx / dout, or "" if none does."""
    kept = mask != 0
    wrong_ways = {
        "mask_not_used": np.ones_like(mask),
        "scale_missing_backward": kept * 1.0,
        "scale_twice": mask / p,
        "scale_upside_down": kept * p,
        "mask_inverted_backward": ~kept / p,
        "complement_of_mask": 1 - mask,
        "only_scaled_backward": np.full_like(mask, 1 / p),
    }
    for share in {1 - p} - {0.0}:
        if any(np.allclose(factor, wrong / share, rtol=50 * EPS) for wrong in (mask, kept)):
            return "scale_by_drop_ratio_backward"
    cause = next((cause for cause, wrong in wrong_ways.items() if np.allclose(factor, wrong, rtol=50 * EPS)), "")
    scaled = np.isclose(factor, 0) | np.isclose(factor, 1 / p, rtol=50 * EPS)
    redrawn = np.all(scaled) and abs(np.mean(factor != 0) - p) <= DEVIATIONS * sqrt(p * (1 - p) / mask.size)
    return cause or ("mask_drawn_anew" if redrawn else "")


def _leaves_dout(target: LocalTarget, check: Check) -> Finding | None:
    def recipe(student, x, dout):
        return {"dx": _backward(student, dout, _forward(student, x, _param(0.5, True, 3))[1])}

    run = target.run(recipe, {"x": _x(check), "dout": _x(check)})
    return Finding("It changes dout in place.", "changes_dout", status="advice") if run.mutated else None


def _cases(seed: Seed, dout: bool) -> list[Case]:
    """Return cases in test mode, in which nothing is random."""
    random = seed.random(323)

    def given(*shape, p, dtype=np.float64):
        x = random.randn(*shape).astype(dtype)
        return {"x": x, "p": p} | ({"dout": random.randn(*shape).astype(dtype)} if dout else {})

    return [
        Case("p = 0.3, x of shape (5, 6), in test mode", given(5, 6, p=0.3)),
        Case("p = 0.8, x of shape (2, 3, 2, 4), in test mode", given(2, 3, 2, 4, p=0.8)),
        Case("p = 0.6, float32, x of shape (7,), in test mode", given(7, p=0.6, dtype=np.float32)),
    ]


CHECKS = (
    Check(
        "dropout_forward",
        _forward_recipe,
        partial(_cases, dout=False),
        properties=(_mask_is_fair, _seed_decides, refuses_other_modes(_in_mode), without_loop),
        axes={"x": "N D"},
    ),
    Check(
        "dropout_backward",
        _backward_recipe,
        partial(_cases, dout=True),
        properties=(_goes_by_the_mask, _leaves_dout, without_loop),
        axes={"x": "N D", "dout": "N D"},
    ),
)
