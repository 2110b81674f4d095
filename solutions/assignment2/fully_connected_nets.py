# %% [markdown]
# # Deeper networks and better optimisers
#
# Two layers were a beginning. Here the number of layers becomes a setting, and you meet the two things that decide
# whether a deep network learns at all: how large its weights are at the start, and how each step is made out of the
# gradients. At the end stands the best fully connected network you can find.
#
# You will edit three files (click to open them):
#
# * [`cs231n/classifiers/fc_net.py`](../../cs231n/classifiers/fc_net.py): the network `FullyConnectedNet`,
# * [`cs231n/optim.py`](../../cs231n/optim.py): the update rules `sgd_momentum`, `rmsprop` and `adam`,
# * [`cs231n/regularizers.py`](../../cs231n/regularizers.py): the constraint `max_norm`,
#
# and one cell here.

# %%
from cs231n import optim, vis_utils
from cs231n.figures import networks
from cs231n.notebook import checks, np, plt, progress

# %% [markdown]
# ## Why more layers?
#
# A layer of ReLUs bends and folds what it is given. A second one folds what is folded already. Two hidden units can
# make one tooth of the numbers from 0 to 1,
#
# $$f(x) = 2 \max(0, x) - 4 \max(0, x - \tfrac12)$$
#
# and the same two units once more, on top, make two teeth of it, then four, then eight.

# %%
x = np.linspace(0, 1, 257)
lines, folded = {}, x
for depth in range(1, 5):
    folded = 2 * np.maximum(0, folded) - 4 * np.maximum(0, folded - 0.5)
    lines[f"{depth} layers" if depth > 1 else "1 layer"] = folded

figure, axes = plt.subplots(1, 4, figsize=(11, 2.4), sharey=True)
for ax, (name, values) in zip(axes, lines.items(), strict=True):
    ax.plot(x, values)
    ax.set(
        title=f"{name} of two units", xlabel="x", ylabel="output" if ax is axes[0] else ""
    )
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** How many straight pieces has the function after ten such layers, and how many hidden units are in
# them? How many units would a network with one hidden layer need for that many pieces?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Each layer doubles the pieces: 2^10 = 1,024 pieces from 20 units. With one hidden layer each unit adds one bend at
# most, so 1,024 pieces need 1,023 units. (Not every function with many bends is a folded one; but where a problem has
# such a structure, depth is cheap.)
# ### END SOLUTION

# %% [markdown]
# ## The network
#
# With $L$ affine layers, $h_0 = x$ the image and
#
# $$h_i = \max(0,\; h_{i-1} W_i + b_i) \quad (i < L), \qquad \text{scores} = h_{L-1} W_L + b_L,$$
#
# to the softmax loss comes the penalty $\tfrac12 \lambda \sum_i \sum W_i^2$. As code it is a loop forward, with a list
# of caches, and a loop backward. Write `__init__` and `loss` of `FullyConnectedNet`. You meet `normalization` and
# dropout in the next two notebooks, and can leave them out until then.

# %%
checks.run("FullyConnectedNet_init")

# %%
checks.run("FullyConnectedNet_loss")

# %% [markdown]
# A look for yourself, at nets with one to four hidden layers: the loss of small weights is about $\log 10$ and more
# with a penalty, and the gradients are those that numbers give. The loss has a kink wherever a ReLU has its own, and
# with many units one is always near: a few 1e-6 are no alarm.

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
# ## How large weights should be
#
# The data first: as in the last notebooks, centred and divided by the spread of the pixels.

# %%
from cs231n.data_utils import get_CIFAR10_data

data = get_CIFAR10_data()
spread = np.float32(data["X_train"].std(dtype=np.float64))
for part in ("X_train", "X_val", "X_test"):
    data[part] /= spread

# %% [markdown]
# Two layers trained with weights of nearly any size. Now send images through ten hidden layers of 200 units, with
# weights drawn with the same standard deviation $\sigma$ everywhere, and look at how far the outputs of each layer
# spread.


