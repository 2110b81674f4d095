# %% [markdown]
# # k-nearest neighbours
#
# The nearest-neighbour classifier is the simplest image classifier there is: it stores all the training images, and
# gives a new image the most common label among the stored images that look most like it. In this notebook you will
# write it three times (with two loops, with one loop, and with none). Then you will choose *k*, the number of
# neighbours that vote, without fooling yourself, and see why this classifier is hardly ever used on raw pixels.
#
# You will edit two files (click to open them):
#
# * [`cs231n/classifiers/k_nearest_neighbor.py`](../../cs231n/classifiers/k_nearest_neighbor.py): the distances and
#   the vote,
# * [`cs231n/cross_validation.py`](../../cs231n/cross_validation.py): cross-validation,
#
# and a few cells here. After you save a file, your changes take effect in the next cell that you run. A line such as
# `checks.run("…")` checks your code and tells you what is wrong with it, if anything. If a cell needs code that you
# have not written yet, it says so.

# %% [markdown] tags=["name"]
# *Your name (optional, for the report that comes with your submission):*

# %%
from cs231n.notebook import checks, np, plt, progress, timed

# %% [markdown]
# ## Why this course exists
#
# In 1998 Yann LeCun and his colleagues published **LeNet-5**, a network that read handwritten digits on bank cheques.
# It was a **convolutional network**: it learned from examples which small patterns to look for in an image. For more
# than ten years, such networks were hardly used for ordinary photographs, because there were too few labelled
# photographs and computers were too slow. Then came **ImageNet**, a collection of millions of labelled photographs.
# From 2010 to 2017 it was the basis of a yearly competition: name the main object in a photograph, out of 1,000 kinds
# of objects, with five guesses. In 2012 a convolutional network called AlexNet, larger than LeNet-5 but similar in
# design, won by a wide margin, and from then on every winner used convolutional networks.

# %%
from cs231n.figures import history

history.imagenet()
plt.show()

# %% [markdown]
# This course explains what such a network consists of. You will write its layers yourself, beginning with classifiers
# that fit on one page and ending, in the last notebook, with a convolutional network.
#
# ## The task
#
# An image is an array of whole numbers from 0 to 255, height × width × 3: for each pixel, it contains one number for
# each of the colours red, green and blue. **Image classification** asks for one label from a fixed list. This is easy
# for you, but hard for a program. If the camera moves by a centimetre, almost all of the numbers change, although the
# label stays the same. Different lighting, a different pose or background, or something in front of the object also
# changes the numbers but not the label.
#
# Nobody has managed to write down rules (find the edges, then the corners, then …) that reliably turn these numbers
# into "cat". What works is to let the data speak: collect images with labels, let a program learn from them, and test
# the program on images that it has never seen.

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
# although the label is the same. Then name two pictures of different classes whose numbers must be similar. What is
# the reason in each case?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# For example, a white airplane on a dark background and a dark one on a pale background have hardly any values in
# common, because the background fills most of the pixels. A bird on plain blue and an airplane on plain blue have
# similar values almost everywhere, because both pictures are mostly background. Pixels measure the colour at each
# position, but the label is about the main object.
# ### END SOLUTION

# %% [markdown]
# 5,000 training images and 500 test images are enough here. Each image becomes one long row of 32 × 32 × 3 = 3,072
# numbers. We convert the numbers to floats, since in 8-bit arithmetic 3 − 5 is 254.

# %%
X_train, y_train = images[:5000].reshape(5000, -1).astype(np.float64), y_all[:5000]
X_test, y_test = test_images[:500].reshape(500, -1).astype(np.float64), y_test_all[:500]
print("X_train", X_train.shape, "· X_test", X_test.shape)

# %% [markdown]
# ## How far apart are two images?
#
# To find the images that look most like a new one, we need a number that says how different two images are. Take two
# tiny images with three numbers each, $x = (10, 20, 30)$ and $y = (13, 16, 30)$. The differences between their entries
# are $-3$, $4$ and $0$. There are two common ways to combine these into one number. One is the sum of the absolute
# values, $3 + 4 + 0 = 7$, and the other is the square root of the sum of the squares, $\sqrt{9 + 16 + 0} = 5$. In
# general, for two images with $D$ numbers each:
#
# $$d_1(x, y) = \sum_{i=1}^{D} |x_i - y_i| \qquad\qquad d_2(x, y) = \sqrt{\sum_{i=1}^{D} (x_i - y_i)^2}$$
#
# $d_1$ is the **L1** or Manhattan distance (along a grid of streets), and $d_2$ is the **L2** or Euclidean distance
# (as the crow flies). Write both functions for two vectors.


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
# ### Rotating the axes
#
# Take two points in the plane, and rotate the coordinate axes. The points stay where they are, and only their
# coordinates change. Does the distance between the points change, too?

