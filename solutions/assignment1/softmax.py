# %% [markdown]
# # The softmax classifier
#
# The softmax classifier computes the same linear scores as the SVM of the previous notebook, but it reads them as
# unnormalised log probabilities. Its loss measures how surprised the classifier is by the correct answer. You will edit
# one file, [`cs231n/classifiers/softmax.py`](../../cs231n/classifiers/softmax.py), and fill in three cells of this
# notebook, which also uses the gradient descent and the penalties that you wrote for the SVM.

# %%
from cs231n import vis_utils
from cs231n.figures import linear
from cs231n.notebook import checks, np, plt, progress, timed

# %% [markdown]
# ## From scores to probabilities
#
# Scores can be any numbers. To turn them into probabilities, take the exponential of each score, which is always
# positive, and divide it by the sum of all the exponentials. Here are the scores of one image for three classes, of
# which class 0 is correct:

# %%
scores = np.array([3.2, 5.1, -1.7])
exponentials = np.exp(scores)
probabilities = exponentials / exponentials.sum()
rows = {"scores": scores, "exp": exponentials, "probability": probabilities}
for name, row in rows.items():
    print(f"{name:12}", "  ".join(f"{value:8.3f}" for value in row))
print(f"loss if class 0 is correct: {-np.log(probabilities[0]):.3f}")

# %% [markdown]
# In general, with $C$ classes and the scores $s$,
#
# $$P(j \mid x) = \frac{e^{s_j}}{\sum_{k=1}^{C} e^{s_k}}$$
#
# So the scores are *unnormalised log probabilities*: up to a constant that all classes share, each score is the
# logarithm of a probability. The loss of an example is the negative logarithm of the probability of its correct class.
# The loss is 0 if this probability is 1, and large if this probability is small:
#
# $$L_i = -\log P(y_i \mid x_i) = -s_{y_i} + \log \sum_{k=1}^{C} e^{s_k}$$
#
# **Cross-entropy.** Suppose that it rains on half of all days, so that rain and no rain have the probabilities
# $p = (0.5, 0.5)$, and that a forecast says $q = (0.25, 0.75)$ every day. The average loss of this forecast is
# $-0.5 \log 0.25 - 0.5 \log 0.75 \approx 0.837$. For a forecast of $(0.5, 0.5)$ it would be only $0.693$. In general,
# the **cross-entropy** $H(p, q) = -\sum_x p(x) \log q(x)$ measures how badly the probabilities $q$ describe events
# whose true probabilities are $p$. For a classifier, $q$ contains the predicted probabilities, and $p$ is 1 for the
# correct class and 0 for the others. Then all terms of the sum vanish except $-\log q(y_i)$, so the softmax loss is a
# cross-entropy.


# %%
def cross_entropy(p, q):
    ### BEGIN SOLUTION
    # TODO: return H(p, q). Entries with p = 0 contribute nothing, even if q is 0 there.
    return -np.sum(p[p > 0] * np.log(q[p > 0]))
    ### END SOLUTION


# %%
checks.run("cross_entropy", cross_entropy)

# %% [markdown] tags=["question"]
# **Question 1.** Suppose that $p$ is 1 for one class. Which $q$ makes $H(p, q)$ as small as possible? What are the
# smallest and largest possible values of the softmax loss?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# $H(p, q)$ is smallest for $q = p$: then the loss is $-\log 1 = 0$. With finite scores no probability is ever exactly
# 1, so the loss approaches 0 but never reaches it. There is no largest value: the loss grows without bound as the
# probability of the correct class approaches 0.
# ### END SOLUTION

# %% [markdown]
# ## Shift the scores, or their exponentials overflow
#
# If the same number is added to all scores, every exponential is multiplied by the same factor, and the probabilities
# do not change. So we are free to shift the scores. This freedom is useful, because $e^{1000}$ is larger than any
# floating-point number:

# %%
large = scores + 1000
with np.errstate(over="ignore", invalid="ignore"):
    print("as they are:      ", np.exp(large) / np.exp(large).sum())
shifted = large - large.max()
print("largest score at 0:", np.round(np.exp(shifted) / np.exp(shifted).sum(), 4))

