# %% [markdown]
# # Dropout
#
# A network with many parameters and few images learns the images by heart. The penalty on weights is one remedy.
# Dropout is another: in every step of training, each hidden unit is switched off by the toss of a coin.
#
# You edit these files (a click opens them):
#
# * [`cs231n/layers.py`](../../cs231n/layers.py): `dropout_forward`, `dropout_backward`,
# * [`cs231n/classifiers/fc_net.py`](../../cs231n/classifiers/fc_net.py): dropout inside `FullyConnectedNet`.

# %%
from cs231n import layers, vis_utils
from cs231n.notebook import checks, np, plt

# %% [markdown]
# ## Why it should help
#
# A unit that can rely on another one being there may take on a part that makes sense only together with it: the two of
# them remember one training image. If either may be missing at any time, each has to be of use by itself. Seen
# differently: with $H$ hidden units there are $2^H$ networks, which share their weights; every step trains one of them,
# and the network used in the end is something like their average.
#
# ## Inverted dropout
#
# Each entry is kept with probability $p$, the *keep ratio*, independently of all others:
#
# $$m_i = \begin{cases} 1/p & \text{with probability } p \\ 0 & \text{with probability } 1 - p \end{cases}
# \qquad \text{out}_i = m_i\, x_i, \qquad dx_i = m_i\, d\text{out}_i$$
#
# On average $m_i$ is $p \cdot 1/p + (1 - p) \cdot 0 = 1$, so the next layer gets what it would get without dropout, but
# for noise. That is why it is called inverted: it scales in training, and test mode is $\text{out} = x$, as if there
# were no dropout. Write `dropout_forward`.

# %%
checks.run("dropout_forward")

# %% [markdown]
# What it does to the output of a hidden layer, for three keep ratios: black is 0, and what is left is brighter.

# %%
x = np.abs(np.random.default_rng(0).normal(1, 0.3, size=(12, 24)))
shown = {"x": x}
for p in (0.8, 0.5, 0.2):
    shown[f"p = {p}"], _ = layers.dropout_forward(x, {"mode": "train", "p": p, "seed": 1})
fig, axes = plt.subplots(1, 4, figsize=(11, 2.2))
for ax, (title, values) in zip(axes, shown.items(), strict=True):
    drawn = ax.imshow(values, vmin=0, vmax=5, cmap="gray")
    ax.set(title=title, xlabel="unit", ylabel="example")
fig.colorbar(drawn, ax=axes, label="output")
plt.show()

# %% [markdown]
# The mean stays, for every $p$, and the noise grows as $p$ falls.

# %%
x, ratios = np.full((500, 200), 3.0), np.linspace(0.1, 1, 10)
outs = [layers.dropout_forward(x, {"mode": "train", "p": p, "seed": 2})[0] for p in ratios]
lines = {"mean of out": [out.mean() for out in outs]}
lines["standard deviation of out"] = [out.std() for out in outs]
ax = vis_utils.curves(
    ratios, lines, "Dropout of an x that is 3 everywhere", "keep ratio p", "value"
)
theory = 3 * np.sqrt(1 / ratios - 1)
ax.plot(ratios, theory, ":k", linewidth=3, label="what theory says: 3 √(1/p − 1)")
ax.legend()
plt.show()

# %% [markdown]
# Backward, the gradient meets the very same mask.

# %%
checks.run("dropout_backward")

# %% [markdown] tags=["question"]
# **Question 1.** A colleague forgets to divide by $p$ in training, and does nothing at test time. With $p = 0.5$, what
# do the units of the next layer see at test time that they never saw in training? What could be done at test time to
# make up for it, and why is dividing in training the better place?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Twice as many of their inputs are on, so sums are twice as large as in training, in each layer anew: four times after
# two layers, and the scores are far too sure of themselves. Multiplying by p at test time makes up for it (that is the
# original dropout). Dividing in training leaves the test code alone, which then need not know about dropout at all,
# and is the one that has to be fast.
# ### END SOLUTION

# %% [markdown]
# ## Inside the network
#
# Each hidden layer is now affine, normalisation if there is one, ReLU, dropout. All layers share one dictionary,
# `dropout_param`; the mask of each layer has to be in its own cache.

# %%
checks.run("FullyConnectedNet_dropout")

# %% [markdown]
# ## What it does to learning
#
# A large network and only 1,000 training images, the best conditions for learning by heart. As in the last notebook,
# squares of 2 × 2 pixels are averaged, to save time.

# %%
from cs231n.data_utils import get_CIFAR10_data

