# %% [markdown]
# # A network with two layers
#
# A linear classifier has only one template for each class, and its borders are straight. A second layer on top of the
# first, with a non-linear function between them, removes both restrictions. In this notebook you write layers, each with
# its own forward and backward pass. Every larger network is built from layers like these.
#
# You will edit three files (click to open them):
#
# * [`cs231n/layers.py`](../../cs231n/layers.py): the affine layer and the ReLU, forward and backward, and two losses
# * [`cs231n/classifiers/fc_net.py`](../../cs231n/classifiers/fc_net.py): the network `TwoLayerNet`
# * [`cs231n/optim.py`](../../cs231n/optim.py): the update rule `sgd`
#
# You will also fill in one cell of this notebook.

# %%
from cs231n import vis_utils
from cs231n.figures import architecture
from cs231n.notebook import checks, np, plt, progress

# %% [markdown]
# ## Templates of templates
#
# A single template for "horse" has to fit horses that face left and horses that face right, so it has to accept a head
# at either end. A first layer with $H$ templates can have one template for each direction, and a second layer can add
# the two results. Take an image with two pixels, $x = (1, 2)$, and a first layer with the templates $(1, -1)$ and $(1,
# 1)$. Their dot products with $x$ are $-1$ and $3$. Negative values are replaced by 0, which leaves $0$ and $3$. If the
# second layer gives these two the weights $2$ and $0.5$, the score of "horse" is $2 \cdot 0 + 0.5 \cdot 3 = 1.5$. In
# general,
#
# $$f(x) = W_2 \max(0,\; W_1 x + b_1) + b_2$$
#
# Row $i$ of $W_1$ is the template of **hidden unit** $i$. The output of the unit is large if the image matches the
# template, and 0 if it does not. Row $j$ of $W_2$ says how much each hidden unit counts towards class $j$.

# %%
layers = ["image x", "hidden units\nmax(0, W₁x + b₁)", "scores\nW₂h + b₂"]
architecture.fully_connected([6, 4, 3], layers, "Every unit sees the whole layer before it")
plt.show()

# %% [markdown]
# Why do we need the maximum? Without it, two layers are equivalent to one: $W_2 (W_1 x) = (W_2 W_1)\, x$ is a matrix times
# $x$ again. The same is true for any number of layers.

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=8)
W1, W2 = rng.normal(size=(5, 8)), rng.normal(size=(3, 5))
print("without max, one matrix does the same:", np.allclose(W2 @ (W1 @ x), (W2 @ W1) @ x))
there_and_back = W2 @ np.maximum(0, W1 @ x) + W2 @ np.maximum(0, W1 @ -x)
print("f(x) + f(-x) is 0 for a matrix; with max it is", there_and_back.round(2))

# %% [markdown]
# Each maximum adds a bend. The figure shows a network with one number as its input: three hidden units, and their
# weighted sum. With more units there are more bends, and with enough of them the sum can follow any continuous curve
# over a finite interval as closely as you like.

# %%
x = np.linspace(-2, 2, 81)
hidden = [np.maximum(0, -x), np.maximum(0, x + 1), np.maximum(0, x - 0.5)]
total = 1.5 * hidden[0] + hidden[1] - 3 * hidden[2]
names = ["max(0, −x)", "max(0, x + 1)", "max(0, x − 0.5)"]
names += ["1.5 × the first\n+ the second\n− 3 × the third"]
lines = dict(zip(names, [*hidden, total], strict=True))
ax = vis_utils.curves(x, lines, "Each hidden unit gives the sum one bend", "x", "output")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** At which x does the sum in the figure bend, and which hidden unit causes each bend? $\max(0, \cdot)$ is
# one choice among many. Would $f(x) = W_2\,(W_1 x)^2$, with every hidden value squared, be equivalent to a single matrix?
# And what about $f(x) = W_2\,(3\,W_1 x)$?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# At x = −1 (the second unit), 0 (the first) and 0.5 (the third). Squares are not linear, so the first network is not
# equivalent to a matrix. Its outputs are quadratic functions of x, however many hidden units there are. Three times W1 x
# is linear, so the second network is again one matrix, 3 W2 W1.
# ### END SOLUTION

