# %% [markdown]
# # Batch normalisation
#
# A deep network learns when the numbers inside it are of a reasonable size, neither vanishing nor exploding from layer
# to layer. So far that was a matter of luck with the initial weights. Batch normalisation makes it a layer: whatever
# comes in, what goes out has mean 0 and deviation 1, and then the mean and the deviation that training finds best.
#
# You edit these files (a click opens them):
#
# * [`cs231n/layers.py`](../../cs231n/layers.py):
#   `batchnorm_forward`, `batchnorm_backward`, `batchnorm_backward_alt`, `layernorm_forward`,
#   `layernorm_backward`,
# * [`cs231n/classifiers/fc_net.py`](../../cs231n/classifiers/fc_net.py): normalisation inside `FullyConnectedNet`.

# %%
from cs231n import layers, vis_utils
from cs231n.figures import networks
from cs231n.notebook import checks, np, plt, progress, timed

# %% [markdown]
# The data, prepared as before: centred, and divided by the spread of the pixels. To see much in little time, 2,000
# images will do, and of each every square of 2 × 2 pixels is averaged to one: 16 × 16 × 3 numbers.

# %%
from cs231n.data_utils import get_CIFAR10_data

full = get_CIFAR10_data(num_training=2000)
data = {name: full[name] for name in ("y_train", "y_val")}
for part in ("X_train", "X_val"):
    data[part] = full[part].reshape(-1, 3, 16, 2, 16, 2).mean(axis=(3, 5))
    data[part] /= np.float32(full["X_train"].std(dtype=np.float64))

# %%
from cs231n import optim
from cs231n.classifiers import FullyConnectedNet


def make_net(normalization=None, scale=0.03):
    np.random.seed(0)
    dims, more = [100] * 4, {"normalization": normalization, "weight_scale": scale}
    return FullyConnectedNet(dims, data["X_train"][0].size, **more)


# %%
def train_epoch(net, configs, order, batch=100):
    for rows in np.array_split(order, len(order) // batch):
        _, grads = net.loss(data["X_train"][rows], data["y_train"][rows])
        for name, dw in grads.items():
            step = optim.adam(net.params[name], dw, configs.get(name))
            net.params[name], configs[name] = step


# %% [markdown]
# ## Why
#
# While a layer learns, the layers before it learn too, and what they hand on drifts. Here is what reaches the fourth
# hidden layer of a plain network during training: the middle of its inputs to ReLU, and the range that nine tenths of
# them lie in.


# %%
def before_relu(net, images, layer):
    h, params = images, net.params
    for i in range(1, layer + 1):
        h, _ = layers.affine_forward(h, params[f"W{i}"], params[f"b{i}"])
        if f"gamma{i}" in params:
            bn_param = {"mode": "train"}
            h, _ = layers.batchnorm_forward(
                h, params[f"gamma{i}"], params[f"beta{i}"], bn_param
            )
        h, _ = layers.relu_forward(h) if i < layer else (h, None)
    return h


# %%
def seen_by_epoch(net, epochs=12):
    seen, configs, rng = [], {}, np.random.default_rng(0)
    for _ in range(epochs + 1):
        seen.append(before_relu(net, data["X_val"][:200], 4))
        train_epoch(net, configs, rng.permutation(len(data["X_train"])))
    return seen


# %%
labels = "What reaches the fourth hidden layer", "input of the ReLU"
drift = {"without normalisation": seen_by_epoch(make_net())}
networks.ranges(drift, *labels)
plt.show()

# %% [markdown]
# At the start next to nothing arrives, and next to nothing comes back as a gradient. Then, in a few epochs, the range
# grows many times over. Every layer aims at a target that moves, and its own learning rate fits for a while only.
#
# ## Normalise
#
# For a batch of $N$ examples, each feature (each hidden unit) by itself:
#
# $$\mu = \frac1N \sum_i x_i, \qquad \sigma^2 = \frac1N \sum_i (x_i - \mu)^2, \qquad
# \hat x_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad \text{out}_i = \gamma \hat x_i + \beta$$
#
# The small $\epsilon$ keeps a feature that is the same for all examples from dividing by 0. $\gamma$ and $\beta$ are
# parameters, a pair for each feature, learned like weights: with $\gamma = \sigma$ and $\beta = \mu$ the layer could
# undo everything, so nothing is lost.
#
# At test time there may be a single example, and an answer must not depend on its neighbours in a batch. So training
# keeps *running averages* of $\mu$ and $\sigma^2$, and test mode uses those. Write `batchnorm_forward`.

# %%
checks.run("batchnorm_forward")

# %% [markdown]
# Four features of very different place and width, and what becomes of them.

# %%
rng = np.random.default_rng(0)
x = rng.normal([4, -1, 0, -5], [0.3, 2, 0.1, 1], size=(500, 4))
gamma, beta = np.array([1, 0.5, 1, 0.5]), np.array([0, 2, 0, -2])
normalised, _ = layers.batchnorm_forward(x, np.ones(4), np.zeros(4), {"mode": "train"})
out, _ = layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
titles = "x", "normalised: γ = 1, β = 0", "γ = 1, ½, 1, ½; β = 0, 2, 0, −2"
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3), sharey=True)
for ax, name, values in zip(axes, titles, (x, normalised, out), strict=True):
    ax.violinplot(list(values.T), showmedians=True)
    ax.set(title=name, xlabel="feature", xticks=range(1, 5))