full = get_CIFAR10_data(num_training=1000)
data = {name: full[name] for name in ("y_train", "y_val")}
for part in ("X_train", "X_val"):
    data[part] = full[part].reshape(-1, 3, 16, 2, 16, 2).mean(axis=(3, 5))
    data[part] /= np.float32(full["X_train"].std(dtype=np.float64))

# %% [markdown]
# After each epoch, with dropout off: accuracy and loss on the training images, and on 1,000 images it never saw.

# %%
from cs231n import optim
from cs231n.classifiers import FullyConnectedNet


def judge(net, part):
    scores, labels = net.loss(data[f"X_{part}"]), data[f"y_{part}"]
    return np.mean(scores.argmax(axis=1) == labels), layers.softmax_loss(scores, labels)[0]


# %%
def train_epoch(net, configs, order, batch=100):
    for rows in np.array_split(order, len(order) // batch):
        _, grads = net.loss(data["X_train"][rows], data["y_train"][rows])
        for name, dw in grads.items():
            step = optim.adam(net.params[name], dw, configs.get(name))
            net.params[name], configs[name] = step


# %%
def learn(p, epochs=40):
    np.random.seed(0)
    dims, size = [300, 300], data["X_train"][0].size
    net = FullyConnectedNet(dims, size, dropout_keep_ratio=p, weight_scale=0.03)
    configs, history = {}, {"train": [], "val": []}
    for _ in range(epochs):
        train_epoch(net, configs, np.random.permutation(len(data["X_train"])))
        for part, judged in history.items():
            judged.append(judge(net, part))
    return {part: np.array(judged) for part, judged in history.items()}


# %% tags=["nbval-ignore-output"]
histories = {p: learn(p) for p in (1, 0.5, 0.25)}


# %%
def draw(ax, history, column, title):
    ax.plot(history["train"][:, column], "-o", markersize=3, markevery=3, label="training")
    ax.plot(history["val"][:, column], "--s", markersize=3, markevery=3, label="validation")
    ax.set(title=title, xlabel="epoch")
    ax.grid(alpha=0.3)


# %% tags=["nbval-ignore-output"]
fig, axes = plt.subplots(2, 3, figsize=(11, 6), sharey="row")
for (p, history), pair in zip(histories.items(), axes.T, strict=True):
    name = "no dropout" if p == 1 else f"keep ratio p = {p}"
    for column, ax in enumerate(pair):
        draw(ax, history, column, f"{name}: {('accuracy', 'loss')[column]}")
axes[0, 0].set_ylabel("accuracy")
axes[1, 0].set_ylabel("softmax loss")
axes[0, 0].legend()
plt.show()

# %% [markdown]
# Without dropout the training images are soon known by heart. The accuracy on others stands still from then on, but
# look at the loss on them: it turns round and grows, epoch by epoch. The network becomes surer and surer of itself,
# also where it is wrong. With dropout the loss on the training images takes much longer to reach 0, and that on
# the others stays low for longer, or does not turn round at all.

# %% tags=["nbval-ignore-output", "numbers-within-0.1"]
for p, history in histories.items():
    accuracy, loss = history["val"][-1]
    gap = history["train"][-1, 0] - accuracy
    print(f"p = {p}: validation loss {loss:.2f}, accuracy {accuracy:.3f}, gap {gap:.2f}")

# %% [markdown] tags=["question"]
# **Question 2.** Dropout makes training slower, and the fit of the training images worse. Why is that no argument
# against it here? When would it be one? If you may also change the number of hidden units, in which direction would
# you change it together with a smaller $p$?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# What counts is other images, and on them the loss is lower. With so many images that training and validation curves
# run side by side there is nothing to cure: dropout would only add noise and waste capacity. With a smaller p fewer
# units are at work at a time, so a larger network makes up for it: about H / p units instead of H.
# ### END SOLUTION

# %% [markdown] tags=["question"]
# **Question 3.** Why must `dropout_backward` use the mask of its own forward pass? What does the network train on if
# backward draws a new one? And what does a fixed `seed`, which makes every forward pass draw the same mask, do to
# training, and what is it good for?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The gradient belongs to the function that was computed, and a new mask is another function: units that had no part in
# the loss would be moved, and those that had would not. With a fixed seed the same units are off in every step: just a
# smaller network, without any effect of dropout. It is for checking gradients by numbers, which needs a loss that is
# the same at every call.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
#
# * In training, keep each entry with probability p and divide it by p; at test time do nothing.
# * Dropout trades a worse fit of the training images for less confidence in what was learned by heart. It is for
#   networks that overfit.
# * The idea has relatives: *stochastic depth* leaves out whole layers at random, in networks whose layers add something
#   to their input and so can be skipped; at test time all of them are there.
# * Whatever differs between training and test has to be switched: forgetting it is the most common mistake with both
#   dropout and batch normalisation.
