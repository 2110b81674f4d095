"""Drawings of an airplane, an automobile, a truck and a ship, made of soft shapes.

The unit of length is about half the length of the object; x points to its front, y up, z to its right.
"""

import numpy as np

from .stage import BLACK, WHITE, along, rgb

PAINT = "751212 152555 929292 121214 606264 857015 154025 405575 501015 854512"
GLASS = "121520 303642 505865 080810"
LAMP, TAIL_LAMP = "959380", "751010"
SIDES = (1, -1)  # right and left, or front and back


def airplane(stage):
    """Draw an airplane, from a fighter to an airliner, at random angles, seen from below or above."""
    dice = stage.dice
    frame = stage.frame((13.6, 16.4), dice.uniform(-65, 65), dice.about(8, 26), roll=11.0, off=3.4)
    hull = dice.colour(f"{WHITE} {WHITE} 757780 505255 353836 202022")
    trim = np.where(dice.chance(0.5), hull * 0.85, dice.colour(PAINT))
    fat = dice.uniform(0.1, 0.17)
    frame.blob((0, 0, 0), [(1, 0, 0)], hull, fat, point=-0.2)
    frame.blob((0.82, 0.06, 0), [(0.1, 0, 0)], 0.3 * hull, 0.4 * fat, lift=3.0)
    sweep, span = dice.uniform(0.0, 0.6), dice.uniform(0.7, 1.15)
    chord, dihedral, low = dice.uniform(0.14, 0.24), dice.uniform(-0.02, 0.15), -0.5 * fat
    for z in SIDES:  # a tapering wing with an engine, and half of the tailplane
        half = 0.5 * frame.vector((-sweep * span, dihedral, z * span))
        frame.panel(frame.point((0.1, low, 0)) + half, (-chord, 0, 0), -half, 0.93 * hull, 0.55, shade=0.15)
        frame.blob((0.2 - 0.4 * sweep * span, low - 0.1, z * 0.4 * span), [(0.16, 0, 0)], 0.8 * trim, 0.075)
        half = 0.5 * frame.vector((-0.28 * sweep, 0.03, z * 0.4))
        frame.panel(frame.point((-0.85, 0.08, 0)) + half, (-0.11, 0, 0), -half, hull, 0.4)
    frame.panel((-0.97, 0.28, 0), (0.15, 0, 0), (0.17, -0.2, 0), trim, 0.5, lift=1.0)
    has_windows = dice.chance(0.5)
    for z in SIDES:
        row, how = (0.05, 0.3 * fat, z * fat * 0.9), {"alpha": has_windows, "facing": (0, 0, z)}
        frame.panel(row, (0.7, 0, 0), (0, 0.028, 0), 0.35 * trim, lift=6.0, **how)


def automobile(stage):
    """Draw a car with its cabin in the middle or at the back, seen from the side or nearly from one end."""
    dice = stage.dice
    frame = stage.frame((13.4, 15.6), dice.uniform(-75, 75), dice.uniform(2, 22), roll=2.5)
    paint, glass = dice.colour(PAINT), dice.colour(GLASS, 0.04)
    wide, tall, base = dice.uniform(0.4, 0.46), dice.uniform(0.14, 0.19), -0.12
    _shadow(frame, -0.38)
    _box(frame, (0, base, 0), (1.0, tall, wide), paint, lift=-10.0)
    roof, long = dice.uniform(0.13, 0.22), dice.uniform(0.45, 0.62)
    x, y = dice.uniform(-0.3, 0.0), base + tall + roof
    _box(frame, (x, y, 0), (long, roof, 0.88 * wide), paint, lift=10.0, taper=0.4)
    for z in SIDES:  # two windows
        for part in (0.42, -0.42):
            spot = x + part * long * 0.82, y - 0.02, z * 0.9 * wide
            frame.panel(spot, (0.36 * long, 0, 0), (0, -0.72 * roof, 0), glass, 0.35, lift=30.0, facing=(0, 0, z))
    for end, lamp in zip(SIDES, (LAMP, TAIL_LAMP), strict=True):
        ahead = end, 0, 0
        spot, slant = (x + end * long * 0.82, y, 0), (-end * 0.17 * long, 0.72 * roof, 0)
        frame.panel(spot, (0, 0, 0.74 * wide), slant, glass, lift=30.0, facing=ahead)
        _lamps(frame, end * 1.01, base + 0.3 * tall, 0.72 * wide, 0.07, lamp, lift=32.0, facing=ahead)
        bumper = end * 1.01, base - 0.55 * tall, 0
        frame.panel(bumper, (0, 0, 0.9 * wide), (0, 0.2 * tall, 0), 0.35 * paint, lift=31.0, facing=ahead)
    _wheels(frame, (0.6, -0.6), dice.uniform(0.19, 0.23), wide, base - tall)


