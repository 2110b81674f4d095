"""How to draw an airplane, an automobile, a truck and a ship: boxes, panels and wheels.

Lengths are in units of the object, about half its length; x to the front, y up, z to its left side.
"""

import numpy as np

from .stage import BLACK, WHITE

PAINT = [
    (0.75, 0.12, 0.12), (0.15, 0.25, 0.55), (0.92, 0.92, 0.92), (0.12, 0.12, 0.14), (0.6, 0.62, 0.64),
    (0.85, 0.7, 0.15), (0.15, 0.4, 0.25), (0.4, 0.55, 0.75), (0.5, 0.1, 0.15), (0.85, 0.45, 0.12),
]  # fmt: skip
GLASS = [(0.12, 0.15, 0.2), (0.3, 0.36, 0.42), (0.5, 0.58, 0.65), (0.08, 0.08, 0.1)]
LAMP, TAIL_LAMP = (0.95, 0.93, 0.8), (0.75, 0.1, 0.1)
SIDES = (("left", 1), ("right", -1))


def airplane(stage):
    """From a fighter to an airliner, flying at any bank or standing, seen from below or above."""
    dice = stage.dice
    frame = stage.frame((13.6, 16.4), dice.uniform(-65, 65), dice.about(8, 26), roll=11.0, off=3.4)
    hull = dice.colour([WHITE, WHITE, (0.75, 0.77, 0.8), (0.5, 0.52, 0.55), (0.35, 0.38, 0.36), (0.2, 0.2, 0.22)])
    trim = np.where(dice.chance(0.5), hull * 0.85, dice.colour(PAINT))
    fat = dice.uniform(0.1, 0.17)
    stage.blob(frame.point(0, 0, 0), [frame.vector(1, 0, 0)], hull, fat * frame.scale, point=-0.2)
    stage.blob(frame.point(0.82, 0.06, 0), [frame.vector(0.1, 0, 0)], 0.3 * hull, 0.4 * fat * frame.scale, lift=3.0)
    _wings(stage, frame, fat, hull, trim)
    fin = frame.vector(-0.17, 0.2, 0)
    stage.panel(frame.point(-0.8, 0.08, 0) + fin, frame.vector(0.15, 0, 0), -fin, trim, 0.5, lift=1.0)
    has_windows = dice.chance(0.5)
    for _, sign in SIDES:
        row = frame.point(0.05, 0.3 * fat, sign * fat * 0.9)
        seen = has_windows * frame.towards(0, 0, sign)
        stage.panel(row, frame.vector(0.7, 0, 0), frame.vector(0, 0.028, 0), 0.35 * trim, lift=6.0, alpha=seen)


def _wings(stage, frame, fat, hull, trim):
    """Two tapering wings with an engine each, and the tailplane."""
    dice = stage.dice
    sweep, span = dice.uniform(0.0, 0.6), dice.uniform(0.7, 1.15)
    chord, dihedral, low = dice.uniform(0.14, 0.24), dice.uniform(-0.02, 0.15), -0.5 * fat
    for _, sign in SIDES:
        half = 0.5 * frame.vector(-sweep * span, dihedral, sign * span)
        along = frame.vector(-chord, 0, 0)
        stage.panel(frame.point(0.1, low, 0) + half, along, -half, 0.93 * hull, 0.55, shade=0.15)
        engine = frame.point(0.2 - 0.4 * sweep * span, low - 0.1, sign * 0.4 * span)
        stage.blob(engine, [frame.vector(0.16, 0, 0)], 0.8 * trim, 0.075 * frame.scale)
        half = 0.5 * frame.vector(-0.28 * sweep, 0.03, sign * 0.4)
        stage.panel(frame.point(-0.85, 0.08, 0) + half, frame.vector(-0.11, 0, 0), -half, hull, 0.4)


