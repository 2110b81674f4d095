"""The calls of the official notebooks work on the solved kit, and their checks find what they expect.

They are calls of the public names only, written from what these are documented to do.
"""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tests.student import ROOT

RANDOM = np.random.RandomState(0)
PIXELS = RANDOM.randint(0, 256, (60, 32, 32, 3)).astype(np.float64)
LABELS = np.arange(60) % 10


@pytest.fixture(autouse=True)
def _weights():
    """Give models the same weights in any order of the tests: within h of its kink, a ReLU has no numeric gradient."""
    np.random.seed(10)  # noqa: NPY002  solutions draw from it


def everything(module):
    """Return what `from module import *` brings."""
    names = {}
    exec(f"from {module} import *", names)
    return names


def worst(found, expected):
    return np.max(np.abs(found - expected) / np.maximum(1e-8, np.abs(found) + np.abs(expected)))


def split(images, dtype=np.float64):
    images = (images - images.mean(axis=0)).transpose(0, 3, 1, 2).astype(dtype)
    return {"X_train": images[:40], "y_train": LABELS[:40], "X_val": images[40:], "y_val": LABELS[40:]}


# --- names that star imports bring -----------------------------------------------------------------------

LAYERS = ["affine_forward", "relu_backward", "svm_loss", "softmax_loss", "batchnorm_forward", "batchnorm_backward"]
LAYERS += ["batchnorm_backward_alt", "layernorm_forward", "layernorm_backward", "dropout_forward", "dropout_backward"]
LAYERS += ["conv_forward_naive", "conv_backward_naive", "max_pool_forward_naive", "max_pool_backward_naive", "np"]
LAYERS += ["spatial_batchnorm_forward", "spatial_groupnorm_backward"]
TOGETHER = ["affine_relu_forward", "affine_relu_backward", "conv_relu_forward", "conv_relu_pool_backward"]
FAST = ["conv_forward_fast", "conv_backward_fast", "max_pool_forward_fast", "max_pool_backward_fast"]


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("cs231n.layers", LAYERS),
        ("cs231n.layer_utils", LAYERS + TOGETHER + FAST),
        ("cs231n.classifiers.fc_net", [*LAYERS, *TOGETHER, "TwoLayerNet", "FullyConnectedNet"]),
        ("cs231n.classifiers.cnn", [*LAYERS, *TOGETHER, *FAST, "ThreeLayerConvNet"]),
        ("cs231n.features", ["extract_features", "hog_feature", "color_histogram_hsv"]),
        ("cs231n.classifiers.linear_classifier", ["LinearSVM", "Softmax", "LinearClassifier"]),
        ("cs231n.optim", ["sgd", "sgd_momentum", "rmsprop", "adam"]),
    ],
)
def test_star_imports_hand_on_what_the_official_modules_do(module, names):
    assert set(names) <= everything(module).keys()


def test_layers_by_star_import_are_the_same_functions():
    from cs231n import layers

    assert everything("cs231n.classifiers.fc_net")["svm_loss"] is layers.svm_loss


# --- assignment 1 ----------------------------------------------------------------------------------------


def test_knn_of_pixels_agrees_between_loops_to_the_last_digits():
    from cs231n.classifiers import KNearestNeighbor

    rows = PIXELS.reshape(60, -1)
    classifier = KNearestNeighbor()
    classifier.train(rows[:50], LABELS[:50])
    two = classifier.compute_distances_two_loops(rows[50:])
    for dists in (classifier.compute_distances_one_loop(rows[50:]), classifier.compute_distances_no_loops(rows[50:])):
        assert np.linalg.norm(two - dists, ord="fro") < 0.001
    y_pred = classifier.predict_labels(two, k=1)
    assert np.array_equal(classifier.predict(rows[50:], k=1, num_loops=0), y_pred)
    plt.imshow(two, interpolation="none")
    plt.close()


@pytest.mark.parametrize("kind", ["svm", "softmax"])
def test_losses_of_linear_classifiers(kind, capsys):
    from cs231n.gradient_check import grad_check_sparse

    home = {"svm": "cs231n.classifiers.linear_svm", "softmax": "cs231n.classifiers.softmax"}[kind]
    naive, quick = (everything(home)[f"{kind}_loss_{way}"] for way in ("naive", "vectorized"))
    X = np.hstack([PIXELS.reshape(60, -1) - PIXELS.mean(), np.ones((60, 1))])
    W = RANDOM.randn(3073, 10) * 0.0001
    loss, grad = naive(W, X, LABELS, 5e-6)
    found, quick_grad = quick(W, X, LABELS, 5e-6)
    assert abs(found - loss) < 1e-9 and np.linalg.norm(grad - quick_grad, ord="fro") < 1e-9
    assert grad_check_sparse(lambda w: quick(w, X, LABELS, 5e1)[0], W, quick(W, X, LABELS, 5e1)[1], 10) < 1e-3