axes[0].set_ylabel("values of 500 examples")
plt.show()

# %% [markdown]
# And the running average of a mean that is 2, for three values of `momentum`. It begins at 0 and remembers the
# longer, and is the quieter, the closer `momentum` is to 1.


# %%
def running_means(momentum, batches=120):
    rng, bn_param = np.random.default_rng(1), {"mode": "train", "momentum": momentum}
    means = []
    for _ in range(batches):
        x = rng.normal(2, 3, (20, 1))
        layers.batchnorm_forward(x, np.ones(1), np.zeros(1), bn_param)
        means.append(bn_param["running_mean"][0])
    return means


history = {f"momentum {momentum}": running_means(momentum) for momentum in (0.5, 0.9, 0.98)}
told = "Running mean of batches of 20 numbers of mean 2, deviation 3"
ax = vis_utils.curves(range(1, 121), history, told, "batch", "running mean")
ax.axhline(2, color="black", linestyle=":")
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** A network was trained for ten batches only, with momentum 0.99, and classifies well in train mode but
# badly in test mode. Why? What would it do if test mode used the batch's own mean and variance instead, for a single
# image? And for a test batch in which all images are cats?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# After ten batches the running averages are still nine tenths of what they started from, 0, so test mode divides by
# far too small a deviation. With its own statistics a single image is minus its own mean: everything becomes beta,
# whatever is on it. In a batch of cats, what is typical of cats is subtracted.
# ### END SOLUTION

# %% [markdown]
# ## Back through the graph
#
# The mean and the variance are made of all $x_i$, so $x_i$ acts on the loss along three ways: straight on, through
# $\mu$ and through $\sigma^2$. As a graph for one feature, forward along the arrows:

# %%
networks.batch_normalisation_graph()
plt.show()

# %% [markdown]
# Where two arrows leave a node, two gradients come back and add up. Go from the right to the left, and give every node
# its line. Two of them, to begin with:
#
# $$d\hat x = \gamma\, d\text{out}, \qquad
# d\sigma^2 = \sum_i d\hat x_i\,(x_i - \mu) \cdot \left(-\tfrac12\right) (\sigma^2 + \epsilon)^{-3/2}$$

# %%
checks.run("batchnorm_backward")

# %% [markdown]
# In numbers: four examples, one feature, and a loss that looks at the first output only. Without the ways through mean
# and variance only the first $x$ would get a gradient. All of them do, and their sum is 0: to move *all* $x_i$ by the
# same amount changes nothing. To stretch all of them about their mean changes nothing either.

# %%
x, dout = np.array([[1.0], [2.0], [4.0], [5.0]]), np.array([[1.0], [0.0], [0.0], [0.0]])
_, cache = layers.batchnorm_forward(x, np.ones(1), np.zeros(1), {"mode": "train"})
dx, dgamma, dbeta = layers.batchnorm_backward(dout, cache)
print("dx:", dx.ravel().round(3))
print(
    f"sum of dx: {abs(dx.sum()):.3f}, along x - mean: {abs((dx * (x - x.mean())).sum()):.3f}"
)

