"""What the course consists of: the one list of assignments, their notebooks and exercises."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TUTOR = Path(__file__).resolve().parent
PACKAGE = TUTOR.parent
ROOT = PACKAGE.parent  # the checkout or unpacked release: assignments/, datasets/ and cs231n/ stand here


@dataclass(frozen=True)
class Exercise:
    """One stub: its name, the file it stands in (relative to ROOT), what it is worth and what it builds on.

    `function` is what it is called in the file, "Class.method" or "function", where that is not the exercise's name.
    """

    name: str
    file: str
    points: int
    needs: tuple[str, ...] = ()
    function: str = ""

    @property
    def module(self) -> str:
        """Dotted name of the module the stub stands in."""
        return self.file.removesuffix(".py").replace("/", ".")


@dataclass(frozen=True)
class Assignment:
    """One assignment: its notebooks (stems, in working order), its exercises, and those inside notebook cells."""

    name: str
    notebooks: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    in_cells: tuple[Exercise, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Every file a student hands in, relative to ROOT: stub modules, then notebooks."""
        modules = dict.fromkeys(exercise.file for exercise in self.exercises)
        return (*modules, *(f"assignments/{self.name}/{stem}.ipynb" for stem in self.notebooks))


KNN = "cs231n/classifiers/k_nearest_neighbor.py"
REGULARIZERS = "cs231n/regularizers.py"
SVM = "cs231n/classifiers/linear_svm.py"
SOFTMAX = "cs231n/classifiers/softmax.py"
LINEAR = "cs231n/classifiers/linear_classifier.py"
LAYERS = "cs231n/layers.py"
OPTIM = "cs231n/optim.py"
FC_NET = "cs231n/classifiers/fc_net.py"
GRAPH = "cs231n/graph.py"
ACTIVATIONS = "cs231n/activations.py"
CNN = "cs231n/classifiers/cnn.py"

