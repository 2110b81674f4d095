# %% [markdown]
# # A linear classifier: the support vector machine
#
# The nearest-neighbour classifier stored all the images and learned nothing. A linear classifier condenses the training
# set into one table of numbers, **W**, and makes its predictions with a single matrix product. To find a good W we need
# three things. A **loss** measures how bad a W is. The **gradient** of the loss is the direction in which the loss
# grows fastest. **Gradient descent** changes W in the opposite direction, step by step.
#
# You will edit three files (click to open them):
#
# * [`cs231n/regularizers.py`](../../cs231n/regularizers.py): penalties on large weights,
# * [`cs231n/classifiers/linear_svm.py`](../../cs231n/classifiers/linear_svm.py): the hinge loss and its gradient, with
#   loops and without,
# * [`cs231n/classifiers/linear_classifier.py`](../../cs231n/classifiers/linear_classifier.py): stochastic gradient
#   descent and prediction.
#
# You will also fill in two cells of this notebook.

# %%
from cs231n import vis_utils
from cs231n.figures import linear
from cs231n.notebook import checks, np, plt, progress, timed

# %% [markdown]
# ## Scores as template matching
#
# The classifier computes one score for each of the $C$ classes, and predicts the class with the highest score. Take an
# image of only two pixels, $x = (2, -1)$, and for the class "cat" the weights $(1, -3)$ and the bias $0.5$. The score of
# "cat" is $1 \cdot 2 + (-3) \cdot (-1) + 0.5 = 5.5$. The scores of all classes together are
#
# $$f(x, W) = W x + b$$
#
# Read this formula row by row. Row $j$ of $W$ has as many entries as the image, so you can display it as an image,
# which is called the **template** of the class. A pixel raises the score $w_j \cdot x + b_j$ if it has the same sign
# as its weight, and lowers the score if the signs differ. The bias $b_j$ is the score that class $j$ starts with,
# whatever is in the image.
#
# In the code, each example is a *row* of `X`, of shape (N, D). Therefore the templates are the *columns* of `W`,
# (D, C), and the scores of all the images are `X @ W`, (N, C).

# %%
from cs231n.data_utils import CLASS_NAMES, load_CIFAR10

images, labels, test_images, test_labels = load_CIFAR10(dtype=np.float32)
rows, test_rows = images.reshape(len(images), -1), test_images.reshape(len(test_images), -1)
print("training and validation", rows.shape, "· test", test_rows.shape)

# %% [markdown]
# **Splits.** The last 1,000 training images are the validation set, on which we choose hyperparameters. We use the
# first 1,000 test images, and only once, at the end.
#
# **Centring.** Pixel values range from 0 to 255. Since they are never negative, the mean of all images is a large part
# of every image. This common part dominates every score and every gradient, although it says nothing about the class.
# So we subtract the mean training image from all images. It is the mean of the *training* images only, because nothing
# may be learned from the validation and test images. We also divide by 64, so that typical values are about 1 in size.

# %%
mean_image = rows[:-1000].mean(axis=0)
for part in (rows, test_rows):
    part -= mean_image
    part /= 64
vis_utils.show_images([mean_image], [""], "The mean training image", columns=1, size=2)
plt.show()

# %% [markdown]
# **The bias trick.** If we append a 1 to every image $x$, and the bias $b$ to $W$ as one more column, the bias becomes
# a weight like any other: $W x + b = [W\ b]\,[x; 1]$. Then there is only one array to learn. In the code, where
# templates are columns, the bias is the last *row* of `W`.


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
# The scores of an example are good if the correct class leads every other class by a margin of at least $\Delta = 1$.
# Every class that comes closer than that adds to the loss. Suppose the scores are $3.2$, $5.1$ and $-1.7$, and class 0
# is correct. The score of class 1 should be at most $3.2 - 1 = 2.2$, but it is $2.9$ larger than that, so class 1 adds
# $2.9$. The score of class 2 is low enough, so class 2 adds 0. The loss of this example is $2.9 + 0 = 2.9$. In general
#
# $$L_i = \sum_{j \ne y_i} \max(0,\; s_j - s_{y_i} + 1), \qquad L = \frac1N \sum_i L_i$$
#
# where $s_j$ is the score of class $j$, and $y_i$ is the index of the correct class of example $i$. This is the **hinge
# loss**, and a linear classifier that is trained with it is called a linear **support vector machine** (SVM). Here is
# the computation for three images:

