"""Attempts at the exercises of linear classifiers: penalties, SVM and softmax losses, training, prediction."""

from solutions.attempts import fragile, known, right, wrong

SVM_NAIVE, SVM, SOFTMAX_NAIVE, SOFTMAX = (
    f"{loss}_loss_{form}" for loss in ("svm", "softmax") for form in ("naive", "vectorized")
)
TRAIN, PREDICT = "linear_classifier_train", "linear_classifier_predict"
L2_PENALTY = "loss += reg * np.sum(W * W); dW += 2 * reg * W"


def penalty(name: str, R: str, dR: str) -> str:
    beta = ", beta=0.5" if name == "elastic_net" else ""
    return f"""
    def {name}(W{beta}):
        return {R}, {dR}
    """


def svm_naive(
    violation: str = "loss += m; dW[:, j] += X[i]; dW[:, y[i]] -= X[i]",
    margin: str = "s[j] - s[y[i]] + 1",
    skip: str = "j == y[i]",
    average: str = "loss /= len(X); dW /= len(X)",
    penalty: str = L2_PENALTY,
    head: str = "loss, dW = 0.0, np.zeros(W.shape)",
    classes: str = "W.shape[1]",
    result: str = "return loss, dW",
) -> str:
    return f"""
    def svm_loss_naive(W, X, y, reg):
        {head}
        for i in range(len(X)):
            s = X[i].dot(W)
            for j in range({classes}):
                if {skip}:
                    continue
                m = {margin}
                if m > 0:
                    {violation}
        {average}
        {penalty}
        {result}
    """


def svm(
    scores: str = "X @ W",
    margins: str = "np.maximum(0, s - s[rows, y][:, None] + 1)",
    own: str = "m[rows, y] = 0",
    loss: str = "np.sum(m) / N",
    mask: str = "(m > 0).astype(float)",
    own_part: str = "c[rows, y] = -c.sum(axis=1)",
    gradient: str = "X.T @ c / N",
    penalty: str = L2_PENALTY,
    result: str = "return loss, dW",
) -> str:
    return f"""
    def svm_loss_vectorized(W, X, y, reg):
        N, rows = len(X), np.arange(len(X))
        s = {scores}
        m = {margins}
        {own}
        loss = {loss}
        c = {mask}
        {own_part}
        dW = {gradient}
        {penalty}
        {result}
    """


def softmax_naive(
    shift: str = "s -= s.max()",
    loss: str = "-np.log(p[y[i]])",
    own: str = "(j == y[i])",
    average: str = "loss /= len(X); dW /= len(X)",
    penalty: str = L2_PENALTY,
    classes: str = "len(p)",
    result: str = "return loss, dW",
) -> str:
    return f"""
    def softmax_loss_naive(W, X, y, reg):
        loss, dW = 0.0, np.zeros(W.shape)
        for i in range(len(X)):
            s = X[i].dot(W)
            {shift}
            p = np.exp(s) / np.sum(np.exp(s))
            loss += {loss}
            for j in range({classes}):
                dW[:, j] += (p[j] - {own}) * X[i]
        {average}
        {penalty}
        {result}
    """


def softmax(
    shift: str = "s = s - s.max(axis=1, keepdims=True)",
    P: str = "np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)",
    loss: str = "(np.log(np.exp(s).sum(axis=1)) - s[rows, y]).mean()",
    own: str = "P[rows, y] -= 1",
    gradient: str = "X.T @ P / N",
    penalty: str = L2_PENALTY,
    result: str = "return loss, dW",
) -> str:
    return f"""
    def softmax_loss_vectorized(W, X, y, reg):
        N, rows = len(X), np.arange(len(X))
        s = X @ W
        {shift}
        P = {P}
        loss = {loss}
        {own}
        dW = {gradient}
        {penalty}
        {result}
    """


def train(
    rows: str = "rows = np.random.choice(N, batch_size)",
    batch: str = "Xb, yb = X[rows], y[rows]",
    ask: str = "loss, dW = self.loss(Xb, yb, reg)",
    keep: str = "history.append(loss)",
    step: str = "self.W -= learning_rate * dW",
    head: str = "pass",
    start: str = "if self.W is None: self.W = 0.001 * np.random.randn(D, np.max(y) + 1)",
    after: str = "pass",
    result: str = "return history",
) -> str:
    return f"""
    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False):
        N, D = X.shape
        {start}
        history = []
        {head}
        for it in range(num_iters):
            {rows}
            {batch}
            {ask}
            {keep}
            {step}
        {after}
        {result}
    """


def predict(body: str) -> str:
    lines = "\n".join("        " + line for line in body.strip().splitlines())
    return f"""
    def predict(self, X):
{lines}
    """


PENALTY_ONLY = "loss += reg * np.sum(W * W); dW = 2 * reg * W"
SCORES = "X.dot(self.W)"
MEAN = "loss /= len(X); dW /= len(X)"

