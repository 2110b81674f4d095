# %% [markdown]
# # k-nearest neighbours
#
# The simplest image classifier there is: keep all the training images, and give a new image the label of the ones
# that look most like it. You will write it three times over, each time faster, choose its one hyperparameter *k*
# without fooling yourself, and see why nobody uses it on pixels.
#
# You will edit two files (click to open them):
#
# * [`cs231n/classifiers/k_nearest_neighbor.py`](../../cs231n/classifiers/k_nearest_neighbor.py): the distances and
#   the vote,
# * [`cs231n/cross_validation.py`](../../cs231n/cross_validation.py): cross-validation,
#
# and a few cells here. Save a file and run the next cell: the edit is in effect. A line `checks.run("…")` tells you
# whether your code is right, and if not, what is wrong with it. Cells that need code you have not written yet say so.

# %% [markdown] tags=["name"]
# *Your name (optional, for the report that comes with your submission):*

# %%
from cs231n.notebook import checks, np, plt, progress, timed

# %% [markdown]
# ## The task
#
# An image is a block of whole numbers from 0 to 255, height × width × 3: one number for each pixel and each of the
# colours red, green and blue. **Image classification** asks for one label from a fixed list. For you that is easy.
# For a program it is not: turn the camera by a finger's breadth and every one of the numbers changes, while the label
# stays; light, pose, background, something standing in front, all of them move the numbers more than the label does.
#
# Nobody has managed to write down rules (find the edges, then the corners, then …) that turn these numbers into
# "cat". What works is to let the data speak: collect images with labels, let a program learn from them, and measure it
# on images it has never seen.

# %%
from cs231n.data_utils import CLASS_NAMES, load_CIFAR10

images, y_all, test_images, y_test_all = load_CIFAR10(dtype=np.uint8)
print("training images", images.shape, images.dtype, "· labels", y_all.shape)
print("test images    ", test_images.shape, test_images.dtype, "· labels", y_test_all.shape)

# %%
from cs231n import vis_utils
from cs231n.figures import neighbours

vis_utils.sample_grid(images, y_all, CLASS_NAMES)
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** Choose one class in the grid. Name two of its pictures whose *numbers* must be very different
# although the label is the same, and two pictures of different classes whose numbers must be quite alike. What makes
# them so?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# A white aeroplane on blue sky and a dark one on a runway share hardly a value: background fills most of the pixels.
# A bird in the sky and an aeroplane in the sky share nearly all of them, since sky is most of both. Pixels
# measure the colour at each position; the label is about the thing in the middle.
# ### END SOLUTION

# %% [markdown]
# 5,000 training and 500 test images are enough here. Each image becomes one long row of 32 × 32 × 3 = 3,072 numbers.
# They are turned into floats first, since in 8-bit arithmetic 3 − 5 is 254.

# %%
X_train, y_train = images[:5000].reshape(5000, -1).astype(np.float64), y_all[:5000]
X_test, y_test = test_images[:500].reshape(500, -1).astype(np.float64), y_test_all[:500]
print("X_train", X_train.shape, "· X_test", X_test.shape)

# %% [markdown]
# ## How far apart are two images?
#
# "Look most like it" has to become a number. Two common choices for $x$ and $y$ with $D$ entries each:
#
# $$d_1(x, y) = \sum_{i=1}^{D} |x_i - y_i| \qquad\qquad d_2(x, y) = \sqrt{\sum_{i=1}^{D} (x_i - y_i)^2}$$
#
# $d_1$ is the **L1** or Manhattan distance (along the streets), $d_2$ the **L2** or Euclidean distance (as the crow
# flies). Neither is squared: double all the differences and both distances double. Write them down for two vectors.


# %%
def l1_distance(x, y):
    ### BEGIN SOLUTION
    # TODO: return the L1 distance of the vectors x and y, a single number.
    return np.sum(np.abs(x - y))
    ### END SOLUTION


def l2_distance(x, y):
    ### BEGIN SOLUTION
    # TODO: return the L2 distance of the vectors x and y, a single number.
    return np.sqrt(np.sum((x - y) ** 2))
    ### END SOLUTION


# %%
checks.run("l1_distance", l1_distance)

# %%
checks.run("l2_distance", l2_distance)

# %% [markdown]
# ### Turn the axes
#
# Take two points in the plane and turn the coordinate axes under them. The points stay where they are, only their
# coordinates change. Does their distance?

# %%
p, q = np.array([1.0, 0.5]), np.array([4.0, 2.5])
angles = np.linspace(0, np.pi, 73)
turned = [np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) for a in angles]
lines = {
    "L1": [l1_distance(R @ p, R @ q) for R in turned],
    "L2": [l2_distance(R @ p, R @ q) for R in turned],
}
neighbours.turned_axes(p, q, np.degrees(angles), lines)
plt.show()
for name, values in lines.items():
    print(f"{name}: from {min(values):.3f} to {max(values):.3f}")