# %%
scores = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
right_class = np.array([0, 1, 2])
by_hand = []
for s, y in zip(scores, right_class, strict=True):
    terms = [max(0.0, s[j] - s[y] + 1) for j in range(3) if j != y]
    by_hand.append(sum(terms))
    total = " + ".join(f"{t:.1f}" for t in terms)
    print(f"scores {s.tolist()}, correct class {y}: {total} = {by_hand[-1]:.1f}")
print(f"the loss is their mean, {np.mean(by_hand):.3f}")

# %% [markdown] tags=["question"]
# **Question 1.** What are the smallest and largest values that $L_i$ can have? The second example has a loss of 0.
# What happens to this loss if the scores change a little? What would the loss be if the sum also ran over $j = y_i$?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The smallest value is 0, when the correct class leads by at least 1. There is no largest value. Nothing happens to
# the loss of the second example: class 1 leads the other classes by 2.6 and 1.9 more than necessary, so small changes
# leave the loss at 0. If the sum included $j = y_i$, every example would add $\max(0, s_{y_i} - s_{y_i} + 1) = 1$. So
# the loss would be larger by exactly 1, and the best W would be the same.
# ### END SOLUTION

# %% [markdown]
# ## Penalties on large weights
#
# If some W separates the training data with a loss of 0, then so do 2W and 3W, and the loss cannot choose between them.
# A **regulariser** $R(W)$ can. It is a penalty that is added to the loss. It prefers small weights, and keeps the
# classifier from adapting to every single example. Its strength is $\lambda$:
#
# $$L = \frac1N \sum_i L_i + \lambda R(W)$$
#
# * L2: $R(W) = \sum_{d,j} W_{dj}^2$ spreads the weights over many pixels.
# * L1: $R(W) = \sum_{d,j} |W_{dj}|$ prefers that only a few weights differ from 0.
# * Elastic net: $R(W) = \beta \sum W^2 + \sum |W|$ is a mixture of both; $\beta$ says how much L2 counts.
#
# An example: for the image $x = (1, 1, 1, 1)$, the weights $(1, 0, 0, 0)$ and $(0.25, 0.25, 0.25, 0.25)$ give the same
# score, 1. For L1 they are equally good. L2 prefers the second:

# %%
for w in (np.array([1, 0, 0, 0]), np.array([0.25, 0.25, 0.25, 0.25])):
    print(f"{w}: score {w.sum():g}, L2 {np.sum(w**2):g}, L1 {np.sum(np.abs(w)):g}")

# %% [markdown]
# Fill in the three functions in `cs231n/regularizers.py`, each with its gradient.

# %%
checks.run("l2")

# %%
checks.run("l1")

# %%
checks.run("elastic_net")

# %% [markdown]
# ## Loss and gradient with loops
#
# Take the first of the three examples again. Only class 1 violates the margin, so for scores near these, the loss of
# the example is $L_i = s_1 - s_0 + 1 = w_1 \cdot x_i - w_0 \cdot x_i + 1$. The gradient with respect to $w_1$ is $x_i$,
# the gradient with respect to $w_0$ is $-x_i$, and $w_2$ has no effect. In general, each class $j$ that violates the
# margin contributes $x_i$ to the gradient with respect to its own template, and $-x_i$ to the gradient with respect to
# template $y_i$:
#
# $$\nabla_{w_j} L_i = \mathbf 1(s_j - s_{y_i} + 1 > 0)\, x_i \quad (j \ne y_i), \qquad
# \nabla_{w_{y_i}} L_i = -\Big(\sum_{j \ne y_i} \mathbf 1(s_j - s_{y_i} + 1 > 0)\Big)\, x_i$$
#
# Here $\mathbf 1(\cdot)$ is 1 if the condition in the brackets holds, and 0 otherwise. Fill in `svm_loss_naive`.

# %%
checks.run("svm_loss_naive")

# %% [markdown]
# **A sanity check that costs almost nothing.** With tiny random weights, all scores are about 0. Then each of the
# $C - 1$ wrong classes violates its margin by about 1, and the loss is about $C - 1$.

# %%
from cs231n.classifiers.linear_svm import svm_loss_naive, svm_loss_vectorized

rng = np.random.default_rng(0)
W = 0.0001 * rng.normal(size=(3073, 10))
loss, dW = svm_loss_naive(W, X_train[:200], y_train[:200], 0.0)
print(f"loss {loss:.1f}, expected about C - 1 = 9")