# %%
p, q = np.array([1.0, 0.5]), np.array([4.0, 2.5])
angles = np.linspace(0, np.pi, 721)
turned = [np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) for a in angles]
ways = {"L1": l1_distance, "L2": l2_distance}
lines = {name: [way(R @ p, R @ q) for R in turned] for name, way in ways.items()}
neighbours.turned_axes(p, q, np.degrees(angles), lines)
plt.show()
for name, values in lines.items():
    print(f"{name}: from {min(values):.3f} to {max(values):.3f}")

# %% [markdown]
# L1 depends on the choice of axes, and L2 does not. The points at L1 distance 1 from the origin form a square that
# stands on one of its corners, and a rotation of the axes turns this square. The points at L2 distance 1 form a
# circle, which a rotation leaves unchanged. If each coordinate has a meaning of its own (age, height, income), L1 is a
# natural choice. If the axes are arbitrary, L2 is the natural choice. From here on we use L2.

# %% [markdown] tags=["question"]
# **Question 2.** Subtract the same number from every entry of every image, training and test. Does a nearest-neighbour
# classifier with L1 give different answers? With L2? What if you divide each pixel by its own standard deviation over
# the training set instead?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Subtracting the same number from all entries does not change any difference x − y. So neither distance changes, and
# the answers stay the same. Dividing each pixel by its own standard deviation gives the differences different weights:
# pixels that vary little count for more than before. The distances, their order and therefore the answers can change,
# both with L1 and with L2.
# ### END SOLUTION

# %% [markdown]
# ## All distances: two loops, one loop, no loops
#
# The classifier's `train` method stores the data and does nothing else. All the work is done in prediction, and most
# of this work is to compute the table `dists`, where `dists[i, j]` is the distance from test image `i` to training
# image `j`.
#
# **Two loops.** Fill in `compute_distances_two_loops`, a simple double loop over all pairs of images.

# %%
from cs231n.classifiers.k_nearest_neighbor import KNearestNeighbor

model = KNearestNeighbor()
model.train(X_train, y_train)
checks.run("compute_distances_two_loops")

# %% [markdown]
# **One loop.** Now compare one test image with the whole training set at once. If you subtract a row of length $D$ from
# an $N \times D$ array, numpy subtracts it from every row; this is called **broadcasting**. Fill in
# `compute_distances_one_loop`.

# %%
checks.run("compute_distances_one_loop")

# %% [markdown]
# **No loop at all.** The square of a difference can be expanded: $(a - b)^2 = a^2 - 2ab + b^2$. The same holds for
# vectors, with the inner product in place of $ab$. For example, $x = (1, 2)$ and $t = (3, 1)$ have the squared lengths
# 5 and 10, and their inner product is $x \cdot t = 1 \cdot 3 + 2 \cdot 1 = 5$. So the squared distance is
# $5 - 2 \cdot 5 + 10 = 5$, which is indeed $(1 - 3)^2 + (2 - 1)^2$. In general:
#
# $$\|x - t\|^2 = \|x\|^2 - 2\,x \cdot t + \|t\|^2$$
#
# For all pairs together, the inner products $x \cdot t$ are the entries of a single matrix product, and a matrix
# product is what computers are best at. Do not subtract every training image from every test image at once: the
# resulting array would have 500 × 5,000 × 3,072 entries, and take up 61 GB. Fill in `compute_distances_no_loops`.

# %%
checks.run("compute_distances_no_loops")

# %% [markdown]
# All three methods give the same numbers, up to rounding. How long does each of them take for 100 test images and 1,000
# training images? With rows as long as these, one loop may take as long as two, because most of the time is spent on
# subtracting and squaring. Only the matrix product avoids that work. Try `X_train` and `X_test` with fewer columns,
# too: the shorter the rows, the larger the share of the time that is spent on the loops themselves.

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
# **Question 3.** The rows and columns are sorted by their mean. The images that belong to the first and the last row,
# and to the first and the last column, are shown next to the table. The last rows are bright almost from end to end,
# and so are the last columns. What does a bright row tell you about the test image, and what does a bright column tell
# you about the training image? What kind of images are these?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# A bright row means that this test image is far from almost every training image. A bright column means that this
# training image is far from almost every test image. Usually these are extreme images, with a very bright or very dark
# background or strong contrast. Most images are not far from a medium grey, but the extreme ones are.
# ### END SOLUTION

