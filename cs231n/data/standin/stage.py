"""The tools that draw the stand-in: random numbers, frames in space, a stage of soft shapes, and a camera.

All n images of a group are drawn at once: a "number" below is a float or an (n,) array, one entry per image.
Coordinates in space are in pixels: x to the right, y down, z towards the viewer. Objects have their own frames, with x
to the front and y up. Pictures are (n, 32, 32) float32 planes, three per group, in which 0 is black and 1 is white.

Only operations that IEEE 754 defines to the last bit are used, each in a separate ufunc; see the package's docstring.
"""

from itertools import accumulate
from math import prod

import numpy as np

SIDE = 32
BLACK, WHITE = "060607", "959594"
_PIXELS = np.arange(SIDE, dtype=np.float32)
_EDGE_ON = 0.05  # lower limit of a divisor: the projected area of a quarter of a panel, in square pixels


def per_image(numbers):
    """Return one number per image as a float32 array that broadcasts with planes, (n, 1, 1)."""
    return numbers.astype(np.float32)[:, None, None]


def rgb(colours):
    """Return a row (R, G, B) in 0..1 for each colour: "554230 999999" gives 0.55, 0.42, 0.3 and 0.99, 0.99, 0.99."""
    return np.array([[int(colour[i : i + 2]) / 100 for i in (0, 2, 4)] for colour in colours.split()])


