"""How to draw a bird, a cat, a deer, a dog, a frog and a horse: ellipsoids and limbs.

Lengths are in units of the object, about half its length; x to the front, y up, z to its left side.
"""

import numpy as np

from .stage import BLACK, WHITE, Frame, turn
from .vehicles import PAINT

CATS = [
    (0.55, 0.42, 0.3), (0.8, 0.55, 0.3), (0.45, 0.43, 0.4), (0.1, 0.1, 0.1), (0.85, 0.83, 0.8), (0.65, 0.58, 0.48),
    (0.35, 0.28, 0.22),
]  # fmt: skip
DOGS = [
    (0.75, 0.58, 0.38), (0.4, 0.27, 0.17), (0.1, 0.09, 0.09), (0.9, 0.88, 0.85), (0.6, 0.4, 0.22), (0.5, 0.48, 0.45),
    (0.8, 0.68, 0.5),
]  # fmt: skip
DEER = [(0.6, 0.42, 0.27), (0.48, 0.35, 0.24), (0.7, 0.52, 0.35), (0.4, 0.3, 0.22), (0.55, 0.47, 0.38)]
HORSES = [
    (0.45, 0.25, 0.14), (0.3, 0.18, 0.12), (0.1, 0.09, 0.09), (0.85, 0.83, 0.8), (0.55, 0.36, 0.2), (0.5, 0.48, 0.47),
]  # fmt: skip
FROGS = [
    (0.35, 0.5, 0.18), (0.42, 0.36, 0.22), (0.5, 0.62, 0.25), (0.3, 0.28, 0.2), (0.55, 0.42, 0.3), (0.25, 0.38, 0.2),
    (0.7, 0.35, 0.15),
]  # fmt: skip
BIRDS = [
    (0.45, 0.35, 0.25), (0.25, 0.25, 0.28), (0.6, 0.5, 0.4), (0.3, 0.4, 0.6), (0.7, 0.25, 0.18), (0.75, 0.68, 0.25),
    (0.85, 0.85, 0.85), (0.4, 0.45, 0.3), (0.1, 0.1, 0.12),
]  # fmt: skip
PAIR = (1, -1)  # left and right


def bird(stage):
    """A perching, walking or flying bird; one in four is tall, with a long neck and long legs."""
    dice = stage.dice
    frame = stage.frame((12.1, 14.9), dice.uniform(-70, 70), dice.about(6, 8), roll=6.5, low=16, off=3.4)
    coat = dice.colour(BIRDS)
    paler = dice.colour([(0.85, 0.8, 0.7), (0.8, 0.5, 0.3), (0.7, 0.7, 0.68)])
    breast = np.where(dice.chance(0.6), paler, coat)
    bill = dice.colour([(0.85, 0.6, 0.15), (0.2, 0.18, 0.16), (0.75, 0.35, 0.2), (0.5, 0.48, 0.42)])
    tall = 1.0 * dice.chance(0.25)
    flying = 1.0 * dice.chance(0.3)
    body = frame.turned(roll=(1.0 - 0.7 * tall) * dice.uniform(-5, 45))
    fat = (0.33 - 0.08 * tall) * frame.scale
    stage.blob(body.point(0, 0, 0), [body.vector(0.5, 0, 0)], coat, fat, point=0.05)
    stage.blob(body.point(0.18, -0.14, 0), [body.vector(0.25, 0, 0)], breast, 0.7 * fat, lift=4.0)
    feathers = body.vector(-0.34, 0.02, 0)
    axes = feathers, body.vector(0, 0.08, 0), body.vector(0, 0, 0.12)
    stage.blob(body.point(-0.62, 0.02, 0) + feathers, axes, 0.75 * coat, point=-0.2, lift=2.0)
    shoulder = body.point(0.42, 0.16, 0)
    skull = shoulder + frame.vector(0.12, 0.26 + tall * dice.uniform(0.4, 0.8), 0)
    stage.limb(shoulder, skull, 0.13 * frame.scale, coat)
    _bird_head(stage, frame, skull, 0.25 - 0.08 * tall, np.where(dice.chance(0.3), breast, coat), bill)
    _bird_wings(stage, body, flying, 0.7 * coat)
    long = 0.4 + tall * dice.uniform(0.3, 0.6)
    for z in PAIR:
        knee = body.point(-0.02, -0.3, z * 0.12)
        foot = knee + frame.vector(0.04, -long, 0)
        stage.limb(knee, foot, 0.035 * frame.scale + 0.15, 0.8 * bill, alpha=1.0 - flying, lift=-3.0)
    perched = dice.chance(0.35) * (1.0 - flying) * (1.0 - tall)
    bark = dice.colour([(0.35, 0.26, 0.18), (0.5, 0.45, 0.4), (0.25, 0.25, 0.2)])
    twig = Frame.camera(16.0, 0.0, np.ones(stage.n), roll=dice.about(0, 9)).vector(24, 0, 0)
    stage.blob(frame.point(0, -0.3 - long, 0.1), [twig], bark, dice.uniform(0.8, 1.8), alpha=perched, lift=5.0)


