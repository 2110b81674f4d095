# %% [markdown]
# # Image features
#
# All the classifiers so far look at raw pixels, that is, at the colour at each position. If the picture shifts by two
# pixels, almost every number changes. Before 2012, most people put a **feature extractor** between the image and the
# classifier. A feature extractor is a fixed computation: it turns an image into numbers that describe *what* is in it,
# but not exactly *where*. The classifiers stay the same.
#
# This notebook uses your classifiers from the previous notebooks, so there is nothing new to write under `cs231n/`. You
# will only fill in a few cells here.

# %%
from cs231n import vis_utils
from cs231n.figures import features
from cs231n.notebook import np, plt, progress

# %%
from cs231n.data_utils import CLASS_NAMES, load_CIFAR10

images, y, test_images, test_y = load_CIFAR10(dtype=np.uint8)
num_train = len(images) - 1000
images = np.concatenate([images, test_images[:1000]])
y = np.concatenate([y, test_y[:1000]])
TRAIN = slice(0, num_train)
VAL, TEST = slice(num_train, num_train + 1000), slice(num_train + 1000, num_train + 2000)
print(f"{num_train:,} training, 1,000 validation, 1,000 test images")

# %% [markdown]
# ## Colours, wherever they are
#
# The simplest features count the colours. The **hue** of a colour is its place on the colour wheel. The hue of each
# pixel goes into one of ten bins, and the features of the image are the shares of its pixels in each bin. If 512 of the
# 1,024 pixels have hues in the same bin, this bin has the value 0.5, no matter where these pixels are. (A nearly grey
# pixel also has a hue, but it depends on tiny differences between its red, green and blue, so the bars of a grey
# picture mean little.)

# %%
from cs231n.features import color_histogram_hsv

seen = [int(np.flatnonzero(y[:num_train] == label)[0]) for label in (0, 2, 4, 6, 7, 8)]
pictures, names = images[seen], [CLASS_NAMES[y[i]] for i in seen]
features.hue_histograms(pictures, color_histogram_hsv(pictures), names)
plt.show()

# %% [markdown]
# ## Edges, roughly where they are
#
# The **histogram of oriented gradients** (HOG) describes the edges of an image, about which its hues say nothing. It is
# computed in four steps:
#
# 1. Convert the image to grey.
# 2. Compute the **gradient** at each pixel. Its horizontal part is the right neighbour minus the left one, and its
#    vertical part is the lower neighbour minus the upper one. For example, if the right neighbour is 50 and the left one
#    is 10, the lower one 40 and the upper one 10, the gradient is $(40, 30)$. It points in the direction in which the
#    image gets brighter fastest, and the edge runs at a right angle to it.
# 3. The length of the gradient says how strong the edge is, here $\sqrt{40^2 + 30^2} = 50$, and its **angle** is
#    $\arctan(30 / 40) \approx 37$ degrees. An edge from dark to bright should count the same as one from bright to dark,
#    so angles are taken modulo 180 degrees: 217 degrees counts as 37.
# 4. Cut the image into cells of 8 × 8 pixels. Each cell has nine bins of 20 degrees. Add the length of each gradient to the
#    bin of its angle: the gradient of the example adds 50 to the second bin, from 20 to 40 degrees. At the end, divide all
#    sums by the number of pixels in a cell, 64.
#
# Here is an image with strong edges. The frame marks the cell whose gradients and histogram are in the second row.

# %%
from cs231n.features import hog_feature

clear = pictures[hog_feature(pictures).sum(axis=1).argmax()]
histograms = hog_feature(clear).reshape(4, 4, 9)
row, column = np.unravel_index(histograms.max(axis=-1).argmax(), (4, 4))
features.hog_steps(clear, histograms[row, column], (8 * row, 8 * column))
plt.show()
print("4 × 4 cells with 9 directions each:", histograms.size, "numbers")

# %% [markdown]
# If an edge moves inside its cell, the numbers stay the same. They change only if a part of the edge crosses into the next
# cell. If the picture becomes brighter by some factor, all numbers grow by the same factor.
#
# The second row below shows what HOG keeps of each picture. Each cell shows its edges as a bundle of strokes. Within
# one picture, a longer stroke means a stronger edge. The third row has smaller cells, for comparison.