class Dice:
    """Random numbers for `n` images at once, from the raw bits of PCG64 alone."""

    def __init__(self, seed, n):
        self._bits, self.n = np.random.PCG64(seed), n

    def unit(self, *shape):
        """Return uniform random numbers in [0, 1), a float64 array of the given shape."""
        raw = self._bits.random_raw(prod(shape)) >> np.uint64(11)
        return (raw.astype(np.float64) * (1.0 / (1 << 53))).reshape(shape)

    def uniform(self, low, high):
        """Return one uniform random number in [low, high) per image."""
        return low + (high - low) * self.unit(self.n)

    def about(self, middle, spread):
        """Return one random number per image, roughly normal, with mean `middle` and standard deviation `spread`.

        It is at most 3.5 `spread` away from `middle`.
        """
        u = self.unit(4, self.n)
        return middle + spread * 1.7320508 * (((u[0] + u[1]) + (u[2] + u[3])) - 2.0)

    def chance(self, probability):
        """Return 1.0 with the given probability, else 0.0, for each image."""
        return 1.0 * (self.unit(self.n) < probability)

    def index(self, weights):
        """Return a random index for each image; `weights`: the relative probability of each index, an integer."""
        bounds = list(accumulate(weights))
        ticket = np.floor(self.unit(self.n) * float(bounds[-1])).astype(np.int64)
        return np.searchsorted(np.array(bounds), ticket, side="right")

    def colour(self, palette, jitter=0.045):
        """Return a random colour of `palette` (see `rgb`) per image, slightly varied in lightness and hue, (3, n)."""
        rows = rgb(palette)
        chosen = rows[self.index([1] * len(rows))]
        light = self.about(0.0, jitter)
        return np.stack([chosen[:, c] + light + self.about(0.0, jitter / 2) for c in range(3)])

    def order(self, count):
        """Return a random permutation of range(count)."""
        return np.argsort(self._bits.random_raw(count), kind="stable")

    def bytes(self, count):
        """Return `count` random bytes, a uint8 array; `count` must be a multiple of 8."""
        return self._bits.random_raw(count // 8).astype("<u8").view(np.uint8)


def turn(degrees):
    """Return approximately the cosine and sine of an angle: two parabolas, scaled so that their squares sum to 1."""
    turns = np.stack([degrees / 360.0 + 0.25, degrees / 360.0])
    half = 2.0 * (turns - np.floor(turns + 0.5))  # in [-1, 1)
    cosine, sine = 4.0 * half * (1.0 - np.abs(half))
    length = np.sqrt(sine * sine + cosine * cosine)
    return cosine / length, sine / length


def along(x, y, z):
    """Return the half-axes of an ellipsoid, of lengths x, y and z along the axes of a frame."""
    return (x, 0, 0), (0, y, 0), (0, 0, z)


class Frame:
    """The coordinate system of an object: an origin, three directions and a scale. It also adds shapes to the stage.

    `origin` is (3, n) in pixels, `axes` are three (3, n) arrays in pixels per unit, `scale` is their length (n,).
    Positions and directions of shapes are tuples of this frame's coordinates or (3, n) arrays of pixels. Each shape
    also takes `shade`, the strength of its shading; `lift`, which moves it forward in the order of painting only;
    `alpha`, its opacity; and `facing`, a direction: the shape is visible only if this points to the viewer.
    """

    def __init__(self, stage, origin, axes, scale):
        self.stage, self.dice = stage, stage.dice
        self.origin, self.axes, self.scale = origin, axes, scale

    def point(self, place):
        """Return the pixel position of a point: (3, n)."""
        return self.origin + self.vector(place) if isinstance(place, tuple) else place

    def vector(self, direction):
        """Return a direction in pixels: (3, n)."""
        if not isinstance(direction, tuple):
            return direction
        x, y, z = direction
        return (x * self.axes[0] + y * self.axes[1]) + z * self.axes[2]

    def towards(self, direction):
        """Return 1.0 for each image in which a direction points to the viewer, else 0.0, (n,)."""
        return 1.0 * (self.vector(direction)[2] > 0)

    def shows(self, z):
        """Return 1.0 for each image in which the side `z`, 1 or -1, faces the viewer or nearly does, else 0.0, (n,)."""
        return 1.0 * (z * self.axes[2][2] > -0.2 * self.scale)

    def moved(self, origin, scale=1.0):
        """Return a frame with the same directions, a different origin, and `scale` times the size."""
        return Frame(self.stage, origin, [scale * axis for axis in self.axes], scale * self.scale)

    def turned(self, yaw=0.0, pitch=0.0, roll=0.0, scale=1.0):
        """Return this frame rotated about its z (roll), x (pitch) and y (yaw) axes in turn, in degrees, and scaled."""
        (cy, sy), (cp, sp), (cr, sr) = turn(yaw), turn(pitch), turn(roll)
        ax, ay, az = (scale * axis for axis in self.axes)
        ax, ay = cr * ax + sr * ay, cr * ay - sr * ax
        ay, az = cp * ay + sp * az, cp * az - sp * ay
        ax, az = cy * ax + sy * az, cy * az - sy * ax
        return Frame(self.stage, self.origin, [ax, ay, az], scale * self.scale)

    def blob(self, centre, axes, colour, radius=0.0, pixels=0.0, point=0.0, shade=0.35, **how):
        """Add a soft ellipsoid with the half-axes `axes`, widened by a ball of `radius`, in units, plus `pixels`.

        With `point` between 0 and 1, its outline is more like a diamond; below 0, more like a box.
        """
        radius = radius * self.scale + pixels
        qxx = qyy = radius * radius + 0.02
        qxy = 0.0
        for axis in map(self.vector, axes):
            qxx = qxx + axis[0] * axis[0]
            qxy = qxy + axis[0] * axis[1]
            qyy = qyy + axis[1] * axis[1]
        half, mean = 0.5 * (qxx - qyy), 0.5 * (qxx + qyy)
        spread = np.sqrt(half * half + qxy * qxy)
        long, short = np.sqrt(mean + spread), np.sqrt(np.maximum(mean - spread, 0.02))
        # the long direction is an eigenvector; of its two formulas, use the one without cancellation
        ux = np.where(half >= 0, half + spread + 1e-9, qxy)
        uy = np.where(half >= 0, qxy, spread - half + 1e-9)
        norm = np.sqrt(ux * ux + uy * uy)
        ux, uy = ux / norm, uy / norm
        rows = ux / long, uy / long, -uy / short, ux / short
        self._add(centre, (*rows, long, short, point, shade, 0.0, *colour), **how)

    def limb(self, start, end, radius, colour, **how):
        """Add a blob that is stretched from `start` to `end`, with the half-width `radius`."""
        start, end = self.point(start), self.point(end)
        self.blob(0.5 * (start + end), [0.55 * (end - start)], colour, radius, **how)

    def panel(self, centre, across, along, colour, taper=0.0, shade=0.1, **how):
        """Add a flat parallelogram with half-sides `across` and `along`; `taper` narrows the end at -`along`."""
        across, along = self.vector(across), self.vector(along)
        area = across[0] * along[1] - across[1] * along[0]
        area = np.where(area < 0, np.minimum(area, -_EDGE_ON), np.maximum(area, _EDGE_ON))
        rows = along[1] / area, -along[0] / area, -across[1] / area, across[0] / area
        wide = np.abs(area) / np.sqrt(along[0] * along[0] + along[1] * along[1] + 1e-6)
        high = np.abs(area) / np.sqrt(across[0] * across[0] + across[1] * across[1] + 1e-6)
        self._add(centre, (*rows, wide, high, taper, shade, 1.0, *colour), **how)

    def _add(self, centre, numbers, lift=0.0, alpha=1.0, facing=None):
        x, y, z = self.point(centre)
        seen = alpha * self.towards(facing) if facing else alpha
        self.stage.parts.append((z + lift, seen, x, y, *numbers))


class Stage:
    """The shapes in `n` images: they are collected first, and then painted from back to front."""

    def __init__(self, dice):
        self.dice, self.n = dice, dice.n
        self.parts = []  # of each: depth, alpha, x, y, rows of the map to (s, t), sizes, bend, shade, whether flat, RGB

    def page(self, x=0.0, y=0.0, scale=1.0):
        """Return the frame at pixel (x, y) that faces the viewer: x to the right, y up, z out of the picture."""
        scale = scale + np.zeros(self.n)
        axes = [np.array(axis)[:, None] * scale for axis in ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0))]
        return Frame(self, np.stack(np.broadcast_arrays(x, y, 0.0 * scale)), axes, scale)

    def frame(self, scale, yaw, pitch=0.0, roll=4.0, low=16.5, off=3.2):
        """Return a frame near the middle of each image; `scale` is (lowest, highest) pixels per unit.

        With yaw 0, the x axis points right or, with probability 1/2, left; with yaw 90, it points to the viewer. If the
        pitch is positive, an object in the frame is seen from above. `roll` and `off` are the standard deviations of
        the tilt and of the position; the mean of the position is column 16 and row `low`.
        """
        dice = self.dice
        yaw = np.where(dice.chance(0.5), yaw, 180.0 - yaw)
        page = self.page(dice.about(16.0, off), dice.about(low, off), dice.uniform(*scale))
        return page.turned(roll=dice.about(0.0, roll)).turned(pitch=pitch).turned(yaw=yaw)

    def paint(self, planes, light, texture):
        """Paint the collected shapes onto three `planes`.

        The light comes from the direction `light`, (2, n); `texture`, (n, 32, 32), is the brightness before shading.
        """
        table = np.array([np.broadcast_arrays(np.zeros(self.n), *part)[1:] for part in self.parts])
        depth = np.where(table[:, 1] > 0, table[:, 0], -1e9)  # invisible parts come first, to be skipped together
        order = np.argsort(depth, axis=0, kind="stable")
        table = np.take_along_axis(table, order[:, None], axis=0)  # (parts, numbers, n)
        _, alpha, x, y, a, b, c, d, first, second, bend, shade, *rest = table.swapaxes(0, 1)
        lit = [shade * (light[0] * u + light[1] * v) * size for u, v, size in ((a, b, first), (c, d, second))]
        slots = [a, b, -(a * x + b * y), c, d, -(c * x + d * y), first, second, bend, alpha, *lit, *rest]
        for slot in np.stack(slots, axis=1).astype(np.float32)[..., None, None]:
            if slot[9].any():
                _paint_one(planes, slot, texture)


