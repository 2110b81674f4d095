"""Attempts at the kNN exercises."""

from solutions.attempts import fragile, known, right, wrong

TWO, ONE, NO = (f"compute_distances_{loops}" for loops in ("two_loops", "one_loop", "no_loops"))


def pair(norm: str, distance: str) -> str:
    return f"def {norm}_distance(x, y):\n    return {distance}"


def two_loops(
    line: str, head: str = "dists = np.zeros((len(X), len(self.X_train)))", tail: str = "return dists"
) -> str:
    return f"""
    def compute_distances_two_loops(self, X):
        {head}
        for i in range(len(X)):
            for j in range(len(self.X_train)):
                {line}
        {tail}
    """


def one_loop(line: str, head: str = "dists = np.zeros((len(X), len(self.X_train)))") -> str:
    return f"""
    def compute_distances_one_loop(self, X):
        {head}
        for i in range(len(X)):
            {line}
        return dists
    """


def no_loops(body: str) -> str:
    lines = "\n".join("        " + line for line in body.strip().splitlines())
    return f"""
    def compute_distances_no_loops(self, X):
        T = self.X_train
{lines}
    """


def labels(body: str, dtype: str = "int") -> str:
    lines = "\n".join("            " + line for line in body.strip().splitlines())
    return f"""
    def predict_labels(self, dists, k=1):
        y_pred = np.zeros(len(dists), dtype={dtype})
        for i in range(len(dists)):
{lines}
        return y_pred
    """


def folds(body: str, split: str = "np.array_split(np.arange(len(X)), num_folds)", result: str = "accuracies") -> str:
    lines = "\n".join("            " + line for line in body.strip().splitlines())
    return f"""
    def cross_validate(X, y, k_choices, num_folds=5):
        accuracies = {{k: [] for k in k_choices}}
        parts = {split}
        for i in range(num_folds):
            val, rest = parts[i], np.concatenate(parts[:i] + parts[i + 1:])
            model = KNearestNeighbor()
{lines}
        return {result}
    """


EXPANDED = "(X**2).sum(1)[:, None] + (T**2).sum(1) - 2 * X.dot(T.T)"
FROM_KEYS = "dict.fromkeys(k_choices, [])"
PER_K = """
model.train(X[rest], y[rest])
for k in k_choices:
    accuracies[k].append(np.mean(model.predict(X[val], k) == y[val]))
"""
PREDICT = "predict_labels"
NEAR = "self.y_train[np.argsort(dists[i], kind='stable')[:k]]"
ONE_FOLD = "other = parts[{}]" + PER_K.replace("rest", "other")

