# %% [markdown]
# # Deeper networks and better optimisers
#
# In assignment 1, your networks had two layers. Here the number of layers becomes a setting. You also meet two things
# that largely decide whether a deep network learns at all: the size of its initial weights, and the way in which each
# step is computed from the gradients. At the end you search for the best fully connected network that you can find.
#
# You will edit three files (click to open them):
#
# * [`cs231n/classifiers/fc_net.py`](../../cs231n/classifiers/fc_net.py): the network `FullyConnectedNet`,
# * [`cs231n/optim.py`](../../cs231n/optim.py): the update rules `sgd_momentum`, `rmsprop` and `adam`,
# * [`cs231n/regularizers.py`](../../cs231n/regularizers.py): the constraint `max_norm`,
#
# and one cell in this notebook.

# %%
from cs231n import optim, vis_utils
from cs231n.figures import networks
from cs231n.notebook import checks, np, plt, progress

# %% [markdown]
# ## Why more layers?
#
# A layer of ReLUs bends and folds its input. A second layer folds what is already folded. Two hidden units are enough
# to draw one triangular tooth on the interval from 0 to 1:
#
# $$f(x) = 2 \max(0, x) - 4 \max(0, x - \tfrac12)$$
#
# For example, $f(0.25) = 0.5$, $f(0.5) = 1$ and $f(0.75) = 1.5 - 1 = 0.5$. If you apply the same two units to the
# result again and again, you get two teeth, then four, then eight.

# %%
x = np.linspace(0, 1, 257)
lines, folded = {}, x
for depth in range(1, 5):
    folded = 2 * np.maximum(0, folded) - 4 * np.maximum(0, folded - 0.5)
    lines[f"{depth} layers" if depth > 1 else "1 layer"] = folded

# %%
figure, axes = plt.subplots(1, 4, figsize=(11, 2.7), sharey=True)
for ax, (name, values) in zip(axes, lines.items(), strict=True):
    ax.plot(x, values)
    ax.set(title=f"{name} of two units", xlabel="x")
axes[0].set_ylabel("output")
figure.suptitle("Each layer doubles the number of straight pieces")
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** Count the straight pieces in each panel. How many pieces does the function have after ten such
# layers, and how many hidden units do these layers have in total? How many units would a network with one hidden layer
# need for that many pieces?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# 2, 4, 8 and 16. Each layer doubles the number: 2^10 = 1,024 pieces from 20 units. With one hidden layer, each unit
# adds at most one bend, so 1,024 pieces need at least 1,023 units. (Not every function with many bends can be built by
# folding, but where a problem has such a structure, depth is cheap.)
# ### END SOLUTION

# %% [markdown]
# ## The network
#
# A network with $L$ affine layers computes, from the image $h_0 = x$,
#
# $$h_i = \max(0,\; h_{i-1} W_i + b_i) \quad (i < L), \qquad \text{scores} = h_{L-1} W_L + b_L.$$
#
# Its loss is the softmax loss of the scores plus the penalty $\tfrac12 \lambda \sum_i \sum W_i^2$. In code, the forward
# pass is a loop that collects a list of caches, and the backward pass is a loop in the opposite direction. Write
# `__init__` and `loss` of `FullyConnectedNet`. You can leave out `normalization` and dropout for now: the next two
# notebooks explain them.

# %%
checks.run("FullyConnectedNet_init")

# %%
checks.run("FullyConnectedNet_loss")

# %% [markdown]
# Now test the network yourself, with one, two and four hidden layers. With small weights and without a penalty, the
# loss is about $\log 10 = 2.3$; the penalty makes it larger. The gradients should agree with the numeric ones. Near the
# kink of a ReLU a numeric gradient is less accurate, and with many units there is almost always a kink nearby, so do
# not worry about a relative error of a few times 1e-6.

# %%
from cs231n.classifiers import FullyConnectedNet
from cs231n.gradient_check import eval_numerical_gradient, relative_error

rng = np.random.default_rng(0)
X_few, y_few = rng.normal(size=(6, 8)), rng.integers(0, 10, 6)