def _bird_head(stage, frame, skull, size, colour, bill):
    """A round head with a beak and the eyes one can see."""
    dice = stage.dice
    head = frame.turned(yaw=dice.about(0, 18))
    stage.blob(skull, [head.vector(0.05, 0, 0)], colour, size * frame.scale, lift=2.0)
    beak = head.vector(size + dice.uniform(0.05, 0.22), -0.05, 0)
    stage.blob(skull + 1.05 * beak, [0.55 * beak], bill, 0.065 * frame.scale, point=0.5, lift=3.0)
    ink = dice.colour([BLACK], 0.02)
    for z in PAIR:
        seen = 1.0 * (z * head.axes[2][2] > -0.2 * frame.scale)
        eye = skull + head.vector(0.5 * size, 0.25 * size, z * 0.75 * size)
        stage.blob(eye, [], ink, 0.055 * frame.scale, lift=6.0, alpha=seen)


def _bird_wings(stage, body, flying, colour):
    """Wings folded along the body or, where `flying` is 1, spread at any height of the beat."""
    dice = stage.dice
    rise = np.where(flying > 0, dice.uniform(0.3, 1.0), -0.12)
    nearer = 2.0 * body.towards(0, 0, 1) - 1.0
    for z in PAIR:
        span = body.vector(-0.4 + 0.2 * flying, rise, z * (0.05 + 0.7 * flying))
        axes = 0.6 * span, (0.55 + 0.45 * flying) * body.vector(0.24, 0, 0)
        place = body.point(0.08, 0.1, z * 0.3) + 0.5 * span
        stage.blob(place, axes, colour, 0.05 * body.scale, point=0.25, lift=3.0 * z * nearer)