def test_a_search_over_rates_survives_those_that_diverge(capsys):
    from cs231n.classifiers import LinearSVM, Softmax

    X = np.hstack([PIXELS.reshape(60, -1), np.ones((60, 1))])
    results = {}
    with np.errstate(all="ignore"):
        for kind in (LinearSVM, Softmax):
            for rate in (1e-7, 1e3, 1e30, 1e200):
                classifier = kind()
                history = classifier.train(X, LABELS, learning_rate=rate, reg=2.5e4, num_iters=30, verbose=False)
                y_pred = classifier.predict(X)
                results[kind, rate] = np.mean(y_pred == LABELS)
                assert len(history) <= 30 and y_pred.shape == (60,)
                assert np.all(np.isfinite(history))
    assert len(results) == 8
    assert capsys.readouterr().out.count("so training ends here") >= 4  # once for each run


def test_before_the_first_step_the_learning_rate_is_not_to_blame(capsys):
    from cs231n.classifiers import LinearSVM

    LinearSVM().train(np.full((6, 4), np.nan), np.arange(6) % 3, num_iters=3)
    assert "nan at step 0, so training ends here. Are X and W finite?" in capsys.readouterr().out


def test_templates_are_drawn_from_the_weights():
    from cs231n.classifiers import Softmax

    classifier = Softmax()
    classifier.train(np.hstack([PIXELS.reshape(60, -1), np.ones((60, 1))]), LABELS, 1e-9, 1.0, num_iters=2)
    w = classifier.W[:-1, :].reshape(32, 32, 3, 10)
    low, high = np.min(w), np.max(w)
    assert (255.0 * (w[:, :, :, 3].squeeze() - low) / (high - low)).astype("uint8").shape == (32, 32, 3)


def test_features_for_all_images():
    from cs231n.features import color_histogram_hsv, extract_features, hog_feature

    functions = [hog_feature, lambda img: color_histogram_hsv(img, nbin=10)]
    features = extract_features(PIXELS, functions, verbose=True)
    assert features.shape == (60, 144 + 10)
    features -= np.mean(features, axis=0, keepdims=True)
    features /= np.std(features, axis=0, keepdims=True) + 1e-9
    assert np.hstack([features, np.ones((60, 1))]).shape == (60, 155)


def test_a_two_layer_net_with_the_solver():
    from cs231n.classifiers.fc_net import TwoLayerNet
    from cs231n.gradient_check import eval_numerical_gradient
    from cs231n.solver import Solver
    from cs231n.vis_utils import visualize_grid

    model = TwoLayerNet(input_dim=5, hidden_dim=6, num_classes=7, weight_scale=1e-3)
    random = np.random.RandomState(5)
    X, y = random.randn(3, 5), random.randint(7, size=3)
    for model.reg in (0.0, 0.7):
        _, grads = model.loss(X, y)
        for name in sorted(grads):
            numeric = eval_numerical_gradient(lambda _: model.loss(X, y)[0], model.params[name], verbose=False)
            assert worst(numeric, grads[name]) < 1e-5
    data, model = split(PIXELS), TwoLayerNet(hidden_dim=50, reg=0.25)
    options = {"update_rule": "sgd", "optim_config": {"learning_rate": 1e-4}, "lr_decay": 0.95, "num_epochs": 1}
    solver = Solver(model, data, **options, batch_size=20, print_every=100)
    solver.train()
    assert solver.check_accuracy(data["X_val"], data["y_val"]) == np.mean(
        np.argmax(model.loss(data["X_val"]), axis=1) == data["y_val"]
    )
    grid = visualize_grid(model.params["W1"].reshape(3, 32, 32, -1).transpose(3, 1, 2, 0), padding=3)
    assert grid.astype("uint8").ndim == 3 and solver.best_val_acc == max(solver.val_acc_history)


# --- assignment 2 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, {"normalization": "batchnorm"}, {"normalization": "layernorm"}])
@pytest.mark.parametrize("keep", [1, 0.75])
def test_gradients_of_deep_nets(settings, keep):
    from cs231n.classifiers.fc_net import FullyConnectedNet
    from cs231n.gradient_check import eval_numerical_gradient

    random = np.random.RandomState(231)
    X, y = random.randn(4, 15), random.randint(10, size=4)
    model = FullyConnectedNet(
        [20, 30],
        input_dim=15,
        num_classes=10,
        reg=3.14,
        weight_scale=5e-2,
        dtype=np.float64,
        dropout_keep_ratio=keep,
        seed=123,
        **settings,
    )
    _, grads = model.loss(X, y)
    for name in ("W3", "b2", *(["gamma1", "beta2"] if settings else [])):
        numeric = eval_numerical_gradient(lambda _: model.loss(X, y)[0], model.params[name], verbose=False, h=1e-5)
        assert np.max(np.abs(numeric - grads[name])) < 1e-5


