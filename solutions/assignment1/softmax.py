# %% [markdown]
# # The softmax classifier
#
# The same linear scores as in the last notebook, with another idea of what a good score is: they are read as
# logarithms of probabilities, and the loss is how surprised one is by the right answer. You edit
# [`cs231n/classifiers/softmax.py`](../../cs231n/classifiers/softmax.py); descent and penalties are already yours.

# %%
from cs231n import vis_utils
from cs231n.notebook import checks, np, plt, progress, timed

# %% [markdown]
# ## From scores to probabilities
#
# Scores $s$ can be any numbers. Exponentials make them positive, dividing by their sum makes them probabilities. In
# other words, scores are *unnormalised log probabilities*: adding a number to all of them changes nothing.
#
# $$P(j \mid x) = \frac{e^{s_j}}{\sum_{k=1}^{C} e^{s_k}}$$
#
# The loss of an example is the negative logarithm of the probability given to the right class (notes, eq. 3.4):
#
# $$L_i = -\log P(y_i \mid x_i) = -s_{y_i} + \log \sum_{k=1}^{C} e^{s_k}$$

# %%
scores = np.array([3.2, 5.1, -1.7])
exponentials = np.exp(scores)
probabilities = exponentials / exponentials.sum()
for name, row in (
    ("scores", scores),
    ("exp", exponentials),
    ("probability", probabilities),
):
    print(f"{name:12}", "  ".join(f"{value:8.3f}" for value in row))
print(f"loss if class 0 is right: {-np.log(probabilities[0]):.3f}")

# %% [markdown]
# **Cross-entropy.** In general $H(p, q) = -\sum_x p(x) \log q(x)$ measures how badly $q$ describes what happens with
# probabilities $p$. Here $q$ are the probabilities above and $p$ is 1 for the right class and 0 for the others, so all
# terms of the sum vanish but $-\log q(y_i)$: the softmax loss is a cross-entropy.


# %%
def cross_entropy(p, q):
    ### BEGIN SOLUTION
    # TODO: return H(p, q). Entries with p = 0 count for nothing, even where q is 0 too.
    return -np.sum(p[p > 0] * np.log(q[p > 0]))
    ### END SOLUTION


# %%
checks.run("cross_entropy", cross_entropy)

# %% [markdown] tags=["question"]
# **Question 1.** Which $q$ makes $H(p, q)$ smallest when $p$ is 1 for one class? And what are the smallest and the
# largest possible softmax loss?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# q = p: then the loss is -log 1 = 0. With finite scores no probability is ever exactly 1, so 0 is approached and not
# reached; there is no largest value, the loss grows without bound as the right class gets less and less probability.
# ### END SOLUTION

# %% [markdown]
# ## Shift, or overflow
#
# Add the same number to all scores: every exponential is multiplied by the same factor, and the probabilities stay
# what they were. That is not only pretty. $e^{1000}$ is more than a computer can hold:

# %%
large = scores + 1000
with np.errstate(over="ignore", invalid="ignore"):
    print("as it stands:     ", np.exp(large) / np.exp(large).sum())
shifted = large - large.max()
print("largest score at 0:", np.round(np.exp(shifted) / np.exp(shifted).sum(), 4))

# %% [markdown]
# So subtract the largest score of each example before taking exponentials. Fill in `softmax_loss_naive`. The gradient
# (notes, eq. 3.8 and 3.9) is short: template $j$ gets $x_i$ times the probability of class $j$, minus 1 if $j$ is the
# right class:
#
# $$\nabla_{w_j} L_i = \big(P(j \mid x_i) - \mathbf 1(j = y_i)\big)\, x_i$$

# %%
checks.run("softmax_loss_naive")

# %%
checks.run("softmax_loss_vectorized")

# %% [markdown]
# ## Sanity checks
#
# The data are prepared as for the SVM: flattened, centred with the mean training image, divided by 64, and with a
# column of ones for the bias.

# %%
from cs231n.data_utils import CLASS_NAMES, load_CIFAR10

images, labels, test_images, test_labels = load_CIFAR10(dtype=np.float32)
rows, test_rows = images.reshape(len(images), -1), test_images.reshape(len(test_images), -1)
mean_image = rows[:-1000].mean(axis=0)
for part in (rows, test_rows):
    part -= mean_image
    part /= 64


# %%
def with_ones(X):
    return np.hstack([X, np.ones((len(X), 1), dtype=X.dtype)])