ASSIGNMENTS = (
    Assignment(
        "assignment1",
        notebooks=("knn", "svm", "softmax", "two_layer_net", "features"),
        exercises=(
            Exercise("compute_distances_two_loops", KNN, points=2),
            Exercise("compute_distances_one_loop", KNN, points=2),
            Exercise("compute_distances_no_loops", KNN, points=4),
            Exercise("predict_labels", KNN, points=4),
            Exercise(
                "cross_validate",
                "cs231n/cross_validation.py",
                points=4,
                needs=("compute_distances_no_loops", "predict_labels"),
            ),
            Exercise("l2", REGULARIZERS, points=1),
            Exercise("l1", REGULARIZERS, points=1),
            Exercise("elastic_net", REGULARIZERS, points=1, needs=("l2", "l1")),
            Exercise("svm_loss_naive", SVM, points=3, needs=("l2",)),
            Exercise("svm_loss_vectorized", SVM, points=4, needs=("l2",)),
            Exercise("softmax_loss_naive", SOFTMAX, points=3, needs=("l2",)),
            Exercise("softmax_loss_vectorized", SOFTMAX, points=4, needs=("l2",)),
            Exercise("linear_classifier_train", LINEAR, points=4, function="LinearClassifier.train"),
            Exercise("linear_classifier_predict", LINEAR, points=2, function="LinearClassifier.predict"),
            Exercise("affine_forward", LAYERS, points=2),
            Exercise("affine_backward", LAYERS, points=4, needs=("affine_forward",)),
            Exercise("relu_forward", LAYERS, points=1),
            Exercise("relu_backward", LAYERS, points=2, needs=("relu_forward",)),
            Exercise("svm_loss", LAYERS, points=4),
            Exercise("softmax_loss", LAYERS, points=4),
            Exercise("sgd", OPTIM, points=1),
            Exercise("TwoLayerNet_init", FC_NET, points=2, function="TwoLayerNet.__init__"),
            Exercise(
                "TwoLayerNet_loss",
                FC_NET,
                points=6,
                needs=(
                    "affine_forward",
                    "affine_backward",
                    "relu_forward",
                    "relu_backward",
                    "softmax_loss",
                    "TwoLayerNet_init",
                ),
                function="TwoLayerNet.loss",
            ),
        ),
        in_cells=(
            Exercise("l1_distance", "assignments/assignment1/knn.ipynb", points=0),
            Exercise("l2_distance", "assignments/assignment1/knn.ipynb", points=0),
            Exercise("with_ones", "assignments/assignment1/svm.ipynb", points=0),
            Exercise("cross_entropy", "assignments/assignment1/softmax.ipynb", points=0),
            Exercise("softmax_probabilities", "assignments/assignment1/softmax.ipynb", points=0),
        ),
    ),
    Assignment(
        "assignment2",
        notebooks=("backprop", "fully_connected_nets", "batch_normalization", "dropout", "convolutional_networks"),
        exercises=(
            Exercise("add_gate", GRAPH, points=1, function="Add.backward"),
            Exercise("mul_gate", GRAPH, points=1, function="Mul.backward"),
            Exercise("max_gate", GRAPH, points=1, function="Max.backward"),
            Exercise("exp_gate", GRAPH, points=1, function="Exp.backward"),
            Exercise("reciprocal_gate", GRAPH, points=1, function="Reciprocal.backward"),
            Exercise("sigmoid_gate", GRAPH, points=1, function="Sigmoid.backward"),
            Exercise("topological_order", GRAPH, points=3),
            Exercise(
                "backward",
                GRAPH,
                points=4,
                needs=(
                    "add_gate",
                    "mul_gate",
                    "max_gate",
                    "exp_gate",
                    "reciprocal_gate",
                    "sigmoid_gate",
                    "topological_order",
                ),
            ),
            Exercise("sigmoid_forward", ACTIVATIONS, points=2),
            Exercise("sigmoid_backward", ACTIVATIONS, points=1, needs=("sigmoid_forward",)),
            Exercise("tanh_forward", ACTIVATIONS, points=1),
            Exercise("tanh_backward", ACTIVATIONS, points=1, needs=("tanh_forward",)),
            Exercise("leaky_relu_forward", ACTIVATIONS, points=1),
            Exercise("leaky_relu_backward", ACTIVATIONS, points=1, needs=("leaky_relu_forward",)),
            Exercise("elu_forward", ACTIVATIONS, points=2),
            Exercise("elu_backward", ACTIVATIONS, points=2, needs=("elu_forward",)),
            Exercise("maxout_forward", ACTIVATIONS, points=2, needs=("affine_forward",)),
            Exercise("maxout_backward", ACTIVATIONS, points=3, needs=("affine_backward", "maxout_forward")),
            Exercise("sgd_momentum", OPTIM, points=2),
            Exercise("rmsprop", OPTIM, points=2),
            Exercise("adam", OPTIM, points=4),
            Exercise("max_norm", REGULARIZERS, points=2),
            Exercise("FullyConnectedNet_init", FC_NET, points=3, function="FullyConnectedNet.__init__"),
            Exercise(
                "FullyConnectedNet_loss",
                FC_NET,
                points=8,
                needs=(
                    "affine_forward",
                    "affine_backward",
                    "relu_forward",
                    "relu_backward",
                    "softmax_loss",
                    "FullyConnectedNet_init",
                ),
                function="FullyConnectedNet.loss",
            ),
            Exercise("batchnorm_forward", LAYERS, points=4),
            Exercise("batchnorm_backward", LAYERS, points=5, needs=("batchnorm_forward",)),
            Exercise("batchnorm_backward_alt", LAYERS, points=3, needs=("batchnorm_forward",)),
            Exercise("layernorm_forward", LAYERS, points=3),
            Exercise("layernorm_backward", LAYERS, points=3, needs=("layernorm_forward",)),
            Exercise(
                "FullyConnectedNet_normalization",
                FC_NET,
                points=3,
                needs=(
                    "batchnorm_forward",
                    "batchnorm_backward",
                    "layernorm_forward",
                    "layernorm_backward",
                    "FullyConnectedNet_loss",
                ),
                function="FullyConnectedNet.loss",
            ),
            Exercise("dropout_forward", LAYERS, points=3),
            Exercise("dropout_backward", LAYERS, points=2, needs=("dropout_forward",)),
            Exercise(
                "FullyConnectedNet_dropout",
                FC_NET,
                points=2,
                needs=("dropout_forward", "dropout_backward", "FullyConnectedNet_loss"),
                function="FullyConnectedNet.loss",
            ),
            Exercise("conv_forward_naive", LAYERS, points=6),
            Exercise("conv_backward_naive", LAYERS, points=6, needs=("conv_forward_naive",)),
            Exercise("max_pool_forward_naive", LAYERS, points=3),
            Exercise("max_pool_backward_naive", LAYERS, points=3, needs=("max_pool_forward_naive",)),
            Exercise("ThreeLayerConvNet_init", CNN, points=3, function="ThreeLayerConvNet.__init__"),
            Exercise(
                "ThreeLayerConvNet_loss",
                CNN,
                points=6,
                needs=(
                    "affine_forward",
                    "affine_backward",
                    "relu_forward",
                    "relu_backward",
                    "softmax_loss",
                    "ThreeLayerConvNet_init",
                ),
                function="ThreeLayerConvNet.loss",
            ),
            Exercise("spatial_batchnorm_forward", LAYERS, points=3, needs=("batchnorm_forward",)),
            Exercise(
                "spatial_batchnorm_backward",
                LAYERS,
                points=2,
                needs=("spatial_batchnorm_forward", "batchnorm_backward"),
            ),
            Exercise("spatial_groupnorm_forward", LAYERS, points=3),
            Exercise("spatial_groupnorm_backward", LAYERS, points=3, needs=("spatial_groupnorm_forward",)),
        ),
        in_cells=(
            Exercise("affine_jacobian", "assignments/assignment2/backprop.ipynb", points=0),
            Exercise("true_convolution", "assignments/assignment2/convolutional_networks.ipynb", points=0),
            Exercise("output_size", "assignments/assignment2/convolutional_networks.ipynb", points=0),
        ),
    ),
)


