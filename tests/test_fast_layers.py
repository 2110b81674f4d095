"""The fast layers give what loops over every place give, for any shape and type, and in bounded memory."""

import tracemalloc

import numpy as np
import pytest
from scipy.signal import correlate

from cs231n import fast_layers, layers, threads
from cs231n.fast_layers import conv_backward_fast, conv_forward_fast, max_pool_backward_fast, max_pool_forward_fast
from cs231n.kernels import im2col, places, rows, winograd

CONVOLUTIONS = [  # x, w, stride, pad
    pytest.param((2, 3, 6, 7), (4, 3, 3, 3), 1, 1, id="3x3, size kept"),
    pytest.param((3, 2, 9, 8), (3, 2, 3, 3), 2, 1, id="stride 2, remainder in height only"),
    pytest.param((2, 3, 11, 11), (2, 3, 2, 4), 3, 0, id="stride 3, wider than high, even"),
    pytest.param((2, 1, 5, 9), (3, 1, 5, 2), 1, 2, id="higher than wide"),
    pytest.param((1, 4, 7, 5), (5, 4, 7, 5), 1, 0, id="filter as large as the image"),
    pytest.param((2, 2, 3, 3), (2, 2, 5, 5), 1, 1, id="filter larger than the image without padding"),
    pytest.param((2, 2, 4, 5), (3, 2, 2, 2), 1, 3, id="more padding than filter"),
    pytest.param((2, 2, 4, 5), (3, 2, 2, 3), 1, 2, id="as much padding as filter"),
    pytest.param((2, 2, 4, 5), (3, 2, 2, 2), 4, 3, id="places that see padding only"),
    pytest.param((2, 3, 7, 8), (4, 3, 1, 1), 1, 0, id="1x1"),
    pytest.param((2, 3, 9, 8), (4, 3, 1, 2), 3, 0, id="pixels that no filter sees"),
    pytest.param((4, 1, 1, 1), (2, 1, 1, 1), 1, 0, id="one pixel"),
    pytest.param((2, 3, 7, 9), (4, 3, 2, 5), 1, 2, id="width kept, height not"),
    pytest.param((2, 3, 9, 2), (4, 3, 4, 7), 1, 3, id="width kept by filters wider than three images"),
    pytest.param((2, 2, 13, 40), (9, 2, 3, 7), 2, 3, id="long rows"),
    pytest.param((0, 3, 6, 6), (4, 3, 3, 3), 1, 1, id="no image"),
]
POOLS = [  # x, height, width, stride
    pytest.param((2, 3, 6, 8), 2, 2, 2, id="2x2"),
    pytest.param((2, 3, 7, 9), 2, 2, 2, id="2x2 with remainder"),
    pytest.param((2, 2, 7, 8), 3, 2, 1, id="overlapping"),
    pytest.param((1, 2, 9, 9), 3, 3, 2, id="overlapping, stride 2"),
    pytest.param((2, 2, 7, 8), 3, 2, 2, id="overlapping in height only"),
    pytest.param((2, 2, 8, 9), 1, 2, 3, id="gaps"),
    pytest.param((2, 2, 4, 5), 4, 5, 1, id="whole image"),
    pytest.param((1, 2, 5, 150), 3, 2, 2, id="rows so long that a distance in a window needs two bytes"),
    pytest.param((0, 3, 6, 6), 2, 2, 2, id="no image"),
]
ALL_DEEP, NONE_DEEP = (dict.fromkeys(fast_layers.DEEP, (least, least)) for least in (0, 10**6))


GRADIENTS = {"narrow": im2col.gradients_by_parameters, "wide": rows.gradients_by_parameters}


@pytest.fixture(params=[way + pieces for way in ("narrow", "thin", "wide", "deep") for pieces in ("", ", in pieces")])
def settings(request, monkeypatch):
    """Small arrays go all the ways of large ones: each kernel, many groups, many chunks, several threads."""
    monkeypatch.setattr(fast_layers, "DEEP", ALL_DEEP if "deep" in request.param else NONE_DEEP)
    monkeypatch.setattr(fast_layers, "NARROW", 0 if "wide" in request.param else 10**6)
    monkeypatch.setattr(
        fast_layers, "GRADIENTS", {0: GRADIENTS.get(request.param.split(",")[0], im2col.gradients_row_by_row)}
    )
    if "pieces" in request.param:
        monkeypatch.setattr(places, "CACHE", 1)
        monkeypatch.setattr(fast_layers, "THREAD", 0)
        monkeypatch.setattr(rows, "SMALL", 100)
        monkeypatch.setattr(winograd, "TILES", (1, 1))
        monkeypatch.setattr(threads, "number", lambda: 3)