def cat(stage):
    """A cat sitting, standing, or looking into the camera: round head, pricked ears, bright eyes."""
    dice = stage.dice
    close, sit = dice.chance(0.45), 1.0 * dice.chance(0.5)
    coat, under = _coat(dice, CATS)
    shape = {
        "length": 0.62, "girth": dice.uniform(0.28, 0.36), "leg": dice.uniform(0.42, 0.55), "thick": 0.085,
        "neck": 0.32, "rise": dice.uniform(25, 60), "throat": 0.24, "head": dice.uniform(0.34, 0.42),
        "tail": dice.uniform(0.5, 1.0), "droop": dice.uniform(-1.2, 0.4), "brush": 0.075, "sit": sit, "sock": 1.0,
        "mane": 1.0, "look": dice.about(15, 30), "nod": dice.about(0, 8),
    }  # fmt: skip
    frame = _pet_frame(stage, shape, close)
    head = _quadruped(stage, frame, coat, under, shape)
    stage.blob(head.origin, [head.vector(0, 0, 0.35)], coat, 0.95 * head.scale, lift=1.0)
    pink = dice.colour([(0.75, 0.5, 0.48)])
    striped = 1.0 * dice.chance(0.45)
    for z in PAIR:
        base, up = head.point(-0.05, 0.62, z * 0.62), head.vector(-0.08, 0.62, z * 0.2)
        stage.panel(base + up, head.vector(0, 0, 0.4), -up, 0.85 * coat, 1.0, lift=1.5)
        stage.panel(base + 0.8 * up, head.vector(0, 0, 0.22), -0.6 * up, pink, 1.0, lift=2.0)
        brow = head.point(0.72, 0.62, z * 0.25), [head.vector(-0.15, 0.22, 0)]
        stage.blob(*brow, 0.55 * coat, 0.06 * head.scale, lift=3.0, alpha=striped)
    eye = dice.colour([(0.75, 0.75, 0.25), (0.45, 0.65, 0.35), (0.4, 0.6, 0.75), (0.8, 0.6, 0.2)])
    muzzle = np.where(dice.chance(0.5), dice.colour([WHITE]), 1.1 * coat)
    _face(stage, head, eye, dice.colour([(0.75, 0.45, 0.42), (0.2, 0.12, 0.12)]), muzzle, 0.62)
    for i in range(5):
        band = frame.vector(0.05, 0.16, 0), frame.vector(0, 0, 0.2)
        place = frame.point(-0.5 + 0.23 * i, 0.14 + 0.1 * sit * (i - 2), 0)
        stage.blob(place, band, 0.55 * coat, 0.2, lift=0.36 * frame.scale, alpha=0.7 * striped)


def dog(stage):
    """A dog standing, sitting, or looking into the camera: long muzzle, hanging (or pricked) ears, a tongue."""
    dice = stage.dice
    close, sit = dice.chance(0.4), 1.0 * dice.chance(0.35)
    coat, under = _coat(dice, DOGS)
    shape = {
        "length": dice.uniform(0.5, 0.68), "girth": dice.uniform(0.25, 0.34), "leg": dice.uniform(0.45, 0.75),
        "thick": dice.uniform(0.085, 0.12), "neck": dice.uniform(0.32, 0.45), "rise": dice.uniform(30, 70),
        "throat": 0.2, "head": dice.uniform(0.32, 0.4), "tail": dice.uniform(0.3, 0.7),
        "droop": dice.uniform(-1.3, 0.7), "brush": dice.uniform(0.05, 0.11), "sit": sit, "sock": 1.0, "mane": 1.0,
        "look": dice.about(10, 30), "nod": dice.about(-5, 10),
    }  # fmt: skip
    frame = _pet_frame(stage, shape, close)
    head = _quadruped(stage, frame, coat, under, shape)
    stage.blob(head.origin, [head.vector(0.25, 0, 0)], coat, 0.8 * head.scale, lift=1.0)
    muzzle = np.where(dice.chance(0.5), under, coat)
    _face(stage, head, dice.colour([(0.3, 0.2, 0.12)]), dice.colour([BLACK], 0.02), muzzle, dice.uniform(0.85, 1.2))
    pricked = 1.0 * dice.chance(0.2)
    tone = np.where(dice.chance(0.6), 0.55, 1.25) * coat
    patched, patch = 1.0 * dice.chance(0.25), dice.colour(DOGS)
    for z in PAIR:
        flap = head.vector(-0.1, 1.1 * pricked - 0.6, z * (0.3 - 0.2 * pricked))
        axes = flap, head.vector(0.3, 0, 0.15)
        place = head.point(-0.1, 0.55, z * 0.78) + 0.85 * flap
        stage.blob(place, axes, tone, 0.12 * head.scale, point=0.15, lift=2.0)
        axes = frame.vector(0.22, 0.05, 0), frame.vector(0, 0.14, 0)
        stage.blob(frame.point(-0.2, 0.1, z * 0.3), axes, patch, alpha=patched, lift=2.0 * z)
    axes = head.vector(0, 0.3, 0), head.vector(0, 0, 0.16)
    panting = 1.0 * dice.chance(0.35)
    pink = dice.colour([(0.85, 0.4, 0.42)])
    stage.blob(head.point(1.0, -0.72, 0), axes, pink, 0.1, alpha=panting, lift=2.0)


