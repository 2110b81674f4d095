# %% [markdown]
# # Convolutional networks
#
# A fully connected layer gives every pixel a weight of its own in every hidden unit. Shift the picture by two pixels,
# and all that was learned about edges *here* says nothing about edges *there*. A convolutional layer looks for the
# same small pattern everywhere, with the same few weights, and leaves the picture a picture: its output is again laid
# out in height and width. Put such layers on top of each other, and you have the networks that made this field.
#
# You will edit two files (click to open them):
#
# * [`cs231n/layers.py`](../../cs231n/layers.py): convolution and max pooling, and the normalisations for images,
# * [`cs231n/classifiers/cnn.py`](../../cs231n/classifiers/cnn.py): the network `ThreeLayerConvNet`,
#
# and a few cells here.

# %%
from cs231n import vis_utils
from cs231n.figures import architecture, convolution
from cs231n.notebook import checks, np, plt, timed

# %% [markdown]
# ## Convolution, as mathematics has it
#
# The convolution of an image $f$ with a filter $g$ is
#
# $$(f * g)[x, y] = \sum_{n_1}\sum_{n_2} f[n_1, n_2]\; g[x - n_1, y - n_2].$$
#
# Mind the signs: where the index into $f$ grows, that into $g$ falls. So the filter is **flipped**, upside down and
# from left to right, then laid over the image, and at each place the products are summed. Here only places where the
# filter lies wholly inside the image count.


# %%
def true_convolution(image, kernel):
    """Return image * kernel, for (H, W) and (HH, WW), of shape (H - HH + 1, W - WW + 1)."""
    ### BEGIN SOLUTION
    # TODO: flip the kernel both ways, lay it over every place, multiply and sum. Loops over the places will do.
    flipped = kernel[::-1, ::-1]
    H, W = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((H, W))
    for i, j in np.ndindex(H, W):
        out[i, j] = np.sum(
            image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * flipped
        )
    return out
    ### END SOLUTION


# %%
checks.run("true_convolution", true_convolution)

# %% [markdown]
# `scipy.signal` knows both this and its sister, **cross-correlation**, which leaves the filter as it is. A single
# bright pixel shows the difference best: convolution puts a copy of the filter there, cross-correlation a flipped one.

# %%
from scipy.signal import convolve2d, correlate2d

pixel = np.zeros((5, 5))
pixel[2, 2] = 1
kernel = np.arange(1, 10).reshape(3, 3)
shown = {"image": pixel, "filter": kernel, "convolution": true_convolution(pixel, kernel)}
shown["cross-correlation"] = correlate2d(pixel, kernel, mode="valid")
convolution.number_maps(shown, "One bright pixel, and a filter")
plt.show()

# %%
rng = np.random.default_rng(0)
image, kernel = rng.normal(size=(32, 40)), rng.normal(size=(3, 5))
yours = true_convolution(image, kernel)
scipys = convolve2d(image, kernel, mode="valid")
correlated = correlate2d(image, kernel[::-1, ::-1], mode="valid")
print("your convolution is scipy's:", np.allclose(yours, scipys))
print("and the cross-correlation with the flipped filter:", np.allclose(yours, correlated))

# %% [markdown] tags=["question"]
# **Question 1.** What every library of neural networks calls convolution is cross-correlation: nothing is flipped.
# Why does that make no difference to a network that learns its filters? Name a filter for which there is none at all,
# learned or not.

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Learning finds the flipped filter just as well: whatever a network of true convolutions computes, one of
# cross-correlations computes with all filters flipped, and as random start weights the two are alike. No difference
# at all with filters that look the same when turned by 180 degrees, such as a blur.
# ### END SOLUTION

# %% [markdown]
# ## Convolution, as layers have it
#
# Three things change from here on. Nothing is flipped. An image has a **depth**, three colours or as many maps as the
# layer before gives, and a filter always goes through the full depth: for images of $C$ channels it has
# $C \times HH \times WW$ weights, and gives *one* number at each place. And a layer has $F$ such filters, so that its
# output has $F$ channels, one **map** for each filter.
#
# $$\text{out}[n, f, i, j] = b_f + \sum_{c, k, l} w[f, c, k, l]\; \text{padded}[n, c, i S + k, j S + l]$$
#
# What that saves: 32 maps of 32 × 32 numbers from a colour image, by filters of 7 × 7, and by an affine layer.