def test_solvers_of_the_update_rules_and_of_rates_that_diverge(capsys):
    from cs231n.classifiers.fc_net import FullyConnectedNet
    from cs231n.solver import Solver

    rates = {"sgd": 5e-3, "sgd_momentum": 5e-3, "rmsprop": 1e-4, "adam": 1e-3}
    solvers = {}
    with np.errstate(all="ignore"):
        for rule, rate in [*rates.items(), ("sgd", 1e200)]:
            model = FullyConnectedNet([10, 10], weight_scale=5e-2)
            config = {"learning_rate": rate}
            solver = Solver(model, split(PIXELS), num_epochs=1, batch_size=10, update_rule=rule, optim_config=config)
            solver.train()
            solvers[rule, rate] = solver
    assert all(len(solver.train_acc_history) >= 1 for solver in solvers.values())
    assert len(solvers["sgd", 1e200].loss_history) < 4 and "training ends here" in capsys.readouterr().out


def test_batch_normalisation_in_training_and_at_test_time():
    names = everything("cs231n.classifiers.fc_net")
    forward, backward, alt = (names[f"batchnorm_{way}"] for way in ("forward", "backward", "backward_alt"))
    gamma, beta, bn_param = np.ones(3), np.zeros(3), {"mode": "train"}
    for _ in range(50):
        out, cache = forward(5 * RANDOM.randn(200, 3) + 12, gamma, beta, bn_param)
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-9)
    bn_param["mode"] = "test"
    at_test, _ = forward(5 * RANDOM.randn(200, 3) + 12, gamma, beta, bn_param)
    assert np.all(np.abs(at_test.mean(axis=0)) < 0.3)
    dout = RANDOM.randn(200, 3)
    for one, other in zip(backward(dout, cache), alt(dout, cache), strict=True):
        assert worst(one, other) < 1e-6


def test_dropout_keeps_the_mean():
    forward, backward = (everything("cs231n.classifiers.fc_net")[f"dropout_{way}"] for way in ("forward", "backward"))
    x = RANDOM.randn(500, 500) + 10
    for p in (0.25, 0.4, 0.7):
        out, cache = forward(x, {"mode": "train", "p": p, "seed": 123})
        assert abs(out.mean() - 10) < 0.1 and abs((out == 0).mean() - (1 - p)) < 0.01
        assert forward(x, {"mode": "test", "p": p})[0] is not None and backward(out, cache).shape == x.shape


def test_convolutions_of_the_pictures():
    names = everything("cs231n.classifiers.cnn")
    folder = ROOT / "cs231n" / "notebook_images"
    kitten, puppy = (plt.imread(folder / name) for name in ("kitten.jpg", "puppy.jpg"))
    cut = (kitten.shape[1] - kitten.shape[0]) // 2
    x = np.stack([image[::6, ::6].transpose(2, 0, 1) for image in (puppy, kitten[:, cut:-cut])]).astype(float)
    w = np.zeros((2, 3, 3, 3))
    w[0] = np.array([0.3, 0.6, 0.1])[:, None, None] * (np.arange(9).reshape(3, 3) == 4)
    w[1, 2] = [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]
    out, cache = names["conv_forward_naive"](x, w, np.array([0, 128]), {"stride": 1, "pad": 1})
    fast, fast_cache = names["conv_forward_fast"](x, w, np.array([0, 128]), {"stride": 1, "pad": 1})
    np.testing.assert_allclose(fast, out, atol=1e-6)
    assert out[0, 1].std() > 20  # there are edges in it
    for one, other in zip(
        names["conv_backward_naive"](out, cache), names["conv_backward_fast"](out, fast_cache), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def test_a_three_layer_net_overfits_and_shows_its_filters():
    from cs231n.classifiers.cnn import ThreeLayerConvNet
    from cs231n.solver import Solver
    from cs231n.vis_utils import visualize_grid

    model = ThreeLayerConvNet(num_filters=4, filter_size=3, hidden_dim=20, weight_scale=1e-2, reg=0.001)
    loss, _ = model.loss(RANDOM.randn(5, 3, 32, 32), RANDOM.randint(10, size=5))
    assert abs(loss - np.log(10)) < 0.3
    data = split(PIXELS / 128, np.float32)
    config = {"update_rule": "adam", "optim_config": {"learning_rate": 3e-3}}
    solver = Solver(model, data, num_epochs=40, batch_size=20, verbose=True, print_every=1, **config)
    solver.train()
    assert max(solver.train_acc_history) > 0.8
    assert visualize_grid(model.params["W1"].transpose(0, 2, 3, 1)).shape[-1] == 3


def test_normalisation_of_images():
    names = everything("cs231n.classifiers.cnn")
    x, gamma, beta = 4 * RANDOM.randn(2, 6, 4, 5) + 10, np.ones(6), np.zeros(6)
    out, cache = names["spatial_batchnorm_forward"](x, gamma, beta, {"mode": "train"})
    np.testing.assert_allclose(out.mean(axis=(0, 2, 3)), 0, atol=1e-9)
    assert [one.shape for one in names["spatial_batchnorm_backward"](out, cache)] == [x.shape, (6,), (6,)]
    wide = (1, 6, 1, 1)
    out, cache = names["spatial_groupnorm_forward"](x, np.ones(wide), np.zeros(wide), 2, {})
    np.testing.assert_allclose(out.reshape(4, -1).mean(axis=1), 0, atol=1e-9)
    assert [one.shape for one in names["spatial_groupnorm_backward"](out, cache)] == [x.shape, wide, wide]