def automobile(stage):
    """A car with its cabin behind, in the middle or to the back, from the side to nearly end on."""
    dice = stage.dice
    frame = stage.frame((13.4, 15.6), dice.uniform(-75, 75), dice.uniform(2, 22), roll=2.5)
    paint, glass = dice.colour(PAINT), dice.colour(GLASS, 0.04)
    wide, tall, base = dice.uniform(0.4, 0.46), dice.uniform(0.14, 0.19), -0.12
    _shadow(stage, frame, -0.38)
    facing = _box(stage, frame, (0, base, 0), (1.0, tall, wide), paint, lift=-10.0)
    roof, long = dice.uniform(0.13, 0.22), dice.uniform(0.45, 0.62)
    middle = dice.uniform(-0.3, 0.0), base + tall + roof, 0
    _box(stage, frame, middle, (long, roof, 0.88 * wide), paint, lift=10.0, taper=0.4)
    _car_windows(stage, frame, middle, (long, roof, wide), glass, facing)
    for name, sign, lamp in (("front", 1, LAMP), ("back", -1, TAIL_LAMP)):
        _lamps(stage, frame, (sign * 1.01, base + 0.3 * tall, 0.72 * wide), 0.07, lamp, facing[name], 32.0)
        bumper = frame.point(sign * 1.01, base - 0.55 * tall, 0)
        axes = frame.vector(0, 0, 0.9 * wide), frame.vector(0, 0.2 * tall, 0)
        stage.panel(bumper, *axes, 0.35 * paint, lift=31.0, alpha=facing[name])
    _wheels(stage, frame, (0.6, -0.6), dice.uniform(0.19, 0.23), wide, base - tall)


def _car_windows(stage, frame, middle, half, glass, facing):
    """Two windows on either side of the cabin, a screen at either end."""
    (x, y, _), (long, roof, wide) = middle, half
    for name, sign in SIDES:
        for part in (0.42, -0.42):
            spot = frame.point(x + part * long * 0.82, y - 0.02, sign * 0.9 * wide)
            pane = frame.vector(0.36 * long, 0, 0), frame.vector(0, -0.72 * roof, 0)
            stage.panel(spot, *pane, glass, 0.35, lift=30.0, alpha=facing[name])
    for name, sign in (("front", 1), ("back", -1)):
        screen = frame.point(x + sign * long * 0.82, y, 0)
        slant = frame.vector(-sign * 0.17 * long, 0.72 * roof, 0)
        stage.panel(screen, frame.vector(0, 0, 0.74 * wide), slant, glass, lift=30.0, alpha=facing[name])


def truck(stage):
    """A cab, with or without a bonnet, and a load from a flat bed to a tall box."""
    dice = stage.dice
    frame = stage.frame((12.8, 14.7), dice.uniform(-72, 72), dice.uniform(0, 20), roll=2.5, low=17.5)
    paint = dice.colour(PAINT)
    load = np.where(dice.chance(0.55), dice.colour([WHITE, (0.8, 0.8, 0.78), (0.6, 0.6, 0.62)]), dice.colour(PAINT))
    wide, base = dice.uniform(0.36, 0.44), -0.36
    high = dice.uniform(0.16, 0.46)
    ahead = 14.0 * frame.vector(1, 0, 0)[2] / frame.scale  # the end nearer the viewer is painted later
    _shadow(stage, frame, base - 0.24)
    _box(stage, frame, (0, base, 0), (1.0, 0.07, 0.8 * wide), 0.25 * paint, lift=-25.0)
    facing = _box(stage, frame, (-0.3, base + 0.08 + high, 0), (0.68, high, wide), load, lift=-ahead)
    for name, sign in SIDES:
        stripe = frame.point(-0.3, base + 0.1 + dice.uniform(0.4, 1.6) * high, sign * 1.01 * wide)
        axes = frame.vector(0.66, 0, 0), frame.vector(0, 0.16 * high, 0)
        stage.panel(stripe, *axes, 0.7 * paint, lift=3.0 - ahead, alpha=facing[name] * dice.chance(0.5))
    _cab(stage, frame, base, wide, paint, ahead)
    _wheels(stage, frame, (0.66, -0.4, -0.8), dice.uniform(0.17, 0.22), 0.95 * wide, base - 0.06)


def _cab(stage, frame, base, wide, paint, lift):
    """A truck's cab: bonnet, windows, grille and lamps."""
    dice = stage.dice
    glass, high = dice.colour(GLASS, 0.04), dice.uniform(0.28, 0.36)
    nose, y = dice.uniform(0.0, 0.2) * dice.chance(0.5), base + 0.05 + high
    facing = _box(stage, frame, (0.7 - nose, y, 0), (0.27, high, 0.92 * wide), paint, lift=lift, taper=0.12)
    _box(stage, frame, (0.85, base + 0.16, 0), (0.2, 0.16, 0.85 * wide), paint, lift=1.2 * lift)
    for name, sign in SIDES:
        pane = frame.vector(0.15, 0, 0), frame.vector(0, 0.34 * high, 0)
        spot = frame.point(0.74 - nose, y + 0.4 * high, sign * 0.95 * wide)
        stage.panel(spot, *pane, glass, lift=lift + 9.0, alpha=facing[name])
    axes = frame.vector(0, 0, 0.76 * wide), frame.vector(-0.02, 0.36 * high, 0)
    screen = frame.point(0.98 - nose, y + 0.42 * high, 0)
    stage.panel(screen, *axes, glass, lift=lift + 9.0, alpha=facing["front"])
    axes = frame.vector(0, 0, 0.45 * wide), frame.vector(0, 0.1, 0)
    stage.panel(frame.point(1.06, base + 0.16, 0), *axes, 0.3 * paint, lift=1.2 * lift + 9.0, alpha=facing["front"])
    _lamps(stage, frame, (1.06, base + 0.1, 0.68 * wide), 0.06, LAMP, facing["front"], 1.2 * lift + 10.0)