# %% [markdown]
# L1 depends on the choice of axes, L2 does not. The points at L1 distance 1 from the origin form a square standing on
# its corner, and a square does not fit on itself when it is turned by a little; a circle does. So where each
# coordinate means something of its own (age, height, income), L1 respects that; where the axes are arbitrary, L2 is
# the natural choice. From here on the distance is L2.

# %% [markdown] tags=["question"]
# **Question 2.** Subtract the same number from every entry of every image, training and test. Does a nearest-neighbour
# classifier with L1 give other answers? With L2? And what if each pixel is divided by its own standard deviation over
# the training set?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Subtracting the same image from all changes no difference x − y, so neither distance and no answer. Dividing pixel
# by pixel changes the weights of the differences: pixels that vary little count for more than before. Distances, their order and
# thus the answers can change, with L1 and with L2.
# ### END SOLUTION

# %% [markdown]
# ## All distances: two loops, one loop, no loops
#
# The classifier's `train` keeps the data and does nothing else. All the work is in prediction, and most of it is the
# table `dists`, where `dists[i, j]` is the distance from test image `i` to training image `j`.
#
# **Two loops.** Fill in `compute_distances_two_loops`: a plain double loop, one pair at a time.

# %%
from cs231n.classifiers.k_nearest_neighbor import KNearestNeighbor

model = KNearestNeighbor()
model.train(X_train, y_train)
checks.run("compute_distances_two_loops")

# %% [markdown]
# **One loop.** One test image against the whole training set at once: numpy subtracts a row of length $D$ from every
# row of an $N \times D$ array without being told how ("broadcasting"). Fill in `compute_distances_one_loop`.

# %%
checks.run("compute_distances_one_loop")

# %% [markdown]
# **No loop at all.** Expanding the square turns all the pairs into one matrix product, the thing computers are best
# at:
#
# $$\|x - t\|^2 = \|x\|^2 - 2\,x \cdot t + \|t\|^2$$
#
# Do not subtract every test image from every training image at once: that table would have 500 × 5,000 × 3,072
# entries, 61 GB. Fill in `compute_distances_no_loops`.

# %%
checks.run("compute_distances_no_loops")

# %% [markdown]
# The same numbers, in how much time? Here for 100 test and 1,000 training images. Try `X_train` and `X_test` with fewer
# columns, too: the shorter the rows, the more of the time goes into the loops themselves.

# %% tags=["nbval-ignore-output"]
small = KNearestNeighbor()
small.train(X_train[:1000], y_train[:1000])
ways = {
    "two loops": small.compute_distances_two_loops,
    "one loop": small.compute_distances_one_loop,
    "no loops": small.compute_distances_no_loops,
}
cost = {name: timed(way, X_test[:100]) for name, way in ways.items()}
vis_utils.times(cost, "100 × 1,000 distances")
plt.show()

# %% [markdown]
# ## The table as a picture

# %%
dists = model.compute_distances_no_loops(X_test)
print("dists", dists.shape)
neighbours.distance_matrix(dists, X_test, X_train)
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** Rows and columns are sorted by their mean, and the images of the first and the last of them are shown.
# The last rows are bright from end to end, and so are the last columns. What does a bright row tell you about the test
# image, and a bright column about the training image? Which kind of picture is it?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# A bright row: that test image is far from every training image. A bright column: that training image is far from
# every test image. Usually they are extreme pictures, with a very bright or very dark background or strong contrast,
# at the edge of the cloud of images, while most images crowd around a medium grey.
# ### END SOLUTION

# %% [markdown]
# ## The vote
#
# With $k = 1$ the nearest training image decides alone. With $k > 1$ the $k$ nearest vote, one vote each, and the
# label with most votes wins; if labels tie, the smallest wins. Fill in `predict_labels`.

# %%
checks.run("predict_labels")

# %% [markdown]
# How good is that? The test images are kept for the very end. Here are 500 other images, a **validation set**.

# %%
X_val, y_val = images[5000:5500].reshape(500, -1).astype(np.float64), y_all[5000:5500]
val_dists = model.compute_distances_no_loops(X_val)
for k in (1, 5):
    hits = int(np.sum(model.predict_labels(val_dists, k=k) == y_val))
    print(f"k = {k}: {hits} of 500 right, {hits / 5:.1f} % (guessing: 10 %)")

# %% [markdown]
# What $k$ does is easiest to see in the plane. Each point of the plane is coloured with the label it would get.

# %%
from functools import partial