# %%
def outputs(images, sigma, depth=10, width=200):
    rng, h, layers = np.random.default_rng(1), images.reshape(len(images), -1), []
    for _ in range(depth):
        scale = np.sqrt(2 / h.shape[1]) if sigma is None else sigma
        h = np.maximum(0, h @ rng.normal(0, scale, (h.shape[1], width)))
        layers.append(h)
    return layers


images = data["X_train"][:300]
scales = {"σ = 0.01": 0.01, "σ = 0.05": 0.05, "σ = 0.2": 0.2, "σ = √(2/D)": None}
by_scale = {name: outputs(images, sigma) for name, sigma in scales.items()}

# %%
spreads = {name: [h.std() for h in layers] for name, layers in by_scale.items()}
title = "Standard deviation of each layer's output"
ax = vis_utils.curves(range(1, 11), spreads, title, "hidden layer", "standard deviation")
ax.set_yscale("log")
plt.show()

# %%
title = "What comes out of the layers"
networks.activations(by_scale, title, shown=(1, 2, 4, 7, 10))
plt.show()

# %% [markdown]
# With small weights the signal dies: after ten layers all images give the same scores, and since the gradient of $W_i$
# is a product with $h_{i-1}$, nothing is learned either. With large weights the signal explodes, and gradients with
# it. In between lies a size that keeps it as it is. A hidden unit adds up $D$ products, so its variance is
# $D\,\sigma^2$ times the mean square of its inputs; ReLU throws half of that away. It stays the same if
#
# $$\tfrac12\, D\, \sigma^2 = 1 \quad\Longleftrightarrow\quad \sigma = \sqrt{2 / D}$$
#
# with $D$ the number of *inputs of that layer* (He and others, 2015). `FullyConnectedNet` has one `weight_scale` for
# all layers, so this is done from outside, once the net is made.


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
print(f"after ten hidden layers the scores spread by {scores.std():.1f}; {scores.dtype}")

# %% [markdown] tags=["question"]
# **Question 2.** Why the factor 2? What would $\sigma = \sqrt{1/D}$ do over ten layers, in numbers? And what happens
# to the argument if all weights start at 0?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# ReLU sets half of the values to 0 and with them half of the mean square; the 2 makes up for it. Without it the mean
# square halves in every layer, so after ten layers the spread is √(1/2)^10 = 1/32 of what it was. With weights of 0
# the signal is 0 after one layer, the gradients of all W but the last are 0, and in any layer all units are and stay
# alike.
# ### END SOLUTION

# %% [markdown]
# ## Fifty images by heart
#
# The test before any long training: can it learn fifty images? Here with two hidden layers, and with four.

# %%
from cs231n.solver import Solver


def train(net, data, rule, learning_rate, num_epochs, seed=0, **more):
    more = {"batch_size": 100, "verbose": False} | more
    config = {"learning_rate": learning_rate}
    solver = Solver(net, data, rule, config, num_epochs=num_epochs, seed=seed, **more)
    solver.train()
    return solver


# %% tags=["nbval-ignore-output"]
fifty = data | {"X_train": data["X_train"][:50], "y_train": data["y_train"][:50]}
by_heart = {}
for depth in (2, 4):
    for name, start in (("σ = 0.01", lambda net: net), ("σ = √(2/D)", he)):
        np.random.seed(0)
        net = start(FullyConnectedNet([100] * depth, weight_scale=0.01))
        done = train(net, fifty, "sgd", 0.02, 80, batch_size=25, num_val_samples=200)
        by_heart[f"{depth} hidden, {name}"] = done
networks.trainings(by_heart, "Fifty images", smooth=1)
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** Which of the four has learned nothing when training stops, and why is it the deeper one? Could a larger
# learning rate help it?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Four hidden layers with σ = 0.01: each layer shrinks the signal on the way forward and the gradient on the way back,
# so the steps of all W are next to nothing; every further layer multiplies by another small factor. A far larger
# learning rate can get it going in principle, but once the weights have grown the same rate is far too large. Right
# sizes at the start are the cure.
# ### END SOLUTION

