# %% [markdown]
# # Backpropagation
#
# The gradients of the last notebooks were derived with pencil and paper, one formula for each loss. For deep networks
# nobody does that. A formula is cut into steps so small that the derivative of each is a line, and the chain rule puts
# them together, mechanically. Here you write that machine for single numbers, see that whole arrays change little, and
# look at what activation functions do to the gradients that pass them.
#
# You will edit two files (click to open them):
#
# * [`cs231n/graph.py`](../../cs231n/graph.py): a computation graph of numbers, which differentiates any formula,
# * [`cs231n/activations.py`](../../cs231n/activations.py): sigmoid, tanh, leaky ReLU, ELU and maxout, forward and
#   backward,
#
# and one cell here.

# %% [markdown] tags=["name"]
# *Your name (optional, for the report that comes with your submission):*

# %%
from cs231n.figures import activations as figures
from cs231n.figures.graph import draw_graph
from cs231n.notebook import checks, np, plt

# %% [markdown]
# ## A formula as a graph
#
# Take $f = 2\,(x y + \max(z, w))$. Each operation is a **gate**: numbers come in from the left, one number goes out to
# the right. Written with `Node`s, Python computes the value and remembers which gate it came out of.

# %%
from cs231n.graph import Node, backward, exp, maximum, reciprocal, sigmoid

x, y, z, w = Node(3, "x"), Node(-4, "y"), Node(2, "z"), Node(-1, "w")
f = 2 * (x * y + maximum(z, w))
draw_graph(f, "Forward: f = 2 (x y + max(z, w))", gradients=False)
plt.show()

# %% [markdown]
# How much does $f$ change when $x$ grows a little? Ask from the end. $f$ changes as fast as itself: its gradient
# is 1. A gate that knows `dout`, the derivative of $f$ with respect to its *output*, can pass it on to its *inputs*, since the chain
# rule says
#
# $$\frac{\partial f}{\partial a} = \underbrace{\frac{\partial f}{\partial\, \text{out}}}_{\texttt{dout}} \cdot
# \underbrace{\frac{\partial\, \text{out}}{\partial a}}_{\text{the gate's own slope}}$$
#
# The second factor is the gate's own business, and a line of code. Write the `backward` of all six gates in
# `graph.py`, three with two inputs and three with one.

# %%
checks.run("add_gate")

# %%
checks.run("mul_gate")

# %%
checks.run("max_gate")

# %%
checks.run("exp_gate")

# %%
checks.run("reciprocal_gate")

# %%
checks.run("sigmoid_gate")

# %% [markdown]
# ## In which order?
#
# A gate can pass its gradient on only when that is complete, so every gate has to wait for those after it. An order in
# which each node comes after its inputs is called **topological**; go through it from the end, and nobody is early.
# Where one node feeds several gates, each of them sends something back, and the parts **add up**: if $x$ moves, it
# moves $f$ along every one of these ways at once. Fill in `topological_order`, then `backward`.

# %%
checks.run("topological_order")

# %%
checks.run("backward")

# %% [markdown]
# ## Three gates, three characters
#
# The same graph again, with gradients below the wires. Read it from right to left.

# %%
backward(f)
draw_graph(f, "Backward: f = 2 (x y + max(z, w))")
plt.show()

# %% [markdown]
# * The **add** gate *distributes*: 2.00 comes in from the right, 2.00 goes out on both wires.
# * The **max** gate *routes*: $z$ was larger and gets all of it; $w$ gets 0, for a small change of $w$ changes nothing.
# * The **mul** gate *switches*: $x$ gets 2.00 times the value of $y$, and $y$ gets 2.00 times the value of $x$.
#
# In the next graph $x$ is used twice. The small numbers are what comes back along each wire, and below $x$ stands
# their sum. Differentiate $f = x\,(x + y) = x^2 + x y$ by hand: $2x + y = 8$.