# %%
def worst_error(net):
    def loss(_):
        return net.loss(X_few, y_few)[0]

    grads = net.loss(X_few, y_few)[1]
    pairs = [
        (eval_numerical_gradient(loss, net.params[name], verbose=False), grads[name])
        for name in grads
    ]
    return max(relative_error(numeric, found) for numeric, found in pairs)


# %% tags=["nbval-ignore-output"]
for dims in ([7], [7, 5], [7, 6, 5, 4]):
    for reg in (0.0, 0.5):
        np.random.seed(1)
        net = FullyConnectedNet(dims, 8, weight_scale=0.3, reg=reg, dtype=np.float64)
        loss = net.loss(X_few, y_few)[0]
        print(f"{dims}, λ = {reg}: loss {loss:.2f}, relative error {worst_error(net):.0e}")

# %% [markdown]
# ## How large should the weights be?
#
# First we load the data. As in assignment 1, the images are centred and divided by the standard deviation of the
# pixels.

# %%
from cs231n.training import few, images_for_a_network, train

data = images_for_a_network()

# %% [markdown]
# A network with two layers is not very sensitive to the size of its initial weights. A deep one is. To see why, we send
# images through ten hidden layers of 200 units, whose weights are drawn from a normal distribution with standard
# deviation $\sigma$, and look at how widely the outputs of each layer are spread.


# %%
def outputs(images, sigma, depth=10, width=200):
    rng, h, layers = np.random.default_rng(1), images.reshape(len(images), -1), []
    for _ in range(depth):
        scale = np.sqrt(2 / h.shape[1]) if sigma is None else sigma
        h = np.maximum(0, h @ rng.normal(0, scale, (h.shape[1], width)))
        layers.append(h)
    return layers


# %%
images = data["X_train"][:300]
scales = {"σ = 0.01": 0.01, "σ = 0.05": 0.05, "σ = 0.2": 0.2, "σ = √(2/D)": None}
by_scale = {name: outputs(images, sigma) for name, sigma in scales.items()}

# %%
spreads = {name: [h.std() for h in layers] for name, layers in by_scale.items()}
title = "Only σ = √(2/D) keeps the outputs at the same size"
axis_names = "hidden layer", "standard deviation of the outputs"
networks.labelled(range(1, 11), spreads, title, *axis_names, log="y")
plt.show()

# %%
title = "With a wrong σ, each layer multiplies the outputs by the same factor"
networks.activations(by_scale, title)
plt.show()

# %% [markdown]
# If the weights are too small, the signal (the outputs of the hidden units) dies out: after ten layers, all images give
# practically the same scores. Since $h_{i-1}$ is a factor of the gradient with respect to $W_i$, this gradient is
# practically 0 as well, so nothing is learned. If the weights are too large, the signal explodes, and so do the
# gradients. In between, there is a size of the weights for which the signal stays as large as it was.
#
# To find this size, follow one hidden unit. It adds up $D$ products of a weight and an input, so the mean square of the
# sum is $D\,\sigma^2$ times the mean square of the inputs. The ReLU sets about half of the sums to 0, which halves the
# mean square. With $D = 200$ and $\sigma = 0.05$, for example, each layer multiplies the mean square by $\tfrac12 \cdot
# 200 \cdot 0.05^2 = 0.25$, so the outputs are halved in each layer. They keep their size if
#
# $$\tfrac12\, D\, \sigma^2 = 1 \quad\Longleftrightarrow\quad \sigma = \sqrt{2 / D}$$
#
# where $D$ is the number of *inputs of that layer* (He and others, 2015). The next cell compares the predicted factor,
# $\sqrt{D/2}\,\sigma$, with the measured one: the average factor per layer between the first hidden layer and the last.

# %%
for name, sigma in list(scales.items())[:3]:
    measured = (spreads[name][-1] / spreads[name][0]) ** (1 / 9)
    print(f"{name}: predicted {np.sqrt(200 / 2) * sigma:.2f}, measured {measured:.2f}")

# %% [markdown]
# `FullyConnectedNet` has one `weight_scale` for all layers, so we rescale its weights after it has been created.


# %%
def he(net):
    for i in range(1, net.num_layers + 1):
        W = net.params[f"W{i}"]
        W *= np.float32(np.sqrt(2 / len(W)) / W.std())
    return net