# %%
C, H, W, F, HH, WW = 3, 32, 32, 32, 7, 7
print(f"convolution:  {F * C * HH * WW + F:>12,} weights and biases")
print(f"affine layer: {(C * H * W) * (F * H * W) + F * H * W:>12,} weights and biases")

# %% [markdown]
# $S$ is the **stride**, the step from one place to the next. **Padding** puts $P$ rows and columns of zeros on every
# side, so that a filter may also stand with its middle on a border pixel. Where the filter does not fit any more, the
# row ends, and some pixels may be left over.

# %%
convolution.filter_places([(7, 3, 1, 0), (7, 3, 1, 1), (7, 3, 2, 0), (8, 3, 2, 1)])
plt.show()

# %% [markdown]
# How many places are there? Count along one side: the first stands at the left end, and each further one needs $S$
# pixels more.


# %%
def output_size(size, extent, stride, pad):
    """Return for how many places of a filter of `extent` pixels a side of `size` pixels has room."""
    ### BEGIN SOLUTION
    # TODO: count the padding in; how far can the filter be moved from its first place, and how many steps is that?
    return 1 + (size + 2 * pad - extent) // stride
    ### END SOLUTION


# %%
checks.run("output_size", output_size)

# %% [markdown] tags=["question"]
# **Question 2.** With stride 1, which padding keeps the size for filters of 3, 5 and 7? Why are filters of even size
# unpopular? In which of the four pictures above is a pixel, or a zero, never looked at?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# (HH − 1) / 2, so 1, 2 and 3. For an even HH that is no whole number: the output gets one smaller or larger, and the
# filter has no middle pixel. In the last one: 8 pixels and 2 zeros are 10, the places end after 9; the zero at the
# right end is never looked at.
# ### END SOLUTION

# %% [markdown]
# ## The convolution layer, slowly
#
# Fill in `conv_forward_naive`. Loops are fine here: what counts is that you can see in the code what is computed.

# %%
checks.run("conv_forward_naive")

# %% [markdown]
# Before any learning: filters that people have made. One for grey, two for edges, a blur, and one that sharpens. Each
# is 3 × 3 × 3, the same for the three colours.

# %%
by_hand = {
    "grey": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "vertical edges": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "horizontal edges": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "blur": [[1 / 9, 1 / 9, 1 / 9]] * 3,
    "sharper": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
}
w = np.array(list(by_hand.values()))[:, None] * np.ones((1, 3, 1, 1)) / 3

# %%
from cs231n.data_utils import CLASS_NAMES, load_CIFAR10
from cs231n.layers import conv_forward_naive

images, labels, _, _ = load_CIFAR10(dtype=np.uint8)
few = images[[int(np.flatnonzero(labels == label)[0]) for label in (1, 3, 7, 8)]]
X = few.transpose(0, 3, 1, 2).astype(float)  # channels first: (N, C, H, W)
maps, _ = conv_forward_naive(X, w, np.zeros(len(w)), {"stride": 1, "pad": 1})
convolution.responses(few, maps, list(by_hand), "What filters made by hand respond to")
plt.show()

# %% [markdown]
# **To play with:** one of these images in grey, and one filter. Every place of the output is a sum of nine products,
# written out below the pictures; stride, padding and weights can be changed.

# %% tags=["nbval-ignore-output"]
from cs231n.toys.filter import Filter

Filter(few[2], by_hand, pad=1)

# %% [markdown]
# At the border the filters see zeros, so the maps have a rim, which is left out of the grey scale here. Edge filters
# are grey where nothing changes, white where it gets brighter to the right (or downwards), black where it gets darker.
#
# Backward: every entry of the output was a window times a filter, so its gradient goes back to that window, times the
# filter, and to that filter, times the window. Windows overlap; what arrives at the same pixel adds up. Fill in
# `conv_backward_naive`.

# %%
checks.run("conv_backward_naive")

# %% [markdown]
# Seen in numbers: one image of 6 × 6 pixels, one filter; gradient 1 comes in at a single place of the output, and then
# at two places, whose windows overlap.

# %%
from cs231n.layers import conv_backward_naive

