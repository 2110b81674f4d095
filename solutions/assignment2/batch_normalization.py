# %% [markdown]
# # Batch normalisation
#
# The previous notebook showed that a deep network may learn poorly, or not at all, if its initial weights are too small
# or too large. Batch normalisation is a layer that makes a network far less sensitive to the size of the initial
# weights, and to the learning rate. It gives every feature mean 0 and standard deviation 1 over the batch, and then
# lets training choose a better mean and standard deviation. Its backward pass is the most demanding in the course, so
# you derive it here in small steps and check each of them.
#
# You will edit two files (click to open them):
#
# * [`cs231n/layers.py`](../../cs231n/layers.py):
#   `batchnorm_forward`, `batchnorm_backward`, `batchnorm_backward_alt`, `layernorm_forward`,
#   `layernorm_backward`,
# * [`cs231n/classifiers/fc_net.py`](../../cs231n/classifiers/fc_net.py): normalisation inside `FullyConnectedNet`,
#
# and ten short cells in this notebook.

# %%
from cs231n import layers
from cs231n.figures import networks, normalization
from cs231n.notebook import checks, np, plt, progress, timed

# %% [markdown]
# The data are prepared as before: the images are centred, and divided by the standard deviation of the pixels. To save
# time, we use only 2,000 training images, and average each square of 2 × 2 pixels, which leaves 16 × 16 × 3 numbers for
# each image.

# %%
from cs231n.training import images_for_a_network

full = images_for_a_network(num_training=2000)
y_train, y_val = full["y_train"], full["y_val"]
X_train, X_val = (
    full[part].reshape(-1, 3, 16, 2, 16, 2).mean(axis=(3, 5))
    for part in ("X_train", "X_val")
)

# %% [markdown]
# ## A deep network that does not learn
#
# In the previous notebook, a network with four hidden layers, whose weights were drawn with a standard deviation of
# $\sigma = 0.01$, failed to memorise even fifty images. Here is such a network again, together with one that starts
# with $\sigma = \sqrt{2/D}$, where $D$ is the number of inputs of each layer. Both are trained with plain `sgd`.

# %%
from cs231n.classifiers import FullyConnectedNet


def make_net(normalization=None, he=False, hidden=4):
    np.random.seed(0)
    net = FullyConnectedNet([100] * hidden, X_train[0].size, normalization=normalization)
    for name, W in net.params.items():
        if he and name.startswith("W"):
            W *= np.float32(np.sqrt(2 / len(W)) / 0.01)  # σ was 0.01
    return net


