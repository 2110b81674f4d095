"""The classifiers that students write, also importable from here by class name."""

from importlib import import_module

_HOME = {
    "KNearestNeighbor": "k_nearest_neighbor",
    "LinearSVM": "linear_classifier",
    "Softmax": "linear_classifier",
    "TwoLayerNet": "fc_net",
    "FullyConnectedNet": "fc_net",
    "ThreeLayerConvNet": "cnn",
}


def __getattr__(name):
    """Return a classifier, imported only when it is used, so that a typo in one file does not break the others."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
