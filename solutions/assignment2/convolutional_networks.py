# %% [markdown]
# # Convolutional networks
#
# In a fully connected layer, every hidden unit has a separate weight for each pixel. If an object is shifted by two
# pixels, what the unit has learned about edges *here* says nothing about edges *there*. A convolutional layer looks for
# the same small pattern everywhere, with the same few weights. Its output is again laid out in height and width, like
# an image. Networks that are stacks of such layers made computer vision what it is today.
#
# You will edit two files (click to open them):
#
# * [`cs231n/layers.py`](../../cs231n/layers.py): convolution and max pooling, and the normalisations for images,
# * [`cs231n/classifiers/cnn.py`](../../cs231n/classifiers/cnn.py): the network `ThreeLayerConvNet`,
#
# and a few cells in this notebook.

# %%
from cs231n import vis_utils
from cs231n.figures import architecture, convolution, networks
from cs231n.notebook import checks, np, plt, timed

# %% [markdown]
# ## Convolution in mathematics
#
# In one dimension, take the image $(1, 2, 4)$ and the filter (or **kernel**) $(1, 0, -1)$. The filter is first
# **flipped** from left to right, to $(-1, 0, 1)$. Then it is laid over the image, and the products are added: $-1 \cdot
# 1 + 0 \cdot 2 + 1 \cdot 4 = 3$. In two dimensions the filter is also flipped upside down. It is placed at every
# possible position, and at each of them the products are added. For an image $f$ and a filter $g$ this gives
#
# $$(f * g)[x, y] = \sum_{n_1}\sum_{n_2} f[n_1, n_2]\; g[x - n_1, y - n_2].$$
#
# The minus signs express the flip: as the index of $f$ grows, the index of $g$ falls. Here we use only positions at
# which the whole filter is inside the image.