# %%
def learn(net, X, y, rate, epochs=6, batch=100):
    losses, rng = [], np.random.default_rng(0)
    with np.errstate(all="ignore"):  # the loss may overflow, which is one of the results
        for _ in range(epochs):
            for rows in np.array_split(rng.permutation(len(X)), len(X) // batch):
                loss, grads = net.loss(X[rows], y[rows])
                losses.append(loss)
                for name, gradient in grads.items():
                    net.params[name] -= rate * gradient
    return losses


# %%
def learn_fifty(name, net):
    losses = learn(net, X_train[:50], y_train[:50], 0.02, epochs=80, batch=25)
    right = np.mean(net.loss(X_train[:50]).argmax(axis=1) == y_train[:50])
    start, end = losses[0], np.mean(losses[-10:])
    print(
        f"{name}: loss {start:.2f} at the start, {end:.2f} at the end, {right:.0%} correct"
    )


# %% tags=["nbval-ignore-output", "numbers-within-0.05"]
learn_fifty("σ = 0.01", make_net())
learn_fifty("σ = √(2/D)", make_net(he=True))

# %% [markdown]
# With $\sigma = 0.01$ the loss stays near $\log 10 = 2.30$, the loss of guessing. The network has learned little more
# than which classes are frequent among the fifty images. To see why, look at the gradients. What matters is the size of
# a gradient relative to the weights that it changes, so we plot $\lVert dW_i \rVert / \lVert W_i \rVert$ for every
# layer, before the first step. The effect is easier to see with ten hidden layers.


# %%
def gradient_norms(net):
    _, grads = net.loss(X_train[:100], y_train[:100])
    names = [f"W{i}" for i in range(1, net.num_layers + 1)]
    return [np.linalg.norm(grads[w]) / np.linalg.norm(net.params[w]) for w in names]


# %%
norms = {
    "σ = 0.01": gradient_norms(make_net(hidden=10)),
    "σ = √(2/D)": gradient_norms(make_net(he=True, hidden=10)),
}
axis_names = "layer (11: the scores)", "norm of dW / norm of W"
title = "With σ = 0.01, no layer gets a gradient of a useful size"
networks.labelled(range(1, 12), norms, title, *axis_names, log="y")
plt.show()
for name, ratios in norms.items():
    print(f"{name}: median {np.median(ratios):.0e}")

# %% [markdown] tags=["question"]
# **Question 1.** In the figure the line for $\sigma = 0.01$ is nearly level, although the signal shrinks in every layer
# on the way forward. Which two factors make up $dW_i$, and how does each of them depend on $i$? How large would the
# learning rate have to be for the first step to change the weights by one percent?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# $dW_i$ is the product of the input of layer i (transposed) and the gradient with respect to its output. The input has
# been through all $i - 1$ earlier layers, and has shrunk by about the same factor in each of them. The gradient has
# come back through the other $11 - i$ layers, and has shrunk by about the same factor in each. So the product has about
# the same number of small factors for every i. The line is near 1e-11, so a step of one percent would need a learning
# rate of about 1e9. Such a rate would be far too large as soon as the weights had grown.
# ### END SOLUTION

# %% [markdown]
# ## Normalise
#
# With good initial weights, the numbers in the network have a reasonable size at the start of training. Batch
# normalisation takes care of their size in *every* step. Take one feature (one hidden unit), and its values for a batch
# of three examples, $x = (1, 2, 6)$. Subtract the mean, divide by the standard deviation, then multiply by $\gamma = 2$
# and add $\beta = 1$:

# %%
one_feature = np.array([1.0, 2.0, 6.0])
mu, sigma = np.mean(one_feature), np.std(one_feature)
x_hat = (one_feature - mu) / sigma
print(f"mean {mu:.2f}, standard deviation {sigma:.2f}")
print("normalised:", x_hat.round(2), "   out:", (2 * x_hat + 1).round(2))

# %% [markdown]
# In general, for a batch of $N$ examples and for each feature separately:
#
# $$\mu = \frac1N \sum_i x_i, \qquad \sigma^2 = \frac1N \sum_i (x_i - \mu)^2, \qquad
# \hat x_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad \text{out}_i = \gamma \hat x_i + \beta$$
#
# * $\epsilon$ is small. It prevents a division by 0 if a feature has the same value for all examples.
# * $\gamma$ and $\beta$ are parameters, one pair for each feature, and they are learned like weights. With $\gamma =
#   \sigma$ and $\beta = \mu$ the layer would undo the normalisation, so the network can still represent everything that
#   it could represent before.
# * At test time there may be only one example, and its scores must not depend on the other examples of a batch. So
#   during training the layer keeps **running averages** of $\mu$ and $\sigma^2$, and uses them in test mode.
#
# Write `batchnorm_forward`.

# %%
checks.run("batchnorm_forward")

# %% [markdown]
# The next figure shows four features with very different means and standard deviations, and what the layer does to
# them.

# %%
rng = np.random.default_rng(0)
x = rng.normal([4, -1, 0, -5], [0.3, 2, 0.1, 1], size=(500, 4))
gamma, beta = np.array([1, 0.5, 1, 0.5]), np.array([0, 2, 0, -2])
normalised, _ = layers.batchnorm_forward(x, np.ones(4), np.zeros(4), {"mode": "train"})
out, _ = layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
normalization.distributions({"before": x, "normalised": normalised, "after γ and β": out})
plt.show()

# %% [markdown]
# The next figure shows the running average of the batch means, for three values of `momentum`. The batches of 20
# numbers come from a distribution with mean 2 and standard deviation 3. The average starts at 0. The closer `momentum`
# is to 1, the longer the average remembers the past: it takes longer to reach 2, and then fluctuates less.


# %%
def running_means(momentum, batches=120):
    rng, bn_param = np.random.default_rng(1), {"mode": "train", "momentum": momentum}
    means = []
    for _ in range(batches):
        batch = rng.normal(2, 3, (20, 1))
        layers.batchnorm_forward(batch, np.ones(1), np.zeros(1), bn_param)
        means.append(bn_param["running_mean"].item())
    return means


# %%
history = {f"momentum {m}": running_means(m) for m in (0.5, 0.9, 0.98)}
title = "A larger momentum gives a slower and steadier running mean"
ax = networks.labelled(range(1, 121), history, title, "batch", "running mean")
ax.axhline(2, color="grey", linestyle=":")
plt.show()

# %% [markdown]
# ## Back through the graph
#
# The formula consists of eight steps. In a graph, each of them is a gate, just as in the notebook on backpropagation,
# but with arrays on the wires. The output of gate 5 is called $s = 1 / \sqrt{\sigma^2 + \epsilon}$. Our batch has three
# examples and two features. The figures show the first feature, $(1, 2, 6)$. The second feature is there so that a
# wrong `axis` shows up.

# %%
N, gamma, beta = 3, np.array([2.0, 1.5]), np.array([1.0, -1.0])
x = np.array([[1.0, 4.0], [2.0, 0.0], [6.0, 2.0]])
mean = x.sum(axis=0) / N  # gate 1
centred = x - mean  # gate 2
squares = centred**2  # gate 3
variance = squares.sum(axis=0) / N  # gate 4
scale = 1 / np.sqrt(variance + 1e-5)  # gate 5
normalised = centred * scale  # gate 6
scaled = gamma * normalised  # gate 7
out = scaled + beta  # gate 8

# %%
values = {"x": x, "mean": mean, "centred": centred, "squares": squares}
values |= {"variance": variance, "scale": scale, "normalised": normalised}
values |= {"scaled": scaled, "out": out}
title = "Forward: x feeds gates 1 and 2, and x − μ feeds gates 3 and 6"
normalization.batch_graph(values, title)
plt.show()

# %% [markdown]
# The mean and the variance depend on all $x_i$. So each $x_i$ affects the loss along three paths: directly, through
# $\mu$, and through $\sigma^2$. We go back through the gates from 8 to 1. In addition to each gate's own slope, we need
# two rules:
#
# * **Where a value feeds two gates, its gradients add up.** That happens at $x$ and at $x - \mu$.
# * **Where one number is used for all examples, its gradient is a sum over the examples.** That happens to $\mu$, $s$,
#   $\gamma$ and $\beta$. Conversely, a sum over the examples passes its gradient on to every one of them.
#
# Suppose that of the three outputs of the first feature, only that of the first example affects the loss: the first
# column of `dout` is $(1, 0, 0)$. After each gate, `judge` compares your gradient with a numeric one, and tells you if
# something is wrong with it. Gates 8 and 7 are done for you.

# %%
from cs231n.gradient_check import eval_numerical_gradient_array, in_words


def judge(name, found, gate, at, dout):
    print(in_words(name, found, eval_numerical_gradient_array(gate, at, dout)))


# %%
dout = np.array([[1.0, 0.5], [0.0, -1.0], [0.0, 2.0]])
dscaled, dbeta = dout, dout.sum(axis=0)  # gate 8: scaled + beta
dnormalised = dscaled * gamma  # gate 7: gamma * normalised
dgamma = np.sum(dscaled * normalised, axis=0)
judge("dbeta", dbeta, lambda b: scaled + b, beta, dout)
judge("dnormalised", dnormalised, lambda v: gamma * v, normalised, dscaled)
judge("dgamma", dgamma, lambda v: v * normalised, gamma, dscaled)

# %% [markdown]
# **Gate 6**, $\hat x_i = (x_i - \mu)\, s$, is a product. Its second factor $s$ is the same for all examples. The part
# of the gradient that comes back to $x - \mu$ from this gate is called `dcentred_6`.

# %%
### BEGIN SOLUTION
# TODO: set dcentred_6, (N, D), and dscale, (D,), from dnormalised, centred and scale.
dcentred_6 = dnormalised * scale
dscale = (dnormalised * centred).sum(axis=0)
### END SOLUTION
judge("dcentred_6", dcentred_6, lambda v: v * scale, centred, dnormalised)
judge("dscale", dscale, lambda v: centred * v, scale, dnormalised)

# %% [markdown]
# **Gate 5** computes $s = (\sigma^2 + \epsilon)^{-1/2}$. Express its slope in terms of $s$ itself: which power of $s$
# is $(\sigma^2 + \epsilon)^{-3/2}$?

# %%
### BEGIN SOLUTION
# TODO: set dvariance, (D,), from dscale and scale.
dvariance = -0.5 * scale**3 * dscale
### END SOLUTION
judge("dvariance", dvariance, lambda v: 1 / np.sqrt(v + 1e-5), variance, dscale)

# %% [markdown]
# **Gate 4**, $\sigma^2 = \frac1N \sum_i (x_i - \mu)^2$, is the mean of the squares over the batch, so each of them has
# the same weight.

# %%
### BEGIN SOLUTION
# TODO: set dsquares, (N, D), from dvariance and N.
#   Its rows are all equal; np.ones((N, 1)) helps.
dsquares = np.ones((N, 1)) * dvariance / N
### END SOLUTION
judge("dsquares", dsquares, lambda v: v.sum(axis=0) / N, squares, dvariance)

# %% [markdown]
# **Gate 3** squares its input. Once you have gone back through it, both parts of the gradient with respect to $x - \mu$
# are known, and the gradient is their sum.

# %%
### BEGIN SOLUTION
# TODO: set dcentred_3, (N, D), from dsquares and centred.
dcentred_3 = 2 * centred * dsquares
### END SOLUTION
judge("dcentred_3", dcentred_3, lambda v: v**2, centred, dsquares)
dcentred = dcentred_6 + dcentred_3

# %% [markdown]
# **Gate 2**, $x_i - \mu$, is a difference. The same $\mu$ is subtracted from every example.

# %%
### BEGIN SOLUTION
# TODO: set dx_2, (N, D), the part of dx that comes back from this gate, and dmean, (D,).
#   Both follow from dcentred.
dx_2 = dcentred
dmean = -dcentred.sum(axis=0)
### END SOLUTION
judge("dx_2", dx_2, lambda v: v - mean, x, dcentred)
judge("dmean", dmean, lambda v: x - v, mean, dcentred)

# %% [markdown]
# **Gate 1** is a mean again. The last line of the cell compares the sum of the two parts, `dx`, with the numeric
# gradient of your whole `batchnorm_forward`.

# %%
### BEGIN SOLUTION
# TODO: set dx_1, (N, D), the part of dx that comes back from this gate.
#   It follows from dmean and N.
dx_1 = np.ones((N, 1)) * dmean / N
### END SOLUTION
judge("dx_1", dx_1, lambda v: v.sum(axis=0) / N, x, dmean)
dx = dx_1 + dx_2
whole = {"mode": "train"}
judge("dx", dx, lambda v: layers.batchnorm_forward(v, gamma, beta, whole)[0], x, dout)

# %%
gradients = {"x": dx, "x_1": dx_1, "x_2": dx_2, "mean": dmean, "centred": dcentred}
gradients |= {"centred_3": dcentred_3, "centred_6": dcentred_6, "squares": dsquares}
gradients |= {"variance": dvariance, "scale": dscale, "normalised": dnormalised}
gradients |= {"scaled": dscaled, "out": dout}
title = "Backward: only one output affects the loss, but every x gets a gradient"
normalization.batch_graph(values, title, gradients)
plt.show()

# %% [markdown]
# Now put the eight gates together in `batchnorm_backward`.

# %%
checks.run("batchnorm_backward")

# %% [markdown]
# Two facts about `dx` follow from what the layer does. Adding the same number to all $x_i$ does not change the outputs,
# so the sum of `dx` over the batch is 0. Stretching all $x_i$ about their mean does not change the outputs either
# (apart from the effect of $\epsilon$), so the sum of $dx_i\,(x_i - \mu)$ is 0 too.

# %%
_, cache = layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
dx, dgamma, dbeta = layers.batchnorm_backward(dout, cache)
print("dx of the first feature:", dx[:, 0].round(2))
print(f"sum of dx: {abs(dx[:, 0].sum()):.2f}")
print(f"sum of dx times (x - mean): {abs((dx * centred)[:, 0].sum()):.2f}")

# %% [markdown]
# ## One formula
#
# If you substitute the formulas of the gates into one another, they become one short formula. Four steps lead to it.
# Each step has a blank, $\boxed{\;?\;}$, for you to fill in; the cell below it compares the result with the gradients
# of the graph. We write $g_i = \gamma\, d\text{out}_i$ for the gradient with respect to $\hat x_i$, which is
# `dnormalised` above. Remember that $x_i - \mu = \hat x_i / s$.
#
# **Step 1.** Gates 6 and 5 together give the gradient with respect to the variance. Replace $x_j - \mu$ by
# $\hat x_j / s$, and collect the powers of $s$:
#
# $$d\sigma^2 \;=\; -\tfrac12\, s^3 \sum_j g_j\,(x_j - \mu) \;=\; -\tfrac12\, s^{\boxed{?}} \sum_j g_j\, \hat x_j$$

# %%
g = dnormalised
### BEGIN SOLUTION
# TODO: set power to the number in the box.
power = 2
### END SOLUTION
step_1 = -0.5 * scale**power * np.sum(g * normalised, axis=0)
print(in_words("dvariance of step 1", step_1, dvariance))

# %% [markdown]
# **Step 2.** Add the two parts of the gradient with respect to $x_i - \mu$, substitute the result of step 1, and factor
# out $s$:
#
# $$d(x_i - \mu) \;=\; s\, g_i + \tfrac2N (x_i - \mu)\, d\sigma^2 \;=\; s \left( g_i - \hat x_i \cdot \boxed{?} \right)$$

# %%
### BEGIN SOLUTION
# TODO: set mean_product to what is in the box: for each feature, a mean over the batch.
#   Use g and normalised.
mean_product = np.sum(g * normalised, axis=0) / N
### END SOLUTION
step_2 = scale * (g - normalised * mean_product)
print(in_words("dcentred of step 2", step_2, dcentred))

# %% [markdown]
# **Step 3.** The gradient with respect to the mean is minus the sum of the result of step 2 over the batch. The last
# sum has the same value for every batch. Which value?
#
# $$d\mu \;=\; -\sum_i d(x_i - \mu) \;=\; -s \left( \sum_i g_i - \boxed{?} \cdot \tfrac1N \sum_j g_j\, \hat x_j \right)
# \qquad \text{with} \quad \boxed{?} = \sum_i \hat x_i$$

# %%
### BEGIN SOLUTION
# TODO: set sum_of_normalised to the number in the box.
sum_of_normalised = 0
### END SOLUTION
step_3 = -scale * (g.sum(axis=0) - sum_of_normalised * mean_product)
print(in_words("dmean of step 3", step_3, dmean))

# %% [markdown]
# **Step 4.** Finally, add the gradient that comes back directly and the one that comes back through the mean:
#
# $$dx_i \;=\; d(x_i - \mu) + \tfrac1N\, d\mu \;=\;
# s \left( g_i - \boxed{?} - \hat x_i \cdot \tfrac1N \sum_j g_j\, \hat x_j \right)$$

# %%
### BEGIN SOLUTION
# TODO: set mean_g to what is in the box: for each feature, a mean over the batch.
mean_g = g.sum(axis=0) / N
### END SOLUTION
step_4 = scale * (g - mean_g - normalised * mean_product)
print(in_words("dx of step 4", step_4, dx_1 + dx_2))

# %% [markdown]
# In words: take the gradient $g$, subtract its mean, subtract its part along $\hat x$, and multiply by $s$. The two
# parts that are subtracted belong to the two changes to $x$ that have no effect: shifting and stretching. Here are the
# numbers for the first feature:

# %%
first = {"g": g, "mean of g": mean_g, "mean of g x̂": mean_product, "s": scale, "dx": dx}
for name, numbers in first.items():
    print(f"{name:13}", np.round(numbers[..., 0], 2))

# %% [markdown]
# Write the formula into `batchnorm_backward_alt`.

# %%
checks.run("batchnorm_backward_alt")

# %% [markdown]
# The formula is not only shorter than the graph. It also makes fewer passes over the batch:

# %% tags=["nbval-ignore-output"]
big = np.random.default_rng(0).normal(size=(500, 1000))
_, cache = layers.batchnorm_forward(big, np.ones(1000), np.zeros(1000), {"mode": "train"})
graph = timed(layers.batchnorm_backward, big, cache)
formula = timed(layers.batchnorm_backward_alt, big, cache)
print(f"gate by gate {1e3 * graph:.1f} ms, one formula {1e3 * formula:.1f} ms")

# %% [markdown]
# ## Layer normalisation
#
# Batch normalisation normalises the columns of $x$. **Layer normalisation** (Ba, Kiros and Hinton, 2016) normalises the
# rows: each *example* is normalised over its own features. In our small batch, the second example is the row $(2, 0)$.
# It has mean 1 and standard deviation 1, so it becomes $(1, -1)$, whatever the other examples are.
#
# $$\mu_n = \frac1D \sum_d x_{nd}, \qquad \sigma_n^2 = \frac1D \sum_d (x_{nd} - \mu_n)^2, \qquad
# \text{out}_{nd} = \gamma_d\, \frac{x_{nd} - \mu_n}{\sqrt{\sigma_n^2 + \epsilon}} + \beta_d$$
#
# The outputs of an example do not depend on the other examples. So there are no running averages, training and test
# mode are the same, and a batch may be as small as you like. Note that $\gamma$ and $\beta$ still belong to the
# features.

# %%
checks.run("layernorm_forward")

# %%
checks.run("layernorm_backward")

# %%
small, _ = layers.layernorm_forward(x, np.ones(2), np.zeros(2), {})
print("(2, 0) becomes", small[1].round(2))

# %%
rng = np.random.default_rng(2)
table = rng.normal(size=(6, 8)) * rng.uniform(0.2, 2, 8) + rng.normal(size=(6, 1))
ones, zeros = np.ones(8), np.zeros(8)
columns, _ = layers.batchnorm_forward(table, ones, zeros, {"mode": "train"})
rows, _ = layers.layernorm_forward(table, ones, zeros, {})
normalization.rows_and_columns(table, columns, rows)
plt.show()

# %% [markdown] tags=["question"]
# **Question 2.** In the left panel, example 0 is mostly purple (positive) and example 3 mostly brown (negative). In which
# of the other two panels can you still see that, and why not in the other one? If example 3 were replaced by a
# different image, which of the numbers in row 0 would change in each panel?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# In the middle panel: batch normalisation subtracts the same number from a whole column, so differences between
# examples remain. Layer normalisation subtracts the mean of each row, so a row that was mostly positive no longer is.
# In the middle panel all numbers of row 0 would change, since the means and standard deviations of all columns depend
# on example 3. In the other two panels none would.
# ### END SOLUTION

# %% [markdown]
# **Group normalisation** (Wu and He, 2018) lies between the two. It splits the features of an example into $G$ groups,
# and normalises every group by its own mean and standard deviation. With eight features and $G = 2$, each row of the
# figure above would be split into two groups of four numbers. With $G = 1$ it is the same as layer normalisation. Like
# layer normalisation, it does not depend on the batch, but a few features with large values affect only their own
# group. It is made for images, where a group consists of several channels, and you write it in the notebook on
# convolutional networks.
#
# ## Inside the network
#
# Each hidden layer becomes affine – normalisation – ReLU. `FullyConnectedNet` keeps a `gamma` and a `beta` for each of
# them in `params`, and a dictionary for each in `bn_params`. The last layer is not normalised: scores may have any
# mean.

# %%
checks.run("FullyConnectedNet_normalization")

# %% [markdown]
# Let us return to the network that did not learn. We add batch normalisation, and change nothing else: the weights, the
# learning rate and the fifty images are the same as before.

# %% tags=["nbval-ignore-output", "numbers-within-0.1"]
learn_fifty("no normalisation, σ = 0.01", make_net())
learn_fifty("batch norm, σ = 0.01", make_net("batchnorm"))

# %% [markdown]
# The next figure repeats the figure of the gradients from the beginning of this notebook, with two normalised networks
# added. As before, there are ten hidden layers, and no step has been taken yet:

# %%
norms["batch norm, σ = 0.01"] = gradient_norms(make_net("batchnorm", hidden=10))
norms["layer norm, σ = 0.01"] = gradient_norms(make_net("layernorm", hidden=10))
title = "With normalisation, every layer gets a gradient, in spite of σ = 0.01"
networks.labelled(range(1, 12), norms, title, *axis_names, log="y")
plt.show()

# %% [markdown]
# ## Learning rates
#
# A good start, $\sqrt{2/D}$, gives useful gradients too. So what else does normalisation do? We train four networks,
# each with four hidden layers, on all 2,000 images. The learning rates go from 0.003 to 3, a factor of 1,000.

# %%
KINDS = {
    "no normalisation, √(2/D)": {"he": True},
    "batch norm, σ = 0.01": {"normalization": "batchnorm"},
    "layer norm, σ = 0.01": {"normalization": "layernorm"},
    "no normalisation, σ = 0.01": {},
}


# %%
def validation_accuracy(net):
    with np.errstate(all="ignore"):
        return np.mean(net.loss(X_val).argmax(axis=1) == y_val)


# %% tags=["nbval-ignore-output"]
rates = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
by_rate = {name: [] for name in KINDS}
for name, start in progress(list(KINDS.items()), "four networks"):
    for rate in rates:
        net = make_net(**start)
        learn(net, X_train, y_train, rate)
        by_rate[name].append(validation_accuracy(net))

# %% tags=["nbval-ignore-output"]
title = "Batch norm learns at rates at which the plain network diverges"
labels = "learning rate", "validation accuracy after 6 epochs"
networks.labelled(rates, by_rate, title, *labels, log="x", bottom=0)
plt.show()

# %% tags=["nbval-ignore-output", "numbers-within-3"]
for name, accuracies in by_rate.items():
    best = max(accuracies)
    good = [rate for rate, a in zip(rates, accuracies, strict=True) if a > 0.8 * best]
    within = f"80 % of that for rates from {good[0]:g} to {good[-1]:g}"
    print(f"{name}: best accuracy {best:.2f}, {within if best > 0.2 else 'not learning'}")

# %% [markdown]
# Without normalisation and with $\sigma = 0.01$, the network does not learn at any of these rates. With a good start it
# learns as well as the others, but only if the rate is right: at the larger rates, it diverges. Batch normalisation does
# not need the good start, and works for a much wider range of rates. In practice, that is perhaps its most useful
# property: you spend less time searching for a good rate.
#
# Why does the network with batch normalisation not diverge at large rates? Multiply the weights $W$ and biases $b$ of a
# hidden layer by 10. The normalised output of the layer stays the same, since the mean and the standard deviation are
# multiplied by 10 as well. But the same *change* in $W$ now matters only a tenth as much, so the gradient with respect
# to $W$ is a tenth as large:

# %%
for factor in (1, 10):
    net = make_net("batchnorm")
    net.params["W2"] *= np.float32(factor)
    loss, grads = net.loss(X_train[:100], y_train[:100])
    norm = np.linalg.norm(grads["W2"])
    print(f"W2 times {factor}: loss {loss:.2f}, norm of dW2 {norm:.2g}")

# %% [markdown]
# So large steps slow themselves down: if a step makes $W$ longer, the next gradient is smaller, and the direction of
# $W$ changes less. Here is the norm of $W_2$ before and after training, for a small and for a large learning rate:

# %% tags=["nbval-ignore-output", "numbers-within-3"]
for rate in (0.01, 1):
    net = make_net("batchnorm")
    before = np.linalg.norm(net.params["W2"])
    learn(net, X_train, y_train, rate)
    after = np.linalg.norm(net.params["W2"])
    print(f"rate {rate}: norm of W2 before training {before:.1f}, after it {after:.1f}")

# %% [markdown] tags=["question"]
# **Question 3.** Look at the figure: with batch normalisation, by what factor can the learning rate change before the
# accuracy suffers, and by what factor with $\sqrt{2/D}$ and no normalisation? A friend tried only one rate, 1, with
# both networks, and concludes that networks without normalisation cannot learn. What does the figure say about this
# conclusion?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# On the stand-in, batch normalisation keeps 80 % of its best accuracy from 0.01 to 3, a factor of 300, and the plain
# network with √(2/D) from 0.01 to 0.1, a factor of 10. On CIFAR-10 the ranges are 0.003 to 3, a factor of 1,000, and
# 0.01 to 0.3, a factor of 30. At a rate of 1 the plain network diverges, but at its own best rate it is about as good
# as the other one. To compare networks, train each of them at its own best rate. It is true, however, that batch
# normalisation makes a good rate easier to find.
# ### END SOLUTION

# %% [markdown]
# ### What is known about why it works
#
# The authors of batch normalisation gave a reason (Ioffe and Szegedy, 2015): while a layer learns, the layers before it
# change too, so the distribution of its inputs drifts. They called this **internal covariate shift**, and wanted to
# reduce it. This explanation is well known, but the evidence is against it. Santurkar and others (2018) shifted and
# scaled the outputs of the normalisation at random, differently in every step, so that the inputs of the next layer
# drifted more than in a plain network. The network still trained about as fast as with ordinary batch normalisation.
# But Santurkar and others found a different effect: along the direction of a step, the loss and its gradient change
# less than without normalisation. The loss is *smoother*, so the gradient remains a good guide over a longer step. How
# much of the benefit is due to each effect, including the self-adjusting length of the steps above, is still a matter
# of research.
#
# ## The forgotten mode
#
# A layer that behaves differently in training and at test time has to know which of the two modes it is in.
# `FullyConnectedNet` sets the mode for you: `loss(X)` without labels uses test mode. Suppose that you write a network
# yourself and forget to set it. The next function computes the scores in either mode, with a copy of each layer's
# `bn_param`, so that the running averages stay as they are.


# %%
def scores(net, images, mode):
    h, params = images, net.params
    for i, bn_param in enumerate(net.bn_params, start=1):
        h, _ = layers.affine_forward(h, params[f"W{i}"], params[f"b{i}"])
        bn_param = bn_param | {"mode": mode}
        gamma, beta = params[f"gamma{i}"], params[f"beta{i}"]
        h, _ = layers.batchnorm_forward(h, gamma, beta, bn_param)
        h, _ = layers.relu_forward(h)
    return layers.affine_forward(h, params[f"W{i + 1}"], params[f"b{i + 1}"])[0]


# %% tags=["nbval-ignore-output", "numbers-within-0.06"]
net = make_net("batchnorm")
learn(net, X_train, y_train, 0.1)
print(f"test mode: validation accuracy {validation_accuracy(net):.2f}")
alone = np.concatenate([scores(net, image[None], "train") for image in X_val])
right = np.mean(alone.argmax(axis=1) == y_val)
print(f"train mode, one image at a time: {right:.2f}")
apart = np.ptp(alone, axis=0).max()
print(f"largest difference between the scores of any two of these images: {apart:.2f}")

# %% [markdown]
# The network and the images are the same in both modes. But if an image is alone in its batch, each of its features
# equals the mean of the batch: every normalised feature is 0, and all images get the same scores. There is no error
# message. Larger batches hide the bug, but do not remove it. In the next figure the validation images are classified in
# batches, in train mode: once in random order, and once sorted by class, as they might be stored in folders. For
# comparison, the figure also shows test mode.


# %%
def in_batches(order, mode, size):
    parts = np.array_split(order, len(order) // size)
    said = [scores(net, X_val[rows], mode).argmax(axis=1) for rows in parts]
    return np.mean(np.concatenate(said) == y_val[order])


# %%
sizes = (1, 2, 5, 10, 20, 50)
mixed = np.random.default_rng(0).permutation(len(y_val))
by_class = np.argsort(y_val, kind="stable")
orders = {"test mode": (mixed, "test"), "train mode, mixed batches": (mixed, "train")}
orders["train mode, one class each"] = (by_class, "train")

# %% tags=["nbval-ignore-output"]
bug = {
    name: [in_batches(*how, size) for size in sizes]
    for name, how in progress(list(orders.items()), "three ways")
}
title = "In train mode, an answer depends on the other images in the batch"
labels = "images in a batch", "validation accuracy"
networks.labelled(sizes, bug, title, *labels, log="x", bottom=0)
plt.show()

# %% tags=["nbval-ignore-output", "numbers-within-0.1"]
for name, (first, *_, last) in bug.items():
    print(f"{name}: accuracy {first:.2f} for batches of 1, {last:.2f} for 50")

# %% [markdown]
# Test mode has a weakness of its own: the running averages need time to catch up with the network. Here a network is
# trained twice, with `momentum` 0.9 and 0.99. The line "statistics of the batch" is the accuracy in train mode, with
# all validation images in one batch.


# %%
def while_training(momentum, mode, steps=60):
    net, accuracies = make_net("batchnorm"), []
    for bn_param in net.bn_params:
        bn_param["momentum"] = momentum
    for rows in np.array_split(np.arange(2000), 20) * (steps // 20):
        learn(net, X_train[rows], y_train[rows], 0.03, epochs=1)
        accuracies.append(np.mean(scores(net, X_val, mode).argmax(axis=1) == y_val))
    return accuracies


# %% tags=["nbval-ignore-output"]
ready = {"statistics of the batch": while_training(0.9, "train")}
for momentum in (0.9, 0.99):
    ready[f"test mode, momentum {momentum}"] = while_training(momentum, "test")
title = "Running averages with momentum 0.99 lag behind the network"
networks.labelled(range(1, 61), ready, title, "training step", "validation accuracy")
plt.show()

# %% tags=["nbval-ignore-output", "numbers-within-0.1"]
for name, accuracies in ready.items():
    print(f"{name}: mean accuracy {np.mean(accuracies):.2f} over the 60 steps")

# %% [markdown] tags=["question"]
# **Question 4.** In the first of the last two figures, why does the line for batches of a single class not rise with
# the size of the batch, as the line for mixed batches does? Which images would you have to put into a batch to make the
# bug nearly invisible? In the second figure: what fraction of a running average with momentum 0.99 still comes from its
# initial value, 0, after ten steps, and after sixty?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Normalisation over a batch subtracts what its images have in common. In a batch of a single class, that is mostly what
# is typical of the class, and a larger batch only estimates it more precisely. If a batch is a large random sample of
# all classes, its mean and standard deviation are nearly those of the training set, so the bug is nearly invisible.
# That is why it is often overlooked. After ten steps the initial 0 still has a weight of 0.99^10 = 90 % in the running
# average, and after sixty steps a weight of 0.99^60 = 55 %.
# ### END SOLUTION

# %% [markdown]
# ## The size of a batch
#
# The mean and the variance of a batch are estimates of those of all images. The smaller the batch, the noisier these
# estimates are. To see the effect, we train three networks on 1,000 images for four epochs, with batches of 2 to 64
# images. Smaller batches mean more steps, so we make the learning rate proportional to the size of the batch.

# %% tags=["nbval-ignore-output"]
batches = (2, 4, 8, 16, 32, 64)
by_size = {name: [] for name in list(KINDS)[:3]}
for name, accuracies in progress(list(by_size.items()), "three networks"):
    for size in batches:
        net = make_net(**KINDS[name])
        learn(net, X_train[:1000], y_train[:1000], 0.0005 * size, epochs=4, batch=size)
        accuracies.append(validation_accuracy(net))

# %% tags=["nbval-ignore-output"]
title = "Batch norm needs batches of more than a few images"
labels = "images in a batch", "validation accuracy"
networks.labelled(batches, by_size, title, *labels, log="x", bottom=0)
plt.show()

# %% tags=["nbval-ignore-output", "numbers-within-0.1"]
for name, (first, *_, last) in by_size.items():
    print(f"{name}: accuracy {first:.2f} with batches of 2, {last:.2f} with 64")

# %% [markdown] tags=["question"]
# **Question 5.** In a batch of two images, which two values can a normalised feature have, whatever the images are?
# What do these values still tell you about the images? How does the figure show that layer normalisation does not have
# this problem? What would happen with batches of one image?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# One value is +1 and the other is -1 (apart from the effect of eps, and unless the two images have equal values). They
# only tell you which of the two images had the larger value, and no gradient comes back through them. In the figure,
# batch normalisation is far below the other two for batches of two. Layer normalisation is not, because it compares the
# features of one image with each other. With batches of one, batch normalisation makes every feature 0, so nothing that
# the network computes depends on the image.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * Batch normalisation gives every feature mean 0 and standard deviation 1 over the batch, then scales and shifts it by
#   learned parameters. All layers get gradients of a useful size, even if the initial weights are far too small.
# * A network with batch normalisation learns over a much wider range of learning rates. The reason is probably not that
#   the inputs of the layers drift less, but that the loss becomes smoother.
# * The mean and the variance are functions of the whole batch, so the gradient flows through them too. In total, the
#   backward pass subtracts from the gradient its mean and its part along $\hat x$.
# * Test mode uses running averages. If you forget to set the mode, you get no error message, but answers that depend on
#   the rest of the batch. As long as the averages lag behind, test mode is worse than train mode.
# * Batch normalisation needs batches that are large and mixed. Layer and group normalisation do not depend on the
#   batch.