X_train, y_train = with_ones(rows[:-1000]), labels[:-1000]
X_val, y_val = with_ones(rows[-1000:]), labels[-1000:]
X_test, y_test = with_ones(test_rows[:1000]), test_labels[:1000]
print("train", X_train.shape, "· validation", X_val.shape, "· test", X_test.shape)

# %% [markdown]
# With tiny weights all classes get probability 1/10, and the loss starts at $-\log(1/10) \approx 2.303$. If yours
# does not, something is wrong before any training.

# %%
from cs231n.classifiers.softmax import softmax_loss_naive, softmax_loss_vectorized

rng = np.random.default_rng(0)
W = 0.0001 * rng.normal(size=(3073, 10))
loss, dW = softmax_loss_vectorized(W, X_train[:500].astype(np.float64), y_train[:500], 0.0)
print(f"loss {loss:.2f}, expected about {np.log(10):.2f}")

# %% [markdown]
# There is no kink here, so the numeric gradient agrees everywhere.

# %% tags=["nbval-ignore-output"]
from cs231n.gradient_check import grad_check_sparse

few, few_labels = X_train[:20].astype(np.float64), y_train[:20]
loss, dW = softmax_loss_vectorized(W, few, few_labels, 0.5)
worst = grad_check_sparse(
    lambda W: softmax_loss_vectorized(W, few, few_labels, 0.5)[0], W, dW, num_checks=6
)

# %% tags=["nbval-ignore-output"]
part, part_labels = X_train[:500].astype(np.float64), y_train[:500]
cost = {
    "naive": timed(softmax_loss_naive, W, part, part_labels, 1e-5),
    "vectorised": timed(softmax_loss_vectorized, W, part, part_labels, 1e-5),
}
vis_utils.bars(cost, "Loss and gradient of 500 images", "seconds", log=True)
plt.show()

# %% [markdown]
# ## Two losses, side by side
#
# Let the right class lead the only other class by a margin $m$. The hinge loss is content at $m = 1$: it is 0 from
# there on, and so is its gradient. The softmax loss is never content: it falls for ever and never reaches 0.

# %%
from cs231n.classifiers.linear_svm import svm_loss_vectorized

m = np.linspace(-3, 6, 46)
one, zero = np.ones((1, 1)), np.array([0])
lines = {
    "hinge": [svm_loss_vectorized(np.array([[d, 0.0]]), one, zero, 0.0)[0] for d in m],
    "softmax": [
        softmax_loss_vectorized(np.array([[d, 0.0]]), one, zero, 0.0)[0] for d in m
    ],
}
title = "The hinge loss reaches 0, the softmax loss never does"
vis_utils.curves(m, lines, title, "lead of the right class over the other", "loss")
plt.show()
print(f"lead 6: hinge {lines['hinge'][-1]:.4f}, softmax {lines['softmax'][-1]:.4f}")

# %% [markdown] tags=["question"]
# **Question 2.** The scores of an example are (10, −100, −100), or (10, 9, 9), with class 0 right. What do the two
# losses say? One of the training images is moved a little so that its scores change by 0.1: for which loss does that
# change anything?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The hinge loss is 0 for both: in the second all margins are exactly 1. Softmax gives practically 0 for the first and
# log(1 + 2/e) = 0.55 for the second. A small change leaves the hinge loss at 0 where margins are wide, and always
# changes the softmax loss, if only a little: every image keeps pulling at W.
# ### END SOLUTION

# %% [markdown]
# ## Search and training

# %% tags=["nbval-ignore-output"]
from cs231n.classifiers.linear_classifier import Softmax

rates, strengths = [6e-4, 2e-3, 5e-3, 2e-2], [1e-3, 1e-2, 1e-1]
accuracy = np.zeros((len(rates), len(strengths)))
for i, j in progress(list(np.ndindex(accuracy.shape)), "search"):
    np.random.seed(1)
    candidate = Softmax()
    candidate.train(X_train, y_train, rates[i], strengths[j], num_iters=400, batch_size=200)
    accuracy[i, j] = np.mean(candidate.predict(X_val) == y_val)
vis_utils.heat_map(accuracy, rates, strengths, "Softmax, 400 steps", "learning rate", "λ")
plt.show()

# %% tags=["nbval-ignore-output"]
best = np.unravel_index(np.argmax(accuracy), accuracy.shape)
best_rate, best_strength = rates[best[0]], strengths[best[1]]


def train_softmax(seed):
    ### BEGIN SOLUTION
    # TODO: train a Softmax on X_train with best_rate and best_strength, in several calls
    #   of train with a smaller learning rate each; return it.
    np.random.seed(seed)
    softmax = Softmax()
    for rate, steps, size in ((1, 2000, 200), (1 / 4, 1500, 200), (1 / 16, 1000, 500)):
        softmax.train(X_train, y_train, rate * best_rate, best_strength, steps, size)
    return softmax
    ### END SOLUTION


