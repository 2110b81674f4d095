# %% [markdown]
# # A linear classifier: the support vector machine
#
# Nearest neighbours kept all the images and learned nothing. Here all of the training set is boiled down to one
# table of numbers, **W**, and a prediction is a single matrix product. What has to be found is a good W: that takes a
# **loss**, which says how bad a W is, its **gradient**, which says where to go, and **descent**, which goes there.
#
# You will edit three files (click to open them):
#
# * [`cs231n/regularizers.py`](../../cs231n/regularizers.py): penalties on large weights,
# * [`cs231n/classifiers/linear_svm.py`](../../cs231n/classifiers/linear_svm.py): the hinge loss and its gradient, with
#   loops and without,
# * [`cs231n/classifiers/linear_classifier.py`](../../cs231n/classifiers/linear_classifier.py): stochastic gradient
#   descent and prediction.

# %%
from cs231n import vis_utils
from cs231n.figures import linear
from cs231n.notebook import checks, np, plt, progress, timed

# %% [markdown]
# ## Scores as template matching
#
# The classifier computes one score for each of the $C$ classes, and predicts the class with the highest:
#
# $$f(x, W) = W x + b$$
#
# Read it row by row. Row $j$ of $W$ has as many entries as the image has, so it is an image itself: a **template** of
# class $j$. The score $w_j \cdot x + b_j$ is large where the image is bright and the template positive, or the image
# dark and the template negative. The bias $b_j$ is what the class gets before anyone has looked.
#
# In the code an example is a *row* of `X`, (N, D), so the templates are the *columns* of `W`, (D, C), and all the
# scores of all the images are `X @ W`, (N, C).

# %%
from cs231n.data_utils import CLASS_NAMES, load_CIFAR10

images, labels, test_images, test_labels = load_CIFAR10(dtype=np.float32)
rows, test_rows = images.reshape(len(images), -1), test_images.reshape(len(test_images), -1)
print("training and validation", rows.shape, "· test", test_rows.shape)

# %% [markdown]
# **Splits.** The last 1,000 training images are the validation set, on which hyperparameters are chosen; of the test
# images the first 1,000 are used, once, at the end.
#
# **Centring.** Pixels run from 0 to 255, all positive, so all entries of *one example's* gradient for one template have
# the same sign. In a minibatch the examples pull in both directions and the signs mix, but what all images share, their
# brightness, still dominates every score and every gradient, although it says nothing about the class. So the mean of
# the training images is subtracted from all images: of the *training* images, since nothing may be known of the others.

# %%
mean_image = rows[:-1000].mean(axis=0)
for part in (rows, test_rows):
    part -= mean_image
    part /= 64
vis_utils.show_images([mean_image], [""], "The mean training image", columns=1, size=2)
plt.show()

# %% [markdown]
# **The bias trick.** Append a 1 to every image and a row to `W`, and the bias is a weight like any other:
# $W x + b = [W\ b]\,[x; 1]$. One thing to learn in place of two.


# %%
def with_ones(X):
    ### BEGIN SOLUTION
    # TODO: return X, (N, D), with a column of ones appended, (N, D + 1), in the dtype of X.
    return np.hstack([X, np.ones((len(X), 1), dtype=X.dtype)])
    ### END SOLUTION


# %%
checks.run("with_ones", with_ones)

# %%
X_train, y_train = with_ones(rows[:-1000]), labels[:-1000]
X_val, y_val = with_ones(rows[-1000:]), labels[-1000:]
X_test, y_test = with_ones(test_rows[:1000]), test_labels[:1000]
print("train", X_train.shape, "· validation", X_val.shape, "· test", X_test.shape)

# %% [markdown]
# ## The hinge loss, by hand
#
# A score is good if the right class beats every other class by a margin of at least $\Delta = 1$. Every class that
# comes closer than that adds to the loss:
#
# $$L_i = \sum_{j \ne y_i} \max(0,\; s_j - s_{y_i} + 1), \qquad L = \frac1N \sum_i L_i$$
#
# where $y_i$ is the number of the right class of example $i$. Three images, three classes, scores already computed:

# %%
scores = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
right_class = np.array([0, 1, 2])
by_hand = []
for s, y in zip(scores, right_class, strict=True):
    terms = [max(0.0, s[j] - s[y] + 1) for j in range(3) if j != y]
    by_hand.append(sum(terms))
    print(
        f"scores {s}, right class {y}: " + " + ".join(f"{t:.1f}" for t in terms),
        "=",
        round(by_hand[-1], 1),
    )
print(f"the loss is their mean, {np.mean(by_hand):.3f}")

# %% [markdown] tags=["question"]
# **Question 1.** What is the smallest and what the largest value that $L_i$ can have? The second example has loss 0:
# what happens to it if its scores are changed by a little? What would the loss be if the sum also ran over $j = y_i$?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Smallest 0, once the right class leads by at least 1; there is no largest. Nothing happens to the second example: its
# margins are 2.6 and 1.9 too wide, small changes leave the loss at 0. With $j = y_i$ included every example would add
# $\max(0, s_{y_i} - s_{y_i} + 1) = 1$: the loss grows by exactly 1 and the best W stays the same.
# ### END SOLUTION

# %% [markdown]
# ## Penalties on large weights
#
# If some W separates the training data with loss 0, then so does 2W, and 3W: the loss alone does not choose. A
# **regulariser** $R(W)$ does: it prefers small weights, and keeps the classifier from bending to every example:
#
# $$L = \frac1N \sum_i L_i + \lambda R(W)$$
#
# * L2: $R(W) = \sum_{d,j} W_{dj}^2$ spreads the weight over many pixels,
# * L1: $R(W) = \sum_{d,j} |W_{dj}|$ prefers few weights that are not 0,
# * elastic net: $R(W) = \beta \sum W^2 + \sum |W|$, both at once.
#
# Fill in the three in `cs231n/regularizers.py`, each with its gradient.

# %%
checks.run("l2")

# %%
checks.run("l1")

# %%
checks.run("elastic_net")

# %% [markdown]
# ## Loss and gradient with loops
#
# The gradient of $L_i$ follows term by term. Each violated margin, each $j \ne y_i$ with
# $s_j - s_{y_i} + 1 > 0$, pushes two templates: $+x_i$ into template $j$ and $-x_i$ into template $y_i$. So
#
# $$\nabla_{w_j} L_i = \mathbf 1(s_j - s_{y_i} + 1 > 0)\, x_i \quad (j \ne y_i), \qquad
# \nabla_{w_{y_i}} L_i = -\Big(\sum_{j \ne y_i} \mathbf 1(s_j - s_{y_i} + 1 > 0)\Big)\, x_i$$
#
# Fill in `svm_loss_naive`.

# %%
checks.run("svm_loss_naive")

# %% [markdown]
# **A sanity check that costs nothing.** With tiny random weights all scores are about 0, every margin is violated by
# about 1, and the loss is about $C - 1$.

# %%
from cs231n.classifiers.linear_svm import svm_loss_naive, svm_loss_vectorized

rng = np.random.default_rng(0)
W = 0.0001 * rng.normal(size=(3073, 10))
loss, dW = svm_loss_naive(W, X_train[:200], y_train[:200], 0.0)
print(f"loss {loss:.1f}, expected about C - 1 = 9")

# %% [markdown]
# ## The numeric gradient, and where the kink makes it lie
#
# A gradient can be checked without any calculus: move one weight by $h$ up and down and see what the loss does,
# $(L(w + h) - L(w - h)) / 2h$. To *train* like that would take two losses for each of 30,730 weights in every step; to
# *check* a few weights it is the best tool there is.

# %% tags=["nbval-ignore-output"]
from cs231n.gradient_check import grad_check_sparse