# %%
np.random.seed(0)
net = he(FullyConnectedNet([200] * 10))
scores = net.loss(images)
print(f"standard deviation of the scores after ten hidden layers: {scores.std():.1f}")

# %% [markdown] tags=["question"]
# **Question 2.** Read from the first of the two figures how much smaller the outputs of layer 10 are than those of
# layer 1 with $\sigma = 0.05$, and how much larger they are with $\sigma = 0.2$. Explain both with the factors printed
# above. Where does the factor 2 in $\sqrt{2/D}$ come from? By what factor would the outputs shrink over ten layers with
# $\sigma = \sqrt{1/D}$? And what would happen if all weights started at 0?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# With σ = 0.05 they are about 500 times smaller, since each of the nine layers from 2 to 10 halves them. With σ = 0.2
# they are about 500 times larger, since each of these layers doubles them: √(½ · 200 · 0.2²) = 2, and 2^9 = 512. The
# ReLU sets about half of the values to 0, which halves the mean square; the factor 2 makes up for this. Without this
# factor, the mean square is halved in every layer, so after ten layers the outputs are only √(1/2)^10 = 1/32 as large.
# With weights of 0, the signal is 0 after one layer. Then the gradients with respect to all W are 0, and only the last
# bias learns. The units of a layer are equal, and stay equal.
# ### END SOLUTION

# %% [markdown]
# ## Memorising fifty images
#
# Before you train a network for a long time, test whether it can memorise fifty images. Here we try this with two and
# with four hidden layers.

# %% tags=["nbval-ignore-output"]
fifty = few(data, 50)
fits = {}
for depth in (2, 4):
    for name, start in (("σ = 0.01", lambda net: net), ("σ = √(2/D)", he)):
        np.random.seed(0)
        net = start(FullyConnectedNet([100] * depth, weight_scale=0.01))
        done = train(net, fifty, 120, 0.05, batch_size=25, num_val_samples=200, seed=0)
        fits[f"{depth} hidden layers, {name}"] = done

# %% tags=["nbval-ignore-output", "numbers-within-10"]
reached = {name: done.train_acc_history[-1] for name, done in fits.items()}
worst = min(reached, key=reached.get)
title = f"Three networks learn the fifty images; the one with {worst} does not"
networks.trainings(fits, title, smooth=1)
plt.show()
for name, accuracy in reached.items():
    print(f"{name}: {accuracy:.0%} of the fifty images correct")

# %% [markdown] tags=["question"]
# **Question 3.** Which of the four networks has learned almost nothing when training stops, and why is it one of the
# two deeper ones? Could a larger learning rate help it?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The one with four hidden layers and σ = 0.01. Each layer shrinks the signal on the way forward and the gradient on the
# way back, and every additional layer multiplies them by another small factor, so the steps of all W are almost 0. In
# principle, a far larger learning rate can get the training started, but once the weights have grown, the same rate is
# far too large. A better solution is to start with weights of the right size.
# ### END SOLUTION

# %% [markdown]
# ## Update rules: momentum
#
# The loss of a network often has the shape of a long valley, with steep walls and an almost flat floor. In the next
# figures the lowest point of the valley is at the star. At the same distance from this point, the slope across the
# valley is 25 times as steep as the slope along it.


# %%
def height(w):
    return 0.5 * (w[..., 0] ** 2 + 25 * w[..., 1] ** 2)


# %%
def walk(rule, steps=40, factor=1, **config):
    path = [np.array([-9.0, 1.5])]
    for _ in range(steps):
        gradient = factor * np.array([1, 25]) * path[-1]
        w, config = rule(path[-1].copy(), gradient, config)
        path.append(w)
    return np.array(path)


# %%
rates = (0.005, 0.03, 0.076)
paths = {f"sgd, η = {rate}": walk(optim.sgd, learning_rate=rate) for rate in rates}
title = "sgd is slow along the valley, or jumps across it"
networks.descent_paths(height, paths, title)
plt.show()

