# %% [markdown]
# # Dropout
#
# A network with many parameters and few training images tends to memorise the images. A penalty on the weights is one
# remedy. Dropout is another: in every step of training, some hidden units, chosen at random, are switched off.
#
# You will edit two files (click to open them):
#
# * [`cs231n/layers.py`](../../cs231n/layers.py): `dropout_forward`, `dropout_backward`,
# * [`cs231n/classifiers/fc_net.py`](../../cs231n/classifiers/fc_net.py): dropout inside `FullyConnectedNet`.

# %%
from cs231n import layers
from cs231n.figures import architecture
from cs231n.notebook import checks, np, plt

# %% [markdown]
# ## Why it should help
#
# A hidden unit that can rely on another unit may learn something that is useful only in combination with it. For
# example, two units together may remember a single training image. If either of them may be missing in any step, each
# has to be useful on its own.

# %%
layer_names, off = ["input", "hidden", "hidden", "scores"], {(1, 0), (1, 3), (2, 2), (2, 4)}
fig, axes = plt.subplots(1, 2, figsize=(10.5, 2.7))
title = "At test time all units are on"
architecture.fully_connected([5, 5, 5, 2], layer_names, title, axis=axes[0])
title = "One step of training with keep ratio 0.6"
architecture.fully_connected([5, 5, 5, 2], layer_names, title, off, axes[1])
plt.show()

# %% [markdown]
# ## Inverted dropout
#
# Take two hidden units with the outputs $x = (4, 2)$, and switch each of them off with probability one half. The
# outputs of the units that stay on are multiplied by 2. There are four outcomes, all equally likely. The next layer
# computes two scores from each of them:

# %%
x, W = np.array([4.0, 2.0]), np.array([[0.3, -0.2], [-0.1, 0.4]])
outcomes = np.array([[2, 2], [2, 0], [0, 2], [0, 0]]) * x
for outcome in outcomes:
    print("x becomes", outcome.tolist(), "  scores", (outcome @ W).round(1).tolist())
print("mean of x:", outcomes.mean(axis=0).tolist())
print("mean of the scores:", (outcomes @ W).mean(axis=0).round(1).tolist())
print("scores without dropout:", (x @ W).round(1).tolist())

# %% [markdown]
# On average, the next layer receives the same numbers as without dropout, and computes the same scores. In general,
# each entry is kept with probability $p$, the **keep ratio**, independently of all others, and is divided by $p$ if it
# is kept. In other words, $x$ is multiplied by a random **mask** $m$:
#
# $$m_i = \begin{cases} 1/p & \text{with probability } p \\ 0 & \text{with probability } 1 - p \end{cases}
# \qquad \text{out}_i = m_i\, x_i, \qquad dx_i = m_i\, d\text{out}_i$$
#
# The expected value of $m_i$ is $p \cdot 1/p + (1 - p) \cdot 0 = 1$. So the next layer receives on average what it
# would receive without dropout, plus noise. At test time nothing is switched off and nothing is scaled: $\text{out} =
# x$. The method is called *inverted* dropout because the scaling takes place in training; the original method scaled
# at test time. Write `dropout_forward`.

# %%
checks.run("dropout_forward")

# %% [markdown]
# The figure shows what dropout does to the output of a hidden layer (here random numbers), for three keep ratios.
# Hatched cells are switched off. The fewer units are kept, the larger the factor $1/p$ by which their outputs are
# multiplied.

# %%
x = np.abs(np.random.default_rng(0).normal(1, 0.3, size=(8, 12)))
shown = {"no dropout": x}
for p in (0.8, 0.5, 0.2):
    param = {"mode": "train", "p": p, "seed": 1}
    shown[f"p = {p}"], _ = layers.dropout_forward(x, param)
architecture.dropped(shown, "The fewer units are kept, the larger their outputs")
plt.show()

# %% [markdown]
# For every $p$ the mean stays the same, while the noise grows as $p$ falls. If $x$ is 3 everywhere, the standard
# deviation of the output should be $3 \sqrt{1/p - 1}$, since the variance of $m_i$ is $1/p - 1$:

# %%
x, ratios = np.full((500, 200), 3.0), np.linspace(0.1, 1, 10)
outs = [layers.dropout_forward(x, {"mode": "train", "p": p, "seed": 2})[0] for p in ratios]
means, noise = [out.mean() for out in outs], [out.std() for out in outs]
print(f"means from {min(means):.1f} to {max(means):.1f}")