CAUSES = {
    "label_entry_overwritten": (
        "the entry of the correct class is overwritten in the gradient;",
        "it should be the probability minus 1, so subtract 1 with -=.",
    ),
    "label_number_subtracted": (
        "the label itself is subtracted from every probability;",
        "subtract 1 from the probability of the correct class only.",
    ),
    "every_margin_counted": (
        "classes whose margin is not violated count in the gradient too:",
        "their margin is 0 after the maximum, so test for > 0.",
    ),
    "loss_for_gradient": (
        "the step is computed from the loss;",
        "it should be computed from the gradient, the second result of self.loss.",
    ),
    # penalties
    "penalty_value_halved": (
        "the sum of squares in R is halved:",
        "leave out the factor of 1/2.",
    ),
    "root_of_penalty": ("this is the norm, the root of the sum of squares;", "R should be the sum itself."),
    "penalty_is_a_mean": ("R is divided by the number of weights or of rows;", "it should be a sum over all weights."),
    "slope_halved": ("a factor of 2 is missing from dR:", "the derivative of w² is 2w."),
    "squares_for_absolutes": ("this is the L2 penalty, a sum of squares;", "L1 should be the sum of |W|."),
    "absolutes_for_squares": ("this is the L1 penalty, a sum of absolute values;", "L2 should be the sum of W²."),
    "absolutes_for_signs": (
        "dR contains |W| itself;",
        "it should contain the slope of |w|, the sign of w: -1, 0 or 1.",
    ),
    "sum_not_absolute": (
        "positive and negative weights cancel in the sum:",
        "L1 should sum the absolute values, L2 the squares.",
    ),
    "subgradient_at_zero": ("it is right except for weights that are 0:", "there, dR should be 0."),
    "beta_ignored": (
        "beta is not used here:",
        "R should be beta * ΣW² + Σ|W|, and dR should be 2 * beta * W + sign(W).",
    ),
    "beta_on_absolutes": ("beta multiplies the wrong part:", "R should be beta * ΣW² + Σ|W|."),
    "beta_shared": ("the two penalties are weighted by beta and 1 - beta;", "R should be beta * ΣW² + Σ|W|."),
    # losses of linear classifiers
    "penalty_missing": (
        "the penalty is missing from the loss, from the gradient or from both:",
        "add reg * ΣW² to the loss, and 2 * reg * W to dW.",
    ),
    "data_gradient_missing": (
        "dW is the gradient of the penalty alone:",
        "the gradient of the data loss is missing, or was overwritten.",
    ),
    "penalty_halved": (
        "the penalty or its gradient is half as large as it should be:",
        "the penalty should be reg * ΣW², and its gradient 2 * reg * W.",
    ),
    "penalty_doubled": (
        "the penalty or its gradient is twice as large as it should be:",
        "the penalty should be reg * ΣW², and its gradient 2 * reg * W.",
    ),
    "penalty_averaged": ("the penalty is divided by N;", "only the data loss should be a mean over the batch."),
    "penalty_without_reg": ("the penalty is not multiplied by reg.", "Look at where reg is used."),
    "averaged_twice": (
        "the loss or its gradient is divided by N twice;",
        "dividing once gives the mean over the batch.",
    ),
    "margin_sign": (
        "a sign in the margin is wrong:",
        "the margin should be s_j - s_y + 1, which is large where a wrong class has a high score.",
    ),
    "other_margin": ("the margin Δ is not 1:", "each term should be max(0, s_j - s_y + 1)."),
    "largest_violation_only": ("only the largest margin of each example is used;", "sum over all wrong classes."),
    "data_loss_sign": (
        "the data loss has the wrong sign:",
        "it should be the mean of -log p, where p is the probability of the correct class.",
    ),
    "logarithm_base": ("this is the logarithm to base 2;", "the loss should use the natural logarithm."),
    "wrong_axis": ("an operation runs along the wrong axis:", "each example has a row of scores, one for each class."),
    "regularizer_ignored": ("the penalty should come from the argument `regularizer`:", "use R, dR = regularizer(W)."),
    # training and prediction
    "never_updates": ("the weights never change:", "each step should subtract learning_rate * dW from self.W."),
    "ascends": ("the steps go uphill, in the direction of the gradient:", "they should go in the opposite direction."),
    "rate_ignored": ("the steps are not multiplied by learning_rate:", "subtract learning_rate times the gradient."),
    "penalty_again": (
        "the penalty is applied twice:",
        "dW from self.loss already includes the gradient of the penalty.",
    ),
    "step_over_batch": ("the step is divided by the batch size;", "dW is already a mean over the batch."),
    "updates_once": ("only one step is taken:", "is the update inside the loop?"),
    "final_loss_only": ("only the last loss is returned;", "return the list with the loss of every step."),
    "history_is_short": ("the history is too short:", "it should have num_iters losses, one for every step."),
    "history_is_thin": ("only every hundredth loss is kept;", "the history should have one for every step."),
    "restarts": (
        "train should continue from the weights in self.W if there are any;",
        "create new weights only if self.W is None.",
    ),
    "reg_not_passed": ("reg must be passed on unchanged:", "call self.loss(X_batch, y_batch, reg)."),
    "batch_wrong_size": (
        "a batch should have batch_size rows, and the same number of labels.",
        "Look at the indices drawn, and at what they index.",
    ),
    "batch_not_rows": (
        "a batch should consist of unchanged rows of X.",
        "Index X with the row numbers drawn, and do not change its entries.",
    ),
    "batch_labels": (
        "in each step, the row numbers must be drawn once, and used for both X and y.",
        "Look at the two lines that make X_batch and y_batch.",
    ),
    "loss_not_asked": (
        "loss and gradient should come from self.loss(X_batch, y_batch, reg), which subclasses define.",
        "Look for a loss that is computed inside train.",
    ),
    "first_rows": (
        "each step should draw random rows instead of taking the first ones.",
        "Look at the line that makes X_batch.",
    ),
    "one_batch": ("each step should draw a new batch, inside the loop.", "Look at where the batch is drawn."),
    "batches_not_random": (
        "the same rows are drawn in every run:",
        "draw them at random, for example with np.random.choice.",
    ),
    "rows_left_out": (
        "the row numbers should be drawn from 0 to N - 1, since X has N rows.",
        "Look at both ends of the range: np.random.choice(N) includes 0 and N - 1.",
    ),
    "reseeds": (
        "train seeds numpy's global generator, so all later random numbers repeat in every run;",
        "leave seeding to the notebook.",
    ),
    "start": (
        "W should start as an array of small random numbers of shape (D, C), where C is the largest label + 1.",
        "Look at what happens if self.W is None.",
    ),
    "full_batch": (
        "if batch_size = N, drawing with replacement repeats some rows and misses others:",
        "full-batch descent should use each row once.",
    ),
    "batch_above_train": (
        "it is right for every batch_size up to N;",
        "for a larger batch_size, it could use all rows instead of raising an error.",
    ),
    "scores_for_labels": ("these are the scores;", "predict should return the index of the highest one in each row."),
    "largest_score": (
        "these are the highest scores themselves;",
        "predict should return their indices: use np.argmax.",
    ),
    "smallest_score": ("these are the classes with the lowest scores.", "Look at argmin, argsort and signs."),
    "one_hot": ("these are one-hot vectors;", "predict should return the class numbers, of shape (N,)."),
    "label_column": ("the labels have one axis too many;", "their shape should be (N,)."),
    "all_zero": ("every label is 0:", "is the result of argmax ever stored in the array that you return?"),
    "counted_from_one": ("the labels are one too large:", "classes should be counted from 0."),
    "break_for_continue": (
        "the classes after the correct one are left out:",
        "`continue` goes on with the next class, and `break` ends the loop.",
    ),
    "classes_from_labels": (
        "the number of classes is taken from the labels;",
        "use W.shape[1], because a batch may lack the last class.",
    ),
    "logarithm_base10": ("this is the logarithm to base 10;", "the loss should use the natural logarithm."),
    "penalty_of_root": (
        "the penalty is computed from the norm, the root of the sum of squares;",
        "it should be computed from the sum itself.",
    ),
    "penalty_of_absolutes": ("the penalty sums absolute values;", "it should be reg * ΣW²."),
    "penalty_is_an_average": ("the penalty is divided by the number of weights;", "it should be reg * ΣW², a sum."),
    "penalty_in_loop": (
        "the penalty is added once for every example;",
        "add it once, after the mean over the examples is taken.",
    ),
    "ones_for_signs": ("the slope of |w| is taken to be 1 everywhere;", "it should be the sign of w: -1, 0 or 1."),
    "slope_squared": ("dR is computed from squares;", "the derivative of w² is 2w."),
    "slope_of_absolutes": ("dR is computed from absolute values;", "the derivative of w² is 2w, sign included."),
    "slope_summed": ("dR is one number for all weights;", "each weight should have its own derivative."),
    "beta_on_both": ("beta multiplies both parts;", "R should be beta * ΣW² + Σ|W|."),
    "weights_replaced": ("the old weights are discarded in every step:", "subtract learning_rate * dW from self.W."),
    "steps_in_a_loop": ("each gradient is used for num_iters steps:", "is there a loop within the loop?"),
    "step_times_loss": ("the step is multiplied by the loss;", "subtract learning_rate * dW."),
    "step_times_weights": ("the step is multiplied by the weights;", "subtract learning_rate * dW."),
    "step_over_n": ("the step is divided by N;", "dW is already a mean over the batch."),
    "history_averaged": ("the losses are divided by a number of examples;", "self.loss already returns a mean."),
    "history_accumulates": ("the losses are added up;", "the history should have the loss of each step."),
    "sizes_of_scores": (
        "these are the classes with the largest absolute scores;",
        "use the scores themselves, sign included.",
    ),
    "loss_after_step": (
        "the history contains the losses after each step;",
        "append what self.loss gave before the step.",
    ),
    "second_score": (
        "these are the classes with the second-highest scores.",
        "Look at the index into the result of argsort.",
    ),
    "weights_cancel": ("positive and negative weights cancel in the penalty:", "square each weight, then sum."),
    "too_few_steps": ("fewer than num_iters steps are taken.", "Look at the range of the loop."),
}

