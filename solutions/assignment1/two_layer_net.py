# %% [markdown]
# # A network with two layers
#
# A linear classifier owns one template for each class and draws straight borders. Put a second layer on top of the
# first, with a bend between them, and both limits fall. What you write here, layers that know their own forward and
# backward pass, is what every larger network is put together from.
#
# You edit these files (a click opens them):
#
# * [`cs231n/layers.py`](../../cs231n/layers.py): affine layer and ReLU, forward and backward, and the two losses,
# * [`cs231n/classifiers/fc_net.py`](../../cs231n/classifiers/fc_net.py): the network `TwoLayerNet`,
# * [`cs231n/optim.py`](../../cs231n/optim.py): the step `sgd`,
#
# and one cell here.

# %%
from cs231n import vis_utils
from cs231n.notebook import checks, np, plt, progress

# %% [markdown]
# ## Templates of templates
#
# One template for "horse" must serve horses that look left and horses that look right, and comes out with two heads.
# A first layer with $H$ templates could keep one for each, and a second layer could add up who is a horse:
#
# $$f(x) = W_2 \max(0,\; W_1 x + b_1) + b_2$$
#
# Row $i$ of $W_1$ is the template of **hidden unit** $i$. The unit says how much of its template there is in the image,
# and 0 where there is none of it. Row $j$ of $W_2$ says what each hidden unit counts for class $j$.
#
# Why the max? Without it, two layers are one: $W_2 (W_1 x) = (W_2 W_1)\, x$ is a matrix times $x$ again, however many
# layers there are.

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=8)
W1, W2 = rng.normal(size=(5, 8)), rng.normal(size=(3, 5))
print("without max, one matrix does the same:", np.allclose(W2 @ (W1 @ x), (W2 @ W1) @ x))
there_and_back = W2 @ np.maximum(0, W1 @ x) + W2 @ np.maximum(0, W1 @ -x)
print("f(x) + f(-x) is 0 for a matrix; with max it is", there_and_back.round(2))

# %% [markdown]
# Each max adds a bend. With one number as input, three hidden units and their weighted sum look like this; with more
# units there are more bends, and enough of them follow any curve.

# %%
x = np.linspace(-2, 2, 81)
hidden = [np.maximum(0, -x), np.maximum(0, x + 1), np.maximum(0, x - 0.5)]
total = 1.5 * hidden[0] + hidden[1] - 3 * hidden[2]
names = ["max(0, −x)", "max(0, x + 1)", "max(0, x − 0.5)"]
names += ["1.5 × the first\n+ the second\n− 3 × the third"]
lines = dict(zip(names, [*hidden, total], strict=True))
ax = vis_utils.curves(x, lines, "Three bends, and a sum of them", "x", "output")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** $\max(0, \cdot)$ is one choice of many. Would $f(x) = W_2\,(W_1 x)^2$, every hidden value squared, be
# a single matrix too? And what about $f(x) = W_2\,(3\,W_1 x)$?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Squares are not linear, so that network can bend (its outputs are quadratic functions of x, parabolas, all of degree
# two however many hidden units there are). Three times W1 x is linear: again one matrix, 3 W2 W1.
# ### END SOLUTION

# %% [markdown]
# ## Layers that go both ways
#
# Write the network as a chain: affine, ReLU, affine, loss. The gradient comes by the chain rule, link by link from the
# end to the start. A layer need not know what comes before or after it. It needs
#
# * **forward**: its output, and a *cache* of whatever its backward pass will need,
# * **backward**: given `dout`, the gradient of the loss by its *output*, the gradients by its *inputs*.
#
# For the affine layer, with a batch of rows $x$ (notes, eq. 4.2):
#
# $$\text{out} = x W + b \qquad dx = \text{dout}\, W^\top, \quad dW = x^\top \text{dout}, \quad
# db = \sum_{\text{rows}} \text{dout}$$
#
# No need to learn that by heart: `dx` has the shape of $x$, `dW` that of $W$, and there is only one way to multiply
# that gives these shapes. Fill in `affine_forward` and `affine_backward`.

# %%
checks.run("affine_forward")

# %%
checks.run("affine_backward")

# %% [markdown]
# ReLU (rectified linear unit) is the max. Backward it is a gate: where the input was positive the gradient goes
# through unchanged, elsewhere it stops. Fill in `relu_forward` and `relu_backward`.

