"""Drawings of a bird, a cat, a deer, a dog, a frog and a horse, made of soft shapes.

The unit of length is about half the length of the object; x points to its front, y up, z to its right.
"""

from types import SimpleNamespace

import numpy as np

from .stage import BLACK, WHITE, along, turn
from .vehicles import PAINT

CATS = "554230 805530 454340 101010 858380 655848 352822"
DOGS = "755838 402717 100909 908885 604022 504845 806850"
DEER = "604227 483524 705235 403022 554738"
HORSES = "452514 301812 100909 858380 553620 504847"
FROGS = "355018 423622 506225 302820 554230 253820 703515"
BIRDS = "453525 252528 605040 304060 702518 756825 858585 404530 101012"
PAIR = (1, -1)  # right and left


def bird(stage):
    """Draw a perching, walking or flying bird; one in four is tall, with a long neck and long legs."""
    dice = stage.dice
    frame = stage.frame((12.1, 14.9), dice.uniform(-70, 70), dice.about(6, 8), roll=6.5, low=16, off=3.4)
    coat = dice.colour(BIRDS)
    paler = dice.colour("858070 805030 707068")
    breast = np.where(dice.chance(0.6), paler, coat)
    bill = dice.colour("856015 201816 753520 504842")
    tall, flying = dice.chance(0.25), dice.chance(0.3)
    body = frame.turned(roll=(1.0 - 0.7 * tall) * dice.uniform(-5, 45))
    fat = 0.33 - 0.08 * tall
    body.blob((0, 0, 0), [(0.5, 0, 0)], coat, fat, point=0.05)
    body.blob((0.18, -0.14, 0), [(0.25, 0, 0)], breast, 0.7 * fat, lift=4.0)
    body.blob((-0.96, 0.04, 0), [(-0.34, 0.02, 0), (0, 0.08, 0), (0, 0, 0.12)], 0.75 * coat, point=-0.2, lift=2.0)
    shoulder = body.point((0.42, 0.16, 0))
    skull = shoulder + frame.vector((0.12, 0.26 + tall * dice.uniform(0.4, 0.8), 0))
    frame.limb(shoulder, skull, 0.13, coat)
    cap, size = np.where(dice.chance(0.3), breast, coat), 0.25 - 0.08 * tall
    head = frame.moved(skull).turned(yaw=dice.about(0, 18))
    head.blob((0, 0, 0), [(0.05, 0, 0)], cap, size, lift=2.0)
    beak = head.vector((size + dice.uniform(0.05, 0.22), -0.05, 0))
    head.blob(skull + 1.05 * beak, [0.55 * beak], bill, 0.065, point=0.5, lift=3.0)
    ink = dice.colour(BLACK, 0.02)
    for z in PAIR:
        head.blob((0.5 * size, 0.25 * size, z * 0.75 * size), [], ink, 0.055, lift=6.0, alpha=head.shows(z))
    # the wings are folded along the body or, in flight, spread and raised to a random height
    rise = np.where(flying, dice.uniform(0.3, 1.0), -0.12)
    nearer = 2.0 * body.towards((0, 0, 1)) - 1.0
    for z in PAIR:
        span = body.vector((-0.4 + 0.2 * flying, rise, z * (0.05 + 0.7 * flying)))
        axes = 0.6 * span, ((0.55 + 0.45 * flying) * 0.24, 0, 0)
        place = body.point((0.08, 0.1, z * 0.3)) + 0.5 * span
        body.blob(place, axes, 0.7 * coat, 0.05, point=0.25, lift=3.0 * z * nearer)
    long = 0.4 + tall * dice.uniform(0.3, 0.6)
    for z in PAIR:
        knee = body.point((-0.02, -0.3, z * 0.12))
        foot = knee + frame.vector((0.04, -long, 0))
        frame.limb(knee, foot, 0.035, 0.8 * bill, pixels=0.15, alpha=1.0 - flying, lift=-3.0)
    perched = dice.chance(0.35) * (1.0 - flying) * (1.0 - tall)
    bark = dice.colour("352618 504540 252520")
    twig = stage.page().turned(roll=dice.about(0, 9)).vector((24, 0, 0))
    frame.blob((0, -0.3 - long, 0.1), [twig], bark, pixels=dice.uniform(0.8, 1.8), alpha=perched, lift=5.0)