x, w = np.ones((1, 1, 6, 6)), np.arange(1.0, 10).reshape(1, 1, 3, 3)
_, cache = conv_forward_naive(x, w, np.zeros(1), {"stride": 1, "pad": 0})
one, two = np.zeros((2, 1, 1, 4, 4))
one[0, 0, 1, 0] = two[0, 0, 1, 0] = two[0, 0, 2, 1] = 1
shown = {"filter": w[0, 0]}
shown["dx from one place"] = conv_backward_naive(one, cache)[0][0, 0]
shown["dx from two places"] = conv_backward_naive(two, cache)[0][0, 0]
convolution.number_maps(shown, "dx: filters, put down where they looked")
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** Forward lays the filter over the image without flipping it. Look at the last figure: which of the two
# operations, convolution or cross-correlation, leads from `dout` back to `dx`?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# A convolution in the mathematical sense: each entry of dout puts down a copy of the filter as it is, like the bright
# pixel at the beginning. (Written as a cross-correlation, it is one with the flipped filter over a padded dout.)
# ### END SOLUTION

# %% [markdown]
# ## Max pooling
#
# A pooling layer makes maps smaller: it keeps the largest number of each window, channel by channel. Nothing is
# learned. Forward it asks *was there an edge somewhere around here*, backward it is the max gate: the gradient goes to
# the pixel that had the maximum, and to no other. Fill in `max_pool_forward_naive` and `max_pool_backward_naive`.

# %%
checks.run("max_pool_forward_naive")

# %%
checks.run("max_pool_backward_naive")

# %%
from cs231n.layers import max_pool_backward_naive, max_pool_forward_naive

window = {"pool_height": 2, "pool_width": 2, "stride": 2}
x = np.random.default_rng(3).permutation(24).reshape(1, 1, 4, 6).astype(float)
out, cache = max_pool_forward_naive(x, window)
dx = max_pool_backward_naive(np.ones_like(out), cache)
convolution.pooling(x[0, 0], out[0, 0], dx[0, 0])
plt.show()

# %% [markdown] tags=["question"]
# **Question 4.** An image moves one pixel to the right. Which of its features, after 2 × 2 pooling with stride 2, stay
# as they are, and which change? And what is lost for good, however well the layers above are trained?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Maxima that stay inside their window keep their place and value: those in the left column of it, about half of them.
# The others move on to the next window. Lost is where in the window the maximum was, and all that was not the maximum: three numbers of four.
# ### END SOLUTION

# %% [markdown]
# ## The same, fast
#
# Python loops over pixels are far too slow to use. `cs231n/fast_layers.py` has the same two layers by matrix products:
# same arguments, same results.

# %% tags=["nbval-ignore-output"]
from cs231n import fast_layers

rng = np.random.default_rng(1)
x, w = rng.normal(size=(20, 3, 32, 32)), rng.normal(size=(16, 3, 5, 5))
b, how = rng.normal(size=16), {"stride": 1, "pad": 2}
naive = timed(conv_forward_naive, x, w, b, how, repeat=1)
fast = timed(fast_layers.conv_forward_fast, x, w, b, how)
print(f"forward:  naive {naive:.3f} s, fast {fast:.4f} s, {naive / fast:.0f} times")

# %% tags=["nbval-ignore-output"]
out, cache = conv_forward_naive(x, w, b, how)
fast_out, fast_cache = fast_layers.conv_forward_fast(x, w, b, how)
naive = timed(conv_backward_naive, out, cache, repeat=1)
fast = timed(fast_layers.conv_backward_fast, out, fast_cache)
print(f"backward: naive {naive:.3f} s, fast {fast:.4f} s, {naive / fast:.0f} times")

# %%
print("the same output:", np.allclose(out, fast_out))
slow, quick = (
    conv_backward_naive(out, cache),
    fast_layers.conv_backward_fast(out, fast_cache),
)
for name, one, other in zip(("dx", "dw", "db"), slow, quick, strict=True):
    print(f"the same {name}:", np.allclose(one, other))

# %% [markdown]
# ## Normalisation of images
#
# Batch normalisation gave each feature its own mean and variance over the batch. In a map all places are looked at by
# the same filter, so they are *one* feature: the mean goes over the batch **and** over all places. **Group
# normalisation** needs no batch: it averages over a group of neighbouring channels of one image. One group is layer
# normalisation again.

