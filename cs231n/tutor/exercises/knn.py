"""Checks for k-nearest neighbours: L1 and L2 distance, distance matrices in three ways, the vote, cross-validation."""

from __future__ import annotations

import numpy as np

from cs231n.tutor.checks import compare
from cs231n.tutor.checks.check import Case, Check, Finding, failed
from cs231n.tutor.checks.compare import EPS, agrees, describe, exact
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget, WrongKindError
from cs231n.tutor.exercises.common.growth import growing_sizes, loop, steps
from cs231n.tutor.exercises.common.values import array, integer_labels

MODULE = "cs231n.classifiers.k_nearest_neighbor"


def _model(student: LocalTarget, X_train, y_train):
    model = student.module(MODULE).KNearestNeighbor()
    model.train(X_train, y_train)
    return model


def _pair_cases(seed: Seed) -> list[Case]:
    random = seed.random(230)
    return [
        Case("x = [1, 2, 3] and y = [2, 0, 6]", {"x": np.array([1.0, 2, 3]), "y": np.array([2.0, 0, 6])}),
        Case("vectors of 50 numbers", {"x": random.randn(50), "y": 2 * random.randn(50)}),
        Case("x equal to y", {"x": np.arange(6.0), "y": np.arange(6.0)}),
        Case("vectors of one number", {"x": np.array([3.0]), "y": np.array([-4.5])}, hint="hard_coded_size"),
    ]


def _pair_check(name: str) -> Check:
    def recipe(student, x, y):
        return {"the distance": array(student.functions[name](x, y), "the distance")}

    return Check(name, recipe, _pair_cases, axes={"x": "N", "y": "N"})


def _distance_cases(seed: Seed) -> list[Case]:
    random = seed.random(231)  # numpy's legacy generator gives the same numbers in every version

    def draw(num_test, num_train, columns, scale=3.0, dtype=np.float64):
        X_train, X = random.randn(num_train, columns), random.randn(num_test, columns)
        return {"X_train": (scale * X_train).astype(dtype), "X": (scale * X).astype(dtype)}

    pixels = {"X_train": random.randint(0, 256, (9, 48)), "X": random.randint(0, 256, (5, 48))}
    return [
        Case("7 test rows, 11 training rows and 5 columns", draw(7, 11, 5)),
        Case("13 test rows, 4 training rows and 9 columns", draw(13, 4, 9)),
        Case("6 test rows, 6 training rows and 6 columns", draw(6, 6, 6)),
        Case("float32 arrays of 5 test rows, 8 training rows and 12 columns", draw(5, 8, 12, dtype=np.float32)),
        Case("pixel values 0 to 255 as floats", {name: a.astype(np.float64) for name, a in pixels.items()}),
        Case("a single test row", draw(1, 6, 5), hint="one_example"),
        Case("a single training row", draw(6, 1, 5), hint="one_example"),
        Case("a single column", draw(4, 5, 1), hint="hard_coded_size"),
        Case("uint8 images", {n: a.astype(np.uint8) for n, a in pixels.items()}, hint="integer_overflow", fragile=True),
    ]