# %% [markdown]
# ## Layers that go both ways
#
# The network is a chain of layers: affine, ReLU, affine, loss. The chain rule gives the gradient layer by layer, from the
# end to the start. A layer does not have to know what comes before or after it. Each layer has two functions:
#
# * **Forward** returns the output of the layer, and a **cache** of everything that the backward pass needs.
# * **Backward** takes `dout`, the gradient of the loss with respect to the *output* of the layer, and returns the
#   gradients with respect to its *inputs*.
#
# Take an affine layer with the input $x = (1, 2)$, one output, the weights $(3, 4)$ and the bias 5. Its output is
# $1 \cdot 3 + 2 \cdot 4 + 5 = 16$. Suppose that the loss grows 10 times as fast as this output, so that
# $\text{dout} = 10$. The output grows 3 times as fast as $x_1$, and 4 times as fast as $x_2$, so the gradient with respect to
# $x$ is $10 \cdot (3, 4) = (30, 40)$. For the same reason the gradient with respect to the weights is
# $10 \cdot (1, 2) = (10, 20)$, and with respect to the bias it is 10.
#
# In code, the examples of a batch are the *rows* of $x$. Therefore the matrix of the weights is to the right of $x$, and
# the template of a hidden unit is a *column* of this matrix:
#
# $$\text{out} = x W + b \qquad dx = \text{dout}\, W^\top, \quad dW = x^\top \text{dout}, \quad
# db = \sum_{\text{rows}} \text{dout}$$
#
# You do not have to learn these formulas by heart: `dx` has the shape of $x$ and `dW` has the shape of $W$, and only
# one matrix product of `dout` with $x$ or $W$ gives each of these shapes. Fill in `affine_forward` and
# `affine_backward`.

# %%
checks.run("affine_forward")

# %%
checks.run("affine_backward")

# %% [markdown]
# The **ReLU** (rectified linear unit) is the function $\max(0, \cdot)$. Its backward pass works like a gate: where the
# input was positive, the gradient passes unchanged, and elsewhere it becomes 0. The input $(-1, 3)$ gives $(0, 3)$, and a
# gradient of $(5, 6)$ becomes $(0, 6)$. Fill in `relu_forward` and `relu_backward`.

# %%
checks.run("relu_forward")

# %%
checks.run("relu_backward")

# %% [markdown] tags=["question"]
# **Question 2.** Suppose that the output of a hidden unit is 0 for *every* training image. What is the gradient with
# respect to its weights and its bias? Can training revive the unit? How could a learning rate that is too large
# produce such a unit?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The gate is closed for every image, so the gradient of the data loss with respect to the unit's weights and bias is
# exactly 0: the unit is dead. Only the penalty still changes it. It shrinks the weights, but not the bias, so if the
# bias is positive the unit may wake up after a long time; if the bias is negative, the unit never does. A single step
# that is far too large can change the weights and the bias so much that the input of the ReLU is negative for all
# images.
# ### END SOLUTION

# %% [markdown]
# The last layer of the chain is a loss. The losses of the previous two notebooks now become layers: they take scores, and
# return the loss and its gradient with respect to the *scores*. The gradient with respect to the weights is left to the
# affine layer. Fill in `svm_loss` and `softmax_loss` in `layers.py`.

# %%
checks.run("svm_loss")

# %%
checks.run("softmax_loss")

# %% [markdown]
# A chain of layers can be checked numerically, just like a single layer. Here is such a check for an affine layer followed
# by a ReLU. The file `layer_utils.py` combines your functions for the two layers.

# %%
from cs231n.gradient_check import eval_numerical_gradient_array, relative_error
from cs231n.layer_utils import affine_relu_backward, affine_relu_forward

x, w, b = rng.normal(size=(4, 3, 2)), rng.normal(size=(6, 5)), rng.normal(size=5)
dout = rng.normal(size=(4, 5))


def output(_):  # the argument is ignored: x, w and b are changed in place
    return affine_relu_forward(x, w, b)[0]


# %% tags=["nbval-ignore-output"]
_, cache = affine_relu_forward(x, w, b)
gradients = affine_relu_backward(dout, cache)
for name, array, gradient in zip("xwb", (x, w, b), gradients, strict=True):
    numeric = eval_numerical_gradient_array(output, array, dout)
    print(f"d{name}: relative error {relative_error(numeric, gradient):.0e}")