def deer(stage):
    """A slender animal on long legs, every second one with antlers; grazing, standing or near."""
    dice = stage.dice
    coat = dice.colour(DEER)
    under = np.where(dice.chance(0.5), dice.colour([(0.85, 0.78, 0.68)]), coat)
    grazing, close = dice.chance(0.15), dice.chance(0.25)
    shape = {
        "length": 0.52, "girth": dice.uniform(0.19, 0.25), "leg": dice.uniform(0.75, 0.95), "thick": 0.05,
        "neck": dice.uniform(0.5, 0.65), "rise": np.where(grazing, -50.0, dice.uniform(50, 80)), "throat": 0.11,
        "head": dice.uniform(0.2, 0.24), "tail": 0.18, "droop": dice.uniform(-0.5, 0.6), "brush": 0.06,
        "sit": 0.0, "sock": 0.9, "mane": 1.2, "look": dice.about(10, 32), "nod": np.where(grazing, -40.0, -8.0),
    }  # fmt: skip
    frame = stage.frame((11.3, 13.2), dice.uniform(-50, 75), dice.uniform(0, 12), low=17)
    frame = _zoomed(frame, shape, close, dice.uniform(1.4, 1.9), 0.65)
    head = _quadruped(stage, frame, coat, under, shape)
    stage.blob(head.origin, [head.vector(0.35, -0.08, 0)], coat, 0.62 * head.scale, lift=1.0)
    _face(stage, head, dice.colour([(0.1, 0.07, 0.05)], 0.02), dice.colour([BLACK], 0.02), 0.9 * coat, 1.15)
    stag = 1.0 * dice.chance(0.6)
    horn = dice.colour([(0.75, 0.62, 0.45), (0.4, 0.3, 0.2), (0.6, 0.5, 0.4)])
    size = dice.uniform(1.3, 2.3)
    for z in PAIR:
        ear = head.vector(-0.25, 0.25, z * 0.62)
        axes = ear, head.vector(0.2, 0.2, 0)
        stage.blob(head.point(-0.25, 0.5, z * 0.5) + ear, axes, 0.85 * coat, 0.1, point=0.3, lift=0.5)
        _antler(stage, head, z, size, horn, stag, 0.028 * frame.scale + 0.12)
    patch = dice.colour([WHITE])
    stage.blob(frame.point(-0.72, 0.02, 0), [], patch, 0.13 * frame.scale, lift=2.0, alpha=1.0 * dice.chance(0.5))


def _antler(stage, head, z, size, colour, seen, radius):
    """A beam that forks, and a tine."""
    base = head.point(-0.1, 0.6, z * 0.25)
    fork = base + size * head.vector(-0.35, 0.55, z * 0.55)
    ends = (
        (base, fork),
        (fork, fork + size * head.vector(0.35, 0.75, z * 0.05)),
        (fork, fork + size * head.vector(-0.45, 0.55, z * 0.1)),
        (0.5 * (base + fork), base + size * head.vector(0.35, 0.75, z * 0.35)),
    )
    for start, end in ends:
        stage.limb(start, end, radius, colour, alpha=seen)