# %%
fig, ax = plt.subplots()
ax.plot(ratios, means, "o-", label="mean")
ax.plot(ratios, noise, "s", markersize=7, label="standard deviation")
fine = np.linspace(0.1, 1, 91)
ax.plot(fine, 3 * np.sqrt(1 / fine - 1), "k--", linewidth=1, label="theory: 3 √(1/p − 1)")
ax.set(title="Dropout keeps the mean and adds noise, more for a smaller p")
ax.set(xlabel="keep ratio p", ylabel="over all outputs (all inputs are 3)")
ax.grid(alpha=0.3)
ax.legend()
plt.show()

# %% [markdown]
# The backward pass multiplies the gradient by the same mask.

# %%
checks.run("dropout_backward")

# %% [markdown] tags=["question"]
# **Question 1.** Read from the last figure at which keep ratio the noise is as large as the mean. A colleague forgets
# to divide by $p$ in training, and does nothing at test time. With $p = 0.5$, how do the inputs of the next layer at test
# time differ from those in training? What could be done at test time to correct this, and why is it better to divide
# during training?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# At p = 0.5. There each output is either 0 or twice its input, so it is as far from the mean as the mean is from 0. The
# next layer of the colleague's network has twice as many active inputs at test time, so on average its sums are twice
# as large as in training. This happens in each layer, so the factor is about four after two layers, and the predictions
# are far too confident. Multiplying by p at test time corrects this (that is the original dropout). If the division
# takes place in training, the code for test time does not have to know about dropout at all, and that is the code that
# has to be fast.
# ### END SOLUTION

# %% [markdown]
# ## Inside the network
#
# Each hidden layer now consists of an affine layer, normalisation (if there is any), ReLU, and dropout. All layers
# share one dictionary, `dropout_param`, but the mask of each layer has to be in that layer's own cache.

# %%
checks.run("FullyConnectedNet_dropout")

# %% [markdown]
# ## How dropout changes learning
#
# We train a large network on only 1,000 images, so it can easily memorise them. As in the previous notebook, each
# square of 2 × 2 pixels is replaced by its mean, to save time.

# %%
from cs231n.training import images_for_a_network, train_epoch

full = images_for_a_network(num_training=1000)
data = {name: full[name] for name in ("y_train", "y_val")}
for part in ("X_train", "X_val"):
    data[part] = full[part].reshape(-1, 3, 16, 2, 16, 2).mean(axis=(3, 5))

# %% [markdown]
# After each epoch we switch dropout off, and compute the accuracy and the loss on the training images and on 1,000
# validation images.

# %%
from cs231n.classifiers import FullyConnectedNet


def judge(net, part):
    scores, labels = net.loss(data[f"X_{part}"]), data[f"y_{part}"]
    return np.mean(scores.argmax(axis=1) == labels), layers.softmax_loss(scores, labels)[0]


# %%
def learn(p, epochs=40):
    np.random.seed(0)
    dims, size = [300, 300], data["X_train"][0].size
    net = FullyConnectedNet(dims, size, dropout_keep_ratio=p, weight_scale=0.03)
    configs, history = {}, {"train": [], "val": []}
    for _ in range(epochs):
        train_epoch(net, data, configs, np.random.permutation(1000))
        for part, judged in history.items():
            judged.append(judge(net, part))
    return net, {part: np.array(judged) for part, judged in history.items()}


# %% tags=["nbval-ignore-output"]
trained = {p: learn(p) for p in (1, 0.5, 0.25)}
histories = {p: history for p, (_, history) in trained.items()}
rise = {p: h["val"][-1, 1] / h["val"][:, 1].min() for p, h in histories.items()}
ends = f"{rise[1]:.1f} times its minimum without dropout, but at {rise[0.25]:.1f} times with p = 0.25"


# %%
def draw(ax, history, column, title):
    epochs, marks = range(1, len(history["val"]) + 1), {"markersize": 3, "markevery": 3}
    ax.plot(epochs, history["train"][:, column], "-o", label="training", **marks)
    ax.plot(epochs, history["val"][:, column], "--s", label="validation", **marks)
    ax.set(title=title, xlabel="epoch")
    ax.grid(alpha=0.3)


# %% tags=["nbval-ignore-output"]
fig, axes = plt.subplots(2, 3, figsize=(10.5, 5.8), sharey="row")
for (p, history), pair in zip(histories.items(), axes.T, strict=True):
    name = "no dropout" if p == 1 else f"keep ratio p = {p}"
    for column, ax in enumerate(pair):
        draw(ax, history, column, f"{name}: {('accuracy', 'loss')[column]}")
axes[0, 0].set_ylabel("accuracy")
axes[1, 0].set_ylabel("softmax loss")
axes[0, 0].legend()
fig.suptitle(f"The validation loss ends at {ends}")
plt.show()