# %% [markdown]
# ## One formula
#
# Put all lines into one another and most of it cancels. What is left fits into a line, with means over the batch:
# `dx` is `dout`, less its mean, less its part along $\hat x$, times $\gamma / \sqrt{\sigma^2 + \epsilon}$. Work it out
# on paper and write it into `batchnorm_backward_alt`.

# %%
checks.run("batchnorm_backward_alt")

# %% tags=["nbval-ignore-output"]
x = np.random.default_rng(0).normal(size=(500, 1000))
_, cache = layers.batchnorm_forward(x, np.ones(1000), np.zeros(1000), {"mode": "train"})
graph = timed(layers.batchnorm_backward, x, cache)
formula = timed(layers.batchnorm_backward_alt, x, cache)
print(f"gate by gate {1e3 * graph:.1f} ms, one formula {1e3 * formula:.1f} ms")

# %% [markdown]
# ## Layer normalisation
#
# The same formula, turned round: each *example* is normalised over its own features. It needs no other example, so
# there is nothing to average over training, test mode is train mode, and a batch may be as small as it likes. $\gamma$
# and $\beta$ still belong to features.

# %%
checks.run("layernorm_forward")

# %%
checks.run("layernorm_backward")

# %%
rng = np.random.default_rng(2)
x = rng.normal(size=(6, 8)) * rng.uniform(0.2, 2, 8) + rng.normal(size=(6, 1))
pictures = {"x": x, "batch normalisation: columns": None, "layer normalisation: rows": None}
ones, zeros = np.ones(8), np.zeros(8)
batch, layer = list(pictures)[1:]
pictures[batch], _ = layers.batchnorm_forward(x, ones, zeros, {"mode": "train"})
pictures[layer], _ = layers.layernorm_forward(x, ones, zeros, {})
fig, axes = plt.subplots(1, 3, figsize=(10.5, 2.8))
for ax, (title, values) in zip(axes, pictures.items(), strict=True):
    drawn = ax.imshow(values, vmin=-3, vmax=3)
    ax.set(title=title, xlabel="feature", ylabel="example")
fig.colorbar(drawn, ax=axes, label="value")
plt.show()

# %% [markdown] tags=["question"]
# **Question 2.** Which of these does to a batch of images what batch normalisation does, which what layer
# normalisation does, and which neither: (a) subtract the mean image of the training set from every image; (b) scale
# every image so that its brightest pixel is 1; (c) subtract from every image its own mean, and divide by its own
# deviation; (d) divide each pixel by its deviation over the training set?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# (a) and (d) go feature by feature over many examples: the two halves of batch normalisation (by the whole training
# set rather than a batch). (c) is layer normalisation. (b) goes by example, too, but by maximum, not by deviation, and
# nothing is subtracted: neither.
# ### END SOLUTION

# %% [markdown]
# ## Inside the network
#
# Each hidden layer becomes affine, normalisation, ReLU. `FullyConnectedNet` keeps for each of them a `gamma`, a `beta`
# and a dictionary in `bn_params`. The last layer stays plain: scores may have any mean.

# %%
checks.run("FullyConnectedNet_normalization")

# %% [markdown]
# What reaches the fourth layer now, beside what reached it before:

# %%
drift["with batch normalisation"] = seen_by_epoch(make_net("batchnorm"))
networks.ranges(drift, *labels)
plt.show()

# %% [markdown]
# ## The size of the first weights
#
# The same network, its weights drawn with a standard deviation from 0.001 to 1, without normalisation and with both
# kinds.

# %%
from cs231n.solver import Solver

KINDS = {
    "no normalisation": None,
    "batch normalisation": "batchnorm",
    "layer normalisation": "layernorm",
}


# %%
def best_and_last(net, epochs=6, images=2000, batch=100):
    few = data | {name: data[name][:images] for name in ("X_train", "y_train")}
    more = {"batch_size": batch, "verbose": False, "print_every": 0, "seed": 0}
    solver = Solver(net, few, "adam", {"learning_rate": 1e-3}, num_epochs=epochs, **more)
    solver.train()
    return solver.best_val_acc, np.mean(solver.loss_history[-20:])