def inputs_of(x, w, dtype=np.float64, seed=0):
    random = np.random.default_rng(seed)
    return [random.standard_normal(shape).astype(dtype) for shape in (x, w, w[0])]


def settings_of(stride, pad):
    return {"stride": stride, "pad": pad}


def pool_of(height, width, stride):
    return {"pool_height": height, "pool_width": width, "stride": stride}


def conv_by_loops(x, w, b, stride, pad):
    """Each output number by itself: the sum of products of one window and one filter."""
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.empty((N, F, (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1))
    for n, f, r, q in np.ndindex(*out.shape):
        window = padded[n, :, r * stride : r * stride + HH, q * stride : q * stride + WW]
        out[n, f, r, q] = np.sum(window * w[f]) + b[f]
    return out


def gradients_by_loops(dout, x, w, stride, pad):
    """Each number of dout sends itself, times the filter, to its window, and times the window to the filter."""
    (_, _, H, W), (_, _, HH, WW) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros(len(w))
    for n, f, r, q in np.ndindex(*dout.shape):
        place = (n, slice(None), slice(r * stride, r * stride + HH), slice(q * stride, q * stride + WW))
        dpadded[place] += dout[n, f, r, q] * w[f]
        dw[f] += dout[n, f, r, q] * padded[place]
        db[f] += dout[n, f, r, q]
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db


def pool_by_loops(x, dout, height, width, stride):
    out, dx = np.empty_like(dout), np.zeros(x.shape)
    for n, c, r, q in np.ndindex(*out.shape):
        window = x[n, c, r * stride : r * stride + height, q * stride : q * stride + width]
        i, j = np.unravel_index(np.argmax(window), window.shape)  # the first, or the first NaN
        out[n, c, r, q] = window[i, j]
        dx[n, c, r * stride + i, q * stride + j] += dout[n, c, r, q]
    return out, dx


@pytest.mark.parametrize(("x", "w", "stride", "pad"), CONVOLUTIONS)
def test_convolution_and_its_gradients_are_those_of_loops(x, w, stride, pad, settings):
    x, w, b = inputs_of(x, w)
    expected = conv_by_loops(x, w, b, stride, pad)
    out, cache = conv_forward_fast(x, w, b, settings_of(stride, pad))
    np.testing.assert_allclose(out, expected, rtol=1e-10, atol=1e-12)
    dout = np.random.default_rng(1).standard_normal(out.shape)
    found = conv_backward_fast(dout, cache)
    for gradient, expected in zip(found, gradients_by_loops(dout, x, w, stride, pad), strict=True):
        assert gradient.shape == expected.shape
        np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("stride", [1, 2])
def test_where_nobody_needs_dx_it_is_none_and_the_other_gradients_are_the_same_bytes(stride, settings):
    x, w, b = inputs_of((3, 2, 7, 8), (4, 2, 3, 3))
    out, cache = conv_forward_fast(x, w, b, settings_of(stride, 1))
    found, without = conv_forward_fast(x, w, b, settings_of(stride, 1) | {"need_dx": False})
    assert found.tobytes() == out.tobytes()
    _, *expected = conv_backward_fast(out, cache)
    dx, *others = conv_backward_fast(out, without)
    assert dx is None
    assert [a.tobytes() for a in others] == [a.tobytes() for a in expected]


def test_convolution_is_scipys_cross_correlation():
    x, w, b = inputs_of((2, 3, 8, 9), (4, 3, 3, 5))
    out, _ = conv_forward_fast(x, w, b, settings_of(1, 0))
    for n, f in np.ndindex(2, 4):
        np.testing.assert_allclose(out[n, f], correlate(x[n], w[f], "valid")[0] + b[f], rtol=1e-10)


def test_shapes_large_enough_for_several_threads_and_groups_agree_with_the_naive_layers():
    for x, w, stride, pad in (((40, 16, 32, 32), (24, 16, 3, 3), 1, 1), ((30, 3, 31, 31), (25, 3, 3, 3), 2, 1)):
        x, w, b = inputs_of(x, w)
        out, cache = conv_forward_fast(x, w, b, settings_of(stride, pad))
        naive, naive_cache = layers.conv_forward_naive(x, w, b, settings_of(stride, pad))
        np.testing.assert_allclose(out, naive, rtol=1e-10, atol=1e-10)
        dout = np.random.default_rng(1).standard_normal(out.shape)
        pairs = zip(conv_backward_fast(dout, cache), layers.conv_backward_naive(dout, naive_cache), strict=True)
        for gradient, expected in pairs:
            np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize(
    ("types", "result"),
    [
        (("float32", "float32", "float32"), "float32"),
        (("float32", "float64", "float32"), "float64"),
        (("float64", "float32", "float32"), "float64"),
        (("float16", "float16", "float16"), "float32"),
        (("uint8", "float32", "float32"), "float32"),
        (("int64", "int64", "int64"), "float64"),
    ],
)
def test_the_widest_type_is_the_types_of_all_results(types, result, settings):
    whole = [np.round(3 * a) % 5 for a in inputs_of((2, 3, 6, 6), (4, 3, 3, 3))]  # exact in every type, also summed
    out, cache = conv_forward_fast(*(a.astype(t) for a, t in zip(whole, types, strict=True)), settings_of(1, 1))
    assert out.dtype == result
    expected = conv_by_loops(*whole, 1, 1)
    rounding = 20 * np.finfo(result).eps * expected.max() if fast_layers.DEEP is ALL_DEEP else 0  # Winograd has 1/3
    np.testing.assert_allclose(out, expected, rtol=0, atol=rounding)
    for gradient in conv_backward_fast(out, cache):
        assert gradient.dtype == result


def test_float32_stays_float32_and_is_as_exact_as_float32_can_be():
    x, w, b = inputs_of((4, 16, 20, 20), (8, 16, 5, 5), np.float32)
    out, cache = conv_forward_fast(x, w, b, settings_of(1, 2))
    exact, exact_cache = conv_forward_fast(*(a.astype(np.float64) for a in (x, w, b)), settings_of(1, 2))
    for found, expected in zip(
        (out, *conv_backward_fast(out, cache)), (exact, *conv_backward_fast(exact, exact_cache)), strict=True
    ):
        assert found.dtype == np.float32
        assert np.abs(found - expected).max() < 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize("stride", [1, 2])
def test_arrays_may_lie_in_memory_in_any_order_and_are_never_changed(stride, settings):
    x, w, b = inputs_of((3, 4, 8, 9), (6, 4, 3, 3))
    out, cache = conv_forward_fast(x, w, b, settings_of(stride, 1))
    expected = out, *conv_backward_fast(out, cache)
    for reorder in (np.asfortranarray, lambda a: np.repeat(a, 2, axis=0)[::2], lambda a: a[::-1].copy()[::-1]):
        others = [reorder(a) for a in (x, w, b)]
        dout = reorder(out)
        for array in (*others, dout):
            array.flags.writeable = False
        found, cache = conv_forward_fast(*others, settings_of(stride, 1))
        for a, e in zip((found, *conv_backward_fast(dout, cache)), expected, strict=True):
            np.testing.assert_allclose(a, e, rtol=1e-12, atol=1e-12)
        pooled, cache = max_pool_forward_fast(others[0], pool_of(2, 3, stride))
        np.testing.assert_array_equal(pooled, max_pool_forward_fast(x, pool_of(2, 3, stride))[0])
        pooled.flags.writeable = False
        max_pool_backward_fast(pooled, cache)


@pytest.mark.parametrize(("stride", "pad"), [(1, 1), (1, 0), (2, 1), (3, 0)])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_bad_number_spoils_what_depends_on_it_and_nothing_else(stride, pad, bad, settings):
    x, w, b = inputs_of((2, 2, 7, 8), (3, 2, 3, 3))
    x[1, 0, 3, 7] = bad
    out, cache = conv_forward_fast(x, w, b, settings_of(stride, pad))
    np.testing.assert_array_equal(np.isfinite(out), np.isfinite(conv_by_loops(x, w, b, stride, pad)))
    dout = np.random.default_rng(1).standard_normal(out.shape)
    for found, expected in zip(
        conv_backward_fast(dout, cache), gradients_by_loops(dout, x, w, stride, pad), strict=True
    ):
        np.testing.assert_array_equal(np.isfinite(found), np.isfinite(expected))


def test_deep_filters_of_3_x_3_with_stride_1_are_left_to_winograds_kernel(monkeypatch):
    called = []
    for name in ("correlate", "gradients"):
        real = getattr(winograd, name)
        monkeypatch.setattr(winograd, name, lambda *args, name=name, real=real: (called.append(name), real(*args))[1])
    for C, F, size, stride, width, expected in (
        (64, 128, 3, 1, 6, ["correlate", "gradients"]),
        (32, 64, 3, 1, 6, ["correlate", "gradients"]),
        (32, 64, 3, 1, 32, ["gradients"]),
        (3, 128, 3, 1, 6, []),
        (64, 128, 3, 2, 6, []),
        (64, 128, 5, 1, 6, []),
    ):
        called.clear()
        out, cache = conv_forward_fast(*inputs_of((2, C, 6, width), (F, C, size, size)), settings_of(stride, 1))
        conv_backward_fast(out, cache)
        assert called == expected


def test_six_multiplications_give_four_results_of_a_filter_with_three_weights():
    d, g = inputs_of((6, 1, 1, 1), (3, 1, 1, 1))[:2]
    results = winograd.RESULTS @ ((winograd.PIXELS @ d.ravel()) * (winograd.ALONG @ g.ravel()))
    np.testing.assert_allclose(results, np.correlate(d.ravel(), g.ravel()), rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_winograds_kernel_agrees_with_im2col_for_many_shapes(dtype, monkeypatch):
    random = np.random.default_rng(231)
    for _ in range(60):
        N, C, F, pad, most = (int(random.integers(*limits)) for limits in ((0, 6), (1, 9), (1, 9), (0, 4), (1, 130)))
        H, W = random.integers(max(1, 3 - 2 * pad), 40, 2)
        x, w, b = inputs_of((N, C, H, W), (F, C, 3, 3), dtype, seed=int(random.integers(10**6)))
        monkeypatch.setattr(winograd, "TILES", (1, most))
        results = []
        for deep in (ALL_DEEP, NONE_DEEP):
            monkeypatch.setattr(fast_layers, "DEEP", deep)
            out, cache = conv_forward_fast(x, w, b, settings_of(1, pad))
            dout = np.random.default_rng(1).standard_normal(out.shape).astype(dtype)
            results.append((out, *conv_backward_fast(dout, cache)))
        for found, expected in zip(*results, strict=True):
            size = np.abs(expected).max(initial=1)
            np.testing.assert_allclose(found, expected, rtol=0, atol=size * (1e-5 if dtype == np.float32 else 1e-13))


def test_winograds_rounding_errors_are_a_few_times_those_of_im2col(monkeypatch):
    x, w, b = inputs_of((4, 64, 16, 16), (128, 64, 3, 3), np.float32)
    doubles = [a.astype(np.float64) for a in (x, w, b)]
    dout = inputs_of((4, 128, 16, 16), (1, 1))[0].astype(np.float32)
    errors = []
    for deep in (ALL_DEEP, NONE_DEEP):
        monkeypatch.setattr(fast_layers, "DEEP", deep)
        out, cache = conv_forward_fast(x, w, b, settings_of(1, 1))
        exact, exact_cache = conv_forward_fast(*doubles, settings_of(1, 1))
        found, expected = (out, *conv_backward_fast(dout, cache)), (exact, *conv_backward_fast(dout, exact_cache))
        errors.append([np.sqrt(np.mean((a - e) ** 2)) for a, e in zip(found, expected, strict=True)])
    assert all(error <= 4 * other for error, other in zip(*errors, strict=True))


@pytest.mark.parametrize("size", [1e-30, 1e30, 3e38])
def test_very_small_and_very_large_numbers_are_those_of_the_naive_layer(size, settings):
    x, w, b = inputs_of((2, 3, 7, 8), (4, 3, 3, 3), np.float32)
    x = np.clip(x, -1, 1) * np.float32(size)
    w /= 100
    exact = [a.astype(np.float64) for a in (x, w, b)]
    out, cache = conv_forward_fast(x, w, b, settings_of(1, 1))
    expected = conv_by_loops(*exact, 1, 1)
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-5 * np.abs(expected).max())
    dout = (out / np.abs(expected).max() / 1000).astype(np.float32)
    pairs = zip(conv_backward_fast(dout, cache), gradients_by_loops(dout, *exact[:2], 1, 1), strict=True)
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def test_what_is_infinite_by_loops_is_infinite_with_the_same_sign_and_not_nan(settings):
    x, w, b = inputs_of((2, 3, 7, 8), (4, 3, 3, 3))
    x[0, 1, 3, 4] = np.inf
    out, cache = conv_forward_fast(x, w, b, settings_of(1, 1))
    expected = conv_by_loops(x, w, b, 1, 1)
    np.testing.assert_array_equal(np.where(np.isfinite(out), 0, out), np.where(np.isfinite(expected), 0, expected))
    dout = np.random.default_rng(1).standard_normal(out.shape)
    dout[1, 2, 4, 4] = -np.inf
    for found, expected in zip(conv_backward_fast(dout, cache), gradients_by_loops(dout, x, w, 1, 1), strict=True):
        np.testing.assert_array_equal(
            np.where(np.isfinite(found), 0, found), np.where(np.isfinite(expected), 0, expected)
        )


def test_a_pixel_changes_what_its_windows_contain_and_nothing_else(settings):
    x, w, b = inputs_of((1, 3, 9, 9), (4, 3, 3, 3))
    out, cache = conv_forward_fast(x, w, b, settings_of(1, 1))
    dx, *_ = conv_backward_fast(out, cache)
    for r, q in ((4, 4), (5, 5), (4, 5), (0, 8)):
        other = x.copy()
        other[0, 1, r, q] = 1e30
        change = conv_forward_fast(other, w, b, settings_of(1, 1))[0] - out
        dout = out.copy()
        dout[0, 1, r, q] = 1e30
        for found in (change, conv_backward_fast(dout, cache)[0] - dx):
            found[:, :, max(0, r - 1) : r + 2, max(0, q - 1) : q + 2] = 0
            if fast_layers.DEEP is ALL_DEEP:
                assert np.abs(found).max() <= 100 * np.finfo(float).eps * 1e30  # rounding errors, in the same tiles
                found[:, :, max(0, r - 3) : r + 4, max(0, q - 5) : q + 6] = 0
            assert not found.any()


@pytest.mark.parametrize(("x", "height", "width", "stride"), POOLS)
@pytest.mark.parametrize("numbers", ["all different", "many ties", "some NaN"])
def test_pooling_is_that_of_loops_the_first_of_equal_maxima_gets_the_gradient(
    x, height, width, stride, numbers, settings
):
    random = np.random.default_rng(0)
    x = random.standard_normal(x) if numbers == "all different" else random.integers(0, 3, x).astype(float)
    if numbers == "some NaN":
        x[random.random(x.shape) < 0.2] = np.nan
    out, cache = max_pool_forward_fast(x, pool_of(height, width, stride))
    dout = random.standard_normal(out.shape)
    expected, dx = pool_by_loops(x, dout, height, width, stride)
    np.testing.assert_array_equal(out, expected, strict=True)
    np.testing.assert_allclose(max_pool_backward_fast(dout, cache), dx, rtol=1e-12)


def test_what_forward_gives_is_the_same_bytes_in_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(fast_layers, "THREAD", 0)
    for x, w in (((7, 3, 16, 16), (4, 3, 3, 3)), ((7, 3, 9, 40), (4, 3, 3, 3)), ((7, 64, 8, 8), (64, 64, 3, 3))):
        found = []
        for number in (1, 2, 3):
            monkeypatch.setattr(threads, "number", lambda number=number: number)
            x_, w_, b_ = inputs_of(x, w, np.float32)
            out, cache = conv_forward_fast(x_, w_, b_, settings_of(1, 1))
            found.append((out.tobytes(), conv_backward_fast(out, cache)[0].tobytes()))
        assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("stride", [1, 2])
def test_an_infinite_gradient_goes_to_the_maximum_only(stride):
    x = np.random.default_rng(0).standard_normal((1, 2, 6, 6))
    out, cache = max_pool_forward_fast(x, pool_of(2, 2, stride))
    dout = np.ones_like(out)
    dout[0, 1, 1, 1] = np.inf
    _, expected = pool_by_loops(x, dout, 2, 2, stride)
    np.testing.assert_array_equal(max_pool_backward_fast(dout, cache), expected)


def test_pooling_keeps_the_type_and_a_window_of_integers():
    x = np.arange(16).reshape(1, 1, 4, 4)
    out, cache = max_pool_forward_fast(x.astype(np.float32), pool_of(2, 2, 2))
    assert out.dtype == max_pool_backward_fast(out, cache).dtype == np.float32
    np.testing.assert_array_equal(max_pool_forward_fast(x, pool_of(2, 2, 2))[0], [[[[5, 7], [13, 15]]]])


@pytest.mark.parametrize(
    ("x", "w", "b", "stride", "pad", "told"),
    [
        ((2, 3, 6), (4, 3, 3, 3), (4,), 1, 1, r"\(N, C, H, W\).*\(2, 3, 6\)"),
        ((2, 3, 6, 6), (4, 2, 3, 3), (4,), 1, 1, "3 channels.* 2"),
        ((2, 3, 6, 6), (4, 3, 3, 3), (4, 1), 1, 1, r"\(4,\).*\(4, 1\)"),
        ((2, 3, 6, 6), (4, 3, 3, 3), (4,), 0, 1, "stride >= 1"),
        ((2, 3, 6, 6), (4, 3, 3, 3), (4,), 1, -1, "pad >= 0"),
        ((2, 3, 6, 6), (4, 3, 3, 9), (4,), 1, 1, r"3 x 9 do not fit into 8 x 8 pixels \(pad 1 included\)"),
    ],
)
def test_shapes_that_do_not_go_together_are_told(x, w, b, stride, pad, told):
    with pytest.raises(ValueError, match=told):
        conv_forward_fast(np.zeros(x), np.zeros(w), np.zeros(b), settings_of(stride, pad))


@pytest.mark.parametrize(
    ("x", "pool", "told"),
    [
        ((3, 6, 6), (2, 2, 2), r"\(N, C, H, W\)"),
        ((2, 3, 6, 6), (2, 2, 0), "stride >= 1"),
        ((2, 3, 6, 6), (0, 2, 1), "0 x 2 do not fit"),
        ((2, 3, 6, 6), (2, 7, 2), "2 x 7 do not fit into 6 x 6 pixels"),
    ],
)
def test_windows_that_do_not_fit_are_told(x, pool, told):
    with pytest.raises(ValueError, match=told):
        max_pool_forward_fast(np.zeros(x), pool_of(*pool))


def test_a_gradient_of_another_shape_is_told():
    x, w, b = inputs_of((2, 3, 6, 6), (4, 3, 3, 3))
    _, cache = conv_forward_fast(x, w, b, settings_of(1, 1))
    with pytest.raises(ValueError, match=r"\(2, 4, 6, 5\).*\(2, 4, 6, 6\)"):
        conv_backward_fast(np.zeros((2, 4, 6, 5)), cache)
    _, cache = max_pool_forward_fast(x, pool_of(2, 2, 2))
    with pytest.raises(ValueError, match=r"\(1,\).*\(2, 3, 3, 3\)"):
        max_pool_backward_fast(np.zeros(1), cache)


@pytest.mark.parametrize(
    ("x", "w", "stride", "pad"),
    [
        pytest.param((100, 3, 31, 31), (25, 3, 3, 3), 2, 1, id="3x3, stride 2"),
        pytest.param((50, 3, 32, 32), (32, 3, 7, 7), 1, 3, id="7x7"),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_memory_is_at_most_three_times_the_larger_of_input_and_output(x, w, stride, pad, dtype):
    x, w, b = inputs_of(x, w, dtype)
    out, cache = conv_forward_fast(x, w, b, settings_of(stride, pad))
    limit = 3 * max(x.nbytes, out.nbytes)
    assert peak_of(lambda: conv_forward_fast(x, w, b, settings_of(stride, pad))) < limit
    assert peak_of(lambda: conv_backward_fast(out, cache)) < limit


def peak_of(work):
    """The most memory, in bytes, that work holds on top of what there was: its results too."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