def cat(stage):
    """Draw a cat, sitting or standing, far or near, with a round head, pricked ears and bright eyes."""
    dice = stage.dice
    close, sit = dice.chance(0.45), dice.chance(0.5)
    coat, under = _coat(dice, CATS)
    shape = _shape(
        length=0.62, girth=dice.uniform(0.28, 0.36), leg=dice.uniform(0.42, 0.55), thick=0.085, neck=0.32,
        rise=dice.uniform(25, 60), throat=0.24, head=dice.uniform(0.34, 0.42), tail=dice.uniform(0.5, 1.0),
        droop=dice.uniform(-1.2, 0.4), brush=0.075, sit=sit, look=dice.about(15, 30), nod=dice.about(0, 8),
    )  # fmt: skip
    frame = _pet_frame(stage, shape, close)
    head = _quadruped(frame, coat, under, shape)
    head.blob((0, 0, 0), [(0, 0, 0.35)], coat, 0.95, lift=1.0)
    pink = dice.colour("755048")
    striped = dice.chance(0.45)
    for z in PAIR:
        base, up = head.point((-0.05, 0.62, z * 0.62)), head.vector((-0.08, 0.62, z * 0.2))
        head.panel(base + up, (0, 0, 0.4), -up, 0.85 * coat, 1.0, lift=1.5)
        head.panel(base + 0.8 * up, (0, 0, 0.22), -0.6 * up, pink, 1.0, lift=2.0)
        head.blob((0.72, 0.62, z * 0.25), [(-0.15, 0.22, 0)], 0.55 * coat, 0.06, lift=3.0, alpha=striped)
    eye = dice.colour("757525 456535 406075 806020")
    muzzle = np.where(dice.chance(0.5), dice.colour(WHITE), 1.1 * coat)
    _face(head, eye, dice.colour("754542 201212"), muzzle, 0.62)
    for i in range(5):
        place, lift = (-0.5 + 0.23 * i, 0.14 + 0.1 * sit * (i - 2), 0), 0.36 * frame.scale
        frame.blob(place, [(0.05, 0.16, 0), (0, 0, 0.2)], 0.55 * coat, pixels=0.2, lift=lift, alpha=0.7 * striped)


def dog(stage):
    """Draw a dog, standing or sitting, far or near, with a long muzzle and hanging or pricked ears."""
    dice = stage.dice
    close, sit = dice.chance(0.4), dice.chance(0.35)
    coat, under = _coat(dice, DOGS)
    shape = _shape(
        length=dice.uniform(0.5, 0.68), girth=dice.uniform(0.25, 0.34), leg=dice.uniform(0.45, 0.75),
        thick=dice.uniform(0.085, 0.12), neck=dice.uniform(0.32, 0.45), rise=dice.uniform(30, 70), throat=0.2,
        head=dice.uniform(0.32, 0.4), tail=dice.uniform(0.3, 0.7), droop=dice.uniform(-1.3, 0.7),
        brush=dice.uniform(0.05, 0.11), sit=sit, look=dice.about(10, 30), nod=dice.about(-5, 10),
    )  # fmt: skip
    frame = _pet_frame(stage, shape, close)
    head = _quadruped(frame, coat, under, shape)
    head.blob((0, 0, 0), [(0.25, 0, 0)], coat, 0.8, lift=1.0)
    muzzle = np.where(dice.chance(0.5), under, coat)
    _face(head, dice.colour("302012"), dice.colour(BLACK, 0.02), muzzle, dice.uniform(0.85, 1.2))
    pricked = dice.chance(0.2)
    tone = np.where(dice.chance(0.6), 0.55, 1.25) * coat
    patched, patch = dice.chance(0.25), dice.colour(DOGS)
    for z in PAIR:
        flap = head.vector((-0.1, 1.1 * pricked - 0.6, z * (0.3 - 0.2 * pricked)))
        place = head.point((-0.1, 0.55, z * 0.78)) + 0.85 * flap
        head.blob(place, [flap, (0.3, 0, 0.15)], tone, 0.12, point=0.15, lift=2.0)
        frame.blob((-0.2, 0.1, z * 0.3), [(0.22, 0.05, 0), (0, 0.14, 0)], patch, alpha=patched, lift=2.0 * z)
    panting, pink = dice.chance(0.35), dice.colour("854042")
    head.blob((1.0, -0.72, 0), along(0, 0.3, 0.16), pink, pixels=0.1, alpha=panting, lift=2.0)


