"""Mistakes with convolution and pooling: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

import numpy as np

from solutions.mistakes import named


def _padded(x, pad, mode="constant"):
    return np.pad(x.astype(np.float64), ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode=mode)


def _windows(images, extent, steps, places):
    """Yield (row, column, window) for every place of the output; `steps` down and across."""
    for i, j in np.ndindex(*places):
        top, left = i * steps[0], j * steps[1]
        yield i, j, (..., slice(top, top + extent[0]), slice(left, left + extent[1]))


def _places(x, w, stride, pad):
    return tuple(1 + (size + 2 * pad - extent) // stride for size, extent in zip(x.shape[2:], w.shape[2:], strict=True))


def _slide(images, w, b, steps, places):
    out = np.zeros((len(images), len(w), *places))
    for i, j, window in _windows(images, w.shape[2:], steps, places):
        out[:, :, i, j] = np.einsum("nchw,fchw->nf", images[window], w) + b
    return out


def _conv(x, w, b, stride, pad, *, steps=None, mode="constant"):
    """Return the right output; `steps` replace the stride in places, `mode` the zeros around the images."""
    return _slide(_padded(x, pad, mode), w, b, steps or (stride, stride), _places(x, w, stride, pad))


def _without_padding(x, w, b, stride, pad):
    places = tuple(max(0, size) for size in _places(x, w, stride, 0))
    return _slide(x, w, b, (stride, stride), places)


def _padded_after(x, w, b, stride, pad):
    """Pad below and to the right only."""
    images = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    return _slide(images, w, b, (stride, stride), _places(x, w, stride, pad))


CONV_FORWARD = {
    "filter_flipped": lambda x, w, b, stride, pad: _conv(x, w[:, :, ::-1, ::-1], b, stride, pad),
    "conv_bias_missing": lambda x, w, b, stride, pad: _conv(x, w, 0 * b, stride, pad),
    "bias_per_channel": lambda x, w, b, stride, pad: _conv(x, w, x.shape[1] * b, stride, pad),
    "padded_with_edge": lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad, mode="edge"),
    "padding_missing": _without_padding,
    "padded_after": _padded_after,
    "stride_left_out": lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad, steps=(1, 1)),
    "stride_down_only": lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad, steps=(stride, 1)),
    "stride_across_only": lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad, steps=(1, stride)),
    "first_channel_only": lambda x, w, b, stride, pad: _conv(x[:, :1], w[:, :1], b, stride, pad),
    "places_swapped": lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad).swapaxes(2, 3),
}


def _conv_back(x, w, b, stride, pad, dout, *, flipped=False, assigned=False, overwritten=False):
    """Return (dx with its padding, dw); `assigned` and `overwritten`: = instead of += for dx and for dw."""
    images, filters = _padded(x, pad), w[:, :, ::-1, ::-1] if flipped else w
    dpadded, dw = np.zeros(images.shape), np.zeros(w.shape)
    for i, j, window in _windows(images, w.shape[2:], (stride, stride), dout.shape[2:]):
        for n, f in np.ndindex(*dout.shape[:2]):
            dpadded[n][window] = (0 if assigned else dpadded[n][window]) + dout[n, f, i, j] * filters[f]
            dw[f] = (0 if overwritten else dw[f]) + dout[n, f, i, j] * images[n][window]
    return dpadded, dw[:, :, ::-1, ::-1] if flipped else dw


def _cut(dpadded, pad):
    return dpadded[:, :, pad : dpadded.shape[2] - pad, pad : dpadded.shape[3] - pad]


def _dx(**changes):
    return lambda **inputs: {"dx": _cut(_conv_back(**inputs, **changes)[0], inputs["pad"])}


def _dw(**changes):
    return lambda **inputs: {"dw": _conv_back(**inputs, **changes)[1]}


def _cut_to_minus_pad(pad, **inputs):
    return {"dx": _conv_back(pad=pad, **inputs)[0][:, :, pad:-pad, pad:-pad]}


def _cut_by_one(pad, **inputs):
    return {"dx": _conv_back(pad=pad, **inputs)[0][:, :, 1:-1, 1:-1]}


def _db(sums):
    return lambda dout, **inputs: {"db": sums(dout)}


CONV_BACKWARD = {
    "cut_to_minus_pad": _cut_to_minus_pad,
    "cut_by_one": _cut_by_one,
    "dx_still_padded": lambda **inputs: {"dx": _conv_back(**inputs)[0]},
    "dx_overwritten": _dx(assigned=True),
    "dx_filter_flipped": _dx(flipped=True),
    "dw_overwritten": _dw(overwritten=True),
    "dw_flipped": _dw(flipped=True),
    "dw_averaged": lambda **inputs: {"dw": _conv_back(**inputs)[1] / len(inputs["x"])},
    "db_not_over_places": _db(lambda dout: dout.sum(axis=0)),
    "db_not_over_batch": _db(lambda dout: dout.sum(axis=(2, 3))),
    "db_of_last_image": _db(lambda dout: dout[-1].sum(axis=(1, 2))),
    "db_averaged": _db(lambda dout: dout.mean(axis=(0, 2, 3))),
}


def _pooled(x, pool_height, pool_width, stride, *, steps=None, of=np.max):
    """Return one number of each window; `of` says which, `steps` replace the stride."""
    places = [
        1 + (size - extent) // stride for size, extent in zip(x.shape[2:], (pool_height, pool_width), strict=True)
    ]
    out = np.zeros((*x.shape[:2], *places))
    for i, j, window in _windows(x, (pool_height, pool_width), steps or (stride, stride), places):
        rows = x[window].reshape(*x.shape[:2], -1)
        out[:, :, i, j] = of(rows, axis=2) if rows.shape[2] else 0
    return out


def _over_channels(**inputs):
    out = _pooled(**inputs)
    return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape)


POOL_FORWARD = {
    "zero_maximum": lambda **inputs: np.maximum(_pooled(**inputs), 0),
    "mean_for_maximum": lambda **inputs: _pooled(**inputs, of=np.mean),
    "minimum_for_maximum": lambda **inputs: _pooled(**inputs, of=np.min),
    "largest_absolute": lambda x, **inputs: _pooled(np.abs(x), **inputs),
    "over_channels": _over_channels,
    "stride_left_out": lambda **inputs: _pooled(**inputs, steps=(1, 1)),
    "window_for_stride": lambda **inputs: _pooled(**inputs, steps=(inputs["pool_height"], inputs["pool_width"])),
    "window_square": lambda x, pool_height, pool_width, stride: (
        _pooled(x, pool_height, pool_height, stride) if pool_height <= x.shape[3] else np.zeros(0)
    ),
    "places_swapped": lambda **inputs: _pooled(**inputs).swapaxes(2, 3),
}


def _routed(x, pool_height, pool_width, stride, dout, *, assigned=False, shares=None):
    """Return dx; `shares` of a window, (N, C, size) rows, say how much of dout each entry gets."""
    shares = shares or (lambda rows: rows == rows.max(axis=2, keepdims=True))
    dx = np.zeros(x.shape)
    for i, j, window in _windows(x, (pool_height, pool_width), (stride, stride), dout.shape[2:]):
        share = shares(x[window].reshape(*x.shape[:2], -1)).reshape(x[window].shape)
        dx[window] = (0 if assigned else dx[window]) + share * dout[:, :, i, j, None, None]
    return dx


def _overwritten_at_maxima(x, pool_height, pool_width, stride, dout):
    """Write dout to the place of each maximum, over what is there already, and leave the others as they are."""
    dx = np.zeros(x.shape)
    for i, j, window in _windows(x, (pool_height, pool_width), (stride, stride), dout.shape[2:]):
        highest = x[window] == x[window].max(axis=(2, 3), keepdims=True)
        dx[window] = np.where(highest, dout[:, :, i, j, None, None], dx[window])
    return dx


POOL_BACKWARD = {
    "pool_overwritten": _overwritten_at_maxima,
    "pool_window_overwritten": lambda **inputs: _routed(**inputs, assigned=True),
    "pool_to_all": lambda **inputs: _routed(**inputs, shares=np.ones_like),
    "pool_shared_evenly": lambda **inputs: _routed(**inputs, shares=lambda rows: np.ones_like(rows) / rows.shape[2]),
    "pool_dout_ignored": lambda **inputs: _routed(**inputs | {"dout": np.ones_like(inputs["dout"])}),
    "pool_times_maximum": lambda **inputs: _routed(
        **inputs, shares=lambda rows: rows * (rows == rows.max(axis=2, keepdims=True))
    ),
    "pool_to_minimum": lambda **inputs: _routed(**inputs, shares=lambda rows: rows == rows.min(axis=2, keepdims=True)),
}

MISTAKES = {
    "conv_forward_naive": named("out", CONV_FORWARD),
    "conv_backward_naive": CONV_BACKWARD,
    "max_pool_forward_naive": named("out", POOL_FORWARD),
    "max_pool_backward_naive": named("dx", POOL_BACKWARD),
}
