"""Visual words: k-means finds the clusters there are, and features are what the docstring's formula says."""

import numpy as np
import pytest

from cs231n import visual_words
from cs231n.features import extract_features
from cs231n.visual_words import VisualWords, k_means


def pictures(num, size=16, seed=0):
    """Stripes of random direction, width and colour, uint8 (num, size, size, 3)."""
    random = np.random.default_rng(seed)
    row, column = np.mgrid[:size, :size]
    angle, width = random.uniform(0, np.pi, (num, 1, 1)), random.uniform(0.5, 2, (num, 1, 1))
    wave = np.sin((row * np.sin(angle) + column * np.cos(angle)) * width)[..., None]
    return (127 + wave * random.uniform(-120, 120, (num, 1, 1, 3))).astype(np.uint8)


def small_words(**options):
    return VisualWords(num_patches=2000, **options)


@pytest.fixture(scope="module")
def fitted():
    return small_words(num_words=12, seed=3).fit(pictures(60))


def slow_features(words, image, soft):
    """Patch by patch in float64, with the parts that were fitted."""
    p, activations = words.patch_size, []
    positions = range(0, image.shape[0] - p + 1, words.stride)
    for i in positions:
        for j in positions:
            patch = image[i : i + p, j : j + p].transpose(2, 0, 1).ravel().astype(np.float64)
            x = (patch - patch.mean()) / np.sqrt(patch.var() + 10)
            z = np.linalg.norm((x - words._mean) @ words._whitening - words._centres, axis=1)
            activations.append(np.maximum(0, z.mean() - z) if soft else np.eye(len(z))[z.argmin()])
    f = np.reshape(activations, (len(positions), len(positions), -1))
    half = len(positions) // 2
    quarters = (f[:half, :half], f[:half, half:], f[half:, :half], f[half:, half:])
    return np.concatenate([quarter.mean(axis=(0, 1)) for quarter in quarters])


@pytest.mark.parametrize("soft", [True, False])
def test_features_are_the_mean_assignment_over_each_quarter(soft):
    words = small_words(num_words=12, soft=soft, seed=3).fit(pictures(60))
    images = pictures(5, seed=1)
    np.testing.assert_allclose(words.transform(images), [slow_features(words, im, soft) for im in images], atol=1e-4)


def test_hard_histograms_sum_to_one_in_each_cell():
    words = small_words(num_words=5, grid=3, soft=False).fit(pictures(60))
    found = words.transform(pictures(7))
    assert found.shape == (7, 9 * 5)
    np.testing.assert_allclose(found.reshape(7, 9, 5).sum(axis=2), 1, rtol=1e-6)