# %%
convolution.normalised_together()
plt.show()

# %% [markdown]
# Fill in `spatial_batchnorm_forward` and `spatial_batchnorm_backward`; reshaped well, the batch normalisation that
# you have does all the work. Then `spatial_groupnorm_forward` and `spatial_groupnorm_backward`.

# %%
checks.run("spatial_batchnorm_forward")

# %%
checks.run("spatial_batchnorm_backward")

# %%
checks.run("spatial_groupnorm_forward")

# %%
checks.run("spatial_groupnorm_backward")

# %% [markdown] tags=["question"]
# **Question 5.** Maps of shape (50, 32, 16, 16). How many means does each of the three compute, over how many numbers
# each? Which of them are of use with a batch of one image in training?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Batch norm 32, over 50 · 256 = 12,800 numbers each. Layer norm 50, over 32 · 256 = 8,192. Group norm with G groups
# 50 G, over 8,192 / G. Group and layer norm do not care about the batch. Batch norm of one image still has 256 places
# for each channel, so it works, but its means say more about that image than about the data.
# ### END SOLUTION

# %% [markdown]
# ## A network of three layers
#
# Convolution, ReLU, 2 × 2 max pooling; an affine layer, ReLU; an affine layer, softmax. The layers stand ready in
# pairs and threes in `layer_utils.py`. Under each step is the shape of what comes out of it, for N images of CIFAR-10.

# %%
steps = [("images", "(N, 3, 32, 32)"), ("conv 7 × 7", "(N, 32, 32, 32)")]
steps += [
    ("ReLU", "(N, 32, 32, 32)"),
    ("max pool", "(N, 32, 16, 16)"),
    ("affine", "(N, 100)"),
]
steps += [("ReLU", "(N, 100)"), ("affine", "(N, 10)"), ("softmax", "loss")]
architecture.chain(steps, "ThreeLayerConvNet with 32 filters and 100 hidden units")
plt.show()

# %% [markdown]
# Fill in `ThreeLayerConvNet` in `classifiers/cnn.py`.

# %%
checks.run("ThreeLayerConvNet_init")

# %%
checks.run("ThreeLayerConvNet_loss")

# %%
from cs231n.data_utils import get_CIFAR10_data

data = get_CIFAR10_data()
spread = data["X_train"].std(dtype=np.float64)
for part in ("X_train", "X_val", "X_test"):
    data[part] /= np.float32(spread)
    print(part, data[part].shape, data[part].dtype)

# %% [markdown]
# **The loss at the start** must be about $\log 10$ again, and a little more with a penalty.

# %%
from cs231n.classifiers import ThreeLayerConvNet

np.random.seed(0)
for reg in (0.0, 0.5):
    net = ThreeLayerConvNet(num_filters=8, filter_size=3, weight_scale=1e-3, reg=reg)
    loss, _ = net.loss(data["X_train"][:50], data["y_train"][:50])
    print(f"λ = {reg}: loss {loss:.1f}; log 10 = {np.log(10):.1f}")

# %% [markdown]
# **Fifty images** by heart, as always before the real training.

# %%
from cs231n.solver import Solver


def train(net, data, num_epochs, learning_rate, batch_size=50, **more):
    more |= {"num_epochs": num_epochs, "optim_config": {"learning_rate": learning_rate}}
    more = {"verbose": False, "print_every": 0, "batch_size": batch_size} | more
    solver = Solver(net, data, "adam", **more)
    solver.train()
    return solver


def show(solver, title):
    accuracies = solver.train_acc_history, solver.val_acc_history
    vis_utils.training_curves(solver.loss_history, *accuracies, title)
    plt.show()


# %% tags=["nbval-ignore-output"]
np.random.seed(0)
fifty = data | {"X_train": data["X_train"][:50], "y_train": data["y_train"][:50]}
fifty |= {"X_val": data["X_val"][:200], "y_val": data["y_val"][:200]}
small = ThreeLayerConvNet(num_filters=8, filter_size=3, weight_scale=1e-2)
show(train(small, fifty, 15, 3e-3, batch_size=10), "Fifty images")

# %% [markdown]
# Now all of them, **once** through the training images. Adam is a good first choice, with a learning rate of 0.001 or
# so; more filters, a larger filter and more hidden units cost time.