# %%
checks.run("relu_forward")

# %%
checks.run("relu_backward")

# %% [markdown] tags=["question"]
# **Question 2.** A hidden unit whose output is 0 for *every* training image: what gradient do its row of $W_1$ and its
# bias get? Can training bring it back? How could a learning rate that is too large make such a unit?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The gate is shut for every image, so the gradient by its weights and its bias is exactly 0 and no step moves them
# (except for the penalty, which shrinks the weights); it is dead. A single huge step can push its bias or weights so
# far that the input is negative for all images.
# ### END SOLUTION

# %% [markdown]
# At the end of the chain stands a loss. Those of the last two notebooks come back as layers: they take scores, and
# return the loss and the gradient by the *scores*. What $W$ gets from that is the affine layer's business now. Fill in
# `svm_loss` and `softmax_loss` in `layers.py`.

# %%
checks.run("svm_loss")

# %%
checks.run("softmax_loss")

# %% [markdown]
# Chains of layers are checked like layers, numerically. Here affine and ReLU as one, from `layer_utils.py`.

# %% tags=["nbval-ignore-output"]
from cs231n.gradient_check import eval_numerical_gradient_array, relative_error
from cs231n.layer_utils import affine_relu_backward, affine_relu_forward

x, w, b = rng.normal(size=(4, 3, 2)), rng.normal(size=(6, 5)), rng.normal(size=5)
dout = rng.normal(size=(4, 5))
_, cache = affine_relu_forward(x, w, b)


def output(_):
    return affine_relu_forward(x, w, b)[0]


found = affine_relu_backward(dout, cache)
for name, array, gradient in zip("xwb", (x, w, b), found, strict=True):
    numeric = eval_numerical_gradient_array(output, array, dout)
    print(f"d{name}: relative error {relative_error(numeric, gradient):.0e}")

# %% [markdown]
# ## The network
#
# `TwoLayerNet` keeps its four arrays in a dictionary, `params`. Its `loss` goes forward through the layers, and if it
# is given labels, backward in reverse order. To the loss comes the penalty $\tfrac12 \lambda\,(\sum W_1^2 + \sum W_2^2)$;
# the half makes its gradient simply $\lambda W$. Biases carry no penalty.

# %%
checks.run("TwoLayerNet_init")

# %%
checks.run("TwoLayerNet_loss")

# %% [markdown]
# ## Before any training
#
# The data: 1,000 images for validation, 1,000 for the test, the others to train on. The mean image is subtracted, and
# all is divided by the spread of the pixels, so that inputs are of size 1 or so: then weights and learning rates have
# sizes that are right for other data too.

# %%
from cs231n.data_utils import get_CIFAR10_data

data = get_CIFAR10_data()
spread = data["X_train"].std(dtype=np.float64)
for part in ("X_train", "X_val", "X_test"):
    data[part] /= np.float32(spread)
    print(part, data[part].shape, data[part].dtype)

# %% [markdown]
# **The loss.** With small weights all scores are about 0, each class has probability 1/10, and the loss must be about
# $\log 10$. With a penalty it must be a little more.

# %%
from cs231n.classifiers.fc_net import TwoLayerNet

np.random.seed(0)
X_few, y_few = data["X_train"][:500], data["y_train"][:500]
for reg in (0.0, 0.1):
    net = TwoLayerNet(hidden_dim=50, weight_scale=1e-3, reg=reg)
    loss, grads = net.loss(X_few, y_few)
    print(f"λ = {reg}: loss {loss:.2f}; log 10 = {np.log(10):.2f}")

# %% [markdown]
# **The gradient.** A tiny network in double precision, each of its parameters moved up and down.

# %% tags=["nbval-ignore-output"]
from cs231n.gradient_check import eval_numerical_gradient

np.random.seed(1)
tiny = TwoLayerNet(input_dim=6, hidden_dim=8, num_classes=3, weight_scale=0.5, reg=0.3)
X_tiny, y_tiny = rng.normal(size=(5, 6)), np.array([0, 1, 2, 2, 1])
loss, grads = tiny.loss(X_tiny, y_tiny)


def tiny_loss(_):
    return tiny.loss(X_tiny, y_tiny)[0]


for name, found in grads.items():
    numeric = eval_numerical_gradient(tiny_loss, tiny.params[name], verbose=False)
    print(f"{name}: relative error {relative_error(numeric, found):.0e}")

