"""Linear classifiers: losses against other ways to compute them, training, and files written for other handouts."""

# ruff: noqa: NPY002  training draws from numpy's global generator

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.special import log_softmax

from cs231n import regularizers
from cs231n.classifiers import LinearSVM, Softmax
from cs231n.classifiers.linear_svm import svm_loss_naive, svm_loss_vectorized
from cs231n.classifiers.softmax import softmax_loss_naive, softmax_loss_vectorized
from tests import student
from tests.conftest import SOLVED

PENALTIES = (regularizers.l2, regularizers.l1, regularizers.elastic_net)
LOSSES = (svm_loss_naive, svm_loss_vectorized, softmax_loss_naive, softmax_loss_vectorized)
ALL = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.__name__)


def draw(N=8, D=5, C=4, dtype=np.float64):
    random = np.random.default_rng(3)
    W, X = 0.7 * random.standard_normal((D, C)), random.standard_normal((N, D))
    return W.astype(dtype), X.astype(dtype), random.integers(0, C, N)


def clouds(N=600, dtype=np.float32):
    """Three clouds on a plane, 5 apart, and a column of ones."""
    random = np.random.default_rng(5)
    y = random.integers(0, 3, N)
    X = random.standard_normal((N, 2)) + np.array([[0, 5], [5, 0], [-5, -5]])[y]
    return np.c_[X, np.ones(N)].astype(dtype), y


@pytest.mark.parametrize("penalty", PENALTIES, ids=lambda penalty: penalty.__name__)
@ALL
def test_the_gradient_is_that_of_the_loss_whatever_the_penalty(loss, penalty):
    W, X, y = draw()
    numeric = approx_fprime(W.ravel(), lambda w: loss(w.reshape(W.shape), X, y, 0.3, penalty)[0], 1e-7)
    np.testing.assert_allclose(loss(W, X, y, 0.3, penalty)[1], numeric.reshape(W.shape), atol=2e-5)


@ALL
def test_the_loss_is_the_mean_over_the_batch_plus_the_penalty(loss):
    W, X, y = draw()
    scores, own = X @ W, np.eye(4)[y].astype(bool)
    hinge = (np.maximum(scores - scores[own][:, None] + 1, 0)[~own]).sum() / len(X)
    entropy = -log_softmax(scores, axis=1)[own].mean()
    data = hinge if "svm" in loss.__name__ else entropy
    assert loss(W, X, y, 0.5)[0] == pytest.approx(data + 0.5 * np.sum(W**2))


@ALL
def test_small_weights_give_the_loss_of_guessing(loss):
    W, X, y = draw(N=50, C=10)
    assert loss(0 * W, X, y, 1.0)[0] == pytest.approx(9 if "svm" in loss.__name__ else np.log(10))


@ALL
def test_float32_stays_float32_and_inputs_stay_as_they_are(loss):
    given = draw(dtype=np.float32)
    before = [array.copy() for array in given]
    value, dW = loss(*given, 0.1)
    assert dW.dtype == np.float32 and all(map(np.array_equal, given, before))
    assert value == pytest.approx(loss(*draw(), 0.1)[0], rel=1e-5)


def test_softmax_is_finite_where_a_probability_is_zero():
    W, X, y = np.array([[0.0, 2000.0]]), np.ones((1, 1)), np.array([0])
    assert softmax_loss_naive(W, X, y, 0.0)[0] == softmax_loss_vectorized(W, X, y, 0.0)[0] == 2000.0


def test_penalties_are_what_the_notes_say():
    W = np.array([[3.0, -4.0], [0.0, 1.0]])
    assert [penalty(W)[0] for penalty in PENALTIES] == [26.0, 8.0, 21.0]
    assert regularizers.elastic_net(W, beta=2.0)[0] == 60.0
    assert regularizers.l1(W)[1].tolist() == [[1.0, -1.0], [0.0, 1.0]]


@pytest.mark.parametrize("model", [LinearSVM, Softmax])
@pytest.mark.parametrize("batch_size", [1, 50, 600])
def test_any_batch_size_learns_what_is_linearly_separable(model, batch_size):
    X, y = clouds()
    np.random.seed(0)
    classifier = model()
    history = classifier.train(X, y, learning_rate=0.05, num_iters=400, batch_size=batch_size)
    assert len(history) == 400 and history[-1] < history[0]
    assert np.mean(classifier.predict(X) == y) > 0.98
    assert classifier.W.dtype == np.float32