# %% [markdown]
# The steepest direction points across the valley, not along it. A learning rate that is large enough to make progress
# along the valley makes `sgd` jump from wall to wall. With $\eta$ above $2/25 = 0.08$, each jump would end higher up
# than the one before. **Momentum** gathers speed like a ball that rolls downhill:
#
# $$v \leftarrow \mu\, v - \eta\; dw, \qquad w \leftarrow w + v$$
#
# Take $\mu = 0.9$ and $\eta = 0.1$. If the gradient is always 1, the velocity $v$ is $-0.1$, then $-0.19$, then
# $-0.271$, and it approaches $-1$. That is ten times the step of `sgd`, or in general $1/(1-\mu)$ times. If the
# gradient alternates between 1 and $-1$, then $v$ is $-0.1$, $0.01$, $-0.091$ and so on, and in the end it alternates
# between $-0.053$ and $0.053$, about half a step of `sgd`. The first case describes the motion along the valley, and
# the second the motion across it.
#
# Fill in `sgd_momentum` in `optim.py`. Whatever a rule has to remember, it stores in `config`. The Solver passes this
# dictionary to the rule again, together with the next gradient *of the same parameter*.

# %%
checks.run("sgd_momentum")

# %%
paths = {"sgd": walk(optim.sgd, learning_rate=0.03)}
paths["sgd_momentum"] = walk(optim.sgd_momentum, learning_rate=0.03, momentum=0.7)
title = "With the same learning rate, momentum gets lower than plain sgd"
networks.descent_paths(height, paths, title)
plt.show()

# %% [markdown]
# ## Update rules: a learning rate for every weight
#
# The valley is steep in one direction and flat in the other, so why use one learning rate for both? **RMSProp** keeps
# a running mean of the squared gradient for every single weight, and divides the gradient by the square root of this
# mean:
#
# $$c \leftarrow \rho\, c + (1 - \rho)\, dw^2, \qquad w \leftarrow w - \eta\; \frac{dw}{\sqrt{c} + \varepsilon}$$
#
# If the gradient with respect to one weight is always near 100, and the gradient with respect to another is always near
# 0.01, then $\sqrt{c}$ is about 100 for the first and 0.01 for the second. So both weights move by about $\eta$ in each
# step. The only purpose of the small number $\varepsilon$ is to prevent a division by 0.

# %%
checks.run("rmsprop")

# %% [markdown]
# **Adam** combines both ideas. It takes a running mean $m$ of the gradients, which acts like a velocity, and divides it
# by the square root of a running mean $v$ of the squared gradients:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, dw, \quad v \leftarrow \beta_2 v + (1 - \beta_2)\, dw^2, \quad
# w \leftarrow w - \eta\; \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}$$
#
# Why are $m$ and $v$ divided by $1 - \beta^t$ in step $t$? Both start at 0, so both are too small at first. Suppose
# that every gradient is 2. Then $m$ should be 2, and $v$ should be 4. With $\beta_1 = 0.9$ and $\beta_2 = 0.999$ they
# are:

# %%
m = v = 0
for t in range(1, 5):
    m, v = 0.9 * m + 0.1 * 2, 0.999 * v + 0.001 * 2**2
    raw = f"m = {m:.3f}, v = {v:.4f}, m / √v = {m / np.sqrt(v):.2f}"
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    print(f"step {t}: {raw}; corrected m = {m_hat:.1f}, v = {v_hat:.1f}")

# %% [markdown]
# After $t$ equal gradients, a running mean that started at 0 has reached only the fraction $1 - \beta^t$ of their
# value. So the **bias correction** divides by this fraction. Without the correction, $m / \sqrt{v}$ is too large,
# because $v$ approaches its final value much more slowly than $m$ does.

# %%
checks.run("adam")

# %%
steps = np.arange(1, 1001)
w, config, corrected = np.zeros(1), {"learning_rate": 1.0}, []
for _ in steps:
    next_w, config = optim.adam(w.copy(), np.full(1, 2.0), config)
    corrected.append(abs(next_w - w).item())
    w = next_w

# %%
lines = {"without correction": (1 - 0.9**steps) / np.sqrt(1 - 0.999**steps)}
lines["your adam"] = corrected
title = f"Without bias correction, steps are up to {max(lines['without correction']):.1f} times too long"
axis_names = "step t", "length of the step, divided by η"
networks.labelled(steps, lines, title, *axis_names, log="x", bottom=0)
plt.show()