def deer(stage):
    """Draw a slender deer with long legs; six in ten have antlers, some graze, and some are near the camera."""
    dice = stage.dice
    coat = dice.colour(DEER)
    under = np.where(dice.chance(0.5), dice.colour("857868"), coat)
    grazing, close = dice.chance(0.15), dice.chance(0.25)
    shape = _shape(
        length=0.52, girth=dice.uniform(0.19, 0.25), leg=dice.uniform(0.75, 0.95), thick=0.05,
        neck=dice.uniform(0.5, 0.65), rise=np.where(grazing, -50.0, dice.uniform(50, 80)), throat=0.11,
        head=dice.uniform(0.2, 0.24), tail=0.18, droop=dice.uniform(-0.5, 0.6), brush=0.06,
        sock=0.9, mane=1.2, look=dice.about(10, 32), nod=np.where(grazing, -40.0, -8.0),
    )  # fmt: skip
    frame = _placed(stage, shape, close, (11.3, 13.2), dice.uniform(-50, 75), 12, (1.4, 1.9), 0.65)
    head = _quadruped(frame, coat, under, shape)
    head.blob((0, 0, 0), [(0.35, -0.08, 0)], coat, 0.62, lift=1.0)
    _face(head, dice.colour("100705", 0.02), dice.colour(BLACK, 0.02), 0.9 * coat, 1.15)
    stag = dice.chance(0.6)
    horn = dice.colour("756245 403020 605040")
    size = dice.uniform(1.3, 2.3)
    for z in PAIR:
        ear = -0.25, 0.25, z * 0.62
        head.blob((-0.5, 0.75, z * 1.12), [ear, (0.2, 0.2, 0)], 0.85 * coat, pixels=0.1, point=0.3, lift=0.5)
        base = head.point((-0.1, 0.6, z * 0.25))
        fork, *tines = (
            base + size * head.vector((x, y, z * out))
            for x, y, out in ((-0.35, 0.55, 0.55), (0.0, 1.3, 0.6), (-0.8, 1.1, 0.65), (0.35, 0.75, 0.35))
        )
        for start, end in zip((base, fork, fork, 0.5 * (base + fork)), (fork, *tines), strict=True):
            frame.limb(start, end, 0.028, horn, pixels=0.12, alpha=stag)
    frame.blob((-0.72, 0.02, 0), [], dice.colour(WHITE), 0.13, lift=2.0, alpha=dice.chance(0.5))


def horse(stage):
    """Draw a heavy horse with long legs, a mane, a long head and a long tail; some graze, some have a rider."""
    dice = stage.dice
    coat = dice.colour(HORSES)
    grazing, close = dice.chance(0.2), dice.chance(0.25)
    shape = _shape(
        length=0.6, girth=dice.uniform(0.27, 0.33), leg=dice.uniform(0.7, 0.85), thick=0.075,
        neck=dice.uniform(0.5, 0.62), rise=np.where(grazing, -40.0, dice.uniform(35, 65)), throat=0.2,
        head=dice.uniform(0.27, 0.31), tail=dice.uniform(0.6, 0.85), droop=dice.uniform(0.5, 1.2), brush=0.1,
        sock=np.where(dice.chance(0.3), 1.5, 0.85), mane=np.where(dice.chance(0.6), 0.35, 1.25),
        look=dice.about(0, 18), nod=np.where(grazing, -60.0, dice.uniform(-50, -20)),
    )  # fmt: skip
    frame = _placed(stage, shape, close, (11.3, 13.2), dice.uniform(-55, 75), 12, (1.4, 1.9), 0.5)
    head = _quadruped(frame, coat, 0.85 * coat, shape)
    head.blob((0.25, 0, 0), [(0.75, 0, 0)], coat, 0.52, lift=1.0)
    head.blob((1.0, -0.05, 0), [(0.25, 0, 0)], 0.7 * coat, 0.36, lift=2.0)
    head.blob((0.45, 0.45, 0), [(0.45, -0.1, 0)], dice.colour(WHITE), 0.12, alpha=dice.chance(0.4), lift=3.0)
    ink = dice.colour(BLACK, 0.02)
    for z in PAIR:
        head.blob((-0.35, 0.82, z * 0.33), [(-0.15, 0.32, z * 0.08)], 0.8 * coat, 0.12, point=0.4, lift=0.5)
        head.blob((0.25, 0.22, z * 0.45), [], ink, 0.13, pixels=0.1, lift=4.0, alpha=head.shows(z))
    cosine, sine = turn(shape.rise)
    for share in (0.15, 0.35, 0.55):  # three tufts of mane along the top of the neck
        place = 0.48 + share * cosine - 0.16 * sine, 0.1 + share * sine + 0.16 * cosine, 0
        frame.blob(place, [(0.1 * cosine - 0.05, 0.1 * sine - 0.1, 0)], coat * shape.mane, 0.11, lift=3.0)
    ridden = dice.chance(0.2) * (1.0 - close)
    cloth, skin = dice.colour(PAINT), dice.colour("856552 503525")
    frame.limb((0, 0.2, 0), (0.05, 0.85, 0), 0.16, cloth, alpha=ridden, lift=4.0)
    frame.blob((0.06, 1.0, 0), [], skin, 0.13, alpha=ridden, lift=4.0)
    frame.limb((0.05, 0.2, 0.25), (0.15, -0.35, 0.3), 0.08, 0.5 * cloth, alpha=ridden, lift=6.0)