# %% [markdown]
# ## Ways down: momentum
#
# Losses of networks look like long valleys: steep across, nearly flat along. This one has its lowest point at the
# star and is 25 times as steep across as along.


# %%
def height(w):
    return 0.5 * (w[..., 0] ** 2 + 25 * w[..., 1] ** 2)


def walk(rule, steps=40, **config):
    w, path = np.array([-9.0, 1.5]), []
    for _ in range(steps):
        path.append(w.copy())
        w, config = rule(w, np.array([w[0], 25 * w[1]]), config)
    return np.array(path)


# %%
rates = (0.005, 0.03, 0.076)
paths = {f"sgd, η = {rate}": walk(optim.sgd, learning_rate=rate) for rate in rates}
networks.descent_paths(height, paths, "Down a valley, 40 steps of sgd")
plt.show()

# %% [markdown]
# The steepest direction points across the valley, not along it. A rate that suits the long way makes it jump from wall
# to wall; with $\eta$ above $2/25$ it would jump out. **Momentum** gathers speed as a ball does,
#
# $$v \leftarrow \mu\, v - \eta\; dw, \qquad w \leftarrow w + v.$$
#
# Across, the pushes alternate and cancel; along, they add up, to as much as $1/(1-\mu)$ times the step. Fill in
# `sgd_momentum` in `optim.py`. What a rule must remember, it keeps in `config`, which the Solver hands back with the
# next gradient *of the same parameter*.

# %%
checks.run("sgd_momentum")

# %%
paths = {"sgd": walk(optim.sgd, learning_rate=0.03)}
paths["sgd_momentum"] = walk(optim.sgd_momentum, learning_rate=0.03, momentum=0.7)
networks.descent_paths(height, paths, "Down a valley, with momentum")
plt.show()

# %% [markdown]
# ## Ways down: a rate for every weight
#
# The valley is steep in one direction and flat in the other: why one learning rate for both? **RMSProp** keeps, for
# every single weight, a running mean of the squared gradient, and divides by its root,
#
# $$c \leftarrow \rho\, c + (1 - \rho)\, dw^2, \qquad w \leftarrow w - \eta\; \frac{dw}{\sqrt{c} + \varepsilon},$$
#
# so that all weights move about equally fast, whatever the scale of their gradients. $\varepsilon$ is only there to
# avoid $0/0$.

# %%
checks.run("rmsprop")

# %% [markdown]
# **Adam** is both: a running mean $m$ of the gradients, as speed, over the root of a running mean $v$ of their
# squares. Both start at 0 and are too small at first. After $t$ steps they have seen a share $1 - \beta^t$ of what a
# mean should see, so divide by that:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, dw, \quad v \leftarrow \beta_2 v + (1 - \beta_2)\, dw^2, \quad
# w \leftarrow w - \eta\; \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}$$

# %%
checks.run("adam")

# %%
paths["rmsprop"] = walk(optim.rmsprop, learning_rate=0.4, decay_rate=0.9)
paths["adam"] = walk(optim.adam, learning_rate=0.5)
networks.descent_paths(height, paths, "Down a valley, four ways")
plt.show()

# %% [markdown]
# **To play with:** the same race from any start. Click into the valley, and change the learning rates and $\mu$: which
# rule gets along with the largest range of rates?

# %% tags=["nbval-ignore-output"]
from cs231n.toys.descent import Descent

Descent(paths)

# %% [markdown]
# RMSProp and Adam set off at the same speed in both directions instead of down the steepest wall, and need no rate made
# for this valley. Adam has speed as well, and overshoots. Near a minimum the steps of both do not become smaller by
# themselves, as those of `sgd` do: they dance around it. That is what `lr_decay` is for.