def find_assignment(name: str) -> Assignment:
    """Return the assignment of that name. Raises KeyError naming those there are."""
    for assignment in ASSIGNMENTS:
        if assignment.name == name:
            return assignment
    raise KeyError(f"there is no {name!r}; there is {', '.join(a.name for a in ASSIGNMENTS)}")


def exercises() -> dict[str, tuple[Assignment, Exercise]]:
    """Return {exercise name: (its assignment, the exercise)} in working order."""
    return {exercise.name: (assignment, exercise) for assignment in ASSIGNMENTS for exercise in assignment.exercises}


def find_exercise(name: str) -> tuple[Assignment, Exercise]:
    """Return an exercise of the package or of a notebook cell, and its assignment. Raises KeyError."""
    for assignment in ASSIGNMENTS:
        for exercise in (*assignment.exercises, *assignment.in_cells):
            if exercise.name == name:
                return assignment, exercise
    raise KeyError(name)


def exercise_at(file: str, function: str) -> str:
    """Return the name of the exercise that a function ("Class.method" or "function") of a file is, "" if it is none."""
    for _, exercise in exercises().values():
        if exercise.file == file and (exercise.function or exercise.name) in (function, function.rpartition(".")[2]):
            return exercise.name
    return ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return "Did you mean adam?" of the known name nearest to `name`, or of up to three it is part of; else ""."""
    spellings = {one.lower(): one for one in known}
    close = difflib.get_close_matches(name.lower(), spellings, n=1)
    if not close and len(name) > 2:
        close = [one for one in spellings if name.lower() in one][:3]
    return f"Did you mean {' or '.join(spellings[one] for one in close)}?" if close else ""


def stub_modules() -> tuple[str, ...]:
    """Dotted names of all modules students edit, those imported by others first."""
    return tuple(dict.fromkeys(exercise.module for _, exercise in exercises().values()))
