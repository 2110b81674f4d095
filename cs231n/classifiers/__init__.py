"""The classifiers that students write; each can be imported from here by the name of its class."""

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
    """Return a classifier, imported only when it is used, so an error in a file affects only the classifiers there."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