# %% [markdown] tags=["question"]
# **Question 4.** In the first step of Adam, how far does a weight move whose gradient is 1000, and how far one whose
# gradient is 0.001? What would it be without the correction, with $\beta_1 = 0.9$ and $\beta_2 = 0.999$?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Both by η (up to ε): corrected, m is the gradient g and √v is |g|. Without the correction m = 0.1 g and
# √v = √0.001 |g| = 0.0316 |g|, so the first step would be 3.2 η, larger than any that is meant.
# ### END SOLUTION

# %% [markdown]
# ## The rules compared
#
# A network with four hidden layers on some thousand images, four times from the same start, each rule with a learning
# rate that suits it.

# %%
part = data | {"X_train": data["X_train"][:5000], "y_train": data["y_train"][:5000]}
suits = {"sgd": 0.02, "sgd_momentum": 0.005, "rmsprop": 2e-4, "adam": 4e-4}


def compare(start):
    solvers = {}
    for rule, rate in progress(list(suits.items()), "four rules"):
        np.random.seed(0)
        net = start(FullyConnectedNet([100] * 4, weight_scale=0.02))
        solvers[rule] = train(net, part, rule, rate, num_epochs=8)
    return solvers


# %% tags=["nbval-ignore-output"]
networks.trainings(compare(he), "Four hidden layers, σ = √(2/D)")
plt.show()

# %% [markdown]
# Little between them: from a good start, and with a rate that was searched for, plain `sgd` does well. Now a start with
# weights that are too small, about as bad as the one that learned nothing above.

# %% tags=["nbval-ignore-output"]
networks.trainings(compare(lambda net: net), "Four hidden layers, σ = 0.02")
plt.show()

# %% [markdown] tags=["question"]
# **Question 5.** In the second figure, why do two rules get away from where the other two are stuck, though all see the
# same gradients? And somebody says: "Adam beats sgd, I used 0.001 for both." What is wrong with that comparison?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The gradients of a network with tiny weights are tiny. RMSProp and Adam divide by their size, so that their steps are
# about η long all the same; sgd and momentum multiply η by next to nothing. A learning rate means something else in
# every rule (in Adam the length of a step, in sgd a factor on the gradient), so each has to be compared at the rate that
# is best for it, chosen with equal effort.
# ### END SOLUTION

# %% [markdown]
# ## Max-norm
#
# There is another way to hold weights back: no pull to zero, but a limit. After each step, a column of
# $W$, the weights into one unit, that is longer than $c$ is scaled back to length $c$:
#
# $$W_{:j} \leftarrow W_{:j} \cdot \min\left(1,\; \frac{c}{\lVert W_{:j} \rVert}\right)$$
#
# However large a step was, no unit gets out of hand. Fill in `max_norm` in `regularizers.py`; the Solver applies it
# after each step if it is given a `max_norm`. Here with a learning rate that is on the large side.

# %%
checks.run("max_norm")

# %% tags=["nbval-ignore-output"]
lengths = {}
for limit in (None, 2.0, 1.2):
    np.random.seed(0)
    net = he(FullyConnectedNet([100, 100]))
    solver = train(net, part, "sgd_momentum", 0.03, num_epochs=5, max_norm=limit)
    columns = np.sort(np.linalg.norm(net.params["W1"], axis=0))
    told = f"limit {limit}" if limit else "no limit"
    lengths[f"{told}: validation {solver.best_val_acc:.3f}"] = columns
title = "Lengths of the columns of $W_1$ after training"
vis_utils.curves(range(1, 101), lengths, title, "hidden unit, by length", "length")
plt.show()

# %% [markdown]
# ## The best network you can find
#
# All images now. One more thing helps: a mirrored car is a car, too. This class tosses a coin for each image of a batch
# and shows the network the image or its mirror image, as if there were twice as many to learn from; validation and test
# images stay as they are.


# %%
class Mirroring(FullyConnectedNet):
    def loss(self, X, y=None):
        if y is not None:
            mirrored = np.random.rand(len(X), 1, 1, 1) < 0.5
            X = np.where(mirrored, X[..., ::-1], X)
        return super().loss(X, y)