def test_full_batch_descent_goes_down_in_every_step_and_draws_nothing():
    X, y = clouds(100)
    classifier = Softmax()
    classifier.W = np.zeros((3, 3))
    before = np.random.get_state()[1].copy()
    history = classifier.train(X, y, learning_rate=0.01, num_iters=50, batch_size=100)
    assert np.all(np.diff(history) < 0) and np.array_equal(np.random.get_state()[1], before)


def test_the_same_seed_gives_the_same_weights():
    X, y = clouds()
    models = [LinearSVM(), LinearSVM()]
    for model in models:
        np.random.seed(4)
        model.train(X, y, num_iters=20)
    assert np.array_equal(models[0].W, models[1].W)


@pytest.mark.parametrize("model", [LinearSVM, Softmax])
def test_l1_puts_weights_that_do_not_matter_near_zero_where_l2_does_not(model):
    X, y = clouds()
    noise = np.random.default_rng(6).standard_normal((len(X), 20))
    X = np.c_[X, noise]
    small = {}
    for penalty in (regularizers.l1, regularizers.l2):
        np.random.seed(0)
        classifier = model(penalty)
        for rate in (0.1, 0.01, 0.001):
            classifier.train(X, y, learning_rate=rate, reg=0.05, num_iters=300, batch_size=600)
        small[penalty] = np.mean(np.abs(classifier.W[3:]) < 1e-2)
    assert small[regularizers.l1] > 0.95 > 0.7 > small[regularizers.l2]


def test_verbose_training_tells_the_loss_every_hundred_steps(capsys):
    X, y = clouds()
    Softmax().train(X, y, num_iters=201, verbose=True)
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "step 0 of 201",
        "step 100 of 201",
        "step 200 of 201",
    ]


def test_a_classifier_without_a_loss_says_what_to_use():
    from cs231n.classifiers.linear_classifier import LinearClassifier

    with pytest.raises(TypeError, match="use LinearSVM or Softmax"):
        LinearClassifier().train(*clouds())


OTHER_SVM = """
from builtins import range
import numpy as np

def svm_loss_naive(W, X, y, reg):
    dW, loss = np.zeros(W.shape), 0.0
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j == y[i] or margin <= 0:
                continue
            loss += margin
            dW[:, j] += X[i, :]
            dW[:, y[i]] -= X[i, :]
    return loss / X.shape[0] + reg * np.sum(W * W), dW / X.shape[0] + 2 * reg * W

def svm_loss_vectorized(W, X, y, reg):
    every = np.arange(X.shape[0])
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[every, y].reshape(-1, 1) + 1)
    margins[every, y] = 0
    binary = np.where(margins > 0, 1.0, 0.0)
    binary[every, y] = -np.sum(binary, axis=1)
    loss = np.sum(margins) / X.shape[0] + reg * np.sum(W * W)
    return loss, X.T.dot(binary) / X.shape[0] + 2 * reg * W
"""

OTHER_CLASSIFIER = """
from builtins import range, object
import numpy as np
from ..classifiers.linear_svm import *
from ..classifiers.softmax import *

class LinearClassifier(object):
    def __init__(self):
        self.W = None

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False):
        if self.W is None:
            self.W = 0.001 * np.random.randn(X.shape[1], np.max(y) + 1)
        losses = []
        for _ in range(num_iters):
            some = np.random.choice(X.shape[0], batch_size, replace=True)
            loss, grad = self.loss(X[some], y[some], reg)
            losses.append(loss)
            self.W += -learning_rate * grad
        return losses

    def predict(self, X):
        return np.argmax(X.dot(self.W), axis=1)

    def loss(self, X_batch, y_batch, reg):
        pass

class LinearSVM(LinearClassifier):
    def loss(self, X_batch, y_batch, reg):
        return svm_loss_vectorized(self.W, X_batch, y_batch, reg)
"""


def test_files_written_for_handouts_without_regularizers_pass_and_work_with_ours(tmp_path):
    tree = student.copy_kit(tmp_path, SOLVED)
    home = tree / "cs231n" / "classifiers"
    (home / "linear_svm.py").write_text(OTHER_SVM)
    train = "from cs231n.classifiers import LinearSVM; import numpy as np; print(LinearSVM().train({}))"
    done = student.run(tree, "-c", train.format("np.ones((4, 2)), np.array([0, 1, 1, 0]), num_iters=2"))
    assert done.returncode == 0, done.stderr.decode()
    (home / "linear_classifier.py").write_text(OTHER_CLASSIFIER)
    names = ("svm_loss_naive", "svm_loss_vectorized", "linear_classifier_train", "linear_classifier_predict")
    rows, _ = student.check(tree, *names)
    assert {name: rows[name]["status"] for name in names} == dict.fromkeys(names, "pass"), rows