def frog(stage):
    """Draw a squat frog from the side, the front or above, with bulging eyes, folded legs and a pale belly."""
    dice = stage.dice
    frame = stage.frame((12.6, 15.4), dice.uniform(-60, 100), dice.uniform(8, 60), roll=12.0, low=17, off=3.4)
    coat, belly = dice.colour(FROGS), dice.colour("858265 757260 707550")
    body, wide = frame.turned(roll=dice.uniform(5, 25)), dice.uniform(0.36, 0.44)
    body.blob((-0.1, 0.0, 0), along(0.62, 0.3, wide), coat)
    body.blob((0.05, -0.16, 0), along(0.6, 0.2, 0.9 * wide), belly, lift=-1.0)
    body.blob((0.5, 0.08, 0), along(0.36, 0.2, 0.9 * wide), 1.04 * coat, point=0.1, lift=1.0)
    body.blob((0.56, -0.06, 0), along(0.3, 0.06, 0.8 * wide), belly, lift=2.0, alpha=dice.uniform(0.3, 1.0))
    ink, iris = dice.colour(BLACK, 0.02), dice.colour("756020 603015 202015")
    for z in PAIR:
        body.blob((0.5, 0.26, z * 0.26), [], 0.9 * coat, 0.16, lift=3.0)
        body.blob((0.54, 0.28, z * 0.32), [], iris, 0.115, lift=5.0)
        body.blob((0.56, 0.28, z * 0.35), [], ink, 0.07, pixels=0.1, lift=6.0)
        # the folded hind leg and the bent fore leg
        hip, knee = body.point((-0.55, -0.02, z * 0.3)), frame.point((0.05, -0.1, z * 0.68))
        heel, toe = frame.point((-0.5, -0.34, z * 0.6)), frame.point((0.1, -0.42, z * 0.85))
        shoulder, elbow = body.point((0.3, -0.12, z * 0.32)), frame.point((0.42, -0.28, z * 0.55))
        paw = frame.point((0.62, -0.46, z * dice.uniform(0.3, 0.6)))
        frame.limb(hip, knee, 0.15, 0.9 * coat, lift=1.0)
        frame.limb(knee, heel, 0.1, 0.8 * coat, lift=0.5)
        frame.limb(heel, toe, 0.07, 0.85 * coat, lift=0.5)
        frame.limb(shoulder, elbow, 0.09, 0.9 * coat)
        frame.limb(elbow, paw, 0.07, 0.9 * coat)
    spotted = dice.chance(0.5)
    for _ in range(4):
        spot = dice.uniform(-0.55, 0.2), 0.27, dice.uniform(-0.22, 0.22)
        body.blob(spot, along(0.09, 0, 0.07), 0.55 * coat, pixels=0.2, alpha=spotted, lift=2.0)


def _shape(**sizes):
    """Return the sizes of a four-legged animal.

    length, girth: size of the body.  leg, thick: length and thickness of a leg.  neck, rise, throat: length of the
    neck, its angle in degrees, and its thickness.  head, look, nod: size of the head, and its yaw and roll in degrees.
    tail, droop, brush: length of the tail, how much it droops, and its thickness.  sit: 1 if the animal sits.
    sock, mane: brightness of the lower legs and of the mane, relative to the coat.
    """
    return SimpleNamespace(**{"sit": 0.0, "sock": 1.0, "mane": 1.0, **sizes})


