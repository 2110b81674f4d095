"""The catalogue of mistakes: id, and what a student is told. Reword or translate here, nowhere else."""

CAUSES = {
    # distances
    "root_missing": "the square root is missing: your numbers are exactly the squared distances.",
    "l1_for_l2": "these are L1 (Manhattan) distances, sums of |difference|; the text asks for L2 (Euclidean).",
    "l2_for_l1": "this is the L2 (Euclidean) distance; L1 is the sum of |difference|.",
    "abs_missing": "positive and negative differences cancel: take the absolute value of each first.",
    "transposed": "rows and columns are swapped: row i belongs to test example i, column j to training example j.",
    "mean_for_sum": "the squared differences are averaged over the columns; the distance sums them.",
    "cross_term_sign": "the cross term has the wrong sign: |x - t|² = |x|² - 2 x·t + |t|².",
    "cross_term_factor": "the cross term lacks its factor 2: |x - t|² = |x|² - 2 x·t + |t|².",
    "norm_term_missing": "a squared-norm term is missing: |x - t|² = |x|² - 2 x·t + |t|² has three terms.",
    "negative_root": "rounding leaves tiny negative squares where rows are equal, and their root is NaN: "
    "clip at 0 before taking the root.",
    "only_first_row": "only the first row was filled: is the return statement inside the loop?",
    "loop": "the work in Python grows with the number of examples: somewhere a loop, comprehension, map or "
    "np.vectorize still goes through them one by one.",
    "nested_loop": "one loop over the examples is allowed here, but the work in Python grows with more than one size.",
    "third_loop": "there is a third loop, over the columns: leave it to np.sum, which is far faster.",
    "forbidden_function": "the text asks to write the formula out yourself.",
    "memory": "it builds an array of num_test × num_train × D numbers, which would be 61 GB for 500 × 5,000 images: "
    "expand the square instead, so that one matrix product does the work.",
    "integer_overflow": "it computes in the integers of its input: with uint8 images 3 - 5 is 254 and 16 * 16 is 0. "
    "Convert first, with X.astype(float), or load images as floats.",
    # votes
    "tie_to_nearest": "ties go to the nearest neighbour's label; the text asks for the smallest label.",
    "tie_to_largest": "ties go to the largest label; the text asks for the smallest.",
    "k_too_large": "one neighbour too many takes part in the vote: k + 1 of them.",
    "k_too_small": "one neighbour too few takes part in the vote: k - 1 of them.",
    "k_ignored": "only the nearest neighbour decides, whatever k is.",
    "weighted_vote": "votes are weighted by closeness; every neighbour has one vote.",
    "farthest": "these are the labels of the farthest examples: the order of the distances is reversed.",
    "index_for_label": "these are the numbers of training examples, not their labels: look them up in self.y_train.",
    "mean_label": "the neighbours' labels are averaged; the most frequent one wins the vote.",
    "float_labels": "labels come back as floats; they are integers, so give y_pred an integer dtype.",
    "k_above_train": "with k above the number of training examples it stops with an error; "
    "letting all of them vote is friendlier.",
    # cross-validation
    "scored_on_training": "these are accuracies on the examples trained on, not on the held-out fold.",
    "trained_on_all": "the held-out fold is part of the training set: leave it out of what you train on.",
    "trained_on_fold": "training set and validation set are swapped: train on the rest, predict the fold.",
    "error_for_accuracy": "these are error rates, 1 - accuracy.",
    "counts_for_accuracy": "these are counts of correct predictions; accuracy is the fraction.",
    "last_fold_short": "the last examples are lost: N need not be a multiple of num_folds, np.array_split takes care.",
    "distances_recomputed": "distances do not depend on k, yet they are computed again for every k: "
    "once per fold is enough, and that many times faster.",
    # anywhere
    "mutation": "it changes its input in place; the caller still needs it. Work on a copy or a new array.",
    "one_example": "right for several examples, wrong for a single one: does a squeeze() or reshape drop an axis?",
    "hard_coded_size": "it works for some sizes only: is a size written as a number instead of taken from the shape?",
    "returns_none": "it returns nothing: is the return statement missing?",
    "scaled": "every entry is off by the same factor.",
    "sign": "every entry has the wrong sign.",
}