# %% [markdown]
# ## The numeric gradient
#
# A gradient can be checked without any calculus. Change one weight by a small number $h$, and see how much the loss
# changes. There are two common ways to do this: the **forward difference**, $(L(w + h) - L(w)) / h$, and the **centred
# difference**, $(L(w + h) - L(w - h)) / 2h$. Take $L(w) = w^3$ at $w = 1$, where the slope is 3, and $h = 0.1$. The
# forward difference is $(1.331 - 1) / 0.1 = 3.31$. The centred difference is $(1.331 - 0.729) / 0.2 = 3.01$, which is
# much closer. The Taylor series shows why:
#
# $$L(w \pm h) = L(w) \pm h L'(w) + \tfrac{1}{2} h^2 L''(w) \pm \tfrac{1}{6} h^3 L^{(3)}(w) + \dots$$
#
# The error of the forward difference is about $\tfrac12 h L''(w)$: it is proportional to $h$. In the centred difference
# the terms with $h^2$ cancel, and the error is about $\tfrac16 h^2 L^{(3)}(w)$. It is proportional to $h^2$, so a step
# that is ten times smaller gives two more correct digits. But $h$ must not be too small, or the two losses are nearly
# equal, and their rounding error, divided by the small $h$, dominates.

# %%
steps = 10.0 ** np.arange(-14, 0.1, 0.5)
slopes = {
    "forward": [(np.exp(1 + h) - np.exp(1)) / h for h in steps],
    "centred": [(np.exp(1 + h) - np.exp(1 - h)) / (2 * h) for h in steps],
}
errors = {name: np.abs(np.array(found) / np.e - 1) for name, found in slopes.items()}
linear.difference_errors(steps, errors)
plt.show()

# %% [markdown] tags=["question"]
# **Question 2.** The figure shows the error for $L(w) = e^w$ at $w = 1$. What is the smallest error of each kind of
# difference, and at which $h$ is it reached? How can you tell from the slopes of the lines which error is proportional
# to $h$ and which to $h^2$? What do the left ends of the lines tell you?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The forward difference reaches an error of about $2 \cdot 10^{-9}$, at $h \approx 10^{-8}$. The centred difference
# reaches about $10^{-11}$, at $h \approx 3 \cdot 10^{-6}$, and stays below about $10^{-9}$ for any $h$ from $10^{-7}$
# to $10^{-5}$. On the right, when $h$ becomes ten times smaller, the error of the forward difference falls by a factor
# of 10, and that of the centred difference by a factor of 100. So the second line is twice as steep. On the left the
# lines rise as $h$ becomes smaller: the rounding error of the loss, about $10^{-16}$, is divided by $h$.
# ### END SOLUTION

# %% [markdown]
# *Training* with numeric gradients would take two evaluations of the loss for each of the 30,730 weights in every
# step. But for *checking* a few weights, numeric gradients are the best tool there is.

# %% tags=["nbval-ignore-output"]
from cs231n.gradient_check import grad_check_sparse

W = 0.01 * rng.normal(size=(3073, 10))
few, few_labels = X_train[:20].astype(np.float64), y_train[:20]
loss, dW = svm_loss_naive(W, few, few_labels, 0.5)
worst = grad_check_sparse(
    lambda W: svm_loss_naive(W, few, few_labels, 0.5)[0], W, dW, num_checks=6
)

# %% [markdown]
# Sometimes one of the lines printed above shows a large error although the gradient is correct. The reason is that the
# hinge $\max(0, \cdot)$ has a kink. If the two points at $w \pm h$ are on different sides of the kink, the numeric
# slope is a mean of the slopes on the two sides, and agrees with neither. (If such a kink is detected, the line says
# "kink: left out".) Here is an example:

# %%
at, h = 0.95, 0.2
slope = (max(0, 1 - (at + h)) - max(0, 1 - (at - h))) / (2 * h)
print(f"at w = {at}: true slope -1, numeric slope {slope:.3f}")
linear.kink(at, h, slope)
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** Read the two slopes at $w = 0.95$ from the figure. What makes it more likely that a kink misleads a
# numeric check: a larger $h$ or a smaller one? More examples or fewer? Is one large error a reason to distrust the
# gradient?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The true slope is −1.000 and the numeric one is −0.625. A larger h reaches farther, so it crosses more kinks. Every
# example adds a kink for each wrong class, so more examples make a wrong result more likely too. There is no reason to
# worry if only a few entries are off and the error disappears with a smaller h or fewer examples. An error that is
# caused by a mistake in the formula would not disappear.
# ### END SOLUTION