# %%
def true_convolution(image, kernel):
    """Return image * kernel, (H - HH + 1, W - WW + 1), for an image (H, W) and a kernel (HH, WW)."""
    ### BEGIN SOLUTION
    # TODO: flip the kernel both ways, lay it over every position, multiply and sum. Loops over positions are fine.
    flipped, (HH, WW) = kernel[::-1, ::-1], kernel.shape
    out = np.zeros((image.shape[0] - HH + 1, image.shape[1] - WW + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(image[i : i + HH, j : j + WW] * flipped)
    return out
    ### END SOLUTION


# %%
checks.run("true_convolution", true_convolution)

# %% [markdown]
# `scipy.signal` has this operation, and also **cross-correlation**, which does not flip the filter. A single bright
# pixel shows the difference: convolution puts a copy of the filter there, and cross-correlation a flipped copy.

# %%
from scipy.signal import convolve2d, correlate2d

pixel = np.zeros((5, 5))
pixel[2, 2] = 1
kernel = np.arange(1, 10).reshape(3, 3)
shown = {"image": pixel, "filter": kernel, "convolution": true_convolution(pixel, kernel)}
shown["cross-correlation"] = correlate2d(pixel, kernel, mode="valid")
title = "Convolution copies the filter to a bright pixel; cross-correlation flips the copy"
convolution.number_maps(shown, title)
plt.show()

# %%
rng = np.random.default_rng(0)
image, kernel = rng.normal(size=(32, 40)), rng.normal(size=(3, 5))
yours = true_convolution(image, kernel)
scipys = convolve2d(image, kernel, mode="valid")
correlated = correlate2d(image, kernel[::-1, ::-1], mode="valid")
print("your convolution agrees with scipy's:", np.allclose(yours, scipys))
print("so does cross-correlation with the flipped filter:", np.allclose(yours, correlated))

# %% [markdown] tags=["question"]
# **Question 1.** What the libraries for neural networks call convolution is cross-correlation: nothing is flipped. Why
# does that make no difference to a network that learns its filters? For which 3 × 3 filters would the last two panels
# of the figure be the same?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Training finds the flipped filter just as easily: whatever a network with true convolutions computes, a network with
# cross-correlations computes with all filters flipped, and random initial weights have the same distribution either
# way. Both panels are the same for filters that do not change when they are turned by 180 degrees, such as a blur.
# ### END SOLUTION

# %% [markdown]
# ## Convolution in neural networks
#
# Three things are different from now on. First, nothing is flipped. Second, an image has a **depth**: three colours,
# or as many channels as the previous layer has produced. A filter always extends through the full depth: for images
# with $C$ channels, a filter of $HH \times WW$ pixels has $C \times HH \times WW$ weights. At each position it computes
# *one* number. Third, a layer has $F$ such filters, so its output has $F$ channels, one **map** for each filter.

# %%
convolution.filter_on_volume(C=3, side=8, extent=3, F=4)
plt.show()

# %% [markdown]
# As a small example, take a filter of 1 × 2 pixels. The **window**, which is the part of the image that the filter covers,
# contains $(1, 2)$ in red, $(0, 1)$ in green and $(3, 1)$ in blue. The filter has the weights $(1, -1)$, $(2, 0)$ and
# $(0, 1)$ for these colours, and the bias 0.5. The output is $(1 - 2) + (0 + 0) + (0 + 1) + 0.5 = 0.5$.
#
# In general, the filter moves in steps of $S$ pixels, over an image to which $P$ rows and columns of zeros may have been
# added on every side:
#
# $$\text{out}[n, f, i, j] = b_f + \sum_{c, k, l} w[f, c, k, l]\; \text{padded}[n, c, i S + k, j S + l]$$
#
# Such a layer needs far fewer weights than an affine layer. Here are the numbers for two layers that compute 32 maps of
# 32 × 32 numbers from a colour image of 32 × 32 pixels: a convolution with filters of 7 × 7, and an affine layer.

# %%
C, H, W, F, HH, WW = 3, 32, 32, 32, 7, 7
print(f"convolution:  {F * C * HH * WW + F:>12,} weights and biases")
print(f"affine layer: {(C * H * W) * (F * H * W) + F * H * W:>12,} weights and biases")

# %% [markdown]
# The step $S$ from one position of the filter to the next is called the **stride**. The zeros are called **padding**.
# They allow the middle of the filter to be on a border pixel, too. The filter stops where its next step would take it
# beyond the edge, so some pixels may be left over.

# %%
convolution.filter_places([(7, 3, 1, 0), (7, 3, 1, 1), (7, 3, 2, 0), (8, 3, 2, 1)])
plt.show()

# %% [markdown]
# How many positions are there? Count along one side: the first position is at the left end, and each further one needs
# $S$ more pixels.


# %%
def output_size(size, extent, stride, pad):
    """Return the number of positions of a filter of `extent` pixels along a side of `size` pixels."""
    ### BEGIN SOLUTION
    # TODO: include the padding. How far can the filter move from its first position, and how many steps is that?
    return 1 + (size + 2 * pad - extent) // stride
    ### END SOLUTION


# %%
checks.run("output_size", output_size)

# %% [markdown] tags=["question"]
# **Question 2.** With stride 1, which padding keeps the size of the image for filters of 3, 5 and 7? Why are filters
# with an even size rarely used? In which panel of the figure is there a pixel or a zero that the filter never covers,
# and what would have to change for it to be covered?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# (HH − 1) / 2, so 1, 2 and 3. For an even HH this is not a whole number: the output becomes smaller or larger by one,
# and the filter has no middle pixel. In the last panel, 8 pixels and 2 zeros make 10 numbers, and with stride 2 the
# positions cover only 9 of them. The zero at the right end is never used. With stride 1, or with 7 or 9 pixels, it
# would be used.
# ### END SOLUTION

# %% [markdown]
# ## The convolution layer, slowly
#
# Fill in `conv_forward_naive`. Loops are fine here: it is more important that the code shows what is computed.

# %%
checks.run("conv_forward_naive")

# %% [markdown]
# Before anything is learned, we try five filters that were designed by hand: one for grey, two for edges, a blur, and
# one that sharpens. Each is 3 × 3 × 3, with the same weights for the three colours.

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

images, labels, _, _ = load_CIFAR10(dtype=np.uint8)
four = images[[int(np.flatnonzero(labels == label)[0]) for label in (1, 3, 7, 8)]]

# %%
from cs231n.layers import conv_forward_naive

X = four.transpose(0, 3, 1, 2).astype(float)  # channels first: (N, C, H, W)
maps, _ = conv_forward_naive(X, w, np.zeros(len(w)), {"stride": 1, "pad": 1})
title = "Each filter brings out something different in the same image"
convolution.responses(four, maps, list(by_hand), title)
plt.show()

# %% [markdown]
# At the border the filters see the zeros of the padding. This gives the maps a rim, which was ignored when the grey
# scales were chosen. The maps of the edge filters are a medium shade of grey where nothing changes, lighter where the
# image gets brighter to the right (or downwards), and darker where it gets darker.
#
# **To play with:** here is one of the four images in grey, with one filter. Every number of the output is a sum of nine
# products, which is written out below the pictures. You can change the stride, the padding and the weights.

# %% tags=["nbval-ignore-output"]
from cs231n.toys.filter import Filter

Filter(four[2], by_hand, pad=1)

# %% [markdown]
# Now for the backward pass. In the forward pass, each number of the output came from multiplying a window by a filter,
# entry by entry, and adding up the products. So the gradient with respect to such a number goes back to the window,
# multiplied by the filter, and to the filter, multiplied by the window. Windows overlap, and the gradients that arrive
# at the same pixel add up. Fill in `conv_backward_naive`.

# %%
checks.run("conv_backward_naive")

# %% [markdown]
# Here is an example with one image of 6 × 6 pixels and one filter. `dout` is 1 at a single position, and then at two
# positions whose windows overlap. Everywhere else it is 0.

# %%
from cs231n.layers import conv_backward_naive

x, w = np.ones((1, 1, 6, 6)), np.arange(1.0, 10).reshape(1, 1, 3, 3)
_, cache = conv_forward_naive(x, w, np.zeros(1), {"stride": 1, "pad": 0})
one, two = np.zeros((2, 1, 1, 4, 4))
one[0, 0, 1, 0] = two[0, 0, 1, 0] = two[0, 0, 2, 1] = 1

# %%
shown = {"filter": w[0, 0]}
shown["dx for a 1 at (1, 0)"] = conv_backward_naive(one, cache)[0][0, 0]
shown["dx for a 1 at (1, 0) and (2, 1)"] = conv_backward_naive(two, cache)[0][0, 0]
windows = {1: [(1, 0)], 2: [(1, 0), (2, 1)]}
title = "Each 1 adds a copy of the filter to dx; where windows overlap, the copies add up"
convolution.number_maps(shown, title, windows)
plt.show()

# %% [markdown] tags=["question"]
# **Question 3.** The forward pass lays the filter over the image without flipping it. Look at the last figure: which
# of the two operations, convolution or cross-correlation, leads from `dout` back to `dx`? And why is the largest
# number in the right panel 14?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# A convolution in the mathematical sense: each entry of dout adds a copy of the filter, times this entry and not
# flipped, just like the bright pixel at the beginning. (Written as a cross-correlation, it uses the flipped filter and
# a padded dout.) The windows overlap in four pixels, with the sums 5 + 1, 6 + 2, 8 + 4 and 9 + 5. The last sum is the
# largest, 14.
# ### END SOLUTION

# %% [markdown]
# ## Max pooling
#
# A max pooling layer makes maps smaller: it keeps the largest number of each window, in each channel separately. It has
# no parameters. After an edge filter, for example, its output says whether there is an edge *anywhere* in the window.
# In the backward pass it acts like the max gate of a computation graph: the gradient goes to the pixel that had the
# maximum, and to no other pixel. Fill in `max_pool_forward_naive` and `max_pool_backward_naive`.

# %%
checks.run("max_pool_forward_naive")

# %%
checks.run("max_pool_backward_naive")

# %% [markdown]
# In the example below, the windows are 2 × 2 pixels and do not overlap. Their maxima are ringed.

# %%
from cs231n.layers import max_pool_backward_naive, max_pool_forward_naive

window = {"pool_height": 2, "pool_width": 2, "stride": 2}

# %%
x = np.random.default_rng(3).permutation(24).reshape(1, 1, 4, 6).astype(float)
out, cache = max_pool_forward_naive(x, window)
dx = max_pool_backward_naive(np.ones_like(out), cache)
convolution.pooling(x[0, 0], out[0, 0], dx[0, 0])
plt.show()

# %% [markdown]
# Pooling also makes the maps less sensitive to small shifts. We shift an image of random pixels by one column, and
# count how many of the maxima stay the same:

# %%
pixels = np.random.default_rng(4).random((1, 1, 100, 100))
moved = np.roll(pixels, 1, axis=3)
before, after = (max_pool_forward_naive(x, window)[0] for x in (pixels, moved))
print(f"maxima that stay the same: {np.mean(before == after):.2f}")
print(f"pixels that stay the same: {np.mean(pixels == moved):.2f}")

# %% [markdown] tags=["question"]
# **Question 4.** Take the window at the top left of the figure, and move the image by one pixel to the right. Which two
# numbers leave the window, which two stay in it, and under what condition does its maximum stay the same? Why is this
# condition met by about one third of the random windows? And what information is lost for good in pooling, however well
# the following layers are trained?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The two numbers of the right column leave; the two of the left column move to the right column and stay. Two new
# numbers enter from the left. The maximum stays the same if it was in the left column and is larger than both new
# numbers. So the largest of these six numbers has to be one of the two that stay. For random pixels, the probability of
# this is 2/6. What is lost is the position of the maximum within its window, and the other three numbers of the window.
# ### END SOLUTION

# %% [markdown]
# ## The same layers, faster
#
# Python loops over pixels are far too slow for training. `cs231n/fast_layers.py` implements pooling and convolution
# without such loops; convolution becomes a product of matrices. The arguments, the outputs and the gradients are the
# same as those of your layers.

# %% tags=["nbval-ignore-output"]
from cs231n import fast_layers

rng = np.random.default_rng(1)
x, w = rng.normal(size=(20, 3, 32, 32)), rng.normal(size=(16, 3, 5, 5))
b, how = rng.normal(size=16), {"stride": 1, "pad": 2}
naive = timed(conv_forward_naive, x, w, b, how, repeat=1)
fast = timed(fast_layers.conv_forward_fast, x, w, b, how)
print(f"forward:  naive {naive:.3f} s, fast {fast:.4f} s, {naive / fast:.0f} times as fast")

# %% tags=["nbval-ignore-output"]
out, cache = conv_forward_naive(x, w, b, how)
fast_out, fast_cache = fast_layers.conv_forward_fast(x, w, b, how)
naive = timed(conv_backward_naive, out, cache, repeat=1)
fast = timed(fast_layers.conv_backward_fast, out, fast_cache)
print(f"backward: naive {naive:.3f} s, fast {fast:.4f} s, {naive / fast:.0f} times as fast")

# %%
print("the same output:", np.allclose(out, fast_out))
slow = conv_backward_naive(out, cache)
quick = fast_layers.conv_backward_fast(out, fast_cache)
for name, one, other in zip(("dx", "dw", "db"), slow, quick, strict=True):
    print(f"the same {name}:", np.allclose(one, other))

# %% [markdown]
# ## Normalisation of images
#
# Batch normalisation computes one mean and one variance for each feature, over the batch. The numbers at all positions
# of a map are computed by the same filter, so they are *one* feature: **spatial batch normalisation** takes the mean
# over the batch *and* over all positions. **Group normalisation** (Wu and He, 2018) does not use the batch. It divides
# the channels of one image into $G$ groups of neighbouring channels, and normalises each group with its own mean and
# variance. With a single group it is layer normalisation.

# %%
convolution.normalised_together()
plt.show()

# %% [markdown]
# Here is a small example. In an image of one pixel, four channels have the values $(1, 3, 10, 30)$. With $G = 2$, the
# groups are $(1, 3)$ with mean 2 and standard deviation 1, and $(10, 30)$ with mean 20 and standard deviation 10. Both
# become $(-1, 1)$. With $G = 1$, all four share a mean of 11 and a standard deviation of 11.5, and become $(-0.87,
# -0.70, -0.09, 1.66)$. The large last channel makes the differences between the others small.
#
# Fill in `spatial_batchnorm_forward` and `spatial_batchnorm_backward`. If you reshape the maps well, the batch
# normalisation that you have already written does all the work. Then fill in `spatial_groupnorm_forward` and
# `spatial_groupnorm_backward`.

# %%
checks.run("spatial_batchnorm_forward")

# %%
checks.run("spatial_batchnorm_backward")

# %%
checks.run("spatial_groupnorm_forward")

# %%
checks.run("spatial_groupnorm_backward")

# %% [markdown]
# Why do we need a normalisation that does not use the batch? Large images need so much memory that a batch may consist
# of only a few of them. Then the mean and the variance of batch normalisation depend strongly on which images happen to
# be in the batch. We measure this: one image is normalised 30 times, each time together with a different set of other
# images. How much do its normalised maps differ from one time to the next?


# %%
from cs231n.layers import spatial_batchnorm_forward, spatial_groupnorm_forward


def maps_of(some, filters=8):
    w = np.random.default_rng(2).normal(0, 0.1, (filters, 3, 5, 5))
    some, how = some.transpose(0, 3, 1, 2) / 64 - 2, {"stride": 2, "pad": 2}
    maps, _ = fast_layers.conv_forward_fast(some, w, np.zeros(filters), how)
    return maps


# %%
def normalised(maps, how):
    gamma, beta = np.ones(maps.shape[1]), np.zeros(maps.shape[1])
    if how == "group norm":
        gamma, beta = (one.reshape(1, -1, 1, 1) for one in (gamma, beta))
        return spatial_groupnorm_forward(maps, gamma, beta, 2, {})[0]
    return spatial_batchnorm_forward(maps, gamma, beta, {"mode": "train"})[0]


# %%
maps, sizes, rng = maps_of(images[:500]), (2, 4, 8, 16, 32, 64), np.random.default_rng(0)
varies = {"batch norm": [], "group norm": []}
for how, size in ((how, size) for how in varies for size in sizes):
    rest = [rng.choice(range(1, 500), size - 1, replace=False) for _ in range(30)]
    outs = [normalised(maps[[0, *others]], how)[0] for others in rest]
    varies[how].append(np.std(outs, axis=0).mean())
for size, batch, group in zip(sizes, *varies.values(), strict=True):
    print(f"{size:2} images: batch norm {batch:.2f}, group norm {group:.2f}")

# %%
title = "Batch norm depends on the other images, group norm does not"
axis_names = "images in a batch", "standard deviation over 30 batches"
networks.labelled(sizes, varies, title, *axis_names, log="x", bottom=-0.01)
plt.show()

# %% [markdown] tags=["question"]
# **Question 5.** Read from the figure how large the random part of batch normalisation is with 2 and with 32 images,
# compared with the standard deviation of 1 that its outputs have. Take maps of shape (50, 32, 16, 16): how many means
# do spatial batch, layer and group normalisation compute, and over how many numbers each? Which of the three methods are
# useful in training with a batch of one image?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# On the stand-in, the random part is about 0.30 with two images and 0.09 with 32 (a little less on CIFAR-10), roughly
# proportional to one over the square root of the batch size. Batch norm computes 32 means, over 50 · 256 = 12,800
# numbers each. Layer norm computes 50 means, over 32 · 256 = 8,192 numbers each. Group norm with G groups computes 50 G
# means, over 8,192 / G numbers each. Group and layer norm do not depend on the batch. Batch norm of one image still has
# 256 positions for each channel, so it works, but its means describe this image rather than the data.
# ### END SOLUTION

# %% [markdown]
# ## A network of three layers
#
# The network consists of a convolution with ReLU and 2 × 2 max pooling, an affine layer with ReLU, and an affine layer
# with softmax. `layer_utils.py` contains combinations of two or three of these layers. In the figure, the shape of the
# output is written below each step, for N images.

# %%
steps = [("images", "(N, 3, 32, 32)"), ("conv 7 × 7", "(N, 32, 32, 32)")]
steps += [("ReLU", "(N, 32, 32, 32)"), ("max pool", "(N, 32, 16, 16)")]
steps += [("affine", "(N, 100)"), ("ReLU", "(N, 100)")]
steps += [("affine", "(N, 10)"), ("softmax", "loss")]
architecture.chain(steps, "ThreeLayerConvNet with 32 filters and 100 hidden units")
plt.show()

# %% [markdown]
# Fill in `ThreeLayerConvNet` in `classifiers/cnn.py`.

# %%
checks.run("ThreeLayerConvNet_init")

# %%
checks.run("ThreeLayerConvNet_loss")

# %%
from cs231n.training import few, images_for_a_network, show, train

data = images_for_a_network()
for part in ("X_train", "X_val", "X_test"):
    print(part, data[part].shape, data[part].dtype)

# %% [markdown]
# **The loss at the start** must again be about $\log 10$, and a little more with a penalty.

# %%
from cs231n.classifiers import ThreeLayerConvNet

np.random.seed(0)
for reg in (0.0, 0.5):
    net = ThreeLayerConvNet(num_filters=8, filter_size=3, weight_scale=1e-3, reg=reg)
    loss, _ = net.loss(data["X_train"][:50], data["y_train"][:50])
    print(f"λ = {reg}: loss {loss:.1f}; log 10 = {np.log(10):.1f}")

# %% [markdown]
# **Fifty images** should be easy to memorise. As always, we test this before the real training.

# %% tags=["nbval-ignore-output"]
np.random.seed(0)
fifty = few(data, 50)
fifty |= {"X_val": data["X_val"][:200], "y_val": data["y_val"][:200]}
small = ThreeLayerConvNet(num_filters=8, filter_size=3, weight_scale=1e-2)
solver = train(small, fifty, 15, 3e-3, "adam", batch_size=10)
show(solver, f"Fifty images, {solver.train_acc_history[-1]:.0%} of them memorised")

# %% [markdown]
# Now train on all images, but go through them only **once**. Adam is a good first choice, with a learning rate of
# about 0.001. More filters, larger filters and more hidden units take more time.

# %%
### BEGIN SOLUTION
# TODO: set chosen to a dictionary of num_filters, filter_size, hidden_dim, weight_scale and reg, and rate to a
#   learning rate. On CIFAR-10, a validation accuracy of more than 50 % is possible after one epoch.
chosen = {"num_filters": 32, "filter_size": 7, "hidden_dim": 500}
chosen |= {"weight_scale": 0.01, "reg": 1e-3}
rate = 1e-3
### END SOLUTION


# %%
def three_layers(seed):
    np.random.seed(seed)
    return train(ThreeLayerConvNet(**chosen), data, 1, rate, "adam", batch_size=50)


# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
three = three_layers(seed=0)
losses = {"minibatch": three.loss_history}
end = np.mean(three.loss_history[-20:])
vis_utils.loss_curves(losses, f"In one epoch the loss falls to about {end:.1f}", smooth=20)
plt.show()
print(f"validation accuracy {three.best_val_acc:.3f}")

# %% [markdown]
# ## What the network looks for, and what it sees
#
# The filters of the first layer can be shown as small colour images.

# %%
filters = three.model.params["W1"].transpose(0, 2, 3, 1)
half = len(filters) // 2
grids = {f"filters 0 to {half - 1}": filters[:half]}
grids[f"filters {half} to {len(filters) - 1}"] = filters[half:]
title = "After one epoch, most filters prefer a colour or an edge, and are still noisy"
networks.template_pair(grids, title)
plt.show()

# %% [markdown]
# The next figure shows eight of the filters, and what they make of four images: the maps after the convolution and the
# ReLU. Each map has a brightness scale of its own: white is its strongest response (away from the border), and black is
# its weakest, usually 0.

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
title = "Some filters respond to a colour, others to edges (the eight whose maps vary most)"
convolution.responses(pictures, maps[:, strongest], names, title, filters[strongest])
plt.show()

# %% [markdown] tags=["question"]
# **Question 6.** Group the filters by what they look for. Which of the filters that were made by hand has the network
# found by itself? Do you find filters that look alike, or like noise? What could you do about each of these?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Some filters look for a patch of one colour, others for two colours next to each other or one above the other (edges
# in colour), and on CIFAR-10 some look for edges from light to dark in various directions. So the network has found
# edge filters and blurs like those made by hand, and filters for colours as well. If filters look alike, fewer of them
# would be enough. There is a good deal of noise after only one epoch. It is what remains of the initial weights where
# training has not changed them. Longer training helps, and so does a larger penalty, which shrinks weights that are not
# needed.
# ### END SOLUTION

# %% [markdown]
# ## Deeper networks
#
# Deeper networks usually consist of many convolutions with small filters, each followed by batch normalisation, with
# pooling in between. Each layer combines what the previous layer has found.
#
# Which pixels of the image can one number in such a network depend on? These pixels are its **receptive field**. After
# one convolution with 3 × 3 filters it has 3 × 3 pixels. After a second one it has 5 × 5, since the outermost of the
# nine inputs look one pixel further on each side; after a third one it has 7 × 7. Pooling with stride 2 makes it grow
# faster: from then on, neighbouring numbers are two pixels of the image apart. In general, if layer $i$ has filters (or
# windows) of $k_i \times k_i$ numbers and stride $s_i$, then the receptive field after $L$ layers is $r_L$ pixels wide,
# with
#
# $$r_L = 1 + \sum_{i=1}^{L} (k_i - 1) \prod_{j < i} s_j$$
#
# For three convolutions this is $1 + 2 + 2 + 2 = 7$. For convolution, pooling (2 × 2, stride 2) and another
# convolution, it is $1 + 2 \cdot 1 + 1 \cdot 1 + 2 \cdot 2 = 8$.


# %%
def receptive_field(layers):
    size, apart = 1, 1  # apart: from one output to the next, in pixels of the image
    for extent, stride in layers:
        size, apart = size + (extent - 1) * apart, apart * stride
    return size


# %% [markdown]
# We check the formula by backpropagation: a pixel is in the receptive field if the gradient with respect to it differs
# from 0. We send random images through the layers, and a gradient of 1 back from the number in the middle of the output.


# %%
def pixels_seen(layers, side=32):
    x, caches = np.random.default_rng(0).random((500, 1, side, side)), []
    for extent, _ in layers:
        if extent == 3:
            w, pad = np.ones((1, 1, 3, 3)), {"stride": 1, "pad": 1}
            x, cache = fast_layers.conv_forward_fast(x, w, np.zeros(1), pad)
        else:
            x, cache = fast_layers.max_pool_forward_fast(x, window)
        caches.append(cache)
    return gradient_back(layers, caches, x.shape)


# %%
def gradient_back(layers, caches, shape):
    dout = np.zeros(shape)
    dout[:, :, shape[2] // 2, shape[3] // 2] = 1
    for (extent, _), cache in zip(reversed(layers), reversed(caches), strict=True):
        if extent == 3:
            dout = fast_layers.conv_backward_fast(dout, cache)[0]
        else:
            dout = fast_layers.max_pool_backward_fast(dout, cache)
    return np.any(dout != 0, axis=(0, 1))  # for any of the images


# %%
conv, pool = (3, 1), (2, 2)  # extent and stride
stacks = {f"conv × {depth}": [conv] * depth for depth in (1, 2, 3)}
stacks["conv, pool, conv, pool, conv"] = [conv, pool, conv, pool, conv]
seen = {name: pixels_seen(layers) for name, layers in stacks.items()}
convolution.receptive_fields(seen, "With pooling, the receptive field grows much faster")
plt.show()
for name, layers in stacks.items():
    extent = np.any(seen[name], axis=0).sum()
    print(f"{name}: formula {receptive_field(layers)}, counted {extent}")

# %% [markdown] tags=["question"]
# **Question 7.** What share of the image does one number depend on after three convolutions, with and without pooling?
# Read the numbers from the figure. How many convolutions with 3 × 3 filters and no pooling would a network need before
# one number depends on the whole width of a CIFAR-10 image?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Without pooling 7 × 7 of 32 × 32 pixels, about 5 %; with pooling 18 × 18, almost a third. Without pooling the
# receptive field after L convolutions is 1 + 2L pixels wide, so 32 pixels need 16 layers.
# ### END SOLUTION

# %% [markdown]
# `cs231n/conv_net.py` builds such networks from *your* layers: `stages=((32,), (64,), (128,))` means convolutions with
# 32, 64 and 128 filters, each followed by pooling, batch normalisation and a ReLU. The pooling comes first because it
# leaves fewer numbers to normalise.

# %%
from cs231n.conv_net import ConvNet

### BEGIN SOLUTION
# TODO: set stages, reg and settings (num_epochs, learning_rate, batch_size and lr_decay) to your choice.
#   A test accuracy of 65 % on CIFAR-10 is possible within a few minutes.
stages, reg = ((32,), (64,), (128,)), 1e-2
settings = {"num_epochs": 3, "learning_rate": 2e-3, "batch_size": 100, "lr_decay": 0.5}
### END SOLUTION

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
np.random.seed(0)
deeper = train(ConvNet(stages=stages, reg=reg), data, **settings, rule="adam", verbose=True)
show(deeper, "The deeper network")

# %% [markdown]
# The next figures show one image on its way through the network. The maps become smaller, and look less and less like
# the image.

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
# **Question 8.** Compare this figure with the confusion matrix of your classifier on features (*What it gets wrong*, in
# the last notebook of assignment 1). Which confusions have become rare, and which are still frequent? Would you try to
# raise the training accuracy or the validation accuracy next, and how?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# In our runs on CIFAR-10, animals were hardly ever taken for vehicles any more, and of the vehicles only airplanes were
# still often taken for animals. Cats and dogs were still confused with each other (they differ in details of only a few
# pixels), and so were cars and trucks. The training accuracy on CIFAR-10 is less than ten points above the validation
# accuracy, and both are still rising. So first train for more epochs, with more filters. If the gap grows, reduce it
# with a larger λ, with dropout, or with mirrored images as additional training data.
# ### END SOLUTION

# %% [markdown]
# ## A comparison of all classifiers
#
# All classifiers use the same data set, and each of them is trained for a short time only. The nearest-neighbour
# classifier uses 5,000 training images, and the others use all of them.

# %% tags=["nbval-ignore-output"]
from cs231n.classifiers import FullyConnectedNet, KNearestNeighbor, Softmax, TwoLayerNet

rows = {part: data[part].reshape(len(data[part]), -1) for part in ("X_train", "X_test")}
np.random.seed(0)
neighbours, softmax = KNearestNeighbor(), Softmax()
neighbours.train(rows["X_train"][:5000], data["y_train"][:5000])
history = softmax.train(rows["X_train"], data["y_train"], 3e-3, 1e-2, num_iters=1500)

# %% tags=["nbval-ignore-output"]
nets = {"two layers": TwoLayerNet(hidden_dim=200, weight_scale=0.01, reg=5e-3)}
for name, values in nets["two layers"].params.items():
    nets["two layers"].params[name] = values.astype(np.float32)
deep = FullyConnectedNet([200, 100], normalization="batchnorm")
nets["fully connected, batch norm"] = deep
how = {"num_epochs": 4, "learning_rate": 5e-4, "rule": "adam", "batch_size": 200}
trained = {name: train(net, data, **how) for name, net in nets.items()}

# %% tags=["nbval-ignore-output", "numbers-within-0.03"]
said = {"nearest neighbours (5,000)": neighbours.predict(rows["X_test"], k=10)}
said["softmax, linear"] = softmax.predict(rows["X_test"])
here = {name: np.mean(labels == data["y_test"]) for name, labels in said.items()}
convolutional = {"three layers, one epoch": three, "deeper convolutional": deeper}
for name, solver in (trained | convolutional).items():
    here[name] = solver.check_accuracy(data["X_test"], data["y_test"])
for name, accuracy in here.items():
    print(f"{name}: test accuracy {accuracy:.3f}")

# %% [markdown]
# For comparison, the figure also shows the best accuracies that the notebooks of this course reach on CIFAR-10 with
# carefully tuned settings. They were measured on test images, except those of the linear classifiers, which were
# measured on validation images. A network of two layers on the features of assignment 1 comes close to the deeper
# convolutional network. But convolutional networks can do much better than that: with more layers, more epochs and
# mirrored images they reach more than 90 %.

# %% tags=["nbval-ignore-output"]
on_cifar10 = {
    "nearest neighbours (5,000)": 0.282,
    "SVM, linear": 0.396,
    "softmax, linear": 0.421,
    "two layers": 0.568,
    "fully connected, three layers": 0.608,
    "two layers on features": 0.743,
    "three layers, one epoch": 0.592,
    "deeper convolutional": 0.762,
}

# %% tags=["nbval-ignore-output"]
results = {
    "in this notebook, on the images you have": here,
    "on CIFAR-10, best of all notebooks": on_cifar10,
}
winner = max(here, key=here.get)
convolution.standings(results, f"Best in this notebook: {winner}, {here[winner]:.2f}")
plt.show()

# %% [markdown]
# ## Key takeaways
#
# * A convolutional layer looks for the same small pattern everywhere. Its filters extend through the full depth.
# * The filter is not flipped, so the operation is a cross-correlation. The backward pass uses the flipped filter.
# * The output has $1 + (H + 2P - HH)/S$ rows, rounded down. Pooling makes maps smaller and discards exact positions.
# * The receptive field grows with every layer, and faster after strides and pooling.
# * All positions of a map are one feature, so normalisation averages over them. Group normalisation works without a
#   batch.
# * The first layer learns filters for colours and for edges, although nobody has told it to. Deeper layers combine what
#   the previous layers have found.
#
# In a terminal, `python -m cs231n check` shows the state of the whole assignment.