def horse(stage):
    """A heavy animal on long legs, with mane, long head and long tail; some grazing, some ridden."""
    dice = stage.dice
    coat = dice.colour(HORSES)
    grazing, close = dice.chance(0.2), dice.chance(0.25)
    shape = {
        "length": 0.6, "girth": dice.uniform(0.27, 0.33), "leg": dice.uniform(0.7, 0.85), "thick": 0.075,
        "neck": dice.uniform(0.5, 0.62), "rise": np.where(grazing, -40.0, dice.uniform(35, 65)), "throat": 0.2,
        "head": dice.uniform(0.27, 0.31), "tail": dice.uniform(0.6, 0.85), "droop": dice.uniform(0.5, 1.2),
        "brush": 0.1, "sit": 0.0, "sock": np.where(dice.chance(0.3), 1.5, 0.85),
        "mane": np.where(dice.chance(0.6), 0.35, 1.25), "look": dice.about(0, 18),
        "nod": np.where(grazing, -60.0, dice.uniform(-50, -20)),
    }  # fmt: skip
    frame = stage.frame((11.3, 13.2), dice.uniform(-55, 75), dice.uniform(0, 12), low=17)
    frame = _zoomed(frame, shape, close, dice.uniform(1.4, 1.9), 0.5)
    head = _quadruped(stage, frame, coat, 0.85 * coat, shape)
    stage.blob(head.point(0.25, 0, 0), [head.vector(0.75, 0, 0)], coat, 0.52 * head.scale, lift=1.0)
    stage.blob(head.point(1.0, -0.05, 0), [head.vector(0.25, 0, 0)], 0.7 * coat, 0.36 * head.scale, lift=2.0)
    blaze = head.point(0.45, 0.45, 0), [head.vector(0.45, -0.1, 0)], dice.colour([WHITE]), 0.12 * head.scale
    stage.blob(*blaze, alpha=1.0 * dice.chance(0.4), lift=3.0)
    ink = dice.colour([BLACK], 0.02)
    for z in PAIR:
        ear = head.vector(-0.15, 0.32, z * 0.08)
        stage.blob(head.point(-0.2, 0.5, z * 0.25) + ear, [ear], 0.8 * coat, 0.12 * head.scale, point=0.4, lift=0.5)
        seen = 1.0 * (z * head.axes[2][2] > -0.2 * head.scale)
        stage.blob(head.point(0.25, 0.22, z * 0.45), [], ink, 0.13 * head.scale + 0.1, lift=4.0, alpha=seen)
    _mane(stage, frame, shape, coat)
    _rider(stage, frame, dice.chance(0.2) * (1.0 - close))


def _mane(stage, frame, shape, coat):
    """Three tufts along the top of the neck."""
    cosine, sine = turn(shape["rise"])
    for along in (0.15, 0.35, 0.55):
        place = frame.point(0.48 + along * cosine - 0.16 * sine, 0.1 + along * sine + 0.16 * cosine, 0)
        tuft = [frame.vector(0.1 * cosine - 0.05, 0.1 * sine - 0.1, 0)]
        stage.blob(place, tuft, coat * shape["mane"], 0.11 * frame.scale, lift=3.0)


def _rider(stage, frame, seen):
    """Somebody in the saddle where `seen` is 1."""
    dice = stage.dice
    cloth, skin = dice.colour(PAINT), dice.colour([(0.85, 0.65, 0.52), (0.5, 0.35, 0.25)])
    seat, neck = frame.point(0, 0.2, 0), frame.point(0.05, 0.85, 0)
    stage.limb(seat, neck, 0.16 * frame.scale, cloth, alpha=seen, lift=4.0)
    stage.blob(frame.point(0.06, 1.0, 0), [], skin, 0.13 * frame.scale, alpha=seen, lift=4.0)
    knee, foot = frame.point(0.05, 0.2, 0.25), frame.point(0.15, -0.35, 0.3)
    stage.limb(knee, foot, 0.08 * frame.scale, 0.5 * cloth, alpha=seen, lift=6.0)