# %% [markdown]
# So subtract the largest score of each example before taking exponentials.
#
# ## The gradient
#
# Start with the gradient with respect to the scores. In $L_i = -s_{y_i} + \log \sum_k e^{s_k}$ the score $s_j$ occurs
# in the sum. The derivative of the logarithm of this sum is
#
# $$\frac{\partial}{\partial s_j} \log \sum_k e^{s_k} = \frac{e^{s_j}}{\sum_k e^{s_k}} = P(j \mid x_i)$$
#
# If $j$ is the correct class, then $s_j$ also occurs in $-s_{y_i}$, whose derivative is $-1$. Together:
#
# $$\frac{\partial L_i}{\partial s_j} = P(j \mid x_i) - \mathbf 1(j = y_i)$$
#
# For the three scores above, with class 0 as the correct one:

# %%
slopes = probabilities - np.array([1, 0, 0])
print("P - 1(correct class):", "  ".join(f"{value:.3f}" for value in slopes))
print(f"their sum: {abs(slopes.sum()):.3f}")

# %% [markdown]
# A step against this gradient raises the score of the correct class in proportion to the probability that it still
# lacks, and lowers the scores of the other classes in proportion to the probability that each of them has. The entries
# sum to 0. One more step leads from the scores to the weights: $s_j = w_j \cdot x_i$, so by the chain rule
#
# $$\nabla_{w_j} L_i = \frac{\partial L_i}{\partial s_j}\, \nabla_{w_j} s_j = \big(P(j \mid x_i) - \mathbf 1(j = y_i)\big)\, x_i$$
#
# Fill in `softmax_loss_naive`, and then `softmax_loss_vectorized` without loops.

# %%
checks.run("softmax_loss_naive")

# %%
checks.run("softmax_loss_vectorized")

# %% [markdown]
# ## Sanity checks
#
# The data are prepared as for the SVM: the images are flattened, centred by subtracting the mean training image, and
# divided by 64, and a column of ones is appended for the bias. The function `rows_for_a_linear_classifier`, from
# `cs231n/training.py`, does all of this.

# %%
from cs231n.data_utils import CLASS_NAMES
from cs231n.training import rows_for_a_linear_classifier

data = rows_for_a_linear_classifier()
X_train, y_train = data["X_train"], data["y_train"]
X_val, y_val = data["X_val"], data["y_val"]
X_test, y_test = data["X_test"], data["y_test"]
print("train", X_train.shape, "· validation", X_val.shape, "· test", X_test.shape)

# %% [markdown]
# With tiny weights every class gets a probability of about 1/10, so the loss starts at $-\log(1/10) \approx 2.303$. If
# yours does not, look for the mistake before you train.

# %%
from cs231n.classifiers.softmax import softmax_loss_naive, softmax_loss_vectorized

rng = np.random.default_rng(0)
W = 0.0001 * rng.normal(size=(3073, 10))
loss, dW = softmax_loss_vectorized(W, X_train[:500].astype(np.float64), y_train[:500], 0.0)
print(f"loss {loss:.2f}, expected about {np.log(10):.2f}")

# %% [markdown]
# This loss has no kinks, so the numeric gradient should agree with the analytic one everywhere.

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
vis_utils.times(cost, "Loss and gradient of 500 images")
plt.show()

# %% [markdown]
# ## Two losses, side by side
#
# Suppose there are two classes, and the correct class leads by $m$: its score is larger than the other score by $m$. If
# $m$ is 1 or more, the hinge loss is 0, and so is its gradient. The softmax loss keeps falling as $m$ grows, and never
# reaches 0.

# %%
from cs231n.classifiers.linear_svm import svm_loss_vectorized


def loss_at(loss, lead):
    W, X, y = np.array([[lead, 0.0]]), np.ones((1, 1)), np.array([0])
    return loss(W, X, y, 0.0)[0]


# %%
m = np.linspace(-3, 6, 46)
losses = {"hinge": svm_loss_vectorized, "softmax": softmax_loss_vectorized}
lines = {name: [loss_at(loss, lead) for lead in m] for name, loss in losses.items()}
title = "The hinge loss reaches 0, the softmax loss never does"
vis_utils.curves(m, lines, title, "lead m of the correct class over the other", "loss")
plt.show()
print(f"lead 6: hinge {lines['hinge'][-1]:.4f}, softmax {lines['softmax'][-1]:.4f}")