WRONG = [
    # l2
    wrong("l2", "result_missing", "def l2(W): return np.sum(W * W)"),
    known("l2", "penalty_value_halved", penalty("l2", "0.5 * np.sum(W * W)", "2 * W")),
    wrong("l2", "penalty_value_halved", penalty("l2", "0.5 * np.sum(W * W)", "W")),
    known("l2", "root_of_penalty", penalty("l2", "np.linalg.norm(W)", "W / np.linalg.norm(W)")),
    known("l2", "penalty_is_a_mean", penalty("l2", "np.mean(W**2)", "2 * W / W.size")),
    known("l2", "slope_halved", penalty("l2", "np.sum(W**2)", "W")),
    known("l2", "absolutes_for_squares", penalty("l2", "np.sum(np.abs(W))", "np.sign(W)")),
    wrong("l2", "sign", penalty("l2", "np.sum(W**2)", "-2 * W")),
    wrong("l2", "transposed", penalty("l2", "np.sum(W**2)", "2 * W.T")),
    wrong("l2", "mutation", "def l2(W):\n    W *= 2\n    return np.sum(W * W) / 4, W"),
    wrong("l2", "returns_none", "def l2(W):\n    R, dR = np.sum(W * W), 2 * W"),
    wrong("l2", "", penalty("l2", "W * W", "2 * W")),
    # l1
    known("l1", "squares_for_absolutes", penalty("l1", "np.sum(W * W)", "2 * W")),
    known("l1", "ones_for_signs", penalty("l1", "np.sum(np.abs(W))", "np.ones(W.shape)")),
    known("l1", "sum_not_absolute", penalty("l1", "np.sum(W)", "np.ones(W.shape)")),
    known("l1", "penalty_is_a_mean", penalty("l1", "np.mean(np.abs(W))", "np.sign(W) / W.size")),
    known("l1", "absolutes_for_signs", penalty("l1", "np.sum(np.abs(W))", "np.abs(W)")),
    wrong("l1", "subgradient_at_zero", penalty("l1", "np.sum(np.abs(W))", "np.where(W >= 0, 1.0, -1.0)")),
    wrong("l1", "subgradient_at_zero", penalty("l1", "np.sum(np.abs(W))", "W / np.abs(W)")),
    wrong("l1", "matrix_norm", penalty("l1", "np.linalg.norm(W, 1)", "np.sign(W)")),
    wrong("l1", "sign", penalty("l1", "np.sum(np.abs(W))", "-np.sign(W)")),
    # elastic_net
    known(
        "elastic_net", "beta_ignored", penalty("elastic_net", "np.sum(W**2) + np.abs(W).sum()", "2 * W + np.sign(W)")
    ),
    known(
        "elastic_net",
        "beta_on_absolutes",
        penalty("elastic_net", "np.sum(W**2) + beta * np.abs(W).sum()", "2 * W + beta * np.sign(W)"),
    ),
    known(
        "elastic_net",
        "beta_shared",
        penalty(
            "elastic_net",
            "beta * np.sum(W**2) + (1 - beta) * np.abs(W).sum()",
            "2 * beta * W + (1 - beta) * np.sign(W)",
        ),
    ),
    known(
        "elastic_net",
        "penalty_value_halved",
        penalty("elastic_net", "0.5 * beta * np.sum(W**2) + np.abs(W).sum()", "2 * beta * W + np.sign(W)"),
    ),
    wrong(
        "elastic_net",
        "penalty_value_halved",
        penalty("elastic_net", "0.5 * beta * np.sum(W**2) + np.abs(W).sum()", "beta * W + np.sign(W)"),
    ),
    known(
        "elastic_net",
        "slope_halved",
        penalty("elastic_net", "beta * np.sum(W**2) + np.abs(W).sum()", "beta * W + np.sign(W)"),
    ),
    known(
        "elastic_net",
        "absolutes_for_signs",
        penalty("elastic_net", "beta * np.sum(W**2) + np.abs(W).sum()", "2 * beta * W + np.abs(W)"),
    ),
    known(
        "elastic_net",
        "matrix_norm",
        penalty("elastic_net", "beta * np.sum(W**2) + np.linalg.norm(W, 1)", "2 * beta * W + np.sign(W)"),
    ),
    wrong("elastic_net", "part_missing", penalty("elastic_net", "beta * np.sum(W**2)", "2 * beta * W")),
    # svm_loss_naive
    known(SVM_NAIVE, "loss_not_averaged", svm_naive(average="pass")),
    wrong(SVM_NAIVE, "loss_not_averaged", svm_naive(average="loss /= len(X)")),
    wrong(SVM_NAIVE, "whole_numbers", svm_naive(average="loss //= len(X); dW /= len(X)")),
    wrong(SVM_NAIVE, "whole_numbers", svm_naive(average="loss /= len(X); dW //= len(X)")),
    wrong(SVM_NAIVE, "averaged_twice", svm_naive(average="loss /= len(X); dW /= len(X) ** 2")),
    known(SVM_NAIVE, "penalty_missing", svm_naive(penalty="pass")),
    wrong(SVM_NAIVE, "penalty_missing", svm_naive(penalty="loss += reg * np.sum(W * W)")),
    wrong(SVM_NAIVE, "penalty_missing", svm_naive(penalty="dW += 2 * reg * W")),
    wrong(SVM_NAIVE, "penalty_halved", svm_naive(penalty="loss += reg * np.sum(W * W); dW += reg * W")),
    known(SVM_NAIVE, "penalty_halved", svm_naive(penalty="loss += 0.5 * reg * np.sum(W * W); dW += reg * W")),
    known(SVM_NAIVE, "penalty_averaged", svm_naive(average=L2_PENALTY, penalty=MEAN)),
    wrong(SVM_NAIVE, "own_margin_counted", svm_naive(skip="False")),
    known(SVM_NAIVE, "margin_missing", svm_naive(margin="s[j] - s[y[i]]")),
    known(
        SVM_NAIVE, "margin_sign", svm_naive("loss += m; dW[:, j] -= X[i]; dW[:, y[i]] += X[i]", "s[y[i]] - s[j] + 1")
    ),
    known(SVM_NAIVE, "margins_for_counts", svm_naive("loss += m; dW[:, j] += m * X[i]; dW[:, y[i]] -= m * X[i]")),
    known(SVM_NAIVE, "correct_part_missing", svm_naive("loss += m; dW[:, j] += X[i]")),
    known(SVM_NAIVE, "hinge_squared", svm_naive("loss += m**2; dW[:, j] += 2 * m * X[i]; dW[:, y[i]] -= 2 * m * X[i]")),
    wrong(SVM_NAIVE, "transposed", svm_naive(result="return loss, dW.T")),
    wrong(SVM_NAIVE, "sign", svm_naive(result="return loss, -dW")),
    wrong(SVM_NAIVE, "mutation", svm_naive(penalty="loss += reg * np.sum(W * W); dW += 2 * reg * W; W -= 1e-3 * dW")),
    wrong(
        SVM_NAIVE,
        "mutation",
        svm_naive(head="loss, dW = 0.0, np.zeros(W.shape); X *= 1.0; X -= 0; y += 1; y -= 1; X += 1e-9"),
    ),
    wrong(SVM_NAIVE, "hard_coded_size", svm_naive(head="loss, dW = 0.0, np.zeros((3073, 10))"), status="error"),
    wrong(SVM_NAIVE, "hard_coded_size", svm_naive(classes="10"), status="error"),
    wrong(SVM_NAIVE, "other_margin", svm_naive(margin="s[j] - s[y[i]] + 10")),
    wrong(SVM_NAIVE, "result_missing", svm_naive(result="return loss")),
    wrong(SVM_NAIVE, "returns_none", svm_naive(result="")),
    # svm_loss_vectorized
    wrong(SVM, "loss_not_averaged", svm(loss="np.sum(m)", gradient="X.T @ c")),
    wrong(SVM, "loss_not_averaged", svm(gradient="X.T @ c")),
    wrong(SVM, "penalty_missing", svm(penalty="loss += reg * np.sum(W * W)")),
    known(SVM, "penalty_doubled", svm(penalty="loss += 2 * reg * np.sum(W * W); dW += 4 * reg * W")),
    wrong(SVM, "penalty_doubled", svm(penalty="loss += reg * np.sum(W * W); dW += 4 * reg * W")),
    wrong(SVM, "penalty_halved", svm(penalty="loss += 0.5 * reg * np.sum(W * W); dW += reg * W")),
    known(SVM, "penalty_without_reg", svm(penalty="loss += np.sum(W * W); dW += 2 * W")),
    known(SVM, "own_margin_counted", svm(own="")),
    wrong(SVM, "own_margin_counted", svm(own="", mask="(m > 0).astype(float); c[rows, y] = 0")),
    wrong(SVM, "margin_missing", svm(margins="np.maximum(0, s - s[rows, y][:, None])")),
    wrong(SVM, "margins_for_counts", svm(mask="m.copy()")),
    wrong(SVM, "correct_part_missing", svm(own_part="")),
    known(SVM, "correct_part_once", svm(own_part="c[rows, y] = -1")),
    known(SVM, "largest_violation_only", svm(own="m[rows, y] = 0; m *= m == m.max(axis=1, keepdims=True)")),
    known(SVM, "averaged_twice", svm(loss="np.sum(m) / N**2", gradient="X.T @ c / N**2")),
    wrong(SVM, "averaged_twice", svm(gradient="X.T @ c / N**2")),
    wrong(SVM, "other_margin", svm(margins="np.maximum(0, s - s[rows, y][:, None] + 0.5)")),
    wrong(SVM, "transposed", svm(result="return loss, dW.T")),
    wrong(SVM, "one_example", svm(margins="np.maximum(0, s - s[rows, y].squeeze()[:, None] + 1)"), status="error"),
    wrong(SVM, "loop", svm(gradient="sum(np.outer(x, k) for x, k in zip(X, c)) / N")),
    wrong(SVM, "loop", svm(scores="np.stack([X @ W[:, j] for j in range(W.shape[1])], axis=1)")),
    # softmax_loss_naive
    known(SOFTMAX_NAIVE, "loss_not_averaged", softmax_naive(average="pass")),
    wrong(SOFTMAX_NAIVE, "loss_not_averaged", softmax_naive(average="loss /= len(X)")),
    known(SOFTMAX_NAIVE, "penalty_missing", softmax_naive(penalty="pass")),
    wrong(SOFTMAX_NAIVE, "penalty_halved", softmax_naive(penalty="loss += reg * np.sum(W * W); dW += reg * W")),
    known(SOFTMAX_NAIVE, "penalty_averaged", softmax_naive(average=L2_PENALTY, penalty=MEAN)),
    wrong(SOFTMAX_NAIVE, "overflow", softmax_naive(shift="pass")),
    wrong(SOFTMAX_NAIVE, "smallest_subtracted", softmax_naive(shift="s -= s.min()")),
    known(SOFTMAX_NAIVE, "logarithm_missing", softmax_naive(loss="-p[y[i]]")),
    known(SOFTMAX_NAIVE, "logarithm_base", softmax_naive(loss="-np.log2(p[y[i]])")),
    known(SOFTMAX_NAIVE, "data_loss_sign", softmax_naive(loss="np.log(p[y[i]])")),
    known(SOFTMAX_NAIVE, "correct_part_missing", softmax_naive(own="0")),
    wrong(SOFTMAX_NAIVE, "transposed", softmax_naive(result="return loss, dW.T")),
    wrong(SOFTMAX_NAIVE, "sign", softmax_naive(result="return loss, -dW")),
    wrong(SOFTMAX_NAIVE, "hard_coded_size", softmax_naive(classes="10"), status="error"),
    # softmax_loss_vectorized
    wrong(SOFTMAX, "loss_not_averaged", softmax(gradient="X.T @ P")),
    wrong(SOFTMAX, "loss_not_averaged", softmax(loss="-np.sum(np.log(P[rows, y]))", gradient="X.T @ P")),
    known(SOFTMAX, "mean_inside_log", softmax(loss="-np.log(np.mean(P[rows, y]))")),
    known(SOFTMAX, "labels_as_columns", softmax(loss="-np.sum(np.log(P[:, y])) / N")),
    wrong(SOFTMAX, "overflow", softmax(shift="pass")),
    wrong(SOFTMAX, "smallest_subtracted", softmax(shift="s = s - s.min(axis=1, keepdims=True)")),
    known(
        SOFTMAX,
        "wrong_axis",
        softmax(
            shift="s = s - s.max(axis=0)", P="np.exp(s) / np.exp(s).sum(axis=0)", loss="-np.mean(np.log(P[rows, y]))"
        ),
    ),
    wrong(SOFTMAX, "data_loss_sign", softmax(loss="np.log(P[rows, y]).mean()")),
    wrong(SOFTMAX, "correct_part_missing", softmax(own="")),
    wrong(SOFTMAX, "penalty_missing", softmax(penalty="dW += 2 * reg * W")),
    wrong(SOFTMAX, "penalty_missing", softmax(penalty="loss += reg * np.sum(W * W)")),
    known(SOFTMAX, "penalty_halved", softmax(penalty="loss += 0.5 * reg * np.sum(W * W); dW += reg * W")),
    known(SOFTMAX, "penalty_doubled", softmax(penalty="loss += 2 * reg * np.sum(W * W); dW += 4 * reg * W")),
    known(SOFTMAX, "penalty_without_reg", softmax(penalty="loss += np.sum(W * W); dW += 2 * W")),
    known(
        SOFTMAX,
        "averaged_twice",
        softmax(loss="(np.log(np.exp(s).sum(axis=1)) - s[rows, y]).mean() / N", gradient="X.T @ P / N**2"),
    ),
    wrong(SOFTMAX, "transposed", softmax(result="return loss, dW.T")),
    wrong(SOFTMAX, "mutation", softmax(shift="s = s - s.max(axis=1, keepdims=True); W += 1e-12")),
    wrong(SOFTMAX, "loop", softmax(gradient="sum(np.outer(X[i], P[i]) for i in range(N)) / N")),
    wrong(
        SOFTMAX,
        "regularizer_ignored",
        softmax().replace("y, reg)", "y, reg, regularizer=None)", 1),
    ),
    wrong(SVM, "regularizer_ignored", svm().replace("y, reg)", "y, reg, regularizer=l2)", 1)),
    # train
    known(TRAIN, "never_updates", train(step="pass")),
    wrong(TRAIN, "never_updates", train(step="W = self.W - learning_rate * dW")),
    known(TRAIN, "ascends", train(step="self.W += learning_rate * dW")),
    known(TRAIN, "rate_ignored", train(step="self.W -= dW")),
    known(TRAIN, "penalty_again", train(step="self.W -= learning_rate * (dW + 2 * reg * self.W)")),
    known(TRAIN, "step_over_batch", train(step="self.W -= learning_rate * dW / batch_size")),
    known(TRAIN, "loss_for_gradient", train(step="self.W -= learning_rate * loss")),
    known(TRAIN, "updates_once", train(step="pass", after="self.W -= learning_rate * dW")),
    wrong(TRAIN, "first_rows", train(batch="Xb, yb = X[:batch_size], y[:batch_size]")),
    wrong(TRAIN, "first_rows", train(rows="rows = np.arange(N)[:batch_size]")),
    wrong(TRAIN, "one_batch", train(rows="pass", head="rows = np.random.choice(N, batch_size)")),
    wrong(TRAIN, "batches_not_random", train(rows="rows = np.arange(it * batch_size, (it + 1) * batch_size) % N")),
    wrong(
        TRAIN, "batches_not_random", train(head="r = np.random.RandomState(0)", rows="rows = r.choice(N, batch_size)")
    ),
    wrong(TRAIN, "rows_left_out", train(rows="rows = np.random.choice(max(N - 1, 1), batch_size)")),
    wrong(TRAIN, "rows_left_out", train(rows="rows = np.random.choice(min(N, 2 * batch_size), batch_size)")),
    wrong(TRAIN, "reseeds", train(head="np.random.seed(0)")),
    wrong(TRAIN, "reseeds", train(rows="np.random.seed(it); rows = np.random.choice(N, batch_size)")),
    wrong(TRAIN, "batch_wrong_size", train(batch="Xb, yb = X, y")),
    wrong(TRAIN, "batch_wrong_size", train(rows="rows = np.random.choice(N)")),
    wrong(TRAIN, "batch_labels", train(batch="Xb, yb = X[rows], y[np.random.choice(N, batch_size)]")),
    wrong(TRAIN, "batch_labels", train(batch="Xb, yb = X[rows], y[:batch_size]")),
    wrong(TRAIN, "batch_not_rows", train(batch="Xb, yb = X[rows] - X.mean(axis=0), y[rows]")),
    wrong(TRAIN, "restarts", train(start="self.W = 0.001 * np.random.randn(D, np.max(y) + 1)")),
    wrong(TRAIN, "start", train(start="if self.W is None: self.W = 0.001 * np.random.randn(np.max(y) + 1, D)")),
    wrong(TRAIN, "reg_not_passed", train(ask="loss, dW = self.loss(Xb, yb, 0.0)")),
    known(TRAIN, "final_loss_only", train(result="return history[-1]")),
    wrong(TRAIN, "final_loss_only", train(result="return loss")),
    known(TRAIN, "history_is_thin", train(keep="if it % 100 == 0: history.append(loss)")),
    known(TRAIN, "history_is_short", train(keep="if it: history.append(loss)")),
    wrong(TRAIN, "returns_none", train(result="")),
    wrong(TRAIN, "mutation", train(head="X[:, 1] *= 2")),
    wrong(TRAIN, "loss_not_asked", train(ask="loss, dW = 0.0, np.zeros_like(self.W)")),
    # predict
    known(PREDICT, "scores_for_labels", predict(f"return {SCORES}")),
    known(PREDICT, "largest_score", predict(f"return {SCORES}.max(axis=1)")),
    known(PREDICT, "smallest_score", predict(f"return {SCORES}.argmin(axis=1)")),
    known(PREDICT, "one_hot", predict(f"s = {SCORES}\nreturn (s == s.max(axis=1, keepdims=True)).astype(int)")),
    known(PREDICT, "wrong_axis", predict(f"return {SCORES}.argmax(axis=0)")),
    known(PREDICT, "label_column", predict(f"return {SCORES}.argmax(axis=1)[:, None]")),
    known(PREDICT, "all_zero", predict(f"y_pred = np.zeros(len(X))\nlabels = {SCORES}.argmax(axis=1)\nreturn y_pred")),
    known(PREDICT, "counted_from_one", predict(f"return {SCORES}.argmax(axis=1) + 1")),
    wrong(PREDICT, "returns_none", predict(f"y_pred = {SCORES}.argmax(axis=1)")),
    wrong(PREDICT, "one_example", predict(f"return np.squeeze({SCORES}.argmax(axis=1))")),
    wrong(PREDICT, "axis_missing", predict(f"return {SCORES}.argmax()")),
    # further ways
    known(SVM, "counts_for_margins", svm(loss="np.sum(m > 0) / N")),
    known(SVM, "max_missing", svm(margins="s - s[rows, y][:, None] + 1")),
    known(SVM, "max_missing", svm(margins="s - s[rows, y][:, None] + 1", own="")),
    known(SVM, "max_missing", svm(margins="s - s[rows, y][:, None] + 1", mask="np.ones(s.shape); c[rows, y] = 0")),
    known(SVM, "absolute_margins", svm(margins="np.abs(s - s[rows, y][:, None] + 1)")),
    known(SVM, "every_class_counted", svm(mask="np.ones(s.shape); c[rows, y] = 0")),
    known(
        SVM,
        "every_class_counted",
        svm(mask="np.ones(s.shape); count = (m > 0).sum(axis=1)", own_part="c[rows, y] = -count"),
    ),
    known(SVM, "every_class_counted", svm(own_part="c[rows, y] = 1 - c.shape[1]")),
    known(SVM, "every_margin_counted", svm(mask="(m >= 0).astype(float)")),
    known(SVM, "threshold_one", svm(mask="(m > 1).astype(float)")),
    known(SVM, "threshold_one", svm(own="m[rows, y] = 0; m *= m > 1")),
    known(SVM, "margins_for_counts", svm(own_part="c[rows, y] = -m.sum(axis=1)")),
    known(SVM, "margins_for_counts", svm(mask="m.copy()", own_part="c[rows, y] = -(m > 0).sum(axis=1)")),
    known(SVM, "correct_part_sign", svm(own_part="c[rows, y] = c.sum(axis=1)")),
    known(SVM, "hinge_squared", svm(loss="np.sum(m**2) / N")),
    known(SVM, "margin_sign", svm(margins="np.maximum(0, s - s[rows, y][:, None] - 1)")),
    known(SVM, "own_entry_elsewhere", svm(own="m[:, y] = 0")),
    known(SVM, "averaged_over_classes", svm(loss="np.mean(m)", gradient="X.T @ c / m.size")),
    known(SVM, "penalty_averaged", svm(penalty="loss += 0.5 * reg * np.sum(W * W) / N; dW += reg * W / N")),
    known(SVM, "penalty_of_root", svm(penalty="loss += reg * np.linalg.norm(W); dW += reg * W / np.linalg.norm(W)")),
    known(SVM, "penalty_of_absolutes", svm(penalty="loss += reg * np.abs(W).sum(); dW += reg * np.sign(W)")),
    known(SVM, "penalty_is_an_average", svm(penalty="loss += reg * np.mean(W * W); dW += 2 * reg * W / W.size")),
    known(SVM, "penalty_in_loop", svm(penalty="loss += N * reg * np.sum(W * W); dW += N * 2 * reg * W")),
    known(SVM_NAIVE, "break_for_continue", svm_naive().replace("continue", "break")),
    known(SVM_NAIVE, "classes_from_labels", svm_naive(classes="max(y) + 1")),
    known(SOFTMAX_NAIVE, "classes_from_labels", softmax_naive(classes="max(y) + 1")),
    known(
        SOFTMAX_NAIVE,
        "classes_from_labels",
        softmax_naive(classes="max(y) + 1").replace("p = np.exp(s)", "s = s[: max(y) + 1]; p = np.exp(s)"),
    ),
    known(SOFTMAX, "label_entry_overwritten", softmax(own="P[rows, y] = -1")),
    known(SOFTMAX, "label_entry_overwritten", softmax(own="P[rows, y] = 1")),
    known(SOFTMAX, "label_number_subtracted", softmax(own="P -= y[:, None]")),
    wrong(SOFTMAX_NAIVE, "label_number_subtracted", softmax_naive(own="y[i]")),
    known(SOFTMAX, "logarithm_missing", softmax(loss="P[rows, y].mean()")),
    known(SOFTMAX, "logarithm_missing", softmax(loss="(1 - P[rows, y]).mean()")),
    known(SOFTMAX, "logarithm_missing", softmax(loss="P[rows, y].sum()")),
    known(SOFTMAX, "logarithm_missing", softmax(loss="-P[rows, y].sum()")),
    known(SOFTMAX, "not_normalised_in_loss", softmax(loss="-s[rows, y].mean()")),
    known(SOFTMAX, "not_normalised_in_loss", softmax(shift="pass", loss="-s[rows, y].mean()")),
    known(SOFTMAX, "not_normalised_in_loss", softmax(loss="-s[rows, y].sum()")),
    known(SOFTMAX, "not_normalised_in_loss", softmax(shift="pass", loss="-s[rows, y].sum()")),
    known(SOFTMAX, "not_normalised_in_gradient", softmax(own="P = np.exp(s); P[rows, y] -= 1")),
    known(SOFTMAX, "not_normalised_in_gradient", softmax(own="P = np.exp(X @ W); P[rows, y] -= 1")),
    known(SOFTMAX, "label_score_missing", softmax(loss="np.log(np.exp(s).sum(axis=1)).mean()")),
    known(SOFTMAX, "label_score_missing", softmax(shift="pass", loss="np.log(np.exp(s).sum(axis=1)).mean()")),
    known(SOFTMAX, "all_classes_logged", softmax(loss="-np.log(P).sum() / N")),
    known(SOFTMAX, "all_classes_logged", softmax(loss="-np.log(P).mean()")),
    known(SOFTMAX, "all_classes_logged", softmax(loss="-np.log(P).sum()")),
    known(SOFTMAX, "all_classes_logged", softmax(loss="-(P * np.log(P)).sum() / N")),
    known(SOFTMAX, "labels_as_columns", softmax(loss="-np.log(P[:, y]).mean()")),
    known(SOFTMAX, "labels_as_columns", softmax(loss="-np.log(P[:, y].mean())")),
    known(SOFTMAX, "labels_as_columns", softmax(loss="-np.log(P[:, y].sum()) / N")),
    known(SOFTMAX, "mean_inside_log", softmax(loss="-np.log(np.sum(P[rows, y])) / N")),
    known(SOFTMAX, "mean_inside_log", softmax(loss="-np.log(np.sum(P[rows, y]))")),
    known(SOFTMAX, "normalised_over_all", softmax(P="np.exp(s) / np.exp(s).sum()", loss="-np.log(P[rows, y]).mean()")),
    known(
        SOFTMAX,
        "normalised_over_all",
        softmax("s = s - s.max()", P="np.exp(s) / np.exp(s).sum()", loss="-np.log(P[rows, y]).mean()"),
    ),
    known(SOFTMAX, "normalised_over_all", softmax(loss="(np.log(np.exp(s).sum()) - s[rows, y]).mean()")),
    known(
        SOFTMAX,
        "wrong_axis",
        softmax(P="np.exp(s) / np.exp(s).sum(axis=0)", loss="-np.log(P[rows, y]).mean()"),
    ),
    known(
        SOFTMAX,
        "wrong_axis",
        softmax("pass", P="np.exp(s) / np.exp(s).sum(axis=0)", loss="-np.log(P[rows, y]).mean()"),
    ),
    known(SOFTMAX, "own_entry_elsewhere", softmax(own="P[:, y] -= 1")),
    known(SOFTMAX, "own_entry_elsewhere", softmax(own="P[y] -= 1")),
    known(SOFTMAX, "own_entry_elsewhere", softmax(own="P -= 1")),
    known(SOFTMAX, "correct_part_sign", softmax(own="P[rows, y] += 1")),
    known(SOFTMAX, "correct_part_twice", softmax(own="P[rows, y] -= 2")),
    known(SOFTMAX, "other_classes_missing", softmax(own="P, Q = 0 * P, P; P[rows, y] = Q[rows, y] - 1")),
    known(SOFTMAX, "probabilities_missing", softmax(own="P = 0 * P; P[rows, y] = -1")),
    known(SOFTMAX, "logarithm_base10", softmax(loss="-np.log10(P[rows, y]).mean()")),
    known(
        SOFTMAX,
        "averaged_over_classes",
        softmax(loss="-np.log(P[rows, y]).sum() / P.size", gradient="X.T @ P / P.size"),
    ),
    known(SOFTMAX, "penalty_averaged", softmax(penalty="loss += 0.5 * reg * np.sum(W * W) / N; dW += reg * W / N")),
    known(
        SOFTMAX,
        "penalty_of_root",
        softmax(penalty="loss += reg * np.linalg.norm(W); dW += reg * W / np.linalg.norm(W)"),
    ),
    known(SOFTMAX, "penalty_of_absolutes", softmax(penalty="loss += reg * np.abs(W).sum(); dW += reg * np.sign(W)")),
    known(
        SOFTMAX, "penalty_is_an_average", softmax(penalty="loss += reg * np.mean(W * W); dW += 2 * reg * W / W.size")
    ),
    known(SOFTMAX, "penalty_in_loop", softmax(penalty="loss += N * reg * np.sum(W * W); dW += N * 2 * reg * W")),
    known("l2", "slope_squared", penalty("l2", "np.sum(W * W)", "2 * W**2")),
    known("l2", "slope_squared", penalty("l2", "np.sum(W * W)", "W**2")),
    known("l2", "slope_of_absolutes", penalty("l2", "np.sum(W * W)", "2 * np.abs(W)")),
    known("l2", "slope_summed", penalty("l2", "np.sum(W * W)", "np.full(W.shape, 2 * W.sum())")),
    known("l2", "penalty_is_a_mean", penalty("l2", "np.sum(W**2) / len(W)", "2 * W / len(W)")),
    known("l2", "sum_not_absolute", penalty("l2", "np.sum(W) ** 2", "2 * W * np.sum(W)")),
    known("l1", "slope_summed", penalty("l1", "np.abs(W).sum()", "np.full(W.shape, np.sign(W).sum())")),
    known(
        "elastic_net",
        "beta_on_both",
        penalty("elastic_net", "beta * (np.sum(W**2) + np.abs(W).sum())", "beta * (2 * W + np.sign(W))"),
    ),
    known(
        "elastic_net",
        "beta_shared",
        penalty(
            "elastic_net",
            "(1 - beta) * np.sum(W**2) + beta * np.abs(W).sum()",
            "2 * (1 - beta) * W + beta * np.sign(W)",
        ),
    ),
    known(
        "elastic_net",
        "ones_for_signs",
        penalty("elastic_net", "beta * np.sum(W**2) + np.abs(W).sum()", "2 * beta * W + 1"),
    ),
    known(
        "elastic_net",
        "sum_not_absolute",
        penalty("elastic_net", "beta * np.sum(W**2) + W.sum()", "2 * beta * W + np.sign(W)"),
    ),
    known(TRAIN, "weights_replaced", train(step="self.W = -learning_rate * dW")),
    known(TRAIN, "weights_replaced", train(step="self.W = learning_rate * dW")),
    known(TRAIN, "steps_in_a_loop", train(step="for _ in range(num_iters): self.W = self.W - learning_rate * dW")),
    known(TRAIN, "step_times_loss", train(step="self.W -= learning_rate * loss * dW")),
    known(TRAIN, "step_times_weights", train(step="self.W = self.W - learning_rate * dW * self.W")),
    known(TRAIN, "step_over_n", train(step="self.W -= learning_rate * dW / N")),
    known(TRAIN, "history_averaged", train(keep="history.append(loss / batch_size)")),
    known(TRAIN, "history_averaged", train(keep="history.append(loss / N)")),
    known(TRAIN, "history_accumulates", train(head="total = 0", keep="total += loss; history.append(total)")),
    known(PREDICT, "sizes_of_scores", predict(f"return np.abs({SCORES}).argmax(axis=1)")),
    wrong(SOFTMAX, "small_added", softmax(loss="-np.log(P[rows, y] + 1e-5).mean()")),
    known(SOFTMAX, "log_of_sum_missing", softmax(loss="(np.exp(s).sum(axis=1) - s[rows, y]).mean()")),
    known(SOFTMAX, "log_of_sum_missing", softmax("pass", loss="(np.exp(s).sum(axis=1) - s[rows, y]).mean()")),
    known(SOFTMAX, "softmax_slope", softmax(own="P = P * (1 - P)")),
    known(SOFTMAX, "softmax_slope", softmax(own="P, Q = -P, P; P[rows, y] = Q[rows, y] * (1 - Q[rows, y])")),
    known(SOFTMAX, "correct_part_every_class", softmax(own="P[rows, y] -= P.shape[1]")),
    known(SOFTMAX, "weights_cancel", softmax(penalty="loss += reg * np.sum(W) ** 2; dW += 2 * reg * W")),
    known(SVM, "weights_cancel", svm(penalty="loss += reg * np.sum(W) ** 2; dW += 2 * reg * W")),
    known(
        SVM,
        "mean_over_wrong_classes",
        svm(loss="np.sum(m) / N / (s.shape[1] - 1)", gradient="X.T @ c / N / (s.shape[1] - 1)"),
    ),
    known(SVM, "scores_for_counts", svm(mask="(m > 0) * s")),
    known(
        TRAIN,
        "loss_after_step",
        train(keep="pass", step="self.W = self.W - learning_rate * dW; history.append(self.loss(Xb, yb, reg)[0])"),
    ),
    known(PREDICT, "second_score", predict(f"return np.argsort({SCORES}, axis=1)[:, -2]")),
    wrong(TRAIN, "too_few_steps", train().replace("range(num_iters)", "range(num_iters - 1)")),
    wrong(TRAIN, "too_few_steps", train().replace("range(num_iters)", "range(1, num_iters)")),
    known(SVM, "data_gradient_missing", svm(gradient="0.0")),
    wrong(SVM_NAIVE, "data_gradient_missing", svm_naive(penalty=PENALTY_ONLY)),
    known(SOFTMAX, "data_gradient_missing", softmax(gradient="0.0")),
    wrong(SOFTMAX_NAIVE, "data_gradient_missing", softmax_naive(penalty=PENALTY_ONLY)),
    # calls of the answer to another exercise
    *(
        wrong(one, "other_exercise", f"def {one}(W, X, y, reg): return {other}(W, X, y, reg)")
        for one, other in ((SVM_NAIVE, SVM), (SVM, SVM_NAIVE), (SOFTMAX_NAIVE, SOFTMAX), (SOFTMAX, SOFTMAX_NAIVE))
    ),
]