# %%
x, y = Node(3, "x"), Node(2, "y")
f = x * (x + y)
backward(f)
draw_graph(f, "Fan-out adds up: f = x (x + y)")
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** In a linear classifier every weight meets a pixel in a mul gate. Someone forgets to divide the pixels
# by 64, so that all inputs are 64 times larger. What happens to the gradients of the weights, and what to the learning
# rate that works best?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# The mul gate switches, so the gradient of a weight is dout times the pixel: it becomes 64 times larger (for the same
# dout). A step changes the weights 64 times as much, and each change of a weight moves the scores 64 times as much
# again. So the best learning rate falls by about 64² = 4096. That is why the scale of the inputs matters.
# ### END SOLUTION

# %% [markdown]
# ## A neuron
#
# The example of the lecture: two inputs, three weights, and the sigmoid function $\sigma$:
#
# $$f = \sigma(w_0 x_0 + w_1 x_1 + w_2) = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}}$$
#
# The third weight, $w_2$, is the bias.
#
# The value lies between 0 and 1, so it can be read as the probability of "yes". One such neuron is a classifier for two
# classes, and the sigmoid is still what stands at the end of networks that answer yes or no.


# %%
def neuron_inputs():
    values = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
    return [Node(value, name) for name, value in values.items()]


inputs = w0, x0, w1, x1, w2 = neuron_inputs()
f = reciprocal(1 + exp(-(w0 * x0 + w1 * x1 + w2)))
backward(f)
draw_graph(f, "A neuron, its sigmoid made of four gates")
plt.show()

# %% [markdown]
# **To play with:** the same neuron. Each click computes one gate, first the values from left to right, then the
# gradients from right to left. Before each click, say what it will show. Then change an input.

# %% tags=["nbval-ignore-output"]
from cs231n.toys.backprop import Backprop

Backprop(f)

# %% [markdown]
# Check one gate by hand: into $1/x$ goes 1.37, so its slope is $-1/1.37^2 = -0.53$, and $1.00 \cdot (-0.53)$ is what
# stands below the wire. And check the whole of it numerically: a bit more, a bit less of one input at a time.

# %%
at = np.array([node.value for node in inputs])


def neuron(v):
    return 1 / (1 + np.exp(-(v[0] * v[1] + v[2] * v[3] + v[4])))


for node, step in zip(inputs, 1e-5 * np.eye(5), strict=True):
    numeric = (neuron(at + step) - neuron(at - step)) / 2e-5
    print(f"{node.name}: gradient {node.grad:6.3f}, numerically {numeric:6.3f}")

# %% [markdown]
# Four gates in a row are one function of one number, and may as well be one gate. Its derivative turns out short:
# $\sigma'(x) = \sigma(x)\,(1 - \sigma(x))$. How fine to cut is a matter of taste; the gradients are the same.

# %%
w0, x0, w1, x1, w2 = neuron_inputs()
f = sigmoid(w0 * x0 + w1 * x1 + w2)
backward(f)
assert np.allclose([n.grad for n in (w0, x0, w1, x1, w2)], [n.grad for n in inputs])
draw_graph(f, "The same neuron with a sigmoid gate")
plt.show()

# %% [markdown] tags=["question"]
# **Question 2.** A graph has a million inputs and one output. How many times do you have to evaluate it for all of the
# numeric gradients, and what does backpropagation cost in comparison? What does backpropagation need that numeric
# differentiation does not?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Two evaluations for each input, two million in all. Backpropagation goes through the graph once forward and once
# backward, and the way back costs about as much as the way forward (each gate does a few operations). It needs memory:
# the values on the wires must be kept until the way back has used them. That is what the caches of the layers are.
# ### END SOLUTION

# %% [markdown]
# ## From numbers to arrays
#
# A gate may also take a vector and return a vector. Its slope is then a whole table, the **Jacobian**: one row for each
# output, one column for each input, $J_{ij} = \partial\, \text{out}_i / \partial x_j$. Two shapes must not be mixed up:
# the Jacobian is as tall as the output and as wide as the input, while the *gradient of the loss* with respect to $x$
# always has the shape of $x$. The chain rule leads from one to the other:
#
# $$\frac{\partial L}{\partial x_j} = \sum_i \frac{\partial L}{\partial\, \text{out}_i} J_{ij}
# \qquad \text{or} \qquad dx = J^\top \text{dout}$$
#
# For the affine layer, $\text{out} = x W + b$ with examples as rows, `out[n, m]` is `b[m]` plus the sum over $d$ of
# `x[n, d] w[d, m]`. Read off its derivative with respect to `x[i, d]`, and write the Jacobian for a whole batch, with `x` and `out`
# unrolled row by row.