def frog(stage):
    """A squat frog from the side, the front or above: bulging eyes, folded legs, pale belly."""
    dice = stage.dice
    frame = stage.frame((12.6, 15.4), dice.uniform(-60, 100), dice.uniform(8, 60), roll=12.0, low=17, off=3.4)
    coat, belly = dice.colour(FROGS), dice.colour([(0.85, 0.82, 0.65), (0.75, 0.72, 0.6), (0.7, 0.75, 0.5)])
    body, wide = frame.turned(roll=dice.uniform(5, 25)), dice.uniform(0.36, 0.44)

    def lump(x, y, half, colour, **how):
        axes = body.vector(half[0], 0, 0), body.vector(0, half[1], 0), body.vector(0, 0, half[2])
        stage.blob(body.point(x, y, 0), axes, colour, **how)

    lump(-0.1, 0.0, (0.62, 0.3, wide), coat)
    lump(0.05, -0.16, (0.6, 0.2, 0.9 * wide), belly, lift=-1.0)
    lump(0.5, 0.08, (0.36, 0.2, 0.9 * wide), 1.04 * coat, point=0.1, lift=1.0)
    lump(0.56, -0.06, (0.3, 0.06, 0.8 * wide), belly, lift=2.0, alpha=dice.uniform(0.3, 1.0))
    ink, iris = dice.colour([BLACK], 0.02), dice.colour([(0.75, 0.6, 0.2), (0.6, 0.3, 0.15), (0.2, 0.2, 0.15)])
    for z in PAIR:
        eye = body.point(0.5, 0.26, z * 0.26)
        stage.blob(eye, [], 0.9 * coat, 0.16 * frame.scale, lift=3.0)
        stage.blob(eye + body.vector(0.04, 0.02, z * 0.06), [], iris, 0.115 * frame.scale, lift=5.0)
        stage.blob(eye + body.vector(0.06, 0.02, z * 0.09), [], ink, 0.07 * frame.scale + 0.1, lift=6.0)
        _frog_legs(stage, frame, body, z, coat)
    spotted = 1.0 * dice.chance(0.5)
    for _ in range(4):
        spot = body.point(dice.uniform(-0.55, 0.2), 0.27, dice.uniform(-0.22, 0.22))
        axes = body.vector(0.09, 0, 0), body.vector(0, 0, 0.07)
        stage.blob(spot, axes, 0.55 * coat, 0.2, alpha=spotted, lift=2.0)


def _frog_legs(stage, frame, body, z, coat):
    """The folded hind leg and the bent fore leg of one side."""
    hip, knee = body.point(-0.55, -0.02, z * 0.3), frame.point(0.05, -0.1, z * 0.68)
    heel, toe = frame.point(-0.5, -0.34, z * 0.6), frame.point(0.1, -0.42, z * 0.85)
    shoulder, elbow = body.point(0.3, -0.12, z * 0.32), frame.point(0.42, -0.28, z * 0.55)
    paw = frame.point(0.62, -0.46, z * stage.dice.uniform(0.3, 0.6))
    bones = (
        (hip, knee, 0.15, 0.9, 1.0),
        (knee, heel, 0.1, 0.8, 0.5),
        (heel, toe, 0.07, 0.85, 0.5),
        (shoulder, elbow, 0.09, 0.9, 0.0),
        (elbow, paw, 0.07, 0.9, 0.0),
    )
    for start, end, radius, tone, lift in bones:
        stage.limb(start, end, radius * frame.scale, tone * coat, lift=lift)