def truck(stage):
    """Draw a truck: a cab, with or without a bonnet, and a load of random height, from a flat bed to a tall box."""
    dice = stage.dice
    frame = stage.frame((12.8, 14.7), dice.uniform(-72, 72), dice.uniform(0, 20), roll=2.5, low=17.5)
    paint = dice.colour(PAINT)
    load = np.where(dice.chance(0.55), dice.colour(f"{WHITE} 808078 606062"), dice.colour(PAINT))
    wide, base = dice.uniform(0.36, 0.44), -0.36
    high = dice.uniform(0.16, 0.46)
    ahead = 14.0 * frame.vector((1, 0, 0))[2] / frame.scale  # the end nearer the viewer is painted later
    _shadow(frame, base - 0.24)
    _box(frame, (0, base, 0), (1.0, 0.07, 0.8 * wide), 0.25 * paint, lift=-25.0)
    _box(frame, (-0.3, base + 0.08 + high, 0), (0.68, high, wide), load, lift=-ahead)
    for z in SIDES:
        stripe = -0.3, base + 0.1 + dice.uniform(0.4, 1.6) * high, z * 1.01 * wide
        how = {"lift": 3.0 - ahead, "alpha": dice.chance(0.5), "facing": (0, 0, z)}
        frame.panel(stripe, (0.66, 0, 0), (0, 0.16 * high, 0), 0.7 * paint, **how)
    # the cab: bonnet, windows, grille and lamps
    glass, high = dice.colour(GLASS, 0.04), dice.uniform(0.28, 0.36)
    nose, y = dice.uniform(0.0, 0.2) * dice.chance(0.5), base + 0.05 + high
    _box(frame, (0.7 - nose, y, 0), (0.27, high, 0.92 * wide), paint, lift=ahead, taper=0.12)
    _box(frame, (0.85, base + 0.16, 0), (0.2, 0.16, 0.85 * wide), paint, lift=1.2 * ahead)
    for z in SIDES:
        spot = 0.74 - nose, y + 0.4 * high, z * 0.95 * wide
        frame.panel(spot, (0.15, 0, 0), (0, 0.34 * high, 0), glass, lift=ahead + 9.0, facing=(0, 0, z))
    spot, slant = (0.98 - nose, y + 0.42 * high, 0), (-0.02, 0.36 * high, 0)
    frame.panel(spot, (0, 0, 0.76 * wide), slant, glass, lift=ahead + 9.0, facing=(1, 0, 0))
    spot, how = (1.06, base + 0.16, 0), {"lift": 1.2 * ahead + 9.0, "facing": (1, 0, 0)}
    frame.panel(spot, (0, 0, 0.45 * wide), (0, 0.1, 0), 0.3 * paint, **how)
    _lamps(frame, 1.06, base + 0.1, 0.68 * wide, 0.06, LAMP, lift=1.2 * ahead + 10.0, facing=(1, 0, 0))
    _wheels(frame, (0.66, -0.4, -0.8), dice.uniform(0.17, 0.22), 0.95 * wide, base - 0.06)