# %%
paths["rmsprop"] = walk(optim.rmsprop, learning_rate=0.4, decay_rate=0.9)
paths["adam"] = walk(optim.adam, learning_rate=0.5)
title = "RMSProp and Adam leave the start along the diagonal"
networks.descent_paths(height, paths, title)
plt.show()

# %% [markdown]
# **To play with:** here the four rules race each other. Click anywhere in the valley to start them from there, and
# change the learning rates and $\mu$. Which rule works for the widest range of learning rates?

# %% tags=["nbval-ignore-output"]
from cs231n.toys.descent import Descent

Descent(paths)

# %% [markdown]
# At first, RMSProp and Adam move equally fast in both directions, rather than straight down the steep wall. Adam also
# builds up velocity, and overshoots. As `sgd` approaches the minimum, its steps become smaller by themselves, because
# the gradient becomes smaller. RMSProp and Adam divide the gradient by its own size, so with a constant learning rate
# they tend to keep moving back and forth around the minimum. It helps to let the learning rate decrease, as the Solver
# does if you pass it `lr_decay`.
#
# The learning rates in the figure were chosen for this valley. What if all gradients are 10 times larger or smaller,
# for example because the loss is measured in different units? Here is the height after 40 steps, with the same learning
# rates:

# %%
rules = {"sgd": (optim.sgd, {"learning_rate": 0.03})}
rules["sgd_momentum"] = optim.sgd_momentum, {"learning_rate": 0.03, "momentum": 0.7}
rules["rmsprop"] = optim.rmsprop, {"learning_rate": 0.4, "decay_rate": 0.9}
rules["adam"] = optim.adam, {"learning_rate": 0.5}
table = [f"{'gradients times':16}" + "".join(f"{factor:12}" for factor in (0.1, 1, 10))]
for name, (rule, config) in rules.items():
    ends = [walk(rule, factor=f, **config)[-1] for f in (0.1, 1, 10)]
    table.append(f"{name:16}" + "".join(f"{height(end):12.2g}" for end in ends))
print(*table, sep="\n")

# %% [markdown]
# With larger gradients, `sgd` and momentum diverge, and with smaller ones they are slow. RMSProp and Adam take the same
# path in all three cases. A good learning rate for them still depends on the problem, but not on the scale of the
# gradients.

# %% [markdown] tags=["question"]
# **Question 4.** In the first step of Adam, how far does a weight move if its gradient is 1000, and how far if its
# gradient is 0.001? From the figure on the bias correction, read off how many times too long the first step would be
# without the correction, at which step this factor is largest, and how large it still is after a thousand steps.

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# It moves by η in both cases (apart from the effect of ε): after the correction, m is the gradient g and √v is |g|.
# Without the correction, m = 0.1 g and √v = √0.001 |g| = 0.0316 |g|, so the first step would be 3.2 times too long.
# This factor grows to 6.6 at about step 12, since by then m is well on its way to its final value and v is not. After
# 1/(1−β2) = 1,000 steps, v is closer to its final value, but the steps are still about 1.3 times too long.
# ### END SOLUTION

# %% [markdown]
# ## The rules compared
#
# We train a network with four hidden layers on 5,000 images, once with each rule. All four runs start from the same
# weights, and each has a learning rate that suits its rule.

# %%
part = few(data, 5000)
rates = {"sgd": 0.02, "sgd_momentum": 0.005, "rmsprop": 2e-4, "adam": 4e-4}


# %%
def compare(start):
    solvers = {}
    for rule, rate in progress(list(rates.items()), "four rules"):
        np.random.seed(0)
        net = start(FullyConnectedNet([100] * 4, weight_scale=0.02))
        solvers[rule] = train(net, part, 8, rate, rule, seed=0)
    return solvers


# %%
def title_of(start, solvers):
    found = sorted((solver.best_val_acc, rule) for rule, solver in solvers.items())
    (low, worst), *_, (high, best) = found
    return f"{start}: validation accuracies from {low:.2f} ({worst}) to {high:.2f} ({best})"


# %% tags=["nbval-ignore-output"]
good = compare(he)
networks.trainings(good, title_of("Good start, σ = √(2/D)", good))
plt.show()