RIGHT = [
    right("l2", "einsum", penalty("l2", "np.einsum('dc,dc->', W, W)", "W + W")),
    right("l2", "python float", penalty("l2", "float((W**2).sum())", "2.0 * W.copy()")),
    right("l2", "float32", penalty("l2", "np.float32(np.sum(W * W))", "(2 * W).astype(np.float32)")),
    right("l2", "norm", penalty("l2", "np.linalg.norm(W) ** 2", "2 * W")),
    right("l1", "norm", penalty("l1", "np.linalg.norm(W.ravel(), 1)", "np.sign(W)")),
    right("l1", "where", penalty("l1", "np.sum(np.where(W < 0, -W, W))", "1.0 * (W > 0) - 1.0 * (W < 0)")),
    right("l1", "integers", penalty("l1", "np.abs(W).sum()", "np.sign(W).astype(int)")),
    right("l1", "0-d array", penalty("l1", "np.array(np.abs(W).sum())", "np.sign(W)")),
    right(
        "elastic_net",
        "built on l2 and l1",
        """
    def elastic_net(W, beta=0.5):
        (a, da), (b, db) = l2(W), l1(W)
        return beta * a + b, beta * da + db
    """,
    ),
    right(
        "elastic_net",
        "a list",
        "def elastic_net(W, beta=0.5):\n    return [np.sum(beta * W**2 + np.abs(W)), 2 * beta * W + np.sign(W)]",
    ),
    right(
        "elastic_net",
        "float32",
        penalty(
            "elastic_net", "np.float32((W * (beta * W + np.sign(W))).sum())", "(2 * beta * W + np.sign(W)).astype('f')"
        ),
    ),
    right(SVM_NAIVE, "as the official handout names things", svm_naive()),
    right(SVM_NAIVE, "a margin of 0 counts as violated", svm_naive().replace("m > 0", "m >= 0")),
    right(
        SVM_NAIVE,
        "divided by N in the loop",
        svm_naive("loss += m / len(X); dW[:, j] += X[i] / len(X); dW[:, y[i]] -= X[i] / len(X)", average="pass"),
    ),
    right(
        SVM_NAIVE,
        "counting",
        svm_naive(
            "loss += m; count = 1; dW[:, j] += count * X[i]; dW[:, y[i]] += -count * X[i]",
            result="return np.array(loss), dW",
        ),
    ),
    right(SVM_NAIVE, "vectorised", svm().replace(SVM, SVM_NAIVE)),
    right(SVM, "official", svm()),
    right(SVM, "einsum", svm(scores="np.einsum('nd,dc->nc', X, W)", gradient="np.einsum('nd,nc->dc', X, c) / N")),
    right(
        SVM,
        "one subtracted in the end",
        svm(own="", loss="np.sum(m) / N - 1", mask="(m > 0).astype(float); c[rows, y] = 0"),
    ),
    right(SVM, "clip and choose", svm(margins="np.clip(s - np.choose(y, s.T).reshape(-1, 1) + 1, 0, None)")),
    right(SVM, "in float32", svm(scores="X.astype('f') @ W.astype('f')", mask="(m > 0).astype('f')")),
    right(SVM, "transposed inside", svm(gradient="(c.T @ X).T / N")),
    right(
        SVM,
        "one-hot",
        svm(
            scores="X @ W; T = np.eye(W.shape[1])[y]",
            own="m = m * (1 - T)",
            own_part="c = c - T * c.sum(axis=1, keepdims=True)",
        ),
    ),
    fragile(SOFTMAX_NAIVE, "log of the sum instead of the log of a quotient", softmax_naive()),
    right(SOFTMAX_NAIVE, "log-sum-exp", softmax_naive(loss="np.log(np.sum(np.exp(s))) - s[y[i]]")),
    fragile(
        SOFTMAX_NAIVE,
        "log of the sum instead of the log of a quotient",
        softmax_naive(classes="0", loss="-np.log(p[y[i]]); p[y[i]] -= 1; dW += np.outer(X[i], p)"),
    ),
    fragile(
        SOFTMAX_NAIVE,
        "It calls scipy.special.logsumexp",
        softmax_naive(loss="__import__('scipy.special').special.logsumexp(s) - s[y[i]]"),
    ),
    right(SOFTMAX, "log-sum-exp", softmax()),
    right(
        SOFTMAX,
        "logaddexp",
        softmax(loss="np.mean(np.logaddexp.reduce(s, axis=1) - s[rows, y])", result="return float(loss), dW"),
    ),
    right(
        SOFTMAX, "one-hot", softmax(own="P = P - np.eye(W.shape[1])[y]", gradient="np.einsum('nd,nc->dc', X, P) / N")
    ),
    right(
        SOFTMAX,
        "float32",
        softmax(
            shift="s = s - s.max(axis=1, keepdims=True); s = s.astype('f')",
            own="P[rows, y] -= 1; P /= N",
            gradient="X.T @ P",
        ),
    ),
    fragile(TRAIN, "repeats some rows", train(rows="rows = np.random.randint(0, N, size=batch_size)")),
    fragile(
        TRAIN,
        "repeats some rows",
        train(head="r = np.random.default_rng()", rows="rows = r.integers(N, size=batch_size)"),
    ),
    fragile(
        TRAIN,
        "repeats some rows",
        train(step="self.W = self.W - learning_rate * dW", result="return np.array(history)"),
    ),
    right(TRAIN, "no row twice in a batch", train(rows="rows = np.random.permutation(N)[:batch_size]")),
    right(
        TRAIN,
        "epochs",
        train(
            head="order = np.random.permutation(N); at = 0",
            rows="""if at + batch_size > N: order = np.random.permutation(N); at = 0
            rows = order[at : at + batch_size] if batch_size < N else np.arange(N)
            at += batch_size""",
        ),
    ),
    right(PREDICT, "transposed", predict("return (self.W.T @ X.T).argmax(axis=0)")),
    right(PREDICT, "argsort", predict(f"return np.argsort({SCORES}, axis=1)[:, -1]")),
    right(PREDICT, "a loop", predict("return np.array([np.argmax(x @ self.W) for x in X])")),
    right(PREDICT, "int32 from a comprehension", predict(f"return np.argmax({SCORES}, 1).astype(np.int32)")),
    # Right as documented, but fragile
    fragile(SOFTMAX_NAIVE, "log of the sum instead of the log of a quotient", softmax_naive()),
    fragile(SOFTMAX, "log of the sum instead of the log of a quotient", softmax(loss="-np.log(P[rows, y]).mean()")),
    fragile(SOFTMAX, "subtract each row's own largest score", softmax(shift="s = s - s.max()")),
    fragile(TRAIN, "repeats some rows", train()),
    fragile(TRAIN, "every batch_size up to N", train(rows="rows = np.random.choice(N, batch_size, replace=False)")),
    fragile(PREDICT, "integer dtype", predict(f"return {SCORES}.argmax(axis=1).astype(float)")),
]
