# %% [markdown]
# # Backpropagation
#
# In assignment 1, gradients were derived with pencil and paper, one formula for each loss and each layer. For a deep
# network nobody does that. Instead, the formula is cut into steps so small that the derivative of each step is one line
# of code, and the chain rule combines these derivatives mechanically. Here you write the code that does this for single
# numbers, see how little changes for whole arrays, and look at what activation functions do to the gradients that pass
# through them.
#
# You will edit two files (click to open them):
#
# * [`cs231n/graph.py`](../../cs231n/graph.py): a computation graph of numbers, which can differentiate any formula that
#   consists of its gates,
# * [`cs231n/activations.py`](../../cs231n/activations.py): sigmoid, tanh, leaky ReLU, ELU and maxout, forward and
#   backward,
#
# and one cell in this notebook.

# %% [markdown] tags=["name"]
# *Your name (optional, for the report that comes with your submission):*

# %%
from cs231n.figures import activations as figures
from cs231n.figures.graph import draw_graph
from cs231n.notebook import checks, np, plt

# %% [markdown]
# ## A formula as a graph
#
# Take $f = 2\,(x y + \max(z, w))$. Each operation is a **gate**: numbers enter on the left, and one number leaves on
# the right. If you write the formula with `Node`s, Python computes each value and also remembers which gate produced
# it.

# %%
from cs231n.graph import Node, backward, exp, maximum, reciprocal, sigmoid

x, y, z, w = Node(3, "x"), Node(-4, "y"), Node(2, "z"), Node(-1, "w")
f = 2 * (x * y + maximum(z, w))
draw_graph(f, "Forward: f = 2 (x y + max(z, w))", gradients=False)
plt.show()

# %% [markdown]
# How much does $f$ change if $x$ grows a little? To answer this, we start at the end of the graph. The gradient of $f$
# with respect to itself is 1. A gate that knows `dout`, the derivative of $f$ with respect to the gate's *output*, can
# compute the derivative with respect to each of its *inputs* $a$ by the chain rule:
#
# $$\frac{\partial f}{\partial a} = \underbrace{\frac{\partial f}{\partial\, \text{out}}}_{\texttt{dout}} \cdot
# \underbrace{\frac{\partial\, \text{out}}{\partial a}}_{\text{the gate's own slope}}$$
#
# The second factor depends on this gate alone, and takes one line of code. For example, the gate $\times\,2$ has
# slope 2. It receives `dout` = 1, so it passes $1 \cdot 2 = 2$ back to its input.
#
# Write the `backward` methods of the six gates in `graph.py`: three of them have two inputs, and three have one.

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
# A gate can pass its gradient on only when that gradient is complete, so it has to wait for all the gates that use its
# output. An order in which every node comes after its inputs is called a **topological order**. If you go through it
# backwards, the gradient at each node is complete when you reach it.
#
# If a node feeds several gates, each of them sends a gradient back, and these parts **add up**: a change in the node's
# value affects $f$ along all of these paths at once. Fill in `topological_order`, then `backward`.

# %%
checks.run("topological_order")

# %%
checks.run("backward")

# %% [markdown]
# ## Three gates, three roles
#
# Here is the same graph with the gradients below the wires. Read the gradients from right to left.

# %%
backward(f)
draw_graph(f, "Backward: f = 2 (x y + max(z, w))")
plt.show()

# %% [markdown]
# * The **add** gate *distributes*: 2.00 arrives from the right, and 2.00 leaves on both wires.
# * The **max** gate *routes*: $z$ was larger and gets the whole gradient. $w$ gets 0, because a small change in $w$
#   does not change the maximum.
# * The **mul** gate *switches*: $x$ gets 2.00 times the value of $y$, and $y$ gets 2.00 times the value of $x$.
#
# In the next graph, $x$ is used twice. The numbers next to the two slanting wires show what comes back along each of
# them, and their sum is below the wire of $x$. Check it by hand: the derivative of $f = x\,(x + y) = x^2 + x y$ with
# respect to $x$ is $2x + y = 8$.

# %%
x, y = Node(3, "x"), Node(2, "y")
f = x * (x + y)
backward(f)
draw_graph(f, "Where x is used twice, its gradients add up: f = x (x + y)")
plt.show()