CAUSES = {
    # distances
    "root_missing": ("the square root is missing:", "your numbers are exactly the squared distances."),
    "l1_for_l2": (
        "these are L1 (Manhattan) distances, sums of |difference|;",
        "the L2 (Euclidean) distance is asked for.",
    ),
    "l2_for_l1": (
        "the differences are squared, as in the L2 (Euclidean) distance;",
        "the L1 distance should be the sum of |difference|.",
    ),
    "abs_missing": (
        "positive and negative differences cancel in the sum:",
        "L1 should sum their absolute values, L2 their squares.",
    ),
    "square_after_sum": (
        "the differences are summed before they are squared, so they cancel:",
        "square each, then sum.",
    ),
    "summed_over_rows": (
        "the squares are summed over all training examples too:",
        "sum along axis=1, so that each training example gets its own distance.",
    ),
    "mean_for_sum": ("the terms are averaged;", "they should be summed."),
    "twice_for_square": ("the differences are doubled;", "square them, with ** 2."),
    "squares_subtracted": (
        "the vectors are squared before they are subtracted;",
        "subtract first, then square the difference.",
    ),
    "product_for_distance": (
        "inner products of rows are used in place of differences;",
        "the distance should be the root of the sum of the squared differences.",
    ),
    "squares_of_everything": (
        "the squares of all rows are added up into one number:",
        "sum along axis=1 to get one squared norm for each row.",
    ),
    "squared_sums": ("the entries are summed before they are squared:", "square each, then sum."),
    "one_training_row": (
        "test row i is compared with training row i only, and one number fills row i of dists:",
        "compare each test row with all training rows, and sum along axis=1.",
    ),
    "cross_term_sign": (
        "the cross term has the wrong sign, as in |x + t|²:",
        "|x - t|² = |x|² - 2 x·t + |t|², with a minus before the cross term.",
    ),
    "cross_term_factor": ("the cross term lacks its factor of 2:", "|x - t|² = |x|² - 2 x·t + |t|²."),
    "norm_term_missing": ("one of the two squared norms is missing:", "|x - t|² = |x|² - 2 x·t + |t|²."),
    "only_first_row": ("only the first row (or entry) was filled:", "is the return statement inside the loop?"),
    "loop": (
        "the work in Python grows with the size of the arrays:",
        "replace the loop, comprehension, map or np.apply_along_axis with operations on whole arrays.",
    ),
    "nested_loop": (
        "one loop over the examples is allowed here, but your code also loops over something else.",
        "Subtract one row from the whole training array at once.",
    ),
    "third_loop": ("there is a third loop, over the columns:", "leave that sum to np.sum, which is far faster."),
    "forbidden_function": (
        "the docstring does not allow this function:",
        "write the formula out with basic operations, such as sums and products.",
    ),
    "memory": (
        "it builds an array of num_test × num_train × D numbers, which would take 61 GB for 500 × 5,000 images:",
        "expand the square instead, so that one matrix product does the work.",
    ),
    "memory_train_pairs": (
        "it builds an array of num_train × num_train numbers, which would take 20 GB for 50,000 training images:",
        "only one squared length per row is needed, so square the entries, and sum with axis=1.",
    ),
    "memory_test_pairs": (
        "it builds an array of num_test × num_test numbers, which would take 800 MB for 10,000 test images:",
        "only one squared length per row is needed, so square the entries, and sum with axis=1.",
    ),
    "integer_overflow": (
        "it is right for floats; with uint8 images, the terms are computed in 8-bit integers, where 3 - 5 is 254:",
        "convert the images to floats first, as in X.astype(float).",
    ),
    # votes
    "tie_to_nearest": (
        "a tie goes to the tied label that has the nearest neighbour;",
        "the smallest of the tied labels should win.",
    ),
    "tie_to_largest": ("ties go to the largest label;", "the smallest of the tied labels should win."),
    "k_too_large": ("k + 1 neighbours take part in the vote:", "there should be k."),
    "k_too_small": ("only k - 1 neighbours take part in the vote:", "there should be k."),
    "k_ignored": ("only the nearest neighbour decides, whatever k is.", "Is argsort(...)[:k] used in the vote?"),
    "weighted_vote": ("votes are weighted by closeness;", "every neighbour should have one vote."),
    "nearest_skipped": (
        "the nearest example is left out:",
        "if the indices are sorted by distance, the k nearest are [:k], not [1:k + 1].",
    ),
    "farthest": ("the farthest examples decide, not the nearest:", "sort in ascending order, and take the first k."),
    "index_for_label": (
        "these are the indices of training examples, not their labels:",
        "look them up in self.y_train.",
    ),
    "mean_label": ("the neighbours' labels are averaged;", "the most frequent one should win the vote."),
    "float_labels": (
        "the labels are right, but they come back as floats:",
        "they should be integers, so give y_pred an integer dtype.",
    ),
    "k_above_train": (
        "it is right for every k up to the number of training examples;",
        "for a larger k, let all of them vote.",
    ),
    # cross-validation
    "scored_on_training": (
        "these are accuracies on the training examples, not on the held-out fold.",
        "Look at what is passed to predict.",
    ),
    "trained_on_all": ("the held-out fold is part of the training set:", "leave it out of what you train on."),
    "trained_on_fold": (
        "training set and validation set are swapped:",
        "train on the other folds, and predict the held-out one.",
    ),
    "error_for_accuracy": ("these are error rates, 1 - accuracy.", "Count the hits: y_pred == y."),
    "counts_for_accuracy": (
        "these are counts of correct predictions;",
        "accuracy should be the fraction of predictions that are correct.",
    ),
    "last_fold_short": (
        "it is right only if N is a multiple of num_folds:",
        "for any other N, np.array_split makes the first folds one example longer, so that no example is lost.",
    ),
    "one_accuracy": (
        "there is one accuracy for each k, but each fold should give one:",
        "is the list for k created again in every fold, or does the function return inside the loop over the folds?",
    ),
    "number_for_list": (
        "there is a single number for each k, but each fold should give one:",
        "return a list for each k, with the accuracies of all folds.",
    ),
    "other_denominator": (
        "the number of correct predictions is divided by the wrong number:",
        "divide by the length of the held-out fold, or take np.mean of the comparison.",
    ),
    "folds_for_k": ("the vote is among num_folds neighbours;", "it should be among k."),
    "row_held_out": (
        "only one row is left out of the training set, not the whole fold:",
        "leave out all rows of the fold.",
    ),
    "folds_left_out": (
        "one fold is never held out.",
        "Look at where the loop over the folds starts and ends.",
    ),
    "one_list_for_all": (
        "all k share one list, as with dict.fromkeys(k_choices, []):",
        "give each k its own, with {k: [] for k in k_choices}.",
    ),
    "distances_recomputed": (
        "distances do not depend on k, but they are computed again for every k:",
        "computing them once for each fold is enough, and faster.",
    ),
    "added_for_subtracted": ("the two vectors are added;", "the distance should be computed from their difference."),
    "largest_difference": ("this is the largest difference;", "all differences should count, in a sum."),
    "cross_term_missing": ("the cross term is missing:", "|x - t|² = |x|² - 2 x·t + |t|²."),
    "count_for_label": ("these are counts of votes, not labels:", "use np.bincount(...).argmax(), not max()."),
    "vote_over_indices": (
        "the vote is over the indices of training examples, not over their labels:",
        "look them up in self.y_train.",
    ),
    "largest_label": ("the largest of the k labels wins;", "the most frequent one should win."),
    "smallest_label": ("the smallest of the k labels wins;", "the most frequent one should win."),
    "last_neighbour": ("the farthest of the k neighbours decides;", "the most frequent label of all k should decide."),
    "position_for_label": (
        "this is a position in an array, not a label:",
        "with return_counts=True, np.unique gives labels and counts; take the label with the largest count.",
    ),
    "median_label": ("this is the median of the labels;", "the most frequent one should win the vote."),
    "all_vote": ("all training examples vote;", "only the k nearest should."),
    "rarest_label": ("the rarest of the labels wins;", "the most frequent one should win."),
    "trained_on_one_fold": (
        "the classifier is trained on one fold only;",
        "train on all folds except the one that is predicted.",
    ),
    "same_fold": ("the same fold is held out each time;", "hold out every fold in turn."),
    "k_not_passed": ("k is not passed to predict:", "write k=k in the call."),
    "scored_on_all": ("these are accuracies on all examples;", "predict only the held-out fold."),
    "absolutes_under_root": ("absolute values are summed under the root;", "sum the squares."),
    "first_labels": ("the first k training examples vote;", "only the k nearest should."),
    "counted_from_the_end": (
        "the array of vote counts is reversed, so argmax counts from the last label:",
        "take the argmax without [::-1].",
    ),
}