# %% [markdown] tags=["question"]
# **Question 2.** Where do the two lines of the figure cross, and where are they steepest? Suppose that class 0 is
# correct: what are the two losses of an example with the scores (10, −100, −100), and of one with (10, 9, 9)? Now
# suppose that a training image changes a little, so that its scores change by about 0.1: which of its two losses
# changes?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# They cross at a lead between 0.5 and 0.6, and both are steepest at the left, where the correct class is far behind:
# there the slopes are about −1. The hinge loss is 0 for both examples; in the second, both margins are exactly 1. The
# softmax loss is practically 0 for the first and log(1 + 2/e) = 0.55 for the second. If the correct class leads by much
# more than 1, a small change leaves the hinge loss at 0. The softmax loss changes even then, if only a little, so every
# image has an effect on W.
# ### END SOLUTION

# %% [markdown]
# ## Search and training
#
# We search for the learning rate and λ as we did for the SVM, and then train for longer with the best pair.

# %% tags=["nbval-ignore-output"]
from cs231n.classifiers.linear_classifier import Softmax

rates, strengths = [6e-4, 2e-3, 5e-3, 2e-2], [1e-3, 1e-2, 1e-1]

# %% tags=["nbval-ignore-output"]
accuracy = np.zeros((len(rates), len(strengths)))
for i, j in progress(list(np.ndindex(accuracy.shape)), "search"):
    np.random.seed(1)
    candidate = Softmax()
    candidate.train(X_train, y_train, rates[i], strengths[j], num_iters=400, batch_size=200)
    accuracy[i, j] = np.mean(candidate.predict(X_val) == y_val)
vis_utils.heat_map(accuracy, rates, strengths, "Softmax, 400 steps")
plt.show()

# %% tags=["nbval-ignore-output"]
best = np.unravel_index(np.argmax(accuracy), accuracy.shape)
best_rate, best_strength = rates[best[0]], strengths[best[1]]
pair = f"learning rate {best_rate:g}, λ {best_strength:g}"


# %% tags=["nbval-ignore-output"]
def train_softmax(seed):
    ### BEGIN SOLUTION
    # TODO: train a Softmax on X_train with best_rate and best_strength, in several calls
    #   of train, each with a smaller learning rate, and return it.
    np.random.seed(seed)
    softmax = Softmax()
    for rate, steps, size in ((1, 2000, 200), (1 / 4, 1500, 200), (1 / 16, 1000, 500)):
        softmax.train(X_train, y_train, rate * best_rate, best_strength, steps, size)
    return softmax
    ### END SOLUTION


# %% tags=["nbval-ignore-output"]
softmax = train_softmax(seed=0)
val_accuracy = np.mean(softmax.predict(X_val) == y_val)
print(f"{pair}: validation accuracy {val_accuracy:.3f}")

# %% tags=["nbval-ignore-output"]
vis_utils.templates(softmax.W, CLASS_NAMES, "Softmax templates look like those of the SVM")
plt.show()

# %% [markdown]
# ## What the penalty does to W
#
# Now we repeat the training with L2, with L1 and with the elastic net. Suppose that the learning rate is 0.1, and the
# strength of the penalty is 0.5. In one step, the penalty alone moves a weight of 1 to $1 - 0.1 \cdot 0.5 \cdot 2 =
# 0.9$ with L2, and to $1 - 0.1 \cdot 0.5 = 0.95$ with L1. It moves a weight of 0.01 to 0.009 with L2, but past 0 with
# L1. So L2 moves every weight towards 0 in proportion to its size, and the weight never gets there. L1 moves all
# weights by the same amount, so the unimportant ones reach 0, and then change sign from step to step. In the elastic
# net, β is large here because the squares of small weights are tiny. With β = 0.5 you could hardly tell the elastic net
# from L1.

# %% tags=["nbval-ignore-output"]
from functools import partial

from cs231n.regularizers import elastic_net, l1, l2