# %% [markdown]
# ## The vote
#
# With $k = 1$ the answer is the label of the nearest training image. With $k > 1$ each of the $k$ nearest images has
# one vote, and the label with the most votes wins. If there is a tie, the smallest of the tied labels wins. For
# example, if the five nearest images have the labels 5, 3, 5, 8 and 3, then 3 and 5 get two votes each, and the answer
# is 3. Fill in `predict_labels`.

# %%
checks.run("predict_labels")

# %% [markdown]
# How good is this classifier? We do not measure its accuracy on the test images until the very end. Here we use 500
# other images, which the classifier has not stored: a **validation set**.

# %%
X_val, y_val = images[5000:5500].reshape(500, -1).astype(np.float64), y_all[5000:5500]
val_dists = model.compute_distances_no_loops(X_val)
for k in (1, 5):
    hits = int(np.sum(model.predict_labels(val_dists, k=k) == y_val))
    print(f"k = {k}: {hits} of 500 right, {hits / 5:.1f} % (guessing: 10 %)")

# %% [markdown]
# The effect of $k$ is easiest to see in two dimensions. In the figure, each point of the plane has the colour of the
# label that it would get.

# %%
rng = np.random.default_rng(3)
centres = np.array([[0.0, 0.0], [2.2, 0.6], [0.9, 2.2]])
y_plane = np.repeat([0, 1, 2], 40)
X_plane = centres[y_plane] + 0.9 * rng.normal(size=(120, 2))
plane = KNearestNeighbor()
plane.train(X_plane, y_plane)

# %%
from functools import partial

fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.6))
for ax, k in zip(axes, (1, 7, 81), strict=True):
    predict, names = partial(plane.predict, k=k), "ABC" if k == 1 else None
    vis_utils.decision_regions(ax, predict, X_plane, y_plane, f"k = {k}", names)
fig.suptitle("A larger k smooths the borders")
plt.show()

# %% [markdown]
# With $k = 1$ many stray points have an island or a tongue of land of their own, so the classifier follows the noise.
# With a larger $k$ the islands disappear, and the borders become smoother. With $k = 81$, when 81 of the 120 points
# vote, each class still has a region. With $k = 120$ all points would vote everywhere, so the whole plane would have a
# single colour.

# %% [markdown]
# **To play with:** here are the same points. Drag a point into the region of another class, change $k$ and the
# distance, and watch the two accuracies. For the **training accuracy**, every point also takes part in the vote on its
# own label, so with $k = 1$ this accuracy is always 1. For the **leave-one-out accuracy**, only the other points vote.

# %% tags=["nbval-ignore-output"]
from cs231n.toys.knn import KNN

KNN(X_plane, y_plane)

# %% [markdown] tags=["question"]
# **Question 4.** Which of these are true for $k$-NN with L2, for every data set? (a) The border between two classes at
# $k = 1$ is made of straight pieces. (b) The error on the *training* data is 0 at $k = 1$. (c) The error on the *test*
# data is never larger at $k = 5$ than at $k = 1$. (d) Prediction takes longer with more training data. Give a reason
# for each answer.

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# (a) True: the points equally far from two training points lie on a line (in D dimensions a hyperplane), and the border
# is made of pieces of such lines. (b) True, provided that no two identical images have different labels: the nearest
# neighbour of a training image is the image itself. (c) False: it depends on the data. For example, a class with only
# two training images usually loses a vote of five, but with $k = 1$ it can win. (d) True: every prediction compares the
# new image with all training images.
# ### END SOLUTION

# %% [markdown]
# ## Choosing k without fooling yourself
#
# $k$ and the kind of distance are **hyperparameters**: choices about the model that are not made by training. How
# should you choose them? The figure shows four ways.

# %%
neighbours.data_splits()
plt.show()

# %% [markdown]
# 1. *Choose what works best on the training data.* This is useless: $k = 1$ is always the best, since every image is
#    its own nearest neighbour.
# 2. *Choose what works best on the test data.* This looks better, but now the test set has become part of the
#    training, and no data are left that could tell you how well the classifier does on new images.
# 3. *Split all the examples into a training set, a validation set and a test set.* Choose on the validation set, and use
#    the test set once, at the very end.
# 4. *Use cross-validation*, if the data set is small. Split everything except the test set into folds, let each fold be
#    the validation set once, and average the accuracies. Cross-validation takes as many training runs as there are
#    folds, so it is rarely used for large networks.
#
# Here is what happens with the first way:

# %%
own = KNearestNeighbor()
own.train(X_train[:1000], y_train[:1000])
own_dists = own.compute_distances_no_loops(X_train[:1000])
for k in (1, 3, 10):
    right = own.predict_labels(own_dists, k=k) == y_train[:1000]
    print(f"k = {k:2}: {np.mean(right):.1%} of the training images right")

# %% [markdown]
# Fill in `cross_validate` in `cs231n/cross_validation.py`. With 5,000 images and five folds, each of the five rounds
# trains on 4,000 images and validates on 1,000.

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

# %% [markdown] tags=["question"]
# **Question 5.** The small dots to the right of each mean are the accuracies of the individual folds, in their order.
# Compare the spread of the dots for one $k$ with the differences between the means for neighbouring values of $k$.
# Which values of $k$ are clearly worse than the best one? Why does the accuracy fall again when $k$ is very large?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The folds of one k differ by one to several percentage points, at least as much as the means of neighbouring values of
# k. So the values around the best one cannot be told apart. Only a k whose dots are all, or nearly all, below those of
# the best k is clearly worse. With a very large k most of the voters are not similar to the image at all, and the
# result depends mostly on which classes have many average-looking images.
# ### END SOLUTION

# %% [markdown]
# Now choose $k$. Do not touch the test set until $k$ is fixed.

# %%
### BEGIN SOLUTION
# TODO: set best_k to the k with the highest mean accuracy over the folds, and
#   best_correct to the number of test images that the classifier gets right with it.
best_k = max(k_choices, key=lambda k: np.mean(accuracies[k]))
best_correct = int(np.sum(model.predict_labels(dists, k=best_k) == y_test))
### END SOLUTION
print(f"k = {best_k}: {best_correct} of 500 test images right, {best_correct / 5:.1f} %")

# %% [markdown]
# **How certain is this accuracy?** If the classifier gets 30 % of 500 images right, it is unlikely to get exactly 30 %
# of another 500 images right. The typical deviation is $\sqrt{0.3 \cdot 0.7 / 500} \approx 0.02$, two percentage
# points. In general, an accuracy $p$ that is measured on $N$ images has a **standard error** of $\sqrt{p (1 - p) / N}$.
# With four times as many images, 2,000, the standard error is half as large. If the accuracies of two values of $k$
# differ by less than the standard error, you cannot say which value is better. Now that $k$ is fixed, we may also look
# at the accuracy that other values of $k$ would have had on the test set.

# %%
many = test_images[:2000].reshape(2000, -1).astype(np.float64)
more = model.compute_distances_no_loops(many)
correct = {k: int(np.sum(model.predict_labels(dists, k=k) == y_test)) for k in (1, 5)}
for k in dict.fromkeys((1, 5, best_k)):
    p = float(np.mean(model.predict_labels(more, k=k) == y_test_all[:2000]))
    error = np.sqrt(p * (1 - p) / 2000)
    print(f"k = {k:2}: {p:.3f} ± {error:.3f} of 2,000 test images right")

# %% [markdown]
# ## What the classifier sees
#
# Here are some test images, each with its five nearest training images: first, test images that the classifier gets
# right, and then some that it gets wrong. A tick means that the neighbour has the class of the test image, and the
# number is its distance from the test image.

# %%
right = model.predict_labels(dists, k=best_k) == y_test
data = X_test, y_test, X_train, y_train, CLASS_NAMES
neighbours.neighbours(dists, np.flatnonzero(right)[:4], *data, "right", best_k)
neighbours.neighbours(dists, np.flatnonzero(~right)[:4], *data, "wrong", best_k)
plt.show()

# %% [markdown]
# Look at the backgrounds. Position by position, most neighbours are about as bright as the test image, and many have a
# similar colour, whatever they show. Brightness and colour at each position are all that the distance measures.

# %% [markdown]
# ## Why nearest neighbours are hardly ever used on pixels
#
# **Prediction is slow.** Training takes hardly any time, $O(1)$, since the data are only stored. But every prediction
# goes through all $N$ training images, which takes time $O(N)$. We want the opposite: training may take a week, but
# after that, a phone should be able to answer at once.