# %%
### BEGIN SOLUTION
# TODO: set chosen to a dictionary of num_filters, filter_size, hidden_dim, weight_scale and reg, and rate to a learning
#   rate. One epoch takes CIFAR-10 beyond 50 % of the validation images.
chosen = {"num_filters": 32, "filter_size": 7, "hidden_dim": 500}
chosen |= {"weight_scale": 0.01, "reg": 1e-3}
rate = 1e-3
### END SOLUTION


# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
def three_layers(seed):
    np.random.seed(seed)
    return train(ThreeLayerConvNet(**chosen), data, 1, rate)


three = three_layers(seed=0)
losses = {"minibatch": three.loss_history}
vis_utils.loss_curves(losses, "One epoch of ThreeLayerConvNet", smooth=20)
plt.show()
print(f"validation accuracy {three.best_val_acc:.3f}")

# %% [markdown]
# ## What it looks for, and what it sees
#
# The filters of the first layer are small pictures: C × 7 × 7 weights.

# %%
filters = three.model.params["W1"].transpose(0, 2, 3, 1)
vis_utils.template_grid(filters, f"The {len(filters)} filters of the first layer")
plt.show()

# %% [markdown]
# And what eight of them make of images: the maps after the convolution and the ReLU, under the filter itself. White is
# a strong response, black none.

# %%
from cs231n.layer_utils import conv_relu_forward

W1, b1 = three.model.params["W1"], three.model.params["b1"]
pad = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
same = [int(np.flatnonzero(data["y_val"] == label)[0]) for label in (1, 3, 7, 8)]
# the validation images follow the training images
pictures = images[len(data["X_train"]) :][same]
maps, _ = conv_relu_forward(data["X_val"][same], W1, b1, pad)

# %%
strongest = np.argsort(-maps.std(axis=(0, 2, 3)))[:8]
names = [f"filter {f}" for f in strongest]
title = "The eight filters of the first layer whose maps vary most"
convolution.responses(pictures, maps[:, strongest], names, title, filters[strongest])
plt.show()

# %% [markdown] tags=["question"]
# **Question 6.** Group the filters by what they look for. Which of the filters made by hand has the network found by
# itself? Do you find filters that look alike, or like noise, and what could be done about each?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Patches of one colour, two colours side by side or one above the other (edges in colour), and on CIFAR-10 edges from
# light to dark in all directions: edge filters and blurs as made by hand, and colour besides. Filters that look
# alike: fewer would do. Noise, of which there is a good deal after one epoch: what the start has left and nothing has
# used; train longer, or with a larger penalty, which shrinks what is not needed.
# ### END SOLUTION

# %% [markdown]
# ## Deeper
#
# Small filters, one layer on top of the other, with batch normalisation behind every convolution and pooling in
# between: each layer puts together what the one before has found, and sees twice as much of the image after each
# pooling. `cs231n/conv_net.py` builds such networks out of *your* layers: `stages=((32,), (64,), (128,))` means
# convolutions with 32, 64 and 128 filters, each followed by pooling.

# %%
from cs231n.conv_net import ConvNet

### BEGIN SOLUTION
# TODO: set stages, reg and settings (num_epochs, learning_rate, batch_size and lr_decay) to your choice.
#   65 % of the test images of CIFAR-10 are within reach in a few minutes.
stages, reg = ((32,), (64,), (128,)), 1e-3
settings = {"num_epochs": 5, "learning_rate": 1e-3, "batch_size": 100, "lr_decay": 0.7}
### END SOLUTION

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
np.random.seed(0)
deeper = train(ConvNet(stages=stages, reg=reg), data, **settings, verbose=True)
show(deeper, "The deeper network")

# %% [markdown]
# What an image becomes on its way through: some maps of each convolution, smaller and smaller, and less and less like
# the picture.

# %%
one = data["X_val"][same[2:3]]
for number, found in enumerate(deeper.model.activations(one), start=1):
    strongest = np.argsort(-found[0].max(axis=(1, 2)))[:8]
    names = [f"map {f}" for f in strongest]
    title = f"Convolution {number}: {found.shape[1]} maps of {found.shape[2]} × {found.shape[3]}, the 8 strongest"
    convolution.responses(pictures[2:3], found[:, strongest], names, title)
    plt.show()

