# %% [markdown]
# # Backpropagation

# %%
from cs231n.notebook import checks, np


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