def ship(stage):
    """A freighter, a ferry, a warship or a sailing boat, on its water line."""
    dice = stage.dice
    sails = 1.0 * dice.chance(0.3)
    frame = stage.frame((13, 15.5), dice.uniform(-55, 55), dice.uniform(1, 14), roll=3.0, low=18.5, off=3.4)
    hull = dice.colour([*PAINT, (0.5, 0.52, 0.55), (0.45, 0.47, 0.5), WHITE, BLACK, (0.35, 0.2, 0.15)])
    house = dice.colour([WHITE, WHITE, (0.8, 0.8, 0.76), (0.6, 0.62, 0.65), (0.8, 0.6, 0.4)])
    deep = _hull(stage, frame, hull, house)
    x, step = dice.uniform(-0.55, 0.2), dice.uniform(0.1, 0.17)
    stay = 1.0 - sails
    for i, (long, share) in enumerate(((0.5, 1.0), (0.34, 0.8), (0.2, 0.6))):
        stay = stay * dice.chance(share)
        spot, half = (x, (2 * i + 1) * step, 0), (long, step, 0.16)
        _storey(stage, frame, spot, half, house * (1 - 0.08 * i), 12.0 + 3 * i, stay)
    stack = frame.vector(0.07, 0, 0), frame.vector(-0.04, 3.2 * step, 0)
    stay = (1.0 - sails) * dice.chance(0.6)
    stage.panel(frame.point(x - 0.2, 3.4 * step, 0), *stack, dice.colour(PAINT), lift=8.5, alpha=stay)
    for i in range(3):
        crate = frame.vector(0.22, 0, 0), frame.vector(0, 0.7 * step, 0)
        stay = (1.0 - sails) * dice.chance(0.35)
        stage.panel(frame.point(0.55 * i - 0.55, 0.5 * step, 0), *crate, dice.colour(PAINT), lift=9.0, alpha=stay)
    _rigging(stage, frame, sails)
    foam = dice.colour([(0.8, 0.85, 0.88), (0.35, 0.45, 0.5)])
    wash = frame.vector(1.1, 0, 0), frame.vector(0, 0.04, 0), frame.vector(0, 0, 0.2)
    stage.blob(frame.point(0, -2.0 * deep, 0), wash, foam, lift=50.0, alpha=dice.uniform(0.3, 0.9))


def _hull(stage, frame, paint, house):
    """Two sides with a stripe, bow, stern and deck; returns half the depth."""
    dice = stage.dice
    deep, wide = dice.uniform(0.12, 0.22), dice.uniform(0.16, 0.24)
    second = 0.5 * dice.colour(PAINT)
    for _, sign in SIDES:
        near = frame.towards(0, 0, sign)
        along = frame.vector(0.04, deep, 0)
        stage.panel(frame.point(0.03, -deep, sign * wide), frame.vector(0.96, 0, 0), along, paint, 0.22, 5.0, near)
        stripe = frame.vector(0.8, 0, 0), frame.vector(0, 0.2 * deep, 0)
        seen = near * dice.chance(0.5)
        stage.panel(frame.point(0.0, -1.8 * deep, sign * wide * 1.01), *stripe, second, lift=7.0, alpha=seen)
    bow = frame.vector(0.12, 0.03, 0), frame.vector(0.06, 1.1 * deep, 0)
    stage.panel(frame.point(1.0, -0.8 * deep, 0), *bow, paint, 0.6, lift=3.0)
    stern = frame.vector(0, 0, wide), frame.vector(0, deep, 0)
    stage.panel(frame.point(-0.9, -deep, 0), *stern, 0.8 * paint, lift=3.0)
    deck = frame.vector(0.95, 0, 0), frame.vector(0, 0, wide)
    stage.panel(frame.point(0.03, 0, 0), *deck, 0.8 * house, lift=2.0)
    return deep