# %% tags=["nbval-ignore-output", "numbers-within-0.06"]
for rule, solver in good.items():
    print(f"good start, {rule}: best validation accuracy {solver.best_val_acc:.2f}")

# %% [markdown]
# From a good start, and with a well-chosen learning rate, plain `sgd` does about as well as the other rules. Now we
# start with weights that are too small, and leave the learning rates as they are.

# %% tags=["nbval-ignore-output"]
bad = compare(lambda net: net)
networks.trainings(bad, title_of("Weights too small, σ = 0.02", bad))
plt.show()

# %% tags=["nbval-ignore-output", "numbers-within-0.1"]
for rule, solver in bad.items():
    print(f"small weights, {rule}: best validation accuracy {solver.best_val_acc:.2f}")

# %% [markdown] tags=["question"]
# **Question 5.** In the second figure, how many epochs (of 50 iterations each) does each rule need before its loss
# falls clearly below that of guessing, $\log 10 = 2.3$? Why are two rules faster, although the gradients are the same
# for all four at the start? And a friend says: "Adam beats sgd: I used a learning rate of 0.001 for both." What is
# wrong with this comparison?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# RMSProp and Adam fall below the loss of guessing within the first epoch or two. The other two rules stay near the loss
# of guessing for most of the training or all of it. The gradients of a network with tiny weights are tiny. RMSProp and
# Adam divide them by their size, so each weight moves by about η in any case; sgd and momentum multiply η by a tiny
# number. The learning rate means something different in each rule: in Adam it is roughly the distance that each weight
# moves in a step, and in sgd it is a factor that multiplies the gradient. So each rule has to be tried at the rate that
# is best for it, and the same effort must go into the search for each of them.
# ### END SOLUTION

# %% [markdown]
# ## Max-norm
#
# A penalty pulls all weights towards zero. Max-norm keeps them small in another way: it sets a limit. After each step,
# every column of $W$ (the weights of one unit) that is longer than $c$ is scaled back to length $c$:
#
# $$W_{:j} \leftarrow W_{:j} \cdot \min\left(1,\; \frac{c}{\lVert W_{:j} \rVert}\right)$$
#
# With $c = 2$, a column $(3, 4)$ of length 5 is multiplied by $2/5$ and becomes $(1.2, 1.6)$. A column $(1, 1)$ of
# length 1.4 stays as it is.
#
# However large a step is, the length of a column never exceeds the limit. Fill in `max_norm` in `regularizers.py`; the
# Solver applies it after each step if you pass it the argument `max_norm`. Here we use a rather large learning rate.

# %%
checks.run("max_norm")

# %% tags=["nbval-ignore-output"]
lengths = {}
for limit in (None, 1.6, 1.2):
    np.random.seed(0)
    net = he(FullyConnectedNet([100, 100]))
    solver = train(net, part, 5, 0.03, "sgd_momentum", seed=0, max_norm=limit)
    columns = np.sort(np.linalg.norm(net.params["W1"], axis=0))
    name = f"limit {limit}" if limit else "no limit"
    lengths[f"{name} (validation accuracy {solver.best_val_acc:.3f})"] = columns

# %% tags=["nbval-ignore-output"]
title = "With max-norm, no column of $W_1$ is longer than the limit"
axis_names = "hidden unit, sorted by length", "length of its column of $W_1$"
networks.labelled(range(1, 101), lengths, title, *axis_names, bottom=0)
plt.show()

# %% [markdown]
# ## The best network you can find
#
# Now we use all the training images, and one more trick: a mirrored car is still a car. The class below flips a coin
# for each image of a batch, and shows the network either the image or its mirror image. It is almost as if there were
# twice as many images to learn from. Validation and test images stay as they are.


# %%
class Mirroring(FullyConnectedNet):
    def loss(self, X, y=None):
        if y is not None:
            mirrored = np.random.rand(len(X), 1, 1, 1) < 0.5
            X = np.where(mirrored, X[..., ::-1], X)
        return super().loss(X, y)


# %% [markdown]
# Choose the sizes of the layers, the rule, the learning rate and its decay, λ, and perhaps `max_norm` so that the
# validation accuracy is high. Start with a coarse search with only a few epochs and some of the images, as in
# assignment 1. Then train once for longer.

