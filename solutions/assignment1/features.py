# %% [markdown]
# # Image features
#
# All classifiers so far looked at raw pixels: which colour is where. Shift the picture by two pixels, and every number
# changes. People used to put a **feature extractor** in between: a fixed computation that turns an image into numbers
# which say something about *what* is in it, and say nearly the same when the picture shifts. The classifiers stay as
# they are.
#
# Nothing new is to be written under `cs231n/`: your classifiers from the last notebooks are used again. You write a
# few cells here.

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
# The simplest feature: count the colours. Each pixel's **hue** (its place on the colour wheel) goes into one of ten
# bins, and the features of the image are the ten shares. All knowledge of *where* is thrown away.

# %%
from cs231n.features import color_histogram_hsv

seen = [int(np.flatnonzero(y[:num_train] == label)[0]) for label in (0, 2, 4, 6, 7, 8)]
pictures, names = images[seen], [CLASS_NAMES[y[i]] for i in seen]
features.hue_histograms(pictures, color_histogram_hsv(pictures), names)
plt.show()

# %% [markdown]
# ## Edges, roughly where they are
#
# The **histogram of oriented gradients** (HOG) keeps what colour leaves out. Step by step, on one image:
#
# 1. Take the grey image.
# 2. At each pixel, compare the right neighbour with the left one, and the lower with the upper one. That is the
#    **gradient**: it points where the image gets brighter fastest, and its length says how much edge there is.
# 3. Cut the image into cells of 8 × 8 pixels.
# 4. In each cell, add up how much edge there is in each of nine directions of 20 degrees. A step from dark to bright
#    and one from bright to dark count alike, so the angles go from 0 to 180 degrees.

# %%
from cs231n.features import hog_feature

histograms = hog_feature(pictures[0]).reshape(4, 4, 9)
row, column = np.unravel_index(histograms.sum(axis=-1).argmax(), (4, 4))
features.hog_steps(pictures[0], histograms[row, column], (8 * row, 8 * column))
plt.show()
print("4 × 4 cells with 9 directions each:", histograms.size, "numbers")

# %% [markdown]
# An edge may move by a few pixels and stay in its cell, the light may change, and the numbers stay almost the same.
#
# The second row below draws what is left of the picture: in every cell a bundle of strokes along its edges, the longer
# the stronger. The third row has smaller cells, for comparison.