def _quadruped(frame, coat, under, shape):
    """Draw the body, legs, tail and neck of a four-legged animal; return a frame for the head, scaled to its size."""
    long, girth, sit = shape.length, shape.girth, shape.sit
    body = frame.turned(roll=38.0 * sit)
    body.blob((0, 0, 0), [(long, 0, 0)], coat, girth, point=-0.1)
    body.blob((0.55 * long, 0.0, 0), [(0.2, 0, 0)], coat, 1.08 * girth)
    body.blob((0.05, -0.5 * girth, 0), [(0.7 * long, 0, 0)], under, 0.6 * girth, lift=-2.0)
    for x, fold, tone, back, bend in ((0.72, -0.25, 0.9, 0.05, 0.0), (-0.75, 0.45, 0.82, 0.45, 0.06)):
        for z in PAIR:
            hip = body.point((x * long, -0.3 * girth, z * 0.55 * girth))
            swing = frame.dice.about(0, 0.13) + sit * back
            drop = shape.leg * (1.0 - sit * fold)
            knee, foot = hip + frame.vector((0.5 * swing - bend, -0.5 * drop, 0)), hip + frame.vector((swing, -drop, 0))
            frame.limb(hip, knee, 1.35 * shape.thick, tone * coat)
            frame.limb(knee, foot, 0.9 * shape.thick, tone * coat * shape.sock)
    root = body.point((-0.95 * long, 0.5 * girth, 0))
    end = root + frame.vector((-0.6 * shape.tail, -shape.droop * shape.tail, 0.1))
    frame.limb(root, end, shape.brush, 0.85 * coat * shape.mane)
    cosine, sine = turn(shape.rise)
    chest = body.point((0.8 * long, 0.35 * girth, 0))
    nape = chest + frame.vector((shape.neck * cosine, shape.neck * sine, 0))
    frame.limb(chest - 0.3 * (nape - chest), nape, shape.throat, coat)
    head = frame.turned(yaw=shape.look, roll=shape.nod, scale=shape.head)
    return head.moved(nape + head.vector((0.35, 0.1, 0)))


def _face(head, eye, nose, muzzle, snout):
    """Draw a snout of length `snout`, the nose on it, and the visible eyes."""
    tip = head.vector((snout, -0.25, 0))
    head.limb(head.origin + 0.3 * tip, head.origin + tip, 0.42, muzzle, lift=0.5)
    head.blob((1.28 * snout + 0.1, -0.2, 0), [], nose, 0.19, lift=1.5)
    for z in PAIR:
        seen = 1.0 * (head.vector((0.62, 0.25, z * 0.5))[2] > -0.1 * head.scale)
        head.blob((0.62, 0.25, z * 0.5), [], eye, 0.21, pixels=0.15, alpha=seen, lift=3.0, shade=0.0)
        head.blob((0.68, 0.25, z * 0.5), [], 0.15 * eye, 0.12, pixels=0.1, alpha=seen, lift=4.0)


def _coat(dice, palette):
    """Return the colour of a coat, and that of the underside, which is pale or slightly darker."""
    coat = dice.colour(palette)
    return coat, np.where(dice.chance(0.4), dice.colour(f"{WHITE} 857560"), 0.85 * coat)


def _pet_frame(stage, shape, close):
    """Return the frame of a cat or dog, which is turned towards the camera if `close`."""
    yaw = np.where(close, stage.dice.uniform(35, 100), stage.dice.uniform(-40, 80))
    return _placed(stage, shape, close, (10.8, 12.7), yaw, 18, (1.5, 2.2), 0.3 + 0.35 * shape.sit, roll=6.5)


def _placed(stage, shape, close, scale, yaw, pitch, zoom, height, roll=4.0):
    """Return an animal's frame with its middle or, if `close`, its head (at `height`) near the centre of the image."""
    frame = stage.frame(scale, yaw, stage.dice.uniform(0, pitch), roll, low=17)
    near = frame.moved(frame.origin, np.where(close, stage.dice.uniform(*zoom), 1.0))
    to_head = near.vector((0.9 * shape.length + 0.25, height, 0))
    return near.moved(frame.origin - np.where(close, 1.0, 0.2) * to_head)