WRONG = [
    known("l1_distance", "l2_for_l1", pair("l1", "np.sqrt(np.sum((x - y) ** 2))")),
    known("l1_distance", "abs_missing", pair("l1", "np.sum(x - y)")),
    known("l1_distance", "mean_for_sum", pair("l1", "np.mean(np.abs(x - y))")),
    known("l2_distance", "root_missing", pair("l2", "np.sum((x - y) ** 2)")),
    known("l2_distance", "l1_for_l2", pair("l2", "np.sum(np.abs(x - y))")),
    known("l2_distance", "mean_for_sum", pair("l2", "np.sqrt(np.mean((x - y) ** 2))")),
    known("l2_distance", "square_after_sum", pair("l2", "np.sqrt(np.sum(x - y) ** 2)")),
    known(TWO, "root_missing", two_loops("dists[i, j] = np.sum((X[i] - self.X_train[j]) ** 2)")),
    known(TWO, "l1_for_l2", two_loops("dists[i, j] = np.sum(np.abs(X[i] - self.X_train[j]))")),
    known(TWO, "mean_for_sum", two_loops("dists[i, j] = np.sqrt(np.mean((X[i] - self.X_train[j]) ** 2))")),
    wrong(TWO, "forbidden_function", two_loops("dists[i, j] = np.linalg.norm(X[i] - self.X_train[j])")),
    known(
        TWO,
        "transposed",
        two_loops(
            "dists[j, i] = np.sqrt(np.sum((X[i] - self.X_train[j]) ** 2))",
            head="dists = np.zeros((len(self.X_train), len(X)))",
        ),
    ),
    wrong(TWO, "returns_none", two_loops("dists[i, j] = np.sqrt(np.sum((X[i] - self.X_train[j]) ** 2))", tail="")),
    known(TWO, "square_after_sum", two_loops("dists[i, j] = np.sqrt(np.sum(X[i] - self.X_train[j]) ** 2)")),
    wrong(TWO, "root_result", two_loops("dists[i, j] = np.sum((X[i] - self.X_train[j]) ** 2) ** 0.25")),
    wrong(
        TWO,
        "hard_coded_size",
        two_loops("dists[i, j] = np.sqrt(np.sum((X[i] - self.X_train[j]) ** 2))", head="dists = np.zeros((500, 5000))"),
    ),
    wrong(
        TWO,
        "mutation",
        two_loops("X[i] -= self.X_train[j]; dists[i, j] = np.sqrt(X[i] @ X[i]); X[i] += self.X_train[j] + 1"),
    ),
    wrong(ONE, "root_missing", one_loop("dists[i] = ((X[i] - self.X_train) ** 2).sum(axis=1)")),
    wrong(ONE, "l1_for_l2", one_loop("dists[i] = np.abs(X[i] - self.X_train).sum(axis=1)")),
    wrong(ONE, "other_exercise", one_loop("dists[i] = self.compute_distances_no_loops(X[i : i + 1])[0]")),
    wrong(ONE, "nested_loop", one_loop("dists[i] = [np.sqrt(((X[i] - t) ** 2).sum()) for t in self.X_train]")),
    known(ONE, "summed_over_rows", one_loop("dists[i] = np.sqrt(((X[i] - self.X_train) ** 2).sum())")),
    wrong(
        ONE,
        "summed_along_other_axis",
        one_loop("dists[i] = np.sqrt(((X[i] - self.X_train) ** 2).sum(axis=0))"),
        status="error",
    ),
    wrong(NO, "root_missing", no_loops(f"return {EXPANDED}")),
    wrong(NO, "", no_loops(f"d = {EXPANDED}\nreturn np.where(d < 1e-3, 9, np.sqrt(np.maximum(d, 0)))")),
    wrong(
        NO,
        "memory_train_pairs",
        no_loops("return np.sqrt(np.maximum((X**2).sum(1)[:, None] + np.diag(T @ T.T) - 2 * X @ T.T, 0))"),
    ),
    wrong(
        NO,
        "memory_test_pairs",
        no_loops("return np.sqrt(np.maximum(np.diag(X @ X.T)[:, None] + (T**2).sum(1) - 2 * X @ T.T, 0))"),
    ),
    known(NO, "cross_term_sign", no_loops("return np.sqrt((X**2).sum(1)[:, None] + (T**2).sum(1) + 2 * X @ T.T)")),
    known(
        NO,
        "cross_term_factor",
        no_loops("return np.sqrt(np.maximum((X**2).sum(1)[:, None] + (T**2).sum(1) - X @ T.T, 0))"),
    ),
    wrong(NO, "transposed", no_loops(f"return np.sqrt(np.maximum({EXPANDED}, 0)).T")),
    wrong(NO, "memory", no_loops("return np.sqrt(((X[:, None] - T[None]) ** 2).sum(axis=2))")),
    wrong(NO, "loop", no_loops("return np.array([np.sqrt(((x - T) ** 2).sum(axis=1)) for x in X])")),
    wrong(NO, "other_exercise", no_loops("return self.compute_distances_one_loop(X)")),
    wrong(NO, "loop", no_loops("return np.array(list(map(lambda x: np.sqrt(((x - T) ** 2).sum(axis=1)), X)))")),
    wrong(NO, "loop", no_loops("return np.apply_along_axis(lambda x: np.sqrt(((x - T) ** 2).sum(axis=1)), 1, X)")),
    known(NO, "norm_term_missing", no_loops("return np.sqrt(np.maximum((X**2).sum(1)[:, None] - 2 * X @ T.T, 0))")),
    known(
        TWO,
        "only_first_row",
        two_loops("dists[i, j] = np.sqrt(np.sum((X[i] - self.X_train[j]) ** 2))", tail="    return dists"),
    ),
    wrong(NO, "forbidden_function", no_loops("from scipy.spatial.distance import cdist\nreturn cdist(X, T)")),
    wrong(
        NO,
        "forbidden_function",
        no_loops(
            "from numpy.linalg import norm\nn = norm(X, axis=1)[:, None]**2 + norm(T, axis=1)**2\n"
            "return np.sqrt(np.maximum(n - 2 * X @ T.T, 0))"
        ),
    ),
    wrong(NO, "one_example", no_loops(f"return np.sqrt(np.maximum({EXPANDED}, 0)).squeeze()")),
    wrong(
        NO, "pairs_need_axes", no_loops("return np.sqrt((X**2).sum(1) + (T**2).sum(1) - 2 * X @ T.T)"), status="error"
    ),
    wrong(NO, "", no_loops("import sys\nsys.exit(3)"), status="error"),
    wrong(
        NO,
        "mutation",
        no_loops(
            "T2 = (T**2).sum(1)\nX2 = (X**2).sum(1)[:, None]\nX *= -2\nreturn np.sqrt(np.maximum(X2 + X @ T.T + T2, 0))"
        ),
    ),
    known(
        "predict_labels",
        "tie_to_nearest",
        labels(
            "near = list(self.y_train[np.argsort(dists[i])[:k]])\ny_pred[i] = max(near, key=near.count)",
        ),
    ),
    known(
        "predict_labels",
        "tie_to_largest",
        labels("c = np.bincount(self.y_train[np.argsort(dists[i])[:k]])\ny_pred[i] = len(c) - 1 - c[::-1].argmax()"),
    ),
    known(
        "predict_labels",
        "k_too_large",
        labels("y_pred[i] = np.bincount(self.y_train[np.argsort(dists[i])[: k + 1]]).argmax()"),
    ),
    known(
        "predict_labels",
        "k_too_small",
        labels("y_pred[i] = np.bincount(self.y_train[np.argsort(dists[i])[: max(k - 1, 1)]]).argmax()"),
    ),
    known("predict_labels", "k_ignored", labels("y_pred[i] = self.y_train[dists[i].argmin()]")),
    known(
        "predict_labels",
        "weighted_vote",
        labels(
            "n = np.argsort(dists[i])[:k]\ny_pred[i] = np.bincount(self.y_train[n], weights=1 / dists[i][n]).argmax()"
        ),
    ),
    known("predict_labels", "index_for_label", labels("y_pred[i] = dists[i].argmin()")),
    known(
        "predict_labels",
        "farthest",
        labels("y_pred[i] = np.bincount(self.y_train[np.argsort(dists[i])[::-1][:k]]).argmax()"),
    ),
    known("predict_labels", "mean_label", labels("y_pred[i] = int(np.mean(self.y_train[np.argsort(dists[i])[:k]]))")),
    wrong(
        "predict_labels",
        "",
        labels("y_pred[i] = np.bincount(self.y_train[np.argsort(dists[i])[:k]], minlength=10)[:10].argmax()"),
    ),
    wrong(
        "predict_labels",
        "mutation",
        labels("n = np.argsort(dists[i])[:k]\ny_pred[i] = np.bincount(self.y_train[n]).argmax()\ndists[i] = np.inf"),
    ),
    known("cross_validate", "error_for_accuracy", folds(PER_K).replace("== y[val]", "!= y[val]")),
    known("cross_validate", "counts_for_accuracy", folds(PER_K.replace("np.mean", "np.sum"))),
    known("cross_validate", "scored_on_training", folds(PER_K.replace("val", "rest"))),
    known("cross_validate", "trained_on_all", folds(PER_K.replace("train(X[rest], y[rest])", "train(X, y)"))),
    known(
        "cross_validate",
        "trained_on_fold",
        folds(PER_K.replace("rest", "_").replace("val", "rest").replace("_]", "val]")),
    ),
    known(
        "cross_validate",
        "last_fold_short",
        folds(PER_K, split="list(np.arange(len(X) // num_folds * num_folds).reshape(num_folds, -1))"),
    ),
    wrong("cross_validate", "returns_none", folds(PER_K, result="None")),
    wrong("cross_validate", "one_list_for_all", folds(PER_K).replace("{k: [] for k in k_choices}", FROM_KEYS)),
    wrong(
        "cross_validate",
        "number_for_list",
        folds(PER_K, result="{k: float(np.mean(v)) for k, v in accuracies.items()}"),
    ),
    wrong("cross_validate", "one_accuracy", folds(PER_K.replace(".append(", " = [").replace("y[val]))", "y[val])]"))),
    wrong("cross_validate", "one_accuracy", folds("accuracies = {k: [] for k in k_choices}" + PER_K)),
    wrong("cross_validate", "folds_left_out", folds(PER_K).replace("range(num_folds)", "range(1, num_folds)")),
    # further ways
    known("l1_distance", "largest_difference", pair("l1", "np.max(np.abs(x - y))")),
    known("l1_distance", "added_for_subtracted", pair("l1", "np.sum(np.abs(x + y))")),
    known("l1_distance", "abs_missing", pair("l1", "np.abs(np.sum(x - y))")),
    known("l1_distance", "abs_missing", pair("l1", "np.sum(np.abs(x) - np.abs(y))")),
    known("l1_distance", "l2_for_l1", pair("l1", "np.sum((x - y) ** 2)")),
    known("l2_distance", "largest_difference", pair("l2", "np.max(np.abs(x - y))")),
    known("l2_distance", "added_for_subtracted", pair("l2", "np.sqrt(np.sum((x + y) ** 2))")),
    known("l2_distance", "squares_subtracted", pair("l2", "np.sqrt(abs(np.sum(x**2) - np.sum(y**2)))")),
    known("l2_distance", "mean_for_sum", pair("l2", "np.mean((x - y) ** 2)")),
    known(TWO, "twice_for_square", two_loops("dists[i, j] = np.sqrt(np.sum((X[i] - self.X_train[j]) * 2))")),
    known(TWO, "squares_subtracted", two_loops("dists[i, j] = np.sqrt(np.sum(X[i] ** 2 - self.X_train[j] ** 2))")),
    known(TWO, "product_for_distance", two_loops("dists[i, j] = np.sqrt(X[i] @ self.X_train[j])")),
    known(TWO, "product_for_distance", two_loops("dists[i, j] = X[i] @ self.X_train[j]")),
    known(NO, "squares_of_everything", no_loops("return np.sqrt(np.sum(X**2) + np.sum(T**2) - 2 * X @ T.T)")),
    known(NO, "squared_sums", no_loops("return np.sqrt(X.sum(1)[:, None] ** 2 + T.sum(1) ** 2 - 2 * X @ T.T)")),
    known(
        ONE,
        "one_training_row",
        one_loop("dists[i] = np.sqrt(np.sum((X[i] - self.X_train[i % len(self.X_train)]) ** 2))"),
    ),
    known(TWO, "largest_difference", two_loops("dists[i, j] = np.max(np.abs(X[i] - self.X_train[j]))")),
    known(TWO, "abs_missing", two_loops("dists[i, j] = np.sum(X[i] - self.X_train[j])")),
    known(TWO, "mean_for_sum", two_loops("dists[i, j] = np.mean((X[i] - self.X_train[j]) ** 2)")),
    known(NO, "cross_term_missing", no_loops("return np.sqrt((X**2).sum(1)[:, None] + (T**2).sum(1))")),
    known(NO, "norm_term_missing", no_loops("return np.sqrt(np.maximum((T**2).sum(1) - 2 * X @ T.T, 0))")),
    known(NO, "norm_term_missing", no_loops("return np.sqrt(np.maximum((X**2).sum(1)[:, None] * 2 - 2 * X @ T.T, 0))")),
    known(
        NO,
        "squared_sums",
        no_loops("return np.sqrt(np.maximum(X.sum(1)[:, None] ** 2 + T.sum(1) ** 2 - 2 * X @ T.T, 0))"),
    ),
    known(PREDICT, "count_for_label", labels(f"y_pred[i] = np.bincount({NEAR}).max()")),
    known(PREDICT, "vote_over_indices", labels("y_pred[i] = np.bincount(np.argsort(dists[i])[:k]).argmax()")),
    known(PREDICT, "index_for_label", labels("y_pred[i] = np.argsort(dists[i])[:k].max()")),
    known(PREDICT, "largest_label", labels(f"y_pred[i] = {NEAR}.max()")),
    known(PREDICT, "smallest_label", labels(f"y_pred[i] = {NEAR}.min()")),
    known(PREDICT, "last_neighbour", labels(f"y_pred[i] = {NEAR}[-1]")),
    known(PREDICT, "position_for_label", labels(f"y_pred[i] = np.unique({NEAR}, return_counts=True)[1].argmax()")),
    known(PREDICT, "position_for_label", labels(f"y_pred[i] = np.argmax({NEAR})")),
    known(PREDICT, "median_label", labels(f"y_pred[i] = np.median({NEAR})")),
    known(PREDICT, "median_label", labels(f"y_pred[i] = np.sort({NEAR})[len({NEAR}) // 2]")),
    known(PREDICT, "median_label", labels(f"y_pred[i] = np.median({NEAR})", "float")),
    known(PREDICT, "mean_label", labels(f"y_pred[i] = np.mean({NEAR})", "float")),
    known(PREDICT, "mean_label", labels(f"y_pred[i] = round(float(np.mean({NEAR})))")),
    known(PREDICT, "all_vote", labels("y_pred[i] = np.bincount(self.y_train).argmax()")),
    known(
        PREDICT,
        "rarest_label",
        labels(f"c = np.bincount({NEAR})\ny_pred[i] = np.where(c > 0, c, c.max() + 1).argmin()"),
    ),
    known(PREDICT, "farthest", labels("y_pred[i] = self.y_train[dists[i].argmax()]")),
    known(
        PREDICT,
        "nearest_skipped",
        labels("y_pred[i] = np.bincount(self.y_train[np.argsort(dists[i])[1:k + 1]]).argmax()"),
    ),
    known("cross_validate", "trained_on_one_fold", folds(ONE_FOLD.format("(i + 1) % num_folds"))),
    known("cross_validate", "trained_on_one_fold", folds(ONE_FOLD.format("i - 1"))),
    known("cross_validate", "trained_on_one_fold", folds(ONE_FOLD.format("0 if i else 1"))),
    *(
        known("cross_validate", "other_denominator", folds(PER_K.replace("np.mean(", "np.sum(").replace("val]))", way)))
        for way in ("val]) / len(y))", "val]) / num_folds)", "val]) / len(rest))", "val]) / len(k_choices))")
    ),
    known("cross_validate", "folds_for_k", folds(PER_K.replace("X[val], k", "X[val], num_folds"))),
    known(
        "cross_validate",
        "row_held_out",
        folds(PER_K.replace("X[rest], y[rest]", "np.delete(X, i, 0), np.delete(y, i)")),
    ),
    known("cross_validate", "same_fold", folds("val, rest = parts[-1], np.concatenate(parts[:-1])" + PER_K)),
    known("cross_validate", "same_fold", folds("val, rest = parts[0], np.concatenate(parts[1:])" + PER_K)),
    known("cross_validate", "k_not_passed", folds(PER_K.replace("predict(X[val], k)", "predict(X[val])"))),
    known("cross_validate", "scored_on_all", folds(PER_K.replace("X[val]", "X").replace("y[val]", "y"))),
    known(TWO, "absolutes_under_root", two_loops("dists[i, j] = np.sqrt(np.sum(np.abs(X[i] - self.X_train[j])))")),
    known("l2_distance", "absolutes_under_root", pair("l2", "np.sqrt(np.sum(np.abs(x - y)))")),
    known(PREDICT, "first_labels", labels("y_pred[i] = np.bincount(self.y_train[:k]).argmax()")),
    known(PREDICT, "counted_from_the_end", labels(f"y_pred[i] = np.bincount({NEAR})[::-1].argmax()")),
    wrong(PREDICT, "only_first_row", labels(f"y_pred[i] = np.bincount({NEAR}).argmax()\nreturn y_pred")),
]