W = 0.01 * rng.normal(size=(3073, 10))
few, few_labels = X_train[:20].astype(np.float64), y_train[:20]
loss, dW = svm_loss_naive(W, few, few_labels, 0.5)
worst = grad_check_sparse(
    lambda W: svm_loss_naive(W, few, few_labels, 0.5)[0], W, dW, num_checks=6
)

# %% [markdown]
# Sometimes one line is off although the gradient is right. The hinge $\max(0, \cdot)$ has a kink, and if the two
# points at $w \pm h$ lie on different sides of it, the difference quotient measures a slope that is neither:

# %%
at, h = 0.95, 0.2
slope = (max(0, 1 - (at + h)) - max(0, 1 - (at - h))) / (2 * h)
print(f"at w = {at}: true slope -1, numeric slope {slope:.3f}")
linear.kink(at, h, slope)
plt.show()

# %% [markdown] tags=["question"]
# **Question 2.** At $w = 0.95$ the true slope is −1. What makes it likelier that a numeric check is fooled like this:
# a larger or a smaller $h$, more or fewer examples? Is it a reason to distrust the gradient?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# A larger h reaches farther, so it crosses more kinks; every example and every class adds a kink, so more examples
# make it likelier as well. It is no reason to worry if only single entries are off and a smaller h or fewer examples
# mends them; an error in the formula stays.
# ### END SOLUTION

# %% [markdown]
# ## The same without loops
#
# Both loops, over examples and over classes, become array operations: the scores are one matrix product, the margins
# one subtraction, and the gradient is one more matrix product, $X^\top$ times a table that says for each example and
# class how often $x_i$ enters with which sign. Fill in `svm_loss_vectorized`.

# %%
checks.run("svm_loss_vectorized")

# %% tags=["nbval-ignore-output"]
part, part_labels = X_train[:500].astype(np.float64), y_train[:500]
cost = {
    "naive": timed(svm_loss_naive, W, part, part_labels, 1e-5),
    "vectorised": timed(svm_loss_vectorized, W, part, part_labels, 1e-5),
}
vis_utils.times(cost, "Loss and gradient of 500 images")
plt.show()

# %% [markdown]
# ## Stochastic gradient descent
#
# The gradient points uphill, so take a step the other way: $W \leftarrow W - \eta \nabla L$. The **learning rate**
# $\eta$ is the most important number there is. The sum over all $N$ images is more than a step needs: a random
# **minibatch** of some hundreds gives nearly the same direction for a small part of the price. The two extremes
# have names of their own: all the images in every step is (full-)batch gradient descent, a single one is
# stochastic gradient descent in the strict sense. Usually "SGD" means minibatches.
#
# Fill in `train` and `predict` of `LinearClassifier`.

# %%
checks.run("linear_classifier_train")

# %%
checks.run("linear_classifier_predict")

# %% [markdown]
# **To play with:** a linear classifier of three classes in the plane. On each line the score of one class is 0. Take
# steps, drag points, try another learning rate, and compare the hinge loss with the softmax loss of the next notebook.

# %% tags=["nbval-ignore-output"]
from cs231n.toys.linear import Linear

y_plane = np.repeat([0, 1, 2], 10)
centres = np.array([[0.0, 0.0], [3.0, 0.6], [1.2, 3.0]])
X_plane = centres[y_plane] + 0.8 * np.random.default_rng(3).normal(size=(30, 2))
Linear(X_plane, y_plane)

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
from cs231n.classifiers.linear_classifier import LinearSVM

np.random.seed(0)
first = LinearSVM()
history = first.train(X_train, y_train, 3e-4, reg=0.1, num_iters=800, batch_size=200)
vis_utils.loss_curves({"minibatches of 200": history}, "The loss goes down", smooth=25)
plt.show()
print(f"validation accuracy {np.mean(first.predict(X_val) == y_val):.3f}")

# %% [markdown]
# **The size of the batch.** A bigger batch gives a truer direction at a higher price. Here on 1,000 images only, from
# single examples to all of them at once.