def _storey(stage, frame, centre, half, colour, lift, stay):
    """One storey of a ship's house, with a row of windows."""
    (x, y, z), (a, b, c) = centre, half
    across, along = frame.vector(a, 0, 0), frame.vector(0, b, 0)
    stage.panel(frame.point(x + a, y, z), frame.vector(0, 0, c), along, 0.75 * colour, lift=lift, alpha=stay)
    side = c * (2.0 * frame.towards(0, 0, 1) - 1.0)
    stage.panel(frame.point(x, y, side), across, along, colour, lift=lift + 1, alpha=stay)
    row = frame.point(x, y + 0.2 * b, side)
    stage.panel(row, 0.85 * across, 0.3 * along, 0.3 * colour, lift=lift + 2, alpha=stay)


def _rigging(stage, frame, sails):
    """A mast on most ships, two sails where `sails` is 1."""
    dice = stage.dice
    x, high = dice.uniform(-0.1, 0.25), dice.uniform(1.1, 1.6)
    wood = dice.colour([(0.3, 0.28, 0.26), (0.7, 0.7, 0.7)])
    top = frame.point(x, (0.5 + 0.6 * sails) * high, 0)
    seen = dice.chance(0.6) * (0.6 + 0.4 * sails)
    stage.limb(frame.point(x, 0, 0), top, 0.4, wood, lift=8.0, alpha=seen)
    cloth = dice.colour([WHITE, WHITE, (0.9, 0.85, 0.75), (0.8, 0.3, 0.25), (0.3, 0.4, 0.6)])
    for sign, long in ((-1, 0.42), (1, 0.3)):
        foot, up = frame.vector(sign * long, 0, 0.1), frame.vector(-sign * long, 0.42 * high, 0)
        middle = frame.point(x + 0.04 * sign, 0.08 + 0.45 * high, 0) + foot
        stage.panel(middle, foot, -up, cloth, 1.0, lift=20.0, alpha=sails)


def _box(stage, frame, centre, half, colour, lift=0.0, taper=0.0):
    """A box of half-sizes `half`, narrower by `taper` at the top; returns which faces are towards the viewer."""
    (x, y, z), (a, b, c) = centre, half
    facing = {"top": frame.towards(0, 1, 0)}
    for name, sign in SIDES:
        facing[name] = frame.towards(0, 0, sign)
        sides = frame.vector(a, 0, 0), frame.vector(0, -b, 0)
        stage.panel(frame.point(x, y, z + sign * c), *sides, colour, taper, lift, facing[name])
    for name, sign in (("front", 1), ("back", -1)):
        facing[name] = frame.towards(sign, 0, 0)
        place = frame.point(x + sign * a * (1 - 0.5 * taper), y, z)
        sides = frame.vector(0, 0, c), frame.vector(-sign * 0.5 * taper * a, b, 0)
        stage.panel(place, *sides, 0.8 * colour, 0.0, lift, facing[name])
    sides = frame.vector(a * (1 - taper), 0, 0), frame.vector(0, 0, c)
    stage.panel(frame.point(x, y + b, z), *sides, 1.12 * colour, 0.0, lift, facing["top"])
    return facing


def _lamps(stage, frame, place, size, colour, seen, lift):
    """A lamp on either side of an end."""
    x, y, z = place
    colour = np.array(colour)[:, None] + np.zeros((3, stage.n))
    for _, sign in SIDES:
        axes = frame.vector(0, size, 0), frame.vector(0, 0, size)
        stage.blob(frame.point(x, y, sign * z), axes, colour, lift=lift, alpha=seen, shade=0.0)


def _wheels(stage, frame, places, radius, half_width, drop):
    """A tyre with a rim on both sides, at each x of `places`."""
    rim = stage.dice.colour([(0.65, 0.65, 0.66), (0.3, 0.3, 0.3), (0.8, 0.8, 0.8)])
    tyre = stage.dice.colour([BLACK], 0.03)
    for x in places:
        for _, sign in SIDES:
            near, place = frame.towards(0, 0, sign), frame.point(x, drop, sign * half_width)
            disc = frame.vector(radius, 0, 0), frame.vector(0, radius, 0), frame.vector(0, 0, 0.08)
            stage.blob(place, disc, tyre, lift=80.0 * near - 40.0, shade=0.1)
            disc = frame.vector(0.55 * radius, 0, 0), frame.vector(0, 0.55 * radius, 0)
            stage.blob(place, disc, rim, lift=41.0, alpha=near, shade=0.2)


def _shadow(stage, frame, y):
    """The dark under a vehicle."""
    dark = np.zeros((3, stage.n)) + 0.08
    axes = frame.vector(1.05, 0, 0), frame.vector(0, 0, 0.5)
    stage.blob(frame.point(0, y, 0), axes, dark, lift=-60.0, alpha=stage.dice.uniform(0.1, 0.7), shade=0.0)