# %% [markdown]
# Sizes, rule, learning rate, its decay, λ, perhaps `max_norm`: choose on the validation images. Search roughly with few
# epochs and part of the images, as in assignment 1, then train once for long.

# %% tags=["nbval-ignore-output"]
### BEGIN SOLUTION
# TODO: set dims to the sizes of the hidden layers, reg to λ, and chosen to a dictionary of what train is given:
#   rule, learning_rate, num_epochs, and what else you like, such as lr_decay, batch_size and max_norm.
#   There is a network that gets 58 % of the validation images of CIFAR-10 right.
dims, reg = [500, 250], 2e-3
chosen = {"rule": "sgd_momentum", "learning_rate": 0.02, "num_epochs": 14}
chosen |= {"lr_decay": 0.85, "batch_size": 200}
### END SOLUTION


# %%
def new_net(seed):
    np.random.seed(seed)
    return he(Mirroring(dims, reg=reg))


def train_chosen(seed):
    verbose = {"print_every": 0, "verbose": seed == 0}
    return train(new_net(seed), data, **chosen, seed=seed, **verbose)


# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
best = train_chosen(seed=0)
histories = best.loss_history, best.train_acc_history, best.val_acc_history
vis_utils.training_curves(*histories, "The chosen network")
plt.show()
print(f"best validation accuracy {best.best_val_acc:.3f}")

# %% [markdown]
# ## What it looks for
#
# The weights of the first layer, each hidden unit as an image:


# %%
def templates(W, count=64):
    weightiest = np.argsort(-np.linalg.norm(best.model.params["W2"], axis=1))[:count]
    return W[:, weightiest].T.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)


W1 = best.model.params["W1"]
vis_utils.template_grid(
    templates(W1, 16), "The weights of 16 hidden units of the first layer"
)
plt.show()

# %% [markdown]
# Noise, most of it, and the very noise that they started as: training has made it smaller by the penalty, and added
# something to it. The same seed gives the start again. So subtract from the weights of each unit as much of its start
# as is still in them.

# %%
start = new_net(seed=0).params["W1"]
left = np.sum(W1 * start, axis=0) / np.sum(start**2, axis=0)  # 1: all of it is there
learned = templates(W1 - left * start)
vis_utils.template_grid(learned, "What 64 hidden units of the first layer have learned")
plt.show()

# %% [markdown]
# Blobs, bands and edges in colour. As all images were shown both ways round, the templates have no preference for left
# or right: most of them are nearly symmetric.

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
for name, axis in (("mirrored", 2), ("upside down", 1)):
    pairs = zip(learned, np.flip(learned, axis), strict=True)
    alike = np.mean([np.corrcoef(one.ravel(), other.ravel())[0, 1] for one, other in pairs])
    print(f"correlation of a template with itself {name}: {alike:.2f}")

# %% [markdown]
# ## The test set, once

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
test_accuracy = best.check_accuracy(data["X_test"], data["y_test"])
print(f"validation {best.best_val_acc:.3f}, test {test_accuracy:.3f}")

# %% [markdown] tags=["question"]
# **Question 6.** Is the accuracy on the test images above or below that on the validation images? Which of the two is
# the one to report, and why is the other likely to be too good?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Usually a little below. The validation images took part in choosing: hyperparameters, and the epoch whose weights were
# kept, are those that happened to do best on them. The test images took no part in anything, so theirs is the accuracy
# to expect of new images, up to chance (one standard deviation is 1.6 points with 1,000 images).
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * Depth is a loop forward and a loop backward; the layers take care of the rest.
# * Weights start with $\sigma = \sqrt{2/D}$, or a deep network dies or explodes before it has learned anything.
# * Momentum evens out steps that fight each other; RMSProp and Adam give every weight a rate of its own. Compare rules
#   at their own best learning rates.
# * Penalties pull weights to zero, max-norm only keeps them from running away.
# * The next notebook makes networks less choosy about how they start.