def _quadruped(stage, frame, coat, under, shape):
    """Body, legs, tail and neck of a four-legged animal; returns the frame of its head, one unit its radius.

    `shape`: `length` and `girth` of the body, `leg` and how `thick`, `neck` with its `rise` in degrees and
    `throat`, size of the `head` and where it `look`s and `nod`s to in degrees, `tail` with `droop` and
    `brush`, `sit` (0 or 1), and how light `sock` and `mane` are beside the coat.
    """
    scale, long, girth, sit = frame.scale, shape["length"], shape["girth"], shape["sit"]
    body = frame.turned(roll=38.0 * sit)
    stage.blob(body.point(0, 0, 0), [body.vector(long, 0, 0)], coat, girth * scale, point=-0.1)
    stage.blob(body.point(0.55 * long, 0.0, 0), [body.vector(0.2, 0, 0)], coat, 1.08 * girth * scale)
    belly = body.point(0.05, -0.5 * girth, 0), [body.vector(0.7 * long, 0, 0)]
    stage.blob(*belly, under, 0.6 * girth * scale, lift=-2.0)
    for x, fold in ((0.72, -0.25), (-0.75, 0.45)):
        tone = coat * (0.9 if x > 0 else 0.82)
        for z in PAIR:
            hip = body.point(x * long, -0.3 * girth, z * 0.55 * girth)
            swing = stage.dice.about(0, 0.13) + sit * (0.05 if x > 0 else 0.45)
            drop = shape["leg"] * (1.0 - sit * fold)
            knee = hip + frame.vector(0.5 * swing - 0.06 * (x < 0), -0.5 * drop, 0)
            stage.limb(hip, knee, 1.35 * shape["thick"] * scale, tone)
            foot = hip + frame.vector(swing, -drop, 0)
            stage.limb(knee, foot, 0.9 * shape["thick"] * scale, tone * shape["sock"])
    root = body.point(-0.95 * long, 0.5 * girth, 0)
    end = root + frame.vector(-0.6 * shape["tail"], -shape["droop"] * shape["tail"], 0.1)
    stage.limb(root, end, shape["brush"] * scale, 0.85 * coat * shape["mane"])
    cosine, sine = turn(shape["rise"])
    chest = body.point(0.8 * long, 0.35 * girth, 0)
    nape = chest + frame.vector(shape["neck"] * cosine, shape["neck"] * sine, 0)
    stage.limb(chest - 0.3 * (nape - chest), nape, shape["throat"] * scale, coat)
    head = frame.turned(yaw=shape["look"], roll=shape["nod"], scale=shape["head"])
    return head.moved(nape + head.vector(0.35, 0.1, 0))


def _face(stage, head, eye, nose, muzzle, snout):
    """A snout of length `snout`, the nose on it, and the eyes one can see."""
    tip = head.vector(snout, -0.25, 0)
    stage.limb(head.origin + 0.3 * tip, head.origin + tip, 0.42 * head.scale, muzzle, lift=0.5)
    stage.blob(head.origin + 1.28 * tip + head.vector(0.1, 0.12, 0), [], nose, 0.19 * head.scale, lift=1.5)
    for z in PAIR:
        place = head.point(0.62, 0.25, z * 0.5)
        seen = 1.0 * (place[2] > head.origin[2] - 0.1 * head.scale)
        stage.blob(place, [], eye, 0.21 * head.scale + 0.15, alpha=seen, lift=3.0, shade=0.0)
        pupil = place + head.vector(0.06, 0, 0)
        stage.blob(pupil, [], 0.15 * eye, 0.12 * head.scale + 0.1, alpha=seen, lift=4.0)


def _coat(dice, palette):
    """A coat, and the colour of the under side: as dark, or pale."""
    coat = dice.colour(palette)
    return coat, np.where(dice.chance(0.4), dice.colour([WHITE, (0.85, 0.75, 0.6)]), 0.85 * coat)


def _pet_frame(stage, shape, close):
    """A cat's or dog's frame: where `close`, its head fills the picture and looks about into the camera."""
    dice = stage.dice
    yaw = np.where(close, dice.uniform(35, 100), dice.uniform(-40, 80))
    frame = stage.frame((10.8, 12.7), yaw, dice.uniform(0, 18), roll=6.5, low=17)
    return _zoomed(frame, shape, close, dice.uniform(1.5, 2.2), 0.3 + 0.35 * shape["sit"])


def _zoomed(frame, shape, close, zoom, height):
    """The frame moved so that the middle of the animal is in the picture's, or, where `close`, its head."""
    near = frame.moved(frame.origin, np.where(close, zoom, 1.0))
    to_head = near.vector(0.9 * shape["length"] + 0.25, height, 0)
    return near.moved(frame.origin - np.where(close, 1.0, 0.2) * to_head)