# %% [markdown] tags=["question"]
# **Question 1.** Look at the graph of $2\,(x y + \max(z, w))$ again. Which of the four inputs changes $f$ most when it
# is increased by 0.1, and in which direction? What would the gradients with respect to $z$ and $w$ be if $w$ were 2.5?
# Now take a linear classifier, where every weight meets a pixel in a mul gate. If somebody forgets to divide the pixels
# by 64, what happens to the gradients with respect to the weights, and what happens to the best learning rate?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# x: the gradient with respect to x is -8, so f falls by about 0.8. (y would raise f by 0.6, z by 0.2, and w would not
# change it.) If w were 2.5, it would be larger than z, so the max gate would send the gradient 2 to w and 0 to z. The
# mul gate switches, so the gradient with respect to a weight is dout times the pixel: it becomes 64 times larger (for
# the same dout). A step changes the weights 64 times as much, and each change in a weight changes the scores 64 times
# as much. So the best learning rate falls by a factor of about 4096, the square of 64. That is why the scale of the
# inputs matters.
# ### END SOLUTION

# %% [markdown]
# ## A neuron
#
# This is the example from the lecture: two inputs, three weights, and the sigmoid function $\sigma$:
#
# $$f = \sigma(w_0 x_0 + w_1 x_1 + w_2) = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}}$$
#
# The third weight, $w_2$, is the bias. The value of $f$ is between 0 and 1, so it can be read as the probability of
# "yes". A single neuron like this is a classifier for two classes, and a sigmoid is still the last step of many
# networks that answer yes or no.


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
# **To play with:** here is the same neuron. Each click computes one gate: first the values from left to right, then
# the gradients from right to left. Before each click, predict the number that will appear. Then change an input.

# %% tags=["nbval-ignore-output"]
from cs231n.toys.backprop import Backprop

Backprop(f)

# %% [markdown]
# Check one gate by hand: the input of $1/x$ is 1.37, so its slope is $-1/1.37^2 = -0.53$, and $1.00 \cdot (-0.53)$ is
# the number below its input wire. Then check the whole graph numerically: the next cell changes one input at a time, a
# little up and a little down.

# %%
at = np.array([node.value for node in inputs])


def neuron(v):
    return 1 / (1 + np.exp(-(v[0] * v[1] + v[2] * v[3] + v[4])))


for node, step in zip(inputs, 1e-5 * np.eye(5), strict=True):
    numeric = (neuron(at + step) - neuron(at - step)) / 2e-5
    print(f"{node.name}: gradient {node.grad:6.3f}, numerically {numeric:6.3f}")

# %% [markdown]
# The last four gates together are a function of one number, so they can be replaced by a single gate. Its derivative
# is short:
#
# $$\sigma'(x) = \frac{e^{-x}}{(1 + e^{-x})^2} = \frac{1}{1 + e^{-x}} \cdot \frac{1 + e^{-x} - 1}{1 + e^{-x}} = \sigma(x)\,(1 - \sigma(x))$$
#
# In our neuron $\sigma = 0.73$, so the slope is $0.73 \cdot 0.27 = 0.20$. You can choose how finely to cut a formula
# into gates; the gradients are the same.

# %%
w0, x0, w1, x1, w2 = neuron_inputs()
f = sigmoid(w0 * x0 + w1 * x1 + w2)
backward(f)
assert np.allclose([n.grad for n in (w0, x0, w1, x1, w2)], [n.grad for n in inputs])
draw_graph(f, "The same neuron with a sigmoid gate")
plt.show()

# %% [markdown] tags=["question"]
# **Question 2.** A graph has a million inputs and one output. How many times do you have to evaluate it to get the
# numeric gradient with respect to every input? How much does backpropagation cost in comparison? What does
# backpropagation need that numeric differentiation does not need?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Numeric differentiation needs two evaluations for each input, two million in all. Backpropagation goes through the
# graph once forward and once backward, and the backward pass costs about as much as the forward pass (in either
# direction, a gate takes only a few operations). But it needs memory: the values on the wires must be kept until the
# backward pass has used them. That is what the caches of the layers are for.
# ### END SOLUTION

# %% [markdown]
# ## From numbers to arrays
#
# A gate may also take a vector and return a vector. Its slope is then a whole matrix, the **Jacobian**, with one row
# for each output and one column for each input: $J_{ij} = \partial\, \text{out}_i / \partial x_j$. Do not confuse its
# shape with that of a gradient: the *gradient of the loss* with respect to $x$ always has the shape of $x$. The chain
# rule leads from one to the other:
#
# $$\frac{\partial L}{\partial x_j} = \sum_i \frac{\partial L}{\partial\, \text{out}_i} J_{ij}
# \qquad \text{or} \qquad dx = J^\top \text{dout}$$
#
# A small example: $\text{out} = (3 x_1 + x_2,\; x_2)$ has the Jacobian $\begin{pmatrix} 3 & 1 \\ 0 & 1 \end{pmatrix}$.
# With $\text{dout} = (1, 2)$, the formula gives $dx = (3 \cdot 1 + 0 \cdot 2,\; 1 \cdot 1 + 1 \cdot 2) = (3, 3)$.
#
# For the affine layer, $\text{out} = x W + b$ with one example in each row, `out[n, m]` is `b[m]` plus the sum over $d$
# of `x[n, d] w[d, m]` (in code, $W$ is called `w`). Find its derivative with respect to `x[i, d]`, and write the
# Jacobian for a whole batch, where `x` and `out` are unrolled row by row.