# %% [markdown]
# ## Loss and gradient without loops
#
# Both loops, over examples and over classes, become array operations. The scores take one matrix product, and the
# margins take one subtraction. Apart from the division by $N$ and the penalty, the gradient is one more matrix product:
# $X^\top$ times a table with one row for each example and one column for each class. Entry $(i, j)$ says how many times
# $x_i$ is added to the gradient with respect to template $j$ (a negative number means that it is subtracted). The row
# of the first example above is $(-1, 1, 0)$. Fill in `svm_loss_vectorized`.

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
# The gradient points uphill, so we take a step in the opposite direction. Suppose that a weight is 3, the gradient
# with respect to this weight is 4, and the **learning rate** $\eta$ is 0.1. Then the new weight is
# $3 - 0.1 \cdot 4 = 2.6$. For all weights at once:
#
# $$W \leftarrow W - \eta \nabla L$$
#
# The learning rate is often the most important hyperparameter. A step does not need the gradient of the loss over all
# $N$ images. A random **minibatch** of some of them gives a similar direction for a small fraction of the work. The two
# extremes have names of their own: using all the images in every step is called **batch gradient descent**, and using a
# single image is **stochastic gradient descent** (SGD) in the strict sense. Usually, "SGD" means descent with
# minibatches.
#
# How similar is the direction that a minibatch gives? To measure this, we draw minibatches of several sizes, and
# compare the gradient of each minibatch with the gradient of all 4,096 images. The noise is the length of the
# difference between the two gradients, divided by the length of the full gradient.

