"""The engine names a mistake when its evidence is exact, says where the wrong entries are, and is silent otherwise."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from cs231n.tutor.checks import compare, diagnosis
from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.diagnosis import Sample
from cs231n.tutor.checks.diagnosis.sample import quantities

AXES = {"X": "N D", "W": "D C", "y": "N", "dout": "N C"}
IMAGE_AXES = {"x": "N C H W"}
SIZES = ((7, 5, 4), (4, 6, 12), (9, 3, 5), (1, 5, 3))  # N, D, C


def inputs(seed, N, D, C):
    random = np.random.RandomState(seed)
    data = {"W": random.randn(D, C), "X": random.randn(N, D), "y": random.randint(0, C, N)}
    return data | {"reg": round(0.1 + 0.3 * seed, 3), "dout": random.randn(N, C)}


def cases():
    return [inputs(seed, *sizes) for seed, sizes in enumerate(SIZES)]


def sample(given_inputs, expected, actual, **more):
    expected, actual = np.asarray(expected, dtype=np.float64), np.asarray(actual)
    tolerance = compare.float_tolerance({}, "", expected)
    return Sample("a case", "dW", given_inputs, expected, actual, tolerance, **{"axes": AXES, **more})


def samples(mistake, right=lambda W, X, reg, **rest: X.T @ np.sin(X @ W) + reg * W):
    """Return one sample of each case; mistake(expected output, **inputs) is what came back."""
    return [sample(one, right(**one), mistake(right(**one), **one)) for one in cases()]


def product(W, X, **rest):
    return X @ W


def loss(W, X, reg, **rest):
    return np.mean(np.cos(X @ W) ** 2) + reg * np.sum(W**2)


def positive(**given_inputs):
    return 0.5 + product(**given_inputs) ** 2


ENTRYWISE = {
    "times_n": lambda E, X, **_: len(X) * E,
    "over_n": lambda E, X, **_: E / len(X),
    "over_c": lambda E, W, **_: E / W.shape[1],
    "scaled": lambda E, **_: 0.3 * E,
    "sign": lambda E, **_: -E,
    "number_for_size": lambda E, X, **_: E * len(X) / 10,
    "squared_result": lambda E, **_: E**2,
    "root_result": lambda E, **_: E**0.5,
    "exp_result": lambda E, **_: np.exp(E),
    "log_result": lambda E, **_: np.log(E),
    "inverse_result": lambda E, **_: 1 / E,
    "complement_result": lambda E, **_: 1 - E,
    "whole_numbers": lambda E, **_: E.astype(int),
}


@pytest.mark.parametrize("cause", ENTRYWISE)
def test_what_happened_to_every_entry_is_named(cause):
    assert diagnosis.cause(samples(ENTRYWISE[cause], positive)).cause == cause


PLACES = {
    "transposed": lambda E, **_: E.T,
    "flipped": lambda E, **_: E[:, ::-1],
    "shifted_entries": lambda E, **_: np.roll(E, 1, axis=0),
    "reshape_for_transpose": lambda E, **_: E.T.reshape(E.shape),
    "reshaped": lambda E, **_: E.ravel(),
    "axis_too_many": lambda E, **_: E[:, None],
    "all_zeros": lambda E, **_: 0 * E,
    "all_ones": lambda E, **_: np.ones_like(E),
    "absolute_result": lambda E, **_: np.abs(E),
    "cut_below_zero": lambda E, **_: np.maximum(E, 0),
    "returns_input": lambda E, W, **_: W,
    "part_extra": lambda E, W, **_: E + W,
    "penalty_part_missing": lambda E, W, reg, **_: E - reg * W,
    "penalty_part_extra": lambda E, W, reg, **_: E + reg * W,
    "scaled_but_penalty": lambda E, W, X, reg, **_: len(X) * (E - reg * W) + reg * W,
    "hard_coded_size": lambda E, **_: np.random.RandomState(E.size).randn(10, 10),
    "axis_missing": lambda E, **_: np.sum(E),
}


@pytest.mark.parametrize("cause", PLACES)
def test_what_stands_elsewhere_or_is_missing_is_named(cause):
    assert diagnosis.cause(samples(PLACES[cause])).cause == cause


IMAGES = {"axes_permuted": (0, 2, 3, 1), "flipped": np.s_[:, :, ::-1, ::-1]}


@pytest.mark.parametrize("cause", IMAGES)
def test_axes_of_images_are_told_apart(cause):
    def images(seed):
        right = np.random.RandomState(seed).randn(2, 3, 4 + seed, 5)
        how = IMAGES[cause]
        return sample({}, right, right[how] if cause == "flipped" else right.transpose(how))

    assert diagnosis.cause([images(0), images(1)]).cause == cause


def test_sums_along_the_wrong_axis_or_none_are_named():
    def db(dout, **_):
        return dout.sum(axis=0)

    assert diagnosis.cause(samples(lambda E, dout, **_: dout.sum(axis=1), db)).cause == "reduced_elsewhere"
    assert diagnosis.cause(samples(lambda E, dout, **_: dout, db)).cause in ("not_summed", "returns_input")
    assert diagnosis.cause(samples(lambda E, dout, **_: dout.max(axis=0), db)).cause == "other_summary"


@pytest.mark.parametrize(("right", "returned"), [(np.max, np.mean), (np.std, np.sum)])
def test_a_mean_or_a_sum_in_place_of_something_else_is_not_said_to_replace_the_other(right, returned):
    found = samples(lambda E, X, **_: returned(X, axis=1), lambda X, **_: right(X, axis=1))
    assert diagnosis.cause(found).cause == "other_summary"


def test_the_table_that_broadcasting_makes_of_a_vector_is_named():
    def squares(X, **_):
        return np.sum(X**2, axis=1)

    table = samples(lambda E, X, **_: E[:, None] * E / E, squares)[:3]
    assert diagnosis.cause(table).cause == "broadcast"


def test_what_is_not_normalised_is_named():
    def shares(W, X, **_):
        return np.exp(X @ W) / np.exp(X @ W).sum(axis=1, keepdims=True)

    assert diagnosis.cause(samples(lambda E, W, X, **_: np.exp(X @ W), shares)).cause == "not_divided_by_sum"


def test_exchanged_outputs_are_named():
    def exchanged(one):
        dx, dw = one["dout"] @ one["W"].T, one["X"].T @ one["dout"]
        return sample(one, dx, dw, others={"dw": (dw, dx)})

    found = diagnosis.cause([exchanged(one) for one in cases()])
    assert found == Explanation("outputs_exchanged", "The two results are dW and dw.")


CHAINED = {
    "added_for_multiplied": lambda dout, slope: dout + slope,
    "dout_ignored": lambda dout, slope: slope,
    "dout_divided": lambda dout, slope: dout / slope,
    "dout_divides": lambda dout, slope: slope / dout,
    "dout_squared": lambda dout, slope: dout**2 * slope,
    "slope_applied_twice": lambda dout, slope: dout * slope**2,
}


@pytest.mark.parametrize("cause", CHAINED)
def test_dout_and_slope_put_together_otherwise_are_named(cause):
    def slope(W, X):
        return 0.2 + np.cos(X @ W) ** 2

    found = samples(
        lambda E, dout, W, X, **_: CHAINED[cause](dout, slope(W, X)), lambda dout, W, X, **_: dout * slope(W, X)
    )
    assert diagnosis.cause(found).cause == cause


PICKED = {
    "first_row_alone": lambda E, **_: E[0],
    "last_row_alone": lambda E, **_: E[-1],
    "entries_picked": lambda E, **_: E[E != 0],
    "empty_result": lambda E, **_: np.zeros(0),
}


@pytest.mark.parametrize("cause", PICKED)
def test_what_came_back_of_the_entries_is_named(cause):
    def right(W, X, **rest):
        return np.maximum(X @ W, 0) + (np.arange(W.shape[1]) == 0)

    assert diagnosis.cause(samples(PICKED[cause], right)).cause == cause


def gates(mistake, right, *shapes):
    """Return a sample for each shape of x and z; mistake(expected output, x, z) is what came back."""
    found = []
    for seed, shape in enumerate(shapes or ((3, 4), (5, 2), (6,))):
        random = np.random.RandomState(seed)
        x, z = random.randn(*shape), 0.5 + random.rand(*shape)
        found.append(sample({"x": x, "z": z}, right(x, z), mistake(right(x, z), x, z), axes={"x": "N D", "z": "N D"}))
    return found


TWO = {
    "x · z": lambda E, x, z: x * z,
    "x + z": lambda E, x, z: x + z,
    "x - z": lambda E, x, z: x - z,
    "z - x": lambda E, x, z: z - x,
    "x / z": lambda E, x, z: x / z,
    "z / x": lambda E, x, z: z / x,
}


@pytest.mark.parametrize("formula", TWO)
def test_two_inputs_put_together_entry_by_entry_are_named(formula):
    found = diagnosis.cause(gates(TWO[formula], lambda x, z: np.sin(x) * np.log(z)))
    assert found == Explanation("two_inputs", f"dW is {formula}.")


def test_two_inputs_are_named_only_if_every_entry_of_every_wrong_case_is_made_of_them():
    def nearly(E, x, z):
        return x + z + 0.01 * (np.arange(x.size).reshape(x.shape) == 1)

    def right(x, z):
        return np.sin(x) * np.log(z)

    assert diagnosis.cause(gates(nearly, right)) == Explanation()
    shared = gates(TWO["x + z"], right, (3, 4), (5, 2))
    assert diagnosis.cause([*shared, *gates(lambda E, x, z: 2 * E, right, (4, 4))]) == Explanation()
    unseen = gates(lambda E, x, z: E, right, (2, 2))  # right, though the mistake would show
    assert diagnosis.cause([*shared, *unseen]) == Explanation()
    same = gates(lambda E, x, z: x * x, lambda x, z: x, (3, 4), (5, 2))  # a square is simpler than two inputs
    assert diagnosis.cause(same).cause == "squared_result"


def test_an_input_that_is_multiplied_on_is_named():
    found = diagnosis.cause(gates(lambda E, x, z: E * z, lambda x, z: np.sin(x)))
    assert found == Explanation("input_multiplied_on", "dW is z times the expected value.")
    of_rows = samples(lambda E, y, **_: E * (1 + y[:, None]), product)
    assert diagnosis.cause(of_rows) == Explanation(), "1 + y is no input"


def test_an_input_is_multiplied_on_only_if_it_is_so_in_every_entry_of_every_wrong_case():
    def right(x, z):
        return np.sin(x)

    mixed = gates(lambda E, x, z: E * z, right, (3, 4)) + gates(lambda E, x, z: E * x, right, (5, 2))
    assert diagnosis.cause(mixed) == Explanation()
    nearly = gates(lambda E, x, z: np.where(np.arange(x.size).reshape(x.shape) == 2, E, E * z), right)
    assert diagnosis.cause(nearly) == Explanation()
    twos = [
        replace(one, inputs={**one.inputs, "z": np.full_like(one.expected, 2.0)}) for one in gates(TWO["x + z"], right)
    ]
    doubled = [replace(one, actual=2 * one.expected) for one in twos]
    assert diagnosis.cause(doubled).cause == "scaled", "a constant is simpler than an input that happens to be one"
    dout = samples(lambda E, dout, **_: E * dout, lambda X, W, dout, **_: np.tanh(X @ W) * dout)
    assert diagnosis.cause(dout).cause == "dout_squared"


@pytest.mark.parametrize(
    ("how", "reduce"), [("largest", np.max), ("smallest", np.min), ("sum", np.sum), ("mean", np.mean)]
)
def test_one_number_for_a_whole_axis_is_named(how, reduce):
    def alike(E, x, z):
        return np.broadcast_to(reduce(E, axis=(0, 1), keepdims=True), E.shape)

    found = diagnosis.cause(gates(alike, lambda x, z: np.sin(x), (2, 3, 4), (3, 2, 2, 5)))
    assert found == Explanation(
        "one_for_all", f"Along axes 0, 1 of dW, every entry is the {how} of the entries expected there."
    )


def test_a_norm_of_a_matrix_in_place_of_a_sum_is_named():
    found = samples(lambda E, W, **_: np.linalg.norm(W, 1), lambda W, **_: np.sum(np.abs(W)))
    assert diagnosis.cause(found) == Explanation("matrix_norm", "dW is np.linalg.norm(W, 1).")
    other = samples(lambda E, W, **_: np.linalg.norm(W, 1) + 1, lambda W, **_: np.sum(np.abs(W)))
    assert diagnosis.cause(other).cause == ""


def test_a_floor_under_the_examples_part_of_a_loss_is_named():
    def right(W, X, reg, **_):
        return 9 * np.mean(np.cos(X @ W) ** 2) + reg * np.sum(W**2)

    def floored(E, W, reg, **_):
        return np.floor(E - reg * np.sum(W**2)) + reg * np.sum(W**2)

    assert diagnosis.cause(samples(floored, right)).cause == "whole_numbers"
    assert diagnosis.cause(samples(lambda E, **_: np.floor(E), product)).cause == "whole_numbers"


@pytest.mark.parametrize("order", [np.transpose, lambda a: np.moveaxis(a, 0, -1), lambda a: np.moveaxis(a, -1, 0)])
def test_a_reshape_in_place_of_a_transpose_is_named_for_arrays_of_any_number_of_axes(order):
    found = gates(lambda E, x, z: order(E).reshape(E.shape), lambda x, z: np.sin(x), (3, 4), (4, 3, 2, 5), (5, 2))
    assert diagnosis.cause(found).cause == "reshape_for_transpose"


def test_a_function_along_an_axis_in_place_of_one_entry_by_entry_is_named():
    found = diagnosis.cause(samples(lambda E, X, **_: np.max(X, 0), lambda X, **_: np.maximum(X, 0)))
    assert found.cause == "along_for_entrywise"
    assert "dW is np.max of X along axis 0" in found.evidence


def test_an_array_far_too_large_is_not_searched_for_long():
    vast = [replace(one, actual=np.zeros((500, 5000))) for one in samples(lambda E, **_: E)]
    start = time.process_time()
    assert diagnosis.cause(vast).cause == "hard_coded_size"
    assert time.process_time() - start < 1


def test_a_single_row_that_was_filled_is_named():
    def filled(row):
        return samples(lambda E, **_: np.where(np.arange(len(E))[:, None] == row % len(E), E, 0), product)[:3]

    assert diagnosis.cause(filled(0)).cause == "only_first_row"
    assert diagnosis.cause(filled(-1)).cause == "only_last_row"


def test_the_evidence_gives_the_numbers():
    def evidence(mistake, right=product):
        return diagnosis.cause(samples(mistake, right)).evidence

    assert evidence(lambda E, X, **_: len(X) * E) == "dW is exactly N = 7 times too large."
    assert evidence(lambda E, X, **_: E / len(X)) == "dW is exactly N = 7 times too small."
    assert evidence(lambda E, **_: 2 * E) == "dW is exactly 2 times too large."
    assert "0.5·reg·ΣW²" in evidence(lambda E, W, reg, **_: E - 0.5 * reg * np.sum(W**2), loss)
    assert "2·reg·ΣW²" in evidence(lambda E, W, reg, **_: E + 2 * reg * np.sum(W**2), loss)


def test_a_formula_is_told_with_its_own_value():
    def evidence(mistake):
        return diagnosis.cause(samples(mistake, product)[:3]).evidence

    assert evidence(lambda E, X, **_: E - E / len(X)) == "dW is exactly (N - 1)/N = 0.8571 times the expected value."
    assert evidence(lambda E, X, **_: E * (len(X) - 1)) == "dW is exactly N - 1 = 6 times too large."
    assert evidence(lambda E, X, **_: E / max(len(X) - 1, 1)) == "dW is exactly N - 1 = 6 times too small."
    assert evidence(lambda E, reg, **_: E * (1 - reg)) == "dW is exactly 1 - reg = 0.9 times the expected value."


def test_the_sign_of_a_scalar_is_not_taken_for_a_wrong_sign():
    def evidence(mistake):
        given = [one | {"b": b} for one, b in zip(cases(), (-4.0, 2.5, -6.0, 2.2), strict=True)]
        rights = [product(**one) for one in given]
        wrong = [sample(one, right, mistake(right, one["b"])) for one, right in zip(given, rights, strict=True)]
        return diagnosis.cause(wrong).evidence

    assert evidence(lambda E, b: E * b) == "dW is exactly b = -4 times the expected value."
    assert evidence(lambda E, b: E / b) == "dW is exactly 1/b = -0.25 times the expected value."
    assert evidence(lambda E, b: -E * b) == "dW is exactly -b = 4 times too large."
    assert evidence(lambda E, b: -E / b) == "dW is exactly -1/b = 0.25 times the expected value."
    assert evidence(lambda E, b: -E * b**2).endswith(" is b² = 16 times too large.")


def test_sizes_have_the_names_that_the_check_declares():
    images = {"images": np.ones((7, 3, 2, 5)), "labels": np.ones(7), "reg": 0.5, "N": 2}
    assert quantities(images, {"images": "K", "labels": "M"}) == {"reg": 0.5, "N": 2, "K": 210, "M": 7}
    assert quantities(images, {"images": "B D", "labels": "B D"}) == {"reg": 0.5, "N": 2, "B": 7, "D": 30}
    assert quantities(images, {"images": "N C H W", "labels": "", "X": "D"})["N"] == 2
    assert quantities(images, {}) == {"reg": 0.5, "N": 2}
    unnamed = [replace(one, axes={}) for one in samples(lambda E, X, **_: len(X) * E, product)]
    assert not diagnosis.cause(unnamed).cause


def test_a_mistake_that_would_show_in_a_right_case_is_not_named():
    found = samples(lambda E, **_: 2 * E, product)
    right = sample(cases()[0], product(**cases()[0]), product(**cases()[0]))
    assert diagnosis.cause(found).cause == "scaled"
    assert diagnosis.cause([*found, right]) == Explanation()


def test_a_mistake_that_leaves_one_wrong_entry_unexplained_is_not_named():
    found = samples(lambda E, **_: -E + 0.01 * (np.arange(E.size).reshape(E.shape) == 3), product)
    assert diagnosis.cause(found) == Explanation()


def test_two_numbers_or_a_few_labels_are_too_little_evidence():
    two = samples(lambda E, **_: 2 * E, loss)[:2]
    assert diagnosis.cause(two) == Explanation()
    assert diagnosis.cause([*two, *samples(lambda E, **_: 2 * E, loss)[2:]]).cause == "scaled"
    few, many = ([sample({}, np.arange(size), np.arange(size)[::-1])] for size in (5, 12))
    assert diagnosis.cause(few) == Explanation() and diagnosis.cause(many).cause == "flipped"


def test_where_two_mistakes_give_the_same_none_is_named():
    square = [inputs(seed, 6, 6, 6) for seed in range(3)]
    found = [sample(one, product(**one), 6 * product(**one)) for one in square]
    told = diagnosis.cause(found)
    assert told.cause in ("", "scaled") and "N" not in told.evidence and "C" not in told.evidence


unrelated = arrays(np.float64, (4, 5), elements=st.floats(-10, 10, width=32), unique=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(unrelated, unrelated), min_size=2, max_size=3), st.integers(0, 50))
def test_unrelated_numbers_never_get_a_cause(pairs, seed):
    assume(not np.array_equal(pairs[0][1], pairs[1][1]))  # the same everywhere: that has a cause
    found = [sample(inputs(seed + i, 4, 6, 5), *pair) for i, pair in enumerate(pairs)]
    assert diagnosis.cause(found) == Explanation()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.1, 100, allow_nan=False), min_size=3, max_size=8, unique=True), st.integers(0, 50))
def test_unrelated_losses_never_get_a_cause(values, seed):
    random = np.random.RandomState(seed)
    found = [
        sample(inputs(seed + i, *random.randint(2, 9, 3)), np.exp(random.randn()), value)
        for i, value in enumerate(values)
    ]
    assert diagnosis.cause(found) == Explanation()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_random_labels_never_get_a_cause(seed):
    random = np.random.RandomState(seed)
    found = [sample({}, random.randint(0, 4, 9), random.randint(0, 4, 9)) for _ in range(3)]
    assert diagnosis.cause(found) == Explanation()


anything = st.sampled_from([np.float32, np.float64, np.int64, np.uint8, np.bool_]).flatmap(
    lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)


@settings(max_examples=100, deadline=None)
@given(st.lists(anything, min_size=1, max_size=3), st.integers(0, 3))
def test_whatever_comes_back_the_diagnosis_does_not_fail(returned, axes):
    shape = (4, 3, 2)[:axes]
    found = [sample(inputs(i, 4, 3, 2), np.random.RandomState(i).randn(*shape), a) for i, a in enumerate(returned)]
    cause = diagnosis.cause(found).cause
    assert cause in ("", *CAUSES) and isinstance(diagnosis.where(found) if cause or found[0].wrong else "", str)


def told(mistake):
    """Return what is said of a mistake in one (6, 8) array."""
    right = np.random.RandomState(3).randn(6, 8)
    wrong = right.copy()
    mistake(wrong)
    return diagnosis.where([sample({"y": np.array([0, 2, 1, 2, 1, 0])}, right, wrong)])


def test_where_the_wrong_entries_lie_is_said():
    def rows(found):
        found[[0, 3]] += 1

    def last_column(found):
        found[:, -1] *= np.linspace(2, 3, 6)

    def border(found):
        found[[0, -1]] += np.arange(8) + 1
        found[:, [0, -1]] -= 30 + np.arange(12).reshape(6, 2)

    def label(found):
        found[[1, 3], 2:] += np.arange(6) + 1

    def never_filled(found):
        found[:, 4:6] = 0

    assert told(rows) == "The result is wrong in rows 0 and 3, and right everywhere else."
    assert told(last_column) == "The result is wrong in the last column, and right everywhere else."
    assert told(border) == "All wrong entries are in the outermost rows and columns."
    assert told(label) == "The result is wrong exactly where y is 2."
    whole = "The result is wrong in columns 4 and 5, and right everywhere else."
    assert told(never_filled) == f"{whole} The wrong entries are all 0."
    assert told(lambda found: np.negative(found[2], out=found[2])).endswith(
        "In the wrong entries, only the sign is wrong."
    )


@pytest.mark.parametrize(
    ("output", "shape", "wrong", "expected"),
    [
        ("dx", (5, 4, 3), np.s_[1:], "right in the first matrix, and wrong everywhere else"),
        ("w_after_step", (5, 4, 3), np.s_[1:], "right in the first step, and wrong everywhere else"),
        ("w_after_step", (5, 4), np.s_[:, [0, 1, 3]], "right in entry 2, and wrong everywhere else"),
        ("w_after_step", (3, 2, 3, 2, 2), np.s_[:, :, 2], "wrong in the last channel, and right everywhere else"),
        ("dw", (4, 3, 2, 2), np.s_[2], "wrong in filter 2, and right everywhere else"),
        ("dx", (4, 3, 2, 2), np.s_[2], "wrong in image 2, and right everywhere else"),
    ],
)
def test_the_axes_of_an_output_are_called_by_their_names(output, shape, wrong, expected):
    random = np.random.RandomState(3)
    right = random.randn(*shape)
    found = right.copy()
    found[wrong] += random.uniform(1, 2, found[wrong].shape)
    assert diagnosis.where([replace(sample({}, right, found), output=output)]) == f"The result is {expected}."


def test_a_threshold_between_right_and_wrong_is_said():
    right = np.arange(40.0)
    assert "above 29" in diagnosis.where([sample({}, right, np.minimum(right, 29))])


def test_what_wrong_cases_share_is_said():
    one, several = [inputs(0, 1, 5, 4)], cases()[:3]
    assert diagnosis.shared(one, several, AXES) == "Exactly the cases with N = 1 are wrong: 1 of 4."
    assert diagnosis.shared(several, one, AXES) == "Only the cases with N = 1 are right: 1 of 4."
    assert diagnosis.shared(several[:1], several[1:], AXES) == ""
    alike = {"x": np.ones((4, 3, 4, 5))}
    assert diagnosis.shared([alike], [{"x": np.ones((2, 3, 4, 5))}], IMAGE_AXES) == "", "N = H is a coincidence"
    pooled = [{"x": np.ones((2, 3, 8, 8)), "stride": stride} for stride in (1, 2, 3)]
    assert "stride > 1" in diagnosis.shared(pooled[1:], [*pooled[:1], *pooled[:1]], IMAGE_AXES)


def pooling(H, W, height, width, stride):
    return {"x": np.ones((2, 3, H, W)), "pool_height": height, "pool_width": width, "stride": stride}


def test_how_windows_lie_is_a_trait_of_a_case():
    def shared(wrong, right):
        return diagnosis.shared(wrong, right, IMAGE_AXES)

    right = [pooling(4, 6, 2, 2, 2), pooling(6, 4, 2, 2, 2), pooling(4, 4, 2, 2, 2)]
    assert "with a remainder are wrong" in shared([pooling(5, 6, 2, 2, 2), pooling(4, 7, 2, 2, 2)], right)
    assert "with windows that overlap are wrong" in shared([pooling(6, 4, 4, 4, 2), pooling(5, 3, 3, 3, 2)], right)
    unequal = [pooling(6, 4, 3, 2, 3), pooling(4, 6, 1, 3, 3)]
    assert "with pool_height ≠ pool_width" in shared(unequal, [*right, pooling(6, 9, 3, 3, 3)])


def test_every_cause_of_the_engine_has_its_words():
    from cs231n.tutor.checks.diagnosis import factors

    assert {*ENTRYWISE, *PLACES, *IMAGES, *factors.ENTRYWISE} <= set(CAUSES)