def _distance_tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow the rounding of |x|² - 2 x·t + |t|² for rows x and t in float32: 32 eps (|x|² + |t|²) before the root."""
    norms = [np.sum(inputs[name].astype(np.float64) ** 2, axis=1) for name in ("X", "X_train")]
    lost = 32 * EPS * np.add.outer(*norms)
    lost = lost if lost.shape == expected.shape else np.max(lost)
    return np.sqrt(expected**2 + lost) - expected + 32 * EPS * expected


def _normal(num_test: int, num_train: int, D: int) -> dict:
    random = np.random.RandomState(7)
    return {"X_train": random.randn(num_train, D), "X": random.randn(num_test, D)}


def _equal_rows(target: LocalTarget, check: Check) -> Finding | None:
    """Advise against NaN as the distance between equal rows; any other distance must be right."""
    rows = 100 + check.seed.random(233).randn(24, 40)
    inputs = {"X_train": rows, "X": rows[::-1].copy()}
    run = target.run(check.recipe, inputs)
    if run.failure:
        return failed("With test rows equal to training rows", run.failure)
    dists, expected = run.value["dists"].astype(np.float64), np.linalg.norm(inputs["X"][:, None] - rows, axis=2)
    lost = np.isnan(dists) & (expected == 0)
    tolerance = _distance_tolerance(inputs, "dists", expected)
    if not agrees(np.where(lost, 0, dists), expected, tolerance):
        return Finding(f"With test rows equal to training rows: {describe(dists, expected, tolerance, 'dists')}.")
    told = "The distance between equal rows is NaN, because rounding can make the square of a distance negative: "
    told += "apply np.maximum(..., 0) before the root."
    return Finding(told, status="advice") if np.any(lost) else None


def _loops(most: int):
    """Return a property that refuses loops over more than `most` of num_test, num_train and D.

    If `most` is 2, it only advises against a loop over D.
    """

    def look(target: LocalTarget, check: Check) -> Finding | None:
        growing = growing_sizes(target, check, _normal, num_test=3, num_train=4, D=5)
        if most == 2:
            return loop(["D"], "third_loop", status="advice") if "D" in growing else None
        return loop(growing, ("loop", "nested_loop")[most]) if len(growing) > most else None

    return look


def _modest_memory(target: LocalTarget, check: Check) -> Finding | None:
    """Refuse arrays far larger than inputs and result, such as one with the differences of all pairs of rows."""
    for num_test, num_train, D, largest, cause in (
        (60, 70, 400, 60 * 70 * 400, "memory"),
        (20, 1000, 15, 1000**2, "memory_train_pairs"),
        (1000, 20, 15, 1000**2, "memory_test_pairs"),
    ):
        inputs = {"X_train": np.ones((num_train, D)), "X": np.ones((num_test, D))}
        run = target.run(check.recipe, inputs, observe="memory")
        if not run.failure and run.observed.peak > 8 * largest / 4:
            peak = run.observed.peak / 2**20
            rows = f"{num_test} test and {num_train} training rows of {D} numbers"
            told = f"For {rows}, your code allocates {peak:.1f} MiB."
            return Finding(told, cause)
    return None


def _distance_check(method: str, *properties) -> Check:
    def recipe(student, X_train, X):
        model = _model(student, X_train, np.zeros(len(X_train), dtype=np.int64))
        return {"dists": array(getattr(model, method)(X), "dists")}

    properties, axes = (*properties, _equal_rows), {"X": "num_test D", "X_train": "num_train D"}
    return Check(method, recipe, _distance_cases, _distance_tolerance, properties, key="distances", axes=axes)


def _vote_recipe(student, dists, y_train, k):
    model = _model(student, np.zeros((len(y_train), 2)), y_train)
    return {"y_pred": array(model.predict_labels(dists, k=k), "y_pred")}


def _vote_cases(seed: Seed) -> list[Case]:
    random = seed.random(232)

    def draw(num_test, num_train, k, labels, dtype=np.int64):
        order = np.argsort(random.rand(num_test, num_train), axis=1)  # no two distances in a row are equal
        y_train = np.asarray(labels)[random.randint(0, len(labels), num_train)].astype(dtype)
        return {"dists": 1.0 + order + 0.5 * random.rand(num_test, 1), "y_train": y_train, "k": k}

    near = np.array([[0.01, 1.0, 1.1, 5.0, 6.0], [4.0, 0.02, 3.0, 2.5, 2.0]])
    tie = np.array([[1.0, 2.0, 3.0, 4.0, 9.0], [4.0, 3.0, 2.0, 1.0, 9.0]])
    return [
        Case("k = 3", draw(9, 15, 3, range(4))),
        Case("k = 1", draw(6, 12, 1, range(5))),
        Case("k = 6, where votes often tie", draw(12, 20, 6, range(3))),
        Case("k = 10", draw(8, 31, 10, range(10))),
        Case("one close and two distant neighbours", {"dists": near, "y_train": np.array([0, 1, 1, 2, 2]), "k": 3}),
        Case("a 2 : 2 tie, k = 4", {"dists": tie, "y_train": np.array([7, 7, 2, 2, 5]), "k": 4}),
        Case("k = the number of training examples", draw(5, 7, 7, range(3))),
        Case("labels up to 24", draw(7, 30, 3, range(25))),
        Case("labels 3 and 8 only, as int32", draw(7, 9, 3, (3, 8), np.int32)),
        Case("a single test example", draw(1, 9, 3, range(4)), hint="one_example"),
        Case("a single training example", draw(4, 1, 1, (6,)), hint="one_example"),
        Case("k above the number of training examples", draw(4, 5, 9, range(2)), hint="k_above_train", fragile=True),
        Case("200 training examples, k = 2", draw(6, 200, 2, range(3))),
    ]


def _vote_in_words(inputs: dict, output: str, actual: np.ndarray, expected: np.ndarray) -> str:
    """Describe the first wrong label, with the labels of the neighbours that vote."""
    row, k = int(np.argmax(actual != expected)), inputs["k"]
    votes = inputs["y_train"][np.argsort(inputs["dists"][row], kind="stable")[:k]]
    tie = np.sum(np.bincount(votes) == np.max(np.bincount(votes))) > 1
    told = f"{output}[{row}] is {float(actual[row]):g}, expected {expected[row]:g}: "
    if len(votes) > 1:
        told += f"the {len(votes)} training rows nearest to test row {row} have the labels {', '.join(map(str, votes))}"
    else:
        told += f"the training row nearest to test row {row} has the label {votes[0]}"
    told += ", a tie that the smallest label should win" if tie else ""
    return f"{told}; {compare.how_many(actual != expected)}"


def _validation_recipe(student, X, y, k_choices, num_folds):
    found = student.module("cs231n.cross_validation").cross_validate(X, y, k_choices, num_folds=num_folds)
    if found is None:
        raise WrongKindError("it returns None", "returns_none")
    if not hasattr(found, "keys") or sorted(found.keys()) != sorted(k_choices):
        seen = f"an object of type {type(found).__name__}"
        if hasattr(found, "keys"):
            seen = f"the keys {sorted(found.keys())}" if len(found.keys()) else "an empty one"
        raise WrongKindError(f"expected a dictionary with the keys {sorted(k_choices)}, found {seen}")
    counts = {k: len(np.atleast_1d(found[k])) for k in k_choices}
    for k, count in counts.items():
        if count != num_folds:
            found_here = "is 1 accuracy" if count == 1 else f"are {count or 'no'} accuracies"
            told = f"for k = {k} there {found_here}, expected {num_folds}"
            raise WrongKindError(told, _other_count(found, counts, num_folds))
    return {"accuracies": np.array([np.asarray(found[k], dtype=np.float64) for k in k_choices])}


def _other_count(found, counts: dict[int, int], num_folds: int) -> str:
    """Return the cause if there are not as many accuracies as folds, or "" if the counts do not show it."""
    if len(counts) > 1 and len({id(found[k]) for k in counts}) == 1:
        return "one_list_for_all"
    if set(counts.values()) == {1}:
        return "one_accuracy" if isinstance(next(iter(found.values())), (list, np.ndarray)) else "number_for_list"
    return "folds_left_out" if set(counts.values()) == {num_folds - 1} else ""


def _validation_cases(seed: Seed) -> list[Case]:
    random = seed.random(233)

    def draw(N, columns, classes, k_choices, num_folds, shuffle=True):
        y = np.arange(N) % classes if shuffle else np.sort(np.arange(N) % classes)
        centres = 1.2 * random.randn(classes, columns)
        X = centres[y] + random.randn(N, columns)
        return {"X": X, "y": y, "k_choices": k_choices, "num_folds": num_folds}

    return [
        Case("30 examples, 5 folds and k = 1, 3, 5", draw(30, 4, 3, (1, 3, 5), 5)),
        Case("23 examples, 4 folds and k = 2, 7", draw(23, 3, 4, (2, 7), 4), hint="last_fold_short"),
        Case("sorted labels, 2 folds and k = 1", draw(24, 5, 3, (1,), 2, shuffle=False)),
        Case("41 examples, 3 folds and k = 8, 1", draw(41, 6, 10, (8, 1), 3), hint="last_fold_short"),
    ]


def _distances_once(target: LocalTarget, check: Check) -> Finding | None:
    inputs = check.usual
    seen = steps(target, check, inputs)
    entered = seen.entered if seen else {}
    calls = sum(count for name, count in entered.items() if ".compute_distances" in name)
    if calls <= inputs["num_folds"]:
        return None
    told = f"For {inputs['num_folds']} folds it computes {calls} distance matrices."
    return Finding(told, "distances_recomputed", status="advice")


CHECKS = (
    _pair_check("l1_distance"),
    _pair_check("l2_distance"),
    _distance_check("compute_distances_two_loops", _loops(2)),
    _distance_check("compute_distances_one_loop", _loops(1)),
    _distance_check("compute_distances_no_loops", _loops(0), _modest_memory),
    Check(
        "predict_labels",
        _vote_recipe,
        _vote_cases,
        exact,
        (integer_labels,),
        words=_vote_in_words,
        axes={"dists": "", "y_train": ""},
    ),
    Check(
        "cross_validate",
        _validation_recipe,
        _validation_cases,
        properties=(_distances_once,),
        axes={"X": "N D", "y": "N", "k_choices": ""},
    ),
)