# %% [markdown]
# ## The network
#
# `TwoLayerNet` keeps its weights and biases in a dictionary, `params`. Its method `loss` goes forward through the
# layers. If it is given labels, it computes the softmax loss, adds the penalty
# $\tfrac12 \lambda\,(\sum W_1^2 + \sum W_2^2)$, and then goes back through the layers in reverse order. Because of the
# factor ½, the gradient of the penalty is simply $\lambda W$. There is no penalty on the biases.

# %%
checks.run("TwoLayerNet_init")

# %%
checks.run("TwoLayerNet_loss")

# %% [markdown]
# ## Before any training
#
# We use 1,000 of the training images for validation, all others for training, and 1,000 of the test images for testing.
# The mean image is subtracted, and all values are divided by the standard deviation of the pixels. A typical input is
# then about 1 in size, so weights and learning rates that work here are a good starting point for other data sets, too.

# %%
from cs231n.data_utils import CLASS_NAMES
from cs231n.training import few, images_for_a_network, show, train

data = images_for_a_network()
for part in ("X_train", "X_val", "X_test"):
    print(part, data[part].shape, data[part].dtype)

# %% [markdown]
# **The loss.** With small weights all scores are about 0. Then each class has a probability of about 1/10, and the loss
# must be about $\log 10$. With a penalty it must be slightly larger.

# %%
from cs231n.classifiers.fc_net import TwoLayerNet

np.random.seed(0)
X_few, y_few = data["X_train"][:500], data["y_train"][:500]
for reg in (0.0, 0.1):
    net = TwoLayerNet(hidden_dim=50, weight_scale=1e-3, reg=reg)
    loss, grads = net.loss(X_few, y_few)
    print(f"λ = {reg}: loss {loss:.2f}; log 10 = {np.log(10):.2f}")

# %% [markdown]
# **The first weights.** Why do the weights start as small *random* numbers? Here is a tiny network whose hidden units
# all start with the same weights, in both layers. They give the same output for every image, so they also get the same
# gradient:

# %%
same = TwoLayerNet(input_dim=4, hidden_dim=3, num_classes=2)
same.params["W1"][:] = 0.1
same.params["W2"][:] = [0.1, 0.2]
_, grads = same.loss(np.array([[1.0, 2.0, -1.0, 0.5]]), np.array([0]))
print("gradient of W1, with one column for each hidden unit:")
print(grads["W1"].round(3))

# %% [markdown]
# All columns of the gradient are equal, so the three units remain equal after every step: they are no better than one unit.
# Random numbers make the units different from the start, so that each of them can learn something different.

# %% [markdown]
# **The gradient.** The next two cells check the gradients of a tiny network in double precision, with a centred difference
# for each of its parameters.

# %%
from cs231n.gradient_check import eval_numerical_gradient

np.random.seed(1)
tiny = TwoLayerNet(input_dim=6, hidden_dim=8, num_classes=3, weight_scale=0.5, reg=0.3)
X_tiny, y_tiny = rng.normal(size=(5, 6)), np.array([0, 1, 2, 2, 1])


def tiny_loss(_):  # the argument is ignored: tiny.params is changed in place
    return tiny.loss(X_tiny, y_tiny)[0]


# %% tags=["nbval-ignore-output"]
_, grads = tiny.loss(X_tiny, y_tiny)
for name, gradient in grads.items():
    numeric = eval_numerical_gradient(tiny_loss, tiny.params[name], verbose=False)
    print(f"{name}: relative error {relative_error(numeric, gradient):.0e}")

# %% [markdown]
# **The step.** What remains is gradient descent, as in the SVM notebook. Each parameter $w$ takes a step against its
# gradient $dw$, with the learning rate $\eta$:
#
# $$w \leftarrow w - \eta\; dw$$
#
# Fill in `sgd` in `optim.py`. It takes `w`, `dw` and a dictionary with the learning rate, and returns the new `w` and the
# dictionary. More advanced rules will use the dictionary as their memory.

# %%
checks.run("sgd")

# %% [markdown]
# **Fifty images.** A network that cannot learn fifty images by heart will not learn thousands of images. If your
# network fails this test, something is wrong with the code or the settings, and you know it within seconds. A `Solver`
# does the training. It draws minibatches, calls your `sgd`, and measures the accuracy after every **epoch** (one pass
# through all training images). At the end it restores the weights that did best on the validation set. The function
# `train` from `cs231n/training.py` creates a Solver and runs it, and `show` draws the loss and the accuracy. Dashed
# lines mark what guessing gives. The loss includes the penalty, so with a large λ it starts above its line.