# %%
def affine_jacobian(x, w):
    ### BEGIN SOLUTION
    # TODO: return J, (N M, N D): row (n, m), column (i, d) holds the derivative of out[n, m] by x[i, d].
    #   Which of them are 0? The rows and columns of one example follow each other.
    (N, D), M = x.shape, w.shape[1]
    J = np.zeros((N, M, N, D))
    for n in range(N):
        J[n, :, n, :] = w.T
    return J.reshape(N * M, N * D)
    ### END SOLUTION


# %%
checks.run("affine_jacobian", affine_jacobian)

# %% [markdown]
# Three examples with four numbers each, five outputs: the Jacobian has 15 rows and 12 columns, and most of it is 0.

# %%
rng = np.random.default_rng(0)
x, w, dout = rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), rng.normal(size=(3, 5))
J = affine_jacobian(x, w)
fig, ax = plt.subplots(figsize=(5, 4.6))
largest = np.abs(J).max()
drawn = ax.imshow(J, cmap="PuOr", vmin=-largest, vmax=largest)
labels = {
    "xlabel": "entry of x (4 for each example)",
    "ylabel": "entry of out (5 for each example)",
}
ax.set(title="Jacobian of an affine layer: three times $W^T$", **labels)
fig.colorbar(drawn, label="∂out / ∂x")
plt.show()

# %% [markdown]
# Nobody multiplies by that. $J^\top \text{dout}$ meets one block $W^\top$ at a time, and what is left of it, with
# examples as rows, is one small matrix product:
#
# $$dx = \text{dout}\; W^\top \qquad dW = x^\top\, \text{dout} \qquad db = \sum_{\text{rows}} \text{dout}$$

# %%
through_jacobian = (J.T @ dout.ravel()).reshape(x.shape)
print("the same:", np.allclose(through_jacobian, dout @ w.T))

# %% [markdown] tags=["question"]
# **Question 3.** A batch of 200 images, $D = 3072$, goes into a layer of 500 units. How many entries does the Jacobian have,
# and how many gigabytes is that in double precision? How many of its numbers are different from 0? And what does
# the Jacobian of a ReLU look like?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# (200 · 500) · (200 · 3072) = 6.1e10 numbers of 8 bytes, about 490 GB. Only the 200 blocks on the diagonal are not 0:
# 200 · 500 · 3072 = 3.1e8, and they are all copies of the same W. A ReLU works entry by entry: its Jacobian is
# diagonal, with 1 where x is positive and 0 elsewhere, so one multiplies by a mask instead.
# ### END SOLUTION

# %% [markdown]
# ## Activation functions
#
# Between affine layers stands something that bends, or all the layers would be one. Candidates:
#
# | | forward | derivative |
# |---|---|---|
# | sigmoid | $\sigma(x) = 1 / (1 + e^{-x})$ | $\sigma(x)\,(1 - \sigma(x))$ |
# | tanh | $\tanh(x)$ | $1 - \tanh(x)^2$ |
# | ReLU | $\max(0, x)$ | 1 or 0 |
# | leaky ReLU | $\max(s x, x)$, slope $s$ often 0.1 | 1 or $s$ |
# | ELU | $x$ for $x \ge 0$, $\alpha (e^x - 1)$ for $x < 0$ | 1 or $\alpha e^x$ |
# | maxout | $\max(w_1^\top x + b_1,\; w_2^\top x + b_2)$ | that of the larger piece |
#
# The ReLU you have; write the others in `activations.py`. They take whole arrays, and inputs of any size: $e^{1000}$ is
# more than a computer can hold, so ask only for exponentials that stay small.

