"""Linear classifiers, compared with torch and scikit-learn: SVM and softmax loss with gradient, and training."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.harness import Contender, Contest
from cs231n.classifiers import LinearSVM, Softmax
from cs231n.classifiers.linear_svm import svm_loss_vectorized
from cs231n.classifiers.softmax import softmax_loss_vectorized

CLASSES, COLUMNS = 10, 3073  # the columns: 3072 numbers of an image, and a one for the bias
REG = 1e-3
STEPS, BATCH, RATE = 1500, 200, 1e-3
LOSSES = {"SVM": svm_loss_vectorized, "softmax": softmax_loss_vectorized}
MODELS = {"SVM": LinearSVM, "softmax": Softmax}
SKLEARN = {"SVM": "hinge", "softmax": "log_loss"}  # scikit-learn trains each class against the rest


def examples(N: int, dtype) -> tuple[np.ndarray, np.ndarray]:
    """Return X (N, 3073), with ones in the last column, and labels y (N,): ten overlapping clouds of unit variance."""
    random = np.random.default_rng(231)
    y = random.integers(0, CLASSES, N)
    centres = 0.03 * random.standard_normal((CLASSES, COLUMNS))
    X = random.standard_normal((N, COLUMNS), dtype=np.float32)
    X += centres[y]
    X[:, -1] = 1
    return X.astype(dtype, copy=False), y


def losses(full: bool) -> Iterator[Contest]:
    """Yield a Contest for each loss, for 200 and 500 images (`full`: also 49,000), and for float32 and float64."""
    for dtype in (np.float32, np.float64):
        for N in (200, 500, 49_000) if full else (200, 500):
            X, y = examples(N, dtype)
            for name in LOSSES:
                yield loss_contest(name, X, y)


def loss_contest(name: str, X: np.ndarray, y: np.ndarray) -> Contest:
    """Return the Contest for one loss and its gradient, both with the penalty."""
    W = (0.01 * np.random.default_rng(1).standard_normal((X.shape[1], CLASSES))).astype(X.dtype)
    repeats = max(1, 10_000 // len(X))
    return Contest(
        f"{name} loss and gradient, {len(X):,} x {X.shape[1]:,}, {CLASSES} classes, {X.dtype.name}, {repeats} times",
        [
            Contender("ours", _repeated(lambda: LOSSES[name](W, X, y, REG), repeats)),
            Contender("torch", _torch_loss(name, W, X, y, repeats), "torch", note="autograd"),
        ],
        difference=lambda found, expected: np.max(np.abs(found[1] - expected[1])) / np.max(np.abs(expected[1])),
        tolerance=1e-9 if X.dtype == np.float64 else 1e-3,
        unit="largest difference in dW relative to its largest entry",
    )


def training(full: bool) -> Iterator[Contest]:
    """Yield a Contest for each model: 1,500 steps on batches of 200 from 10,000 images, or with `full` from 49,000."""
    X, y = examples(49_000 if full else 10_000, np.float32)
    for name in MODELS:
        yield training_contest(name, X, y)


def training_contest(name: str, X: np.ndarray, y: np.ndarray, steps: int = STEPS) -> Contest:
    """Return the Contest for training with a penalty on the weights. Batches differ, so accuracies are compared."""
    share = len(X) / (steps * BATCH)  # one epoch

    def gap(found: np.ndarray, expected: np.ndarray) -> float:
        return abs(_accuracy(found, X, y) - _accuracy(expected, X, y))

    return Contest(
        f"{name}, {steps:,} steps on batches of {BATCH} out of {len(X):,} x {X.shape[1]:,}, {X.dtype.name}",
        [
            Contender("ours", lambda: _train_ours(name, X, y, steps), rounds=3),
            Contender("torch", lambda: _train_torch(name, X, y, steps), "torch", rounds=3, note="autograd, SGD"),
            Contender(
                "scikit-learn",
                lambda: _train_sklearn(name, X, y),
                "sklearn",
                share=share,
                rounds=1,
                note=f"SGDClassifier, one against the rest; extrapolated from one epoch of {len(X):,}",
            ),
        ],
        difference=gap,
        tolerance=0.2,
        unit="difference in accuracy on 5,000 of the training images",
    )


def _repeated(run: Callable, repeats: int) -> Callable:
    def again():
        for _ in range(repeats):
            result = run()
        return result

    return again


def _torch_criterion(name: str):
    """Return the data loss; torch's margin loss is a mean over the classes, while ours is a sum."""
    from torch.nn.functional import cross_entropy, multi_margin_loss

    if name == "softmax":
        return cross_entropy
    return lambda scores, labels: CLASSES * multi_margin_loss(scores, labels)


def _torch_loss(name: str, start: np.ndarray, X: np.ndarray, y: np.ndarray, repeats: int) -> Callable:
    def run():
        import torch

        criterion = _torch_criterion(name)
        rows, labels = torch.from_numpy(X), torch.from_numpy(y)
        W = torch.from_numpy(start.copy()).requires_grad_()
        for _ in range(repeats):
            W.grad = None
            loss = criterion(rows @ W, labels) + REG * (W * W).sum()
            loss.backward()
        return loss.item(), W.grad.numpy()

    return run


def _train_ours(name: str, X: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    model = MODELS[name]()
    model.train(X, y, learning_rate=RATE, reg=REG, num_iters=steps, batch_size=BATCH)
    return model.W


def _train_torch(name: str, X: np.ndarray, y: np.ndarray, steps: int) -> np.ndarray:
    """Train in the way that is fastest in torch, with the penalty as weight decay of the optimiser; return W."""
    import torch

    criterion = _torch_criterion(name)
    rows, labels = torch.from_numpy(X), torch.from_numpy(y)
    W = (0.001 * torch.randn(X.shape[1], CLASSES)).requires_grad_()
    optimiser = torch.optim.SGD([W], lr=RATE, weight_decay=2 * REG)
    for _ in range(steps):
        batch = torch.randint(len(rows), (BATCH,))
        optimiser.zero_grad()
        criterion(rows[batch] @ W, labels[batch]).backward()
        optimiser.step()
    return W.detach().numpy()


def _train_sklearn(name: str, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import SGDClassifier

    model = SGDClassifier(
        loss=SKLEARN[name], alpha=REG, learning_rate="constant", eta0=1e-4, fit_intercept=False, max_iter=1, tol=None
    )
    return model.fit(X, y).coef_.T


def _accuracy(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    return float(np.mean(np.argmax(X[:5000] @ W, axis=1) == y[:5000]))


BENCHMARKS = {"linear_losses": losses, "linear_training": training}