# %%
def new_net(hidden_dim, reg, seed=0):
    np.random.seed(seed)
    # single precision takes half the time, and is accurate enough
    return TwoLayerNet(3072, hidden_dim, 10, weight_scale=0.01, reg=reg, dtype=np.float32)


# %% tags=["nbval-ignore-output"]
fifty = few(data, 50)
by_heart = train(new_net(50, reg=0.0), fifty, 60, learning_rate=0.05, batch_size=200)
show(by_heart, "Fifty images", num_classes=10)

# %% [markdown]
# The network gets all fifty training images right, but most other images wrong. A network that does much better on the
# training images than on others is **overfitting**, and this is an extreme case.
#
# ## Training
#
# Now we train on all the images, with settings that a beginner might guess: a small network and a cautious learning
# rate.

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
first = train(new_net(50, reg=1e-3), data, 5, learning_rate=1e-3, batch_size=200)
show(first, "First guess", num_classes=10)
print(f"best validation accuracy {first.best_val_acc:.3f}")

# %% [markdown] tags=["question"]
# **Question 3.** Look at the two panels. Is the learning rate too small or too large? Does this network overfit, or does it
# **underfit**, which means that it does badly even on the training images? What would you change first, and which change
# would be useless now?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# When training stops, the loss is close to the line that marks guessing, and still falling: the learning rate is too
# small (or the training too short). The training accuracy and the validation accuracy are close to each other and both
# low, so the network underfits. First try a larger learning rate, then more hidden units. A larger λ or more data would
# be useless, because they only help to close a gap between the two accuracies, and here there is hardly any.
# ### END SOLUTION

# %% [markdown]
# ## Search
#
# Now we try a wide range of learning rates and values of λ. To find the right region, some of the images and a few
# epochs are enough. If the learning rate is much too large, the loss grows without bound: the training **diverges**,
# and the Solver stops it. If a run diverges, its cell in the figure is hatched.

# %% tags=["nbval-ignore-output"]
rates, strengths = [0.01, 0.03, 0.1, 0.2], [0.0, 1e-3, 1e-2, 1e-1]
part = few(data, 10000)
accuracy = np.zeros((len(rates), len(strengths)))
for i, j in progress(list(np.ndindex(accuracy.shape)), "search"):
    with np.errstate(all="ignore"):  # where the rate is too large, numbers overflow
        tried = train(new_net(100, strengths[j]), part, 4, rates[i], batch_size=200)
    accuracy[i, j] = tried.best_val_acc if tried.epoch == 4 else np.nan  # it diverged
title = f"100 hidden units, 4 epochs of {len(part['X_train']):,} images"
vis_utils.heat_map(accuracy, rates, strengths, title)
plt.show()

# %% [markdown]
# Now choose your settings, and train for longer. Some rules of thumb: choose the largest learning rate that still does
# well, and let it decrease from epoch to epoch (`lr_decay`). With more hidden units the network can overfit more, so λ
# matters more. What counts is the best *validation* accuracy.

# %% tags=["nbval-ignore-output"]
### BEGIN SOLUTION
# TODO: set hidden_dim, reg, and chosen, a dictionary of num_epochs, learning_rate and lr_decay.
#   Try a few; there is a network that gets 55 % of the validation images of CIFAR-10 right.
hidden_dim, reg = 500, 5e-3
chosen = {"num_epochs": 12, "learning_rate": 0.1, "lr_decay": 0.85}
### END SOLUTION
net = new_net(hidden_dim, reg)
start = net.params["W1"].copy()
best = train(net, data, **chosen, batch_size=200, verbose=True)
show(best, "The chosen network", num_classes=10)
print(f"best validation accuracy {best.best_val_acc:.3f}")

# %% [markdown] tags=["question"]
# **Question 4.** Look at the figure: how much higher is the accuracy on training images than on validation images at
# the end? Which of these make the gap smaller: a larger λ, more hidden units, more training images, fewer epochs? Which
# of them reduce the validation accuracy if you overdo them?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# It is higher by about ten percentage points or more. A larger λ, more images and fewer epochs make the gap smaller,
# and more hidden units make it larger. If λ is too large, or there are too few epochs, the training accuracy is so low
# that the validation accuracy suffers too: the network underfits. More images do no harm; they only take more time.
# ### END SOLUTION