# %% [markdown]
# **The step.** What remains is to walk downhill (notes 3.2). Each parameter $w$ moves against its gradient $dw$, by a
# *learning rate* $\eta$:
#
# $$w \leftarrow w - \eta\; dw$$
#
# That is all of *stochastic gradient descent*; stochastic, as the gradient is that of a random batch. Fill in `sgd` in
# `optim.py`. It takes `w`, `dw` and a dictionary with the learning rate, and returns the new `w` with the dictionary,
# which cleverer rules will use as their memory.

# %%
checks.run("sgd")

# %% [markdown]
# **Fifty images.** A network that cannot learn fifty images by heart will not learn 49,000: something is broken, and
# it takes seconds to find out. `Solver` does the training: minibatches, your `sgd`, accuracy after every epoch (once
# through all of the training images), and in the end it gives back the weights that did best on the validation set.

# %%
from cs231n.solver import Solver


def train(data, hidden_dim, learning_rate, reg, num_epochs, scale=0.01, seed=0, **more):
    np.random.seed(seed)
    classes = int(data["y_train"].max()) + 1
    net = TwoLayerNet(data["X_train"][0].size, hidden_dim, classes, scale, reg)
    # single precision takes half the time, and is good enough
    net.params = {name: w.astype(np.float32) for name, w in net.params.items()}
    more = {"batch_size": 200, "verbose": False, "print_every": 0} | more
    config = {"learning_rate": learning_rate}
    solver = Solver(net, data, optim_config=config, num_epochs=num_epochs, **more)
    solver.train()
    return solver


# %%
def show(solver, title):
    accuracies = solver.train_acc_history, solver.val_acc_history
    vis_utils.training_curves(solver.loss_history, *accuracies, title)
    plt.show()


# %% tags=["nbval-ignore-output"]
fifty = data | {"X_train": data["X_train"][:50], "y_train": data["y_train"][:50]}
by_heart = train(fifty, hidden_dim=50, learning_rate=0.05, reg=0.0, num_epochs=60)
show(by_heart, "Fifty images")

# %% [markdown]
# All fifty right, and next to nothing learned about other images: the gap between the two curves is **overfitting** at
# its purest.
#
# ## Training
#
# All the images now, and the first guess of a beginner: a small network, a cautious learning rate.

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
first = train(data, hidden_dim=50, learning_rate=1e-3, reg=1e-3, num_epochs=5)
show(first, "First guess")
print(f"best validation accuracy {first.best_val_acc:.3f}")

# %% [markdown] tags=["question"]
# **Question 3.** Read the two figures. Is the learning rate too small or too large? Does this network overfit or
# underfit? What would you change first, and which change would be pointless now?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The loss still falls steadily when training stops: the learning rate is too small (or the training too short).
# Training and validation accuracy run side by side and are both low: it underfits. First a larger learning rate, then
# more hidden units. More λ, or more data, would be pointless: those are remedies for a gap.
# ### END SOLUTION

# %% [markdown]
# ## Search
#
# Learning rate and λ on a logarithmic grid. To find the region, a part of the images and a few epochs will do. A
# learning rate that is too large shows at once: the loss grows beyond all bounds, and accuracy stays at 0.1.

# %% tags=["nbval-ignore-output"]
rates, strengths = [0.01, 0.03, 0.1, 0.2], [0.0, 1e-3, 1e-2, 1e-1]
part = data | {"X_train": data["X_train"][:10000], "y_train": data["y_train"][:10000]}
accuracy = np.zeros((len(rates), len(strengths)))
for i, j in progress(list(np.ndindex(accuracy.shape)), "search"):
    with np.errstate(all="ignore"):  # a rate too large
        accuracy[i, j] = train(part, 100, rates[i], strengths[j], num_epochs=4).best_val_acc
title = f"100 hidden units, 4 epochs of {len(part['X_train']):,} images"
vis_utils.heat_map(accuracy, rates, strengths, title, "learning rate", "λ")
plt.show()

# %% [markdown]
# Now choose, and train longer. Some rules of thumb: with a learning rate at the upper end of what works, let it shrink
# from epoch to epoch (`lr_decay`); with more hidden units there is more to overfit with, so λ matters more; and it is
# the best *validation* accuracy you are after.