def test_one_image_gives_the_row_it_has_in_a_batch_of_many_blocks(fitted):
    images = pictures(150)
    together = fitted.transform(images)
    assert together.shape == (150, 48)
    assert together.dtype == np.float32
    np.testing.assert_allclose(fitted.transform(images[77]), together[77], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(extract_features(images, [fitted.transform]), together, rtol=1e-4, atol=1e-5)


def test_the_type_of_an_image_makes_no_difference(fitted):
    images = pictures(4)
    for dtype in (np.float32, np.float64):
        np.testing.assert_allclose(fitted.transform(images.astype(dtype)), fitted.transform(images), atol=1e-6)


def test_brightness_and_contrast_hardly_matter(fitted):
    images = pictures(10).astype(np.float64)
    np.testing.assert_allclose(fitted.transform(images), fitted.transform(0.7 * images + 30), atol=0.05)


def test_the_same_seed_learns_the_same_words_and_another_others():
    images = pictures(60)
    first, again, other = (small_words(num_words=8, seed=seed).fit(images).words for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)
    drawn = small_words(num_words=8, seed=np.random.default_rng(0)).fit(images).words
    assert np.array_equal(first, drawn)


def test_the_global_generator_is_left_alone():
    before = np.random.get_state()[1:3]  # noqa: NPY002
    small_words(num_words=4).fit(pictures(20))
    after = np.random.get_state()[1:3]  # noqa: NPY002
    assert np.array_equal(before[0], after[0])
    assert before[1] == after[1]


def test_words_look_like_the_patches_they_stand_for():
    images = np.zeros((40, 12, 12, 3), np.uint8)
    images[:20, :, ::2] = 200  # upright stripes
    images[20:, ::2, :] = 200  # level stripes
    words = small_words(num_words=12, patch_size=4, dims=None).fit(images).words
    assert words.shape == (12, 4, 4, 3)
    stripes = np.tile([1.0, -1.0], (4, 2))
    for kind in (stripes, -stripes, stripes.T, -stripes.T):
        distances = np.abs(words - kind[..., None]).max(axis=(1, 2, 3))
        assert distances.min() < 0.05


def test_flat_patches_are_no_trouble():
    found = small_words(num_words=3).fit(pictures(20)).transform(np.full((2, 16, 16, 3), 7, np.uint8))
    assert np.isfinite(found).all()


def test_an_image_of_one_patch_per_cell_will_do():
    words = small_words(num_words=3, dims=None).fit(pictures(20))
    assert words.transform(pictures(1, size=8)[0]).shape == (12,)
    with pytest.raises(ValueError, match=r"at least 8 x 8 pixels, found shape \(1, 7, 7, 3\)"):
        words.transform(pictures(1, size=7))


def test_words_need_an_image_but_no_images_have_no_rows():
    with pytest.raises(ValueError, match="at least one image"):
        small_words().fit(pictures(20)[:0])
    assert small_words(num_words=3).fit(pictures(20)).transform(pictures(20)[:0]).shape == (0, 12)


def test_features_before_words_and_grey_images_are_refused():
    with pytest.raises(RuntimeError, match=r"call fit\(images\)"):
        VisualWords().transform(pictures(1))
    with pytest.raises(ValueError, match=r"colour images.*found shape \(3, 16, 16\)"):
        small_words().fit(pictures(3)[..., 0])


def test_k_means_finds_clusters_far_apart():
    random = np.random.default_rng(0)
    truth = np.array([[0, 0], [50, 0], [0, 50]])
    points = (truth[random.integers(3, size=300)] + random.normal(size=(300, 2))).astype(np.float32)
    spreads = []
    for seed in range(5):
        centres = k_means(points, 3, np.random.default_rng(seed), num_iters=50)
        spreads.append(np.linalg.norm(centres[:, None] - truth, axis=2).min(axis=0).max())
        assert centres.dtype == np.float32
    assert min(spreads) < 0.5


def test_each_centre_is_the_mean_of_its_points_in_the_end():
    points = np.random.default_rng(0).normal(size=(200, 3))
    centres = k_means(points, 6, np.random.default_rng(1), num_iters=200)
    nearest = np.linalg.norm(points[:, None] - centres, axis=2).argmin(axis=1)
    np.testing.assert_allclose(centres, [points[nearest == k].mean(axis=0) for k in range(6)])


def test_centres_without_points_move_to_points():
    points = np.repeat([[3.0, 3.0], [9.0, 9.0]], 10, axis=0)
    centres = k_means(points, 5, np.random.default_rng(0))
    assert {tuple(centre) for centre in centres} <= {(3.0, 3.0), (9.0, 9.0)}


@pytest.mark.parametrize("k", [0, 4])
def test_more_centres_than_points_are_refused(k):
    with pytest.raises(ValueError, match=f"from 1 to 3, the number of points, found k = {k}"):
        k_means(np.zeros((3, 2)), k, np.random.default_rng(0))


@pytest.mark.parametrize(("rows", "k"), [(1, 3), (7, 3), (5000, 3), (100, 4000)])
def test_products_in_parts_are_the_product(rows, k):
    random = np.random.default_rng(0)
    x, matrix = random.normal(size=(rows, 50)), random.normal(size=(50, k))
    np.testing.assert_allclose(visual_words._product(x, matrix), x @ matrix, atol=1e-12)
