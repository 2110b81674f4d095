"""How many damaged inputs and how many kills the tests marked `fuzz` try, and the generators behind them.

In `make test` these are few. `make fuzz` sets CS231N_FUZZ, the multiplier, to 10 and runs these tests alone. Every
input follows from its number, so that a failing one can be made again.
"""

import os
import random

TIMES = max(1, int(os.environ.get("CS231N_FUZZ") or 1))
INPUTS = 500 * TIMES  # damaged inputs of each kind
KILLS = 3 if TIMES == 1 else 10 * TIMES  # at random moments, of each command


def seeds(count=INPUTS):
    """Return (number, generator of random numbers) for each input of a kind."""
    return ((number, random.Random(number)) for number in range(count))


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Return bytes damaged in one to three of the ways in which files are: bits, blocks, zeros, cuts and junk."""
    data = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        at, end = sorted(dice.randrange(len(data) + 1) for _ in range(2))
        near = min(at + dice.choice((1, 2, 8, 100)), len(data))
        how = dice.choice(("bit", "bytes", "zeros", "cut", "lost", "twice", "junk", "swapped", "number"))
        if how == "bit" and at < len(data):
            data[at] ^= 1 << dice.randrange(8)
        elif how == "bytes":
            data[at:near] = dice.randbytes(near - at)
        elif how == "zeros":
            data[at:end] = bytes(end - at)
        elif how == "cut":
            del data[at:]
        elif how == "lost":
            del data[at:near]
        elif how == "twice":
            data[at:at] = data[at : min(end, at + 2000)]
        elif how == "junk":
            data[at:at] = dice.randbytes(dice.choice((1, 10, 600)))
        elif how == "swapped" and end - at >= 2:
            half = (end - at) // 2
            data[at : at + half], data[at + half : at + 2 * half] = (
                data[at + half : at + 2 * half],
                data[at : at + half],
            )
        elif how == "number":
            data[at:near] = dice.choice((b"\xff", b"\x80", b"7", b"-", b"9", b"\0")) * (near - at)
    return bytes(data)