def ship(stage):
    """Draw a freighter, a ferry, a warship or a sailing boat, with foam at its waterline."""
    dice = stage.dice
    sails = dice.chance(0.3)
    frame = stage.frame((13, 15.5), dice.uniform(-55, 55), dice.uniform(1, 14), roll=3.0, low=18.5, off=3.4)
    hull = dice.colour(f"{PAINT} 505255 454750 {WHITE} {BLACK} 352015")
    house = dice.colour(f"{WHITE} {WHITE} 808076 606265 806040")
    deep, wide = dice.uniform(0.12, 0.22), dice.uniform(0.16, 0.24)
    second = 0.5 * dice.colour(PAINT)
    for z in SIDES:
        frame.panel((0.03, -deep, z * wide), (0.96, 0, 0), (0.04, deep, 0), hull, 0.22, lift=5.0, facing=(0, 0, z))
        stripe, how = (0.0, -1.8 * deep, z * wide * 1.01), {"alpha": dice.chance(0.5), "facing": (0, 0, z)}
        frame.panel(stripe, (0.8, 0, 0), (0, 0.2 * deep, 0), second, lift=7.0, **how)
    frame.panel((1.0, -0.8 * deep, 0), (0.12, 0.03, 0), (0.06, 1.1 * deep, 0), hull, 0.6, lift=3.0)
    frame.panel((-0.9, -deep, 0), (0, 0, wide), (0, deep, 0), 0.8 * hull, lift=3.0)
    frame.panel((0.03, 0, 0), (0.95, 0, 0), (0, 0, wide), 0.8 * house, lift=2.0)  # the deck
    x, step = dice.uniform(-0.55, 0.2), dice.uniform(0.1, 0.17)
    stay = 1.0 - sails
    side = 0.16 * (2.0 * frame.towards((0, 0, 1)) - 1.0)
    for i, (long, share) in enumerate(((0.5, 1.0), (0.34, 0.8), (0.2, 0.6))):  # the storeys with their windows
        stay = stay * dice.chance(share)
        y, wall = (2 * i + 1) * step, house * (1 - 0.08 * i)
        frame.panel((x + long, y, 0), (0, 0, 0.16), (0, step, 0), 0.75 * wall, lift=12.0 + 3 * i, alpha=stay)
        frame.panel((x, y, side), (long, 0, 0), (0, step, 0), wall, lift=13.0 + 3 * i, alpha=stay)
        windows = (x, y + 0.2 * step, side), (0.85 * long, 0, 0), (0, 0.3 * step, 0)
        frame.panel(*windows, 0.3 * wall, lift=14.0 + 3 * i, alpha=stay)
    stay = (1.0 - sails) * dice.chance(0.6)
    funnel = (x - 0.2, 3.4 * step, 0), (0.07, 0, 0), (-0.04, 3.2 * step, 0)
    frame.panel(*funnel, dice.colour(PAINT), lift=8.5, alpha=stay)
    for i in range(3):
        crate, stay = (0.55 * i - 0.55, 0.5 * step, 0), (1.0 - sails) * dice.chance(0.35)
        frame.panel(crate, (0.22, 0, 0), (0, 0.7 * step, 0), dice.colour(PAINT), lift=9.0, alpha=stay)
    x, high = dice.uniform(-0.1, 0.25), dice.uniform(1.1, 1.6)
    wood = dice.colour("302826 707070")
    top, seen = (x, (0.5 + 0.6 * sails) * high, 0), dice.chance(0.6) * (0.6 + 0.4 * sails)
    frame.limb((x, 0, 0), top, 0.0, wood, pixels=0.4, lift=8.0, alpha=seen)
    cloth = dice.colour(f"{WHITE} {WHITE} 908575 803025 304060")
    for sign, long in ((-1, 0.42), (1, 0.3)):
        middle, foot = (x + sign * (0.04 + long), 0.08 + 0.45 * high, 0.1), (sign * long, 0, 0.1)
        frame.panel(middle, foot, (sign * long, -0.42 * high, 0), cloth, 1.0, lift=20.0, alpha=sails)
    foam = dice.colour("808588 354550")
    frame.blob((0, -2.0 * deep, 0), along(1.1, 0.04, 0.2), foam, lift=50.0, alpha=dice.uniform(0.3, 0.9))


def _box(frame, centre, half, colour, lift=0.0, taper=0.0):
    """Draw a box with half-sizes `half`; its top is shorter in x by the fraction `taper`."""
    (x, y, z), (a, b, c) = centre, half
    for sign in SIDES:
        frame.panel((x, y, z + sign * c), (a, 0, 0), (0, -b, 0), colour, taper, lift=lift, facing=(0, 0, sign))
    for sign in SIDES:
        place, slant = (x + sign * a * (1 - 0.5 * taper), y, z), (-sign * 0.5 * taper * a, b, 0)
        frame.panel(place, (0, 0, c), slant, 0.8 * colour, lift=lift, facing=(sign, 0, 0))
    frame.panel((x, y + b, z), (a * (1 - taper), 0, 0), (0, 0, c), 1.12 * colour, lift=lift, facing=(0, 1, 0))


def _lamps(frame, x, y, z, size, colour, **how):
    """Draw two lamps at one end, one on either side."""
    for sign in SIDES:
        frame.blob((x, y, sign * z), along(0, size, size), rgb(colour).T, shade=0.0, **how)


def _wheels(frame, places, radius, half_width, drop):
    """Draw a tyre with a rim on either side, at each x in `places`."""
    rim, tyre = frame.dice.colour("656566 303030 808080"), frame.dice.colour(BLACK, 0.03)
    for x in places:
        for z in SIDES:
            place, inner = (x, drop, z * half_width), 0.55 * radius
            frame.blob(place, along(radius, radius, 0.08), tyre, lift=80.0 * frame.towards((0, 0, z)) - 40.0, shade=0.1)
            frame.blob(place, along(inner, inner, 0), rim, lift=41.0, facing=(0, 0, z), shade=0.2)


def _shadow(frame, y):
    """Draw the shadow under a vehicle."""
    alpha = frame.dice.uniform(0.1, 0.7)
    frame.blob((0, y, 0), along(1.05, 0, 0.5), rgb("080808").T, lift=-60.0, alpha=alpha, shade=0.0)