# %% tags=["nbval-ignore-output"]
scales = np.logspace(-3, 0, 7)
by_scale = {
    name: np.transpose(
        [best_and_last(make_net(kind, scale)) for scale in progress(scales, name)]
    )
    for name, kind in KINDS.items()
}

# %% tags=["nbval-ignore-output"]
accuracies, losses = (
    {name: results[row] for name, results in by_scale.items()} for row in (0, 1)
)
panels = {"best validation accuracy": accuracies, "loss at the end": losses}
figure = networks.by_setting(
    scales,
    panels,
    "Four hidden layers, six epochs of adam",
    "standard deviation of the first weights",
)
figure.axes[1].set_yscale("log")
plt.show()

# %% [markdown]
# Without normalisation there is a narrow range in which the network learns. Batch normalisation widens it downwards, as
# far as was tried. It does not widen it upwards: with weights of size 1 nothing explodes any more, as the loss shows,
# but little is learned in six epochs. Look at how far the weights have turned by then, and at the loss that training
# begins with.

# %% tags=["nbval-ignore-output", "numbers-within-1.5"]
for scale in (0.03, 1):
    net = make_net("batchnorm", scale)
    first, configs = net.params["W2"].flatten(), {}
    loss, _ = net.loss(data["X_train"][:100], data["y_train"][:100])
    for epoch in range(6):
        train_epoch(net, configs, np.random.default_rng(epoch).permutation(2000))
    last = net.params["W2"].flatten()
    cosine = first @ last / (np.linalg.norm(first) * np.linalg.norm(last))
    angle = np.degrees(np.arccos(min(cosine, 1)))
    print(f"σ = {scale}: loss at the start {loss:.1f}, W2 has turned by {angle:.0f}°")

# %% [markdown] tags=["question"]
# **Question 3.** Multiply the $W$ and $b$ of a hidden layer by 10: what happens to its output after batch normalisation,
# and to the gradient by $W$? So why do small first weights do no harm any more? And why are large ones a burden all the
# same, for hidden layers and for the last one, which nothing normalises?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The output stays as it is: mean and deviation are multiplied by 10 too, and cancel it (but for eps). The gradient by W
# becomes a tenth. So small weights give the next layer what large ones would, and get a large gradient themselves. But
# steps of a fixed length, as adam's, turn large weights less than small ones, so that these hardly change direction:
# a degree instead of twenty. And large weights of the last layer make large scores and with them a large loss, which
# has to be unlearned first.
# ### END SOLUTION

# %% [markdown]
# ## The size of a batch
#
# Mean and variance of a batch are estimates, and the smaller the batch, the noisier. For every size of batch, as many
# epochs:

# %% tags=["nbval-ignore-output"]
sizes = [2, 5, 10, 20, 50]
by_size = {
    name: [
        best_and_last(make_net(kind), 4, 1000, size)[0] for size in progress(sizes, name)
    ]
    for name, kind in KINDS.items()
}

# %% tags=["nbval-ignore-output"]
figure = networks.by_setting(
    sizes,
    {"best validation accuracy": by_size},
    "Four hidden layers, 1,000 images, four epochs",
    "examples in a batch",
)
figure.axes[0].set_xticks(sizes, sizes)
figure.axes[0].minorticks_off()
plt.show()

# %% [markdown] tags=["question"]
# **Question 4.** With batches of two, what are the two values of a normalised feature, whatever the images? What is
# left of an image then, and why does layer normalisation not care? And for batches of one?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# One is +1 and one is -1 (but for eps): only which of the two was larger survives, and no gradient goes back through
# it. Layer normalisation compares the features of one example with each other. With batches of one batch
# normalisation makes every feature 0, and the network sees nothing at all.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
#
# * Normalisation keeps the numbers in a deep network in a range where gradients flow, however small the first weights.
#   Large ones no longer explode, but learn slowly.
# * A layer that behaves differently in training and in test needs to be told which it is, and needs its running
#   averages to be ready.
# * Mean and variance are functions of the whole batch: the gradient goes through them too.
# * Batch normalisation needs batches; layer normalisation does not. Images get a third kind, in the notebook on
#   convolutional networks.