RIGHT = [
    fragile(NO, "The distance between equal rows is NaN", no_loops(f"return np.sqrt({EXPANDED})")),
    fragile(ONE, "It calls np.linalg.norm", one_loop("dists[i] = np.linalg.norm(1.0 * X[i] - self.X_train, axis=1)")),
    fragile(
        ONE,
        "It calls cdist",
        one_loop("from scipy.spatial.distance import cdist; dists[i] = cdist(X[i : i + 1], self.X_train)[0]"),
    ),
    fragile(
        TWO,
        "are computed in 8-bit integers",
        two_loops("dists[i, j] = sum((a - b) ** 2 for a, b in zip(X[i], self.X_train[j])) ** 0.5"),
    ),
    fragile(
        TWO, "are computed in 8-bit integers", two_loops("d = X[i] - self.X_train[j]; dists[i, j] = np.sqrt(d.dot(d))")
    ),
    fragile(
        TWO,
        "are computed in 8-bit integers",
        two_loops(
            "dists[i, j] = np.sqrt(np.sum(np.square(X[i] - self.X_train[j])))",
            head="dists = np.zeros((len(X), len(self.X_train)), np.float32)",
        ),
    ),
    fragile(
        ONE,
        "are computed in 8-bit integers",
        one_loop("d = self.X_train - X[i]; dists[i] = np.einsum('ij,ij->i', d, d) ** 0.5"),
    ),
    fragile(
        ONE,
        "are computed in 8-bit integers",
        """
    def compute_distances_one_loop(self, X):
        return np.stack([np.sqrt(((X - t) ** 2).sum(axis=1)) for t in self.X_train], axis=1)
    """,
    ),
    fragile(
        ONE,
        "are computed in 8-bit integers",
        """
    def compute_distances_one_loop(self, X):
        return [list(np.sqrt(((x - self.X_train) ** 2).sum(axis=-1))) for x in X]
    """,
    ),
    fragile(NO, "are computed in 8-bit integers", no_loops(f"d = {EXPANDED}\nreturn np.sqrt(np.where(d > 0, d, 0))")),
    fragile(NO, "are computed in 8-bit integers", no_loops(f"return np.sqrt(np.abs({EXPANDED}))")),
    right(
        NO,
        "augmented matrix product",
        no_loops("""
X, T = X.astype(float), T.astype(float)
left = np.hstack([X, (X * X).sum(1, keepdims=True), np.ones((len(X), 1))])
right = np.hstack([-2 * T, np.ones((len(T), 1)), (T * T).sum(1, keepdims=True)])
return np.clip(left @ right.T, 0, None) ** 0.5
"""),
    ),
    right(
        NO,
        "float32 throughout",
        no_loops("""
X, T = X.astype(np.float32), T.astype(np.float32)
return np.sqrt(np.maximum((X * X).sum(1)[:, None] - 2 * X @ T.T + (T * T).sum(1), 0))
"""),
    ),
    right(
        NO,
        "mean removed first, in place on its own copies",
        no_loops("""
m = T.mean(0)
X, T = X - m, T - m
d = X @ T.T
d *= -2
d += np.einsum('ij,ij->i', X, X)[:, np.newaxis]
d += np.einsum('ij,ij->i', T, T)[np.newaxis, :]
d[d < 0] = 0
return np.sqrt(d, out=d)
"""),
    ),
    right(
        "predict_labels",
        "Counter with a sorted tie-break",
        labels("""
from collections import Counter
votes = Counter(self.y_train[np.argsort(dists[i], kind='stable')[:k]].tolist())
y_pred[i] = sorted(votes.items(), key=lambda item: (-item[1], item[0]))[0][0]
"""),
    ),
    right(
        "predict_labels",
        "np.unique",
        labels("""
nearest = np.argpartition(dists[i], range(min(k, dists.shape[1])))[:k]
values, counts = np.unique(self.y_train[nearest], return_counts=True)
y_pred[i] = values[np.argmax(counts)]
"""),
    ),
    right(
        "predict_labels",
        "one sort for all rows, one-hot votes",
        """
    def predict_labels(self, dists, k=1):
        votes = np.eye(self.y_train.max() + 1)[self.y_train[np.argsort(dists, axis=1)[:, :k]]].sum(axis=1)
        return votes.argmax(axis=1)
    """,
    ),
    right(
        "predict_labels",
        "a list of labels",
        """
    def predict_labels(self, dists, k=1):
        return [int(np.bincount(self.y_train[np.argsort(row)[:k]]).argmax()) for row in dists]
    """,
    ),
    fragile("cross_validate", "once for each fold", folds(PER_K)),
    right(
        "cross_validate",
        "arrays of accuracies, split by hand",
        """
    def cross_validate(X, y, k_choices, num_folds=5):
        Xs, ys = np.array_split(X, num_folds), np.array_split(y, num_folds)
        result = {k: np.zeros(num_folds) for k in sorted(k_choices)}
        for f in range(num_folds):
            model = KNearestNeighbor()
            model.train(np.vstack(Xs[:f] + Xs[f + 1:]), np.hstack(ys[:f] + ys[f + 1:]))
            d = model.compute_distances_two_loops(Xs[f])
            for k in result:
                result[k][f] = (model.predict_labels(d, k) == ys[f]).sum() / len(ys[f])
        return result
    """,
    ),
    fragile(
        "cross_validate",
        "once for each fold",
        """
    def cross_validate(X, y, k_choices, num_folds=5):
        fold_of = np.concatenate([np.full(len(p), n) for n, p in enumerate(np.array_split(y, num_folds))])
        found = {}
        for k in k_choices:
            found[k] = []
            for f in range(num_folds):
                model = KNearestNeighbor()
                model.train(X[fold_of != f], y[fold_of != f])
                found[k] += [(model.predict(X[fold_of == f], k=k, num_loops=1) == y[fold_of == f]).mean()]
        return found
    """,
    ),
    # Right as documented, but fragile
    fragile(TWO, "integers", two_loops("dists[i, j] = np.sqrt(np.sum((X[i] - self.X_train[j]) ** 2))")),
    fragile(
        TWO,
        "over the columns",
        two_loops(
            "dists[i, j] = np.sqrt(sum((float(X[i, d]) - float(self.X_train[j, d])) ** 2 for d in range(X.shape[1])))"
        ),
    ),
    fragile(NO, "integers", no_loops(f"return np.sqrt(np.maximum({EXPANDED}, 0))")),
    fragile(
        "predict_labels",
        "as floats",
        labels("y_pred[i] = np.bincount(self.y_train[np.argsort(dists[i])[:k]]).argmax()", dtype="float"),
    ),
    fragile(
        "predict_labels",
        "up to the number of training examples",
        labels("y_pred[i] = np.bincount(self.y_train[np.argpartition(dists[i], k - 1)[:k]]).argmax()"),
    ),
    fragile("cross_validate", "once for each fold", folds(PER_K)),
]