# %%
checks.run("sigmoid_forward")

# %%
checks.run("sigmoid_backward")

# %%
checks.run("tanh_forward")

# %%
checks.run("tanh_backward")

# %%
checks.run("leaky_relu_forward")

# %%
checks.run("leaky_relu_backward")

# %%
checks.run("elu_forward")

# %%
checks.run("elu_backward")

# %% [markdown]
# Maxout is the odd one out: it brings weights of its own, two pieces of them, and is a layer rather than a function
# of one number. Two affine layers and a max gate; the max gate routes.

# %%
checks.run("maxout_forward")

# %%
checks.run("maxout_backward")

# %% [markdown]
# Forward gives the curves, and backward with `dout` = 1 gives their derivatives.

# %%
from cs231n import activations, layers

functions = {"sigmoid": (activations.sigmoid_forward, activations.sigmoid_backward)}
functions["tanh"] = activations.tanh_forward, activations.tanh_backward
functions["ReLU"] = layers.relu_forward, layers.relu_backward
functions["leaky ReLU"] = activations.leaky_relu_forward, activations.leaky_relu_backward
functions["ELU"] = activations.elu_forward, activations.elu_backward

# %%
x = np.linspace(-4, 4, 400)
drawn = {}
for name, (forward, back) in functions.items():
    out, cache = forward(x)
    drawn[name] = out, back(np.ones_like(x), cache)
figures.functions(x, drawn)
plt.show()

# %% [markdown]
# A maxout unit of one input takes the larger of two straight lines; where they cross, it bends.

# %%
w1, b1, w2, b2 = (np.array(one) for one in ([[1.0]], [0.0], [[-0.5]], [1.0]))
out, cache = activations.maxout_forward(x[:, None], w1, b1, w2, b2)
dx = activations.maxout_backward(np.ones_like(out), cache)[0]
figures.functions(x, {"maxout: max(x, 1 − x/2)": (out[:, 0], dx[:, 0])})
plt.show()

# %% [markdown]
# ## Saturation
#
# Left and right of the middle the sigmoid is flat: it **saturates**. And even in the middle its slope is only 1/4. In a
# stack of layers these slopes are multiplied, one factor for each layer on the way back. Ten layers, random weights
# of a fair size, and a gradient of size 1 at the end:


# %%
def gradient_sizes(forward, back, depth=10, width=200):
    rng = np.random.default_rng(0)
    x, zero, caches = rng.normal(size=(100, width)), np.zeros(width), []
    for _ in range(depth):
        w = rng.normal(size=(width, width)) * np.sqrt(2 / width)
        scores, affine_cache = layers.affine_forward(x, w, zero)
        x, cache = forward(scores)
        caches.append((affine_cache, cache))
    return sizes_on_the_way_back(back, rng.normal(size=x.shape), caches)


# %%
def sizes_on_the_way_back(back, dout, caches):
    sizes = [dout.std()]
    for affine_cache, cache in reversed(caches):
        dout, _, _ = layers.affine_backward(back(dout, cache), affine_cache)
        sizes.append(dout.std())
    return sizes[::-1]


# %%
sizes = {name: gradient_sizes(*functions[name]) for name in ("sigmoid", "tanh", "ReLU")}
title = "A gradient on its way back through ten layers"
figures.gradients_on_the_way_back(sizes, title)
plt.show()
powers = np.log10(sizes["sigmoid"][-1] / sizes["sigmoid"][0])
print(f"on the way through ten sigmoids it shrinks by {powers:.0f} powers of ten")

# %% [markdown] tags=["question"]
# **Question 4.** The first layers of the sigmoid stack get next to no gradient. Would larger weights help? And why is
# it no remedy to multiply the learning rate of all layers by a million?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Larger weights make the gradient larger in the affine layers, but they also push the inputs of the sigmoids out to
# where these are flat, and the slopes fall exponentially; soon that wins. A learning rate a million times larger would
# suit the first layer and blow up the last ones, whose gradients are of ordinary size.
# ### END SOLUTION