rng = np.random.default_rng(3)
centres = np.array([[0.0, 0.0], [2.2, 0.6], [0.9, 2.2]])
y_plane = np.repeat([0, 1, 2], 40)
X_plane = centres[y_plane] + 0.9 * rng.normal(size=(120, 2))
plane = KNearestNeighbor()
plane.train(X_plane, y_plane)
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.6))
for ax, k in zip(axes, (1, 7, 81), strict=True):
    predict, names = partial(plane.predict, k=k), "ABC" if k == 1 else None
    vis_utils.decision_regions(ax, predict, X_plane, y_plane, f"k = {k}", names)
fig.suptitle("A larger k smooths the borders")
plt.show()

# %% [markdown]
# With $k = 1$ every stray point owns an island: the classifier follows the noise.A larger $k$ smooths the borders.
# With $k = 81$ of 120 points little more than three straight pieces is left, and with $k = 120$ all points vote
# everywhere: the whole plane has one colour.

# %% [markdown]
# **To play with:** the same points. Drag one into another class, change $k$ and the distance, and watch both accuracies.
# On the training data every point votes on itself, so $k = 1$ is always right; leave-one-out asks the others alone.

# %% tags=["nbval-ignore-output"]
from cs231n.toys.knn import KNN

KNN(X_plane, y_plane)

# %% [markdown] tags=["question"]
# **Question 4.** Which of these are true for $k$-NN with L2, for every data set? (a) The border between two classes at
# $k = 1$ is made of straight pieces. (b) The error on the *training* data is 0 at $k = 1$. (c) The error on the *test*
# data is never larger at $k = 5$ than at $k = 1$. (d) Prediction takes longer with more training data. Give a reason
# for each.

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# (a) True: the points equally far from two training points lie on a line (in D dimensions a hyperplane), and the
# border is made of pieces of these. (b) True as long as no two equal images bear different labels: the nearest
# neighbour of a training image is itself. (c) False: it depends on the data. (d) True: every prediction compares with
# all of them.
# ### END SOLUTION

# %% [markdown]
# ## Choosing k without fooling yourself
#
# $k$ and the kind of distance are **hyperparameters**: choices about the model that the training itself does not make.
# How do you choose?

# %%
neighbours.data_splits()
plt.show()

# %% [markdown]
# 1. *What works best on the training data.* Useless: $k = 1$ always wins, since every image is its own neighbour.
# 2. *What works best on the test data.* It looks fine and is worse: now the test set is part of the training, and
#    nothing is left that tells how the classifier does on new images.
# 3. *Split all your examples into training, validation and test set.* Choose on the validation set, and touch the test
#    set once, at the very end.
# 4. *Cross-validation.* For small data sets: cut everything except the test set into folds, let each fold be the
#    validation set once, and average. It costs as many trainings as there are folds, which is why large networks do
#    without.
#
# The first one, seen at work:

# %%
own = KNearestNeighbor()
own.train(X_train[:1000], y_train[:1000])
own_dists = own.compute_distances_no_loops(X_train[:1000])
for k in (1, 3, 10):
    right = own.predict_labels(own_dists, k=k) == y_train[:1000]
    print(f"k = {k:2}: {np.mean(right):.1%} of the training images right")

# %% [markdown]
# Fill in `cross_validate` in `cs231n/cross_validation.py`.

# %%
checks.run("cross_validate")

# %%
from cs231n.cross_validation import cross_validate

k_choices = [1, 3, 5, 8, 10, 12, 15, 20, 50, 100]
accuracies = cross_validate(X_train, y_train, k_choices, num_folds=5)
for k in k_choices:
    print(f"k = {k:3}: {np.mean(accuracies[k]):.3f} ± {np.std(accuracies[k]):.3f}")

# %%
neighbours.cross_validation(accuracies)
plt.show()

# %% [markdown]
# Now choose. Do not touch the test set until $k$ is fixed.

# %%
### BEGIN SOLUTION
# TODO: set best_k to the k with the highest mean accuracy over the folds, and
#   best_correct to the number of test images that the classifier gets right with it.
best_k = max(k_choices, key=lambda k: np.mean(accuracies[k]))
best_correct = int(np.sum(model.predict_labels(dists, k=best_k) == y_test))
### END SOLUTION
print(f"k = {best_k}: {best_correct} of 500 test images right, {best_correct / 5:.1f} %")

# %% [markdown]
# **How sure is that number?** A share $p$ measured on $N$ images has a standard error of $\sqrt{p (1 - p) / N}$: with
# 500 images about 2 percentage points, with 2,000 about 1. Two values of $k$ whose accuracies differ by less than that
# cannot be told apart. $k$ is fixed, so the test set may now say what another $k$ would have given, too.

# %%
more = model.compute_distances_no_loops(
    test_images[:2000].reshape(2000, -1).astype(np.float64)
)
correct = {k: int(np.sum(model.predict_labels(dists, k=k) == y_test)) for k in (1, 5)}
for k in dict.fromkeys((1, 5, best_k)):
    p = float(np.mean(model.predict_labels(more, k=k) == y_test_all[:2000]))
    print(
        f"k = {k:2}: {p:.3f} ± {np.sqrt(p * (1 - p) / 2000):.3f} of 2,000 test images right"
    )