# %%
everyone, all_labels = X_train[:4096].astype(np.float64), y_train[:4096]
exact = svm_loss_vectorized(W, everyone, all_labels, 0.0)[1]
sizes = [1, 4, 16, 64, 256, 1024]
noise = []
for size in sizes:
    drawn = rng.integers(4096, size=(max(20, 256 // size), size))  # small ones vary most
    found = [svm_loss_vectorized(W, everyone[i], all_labels[i], 0.0)[1] for i in drawn]
    squares = [np.sum((dW - exact) ** 2) for dW in found]
    noise.append(np.sqrt(np.mean(squares)) / np.linalg.norm(exact))  # root mean square

# %%
linear.gradient_noise(sizes, noise)
plt.show()
print("noise times √n:", np.round(noise * np.sqrt(sizes), 1))

# %% [markdown]
# The noise is proportional to $1 / \sqrt{n}$, as it is for any mean of $n$ random examples: with four times as many
# images, it is half as large. So a larger batch gives a better direction, but halving the noise takes four times the
# work. Common batch sizes are 32, 64, 128 and 256.
#
# Fill in the methods `train` and `predict` of `LinearClassifier`.

# %%
checks.run("linear_classifier_train")

# %%
checks.run("linear_classifier_predict")

# %% [markdown]
# **To play with:** here is a linear classifier with three classes in the plane. Each line shows where the score of one
# class is 0. Take some steps, drag the points, try a different learning rate, and compare the hinge loss with the
# softmax loss, which is explained in the next notebook.

# %% tags=["nbval-ignore-output"]
from cs231n.toys.linear import Linear

y_plane = np.repeat([0, 1, 2], 10)
centres = np.array([[0.0, 0.0], [3.0, 0.6], [1.2, 3.0]])
X_plane = centres[y_plane] + 0.8 * np.random.default_rng(3).normal(size=(30, 2))
Linear(X_plane, y_plane)

# %% [markdown]
# Now train the classifier on the images. In the figure, the pale line shows the loss of each minibatch, and the dark
# line shows a running mean of the losses so far, which lags at the start.

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
from cs231n.classifiers.linear_classifier import LinearSVM

np.random.seed(0)
first = LinearSVM()
history = first.train(X_train, y_train, 3e-4, reg=0.1, num_iters=800, batch_size=200)
title = f"The loss falls from {history[0]:.1f} to about {np.mean(history[-25:]):.1f}"
vis_utils.loss_curves({"minibatches of 200": history}, title, smooth=25)
plt.show()
print(f"validation accuracy {np.mean(first.predict(X_val) == y_val):.3f}")

# %% [markdown]
# **Batch size and training.** Here we train on only 1,000 images, with batch sizes from 1 to 1,000. A smaller batch
# usually needs a smaller learning rate, because the direction of each step is less reliable.

# %% tags=["nbval-ignore-output"]
part, part_labels = X_train[:1000], y_train[:1000]
# For each batch size: the number of steps, and the learning rate
plan = {1: (2000, 1e-5), 20: (1000, 1e-4), 200: (400, 3e-4), 1000: (100, 3e-4)}

# %% tags=["nbval-ignore-output"]
runs = {}
for size, (steps, rate) in plan.items():
    np.random.seed(0)
    model, losses, full = LinearSVM(), [], []
    for _ in range(20):  # after each of 20 parts, compute the loss over all images
        losses += model.train(part, part_labels, rate, 0.1, steps // 20, size)
        full.append(model.loss(part, part_labels, 0.1)[0])
    runs[size] = losses, full
linear.batch_sizes(runs)
plt.show()

# %% [markdown] tags=["question"]
# **Question 4.** With single examples, the loss of the minibatch (blue) jumps up and down, although every step follows
# the gradient of its minibatch exactly. Why? Now compare the loss over all images (orange) in the four panels after
# the same number of images. Which batch sizes get far with little work, and why are small batches not simply worse?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Each step lowers the loss of its own example, but the next point of the blue line shows the loss of another example.
# After the same number of images, the loss is lowest with batches of 1 and 20. The gradient of one example is the full
# gradient plus noise. But a step along it costs only a small fraction of a step with the full gradient, so you can take
# many more steps for the same amount of work. As long as the directions point roughly downhill, many rough steps get
# farther than a few exact ones.
# ### END SOLUTION

# %% [markdown]
# ## Search: learning rate and regularisation
#
# We choose the learning rate and λ on the validation set. We do not know the right order of magnitude of either of
# them, so we search on a logarithmic grid. Training briefly with each pair is enough to see which pairs are worth
# training for longer.

# %% tags=["nbval-ignore-output"]
rates, strengths = [2e-4, 6e-4, 2e-3, 6e-3], [1e-3, 1e-2, 1e-1]
accuracy = np.zeros((len(rates), len(strengths)))
for i, j in progress(list(np.ndindex(accuracy.shape)), "search"):
    np.random.seed(1)
    candidate = LinearSVM()
    candidate.train(X_train, y_train, rates[i], strengths[j], num_iters=400, batch_size=200)
    accuracy[i, j] = np.mean(candidate.predict(X_val) == y_val)
vis_utils.heat_map(accuracy, rates, strengths, "Linear SVM, 400 steps")
plt.show()

# %% [markdown]
# How large must a difference between two cells be to mean anything? On 1,000 validation images, an accuracy of 0.38 has
# a standard error of $\sqrt{0.38 \cdot 0.62 / 1000} \approx 0.015$. So the worst learning rate is clearly worse than
# the best one, whereas cells that differ by no more than 0.015, in the same row or not, cannot be told apart. If a cell
# at the edge of the grid were clearly better than all the others, we would have to extend the grid.
#
# Now train with the best pair (framed; if several are equally good, the first) for longer. The training has several
# stages, each with a smaller learning rate than the one before: large steps to get near the minimum, and small steps to
# settle there.

# %% tags=["nbval-ignore-output"]
best = np.unravel_index(np.argmax(accuracy), accuracy.shape)
best_rate, best_strength = rates[best[0]], strengths[best[1]]
pair = f"learning rate {best_rate:g}, λ {best_strength:g}"


# %% tags=["nbval-ignore-output"]
def train_svm(seed):
    ### BEGIN SOLUTION
    # TODO: train a LinearSVM on X_train with best_rate and best_strength, in several calls
    #   of train, each with a smaller learning rate, and return it.
    np.random.seed(seed)
    svm = LinearSVM()
    for rate, steps, size in ((1, 2000, 200), (1 / 4, 1500, 200), (1 / 16, 1000, 500)):
        svm.train(X_train, y_train, rate * best_rate, best_strength, steps, size)
    return svm
    ### END SOLUTION


# %% tags=["nbval-ignore-output"]
svm = train_svm(seed=0)
val_accuracy = np.mean(svm.predict(X_val) == y_val)
print(f"{pair}: validation accuracy {val_accuracy:.3f}")

# %% [markdown]
# ## What the classifier has learned
#
# Here are the columns of W as images. Grey means 0. The colour that you see at a position is the colour that speaks
# for the class at that position.

# %% tags=["nbval-ignore-output"]
vis_utils.templates(svm.W, CLASS_NAMES, f"Templates with λ = {best_strength:g}: noisy")
plt.show()

# %% [markdown]
# The templates are noisy: with a small λ, the weight of each pixel can fit accidental details of the training images.
# A larger λ makes the templates smooth, and only what many images of a class have in common remains.

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
np.random.seed(0)
smooth = LinearSVM()
smooth.train(X_train, y_train, learning_rate=2e-4, reg=5.0, num_iters=1000, batch_size=200)
vis_utils.templates(smooth.W, CLASS_NAMES, "Templates with λ = 5: smooth")
plt.show()
print(f"validation accuracy {np.mean(smooth.predict(X_val) == y_val):.3f}")

# %% [markdown] tags=["question"]
# **Question 5.** Describe two of the smooth templates. There is only one template for each class. What does that mean
# for horses that face left and horses that face right, or for cars of many colours?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The templates are blurred. Roughly, each shows how the average image of its class differs from the others: a ship has
# blue around it, and a frog is a blob in the middle. The template of a class has to fit all images of the class, so it
# is a compromise. The template of the horse has to accept a head at either end, and that of the car has to accept cars
# of every colour. Whatever varies a lot within a class cancels out.
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
# ## What Δ does and does not do
#
# Why is the margin 1 and not 2? It does not matter, because W can grow. If all weights double, all differences between
# scores double, and a margin of 2 is as easy to reach as a margin of 1 was before. Only the penalty keeps W from
# growing. So Δ and λ together control *one* trade-off, between fitting the data and keeping the weights small, and we
# can simply use Δ = 1. To see this exactly, let $L_\Delta$ be the hinge loss with margin Δ. Multiplying W by $c$
# multiplies the scores by $c$ and the L2 penalty by $c^2$:
#
# $$L_\Delta(cW) + \lambda R(cW) = c\,\big(L_{\Delta / c}(W) + c\,\lambda R(W)\big) \quad \text{for L2 and } c > 0$$
#
# For $c = \Delta$ this says that training with margin Δ and strength λ gives the same classifier as training with
# margin 1 and strength Δλ, except that all weights are multiplied by Δ. Without a penalty ($\lambda = 0$), Δ does not
# matter at all. The next cell confirms the equation for three values of Δ:


# %%
def hinge(W, delta, lam):
    scores = X_val @ W
    margins = np.maximum(0, scores - scores[np.arange(1000), y_val][:, None] + delta)
    margins[np.arange(1000), y_val] = 0
    return margins.sum() / 1000 + lam * np.sum(W * W)


# %%
W = 0.01 * rng.normal(size=(3073, 10))
for delta in (0.5, 2.0, 10.0):
    left, right = hinge(delta * W, delta, 3.0), delta * hinge(W, 1.0, delta * 3.0)
    print(f"Δ = {delta:4}: {left:.6g} = {right:.6g}")

# %% [markdown]
# ## What no linear classifier can do
#
# With one template for each class, the border between any two classes is straight. Here are three data sets in the
# plane whose classes no straight border can separate. In the first, **parity**, the class says whether the number of
# positive coordinates is even or odd. In the second, one class is a **ring** around the origin, and the other class is
# inside and outside it. In the third, one class is in **three places**.

# %%
from cs231n import toy_data


def straight_border(X, y):
    np.random.seed(0)
    flat = LinearSVM()
    flat.train(with_ones(X), y, 0.05, reg=1e-3, num_iters=1500, batch_size=100)
    return lambda points: flat.predict(with_ones(points))


# %%
cases = {"parity": toy_data.parity, "ring": toy_data.annulus}
cases["three places"] = toy_data.three_modes
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.7))
for ax, (name, make) in zip(axes, cases.items(), strict=True):
    X, y = make(300, 0)
    predict = straight_border(X, y)
    title = f"{name}: {np.mean(predict(X) == y):.0%} right"
    vis_utils.decision_regions(ax, predict, X, y, title)
fig.suptitle("One straight border is not enough")
plt.show()

# %% [markdown]
# There are two ways out. One is to use better features than the raw coordinates: for example, if a feature measures the
# distance of a point from the circle in the middle of the ring, one threshold separates the classes. The other is to
# use several layers, which learn such features by themselves. Both come later in this assignment.
#
# ## Key takeaways
#
# * Every classifier from here on is trained in the same way: compute scores, a loss and its gradient, and take a step
#   downhill.
# * Two sanity checks cost little: the loss with tiny weights, and the numeric gradient. Use centred differences with
#   $h \approx 10^{-5}$.
# * The gradient of a minibatch of $n$ images is the full gradient plus noise proportional to $1 / \sqrt{n}$.
# * Search for the learning rate and λ on a logarithmic grid, and choose them on the validation set.
# * A linear classifier has one template for each class, and its borders are straight.