softmax = train_softmax(seed=0)
val_accuracy = np.mean(softmax.predict(X_val) == y_val)
print(
    f"learning rate {best_rate:g}, λ {best_strength:g}: validation accuracy {val_accuracy:.3f}"
)

# %% tags=["nbval-ignore-output"]
vis_utils.templates(softmax.W, CLASS_NAMES, "Templates of the softmax classifier")
plt.show()

# %% [markdown]
# ## What the penalty does to W
#
# The same training with L2, L1 and elastic net. L2 pulls every weight towards 0 in proportion to its size, and none
# gets there; L1 pulls all of them equally hard, so the unimportant ones arrive. (They keep
# trembling a little around 0, since every step has some length.) β is large here because the squares of small weights
# are tiny: with β = 0.5 the elastic net would be hard to tell from L1.

# %% tags=["nbval-ignore-output"]
from functools import partial

from cs231n.regularizers import elastic_net, l1, l2

mixed = partial(elastic_net, beta=50)
penalties = {"L2": (l2, 0.1), "L1": (l1, 0.003), "elastic net": (mixed, 0.001)}
models = {name: Softmax() for name in penalties}
if not hasattr(models["L1"], "regularizer"):
    print("Your Softmax has no regularizer, so L2 takes the place of all three.")
for name, (penalty, strength) in penalties.items():
    np.random.seed(0)
    models[name].regularizer = penalty
    models[name].train(X_train, y_train, 5e-3, strength, num_iters=1500, batch_size=200)
    right = np.mean(models[name].predict(X_val) == y_val)
    small = np.mean(np.abs(models[name].W) < 1e-4)
    print(
        f"{name:12} validation {right:.3f}, {small:.0%} of the weights within 0.0001 of 0"
    )

# %% tags=["nbval-ignore-output"]
_, ax = plt.subplots()
edges = np.linspace(-0.02, 0.02, 81)
for (name, model), style in zip(models.items(), ("-", "--", ":"), strict=True):
    weights = model.W.ravel()
    ax.hist(weights, edges, histtype="step", label=name, linestyle=style, linewidth=1.6)
ax.set(title="What the penalty does to the weights", xlabel="weight", yscale="log")
ax.set_ylabel("how many")
ax.legend()
plt.show()

# %% tags=["nbval-ignore-output"]
for name, model in models.items():
    vis_utils.templates(model.W, CLASS_NAMES, f"Templates with {name}")
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** Where in the picture do the templates with L1 keep their weights? When would you prefer a classifier
# that uses few pixels to one that uses all of them a little?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# They keep the places that tell most, the middle for the frog, the lower edge for the ship, and are grey elsewhere.
# That is welcome where each input costs something (a measurement, memory) or most inputs are noise; on images, where
# a little information is everywhere, L2 usually does a bit better.
# ### END SOLUTION

# %% [markdown]
# ## The test set, once

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
predicted = softmax.predict(X_test)
print(f"test accuracy {np.mean(predicted == y_test):.3f}")
vis_utils.confusion_matrix(y_test, predicted, CLASS_NAMES, "Softmax on 1,000 test images")
plt.show()

# %% [markdown]
# Its probabilities say how sure it is. When it is sure, is it right?


# %%
def softmax_probabilities(scores):
    ### BEGIN SOLUTION
    # TODO: return the (N, C) probabilities for (N, C) scores, safe for large scores.
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %%
checks.run("softmax_probabilities", softmax_probabilities)

# %% tags=["nbval-ignore-output"]
sure = softmax_probabilities(X_test @ softmax.W).max(axis=1)
bins = np.linspace(0.1, 1.0, 7)
place = np.digitize(sure, bins[1:-1])
hits = {
    f"{bins[b]:.2f}": np.mean((predicted == y_test)[place == b]) for b in np.unique(place)
}
ax = vis_utils.bars(
    hits, "The surer, the more often right", "share of test images that are right"
)
ax.set_xlabel("probability of the predicted class, from")
plt.show()

# %% [markdown]
# ## What to take along
#
# * Scores become probabilities; the loss is minus the log of the right one's.
# * Subtract the largest score before taking exponentials.
# * The loss starts at $\log C$.
# * The hinge loss stops at good enough, the softmax loss goes on.
# * L2 spreads weights, L1 makes most of them vanish.