# %% [markdown]
# Without dropout the network soon knows the training images by heart. From then on its accuracy on the validation
# images hardly changes. Its *loss* on them, however, keeps rising: the network becomes more and more confident, even
# where it is wrong. With dropout, the training loss falls more slowly, and the validation loss rises later and less.
# Here are the values after the last epoch; the gap is the difference between training and validation accuracy:

# %% tags=["nbval-ignore-output", "numbers-within-0.1"]
for p, history in histories.items():
    accuracy, loss = history["val"][-1]
    gap = history["train"][-1, 0] - accuracy
    print(f"p = {p}: validation loss {loss:.2f}, accuracy {accuracy:.3f}, gap {gap:.2f}")

# %% [markdown] tags=["question"]
# **Question 2.** Look at the figure: at which epoch is the validation loss lowest without dropout, and what happens to
# the training loss after that epoch? With dropout, the network fits the training images less well. Why is that not an
# argument against dropout here, and when would it be one? If you may also change the number of hidden units, would you
# use more or fewer of them with a smaller $p$?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# After five to seven epochs on the stand-in, and after three or four on CIFAR-10. The training loss goes on falling
# towards 0, so the network still improves on the images that it has seen. What counts is how well it does on other
# images, and there the loss is lower with dropout. If there are so many images that the training and validation curves
# stay together, there is no overfitting to cure: dropout would only add noise and waste capacity. With a smaller p fewer
# units are active at a time. A larger network makes up for this: about H / p units instead of H.
# ### END SOLUTION

# %% [markdown]
# ## Dropout as an ensemble
#
# An **ensemble** is a group of classifiers whose predictions are averaged. It is usually better than any of its
# members, because they make different mistakes. With $H$ hidden units, dropout defines $2^H$ different networks, one
# for each choice of the units that are on. They all share the same weights. Every step of training uses a few of them,
# one for each example of the minibatch.
#
# Test mode takes the place of the average over all of them. For the single affine layer at the top of this notebook, the
# mean of the scores was exactly the score of test mode. In a deeper network there are ReLUs in between, so test mode is
# only an approximation (Srivastava et al., 2014). How good is it? We draw random masks for the network with $p = 0.5$,
# and compare three predictions: that of a single random member, the average of the predictions of 50 members, and that
# of test mode.


# %%
def member(net, images, p):
    h = images
    for i in (1, 2):
        h, _ = layers.affine_forward(h, net.params[f"W{i}"], net.params[f"b{i}"])
        h, _ = layers.relu_forward(h)
        h, _ = layers.dropout_forward(h, {"mode": "train", "p": p})
    scores, _ = layers.affine_forward(h, net.params["W3"], net.params["b3"])
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)  # probabilities


# %% tags=["nbval-ignore-output", "numbers-within-0.06"]
np.random.seed(0)
labels = data["y_val"]
members = np.array([member(trained[0.5][0], data["X_val"], 0.5) for _ in range(50)])
alone = np.mean(members.argmax(axis=2) == labels)
together = np.mean(members.mean(axis=0).argmax(axis=1) == labels)
print(f"one member (mean of 50): accuracy {alone:.3f}")
print(f"average of 50 members:   accuracy {together:.3f}")
print(f"test mode:               accuracy {histories[0.5]['val'][-1, 0]:.3f}")

# %% [markdown]
# The average is better than the single members, and test mode comes close to the average in a single forward pass
# instead of fifty.

# %% [markdown] tags=["question"]
# **Question 3.** Look at the first figure of this notebook again. If the backward pass drew a new mask, which units
# could get a gradient although they had no effect on the loss? Why is that wrong? With a fixed `seed`, every forward
# pass draws the same mask. What would such a seed do to training, and what is it good for?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The crossed-out units could get one, because a new mask would switch some of them on, while some units that did have
# an effect would get none. The gradient belongs to the function that was computed, and a different mask is a different
# function. With a fixed seed the masks are the same in every step, one for each row of the minibatch. So instead of
# $2^H$ networks, we would train only as many as the minibatch has examples. A fixed seed is useful for numeric gradient
# checks, which need a loss that is the same in every call.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * In training, dropout keeps each entry with probability $p$ and divides it by $p$. At test time it does nothing. So the
#   expected value stays the same.
# * With dropout, a network fits the training images less well, and its predictions are less confident. This helps
#   networks that overfit.
# * Dropout trains many networks that share their weights. Test mode approximates the average of their predictions.
# * A related idea is *stochastic depth*. It leaves out whole layers at random, in networks whose layers add something
#   to their input and can therefore be skipped. At test time all layers are used.
# * Dropout and batch normalisation work differently in training and at test time. A common mistake is to forget to
#   switch between the two modes.
