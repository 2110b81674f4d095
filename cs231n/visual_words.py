"""A bag of visual words describes an image by how often each kind of small patch occurs in it.

The words are learned from unlabelled images: random patches are normalised, whitened and clustered by k-means, and
the centre of every cluster is a word. An image is then described by how close its patches are to each word, averaged
over each cell of a grid.

Source: Coates, Lee and Ng, "An analysis of single-layer networks in unsupervised feature learning", 2011.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cs231n.features import in_blocks

CONTRAST_FLOOR = 10.0  # added to a patch's variance, for values 0..255: keeps noise in flat patches small
WHITENING_FLOOR = 0.1  # added to the variance of each principal direction, for the same reason
ITERATIONS = 15
SMALL_PRODUCT = 2**18  # multiplications in a product of matrices, up to which BLAS uses only the calling thread


class VisualWords:
    """Features learned by k-means on patches: `VisualWords(100).fit(X_train).transform(X_test)`.

    A patch p of D = 3 patch_size^2 numbers is described by x = B^T ((p - mean(p)) / sqrt(var(p) + 10) - m): its
    contrast is normalised, the mean m of normalised patches is subtracted, and the result is whitened with
    B = V (L + 0.1)^(-1/2), from the eigenvectors V and eigenvalues L of their covariance. With the distances
    z_k = |x - c_k| to the K words c_k,

        soft:  f_k = max(0, mean(z) - z_k)       the "triangle": how much nearer word k is than the average word
        hard:  f_k = 1 for the nearest word, 0 for the others,

    and each feature is the mean of f_k over the patches in one cell of a grid over the image.

    Args:
        num_words: K.
        patch_size: height and width of a patch in pixels.
        stride: distance from one patch to the next, in pixels; 1 uses all patches.
        grid: number of rows and of columns of cells; with 1, the whole image is one cell.
        soft: whether f_k is the soft one above; otherwise, it is the hard one.
        dims: number of principal directions of the patches to keep (40 of CIFAR-10's 108 contain 98.6 % of the
            variance), or None for all D.
        num_patches: number of patches to learn from.
        seed: an integer, or the np.random.Generator to draw from.

    Attributes:
        words: (K, patch_size, patch_size, 3) float32, the words as normalised patches; set by `fit`.
    """

    def __init__(
        self,
        num_words: int = 100,
        patch_size: int = 6,
        stride: int = 2,
        grid: int = 2,
        soft: bool = True,
        dims: int | None = 40,
        num_patches: int = 40_000,
        seed: int | np.random.Generator = 0,
    ):
        self.num_words, self.patch_size, self.stride = num_words, patch_size, stride
        self.grid, self.soft, self.dims, self.num_patches, self.seed = grid, soft, dims, num_patches, seed

    def fit(self, images: np.ndarray) -> VisualWords:
        """Learn the words from patches of (N, H, W, 3) images, values 0..255, and return self.

        Raises:
            ValueError: there are no images, they are not colour images, or they are too small for the patches and the
                grid; num_words, patch_size, stride or grid is less than 1; or num_words is greater than num_patches.
        """
        images = self._checked(images)
        if not len(images):
            raise ValueError("expected at least one image to learn words from, found none")
        random = np.random.default_rng(self.seed)
        patches = _normalised(self._random_patches(images, random))
        self._mean = patches.mean(axis=0)
        self._whitening, restore = _whitening(patches - self._mean, self.dims)  # (D, d), (d, D)
        self._centres = k_means((patches - self._mean) @ self._whitening, self.num_words, random)
        shape = (self.num_words, 3, self.patch_size, self.patch_size)
        self.words = (self._centres @ restore + self._mean).reshape(shape).transpose(0, 2, 3, 1)
        return self

    def transform(self, images: np.ndarray) -> np.ndarray:
        """Return the (N, grid^2 K) float32 features of (N, H, W, 3) images, or (grid^2 K,) for one image, (H, W, 3).

        The features are in the order of the cells, row by row; each cell has one feature for each word.

        Raises:
            RuntimeError: `fit` has not been called.
            ValueError: the images are not colour images, or they are too small for the patches and the grid.
        """
        if not hasattr(self, "words"):
            raise RuntimeError("there are no words yet: call fit(images) before transform(images)")
        images = np.asarray(images)
        if images.ndim == 3:
            return self.transform(images[None])[0]
        return in_blocks(self._histograms, self._checked(images))

    def _histograms(self, images: np.ndarray) -> np.ndarray:
        windows = self._windows(images)[:, :: self.stride, :: self.stride]  # (n, h, w, 3, p, p)
        n, height, width = windows.shape[:3]
        patches = windows.reshape(n * height * width, 3 * self.patch_size**2)
        activations = self._activations(patches.astype(np.float32, copy=False))
        activations = activations.reshape(n, height, width, self.num_words)
        rows, columns = (np.arange(self.grid + 1) * size // self.grid for size in (height, width))
        means = [
            activations[:, top:bottom, left:right].mean(axis=(1, 2))
            for top, bottom in pairwise(rows)
            for left, right in pairwise(columns)
        ]
        return np.concatenate(means, axis=1)

    def _activations(self, patches: np.ndarray) -> np.ndarray:
        """Return f_k, as in the docstring of the class, for patches (M, D): a float32 array (M, K)."""
        x = _product(_normalised(patches), self._whitening)
        x -= self._mean @ self._whitening
        squares = _squared_distances(x, self._centres)
        if not self.soft:
            return (np.arange(self.num_words) == squares.argmin(axis=1)[:, None]).astype(np.float32)
        distances = np.sqrt(squares, out=squares)
        nearer = np.subtract(distances.mean(axis=1, keepdims=True), distances, out=distances)
        return np.maximum(nearer, 0, out=nearer)

    def _random_patches(self, images: np.ndarray, random: np.random.Generator) -> np.ndarray:
        windows = self._windows(images)
        picked = tuple(random.integers(size, size=self.num_patches) for size in windows.shape[:3])
        return windows[picked].reshape(self.num_patches, -1).astype(np.float32)

    def _windows(self, images: np.ndarray) -> np.ndarray:
        return np.lib.stride_tricks.sliding_window_view(images, (self.patch_size, self.patch_size), axis=(1, 2))

    def _checked(self, images: np.ndarray) -> np.ndarray:
        images = np.asarray(images)
        if min(self.patch_size, self.stride, self.grid) < 1:
            raise ValueError(
                "expected patch_size, stride and grid of at least 1, "
                f"found {self.patch_size}, {self.stride} and {self.grid}"
            )
        least = self.patch_size + self.stride * (self.grid - 1)  # so that every cell has a patch
        if images.ndim != 4 or images.shape[-1] != 3 or min(images.shape[1:3]) < least:
            raise ValueError(
                f"expected colour images, (N, H, W, 3), of at least {least} x {least} pixels, "
                f"found shape {images.shape}"
            )
        return images


def k_means(points: np.ndarray, k: int, random: np.random.Generator, num_iters: int = ITERATIONS) -> np.ndarray:
    """Cluster points (M, d) around k centres, to make the sum of squared distances to the nearest centre small.

    This is Lloyd's algorithm, starting from k of the points, drawn at random. Assign each point to its nearest centre,
    and move each centre to the mean of its points, or to a random point if it has none; repeat until nothing changes,
    at most num_iters times.

    Returns:
        (k, d) array of centres, of the points' dtype.

    Raises:
        ValueError: k is less than 1, or greater than the number of points.
    """
    if not 1 <= k <= len(points):
        raise ValueError(f"expected k from 1 to {len(points)}, the number of points, found k = {k}")
    centres = random.choice(points, k, replace=False)
    nearest = None
    for _ in range(num_iters):
        previous, nearest = nearest, _squared_distances(points, centres).argmin(axis=1)
        if np.array_equal(nearest, previous):
            break
        sizes = np.bincount(nearest, minlength=k)[:, None]
        sums = np.stack([np.bincount(nearest, column, k) for column in points.T], axis=1)  # (k, d)
        strays = random.choice(points, k)
        centres = np.where(sizes > 0, sums / np.maximum(sizes, 1), strays).astype(points.dtype)
    return centres


def _normalised(patches: np.ndarray) -> np.ndarray:
    """Return the patches (M, D), each minus its mean and divided by sqrt(variance + CONTRAST_FLOOR)."""
    size = patches.shape[1]
    centred = patches - patches.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", centred, centred)[:, None] / size
    centred /= np.sqrt(variance + CONTRAST_FLOOR)
    return centred


def _whitening(centred: np.ndarray, dims: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return B, (D, d), and R, (d, D): centred @ B is whitened, and centred @ B @ R approximates centred."""
    variances, directions = np.linalg.eigh(centred.T @ centred / len(centred))  # in increasing order
    largest = np.s_[: -(dims or len(variances)) - 1 : -1]
    spread, directions = np.sqrt(np.maximum(variances[largest], 0) + WHITENING_FLOOR), directions[:, largest]
    return directions / spread, (directions * spread).T


def _squared_distances(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return |x_i - c_k|^2 = |x_i|^2 - 2 x_i c_k + |c_k|^2, (M, K), never negative."""
    squares = _product(x, -2 * centres.T)
    squares += np.einsum("ij,ij->i", x, x)[:, None]
    squares += np.einsum("ij,ij->i", centres, centres)
    return np.maximum(squares, 0, out=squares)


def _product(x: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return x @ matrix, (M, D) by (D, K), a few rows at a time: each small product uses only one core."""
    D, K = matrix.shape
    rows = max(8, SMALL_PRODUCT // matrix.size)
    whole = len(x) // rows * rows
    product = np.empty((len(x), K), x.dtype)
    np.matmul(x[:whole].reshape(-1, rows, D), matrix, out=product[:whole].reshape(-1, rows, K))
    np.matmul(x[whole:], matrix, out=product[whole:])
    return product