def _paint_one(planes, slot, texture):
    """Blend one shape per image into the planes; at its edge, its coverage falls to 0 over one pixel."""
    a, b, c, d, e, f, first, second, bend, alpha, ls, lt, flat, *colours = slot  # each (n, 1, 1)
    s = (a * _PIXELS) + ((b * _PIXELS[:, None]) + c)
    t = (d * _PIXELS) + ((e * _PIXELS[:, None]) + f)
    distance = np.empty_like(s)
    is_flat = flat[:, 0, 0] > 0
    for kind, measure in ((is_flat, _panel_distance), (~is_flat, _blob_distance)):
        if kind.any():
            distance[kind] = measure(s[kind], t[kind], first[kind], second[kind], bend[kind])
    cover = np.minimum(np.maximum(np.float32(0.5) - distance, np.float32(0)), np.float32(1)) * alpha
    light = (s * ls + t * lt) + texture
    for plane, colour in zip(planes, colours, strict=True):
        plane += (light * colour - plane) * cover


def _blob_distance(s, t, long, short, bend):
    """Return the approximate signed distance to the edge f = 0 in pixels: f / |grad f|, with grad f as for bend = 0."""
    ss, tt, corner = s * s, t * t, np.abs(s * t) * bend
    f = (ss + tt) + (corner + corner) - np.float32(1)
    steep = ss * (np.float32(4) / (long * long)) + tt * (np.float32(4) / (short * short))
    return f / np.sqrt(steep + np.float32(1e-4))