# %% tags=["nbval-ignore-output"]
### BEGIN SOLUTION
# TODO: set chosen to a dictionary of what you give to train: hidden_dim, learning_rate, reg, num_epochs and lr_decay.
#   Try a few; there is a network that gets 55 % of the validation images of CIFAR-10 right.
chosen = {"hidden_dim": 500, "learning_rate": 0.1, "reg": 5e-3}
chosen |= {"num_epochs": 12, "lr_decay": 0.85}
### END SOLUTION
best = train(data, **chosen, seed=0, verbose=True)
show(best, "The chosen network")
print(f"best validation accuracy {best.best_val_acc:.3f}")

# %% [markdown] tags=["question"]
# **Question 4.** By how much is accuracy on training images above that on validation images at the end? Which of these
# make the gap smaller, and which of them cost accuracy if overdone: a larger λ, more hidden units, more training
# images, fewer epochs?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Some ten points or more. A larger λ, more images and fewer epochs narrow it, more hidden units widen it. Too much λ
# and too few epochs bring the training accuracy down until the validation accuracy falls as well: underfitting. More
# images never hurt, except your patience.
# ### END SOLUTION

# %% [markdown]
# ## What the hidden units look for
#
# The templates of the first layer, those first that the second layer gives most weight to.

# %%
W1, W2 = best.model.params["W1"], best.model.params["W2"]
weightiest = np.argsort(-np.linalg.norm(W2, axis=1))[:64]
units = W1[:, weightiest].T.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
vis_utils.template_grid(units, "Templates of 64 hidden units")
plt.show()

# %% [markdown]
# Still colours at places, but now there are many for each class: a car in red and a car in blue have units of their
# own. Where $\lambda$ is large the templates are smooth, where it is 0 they look like noise.
#
# ## The test set, once

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
test_accuracy = best.check_accuracy(data["X_test"], data["y_test"])
print(f"validation {best.best_val_acc:.3f}, test {test_accuracy:.3f}")

# %% [markdown]
# ## What no linear classifier could do
#
# Parity, the ring and the class in three places: the SVM had to draw one straight border. Here, 30 hidden units.

# %% tags=["nbval-ignore-output"]
from cs231n import toy_data


def in_the_plane(make, hidden_dim):
    (X, y), (X_new, y_new) = make(400, seed=0), make(400, seed=1)
    points = {"X_train": X, "y_train": y, "X_val": X_new, "y_val": y_new}
    return train(points, hidden_dim, 1.0, reg=1e-4, num_epochs=500, scale=1.0)


def draw(ax, solver, name):
    def predict(points):
        return solver.model.loss(points).argmax(axis=1)

    title = f"{name}: {solver.best_val_acc:.0%} right"
    points, labels = solver.data["X_val"], solver.data["y_val"]
    vis_utils.decision_regions(ax, predict, points, labels, title)


# %% tags=["nbval-ignore-output"]
cases = {"parity": toy_data.parity, "ring": toy_data.annulus}
cases["three places"] = toy_data.three_modes
solved = {name: in_the_plane(make, 30) for name, make in cases.items()}
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.5))
for ax, (name, solver) in zip(axes, solved.items(), strict=True):
    draw(ax, solver, name)
plt.show()

# %% [markdown]
# The same ring with fewer hidden units. Each unit adds one straight crease to the plane; the borders are made of
# pieces between creases.

# %% tags=["nbval-ignore-output"]
rings = {f"{H} hidden": in_the_plane(toy_data.annulus, H) for H in (1, 2, 4, 8)}
fig, axes = plt.subplots(1, 4, figsize=(12, 3.2))
for ax, (name, solver) in zip(axes, rings.items(), strict=True):
    draw(ax, solver, name)
plt.show()

# %% [markdown] tags=["question"]
# **Question 5.** How many hidden units does it take at least to fence in an area on all sides? And what would the four
# pictures look like without the max, for any number of hidden units?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Three: a closed border needs at least three straight sides, and one unit gives one crease. Without the max the
# network is linear and every picture shows one straight border.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
#
# * A network is a chain of layers; each knows its forward and its backward pass, and the gradient is handed back from
#   layer to layer.
# * Without a bend between them, many layers are one.
# * Check the loss at the start, the gradient against numbers, and overfit a handful of images before you train.
# * Underfitting shows as two low curves side by side, overfitting as a gap between them.
# * The network still starts from raw pixels. The next notebook gives it something better to start from.