# %%
def affine_jacobian(x, w):
    ### BEGIN SOLUTION
    # TODO: return J, (N M, N D). The entry in row (n, m) and column (i, d) is the derivative of out[n, m] with respect
    #   to x[i, d]. Which entries are 0? The rows of one example are next to each other, and so are its columns.
    (N, D), M = x.shape, w.shape[1]
    J = np.zeros((N, M, N, D))
    for n in range(N):
        J[n, :, n, :] = w.T
    return J.reshape(N * M, N * D)
    ### END SOLUTION


# %%
checks.run("affine_jacobian", affine_jacobian)

# %% [markdown]
# For three examples with four numbers each and five outputs, the Jacobian has 15 rows and 12 columns. Most of its
# entries are 0.

# %%
rng = np.random.default_rng(0)
x, w, dout = rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), rng.normal(size=(3, 5))
J = affine_jacobian(x, w)
figures.jacobian(J, examples=3)
plt.show()

# %% [markdown]
# In practice nobody builds this matrix. All of its framed blocks are the same $W^\top$, so if `dout` has one example in
# each row, $J^\top \text{dout}$ is a small matrix product. The formulas for the gradients with respect to $W$ and $b$
# are just as short:
#
# $$dx = \text{dout}\; W^\top \qquad dW = x^\top\, \text{dout} \qquad db = \sum_{\text{rows}} \text{dout}$$

# %%
through_jacobian = (J.T @ dout.ravel()).reshape(x.shape)
print("both ways give the same dx:", np.allclose(through_jacobian, dout @ w.T))

# %% [markdown] tags=["question"]
# **Question 3.** In the figure, what fraction of the entries lies inside the three frames, and what would this fraction
# be for a batch of 200 examples? Now let 200 images with $D = 3072$ enter a layer of 500 units. How many entries does
# the Jacobian have, and how many gigabytes is that in double precision? What does the Jacobian of a ReLU look like?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# One third, since three of the nine blocks are framed; for 200 examples it is one in 200. The large Jacobian has
# (200 · 500) · (200 · 3072) = 6.1e10 numbers of 8 bytes, about 490 GB. Only the 200 blocks on the diagonal are not 0:
# 200 · 500 · 3072 = 3.1e8 numbers, and all these blocks are copies of the same W^T. A ReLU works entry by entry, so its
# Jacobian is diagonal, with 1 where x is positive and 0 elsewhere. So we multiply dout by a mask instead.
# ### END SOLUTION

# %% [markdown]
# ## Activation functions
#
# Between two affine layers there has to be a non-linear function; otherwise, the two layers together would be no more
# than a single affine layer. These are the usual choices:
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
# You have already written the ReLU; write the others in `activations.py`. They take whole arrays with numbers of any
# size. Since $e^{1000}$ is too large for a floating-point number, write the formulas in such a way that `np.exp` never
# gets a large positive argument.

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
# Maxout is different from the others: it has weights of its own, two sets of them, so it is a layer rather than a
# function of one number. It consists of two affine layers and a max gate, which routes the gradient to one of them.

# %%
checks.run("maxout_forward")

# %%
checks.run("maxout_backward")

# %% [markdown]
# In the next figure, the forward functions give the outputs, and the backward functions with `dout` = 1 give the
# derivatives.

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
title = "Sigmoid and tanh are flat on both sides, the others on one side at most"
figures.functions(x, drawn, title)
plt.show()

# %% [markdown]
# A maxout unit with one input returns the larger of two straight lines.

# %%
w1, b1, w2, b2 = (np.array(one) for one in ([[1.0]], [0.0], [[-0.5]], [1.0]))
out, cache = activations.maxout_forward(x[:, None], w1, b1, w2, b2)
dx = activations.maxout_backward(np.ones_like(out), cache)[0]
title = "Maxout bends where its two lines cross"
figures.functions(x, {"max(x, 1 − x/2)": (out[:, 0], dx[:, 0])}, title)
plt.show()

# %% [markdown]
# The sigmoid has another property that matters: its outputs are all positive. Consider a unit whose inputs are the
# outputs of sigmoids. For *one* example, the gradient with respect to each of the unit's weights is the same `dout`
# times a positive number, so all the weights increase, or all of them decrease. The sums over a minibatch can have
# mixed signs, because `dout` has different signs for different examples. Here are the signs for a unit with ten
# weights:

# %%
rng = np.random.default_rng(0)
h, _ = activations.sigmoid_forward(rng.normal(size=(100, 10)))
dscore = rng.normal(size=(100, 1))
for count in (1, 100):
    dW = h[:count].T @ dscore[:count]
    noun = "example" if count == 1 else "examples"
    print(f"{count} {noun}: {np.sum(dW > 0)} of 10 gradients are positive")

# %% [markdown]
# ## Saturation
#
# For large positive and large negative inputs the sigmoid is nearly flat: it **saturates**. Even in the middle its
# slope is only 1/4. In a stack of layers these slopes are multiplied, one factor for each layer on the way back.
# Through ten layers, even the largest possible slopes give a factor of $(1/4)^{10} \approx 10^{-6}$; the weights
# contribute factors of their own. Here we measure the product of all these factors, with random weights of a reasonable
# size and a gradient of size 1 at the end:


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
title = "Each sigmoid layer makes the gradient about three times smaller"
figures.gradients_on_the_way_back(sizes, title)
plt.show()
shrunk = sizes["sigmoid"][-1] / sizes["sigmoid"][0]
print(f"ten sigmoid layers shrink the gradient by {np.log10(shrunk):.0f} powers of ten,")
print(f"each layer by a factor of {shrunk**0.1:.1f}")

# %% [markdown] tags=["question"]
# **Question 4.** Read from the figure how large the gradient of the sigmoid network is at layer 5 and at layer 0. The
# first layers get almost no gradient. Would larger weights help? And why would it not help to multiply the learning
# rate of all layers by a hundred thousand?

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# About 3e-3 at layer 5 and 1e-5 at layer 0. Larger weights make the gradient larger in the affine layers, but they also
# make the inputs of the sigmoids larger. For large inputs the sigmoid is flat: its slope falls exponentially, and this
# soon outweighs the larger weights. A learning rate that is a hundred thousand times larger would suit the first layer,
# but the last layers, whose gradients have an ordinary size, would diverge.
# ### END SOLUTION

# %% [markdown]
# ## Dead units
#
# The ReLU does not saturate for positive inputs. For negative inputs its slope is exactly 0. A unit whose input is
# negative for *every* example gets no gradient, so its weights no longer change: it is **dead**. A single step that is
# too large can cause this. A leaky ReLU always lets a small gradient through. Here twenty hidden units learn the curve
# $y = |x - 1|$, and the learning rate of the first step is twenty times as large as that of all later steps.

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
histories = {name: train(*functions[name]) for name in ("ReLU", "leaky ReLU")}
title = "ReLUs die after one large step; leaky ReLUs recover and learn the curve"
figures.dead_units(X[:, 0], y[:, 0], histories, title)
plt.show()
for name, history in histories.items():
    first, second, *_, last = history["dead"]
    units = f"{first} in step 1, {second} in step 2, {last} at the end"
    print(f"{name}: units without a gradient: {units}")
    loss = history["loss"]
    print(f"{name}: loss {loss[0]:.2f} in step 1, {loss[-1]:.5f} at the end")

# %% [markdown] tags=["question"]
# **Question 5.** In the middle panel, eleven ReLUs get no gradient before the first step. Why? After the first step,
# which of the two networks recovers, and why does the other one end up as a flat line? Name two ways to avoid dead
# units and still use ReLUs.

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# No x is negative and the biases start at 0, so a unit whose weight starts negative is never active. The leaky network
# recovers: where the input of a unit is negative, it gets a tenth of the gradient, which is enough to bring the unit
# back. Dead ReLUs get exactly 0. When all of them are dead, only the last bias can still learn, and it becomes the mean
# of y. A smaller learning rate (or one that starts small) avoids the step that kills the units. Centred inputs help
# too, and so do biases that start slightly above 0.
# ### END SOLUTION

# %% [markdown]
# ## Key takeaways
#
# * A formula is a graph of gates. Each gate multiplies the gradient with respect to its output by its own slope, and
#   passes the result to its inputs.
# * Add distributes, max routes, mul switches. Where a value is used more than once, its gradients add up.
# * The backward pass costs about as much as one or two forward passes, however many inputs there are.
# * The gradient of a loss with respect to a variable has the same shape as that variable. In theory it is a product
#   with the Jacobian, but in practice the Jacobian is never built.
# * Sigmoid and tanh saturate, and ReLUs can die. The more an activation function shrinks the gradients, the fewer
#   layers you can train.
#
# The layers that you have written are gates whose inputs are arrays. In the next notebook, `fully_connected_nets`, you
# chain as many of them as you like.