# %% tags=["nbval-ignore-output"]
sizes = [500, 1000, 2000, 3000, 4000, 5000]
cost = []
for N in progress(sizes, "training set sizes"):
    model.train(X_train[:N], y_train[:N])
    cost.append(1000 * timed(model.predict, X_test[:100], repeat=5) / 100)
model.train(X_train, y_train)

# %% tags=["nbval-ignore-output"]
# The slope of the least-squares line through 0
each = np.dot(sizes, cost) / np.dot(sizes, sizes)
fit = f"{1000 * each:.2g} µs for each training image"
_, ax = plt.subplots()
ax.plot(sizes, cost, "o", label="measured")
ax.plot([0, sizes[-1]], [0, each * sizes[-1]], "--", label=fit)
ax.set(title="Prediction time grows with the number of training images")
ax.set(xlabel="training images N", ylabel="ms per image", xlim=(0, None), ylim=(0, None))
ax.legend()
plt.show()

# %% [markdown]
# **Pixel-by-pixel distances say little.** Below is a picture with three variants of it: shifted by three pixels,
# darkened, and with a bright bar across it. You recognise the picture at once in all three. But measured by the L2
# distance, each of the three is farther from the original than an image of a different class, which is shown last.

# %%
i = int(np.flatnonzero(y_test == 7)[0])
original = X_test[i].reshape(32, 32, 3)
shifted = np.pad(original, ((3, 0), (3, 0), (0, 0)), mode="edge")[:32, :32]
barred = original.copy()
barred[11:20] = 255
variants = {"shifted": shifted, "darker": 0.35 * original, "a bar across": barred}

# %%
others = np.flatnonzero(y_train != y_test[i])
j = others[np.argmin(dists[i, others])]
variants["another class"] = X_train[j].reshape(32, 32, 3)
lengths = {
    name: l2_distance(X_test[i], np.ravel(image)) for name, image in variants.items()
}
neighbours.distances_from(original, variants, lengths)
plt.show()
for name, length in lengths.items():
    print(f"{name}: distance {length:,.0f}")

# %% [markdown]
# **There are many dimensions.** Draw 1,000 points at random in a $D$-dimensional box, and measure their distances from
# another random point. In two dimensions some points are very near and some are far away. In 3,072 dimensions all of
# them are at almost the same distance, so "nearest" loses its meaning. This is one aspect of the **curse of
# dimensionality**. Another is the number of points that it takes to fill the space. If it takes 10 points to fill a
# line, it takes $10^2$ to fill a square at the same spacing, and $10^D$ to fill a $D$-dimensional box.

# %%
rng = np.random.default_rng(0)
spread = {}
for D in (2, 30, 3072):
    space = KNearestNeighbor()
    space.train(rng.uniform(size=(1000, D)), np.zeros(1000, dtype=int))
    d = space.compute_distances_no_loops(rng.uniform(size=(20, D)))
    spread[D] = d / d.max()
    ratio = np.median(d.max(axis=1) / d.min(axis=1))
    print(f"D = {D:4}: the farthest is {ratio:.3g} times as far as the nearest")

# %%
neighbours.distance_histograms(spread)
plt.show()

# %% [markdown] tags=["question"]
# **Question 6.** Images have 3,072 dimensions as well, and yet $k$-NN does better on them than guessing does. How can
# that be? And how would you have to change the *distance* so that the nearest neighbours of a horse are horses?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Images are not scattered at random through the box. Neighbouring pixels are nearly equal and scenes repeat, so the
# images lie near a surface of far fewer dimensions, where distances still mean something. For better neighbours we need
# a distance between descriptions of what is in the picture (edges, shapes, parts), which hardly change when the object
# is shifted, or when the light or the background is different. At the end of this assignment you will use features of
# this kind, and in the next one networks will learn features of their own.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * Image classification is data-driven: collect labelled examples, learn from them, and evaluate on examples that were
#   never seen.
# * Choose hyperparameters on validation data or by cross-validation, and use the test set once.
# * An accuracy $p$ that is measured on $N$ images is uncertain by about $\sqrt{p (1 - p) / N}$.
# * One matrix product can replace two loops. The result is the same, but it is computed many times faster.
# * Nearest neighbours on pixels compare colours position by position. The next notebook learns one template for each
#   class, and predicts with a single matrix product.
#
# In a terminal, `python -m cs231n check` shows your progress through the whole assignment.