# %%
rows = {
    "cells of 8 × 8": hog_feature(pictures),
    "cells of 4 × 4": hog_feature(pictures, cell=4),
}
features.hog_glyphs(pictures, rows, names)
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** For each change say whether it changes the hue histogram much, a little or not at all, and the same
# for HOG: mirroring the picture left to right; making it twice as dark; a grey bar across; turning it by 90 degrees.

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Mirroring: hue not at all; HOG much, cells swap places and slanted edges change direction. Darker: hue not at all (the
# ratio of the colours stays); HOG keeps all directions, and its strengths are halved. The bar: both a little, the bar's
# share of the pixels, and the cells it covers. Turning: hue not at all, HOG much.
# ### END SOLUTION

# %% [markdown]
# ## Visual words
#
# Text is often described by which words it uses, no matter in which order: a *bag of words*. For images the words have
# to be found first. Cut a great many small patches, 6 × 6 pixels, out of training images, and cluster them with
# **k-means**: choose 100 centres, assign each patch to the nearest, move each centre to the mean of its patches, and
# again. The centres are the **codebook**. (The patches are first brought to the same contrast, and *whitened*: without
# that all the words would be slow changes from light to dark.) Nobody has told it what to look for:

# %%
from cs231n.visual_words import VisualWords

codebook = VisualWords(num_words=100, seed=0).fit(images[TRAIN])
vis_utils.template_grid(codebook.words, "The codebook: 100 visual words")
plt.show()

# %% [markdown]
# Edges in all directions, spots, colours side by side. An image is now described by how near its patches come to each
# word, on average over each of its four quarters: 4 × 100 numbers. Here are the words that set an image apart most
# from the average image.

# %%
usual = codebook.transform(images[:1000]).reshape(-1, 4, 100).mean(axis=(0, 1))
drawn, titles = [], []
for picture, name in zip(pictures[:4], names[:4], strict=True):
    use = codebook.transform(picture).reshape(4, 100).mean(axis=0)
    most = np.argsort(-(use / usual))[:6]
    words = codebook.words[most] / np.abs(codebook.words[most]).max()
    drawn += [picture, *(127.5 + 127.5 * words)]
    titles += [name, *(f"word {i}" for i in most)]
vis_utils.show_images(drawn, titles, "Images and the words they use most", columns=7)
plt.show()

# %% [markdown]
# ## All images, all features
#
# `extract_features` puts features side by side. For a classifier they must be of one size: a hue's share of 0.1 is a
# lot, an edge strength of 10 is not. So each column is centred and scaled.


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
# **Question 2.** Why are mean and standard deviation measured on the training images only? And why must the *same*
# two be used for the test images, instead of their own?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The test stands for images not seen before: nothing may be learned from them, not even their mean. And training fixed
# what a feature value of, say, 1 means to the weights; scaling test images by numbers of their own would change that
# meaning (and a single new image has no standard deviation at all).
# ### END SOLUTION

# %% [markdown]
# ## A linear classifier on each
#
# The same softmax classifier five times, on more and more telling features. Only the learning rate differs: pixels
# are many and alike, which asks for smaller steps.

# %%
from cs231n.classifiers import LinearSVM, Softmax


def fit_linear(name, learning_rate, reg, kind=Softmax, num_iters=2000, seed=0):
    np.random.seed(seed)
    model = kind()
    model.train(sets[name][TRAIN], y[TRAIN], learning_rate, reg, num_iters, batch_size=200)
    return model


def accuracy(model, name, part):
    return float(np.mean(model.predict(sets[name][part]) == y[part]))


# %% tags=["nbval-ignore-output"]
rates = {"pixels": 0.003, "hue": 0.03, "HOG": 0.03, "words": 0.03, "all three": 0.03}
linear = {name: fit_linear(name, rate, 1e-3) for name, rate in rates.items()}
found = {name: accuracy(model, name, VAL) for name, model in linear.items()}
title = "One linear classifier, five descriptions"
vis_utils.bars(found, title, "validation accuracy", baseline=("guessing", 0.1))
plt.show()

# %% [markdown]
# A straight border in the space of features is anything but straight in the space of pixels. Ten colour counts alone do
# little, but what each feature knows adds up. Learning rate and λ, searched for all three together:

# %% tags=["nbval-ignore-output"]
rates, strengths = [0.01, 0.03, 0.1], [1e-4, 1e-3, 1e-2, 1e-1]
table = np.zeros((len(rates), len(strengths)))
for i, j in progress(list(np.ndindex(table.shape)), "search"):
    model = fit_linear("all three", rates[i], strengths[j], num_iters=1000)
    table[i, j] = accuracy(model, "all three", VAL)
title = "Softmax on features, 1,000 steps"
vis_utils.heat_map(table, rates, strengths, title, "learning rate", "λ")
plt.show()

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
# The features are where hand-made knowledge ends; what to make of them can be learned by a network. With some hundred
# inputs in place of 3,072 it trains in seconds. The column of ones does no harm.

# %%
from cs231n.classifiers.fc_net import TwoLayerNet
from cs231n.solver import Solver


def fit_net(name, hidden_dim, learning_rate, reg, num_epochs, seed=0):
    np.random.seed(seed)
    net = TwoLayerNet(sets[name].shape[1], hidden_dim, 10, weight_scale=0.01, reg=reg)
    net.params = {key: w.astype(np.float32) for key, w in net.params.items()}
    X = sets[name]
    data = {"X_train": X[TRAIN], "y_train": y[TRAIN], "X_val": X[VAL], "y_val": y[VAL]}
    config = {"learning_rate": learning_rate}
    settings = {"lr_decay": 0.85, "batch_size": 200, "num_epochs": num_epochs}
    solver = Solver(net, data, optim_config=config, verbose=False, **settings)
    solver.train()
    return solver


# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
### BEGIN SOLUTION
# TODO: set chosen_net to your choice: a dictionary of hidden_dim, learning_rate, reg and num_epochs.
#   Features take larger steps than pixels. On CIFAR-10, 60 % of the validation images is easily passed.
chosen_net = {"hidden_dim": 200, "learning_rate": 0.2, "reg": 3e-3, "num_epochs": 10}
### END SOLUTION
best = fit_net("all three", **chosen_net)
histories = best.loss_history, best.train_acc_history, best.val_acc_history
vis_utils.training_curves(*histories, "Two layers on features")
plt.show()
print(f"best validation accuracy {best.best_val_acc:.3f}")

# %% [markdown]
# ## What it gets wrong
#
# Mistakes on validation images, and which class it takes for which.

# %% tags=["nbval-ignore-output"]
said = best.model.loss(sets["all three"][VAL]).argmax(axis=1)
vis_utils.mistakes(images[VAL], y[VAL], said, CLASS_NAMES, count=24)
plt.show()

# %% tags=["nbval-ignore-output"]
vis_utils.confusion_matrix(y[VAL], said, CLASS_NAMES, "Two layers on features")
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** Which two classes are confused most? Look at the mistakes: which of them would you have made
# yourself, which can be explained by what the features see, and which information that would have helped is not in
# the features at all?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# On CIFAR-10 cats and dogs, then cars and trucks, ships and aeroplanes: similar outlines, textures and colours. Deer
# and horses on grass share colour and legs; a bird against the sky has an aeroplane's few edges on an even ground. What
# is missing is how parts stand to each other (ears above eyes above a muzzle): each quarter is a bag, so the features
# say which patches occur, not how they are put together.
# ### END SOLUTION

# %% [markdown]
# ## Every classifier so far
#
# All on the same split. First those on pixels, in quick versions with settings as found in their notebooks.

# %% tags=["nbval-ignore-output"]
from cs231n.classifiers import KNearestNeighbor

neighbours = KNearestNeighbor()
neighbours.train(sets["pixels"][TRAIN], y[TRAIN])
svm = fit_linear("pixels", 1e-3, 1e-2, kind=LinearSVM)
net = fit_net("pixels", hidden_dim=200, learning_rate=0.1, reg=5e-3, num_epochs=6)


# %% [markdown]
# Everything has been chosen: now the test images, once.


# %% tags=["nbval-ignore-output"]
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
# **Question 4.** Compare the steps: from nearest neighbours to linear, from linear to two layers, from pixels to
# features. Which step helps most? And the features were designed by people (and k-means) who did not know the labels:
# what might be gained if they were learned together with the classifier?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# By far the most comes from better features; a linear classifier on features beats the network on pixels. Features
# that are learned with the labels in view can keep what tells these ten classes apart, at several scales, put
# together from parts: that is what convolutional networks do in the next assignment, which get beyond this.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * A feature throws away what does not matter (where exactly, how bright) and keeps what does.
# * Hue says which colours, HOG which edges in which cell, visual words which patches. Together they know more.
# * Features are scaled by the training set's mean and standard deviation, always.
# * Better features did more for accuracy than a better classifier. The next assignment learns both at once.
#
# In a terminal, `python -m cs231n check` shows the whole assignment at a glance.