# %% [markdown]
# ## What the hidden units look for
#
# Here are the 16 hidden units to which the second layer gives the most weight. The templates still contain the random
# weights that training began with, so the figure shows what training has *changed* (grey means no change, and all units
# are on one scale). Above each unit is the class whose score it raises most.

# %%
params = best.model.params
changed = (params["W1"] - start).T.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
most = np.argsort(-np.linalg.norm(params["W2"], axis=1))[:16]
classes = [CLASS_NAMES[label] for label in params["W2"][most].argmax(axis=1)]
shown = vis_utils.weight_images(changed[most])
vis_utils.show_images(shown, classes, "What 16 hidden units have learned")
plt.show()

# %% [markdown]
# Like the templates of a linear classifier, some templates of the hidden units say which colour belongs where. Others
# look for a light area next to a dark one, whatever the colour. And now one class can have several templates.
#
# ## The test set, once

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
test_accuracy = best.check_accuracy(data["X_test"], data["y_test"])
print(f"validation {best.best_val_acc:.3f}, test {test_accuracy:.3f}")

# %% [markdown]
# ## What no linear classifier could do
#
# For parity, the ring, and the class in three places, the SVM could only draw one straight border. Here is what a network
# with 30 hidden units does. (The thin red lines are explained below.)

# %% tags=["nbval-ignore-output"]
from cs231n import toy_data


def in_the_plane(make, hidden_dim):
    (X, y), (X_new, y_new) = make(400, seed=0), make(400, seed=1)
    points = {"X_train": X, "y_train": y, "X_val": X_new, "y_val": y_new}
    np.random.seed(0)
    net = TwoLayerNet(2, hidden_dim, 2, weight_scale=1.0, reg=1e-4, dtype=np.float32)
    return train(net, points, num_epochs=500, learning_rate=1.0, batch_size=200)


# %%
def draw(ax, solver, name):
    def predict(points):
        return solver.model.loss(points).argmax(axis=1)

    title = f"{name}: {solver.best_val_acc:.0%} right"
    points, labels = solver.data["X_val"], solver.data["y_val"]
    vis_utils.decision_regions(ax, predict, points, labels, title, steps=400)
    vis_utils.creases(ax, solver.model.params["W1"], solver.model.params["b1"])


# %% tags=["nbval-ignore-output"]
cases = {"parity": toy_data.parity, "ring": toy_data.annulus}
cases["three places"] = toy_data.three_modes
solved = {name: in_the_plane(make, 30) for name, make in cases.items()}
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.7))
for ax, (name, solver) in zip(axes, solved.items(), strict=True):
    draw(ax, solver, name)
fig.suptitle("With 30 hidden units, borders follow the classes")
plt.show()

# %% [markdown]
# Here is the same ring with fewer hidden units. The number that goes into the ReLU of a unit changes sign at a straight
# line, and there the scores have a crease (thin red lines; some run along a border). Between the creases, the borders
# are straight.

# %% tags=["nbval-ignore-output"]
rings = {f"H = {H}": in_the_plane(toy_data.annulus, H) for H in (1, 2, 4, 8)}
fig, axes = plt.subplots(1, 4, figsize=(12, 3.4))
for ax, (name, solver) in zip(axes, rings.items(), strict=True):
    draw(ax, solver, name)
fig.suptitle("Each of the H hidden units adds one crease (thin red lines)")
plt.show()

# %% [markdown] tags=["question"]
# **Question 5.** In which of the four panels does the border enclose an area on all sides? What is the smallest number of
# hidden units that can do this? What would the panels look like without the maximum?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Only in the last one. Three units can do it. For example, let their outputs grow in three directions that are 120
# degrees apart, and add them up. Whichever way you walk, at least one of them grows in the end, so the sum reaches any
# given value, and the border is closed. (It has six sides, since it bends wherever it crosses a crease.) With one or
# two units, every region is open: from each of its points you can walk away in some direction without ever meeting the
# border. With four units a closed border would be possible, but this run has found a different solution. Without
# the maximum the network would be linear, and every panel would show one straight border.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * A network is a chain of layers. Each layer has a forward and a backward pass, and the gradient is passed back from layer
#   to layer.
# * Without a non-linear function between them, many layers are equivalent to one.
# * Before you train: check the loss at the start, compare the gradient with the numeric one, and overfit fifty images.
# * If the network underfits, both accuracies are low and close to each other. If it overfits, there is a gap between them.
# * The network still starts from raw pixels. The next notebook gives it better features to start from.