# %% [markdown]
# ## What it sees
#
# Test images with their five nearest training images, first some that it gets right, then some that it gets wrong.

# %%
right = model.predict_labels(dists, k=best_k) == y_test
data = X_test, y_test, X_train, y_train, CLASS_NAMES
neighbours.neighbours(dists, np.flatnonzero(right)[:4], *data, "right", best_k)
neighbours.neighbours(dists, np.flatnonzero(~right)[:4], *data, "wrong", best_k)
plt.show()

# %% [markdown]
# Look at the backgrounds. The neighbours agree with the test image in colour and brightness, region by region, and
# that is all the distance knows about.

# %% [markdown]
# ## Why nobody uses it on pixels
#
# **It is slow where it must be fast.** Training is free, $O(1)$: the data is only kept. Every prediction goes through
# all $N$ training images, $O(N)$. We want the opposite: a phone has to answer at once, the training may
# take a week.

# %% tags=["nbval-ignore-output"]
sizes = [500, 1000, 2000, 3000, 4000, 5000]
cost = []
for N in progress(sizes, "training set sizes"):
    model.train(X_train[:N], y_train[:N])
    cost.append(1000 * timed(model.predict, X_test[:100]) / 100)
model.train(X_train, y_train)
each = np.dot(sizes, cost) / np.dot(sizes, sizes)  # least squares, through 0
lines = {
    "measured": cost,
    f"{1000 * each:.2g} µs for each training image": np.multiply(each, sizes),
}
title = "Prediction gets slower with every example learned"
ax = vis_utils.curves(sizes, lines, title, "training images N", "ms per image")
ax.set(xlim=(0, None), ylim=(0, None))
plt.show()

# %% [markdown]
# **Distances between pixels say little.** The same picture three times: shifted by three pixels, darkened, and with a
# bright bar across. You would not hesitate. The distance does: to it, each of the three is farther from the original
# than an image of something else.

# %%
i = int(np.flatnonzero(y_test == 7)[0])
original = X_test[i].reshape(32, 32, 3)
shifted = np.pad(original, ((3, 0), (3, 0), (0, 0)), mode="edge")[:32, :32]
barred = original.copy()
barred[11:20] = 255
variants = {"shifted": shifted, "darker": 0.45 * original, "a bar across": barred}

# %%
others = np.flatnonzero(y_train != y_test[i])
j = others[np.argmin(dists[i, others])]
variants["another image"] = X_train[j].reshape(32, 32, 3)
lengths = {
    name: l2_distance(X_test[i], np.ravel(image)) for name, image in variants.items()
}
neighbours.distances_from(original, variants, lengths)
plt.show()

# %% [markdown]
# **Many dimensions.** Draw 1,000 points at random in a $D$-dimensional box and look from one of them at the others. In
# two dimensions some are very near and some are far. In 3,072 dimensions all of them are about equally far, and
# "nearest" loses its meaning: the *curse of dimensionality*. To fill a box as densely as 10 points fill a line takes
# $10^D$ points.

# %%
rng = np.random.default_rng(0)
spread = {}
for D in (2, 30, 3072):
    space = KNearestNeighbor()
    space.train(rng.uniform(size=(1000, D)), np.zeros(1000, dtype=int))
    d = space.compute_distances_no_loops(rng.uniform(size=(20, D)))
    spread[D] = d / d.max()
    print(
        f"D = {D:4}: the farthest is {np.median(d.max(axis=1) / d.min(axis=1)):.3g} times as far as the nearest"
    )
neighbours.distance_histograms(spread)
plt.show()

# %% [markdown] tags=["question"]
# **Question 5.** Images have 3,072 dimensions as well, yet $k$-NN does better on them than guessing. How can that be?
# And what would you have to change about the *distance* to make the neighbours of a horse be horses?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Images are not spread at random in the box: neighbouring pixels are nearly equal, scenes repeat, so they lie near a
# surface of far fewer dimensions, where distances still mean something. Better neighbours need a distance between
# descriptions of what is in the picture (edges, shapes, parts) that do not change with shift, light and background:
# features, made by hand at the end of this assignment and learned by networks in the next.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * Data-driven: collect examples, learn, evaluate on examples never seen.
# * Hyperparameters are chosen on validation data or by cross-validation, and the test set is used once.
# * An accuracy measured on $N$ images is uncertain by about $\sqrt{p (1 - p) / N}$.
# * One matrix product in place of loops: the same result, many times faster.
# * Nearest neighbours on pixels compare colours position by position. The next notebook learns one template for each class and
#   predicts in the time of a single matrix product.
#
# In a terminal, `python -m cs231n check` shows the whole assignment at a glance.
