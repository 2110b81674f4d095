"""Features have the numbers of their per-image definitions, for one image as for a batch, in any layout and block."""

import numpy as np
import pytest
from matplotlib.colors import rgb_to_hsv

from cs231n import features
from cs231n.features import color_histogram_hsv, extract_features, hog_feature


def photos(num, height=32, width=32, seed=0):
    """Whole numbers 0..255 as float64: coarse patches with noise, so that some neighbours are equal, some not."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (num, height // 4 + 1, width // 4 + 1, 3))
    fine = coarse.repeat(4, axis=1).repeat(4, axis=2)[:, :height, :width]
    noise = random.integers(-9, 10, fine.shape) * random.integers(0, 2, fine.shape)
    return np.clip(fine + noise, 0, 255).astype(np.float64)


def slow_hog(im, orientations=9, cell=8):
    """The definition, pixel by pixel."""
    grey = im[..., 0] * 0.299 + im[..., 1] * 0.587 + im[..., 2] * 0.114 if im.ndim == 3 else im
    height, width = grey.shape
    sums = np.zeros((height // cell, width // cell, orientations))
    for i in range(height // cell * cell):
        for j in range(width // cell * cell):
            gx = grey[i, j + 1] - grey[i, j - 1] if 0 < j < width - 1 else 0.0
            gy = grey[i + 1, j] - grey[i - 1, j] if 0 < i < height - 1 else 0.0
            angle = np.degrees(np.arctan2(gy, gx)) % 180
            sums[i // cell, j // cell, int(angle // (180 / orientations)) % orientations] += np.hypot(gx, gy)
    return sums.ravel() / cell**2


def slow_hues(im, nbin, xmin, xmax):
    hues = rgb_to_hsv(im / xmax)[..., 0] * xmax
    counts, edges = np.histogram(hues, np.linspace(xmin, xmax, nbin + 1), density=True)
    return counts * np.diff(edges)


@pytest.mark.parametrize("size", [8, 16, 32, 36])
def test_hog_has_the_numbers_of_the_loop_over_images_and_bins(size):
    images = photos(8, size, size)
    np.testing.assert_allclose(hog_feature(images), [slow_hog(im) for im in images], rtol=1e-6, atol=1e-11)
    grey = images[..., 1]
    np.testing.assert_allclose(hog_feature(grey), [slow_hog(im) for im in grey], rtol=1e-6, atol=1e-11)


def test_hog_of_32_by_32_pixels_has_144_numbers():
    assert hog_feature(photos(1)[0]).shape == (144,)


@pytest.mark.parametrize(
    ("degrees", "bin"), [(0, 0), (19, 0), (21, 1), (45, 2), (89, 4), (90, 4), (91, 4), (101, 5), (135, 6), (179, 8)]
)
def test_a_gradient_and_its_opposite_are_in_the_bin_of_their_direction(degrees, bin):
    across, down = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    row, column = np.mgrid[:10, :10]
    ramp = (row * down + column * across).round(12)
    for image in (ramp, -ramp):
        found = hog_feature(image)[:9]
        assert found.argmax() == bin
    np.testing.assert_allclose(hog_feature(-ramp), hog_feature(ramp), atol=1e-12)


@pytest.mark.parametrize("orientations", [1, 2, 4, 5, 8, 12])
def test_whole_angles_fall_into_the_bin_that_begins_there(orientations):
    """Gradients of 0, 45, 90 and 135 degrees are exact in floating point, and each begins a bin of 2, 4, 8, ..."""
    row, column = np.mgrid[:10, :10] * 1.0
    for image in (column, row + column, row, row - column):
        for signed in (image, -image):
            np.testing.assert_allclose(hog_feature(signed, orientations), slow_hog(signed, orientations), atol=1e-12)


def test_no_edge_is_lost():
    images = photos(5)
    gx, gy = (np.zeros((5, 32, 32)) for _ in range(2))
    grey = images @ features.GREY_WEIGHTS
    gx[:, :, 1:-1], gy[:, 1:-1] = grey[:, :, 2:] - grey[:, :, :-2], grey[:, 2:] - grey[:, :-2]
    np.testing.assert_allclose(64 * hog_feature(images).sum(axis=1), np.hypot(gx, gy).sum(axis=(1, 2)))
    np.testing.assert_allclose(hog_feature(255 - images), hog_feature(images), rtol=1e-9, atol=1e-9)
    mirrored = hog_feature(images[:, :, ::-1]).reshape(5, 4, 4, 9)[:, :, ::-1]
    np.testing.assert_allclose(mirrored.sum(axis=-1), hog_feature(images).reshape(5, 4, 4, 9).sum(axis=-1))


def test_scikit_image_has_the_same_histograms():
    """Where it is installed (it is a peer in the benchmarks); the definition is tested above in any case."""
    hog = pytest.importorskip("skimage.feature").hog
    images = photos(6)
    red, green, blue = features.GREY_WEIGHTS
    grey = images[..., 0] * red + images[..., 1] * green + images[..., 2] * blue
    sizes = {"pixels_per_cell": (8, 8), "cells_per_block": (1, 1), "block_norm": "L1", "feature_vector": False}
    for orientations in (8, 9):
        ours = hog_feature(images, orientations).reshape(6, 4, 4, orientations)
        theirs = [hog(im, orientations, **sizes).reshape(4, 4, orientations) for im in grey]
        np.testing.assert_allclose(ours / (ours.sum(axis=-1, keepdims=True) + 1e-5), theirs, atol=1e-6)


def test_cells_run_row_by_row_and_come_in_any_number():
    image = np.zeros((24, 16))
    image[2:4, 10] = 90  # row 0, column 1 of 3 x 2 cells
    found = hog_feature(image).reshape(3, 2, 9)
    assert found[0, 1].sum() > 0
    assert found.sum() == found[0, 1].sum()
    assert hog_feature(image, cell=4, orientations=5).shape == (4 * 6 * 5,)


def test_grey_weights_sum_to_one():
    grey = photos(1)[0, :, :, 1]
    np.testing.assert_allclose(hog_feature(np.dstack([grey] * 3) + 0.0), hog_feature(grey), atol=0.05)
    assert sum(features.GREY_WEIGHTS) == pytest.approx(1)


@pytest.mark.parametrize(("nbin", "xmin", "xmax"), [(10, 0, 255), (7, 0, 255), (300, 0, 255), (10, 40, 255), (6, 0, 1)])
def test_hues_have_the_numbers_of_matplotlib_and_numpy_image_by_image(nbin, xmin, xmax):
    images = photos(40) * (xmax / 255)
    images[0, :16] = images[0, :16, :, :1]  # half of it grey
    expected = [slow_hues(im, nbin, xmin, xmax) for im in images]
    np.testing.assert_allclose(color_histogram_hsv(images, nbin, xmin, xmax), expected, rtol=1e-6)


def test_hues_at_the_edges_of_bins_are_counted_as_the_rounding_of_float64_has_it():
    red, green, blue = np.mgrid[0:256:5, 0:256:5, 0:256:5].reshape(3, -1)[:, : 2**17]
    image = np.stack([red, green, blue], axis=-1).reshape(-1, 16, 3).astype(float)
    np.testing.assert_allclose(color_histogram_hsv(image), slow_hues(image, 10, 0, 255), rtol=1e-12)


def test_primary_colours_and_grey_fall_where_the_colour_wheel_has_them():
    colours = np.array([[255, 0, 0], [255, 255, 0], [0, 255, 0], [0, 255, 255], [0, 0, 255], [255, 0, 255]])
    for sixth, colour in enumerate(colours):
        found = color_histogram_hsv(np.tile(colour, (4, 4, 1)), nbin=12)
        assert found[2 * sixth] == 1
    assert color_histogram_hsv(np.full((4, 4, 3), 70))[0] == 1


def test_counts_are_left_as_they_are_when_asked():
    counts = color_histogram_hsv(photos(3), normalized=False)
    assert counts.sum(axis=1).tolist() == [1024] * 3
    assert np.array_equal(counts, counts.round())


def test_no_hue_in_any_bin_gives_zeros():
    assert not color_histogram_hsv(np.full((4, 4, 3), 70), xmin=10).any()


@pytest.mark.parametrize("fn", [hog_feature, color_histogram_hsv])
def test_a_batch_of_many_blocks_gives_the_rows_of_single_images(fn):
    images = photos(101)
    together = fn(images)
    assert together.dtype == np.float64
    np.testing.assert_allclose(together, [fn(im) for im in images], rtol=1e-12)


@pytest.mark.parametrize("fn", [hog_feature, color_histogram_hsv])
def test_the_layout_and_type_of_an_array_make_no_difference(fn):
    images = photos(30)
    expected = fn(images)
    channels_first = np.ascontiguousarray(images.transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1)
    layouts = (channels_first, np.asfortranarray(images), images.astype(np.uint8), images.astype(np.float32))
    for other in (*layouts, np.asfortranarray(images.astype(np.uint8))):
        assert np.array_equal(fn(other), expected)
    assert np.array_equal(fn(images[::-2]), expected[::-2])


@pytest.mark.parametrize("fn", [hog_feature, color_histogram_hsv])
def test_float32_gives_float32_and_nearly_the_same(fn):
    images = photos(50)
    found = fn(images.astype(np.float32), dtype=np.float32)
    assert found.dtype == np.float32
    expected = fn(images)
    assert np.median(np.abs(found - expected)) < 1e-6 * expected.max()
    assert np.abs(found - expected).sum() < 0.01 * expected.sum()  # a few pixels at the edges of bins


@pytest.mark.parametrize("fn", [hog_feature, color_histogram_hsv])
def test_images_stay_as_they_are(fn):
    images = photos(30)
    before = images.copy()
    fn(images)
    assert np.array_equal(images, before)


@pytest.mark.parametrize("fn", [hog_feature, color_histogram_hsv])
def test_an_empty_batch_has_no_rows(fn):
    assert fn(photos(0)).shape == (0, len(fn(photos(1)[0])))


def test_wrong_shapes_are_refused_with_the_shape_wanted():
    with pytest.raises(ValueError, match=r"\(N, H, W, 3\).*or.*shape \(2, 3, 32, 32\).*transpose"):
        hog_feature(np.zeros((2, 3, 32, 32)))
    with pytest.raises(ValueError, match=r"at least one cell, 8 x 8 pixels, found .*\(7, 32, 3\)"):
        hog_feature(np.zeros((7, 32, 3)))
    with pytest.raises(ValueError, match=r"at least one cell, 8 x 8 pixels, found .*\(2, 2\)"):
        hog_feature([[1, 2], [3, 4]])
    with pytest.raises(ValueError, match=r"colour images.*found shape \(32, 32\)"):
        color_histogram_hsv(np.zeros((32, 32)))
    with pytest.raises(ValueError, match="xmin < xmax"):
        color_histogram_hsv(np.zeros((4, 4, 3)), xmin=255)


# --- extract_features ------------------------------------------------------------------------------------


class Counting:
    """Counts how often a feature function is called, and with what."""

    def __init__(self, fn):
        self.fn, self.shapes = fn, []

    def __call__(self, im):
        self.shapes.append(im.shape)
        return self.fn(im)


def test_features_come_side_by_side_in_the_order_of_the_functions():
    images = photos(5)
    found = extract_features(images, [lambda im: color_histogram_hsv(im, nbin=6), hog_feature])
    assert found.shape == (5, 150)
    np.testing.assert_allclose(found[3], np.hstack([color_histogram_hsv(images[3], 6), hog_feature(images[3])]))


def test_a_function_around_ours_is_called_with_batches():
    fn = Counting(lambda im: color_histogram_hsv(im, nbin=4))
    images = photos(200)
    np.testing.assert_allclose(extract_features(images, [fn]), color_histogram_hsv(images, 4))
    assert fn.shapes[-1] == images.shape
    assert len(fn.shapes) < 10


@pytest.mark.parametrize(
    "fn",
    [
        lambda im: im.mean(axis=(0, 1)),
        lambda im: im.ravel(),
        lambda im: im.max(),
        lambda im: np.array([im[0, 0, 0], im.std()]),
        lambda im: [float(im[3, 4, 1])],
        lambda im: ((im - im.mean()) / im.std()).mean(axis=(-3, -2)),  # takes a batch, but mixes its images
        lambda im: np.histogram(im, bins=4, range=(0, 256))[0],
    ],
)
def test_any_function_of_one_image_gives_its_rows(fn):
    images = photos(7)
    found = extract_features(images, [hog_feature, fn])
    np.testing.assert_array_equal(found[:, 144:], [np.atleast_1d(fn(im)) for im in images])


def test_alike_images_do_not_make_statistics_of_the_batch_pass_for_features():
    images = np.concatenate([photos(1).repeat(3, axis=0)])
    fn = Counting(lambda im: (im - im.mean()).mean(axis=(-3, -2)))
    extract_features(images, [fn])
    assert {len(shape) for shape in fn.shapes} == {3}


def test_an_error_in_a_function_is_the_students_to_see():
    with pytest.raises(ZeroDivisionError):
        extract_features(photos(3), [lambda im: 1 / 0])


def test_features_that_are_no_row_are_refused():
    with pytest.raises(ValueError, match=r"shape \(F,\).*found shape \(32, 32\).*ravel"):
        extract_features(photos(3), [lambda im: im[..., 0]])


@pytest.mark.parametrize(("images", "functions"), [(photos(0), [hog_feature]), (photos(2), [])])
def test_nothing_to_extract_is_an_error(images, functions):
    with pytest.raises(ValueError, match="at least one image and one function"):
        extract_features(images, functions)


def test_one_image_and_one_function_will_do():
    assert extract_features(photos(1), [hog_feature]).shape == (1, 144)


def test_progress_is_shown_when_asked_only(capsys):
    extract_features(photos(3), [hog_feature])
    assert capsys.readouterr() == ("", "")
    extract_features(photos(3), [hog_feature], verbose=True)
    assert "3/3" in capsys.readouterr().out