# %%
rows = {
    "cells of 8 × 8": hog_feature(pictures),
    "cells of 4 × 4": hog_feature(pictures, cell=4),
}
features.hog_glyphs(pictures, rows, names)
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** What does each of these changes do to the hue histogram, and what does it do to HOG: a lot, a little
# or nothing? (a) The picture is mirrored left to right. (b) It becomes half as bright. (c) A grey bar is drawn across
# it. (d) It is rotated by 90 degrees. Then look at the strokes in the figure: what would you still recognise?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# (a) Mirroring does nothing to the hues, and a lot to HOG: the cells swap places, and slanted edges change their
# direction. (b) The hues stay the same, because the ratios of red, green and blue do. HOG keeps its directions, and all
# its numbers are halved. (c) Both change a little: the hue histogram by the bar's share of the pixels, and HOG in the
# cells that the bar covers. (d) Rotation does nothing to the hues, and a lot to HOG. In the strokes of small cells,
# objects with a clear outline against a plain background can still be made out; where the background is full of edges,
# the outline gets lost.
# ### END SOLUTION

# %% [markdown]
# ## Visual words
#
# A text can be described by how often each word occurs in it, ignoring the order of the words: a **bag of words**. For
# images, we first have to find the "words". Cut a large number of small patches, 6 × 6 pixels, out of the training
# images, and group them with **k-means**. This algorithm chooses 100 centres, assigns each patch to its nearest centre,
# moves each centre to the mean of its patches, and repeats the last two steps. For example, take the numbers 1, 2, 8
# and 9, and the centres 1 and 2. At first, the number 1 is assigned to the first centre, and 2, 8 and 9 are assigned to
# the second, which moves to their mean, 6.33. Now the number 2 is nearer to the first centre, and the centres move to
# 1.5 and 8.5, where they stay. The 100 centres that k-means finds for the patches are the **visual words**, and
# together they form the **codebook**.
#
# First, all patches are brought to about the same contrast, and then **whitened**, which means that all directions in
# the space of patches get about the same variance. Without whitening, many more of the words would be gradual changes
# from light to dark. Nobody tells k-means what to look for:

# %%
from cs231n.visual_words import VisualWords

codebook = VisualWords(num_words=100, seed=0).fit(images[TRAIN])
vis_utils.template_grid(codebook.words, "The codebook: 100 visual words")
plt.show()

# %% [markdown]
# Many of the words are edges in some direction; others are spots, single colours, or two colours next to each other.
# Each patch has its mean subtracted, so grey means 0. All the words, here and below, are drawn on one scale: the
# stronger the colours, the larger the numbers.
#
# How does an image become a histogram of words? Each patch of the image is assigned to its nearest word, and the words
# are counted. The figure shows five patches of one image, and how often each word occurs in the whole image.

# %%
features.word_steps(clear, codebook, [(2, 4), (8, 12), (12, 18), (18, 6), (24, 22)])
plt.show()

# %% [markdown]
# Our features are a little finer than these counts. Instead of choosing only the nearest word, we measure for each
# patch how much nearer it is to each word than to the words on average (0 if it is farther away). These numbers are
# averaged over all patches in each quarter of the image, so they also say roughly where a word is used: 4 × 100 numbers
# for each image. Here are four images, each with the six words that it uses most, relative to the average image.

# %%
usual = codebook.transform(images[:1000]).reshape(-1, 4, 100).mean(axis=(0, 1))
words, drawn, titles = vis_utils.weight_images(codebook.words), [], []
for picture, name in zip(pictures[:4], names[:4], strict=True):
    use = codebook.transform(picture).reshape(4, 100).mean(axis=0)
    most = np.argsort(-(use / usual))[:6]
    drawn += [picture, *words[most]]
    titles += [name, *(f"word {i}" for i in most)]
vis_utils.show_images(drawn, titles, "Images and their most typical words", columns=7)
plt.show()

# %% [markdown]
# ## All images, all features
#
# `extract_features` computes several features and puts them side by side. Their scales differ: the share of a hue is
# never more than 1, but an edge strength can be far larger. A classifier learns more easily if all its inputs have
# about the same scale, so each column is centred and scaled. For example, a column with the values 1, 2 and 3 has
# mean 2 and standard deviation 0.816, and becomes −1.22, 0 and 1.22.


# %%
def prepared(F):
    F = F.astype(np.float32)
    ### BEGIN SOLUTION
    # TODO: centre every column of F, (N, D), and divide it by its standard deviation (plus 1e-6), both measured on
    #   the training rows F[TRAIN] only; then append a column of ones, of the same dtype, and return (N, D + 1).
    F -= F[TRAIN].mean(axis=0)
    F /= F[TRAIN].std(axis=0) + 1e-6
    return np.hstack([F, np.ones((len(F), 1), dtype=F.dtype)])
    ### END SOLUTION


# %% tags=["nbval-ignore-output"]
from cs231n.features import extract_features