# %% tags=["nbval-ignore-output"]
part, part_labels = X_train[:1000], y_train[:1000]
runs = {}
for size, steps, rate in (
    (1, 2000, 1e-5),
    (20, 1000, 1e-4),
    (200, 400, 3e-4),
    (1000, 100, 3e-4),
):
    np.random.seed(0)
    model, losses, full = LinearSVM(), [], []
    for _ in range(20):  # twenty stretches; after each, the loss over all 1,000 images
        losses += model.train(part, part_labels, rate, 0.1, steps // 20, size)
        full.append(model.loss(part, part_labels, 0.1)[0])
    runs[size] = losses, full
linear.batch_sizes(runs)
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** With single examples the loss that a step sees (blue) jumps about, although every step follows its
# gradient exactly. Why? Compare the loss over all images (orange) where the panels have seen the same number of images:
# why is the noise not simply a disadvantage?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Each step lowers the loss of its own example, and the loss of one example differs from that of the next: the gradient
# of one example is the full gradient plus noise. But a step costs a fraction of a full one, so for the same work
# there are many more of them, and while all directions still point downhill roughly, many rough steps get farther
# than a few exact ones.
# ### END SOLUTION

# %% [markdown]
# ## Search: learning rate and regularisation
#
# Both are chosen on the validation set. Neither has a natural value, only a natural *order of magnitude*, so they are
# searched on a logarithmic grid. A short training for each pair is enough to see where it is worth training longer.

# %% tags=["nbval-ignore-output"]
rates, strengths = [2e-4, 6e-4, 2e-3, 6e-3], [1e-3, 1e-2, 1e-1]
accuracy = np.zeros((len(rates), len(strengths)))
for i, j in progress(list(np.ndindex(accuracy.shape)), "search"):
    np.random.seed(1)
    candidate = LinearSVM()
    candidate.train(X_train, y_train, rates[i], strengths[j], num_iters=400, batch_size=200)
    accuracy[i, j] = np.mean(candidate.predict(X_val) == y_val)
vis_utils.heat_map(
    accuracy, rates, strengths, "Linear SVM, 400 steps", "learning rate", "λ"
)
plt.show()

# %% [markdown]
# The best pair (framed), trained longer, with the learning rate falling from stretch to stretch: large steps to get
# there, small ones to settle.

# %% tags=["nbval-ignore-output"]
best = np.unravel_index(np.argmax(accuracy), accuracy.shape)
best_rate, best_strength = rates[best[0]], strengths[best[1]]


def train_svm(seed):
    ### BEGIN SOLUTION
    # TODO: train a LinearSVM on X_train with best_rate and best_strength, in several calls
    #   of train with a smaller learning rate each; return it.
    np.random.seed(seed)
    svm = LinearSVM()
    for rate, steps, size in ((1, 2000, 200), (1 / 4, 1500, 200), (1 / 16, 1000, 500)):
        svm.train(X_train, y_train, rate * best_rate, best_strength, steps, size)
    return svm
    ### END SOLUTION


svm = train_svm(seed=0)
val_accuracy = np.mean(svm.predict(X_val) == y_val)
print(
    f"learning rate {best_rate:g}, λ {best_strength:g}: validation accuracy {val_accuracy:.3f}"
)

# %% [markdown]
# ## What it has learned
#
# The columns of W as images. Grey is 0, and a pixel's colour says which colour there speaks for the class.

# %% tags=["nbval-ignore-output"]
vis_utils.templates(svm.W, CLASS_NAMES, "Templates of the linear SVM")
plt.show()

# %% [markdown]
# They are noisy: with a small λ each pixel's weight is free to fit accidents of the training images. A large λ costs
# some accuracy and leaves what the images of a class share.

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
np.random.seed(0)
smooth = LinearSVM()
smooth.train(X_train, y_train, learning_rate=2e-4, reg=5.0, num_iters=1000, batch_size=200)
vis_utils.templates(smooth.W, CLASS_NAMES, "Templates with λ = 5")
plt.show()
print(f"validation accuracy {np.mean(smooth.predict(X_val) == y_val):.3f}")

# %% [markdown] tags=["question"]
# **Question 4.** Describe two of the templates. One class, one template: what does that do to horses that look left
# and horses that look right, or to cars of all colours?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# They are blurred averages: a ship is blue below and above with something in the middle, a frog a greenish blob. A
# class has one template for all it contains, so it must be a compromise: the horse has a head at either end, and the
# car has the colour of most cars. What varies a lot within the class is averaged away.
# ### END SOLUTION

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
predicted = svm.predict(X_test)
print(f"test accuracy {np.mean(predicted == y_test):.3f}")
vis_utils.confusion_matrix(
    y_test, predicted, CLASS_NAMES, "Linear SVM on 1,000 test images"
)
plt.show()

# %% tags=["nbval-ignore-output"]
vis_utils.mistakes(64 * test_rows[:1000] + mean_image, y_test, predicted, CLASS_NAMES)
plt.show()

# %% [markdown]
# ## What Δ does, and does not
#
# Why a margin of 1 and not 2? Because W can stretch. If all weights double, all score differences double, and a margin
# of 2 is as easy as 1 was. What keeps W from stretching is λ alone: so Δ and λ are *one* trade-off between fitting and
# small weights, not two, and Δ = 1 can be left where it is. Exactly: take a W, and let $L_\Delta$ be the hinge loss
# with margin Δ. Then
#
# $$L_\Delta(cW) + \lambda R(cW) = c\,\big(L_{\Delta / c}(W) + c\,\lambda R(W)\big) \quad \text{for L2 and } c > 0$$
#
# so training with margin Δ and strength λ gives the same classifier, weights scaled by Δ, as training with margin 1
# and strength Δ λ. Without a penalty ($\lambda = 0$) Δ does not matter at all.


# %%
def hinge(W, delta, lam):
    scores = X_val @ W
    margins = np.maximum(0, scores - scores[np.arange(1000), y_val][:, None] + delta)
    margins[np.arange(1000), y_val] = 0
    return margins.sum() / 1000 + lam * np.sum(W * W)


W = 0.01 * rng.normal(size=(3073, 10))
for delta in (0.5, 2.0, 10.0):
    left, right = hinge(delta * W, delta, 3.0), delta * hinge(W, 1.0, delta * 3.0)
    print(f"Δ = {delta:4}: {left:.6g} = {right:.6g}")

# %% [markdown]
# ## What no linear classifier can do
#
# One template for each class means one straight border between any two. Three data sets in the plane for which no
# straight border will do: parity (the class is whether the number of positive coordinates is odd), a ring around
# the origin, and a class in three places.

# %%
from cs231n import toy_data

fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.5))
cases = {
    "parity": toy_data.parity,
    "ring": toy_data.annulus,
    "three places": toy_data.three_modes,
}
for ax, (name, make) in zip(axes, cases.items(), strict=True):
    X, y = make(300, 0)
    np.random.seed(0)
    flat = LinearSVM()
    flat.train(
        with_ones(X), y, learning_rate=0.05, reg=1e-3, num_iters=1500, batch_size=100
    )
    right = np.mean(flat.predict(with_ones(X)) == y)
    title = f"{name}: {right:.0%} right"
    vis_utils.decision_regions(ax, lambda p, f=flat: f.predict(with_ones(p)), X, y, title)
plt.show()

# %% [markdown]
# Two ways out: other features in place of the raw coordinates (the distance from the origin solves the ring), or
# several layers that learn such features by themselves. Both come later in this assignment.
#
# ## Key takeaways
#
# * Scores, loss, gradient, descent: every classifier from here on is trained like this.
# * Sanity checks: the loss at tiny weights, the numeric gradient.
# * Learning rate and λ are searched on a logarithmic grid, on the validation set.
# * A linear classifier has one template for each class, and straight borders.