mixed = partial(elastic_net, beta=50)
penalties = {"L2": (l2, 0.1), "L1": (l1, 0.003), "elastic net": (mixed, 0.001)}
if not hasattr(Softmax(), "regularizer"):
    print("Your Softmax has no regularizer, so L2 takes the place of all three.")

# %% tags=["nbval-ignore-output"]
models = {}
for name, (penalty, strength) in penalties.items():
    np.random.seed(0)
    models[name] = Softmax()
    models[name].regularizer = penalty
    models[name].train(X_train, y_train, 5e-3, strength, num_iters=1500, batch_size=200)
    right = np.mean(models[name].predict(X_val) == y_val)
    small = np.mean(np.abs(models[name].W) < 5e-4)
    found = f"validation {right:.3f}, {small:.0%} of the weights within 0.0005 of 0"
    print(f"{name:12} {found}")

# %% tags=["nbval-ignore-output"]
_, ax = plt.subplots()
edges = np.linspace(-0.02, 0.02, 81)
for (name, model), style in zip(models.items(), ("-", "--", ":"), strict=True):
    weights = model.W.ravel()
    label = f"{name} (not shown: {np.mean(np.abs(weights) > 0.02):.2%})"
    ax.hist(weights, edges, histtype="step", label=label, linestyle=style, linewidth=1.6)
ax.set(title="L1 moves most weights close to 0, L2 spreads them", yscale="log")
ax.set(xlabel="weight", ylabel="number of weights")
ax.legend()
plt.show()

# %% tags=["nbval-ignore-output"]
shown = [0, 1, 4, 6, 8]
rows_of_templates = {name: model.W[:, shown] for name, model in models.items()}
linear.template_rows(rows_of_templates, [CLASS_NAMES[label] for label in shown])
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** In which parts of the image do the templates with L1 still have weights that differ from 0? When
# would you prefer a classifier that uses only a few pixels to one that uses all of them a little?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# They keep their weights at the positions that say most about the class, such as the middle for the frog and the lower
# edge for the ship. Elsewhere they are grey. A classifier with few inputs is useful if each input costs something (a
# measurement, memory), or if most inputs are noise. In images there is a little information everywhere, so L2 is
# usually as good or slightly better.
# ### END SOLUTION

# %% [markdown]
# ## The test set, once

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
predicted = softmax.predict(X_test)
print(f"test accuracy {np.mean(predicted == y_test):.3f}")
vis_utils.confusion_matrix(y_test, predicted, CLASS_NAMES, "Softmax on 1,000 test images")
plt.show()

# %% [markdown]
# The probabilities say how confident the classifier is. Is it right as often as these probabilities say? A classifier
# is **well calibrated** if, for example, it is right for 70 % of the images whose predicted class has a probability of
# 70 %. In that case, each bar in the figure below ends near the dashed line.


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
confidence = softmax_probabilities(X_test @ softmax.W).max(axis=1)
linear.reliability(confidence, predicted == y_test)
plt.show()

# %% [markdown] tags=["question"]
# **Question 4.** Is this classifier well calibrated? Look at the number of images in each bar: for which bars can you
# be sure that the height means something, and for which can you not? Now suppose that the classifier is to decide by
# itself only where at least 80 % of its answers are right, and that all other images are to be passed to a person. For
# which images would the classifier decide by itself?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# It is roughly well calibrated: most bars end near the dashed line. If a bar stands for hundreds of images, its height
# is known to within a few percentage points. The bars on the right stand for only a few images each, so by chance they
# may be off by ten points or more (the standard error is $\sqrt{p (1 - p) / N}$). The classifier would decide by itself
# for the images with a probability of at least about 0.7. Of all these answers together, more than 80 % are right, even
# if a single bar of a few images is lower by chance. Few images have such a high probability.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * The softmax function turns scores into probabilities. The loss is the negative logarithm of the probability of the
#   correct class, and its gradient with respect to the scores is $P - \mathbf 1(j = y_i)$.
# * Subtract the largest score before you take exponentials.
# * With small weights, the loss starts at about $\log C$.
# * The hinge loss is 0 once all margins are wide enough. The softmax loss never reaches 0.
# * L2 spreads the weights over all pixels, and L1 moves most of them close to 0.