raw = {"hue": extract_features(images, [color_histogram_hsv])}
raw["HOG"] = extract_features(images, [hog_feature], verbose=True)
raw["words"] = codebook.transform(images)
raw["all three"] = np.hstack(list(raw.values()))
raw["pixels"] = images.reshape(len(images), -1)
sets = {name: prepared(raw.pop(name)) for name in list(raw)}

# %%
for name, F in sets.items():
    print(f"{name:10} {F.shape[1]:5,} numbers for each image, {F.dtype}")

# %% [markdown] tags=["question"]
# **Question 2.** Why are the mean and the standard deviation measured on the training images only? And why must these same
# numbers be used for the test images, instead of their own mean and standard deviation?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The test images stand for images that nobody has seen before, so nothing may be learned from them, not even their
# mean. The weights were learned for values on the scale of the training images. If the test images were scaled by
# numbers of their own, the same feature would get a different value in training and in testing. (And if there were only
# one new image, every standard deviation would be 0.)
# ### END SOLUTION

# %% [markdown]
# ## A linear classifier on each set of features
#
# Now we train the same softmax classifier five times, on different features. All settings are the same except for the
# learning rate: there are many pixels, and they are strongly correlated, so they need smaller steps.

# %%
from cs231n.classifiers import LinearSVM, Softmax


def fit_linear(name, learning_rate, reg, kind=Softmax, num_iters=2000, seed=0):
    np.random.seed(seed)
    model = kind()
    model.train(sets[name][TRAIN], y[TRAIN], learning_rate, reg, num_iters, batch_size=200)
    return model


# %%
def accuracy(model, name, part):
    return float(np.mean(model.predict(sets[name][part]) == y[part]))


# %% tags=["nbval-ignore-output"]
rates = {"pixels": 0.003, "hue": 0.03, "HOG": 0.03, "words": 0.03, "all three": 0.03}
linear = {name: fit_linear(name, rate, 1e-3) for name, rate in rates.items()}
found = {name: accuracy(model, name, VAL) for name, model in linear.items()}
title = "One linear classifier, five kinds of features"
vis_utils.bars(found, title, "validation accuracy", baseline=("guessing", 0.1))
plt.show()

# %% [markdown]
# A straight decision boundary in feature space can be a very complicated one in pixel space. The hues alone achieve
# little, but the three kinds of features complement each other. Next, we search for the best learning rate and λ with
# all three together:

# %% tags=["nbval-ignore-output"]
rates, strengths = [0.03, 0.1, 0.3], [1e-4, 1e-3, 1e-2, 1e-1]
table = np.zeros((len(rates), len(strengths)))
for i, j in progress(list(np.ndindex(table.shape)), "search"):
    model = fit_linear("all three", rates[i], strengths[j], num_iters=1000)
    table[i, j] = accuracy(model, "all three", VAL)
title = "Softmax on features, 1,000 steps"
vis_utils.heat_map(table, rates, strengths, title)
plt.show()

# %% [markdown]
# Cells that differ by only one percentage point cannot be told apart, as in the SVM notebook. Choose a learning rate
# and a λ from the figure, and train for longer. In a longer run, a learning rate below the best one of this short
# search may do better.

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
### BEGIN SOLUTION
# TODO: set chosen_linear to your choice: a dictionary of learning_rate, reg and num_iters.
chosen_linear = {"learning_rate": 0.03, "reg": 1e-3, "num_iters": 4000}
### END SOLUTION
linear_features = fit_linear("all three", **chosen_linear)
print(f"validation accuracy {accuracy(linear_features, 'all three', VAL):.3f}")

# %% [markdown]
# ## Two layers on features
#
# The features contain some of what people know about images, and a network can learn how to combine them. With a few
# hundred inputs instead of 3,072, it trains in seconds. (The network has biases, so it does not need the column of
# ones, but the column does no harm.)

# %%
from cs231n.classifiers.fc_net import TwoLayerNet
from cs231n.training import show, train


def fit_net(name, hidden_dim, learning_rate, reg, num_epochs, seed=0):
    np.random.seed(seed)
    X, size = sets[name], sets[name].shape[1]
    net = TwoLayerNet(size, hidden_dim, 10, weight_scale=0.01, reg=reg, dtype=np.float32)
    data = {"X_train": X[TRAIN], "y_train": y[TRAIN], "X_val": X[VAL], "y_val": y[VAL]}
    return train(net, data, num_epochs, learning_rate, batch_size=200, lr_decay=0.85)


# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
### BEGIN SOLUTION
# TODO: set chosen_net to your choice: a dictionary of hidden_dim, learning_rate, reg and num_epochs.
#   Features allow larger steps than pixels. On CIFAR-10 it is easy to get more than 60 % of the validation images right.
chosen_net = {"hidden_dim": 200, "learning_rate": 0.2, "reg": 3e-3, "num_epochs": 10}
### END SOLUTION
best = fit_net("all three", **chosen_net)
show(best, "Two layers on features", num_classes=10)
print(f"best validation accuracy {best.best_val_acc:.3f}")

# %% [markdown]
# ## What it gets wrong
#
# Here are some mistakes on the validation images, and a table that shows which class is mistaken for which.

# %% tags=["nbval-ignore-output"]
said = best.model.loss(sets["all three"][VAL]).argmax(axis=1)
vis_utils.mistakes(images[VAL], y[VAL], said, CLASS_NAMES, count=24)
plt.show()

# %% tags=["nbval-ignore-output"]
vis_utils.confusion_matrix(y[VAL], said, CLASS_NAMES, "Two layers on features")
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** Which classes are confused most? Look at the mistakes: which of them would you have made yourself? Which
# of them can be explained by what the features measure? And which information would have helped, but is not in the
# features at all?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# On CIFAR-10, cats and dogs are confused most; on the stand-in, dogs are taken for horses and cats. These animals have
# similar outlines, textures and colours. Deer and horses on grass both have four legs and similar colours, and a bird
# in the sky has few edges on a plain background, like an airplane. What the features lack is information on how parts
# are arranged (ears above eyes above a muzzle). Each quarter of the image is described by a bag of words, so the
# features say which patches occur, but not how they fit together.
# ### END SOLUTION

# %% [markdown]
# ## Every classifier so far
#
# Now we compare all the classifiers on the same images. First we train those that work on pixels (except softmax, which
# is trained already), for a short time, with settings like those that you found in their notebooks.

# %% tags=["nbval-ignore-output"]
from cs231n.classifiers import KNearestNeighbor

neighbours = KNearestNeighbor()
neighbours.train(sets["pixels"][TRAIN], y[TRAIN])
svm = fit_linear("pixels", 1e-3, 1e-2, kind=LinearSVM)
net = fit_net("pixels", hidden_dim=200, learning_rate=0.1, reg=5e-3, num_epochs=6)


# %% [markdown]
# Everything has been chosen, so we may now use the test images, once.


# %% tags=["nbval-ignore-output"]
from cs231n.solver import Solver


def predicted(model, X):
    if isinstance(model, Solver):
        return model.model.loss(X).argmax(axis=1)
    if isinstance(model, KNearestNeighbor):
        return model.predict(X, k=10)
    return model.predict(X)


# %% tags=["nbval-ignore-output"]
classifiers = {
    "k-nearest neighbours, pixels": (neighbours, "pixels"),
    "linear SVM, pixels": (svm, "pixels"),
    "softmax, pixels": (linear["pixels"], "pixels"),
    "two layers, pixels": (net, "pixels"),
    "softmax, features": (linear_features, "all three"),
    "two layers, features": (best, "all three"),
}


# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
def accuracies(model, name):
    right = [predicted(model, sets[name][part]) == y[part] for part in (VAL, TEST)]
    return [float(np.mean(each)) for each in right]


results = {label: accuracies(*where) for label, where in classifiers.items()}
for label, (validation, test) in results.items():
    print(f"{label:30} validation {validation:.3f}   test {test:.3f}")

# %% tags=["nbval-ignore-output"]
vis_utils.accuracy_bars(results, "Every classifier so far")
plt.show()

# %% [markdown] tags=["question"]
# **Question 4.** Compare the steps in the figure: from nearest neighbours to linear classifiers, from linear to two
# layers, and from pixels to features. Which step helps most? The features were designed by people, or found by k-means,
# without using the labels. What might be gained if they were learned together with the classifier?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The step from pixels to features helps most, with either classifier: a linear classifier on features beats the network
# on pixels. If features are learned together with the classifier, they can keep what tells these ten classes apart, at
# several scales, and build objects up from parts. Convolutional networks, in the next assignment, do exactly this.
# After a few minutes of training, they do about as well as the best classifier here; larger ones reach more than 90 %
# on CIFAR-10.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * A good feature leaves out what does not matter, such as the exact position, and keeps what does.
# * Hues say which colours an image has, HOG says which edges are in which cell, and visual words say which kinds of patches
#   it is made of. Together they are better than any of them alone.
# * Always scale features by the mean and the standard deviation of the training set.
# * Better features did more for the accuracy than a better classifier. In the next assignment, a network learns both at
#   once.
#
# In a JupyterLab terminal, `python -m cs231n check` shows your progress through the whole assignment.