# %% [markdown]
# ## The test set, once

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
test_accuracy = deeper.check_accuracy(data["X_test"], data["y_test"])
print(f"validation {deeper.best_val_acc:.3f}, test {test_accuracy:.3f}")

# %% tags=["nbval-ignore-output"]
parts = np.array_split(data["X_test"], 10)
predicted = np.concatenate([deeper.model.loss(part).argmax(axis=1) for part in parts])
title = "The deeper network, test images"
vis_utils.confusion_matrix(data["y_test"], predicted, CLASS_NAMES, title)
plt.show()

# %% [markdown] tags=["question"]
# **Question 7.** Compare with the confusions of your classifier on features (assignment 1, the last figures). Which
# have become rare, which have stayed? And which of the two accuracies, training or validation, would you try to raise
# next, and how?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# On CIFAR-10 vehicles are hardly confused with animals any more, cars and trucks less; cats and dogs still are: they
# differ in small parts in the middle, at a resolution of a few pixels. Training accuracy is above validation accuracy
# by some points and both still rise: more epochs and more filters first, then against the gap more λ, dropout, or
# mirrored images as additional training data.
# ### END SOLUTION

# %% [markdown]
# ## Where each classifier stands
#
# The same images for all, in quick versions: nearest neighbours with 5,000 training images, the others with all.

# %% tags=["nbval-ignore-output"]
from cs231n.classifiers import FullyConnectedNet, KNearestNeighbor, Softmax, TwoLayerNet

rows = {part: data[part].reshape(len(data[part]), -1) for part in ("X_train", "X_test")}
np.random.seed(0)
neighbours, softmax = KNearestNeighbor(), Softmax()
neighbours.train(rows["X_train"][:5000], data["y_train"][:5000])
softmax.train(rows["X_train"], data["y_train"], 3e-3, 1e-2, num_iters=1500)
nets = {"two layers": TwoLayerNet(hidden_dim=200, weight_scale=0.01, reg=5e-3)}
for name, values in nets["two layers"].params.items():
    nets["two layers"].params[name] = values.astype(np.float32)
nets["fully connected, batch norm"] = FullyConnectedNet(
    [200, 100], normalization="batchnorm"
)
trained = {name: train(net, data, 4, 5e-4, batch_size=200) for name, net in nets.items()}

# %% tags=["nbval-ignore-output"]
y_test = data["y_test"]
here = {
    "nearest neighbours (5,000)": np.mean(
        neighbours.predict(rows["X_test"], k=10) == y_test
    )
}
here["softmax, linear"] = np.mean(softmax.predict(rows["X_test"]) == y_test)
convolutional = {"three layers, one epoch": three, "deeper convolutional": deeper}
for name, solver in (trained | convolutional).items():
    here[name] = solver.check_accuracy(data["X_test"], y_test)

# %% [markdown]
# And for comparison what this course's notebooks reach on CIFAR-10 with settings that were searched for: the best of
# each, on test images (the linear ones on validation images). Features made by hand hold out for long; but networks of
# this last kind only begin here. More layers, more epochs and mirrored images take them beyond 90 %.

# %% tags=["nbval-ignore-output"]
on_cifar10 = {
    "nearest neighbours (5,000)": 0.282,
    "SVM, linear": 0.405,
    "softmax, linear": 0.421,
    "two layers": 0.562,
    "fully connected, three layers": 0.585,
    "two layers on features": 0.730,
    "three layers, one epoch": 0.570,
    "deeper convolutional": 0.734,
}
results = {
    "in this notebook, on the images you have": here,
    "on CIFAR-10, best of all notebooks": on_cifar10,
}
convolution.standings(results, "Where each classifier stands")
plt.show()

# %% [markdown]
# ## Key takeaways
#
# * A convolution layer looks for the same small pattern everywhere; its filters go through the full depth.
# * Nothing is flipped: it is a cross-correlation. Its backward pass is the one with a flipped filter.
# * Sizes: $1 + (H + 2P - HH)/S$, rounded down. Pooling makes maps smaller and forgets where exactly.
# * Places of a map are one feature: normalisation averages over them.
# * The first layer's filters come to respond to colours and changes of colour, without anybody asking for it. Deeper
#   layers combine what the layers below have found.
#
# In a terminal, `python -m cs231n check` shows the whole assignment at a glance.