def _panel_distance(s, t, wide, high, taper):
    """Return the approximate signed distance, in pixels, to the edge of |s| <= 1 + taper (t - 1) / 2 and |t| <= 1."""
    half = np.float32(1) + (taper * np.float32(0.5)) * (t - np.float32(1))
    return np.maximum((np.abs(s) - half) * wide, (np.abs(t) - np.float32(1)) * high)


def value_noise(dice, cells):
    """Return smooth noise in [-1, 1], (n, 32, 32), interpolated between random values on a grid of cells x cells."""
    grid = (2.0 * dice.unit(dice.n, cells + 1, cells + 1) - 1.0).astype(np.float32)
    step = SIDE // cells
    where = _PIXELS.astype(np.int64) // step
    share = (_PIXELS + np.float32(0.5)) / np.float32(step) - where.astype(np.float32)
    rows = grid[:, where] + (grid[:, where + 1] - grid[:, where]) * share[:, None]
    return rows[:, :, where] + (rows[:, :, where + 1] - rows[:, :, where]) * share


def expose(planes, dice):
    """Return the planes as a camera sees them, with blur, exposure, colour cast and grain: uint8 (n, 3, 32, 32)."""
    blur = per_image(dice.uniform(0.05, 0.75))
    gain, lift = dice.about(1.0, 0.06), dice.about(0.0, 0.03)
    grain = per_image(dice.uniform(0.01, 0.05))
    exposed = []
    for plane in planes:
        soft = plane  # filtered by (1, 2, 1) / 4 in both directions, with edge pixels repeated
        for _ in range(2):
            soft = soft.swapaxes(1, 2)
            padded = np.pad(soft, ((0, 0), (0, 0), (1, 1)), "edge")
            soft = (soft + soft + (padded[:, :, :-2] + padded[:, :, 2:])) * np.float32(0.25)
        plane = plane + (soft - plane) * blur
        plane = plane * per_image(gain * dice.about(1.0, 0.04)) + per_image(lift)
        noise = dice.bytes(2 * plane.size).reshape(2, *plane.shape).astype(np.float32)
        plane += ((noise[0] + noise[1]) * np.float32(1 / 128) - np.float32(2)) * grain
        plane = np.floor(plane * np.float32(255) + np.float32(0.5))
        exposed.append(np.minimum(np.maximum(plane, 0), 255).astype(np.uint8))
    return np.stack(exposed, axis=1)