# %% [markdown]
# ## Dead units
#
# The ReLU does not saturate for positive inputs. For negative ones its slope is exactly 0. A unit whose input is
# negative for *every* example gets no gradient, so nothing ever moves it again: it is **dead**. One step that is too
# large may be enough. A leaky ReLU always lets a little through. Here twenty hidden units are to learn the curve
# $y = |x - 1|$, and the first step is twenty times as large as all that follow.

# %%
X = np.linspace(0, 2, 50)[:, None]
y = np.abs(X - 1)


# %%
def gradients(params, forward, back):
    w1, b1, w2, b2 = params
    inputs, cache1 = layers.affine_forward(X, w1, b1)
    hidden, cache = forward(inputs)
    out, cache2 = layers.affine_forward(hidden, w2, b2)
    dhidden, dw2, db2 = layers.affine_backward(2 * (out - y) / len(X), cache2)
    _, dw1, db1 = layers.affine_backward(back(dhidden, cache), cache1)
    seen = {"out": out, "loss": np.mean((out - y) ** 2)}
    seen["dead"] = np.sum((dw1[0] == 0) & (db1 == 0))
    return seen, (dw1, db1, dw2, db2)


# %%
def train(forward, back, units=20):
    rng, history = np.random.default_rng(2), []
    params = [0.5 * rng.normal(size=(1, units)), np.zeros(units)]
    params += [0.3 * np.abs(rng.normal(size=(units, 1))), np.zeros(1)]
    for step in range(3000):
        seen, grads = gradients(params, forward, back)
        history.append(seen)
        rate = 0.1 if step else 2.0
        params = [p - rate * dp for p, dp in zip(params, grads, strict=True)]
    return {name: [seen[name] for seen in history] for name in seen}


# %%
fig, panels = plt.subplots(1, 3, figsize=(11, 3.4))
panels[2].plot(X, y, color="black", linewidth=1, label="|x − 1|")
for name, style in (("ReLU", "-"), ("leaky ReLU", "--")):
    history = train(*functions[name])
    steps = np.arange(1, len(history["loss"]) + 1)
    panels[0].plot(steps, history["loss"], style, label=name)
    panels[1].plot(steps, history["dead"], style)
    panels[2].plot(X, history["out"][-1], style)
panels[0].set(title="Loss", ylabel="mean square", yscale="log")
panels[1].set(title="Without a gradient", ylabel="units, of 20")
for ax in panels[:2]:
    ax.set(xscale="log", xlabel="step (the first is 20 times too large)")
panels[1].set_ylim(-1, 21)
panels[2].set(title="What is learned in the end", xlabel="x", ylabel="output")
fig.legend(loc="outside lower center", ncols=3)
plt.show()

# %% [markdown] tags=["question"]
# **Question 5.** Eleven ReLUs get no gradient from the very start, before any step. Where do they come from? After the
# first step, which of the two networks recovers, and why does the other one end with a flat line? Name two ways to
# avoid dead units without leaving the ReLU.

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# All x are positive and the biases start at 0, so a unit whose weight starts negative never fires. The leaky network
# recovers: units that are negative still get a tenth of the gradient and find back. Dead ReLUs get exactly 0, and when
# all are dead only the last bias is left to learn, which settles at the mean of y. A smaller learning rate (or one
# that starts small) avoids the step that kills; so do centred inputs, and biases that start slightly above 0.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * A formula is a graph of gates. Each gate multiplies the gradient of its output by its own slope; that is all.
# * Add distributes, max routes, mul switches, and where a value is used more than once its gradients add up.
# * The way back costs about as much as the way forward, however many inputs there are.
# * The gradient of a loss has the same shape as the variable it is taken with respect to. The Jacobian stands behind it,
#   and is never built.
# * Sigmoid and tanh saturate, ReLUs can die; what an activation does to gradients decides how deep a network can be.
#
# The layers you have are such gates on arrays. The next notebook, `fully_connected_nets`, strings together as many of
# them as you like.