# %% tags=["nbval-ignore-output"]
### BEGIN SOLUTION
# TODO: set dims to the sizes of the hidden layers, reg to λ, and chosen to a dictionary of arguments of train:
#   rule, learning_rate, num_epochs, and others if you like, such as lr_decay, batch_size and max_norm.
#   A validation accuracy of 58 % is possible on CIFAR-10.
dims, reg = [500, 250], 2e-3
chosen = {"rule": "sgd_momentum", "learning_rate": 0.02, "num_epochs": 14}
chosen |= {"lr_decay": 0.85, "batch_size": 200}
### END SOLUTION


# %%
def new_net(seed):
    np.random.seed(seed)
    return he(Mirroring(dims, reg=reg))


def train_chosen(seed):
    return train(new_net(seed), data, **chosen, seed=seed, verbose=seed == 0)


# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
best = train_chosen(seed=0)
histories = best.loss_history, best.train_acc_history, best.val_acc_history
vis_utils.training_curves(*histories, "The chosen network")
plt.show()
print(f"best validation accuracy {best.best_val_acc:.3f}")

# %% [markdown]
# ## What the network looks for
#
# The weights of each hidden unit of the first layer can be shown as an image. Most of what you see in it is the noise
# with which the weights were initialised. During training the penalty has shrunk this noise, and the gradients have
# added something to it. The same seed gives the same initial weights again, so we can subtract what is left of them
# from the weights of each unit.


# %%
def templates(W, count=64):
    weightiest = np.argsort(-np.linalg.norm(best.model.params["W2"], axis=1))[:count]
    return W[:, weightiest].T.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)


# %%
W1, start = best.model.params["W1"], new_net(seed=0).params["W1"]
left = np.sum(W1 * start, axis=0) / np.sum(start**2, axis=0)  # 1 if all of it is left
learned = W1 - left * start
pair = {"weights": templates(W1, 16)}
pair["weights without initial noise"] = templates(learned, 16)
title = "The initial noise hides most of what 16 hidden units have learned"
networks.template_pair(pair, title)
plt.show()

# %% [markdown]
# Without the noise you see coloured blobs, bands and edges. Since all images were also shown mirrored, the templates
# hardly prefer left or right: most of them look much like their own mirror image. To measure this, we compute the
# correlation of each of 64 templates with its own mirror image, and with itself flipped upside down.

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
seen = templates(learned)
for name, axis in (("mirrored", 2), ("upside down", 1)):
    pairs = zip(seen, np.flip(seen, axis), strict=True)
    alike = np.mean([np.corrcoef(one.ravel(), other.ravel())[0, 1] for one, other in pairs])
    print(f"correlation of a template with itself {name}: {alike:.2f}")

# %% [markdown]
# ## The test set, used once

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
test_accuracy = best.check_accuracy(data["X_test"], data["y_test"])
print(f"validation {best.best_val_acc:.3f}, test {test_accuracy:.3f}")

# %% [markdown] tags=["question"]
# **Question 6.** Is the accuracy on the test images above or below the accuracy on the validation images? Which of the
# two should you report, and why is the other one likely to be too good?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# In our runs it was a little above, both on CIFAR-10 and on the stand-in. Report the accuracy on the test images. The
# hyperparameters, and the epoch whose weights were kept, were chosen on the validation images. The choices that did
# best on these images did so partly by chance, so the validation accuracy is likely to be too good. The test images
# were not used for any choice, so the test accuracy is what to expect for new images, apart from chance in both
# directions. With 1,000 images, the standard error is 1.6 percentage points, more than the difference in our runs.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * The code of a deep network is one loop forward and one loop backward; the layers do the rest.
# * In a network of ReLUs, weights should start with $\sigma = \sqrt{2/D}$. If $\sigma$ is far from that, the signal in
#   a deep network dies out or explodes before anything is learned.
# * Momentum adds up steps that agree, and largely cancels steps that go back and forth. RMSProp and Adam give every
#   weight its own learning rate. When you compare rules, use the best learning rate for each of them.
# * Without the bias correction, the first steps of Adam would be several times too long.
# * Penalties pull weights towards zero; max-norm only limits the length of each column.
# * The layers of the next notebook make networks less sensitive to their initial weights.
